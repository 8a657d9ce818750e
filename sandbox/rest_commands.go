package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"time"
)

func commandRoutes() []*route {
	var list []*route
	for _, scope := range []string{"/applications/{application.id}", "/applications/{application.id}/guilds/{guild.id}"} {
		list = append(list,
			&route{method: "GET", path: scope + "/commands", serve: scoped(listCommands)},
			&route{method: "POST", path: scope + "/commands", serve: scoped(createCommand)},
			&route{method: "PUT", path: scope + "/commands", serve: scoped(replaceCommands)},
			&route{method: "GET", path: scope + "/commands/{command.id}", serve: scoped(getCommand)},
			&route{method: "PATCH", path: scope + "/commands/{command.id}", serve: scoped(patchCommand)},
			&route{method: "DELETE", path: scope + "/commands/{command.id}", serve: scoped(deleteCommand)})
	}
	const guild = "/applications/{application.id}/guilds/{guild.id}/commands"
	return append(list,
		&route{method: "GET", path: guild + "/permissions", serve: scoped(func(*call, string) (reply, error) { return ok([]any{}), nil })},
		&route{method: "GET", path: guild + "/{command.id}/permissions", serve: scoped(func(*call, string) (reply, error) { return reply{}, refuse(10066) })},
		&route{method: "PUT", path: guild + "/{command.id}/permissions", serve: scoped(func(*call, string) (reply, error) { return reply{}, refuse(20001) })})
}

const maxDailyCreates = 200

// scoped checks the ids of the path and holds the lock while serve runs with the scope: a
// guild's id, or "" for global commands.
func scoped(serve func(c *call, scope string) (reply, error)) func(*call) (reply, error) {
	return func(c *call) (reply, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.id("application") != c.state.install.ID {
			return reply{}, refuse(20012)
		}
		scope := c.id("guild")
		if scope != "" {
			if _, err := c.guild(); err != nil {
				return reply{}, err
			}
		}
		return serve(c, scope)
	}
}

func listCommands(c *call, scope string) (reply, error) {
	list := []any{}
	for _, cmd := range c.state.commands[scope] {
		list = append(list, commandObject(cmd, c.r.URL.Query().Get("with_localizations") == "true"))
	}
	return ok(list), nil
}

// commandObject leaves translations out of lists, as Discord does unless asked.
func commandObject(cmd command, full bool) command {
	if full {
		return cmd
	}
	cmd.NameLocalizations, cmd.DescriptionLocalizations = nil, nil
	cmd.Options = plainOptions(cmd.Options)
	return cmd
}

func plainOptions(options []option) []option {
	options = slices.Clone(options)
	for i := range options {
		o := &options[i]
		o.NameLocalizations, o.DescriptionLocalizations = nil, nil
		o.Options = plainOptions(o.Options)
		o.Choices = slices.Clone(o.Choices)
		for j := range o.Choices {
			o.Choices[j].NameLocalizations = nil
		}
	}
	return options
}

func (c *call) findCommand(scope string) (int, error) {
	i, found := findCommand(c.state.commands[scope], func(cmd command) bool { return cmd.ID == c.id("command") })
	if !found {
		return 0, refuse(10063)
	}
	return i, nil
}

func getCommand(c *call, scope string) (reply, error) {
	i, err := c.findCommand(scope)
	if err != nil {
		return reply{}, err
	}
	return ok(c.state.commands[scope][i]), nil
}

// readCommand judges a body and turns it into a command.
func readCommand(at *spot, v any, scope string) (command, error) {
	var cmd command
	judgeCommand(at, v, scope == "")
	if !at.clean() {
		return cmd, nil
	}
	raw, err := json.Marshal(normal(objectOf(v)))
	if err != nil {
		return cmd, fmt.Errorf("sandbox: encoding a command: %w", err)
	}
	if err := decodeNumbers(raw, &cmd); err != nil {
		return cmd, fmt.Errorf("sandbox: reading a command: %w", err)
	}
	return cmd, nil
}

// normal fills in what Discord does for a command that leaves it out.
func normal(obj map[string]any) map[string]any {
	out := map[string]any{"type": commandChat, "dm_permission": true, "description": ""}
	for key, v := range obj {
		if v != nil {
			out[key] = v
		}
	}
	if n, is := out["default_member_permissions"].(json.Number); is {
		out["default_member_permissions"] = n.String()
	}
	return out
}

// place gives a command its ids: those of the one with its name, or new ones.
func (c *call) place(cmd command, scope string) (_ command, fresh bool) {
	cmd.ApplicationID, cmd.GuildID = c.state.install.ID, scope
	if scope == "" && len(cmd.IntegrationTypes) == 0 {
		cmd.IntegrationTypes = []int{0}
	}
	i, found := findCommand(c.state.commands[scope], func(old command) bool { return sameCommand(old, cmd) })
	if !found {
		cmd.ID = c.ids.next()
		cmd.Version = c.ids.next()
		return cmd, true
	}
	old := c.state.commands[scope][i]
	cmd.ID, cmd.Version = old.ID, old.Version
	if !reflect.DeepEqual(cmd, old) {
		cmd.Version = c.ids.next()
	}
	return cmd, false
}

// countCreates enforces the daily number of new commands in a scope.
func (c *call) countCreates(scope string, fresh int) error {
	w := c.creates[scope]
	now := time.Now()
	if !now.Before(w.reset) {
		w = window{reset: now.Add(24 * time.Hour)}
	}
	if w.used+fresh > maxDailyCreates {
		return refuse(30034)
	}
	w.used += fresh
	c.creates[scope] = w
	return nil
}

func (c *call) putCommands(scope string, list []command, fresh int) error {
	if err := judgeCommandCounts(list); err != nil {
		return err
	}
	if err := c.countCreates(scope, fresh); err != nil {
		return err
	}
	return c.commit(change{Commands: &commandSet{Scope: scope, Commands: list}})
}

// createCommand replaces a command of the same name: Discord's POST is an upsert.
func createCommand(c *call, scope string) (reply, error) {
	root := &spot{}
	cmd, err := readCommand(root, c.value, scope)
	if err == nil {
		err = root.err()
	}
	if err != nil {
		return reply{}, err
	}
	cmd, fresh := c.place(cmd, scope)
	list := slices.Clone(c.state.commands[scope])
	status, created := http.StatusOK, 0
	if i, found := findCommand(list, func(old command) bool { return old.ID == cmd.ID }); found {
		list[i] = cmd
	} else {
		list = append(list, cmd)
	}
	if fresh {
		status, created = http.StatusCreated, 1
	}
	return reply{status, cmd}, c.putCommands(scope, list, created)
}

func replaceCommands(c *call, scope string) (reply, error) {
	items, is := c.value.([]any)
	root := &spot{}
	if !is {
		root.fail("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
	}
	list, created := []command{}, 0
	for i, item := range items {
		cmd, err := readCommand(root.index(i), item, scope)
		if err != nil {
			return reply{}, err
		}
		if !root.index(i).clean() {
			continue
		}
		if _, twice := findCommand(list, func(old command) bool { return sameCommand(old, cmd) }); twice {
			root.index(i).at("name").fail("APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
		}
		cmd, fresh := c.place(cmd, scope)
		if fresh {
			created++
		}
		list = append(list, cmd)
	}
	if err := root.err(); err != nil {
		return reply{}, err
	}
	return ok(list), c.putCommands(scope, list, created)
}

// patchCommand judges the command as it would stand with the body's keys in place of its own.
func patchCommand(c *call, scope string) (reply, error) {
	i, err := c.findCommand(scope)
	if err != nil {
		return reply{}, err
	}
	old := c.state.commands[scope][i]
	merged, err := asObject(old)
	if err != nil {
		return reply{}, err
	}
	if scope != "" {
		delete(merged, "contexts")
	}
	for key, v := range c.object() {
		merged[key] = v
	}
	merged["type"] = old.Type // a type stays what it was, whatever a client sends along
	root := &spot{}
	cmd, err := readCommand(root, merged, scope)
	if err != nil {
		return reply{}, err
	}
	taken := func(other command) bool { return other.ID != old.ID && sameCommand(other, cmd) }
	if _, twice := findCommand(c.state.commands[scope], taken); twice {
		root.at("name").fail("APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
	}
	if err := root.err(); err != nil {
		return reply{}, err
	}
	cmd.ID, cmd.ApplicationID, cmd.GuildID, cmd.Version = old.ID, old.ApplicationID, scope, c.ids.next()
	list := slices.Clone(c.state.commands[scope])
	list[i] = cmd
	return ok(cmd), c.putCommands(scope, list, 0)
}

func asObject(v any) (map[string]any, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("sandbox: encoding an object: %w", err)
	}
	obj := map[string]any{}
	return obj, decodeNumbers(raw, &obj)
}

func deleteCommand(c *call, scope string) (reply, error) {
	i, err := c.findCommand(scope)
	if err != nil {
		return reply{}, err
	}
	list := slices.Delete(slices.Clone(c.state.commands[scope]), i, i+1)
	return empty(), c.putCommands(scope, list, 0)
}
