package openapi

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	maxCommandCharacters = 8000
	maxChatCommands      = 100
	maxMenuCommands      = 15

	typeChatInput       = 1
	typeSubcommandGroup = 2
)

// The Unicode scripts Discord names besides letters and digits, for the marks
// their words need.
var namePattern = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

// CheckCommands judges a command, or a list of them, to be registered, by the
// rules over several fields alone; it needs no description. It returns every
// [Fault] found, joined, or nil.
func CheckCommands(body []byte) error {
	value, err := decode(body)
	if err != nil {
		return fmt.Errorf("openapi: check commands: %w", err)
	}
	f := new(faults)
	if commands, ok := value.([]any); ok {
		f.commands(commands)
	} else {
		f.command("", object(value), false)
	}
	return f.join()
}

func (f *faults) commands(commands []any) {
	seen := make(map[string]string)
	perType := make(map[int64]int)
	for i, value := range commands {
		c, path := object(value), index("", i)
		f.command(path, c, false)
		kind := commandType(c)
		perType[kind]++
		key := fmt.Sprint(kind, " ", str(c["name"]))
		if first, taken := seen[key]; taken {
			f.add(path+".name", "is %q, as %s.name is already", str(c["name"]), first)
		} else {
			seen[key] = path
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(perType)) {
		most := maxMenuCommands
		if kind == typeChatInput {
			most = maxChatCommands
		}
		if perType[kind] > most {
			f.add("", "holds %d commands of type %d, over %d", perType[kind], kind, most)
		}
	}
}

// commandType is CHAT_INPUT where nothing is said.
func commandType(c map[string]any) int64 { return max(integer(c["type"]), typeChatInput) }

func (f *faults) command(path string, c map[string]any, edit bool) {
	chat := commandType(c) == typeChatInput
	description := str(c["description"])
	switch {
	case chat && description == "" && (!edit || c["description"] != nil):
		f.add(path+".description", "is missing: a slash command needs one")
	case !chat && description != "":
		f.add(path+".description", "must be empty: only slash commands have one")
	}
	if chat && (!edit || c["name"] != nil) {
		f.names(path, c)
	}
	f.locales(path, c)
	f.options(path+".options", list(c["options"]))
	if n := commandCharacters(c); n > maxCommandCharacters {
		f.add(path, "has %d characters of names, descriptions and values, over %d", n, maxCommandCharacters)
	}
}

func (f *faults) names(path string, c map[string]any) {
	judge := func(at, name string) {
		switch {
		case !namePattern.MatchString(name):
			f.add(at, "is %q: 1 to 32 letters, digits, - and _ are allowed", name)
		case strings.ToLower(name) != name:
			f.add(at, "is %q: must be in lower case", name)
		}
	}
	judge(path+".name", str(c["name"]))
	localised := object(c["name_localizations"])
	for _, locale := range slices.Sorted(maps.Keys(localised)) {
		judge(path+".name_localizations."+locale, str(localised[locale]))
	}
}

func (f *faults) locales(path string, c map[string]any) {
	for _, key := range []string{"name_localizations", "description_localizations"} {
		for _, locale := range slices.Sorted(maps.Keys(object(c[key]))) {
			if !knownLocale(locale) {
				f.add(path+"."+key+"."+locale, "is not a locale of Discord's")
			}
		}
	}
}

func (f *faults) options(path string, options []any) {
	seen := make(map[string]bool)
	optional, nested, plain := false, false, false
	for i, value := range options {
		o, at := object(value), index(path, i)
		f.names(at, o)
		f.locales(at, o)
		if name := str(o["name"]); seen[name] {
			f.add(at+".name", "is %q, as another option's is already", name)
		}
		seen[str(o["name"])] = true
		if integer(o["type"]) <= typeSubcommandGroup {
			nested = true
			f.options(at+".options", list(o["options"]))
			continue
		}
		plain = true
		if o["required"] == true && optional {
			f.add(at+".required", "comes after an option that isn't")
		}
		optional = optional || o["required"] != true
		f.optionChoices(at, o)
	}
	if nested && plain {
		f.add(path, "mix subcommands with plain options")
	}
}

func (f *faults) optionChoices(path string, o map[string]any) {
	choices := list(o["choices"])
	if o["autocomplete"] == true && len(choices) > 0 {
		f.add(path+".choices", "may not stand together with autocomplete")
	}
	f.choices(path+".choices", choices)
	for i, choice := range choices {
		f.locales(index(path+".choices", i), object(choice))
	}
}

// commandCharacters counts as Discord does: of a text and its localisations
// only the longest.
func commandCharacters(c map[string]any) int {
	sum := longest(c, "name") + longest(c, "description")
	if value := c["value"]; value != nil {
		sum += utf8.RuneCountInString(fmt.Sprint(value))
	}
	for _, key := range []string{"options", "choices"} {
		for _, part := range list(c[key]) {
			sum += commandCharacters(object(part))
		}
	}
	return sum
}

func longest(c map[string]any, key string) int {
	n := utf8.RuneCountInString(str(c[key]))
	for _, text := range object(c[key+"_localizations"]) {
		n = max(n, utf8.RuneCountInString(str(text)))
	}
	return n
}

// knownLocale follows Discord's documentation, which wins over the description:
// that has ar and he besides.
func knownLocale(locale string) bool {
	switch locale {
	case "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt",
		"hu", "nl", "no", "pl", "pt-BR", "ro", "fi", "sv-SE", "vi", "tr", "cs", "el",
		"bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko":
		return true
	}
	return false
}
