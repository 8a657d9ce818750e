package sandbox

// judgeModal checks the data of a modal. Clients send empty message fields along.
func judgeModal(at *spot, v any) {
	obj := judge(at, v, []field{
		{name: "custom_id", kind: textValue, min: 1, max: 100, need: true},
		{name: "title", kind: textValue, min: 1, max: 45, need: true},
		{name: "components", kind: listValue, min: 1, max: 5, need: true},
		{name: "tts", kind: blankValue},
		{name: "content", kind: blankValue},
		{name: "embeds", kind: blankValue},
		{name: "flags", kind: blankValue},
		{name: "choices", kind: blankValue},
	})
	c := &components{modal: true, customIDs: map[string]bool{}, ids: map[int]bool{}}
	where := at.at("components")
	c.judgeEach(where, listOf(obj["components"]), []int{typeRow, typeText, typeLabel})
	c.judgeTotals(where)
}

// judgeInput checks the components that only modals have.
func (c *components) judgeInput(at *spot, obj map[string]any, typ int) {
	custom := field{name: "custom_id", kind: textValue, min: 1, max: 100, need: true}
	required := field{name: "required", kind: truthValue}
	switch typ {
	case typeLabel:
		c.judgeLabel(at, obj)
	case typeTextInput:
		judgeTextInput(at, obj)
	case typeFileUpload:
		judge(at, obj, common(custom, required,
			field{name: "min_values", kind: wholeValue, max: 10},
			field{name: "max_values", kind: wholeValue, min: 1, max: 10}))
		judgeCounts(at, obj, 1)
	case typeRadioGroup:
		judge(at, obj, common(custom, required,
			field{name: "options", kind: listValue, min: 2, max: 10, need: true, each: judgeBoxOption}))
		judgeOptionValues(at.at("options"), obj, 1)
	case typeCheckGroup:
		judge(at, obj, common(custom, required,
			field{name: "min_values", kind: wholeValue, max: 10},
			field{name: "max_values", kind: wholeValue, min: 1, max: 10},
			field{name: "options", kind: listValue, min: 1, max: 10, need: true, each: judgeBoxOption}))
		judgeCounts(at, obj, len(listOf(obj["options"])))
		judgeOptionValues(at.at("options"), obj, len(listOf(obj["options"])))
	case typeCheckbox:
		judge(at, obj, common(custom, field{name: "default", kind: truthValue}))
	}
}

func (c *components) judgeLabel(at *spot, obj map[string]any) {
	judge(at, obj, common(
		field{name: "label", kind: textValue, min: 1, max: 45, need: true},
		field{name: "description", kind: textValue, min: 1, max: 100},
		field{name: "component", kind: objectValue, need: true}))
	if obj["component"] == nil {
		return
	}
	inner := at.at("component")
	c.judgeOne(inner, obj["component"], []int{
		typeStringSelect, typeTextInput, typeUserSelect, typeRoleSelect, typeMentionSelect, typeChannelSelect,
		typeFileUpload, typeRadioGroup, typeCheckGroup, typeCheckbox,
	})
	if child := objectOf(obj["component"]); intOf(child["type"]) == typeTextInput && child["label"] != nil {
		inner.at("label").fail("COMPONENT_LABEL_IN_LABEL", "A component inside a Label has no label of its own.")
	}
}

// judgeTextInput leaves out the label where a Label stands around the input; judgeLabel
// refuses one there.
func judgeTextInput(at *spot, obj map[string]any) {
	judge(at, obj, common(
		field{name: "custom_id", kind: textValue, min: 1, max: 100, need: true},
		field{name: "style", kind: wholeValue, min: 1, max: 2, need: true},
		field{name: "label", kind: textValue, min: 1, max: 45},
		field{name: "value", kind: textValue, max: 4000},
		field{name: "placeholder", kind: textValue, max: 100},
		field{name: "required", kind: truthValue},
		field{name: "min_length", kind: wholeValue, max: 4000},
		field{name: "max_length", kind: wholeValue, min: 1, max: 4000}))
	if at.parent.key == "components" && blank(obj["label"]) {
		at.at("label").fail("BASE_TYPE_REQUIRED", "This field is required")
	}
	low, high := intOf(obj["min_length"]), intOf(obj["max_length"])
	if high > 0 && low > high {
		at.at("min_length").fail("TEXT_INPUT_MIN_OVER_MAX", "min_length must be less than or equal to max_length.")
	}
	if n := len([]rune(textOf(obj["value"]))); n > 0 && (high > 0 && n > high || n < low) {
		at.at("value").fail("TEXT_INPUT_VALUE_LENGTH", "The prefilled value has to be of an allowed length.")
	}
}

// judgeChoices checks the answer to an autocomplete question about an option of this type.
func judgeChoices(at *spot, v any, option int) {
	judge(at, v, []field{
		{name: "choices", kind: listValue, max: 25, each: func(at *spot, v any) { judgeChoice(at, v, option) }},
		{name: "tts", kind: blankValue},
		{name: "content", kind: blankValue},
		{name: "embeds", kind: blankValue},
		{name: "components", kind: blankValue},
		{name: "flags", kind: blankValue},
	})
}
