package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"sitrep/cards"
	"sitrep/commands"
	"sitrep/words"
)

// definition is a slash command or an option as Discord registers it. Contexts
// and integration types are always sent, since their defaults differ by route.
type definition struct {
	Name        string       `json:"name"`
	Description string       `json:"description"`
	Type        int          `json:"type"`
	Options     []definition `json:"options,omitempty"`

	DefaultMemberPermissions *string `json:"default_member_permissions,omitempty"` // of a command
	Contexts                 []int   `json:"contexts,omitempty"`
	IntegrationTypes         []int   `json:"integration_types,omitempty"`

	Required     bool     `json:"required,omitempty"` // of an option
	Autocomplete bool     `json:"autocomplete,omitempty"`
	MaxLength    int      `json:"max_length,omitempty"`
	ChannelTypes []int    `json:"channel_types,omitempty"`
	Choices      []choice `json:"choices,omitempty"`
}

type choice struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// define lays the commands out as Discord registers them: subcommands under
// their command, in a stable order. Reading commands are for servers, direct
// messages and private channels, and whoever installed the application for
// themselves takes them along everywhere; moderators' are for servers that did.
func define(set commands.Set, w *words.Words) []definition {
	byName := map[string]*definition{}
	var names []string
	for _, c := range set.Commands {
		parent, sub, nested := strings.Cut(c.Name, " ")
		d := byName[parent]
		if d == nil {
			d = &definition{Name: parent, Type: 1, Contexts: []int{0, 1, 2}, IntegrationTypes: []int{0, 1}}
			byName[parent] = d
			names = append(names, parent)
		}
		if c.Role == commands.Moderator {
			bits := strconv.Itoa(manageMessages)
			d.DefaultMemberPermissions, d.Contexts, d.IntegrationTypes = &bits, []int{0}, []int{0}
		}
		about := cards.Clip(w.Say(c.About, words.Args{"Title": c.Title}), 100)
		if nested {
			d.Description = w.Say("command." + parent)
			d.Options = append(d.Options, definition{Name: sub, Description: about, Type: 1, Options: defineOptions(c.Options, w)})
			continue
		}
		d.Description, d.Options = about, defineOptions(c.Options, w)
	}
	slices.Sort(names)
	all := make([]definition, len(names))
	for i, name := range names {
		all[i] = *byName[name]
	}
	return all
}

func defineOptions(options []commands.Option, w *words.Words) []definition {
	var all []definition
	for _, o := range options {
		if o.Hidden {
			continue
		}
		d := definition{Name: o.Name, Description: cards.Clip(w.Say(o.About), 100), Type: 3, Required: o.Required, Autocomplete: o.Completes, MaxLength: o.Most}
		switch o.Type {
		case "boolean":
			d.Type = 5
		case "channel":
			d.Type, d.ChannelTypes = 7, []int{0, 5} // text and announcement channels
		}
		for _, c := range o.Choices {
			d.Choices = append(d.Choices, choice{Name: c, Value: c})
		}
		all = append(all, d)
	}
	return all
}

// Register makes the application's global commands those of set. Nothing is
// sent where nothing changed: Discord counts what is created.
func Register(ctx context.Context, discord *Discord, app string, set commands.Set, w *words.Words) error {
	want := define(set, w)
	registered, err := discord.Commands(ctx, app, "")
	if err != nil {
		return fmt.Errorf("bot: list commands: %w", err)
	}
	have := make([]definition, 0, len(registered))
	for _, raw := range registered {
		var d definition
		if err := json.Unmarshal(raw, &d); err != nil {
			return fmt.Errorf("bot: read registered command: %w", err)
		}
		have = append(have, d)
	}
	slices.SortFunc(have, func(a, b definition) int { return strings.Compare(a.Name, b.Name) })
	if same(have, want) {
		return nil
	}
	if err := discord.SetCommands(ctx, app, "", want); err != nil {
		return fmt.Errorf("bot: register commands: %w", err)
	}
	return nil
}

// same compares what both sides mean, so that an empty list is none.
func same(have, want []definition) bool {
	return reflect.DeepEqual(normal(have), normal(want))
}

func normal(all []definition) []definition {
	out := make([]definition, len(all))
	for i, d := range all {
		d.Options, d.Choices = normal(d.Options), slices.Clip(append([]choice{}, d.Choices...))
		d.Contexts, d.IntegrationTypes = append([]int{}, d.Contexts...), append([]int{}, d.IntegrationTypes...)
		d.ChannelTypes = append([]int{}, d.ChannelTypes...)
		out[i] = d
	}
	return out
}
