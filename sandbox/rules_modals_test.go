package sandbox

import (
	"fmt"
	"testing"
)

func modalCourt() court {
	input := obj{"type": typeTextInput, "custom_id": "v", "style": 1}
	label := func(child any) obj { return obj{"type": typeLabel, "label": "Value", "component": child} }
	modal := func(components ...any) obj {
		return obj{"custom_id": "m", "title": "T", "components": append(list{}, components...)}
	}
	plain := modal(label(input))
	asks := func(pairs ...any) obj { return modal(label(with(input, pairs...))) }
	labelled := with(input, "label", "Value")
	child := func(typ int, pairs ...any) obj {
		return modal(label(with(obj{"type": typ, "custom_id": "c"}, pairs...)))
	}
	boxes := func(n int) list {
		return many(n, func(i int) any { return obj{"label": "L", "value": fmt.Sprint(i)} })
	}
	ticked := func(n, of int) list {
		return many(of, func(i int) any { return obj{"label": "L", "value": fmt.Sprint(i), "default": i < n} })
	}
	twice := list{obj{"label": "A", "value": "v"}, obj{"label": "B", "value": "v"}}
	const at = "components.0.component"
	return court{
		request: callbackRequest, status: 204, prefix: "data.", wrap: callback(answerModal),
		path: func(s *stand) string { return s.asked(&interaction{kind: interactionCommand}) },
		rulings: []ruling{
			{name: "a label with an input", body: plain},
			{name: "custom_id of 100", body: with(plain, "custom_id", letters(100))},
			{name: "custom_id of 101", body: with(plain, "custom_id", letters(101)), want: []string{"custom_id BASE_TYPE_BAD_LENGTH"}},
			{name: "no custom_id", body: without(plain, "custom_id"), want: []string{"custom_id BASE_TYPE_REQUIRED"}},
			{name: "title of 45", body: with(plain, "title", letters(45))},
			{name: "title of 46", body: with(plain, "title", letters(46)), want: []string{"title BASE_TYPE_BAD_LENGTH"}},
			{name: "no title", body: with(plain, "title", ""), want: []string{"title BASE_TYPE_REQUIRED"}},
			{name: "5 parts", body: modal(many(5, func(i int) any { return label(with(input, "custom_id", fmt.Sprint(i))) })...)},
			{name: "6 parts", body: modal(many(6, func(i int) any { return label(with(input, "custom_id", fmt.Sprint(i))) })...), want: []string{"components BASE_TYPE_BAD_LENGTH"}},
			{name: "no part", body: modal(), want: []string{"components BASE_TYPE_REQUIRED"}},
			{name: "a text beside the input", body: modal(display(1), label(input))},
			{name: "texts of 4000", body: modal(display(2000), display(2000), label(input))},
			{name: "texts of 4001", body: modal(display(2000), display(2001), label(input)), want: []string{"components COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"}},
			{name: "one custom_id twice", body: modal(label(input), label(input)), want: []string{"components.1.component.custom_id COMPONENT_CUSTOM_ID_DUPLICATED"}},
			{name: "what a client of many answers sends empty", body: with(plain, "content", "", "flags", 0, "tts", false, "embeds", nil), alone: tolerated},
			{name: "words beside the form", body: with(plain, "content", "x"), want: []string{"content UNKNOWN_KEY"}},

			{name: "label of 45", body: modal(with(label(input), "label", letters(45)))},
			{name: "label of 46", body: modal(with(label(input), "label", letters(46))), want: []string{"components.0.label BASE_TYPE_BAD_LENGTH"}},
			{name: "no label", body: modal(with(label(input), "label", "")), want: []string{"components.0.label BASE_TYPE_REQUIRED"}},
			{name: "description of 100", body: modal(with(label(input), "description", letters(100)))},
			{name: "description of 101", body: modal(with(label(input), "description", letters(101))), want: []string{"components.0.description BASE_TYPE_BAD_LENGTH"}},
			{name: "a label around nothing", body: modal(without(label(nil), "component")), want: []string{"components.0.component BASE_TYPE_REQUIRED"}},
			{name: "a label around a button", body: modal(label(button("a"))), want: []string{at + ".type UNION_TYPE_CHOICES"}},
			{name: "a label around a label", body: modal(label(label(input))), want: []string{at + ".type UNION_TYPE_CHOICES"}},
			{name: "a label inside a label", body: modal(label(labelled)), want: []string{at + ".label COMPONENT_LABEL_IN_LABEL"}},
			{name: "an input without anything around", body: modal(labelled), want: []string{"components.0.type UNION_TYPE_CHOICES"}},
			{name: "a row with a labelled input", body: modal(row(labelled))},
			{name: "a row with a bare input", body: modal(row(input)), want: []string{"components.0.components.0.label BASE_TYPE_REQUIRED"}, alone: docsOnly},
			{name: "a row with two inputs", body: modal(row(labelled, with(labelled, "custom_id", "w"))), want: []string{"components.0.components COMPONENT_LAYOUT_WIDTH_EXCEEDED"}, alone: docsOnly},
			{name: "a row with a button", body: modal(row(button("a"))), want: []string{"components.0.components.0.type UNION_TYPE_CHOICES"}},
			{name: "a container", body: modal(obj{"type": typeContainer, "components": list{display(1)}}), want: []string{"components.0.type UNION_TYPE_CHOICES"}},

			{name: "a paragraph", body: asks("style", 2)},
			{name: "a third style", body: asks("style", 3), want: []string{at + ".style NUMBER_TYPE_MAX"}},
			{name: "no style", body: modal(label(without(input, "style"))), want: []string{at + ".style BASE_TYPE_REQUIRED"}},
			{name: "an input without custom_id", body: modal(label(without(input, "custom_id"))), want: []string{at + ".custom_id BASE_TYPE_REQUIRED"}},
			{name: "placeholder of 100", body: asks("placeholder", letters(100))},
			{name: "placeholder of 101", body: asks("placeholder", letters(101)), want: []string{at + ".placeholder BASE_TYPE_MAX_LENGTH"}},
			{name: "value of 4000", body: asks("value", letters(4000))},
			{name: "value of 4001", body: asks("value", letters(4001)), want: []string{at + ".value BASE_TYPE_MAX_LENGTH"}},
			{name: "lengths of 0 to 4000", body: asks("min_length", 0, "max_length", 4000)},
			{name: "lengths of 4001", body: asks("min_length", 4001, "max_length", 4001), want: []string{at + ".max_length NUMBER_TYPE_MAX", at + ".min_length NUMBER_TYPE_MAX"}},
			{name: "a greatest length of 0", body: asks("max_length", 0), want: []string{at + ".max_length NUMBER_TYPE_MIN"}},
			{name: "least over greatest", body: asks("min_length", 6, "max_length", 5), want: []string{at + ".min_length TEXT_INPUT_MIN_OVER_MAX"}, alone: docsOnly},
			{name: "a value as long as it may be", body: asks("max_length", 5, "value", letters(5))},
			{name: "a value that is too long", body: asks("max_length", 5, "value", letters(6)), want: []string{at + ".value TEXT_INPUT_VALUE_LENGTH"}, alone: docsOnly},
			{name: "a value that is too short", body: asks("min_length", 5, "value", letters(4)), want: []string{at + ".value TEXT_INPUT_VALUE_LENGTH"}, alone: docsOnly},
			{name: "no value, however short that is", body: asks("min_length", 5, "value", "")},
			{name: "required by a word", body: asks("required", "yes"), want: []string{at + ".required BOOLEAN_TYPE_CONVERT"}},

			{name: "a select that may be left empty", body: modal(label(with(selectOf(1), "required", false)))},
			{name: "a disabled select", body: child(typeUserSelect, "disabled", true), want: []string{at + ".disabled COMPONENT_DISABLED_IN_MODAL"}},
			{name: "a select of each kind", body: modal(
				label(obj{"type": typeUserSelect, "custom_id": "u"}), label(obj{"type": typeRoleSelect, "custom_id": "r"}),
				label(obj{"type": typeMentionSelect, "custom_id": "m"}), label(obj{"type": typeChannelSelect, "custom_id": "c"}),
				label(selectOf(1)),
			)},
			{name: "10 files", body: child(typeFileUpload, "min_values", 0, "max_values", 10)},
			{name: "11 files", body: child(typeFileUpload, "max_values", 11), want: []string{at + ".max_values NUMBER_TYPE_MAX"}},
			{name: "at least two of one file", body: child(typeFileUpload, "min_values", 2), want: []string{at + ".min_values COMPONENT_MIN_VALUES_OVER_MAX"}, alone: docsOnly},
			{name: "2 radio buttons", body: child(typeRadioGroup, "options", boxes(2))},
			{name: "1 radio button", body: child(typeRadioGroup, "options", boxes(1)), want: []string{at + ".options BASE_TYPE_BAD_LENGTH"}},
			{name: "10 radio buttons", body: child(typeRadioGroup, "options", boxes(10))},
			{name: "11 radio buttons", body: child(typeRadioGroup, "options", boxes(11)), want: []string{at + ".options BASE_TYPE_BAD_LENGTH"}},
			{name: "one radio button pressed", body: child(typeRadioGroup, "options", ticked(1, 2))},
			{name: "two radio buttons pressed", body: child(typeRadioGroup, "options", ticked(2, 2)), want: []string{at + ".options SELECT_COMPONENT_TOO_MANY_DEFAULT_OPTIONS"}, alone: docsOnly},
			{name: "two radio buttons of one value", body: child(typeRadioGroup, "options", twice), want: []string{at + ".options.1.value SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"}, alone: docsOnly},
			{name: "a radio button with an emoji", body: child(typeRadioGroup, "options", list{
				obj{"label": "A", "value": "a", "emoji": obj{"name": "🔎"}}, obj{"label": "B", "value": "b"},
			}), want: []string{at + ".options.0.emoji UNKNOWN_KEY"}},
			{name: "1 checkbox", body: child(typeCheckGroup, "options", boxes(1))},
			{name: "10 checkboxes", body: child(typeCheckGroup, "options", boxes(10), "min_values", 0, "max_values", 10)},
			{name: "11 checkboxes", body: child(typeCheckGroup, "options", boxes(11)), want: []string{at + ".options BASE_TYPE_BAD_LENGTH"}},
			{name: "no checkbox", body: child(typeCheckGroup, "options", boxes(0)), want: []string{at + ".min_values COMPONENT_MIN_VALUES_OVER_MAX", at + ".options BASE_TYPE_REQUIRED"}},
			{name: "all ticked", body: child(typeCheckGroup, "options", ticked(3, 3))},
			{name: "three ticked of two", body: child(typeCheckGroup, "options", ticked(3, 3), "max_values", 2), want: []string{at + ".options SELECT_COMPONENT_TOO_MANY_DEFAULT_OPTIONS"}, alone: docsOnly},
			{name: "two checkboxes of one value", body: child(typeCheckGroup, "options", twice), want: []string{at + ".options.1.value SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"}, alone: docsOnly},
			{name: "at least three of two", body: child(typeCheckGroup, "options", boxes(2), "min_values", 3), want: []string{at + ".min_values COMPONENT_MIN_VALUES_OVER_MAX"}, alone: docsOnly},
			{name: "a checkbox", body: child(typeCheckbox, "default", true)},
			{name: "a checkbox ticked by a word", body: child(typeCheckbox, "default", "yes"), want: []string{at + ".default BOOLEAN_TYPE_CONVERT"}},
			{name: "a checkbox that is required", body: child(typeCheckbox, "required", true), want: []string{at + ".required UNKNOWN_KEY"}},
		},
	}
}

// choiceCourt judges what completes an option that is text.
func choiceCourt() court {
	choices := func(n int) obj {
		return obj{"choices": many(n, func(i int) any { return obj{"name": "N", "value": fmt.Sprint(i)} })}
	}
	one := func(pairs ...any) obj { return obj{"choices": list{with(obj{"name": "N", "value": "v"}, pairs...)}} }
	return court{
		request: callbackRequest, status: 204, prefix: "data.", wrap: callback(answerChoices),
		path: func(s *stand) string {
			return s.asked(&interaction{kind: interactionAutocomplete, focused: optionText})
		},
		rulings: []ruling{
			{name: "none", body: choices(0)},
			{name: "no list", body: obj{}},
			{name: "25", body: choices(25)},
			{name: "26", body: choices(26), want: []string{"choices BASE_TYPE_MAX_LENGTH"}},
			{name: "name of 100", body: one("name", letters(100))},
			{name: "name of 101", body: one("name", letters(101)), want: []string{"choices.0.name BASE_TYPE_BAD_LENGTH"}},
			{name: "no name", body: one("name", ""), want: []string{"choices.0.name BASE_TYPE_REQUIRED"}},
			{name: "value of 100", body: one("value", letters(100))},
			{name: "value of 101", body: one("value", letters(101)), want: []string{"choices.0.value BASE_TYPE_MAX_LENGTH"}},
			{name: "a number for a text", body: one("value", 5), want: []string{"choices.0.value STRING_TYPE_CONVERT"}, alone: "the description doesn't know the option's type"},
			{name: "no value", body: one("value", nil), want: []string{"choices.0.value BASE_TYPE_REQUIRED"}},
			{name: "a translated name", body: one("name_localizations", obj{"uk": "Н"})},
			{name: "a name in no language", body: one("name_localizations", obj{"xx": "N"}), want: []string{"choices.0.name_localizations.xx APPLICATION_COMMAND_UNKNOWN_LOCALE"}, alone: docsOnly},
			{name: "words beside the choices", body: with(choices(1), "content", "x"), want: []string{"content UNKNOWN_KEY"}},
		},
	}
}

func TestModalRules(t *testing.T) {
	t.Parallel()
	modalCourt().hold(t)
}

func TestChoiceRules(t *testing.T) {
	t.Parallel()
	choiceCourt().hold(t)
}

func TestChoicesFitTheirOption(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	for _, tt := range []struct {
		name   string
		option int
		value  any
		want   string
	}{
		{"text", optionText, "a", ""},
		{"a whole number", optionWhole, 5, ""},
		{"the greatest whole number", optionWhole, 1<<53 - 1, ""},
		{"over the greatest whole number", optionWhole, 1 << 53, "NUMBER_TYPE_MAX"},
		{"the least whole number", optionWhole, -(1<<53 - 1), ""},
		{"under the least whole number", optionWhole, -(1 << 53), "NUMBER_TYPE_MIN"},
		{"a fraction for a whole number", optionWhole, 1.5, "NUMBER_TYPE_COERCE"},
		{"a word for a whole number", optionWhole, "5", "NUMBER_TYPE_COERCE"},
		{"a fraction", optionNumber, 1.5, ""},
		{"the greatest number", optionNumber, 1 << 53, ""},
		{"over the greatest number", optionNumber, 1<<53 + 2, "NUMBER_TYPE_MAX"},
		{"a word for a number", optionNumber, "5", "NUMBER_TYPE_COERCE"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := s.asked(&interaction{kind: interactionAutocomplete, focused: tt.option})
			_, got := s.bot("POST", path, obj{"type": answerChoices, "data": obj{"choices": list{obj{"name": "N", "value": tt.value}}}})
			want := "[]"
			if tt.want != "" {
				want = "[data.choices.0.value " + tt.want + "]"
			}
			if found := fmt.Sprint(faultsOf(got)); found != want {
				t.Errorf("refused for %s, want %s", found, want)
			}
		})
	}
}
