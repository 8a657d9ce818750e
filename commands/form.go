package commands

import (
	"cmp"
	"encoding"
	"fmt"
	"slices"
	"strings"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

// formFields are the fields that a kind's form shows: at most three, since a
// modal holds five and two of them say what sort of change it is, and why.
func formFields(k briefings.Kind) []string {
	switch k {
	case briefings.KindSection:
		return []string{"bluf", "why", "trend_reason"}
	case briefings.KindEvent:
		return []string{"headline", "text", "outcome"}
	case briefings.KindFigure:
		return []string{"value", "as_of", "text"}
	case briefings.KindActor:
		return []string{"name", "text", "side"}
	case briefings.KindPosition:
		return []string{"text", "conditions", "as_of"}
	case briefings.KindStatement:
		return []string{"gist", "text", "said_on"}
	case briefings.KindPlan:
		return []string{"title", "text", "caveat"}
	case briefings.KindAssessment:
		return []string{"judgement", "text", "as_of"}
	case briefings.KindQuestion:
		return []string{"question", "would_answer", "watch_date"}
	case briefings.KindSource:
		return []string{"publisher", "title", "url"}
	}
	return []string{"text", "caveat"}
}

// shownFields are the parts of item that its form shows, as text.
func shownFields(item briefings.Item) Input {
	shown := Input{}
	names := formFields(item.Head().ID.Kind())
	for _, f := range briefings.Fields(item) {
		if !slices.Contains(names, f.Name) {
			continue
		}
		switch v := f.Ptr.(type) {
		case *string:
			shown[f.Name] = *v
		case *briefings.EDTF:
			shown[f.Name] = v.String()
		}
	}
	return shown
}

// A modal holds five fields. What may be typed is more than the rules let
// through, and little enough for all of it to come back in one message, each
// character escaped.
const (
	mostFields = 5
	mostTyped  = 400
	mostReason = 300
	mostChosen = 60
)

// itemForm asks for an item's new version. Its action carries the item and the
// revision that the form was opened at.
func itemForm(t cards.Telling, id briefings.ID, seen int, typed Input) *cards.Form {
	ref := string(id)
	if item := t.Snapshot.Item(id); item != nil {
		ref = item.Head().Ref()
	}
	form := &cards.Form{Action: fmt.Sprintf("desk-save:%s:%d", id, seen), Title: t.Words.Say("desk.form", words.Args{"Ref": ref})}
	for _, name := range formFields(id.Kind()) {
		form.Fields = append(form.Fields, cards.FormField{
			Name: name, Label: t.Words.Say("field." + name), Hint: t.Words.Say("hint." + name), Value: cards.Clip(typed[name], mostTyped), Most: mostTyped, Long: long(name),
		})
	}
	op := cards.FormField{Name: "op", Label: t.Words.Say("field.op"), Required: true}
	chosen := cmp.Or(typed["op"], string(briefings.OpAmend))
	for _, o := range []briefings.Op{briefings.OpAmend, briefings.OpCorrect} {
		op.Choices = append(op.Choices, cards.Choice{Label: t.Words.Say("desk.op." + string(o)), Value: string(o), Chosen: chosen == string(o)})
	}
	reason := cards.FormField{Name: "reason", Label: t.Words.Say("field.reason"), Hint: t.Words.Say("hint.reason"), Value: cards.Clip(typed["reason"], mostReason), Most: mostReason, Long: true}
	form.Fields = append(form.Fields, op, reason)
	return form
}

// long reports whether a field takes a paragraph.
func long(name string) bool {
	switch name {
	case "value", "as_of", "said_on", "watch_date", "name", "side", "publisher", "url":
		return false
	}
	return true
}

// readForm is old with what was typed in place of what it said. The rules of
// the desk are checked by [briefings.Service.Publish].
func readForm(old briefings.Item, typed Input) (briefings.Item, briefings.Op, error) {
	item, err := briefings.Clone(old)
	if err != nil {
		return nil, "", err
	}
	var faults []briefings.Fault
	var op briefings.Op
	switch err := op.UnmarshalText([]byte(cmp.Or(typed["op"], string(briefings.OpAmend)))); {
	case err != nil:
		faults = append(faults, briefings.FaultOf("op", err))
	case op != briefings.OpAmend && op != briefings.OpCorrect:
		faults = append(faults, briefings.Fault{Field: "op", Message: briefings.Message{Phrase: "desk.choose_op", Say: "choose amend or correct"}})
	}
	names := formFields(old.Head().ID.Kind())
	for _, f := range briefings.Fields(item) {
		text, given := typed[f.Name]
		if !given || !slices.Contains(names, f.Name) {
			continue
		}
		text = strings.Join(strings.Fields(text), " ")
		switch v := f.Ptr.(type) {
		case *string:
			*v = text
		case encoding.TextUnmarshaler:
			if err := v.UnmarshalText([]byte(text)); err != nil {
				faults = append(faults, briefings.FaultOf(f.Name, err))
			}
		}
	}
	if len(faults) > 0 {
		return nil, "", briefings.Refuse(faults)
	}
	return item, op, nil
}
