package sandbox

import "slices"

// The intents that decide which events a session is sent.
const (
	intentGuilds         = 1 << 0
	intentMembers        = 1 << 1
	intentPresences      = 1 << 8
	intentGuildMessages  = 1 << 9
	intentScheduled      = 1 << 16
	intentDirectMessages = 1 << 12
	intentMessageContent = 1 << 15
	everyIntent          = 1<<17 - 1 | 1<<20 | 1<<21 | 1<<24 | 1<<25
)

// event is something to tell gateway sessions. An intent of 0 means that none is needed.
type event struct {
	name   string
	intent int
	guild  string
	data   func(*session) any
}

// commit writes changes to the journal, then makes them, then tells of them. On an error
// nothing has happened. The lock is held.
func (s *Sandbox) commit(changes ...change) error {
	if err := s.journal.append(line{At: s.clock.now(), Changes: changes}); err != nil {
		return err
	}
	defer s.compactDue()
	var tell []func()
	fresh := map[string]bool{}
	for _, c := range changes {
		tell = append(tell, s.news(c, fresh)...)
		s.state.apply(c)
		if c.Message != nil {
			s.nonces.note(c.Message)
		}
	}
	for _, t := range tell {
		t()
	}
	return nil
}

// compactDue writes a journal anew that has grown far beyond what it tells. Where that
// fails, the old one goes on.
func (s *Sandbox) compactDue() {
	if !s.journal.due() {
		return
	}
	if err := s.journal.compact(s.clock.now(), s.state.changes()); err != nil {
		s.log.Error("the sandbox's journal could not be made smaller", "err", err)
	}
}

// news compares a change with the state before it and returns what has to be told once it
// is made. fresh collects guilds that the bot joins in the same commit: their channels are
// told with them.
func (s *Sandbox) news(c change, fresh map[string]bool) []func() {
	switch {
	case c.Message != nil:
		return s.messageNews(c.Message)
	case c.Guild != nil:
		return s.guildNews(c.Guild, fresh)
	case c.Channel != nil:
		return s.channelNews(c.Channel, fresh)
	case c.Event != nil:
		name, e := "GUILD_SCHEDULED_EVENT_CREATE", *c.Event
		if s.state.events[e.ID] != nil {
			name = "GUILD_SCHEDULED_EVENT_UPDATE"
		}
		return []func(){func() { s.dispatch(event{name, intentScheduled, e.Guild, fixed(e.object())}) }}
	case c.Gone != nil:
		return s.goneNews(*c.Gone)
	case c.Left != "":
		return []func(){func() {
			s.dispatch(event{"GUILD_DELETE", intentGuilds, c.Left, fixed(map[string]any{"id": c.Left})})
			s.hub.tell(notice{Type: "state", Data: map[string]any{"guild": c.Left}})
		}}
	case c.Commands != nil:
		return []func(){func() { s.hub.tell(notice{Type: "commands", Data: map[string]any{"guild": c.Commands.Scope}}) }}
	}
	return nil
}

func fixed(v any) func(*session) any { return func(*session) any { return v } }

func (s *Sandbox) messageNews(m *message) []func() {
	name, kind := "MESSAGE_CREATE", "message"
	if s.state.message(m.Channel, m.ID) != nil {
		name, kind = "MESSAGE_UPDATE", "message_update"
	}
	return []func(){func() {
		if m.Visible == "" && !s.state.among(m.Channel) {
			s.dispatch(event{name, messageIntent(m.Guild), m.Guild, func(to *session) any { return s.messageEvent(m, to) }})
		}
		s.hub.tell(notice{Type: kind, For: m.Visible, Channel: m.Channel, Data: m})
	}}
}

// among says that a channel is a conversation of members among themselves.
func (st *state) among(channel string) bool {
	c := st.channels[channel]
	return c != nil && c.Other != ""
}

func messageIntent(guild string) int {
	if guild == "" {
		return intentDirectMessages
	}
	return intentGuildMessages
}

// messageEvent hides what others write from sessions without the privileged intent.
func (s *Sandbox) messageEvent(m *message, to *session) any {
	obj := s.state.messageObject(m, to.base)
	self := s.state.install.ID
	if m.Guild != "" {
		obj["guild_id"] = m.Guild
		if g := s.state.guilds[m.Guild]; g != nil && g.member(m.Author) != nil {
			member := s.state.memberObject(g.member(m.Author))
			delete(member, "user")
			obj["member"] = member
		}
	}
	if to.intents&intentMessageContent == 0 && m.Guild != "" && m.Author != self && !slices.Contains(m.Mentions, self) {
		obj["content"], obj["embeds"], obj["attachments"], obj["components"] = "", []any{}, []any{}, []any{}
	}
	return obj
}

func (s *Sandbox) guildNews(g *guild, fresh map[string]bool) []func() {
	before := s.state.joined(g.ID)
	told := func() { s.hub.tell(notice{Type: "state", Data: map[string]any{"guild": g.ID}}) }
	if before == nil {
		fresh[g.ID] = true
		return []func(){told, func() {
			s.dispatch(event{"GUILD_CREATE", intentGuilds, g.ID, fixed(s.state.guildCreate(g))})
		}}
	}
	list := []func(){told, func() { s.dispatch(event{"GUILD_UPDATE", intentGuilds, g.ID, fixed(s.state.guildObject(g))}) }}
	for _, r := range g.Roles {
		old := before.role(r.ID)
		if old != nil && *old == r {
			continue
		}
		name := "GUILD_ROLE_UPDATE"
		if old == nil {
			name = "GUILD_ROLE_CREATE"
		}
		list = append(list, func() {
			s.dispatch(event{name, intentGuilds, g.ID, fixed(map[string]any{"guild_id": g.ID, "role": roleObject(r)})})
		})
	}
	for _, r := range before.Roles {
		if g.role(r.ID) == nil {
			list = append(list, func() {
				s.dispatch(event{"GUILD_ROLE_DELETE", intentGuilds, g.ID, fixed(map[string]any{"guild_id": g.ID, "role_id": r.ID})})
			})
		}
	}
	return list
}

func (s *Sandbox) channelNews(c *channel, fresh map[string]bool) []func() {
	name, known := "CHANNEL_CREATE", s.state.channels[c.ID] != nil
	switch {
	case c.Thread != nil && known:
		name = "THREAD_UPDATE"
	case c.Thread != nil:
		name = "THREAD_CREATE"
	case known:
		name = "CHANNEL_UPDATE"
	}
	return []func(){func() {
		if !fresh[c.Guild] && c.Guild != "" && s.state.joined(c.Guild) != nil {
			obj := s.state.channelObject(c)
			if name == "THREAD_CREATE" {
				obj["newly_created"] = true
			}
			s.dispatch(event{name, intentGuilds, c.Guild, fixed(obj)})
		}
		s.hub.tell(notice{Type: "state", Data: map[string]any{"channel": c.ID}})
	}}
}

func (s *Sandbox) bulkNews(g gone) []func() {
	return []func(){func() {
		data := map[string]any{"ids": g.Bulk, "channel_id": g.Channel, "guild_id": g.Guild}
		s.dispatch(event{"MESSAGE_DELETE_BULK", intentGuildMessages, g.Guild, fixed(data)})
		for _, id := range g.Bulk {
			s.hub.tell(notice{Type: "message_delete", Channel: g.Channel, Data: map[string]any{"id": id, "channel_id": g.Channel, "guild_id": g.Guild}})
		}
	}}
}

func (s *Sandbox) goneNews(g gone) []func() {
	if len(g.Bulk) > 0 {
		return s.bulkNews(g)
	}
	if e := s.state.events[g.Event]; e != nil {
		return []func(){func() {
			s.dispatch(event{"GUILD_SCHEDULED_EVENT_DELETE", intentScheduled, e.Guild, fixed(e.object())})
		}}
	}
	if g.Message != "" {
		m := s.state.message(g.Channel, g.Message)
		if m == nil {
			return nil
		}
		data := map[string]any{"id": m.ID, "channel_id": m.Channel}
		if m.Guild != "" {
			data["guild_id"] = m.Guild
		}
		return []func(){func() {
			if m.Visible == "" && !s.state.among(m.Channel) {
				s.dispatch(event{"MESSAGE_DELETE", messageIntent(m.Guild), m.Guild, fixed(data)})
			}
			s.hub.tell(notice{Type: "message_delete", For: m.Visible, Channel: m.Channel, Data: data})
		}}
	}
	c := s.state.channels[g.Channel]
	if c == nil {
		return nil
	}
	name, obj := "CHANNEL_DELETE", s.state.channelObject(c)
	if c.Thread != nil {
		name, obj = "THREAD_DELETE", map[string]any{"id": c.ID, "guild_id": c.Guild, "parent_id": c.Parent, "type": c.Type}
	}
	return []func(){func() {
		s.dispatch(event{name, intentGuilds, c.Guild, fixed(obj)})
		s.hub.tell(notice{Type: "state", Data: map[string]any{"channel": c.ID}})
	}}
}
