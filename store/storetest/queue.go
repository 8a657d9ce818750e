package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"sitrep/briefings"
)

// entry is a question that person asked at the n-th minute.
func entry(subject string, person briefings.UserID, n int) briefings.Entry {
	return briefings.Entry{Desk: "1", Sort: briefings.AskedEntry, Subject: subject, Text: "Ну і " + subject + "?", By: person, RecordedAt: at(n)}
}

// queued are the entries of a desk without their ids, which are checked to differ.
func queued(t *testing.T, s Store, desk briefings.DeskID) (all []briefings.Entry, ids []string) {
	t.Helper()
	all, err := s.Queue(t.Context(), desk)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{"": true}
	for i := range all {
		if seen[all[i].ID] {
			t.Errorf("the id %q comes twice, or there is none", all[i].ID)
		}
		seen[all[i].ID] = true
		ids = append(ids, all[i].ID)
		all[i].ID = ""
	}
	return all, ids
}

func testQueue(t *testing.T, open Opener) {
	s := opened(t, open)
	report := briefings.Entry{Desk: "1", Sort: briefings.ReportedEntry, Subject: "a", Fault: "wrong", Text: "'; --\x00", By: "7", RecordedAt: at(3)}
	elsewhere := entry("a", "7", 4)
	elsewhere.Desk = "2"
	for _, tt := range []struct {
		name string
		e    briefings.Entry
		want error
	}{
		{"a question", entry("a", "7", 1), nil},
		{"the same again", entry("a", "7", 9), briefings.ErrLeft},
		{"by somebody else", entry("a", "8", 2), nil},
		{"on another subject", entry("b", "7", 2), nil},
		{"a report on the same subject", report, nil},
		{"on another desk", elsewhere, nil},
	} {
		if err := s.Leave(t.Context(), tt.e); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
	report.Text = "'; --\uFFFD"
	got, ids := queued(t, s, "1")
	if len(got) != 4 {
		t.Fatalf("got %+v, want four", got)
	}
	same(t, "the newest", got[0], report)
	same(t, "the oldest", got[3], entry("a", "7", 1))
	if other, _ := queued(t, s, "2"); len(other) != 1 {
		t.Errorf("another desk has %d, want 1", len(other))
	}
	if err := s.Resolve(t.Context(), "2", ids[0]); !errors.Is(err, briefings.ErrNotFound) {
		t.Errorf("resolving another desk's: got %v, want not found", err)
	}
	if err := s.Resolve(t.Context(), "1", ids[0]); err != nil {
		t.Error(err)
	}
	if err := s.Resolve(t.Context(), "1", ids[0]); !errors.Is(err, briefings.ErrNotFound) {
		t.Errorf("resolving it again: got %v, want not found", err)
	}
	if err := s.Leave(t.Context(), report); err != nil {
		t.Errorf("reporting again what was resolved: %v", err)
	}
}

// testResolve forgets all who left the same, but for who came later.
func testResolve(t *testing.T, open Opener) {
	s := opened(t, open)
	for n, who := range []briefings.UserID{"1", "2", "3"} {
		if err := s.Leave(t.Context(), entry("a", who, n)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Leave(t.Context(), entry("b", "1", 0)); err != nil {
		t.Fatal(err)
	}
	_, ids := queued(t, s, "1")
	if err := s.Resolve(t.Context(), "1", ids[1]); err != nil { // the second of three on a
		t.Fatal(err)
	}
	got, _ := queued(t, s, "1")
	same(t, "what is left", got, []briefings.Entry{entry("a", "3", 2), entry("b", "1", 0)})
}

func testQueueBounds(t *testing.T, open Opener) {
	s := opened(t, open)
	for n := range briefings.MostADay {
		if err := s.Leave(t.Context(), entry(fmt.Sprint("s", n), "7", n)); err != nil {
			t.Fatal(err)
		}
	}
	late := entry("one more", "7", 59)
	if err := s.Leave(t.Context(), late); !errors.Is(err, briefings.ErrEnough) {
		t.Errorf("one more on that day: got %v, want enough", err)
	}
	late.RecordedAt = late.RecordedAt.Add(24 * time.Hour)
	if err := s.Leave(t.Context(), late); err != nil {
		t.Errorf("one on the next day: %v", err)
	}
	for n := briefings.MostADay + 1; n < briefings.MostEntries; n++ {
		if err := s.Leave(t.Context(), entry("s", briefings.UserID(fmt.Sprint("p", n)), 5)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Leave(t.Context(), entry("s", "somebody", 6)); !errors.Is(err, briefings.ErrFull) {
		t.Errorf("over the most: got %v, want full", err)
	}
	if got, _ := queued(t, s, "1"); len(got) != briefings.MostEntries {
		t.Errorf("got %d, want %d", len(got), briefings.MostEntries)
	}
}

// testLeaveOnce has eight copies keep the same entry at once.
func testLeaveOnce(t *testing.T, open Opener) {
	s := opened(t, open)
	kept := 0
	for i, err := range together(8, func(int) error { return s.Leave(t.Context(), entry("a", "7", 1)) }) {
		switch {
		case err == nil:
			kept++
		case !errors.Is(err, briefings.ErrLeft):
			t.Errorf("copy %d: got %v, want that it was left before", i, err)
		}
	}
	if got, _ := queued(t, s, "1"); kept != 1 || len(got) != 1 {
		t.Errorf("%d copies kept it, %d are there; want one", kept, len(got))
	}
}

func testHold(t *testing.T, open Opener) {
	s := opened(t, open)
	for n, who := range []briefings.UserID{"1", "2"} {
		if err := s.Leave(t.Context(), entry("a", who, n)); err != nil {
			t.Fatal(err)
		}
	}
	_, ids := queued(t, s, "1")
	day := at(5).Add(briefings.HoldLasts)
	for _, step := range []struct {
		name  string
		desk  briefings.DeskID
		who   briefings.UserID
		letGo bool
		when  time.Time
		want  briefings.UserID // who holds it then, as who is told
		err   error
	}{
		{"another desk's", "2", "8", false, at(5), "", briefings.ErrNotFound},
		{"the first", "1", "8", false, at(5), "8", nil},
		{"the second", "1", "9", false, at(6), "8", nil},
		{"the first again", "1", "8", false, at(7), "8", nil},
		{"let go by somebody else", "1", "9", true, at(7), "8", nil},
		{"let go on another desk", "2", "8", true, at(7), "8", nil},
		{"just before the day is over", "1", "9", false, day.Add(-time.Millisecond), "8", nil},
		{"a day later", "1", "9", false, day, "9", nil},
		{"let go", "1", "9", true, day, "", nil},
	} {
		if step.letGo {
			if err := s.LetGo(t.Context(), step.desk, ids[0], step.who); err != nil {
				t.Errorf("%s: %v", step.name, err)
			}
		} else if got, err := s.Hold(t.Context(), step.desk, ids[0], step.who, step.when); !errors.Is(err, step.err) || err == nil && got != step.want {
			t.Errorf("%s: got %q, %v, want %q, %v", step.name, got, err, step.want, step.err)
		}
		all, _ := queued(t, s, "1")
		for _, e := range all {
			if got := e.Holder(step.when); step.err == nil && got != step.want {
				t.Errorf("%s: %q holds the entry of %s, want %q", step.name, got, e.By, step.want)
			}
		}
	}
	if _, err := s.Hold(t.Context(), "1", ids[0], "8", day); err != nil {
		t.Fatal(err)
	}
	if err := s.Resolve(t.Context(), "1", ids[0]); err != nil {
		t.Fatal(err)
	}
	if err := s.Leave(t.Context(), entry("a", "1", 9)); err != nil {
		t.Fatal(err)
	}
	if all, _ := queued(t, s, "1"); len(all) != 1 || all[0].HeldBy != "" {
		t.Errorf("left anew after it was resolved: got %+v, want that nobody looks into it", all)
	}
}

// testHoldOnce has eight moderators take the same entry at once.
func testHoldOnce(t *testing.T, open Opener) {
	s := opened(t, open)
	if err := s.Leave(t.Context(), entry("a", "1", 0)); err != nil {
		t.Fatal(err)
	}
	_, ids := queued(t, s, "1")
	holders := make([]briefings.UserID, 8)
	for i, err := range together(len(holders), func(i int) (err error) {
		holders[i], err = s.Hold(t.Context(), "1", ids[0], briefings.UserID(fmt.Sprint(i)), at(i))
		return err
	}) {
		if err != nil || holders[i] != holders[0] || holders[i] == "" {
			t.Errorf("moderator %d: %q holds it, %v, want what all are told: %q", i, holders[i], err, holders[0])
		}
	}
}

func testLooks(t *testing.T, open Opener) {
	s := opened(t, open)
	for _, tt := range []struct {
		name string
		desk briefings.DeskID
		look briefings.Look // kept before it is read, unless zero
		want briefings.Look
	}{
		{"never looked", "1", briefings.Look{}, briefings.Look{}},
		{"the first look", "1", briefings.Look{Rev: 3, At: at(3)}, briefings.Look{Rev: 3, At: at(3)}},
		{"a later one", "1", briefings.Look{Rev: 5, At: at(5)}, briefings.Look{Rev: 5, At: at(5)}},
		{"one that comes late", "1", briefings.Look{Rev: 4, At: at(4)}, briefings.Look{Rev: 5, At: at(5)}},
		{"another desk", "2", briefings.Look{}, briefings.Look{}},
	} {
		if tt.look != (briefings.Look{}) {
			if err := s.Looked(t.Context(), tt.desk, "7", tt.look); err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
		got, err := s.LastLook(t.Context(), tt.desk, "7")
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		same(t, tt.name, got, tt.want)
	}
	if got, err := s.LastLook(t.Context(), "1", "8"); err != nil || got != (briefings.Look{}) {
		t.Errorf("somebody else: got %+v, %v, want none", got, err)
	}
}
