package briefings_test

import (
	"testing"
	"time"

	"sitrep/briefings"
)

// bare is an item with nothing but an id, a label and a day to review it by.
func bare(t *testing.T, id briefings.ID, reviewBy string, sections ...string) briefings.Item {
	t.Helper()
	item := briefings.NewItem(id.Kind())
	*item.Head() = briefings.Envelope{ID: id, Refs: []string{"X1"}, Sections: sections}
	if reviewBy != "" {
		item.Head().ReviewBy = edtf(t, reviewBy)
	}
	return item
}

func moment(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestFreshness(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name       string
		item       briefings.Item
		due, stale string // the last moments without
	}{
		{"figure", bare(t, "figure/a", ""), "2026-01-22T00:00:00Z", "2026-01-25T00:00:00Z"},
		{"assessment", bare(t, "assessment/a", ""), "2026-01-26T00:00:00Z", "2026-02-02T00:00:00Z"},
		{"position", bare(t, "position/a", ""), "2026-02-02T00:00:00Z", "2026-02-16T00:00:00Z"},
		{"actor", bare(t, "actor/a", ""), "2026-04-19T00:00:00Z", "2026-07-18T00:00:00Z"},
		{"event", bare(t, "event/a", ""), "", ""},
		{"a day of its own counts to its end", bare(t, "figure/a", "2026-01-29"), "2026-01-30T00:00:00Z", "2026-02-10T00:00:00Z"},
		{"a day of its own for a kind without window", bare(t, "event/a", "2026-01-20"), "2026-01-21T00:00:00Z", "2026-01-23T00:00:00Z"},
		{"a day long past when it was recorded", bare(t, "figure/a", "2026-01-01"), "2026-01-02T00:00:00Z", "2026-01-02T00:00:00Z"},
	} {
		snap := briefings.Compile("1", nil, []briefings.Revision{{Rev: 1, Item: tt.item, Op: briefings.OpCreate, RecordedAt: begin()}})
		id := tt.item.Head().ID
		if tt.due == "" {
			if got := snap.Freshness(id, begin().AddDate(100, 0, 0)); got != briefings.Fresh {
				t.Errorf("%s: got %s after a century, want fresh for ever", tt.name, got)
			}
			continue
		}
		for i, at := range []string{tt.due, tt.stale} {
			late := []briefings.Freshness{briefings.ReviewDue, briefings.Stale}[i]
			if got := snap.Freshness(id, moment(t, at)); got >= late {
				t.Errorf("%s at %s: got %s, want it less than %s", tt.name, at, got, late)
			}
			if got := snap.Freshness(id, moment(t, at).Add(time.Nanosecond)); got < late {
				t.Errorf("%s just after %s: got %s, want %s at least", tt.name, at, got, late)
			}
		}
	}
	if got := new(briefings.Snapshot).Freshness("figure/none", begin()); got != briefings.Fresh {
		t.Errorf("no such item: got %s", got)
	}
}

// TestConfirmationRenews: only the review date moves.
func TestConfirmationRenews(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.now = func() time.Time { return begin().AddDate(0, 0, 30) }
	s := r.copy(forgetful{})
	before := snapshot(t, s, "1")
	c := amendment(t, before, "figure/one", "1")
	c.Op = briefings.OpConfirm
	after, err := s.Publish(t.Context(), batch("1", c))
	if err != nil {
		t.Fatal(err)
	}
	now := r.now().Add(time.Hour)
	if got := before.Freshness("figure/one", now); got != briefings.Stale {
		t.Errorf("before: got %s, want stale", got)
	}
	if got := after.Freshness("figure/one", now); got != briefings.Fresh {
		t.Errorf("after: got %s, want fresh", got)
	}
	if content(t, before) != content(t, after) {
		t.Error("a confirmation changed the content")
	}
}

// TestConfirmationSettlesAReviewDay: a day that was over is no longer asked for.
func TestConfirmationSettlesAReviewDay(t *testing.T) {
	t.Parallel()
	item, confirmed := bare(t, "figure/a", "2026-01-20"), begin().AddDate(0, 0, 10)
	snap := briefings.Compile("1", nil, []briefings.Revision{
		{Rev: 1, Item: item, Op: briefings.OpCreate, RecordedAt: begin()},
		{Rev: 2, Item: item, Op: briefings.OpConfirm, RecordedAt: confirmed},
	})
	for days, want := range map[int]briefings.Freshness{2: briefings.Fresh, 4: briefings.ReviewDue, 7: briefings.Stale} {
		if got := snap.Freshness("figure/a", confirmed.AddDate(0, 0, days)); got != want {
			t.Errorf("%d days after it was confirmed: got %s, want %s", days, got, want)
		}
	}
}

func TestClosedSectionIsHistory(t *testing.T) {
	t.Parallel()
	section := func(id briefings.ID, closed string) briefings.Item {
		s := &briefings.Section{Envelope: briefings.Envelope{ID: id}}
		if closed != "" {
			s.Closed = edtf(t, closed)
		}
		return s
	}
	var revs []briefings.Revision
	for _, item := range []briefings.Item{
		section("section/old", "2026-02-01"), section("section/new", ""),
		bare(t, "figure/old", "", "old"), bare(t, "figure/both", "", "old", "new"), bare(t, "figure/lost", "", "nowhere"),
	} {
		revs = append(revs, briefings.Revision{Rev: 1, Item: item, Op: briefings.OpCreate, RecordedAt: begin()})
	}
	snap := briefings.Compile("1", nil, revs)
	for _, tt := range []struct {
		id   briefings.ID
		at   string
		want string
	}{
		{"figure/old", "2026-02-01T23:59:59Z", "stale"},
		{"figure/old", "2026-02-02T00:00:00Z", "historical"},
		{"section/old", "2026-02-02T00:00:00Z", "historical"},
		{"section/new", "2026-02-02T00:00:00Z", "fresh"},
		{"figure/both", "2026-02-02T00:00:00Z", "stale"},
		{"figure/lost", "2026-02-02T00:00:00Z", "stale"},
		{"figure/old", "2026-01-23T00:00:00Z", "review due"},
	} {
		if got := snap.Freshness(tt.id, moment(t, tt.at)).String(); got != tt.want {
			t.Errorf("%s at %s: got %s, want %s", tt.id, tt.at, got, tt.want)
		}
	}
}
