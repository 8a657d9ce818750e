package cards

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"sitrep/briefings"
	"sitrep/words"
)

// Section is a section's first screen: the bottom line, what carries it, and
// what to watch. Of a retired one it is why it was, and what to read instead.
func (t Telling) Section(s *briefings.Section) Card {
	if s.Retired != nil {
		return t.retired(s)
	}
	c := Card{Title: "## " + t.Heading(s), Colour: Colour(s.Colour), Footer: t.Footer(s)}
	c.Blocks = []Block{
		{Lines: []Line{{Text: t.Bluf(s), Keep: true}}},
		{Lines: t.Lines(t.freshFirst(t.chosen(s)))},
		{Lines: t.closing(s)},
	}
	c.Buttons = append([]Button{{Action: t.Link("brief", "section", s.Command).Open(), Label: t.Words.Say("button.deeper")}}, t.general(s.Command)...)
	return c.Fit(MostText, t.Words)
}

// retired says why a section is kept up no more, and where to read on.
func (t Telling) retired(s *briefings.Section) Card {
	c := Card{Title: "## " + t.Heading(s), Colour: Colour(s.Colour)}
	block := Block{Lines: []Line{{Text: t.retirement(s), Keep: true}}}
	if instead, ok := t.Snapshot.Item(s.Retired.Instead).(*briefings.Section); ok {
		block.Lines = append(block.Lines, Line{Text: t.say("section.instead", words.Args{"Title": instead.Title, "Command": instead.CommandIn(t.Words.Tag())}), Keep: true})
		c.Buttons = append(c.Buttons, Button{Action: t.Link(instead.Command).Open(), Label: Clip(instead.Title, 80)})
	}
	block.Lines = append(block.Lines, Line{Text: t.say("section.kept", nil)})
	c.Blocks = []Block{block}
	c.Buttons = append(c.Buttons, Button{Action: t.Link("brief", "section", s.Command).Open(), Label: t.Words.Say("button.deeper")})
	return c.Fit(MostText, t.Words)
}

func (t Telling) retirement(s *briefings.Section) Markup {
	return t.say("section.retired", words.Args{"Reason": s.Retired.Reason})
}

// Heading is the section's title with its trend: an arrow, its word, its reason;
// or with that it is retired.
func (t Telling) Heading(s *briefings.Section) Markup {
	title := Escape(strings.ToUpper(s.Title))
	if s.Retired != nil {
		return Format("%s · %s", title, t.Words.Say("section.is_retired"))
	}
	if s.Trend == 0 {
		return title
	}
	return Format("%s · %s (%s)", title, t.Words.Say("trend."+s.Trend.String()), s.TrendReason)
}

// chosen are the section's highlights, then what was added to it since the
// catalogue, so that nothing new stays unseen.
func (t Telling) chosen(s *briefings.Section) []briefings.ID {
	ids := append([]briefings.ID(nil), s.Highlights...)
	listed := map[briefings.ID]bool{}
	for _, id := range append(ids, s.Watch...) {
		listed[id] = true
	}
	for _, r := range t.Snapshot.Own() {
		id := r.Item.Head().ID
		item := t.Snapshot.Item(id) // as it is now; the revision may be an older one
		if item == nil || listed[id] || !slices.Contains(item.Head().Sections, s.Key()) || !shownAlone(id) {
			continue
		}
		listed[id] = true
		ids = append(ids, id)
	}
	return ids
}

// shownAlone reports whether an item makes a line of its own on a screen:
// conflicts stand at their members, and sections are screens.
func shownAlone(id briefings.ID) bool {
	return id.Kind() != briefings.KindConflict && id.Kind() != briefings.KindSection
}

// closing says why the section matters, what is flagged, and what to watch.
func (t Telling) closing(s *briefings.Section) []Line {
	var lines []Line
	if s.Why != "" {
		lines = append(lines, Line{Text: Format("**%s** %s", t.Words.Say("section.why"), s.Why)})
	}
	lines = append(lines, t.flags(s)...)
	var watch, passed []Markup
	for _, id := range s.Watch {
		switch item := t.Snapshot.Item(id).(type) {
		case nil:
		case *briefings.Event:
			said := Join([]Markup{t.awaited(item), t.Label(item), t.caveat(item)}, " ")
			if t.over(item) {
				passed = append(passed, said)
			} else {
				watch = append(watch, said)
			}
		default:
			watch = append(watch, Join([]Markup{t.core(item), t.Label(item), t.caveat(item)}, " "))
		}
	}
	if len(watch) > 0 {
		lines = append(lines, Line{Text: Format("**%s** %s", t.Words.Say("section.watch"), Join(watch, " · "))})
	}
	if len(passed) > 0 {
		lines = append(lines, Line{Text: Format("**%s** %s", t.Words.Say("section.passed"), Join(passed, " · "))})
	}
	return lines
}

// flags are the section's risk alert and opportunity.
func (t Telling) flags(s *briefings.Section) []Line {
	var lines []Line
	for _, f := range []struct {
		phrase string
		flag   *briefings.Flag
	}{{"section.risk", s.RiskAlert}, {"section.opportunity", s.Opportunity}} {
		if f.flag != nil {
			lines = append(lines, Line{Text: t.flag(t.Words.Say(f.phrase), f.flag)})
		}
	}
	return lines
}

// awaited names a date to watch, and what became of it.
func (t Telling) awaited(e *briefings.Event) Markup {
	told := []string{t.Date(e.Valid)}
	if e.Origin == briefings.External {
		told = append(told, t.Words.Say("line.external"))
	}
	said, ended := t.countdown(e)
	switch {
	case e.Happened == briefings.Cancelled, e.Happened == briefings.Moved, e.Happened == briefings.No:
		told = append(told, t.Words.Say("happened."+e.Happened.String()))
	case ended && said != told[0]:
		told = append(told, said)
	}
	return Format("%s (%s)", e.Headline, strings.Join(told, "; "))
}

func (t Telling) caveat(item briefings.Item) Markup {
	if caveat := item.Head().Caveat; caveat != "" {
		return Format("⚠ %s", caveat)
	}
	return ""
}

// flag is struck, not dropped, once it has expired, and says so for those who
// don't see the stroke.
func (t Telling) flag(label string, f *briefings.Flag) Markup {
	expires := words.Args{"Date": t.Date(f.Expires)}
	text := Format("**%s** %s", label, f.Text)
	if last, ok := f.Expires.Last(); ok && t.Now.After(last.AddDate(0, 0, 1)) {
		return "~~" + text + " (" + t.say("section.expired", expires) + ")~~"
	}
	return text + " (" + t.say("section.until", expires) + ")"
}

// Footer says how old the section is, how many sources carry it, and whether
// somebody should have looked at it again.
func (t Telling) Footer(s *briefings.Section) []Markup {
	ids := append(append([]briefings.ID(nil), s.Highlights...), s.Watch...)
	return t.FooterOf(ids)
}

// FooterOf is [Telling.Footer] for any items.
func (t Telling) FooterOf(ids []briefings.ID) []Markup {
	sources := map[briefings.ID]bool{}
	due, stale, historical, english := false, 0, 0, false
	for _, id := range ids {
		item := t.Snapshot.Item(id)
		if item == nil {
			continue
		}
		h := item.Head()
		english = english || t.inEnglish(item)
		for _, c := range h.Sources {
			sources[c.Source] = true
		}
		switch t.Snapshot.Freshness(id, t.Now) {
		case briefings.ReviewDue:
			due = true
		case briefings.Stale:
			due, stale = true, stale+1
		case briefings.Historical:
			historical++
		}
	}
	parts := []Markup{
		Escape(t.AsOf(ids)),
		t.say("footer.rev", words.Args{"Rev": t.Snapshot.Rev}),
	}
	if len(sources) > 0 {
		parts = append(parts, t.say("footer.sources", words.Args{"Count": len(sources)}))
	}
	if due {
		parts = append(parts, t.say("footer.review", nil))
	}
	if stale > 0 {
		parts = append(parts, t.say("footer.stale", words.Args{"Count": stale}))
	}
	if english {
		parts = append(parts, t.say("footer.english", nil))
	}
	if historical > 0 {
		parts = append(parts, t.say("footer.historical", words.Args{"Count": historical}))
	}
	return []Markup{Join(parts, " · ")}
}

// inEnglish reports whether something that is shown of an item is in English for
// readers of another language: its texts, or those of a conflict about it.
func (t Telling) inEnglish(item briefings.Item) bool {
	tag := t.Words.Tag()
	return t.Snapshot.Untranslated(item.Head().ID, tag) || t.foreignUnit(item) ||
		slices.ContainsFunc(t.Snapshot.Conflicts(item.Head().ID), func(x *briefings.Conflict) bool { return t.Snapshot.Untranslated(x.ID, tag) })
}

// Colour reads "0072B2"; blue where nothing is given.
func Colour(hex string) int {
	n, err := strconv.ParseUint(cmp.Or(hex, "0072B2"), 16, 24)
	if err != nil {
		return 0
	}
	return int(n)
}

// AsOf says which day the newest of the items speaks for; without one, when the
// briefing was recorded.
func (t Telling) AsOf(ids []briefings.ID) string {
	var newest briefings.EDTF
	for _, id := range ids {
		if item := t.Snapshot.Item(id); item != nil && (newest.IsZero() || (!item.Head().AsOf.IsZero() && item.Head().AsOf.Compare(newest) > 0)) {
			newest = item.Head().AsOf
		}
	}
	day := t.Day(t.Snapshot.RecordedAt)
	if !newest.IsZero() {
		day = t.Date(newest)
	}
	return t.Words.Say("footer.as_of", words.Args{"Date": day})
}
