package briefings

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Change is a new version of one item of a desk.
type Change struct {
	Desk   DeskID
	Item   Item // the whole new version; not changed afterwards
	Op     Op
	Reason string
	By     UserID
	Seen   int // the item's Rev that the change was made from; 0 for a new item
}

// Publish checks every rule, records c for good and returns the snapshot that
// shows it. What breaks a rule, has no reason or was made from an older
// version is a [UserError], and nothing is recorded.
func (s *Service) Publish(ctx context.Context, c Change) (*Snapshot, error) {
	if c.Desk == Catalogue {
		return nil, Tell(ErrInvalid, "The catalogue itself can't be changed. Please make the change in a server.")
	}
	c.Reason = strings.TrimSpace(c.Reason)
	if err := c.sound(); err != nil {
		return nil, err
	}
	d := s.desk(c.Desk)
	d.filling.Lock()
	defer d.filling.Unlock()
	for range 5 {
		snap, err := s.fromRecord(ctx, c.Desk)
		if err != nil {
			return nil, notSaved(err)
		}
		d.swap(snap)
		next, err := s.recordOn(ctx, snap, c)
		if errors.Is(err, errOvertaken) {
			continue
		}
		if err != nil {
			return nil, err
		}
		s.keep(ctx, next)
		return d.swap(next), nil
	}
	return nil, Tell(ErrUnavailable, "This server's briefing is being changed by many people at once. Please try again in a minute.")
}

// errOvertaken means that another copy published to the desk in between.
var errOvertaken = errors.New("briefings: overtaken by another change")

// recordOn records c on top of snap, the newest view of its desk.
func (s *Service) recordOn(ctx context.Context, snap *Snapshot, c Change) (*Snapshot, error) {
	id := c.Item.Head().ID
	if snap.ItemRev(id) != c.Seen {
		return nil, snap.overtaken(c.Item)
	}
	check := snap.with
	if c.Op == OpRetract {
		check = snap.without
	}
	at := s.now().UTC().Truncate(time.Millisecond)
	if at.Before(snap.RecordedAt) {
		at = snap.RecordedAt // recorded time never decreases, whatever the clock does
	}
	if err := check(c.Item, at); err != nil {
		return nil, err
	}
	rev := Revision{Rev: snap.Rev + 1, Item: c.Item, Op: c.Op, Reason: c.Reason, RecordedAt: at, RecordedBy: c.By}
	err := s.record.Publish(ctx, c.Desk, snap.ownRev(), []Revision{rev})
	switch {
	case errors.Is(err, ErrStale):
		return nil, errOvertaken
	case errors.Is(err, ErrUnavailable): // it was read a moment ago, so it is the writing that fails
		s.log.WarnContext(ctx, "a change could not be recorded", "guild", c.Desk, "err", err)
		return nil, notSaved(err)
	case err != nil:
		return nil, fmt.Errorf("briefings: publish %s: %w", id, err)
	}
	return Compile(c.Desk, s.base, append(slices.Clip(snap.own), rev)), nil
}

// notSaved tells the person who published of an outage; other errors stay.
func notSaved(err error) error {
	if !errors.Is(err, ErrUnavailable) {
		return err
	}
	return errors.Join(Tell(ErrUnavailable, "The database takes no changes right now, so nothing was saved. Please try again in a minute; if that does not help, tell whoever runs me."), err)
}

// overtaken says that item is no longer what a change of it was made from.
func (s *Snapshot) overtaken(item Item) error {
	by := s.Revision(item.Head().ID)
	if by.Rev == 0 {
		return Tell(ErrStale, fmt.Sprintf("%s is not in this briefing any more, so nothing was changed.", item.Head().Ref()))
	}
	return Tell(ErrStale, fmt.Sprintf(
		"Somebody else changed %s in the meantime (revision %d, recorded %s). Nothing was overwritten: please look at the new version, then decide.",
		item.Head().Ref(), by.Rev, by.RecordedAt.UTC().Format("2 Jan 2006 15:04 UTC")))
}

// ownRev is the newest revision the desk made itself, 0 where it made none.
func (s *Snapshot) ownRev() int {
	if len(s.own) == 0 {
		return 0
	}
	return s.own[len(s.own)-1].Rev
}

// sound checks what can be told without looking at the desk.
func (c Change) sound() error {
	var op Op
	if err := op.UnmarshalText([]byte(c.Op)); err != nil {
		return Tell(ErrInvalid, fmt.Sprintf("Nothing was saved: %v.", err))
	}
	reasons := &checker{}
	reasons.text("reason", c.Reason, 300)
	if len(reasons.faults) > 0 {
		return Tell(ErrInvalid, "The reason "+reasons.faults[0].Say+".")
	}
	switch {
	case c.Reason != "":
	case c.Op == OpCorrect:
		return Tell(ErrInvalid, "A correction needs a reason, which readers will see. Please say what was wrong.")
	case c.Op == OpRetract:
		return Tell(ErrInvalid, "A retraction needs a reason, which readers will see. Please say why it should never have been published.")
	}
	return nil
}

// with checks the rules of the desk as it would be with item in it.
func (s *Snapshot) with(item Item, now time.Time) error {
	id := item.Head().ID
	// item comes last: of two that claim one label, Check blames the later.
	var say []string
	for _, fault := range Check(append(s.others(id), item), now) {
		switch fault.Item {
		case id:
			say = append(say, fmt.Sprintf("%s: %s.", fault.Field, fault.Say))
		case "":
			say = append(say, fmt.Sprintf("Nothing was saved: %s.", fault.Say))
		}
	}
	if len(say) > 0 {
		return Tell(ErrInvalid, strings.Join(say, "\n"))
	}
	return nil
}

// without checks the rules of the desk as it would be with item retracted.
func (s *Snapshot) without(item Item, now time.Time) error {
	before := Check(s.ordered, now)
	var users []string
	for _, fault := range Check(s.others(item.Head().ID), now) {
		user := s.Item(fault.Item)
		if user != nil && !slices.Contains(before, fault) && !slices.Contains(users, user.Head().Ref()) {
			users = append(users, user.Head().Ref())
		}
	}
	if len(users) > 0 {
		return Tell(ErrInvalid, clip(fmt.Sprintf("Nothing was saved: %s is still named by others. Please change or retract these first: %s",
			item.Head().Ref(), strings.Join(users, ", ")), 1000))
	}
	return nil
}

// others are the desk's items without the one with id.
func (s *Snapshot) others(id ID) []Item {
	return slices.DeleteFunc(slices.Clone(s.ordered), func(other Item) bool { return other.Head().ID == id })
}
