package briefings

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Loaded is the catalogue that this copy of sitrep came with.
type Loaded struct {
	Items      []Item // that have passed [Check]
	Edition    int    // of the bundled one, which grows with every change of it; 0 for a folder
	RecordedAt time.Time
}

// removed is the reason that readers see for what a newer catalogue lacks.
const removed = "It is no longer in the catalogue."

// against is what l changes in the catalogue as recorded so far, as of at: one
// revision, or none where nothing differs or l is older. A folder is always
// newer: somebody chose it.
func (l Loaded) against(recorded *Snapshot, at time.Time) ([]Revision, error) {
	for _, r := range recorded.log {
		if l.Edition > 0 && r.Edition > l.Edition {
			return nil, nil
		}
	}
	if at.Before(recorded.RecordedAt) {
		at = recorded.RecordedAt
	}
	var revs []Revision
	add := func(item Item, op Op, reason string) {
		revs = append(revs, Revision{
			Rev: recorded.Rev + 1, Item: item, Op: op, Reason: reason,
			RecordedAt: at, RecordedBy: UserID(Catalogue), Edition: l.Edition,
		})
	}
	loaded := make(map[ID]bool, len(l.Items))
	for _, item := range l.Items {
		id := item.Head().ID
		loaded[id] = true
		r, _ := recorded.newest(id)
		switch {
		case r == nil:
			add(item, OpCreate, "")
		case r.Op == OpRetract:
			add(item, OpRestore, "")
		default:
			equal, err := Equal(item, r.Item)
			if err != nil {
				return nil, err
			}
			if !equal {
				add(item, OpAmend, "")
			}
		}
	}
	for _, item := range recorded.ordered {
		if !loaded[item.Head().ID] {
			add(item, OpRetract, removed)
		}
	}
	return revs, nil
}

// on is the catalogue as it is with l on top of what was recorded, recorded or not.
func (l Loaded) on(recorded *Snapshot, at time.Time) (*Snapshot, error) {
	revs, err := l.against(recorded, at)
	if err != nil {
		return nil, err
	}
	return catalogueOf(l, append(slices.Clip(recorded.log), revs...)), nil
}

// catalogueOf compiles the catalogue; an empty one was known to be so from the
// moment that l counts as recorded.
func catalogueOf(l Loaded, log []Revision) *Snapshot {
	s := Compile(Catalogue, nil, log)
	if len(log) == 0 {
		s.RecordedAt = l.RecordedAt
	}
	return s
}

// adopt records what the loaded catalogue changes, once for all copies, and
// makes the recorded one what every desk stands on.
func (s *Service) adopt(ctx context.Context) error {
	s.adopting.Lock()
	defer s.adopting.Unlock()
	for range 5 {
		log, err := s.record.Revisions(ctx, Catalogue, 0)
		if s.noted(ctx, err) != nil {
			return fmt.Errorf("briefings: read the catalogue: %w", err)
		}
		recorded := catalogueOf(s.loaded, log)
		at, err := s.adoptedAt(ctx, recorded)
		if err != nil {
			return err
		}
		revs, err := s.loaded.against(recorded, at)
		if err != nil {
			return err
		}
		if len(revs) > 0 {
			err = s.record.Publish(ctx, Catalogue, recorded.Rev, revs)
		}
		if errors.Is(err, ErrStale) {
			continue // another copy was first: what is left to record after it?
		}
		if err != nil {
			return fmt.Errorf("briefings: record the catalogue: %w", err)
		}
		next := catalogueOf(s.loaded, append(log, revs...))
		s.adopted.Store(true)
		s.base.Store(next)
		s.watch(Catalogue, len(revs) > 0)
		s.keep(ctx, next) // whether new or not: what the cache held may have expired
		return nil
	}
	return fmt.Errorf("briefings: record the catalogue: %w", ErrStale)
}

// adoptOnce is adopt where it was not done yet.
func (s *Service) adoptOnce(ctx context.Context) error {
	if s.adopted.Load() {
		return nil
	}
	return s.adopt(ctx)
}

// adoptedAt is when a change of the catalogue counts as recorded: the first of
// all at a moment of its own, a later one after all that any desk was told
// before, whatever the clocks of the copies say.
func (s *Service) adoptedAt(ctx context.Context, recorded *Snapshot) (time.Time, error) {
	latest, err := s.record.Latest(ctx)
	if s.noted(ctx, err) != nil {
		return latest, fmt.Errorf("briefings: read when the newest change was recorded: %w", err)
	}
	if recorded.Rev == 0 && latest.IsZero() {
		return s.loaded.RecordedAt, nil
	}
	at := s.now().UTC().Truncate(time.Millisecond)
	if at.Before(latest) {
		at = latest
	}
	return at, nil
}

// Follow makes the newest recorded catalogue what every desk stands on, and
// records nothing; with nothing recorded the loaded one stays. [Service.Run]
// sees to it by itself.
func (s *Service) Follow(ctx context.Context) error {
	s.adopting.Lock()
	defer s.adopting.Unlock()
	base := s.base.Load()
	if !s.adopted.Load() {
		base = catalogueOf(s.loaded, nil)
	}
	more, err := s.record.Revisions(ctx, Catalogue, base.Rev)
	if s.noted(ctx, err) != nil {
		return fmt.Errorf("briefings: read the catalogue: %w", err)
	}
	if len(more) > 0 {
		s.base.Store(catalogueOf(s.loaded, append(slices.Clip(base.log), more...)))
		s.adopted.Store(true)
	}
	return nil
}

// recall is for a start with the database away: what the cache holds of the
// recorded catalogue goes below the loaded one, so that history and revision
// numbers stay as they were.
func (s *Service) recall(ctx context.Context) {
	s.adopting.Lock()
	defer s.adopting.Unlock()
	if s.adopted.Load() {
		return
	}
	log, _, _ := s.cachedLog(ctx, Catalogue)
	recorded := catalogueOf(s.loaded, log)
	if recorded.Rev == 0 {
		return
	}
	at := s.now().UTC().Truncate(time.Millisecond)
	if next, err := s.loaded.on(recorded, at); err == nil {
		s.base.Store(next)
	}
}

// reach is the catalogue that own, the revisions of a desk, were made on, or a newer one.
func (s *Service) reach(ctx context.Context, own []Revision) (*Snapshot, error) {
	base := s.base.Load()
	if madeOn(own) > base.Rev {
		if err := s.Follow(ctx); err != nil {
			return nil, err
		}
		base = s.base.Load()
	}
	return base, nil
}

// madeOn is the catalogue's Rev that the newest of a desk's revisions was made on.
func madeOn(own []Revision) int {
	revs := 0
	for i, r := range own {
		if i == 0 || r.Rev != own[i-1].Rev {
			revs++
		}
	}
	if revs == 0 {
		return 0
	}
	return cmp.Or(own[len(own)-1].Rev, revs) - revs
}
