package commands

import (
	"strings"
	"testing"

	"sitrep/briefings"
)

// calendarOf presses the calendar button below what /dates answers.
func calendarOf(r *rig, who Caller, in Input) answer {
	r.t.Helper()
	for _, b := range r.ask(who, "dates", in).card.Buttons {
		if name, state, _ := strings.Cut(b.Action, ":"); name == "calendar" {
			return r.press(who, name, Press{State: state})
		}
	}
	r.t.Fatal("/dates has no button for a calendar")
	return answer{}
}

func TestDatesAsACalendar(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	got := calendarOf(r, member(), nil)
	file := strings.ReplaceAll(string(got.card.File.Data), "\r\n ", "")
	holds(t, "the card", got.text, "CALENDAR")
	holds(t, "the file", file, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "DTSTART;VALUE=DATE:", ".1001@sitrep\r\n", "SEQUENCE:1\r\n", "!DTSTART:")
	if got.card.File.Name != "key-dates.ics" {
		t.Errorf("the file is called %s", got.card.File.Name)
	}

	var moved *briefings.Event
	for _, e := range briefings.All[*briefings.Event](r.snapshot()) {
		if e.Key && !e.Valid.IsZero() && e.Happened == briefings.Scheduled {
			moved = e
		}
	}
	r.publish(briefings.OpAmend, "", moved.Ref(), func(item briefings.Item) { item.(*briefings.Event).Happened = briefings.Cancelled })
	after := strings.ReplaceAll(string(calendarOf(r, member(), nil).card.File.Data), "\r\n ", "")
	_, part, _ := strings.Cut(after, "UID:"+strings.ReplaceAll(string(moved.ID), "/", ".")+".1001@sitrep\r\n")
	part, _, _ = strings.Cut(part, "END:VEVENT")
	holds(t, "what was cancelled", part, "SEQUENCE:2\r\n", "STATUS:CANCELLED\r\n")
	holds(t, "another server's", strings.ReplaceAll(string(calendarOf(r, elsewhere(), nil).card.File.Data), "\r\n ", ""), "!SEQUENCE:2", ".2002@sitrep")
	holds(t, "in direct messages", string(calendarOf(r, stranger(), nil).card.File.Data), ".catalogue@sitrep")
}

func TestDatesOfASectionAsACalendar(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	all, some := calendarOf(r, member(), nil), calendarOf(r, member(), Input{"section": "talks"})
	if n, of := strings.Count(string(some.card.File.Data), "BEGIN:VEVENT"), strings.Count(string(all.card.File.Data), "BEGIN:VEVENT"); n == 0 || n >= of {
		t.Errorf("the section has %d dates of %d, want some of them", n, of)
	}
	for _, state := range []string{"", "brief", "desk log", "dates|section=none of these", "dates|known=x", "dates|"} {
		if got := r.press(member(), "calendar", Press{State: state}); got.say == "" {
			t.Errorf("calendar:%s: got %q, want it refused", state, got.text)
		}
	}
	r.restartWith(nil)
	if got := r.press(elsewhere(), "calendar", Press{State: "dates"}); !strings.Contains(got.say, "No key date") {
		t.Errorf("an empty briefing: got %q %q", got.say, got.text)
	}
}
