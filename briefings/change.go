package briefings

import (
	"errors"
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
		return b, TellAs(ErrInvalid, "change.catalogue", nil, "The catalogue itself can't be changed. Please make the change in a server.")
	case len(b.Changes) == 0:
		return b, TellAs(ErrInvalid, "change.nothing", nil, "There is nothing to publish.")
	case len(b.Changes) > MaxItems:
		return b, TellAs(ErrInvalid, "change.many", args{"Number": len(b.Changes), "Most": MaxItems}, "These are {{.Number}} changes at once, at most {{.Most}} are taken. Please publish them in parts.")
	}
	b.Changes = slices.Clone(b.Changes)
	seen := map[ID]bool{}
	for i := range b.Changes {
		c := &b.Changes[i]
		c.Reason = strings.TrimSpace(c.Reason)
		err := c.sound()
		if err == nil && seen[c.Item.Head().ID] {
			err = TellAs(ErrInvalid, "change.twice", args{"Item": c.Item.Head().ID}, "Nothing was saved: {{.Item}} is changed twice at once. Please leave one of the two out.")
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
		return TellAs(ErrInvalid, "change.no_item", nil, "Nothing was saved: a change lacks its item.")
	}
	id := c.Item.Head().ID
	if wrong := checkID(string(id)); wrong.Say != "" {
		return Refuse([]Fault{{Message: wrong}})
	}
	if reflect.TypeOf(NewItem(id.Kind())) != reflect.TypeOf(c.Item) {
		return TellAs(ErrInvalid, "change.other_kind", args{"Item": id}, "Nothing was saved: {{.Item}} has the id of another kind.")
	}
	var op Op
	wrong := Message{}
	if errors.As(op.UnmarshalText([]byte(c.Op)), &wrong) {
		return Refuse([]Fault{{Message: wrong}})
	}
	reasons := &checker{}
	reasons.text("reason", c.Reason, 300)
	if len(reasons.faults) > 0 {
		return Refuse(reasons.faults[:1])
	}
	switch {
	case c.Reason != "":
	case c.Op == OpCorrect:
		return TellAs(ErrInvalid, "change.correct_reason", nil, "A correction needs a reason, which readers will see. Please say what was wrong.")
	case c.Op == OpRetract:
		return TellAs(ErrInvalid, "change.retract_reason", nil, "A retraction needs a reason, which readers will see. Please say why it should never have been published.")
	}
	return nil
}

// admits checks that c is what its operation means, made from the item's
// newest version.
func (s *Snapshot) admits(c Change) error {
	h, was := c.Item.Head(), s.Revision(c.Item.Head().ID)
	retracted := was.Op == OpRetract
	switch {
	case c.Op == OpCreate && retracted:
		return TellAs(ErrInvalid, "change.id_spent", args{"Item": h.ID}, "Nothing was saved: {{.Item}} was retracted, and an id is never used again. Please restore it, or choose another id.")
	case c.Op != OpCreate && was.Rev == 0 && c.Seen == 0:
		return TellAs(ErrInvalid, "change.unknown", args{"Item": h.ID}, "Nothing was saved: there is no {{.Item}} in this briefing. Please create it.")
	case was.Rev != c.Seen:
		return s.overtaken(c.Item)
	case c.Op == OpCreate && was.Rev != 0:
		return TellAs(ErrInvalid, "change.there", args{"Item": h.ID}, "Nothing was saved: {{.Item}} is there already. Please amend or correct it, or choose another id.")
	case c.Op == OpCreate, c.Op == OpRetract && !retracted:
		return nil
	case c.Op == OpRestore && !retracted:
		return TellAs(ErrInvalid, "change.not_retracted", args{"Ref": h.Ref()}, "Nothing was saved: {{.Ref}} is not retracted, so there is nothing to restore.")
	case c.Op != OpRestore && retracted:
		return TellAs(ErrInvalid, "change.retracted", args{"Ref": was.Item.Head().Ref(), "Reason": was.Reason}, "Nothing was saved: {{.Ref}} was retracted ({{.Reason}}). Please restore it first.")
	}
	return same(c, was.Item)
}

// same checks that an operation that changes an item does, and that one that
// must not doesn't. A confirmation may move the date of the next review.
func same(c Change, was Item) error {
	ref := was.Head().Ref()
	equal, err := Equal(c.Item, was)
	switch {
	case err != nil:
		return err
	case c.Op == OpRestore && !equal:
		return TellAs(ErrInvalid, "change.restore_first", args{"Ref": ref}, "Nothing was saved: restoring brings {{.Ref}} back as it was. Please restore it first, then change it.")
	case renamed(c.Item, was):
		return TellAs(ErrInvalid, "change.command", args{"Ref": ref, "Command": was.(*Section).Command}, "Nothing was saved: {{.Ref}} keeps its slash command /{{.Command}}. Under another name it would be a new command on Discord, without what admins allowed it under Integrations. Please retire the section, and add one with the other name.")
	case (c.Op == OpAmend || c.Op == OpCorrect) && equal:
		return TellAs(ErrInvalid, "change.same", args{"Ref": ref}, "Nothing was saved: nothing differs from what {{.Ref}} says already. If it was looked at and still holds, please confirm it.")
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
	return TellAs(ErrInvalid, "change.confirm_changed", args{"Ref": ref}, "Nothing was saved: confirming says that {{.Ref}} still holds as it is. Please amend or correct it to change what it says.")
}

// renamed reports whether item is a section with another command than it had.
func renamed(item, was Item) bool {
	now, ok := item.(*Section)
	old, before := was.(*Section)
	return ok && before && now.Command != old.Command
}

// overtaken says that item is no longer what a change of it was made from.
func (s *Snapshot) overtaken(item Item) error {
	by := s.Revision(item.Head().ID)
	if by.Rev == 0 {
		return TellAs(ErrStale, "change.gone", args{"Ref": item.Head().Ref()}, "{{.Ref}} is not in this briefing any more, so nothing was changed.")
	}
	with := args{"Ref": item.Head().Ref(), "Rev": by.Rev, "Time": by.RecordedAt.UTC().Format("2006-01-02 15:04 UTC")}
	return TellAs(ErrStale, "change.overtaken", with,
		"Somebody else changed {{.Ref}} in the meantime (revision {{.Rev}}, recorded {{.Time}}). Nothing was overwritten: please look at the new version, then decide.")
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
	var own, others []Fault
	for _, fault := range Check(items, at) {
		if fault.Item != "" && !touched[fault.Item] {
			others = append(others, fault)
			continue
		}
		if len(changes) == 1 {
			fault.Item = "" // which goes without saying
		}
		own = append(own, fault)
	}
	if len(own) > 0 {
		return Refuse(own)
	}
	return s.spares(others, gone, at)
}

// spares checks that none of faults, of items that nobody touched, is new.
func (s *Snapshot) spares(faults []Fault, gone []string, at time.Time) error {
	if len(faults) == 0 {
		return nil
	}
	before := map[string]bool{}
	for _, fault := range Check(s.ordered, at) {
		before[fault.bare()] = true
	}
	var users []string
	var broken []Fault
	for _, fault := range faults {
		if before[fault.bare()] {
			continue
		}
		if ref := s.Item(fault.Item).Head().Ref(); !slices.Contains(users, ref) {
			users = append(users, ref)
		}
		broken = append(broken, fault)
	}
	switch {
	case len(users) == 0:
		return nil
	case len(gone) > 0:
		with := args{"Gone": clip(strings.Join(gone, ", "), 300), "Users": clip(strings.Join(users, ", "), 600)}
		return TellAs(ErrInvalid, "change.still_named", with,
			"Nothing was saved: {{.Gone}} is still named by others. Please change or retract these first: {{.Users}}")
	}
	return tellFaults(message("change.breaks", "Nothing was saved, for it would break others:", nil), broken)
}

// bare is the fault without its hints, which tell of other items.
func (f Fault) bare() string {
	bare, _, _ := strings.Cut(f.Error(), ";")
	return bare
}
