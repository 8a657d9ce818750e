package briefings

import (
	"context"
	"encoding/json"
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
	base   *Snapshot

	mu    sync.RWMutex
	desks map[DeskID]*desk
	away  atomic.Bool // the record did not answer the last time it was asked
}

// desk is what a copy holds of one desk.
type desk struct {
	filling sync.Mutex // one reader fills an empty desk, one writer changes it
	newest  atomic.Pointer[Snapshot]
}

// NewService starts from catalogue, whose items have passed [Check], recorded
// at recordedAt. now is the clock that revisions are stamped with.
func NewService(record Record, cache Cache, catalogue []Item, recordedAt time.Time, now func() time.Time, log *slog.Logger) *Service {
	revs := make([]Revision, len(catalogue))
	for i, item := range catalogue {
		revs[i] = Revision{Rev: 1, Item: item, Op: OpCreate, RecordedAt: recordedAt, RecordedBy: UserID(Catalogue)}
	}
	base := Compile(Catalogue, nil, revs)
	base.own = nil // what every desk has is nobody's own change
	return &Service{record: record, cache: cache, now: now, log: log, base: base, desks: map[DeskID]*desk{}}
}

// Base is the snapshot of the catalogue.
func (s *Service) Base() *Snapshot { return s.base }

// RecordAway reports whether the database was out of reach the last time it
// was needed: what is read meanwhile may lack changes of other copies.
func (s *Service) RecordAway() bool { return s.away.Load() }

// Snapshot returns the newest view of desk that this copy knows. Only a desk
// that nobody has asked for since start-up waits for the cache or the record;
// the error is a [UserError] where neither answers.
func (s *Service) Snapshot(ctx context.Context, id DeskID) (*Snapshot, error) {
	if id == Catalogue {
		return s.base, nil
	}
	d := s.desk(id)
	if snap := d.newest.Load(); snap != nil {
		return snap, nil
	}
	d.filling.Lock()
	defer d.filling.Unlock()
	if snap := d.newest.Load(); snap != nil {
		return snap, nil
	}
	if snap := s.fromCache(ctx, id); snap != nil {
		return d.swap(snap), nil
	}
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

// swap makes snap the desk's newest unless a newer one is there, and returns
// what is newest then.
func (d *desk) swap(snap *Snapshot) *Snapshot {
	for {
		old := d.newest.Load()
		if old != nil && old.Rev >= snap.Rev {
			return old
		}
		if d.newest.CompareAndSwap(old, snap) {
			return snap
		}
	}
}

// cachedForm is what the cache keeps of a desk: the desk's own revisions, and
// the catalogue's size and revision that they were compiled with.
type cachedForm struct {
	Base int              `json:"base"`
	Own  []cachedRevision `json:"own"`
}

type cachedRevision struct {
	Revision
	Item json.RawMessage // hides the interface, which can't be decoded unseen
}

func (s *Service) fromCache(ctx context.Context, id DeskID) *Snapshot {
	data, err := s.cache.Load(ctx, id)
	if err != nil || data == nil {
		return nil // the cache logs its own outages
	}
	var form cachedForm
	if err := json.Unmarshal(data, &form); err != nil || form.Base != s.base.Rev {
		return nil
	}
	own := make([]Revision, len(form.Own))
	for i, c := range form.Own {
		item, err := ParseItem(c.Item)
		if err != nil {
			return nil
		}
		own[i] = c.Revision
		own[i].Item = item
	}
	return Compile(id, s.base, own)
}

func (s *Service) fromRecord(ctx context.Context, id DeskID) (*Snapshot, error) {
	own, err := s.record.Revisions(ctx, id, 0)
	switch {
	case errors.Is(s.noted(ctx, err), ErrUnavailable):
		return nil, errors.Join(Tell(ErrUnavailable,
			"The database can't be reached and this server's briefing is not in memory yet. Please try again in a minute."), err)
	case err != nil:
		return nil, fmt.Errorf("briefings: read desk %s: %w", id, err)
	}
	return Compile(id, s.base, own), nil
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

// keep puts snap in the cache. A failure costs the next copy a database query
// and nothing else.
func (s *Service) keep(ctx context.Context, snap *Snapshot) {
	form := cachedForm{Base: s.base.Rev, Own: make([]cachedRevision, len(snap.own))}
	for i, r := range snap.own {
		item, err := json.Marshal(r.Item)
		if err != nil {
			s.log.ErrorContext(ctx, "a revision can't be cached", "guild", snap.Desk, "err", err)
			return
		}
		form.Own[i] = cachedRevision{Revision: r, Item: item}
	}
	data, err := json.Marshal(form)
	if err == nil {
		err = s.cache.Keep(ctx, snap.Desk, snap.Rev, data)
	}
	if err != nil && !errors.Is(err, ErrUnavailable) {
		s.log.ErrorContext(ctx, "a snapshot can't be cached", "guild", snap.Desk, "err", err)
	}
}

// KeepDraft stores what somebody typed, stamped with the service's clock, and
// returns the draft's id.
func (s *Service) KeepDraft(ctx context.Context, d Draft) (string, error) {
	d.RecordedAt = s.now()
	return s.record.KeepDraft(ctx, d)
}

// Draft returns a kept draft of desk; a [UserError] where there is none.
func (s *Service) Draft(ctx context.Context, desk DeskID, id string) (Draft, error) {
	d, err := s.record.Draft(ctx, desk, id)
	switch {
	case errors.Is(s.noted(ctx, err), ErrNotFound):
		return Draft{}, Tell(ErrNotFound, "That draft is no longer kept. Please open the form anew with /desk edit.")
	case err != nil:
		return Draft{}, fmt.Errorf("briefings: read draft: %w", err)
	}
	return d, nil
}

// Known returns snap as it stood at t, what was recorded later left out: what
// anybody would have been answered then. It is nil where nothing was recorded yet.
func (s *Service) Known(snap *Snapshot, t time.Time) *Snapshot {
	if t.Before(s.base.RecordedAt) {
		return nil
	}
	for i, r := range snap.own {
		if r.RecordedAt.After(t) {
			return Compile(snap.Desk, s.base, snap.own[:i:i])
		}
	}
	return snap
}
