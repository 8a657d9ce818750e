package commands

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

// The actions on drafts.
const (
	actionPublish = "desk-publish"
	actionCorrect = "desk-correct"
	actionMerge   = "desk-merge"
	actionDiscard = "desk-discard"
	actionReopen  = "desk-reopen"
)

// submit publishes b at once; or, where the desk wants a second moderator, keeps
// it for them.
func (d Desk) submit(ctx context.Context, who Caller, t cards.Telling, b briefings.Batch) (Reply, error) {
	if !who.Settings.NeedsSecond() {
		return d.publish(ctx, t, b)
	}
	if _, err := d.Briefings.Try(ctx, b); err != nil {
		return Reply{}, err // nobody should have to look at what can't be published
	}
	draft := briefings.Draft{Desk: who.Desk, Author: who.User, State: briefings.DraftWaiting, Changes: b.Changes, Reason: reasonOf(b.Changes)}
	return d.keepDraft(ctx, who, t, draft)
}

// propose keeps b as a draft and shows what it would change, with buttons to
// publish or discard it.
func (d Desk) propose(ctx context.Context, who Caller, t cards.Telling, b briefings.Batch) (Reply, error) {
	if _, err := d.Briefings.Try(ctx, b); err != nil {
		return Reply{}, err
	}
	draft := briefings.Draft{Desk: who.Desk, Author: who.User, State: briefings.DraftTyped, Changes: b.Changes, Reason: reasonOf(b.Changes)}
	return d.keepDraft(ctx, who, t, draft)
}

// reasonOf is the reason that all changes share, empty where they don't.
func reasonOf(changes []briefings.Change) string {
	for _, c := range changes {
		if c.Reason != changes[0].Reason {
			return ""
		}
	}
	return changes[0].Reason
}

// keepDraft keeps draft and shows it.
func (d Desk) keepDraft(ctx context.Context, who Caller, t cards.Telling, draft briefings.Draft) (Reply, error) {
	id, err := d.Briefings.KeepDraft(ctx, draft)
	if err != nil {
		return Reply{}, err
	}
	draft.ID, draft.RecordedAt = id, t.Now
	return Reply{Card: d.draftCard(ctx, who, t, draft)}, nil
}

// publish is the only way from a command to what readers see.
func (d Desk) publish(ctx context.Context, t cards.Telling, b briefings.Batch) (Reply, error) {
	snap, err := d.Briefings.Publish(ctx, b)
	if err != nil {
		return Reply{}, err
	}
	c := published(t, b.Changes, snap)
	c.Blocks = append(c.Blocks, d.offer(ctx, t, b)...)
	return Reply{Card: c.Fit(cards.MostText, t.Words)}, nil
}

// published says what changed on the way from t's snapshot to after.
func published(t cards.Telling, changes []briefings.Change, after *briefings.Snapshot) cards.Card {
	c := cards.Card{Colour: cards.Colour("")}
	lines := t.Proposed(changes)
	title := words.Args{"What": t.Counted(changes), "Rev": after.Rev}
	if len(changes) > 1 {
		c.Title = "✓ " + cards.Markup(t.Words.Say("desk.saved_many", title))
		c.Blocks = []cards.Block{{Lines: lines}}
		return c.Fit(cards.MostText, t.Words)
	}
	item := changes[0].Item
	title["Ref"] = item.Head().Ref()
	c.Title = "✓ " + cards.Markup(t.Words.Say("desk.saved_"+string(changes[0].Op), title))
	old := t.Snapshot.Item(item.Head().ID)
	t.Snapshot = after
	shown := cards.Block{Lines: []cards.Line{{Text: t.Line(item.Head().ID)}}}
	if old != nil {
		shown.Lines = append(shown.Lines, outdated(t, old)...)
	}
	c.Blocks = []cards.Block{{Lines: lines[1:]}, shown}
	return c.Fit(cards.MostText, t.Words)
}

// changesOf are the changes that a draft stands for now: those of its forms are
// read anew, as rules may have changed. Where what was typed can't be read the
// error is a [briefings.UserError] and the changes are nil.
func changesOf(t cards.Telling, draft briefings.Draft) ([]briefings.Change, error) {
	if draft.Item == "" {
		return draft.Changes, nil
	}
	change, err := formChange(t, draft)
	if err != nil {
		return nil, err
	}
	return []briefings.Change{change}, nil
}

// draftCard shows a draft, with the buttons that who may press.
func (d Desk) draftCard(ctx context.Context, who Caller, t cards.Telling, draft briefings.Draft) cards.Card {
	changes, err := changesOf(t, draft)
	c := t.Draft(draft, changes)
	wrong := new(briefings.UserError)
	switch {
	case errors.As(err, &wrong):
		c.Blocks = append(c.Blocks, said(t, wrong), typedBlock(t, draft))
	case draft.Item != "":
		_, err := d.Briefings.Try(ctx, briefings.Batch{Desk: who.Desk, By: draft.Author, Changes: changes})
		if errors.As(err, &wrong) && len(wrong.Faults) > 0 {
			lacking := said(t, wrong)
			lacking.Heading = cards.Format("**⚠ %s**", t.Words.Say("draft.lacking"))
			c.Blocks, changes = append(c.Blocks, lacking), nil // which nobody could publish
		}
	}
	c.Buttons, c.Selects = d.draftControls(who, t, draft, changes)
	return d.marked(t, c)
}

func (d Desk) draftControls(who Caller, t cards.Telling, draft briefings.Draft, changes []briefings.Change) ([]cards.Button, []cards.Select) {
	var buttons []cards.Button
	button := func(action, phrase string) {
		buttons = append(buttons, cards.Button{Action: action, Label: t.Words.Say(phrase)})
	}
	mine := draft.Author == who.User
	publishing := "button.publish"
	if who.Settings.NeedsSecond() && mine {
		publishing = "button.ask_second"
	}
	switch {
	case len(changes) == 0, mine && draft.State == briefings.DraftWaiting && who.Settings.NeedsSecond():
	case draft.Item != "" && draft.Seen > 0 && draft.Fields["op"] == opLater:
		button(actionPublish+":"+draft.ID+":"+string(briefings.OpAmend), "desk.op.amend")
		button(actionCorrect+":"+draft.ID, "desk.op.correct")
	default:
		button(actionPublish+":"+draft.ID, publishing)
	}
	var selects []cards.Select
	if draft.Item != "" {
		button(actionReopen+":"+draft.ID, "button.reopen")
		selects = []cards.Select{moreFields(t, draft)}
	}
	button(actionDiscard+":"+draft.ID, "button.discard")
	return buttons, selects
}

// said are the sentences of a mistake, each on a line that stays.
func said(t cards.Telling, wrong *briefings.UserError) cards.Block {
	b := cards.Block{}
	for line := range strings.Lines(Said(t.Words, wrong)) {
		b.Lines = append(b.Lines, cards.Line{Text: cards.Escape(line), Keep: true})
	}
	return b
}

// drafting are the actions behind the buttons of drafts.
func (d Desk) drafting() []Action {
	on := func(run func(ctx context.Context, who Caller, t cards.Telling, draft briefings.Draft, p Press) (Reply, error)) func(context.Context, Caller, Press) (Reply, error) {
		return func(ctx context.Context, who Caller, p Press) (Reply, error) {
			t, err := d.editing(ctx, who)
			if err != nil {
				return Reply{}, err
			}
			id, rest, _ := strings.Cut(p.State, ":")
			draft, err := d.Briefings.Draft(ctx, who.Desk, id)
			if err != nil {
				return Reply{}, err
			}
			p.State = rest
			return run(ctx, who, t, draft, p)
		}
	}
	return []Action{
		{Name: actionPublish, Role: Moderator, Replaces: true, Run: on(d.publishPressed)},
		{Name: actionMerge, Role: Moderator, Replaces: true, Run: on(d.merge)},
		{Name: actionDiscard, Role: Moderator, Replaces: true, Run: on(d.discard)},
		{Name: actionReopen, Role: Moderator, Form: true, Run: on(d.reopen)},
		{Name: actionFields, Role: Moderator, Form: true, Run: on(d.reopen)},
		{Name: actionCorrect, Role: Moderator, Form: true, Run: on(func(_ context.Context, _ Caller, t cards.Telling, draft briefings.Draft, _ Press) (Reply, error) {
			form := &cards.Form{Action: actionPublish + ":" + draft.ID + ":" + string(briefings.OpCorrect), Title: t.Words.Say("desk.op.correct")}
			form.Fields = []cards.FormField{reasonField(t, draft.Fields["reason"])}
			form.Fields[0].Required = true
			return Reply{Form: form}, nil
		})},
	}
}

// publishPressed publishes a draft, with the sort of change that the button
// stands for and the reason that its form asked for, if it did.
func (d Desk) publishPressed(ctx context.Context, who Caller, t cards.Telling, draft briefings.Draft, p Press) (Reply, error) {
	if draft.Item != "" && (p.State != "" || p.Fields["reason"] != "") {
		if draft.Fields == nil {
			draft.Fields = Input{}
		}
		draft.Fields["op"] = p.State
		if p.Fields["reason"] != "" {
			draft.Fields["reason"] = p.Fields["reason"]
		}
	}
	return d.publishDraft(ctx, who, t, draft)
}

// publishDraft publishes draft, or hands it to a second moderator where there
// has to be one. Whatever keeps it from being published, it stays.
func (d Desk) publishDraft(ctx context.Context, who Caller, t cards.Telling, draft briefings.Draft) (Reply, error) {
	changes, err := changesOf(t, draft)
	if err != nil {
		return d.heldBack(ctx, who, t, draft, err)
	}
	b := briefings.Batch{Desk: who.Desk, By: draft.Author, Changes: changes}
	if who.User != draft.Author {
		b.ApprovedBy = who.User
	}
	if who.Settings.NeedsSecond() && b.ApprovedBy == "" {
		if _, err := d.Briefings.Try(ctx, b); err != nil {
			return d.heldBack(ctx, who, t, draft, err)
		}
		draft.State = briefings.DraftWaiting
		return d.keepDraft(ctx, who, t, draft)
	}
	if draft.ID != "" && draft.Item != "" && draft.Seen == 0 {
		// Of two presses at once both mean this item, and not another one each.
		draft.Fields[named] = string(changes[0].Item.Head().ID)
		if _, err := d.Briefings.KeepDraft(ctx, draft); err != nil {
			return Reply{}, err
		}
	}
	reply, err := d.publish(ctx, t, b)
	if err != nil {
		delete(draft.Fields, named)
		return d.heldBack(ctx, who, t, draft, err)
	}
	if err := d.Briefings.DropDraft(ctx, who.Desk, draft.ID); draft.ID != "" && err != nil && !errors.Is(err, briefings.ErrNotFound) {
		reply.Card.Blocks = append(reply.Card.Blocks, cards.Block{Lines: []cards.Line{{Text: cards.Escape(t.Words.Say("draft.left"))}}})
	}
	return reply, nil
}

// heldBack keeps a draft that could not be published and says why: beside the
// two versions, where somebody else was quicker.
func (d Desk) heldBack(ctx context.Context, who Caller, t cards.Telling, draft briefings.Draft, why error) (Reply, error) {
	wrong := new(briefings.UserError)
	if !errors.As(why, &wrong) {
		return Reply{Card: d.keepTyped(ctx, who, t, &briefings.UserError{Say: t.Words.Say("error.fault")}, draft)}, why
	}
	if errors.Is(why, briefings.ErrStale) {
		if c, ok := d.contest(ctx, who, t, draft); ok {
			return Reply{Card: c}, nil
		}
	}
	return Reply{Card: d.keepTyped(ctx, who, t, wrong, draft)}, nil
}

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
	if theirs == nil {
		return cards.Card{}, false
	}
	_, contested, err := briefings.Merge(base, c.Item, theirs)
	if err != nil || len(briefings.CompareFields(theirs, c.Item)) == 0 {
		return cards.Card{}, false // both say the same
	}
	if draft.ID, err = d.keepAnyway(ctx, draft); err != nil {
		return cards.Card{}, false
	}
	card := t.Contest(base, theirs, c.Item, contested)
	phrase := "button.merge"
	if len(contested) > 0 {
		phrase = "button.override"
	}
	merge := actionMerge + ":" + draft.ID + ":" + strconv.Itoa(t.Snapshot.ItemRev(id))
	card.Buttons = []cards.Button{{Action: merge, Label: t.Words.Say(phrase)}}
	if draft.Item != "" {
		card.Buttons = append(card.Buttons, cards.Button{Action: actionReopen + ":" + draft.ID + ":" + strconv.Itoa(t.Snapshot.ItemRev(id)), Label: t.Words.Say("button.reopen")})
	}
	card.Buttons = append(card.Buttons, cards.Button{Action: actionDiscard + ":" + draft.ID, Label: t.Words.Say("button.theirs")})
	return d.marked(t, card), true
}

// keepAnyway keeps a draft also when the time for an answer is over, and anew
// where somebody dropped it meanwhile.
func (d Desk) keepAnyway(ctx context.Context, draft briefings.Draft) (string, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepTime)
	defer cancel()
	id, err := d.Briefings.KeepDraft(ctx, draft)
	if draft.ID != "" && errors.Is(err, briefings.ErrNotFound) {
		draft.ID = ""
		id, err = d.Briefings.KeepDraft(ctx, draft)
	}
	return id, err
}

// merge publishes a draft on top of the version that its author was shown beside
// it: with what they changed, and in all else as that version is.
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
	draft.Item, draft.Seen, draft.Fields, draft.Changes, draft.Reason = "", 0, nil, []briefings.Change{c}, c.Reason
	return d.publishDraft(ctx, who, t, draft)
}

func (d Desk) discard(ctx context.Context, who Caller, t cards.Telling, draft briefings.Draft, _ Press) (Reply, error) {
	changes, _ := changesOf(t, draft)
	label := t.DraftLabel(draft, changes)
	if err := d.Briefings.DropDraft(ctx, who.Desk, draft.ID); err != nil {
		return Reply{}, err
	}
	c := cards.Card{Title: "✓ " + cards.Markup(t.Words.Say("draft.discarded", words.Args{"What": string(cards.Escape(label))})), Colour: cards.Colour("")}
	if draft.Item != "" {
		c.Blocks = []cards.Block{typedBlock(t, draft)} // nothing typed is lost at a slip of the finger
	}
	return Reply{Card: c.Fit(cards.MostText, t.Words)}, nil
}

// outdated names the texts that still say a figure's old number: its own, and
// the bottom lines.
func outdated(t cards.Telling, old briefings.Item) []cards.Line {
	figure, ok := old.(*briefings.Figure)
	if !ok || figure.Value == "" {
		return nil
	}
	var lines []cards.Line
	if now, ok := t.Snapshot.Item(figure.ID).(*briefings.Figure); ok && now.Value != figure.Value {
		if number := t.Outdated(now, "definition", "text", "caveat"); number != "" {
			lines = append(lines, cards.Line{Text: cards.Format("⚠ %s", t.Words.Say("desk.outdated_text", words.Args{"Number": number, "Ref": now.Ref()}))})
		}
	}
	for _, s := range t.Snapshot.Sections() {
		if t.Says(s.Bluf, figure.Value) {
			lines = append(lines, cards.Line{Text: cards.Format("⚠ %s", t.Words.Say("desk.outdated", words.Args{
				"Title": s.Title, "Number": t.Amount(figure.Value), "Ref": s.Ref(),
			}))})
		}
	}
	return lines
}
