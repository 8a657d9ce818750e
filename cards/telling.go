package cards

import (
	"time"

	"sitrep/briefings"
	"sitrep/words"
)

// A Telling words the items of one snapshot in one language. It is a value;
// every method is safe for concurrent use.
type Telling struct {
	Snapshot *briefings.Snapshot
	Words    *words.Words
	Now      time.Time // what is overdue is counted from here
	Known    string    // the day that Snapshot is as of; empty for the newest
	Valid    string    // the day that everything in Snapshot is true on; empty for any

	Unmarked map[briefings.ID]bool // items of which it is told elsewhere that they changed
}

// Link asks command, with option-value pairs, as of the same day.
func (t Telling) Link(command string, pairs ...string) Link {
	l := Link{Command: command}.With("known", t.Known)
	for i := 0; i+1 < len(pairs); i += 2 {
		l.Options[pairs[i]] = pairs[i+1]
	}
	return l
}

// say is a phrase with every parameter escaped.
func (t Telling) say(id string, args words.Args) Markup {
	safe := make(words.Args, len(args))
	for name, arg := range args {
		if s, ok := arg.(string); ok {
			safe[name] = Escape(s)
			continue
		}
		safe[name] = arg
	}
	return Markup(t.Words.Say(id, safe))
}

// Day is the date of an instant in UTC.
func (t Telling) Day(at time.Time) string {
	at = at.UTC()
	phrase := "date.day"
	if at.Day() == 1 {
		phrase = "date.first" // which French writes as an ordinal
	}
	return t.Words.Say(phrase, words.Args{"Day": at.Day(), "Month": t.Words.Month(at.Month()), "Year": at.Year()})
}

// Date words e: "17 Jan 2026", "about Dec 2025", "19 Jan 2026 – 23 Jan 2026".
func (t Telling) Date(e briefings.EDTF) string {
	if e.IsZero() {
		return t.Words.Say("date.undated")
	}
	first, hasFirst := e.First()
	last, hasLast := e.Last()
	said := ""
	switch {
	case !hasFirst:
		said = t.Words.Say("date.until", words.Args{"Date": t.day(last, e.Precision())})
	case !hasLast:
		said = t.Words.Say("date.from", words.Args{"Date": t.day(first, e.Precision())})
	case e.IsInterval() && e.Precision() == briefings.Day && first.Month() == last.Month() && first.Year() == last.Year() && first.Day() != last.Day():
		said = t.Words.Say("date.days", words.Args{"First": first.Day(), "Day": last.Day(), "Month": t.Words.Month(last.Month()), "Year": last.Year()})
	case e.IsInterval() && t.day(first, e.Precision()) != t.day(last, e.Precision()):
		said = t.day(first, e.Precision()) + " – " + t.day(last, e.Precision())
	default:
		said = t.day(first, e.Precision())
	}
	if e.Approximate() {
		said = t.Words.Say("date.about", words.Args{"Date": said})
	}
	if e.Uncertain() {
		said = t.Words.Say("date.uncertain", words.Args{"Date": said})
	}
	return said
}

func (t Telling) day(at time.Time, p briefings.Precision) string {
	switch p {
	case briefings.Year:
		return at.Format("2006")
	case briefings.Month:
		return t.Words.Say("date.month", words.Args{"Month": t.Words.Month(at.Month()), "Year": at.Year()})
	}
	return t.Day(at)
}
