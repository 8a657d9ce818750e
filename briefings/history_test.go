package briefings_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"sitrep/briefings"
)

func TestHistory(t *testing.T) {
	t.Parallel()
	d := newDiary(t)
	d.value(briefings.OpAmend, "figure/ten", "5", "")
	d.value(briefings.OpCorrect, "figure/ten", "6", "a slip")
	d.publish(retraction(d.snap, "figure/ten"))
	d.same(briefings.OpRestore, "figure/ten")
	var got []string
	for _, r := range d.snap.History("figure/ten") {
		got = append(got, fmt.Sprintf("%d %s %s %s", r.Rev, r.Op, r.Item.(*briefings.Figure).Value, r.Reason))
	}
	want := []string{"1 create 1 ", "2 amend 5 ", "3 correct 6 a slip", "4 retract 6 It was never so.", "5 restore 6 "}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for rev, want := range map[int]string{0: "", 1: "1", 2: "5", 3: "6", 4: "", 5: "6", 9: "6"} {
		got := ""
		if f, ok := d.snap.Version("figure/ten", rev).(*briefings.Figure); ok {
			got = f.Value
		}
		if got != want {
			t.Errorf("at revision %d: got %q, want %q", rev, got, want)
		}
	}
	if got := d.snap.History("figure/none"); len(got) != 0 || d.snap.Version("figure/none", 3) != nil {
		t.Errorf("of nothing: got %v", got)
	}
	if got := d.snap.At(0); got != nil {
		t.Errorf("before the first revision: got %v", got)
	}
	if got := d.snap.At(99); got != d.snap {
		t.Errorf("after the newest: got revision %d", got.Rev)
	}

	// An old version is brought back by publishing it anew.
	old := d.snap.History("figure/ten")[1].Item
	d.publish(briefings.Change{Item: old, Op: briefings.OpAmend, Seen: d.snap.ItemRev("figure/ten")})
	if got := valueOf(d.snap, "figure/ten"); got != "5" {
		t.Errorf("reverted: got %q, want 5", got)
	}
}

func TestValidAt(t *testing.T) {
	t.Parallel()
	var revs []briefings.Revision
	for i, span := range []string{"", "2026-01-17", "2025-11", "2026", "2026-01-17~", "2026-01-10/2026-01-20", "2026-01-18/..", "../2026-01-18"} {
		e := &briefings.Event{Envelope: briefings.Envelope{ID: briefings.ID(fmt.Sprintf("event/e%d", i)), Refs: []string{fmt.Sprintf("E%d", i)}}}
		if span != "" {
			e.Valid = edtf(t, span)
		}
		revs = append(revs, briefings.Revision{Rev: 1, Item: e, Op: briefings.OpCreate, RecordedAt: begin()})
	}
	snap := briefings.Compile("1", nil, append(revs, briefings.Revision{Rev: 1, RecordedAt: begin(), Item: &briefings.Conflict{
		Envelope: briefings.Envelope{ID: "conflict/c", Refs: []string{"X1"}, Valid: edtf(t, "2025")}, Members: []briefings.ID{"event/e1", "event/e2"},
	}}))
	for _, tt := range []struct {
		day  string
		want string
	}{
		{"2026-01-17T23:59:59Z", "E0 E1 E3 E4 E5 E7 "},
		{"2026-01-18T00:00:00Z", "E0 E3 E5 E6 E7 "},
		{"2026-01-19T00:00:00Z", "E0 E3 E5 E6 "},
		{"2025-11-30T00:00:00Z", "E0 E2 E7 X1 "},
		{"2027-01-01T00:00:00Z", "E0 E6 "},
	} {
		v, got := snap.ValidAt(moment(t, tt.day)), ""
		for _, item := range v.Items() {
			got += item.Head().Ref() + " "
		}
		if got != tt.want {
			t.Errorf("on %s: got %s, want %s", tt.day, got, tt.want)
		}
		for _, item := range snap.Items() {
			listed := slices.Contains(v.Items(), item)
			if (v.Item(item.Head().ID) != nil) != listed || (v.ByRef(item.Head().Ref()) != nil) != listed || len(v.History(item.Head().ID)) != 1 {
				t.Errorf("on %s: %s is listed %t, and found otherwise", tt.day, item.Head().ID, listed)
			}
		}
		if got := len(v.Conflicts("event/e1")); (got == 1) != (v.Item("conflict/c") != nil) {
			t.Errorf("on %s: %d conflicts", tt.day, got)
		}
	}
	if len(snap.Items()) != 9 {
		t.Error("asking changed what was asked")
	}
}

func TestRetracted(t *testing.T) {
	t.Parallel()
	d := newDiary(t)
	d.publish(retraction(d.snap, "figure/ten"))
	d.publish(retraction(d.snap, "conflict/one-two"))
	ids := func(snap *briefings.Snapshot) (all []briefings.ID) {
		for _, item := range snap.Retracted() {
			all = append(all, item.Head().ID)
		}
		return all
	}
	if got, want := ids(d.snap), []briefings.ID{"conflict/one-two", "figure/ten"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	d.same(briefings.OpRestore, "figure/ten")
	if got, want := ids(d.snap), []briefings.ID{"conflict/one-two"}; !slices.Equal(got, want) {
		t.Errorf("one of them restored: got %v, want %v", got, want)
	}
	if got := ids(snapshot(t, d.s, "2")); len(got) != 0 {
		t.Errorf("another desk: got %v, want none", got)
	}
}

// TestKnownBearsClocksThatDiffer: a catalogue that was recorded by a slow clock
// is not known before what the desk had published by then.
func TestKnownBearsClocksThatDiffer(t *testing.T) {
	t.Parallel()
	minute := func(n int) time.Time { return begin().Add(time.Duration(n) * time.Minute) }
	figure := func(value string) briefings.Item { return edited(t, map[briefings.ID]string{"figure/one": value})[4] }
	base := briefings.Compile(briefings.Catalogue, nil, []briefings.Revision{
		{Rev: 1, Item: figure("1"), Op: briefings.OpCreate, RecordedAt: begin()},
		{Rev: 2, Item: figure("2"), Op: briefings.OpAmend, RecordedAt: minute(5)},
	})
	snap := briefings.Compile("1", base, []briefings.Revision{
		{Rev: 2, Item: bare(t, "event/a", ""), Op: briefings.OpCreate, RecordedAt: minute(10)},
	})
	for _, tt := range []struct {
		minute, rev int
		value       string
	}{{0, 1, "1"}, {5, 1, "1"}, {9, 1, "1"}, {10, 3, "2"}} {
		if got := snap.Known(minute(tt.minute)); got.Rev != tt.rev || valueOf(got, "figure/one") != tt.value {
			t.Errorf("after %d minutes: got revision %d with %s, want %d with %s", tt.minute, got.Rev, valueOf(got, "figure/one"), tt.rev, tt.value)
		}
	}
}
