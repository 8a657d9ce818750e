// Package calendar writes key dates as an iCalendar file (RFC 5545), which
// calendars everywhere import.
//
// A date keeps its UID in a desk for good and counts its revisions, so that a
// calendar that imports the next file moves what it has, and strikes what was
// cancelled or retracted. Key dates are days on the calendar of their place, not
// instants: no zone moves one to another day.
package calendar

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"sitrep/briefings"
	"sitrep/cards"
)

// Write returns the file of those of the dates that have a day, and of what was
// retracted of such dates, and how many of dates are in it. The same revision
// gives the same bytes.
func Write(t cards.Telling, desk briefings.DeskID, dates []*briefings.Event, retracted []*briefings.Event) (file []byte, written int, err error) {
	c := ics.NewCalendarFor("sitrep")
	c.SetProductId("-//sitrep//key dates//EN")
	c.SetXWRCalName(t.Words.Say("dates.title"))
	w := writer{Calendar: c, telling: t, desk: cmp.Or(string(desk), "catalogue")}
	for _, e := range dates {
		v := w.date(e)
		if v == nil {
			continue
		}
		written++
		v.SetStatus(status(e))
		v.SetSummary(e.Headline)
		v.SetDescription(strings.TrimSpace(t.KeyDate(e).Plain() + "\n" + e.Text))
		if e.Place != "" {
			v.SetLocation(e.Place)
		}
	}
	for _, e := range retracted {
		if v := w.date(e); v != nil { // of which nothing more is told
			v.SetStatus(ics.ObjectStatusCancelled)
			v.SetSummary(t.Words.Say("op.retract"))
		}
	}
	var out bytes.Buffer
	if err := c.SerializeTo(&out, ics.WithNewLineWindows); err != nil {
		return nil, 0, fmt.Errorf("calendar: write the dates of desk %s: %w", desk, err)
	}
	return out.Bytes(), written, nil
}

type writer struct {
	*ics.Calendar
	telling cards.Telling
	desk    string
}

// date adds e with its days, nil where it has none.
func (w writer) date(e *briefings.Event) *ics.VEvent {
	first, last, ok := days(e.Valid)
	if !ok {
		return nil
	}
	rev := w.telling.Snapshot.Revision(e.ID)
	v := w.AddEvent(fmt.Sprintf("%s.%s@sitrep", strings.ReplaceAll(string(e.ID), "/", "."), w.desk))
	v.SetDtStampTime(rev.RecordedAt)
	v.SetSequence(rev.Rev)
	v.SetAllDayStartAt(first)
	v.SetAllDayEndAt(last.AddDate(0, 0, 1)) // the day after, by RFC 5545
	v.SetTimeTransparency(ics.TransparencyTransparent)
	return v
}

// days are the first and the last day that e may mean; where an end is open,
// the one that is known.
func days(e briefings.EDTF) (first, last time.Time, ok bool) {
	first, starts := e.First()
	last, ends := e.Last()
	switch {
	case !starts && !ends:
		return first, last, false
	case !starts:
		first = last
	case !ends:
		last = first
	}
	return first, last, true
}

func status(e *briefings.Event) ics.ObjectStatus {
	switch e.Happened {
	case briefings.No, briefings.Cancelled, briefings.Moved:
		return ics.ObjectStatusCancelled
	}
	firm := e.Certainty == briefings.Fixed || e.Certainty == briefings.Announced
	_, starts := e.Valid.First()
	_, ends := e.Valid.Last()
	if !firm || !starts || !ends || e.Valid.Precision() != briefings.Day || e.Valid.Approximate() || e.Valid.Uncertain() {
		return ics.ObjectStatusTentative
	}
	return ics.ObjectStatusConfirmed
}
