package digests

import (
	"slices"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
)

// mostAsked is how many questions a digest looks back at.
const mostAsked = 6

// over reports whether the date that was counted down to has passed by the day
// of the slot.
func (d digest) over() bool {
	s := d.c.Subscription
	if s.Kind != CountdownKind {
		return false
	}
	date := keyDate(d.Snapshot, s.Date)
	local := d.c.Slot.Due.In(d.zone)
	day := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC)
	return !date.Last.IsZero() && day.After(date.Last)
}

// asked are the questions that were asked before the date, with what answers
// each; those that were answered come first. Watch is what the sections ask now:
// what they asked in the channel's last digest counts too.
func (d digest) asked(watch []briefings.ID) cards.Block {
	if d.c.LastRev > 0 {
		for _, s := range d.Snapshot.At(d.c.LastRev).Sections() {
			if slices.ContainsFunc(d.sections(), func(now *briefings.Section) bool { return now.ID == s.ID }) {
				watch = append(slices.Clip(watch), s.Watch...)
			}
		}
	}
	var answered, open []cards.Line
	told := map[briefings.ID]bool{}
	for _, id := range watch {
		q, ok := d.Snapshot.Item(id).(*briefings.Question)
		if !ok || told[id] {
			continue
		}
		told[id] = true
		line := cards.Line{Text: cards.Format("• %s %s → ", q.Question, d.Label(q)), Items: append([]briefings.ID{id}, q.AnsweredBy...)}
		switch q.State {
		case briefings.Answered:
			for i, by := range q.AnsweredBy {
				if i > 0 {
					line.Text += " · "
				}
				line.Text += d.Line(by)
			}
			answered = append(answered, line)
			continue
		case briefings.Moot:
			line.Text += d.phrase("digest.moot", nil)
		default:
			line.Text += d.phrase("digest.still_open", nil)
		}
		open = append(open, line)
	}
	lines := append(answered, open...)
	if !d.all {
		lines = lines[:min(mostAsked, len(lines))]
	}
	if len(lines) == 0 {
		return cards.Block{}
	}
	// A line and no heading: what comes late says so above all else.
	return cards.Block{Lines: append([]cards.Line{{Text: d.heading("digest.asked")}}, lines...)}
}
