package digests

import (
	"context"
	"slices"
	"testing"
	"time"

	"sitrep/briefings"
)

// recorded is when each desk was changed last.
type recorded map[briefings.DeskID]DeskChange

func (r recorded) Changed(_ context.Context, since time.Time) (map[briefings.DeskID]DeskChange, error) {
	all := map[briefings.DeskID]DeskChange{}
	for desk, c := range r {
		if desk == briefings.Catalogue || c.At.After(since) {
			all[desk] = c
		}
	}
	return all, nil
}

// A change stamped by a clock that was ahead hides nobody else's, and the hourly
// look leaves out nothing, for servers come back without any change.
func TestNewsMissesNothing(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.January, 21, 8, 0, 0, 0, time.UTC)
	record := recorded{briefings.Catalogue: {}}
	n := &news{record: record, back: time.Hour}
	due := func(after time.Duration) []briefings.DeskID {
		t.Helper()
		at := now.Add(after)
		all, err := n.due(t.Context(), at, at)
		if err != nil {
			t.Fatal(err)
		}
		for _, desk := range all {
			n.looked(desk, at)
		}
		return all
	}
	due(0)
	record["1"] = DeskChange{Version: 1, At: now.Add(20 * time.Minute)}
	if got := due(time.Second); !slices.Contains(got, "1") {
		t.Errorf("got %q, want the desk whose clock is ahead", got)
	}
	record["2"] = DeskChange{Version: 1, At: now.Add(time.Second)}
	if got := due(2 * time.Second); !slices.Contains(got, "2") {
		t.Errorf("got %q, want the desk that was changed next", got)
	}
	due(30 * time.Minute)
	if got := due(31 * time.Minute); len(got) != 0 {
		t.Errorf("got %q with no change, want none", got)
	}
	if got := due(2 * time.Hour); !slices.Contains(got, briefings.Catalogue) {
		t.Errorf("got %q after an hour, want the catalogue among it", got)
	}
}
