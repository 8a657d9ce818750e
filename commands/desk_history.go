package commands

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

// The actions of the history.
const (
	actionRevision = "desk-revision"
	actionRevert   = "desk-revert"
	actionReverted = "desk-reverted"
)

type deskHistoryRequest struct {
	Item string `option:"item,required,complete"`
}

// deskHistory shows who changed an item, when and why.
func (d Desk) deskHistory() Command {
	c := define("desk history", Moderator, func(ctx context.Context, who Caller, r deskHistoryRequest) (Reply, error) {
		t, err := d.editing(ctx, who)
		if err != nil {
			return Reply{}, err
		}
		item := retracted(t, r.Item)
		if item == nil {
			if item, err = findItem(t, r.Item); err != nil {
				return Reply{}, err
			}
		}
		id := item.Head().ID
		return Reply{Card: d.marked(t, t.Revisions(item, t.Snapshot.History(id), actionRevision+":"+string(id)))}, nil
	})
	c.Complete = d.completesItem(completeItems)
	return c
}

// looking are the actions behind the buttons of a history.
func (d Desk) looking() []Action {
	return []Action{
		d.deskConfirmed(),
		{Name: actionRevision, Role: Moderator, Replaces: true, Run: d.revision(func(_ context.Context, _ Caller, t cards.Telling, history []briefings.Revision, at int, _ Press) (Reply, error) {
			id := history[at].Item.Head().ID
			c := t.Revision(history, at)
			if at < len(history)-1 && history[at].Op != briefings.OpRetract {
				c.Buttons = []cards.Button{{Action: fmt.Sprintf("%s:%s:%d:%d", actionRevert, id, history[at].Rev, t.Snapshot.ItemRev(id)), Label: t.Words.Say("button.revert")}}
			}
			c.Selects = t.Revisions(history[at].Item, history, actionRevision+":"+string(id)).Selects
			return Reply{Card: d.marked(t, c)}, nil
		})},
		{Name: actionRevert, Role: Moderator, Form: true, Run: d.revision(func(_ context.Context, _ Caller, t cards.Telling, history []briefings.Revision, at int, p Press) (Reply, error) {
			title := t.Words.Say("desk.revert", words.Args{"Ref": history[at].Item.Head().Ref(), "Rev": history[at].Rev})
			op := opField(t, "")
			op.Choices = op.Choices[:2] // there is nothing to fill in later
			return Reply{Form: &cards.Form{Action: actionReverted + ":" + p.State, Title: cards.Clip(title, 45), Fields: []cards.FormField{op, reasonField(t, "")}}}, nil
		})},
		{Name: actionReverted, Role: Moderator, Run: d.revision(d.revert)},
	}
}

// revision finds the revision that an action names: "item:rev:seen", where seen is
// the newest that there was, or "item" and the rev that was chosen.
func (d Desk) revision(run func(ctx context.Context, who Caller, t cards.Telling, history []briefings.Revision, at int, p Press) (Reply, error)) func(context.Context, Caller, Press) (Reply, error) {
	return func(ctx context.Context, who Caller, p Press) (Reply, error) {
		t, err := d.editing(ctx, who)
		if err != nil {
			return Reply{}, err
		}
		id, rest, named := strings.Cut(p.State, ":")
		rev, _, _ := strings.Cut(rest, ":")
		if !named && len(p.Values) > 0 {
			rev = p.Values[0]
		}
		history := t.Snapshot.History(briefings.ID(id))
		for at, r := range history {
			if strconv.Itoa(r.Rev) == rev {
				return run(ctx, who, t, history, at, p)
			}
		}
		return Reply{}, d.gone(who)
	}
}

// revert publishes an earlier version as a new revision; where that can't be,
// it says why, with the reason that was typed.
func (d Desk) revert(ctx context.Context, who Caller, t cards.Telling, history []briefings.Revision, at int, p Press) (Reply, error) {
	op, faults := readOp(p.Fields["op"])
	if len(faults) > 0 {
		return Reply{}, briefings.Refuse(faults)
	}
	item := history[at].Item
	parts := strings.Split(p.State, ":")
	seen, err := strconv.Atoi(parts[len(parts)-1])
	if err != nil || len(parts) != 3 {
		return Reply{}, d.gone(who)
	}
	change := briefings.Change{Item: item, Op: op, Reason: p.Fields["reason"], Seen: seen}
	b := briefings.Batch{Desk: who.Desk, By: who.User, Changes: []briefings.Change{change}}
	reply, err := d.submit(ctx, who, t, b)
	if err != nil {
		draft := briefings.Draft{Desk: who.Desk, Author: who.User, Changes: b.Changes, Reason: change.Reason}
		return d.heldBack(ctx, who, t, draft, err)
	}
	return reply, nil
}

type deskPublishRequest struct {
	Draft string `option:"draft,required,complete"`
}

// mostDrafts is how many drafts of a desk are looked through.
const mostDrafts = 1000

// deskPublish shows what a draft would change, with the button that publishes it.
func (d Desk) deskPublish() Command {
	c := define("desk publish", Moderator, func(ctx context.Context, who Caller, r deskPublishRequest) (Reply, error) {
		t, err := d.editing(ctx, who)
		if err != nil {
			return Reply{}, err
		}
		return d.openDraft(ctx, who, t, strings.TrimSpace(r.Draft))
	})
	c.Complete = func(ctx context.Context, who Caller, _ string, in Input) ([]cards.Choice, error) {
		t, err := d.editing(ctx, who)
		if err != nil {
			return nil, err
		}
		all, err := d.Briefings.Drafts(ctx, who.Desk, mostDrafts)
		if err != nil {
			return nil, err
		}
		var offered []cards.Choice
		for _, c := range t.DraftChoices(all) {
			if contains(c.Label, in["draft"]) && len(offered) < mostOffered {
				offered = append(offered, c)
			}
		}
		return offered, nil
	}
	return c
}

// deskDraft opens the draft that was chosen from the list.
func (d Desk) deskDraft() Action {
	return Action{Name: cards.ActionDraft, Role: Moderator, Run: func(ctx context.Context, who Caller, p Press) (Reply, error) {
		t, err := d.editing(ctx, who)
		if err != nil {
			return Reply{}, err
		}
		if len(p.Values) == 0 {
			return Reply{}, d.gone(who)
		}
		return d.openDraft(ctx, who, t, p.Values[0])
	}}
}

func (d Desk) openDraft(ctx context.Context, who Caller, t cards.Telling, id string) (Reply, error) {
	draft, err := d.Briefings.Draft(ctx, who.Desk, id)
	if err != nil {
		return Reply{}, err
	}
	return Reply{Card: d.draftCard(ctx, who, t, draft)}, nil
}
