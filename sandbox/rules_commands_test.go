package sandbox

import (
	"fmt"
	"testing"
)

func commandsPath(s *stand) string {
	return "/applications/" + s.credentials.ApplicationID + "/commands"
}

func commandCourt() court {
	talks := func(pairs ...any) obj { return with(obj{"name": "talks", "description": "About talks"}, pairs...) }
	menu := func(typ int, pairs ...any) obj { return with(obj{"type": typ, "name": "Brief this"}, pairs...) }
	const (
		badName = " APPLICATION_COMMAND_INVALID_NAME"
		locale  = " APPLICATION_COMMAND_UNKNOWN_LOCALE"
	)
	return court{
		request: "POST /applications/1/commands", status: 200, path: func(s *stand) string {
			// What is made anew answers 201; it was made by then.
			s.register(talks(), obj{"name": letters(32), "description": "x"}, menu(2), menu(3), menu(2, "name", "A"),
				menu(2, "name", letters(32)), obj{"name": "переговори", "description": "x"}, obj{"name": "it's_2-ชื่อ", "description": "x"})
			return commandsPath(s)
		},
		rulings: []ruling{
			{name: "a name and a description", body: talks()},
			{name: "name of 32", body: talks("name", letters(32))},
			{name: "name of 33", body: talks("name", letters(33)), want: []string{"name" + badName, "name BASE_TYPE_BAD_LENGTH"}},
			{name: "no name", body: talks("name", nil), want: []string{"name BASE_TYPE_REQUIRED"}},
			{name: "an empty name", body: talks("name", ""), want: []string{"name BASE_TYPE_REQUIRED"}},
			{name: "a Ukrainian name", body: talks("name", "переговори")},
			{name: "every sign that a name may have", body: talks("name", "it's_2-ชื่อ")},
			{name: "a capital", body: talks("name", "Talks"), want: []string{"name" + badName}},
			{name: "a Ukrainian capital", body: talks("name", "Переговори"), want: []string{"name" + badName}},
			{name: "a space", body: talks("name", "the talks"), want: []string{"name" + badName}},
			{name: "a slash", body: talks("name", "/talks"), want: []string{"name" + badName}},
			{name: "no description", body: without(talks(), "description"), want: []string{"description BASE_TYPE_REQUIRED"}},
			{name: "an empty description", body: talks("description", ""), want: []string{"description BASE_TYPE_REQUIRED"}},
			{name: "a description of spaces", body: talks("description", "  "), want: []string{"description BASE_TYPE_REQUIRED"}, alone: "the description doesn't trim"},
			{name: "description of 100", body: talks("description", letters(100))},
			{name: "description of 101", body: talks("description", letters(101)), want: []string{"description BASE_TYPE_MAX_LENGTH"}},
			{name: "a key that is short for another", body: talks("descr", "x"), want: []string{"descr UNKNOWN_KEY"}},
			{name: "a command that is text", body: "talks", want: []string{" DICT_TYPE_CONVERT"}},

			{name: "a user's menu", body: menu(2)},
			{name: "a message's menu", body: menu(3, "description", "", "options", list{})},
			{name: "a menu's name of 32", body: menu(2, "name", letters(32))},
			{name: "a menu's name of 33", body: menu(2, "name", letters(33)), want: []string{"name BASE_TYPE_BAD_LENGTH"}},
			{name: "a menu's name of one capital", body: menu(2, "name", "A")},
			{name: "a menu's name in another language", body: menu(3, "name_localizations", obj{"de": "Ins Briefing", "uk": "До брифінгу"})},
			{name: "a menu's name of 33 in another language", body: menu(3, "name_localizations", obj{"de": letters(33)}), want: []string{"name_localizations.de BASE_TYPE_BAD_LENGTH"}},
			{name: "a menu with a description", body: menu(3, "description", "x"), want: []string{"description APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_FORBIDDEN"}},
			{
				name: "a menu with an option", body: menu(3, "options", list{obj{"type": 3, "name": "a", "description": "x"}}),
				want: []string{"options APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_FORBIDDEN"}, alone: docsOnly,
			},
			{name: "a fifth type", body: menu(5), want: []string{"type NUMBER_TYPE_MAX"}},
			{name: "a type in words", body: menu(1, "type", "slash"), want: []string{"type NUMBER_TYPE_COERCE"}},

			{name: "permissions in a string", body: talks("default_member_permissions", "8192")},
			{name: "permissions in a number", body: talks("default_member_permissions", 8192)},
			{name: "for administrators", body: talks("default_member_permissions", "0")},
			{name: "for everybody", body: talks("default_member_permissions", nil)},
			{name: "permissions in words", body: talks("default_member_permissions", "manage"), want: []string{"default_member_permissions BIT_FLAG_TYPE_COERCE"}},
			{name: "fewer permissions than none", body: talks("default_member_permissions", "-1"), want: []string{"default_member_permissions BIT_FLAG_TYPE_COERCE"}},
			{name: "every context", body: talks("contexts", list{0, 1, 2}, "integration_types", list{0, 1})},
			{name: "a fourth context", body: talks("contexts", list{3}), want: []string{"contexts.0 NUMBER_TYPE_MAX"}},
			{name: "one context twice", body: talks("contexts", list{0, 0}), want: []string{"contexts.1 SET_TYPE_ALREADY_CONTAINS_VALUE"}},
			{name: "no context", body: talks("contexts", list{}), want: []string{"contexts BASE_TYPE_MIN_LENGTH"}},
			{name: "a third kind of installation", body: talks("integration_types", list{2}), want: []string{"integration_types.0 NUMBER_TYPE_MAX"}},
			{name: "for adults", body: talks("nsfw", true), alone: "the documentation has nsfw, the description doesn't"},

			{name: "a translation", body: talks("name_localizations", obj{"uk": "розмови"}, "description_localizations", obj{"uk": "Про розмови", "es-419": "x"})},
			{name: "a translation into Arabic", body: talks("name_localizations", obj{"ar": "x"}), want: []string{"name_localizations.ar" + locale}},
			{name: "a description in Hebrew", body: talks("description_localizations", obj{"he": "x"}), want: []string{"description_localizations.he" + locale}},
			{name: "a translation with a capital", body: talks("name_localizations", obj{"de": "Gespräche"}), want: []string{"name_localizations.de" + badName}},
			{name: "a translation of 33", body: talks("name_localizations", obj{"de": letters(33)}), want: []string{"name_localizations.de" + badName, "name_localizations.de BASE_TYPE_BAD_LENGTH"}},
			{name: "an empty translation", body: talks("name_localizations", obj{"de": ""}), want: []string{"name_localizations.de BASE_TYPE_BAD_LENGTH"}},
			{name: "a description's translation of 101", body: talks("description_localizations", obj{"de": letters(101)}), want: []string{"description_localizations.de BASE_TYPE_BAD_LENGTH"}},
			{name: "translations in a list", body: talks("name_localizations", list{"de"}), want: []string{"name_localizations DICT_TYPE_CONVERT"}},
		},
	}
}

// plainOption is an option of a type with what every option needs.
func plainOption(typ int, pairs ...any) obj {
	return with(obj{"type": typ, "name": "a", "description": "d"}, pairs...)
}

// optionCourt judges the options of one command.
func optionCourt() court {
	text := func(pairs ...any) obj { return plainOption(optionText, pairs...) }
	sub := func(options ...any) obj { return plainOption(optionSub, "options", options) }
	group := func(options ...any) obj { return plainOption(optionGroup, "options", options) }
	named := func(n int) list {
		return many(n, func(i int) any { return text("name", fmt.Sprint("o", i)) })
	}
	choices := func(n int) list {
		return many(n, func(i int) any { return obj{"name": "n", "value": fmt.Sprint(i)} })
	}
	choice := func(typ int, value any) list {
		return list{plainOption(typ, "choices", list{obj{"name": "n", "value": value}})}
	}
	required := text("name", "b", "required", true)
	const (
		typeInvalid = "type APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"
		keyInvalid  = " APPLICATION_COMMAND_OPTION_KEY_INVALID"
		notUnique   = " APPLICATION_COMMAND_OPTIONS_NAME_NOT_UNIQUE"
		minOverMax  = " APPLICATION_COMMAND_OPTIONS_MIN_OVER_MAX"
		tooLate     = " APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"
	)
	return court{
		request: "POST /applications/1/commands", status: 200,
		wrap: func(body any) any { return obj{"name": "talks", "description": "x", "options": body} },
		path: func(s *stand) string { s.register(slash("talks")); return commandsPath(s) },
		rulings: []ruling{
			{name: "none", body: list{}},
			{name: "25", body: named(25)},
			{name: "26", body: named(26), want: []string{"options BASE_TYPE_MAX_LENGTH"}},
			{name: "one of every type", body: many(9, func(i int) any { return plainOption(i+3, "name", fmt.Sprint("o", i)) })},
			{name: "a twelfth type", body: list{plainOption(12)}, want: []string{"options.0.type NUMBER_TYPE_MAX"}},
			{name: "no type", body: list{without(text(), "type")}, want: []string{"options.0.type BASE_TYPE_REQUIRED"}},
			{name: "an option that is text", body: list{"a"}, want: []string{"options.0 DICT_TYPE_CONVERT"}},
			{name: "name of 32", body: list{text("name", letters(32))}},
			{name: "name of 33", body: list{text("name", letters(33))}, want: []string{"options.0.name APPLICATION_COMMAND_INVALID_NAME", "options.0.name BASE_TYPE_BAD_LENGTH"}},
			{name: "a capital", body: list{text("name", "A")}, want: []string{"options.0.name APPLICATION_COMMAND_INVALID_NAME"}},
			{name: "no description", body: list{text("description", "")}, want: []string{"options.0.description BASE_TYPE_REQUIRED"}},
			{name: "description of 100", body: list{text("description", letters(100))}},
			{name: "description of 101", body: list{text("description", letters(101))}, want: []string{"options.0.description BASE_TYPE_BAD_LENGTH"}},
			{name: "one name twice", body: list{text(), text()}, want: []string{"options.1.name" + notUnique}},
			{
				name: "one translated name twice", body: list{text("name_localizations", obj{"uk": "ім'я"}), text("name", "b", "name_localizations", obj{"uk": "ім'я"})},
				want: []string{"options.1.name_localizations.uk" + notUnique}, alone: "the description doesn't compare options",
			},
			{name: "one name in two languages", body: list{text("name_localizations", obj{"uk": "c"}), text("name", "b", "name_localizations", obj{"de": "c"})}},
			{name: "required first", body: list{required, text()}},
			{name: "required last", body: list{text(), required}, want: []string{"options.1" + tooLate}},
			{name: "required last in a subcommand", body: list{sub(text(), required)}, want: []string{"options.0.options.1" + tooLate}},
			{name: "what a client leaves empty", body: list{text("channel_types", nil, "options", nil, "choices", nil, "required", false, "autocomplete", false)}, alone: tolerated},
			{name: "a key of nobody's", body: list{text("needed", true)}, want: []string{"options.0.needed UNKNOWN_KEY"}},

			{name: "25 choices", body: list{text("choices", choices(25))}},
			{name: "26 choices", body: list{text("choices", choices(26))}, want: []string{"options.0.choices BASE_TYPE_MAX_LENGTH"}},
			{name: "choice's value of 100", body: choice(optionText, letters(100))},
			{name: "choice's value of 101", body: choice(optionText, letters(101)), want: []string{"options.0.choices.0.value BASE_TYPE_MAX_LENGTH"}},
			{name: "choice's name of 100", body: list{text("choices", list{obj{"name": letters(100), "value": "v"}})}},
			{name: "choice's name of 101", body: list{text("choices", list{obj{"name": letters(101), "value": "v"}})}, want: []string{"options.0.choices.0.name BASE_TYPE_BAD_LENGTH"}},
			{name: "choice without a value", body: list{text("choices", list{obj{"name": "n"}})}, want: []string{"options.0.choices.0.value BASE_TYPE_REQUIRED"}},
			{name: "a number among texts", body: choice(optionText, 5), want: []string{"options.0.choices.0.value STRING_TYPE_CONVERT"}},
			{name: "a text among numbers", body: choice(optionWhole, "5"), want: []string{"options.0.choices.0.value NUMBER_TYPE_COERCE"}},
			{name: "a fraction among whole numbers", body: choice(optionWhole, 1.5), want: []string{"options.0.choices.0.value NUMBER_TYPE_COERCE"}},
			{name: "a fraction among numbers", body: choice(optionNumber, 1.5)},
			{name: "the greatest whole number", body: choice(optionWhole, 1<<53-1)},
			{name: "a greater whole number", body: choice(optionWhole, 1<<53), want: []string{"options.0.choices.0.value NUMBER_TYPE_MAX"}},
			{name: "the least whole number", body: choice(optionWhole, -(1<<53 - 1))},
			{name: "a lesser whole number", body: choice(optionWhole, -1<<53), want: []string{"options.0.choices.0.value NUMBER_TYPE_MIN"}},
			{name: "the greatest number", body: choice(optionNumber, 1<<53)},
			{name: "a greater number", body: choice(optionNumber, 1<<53+2), want: []string{"options.0.choices.0.value NUMBER_TYPE_MAX"}, alone: docsOnly},
			{name: "bounds as far apart as can be", body: list{plainOption(optionNumber, "min_value", -1<<53, "max_value", 1<<53)}},
			{name: "bounds further apart", body: list{plainOption(optionNumber, "min_value", -1<<53-2, "max_value", 1<<53+2)}, want: []string{"options.0.max_value NUMBER_TYPE_MAX", "options.0.min_value NUMBER_TYPE_MIN"}, alone: docsOnly},
			{name: "choices of users", body: choice(optionUser, "1"), want: []string{"options.0.choices" + keyInvalid}},
			{name: "completed users", body: list{plainOption(optionUser, "autocomplete", true)}, want: []string{"options.0.autocomplete" + keyInvalid}},
			{name: "completed choices", body: list{text("autocomplete", true, "choices", choices(1))}, want: []string{"options.0 APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES"}},
			{name: "completed numbers", body: list{plainOption(optionNumber, "autocomplete", true)}},

			{name: "lengths of 0 to 6000", body: list{text("min_length", 0, "max_length", 6000)}},
			{name: "least length of 6001", body: list{text("min_length", 6001)}, want: []string{"options.0.min_length NUMBER_TYPE_MAX"}},
			{name: "greatest length of 6001", body: list{text("max_length", 6001)}, want: []string{"options.0.max_length NUMBER_TYPE_MAX"}},
			{name: "greatest length of 0", body: list{text("max_length", 0)}, want: []string{"options.0.max_length NUMBER_TYPE_MIN"}},
			{name: "least length over the greatest", body: list{text("min_length", 3, "max_length", 2)}, want: []string{"options.0.min_length" + minOverMax}, alone: docsOnly},
			{name: "lengths of a number", body: list{plainOption(optionWhole, "max_length", 5)}, want: []string{"options.0.max_length" + keyInvalid}},
			{name: "numbers of 0 to 10", body: list{plainOption(optionWhole, "min_value", 0, "max_value", 10)}},
			{name: "least number over the greatest", body: list{plainOption(optionNumber, "min_value", 1.5, "max_value", 1)}, want: []string{"options.0.min_value" + minOverMax}, alone: docsOnly},
			{name: "numbers of a text", body: list{text("max_value", 5)}, want: []string{"options.0.max_value" + keyInvalid}},
			{name: "channels of some kinds", body: list{plainOption(optionChannel, "channel_types", list{0, 5})}},
			{name: "channels of one kind twice", body: list{plainOption(optionChannel, "channel_types", list{0, 0})}, want: []string{"options.0.channel_types.1 SET_TYPE_ALREADY_CONTAINS_VALUE"}},
			{name: "texts of some kinds", body: list{text("channel_types", list{0})}, want: []string{"options.0.channel_types" + keyInvalid}},

			{name: "a subcommand", body: list{sub(text())}},
			{name: "a subcommand without options", body: list{plainOption(optionSub)}},
			{name: "a subcommand beside an option", body: list{sub(), text("name", "b")}, want: []string{"options APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"}},
			{name: "a subcommand in a group", body: list{group(sub(text()))}},
			{name: "a group without subcommands", body: list{group()}, want: []string{"options.0.options BASE_TYPE_REQUIRED"}, alone: docsOnly},
			{name: "an option in a group", body: list{group(text())}, want: []string{"options.0.options.0." + typeInvalid}},
			{name: "a group in a group", body: list{group(group(sub()))}, want: []string{"options.0.options.0." + typeInvalid}},
			{name: "a subcommand in a subcommand", body: list{sub(sub())}, want: []string{"options.0.options.0." + typeInvalid}},
			{name: "26 options of a subcommand", body: list{sub(named(26)...)}, want: []string{"options.0.options BASE_TYPE_MAX_LENGTH"}},
			{name: "options of an option", body: list{text("options", named(1))}, want: []string{"options.0.options" + keyInvalid}},

			{name: "8000 characters", body: sizedOptions(8000)},
			{name: "8001 characters", body: sizedOptions(8001), want: []string{" APPLICATION_COMMAND_TOO_LARGE"}},
			{name: "8000 with a translation", body: append(sizedOptions(7900), text("name", "z", "description_localizations", obj{"uk": letters(99), "de": letters(98)}))},
			{
				name: "8001 with a translation", body: append(sizedOptions(7900), text("name", "z", "description_localizations", obj{"uk": letters(100)})),
				want: []string{" APPLICATION_COMMAND_TOO_LARGE"},
			},
		},
	}
}

// sizedOptions make a command of n characters, together with its name of five and its
// description of one.
func sizedOptions(n int) list {
	n -= len("talks") + len("x")
	options := list{}
	for _, name := range []string{"a", "b", "c"} {
		choices := many(25, func(i int) any { return obj{"name": "n", "value": fmt.Sprintf("%0100d", i)} })
		options = append(options, plainOption(optionText, "name", name, "choices", choices))
		n -= len(name) + len("d") + 25*(len("n")+100)
	}
	for i := 0; n > 0; i++ {
		name := string(rune('e' + i))
		size := min(100, n-len(name))
		options = append(options, plainOption(optionText, "name", name, "description", letters(size)))
		n -= len(name) + size
	}
	return options
}

// guildCommandCourt judges what a command of one server can't have.
func guildCommandCourt() court {
	return court{
		request: "POST /applications/1/guilds/2/commands", status: 201,
		path: func(s *stand) string {
			path := "/applications/" + s.credentials.ApplicationID + "/guilds/" + s.guildID() + "/commands"
			s.bot("PUT", path, list{})
			return path
		},
		rulings: []ruling{
			{name: "plain", body: slash("talks")},
			{name: "an entry point", body: obj{"type": 4, "name": "launch"}, want: []string{"type APPLICATION_COMMAND_GLOBAL_ONLY"}, alone: docsOnly},
			{name: "contexts", body: with(slash("talks"), "contexts", list{0}), want: []string{"contexts APPLICATION_COMMAND_GLOBAL_ONLY"}, alone: docsOnly},
			{name: "kinds of installation", body: with(slash("talks"), "integration_types", list{0}), want: []string{"integration_types APPLICATION_COMMAND_GLOBAL_ONLY"}, alone: docsOnly},
		},
	}
}

func (s *stand) guildID() string {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.guildList()[0].ID
}

func TestCommandRules(t *testing.T) {
	t.Parallel()
	commandCourt().hold(t)
}

func TestOptionRules(t *testing.T) {
	t.Parallel()
	optionCourt().hold(t)
}

func TestGuildCommandRules(t *testing.T) {
	t.Parallel()
	guildCommandCourt().hold(t)
}
