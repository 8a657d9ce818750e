package briefings

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// A Batch is a set of changes to one desk that is published whole or not at
// all, under one revision.
type Batch struct {
	Desk       DeskID
	By         UserID
	ApprovedBy UserID   // empty where nobody had to
	Changes    []Change // at least one, and no item twice
}

// A Change is a new version of one item.
type Change struct {
	Item   Item // the whole new version; not changed afterwards
	Op     Op
	Reason string
	Seen   int // the item's Rev that the change was made from; 0 for a new item
}

// Publish checks every rule on the desk as b leaves it, records b for good and
// returns the snapshot that shows it. What breaks a rule, has no reason or was
// made from an older version is a [UserError], and nothing is recorded; so is
// what nobody but its author approved, where the desk has the two-person rule.
func (s *Service) Publish(ctx context.Context, b Batch) (*Snapshot, error) {
	b, err := b.sound()
	if err != nil {
		return nil, err
	}
	if err := s.seconded(ctx, b); err != nil {
		return nil, err
	}
	d := s.desk(b.Desk)
	d.filling.Lock()
	defer d.filling.Unlock()
	for range 5 {
		if err := s.adoptOnce(ctx); err != nil {
			return nil, notSaved(err)
		}
		snap, err := s.newest(ctx, d, b.Desk)
		if err != nil {
			return nil, err
		}
		revs, err := snap.revisions(b, s.now())
		if err != nil {
			return nil, err
		}
		next, err := s.recordOn(ctx, snap, revs)
		if errors.Is(err, errOvertaken) {
			continue
		}
		if err != nil {
			return nil, err
		}
		s.keep(ctx, next)
		newest := d.swap(next)
		s.watch(b.Desk, true)
		return newest, nil
	}
	return nil, TellAs(ErrUnavailable, "error.busy", nil, "This server's briefing is being changed by many people at once. Please try again in a minute.")
}

// seconded keeps the two-person rule, by what the record has of it.
func (s *Service) seconded(ctx context.Context, b Batch) error {
	settings, err := s.record.Settings(ctx, b.Desk)
	if s.noted(ctx, err) != nil {
		return notSaved(fmt.Errorf("briefings: read the settings of desk %s: %w", b.Desk, err))
	}
	if settings.NeedsSecond() && (b.ApprovedBy == "" || b.ApprovedBy == b.By) {
		return TellAs(ErrInvalid, "change.needs_second", nil, "In this server another moderator than the author publishes a change. Nothing was published: please ask one of them to look at it under /desk drafts.")
	}
	return nil
}

// Try is [Service.Publish] without recording anything: it returns the snapshot
// that b would make, which nobody else sees.
func (s *Service) Try(ctx context.Context, b Batch) (*Snapshot, error) {
	b, err := b.sound()
	if err != nil {
		return nil, err
	}
	d := s.desk(b.Desk)
	d.filling.Lock()
	defer d.filling.Unlock()
	snap, err := s.newest(ctx, d, b.Desk)
	if err != nil {
		return nil, err
	}
	revs, err := snap.revisions(b, s.now())
	if err != nil {
		return nil, err
	}
	return snap.and(revs), nil
}

// newest is the desk as the record has it now, on the catalogue as recorded.
func (s *Service) newest(ctx context.Context, d *desk, id DeskID) (*Snapshot, error) {
	held := d.on(s.Base()) // before the record is asked, so that it can't have less
	newest, err := s.record.Newest(ctx, []DeskID{Catalogue, id})
	if s.noted(ctx, err) != nil {
		return nil, notSaved(fmt.Errorf("briefings: read the newest revision of desk %s: %w", id, err))
	}
	if newest[Catalogue] > s.Base().Rev {
		if err := s.Follow(ctx); err != nil {
			return nil, notSaved(err)
		}
	}
	if held != nil && held.version() > newest[id] {
		snap, err := s.rewind(ctx, held)
		return snap, notSaved(err)
	}
	if snap := d.on(s.Base()); snap != nil && snap.version() == newest[id] {
		return snap, nil
	}
	snap, err := s.fromRecord(ctx, id)
	if err != nil {
		return nil, notSaved(err)
	}
	return d.swap(snap), nil
}

// revisions are those that b adds to s at now, which is checked first.
func (s *Snapshot) revisions(b Batch, now time.Time) ([]Revision, error) {
	for i, c := range b.Changes {
		if err := s.admits(c); err != nil {
			return nil, err
		}
		if c.Op == OpRetract {
			b.Changes[i].Item = s.Item(c.Item.Head().ID) // the tombstone shows what was there
		}
	}
	at := now.UTC().Truncate(time.Millisecond)
	if at.Before(s.RecordedAt) {
		at = s.RecordedAt // recorded time never decreases, whatever the clock does
	}
	if err := s.allows(b.Changes, at); err != nil {
		return nil, err
	}
	revs := make([]Revision, len(b.Changes))
	for i, c := range b.Changes {
		revs[i] = Revision{
			Rev: s.Rev + 1, Item: c.Item, Op: c.Op, Reason: c.Reason,
			RecordedAt: at, RecordedBy: b.By, ApprovedBy: b.ApprovedBy,
		}
	}
	return revs, nil
}

// and is s with revs, which follow its newest, on top.
func (s *Snapshot) and(revs []Revision) *Snapshot {
	return Compile(s.Desk, s.base, append(slices.Clip(s.log), revs...)).renew(s.renewed)
}

// errOvertaken means that another copy published to the desk in between.
var errOvertaken = errors.New("briefings: overtaken by another change")

// recordOn records revs on top of snap, the newest view of its desk.
func (s *Service) recordOn(ctx context.Context, snap *Snapshot, revs []Revision) (*Snapshot, error) {
	err := s.record.Publish(ctx, snap.Desk, snap.version(), revs)
	switch {
	case errors.Is(err, ErrStale):
		return nil, errOvertaken
	case errors.Is(err, ErrUnavailable): // it was read a moment ago, so it is the writing that fails
		s.log.WarnContext(ctx, "a change could not be recorded", "guild", snap.Desk, "err", err)
		return nil, notSaved(err)
	case err != nil:
		return nil, fmt.Errorf("briefings: publish to desk %s: %w", snap.Desk, err)
	}
	return snap.and(revs), nil
}

// notSaved tells the person who published of an outage; other errors stay.
func notSaved(err error) error {
	if !errors.Is(err, ErrUnavailable) {
		return err
	}
	return errors.Join(TellAs(ErrUnavailable, "error.unsaved", nil, "The database takes no changes right now, so nothing was saved. Please try again in a minute; if that does not help, tell whoever runs me."), err)
}
