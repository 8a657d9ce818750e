package calendar_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"

	"sitrep/briefings"
	"sitrep/calendar"
	"sitrep/cards"
	"sitrep/words"
)

// recorded is when all of it was: half an hour before another day begins there.
func recorded() time.Time {
	return time.Date(2026, time.January, 21, 23, 30, 0, 0, time.FixedZone("", 3*60*60))
}

func event(t *testing.T, id, valid string) *briefings.Event {
	t.Helper()
	e := &briefings.Event{Headline: "Talks in Geneva", Key: true, Certainty: briefings.Fixed, Happened: briefings.Scheduled}
	e.ID = briefings.ID(id)
	if err := e.Valid.UnmarshalText([]byte(valid)); err != nil {
		t.Fatal(err)
	}
	return e
}

// written is the file of events, the retracted ones told apart, at revision rev.
func written(t *testing.T, rev int, events, retracted []*briefings.Event) (string, *ics.Calendar, int) {
	t.Helper()
	var log []briefings.Revision
	for _, e := range append(events[:len(events):len(events)], retracted...) {
		log = append(log, briefings.Revision{Rev: rev, Item: e, Op: briefings.OpCreate, RecordedAt: recorded()})
	}
	book, err := words.Open()
	if err != nil {
		t.Fatal(err)
	}
	telling := cards.Telling{Snapshot: briefings.Compile("1001", nil, log), Words: book.In("en"), Now: recorded()}
	file, n, err := calendar.Write(telling, "1001", events, retracted)
	if err != nil {
		t.Fatal(err)
	}
	again, _, err := calendar.Write(telling, "1001", events, retracted)
	if err != nil || !bytes.Equal(file, again) {
		t.Errorf("the second time it is another file (%v)", err)
	}
	c, err := ics.ParseCalendar(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return string(file), c, n
}

func has(t *testing.T, about, file string, want ...string) {
	t.Helper()
	unfolded := strings.ReplaceAll(file, "\r\n ", "")
	for _, line := range want {
		without := strings.TrimPrefix(line, "!")
		if strings.Contains(unfolded, "\r\n"+without) == (without != line) {
			t.Errorf("%s: got\n%s\nwant a line that starts with %q (! means none)", about, unfolded, line)
		}
	}
}

func TestDaysAreDays(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		valid string
		want  []string
	}{
		{"2026-01-23", []string{"DTSTART;VALUE=DATE:20260123\r\n", "DTEND;VALUE=DATE:20260124\r\n", "STATUS:CONFIRMED"}},
		{"2026-12-31", []string{"DTSTART;VALUE=DATE:20261231\r\n", "DTEND;VALUE=DATE:20270101\r\n"}},
		{"2026-01-19/2026-01-23", []string{"DTSTART;VALUE=DATE:20260119\r\n", "DTEND;VALUE=DATE:20260124\r\n", "STATUS:CONFIRMED"}},
		{"2026-02", []string{"DTSTART;VALUE=DATE:20260201\r\n", "DTEND;VALUE=DATE:20260301\r\n", "STATUS:TENTATIVE"}},
		{"2028", []string{"DTSTART;VALUE=DATE:20280101\r\n", "DTEND;VALUE=DATE:20290101\r\n", "STATUS:TENTATIVE"}},
		{"2026-01-23~", []string{"DTSTART;VALUE=DATE:20260123\r\n", "STATUS:TENTATIVE"}},
		{"2026-01-23?", []string{"STATUS:TENTATIVE"}},
		{"../2026-01-23", []string{"DTSTART;VALUE=DATE:20260123\r\n", "DTEND;VALUE=DATE:20260124\r\n", "STATUS:TENTATIVE"}},
		{"2026-01-23/..", []string{"DTSTART;VALUE=DATE:20260123\r\n", "DTEND;VALUE=DATE:20260124\r\n", "STATUS:TENTATIVE"}},
	} {
		file, _, n := written(t, 1, []*briefings.Event{event(t, "event/geneva", tt.valid)}, nil)
		has(t, tt.valid, file, append(tt.want, "!DTSTART:", "!DTEND:")...)
		if n != 1 {
			t.Errorf("%s: %d dates are said to be in it, want 1", tt.valid, n)
		}
	}
}

func TestWhatStandsHowFirmly(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		certainty briefings.Certainty
		happened  briefings.Happened
		want      string
	}{
		{briefings.Fixed, briefings.Scheduled, "CONFIRMED"},
		{briefings.Announced, briefings.Yes, "CONFIRMED"},
		{briefings.Expected, briefings.Scheduled, "TENTATIVE"},
		{briefings.Conditional, briefings.Scheduled, "TENTATIVE"},
		{briefings.InferredDate, briefings.Unknown, "TENTATIVE"},
		{briefings.Fixed, briefings.Cancelled, "CANCELLED"},
		{briefings.Fixed, briefings.Moved, "CANCELLED"},
		{briefings.Expected, briefings.No, "CANCELLED"},
	} {
		e := event(t, "event/geneva", "2026-01-23")
		e.Certainty, e.Happened = tt.certainty, tt.happened
		file, _, _ := written(t, 1, []*briefings.Event{e}, nil)
		has(t, fmt.Sprint(tt.certainty, " ", tt.happened), file, "STATUS:"+tt.want+"\r\n")
	}
}

func TestADateKeepsItsNameAndCounts(t *testing.T) {
	t.Parallel()
	first, _, _ := written(t, 3, []*briefings.Event{event(t, "event/geneva", "2026-01-23")}, nil)
	has(t, "at first", first, "UID:event.geneva.1001@sitrep\r\n", "SEQUENCE:3\r\n", "DTSTAMP:20260121T203000Z\r\n", "TRANSP:TRANSPARENT")
	later, _, _ := written(t, 8, []*briefings.Event{event(t, "event/geneva", "2026-01-30")}, nil)
	has(t, "later", later, "UID:event.geneva.1001@sitrep\r\n", "SEQUENCE:8\r\n")
}

// What was retracted is struck from calendars, and nothing of it told again.
func TestWhatWasRetracted(t *testing.T) {
	t.Parallel()
	e := event(t, "event/geneva", "2026-01-23")
	e.Text, e.Place = "Never to be said", "Geneva"
	file, _, n := written(t, 4, []*briefings.Event{event(t, "event/davos", "2026-01-23")}, []*briefings.Event{e})
	has(t, "the file", file, "UID:event.geneva.1001@sitrep\r\n", "STATUS:CANCELLED\r\n", "SUMMARY:retracted\r\n")
	if strings.Contains(file, "Never") || strings.Contains(file, "LOCATION") || n != 1 {
		t.Errorf("got %d dates and\n%s\nwant one, and nothing of the other's content", n, file)
	}
}

func TestWhatHasNoDayIsLeftOut(t *testing.T) {
	t.Parallel()
	file, c, n := written(t, 1, []*briefings.Event{event(t, "event/geneva", ""), event(t, "event/davos", "2026-01-23")}, nil)
	if n != 1 || len(c.Events()) != 1 || strings.Contains(file, "geneva") {
		t.Errorf("got %d dates, %d of them in the file:\n%s", n, len(c.Events()), file)
	}
}

func TestTextsAreEscapedAndFolded(t *testing.T) {
	t.Parallel()
	e := event(t, "event/geneva", "2026-01-23")
	e.Headline = `Мирні переговори; Женева, день 1 \ "2": ` + strings.Repeat("ї", 60)
	e.Place = "Geneva\nBEGIN:VALARM\nX:1"
	e.Text = strings.Repeat("слово ", 46) + "😀" + strings.Repeat("ґ", 100)
	file, c, _ := written(t, 1, []*briefings.Event{e}, nil)
	for line := range strings.SplitSeq(strings.TrimSuffix(file, "\r\n"), "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
			t.Errorf("the line %q has %d octets, at most 75 fit", line, len(line))
		}
	}
	if strings.Contains(file, "\r\nBEGIN:VALARM") {
		t.Errorf("a text became a part of its own:\n%s", file)
	}
	v := c.Events()[0]
	if got := v.GetProperty(ics.ComponentPropertySummary).Value; got != e.Headline {
		t.Errorf("the headline came back as %q, want %q", got, e.Headline)
	}
	if got := v.GetProperty(ics.ComponentPropertyDescription).Value; !strings.HasSuffix(got, e.Text) {
		t.Errorf("the text came back as %q, want it to end in %q", got, e.Text)
	}
}
