package openapi

import (
	"fmt"
	"unicode/utf8"
)

const (
	maxComponents    = 40
	maxText          = 4000
	maxModalParts    = 5
	maxStringChoice  = 100
	typeRow          = 1
	typeButton       = 2
	typeTextInput    = 4
	typeText         = 10
	stylePrimary     = 1
	styleDanger      = 4
	styleLink        = 5
	stylePremium     = 6
	selectFirst      = 5
	selectLast       = 8
	typeStringSelect = 3
)

// A tally counts over all the components of a message or a modal.
type tally struct {
	components, characters int
	customIDs              map[string]string // to the path of the first
}

func (f *faults) components(path string, components []any) {
	t := tally{customIDs: make(map[string]string)}
	for i, c := range components {
		f.component(index(path, i), object(c), &t)
	}
	if t.components > maxComponents {
		f.add(path, "are %d with those inside others, over %d", t.components, maxComponents)
	}
	if t.characters > maxText {
		f.add(path, "have %d characters of text in all, over %d", t.characters, maxText)
	}
}

func (f *faults) component(path string, c map[string]any, t *tally) {
	t.components++
	if id := str(c["custom_id"]); id != "" {
		if first, taken := t.customIDs[id]; taken {
			f.add(path+".custom_id", "is %q, as %s.custom_id is already", id, first)
		} else {
			t.customIDs[id] = path
		}
	}
	switch integer(c["type"]) {
	case typeRow:
		f.row(path, list(c["components"]))
	case typeButton:
		f.button(path, c)
	case typeText:
		t.characters += utf8.RuneCountInString(str(c["content"]))
	}
	for i, child := range list(c["components"]) {
		f.component(index(path+".components", i), object(child), t)
	}
	for _, key := range []string{"accessory", "component"} {
		if child := object(c[key]); child != nil {
			f.component(path+"."+key, child, t)
		}
	}
}

func (f *faults) row(path string, components []any) {
	for i, c := range components {
		kind := integer(object(c)["type"])
		selects := kind == typeStringSelect || kind >= selectFirst && kind <= selectLast
		if selects && len(components) > 1 {
			f.add(index(path+".components", i), "is a select, which needs a row of its own")
		}
	}
}

func (f *faults) button(path string, b map[string]any) {
	need := func(key, why string) {
		if b[key] == nil || b[key] == "" {
			f.add(path+"."+key, "is missing: %s", why)
		}
	}
	refuse := func(why string, keys ...string) {
		for _, key := range keys {
			if b[key] != nil {
				f.add(path+"."+key, "may not be set: %s", why)
			}
		}
	}
	switch style := integer(b["style"]); {
	case style >= stylePrimary && style <= styleDanger:
		need("custom_id", "a button that isn't a link needs one")
		refuse("only link and premium buttons have one", "url", "sku_id")
	case style == styleLink:
		need("url", "a link button needs one")
		refuse("a link button has none", "custom_id", "sku_id")
	case style == stylePremium:
		need("sku_id", "a premium button needs one")
		refuse("a premium button has none", "custom_id", "url", "label", "emoji")
	}
}

func (f *faults) modal(data map[string]any) {
	const path = ".data.components"
	parts := list(data["components"])
	if len(parts) > maxModalParts {
		f.add(path, "are %d, over %d in a modal", len(parts), maxModalParts)
	}
	for i, part := range parts {
		inner := object(object(part)["component"])
		at := index(path, i) + ".component"
		if integer(inner["type"]) == typeTextInput && inner["label"] != nil {
			f.add(at+".label", "may not be set inside a Label, which has its own")
		}
		if inner["disabled"] == true {
			f.add(at+".disabled", "may not be set in a modal")
		}
	}
	f.components(path, parts)
}

// choices judges what an autocomplete answers, and the choices of an option.
func (f *faults) choices(path string, choices []any) {
	for i, choice := range choices {
		if n := utf8.RuneCountInString(str(object(choice)["value"])); n > maxStringChoice {
			f.add(index(path, i)+".value", "has %d characters, over %d", n, maxStringChoice)
		}
	}
}

func index(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }
