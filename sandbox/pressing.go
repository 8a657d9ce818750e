package sandbox

import (
	"maps"
	"slices"
	"unicode/utf8"
)

// findComponent finds the one with a custom_id, however deep it lies; nil for an empty one.
func findComponent(list []any, customID string) map[string]any {
	if customID == "" {
		return nil
	}
	for _, item := range list {
		obj := objectOf(item)
		if obj == nil {
			continue
		}
		if textOf(obj["custom_id"]) == customID {
			return obj
		}
		inner := slices.Concat(listOf(obj["components"]), []any{obj["accessory"], obj["component"]})
		if found := findComponent(inner, customID); found != nil {
			return found
		}
	}
	return nil
}

// buildComponent is a press of a button or a choice from a select.
func (sc *scene) buildComponent(a *act) (*interaction, map[string]any, error) {
	m, err := sc.seen(a.Message)
	if err != nil {
		return nil, nil, err
	}
	c := findComponent(m.Components, a.CustomID)
	switch {
	case c == nil:
		return nil, nil, wrong("custom_id", "the message has no component %q", short(a.CustomID))
	case truthOf(c["disabled"]):
		return nil, nil, wrong("custom_id", "%q is disabled", a.CustomID)
	}
	typ := intOf(c["type"])
	data := map[string]any{"custom_id": a.CustomID, "component_type": typ}
	if id := intOf(c["id"]); id != 0 {
		data["id"] = id
	}
	if typ == typeButton {
		if len(a.Values) > 0 {
			return nil, nil, wrong("values", "a button takes no values")
		}
		return &interaction{kind: interactionComponent, source: m.ID}, data, nil
	}
	f := &filling{sc: sc, resolved: map[string]map[string]any{}}
	values, err := f.choose(c, a.Values, "values")
	if err != nil {
		return nil, nil, err
	}
	data["values"] = values
	if r := f.resolvedObject(); len(r) > 0 {
		data["resolved"] = r
	}
	return &interaction{kind: interactionComponent, source: m.ID}, data, nil
}

// choose checks values against a select, a radio group or a group of checkboxes.
func (f *filling) choose(c map[string]any, values []string, field string) ([]any, error) {
	low, high := 1, 1
	if c["min_values"] != nil {
		low = intOf(c["min_values"])
	}
	if c["max_values"] != nil {
		high = intOf(c["max_values"])
	}
	if intOf(c["type"]) == typeCheckGroup && c["max_values"] == nil {
		high = len(listOf(c["options"]))
	}
	if c["required"] == false {
		low = 0
	}
	if len(values) < low || len(values) > high {
		return nil, wrong(field, "choose %d to %d", low, high)
	}
	out := []any{}
	for _, v := range values {
		id, err := f.pick(c, v, field)
		if err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, nil
}

func (f *filling) pick(c map[string]any, v, field string) (any, error) {
	references := map[int]int{typeUserSelect: optionUser, typeRoleSelect: optionRole, typeMentionSelect: optionMention, typeChannelSelect: optionChannel}
	typ := intOf(c["type"])
	if option_, is := references[typ]; is {
		o := option{Type: option_, Name: textOf(c["custom_id"])}
		for _, t := range listOf(c["channel_types"]) {
			o.ChannelTypes = append(o.ChannelTypes, intOf(t))
		}
		return f.reference(o, v, field)
	}
	for _, o := range listOf(c["options"]) {
		if textOf(objectOf(o)["value"]) == v {
			return v, nil
		}
	}
	return nil, wrong(field, "%q isn't one of the options", short(v))
}

// buildModal is the sending of a modal that a bot opened for this member. The modal stays
// open until the bot has answered: who got no answer may send it again.
func (sc *scene) buildModal(a *act) (*interaction, map[string]any, error) {
	key := modalKey(sc.user.ID, a.Modal)
	open, is := sc.s.pending.modals[key]
	if !is || open.from.channel != sc.channel.ID {
		return nil, nil, wrong("modal", "no modal %q is open for %s in %s", short(a.Modal), sc.user.Username, sc.channel.Name)
	}
	for name := range a.Fields {
		if findComponent(listOf(open.data["components"]), name) == nil {
			return nil, nil, wrong("fields."+name, "the modal has no field %q", short(name))
		}
	}
	f := &filling{sc: sc, given: a.Fields, resolved: map[string]map[string]any{}}
	list, err := f.submit(listOf(open.data["components"]))
	if err != nil {
		return nil, nil, err
	}
	data := map[string]any{"custom_id": a.Modal, "components": list}
	if r := f.resolvedObject(); len(r) > 0 {
		data["resolved"] = r
	}
	return &interaction{kind: interactionModal, source: open.from.source, name: open.from.name, form: open}, data, nil
}

// submit keeps the modal's nesting, as Discord does, with values for what was asked.
func (f *filling) submit(list []any) ([]any, error) {
	out := []any{}
	numbered := 0
	for _, item := range list {
		obj := objectOf(item)
		numbered++
		id := intOf(obj["id"])
		if id == 0 {
			id = numbered
		}
		part := map[string]any{"type": obj["type"], "id": id}
		switch intOf(obj["type"]) {
		case typeLabel:
			answer, err := f.answer(objectOf(obj["component"]))
			if err != nil {
				return nil, err
			}
			part["component"] = answer
		case typeRow:
			answers := []any{}
			for _, kid := range listOf(obj["components"]) {
				answer, err := f.answer(objectOf(kid))
				if err != nil {
					return nil, err
				}
				answers = append(answers, answer)
			}
			part["components"] = answers
		}
		out = append(out, part)
	}
	return out, nil
}

// answer is one field with what the member left or put in it.
func (f *filling) answer(c map[string]any) (map[string]any, error) {
	name := textOf(c["custom_id"])
	field := "fields." + name
	v, given := f.given[name]
	out := map[string]any{"type": c["type"], "custom_id": name}
	switch intOf(c["type"]) {
	case typeTextInput:
		if !given {
			v = textOf(c["value"])
		}
		text, err := inputText(c, v, field)
		out["value"] = text
		return out, err
	case typeCheckbox:
		if !given {
			v = truthOf(c["default"])
		}
		if _, is := v.(bool); !is {
			return nil, wrong(field, "%s is true or false", name)
		}
		out["value"] = v
		return out, nil
	case typeFileUpload:
		values, err := f.uploads(c, v, field)
		out["values"] = values
		return out, err
	}
	values, err := f.choose(c, chosenValues(c, v, given), field)
	if err != nil {
		return nil, err
	}
	if intOf(c["type"]) == typeRadioGroup {
		out["value"] = nil
		if len(values) > 0 {
			out["value"] = values[0]
		}
		return out, nil
	}
	maps.Copy(out, map[string]any{"values": values})
	return out, nil
}

func inputText(c map[string]any, v any, field string) (string, error) {
	text, is := v.(string)
	if !is {
		return "", wrong(field, "%s is a text", textOf(c["custom_id"]))
	}
	n := utf8.RuneCountInString(text)
	most := 4000
	if c["max_length"] != nil {
		most = intOf(c["max_length"])
	}
	switch {
	case n == 0 && c["required"] != false:
		return "", wrong(field, "%s is required", textOf(c["custom_id"]))
	case n > most, n > 0 && n < intOf(c["min_length"]):
		return "", wrong(field, "%s has %d to %d characters", textOf(c["custom_id"]), intOf(c["min_length"]), most)
	}
	return text, nil
}

// chosenValues takes one value or several, or what was chosen beforehand.
func chosenValues(c map[string]any, v any, given bool) []string {
	var out []string
	switch v := v.(type) {
	case string:
		if v != "" {
			return []string{v}
		}
		return nil
	case []any:
		for _, one := range v {
			out = append(out, textOf(one))
		}
		return out
	}
	if given {
		return nil
	}
	for _, o := range listOf(c["options"]) {
		if truthOf(objectOf(o)["default"]) {
			out = append(out, textOf(objectOf(o)["value"]))
		}
	}
	for _, o := range listOf(c["default_values"]) {
		id, _ := idOf(objectOf(o)["id"])
		out = append(out, id)
	}
	return out
}

func (f *filling) uploads(c map[string]any, v any, field string) ([]any, error) {
	files := listOf(v)
	if obj := objectOf(v); obj != nil {
		files = []any{obj}
	}
	least, most := 1, 1
	if c["min_values"] != nil {
		least = intOf(c["min_values"])
	}
	if c["max_values"] != nil {
		most = intOf(c["max_values"])
	}
	if c["required"] == false && len(files) == 0 {
		least = 0
	}
	if len(files) < least || len(files) > most {
		return nil, wrong(field, "attach %d to %d files", least, most)
	}
	ids := []any{}
	for _, file := range files {
		id, err := f.attachment(file, field)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}
