package commands

import (
	"context"
	"fmt"
	"strconv"

	"sitrep/briefings"
	"sitrep/cards"
)

// contest shows a draft of one item beside the version that overtook it; false
// where that can't be told apart.
func (d Desk) contest(ctx context.Context, who Caller, t cards.Telling, draft briefings.Draft) (cards.Card, bool) {
	fresh, err := d.Briefings.Snapshot(ctx, who.Desk)
	if err != nil {
		return cards.Card{}, false
	}
	t.Snapshot = fresh.In("")
	changes, err := changesOf(t, draft)
	if err != nil || len(changes) != 1 {
		return cards.Card{}, false
	}
	c := changes[0]
	id := c.Item.Head().ID
	theirs, base := t.Snapshot.Item(id), t.Snapshot.Version(id, c.Seen)
	if theirs == nil || c.Seen == 0 {
		return cards.Card{}, false
	}
	_, contested, err := briefings.Merge(base, c.Item, theirs)
	if err != nil || len(briefings.CompareFields(theirs, c.Item)) == 0 {
		return cards.Card{}, false // both say the same
	}
	if draft, err = d.keepAnyway(ctx, draft); err != nil {
		return cards.Card{}, false
	}
	card := t.Contest(base, theirs, c.Item, contested)
	phrase := "button.merge"
	if len(contested) > 0 {
		phrase = "button.override"
	}
	merge := fmt.Sprintf("%s:%s:%d:%d", actionMerge, draft.ID, draft.Version, t.Snapshot.ItemRev(id))
	card.Buttons = []cards.Button{{Action: merge, Label: t.Words.Say(phrase)}}
	if draft.Item != "" {
		card.Buttons = append(card.Buttons, cards.Button{Action: actionReopen + ":" + draft.ID + ":" + strconv.Itoa(t.Snapshot.ItemRev(id)), Label: t.Words.Say("button.reopen")})
	}
	card.Buttons = append(card.Buttons, cards.Button{Action: actionDiscard + ":" + draft.ID, Label: t.Words.Say("button.theirs")})
	return d.marked(t, card), true
}

// merge publishes a draft on top of the version that was shown beside it: with what
// its author changed, and in all else as that version is.
func (d Desk) merge(ctx context.Context, who Caller, t cards.Telling, draft briefings.Draft, p Press) (Reply, error) {
	shown, err := strconv.Atoi(p.State)
	changes, wrong := changesOf(t, draft)
	if err != nil || wrong != nil || len(changes) != 1 {
		return Reply{}, d.gone(who)
	}
	c := changes[0]
	id := c.Item.Head().ID
	theirs := t.Snapshot.Item(id)
	if theirs == nil || t.Snapshot.ItemRev(id) != shown {
		return d.heldBack(ctx, who, t, draft, briefings.TellAs(briefings.ErrStale, "change.gone", map[string]any{"Ref": c.Item.Head().Ref()}, ""))
	}
	merged, _, err := briefings.Merge(t.Snapshot.Version(id, c.Seen), c.Item, theirs)
	if err != nil {
		return Reply{}, err
	}
	c.Item, c.Seen = merged, shown
	if who.Settings.NeedsSecond() && draft.Author == who.User { // what waits is the two together
		draft.Item, draft.Seen, draft.Fields, draft.Changes = "", 0, nil, []briefings.Change{c}
		draft.Reason = labelOfAll(t, draft.Changes)
	}
	return d.publishChanges(ctx, who, t, draft, []briefings.Change{c})
}
