package briefings_test

import (
	"fmt"
	"testing"

	"sitrep/briefings"
)

// valued is a figure of which nothing but its value matters.
func valued(tb testing.TB, id briefings.ID, ref, value string) *briefings.Figure {
	tb.Helper()
	f := &briefings.Figure{Envelope: briefings.Envelope{ID: id, Refs: []string{ref}}, Value: value}
	return f
}

// storied is a desk with a history: one is 1, then 2; two stays 1; gone is retracted.
func storied(tb testing.TB) *briefings.Snapshot {
	tb.Helper()
	one, gone := valued(tb, "figure/one", "F1", "1"), valued(tb, "figure/gone", "F3", "1")
	return briefings.Compile("7", nil, []briefings.Revision{
		{Rev: 1, Item: one, Op: briefings.OpCreate},
		{Rev: 1, Item: valued(tb, "figure/two", "F2", "1"), Op: briefings.OpCreate},
		{Rev: 1, Item: gone, Op: briefings.OpCreate},
		{Rev: 2, Item: valued(tb, "figure/one", "F1", "2"), Op: briefings.OpAmend},
		{Rev: 3, Item: gone, Op: briefings.OpRetract, Reason: "wrong"},
	})
}

func TestTowardIsWhatDiffers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		item briefings.Item
		want string
	}{
		{valued(t, "figure/one", "F1", "2"), ""},
		{valued(t, "figure/one", "F1", "3"), "amend figure/one from 2"},
		{valued(t, "figure/new", "F4", "1"), "create figure/new from 0"},
		{valued(t, "figure/gone", "F3", "1"), "restore figure/gone from 3"},
		{valued(t, "figure/gone", "F3", "9"), "amend figure/gone from 3"}, // which publishing refuses
	} {
		changes, err := storied(t).Toward([]briefings.Item{tt.item}, briefings.OpAmend, "why")
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, c := range changes {
			got = fmt.Sprintf("%s %s from %d", c.Op, c.Item.Head().ID, c.Seen)
			if c.Reason != "why" {
				t.Errorf("%s: the reason is %q", got, c.Reason)
			}
		}
		if got != tt.want {
			t.Errorf("toward %s = %s: got %q, want %q", tt.item.Head().ID, tt.item.(*briefings.Figure).Value, got, tt.want)
		}
	}
}

func TestSinceTellsTheirsFromOurs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name               string
		rev                int
		item               briefings.Item
		touched, overtaken bool
	}{
		{"left as it was, changed meanwhile", 1, valued(t, "figure/one", "F1", "1"), false, false},
		{"changed on both sides", 1, valued(t, "figure/one", "F1", "3"), true, true},
		{"changed alike on both sides", 1, valued(t, "figure/one", "F1", "2"), true, false},
		{"changed by the files alone", 1, valued(t, "figure/two", "F2", "3"), true, false},
		{"changed on top of the newest", 2, valued(t, "figure/one", "F1", "3"), true, false},
		{"new", 1, valued(t, "figure/new", "F4", "1"), true, false},
		{"left as it was, retracted meanwhile", 1, valued(t, "figure/gone", "F3", "1"), false, false},
		{"changed, retracted meanwhile", 1, valued(t, "figure/gone", "F3", "2"), true, true},
	} {
		touched, overtaken, err := storied(t).Since(tt.rev, []briefings.Item{tt.item})
		if err != nil || (len(touched) == 1) != tt.touched || (len(overtaken) == 1) != tt.overtaken {
			t.Errorf("%s: got touched %v, overtaken %v (%v); want %t, %t", tt.name, touched, overtaken, err, tt.touched, tt.overtaken)
		}
	}
}
