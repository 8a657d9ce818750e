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

	Names        localised `json:"name_localizations,omitempty"`
	Descriptions localised `json:"description_localizations,omitempty"`

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
	Name  string    `json:"name"`
	Names localised `json:"name_localizations,omitempty"`
	Value string    `json:"value"`
}

// localised is a text by Discord's locale.
// https://docs.discord.com/developers/reference#locales
type localised map[string]string

// say is what says in every language. English stands under its own locales
// too: Discord would show readers of one of them the other's fallback.
func say(book *words.Book, what func(*words.Words) string) localised {
	all := localised{}
	for _, tag := range book.Tags() {
		locales := []string{tag}
		if tag == "en" {
			locales = []string{"en-US", "en-GB"}
		}
		for _, locale := range locales {
			all[locale] = what(book.In(tag))
		}
	}
	return all
}

// define lays the commands out as Discord registers them: subcommands under
// their command, in a stable order. Reading commands are for servers, direct
// messages and private channels, and whoever installed the application for
// themselves takes them along everywhere; moderators' are for servers that did.
func define(set commands.Set, book *words.Book) []definition {
	byName := map[string]*definition{}
	var names []string
	for _, c := range set.Commands {
		if c.Menu {
			const ofMessages = 3
			byName[c.Name] = &definition{Name: c.Name, Type: ofMessages, Contexts: []int{0}, IntegrationTypes: []int{0}, Names: say(book, c.NameIn)}
			names = append(names, c.Name)
			continue
		}
		parent, _, nested := strings.Cut(c.Name, " ")
		d := byName[parent]
		if d == nil {
			d = &definition{Name: parent, Type: 1, Contexts: []int{0, 1, 2}, IntegrationTypes: []int{0, 1}}
			byName[parent] = d
			names = append(names, parent)
		}
		if c.Role >= commands.Moderator {
			bits := strconv.Itoa(manageMessages)
			d.DefaultMemberPermissions, d.Contexts, d.IntegrationTypes = &bits, []int{0}, []int{0}
		}
		if nested {
			d.Options = append(d.Options, defineSub(c, book))
			c = commands.Command{Name: parent, About: "command." + parent}
		} else {
			d.Options = defineOptions(c.Options, book)
		}
		d.Names, d.Descriptions = say(book, c.NameIn), say(book, short(c.AboutIn))
		d.Description = d.Descriptions["en-US"]
	}
	slices.Sort(names)
	all := make([]definition, len(names))
	for i, name := range names {
		all[i] = *byName[name]
		unalike(all[i].Options)
	}
	unalike(all)
	return all
}

// short keeps a description to what Discord takes.
func short(about func(*words.Words) string) func(*words.Words) string {
	return func(w *words.Words) string { return cards.Clip(about(w), 100) }
}

func defineSub(c commands.Command, book *words.Book) definition {
	_, sub, _ := strings.Cut(c.Name, " ")
	d := definition{Name: sub, Type: 1, Options: defineOptions(c.Options, book), Descriptions: say(book, short(c.AboutIn))}
	d.Names = say(book, func(w *words.Words) string {
		_, name, _ := strings.Cut(c.NameIn(w), " ")
		return name
	})
	d.Description = d.Descriptions["en-US"]
	unalike(d.Options)
	return d
}

func defineOptions(options []commands.Option, book *words.Book) []definition {
	var all []definition
	for _, o := range options {
		if o.Hidden {
			continue
		}
		d := definition{
			Name: o.Name, Type: 3, Required: o.Required, Autocomplete: o.Completes, MaxLength: o.Most, Names: say(book, o.NameIn),
			Descriptions: say(book, short(func(w *words.Words) string { return w.Say(o.About) })),
		}
		d.Description = d.Descriptions["en-US"]
		switch o.Type {
		case "boolean":
			d.Type = 5
		case "channel":
			d.Type, d.ChannelTypes = 7, []int{0, announcementChannel} // and text channels
		case "user":
			d.Type = 6
		case "role":
			d.Type = 8
		case "attachment":
			d.Type = 11
		}
		for _, value := range o.Choices {
			names := say(book, func(w *words.Words) string { return cards.Clip(commands.ChoiceIn(w, value), 100) })
			d.Choices = append(d.Choices, choice{Name: names["en-US"], Names: names, Value: value})
		}
		all = append(all, d)
	}
	return all
}

// unalike takes away the localised names that would make two siblings alike,
// which Discord refuses: a section's title may be any word.
func unalike(siblings []definition) {
	taken := map[string]map[string]bool{}
	for _, d := range siblings {
		for locale, name := range d.Names {
			if taken[locale] == nil {
				taken[locale] = map[string]bool{}
				for _, other := range siblings {
					taken[locale][other.Name] = true
				}
			}
			if taken[locale][name] && name != d.Name {
				delete(d.Names, locale)
			}
			taken[locale][name] = true
		}
	}
}

// Register makes the application's global commands those of set. Nothing is
// sent where nothing changed: Discord counts what is created.
func Register(ctx context.Context, discord *Discord, app string, set commands.Set, book *words.Book) error {
	want := define(set, book)
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
		d.Names, d.Descriptions = d.Names.normal(), d.Descriptions.normal()
		for i := range d.Choices {
			d.Choices[i].Names = d.Choices[i].Names.normal()
		}
		out[i] = d
	}
	return out
}

func (l localised) normal() localised {
	if len(l) == 0 {
		return nil
	}
	return l
}
