package briefings

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// A Service answers for every desk from snapshots and is the only door for
// changes. It is safe for concurrent use; [Service.Run] must be running for
// changes made on other copies to be seen.
type Service struct {
	record Record
	cache  Cache
	now    func() time.Time
	log    *slog.Logger
	loaded Loaded

	base     atomic.Pointer[Snapshot] // the catalogue that every desk stands on
	adopted  atomic.Bool              // base is what the record holds
	adopting sync.Mutex               // whoever changes base

	mu    sync.RWMutex
	desks map[DeskID]*desk
	round atomic.Int64 // of comparing
	watch func(id DeskID, own bool)
	away  atomic.Bool // the record did not answer the last time it was asked

	reads    struct{ memory, cache, record atomic.Uint64 }
	compared atomic.Pointer[time.Time]
}

// desk is what a copy holds of one desk.
type desk struct {
	filling sync.Mutex // one reader fills an empty desk, one writer changes it
	newest  atomic.Pointer[Snapshot]
	asked   atomic.Int64 // the round of comparing in which it was last asked for

	settings atomic.Pointer[Settings] // nil until they were read
}

// NewService starts from the loaded catalogue, which [Service.Run] brings
// together with the recorded one. now is the clock that revisions are stamped with.
func NewService(record Record, cache Cache, loaded Loaded, now func() time.Time, log *slog.Logger) *Service {
	s := &Service{record: record, cache: cache, now: now, log: log, loaded: loaded, desks: map[DeskID]*desk{}, watch: func(DeskID, bool) {}}
	base, err := loaded.on(catalogueOf(loaded, nil), loaded.RecordedAt)
	if err != nil {
		panic(err) // with nothing recorded nothing is compared
	}
	s.base.Store(base)
	return s
}

// Watch has f called whenever this copy learns that a desk was changed, with
// own where the change was made here. f must not wait, and may hear of one change
// twice; of several at once it may hear once. Call it before [Service.Run].
func (s *Service) Watch(f func(id DeskID, own bool)) { s.watch = f }

// Base is the snapshot of the catalogue.
func (s *Service) Base() *Snapshot { return s.base.Load() }

// RecordAway reports whether the database was out of reach the last time it
// was needed: what is read meanwhile may lack changes of other copies.
func (s *Service) RecordAway() bool { return s.away.Load() }

// Reads are how many times [Service.Snapshot] was answered out of memory, from
// the cache, and from the record.
func (s *Service) Reads() (memory, cache, record uint64) {
	return s.reads.memory.Load(), s.reads.cache.Load(), s.reads.record.Load()
}

// Compared is when, by the machine's clock, what is held here was last known to be
// what the record holds; the zero time before it ever was.
func (s *Service) Compared() time.Time {
	if at := s.compared.Load(); at != nil {
		return *at
	}
	return time.Time{}
}

// Snapshot returns the newest view of desk that this copy knows. Only a desk
// that nobody has asked for since start-up waits for the cache or the record;
// the error is a [UserError] where neither answers.
func (s *Service) Snapshot(ctx context.Context, id DeskID) (*Snapshot, error) {
	if id == Catalogue {
		s.reads.memory.Add(1)
		return s.base.Load(), nil
	}
	d := s.desk(id)
	if round := s.round.Load(); d.asked.Load() != round {
		d.asked.Store(round)
	}
	if snap := d.on(s.base.Load()); snap != nil {
		s.reads.memory.Add(1)
		return snap, nil
	}
	d.filling.Lock()
	defer d.filling.Unlock()
	if snap := d.on(s.base.Load()); snap != nil {
		s.reads.memory.Add(1)
		return snap, nil
	}
	if snap := s.fromCache(ctx, id); snap != nil {
		s.reads.cache.Add(1)
		return d.swap(snap), nil
	}
	s.reads.record.Add(1)
	snap, err := s.fromRecord(ctx, id)
	if err != nil {
		return nil, err
	}
	s.keep(ctx, snap)
	return d.swap(snap), nil
}

func (s *Service) desk(id DeskID) *desk {
	s.mu.RLock()
	d := s.desks[id]
	s.mu.RUnlock()
	if d != nil {
		return d
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.desks[id] == nil {
		s.desks[id] = new(desk)
	}
	return s.desks[id]
}

// on is the desk's newest view on top of base, nil where there is none.
func (d *desk) on(base *Snapshot) *Snapshot {
	snap := d.newest.Load()
	if snap == nil || snap.base == base {
		return snap
	}
	return d.swap(Compile(snap.Desk, base, snap.log).renew(snap.renewed))
}

// swap makes snap the desk's newest unless one with newer revisions is there,
// and returns what is newest then. A view on another catalogue replaces one
// with the same revisions.
func (d *desk) swap(snap *Snapshot) *Snapshot {
	for {
		old := d.newest.Load()
		if old != nil && (old.version() > snap.version() || (old.version() == snap.version() && old.base == snap.base)) {
			return old
		}
		if d.newest.CompareAndSwap(old, snap) {
			return snap
		}
	}
}

func (s *Service) fromRecord(ctx context.Context, id DeskID) (*Snapshot, error) {
	// asked first, so that what is read is at least of that version
	newest, err := s.record.Newest(ctx, []DeskID{id})
	var own []Revision
	if s.noted(ctx, err) == nil {
		own, err = s.record.Revisions(ctx, id, 0)
	}
	var base *Snapshot
	if s.noted(ctx, err) == nil {
		base, err = s.reach(ctx, own)
	}
	switch {
	case errors.Is(err, ErrUnavailable):
		return nil, errors.Join(TellAs(ErrUnavailable, "error.unread", nil,
			"The database can't be reached and this server's briefing is not in memory yet. Please try again in a minute."), err)
	case err != nil:
		return nil, fmt.Errorf("briefings: read desk %s: %w", id, err)
	}
	_, renewed := SplitVersion(newest[id])
	return Compile(id, base, own).renew(renewed), nil
}

// noted remembers whether the record answered and logs when that changes.
func (s *Service) noted(ctx context.Context, err error) error {
	away := errors.Is(err, ErrUnavailable)
	if !away && errors.Is(err, context.Canceled) {
		return err // whoever asked gave up, which tells nothing of the record
	}
	switch was := s.away.Swap(away); {
	case away && !was:
		s.log.WarnContext(ctx, "the database is out of reach: questions are answered from memory, changes and digests wait", "err", err)
	case was && !away:
		s.log.InfoContext(ctx, "the database is back")
	}
	return err
}
