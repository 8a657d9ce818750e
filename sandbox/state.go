package sandbox

import (
	"maps"
	"slices"
	"time"
)

// What the state points to is replaced, never changed in place: who holds a pointer may
// read it without the lock. The state's own maps and lists may not be.

type install struct {
	Token      string `json:"token"`
	ID         string `json:"id"` // of the application and of its bot user alike
	PublicKey  string `json:"public_key"`
	PrivateKey string `json:"private_key"`
	// Endpoint takes interactions in place of the gateway.
	Endpoint    string   `json:"endpoint,omitempty"`
	Description string   `json:"description,omitempty"`
	Tags        []string `json:"tags,omitempty"`
	// UserInstall says that members may have the application for themselves, everywhere.
	UserInstall bool `json:"user_install,omitempty"`
	// Withheld are the privileged intents that the application isn't allowed.
	Withheld int `json:"withheld,omitempty"`
}

type user struct {
	ID       string `json:"id"`
	Username string `json:"username"`
	Name     string `json:"name,omitempty"`
	Bot      bool   `json:"bot,omitempty"`
}

type role struct {
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Permissions permissions `json:"permissions,string"`
	Position    int         `json:"position"`
	Managed     bool        `json:"managed,omitempty"`
	Mentionable bool        `json:"mentionable,omitempty"` // by everyone
}

type member struct {
	User    string    `json:"user"`
	Roles   []string  `json:"roles"`
	Joined  time.Time `json:"joined"`
	Timeout time.Time `json:"timeout,omitzero"`
}

type guild struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Owner   string   `json:"owner"`
	Roles   []role   `json:"roles"`
	Members []member `json:"members"`
	Locale  string   `json:"locale,omitempty"` // English where it is empty
	System  string   `json:"system,omitempty"` // the channel for Discord's own messages
}

// The two things an overwrite can be for.
const (
	overwriteRole   = 0
	overwriteMember = 1
)

type overwrite struct {
	ID    string      `json:"id"`
	Type  int         `json:"type"`
	Allow permissions `json:"allow,string"`
	Deny  permissions `json:"deny,string"`
}

// The channel types that the sandbox holds.
const (
	channelText         = 0
	channelDM           = 1
	channelAnnouncement = 5
	threadAnnouncement  = 10
	threadPublic        = 11
	threadPrivate       = 12
)

// thread is what a channel that is one has beside a channel's own.
type thread struct {
	Owner    string    `json:"owner"`
	Minutes  int       `json:"minutes"` // of silence until it is archived
	Archived bool      `json:"archived,omitempty"`
	Locked   bool      `json:"locked,omitempty"`
	Closed   bool      `json:"closed,omitempty"` // only who manages threads may invite
	Changed  time.Time `json:"changed"`          // when it was last archived or opened
	Made     time.Time `json:"made"`
	Members  []string  `json:"members"`
}

type channel struct {
	ID         string      `json:"id"`
	Guild      string      `json:"guild,omitempty"`
	Name       string      `json:"name,omitempty"`
	Type       int         `json:"type"`
	Position   int         `json:"position"`
	Overwrites []overwrite `json:"overwrites,omitempty"`
	Recipient  string      `json:"recipient,omitempty"`
	Other      string      `json:"other,omitempty"` // with whom the recipient talks, if not with the bot
	Slow       int         `json:"slow,omitempty"`  // seconds between two messages of a member
	Parent     string      `json:"parent,omitempty"`
	Thread     *thread     `json:"thread,omitempty"`
}

type attachment struct {
	ID          string `json:"id"`
	Filename    string `json:"filename"`
	Description string `json:"description,omitempty"`
	Title       string `json:"title,omitempty"`
	ContentType string `json:"content_type"`
	Size        int    `json:"size"`
	Width       int    `json:"width,omitempty"`
	Height      int    `json:"height,omitempty"`
	Spoiler     bool   `json:"spoiler,omitempty"`
}

// interactionMark is what a message remembers of the interaction that it answers.
type interactionMark struct {
	ID   string `json:"id"`
	Type int    `json:"type"`
	User string `json:"user"`
	Name string `json:"name,omitempty"`
	// Personal says that only the member himself has the application there.
	Personal bool `json:"personal,omitempty"`
}

type message struct {
	ID          string           `json:"id"`
	Channel     string           `json:"channel"`
	Guild       string           `json:"guild,omitempty"`
	Author      string           `json:"author"`
	Content     string           `json:"content"`
	Embeds      []any            `json:"embeds,omitempty"`
	Components  []any            `json:"components,omitempty"`
	Attachments []attachment     `json:"attachments,omitempty"`
	Flags       int              `json:"flags,omitempty"`
	Type        int              `json:"type,omitempty"`
	At          time.Time        `json:"at"`
	Edited      time.Time        `json:"edited,omitzero"`
	Nonce       any              `json:"nonce,omitempty"`
	Enforced    bool             `json:"enforced,omitempty"`
	Reference   string           `json:"reference,omitempty"`
	Mark        *interactionMark `json:"interaction,omitempty"`
	// Visible is the one member who sees an ephemeral message.
	Visible  string   `json:"visible,omitempty"`
	Mentions []string `json:"mentions,omitempty"`
	Everyone bool     `json:"everyone,omitempty"`
	Roles    []string `json:"mention_roles,omitempty"`
}

// commandSet is every command of one scope: a guild's id, or "" for the global ones.
type commandSet struct {
	Scope    string    `json:"scope"`
	Commands []command `json:"commands"`
}

// gone names what no longer exists.
type gone struct {
	Guild   string `json:"guild,omitempty"`
	Channel string `json:"channel,omitempty"`
	Message string `json:"message,omitempty"`
	// Bulk are several messages of the channel.
	Bulk  []string `json:"bulk,omitempty"`
	Event string   `json:"event,omitempty"`
}

// change is one step from a state to the next: exactly one field is set.
type change struct {
	Install  *install    `json:"install,omitempty"`
	User     *user       `json:"user,omitempty"`
	Guild    *guild      `json:"guild,omitempty"`
	Channel  *channel    `json:"channel,omitempty"`
	Message  *message    `json:"message,omitempty"`
	Commands *commandSet `json:"commands,omitempty"`
	Gone     *gone       `json:"gone,omitempty"`
	Event    *scheduled  `json:"event,omitempty"`
	// Emojis are all of the application's.
	Emojis *[]emoji `json:"emojis,omitempty"`
	// Left is a guild that the bot was removed from; Guild brings it back.
	Left string `json:"left,omitempty"`
}

type state struct {
	install  install
	users    map[string]*user
	guilds   map[string]*guild
	left     map[string]bool
	channels map[string]*channel
	inside   map[string]map[string]*channel // those of each guild, threads too
	messages map[string][]*message          // by channel, oldest first
	// ephemeral counts the messages of a channel that one member alone sees.
	ephemeral map[string]int
	commands  map[string][]command // by scope
	events    map[string]*scheduled
	emojis    []emoji
}

func newState() *state {
	return &state{
		users:    map[string]*user{},
		guilds:   map[string]*guild{},
		left:     map[string]bool{},
		channels: map[string]*channel{}, inside: map[string]map[string]*channel{},
		messages: map[string][]*message{}, ephemeral: map[string]int{},
		commands: map[string][]command{}, events: map[string]*scheduled{},
	}
}

func (st *state) apply(c change) {
	switch {
	case c.Install != nil:
		st.install = *c.Install
	case c.User != nil:
		st.users[c.User.ID] = c.User
	case c.Guild != nil:
		st.guilds[c.Guild.ID] = c.Guild
		delete(st.left, c.Guild.ID)
	case c.Left != "":
		st.left[c.Left] = true
	case c.Channel != nil:
		st.putChannel(c.Channel)
	case c.Message != nil:
		st.putMessage(c.Message)
	case c.Commands != nil:
		st.commands[c.Commands.Scope] = c.Commands.Commands
	case c.Event != nil:
		st.events[c.Event.ID] = c.Event
	case c.Emojis != nil:
		st.emojis = *c.Emojis
	case c.Gone != nil:
		st.remove(*c.Gone)
	}
}

func (st *state) putMessage(m *message) {
	list := st.messages[m.Channel]
	if i, found := searchMessage(list, m.ID); found {
		list[i] = m
		return
	}
	st.messages[m.Channel] = append(list, m)
	if m.Visible != "" {
		st.forgetEphemeral(m.Channel)
	}
}

// mostEphemeral is how many answers for one member alone a channel keeps. Discord
// forgets them with the session; a day of asking must not fill the memory here.
const mostEphemeral = 500

// forgetEphemeral drops the oldest ones beyond the bound.
func (st *state) forgetEphemeral(channel string) {
	list := st.messages[channel]
	if st.ephemeral[channel]++; st.ephemeral[channel] <= mostEphemeral {
		return
	}
	i := slices.IndexFunc(list, func(m *message) bool { return m.Visible != "" })
	st.messages[channel] = slices.Delete(list, i, i+1)
	st.ephemeral[channel]--
}

func (st *state) remove(g gone) {
	switch {
	case g.Event != "":
		delete(st.events, g.Event)
	case len(g.Bulk) > 0:
		for _, id := range g.Bulk {
			st.remove(gone{Channel: g.Channel, Message: id})
		}
	case g.Message != "":
		if i, found := searchMessage(st.messages[g.Channel], g.Message); found {
			if st.messages[g.Channel][i].Visible != "" {
				st.ephemeral[g.Channel]--
			}
			st.messages[g.Channel] = slices.Delete(st.messages[g.Channel], i, i+1)
		}
	case g.Channel != "":
		for id, c := range st.channels {
			if id == g.Channel || c.Parent == g.Channel {
				delete(st.channels, id)
				delete(st.inside[c.Guild], id)
				delete(st.messages, id)
				delete(st.ephemeral, id)
			}
		}
	}
}

func searchMessage(list []*message, id string) (int, bool) {
	return slices.BinarySearchFunc(list, id, func(m *message, id string) int {
		switch {
		case m.ID == id:
			return 0
		case older(m.ID, id):
			return -1
		}
		return 1
	})
}

func (st *state) message(channel, id string) *message {
	if i, found := searchMessage(st.messages[channel], id); found {
		return st.messages[channel][i]
	}
	return nil
}

// joined is the guild with this id while the bot is a member of it.
func (st *state) joined(id string) *guild {
	if st.left[id] {
		return nil
	}
	return st.guilds[id]
}

func byAge(a, b string) int {
	switch {
	case a == b:
		return 0
	case older(a, b):
		return -1
	}
	return 1
}

func (st *state) guildList() []*guild {
	return slices.SortedFunc(maps.Values(st.guilds), func(a, b *guild) int { return byAge(a.ID, b.ID) })
}

// changes rebuilds the state from nothing: what a compacted journal holds.
func (st *state) changes() []change {
	list := []change{{Install: &st.install}}
	for _, u := range slices.SortedFunc(maps.Values(st.users), func(a, b *user) int { return byAge(a.ID, b.ID) }) {
		list = append(list, change{User: u})
	}
	for _, g := range st.guildList() {
		list = append(list, change{Guild: g})
		if st.left[g.ID] {
			list = append(list, change{Left: g.ID})
		}
	}
	for _, c := range slices.SortedFunc(maps.Values(st.channels), func(a, b *channel) int { return byAge(a.ID, b.ID) }) {
		list = append(list, change{Channel: c})
		for _, m := range st.messages[c.ID] {
			list = append(list, change{Message: m})
		}
	}
	for _, id := range slices.SortedFunc(maps.Keys(st.events), byAge) {
		list = append(list, change{Event: st.events[id]})
	}
	if len(st.emojis) > 0 {
		list = append(list, change{Emojis: &st.emojis})
	}
	for _, scope := range slices.Sorted(maps.Keys(st.commands)) {
		list = append(list, change{Commands: &commandSet{Scope: scope, Commands: st.commands[scope]}})
	}
	return list
}

func (g *guild) member(user string) *member {
	for i := range g.Members {
		if g.Members[i].User == user {
			return &g.Members[i]
		}
	}
	return nil
}

func (g *guild) role(id string) *role {
	for i := range g.Roles {
		if g.Roles[i].ID == id {
			return &g.Roles[i]
		}
	}
	return nil
}
