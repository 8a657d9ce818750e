package sandbox

import (
	"fmt"
	"slices"
	"strings"
)

func numbers(list []int) string {
	words := make([]string, len(list))
	for i, n := range list {
		words[i] = fmt.Sprint(n)
	}
	return "(" + strings.Join(words, ", ") + ")"
}

func (c *components) judgeSelect(at *spot, obj map[string]any, typ int) {
	fields := common(
		field{name: "custom_id", kind: textValue, min: 1, max: 100, need: true},
		field{name: "placeholder", kind: textValue, max: 150},
		field{name: "min_values", kind: wholeValue, max: 25},
		field{name: "max_values", kind: wholeValue, min: 1, max: 25},
		field{name: "disabled", kind: truthValue},
		field{name: "required", kind: truthValue})
	if typ == typeStringSelect {
		fields = append(fields, field{name: "options", kind: listValue, min: 1, max: 25, need: true, each: judgeSelectOption})
	} else {
		fields = append(fields, field{name: "default_values", kind: listValue, max: 25, each: judgeDefaultValue(typ)})
	}
	if typ == typeChannelSelect {
		fields = append(fields, field{name: "channel_types", kind: listValue, unique: true, each: below(16)})
	}
	judge(at, obj, fields)
	if c.modal && truthOf(obj["disabled"]) {
		at.at("disabled").fail("COMPONENT_DISABLED_IN_MODAL", "A select in a modal can't be disabled.")
	}
	judgeCounts(at, obj, 1)
	judgeOptionValues(at.at("options"), obj, 1)
	if high := max(1, intOf(obj["max_values"])); len(listOf(obj["default_values"])) > high {
		at.at("default_values").fail("SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "Only %d may be chosen beforehand.", high)
	}
}

// judgeCounts takes what max_values is where it's left out.
func judgeCounts(at *spot, obj map[string]any, usual int) {
	low, high := 1, usual
	if obj["min_values"] != nil {
		low = intOf(obj["min_values"])
	}
	if obj["max_values"] != nil {
		high = intOf(obj["max_values"])
	}
	if low > high {
		at.at("min_values").fail("COMPONENT_MIN_VALUES_OVER_MAX", "min_values must be less than or equal to max_values.")
	}
}

func judgeOptionValues(at *spot, obj map[string]any, usual int) {
	seen := map[string]bool{}
	chosen := 0
	for i, o := range listOf(obj["options"]) {
		value := textOf(objectOf(o)["value"])
		if seen[value] && value != "" {
			at.index(i).at("value").fail("SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used")
		}
		seen[value] = true
		if truthOf(objectOf(o)["default"]) {
			chosen++
		}
	}
	high := usual
	if obj["max_values"] != nil {
		high = intOf(obj["max_values"])
	}
	if chosen > max(1, high) {
		at.fail("SELECT_COMPONENT_TOO_MANY_DEFAULT_OPTIONS", "Only %d options may be chosen beforehand.", high)
	}
}

func judgeSelectOption(at *spot, v any) {
	judge(at, v, append(choiceFields(), field{name: "emoji", kind: objectValue, each: judgeEmoji}))
}

// judgeBoxOption judges one of a group of radio buttons or checkboxes.
func judgeBoxOption(at *spot, v any) { judge(at, v, choiceFields()) }

func choiceFields() []field {
	return []field{
		{name: "label", kind: textValue, min: 1, max: 100, need: true},
		{name: "value", kind: textValue, min: 1, max: 100, need: true},
		{name: "description", kind: textValue, max: 100},
		{name: "default", kind: truthValue},
	}
}

// judgeDefaultValue checks that what is chosen beforehand is of a kind that the select offers.
func judgeDefaultValue(typ int) func(*spot, any) {
	kinds := map[int][]string{
		typeUserSelect: {"user"}, typeRoleSelect: {"role"}, typeChannelSelect: {"channel"}, typeMentionSelect: {"user", "role"},
	}[typ]
	return func(at *spot, v any) {
		judge(at, v, []field{
			{name: "id", kind: idValue, need: true},
			{name: "type", kind: textValue, need: true, each: func(at *spot, v any) {
				if !slices.Contains(kinds, textOf(v)) {
					at.fail("BASE_TYPE_CHOICES", "Value must be one of {'%s'}.", strings.Join(kinds, "', '"))
				}
			}},
		})
	}
}
