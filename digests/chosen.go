package digests

import (
	"slices"
	"strings"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

// sections are those that the subscription chose, in the desk's order.
func (d digest) sections() []*briefings.Section {
	all := d.Snapshot.Sections()
	if d.c.Subscription.Sections == "" {
		return all
	}
	chosen := strings.Split(d.c.Subscription.Sections, ",")
	var kept []*briefings.Section
	for _, s := range all {
		if slices.Contains(chosen, string(s.ID)) {
			kept = append(kept, s)
		}
	}
	return kept
}

// differences are what changed in the chosen sections since the channel's last
// digest.
func (d digest) differences() []briefings.Difference {
	all := briefings.Diff(d.Snapshot.At(d.c.LastRev), d.Snapshot)
	if d.c.Subscription.Sections == "" {
		return all
	}
	sections := d.sections()
	return slices.DeleteFunc(all, func(diff briefings.Difference) bool {
		item := diff.New
		if item == nil {
			item = diff.Old
		}
		return !slices.ContainsFunc(sections, func(s *briefings.Section) bool {
			return s.ID == diff.ID || slices.Contains(item.Head().Sections, s.Key())
		})
	})
}

// quiet reports whether nothing changed since a digest that there was.
func (d digest) quiet() bool { return d.c.LastRev > 0 && len(d.differences()) == 0 }

// cancelled reports whether the date that is counted down to was called off.
func (d digest) cancelled() bool {
	s := d.c.Subscription
	return s.Kind == CountdownKind && keyDate(d.Snapshot, s.Date).Cancelled
}

// instead is the one line of a digest that has nothing else to say.
func (d digest) instead() (cards.Block, bool) {
	switch {
	case d.cancelled():
		return cards.Block{Lines: []cards.Line{{Text: d.phrase("digest.cancelled", nil), Keep: true}}}, true
	case d.c.Subscription.Quiet == QuietLine && d.quiet():
		return d.changes(), true
	}
	return cards.Block{}, false
}

// title is the date, or how far off the day is that is counted down to.
func (d digest) title() cards.Markup {
	s := d.c.Subscription
	e, ok := d.Snapshot.Item(s.Date).(*briefings.Event)
	switch {
	case s.Kind == CountdownKind && d.cancelled():
		return cards.Format("%s", d.Snapshot.Name(s.Date))
	case s.Kind == CountdownKind && ok && !keyDate(d.Snapshot, s.Date).First.IsZero():
		return d.Countdown(e)
	}
	local := d.c.Slot.Due.In(d.zone)
	day := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC)
	return d.phrase("digest.title", words.Args{"Date": d.Day(day)})
}
