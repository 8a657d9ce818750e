package commands

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

type deskConfirmRequest struct {
	Item string `option:"item,complete"`
}

// deskConfirm says that an item was looked at and still holds; without one it
// lists those whose review is due, to confirm many at once.
func (d Desk) deskConfirm() Command {
	c := define("desk confirm", Moderator, func(ctx context.Context, who Caller, r deskConfirmRequest) (Reply, error) {
		t, err := d.editing(ctx, who)
		if err != nil {
			return Reply{}, err
		}
		if r.Item == "" {
			return d.queue(ctx, who, cards.QueueView{Part: cards.QueueReview, Page: 1}, "", nil)
		}
		item, err := findItem(t, r.Item)
		if err != nil {
			return Reply{}, err
		}
		return d.confirm(ctx, who, t, map[briefings.ID]int{item.Head().ID: t.Snapshot.ItemRev(item.Head().ID)})
	})
	c.Complete = d.completesItem(completeItems)
	return c
}

// completesItem completes an option called item.
func (d Desk) completesItem(complete completer) func(context.Context, Caller, string, Input) ([]cards.Choice, error) {
	return func(ctx context.Context, who Caller, _ string, in Input) ([]cards.Choice, error) {
		t, err := d.editing(ctx, who)
		if err != nil {
			return nil, err
		}
		return complete(t, in["item"]), nil
	}
}

// confirm publishes that items still hold as they were at a Rev, all of them or
// none.
func (d Desk) confirm(ctx context.Context, who Caller, t cards.Telling, seen map[briefings.ID]int) (Reply, error) {
	b := briefings.Batch{Desk: who.Desk, By: who.User}
	for _, id := range slices.Sorted(maps.Keys(seen)) {
		item := t.Snapshot.Item(id)
		if item == nil {
			return Reply{}, mistake(t, "desk.unknown", words.Args{"Item": clip(string(id))})
		}
		b.Changes = append(b.Changes, briefings.Change{Item: item, Op: briefings.OpConfirm, Seen: seen[id]})
	}
	return d.submit(ctx, who, t, b)
}

// deskConfirmed confirms what was chosen from the list, or what its button is for:
// "item:seen".
func (d Desk) deskConfirmed() Action {
	return Action{Name: cards.ActionConfirm, Role: Moderator, Replaces: true, Run: func(ctx context.Context, who Caller, p Press) (Reply, error) {
		t, err := d.editing(ctx, who)
		if err != nil {
			return Reply{}, err
		}
		if p.State != "" {
			p.Values = []string{p.State}
		}
		seen := map[briefings.ID]int{}
		for _, v := range p.Values[:min(len(p.Values), mostOffered)] {
			id, rev, _ := strings.Cut(v, ":")
			n, err := strconv.Atoi(rev)
			if err != nil {
				return Reply{}, d.gone(who)
			}
			seen[briefings.ID(id)] = n
		}
		if len(seen) == 0 {
			return Reply{}, d.gone(who)
		}
		return d.confirm(ctx, who, t, seen)
	}}
}

type deskRetractRequest struct {
	Item   string `option:"item,required,complete"`
	Reason string `option:"reason,required"`
}

// deskRetract proposes to take back what should never have been published. What
// is still named by others is refused, with their labels.
func (d Desk) deskRetract() Command {
	c := define("desk retract", Moderator, func(ctx context.Context, who Caller, r deskRetractRequest) (Reply, error) {
		t, err := d.editing(ctx, who)
		if err != nil {
			return Reply{}, err
		}
		item, err := findItem(t, r.Item)
		if err != nil {
			return Reply{}, err
		}
		change := briefings.Change{Item: item, Op: briefings.OpRetract, Reason: r.Reason, Seen: t.Snapshot.ItemRev(item.Head().ID)}
		return d.propose(ctx, who, t, briefings.Batch{Desk: who.Desk, By: who.User, Changes: []briefings.Change{change}})
	})
	c.Complete = d.completesItem(completeItems)
	return c
}

type deskRestoreRequest struct {
	Item   string `option:"item,required,complete"`
	Reason string `option:"reason"`
}

// deskRestore brings a retracted item back as it was.
func (d Desk) deskRestore() Command {
	c := define("desk restore", Moderator, func(ctx context.Context, who Caller, r deskRestoreRequest) (Reply, error) {
		t, err := d.editing(ctx, who)
		if err != nil {
			return Reply{}, err
		}
		item := retracted(t, r.Item)
		if item == nil {
			return Reply{}, mistake(t, "desk.not_retracted", words.Args{"Item": clip(r.Item)})
		}
		change := briefings.Change{Item: item, Op: briefings.OpRestore, Reason: r.Reason, Seen: t.Snapshot.ItemRev(item.Head().ID)}
		return d.submit(ctx, who, t, briefings.Batch{Desk: who.Desk, By: who.User, Changes: []briefings.Change{change}})
	})
	c.Complete = d.completesItem(func(t cards.Telling, typed string) []cards.Choice {
		var all []cards.Choice
		for _, item := range t.Snapshot.Retracted() {
			label := item.Head().Ref() + " · " + t.Summary(item)
			if contains(label, typed) && len(all) < mostOffered {
				all = append(all, cards.Choice{Label: cards.Clip(label, 100), Value: item.Head().Ref()})
			}
		}
		return all
	})
	return c
}

// retracted is the retracted item with a label or an id, nil where there is none.
func retracted(t cards.Telling, given string) briefings.Item {
	label, _, _ := strings.Cut(strings.Trim(given, " []`"), " ")
	for _, item := range t.Snapshot.Retracted() {
		h := item.Head()
		if label == string(h.ID) || slices.ContainsFunc(h.Refs, func(ref string) bool { return strings.EqualFold(ref, label) }) {
			return item
		}
	}
	return nil
}
