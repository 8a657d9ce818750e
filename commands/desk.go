package commands

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"sitrep/briefings"
	"sitrep/briefings/catalogue"
	"sitrep/cards"
	"sitrep/words"
)

type deskEditRequest struct {
	Item string `option:"item,required,complete"`
	As   string `option:"as,choices=yaml"`
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
		draft := briefings.Draft{Desk: who.Desk, Author: who.User, Item: id, Seen: t.Snapshot.ItemRev(id)}
		if r.As == "" {
			return Reply{Form: itemForm(t, draft, 0)}, nil
		}
		yaml := catalogue.WriteItem(item)
		if utf8.RuneCountInString(yaml) > mostYAML {
			return Reply{}, mistake(t, "desk.yaml_long", words.Args{"Ref": item.Head().Ref()})
		}
		draft.Fields = Input{"yaml": yaml}
		return Reply{Form: itemForm(t, draft, 0)}, nil
	})
	c.Form, c.Complete = true, d.completesItem(completeItems)
	return c
}

type deskAddRequest struct {
	Kind    string `option:"kind,required,choices=event|figure|actor|position|statement|plan|assessment|question|source|conflict"`
	Section string `option:"section,complete"`
	As      string `option:"as,choices=yaml"`
}

// deskAdd opens an empty form for an item of a kind.
func (d Desk) deskAdd() Command {
	var c Command
	c = define("desk add", Moderator, func(ctx context.Context, who Caller, r deskAddRequest) (Reply, error) {
		t, err := d.editing(ctx, who)
		if err != nil {
			return Reply{}, err
		}
		if err := chosen(t, c.Options, Input{"kind": cmp.Or(r.Kind, "-"), "as": r.As}); err != nil {
			return Reply{}, err
		}
		in, err := section(t, r.Section)
		if err != nil {
			return Reply{}, err
		}
		draft := briefings.Draft{Desk: who.Desk, Author: who.User, Item: briefings.ID(r.Kind + unseen), Fields: Input{}}
		if in != nil {
			draft.Fields["sections"] = in.Key()
		}
		if r.As != "" {
			blank := baseOf(t, draft)
			name(t, blank)
			blank.Head().Sections = slices.DeleteFunc([]string{draft.Fields["sections"]}, func(key string) bool { return key == "" })
			draft.Fields["yaml"] = catalogue.WriteItem(blank)
		}
		return Reply{Form: itemForm(t, draft, 0)}, nil
	})
	c.Form = true
	c.Complete = func(ctx context.Context, who Caller, _ string, in Input) ([]cards.Choice, error) {
		t, err := d.editing(ctx, who)
		if err != nil {
			return nil, err
		}
		return completeSection(t, in["section"]), nil
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

// The actions of forms.
const (
	actionSave   = "desk-save"
	actionFields = "desk-fields"
)

// deskSave publishes what a form holds, or keeps it and says what is wrong.
// Whatever fails, what was typed comes back.
func (d Desk) deskSave() Action {
	return Action{Name: actionSave, Role: Moderator, Run: func(ctx context.Context, who Caller, p Press) (Reply, error) {
		t, err := d.editing(ctx, who)
		if who.Desk == briefings.Catalogue {
			return Reply{}, err
		}
		draft, page := formState(who, p.State)
		if err != nil { // the desk itself can't be read
			draft.ID, draft.Version, draft.Fields = "", 0, p.Fields
			return d.heldBack(ctx, who, d.telling(who, d.Briefings.Base()), draft, err)
		}
		if draft, err = d.formDraft(ctx, who, t, draft); err != nil {
			draft.Fields = p.Fields
			return d.heldBack(ctx, who, t, draft, err)
		}
		if fill(t, &draft, p.Fields) {
			draft.Author, draft.State = who.User, briefings.DraftTyped // which nobody but they have seen
		}
		if page > 0 || draft.Seen > 0 && draft.Fields["op"] == opLater {
			kept, err := d.keepAnyway(ctx, draft)
			if err != nil {
				return d.heldBack(ctx, who, t, draft, err)
			}
			draft = kept
			draft.RecordedAt = t.Now
			return Reply{Card: d.draftCard(ctx, who, t, draft)}, nil
		}
		return d.publishDraft(ctx, who, t, draft)
	}}
}

// formState is what a form's action tells of the draft that it fills, and which
// of its pages the form is: "item:seen", "item:seen:section" or
// "~draft:seen:page:version". Where it tells nothing the draft has neither item nor id.
func formState(who Caller, state string) (draft briefings.Draft, page int) {
	draft = briefings.Draft{Desk: who.Desk, Author: who.User}
	name, number, _ := strings.Cut(state, ":")
	number, rest, _ := strings.Cut(number, ":")
	seen, err := strconv.Atoi(number)
	if err != nil || seen < 0 {
		return draft, 0
	}
	if id, kept := strings.CutPrefix(name, "~"); kept {
		number, version, _ := strings.Cut(rest, ":")
		if page, err = strconv.Atoi(number); err != nil || page < 0 {
			return draft, 0
		}
		if draft.Version, err = strconv.Atoi(version); err != nil {
			return draft, 0
		}
		draft.ID, draft.Seen = id, seen
		return draft, page
	}
	id, err := briefings.ParseID(name)
	if err != nil {
		return draft, 0
	}
	draft.Item, draft.Seen, draft.Fields = id, seen, Input{}
	switch {
	case rest != "" && seen > 0:
		return briefings.Draft{Desk: who.Desk, Author: who.User}, 0
	case rest != "":
		draft.Fields["sections"] = rest
	}
	return draft, 0
}

// formDraft is the draft that a form fills, as it is kept if it is.
func (d Desk) formDraft(ctx context.Context, who Caller, t cards.Telling, told briefings.Draft) (briefings.Draft, error) {
	if told.ID == "" && (told.Item == "" || told.Seen > t.Snapshot.Rev) {
		told.Item = ""
		return told, mistake(t, "error.gone", nil)
	}
	if told.ID == "" {
		return told, nil
	}
	draft, err := d.Briefings.Draft(ctx, who.Desk, told.ID)
	version := told.Version
	told.ID, told.Version = "", 0
	switch {
	case err != nil:
		return told, err
	case draft.Item == "" || (draft.Seen == 0) != (told.Seen == 0) || told.Seen > t.Snapshot.Rev:
		return told, mistake(t, "error.gone", nil)
	case draft.Version != version:
		draft.ID, draft.Version = "", 0 // somebody else went on with it: this one is kept apart
		draft.State = briefings.DraftTyped
	}
	draft.Seen = told.Seen
	return draft, nil
}

// fill puts what was typed into draft and reports whether that changes it. What
// its version says already is left out, so that publishing it later can't undo
// what somebody else did to it; a new item has nothing that anybody could undo, and
// the day that it speaks for stays the day on which it was typed.
func fill(t cards.Telling, draft *briefings.Draft, typed Input) (changed bool) {
	before := maps.Clone(draft.Fields)
	if draft.Fields == nil {
		draft.Fields = Input{}
	}
	was := shownFields(t, baseOf(t, *draft))
	if day := was["as_of"]; draft.Seen == 0 && draft.Fields["as_of"] == "" && day != "" {
		draft.Fields["as_of"] = day
	}
	for name, value := range typed {
		if said, has := was[name]; has && draft.Seen > 0 && slices.Equal(entriesOf(value), entriesOf(said)) {
			delete(draft.Fields, name)
			continue
		}
		draft.Fields[name] = value
	}
	return !maps.Equal(before, draft.Fields)
}

// keepTyped answers a form that could not be saved: why, and all that was
// typed, with a button that opens it again where the draft could be kept.
func (d Desk) keepTyped(ctx context.Context, who Caller, t cards.Telling, why *briefings.UserError, draft briefings.Draft) cards.Card {
	c := cards.Card{Title: "⚠ " + cards.Escape(t.Words.Say("desk.invalid")), Blocks: []cards.Block{said(t, why)}}
	if draft.Item == "" && len(draft.Changes) > 0 {
		c.Blocks = append(c.Blocks, cards.Block{Lines: t.Proposed(draft.Changes)})
	} else {
		c.Blocks = append(c.Blocks, typedBlock(t, draft))
	}
	if draft.Item == "" && len(draft.Changes) == 0 { // there is nothing to open again
		c.File = typedFile(t, draft)
		return c.Fit(cards.MostText, t.Words)
	}
	kept, err := d.keepAnyway(ctx, draft)
	if err != nil {
		c.File = typedFile(t, draft)
		return c.Fit(cards.MostText, t.Words)
	}
	draft = kept
	if draft.Item == "" {
		c.Buttons = []cards.Button{{Action: actionDiscard + ":" + draft.ID, Label: t.Words.Say("button.discard")}}
		return c.Fit(cards.MostText, t.Words)
	}
	c.Buttons = []cards.Button{{Action: actionReopen + ":" + draft.ID, Label: t.Words.Say("button.reopen")}}
	c.Selects = []cards.Select{moreFields(t, draft)}
	return c.Fit(cards.MostText, t.Words)
}

// keepTime is what keeping a draft may cost of an answer's time.
const keepTime = 2 * time.Second

// typedBlock repeats what was typed, field by field; those that the forms do
// not have come last.
func typedBlock(t cards.Telling, draft briefings.Draft) cards.Block {
	names := append(formFields(draft.Item.Kind()), "op", "reason")
	for _, name := range slices.Sorted(maps.Keys(draft.Fields)) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	b := cards.Block{Heading: cards.Format("**%s**", t.Words.Say("desk.typed"))}
	for _, name := range names {
		if v := draft.Fields[name]; v != "" {
			v = cards.Clip(v, mostShown(name))
			b.Lines = append(b.Lines, cards.Line{Text: cards.Format("%s: %s", cards.Clip(t.FieldName(name), 45), v), Keep: len(b.Lines) < mostFields})
		}
	}
	return b
}

// typedFile is all that was typed, for a draft that is not kept and may say more
// than a message repeats; nil for one that can't.
func typedFile(t cards.Telling, draft briefings.Draft) *cards.File {
	var all strings.Builder
	for _, name := range slices.Sorted(maps.Keys(draft.Fields)) {
		all.WriteString(name + ":\n" + draft.Fields[name] + "\n\n")
	}
	if all.Len() <= mostTyped {
		return nil
	}
	return &cards.File{Name: "typed.txt", Kind: "text/plain; charset=utf-8", Data: []byte(all.String()), About: t.Words.Say("desk.typed")}
}

// mostShown is how much of what was typed into a field one message repeats: a
// draft has all of it.
func mostShown(name string) int {
	switch name {
	case "op":
		return mostChosen
	case "reason":
		return mostReason
	}
	return mostTyped
}

// reopen shows a page of a kept form again, with all that was typed, on top of
// the version that the button names, else of the one that it was typed on.
func (d Desk) reopen(ctx context.Context, who Caller, t cards.Telling, draft briefings.Draft, p Press) (Reply, error) {
	if draft.Item == "" {
		return Reply{}, d.gone(who)
	}
	if rev, err := strconv.Atoi(p.State); err == nil && rev == t.Snapshot.ItemRev(draft.Item) && draft.Seen > 0 {
		draft.Seen = rev // they were shown that version beside what they typed
	}
	page := 0
	if len(p.Values) > 0 {
		n, err := strconv.Atoi(p.Values[0])
		if err != nil || n < 0 {
			return Reply{}, d.gone(who)
		}
		page = n
	}
	return Reply{Form: itemForm(t, draft, page)}, nil
}
