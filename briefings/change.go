package briefings

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// sound checks what can be told without looking at the desk, and returns b
// with its reasons trimmed, sharing no list with the caller's.
func (b Batch) sound() (Batch, error) {
	switch {
	case b.Desk == Catalogue:
		return b, Tell(ErrInvalid, "The catalogue itself can't be changed. Please make the change in a server.")
	case len(b.Changes) == 0:
		return b, Tell(ErrInvalid, "There is nothing to publish.")
	case len(b.Changes) > MaxItems:
		return b, Tell(ErrInvalid, fmt.Sprintf("These are %d changes at once, at most %d are taken. Please publish them in parts.", len(b.Changes), MaxItems))
	}
	b.Changes = slices.Clone(b.Changes)
	seen := map[ID]bool{}
	for i := range b.Changes {
		c := &b.Changes[i]
		c.Reason = strings.TrimSpace(c.Reason)
		err := c.sound()
		if err == nil && seen[c.Item.Head().ID] {
			err = Tell(ErrInvalid, fmt.Sprintf("Nothing was saved: %s is changed twice at once. Please leave one of the two out.", c.Item.Head().ID))
		}
		if err != nil {
			return b, err
		}
		seen[c.Item.Head().ID] = true
	}
	return b, nil
}

func (c Change) sound() error {
	if c.Item == nil {
		return Tell(ErrInvalid, "Nothing was saved: a change lacks its item.")
	}
	id := c.Item.Head().ID
	if _, err := ParseID(string(id)); err != nil {
		return Tell(ErrInvalid, fmt.Sprintf("Nothing was saved: %v.", err))
	}
	if reflect.TypeOf(NewItem(id.Kind())) != reflect.TypeOf(c.Item) {
		return Tell(ErrInvalid, fmt.Sprintf("Nothing was saved: %s has the id of another kind.", id))
	}
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

// admits checks that c is what its operation means, made from the item's
// newest version.
func (s *Snapshot) admits(c Change) error {
	h, was := c.Item.Head(), s.Revision(c.Item.Head().ID)
	retracted := was.Op == OpRetract
	say := func(format string, args ...any) error {
		return Tell(ErrInvalid, "Nothing was saved: "+fmt.Sprintf(format, args...))
	}
	switch {
	case c.Op == OpCreate && retracted:
		return say("%s was retracted, and an id is never used again. Please restore it, or choose another id.", h.ID)
	case c.Op != OpCreate && was.Rev == 0 && c.Seen == 0:
		return say("there is no %s in this briefing. Please create it.", h.ID)
	case was.Rev != c.Seen:
		return s.overtaken(c.Item)
	case c.Op == OpCreate && was.Rev != 0:
		return say("%s is there already. Please amend or correct it, or choose another id.", h.ID)
	case c.Op == OpCreate, c.Op == OpRetract && !retracted:
		return nil
	case c.Op == OpRestore && !retracted:
		return say("%s is not retracted, so there is nothing to restore.", h.Ref())
	case c.Op != OpRestore && retracted:
		return say("%s was retracted (%s). Please restore it first.", was.Item.Head().Ref(), was.Reason)
	}
	return same(c, was.Item, say)
}

// same checks that an operation that changes an item does, and that one that
// must not doesn't. A confirmation may move the date of the next review.
func same(c Change, was Item, say func(string, ...any) error) error {
	ref := was.Head().Ref()
	equal, err := Equal(c.Item, was)
	switch {
	case err != nil:
		return err
	case c.Op == OpRestore && !equal:
		return say("restoring brings %s back as it was. Please restore it first, then change it.", ref)
	case (c.Op == OpAmend || c.Op == OpCorrect) && equal:
		return say("nothing differs from what %s says already. If it was looked at and still holds, please confirm it.", ref)
	case c.Op != OpConfirm || equal:
		return nil
	}
	renewed, err := Clone(was)
	if err != nil {
		return err
	}
	renewed.Head().ReviewBy = c.Item.Head().ReviewBy
	if equal, err = Equal(c.Item, renewed); err != nil || equal {
		return err
	}
	return say("confirming says that %s still holds as it is. Please amend or correct it to change what it says.", ref)
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

// allows checks the rules of the desk as changes leave it at a time: of what they touch
// all of them, of the rest that nothing breaks that was whole before.
func (s *Snapshot) allows(changes []Change, at time.Time) error {
	touched, gone := map[ID]bool{}, []string(nil)
	for _, c := range changes {
		touched[c.Item.Head().ID] = true
	}
	items := slices.DeleteFunc(slices.Clone(s.ordered), func(item Item) bool { return touched[item.Head().ID] })
	// What changes comes last: of two that claim one label, Check blames the later.
	for _, c := range changes {
		if c.Op == OpRetract {
			gone = append(gone, c.Item.Head().Ref())
			continue
		}
		items = append(items, c.Item)
	}
	var say []string
	var others []Fault
	for _, fault := range Check(items, at) {
		switch {
		case fault.Item == "":
			say = append(say, fmt.Sprintf("Nothing was saved: %s.", fault.Say))
		case !touched[fault.Item]:
			others = append(others, fault)
		case len(changes) == 1:
			say = append(say, fmt.Sprintf("%s: %s.", fault.Field, fault.Say))
		default:
			say = append(say, fmt.Sprintf("%s: %s: %s.", fault.Item, fault.Field, fault.Say))
		}
	}
	if len(say) > 0 {
		return Tell(ErrInvalid, strings.Join(say, "\n"))
	}
	return s.spares(others, gone, at)
}

// spares checks that none of faults, of items that nobody touched, is new.
func (s *Snapshot) spares(faults []Fault, gone []string, at time.Time) error {
	if len(faults) == 0 {
		return nil
	}
	before := map[Fault]bool{}
	for _, fault := range Check(s.ordered, at) {
		before[fault.bare()] = true
	}
	var users, say []string
	for _, fault := range faults {
		if before[fault.bare()] {
			continue
		}
		if ref := s.Item(fault.Item).Head().Ref(); !slices.Contains(users, ref) {
			users = append(users, ref)
		}
		say = append(say, fmt.Sprintf("%s: %s: %s.", fault.Item, fault.Field, fault.Say))
	}
	switch {
	case len(users) == 0:
		return nil
	case len(gone) > 0:
		return Tell(ErrInvalid, clip(fmt.Sprintf("Nothing was saved: %s is still named by others. Please change or retract these first: %s",
			strings.Join(gone, ", "), strings.Join(users, ", ")), 1000))
	}
	return Tell(ErrInvalid, clip("Nothing was saved, for it would break others:\n"+strings.Join(say, "\n"), 1000))
}

// bare is the fault without its hints, which tell of other items.
func (f Fault) bare() Fault {
	f.Say, _, _ = strings.Cut(f.Say, ";")
	return f
}
