package sandbox

import (
	"fmt"
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
		field{name: "required", kind: truthValue},
		field{name: "default_values", kind: listValue, max: 25, each: judgeDefaultValue})
	if typ == typeStringSelect {
		fields = append(fields, field{name: "options", kind: listValue, min: 1, max: 25, need: true, each: judgeSelectOption})
	}
	if typ == typeChannelSelect {
		fields = append(fields, field{name: "channel_types", kind: listValue})
	}
	judge(at, obj, fields)
	if c.modal && truthOf(obj["disabled"]) {
		at.at("disabled").fail("COMPONENT_DISABLED_IN_MODAL", "A select in a modal can't be disabled.")
	}
	if !c.modal && obj["required"] != nil {
		at.at("required").fail("UNKNOWN_KEY", "required is for selects in modals.")
	}
	judgeCounts(at, obj)
	judgeOptionValues(at.at("options"), obj)
}

func judgeCounts(at *spot, obj map[string]any) {
	low, high := 1, 1
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

func judgeOptionValues(at *spot, obj map[string]any) {
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
	if high := max(1, intOf(obj["max_values"])); chosen > high {
		at.fail("SELECT_COMPONENT_TOO_MANY_DEFAULT_OPTIONS", "Only %d options may be chosen beforehand.", high)
	}
}

func judgeSelectOption(at *spot, v any) {
	judge(at, v, []field{
		{name: "label", kind: textValue, min: 1, max: 100, need: true},
		{name: "value", kind: textValue, min: 1, max: 100, need: true},
		{name: "description", kind: textValue, max: 100},
		{name: "emoji", kind: objectValue, each: judgeEmoji},
		{name: "default", kind: truthValue},
	})
}

func judgeDefaultValue(at *spot, v any) {
	judge(at, v, []field{{name: "id", kind: idValue, need: true}, {name: "type", kind: textValue, need: true}})
}
