package commands

import (
	"slices"
	"strings"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

// A choosing is what somebody may name one of: values as the reader sees them.
type choosing struct {
	values []string
	called func(value string) []string // in every language; nil where that is one
}

// sides and issues may be named in any language.
func sides(t cards.Telling) choosing { return termsOf(t, "side", t.AllSides()) }

func issues(t cards.Telling) choosing { return termsOf(t, "issue", t.Issues()) }

func termsOf(t cards.Telling, field string, values []string) choosing {
	return choosing{values, func(value string) []string { return t.Snapshot.Spellings(field, value) }}
}

// names are what a value is called, as the reader sees it first.
func (c choosing) names(value string) []string {
	if c.called == nil {
		return []string{value}
	}
	return append([]string{value}, c.called(value)...)
}

// complete offers the values that hold what was typed.
func (c choosing) complete(typed string) []cards.Choice {
	var all []cards.Choice
	for _, v := range c.holding(typed) {
		all = append(all, cards.Choice{Label: cards.Clip(v, 100), Value: cards.Clip(v, 100)})
	}
	return all
}

// holding are the values that hold what was typed.
func (c choosing) holding(typed string) []string {
	typed = briefings.Fold(typed)
	return slices.DeleteFunc(slices.Clone(c.values), func(v string) bool {
		return !slices.ContainsFunc(c.names(v), func(name string) bool { return strings.Contains(briefings.Fold(name), typed) })
	})
}

// among is the value that was meant, whatever its case or language, or the only
// one that holds what was typed; none where nothing was.
func (c choosing) among(t cards.Telling, typed string) (string, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return "", nil
	}
	folded := briefings.Fold(typed)
	for _, v := range c.values {
		if slices.ContainsFunc(c.names(v), func(name string) bool {
			return strings.EqualFold(name, typed) || folded != "" && briefings.Fold(name) == folded
		}) {
			return v, nil
		}
	}
	list := func(values []string) string { return clipTo(strings.Join(values, ", "), 600) }
	if folded != "" {
		switch holding := c.holding(typed); {
		case len(holding) == 1:
			return holding[0], nil
		case len(holding) > 1:
			return "", mistake(t, "filter.several", words.Args{"Text": clip(typed), "List": list(holding)})
		}
		if near := c.nearest(typed); near != "" {
			return "", mistake(t, "filter.meant", words.Args{"Text": clip(typed), "Nearest": near})
		}
	}
	return "", mistake(t, "filter.unknown", words.Args{"Text": clip(typed), "List": list(c.values)})
}

// nearest is the value that was misspelt, whole or by a word of its name; empty
// where none is near.
func (c choosing) nearest(typed string) string {
	var names []string
	of := map[string]string{}
	add := func(name, value string) {
		if of[name] == "" {
			names, of[name] = append(names, name), value
		}
	}
	for _, v := range c.values {
		for _, name := range c.names(v) {
			add(name, v)
		}
	}
	for _, v := range c.values {
		for _, name := range c.names(v) {
			for _, word := range strings.Fields(name) {
				add(word, v)
			}
		}
	}
	return of[briefings.Nearest(typed, names)]
}
