package sandbox

import "time"

func guildRoutes() []*route {
	return []*route{
		{method: "GET", path: "/guilds/{guild.id}", serve: getGuild},
		{method: "GET", path: "/guilds/{guild.id}/channels", serve: getGuildChannels},
		{method: "GET", path: "/guilds/{guild.id}/roles", serve: getGuildRoles},
		{method: "GET", path: "/guilds/{guild.id}/members/{user.id}", serve: getGuildMember},
		{method: "GET", path: "/channels/{channel.id}", serve: getChannel},
	}
}

// guild finds the guild of the path if the bot is in it. The lock is held.
func (c *call) guild() (*guild, error) {
	if _, ok := snowflake(c.id("guild")); !ok || c.state.guilds[c.id("guild")] == nil {
		return nil, refuse(10004)
	}
	g := c.state.joined(c.id("guild"))
	if g == nil {
		return nil, refuse(50001)
	}
	return g, nil
}

func getGuild(c *call) (reply, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, err := c.guild()
	if err != nil {
		return reply{}, err
	}
	obj := c.state.guildObject(g)
	if c.r.URL.Query().Get("with_counts") == "true" {
		obj["approximate_member_count"], obj["approximate_presence_count"] = len(g.Members), 1
	}
	return ok(obj), nil
}

func getGuildChannels(c *call) (reply, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, err := c.guild()
	if err != nil {
		return reply{}, err
	}
	return ok(c.state.channelObjects(g.ID)), nil
}

func getGuildRoles(c *call) (reply, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, err := c.guild()
	if err != nil {
		return reply{}, err
	}
	return ok(c.state.guildObject(g)["roles"]), nil
}

func getGuildMember(c *call) (reply, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
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

// channel finds the channel of the path and what the bot may do there. The lock is held.
func (c *call) channel(need permissions) (*channel, error) {
	ch := c.state.channels[c.id("channel")]
	if ch == nil {
		return nil, refuse(10003)
	}
	return ch, c.require(ch, need)
}

// require is nil if the bot may do all of need in a channel.
func (c *call) require(ch *channel, need permissions) error {
	if ch.Guild != "" && c.state.joined(ch.Guild) == nil {
		return refuse(50001)
	}
	may := c.state.may(c.state.install.ID, ch, time.Now())
	if !may.has(viewChannel) {
		return refuse(50001)
	}
	if !may.has(need) {
		return refuse(50013)
	}
	return nil
}

func getChannel(c *call) (reply, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	ch, err := c.channel(0)
	if err != nil {
		return reply{}, err
	}
	return ok(c.state.channelObject(ch)), nil
}
