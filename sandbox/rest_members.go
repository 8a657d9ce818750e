package sandbox

import (
	"slices"
	"strconv"
	"strings"
)

func memberRoutes() []*route {
	const roles = "/guilds/{guild.id}/members/{user.id}/roles/{role.id}"
	return []*route{
		{method: "GET", path: "/guilds/{guild.id}/members", serve: locked(listMembers)},
		{method: "GET", path: "/guilds/{guild.id}/members/search", serve: locked(searchMembers)},
		{method: "GET", path: "/guilds/{guild.id}/members/{user.id}", serve: locked(getGuildMember)},
		{method: "PUT", path: roles, serve: locked(func(c *call) (reply, error) { return c.giveRole(true) })},
		{method: "DELETE", path: roles, serve: locked(func(c *call) (reply, error) { return c.giveRole(false) })},
		{method: "GET", path: "/guilds/{guild.id}/roles/{role.id}", serve: locked(getRole)},
	}
}

// listMembers is refused: it needs the privileged intent for members, which the sandbox's
// application hasn't got.
func listMembers(c *call) (reply, error) {
	if _, err := c.guild(); err != nil {
		return reply{}, err
	}
	return reply{}, refuse(50001)
}

func searchMembers(c *call) (reply, error) {
	g, err := c.guild()
	if err != nil {
		return reply{}, err
	}
	root, limit := &spot{}, 1
	query := strings.ToLower(c.r.URL.Query().Get("query"))
	field{kind: textValue, min: 1, max: 100, need: true}.judge(root.at("query"), query)
	if text := c.r.URL.Query().Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if limit = n; err != nil || n < 1 || n > 1000 {
			root.at("limit").fail("NUMBER_TYPE_MAX", "int value should be between 1 and 1000.")
		}
	}
	if err := root.err(); err != nil {
		return reply{}, err
	}
	list := []any{}
	for i := range g.Members {
		obj := c.state.memberObject(&g.Members[i])
		name := textOf(objectOf(obj["user"])["username"])
		if len(list) < limit && strings.HasPrefix(strings.ToLower(name), query) {
			list = append(list, obj)
		}
	}
	return ok(list), nil
}

func getGuildMember(c *call) (reply, error) {
	g, err := c.guild()
	if err != nil {
		return reply{}, err
	}
	m := g.member(c.id("user"))
	if m == nil {
		return reply{}, refuse(10007)
	}
	return ok(c.state.memberObject(m)), nil
}

func getRole(c *call) (reply, error) {
	g, err := c.guild()
	if err != nil {
		return reply{}, err
	}
	r := g.role(c.id("role"))
	if r == nil {
		return reply{}, refuse(10011)
	}
	return ok(roleObject(*r)), nil
}

// giveRole gives a member a role that stands below the bot's own highest, or takes it.
func (c *call) giveRole(give bool) (reply, error) {
	old, err := c.guild()
	if err != nil {
		return reply{}, err
	}
	self := c.state.install.ID
	m, r := old.member(c.id("user")), old.role(c.id("role"))
	switch {
	case !old.inGuild(self).has(manageRoles):
		return reply{}, refuse(50013)
	case m == nil:
		return reply{}, refuse(10007)
	case r == nil:
		return reply{}, refuse(10011)
	case r.ID == old.ID, r.Managed:
		return reply{}, refuse(50028)
	case r.Position >= old.highest(self):
		return reply{}, refuse(50013)
	}
	g := *old
	g.Members = slices.Clone(old.Members)
	next := g.member(m.User)
	next.Roles = slices.DeleteFunc(slices.Clone(m.Roles), func(id string) bool { return id == r.ID })
	if give {
		next.Roles = append(next.Roles, r.ID)
	}
	return empty(), c.commit(change{Guild: &g})
}

// highest is the place of a member's highest role.
func (g *guild) highest(user string) int {
	top := 0
	for _, id := range g.member(user).Roles {
		if r := g.role(id); r != nil {
			top = max(top, r.Position)
		}
	}
	return top
}
