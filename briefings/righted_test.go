package briefings_test

import (
	"strings"
	"testing"
	"time"

	"sitrep/briefings"
)

// TestRighted has one question of the catalogue go through operations after
// what was shown, and tells the item's text with what was wrong set right.
func TestRighted(t *testing.T) {
	t.Parallel()
	const shown = 2 // the catalogue's revision and the desk's first
	for _, tt := range []struct {
		ops  string // of revisions 3, 4, ...: each makes the text its own number
		want string // the text when righted, - where it is gone
		fix  int    // the revision that righted it, 0 for none
	}{
		{"", "2", 0},
		{"amend", "2", 0},
		{"confirm", "2", 0},
		{"correct", "3", 3},
		{"confirm correct", "4", 4},
		{"correct correct", "4", 4},
		{"amend correct", "2", 0},
		{"correct amend", "3", 3},
		{"correct amend correct", "3", 3},
		{"retract", "-", 3},
		{"amend retract", "-", 4},
		{"retract restore", "2", 0},
		{"correct retract restore", "3", 3},
		{"retract restore correct", "5", 5},
	} {
		t.Run(tt.ops, func(t *testing.T) {
			t.Parallel()
			at := time.Date(2026, 1, 20, 8, 0, 0, 0, time.UTC)
			version := func(rev int, op briefings.Op, text string) briefings.Revision {
				q := new(briefings.Question)
				q.ID, q.Refs, q.Question = "question/q", []string{"Q1"}, text
				return briefings.Revision{Rev: rev, Item: q, Op: op, RecordedAt: at.Add(time.Duration(rev) * time.Minute)}
			}
			base := briefings.Compile(briefings.Catalogue, nil, []briefings.Revision{version(1, briefings.OpCreate, "1")})
			own := []briefings.Revision{version(2, briefings.OpAmend, "2")}
			text := "2"
			for i, op := range strings.Fields(tt.ops) {
				if op == "amend" || op == "correct" {
					text = string(rune('3' + i))
				}
				own = append(own, version(3+i, briefings.Op(op), text))
			}
			s := briefings.Compile("1", base, own)
			was, now, fixes := s.Righted(shown)
			if was.Rev != shown || was.Name("question/q") != "2" {
				t.Errorf("was: revision %d says %q, want %d and 2", was.Rev, was.Name("question/q"), shown)
			}
			got, fix := "-", 0
			if now.Item("question/q") != nil {
				got = now.Name("question/q")
			}
			if len(fixes) > 0 {
				fix = fixes[len(fixes)-1].Rev
			}
			if got != tt.want || fix != tt.fix || len(fixes) > 1 {
				t.Errorf("righted it says %q by %d (of %d), want %q by %d", got, fix, len(fixes), tt.want, tt.fix)
			}
			some := strings.Contains(tt.ops, "correct") || strings.Contains(tt.ops, "retract")
			if s.RightedSince(shown) != some || s.RightedSince(s.Rev) {
				t.Errorf("righted since: %t, and since the newest: %t; want %t and false", s.RightedSince(shown), s.RightedSince(s.Rev), some)
			}
			if now.At(1).Name("question/q") != "1" {
				t.Errorf("before, it said %q, want 1", now.At(1).Name("question/q"))
			}
		})
	}
}
