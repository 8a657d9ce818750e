package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// guildPatch changes a server. Lists name only what changes; everything else stays.
type guildPatch struct {
	Name     *string        `json:"name"`
	Bot      *bool          `json:"bot"` // false removes the bot, true invites it again
	Locale   *string        `json:"locale"`
	System   *string        `json:"system_channel"` // "" for none
	Roles    []rolePatch    `json:"roles"`
	Members  []memberPatch  `json:"members"`
	Channels []channelPatch `json:"channels"`
}

type rolePatch struct {
	Role        string  `json:"role"`
	Permissions *string `json:"permissions"`
	Mentionable *bool   `json:"mentionable"`
	Delete      bool    `json:"delete"`
}

type memberPatch struct {
	User    string    `json:"user"`
	Roles   *[]string `json:"roles"`
	Timeout *string   `json:"timeout"` // a duration of real time; "" ends it
	Remove  bool      `json:"remove"`
}

type channelPatch struct {
	Channel    string           `json:"channel"`
	Type       *int             `json:"type"`
	Overwrites []overwritePatch `json:"overwrites"`
	Delete     bool             `json:"delete"`
	// Parent makes a thread of a channel that is new; Archived and Locked change a thread.
	Parent   string `json:"parent"`
	Archived *bool  `json:"archived"`
	Locked   *bool  `json:"locked"`
}

// overwritePatch replaces the overwrite of a role or a member; without bits it takes it away.
type overwritePatch struct {
	Role  string `json:"role"`
	User  string `json:"user"`
	Allow string `json:"allow"`
	Deny  string `json:"deny"`
}

// patchGuild changes permissions and members, removes the bot, and makes or deletes
// channels, all in one commit or not at all.
func (s *Sandbox) patchGuild(r *http.Request) (any, error) {
	var p guildPatch
	if err := readControl(r, &p); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	old, err := s.namedGuild(r.PathValue("guild"))
	if err != nil {
		return nil, err
	}
	g := *old
	g.Roles, g.Members = slices.Clone(old.Roles), slices.Clone(old.Members)
	if err := s.patchPlace(&g, p); err != nil {
		return nil, err
	}
	if err := s.patchPeople(&g, p); err != nil {
		return nil, err
	}
	if s.state.left[g.ID] && (p.Bot == nil || !*p.Bot) {
		return nil, wrong("bot", "the bot isn't in %s; invite it again with bot: true", g.Name)
	}
	changes := []change{{Guild: &g}}
	more, err := s.patchChannels(&g, p.Channels)
	if err != nil {
		return nil, err
	}
	changes = append(changes, more...)
	if p.Bot != nil && !*p.Bot {
		changes = append(changes, change{Left: g.ID})
	}
	if err := s.commit(changes...); err != nil {
		return nil, err
	}
	return s.guildState(s.state.guilds[g.ID]), nil
}

// patchPlace changes the server's language and its system channel. A bot that is
// invited again joins anew.
func (s *Sandbox) patchPlace(g *guild, p guildPatch) error {
	if p.Locale != nil {
		if !knownLocale(*p.Locale) {
			return wrong("locale", "%q is no language of Discord's; write it like en-US or uk", short(*p.Locale))
		}
		g.Locale = *p.Locale
	}
	if p.System != nil && *p.System == "" {
		g.System = ""
	} else if p.System != nil {
		c, err := s.namedChannel(g, *p.System)
		if err != nil || c.Guild != g.ID || c.Thread != nil {
			return wrong("system_channel", "there is no channel %q in %s", short(*p.System), g.Name)
		}
		g.System = c.ID
	}
	if m := g.member(s.state.install.ID); m != nil && s.state.left[g.ID] {
		m.Joined = s.clock.now()
	}
	return nil
}

func (s *Sandbox) patchPeople(g *guild, p guildPatch) error {
	if p.Name != nil {
		name, err := readName(*p.Name, "name")
		if err != nil {
			return err
		}
		g.Name = name
	}
	for _, rp := range p.Roles {
		if err := s.patchRole(g, rp); err != nil {
			return err
		}
	}
	for _, mp := range p.Members {
		if err := s.patchMember(g, mp); err != nil {
			return err
		}
	}
	return nil
}

// Bounds of a server, as Discord has them.
const (
	maxRoles    = 250
	maxChannels = 500
)

// patchRole makes a role that doesn't exist.
func (s *Sandbox) patchRole(g *guild, p rolePatch) error {
	r, err := s.namedRole(g, p.Role)
	if err != nil {
		if p.Delete {
			return asWrong(err)
		}
		name, err := readName(p.Role, "role")
		if err != nil {
			return err
		}
		if len(g.Roles) >= maxRoles {
			return wrong("role", "a server has %d roles at most", maxRoles)
		}
		g.Roles = append(g.Roles, role{ID: s.ids.next(), Name: name, Position: len(g.Roles)})
		r = &g.Roles[len(g.Roles)-1]
	}
	if p.Delete {
		id := r.ID
		if id == g.ID {
			return wrong("roles", "@everyone can't be deleted")
		}
		g.Roles = slices.DeleteFunc(g.Roles, func(r role) bool { return r.ID == id })
		return nil
	}
	if p.Permissions != nil {
		bits, err := readBits(*p.Permissions, "roles")
		if err != nil {
			return err
		}
		r.Permissions = bits
	}
	if p.Mentionable != nil {
		r.Mentionable = *p.Mentionable
	}
	return nil
}

// readName reads the name of a server, a role or a channel.
func readName(text, field string) (string, error) {
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n < 1 || n > 100 {
		return "", wrong(field, "a name has 1 to 100 characters")
	}
	return text, nil
}

func readBits(text, field string) (permissions, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, wrong(field, "permissions are a number in a string, not %q", short(text))
	}
	return permissions(n), nil
}

func (s *Sandbox) patchMember(g *guild, p memberPatch) error {
	u, err := s.namedUser(p.User)
	if err != nil {
		return asWrong(err)
	}
	if p.Remove && u.ID == s.state.install.ID {
		return wrong("members", "the bot leaves with bot: false")
	}
	if p.Remove {
		g.Members = slices.DeleteFunc(g.Members, func(m member) bool { return m.User == u.ID })
		return nil
	}
	m := g.member(u.ID)
	if m == nil {
		g.Members = append(g.Members, member{User: u.ID, Roles: []string{}, Joined: s.clock.now()})
		m = g.member(u.ID)
	}
	if p.Roles != nil {
		m.Roles = []string{}
		for _, name := range *p.Roles {
			r, err := s.namedRole(g, name)
			if err != nil {
				return asWrong(err)
			}
			m.Roles = append(m.Roles, r.ID)
		}
	}
	if p.Timeout == nil {
		return nil
	}
	m.Timeout = time.Time{}
	if *p.Timeout != "" {
		d, err := time.ParseDuration(*p.Timeout)
		if err != nil || d <= 0 {
			return wrong("members", "timeout is a duration like 10m")
		}
		m.Timeout = time.Now().Add(d)
	}
	return nil
}

// patchChannels makes a channel that doesn't exist.
func (s *Sandbox) patchChannels(g *guild, list []channelPatch) ([]change, error) {
	var changes []change
	made := 0
	for _, p := range list {
		next := channel{}
		c, err := s.namedChannel(g, p.Channel)
		switch {
		case err == nil && c.Guild != g.ID:
			return nil, wrong("channels", "%s isn't in %s", p.Channel, g.Name)
		case err == nil && p.Delete:
			changes = append(changes, change{Gone: &gone{Guild: g.ID, Channel: c.ID}})
			continue
		case err == nil:
			next = *c
		case p.Delete:
			return nil, asWrong(err)
		default:
			made++
			if next, err = s.freshChannel(g, p.Channel, made); err != nil {
				return nil, err
			}
			if err := s.underParent(g, &next, p.Parent); err != nil {
				return nil, err
			}
		}
		if err := s.patchKind(&next, p); err != nil {
			return nil, err
		}
		next.Overwrites = slices.Clone(next.Overwrites)
		for _, o := range p.Overwrites {
			if err := s.patchOverwrite(g, &next, o); err != nil {
				return nil, err
			}
		}
		changes = append(changes, change{Channel: &next})
	}
	return changes, nil
}

// underParent makes a public thread of a channel, begun by the server's owner.
func (s *Sandbox) underParent(g *guild, c *channel, parent string) error {
	if parent == "" {
		return nil
	}
	above, err := s.namedChannel(g, parent)
	if err != nil || above.Guild != g.ID || above.Thread != nil {
		return wrong("channels", "there is no channel %q in %s that may have threads", short(parent), g.Name)
	}
	now := s.clock.now()
	c.Type, c.Parent, c.Position = publicThread(above), above.ID, 0
	c.Thread = &thread{Owner: g.Owner, Minutes: usualArchiving, Changed: now, Made: now, Members: []string{g.Owner}}
	return nil
}

// patchKind changes a channel's type, or whether a thread is put away or locked.
func (s *Sandbox) patchKind(c *channel, p channelPatch) error {
	if c.Thread == nil {
		switch {
		case p.Archived != nil || p.Locked != nil:
			return wrong("channels", "%s is no thread", c.Name)
		case p.Type != nil && *p.Type != channelText && *p.Type != channelAnnouncement:
			return wrong("channels", "a channel's type is 0 or 5")
		case p.Type != nil:
			c.Type = *p.Type
		}
		return nil
	}
	if p.Type != nil || len(p.Overwrites) > 0 {
		return wrong("channels", "a thread has no type and no overwrites of its own")
	}
	if p.Archived != nil {
		c.Thread = c.archived(*p.Archived, s.clock.now()).Thread
	}
	if p.Locked != nil {
		inner := *c.Thread
		inner.Locked = *p.Locked
		c.Thread = &inner
	}
	return nil
}

// freshChannel is the nth channel that a request makes.
func (s *Sandbox) freshChannel(g *guild, name string, nth int) (channel, error) {
	name, err := readName(name, "channel")
	if err != nil {
		return channel{}, err
	}
	place := len(s.state.channelsOf(g.ID)) + nth - 1
	if place >= maxChannels {
		return channel{}, wrong("channel", "a server has %d channels at most", maxChannels)
	}
	return channel{ID: s.ids.next(), Guild: g.ID, Name: name, Position: place}, nil
}

func (s *Sandbox) patchOverwrite(g *guild, c *channel, p overwritePatch) error {
	o := overwrite{}
	switch {
	case p.Role != "":
		r, err := s.namedRole(g, p.Role)
		if err != nil {
			return asWrong(err)
		}
		o.ID, o.Type = r.ID, overwriteRole
	default:
		u, err := s.namedUser(p.User)
		if err != nil {
			return asWrong(err)
		}
		o.ID, o.Type = u.ID, overwriteMember
	}
	var err error
	if o.Allow, err = readBits(p.Allow, "overwrites"); err != nil {
		return err
	}
	if o.Deny, err = readBits(p.Deny, "overwrites"); err != nil {
		return err
	}
	c.Overwrites = slices.DeleteFunc(c.Overwrites, func(old overwrite) bool { return old.ID == o.ID })
	if p.Allow != "" || p.Deny != "" {
		c.Overwrites = append(c.Overwrites, o)
	}
	return nil
}
