package cards

import (
	"regexp"
	"slices"
	"strings"

	"sitrep/briefings"
	"sitrep/words"
)

// Bluf is the section's bottom line, marked where it still says a number that
// has changed since it was written.
func (t Telling) Bluf(s *briefings.Section) Markup {
	line := Format("**%s**", s.Bluf)
	written := t.Snapshot.ItemRev(s.ID)
	for _, id := range s.Highlights {
		now, ok := t.Snapshot.Item(id).(*briefings.Figure)
		if !ok || t.Snapshot.ItemRev(id) <= written {
			continue
		}
		was, ok := t.Snapshot.Version(id, written).(*briefings.Figure)
		if ok && was.Value != "" && was.Value != now.Value && t.Says(s.Bluf, was.Value) {
			line += "\n⚠ " + t.say("section.older", words.Args{"Ref": now.Ref()})
		}
	}
	return line
}

// Outdated is the number that a text of a figure goes on saying from before its
// value was changed, as people write it; empty where none does. Of definition,
// text and caveat, only those named in fields are looked at.
func (t Telling) Outdated(f *briefings.Figure, fields ...string) string {
	if t.Snapshot.Revision(f.ID).Op == briefings.OpCreate {
		return ""
	}
	for _, field := range briefings.Fields(f) {
		text, ok := field.Ptr.(*string)
		if !ok || !slices.Contains(fields, field.Name) || f.Value != "" && t.Says(*text, f.Value) {
			continue
		}
		for _, r := range slices.Backward(t.Snapshot.History(f.ID)) {
			was, ok := r.Item.(*briefings.Figure)
			if ok && was.Value != "" && was.Value != f.Value && t.Says(*text, was.Value) {
				return t.Amount(was.Value)
			}
		}
	}
	return ""
}

// outdated is the warning that goes with [Telling.Outdated]; empty for what is
// no figure.
func (t Telling) outdated(item briefings.Item, fields ...string) Markup {
	f, ok := item.(*briefings.Figure)
	if !ok {
		return ""
	}
	if number := t.Outdated(f, fields...); number != "" {
		return "⚠ " + t.say("line.outdated", words.Args{"Number": number})
	}
	return ""
}

// Says reports whether a text holds a figure's value as people write it, in the
// language of t or in English, which content falls back to.
func (t Telling) Says(text, value string) bool {
	english := t
	english.Words = t.Words.English()
	blanks := strings.NewReplacer("\u00a0", " ", "\u202f", " ")
	text = blanks.Replace(text)
	return holdsNumber(text, english.Amount(value)) || holdsNumber(text, blanks.Replace(t.Amount(value)))
}

// A number that runs into these, before it or behind it, is a part of a longer
// one or of a label.
var (
	runsInto = regexp.MustCompile(`([\p{L}\p{N}]|\p{N}[.,])$`)
	runsOn   = regexp.MustCompile(`^([\p{L}\p{N}]|[.,]\p{N})`)
)

// holdsNumber reports whether number stands in text by itself.
func holdsNumber(text, number string) bool {
	before, rest, found := strings.Cut(text, number)
	for found {
		if !runsInto.MatchString(before) && !runsOn.MatchString(rest) {
			return true
		}
		before, rest, found = strings.Cut(rest, number)
	}
	return false
}
