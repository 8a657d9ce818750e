package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"sitrep/briefings"
)

func testPublish(t *testing.T, open Opener) {
	s := opened(t, open)
	first := []briefings.Revision{revision(3, "b", "one?"), revision(3, "a", "two?")}
	second := []briefings.Revision{revision(7, "b", "three?")}
	second[0].Op, second[0].Reason, second[0].ApprovedBy = briefings.OpCorrect, "a slip", "43"
	second[0].Edition = 7
	second[0].RecordedAt = second[0].RecordedAt.Add(123 * time.Millisecond)
	if err := s.Publish(t.Context(), "1", 0, first); err != nil {
		t.Fatal(err)
	}
	if err := s.Publish(t.Context(), "1", 3, second); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		desk  briefings.DeskID
		after int
		want  []briefings.Revision
	}{
		{"all, oldest first, in the order published", "1", 0, append(first, second...)},
		{"after the first", "1", 3, second},
		{"after the newest", "1", 7, nil},
		{"a desk without any", "2", 0, nil},
	} {
		got, err := s.Revisions(t.Context(), tt.desk, tt.after)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		same(t, tt.name, got, tt.want)
	}
}

func testPublishRefuses(t *testing.T, open Opener) {
	s := opened(t, open)
	if err := s.Publish(t.Context(), "1", 0, []briefings.Revision{revision(5, "a", "?")}); err != nil {
		t.Fatal(err)
	}
	early := revision(6, "a", "?")
	early.RecordedAt = at(5).Add(-time.Millisecond)
	timeless := revision(6, "a", "?")
	timeless.RecordedAt = time.Time{}
	huge := revision(6, "a", string(make([]byte, 1<<20)))
	for _, tt := range []struct {
		name  string
		seen  int
		revs  []briefings.Revision
		stale bool
		says  string
	}{
		{"nothing seen", 0, []briefings.Revision{revision(6, "a", "?")}, true, "newest is 5"},
		{"an old one seen", 4, []briefings.Revision{revision(6, "a", "?")}, true, "newest is 5"},
		{"one to come seen", 6, []briefings.Revision{revision(7, "a", "?")}, true, "newest is 5"},
		{"nothing", 5, nil, false, "nothing to publish"},
		{"no step on", 5, []briefings.Revision{revision(5, "b", "?")}, false, "made from 5"},
		{"two steps", 5, []briefings.Revision{revision(6, "a", "?"), revision(7, "b", "?")}, false, "revision 7 among those of 6"},
		{"one item twice", 5, []briefings.Revision{revision(6, "a", "?"), revision(6, "a", "?")}, false, "store: publish to desk 1"},
		{"time running backwards", 5, []briefings.Revision{early}, false, "before revision 5"},
		{"no time", 5, []briefings.Revision{timeless}, false, "no time"},
		{"no item", 5, []briefings.Revision{{Rev: 6, RecordedAt: at(6)}}, false, "no item"},
		{"too much", 5, []briefings.Revision{huge}, false, "invalid"},
	} {
		err := s.Publish(t.Context(), "1", tt.seen, tt.revs)
		if errors.Is(err, briefings.ErrStale) != tt.stale {
			t.Errorf("%s: got %v, want stale to be %t", tt.name, err, tt.stale)
		}
		if errors.Is(err, briefings.ErrUnavailable) {
			t.Errorf("%s: got %v, want no word of the database being away", tt.name, err)
		}
		says(t, err, tt.says)
	}
	got, err := s.Revisions(t.Context(), "1", 0)
	if err != nil || len(got) != 1 {
		t.Errorf("got %d revisions, %v, want the first alone", len(got), err)
	}
}

// testPublishOnce has twenty moderators save at once what they made from the
// same revision, first from none.
func testPublishOnce(t *testing.T, open Opener) {
	s := opened(t, open)
	for _, seen := range []int{0, 1} {
		errs := together(20, func(i int) error {
			return s.Publish(t.Context(), "1", seen, []briefings.Revision{revision(seen+1, "a", fmt.Sprint(i))})
		})
		won := -1
		for i, err := range errs {
			switch {
			case err == nil && won >= 0:
				t.Errorf("seen %d: %d and %d both won", seen, won, i)
			case err == nil:
				won = i
			case !errors.Is(err, briefings.ErrStale):
				t.Errorf("seen %d: %v, want stale", seen, err)
			}
		}
		got, err := s.Revisions(t.Context(), "1", seen)
		if err != nil || len(got) != 1 {
			t.Fatalf("seen %d: got %d revisions, %v, want 1", seen, len(got), err)
		}
		if text := got[0].Item.(*briefings.Question).Question; text != fmt.Sprint(won) {
			t.Errorf("seen %d: kept what %s wrote, but told %d", seen, text, won)
		}
	}
}

// testPublishMany goes over what one statement inserts.
func testPublishMany(t *testing.T, open Opener) {
	s := opened(t, open)
	revs := make([]briefings.Revision, 501)
	for i := range revs {
		revs[i] = revision(1, fmt.Sprint(len(revs)-i), fmt.Sprint(i))
	}
	if err := s.Publish(t.Context(), "1", 0, revs); err != nil {
		t.Fatal(err)
	}
	got, err := s.Revisions(t.Context(), "1", 0)
	if err != nil || len(got) != len(revs) {
		t.Fatalf("got %d revisions, %v, want %d", len(got), err, len(revs))
	}
	for i, r := range got {
		if text := r.Item.(*briefings.Question).Question; text != fmt.Sprint(i) {
			t.Fatalf("got %s in place %d", text, i)
		}
	}
}

func testNewest(t *testing.T, open Opener) {
	s := opened(t, open)
	if got, err := s.Latest(t.Context()); err != nil || !got.IsZero() {
		t.Errorf("with nothing recorded: %s, %v, want no time", got, err)
	}
	many := make([]briefings.DeskID, 2500)
	for i := range many {
		many[i] = briefings.DeskID(fmt.Sprint(i))
	}
	for i, desk := range []briefings.DeskID{"0", "999", "1000", "2499", "elsewhere"} {
		if err := s.Publish(t.Context(), desk, 0, []briefings.Revision{revision(i+1, "a", "?")}); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := s.Latest(t.Context()); err != nil || !got.Equal(at(5)) {
		t.Errorf("the newest of all was recorded at %s, %v, want %s", got, err, at(5))
	}
	for _, tt := range []struct {
		name  string
		desks []briefings.DeskID
		want  map[briefings.DeskID]int
	}{
		{"none asked for", nil, map[briefings.DeskID]int{}},
		{"none known", []briefings.DeskID{"7"}, map[briefings.DeskID]int{}},
		{"many", many, map[briefings.DeskID]int{"0": 1, "999": 2, "1000": 3, "2499": 4}},
	} {
		got, err := s.Newest(t.Context(), tt.desks)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		same(t, tt.name, got, tt.want)
	}
}

func testSectioned(t *testing.T, open Opener) {
	s := opened(t, open)
	section := func(rev int, op briefings.Op) briefings.Revision {
		r := revision(rev, "a", "?")
		r.Op, r.Reason = op, "no more"
		r.Item = &briefings.Section{Envelope: briefings.Envelope{ID: "section/budget", Refs: []string{"S1"}}, Command: "budget", Title: "Budget", Bluf: "It has passed."}
		return r
	}
	for _, p := range []struct {
		desk briefings.DeskID
		revs []briefings.Revision
	}{
		{"1", []briefings.Revision{section(1, briefings.OpCreate)}},
		{"1", []briefings.Revision{section(2, briefings.OpRetract)}},
		{"2", []briefings.Revision{revision(1, "section", "?")}},
		{"3", []briefings.Revision{revision(1, "a", "?"), section(1, briefings.OpCreate)}},
	} {
		if err := s.Publish(t.Context(), p.desk, p.revs[0].Rev-1, p.revs); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Sectioned(t.Context())
	slices.Sort(got)
	if err != nil || !slices.Equal(got, []briefings.DeskID{"1", "3"}) {
		t.Errorf("got %v, %v; want desks 1 and 3", got, err)
	}
}
