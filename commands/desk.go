package commands

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

type deskEditRequest struct {
	Item string `option:"item,required,complete"`
}

// deskEdit opens an item in a form.
func (d Desk) deskEdit() Command {
	c := define("desk edit", Moderator, func(ctx context.Context, who Caller, r deskEditRequest) (Reply, error) {
		t, err := d.editing(ctx, who)
		if err != nil {
			return Reply{}, err
		}
		item, err := findItem(t, r.Item)
		if err != nil {
			return Reply{}, err
		}
		id := item.Head().ID
		return Reply{Form: itemForm(t, id, t.Snapshot.ItemRev(id), shownFields(item))}, nil
	})
	c.Form = true
	c.Complete = func(ctx context.Context, who Caller, _ string, in Input) ([]cards.Choice, error) {
		t, err := d.editing(ctx, who)
		if err != nil {
			return nil, err
		}
		return completeItems(t, in["item"]), nil
	}
	return c
}

// editing is the desk that who may change.
func (d Desk) editing(ctx context.Context, who Caller) (cards.Telling, error) {
	if err := inServer(who, d.Book.In(who.Locales...).Say("desk.server_only")); err != nil {
		return cards.Telling{}, err
	}
	t, err := d.read(ctx, who, "")
	if err == nil {
		t.Snapshot = t.Snapshot.In("") // what is edited is what was recorded, not a translation of it
	}
	return t, err
}

// deskSave publishes what a form holds, or keeps it and says what is wrong.
// Whatever fails, what was typed comes back.
func (d Desk) deskSave() Action {
	return Action{Name: "desk-save", Role: Moderator, Run: func(ctx context.Context, who Caller, p Press) (Reply, error) {
		t, err := d.editing(ctx, who)
		if who.Desk == briefings.Catalogue {
			return Reply{}, err
		}
		draft := briefings.Draft{Desk: who.Desk, Author: who.User, Fields: p.Fields}
		var forged error
		draft.Item, draft.Seen, forged = formState(p.State)
		switch {
		case err != nil:
			t = d.telling(who, d.Briefings.Base()) // the desk itself can't be read
		case forged != nil:
			err = mistake(t, "error.gone", nil)
		default:
			card, failed := d.save(ctx, who, t, draft.Item, draft.Seen, p.Fields)
			if failed == nil {
				return Reply{Card: card}, nil
			}
			err = failed
		}
		rejected := new(briefings.UserError)
		if errors.As(err, &rejected) {
			return Reply{Card: d.keepTyped(ctx, t, Said(t.Words, rejected), draft)}, nil
		}
		return Reply{Card: d.keepTyped(ctx, t, t.Words.Say("error.fault"), draft)}, err
	}}
}

func formState(state string) (briefings.ID, int, error) {
	name, number, _ := strings.Cut(state, ":")
	id, err := briefings.ParseID(name)
	if err != nil {
		return "", 0, err
	}
	seen, err := strconv.Atoi(number)
	return id, seen, err
}

func (d Desk) save(ctx context.Context, who Caller, t cards.Telling, id briefings.ID, seen int, typed Input) (cards.Card, error) {
	old := t.Snapshot.Item(id)
	if old == nil {
		return cards.Card{}, mistake(t, "desk.unknown", words.Args{"Item": string(id)})
	}
	item, op, err := readForm(old, typed)
	if err != nil {
		return cards.Card{}, err
	}
	if maps.Equal(shownFields(item), shownFields(old)) {
		return cards.Card{}, mistake(t, "desk.unchanged", nil)
	}
	snap, err := d.Briefings.Publish(ctx, briefings.Batch{Desk: who.Desk, By: who.User, Changes: []briefings.Change{
		{Item: item, Op: op, Reason: typed["reason"], Seen: seen},
	}})
	if err != nil {
		return cards.Card{}, err
	}
	t.Snapshot = snap
	say := func(id string, args words.Args) cards.Markup { return cards.Markup(t.Words.Say(id, args)) }
	return cards.Card{
		Title: "✓ " + say("desk.saved_"+string(op), words.Args{"Ref": old.Head().Ref(), "Rev": snap.Rev}),
		Blocks: []cards.Block{
			{Lines: changed(t, old, item)},
			{Lines: append([]cards.Line{{Text: t.Line(id)}}, outdated(t, old)...)},
		},
	}, nil
}

// changed shows each field that differs, the old value struck.
func changed(t cards.Telling, old, item briefings.Item) []cards.Line {
	was, now := shownFields(old), shownFields(item)
	var lines []cards.Line
	for _, name := range formFields(item.Head().ID.Kind()) {
		if was[name] == now[name] {
			continue
		}
		struck := cards.Format("~~%s~~ → ", was[name])
		if was[name] == "" {
			struck = ""
		}
		lines = append(lines, cards.Line{Text: cards.Format("**%s:** %s%s", t.Words.Say("field."+name), struck, cmp.Or(now[name], "–"))})
	}
	return lines
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

// keepTyped answers a form that could not be saved: why, and all that was
// typed, with a button that opens it again where the draft could be kept.
func (d Desk) keepTyped(ctx context.Context, t cards.Telling, why string, draft briefings.Draft) cards.Card {
	c := cards.Card{Title: "⚠ " + cards.Escape(t.Words.Say("desk.invalid"))}
	reasons := cards.Block{}
	for line := range strings.Lines(why) {
		reasons.Lines = append(reasons.Lines, cards.Line{Text: cards.Escape(line), Keep: true})
	}
	c.Blocks = []cards.Block{reasons, typedBlock(t, draft)}
	if fresh, err := d.Briefings.Snapshot(ctx, draft.Desk); err == nil && draft.Item != "" && fresh.ItemRev(draft.Item) != draft.Seen {
		t.Snapshot = fresh
		c.Blocks = append(c.Blocks, cards.Block{Heading: cards.Format("**%s**", t.Words.Say("desk.newest")), Lines: []cards.Line{{Text: cards.Escape(t.Line(draft.Item).Plain()), Keep: true}}})
	}
	draft.Fields = touched(t.Snapshot, draft)
	if draft.Item == "" {
		return c.Fit(cards.MostText, t.Words) // there is no form to open again
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepTime) // also when saving took too long
	defer cancel()
	if id, err := d.Briefings.KeepDraft(ctx, draft); err == nil {
		c.Buttons = []cards.Button{{Action: "desk-reopen:" + id, Label: t.Words.Say("button.reopen")}}
	}
	return c.Fit(cards.MostText, t.Words)
}

// touched are the fields that the person changed in the form. The others are
// left out, so that reopening it can't undo what somebody else did to them.
func touched(snap *briefings.Snapshot, draft briefings.Draft) Input {
	fields := maps.Clone(draft.Fields)
	if was := snap.Version(draft.Item, draft.Seen); was != nil {
		for name, value := range shownFields(was) {
			if strings.Join(strings.Fields(fields[name]), " ") == value {
				delete(fields, name)
			}
		}
	}
	return fields
}

// keepTime is what keeping a draft may cost of an answer's time.
const keepTime = 2 * time.Second

// typedBlock repeats what was typed, field by field; those that the form does
// not have come last.
func typedBlock(t cards.Telling, draft briefings.Draft) cards.Block {
	fields := itemForm(t, draft.Item, draft.Seen, draft.Fields).Fields
	for _, name := range slices.Sorted(maps.Keys(draft.Fields)) {
		if !slices.ContainsFunc(fields, func(f cards.FormField) bool { return f.Name == name }) {
			fields = append(fields, cards.FormField{Name: name, Label: cards.Clip(name, 45), Most: mostTyped})
		}
	}
	b := cards.Block{Heading: cards.Format("**%s**", t.Words.Say("desk.typed"))}
	for _, f := range fields {
		if v := draft.Fields[f.Name]; v != "" {
			v = cards.Clip(v, cmp.Or(f.Most, mostChosen)) // Discord takes no more; somebody else may
			b.Lines = append(b.Lines, cards.Line{Text: cards.Format("%s: %s", f.Label, v), Keep: len(b.Lines) < mostFields})
		}
	}
	return b
}

// deskReopen shows a kept form again, with all that was typed, on top of the
// item's newest version.
func (d Desk) deskReopen() Action {
	return Action{Name: "desk-reopen", Role: Moderator, Form: true, Run: func(ctx context.Context, who Caller, p Press) (Reply, error) {
		t, err := d.editing(ctx, who)
		if err != nil {
			return Reply{}, err
		}
		draft, err := d.Briefings.Draft(ctx, who.Desk, p.State)
		if err != nil {
			return Reply{}, err
		}
		fields := Input{}
		if item := t.Snapshot.Item(draft.Item); item != nil {
			fields = shownFields(item)
		}
		maps.Copy(fields, draft.Fields)
		return Reply{Form: itemForm(t, draft.Item, t.Snapshot.ItemRev(draft.Item), fields)}, nil
	}}
}
