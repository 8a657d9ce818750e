package cards

import (
	"slices"
	"strings"
	"time"

	"sitrep/briefings"
)

// A Filter narrows a list of items. The zero value keeps all.
type Filter struct {
	Section *briefings.Section
	Side    string         // of an actor who has to do with the item
	Speaker briefings.ID   // an actor, or a source
	From    briefings.EDTF // first day, last day: of what is dated
	To      briefings.EDTF
	Status  string // of a figure, of a statement's truth, of a question
	Series  string // of figures
	Issue   string // of positions
}

// keeps reports whether the item is in the section and has to do with the side.
func (t Telling) keeps(f Filter, item briefings.Item) bool {
	if f.Section != nil && !slices.Contains(item.Head().Sections, f.Section.Key()) {
		return false
	}
	if f.Side != "" && !slices.ContainsFunc(involved(item), func(id briefings.ID) bool { return t.side(id) == f.Side }) {
		return false
	}
	return f.Speaker == "" || slices.Contains(involved(item), f.Speaker)
}

// dated reports whether any day of e lies between From and To.
func (f Filter) dated(e briefings.EDTF) bool {
	if f.From.IsZero() && f.To.IsZero() {
		return true
	}
	if e.IsZero() {
		return false
	}
	within := func(first, last time.Time, starts, ends bool) bool {
		from, bounded := f.From.First()
		if bounded && ends && last.Before(from) {
			return false
		}
		to, bounded := f.To.Last()
		return !bounded || !starts || !first.After(to)
	}
	first, starts := e.First()
	last, ends := e.Last()
	return within(first, last, starts, ends)
}

// involved are the actors and sources that an item names as those who act or speak.
func involved(item briefings.Item) []briefings.ID {
	switch x := item.(type) {
	case *briefings.Event:
		return x.Participants
	case *briefings.Figure:
		return []briefings.ID{x.SaidBy, x.InflictedBy}
	case *briefings.Statement:
		return []briefings.ID{x.Speaker}
	case *briefings.Position:
		return []briefings.ID{x.Actor}
	case *briefings.Assessment:
		return []briefings.ID{x.Author}
	}
	return nil
}

// side is an actor's side, empty where it has none.
func (t Telling) side(id briefings.ID) string {
	if a, ok := t.Snapshot.Item(id).(*briefings.Actor); ok {
		return a.Side
	}
	return ""
}

// Sides lists the sides that take positions on more than one issue, in the
// order of who has most to say.
func (t Telling) Sides() []string {
	count, issues := map[string]int{}, map[string]string{}
	var sides []string
	for _, p := range briefings.All[*briefings.Position](t.Snapshot) {
		s := t.side(p.Actor)
		if issue, known := issues[s]; known && issue != p.Issue && !slices.Contains(sides, s) && s != "" {
			sides = append(sides, s)
		}
		issues[s] = p.Issue
		count[s]++
	}
	slices.SortFunc(sides, func(a, b string) int {
		if count[a] != count[b] {
			return count[b] - count[a]
		}
		return strings.Compare(a, b)
	})
	return sides
}

// about names what a list was narrowed to, behind its title.
func (f Filter) about(t Telling) Markup {
	var parts []Markup
	if f.Section != nil {
		parts = append(parts, Escape(f.Section.Title))
	}
	for _, s := range []string{f.Side, f.Series, f.Issue, t.choice(f.Status)} {
		if s != "" {
			parts = append(parts, Escape(s))
		}
	}
	if f.Speaker != "" {
		parts = append(parts, Escape(t.Snapshot.Name(f.Speaker)))
	}
	if !f.From.IsZero() || !f.To.IsZero() {
		parts = append(parts, Escape(f.From.String()+" – "+f.To.String()))
	}
	if len(parts) == 0 {
		return ""
	}
	return " · " + Join(parts, ", ")
}

// choice is a value that an option offers, in the reader's language.
func (t Telling) choice(value string) string {
	if phrase := "choice." + value; t.Words.Has(phrase) {
		return t.Words.Say(phrase)
	}
	return value
}

// Anything is what a selection offers to undo a filter; Discord takes no empty value.
const Anything = "any"

// mostOptions is how many options Discord takes in a selection.
const mostOptions = 25

// selection offers values to choose from, and all of them again where one is
// chosen; nothing where there is nothing to choose.
func (t Telling) selection(action, placeholder string, choices []Choice) Select {
	choices = choices[:min(mostOptions-1, len(choices))] // and one to undo it
	s := Select{Action: action, Placeholder: t.Words.Say(placeholder)}
	switch {
	case slices.ContainsFunc(choices, func(c Choice) bool { return c.Chosen }):
		s.Options = append(choices, Choice{Label: t.Words.Say("filter.any"), Value: Anything})
	case len(choices) > 1:
		s.Options = choices
	}
	return s
}

// sectionSelect lets the reader narrow a list to one section.
func (t Telling) sectionSelect(f Filter, at Leaf) Select {
	var choices []Choice
	for _, section := range t.Snapshot.Sections() {
		choices = append(choices, Choice{Label: Clip(section.Title, 100), Value: section.Command, Chosen: f.Section != nil && f.Section.ID == section.ID})
	}
	return t.selection(at.Link.Pick("section"), "filter.section", choices)
}

// AllSides lists every side that an actor is on.
func (t Telling) AllSides() []string {
	var all []string
	for _, a := range briefings.All[*briefings.Actor](t.Snapshot) {
		if a.Side != "" {
			all = append(all, a.Side)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
