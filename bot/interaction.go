package bot

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"sitrep/briefings"
	"sitrep/commands"
)

// contextBotDM is the place where nobody but a person and the bot reads.
const contextBotDM = 1

// The types of interactions that sitrep answers.
// https://docs.discord.com/developers/interactions/receiving-and-responding
const (
	typePing         = 1 // over HTTP alone
	typeCommand      = 2
	typeComponent    = 3
	typeAutocomplete = 4
	typeModal        = 5
)

// An Interaction is what somebody did, as Discord sends it over the gateway
// and over HTTP alike: the parts that sitrep reads.
type Interaction struct {
	ID            string `json:"id"`
	ApplicationID string `json:"application_id"`
	Type          int    `json:"type"`
	Token         string `json:"token"`
	GuildID       string `json:"guild_id"`
	ChannelID     string `json:"channel_id"`
	Channel       struct {
		Name string `json:"name"`
		Type int    `json:"type"`
	} `json:"channel"`
	Locale         string `json:"locale"`
	GuildLocale    string `json:"guild_locale"`
	AppPermissions string `json:"app_permissions"`
	Member         *struct {
		User        user     `json:"user"`
		Roles       []string `json:"roles"`
		Permissions string   `json:"permissions"`
	} `json:"member"`
	User    *user `json:"user"`
	Context int   `json:"context"` // where it happened
	// Owners are who installed the application where it was used: "0" for a
	// server, "1" for a person.
	Owners  map[string]json.RawMessage `json:"authorizing_integration_owners"`
	Message struct {
		Flags int `json:"flags"`
	} `json:"message"` // that a component is on
	Data interactionData `json:"data"`

	settings briefings.Settings // of the desk, which the Router looks up
	guest    *briefings.Guest   // outside of servers, likewise
	arrived  time.Time
	respond  firstAnswer
	tally    *tally
	replied  bool // respond answers in the reply to Discord's own request
}

type user struct {
	ID string `json:"id"`
}

type interactionData struct {
	Name       string          `json:"name"`
	Options    []optionValue   `json:"options"`
	CustomID   string          `json:"custom_id"`
	Target     string          `json:"target_id"` // of a message's menu
	Values     []string        `json:"values"`
	Components json.RawMessage `json:"components"` // of a modal
	Resolved   struct {
		Channels map[string]struct {
			Name           string `json:"name"`
			Type           int    `json:"type"`
			AppPermissions string `json:"app_permissions"`
			Permissions    string `json:"permissions"` // of the person
		} `json:"channels"`
		Roles map[string]struct {
			Name        string `json:"name"`
			Mentionable bool   `json:"mentionable"`
		} `json:"roles"`
		Messages map[string]struct {
			Content string `json:"content"`
		} `json:"messages"`
		Attachments map[string]struct {
			Filename    string `json:"filename"`
			ContentType string `json:"content_type"`
			Size        int64  `json:"size"`
			URL         string `json:"url"`
		} `json:"attachments"`
	} `json:"resolved"`
}

type optionValue struct {
	Name    string          `json:"name"`
	Type    int             `json:"type"`
	Value   json.RawMessage `json:"value"`
	Focused bool            `json:"focused"`
	Options []optionValue   `json:"options"`
}

// ParseInteraction reads the raw form; the error names what is missing.
func ParseInteraction(raw []byte) (Interaction, error) {
	var in Interaction
	if err := json.Unmarshal(raw, &in); err != nil {
		return Interaction{}, fmt.Errorf("bot: read interaction: %w", err)
	}
	if in.Type == typePing {
		return in, nil
	}
	if in.ID == "" || in.Token == "" || in.userID() == "" {
		return Interaction{}, fmt.Errorf("bot: read interaction %q: it lacks its id, token or user", in.ID)
	}
	return in, nil
}

func (in Interaction) userID() string {
	switch {
	case in.Member != nil:
		return in.Member.User.ID
	case in.User != nil:
		return in.User.ID
	}
	return ""
}

// caller is who acts, where, and with which rights.
func (in Interaction) caller() commands.Caller {
	who := commands.Caller{
		Desk: in.desk(), User: briefings.UserID(in.userID()),
		Locales:  in.locales(),
		Channel:  channel(in.ChannelID, in.AppPermissions),
		Channels: map[string]commands.Channel{}, NamedRoles: map[string]commands.ServerRole{},
		Settings: in.settings, Guest: in.guest, Role: in.role(),
	}
	if in.guest != nil {
		who.Desk = in.guest.Desk
	}
	described(&who.Channel, in.Channel.Name, in.Channel.Type)
	if in.Member != nil {
		who.Channel.Theirs = rightsOf(in.Member.Permissions)
	}
	for id, c := range in.Data.Resolved.Channels {
		named := channel(id, c.AppPermissions)
		described(&named, c.Name, c.Type)
		named.Closed, named.Theirs = !in.moderatesIn(c.Permissions), rightsOf(c.Permissions)
		who.Channels[id] = named
	}
	for id, role := range in.Data.Resolved.Roles {
		who.NamedRoles[id] = commands.ServerRole{Name: role.Name, Mentionable: role.Mentionable}
	}
	for id, a := range in.Data.Resolved.Attachments {
		if who.Attached == nil {
			who.Attached = map[string]commands.Attachment{}
		}
		who.Attached[id] = commands.Attachment{Name: a.Filename, Type: a.ContentType, Size: a.Size, URL: a.URL}
	}
	return who
}

// desk is that of the server that it happened in, the catalogue outside of those.
func (in Interaction) desk() briefings.DeskID {
	if in.GuildID == "" || in.alone() {
		return briefings.Catalogue
	}
	return briefings.DeskID(in.GuildID)
}

// locales are the person's, then the one that the server chose, here or on Discord.
func (in Interaction) locales() []string {
	return []string{in.Locale, cmp.Or(in.settings.Locale, in.GuildLocale)}
}

func channel(id, permissions string) commands.Channel {
	rights, err := strconv.ParseUint(permissions, 10, 64)
	return commands.Channel{ID: id, Rights: commands.Rights(rights), Known: err == nil}
}

// rightsOf are none where Discord didn't tell them.
func rightsOf(permissions string) commands.Rights {
	bits, err := strconv.ParseUint(permissions, 10, 64)
	if err != nil {
		return 0
	}
	if bits&administrator != 0 {
		return ^commands.Rights(0)
	}
	return commands.Rights(bits)
}

// alone reports whether a person brought the application along: a server that
// has not installed it has no desk, and nobody there who could look after one.
func (in Interaction) alone() bool {
	_, server := in.Owners["0"]
	return len(in.Owners) > 0 && !server
}

// command is the full name, subcommands included, the options as text, and the
// name of the one being typed.
func (in Interaction) command() (name string, input commands.Input, focused string) {
	name, options := in.Data.Name, in.Data.Options
	for range 2 { // a group and its subcommand: Discord nests no deeper
		if len(options) != 1 || (options[0].Type != 1 && options[0].Type != 2) {
			break
		}
		name, options = name+" "+options[0].Name, options[0].Options
	}
	input = commands.Input{}
	for _, o := range options {
		input[o.Name] = text(o.Value)
		if o.Focused {
			focused = o.Name
		}
	}
	if in.Data.Target != "" {
		input["message"], input["text"] = in.Data.Target, in.Data.Resolved.Messages[in.Data.Target].Content
	}
	return name, input, focused
}

// text is a JSON value as people write it: strings without their quotes.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

// action splits a custom id into the action's name and its state. What stands
// behind "@" marks a digest's delivery and is not the action's matter.
func (in Interaction) action() (name, state string) {
	id, _, _ := strings.Cut(in.Data.CustomID, "@")
	name, state, _ = strings.Cut(id, ":")
	return name, state
}

// fields are what a modal holds, by custom id, however its components nest.
func (in Interaction) fields() commands.Input {
	fields := commands.Input{}
	var rows []modalPart
	if json.Unmarshal(in.Data.Components, &rows) == nil {
		for _, row := range rows {
			row.read(fields, 0)
		}
	}
	return fields
}

type modalPart struct {
	CustomID   string      `json:"custom_id"`
	Value      any         `json:"value"` // text, or another thing that only other forms ask for
	Values     []string    `json:"values"`
	Component  *modalPart  `json:"component"`  // a label's
	Components []modalPart `json:"components"` // an action row's
}

func (p modalPart) read(into commands.Input, depth int) {
	if depth > 3 {
		return
	}
	switch typed, ok := p.Value.(string); {
	case p.CustomID == "":
	case ok:
		into[p.CustomID] = typed
	default:
		into[p.CustomID] = strings.Join(p.Values, ",")
	}
	if p.Component != nil {
		p.Component.read(into, depth+1)
	}
	for _, c := range p.Components {
		c.read(into, depth+1)
	}
}
