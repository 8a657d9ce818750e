package digests

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sitrep/briefings"
)

const (
	// settled is how long after a desk was changed it is looked at once more: by
	// then every copy knows of the change, and nothing goes out that was written
	// before it.
	settled = lease + 10*time.Second
	// sweepEvery is how often what was changed within sweepBack is looked at
	// again, in case that something was missed.
	sweepEvery = time.Hour
	sweepBack  = 2 * sweepEvery
)

// news tells which desks were changed, so that what follows from a change costs
// nothing while there is none, however many desks there are. It isn't safe for
// concurrent use.
type news struct {
	record Changes
	back   time.Duration // how far the first look goes back

	newest time.Time // when the newest change that was seen was recorded
	seen   map[briefings.DeskID]int
	swept  time.Time                      // by the wall clock
	again  map[briefings.DeskID]time.Time // when each is looked at for the last time, by the wall clock
	fresh  map[briefings.DeskID]bool      // not looked at yet
}

// due returns the desks to look at, in order. The catalogue among them means all
// of them; it is at first.
func (n *news) due(ctx context.Context, now, wall time.Time) ([]briefings.DeskID, error) {
	since, sweep := n.newest.Add(-skew), wall.Sub(n.swept).Abs() >= sweepEvery
	if now.Before(n.newest) { // a copy's clock was ahead
		since = now.Add(-skew)
	}
	switch {
	case n.seen == nil:
		since = now.Add(-n.back)
		n.again, n.fresh = map[briefings.DeskID]time.Time{}, map[briefings.DeskID]bool{}
	case sweep && now.Add(-sweepBack).Before(since):
		since = now.Add(-sweepBack)
	}
	changed, err := n.record.Changed(ctx, since)
	if err != nil {
		return nil, fmt.Errorf("digests: looking for desks that were changed: %w", err)
	}
	seen := make(map[briefings.DeskID]int, len(changed))
	for desk, c := range changed {
		version, known := n.seen[desk]
		if !known || version != c.Version || sweep {
			n.fresh[desk], n.again[desk] = true, wall.Add(settled)
		}
		if c.At.After(n.newest) {
			n.newest = c.At
		}
		seen[desk] = c.Version
	}
	n.seen = seen
	if sweep {
		n.swept = wall
	}
	var all []briefings.DeskID
	for desk, last := range n.again {
		if n.fresh[desk] || !wall.Before(last) {
			all = append(all, desk)
		}
	}
	slices.Sort(all)
	return all, nil
}

// keep has desk looked at again until nothing is left to do there.
func (n *news) keep(desk briefings.DeskID, wall time.Time) {
	n.fresh[desk] = true
	if n.again[desk].IsZero() {
		n.again[desk] = wall
	}
}

// looked tells that nothing is left to do about what a desk changed.
func (n *news) looked(desk briefings.DeskID, wall time.Time) {
	delete(n.fresh, desk)
	if !wall.Before(n.again[desk]) {
		delete(n.again, desk)
	}
}

// scope is which desks to look at among all: those that were changed, or all
// where the catalogue was. With it comes where to read what each of them says: a
// desk that changed nothing says what the catalogue does, and to know that costs
// nothing.
func (n *news) scope(ctx context.Context, desks []briefings.DeskID) (of []briefings.DeskID, reads func(briefings.DeskID) briefings.DeskID, err error) {
	if !slices.Contains(desks, briefings.Catalogue) {
		return desks, func(desk briefings.DeskID) briefings.DeskID { return desk }, nil
	}
	own, err := n.record.Changed(ctx, time.Time{})
	if err != nil {
		return nil, nil, fmt.Errorf("digests: looking for desks with changes: %w", err)
	}
	return nil, func(desk briefings.DeskID) briefings.DeskID {
		if _, ok := own[desk]; ok {
			return desk
		}
		return briefings.Catalogue
	}, nil
}
