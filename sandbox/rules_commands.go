package sandbox

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

const (
	maxCommandText = 8000
	maxWholeValue  = 1<<53 - 1
)

// knownLocale holds those that Discord documents for localisations.
func knownLocale(code string) bool {
	switch code {
	case "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR",
		"ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko":
		return true
	}
	return false
}

// judgeCommand checks one command as it would stand after the request.
func judgeCommand(at *spot, v any, global bool) {
	localNames := judgeLocalNames
	if commandType(objectOf(v)) != commandChat { // a menu's name may have capitals and spaces, in any language
		localNames = func(at *spot, v any) { judgeLocal(at, v, 32, func(*spot, string) {}) }
	}
	obj := judge(at, v, []field{
		{name: "id", kind: idValue},
		{name: "application_id", kind: idValue},
		{name: "guild_id", kind: idValue},
		{name: "version", kind: idValue},
		{name: "type", kind: wholeValue, min: 1, max: 4},
		{name: "name", kind: textValue, min: 1, max: 32, need: true},
		{name: "name_localizations", kind: objectValue, each: localNames},
		{name: "description", kind: textValue, max: 100},
		{name: "description_localizations", kind: objectValue, each: judgeLocalTexts},
		{name: "options", kind: listValue, max: 25},
		{name: "default_member_permissions", each: judgeBits},
		{name: "default_permission", kind: truthValue},
		{name: "dm_permission", kind: truthValue},
		{name: "nsfw", kind: truthValue},
		{name: "contexts", kind: listValue, min: 1, unique: true, each: below(2)},
		{name: "integration_types", kind: listValue, min: 1, unique: true, each: below(1)},
		{name: "handler", kind: wholeValue},
	})
	if _, is := v.(map[string]any); !is {
		return
	}
	typ := commandType(obj)
	if typ == commandChat {
		judgeName(at.at("name"), textOf(obj["name"]))
		if trimmed(obj["description"]) == 0 {
			at.at("description").fail("BASE_TYPE_REQUIRED", "This field is required")
		}
		judgeOptions(at.at("options"), listOf(obj["options"]), 0)
	} else {
		for _, key := range []string{"description", "options", "description_localizations"} {
			if !blank(obj[key]) {
				at.at(key).fail("APPLICATION_COMMAND_CONTEXT_MENU_"+strings.ToUpper(key)+"_FORBIDDEN", "Context menu commands cannot have %s", key)
			}
		}
	}
	for _, key := range []string{"contexts", "integration_types"} {
		if !global && obj[key] != nil {
			at.at(key).fail("APPLICATION_COMMAND_GLOBAL_ONLY", "%s can be set on global commands only.", key)
		}
	}
	if !global && typ == commandEntry {
		at.at("type").fail("APPLICATION_COMMAND_GLOBAL_ONLY", "An entry point can be a global command only.")
	}
	if n := commandSize(obj); n > maxCommandText {
		at.fail("APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)")
	}
}

func commandType(obj map[string]any) int {
	if obj["type"] == nil {
		return commandChat
	}
	return intOf(obj["type"])
}

func below(highest int) func(*spot, any) {
	return func(at *spot, v any) { field{kind: wholeValue, max: highest}.judgeNumber(at, v) }
}

func judgeName(at *spot, name string) {
	if name == "" {
		return
	}
	if !commandName.MatchString(name) || strings.ToLower(name) != name {
		at.fail("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
	}
}

func judgeLocalNames(at *spot, v any) {
	judgeLocal(at, v, 32, judgeName)
}

func judgeLocalTexts(at *spot, v any) {
	judgeLocal(at, v, 100, func(*spot, string) {})
}

func judgeLocal(at *spot, v any, longest int, each func(*spot, string)) {
	obj, ok := v.(map[string]any)
	if !ok {
		at.fail("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
		return
	}
	for code, text := range obj {
		if !knownLocale(code) {
			at.at(code).fail("APPLICATION_COMMAND_UNKNOWN_LOCALE", "Unknown locale %s.", short(code))
			continue
		}
		field{kind: textValue, min: 1, max: longest}.judge(at.at(code), text)
		each(at.at(code), textOf(text))
	}
}

// judgeBits takes a permission set as documented, a string, and as Discord's description has it, a number.
func judgeBits(at *spot, v any) {
	s := textOf(v)
	if n, ok := v.(json.Number); ok {
		s = n.String()
	}
	if _, ok := snowflake(s); !ok {
		at.fail("BIT_FLAG_TYPE_COERCE", "Value %q is not a set of permissions.", short(v))
	}
}

func judgeOptions(at *spot, list []any, depth int) {
	names := map[string]bool{}
	optional, subs := false, 0
	for i, item := range list {
		where := at.index(i)
		obj := judgeOption(where, item, depth)
		typ, name := intOf(obj["type"]), textOf(obj["name"])
		if names[name] {
			where.at("name").fail("APPLICATION_COMMAND_OPTIONS_NAME_NOT_UNIQUE", "Option names must be unique")
		}
		names[name] = true
		if typ == optionSub || typ == optionGroup {
			subs++
			continue
		}
		if truthOf(obj["required"]) && optional {
			where.fail("APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before non-required options")
		}
		optional = optional || !truthOf(obj["required"])
	}
	if subs > 0 && subs < len(list) {
		at.fail("APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command and sub-command group option types are mutually exclusive to all other types")
	}
	judgeLocalUnique(at, list)
}

// judgeLocalUnique refuses two options that would show under one name in some language.
func judgeLocalUnique(at *spot, list []any) {
	used := map[string]bool{}
	for i, item := range list {
		for code, name := range objectOf(objectOf(item)["name_localizations"]) {
			key := code + " " + textOf(name)
			if used[key] {
				at.index(i).at("name_localizations").at(code).fail("APPLICATION_COMMAND_OPTIONS_NAME_NOT_UNIQUE", "Option names must be unique")
			}
			used[key] = true
		}
	}
}

func judgeOption(at *spot, v any, depth int) map[string]any {
	obj := judge(at, v, []field{
		{name: "type", kind: wholeValue, min: 1, max: 11, need: true},
		{name: "name", kind: textValue, min: 1, max: 32, need: true},
		{name: "name_localizations", kind: objectValue, each: judgeLocalNames},
		{name: "description", kind: textValue, min: 1, max: 100, need: true},
		{name: "description_localizations", kind: objectValue, each: judgeLocalTexts},
		{name: "required", kind: truthValue},
		{name: "autocomplete", kind: truthValue},
		{name: "choices", kind: listValue, max: 25},
		{name: "options", kind: listValue, max: 25},
		{name: "channel_types", kind: listValue, unique: true, each: below(16)},
		{name: "min_value", kind: numberValue, min: -maxWholeValue - 1, max: maxWholeValue + 1},
		{name: "max_value", kind: numberValue, min: -maxWholeValue - 1, max: maxWholeValue + 1},
		{name: "min_length", kind: wholeValue, max: 6000},
		{name: "max_length", kind: wholeValue, min: 1, max: 6000},
	})
	judgeName(at.at("name"), textOf(obj["name"]))
	typ := intOf(obj["type"])
	judgeOptionKeys(at, obj, typ)
	switch {
	case typ == optionSub && depth <= 1:
		judgeOptions(at.at("options"), listOf(obj["options"]), 2)
	case typ == optionGroup && depth == 0:
		if len(listOf(obj["options"])) == 0 {
			at.at("options").fail("BASE_TYPE_REQUIRED", "This field is required")
		}
		judgeOptions(at.at("options"), listOf(obj["options"]), 1)
	case typ == optionSub, typ == optionGroup, depth == 1 && typ != 0:
		at.at("type").fail("APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Option type %d is not allowed at this depth", typ)
	}
	for i, c := range listOf(obj["choices"]) {
		judgeChoice(at.at("choices").index(i), c, typ)
	}
	return obj
}

// judgeOptionKeys refuses what doesn't belong to an option's type; empty values, which
// clients send along, pass.
func judgeOptionKeys(at *spot, obj map[string]any, typ int) {
	text, number := typ == optionText, typ == optionWhole || typ == optionNumber
	for key, fits := range map[string]bool{
		"choices": text || number, "autocomplete": text || number,
		"min_length": text, "max_length": text,
		"min_value": number, "max_value": number,
		"options": typ == optionSub || typ == optionGroup, "channel_types": typ == optionChannel,
	} {
		if !fits && !blank(obj[key]) {
			at.at(key).fail("APPLICATION_COMMAND_OPTION_KEY_INVALID", "%s can't be used with option type %d", key, typ)
		}
	}
	if truthOf(obj["autocomplete"]) && len(listOf(obj["choices"])) > 0 {
		at.fail("APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES", "An option can't have both choices and autocomplete")
	}
	for _, pair := range [][2]string{{"min_value", "max_value"}, {"min_length", "max_length"}} {
		low, lowSet := numberOf(obj[pair[0]])
		high, highSet := numberOf(obj[pair[1]])
		if lowSet && highSet && low > high {
			at.at(pair[0]).fail("APPLICATION_COMMAND_OPTIONS_MIN_OVER_MAX", "%s must be less than or equal to %s", pair[0], pair[1])
		}
	}
}

func judgeChoice(at *spot, v any, typ int) {
	obj := judge(at, v, []field{
		{name: "name", kind: textValue, min: 1, max: 100, need: true},
		{name: "name_localizations", kind: objectValue, each: func(at *spot, v any) { judgeLocal(at, v, 100, func(*spot, string) {}) }},
		{name: "value", need: true},
	})
	value, where := obj["value"], at.at("value")
	if value == nil {
		return
	}
	switch typ {
	case optionText:
		field{kind: textValue, max: 100}.judge(where, value)
	case optionWhole:
		field{kind: wholeValue, min: -maxWholeValue, max: maxWholeValue}.judge(where, value)
	case optionNumber:
		field{kind: numberValue, min: -maxWholeValue - 1, max: maxWholeValue + 1}.judge(where, value)
	}
}

// commandSize counts as Discord does: every text once, by its longest translation.
func commandSize(obj map[string]any) int {
	n := longest(obj, "name") + longest(obj, "description") + valueSize(obj["value"])
	for _, key := range []string{"options", "choices"} {
		for _, kid := range listOf(obj[key]) {
			n += commandSize(objectOf(kid))
		}
	}
	return n
}

func longest(obj map[string]any, key string) int {
	n := utf8.RuneCountInString(textOf(obj[key]))
	for _, text := range objectOf(obj[key+"_localizations"]) {
		n = max(n, utf8.RuneCountInString(textOf(text)))
	}
	return n
}

func valueSize(v any) int {
	switch v := v.(type) {
	case string:
		return utf8.RuneCountInString(v)
	case json.Number:
		return len(v)
	}
	return 0
}

// judgeCommandCounts checks how many commands of each type a scope would have.
func judgeCommandCounts(list []command) error {
	count := map[int]int{}
	for _, c := range list {
		count[c.Type]++
	}
	if count[commandChat] > 100 || count[commandUser] > 15 || count[commandMessage] > 15 || count[commandEntry] > 1 {
		return refuse(30032)
	}
	return nil
}

func sameCommand(a, b command) bool { return a.Type == b.Type && a.Name == b.Name }

func findCommand(list []command, match func(command) bool) (int, bool) {
	i := slices.IndexFunc(list, match)
	return i, i >= 0
}
