package commands

import (
	"cmp"
	"strings"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

// NameIn is the command's name as Discord shows it to people who read the
// language of w, subcommands included. Interactions carry Name, whatever was
// shown.
func (c Command) NameIn(w *words.Words) string {
	switch {
	case c.of != nil:
		return c.of.CommandIn(w.Tag())
	case c.Menu:
		return w.Say("menu.brief_this")
	}
	var names []string
	about := "name"
	for part := range strings.FieldsSeq(c.Name) {
		about += "." + part
		names = append(names, orSame(w, about, part))
	}
	return strings.Join(names, " ")
}

// AboutIn describes the command in the language of w.
func (c Command) AboutIn(w *words.Words) string {
	title := ""
	if c.of != nil {
		title = cmp.Or(c.of.Translations[w.Tag()]["title"], c.of.Title)
	}
	return w.Say(c.About, words.Args{"Title": title})
}

// NameIn is the option's name as Discord shows it in the language of w.
func (o Option) NameIn(w *words.Words) string { return orSame(w, "option."+o.Name, o.Name) }

// ChoiceIn is how one of an option's values is shown in the language of w.
func ChoiceIn(w *words.Words, value string) string { return orSame(w, "choice."+value, value) }

// orSame is a phrase, or the default where there is none.
func orSame(w *words.Words, phrase, otherwise string) string {
	if w.Has(phrase) {
		return w.Say(phrase)
	}
	return otherwise
}

// sectionsIn names the sections' commands in the language of t.
func sectionsIn(t cards.Telling) []string {
	var all []string
	for _, s := range t.Snapshot.Sections() {
		all = append(all, s.CommandIn(t.Words.Tag()))
	}
	return all
}

// sectionCalled is the section with that command or title, in any language; nil
// where there is none.
func sectionCalled(t cards.Telling, name string) *briefings.Section {
	if s := t.Snapshot.Section(name); s != nil {
		return s
	}
	for _, s := range t.Snapshot.Sections() {
		for _, tag := range append(briefings.Languages(), t.Words.Tag()) {
			if s.CommandIn(tag) == name {
				return s
			}
		}
		for _, title := range t.Snapshot.Names(s.ID) {
			if strings.EqualFold(title, name) {
				return s
			}
		}
	}
	return nil
}
