package briefings

import (
	"context"
	"time"
)

// recheck is how often a copy compares its desks with the record, in case a
// message about a change was lost.
const recheck = 5 * time.Second

// Run follows what other copies publish until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	told := make(chan struct{})
	go func() {
		defer close(told)
		if err := s.cache.Changes(ctx, func(id DeskID, rev int) { s.hear(ctx, id, rev) }); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "changes of other copies are no longer told, only compared", "err", err)
		}
	}()
	tick := time.NewTicker(recheck)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			<-told
			return nil
		case <-tick.C:
			s.compare(ctx)
		}
	}
}

// hear acts on the news that id is at rev. News of no desk means that the cache
// has just begun to listen: what was told before is lost, so all is compared.
func (s *Service) hear(ctx context.Context, id DeskID, rev int) {
	if id == "" {
		s.compare(ctx)
		return
	}
	s.refresh(ctx, id, rev)
}

// refresh brings desk id to rev where this copy holds an older view of it.
func (s *Service) refresh(ctx context.Context, id DeskID, rev int) {
	s.mu.RLock()
	d := s.desks[id]
	s.mu.RUnlock()
	if d == nil {
		return
	}
	if snap := d.newest.Load(); snap == nil || snap.Rev >= rev {
		return
	}
	if snap := s.fromCache(ctx, id); snap != nil && snap.Rev >= rev {
		d.swap(snap)
		return
	}
	snap, err := s.fromRecord(ctx, id)
	if err != nil {
		return // compared again soon
	}
	d.swap(snap)
}

// compare refreshes every desk whose record is newer than this copy's view.
func (s *Service) compare(ctx context.Context) {
	s.mu.RLock()
	ids := make([]DeskID, 0, len(s.desks))
	for id := range s.desks {
		ids = append(ids, id)
	}
	s.mu.RUnlock()
	newest, err := s.record.Newest(ctx, ids)
	if s.noted(ctx, err) != nil && !s.away.Load() && ctx.Err() == nil {
		s.log.ErrorContext(ctx, "desks can't be compared with the record", "err", err)
	}
	for id, rev := range newest {
		s.refresh(ctx, id, rev)
	}
}
