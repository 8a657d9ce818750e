package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"sitrep/briefings"
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
			d.nest(c, book)
			c = commands.Command{Name: parent, About: "command." + parent}
		} else {
			d.Options = defineOptions(c.Options, book)
		}
		d.describe(c, book)
	}
	slices.Sort(names)
	all := make([]definition, len(names))
	for i, name := range names {
		all[i] = *byName[name]
		all[i].part()
	}
	unalike(all)
	return all
}

// short keeps a description to what Discord takes.
func short(about func(*words.Words) string) func(*words.Words) string {
	return func(w *words.Words) string { return cards.Clip(about(w), 100) }
}

// nest adds the subcommand c to d, in a group where its name has three words.
func (d *definition) nest(c commands.Command, book *words.Book) {
	parts := strings.Fields(c.Name)
	if len(parts) == 3 {
		group := slices.IndexFunc(d.Options, func(o definition) bool { return o.Name == parts[1] })
		if group < 0 {
			group = len(d.Options)
			name := parts[0] + " " + parts[1]
			d.Options = append(d.Options, definition{Name: parts[1], Type: 2})
			d.Options[group].describe(commands.Command{Name: name, About: "command." + parts[0] + "." + parts[1]}, book)
		}
		d = &d.Options[group]
	}
	sub := definition{Name: parts[len(parts)-1], Type: 1, Options: defineOptions(c.Options, book)}
	sub.describe(c, book)
	d.Options = append(d.Options, sub)
}

// describe says in every language what c is called, by the last word of its
// name, and what it does.
func (d *definition) describe(c commands.Command, book *words.Book) {
	d.Names = say(book, func(w *words.Words) string {
		name := c.NameIn(w)
		return name[strings.LastIndex(name, " ")+1:]
	})
	d.Descriptions = say(book, short(c.AboutIn))
	d.Description = d.Descriptions["en-US"]
}

// part has no two options of d, nor of one of its subcommands, share a name.
func (d *definition) part() {
	unalike(d.Options)
	for i := range d.Options {
		d.Options[i].part()
	}
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
	_, err := register(ctx, discord, app, "", define(set, book))
	return err
}

// register makes the commands of a server those of want, or the global ones
// where guild is empty. It returns those that were there.
func register(ctx context.Context, discord *Discord, app, guild string, want []definition) ([]definition, error) {
	have, err := registered(ctx, discord, app, guild)
	if err != nil || same(have, want) {
		return have, err
	}
	if err := discord.SetCommands(ctx, app, guild, want); err != nil {
		return have, fmt.Errorf("bot: register commands: %w", err)
	}
	return have, nil
}

// registered are the commands that Discord has, by name.
func registered(ctx context.Context, discord *Discord, app, guild string) ([]definition, error) {
	list, err := discord.Commands(ctx, app, guild)
	if err != nil {
		return nil, fmt.Errorf("bot: list commands: %w", err)
	}
	have := make([]definition, 0, len(list))
	for _, raw := range list {
		var d definition
		if err := json.Unmarshal(raw, &d); err != nil {
			return nil, fmt.Errorf("bot: read registered command: %w", err)
		}
		if guild != "" { // where Discord knows neither
			d.Contexts, d.IntegrationTypes = nil, nil
		}
		have = append(have, d)
	}
	slices.SortFunc(have, func(a, b definition) int { return strings.Compare(a.Name, b.Name) })
	return have, nil
}

// defineSections lays out the commands of snap's sections that aren't among the
// global ones, as a server has them: called in no language what one of those is.
func defineSections(set commands.Set, base, snap *briefings.Snapshot, book *words.Book) []definition {
	all := define(set.In(base), book)
	global := len(all)
	set = set.In(snap)
	for _, d := range define(set, book) {
		own := slices.ContainsFunc(set.Sections(), func(c commands.Command) bool { return c.Name == d.Name })
		if own && !slices.ContainsFunc(all[:global], func(g definition) bool { return g.Name == d.Name }) {
			d.Contexts, d.IntegrationTypes = nil, nil
			all = append(all, d)
		}
	}
	unalike(all)
	return all[global:]
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
