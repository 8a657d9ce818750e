package briefings

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"
)

// recheck is how often a copy compares its desks with the record, in case a
// message about a change was lost.
const recheck = 5 * time.Second

// Run records the catalogue that this copy came with, as soon as the record can
// be reached, and follows what other copies publish until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	s.start(ctx)
	told := make(chan struct{})
	go func() {
		defer close(told)
		if err := s.cache.Changes(ctx, func(id DeskID, rev int) { s.hear(ctx, id, rev) }); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "changes of other copies are no longer told, only compared", "err", err)
		}
	}()
	tick, sweep := time.NewTicker(recheck), time.NewTicker(time.Hour)
	defer tick.Stop()
	defer sweep.Stop()
	for {
		select {
		case <-ctx.Done():
			<-told
			return nil
		case <-tick.C:
			s.compare(ctx)
			s.compareSettings(ctx)
		case <-sweep.C:
			s.sweepDrafts(ctx)
		}
	}
}

// start brings the loaded catalogue together with the recorded one. Where the
// record is away that is tried again with every comparison.
func (s *Service) start(ctx context.Context) {
	err := s.adopt(ctx)
	if err == nil {
		s.log.InfoContext(ctx, "every briefing stands on the recorded catalogue", "rev", s.Base().Rev, "items", len(s.Base().Items()))
		return
	}
	if ctx.Err() != nil {
		return
	}
	if !errors.Is(err, ErrUnavailable) {
		s.log.ErrorContext(ctx, "the catalogue can't be recorded", "err", err)
	}
	s.recall(ctx)
}

// hear acts on the news that id is at rev. News of no desk means that the cache
// has just begun to listen: what was told before is lost, so all is compared.
func (s *Service) hear(ctx context.Context, id DeskID, rev int) {
	switch {
	case id == "":
		s.compare(ctx)
		s.compareSettings(ctx)
	case rev == 0:
		s.resettle(ctx, id)
	default:
		s.refresh(ctx, id, rev)
		s.watch(id, false)
	}
}

// refresh brings desk id to rev where this copy holds an older view of it.
func (s *Service) refresh(ctx context.Context, id DeskID, rev int) {
	if id == Catalogue {
		if s.Base().Rev < rev || !s.adopted.Load() {
			_ = s.Follow(ctx) // compared again soon
		}
		return
	}
	s.mu.RLock()
	d := s.desks[id]
	s.mu.RUnlock()
	if d == nil {
		return
	}
	if snap := d.newest.Load(); snap == nil || snap.version() >= rev {
		return
	}
	if snap := s.fromCache(ctx, id); snap != nil && snap.version() >= rev {
		d.swap(snap)
		return
	}
	snap, err := s.fromRecord(ctx, id)
	if err != nil {
		return // compared again soon
	}
	if d.swap(snap) == snap {
		s.keep(ctx, snap) // which the one that changed it may not have got to
	}
}

// compare brings every desk that this copy holds to what the record has of it.
func (s *Service) compare(ctx context.Context) {
	if !s.adopted.Load() {
		s.start(ctx)
	}
	s.forget()
	begun := time.Now()
	held := s.held() // before the record is asked, so that it can't have less
	newest, err := s.record.Newest(ctx, slices.Collect(maps.Keys(held)))
	if s.noted(ctx, err) != nil {
		if !s.away.Load() && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "desks can't be compared with the record", "err", err)
		}
		return
	}
	for id, rev := range newest {
		s.refresh(ctx, id, rev)
	}
	for id, snap := range held {
		if snap.version() > newest[id] {
			_, _ = s.rewind(ctx, snap) // compared again soon
		}
		if snap.version() != newest[id] {
			s.watch(id, false)
		}
	}
	s.compared.Store(&begun)
}

// held is what this copy holds of each desk, and of the catalogue as recorded:
// nothing yet where it could not be brought together with that.
func (s *Service) held() map[DeskID]*Snapshot {
	held := map[DeskID]*Snapshot{Catalogue: {}}
	if s.adopted.Load() {
		held[Catalogue] = s.Base()
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	for id, d := range s.desks {
		if snap := d.newest.Load(); snap != nil {
			held[id] = snap
		}
	}
	return held
}

// rewind puts what is recorded in the place of held, which is newer: the record
// was restored from a backup, and counts all the same.
func (s *Service) rewind(ctx context.Context, held *Snapshot) (*Snapshot, error) {
	id := held.Desk
	s.log.WarnContext(ctx, "the database holds less than was read from it before, as after restoring a backup: what was held besides is dropped",
		"guild", id, "held", held.version())
	_ = s.cache.Drop(ctx, id) // the cache logs its own outages
	if id == Catalogue {
		return held, s.adopt(ctx)
	}
	snap, err := s.fromRecord(ctx, id)
	if err == nil {
		s.desk(id).newest.CompareAndSwap(held, snap)
	}
	return snap, err
}

// mostChanged is how many desks with changes of their own a copy holds. With a
// search compiled each may take a few hundred KiB, which a desk without changes
// shares with the catalogue.
const mostChanged = 2000

// forget drops the desks with changes that were not asked for longest, beyond
// mostChanged. While the record is away memory may be all there is, so nothing is.
func (s *Service) forget() {
	s.round.Add(1)
	if s.away.Load() {
		return
	}
	var changed []*desk
	s.mu.RLock()
	for _, d := range s.desks {
		if snap := d.newest.Load(); snap != nil && len(snap.log) > 0 {
			changed = append(changed, d)
		}
	}
	s.mu.RUnlock()
	if len(changed) <= mostChanged {
		return
	}
	asked := make(map[*desk]int64, len(changed)) // which goes on being asked for meanwhile
	for _, d := range changed {
		asked[d] = d.asked.Load()
	}
	slices.SortFunc(changed, func(a, b *desk) int { return cmp.Compare(asked[a], asked[b]) })
	for _, d := range changed[:len(changed)-mostChanged] {
		d.newest.Store(nil)
	}
}
