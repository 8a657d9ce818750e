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
	draft := briefings.Draft{Desk: who.Desk, Author: who.User, State: briefings.DraftWaiting, Changes: b.Changes, Reason: labelOfAll(t, b.Changes)}
	return d.keepDraft(ctx, who, t, draft)
}

// propose keeps b as a draft and shows what it would change, with buttons to
// publish or discard it.
func (d Desk) propose(ctx context.Context, who Caller, t cards.Telling, b briefings.Batch) (Reply, error) {
	if _, err := d.Briefings.Try(ctx, b); err != nil {
		return Reply{}, err
	}
	draft := briefings.Draft{Desk: who.Desk, Author: who.User, State: briefings.DraftTyped, Changes: b.Changes, Reason: labelOfAll(t, b.Changes)}
	return d.keepDraft(ctx, who, t, draft)
}

// labelOfAll is what changes are called in a list: the labels of the first ones,
// and what is done to them.
func labelOfAll(t cards.Telling, changes []briefings.Change) string {
	const most = 3
	var labels []string
	for _, c := range changes[:min(most, len(changes))] {
		labels = append(labels, c.Item.Head().Ref())
	}
	return strings.Join(labels, ", ") + ": " + t.Counted(changes)
}

// keepDraft keeps draft and shows it.
func (d Desk) keepDraft(ctx context.Context, who Caller, t cards.Telling, draft briefings.Draft) (Reply, error) {
	id, err := d.Briefings.KeepDraft(ctx, draft)
	if err != nil {
		return Reply{}, err
	}
	draft.ID, draft.RecordedAt = id, t.Now
	draft.Version++
	return Reply{Card: d.draftCard(ctx, who, t, draft)}, nil
}

// publish records a batch and says what readers see now.
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
	fields := lines[1:]
	for i := range fields { // which stand below a title here
		fields[i].Text = cards.Markup(strings.TrimSpace(string(fields[i].Text)))
	}
	c.Blocks = []cards.Block{{Lines: fields}, shown}
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
	if len(changes) > 1 {
		c.File = listed("draft-changes.txt", t.Words.Say("import.changes"), differences(t.Snapshot, changes))
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
	version := ":" + strconv.Itoa(draft.Version)
	publishing := "button.publish"
	if who.Settings.NeedsSecond() && mine {
		publishing = "button.ask_second"
	}
	switch {
	case len(changes) == 0, who.Settings.NeedsSecond() && mine == (draft.State == briefings.DraftWaiting) && draft.State != briefings.DraftSuggested:
	case draft.Item != "" && draft.Seen > 0 && draft.Fields["op"] == opLater:
		button(actionPublish+":"+draft.ID+version+":"+string(briefings.OpAmend), "desk.op.amend")
		button(actionCorrect+":"+draft.ID+version, "desk.op.correct")
	default:
		button(actionPublish+":"+draft.ID+version, publishing)
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

// onDraft answers a press on a draft.
type onDraft func(ctx context.Context, who Caller, t cards.Telling, draft briefings.Draft, p Press) (Reply, error)

// drafting are the actions behind the buttons of drafts.
func (d Desk) drafting() []Action {
	on := func(run onDraft) func(context.Context, Caller, Press) (Reply, error) {
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
	// What was changed since the button was drawn is shown anew: nobody publishes
	// what they have not seen.
	seen := func(run onDraft) func(context.Context, Caller, Press) (Reply, error) {
		return on(func(ctx context.Context, who Caller, t cards.Telling, draft briefings.Draft, p Press) (Reply, error) {
			version, rest, _ := strings.Cut(p.State, ":")
			if version != strconv.Itoa(draft.Version) {
				return Reply{Card: d.draftCard(ctx, who, t, draft)}, nil
			}
			p.State = rest
			return run(ctx, who, t, draft, p)
		})
	}
	return []Action{
		{Name: actionPublish, Role: Moderator, Replaces: true, Run: seen(d.publishPressed)},
		{Name: actionMerge, Role: Moderator, Replaces: true, Run: seen(d.merge)},
		{Name: actionDiscard, Role: Moderator, Replaces: true, Run: on(d.discard)},
		{Name: actionReopen, Role: Moderator, Form: true, Run: on(d.reopen)},
		{Name: actionFields, Role: Moderator, Form: true, Run: on(d.reopen)},
		{Name: actionCorrect, Role: Moderator, Form: true, Run: seen(func(_ context.Context, _ Caller, t cards.Telling, draft briefings.Draft, _ Press) (Reply, error) {
			form := &cards.Form{Action: actionPublish + ":" + draft.ID + ":" + strconv.Itoa(draft.Version) + ":" + string(briefings.OpCorrect), Title: t.Words.Say("desk.op.correct")}
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
	return d.publishChanges(ctx, who, t, draft, changes)
}

// publishChanges is [Desk.publishDraft] with what the draft stands for.
func (d Desk) publishChanges(ctx context.Context, who Caller, t cards.Telling, draft briefings.Draft, changes []briefings.Change) (Reply, error) {
	second := who.Settings.NeedsSecond()
	switch {
	case second && draft.State == briefings.DraftSuggested:
		draft.Author = who.User // of moderators they are the first to see it
	case second && draft.State == briefings.DraftTyped && draft.Author != who.User:
		return Reply{}, mistake(t, "draft.not_handed", nil)
	}
	b := briefings.Batch{Desk: who.Desk, By: draft.Author, Changes: changes}
	if who.User != draft.Author {
		b.ApprovedBy = who.User
	}
	if second && b.ApprovedBy == "" {
		if _, err := d.Briefings.Try(ctx, b); err != nil {
			return d.heldBack(ctx, who, t, draft, err)
		}
		draft.State = briefings.DraftWaiting
		reply, err := d.keepDraft(ctx, who, t, draft)
		if err != nil {
			return d.heldBack(ctx, who, t, draft, err)
		}
		return reply, nil
	}
	if draft.ID != "" { // of two presses at once, the second finds another version
		id, err := d.Briefings.KeepDraft(ctx, draft)
		if err != nil {
			return Reply{}, err
		}
		draft.ID = id
		draft.Version++
	}
	reply, err := d.publish(ctx, t, b)
	if err != nil {
		return d.heldBack(ctx, who, t, draft, err)
	}
	if draft.ID == "" {
		return reply, nil
	}
	err = d.Briefings.DropDraft(ctx, draft)
	if err != nil && !errors.Is(err, briefings.ErrNotFound) && !errors.Is(err, briefings.ErrStale) { // stale: somebody saved more in it meanwhile
		reply.Card.Blocks = append(reply.Card.Blocks, cards.Block{Lines: []cards.Line{{Text: cards.Escape(t.Words.Say("draft.left"))}}})
	}
	return reply, nil
}

// heldBack keeps a draft that could not be published and says why: beside the
// two versions, where somebody else was quicker.
func (d Desk) heldBack(ctx context.Context, who Caller, t cards.Telling, draft briefings.Draft, why error) (Reply, error) {
	wrong := new(briefings.UserError)
	switch {
	case errors.As(why, &wrong):
	case errors.Is(why, briefings.ErrUnavailable): // whose part it is has logged that
		wrong = &briefings.UserError{Kind: briefings.ErrUnavailable, Say: t.Words.Say("error.away")}
	default:
		return Reply{Card: d.keepTyped(ctx, who, t, &briefings.UserError{Say: t.Words.Say("error.fault")}, draft)}, why
	}
	if errors.Is(why, briefings.ErrStale) {
		if c, ok := d.contest(ctx, who, t, draft); ok {
			return Reply{Card: c}, nil
		}
	}
	return Reply{Card: d.keepTyped(ctx, who, t, wrong, draft)}, nil
}

// keepAnyway keeps a draft also when the time for an answer is over, and apart
// where somebody dropped or changed it meanwhile. It returns the draft as it is kept.
func (d Desk) keepAnyway(ctx context.Context, draft briefings.Draft) (briefings.Draft, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepTime)
	defer cancel()
	id, err := d.Briefings.KeepDraft(ctx, draft)
	if draft.ID != "" && (errors.Is(err, briefings.ErrNotFound) || errors.Is(err, briefings.ErrStale)) {
		draft.ID, draft.Version = "", 0
		id, err = d.Briefings.KeepDraft(ctx, draft)
	}
	draft.ID = id
	draft.Version++
	return draft, err
}

func (d Desk) discard(ctx context.Context, who Caller, t cards.Telling, draft briefings.Draft, _ Press) (Reply, error) {
	changes, _ := changesOf(t, draft)
	label := t.DraftLabel(draft, changes)
	if err := d.Briefings.DropDraft(ctx, draft); err != nil {
		return Reply{}, err
	}
	c := cards.Card{Title: "✓ " + cards.Markup(t.Words.Say("draft.discarded", words.Args{"What": string(cards.Escape(label))})), Colour: cards.Colour("")}
	// Nothing is lost at a slip of the finger.
	if draft.Item != "" {
		c.Blocks, c.File = []cards.Block{typedBlock(t, draft)}, typedFile(t, draft)
	} else {
		c.Blocks = []cards.Block{{Lines: t.Proposed(changes)}}
		c.File = listed("draft-changes.txt", t.Words.Say("import.changes"), differences(t.Snapshot, changes))
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
