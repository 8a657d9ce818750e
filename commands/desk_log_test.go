package commands

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"time"

	"sitrep/briefings"
)

// logbook is a rig whose desk was changed by 9, and its settings by 7.
func logbook(t *testing.T) *rig {
	t.Helper()
	r := newRig(t)
	r.publish(briefings.OpAmend, "", "F5", func(item briefings.Item) { item.(*briefings.Figure).Value = "640" })
	r.now = r.now.Add(24 * time.Hour)
	if _, _, err := r.desk.Briefings.ChangeSettings(t.Context(), "1001", "7", map[briefings.Setting]string{briefings.Zone: "Europe/Kyiv"}); err != nil {
		t.Fatal(err)
	}
	r.now = r.now.Add(24 * time.Hour)
	r.publish(briefings.OpCorrect, "=HYPERLINK(\"http://evil\") @everyone", "F6", func(item briefings.Item) { item.(*briefings.Figure).Value = "15500" })
	return r
}

func TestLogTellsWhoDidWhat(t *testing.T) {
	t.Parallel()
	r := logbook(t)
	for _, tt := range []struct {
		name string
		in   Input
		want []string
	}{
		{"everything", nil, []string{"3 changes", "rev 3", "corrected", "F6", "<@9>", "HYPERLINK", "<@7>", "UTC", "Europe/Kyiv", "rev 2", "updated", "F5"}},
		{"an item", Input{"item": "F5"}, []string{"1 change", "F5", "!F6", "!Kyiv"}},
		{"a person", Input{"who": "7"}, []string{"1 change", "Kyiv", "!F5"}},
		{"nobody", Input{"who": "12"}, []string{"0 changes", "Nothing of the kind"}},
		{"since a day", Input{"since": "2026-01-22"}, []string{"2 changes", "F6", "Kyiv", "!F5"}},
		{"an item that nobody changed", Input{"item": "F7"}, []string{"Nothing of the kind"}},
	} {
		got := r.ask(member(), "desk log", tt.in)
		holds(t, tt.name, got.text, tt.want...)
	}
	all := r.ask(member(), "desk log", nil).text
	if first, last := strings.Index(all, "F6"), strings.Index(all, "F5"); first > last {
		t.Errorf("got\n%s\nwant the newest first", all)
	}
	for name, in := range map[string]Input{"an unknown item": {"item": "Q"}, "no day": {"since": "yesterday"}} {
		if got := r.ask(member(), "desk log", in); got.say == "" {
			t.Errorf("%s: got %q, want to be told what to write", name, got.text)
		}
	}
}

func TestLogOfARetractedItem(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.publish(briefings.OpCreate, "", "F5", func(item briefings.Item) {
		item.Head().ID, item.Head().Refs = "figure/new", []string{"F99"}
	})
	r.publish(briefings.OpRetract, "a mistake", "F99", nil)
	holds(t, "the log", r.ask(member(), "desk log", Input{"item": "f99"}).text, "retracted", "a mistake", "added", "2 changes")
}

func TestLogIsTheServersOwn(t *testing.T) {
	t.Parallel()
	r := logbook(t)
	holds(t, "another server", r.ask(elsewhere(), "desk log", nil).text, "0 changes", "!F5", "!Kyiv")
	state := "desk log|who=9"
	holds(t, "a page of it", r.press(elsewhere(), "desk-log", Press{State: state}).text, "0 changes")
	holds(t, "the table of it", string(r.press(elsewhere(), "desk-log-table", Press{State: state}).card.File.Data), "!F5", "!9")
	if got := r.ask(stranger(), "desk log", nil); got.say == "" {
		t.Errorf("outside of servers: got %q, want to be sent to one", got.text)
	}
	for _, state := range []string{"", "brief", "desk settings", "desk log|", "desk log|who"} {
		for _, action := range []string{"desk-log", "desk-log-table"} {
			if got := r.press(member(), action, Press{State: state}); got.say == "" {
				t.Errorf("%s:%s: got %q, want it refused", action, state, got.text)
			}
		}
	}
}

func TestLogTurnsItsPages(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for i := range 60 {
		r.publish(briefings.OpAmend, fmt.Sprintf("count %d", i), "F5", func(item briefings.Item) { item.(*briefings.Figure).Value = fmt.Sprint(1000 + i) })
	}
	got := r.ask(member(), "desk log", Input{"item": "F5"})
	seen := got.text
	for range 20 {
		next := ""
		for _, b := range got.card.Buttons {
			if b.Label == "Next" || strings.Contains(b.Label, "Next") {
				next = b.Action
			}
		}
		if next == "" {
			break
		}
		name, state, _ := strings.Cut(next, ":")
		got = r.press(member(), name, Press{State: state})
		seen += got.text
	}
	for i := range 60 {
		if strings.Count(seen, fmt.Sprintf("count %d”", i)) != 1 {
			t.Fatalf("the pages tell %d times of change %d, want once", strings.Count(seen, fmt.Sprintf("count %d”", i)), i)
		}
	}
}

func TestLogAsATable(t *testing.T) {
	t.Parallel()
	r := logbook(t)
	button := r.ask(member(), "desk log", nil).card.Buttons[0].Action
	name, state, _ := strings.Cut(button, ":")
	got := r.press(member(), name, Press{State: state})
	holds(t, "the card", got.text, "apostrophe")
	if got.card.File.Name != "changes-log.csv" {
		t.Errorf("the file is called %s", got.card.File.Name)
	}
	raw := string(got.card.File.Data)
	if strings.Count(raw, "\r\n") != 4 || strings.Count(raw, "\n") != 4 {
		t.Errorf("got %q, want four lines that end in CRLF", raw)
	}
	rows, err := csv.NewReader(strings.NewReader(raw)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"time", "by", "approved_by", "what", "item", "label", "revision", "reason", "changes"},
		{"2026-01-23T08:00:00Z", "9", "", "correct", rows[1][4], "F6", "3", "'=HYPERLINK(\"http://evil\") @everyone", "value: 15000 → 15500"},
		{"2026-01-22T08:00:00Z", "7", "", "setting", "", "zone", "1", "", " → Europe/Kyiv"},
		{"2026-01-21T08:00:00Z", "9", "", "amend", "figure/energy-attacks", "F5", "2", "", "value: 612 → 640"},
	}
	for i := range want {
		if fmt.Sprint(rows[i]) != fmt.Sprint(want[i]) {
			t.Errorf("row %d: got %q, want %q", i, rows[i], want[i])
		}
	}
}

func TestNoCellIsAFormula(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"": "", "612": "612", "a=b": "a=b", "=1+1": "'=1+1", "+1": "'+1", "-18.5": "'-18.5", "@SUM(A1)": "'@SUM(A1)",
		"\t=1": "'\t=1", "\r=1": "'\r=1", "  =1": "'  =1", "＝1": "'＝1", "'=1": "'=1",
	} {
		if got := inert([]string{cell})[0]; got != want {
			t.Errorf("inert(%q) = %q, want %q", cell, got, want)
		}
	}
}

func TestLogIsWholeOrNone(t *testing.T) {
	t.Parallel()
	r := logbook(t)
	r.snapshot()
	r.store.cut.Store(true)
	c, _ := r.set.Command("desk log")
	if reply, err := c.Run(t.Context(), member(), Input{}); err == nil {
		t.Errorf("got %q, want nothing while the settings can't be read", reply.Card.Plain())
	}
	if got := r.ask(member(), "desk log", Input{"item": "F5"}); !strings.Contains(got.text, "F5") {
		t.Errorf("an item's log needs no settings, but got %q", got.say)
	}
}
