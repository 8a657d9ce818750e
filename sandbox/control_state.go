package sandbox

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

func base(r *http.Request) string { return "http://" + r.Host }

// host is what base made an address of.
func host(base string) string { return strings.TrimPrefix(base, "http://") }

// getState tells what there is. Tokens aren't in it.
func (s *Sandbox) getState(*http.Request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	guilds := []any{}
	for _, g := range s.state.guildList() {
		guilds = append(guilds, s.guildState(g))
	}
	live, waiting := s.gate.connected()
	return map[string]any{
		"guilds": guilds, "directs": s.directs(), "commands": s.allCommands(), "clock": s.clockState(),
		"faults": s.outages.all(), "application_id": s.state.install.ID,
		"bot": map[string]any{"user": s.state.selfObject(), "connected": live > 0, "sessions": live, "resumable": waiting},
	}, nil
}

// directs are the channels in which the bot and one member write to each other.
func (s *Sandbox) directs() []any {
	list := []any{}
	for _, c := range s.state.channels {
		if c.Type == channelDM && c.Other == "" {
			list = append(list, map[string]any{"id": c.ID, "user": c.Recipient})
		}
	}
	return list
}

func timeText(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func (s *Sandbox) allCommands() []command {
	list := []command{}
	for _, scope := range slices.Sorted(maps.Keys(s.state.commands)) {
		list = append(list, s.state.commands[scope]...)
	}
	return list
}

// guildState tells a server with everything in it, names beside ids.
func (s *Sandbox) guildState(g *guild) map[string]any {
	channels, members, roles := []any{}, []any{}, []any{}
	for _, c := range s.state.channelsOf(g.ID) {
		obj := s.state.channelObject(c)
		obj["visible_to"] = s.whoSees(g, c)
		channels = append(channels, obj)
	}
	threads := []any{}
	for _, archived := range []bool{false, true} {
		for _, c := range s.state.threads(g.ID, archived) {
			obj := s.state.channelObject(c)
			obj["visible_to"] = s.whoSees(g, c)
			threads = append(threads, obj)
		}
	}
	for _, m := range g.Members {
		obj := s.state.memberObject(&m)
		obj["id"], obj["name"] = m.User, s.state.userObject(m.User)["username"]
		obj["permissions"], obj["role_names"] = g.inGuild(m.User).String(), g.roleNames(m.Roles)
		members = append(members, obj)
	}
	for _, r := range g.Roles {
		roles = append(roles, roleObject(r))
	}
	return map[string]any{
		"id": g.ID, "name": g.Name, "owner_id": g.Owner, "joined": s.state.joined(g.ID) != nil,
		"channels": channels, "threads": threads, "members": members, "roles": roles,
	}
}

func (g *guild) roleNames(ids []string) []string {
	names := []string{}
	for _, id := range ids {
		if r := g.role(id); r != nil {
			names = append(names, r.Name)
		}
	}
	return names
}

func (s *Sandbox) whoSees(g *guild, c *channel) []string {
	names := []string{}
	for _, m := range g.Members {
		if s.state.may(m.User, c, time.Now()).has(viewChannel) {
			names = append(names, textOf(s.state.userObject(m.User)["username"]))
		}
	}
	return names
}

// postGuild makes a server that the bot has joined, with the people there are. With
// "count" it makes so many, numbered from 1 and all at once, and tells their ids.
func (s *Sandbox) postGuild(r *http.Request) (any, error) {
	var body struct {
		Name  string `json:"name"`
		Count int    `json:"count"`
	}
	if err := readControl(r, &body); err != nil {
		return nil, err
	}
	body.Name = strings.TrimSpace(body.Name)
	if n := len([]rune(body.Name)); n < 2 || n > 100 || body.Count != 0 && n > 90 {
		return nil, wrong("name", "a server's name has 2 to 100 characters, its number included")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if body.Count < 0 || body.Count > maxGuilds || len(s.state.guilds)+max(body.Count, 1) > maxGuilds {
		return nil, wrong("count", "the sandbox holds %d servers at most", maxGuilds)
	}
	people := []*user{}
	for _, name := range []string{"reader", "moderator", "second-moderator", "admin", "owner"} {
		u, err := s.namedUser(name)
		if err != nil {
			return nil, err
		}
		people = append(people, u)
	}
	if body.Count > 0 {
		return s.manyGuilds(body.Name, body.Count, people)
	}
	changes := s.freshGuild(body.Name, s.clock.now(), s.state.install.ID, people)
	if err := s.commit(changes...); err != nil {
		return nil, err
	}
	return s.guildState(changes[0].Guild), nil
}

func (s *Sandbox) manyGuilds(name string, count int, people []*user) (any, error) {
	var changes []change
	ids := make([]string, count)
	for n := range count {
		made := s.freshGuild(fmt.Sprintf("%s %d", name, n+1), s.clock.now(), s.state.install.ID, people)
		ids[n] = made[0].Guild.ID
		changes = append(changes, made...)
	}
	if err := s.commit(changes...); err != nil {
		return nil, err
	}
	return map[string]any{"guilds": ids}, nil
}

const maxGuilds = 20_000

// getLog tells the requests and frames of the last minutes, since a time where one is given.
func (s *Sandbox) getLog(r *http.Request) (any, error) {
	since := time.Time{}
	if text := r.URL.Query().Get("since"); text != "" {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return nil, wrong("since", "since is a time like 2026-01-19T06:00:00Z")
		}
		since = at
	}
	return map[string]any{"entries": s.trace.since(since)}, nil
}

func (s *Sandbox) getFaults(*http.Request) (any, error) { return s.outages.all(), nil }

// putFaults replaces the list; those that say NOW strike open connections at once.
func (s *Sandbox) putFaults(r *http.Request) (any, error) {
	var list []*outage
	if err := readControl(r, &list); err != nil {
		return nil, err
	}
	if len(list) > maxOutages {
		return nil, wrong("", "%d faults at most", maxOutages)
	}
	for _, o := range list {
		if o == nil {
			return nil, wrong("", "a fault is an object")
		}
		if err := o.check(); err != nil {
			return nil, err
		}
	}
	s.outages.replace(list)
	s.gate.strikeNow(s.outages)
	return s.outages.all(), nil
}

// getFaultsRecord tells what the faults did since they were put, as a list to put again:
// it then strikes at the same requests and events, counted from that moment.
func (s *Sandbox) getFaultsRecord(*http.Request) (any, error) {
	list, whole := s.outages.recorded()
	if !whole {
		return nil, &controlError{Status: http.StatusConflict, Words: fmt.Sprintf("faults struck more than %d times, which no list holds: record a shorter run", maxOutages)}
	}
	return list, nil
}

func (s *Sandbox) deleteFaults(*http.Request) (any, error) {
	s.outages.replace(nil)
	return []any{}, nil
}

// strikeNow lets outages without an event of their own hit every open connection.
func (g *gate) strikeNow(o *outages) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for {
		hit := o.strike(matchNow)
		if hit == nil {
			return
		}
		for c := range g.conns {
			c.suffer(hit)
			if hit.Close != 0 {
				c.queue(outgoing{close: hit.Close, delay: time.Duration(hit.LatencyMS) * time.Millisecond})
			} else if hit.Cut != "" {
				c.end()
			}
		}
		if hit.Times == 0 {
			return
		}
	}
}
