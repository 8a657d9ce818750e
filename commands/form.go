package commands

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sitrep/briefings"
	"sitrep/briefings/catalogue"
	"sitrep/cards"
	"sitrep/words"
)

// A modal holds five fields. What may be typed is more than the rules let
// through, and little enough for a page of it to come back in one message.
const (
	mostFields = 5
	mostTyped  = 400  // characters of a text
	mostListed = 4000 // of a list, as the longest that the rules let through is shown whole
	mostYAML   = 4000 // which is all that Discord takes
	mostReason = 300
	mostChosen = 60
)

// opLater is chosen in place of a sort of change by who isn't done yet.
const opLater = "later"

// unseen is the name of an item that has none yet.
const unseen = "/new"

// leading are the fields of a kind that its form begins with: what is edited
// most, and for a new item what it can't be without.
func leading(k briefings.Kind) (edited, needed []string) {
	switch k {
	case briefings.KindSection:
		return []string{"bluf", "why", "trend_reason"}, nil
	case briefings.KindEvent:
		return []string{"headline", "text", "outcome"}, []string{"headline", "valid", "type", "happened", "sources"}
	case briefings.KindFigure:
		return []string{"value", "as_of", "text"}, []string{"text", "value", "unit", "series", "sources"}
	case briefings.KindActor:
		return []string{"name", "text", "side"}, []string{"name", "is", "side", "text", "sources"}
	case briefings.KindPosition:
		return []string{"text", "conditions", "as_of"}, []string{"actor", "issue", "stance", "text", "sources"}
	case briefings.KindStatement:
		return []string{"gist", "text", "said_on"}, []string{"speaker", "gist", "said_on", "quote", "sources"}
	case briefings.KindPlan:
		return []string{"title", "text", "caveat"}, []string{"title", "status", "text", "authors", "sources"}
	case briefings.KindAssessment:
		return []string{"judgement", "text", "as_of"}, []string{"judgement", "author", "confidence", "basis", "sources"}
	case briefings.KindQuestion:
		return []string{"question", "would_answer", "watch_date"}, []string{"question", "why", "would_answer", "watch_date"}
	case briefings.KindSource:
		return []string{"publisher", "title", "url"}, []string{"publisher", "title", "url", "published", "reliability"}
	}
	return []string{"text", "caveat"}, []string{"members", "about", "text", "state", "rationale"}
}

// formPages are the fields of an item's form, page by page, five at most on
// each. The first page of an item that exists has room for what sort of change
// it is, and why; that of a new one asks for its sections unless they are known.
func formPages(draft briefings.Draft) [][]string {
	k := draft.Item.Kind()
	if briefings.NewItem(k) == nil {
		return nil
	}
	first, needed := leading(k)
	if draft.Seen == 0 {
		first = needed
		if k.Sectioned() && draft.Fields["sections"] == "" {
			first = append(slices.Clone(needed[:min(len(needed), mostFields-1)]), "sections")
		}
	}
	var rest []string
	for _, f := range briefings.Fields(briefings.NewItem(k)) {
		switch f.Name {
		case "id", "refs", "translations", "command", "retired": // the last two have commands of their own
		default:
			if !slices.Contains(first, f.Name) {
				rest = append(rest, f.Name)
			}
		}
	}
	return append([][]string{first}, slices.Collect(slices.Chunk(rest, mostFields))...)
}

// formFields are all fields that a kind's forms have.
func formFields(k briefings.Kind) []string {
	return slices.Concat(formPages(briefings.Draft{Item: briefings.ID(k + unseen), Seen: 1})...)
}

// shownFields are the parts of item that its forms show, as text.
func shownFields(t cards.Telling, item briefings.Item) Input {
	shown := Input{}
	names := formFields(item.Head().ID.Kind())
	for _, f := range briefings.Fields(item) {
		switch {
		case !slices.Contains(names, f.Name):
		case f.Name == "sections":
			shown[f.Name] = strings.Join(item.Head().Sections, ",")
		default:
			shown[f.Name] = fieldText(t, f.Ptr)
		}
	}
	return shown
}

// itemForm is one page of the forms of a draft's item. Its action carries the
// draft where that is kept, else the item and the revision it was opened at.
func itemForm(t cards.Telling, draft briefings.Draft, page int) *cards.Form {
	fresh := draft.Seen == 0
	form := &cards.Form{Title: formTitle(t, draft)}
	switch {
	case draft.ID != "":
		form.Action = fmt.Sprintf("%s:~%s:%d:%d:%d", actionSave, draft.ID, draft.Seen, page, draft.Version)
	case draft.Fields["sections"] != "":
		form.Action = fmt.Sprintf("%s:%s:%d:%s", actionSave, draft.Item, draft.Seen, draft.Fields["sections"])
	default:
		form.Action = fmt.Sprintf("%s:%s:%d", actionSave, draft.Item, draft.Seen)
	}
	if yaml, is := draft.Fields["yaml"]; is {
		form.Fields = []cards.FormField{{Name: "yaml", Label: t.Words.Say("field.yaml"), Hint: t.Words.Say("hint.yaml"), Value: cards.Clip(yaml, mostYAML), Most: mostYAML, Long: true, Required: true}}
	} else {
		pages := formPages(draft)
		base := baseOf(t, draft)
		shown := shownFields(t, base)
		for _, f := range orderedFields(base, pages[min(page, len(pages)-1)]) {
			value, typed := draft.Fields[f.Name]
			if !typed {
				value = shown[f.Name]
			}
			form.Fields = append(form.Fields, formField(t, f, value))
		}
	}
	if !fresh && page == 0 {
		form.Fields = append(form.Fields, opField(t, draft.Fields["op"]), reasonField(t, draft.Fields["reason"]))
	}
	return form
}

func formTitle(t cards.Telling, draft briefings.Draft) string {
	if draft.Seen == 0 {
		return cards.Clip(t.Words.Say("draft.new", words.Args{"Kind": ChoiceIn(t.Words, string(draft.Item.Kind()))}), 45)
	}
	return t.Words.Say("desk.form", words.Args{"Ref": labelOf(t, draft.Item)})
}

// orderedFields are the fields of item with these names, in their order.
func orderedFields(item briefings.Item, names []string) []briefings.Field {
	all := briefings.Fields(item)
	ordered := make([]briefings.Field, 0, len(names))
	for _, name := range names {
		if i := slices.IndexFunc(all, func(f briefings.Field) bool { return f.Name == name }); i >= 0 {
			ordered = append(ordered, all[i])
		}
	}
	return ordered
}

// formField asks for one field of an item.
func formField(t cards.Telling, f briefings.Field, value string) cards.FormField {
	field := cards.FormField{Name: f.Name, Label: cards.Clip(t.FieldName(f.Name), 45), Hint: cards.Clip(hint(t, f), 100)}
	if f.Name == "sections" {
		field.Hint, field.Choices, field.Many = "", sectionChoices(t, value), true
		return field
	}
	if field.Choices = fieldChoices(t, f, value); len(field.Choices) > 0 {
		return field
	}
	field.Most = mostTyped
	switch f.Ptr.(type) {
	case *[]string, *[]briefings.Citation, *[]briefings.Tenure, *[]briefings.ID:
		field.Most, field.Long = mostListed, true
	case *string:
		field.Long = long(f.Name)
	case **briefings.Flag:
		field.Long = true
	}
	field.Value = cards.Clip(value, field.Most)
	return field
}

// long reports whether a text takes a paragraph.
func long(name string) bool {
	switch name {
	case "value", "unit", "currency", "series", "area", "name", "side", "publisher", "url", "language", "place", "control", "zone", "channel", "issue", "colour":
		return false
	}
	return true
}

// hint says what a field takes: a sentence of its own, or that of its type.
func hint(t cards.Telling, f briefings.Field) string {
	if phrase := "hint." + f.Name; t.Words.Has(phrase) {
		return t.Words.Say(phrase)
	}
	switch f.Ptr.(type) {
	case *briefings.EDTF:
		return t.Words.Say("hint.date")
	case *briefings.ID:
		return t.Words.Say("hint.item")
	case *[]briefings.ID:
		return t.Words.Say("hint.items")
	case *[]string:
		return t.Words.Say("hint.lines")
	case **briefings.Flag:
		return t.Words.Say("hint.flag")
	}
	return ""
}

// opField asks what sort of change it is.
func opField(t cards.Telling, chosen string) cards.FormField {
	op := cards.FormField{Name: "op", Label: t.Words.Say("field.op"), Required: true}
	chosen = cmp.Or(chosen, string(briefings.OpAmend))
	for _, o := range []string{string(briefings.OpAmend), string(briefings.OpCorrect), opLater} {
		op.Choices = append(op.Choices, cards.Choice{Label: t.Words.Say("desk.op." + o), Value: o, Chosen: chosen == o})
	}
	return op
}

func reasonField(t cards.Telling, typed string) cards.FormField {
	return cards.FormField{Name: "reason", Label: t.Words.Say("field.reason"), Hint: t.Words.Say("hint.reason"), Value: cards.Clip(typed, mostReason), Most: mostReason, Long: true}
}

// moreFields offers the pages of a draft's forms.
func moreFields(t cards.Telling, draft briefings.Draft) cards.Select {
	s := cards.Select{Action: actionFields + ":" + draft.ID, Placeholder: t.Words.Say("desk.more_fields")}
	if _, yaml := draft.Fields["yaml"]; yaml {
		return s
	}
	for i, page := range formPages(draft) {
		names := make([]string, len(page))
		for j, name := range page {
			names[j] = t.FieldName(name)
		}
		s.Options = append(s.Options, cards.Choice{Label: cards.Clip(strings.Join(names, ", "), 100), Value: fmt.Sprint(i)})
	}
	return s
}

// formChange is the change that a draft's forms stand for. Where what was typed
// can't be read, or changes nothing, the error is a [briefings.UserError].
func formChange(t cards.Telling, draft briefings.Draft) (briefings.Change, error) {
	c := briefings.Change{Op: briefings.OpCreate, Reason: draft.Fields["reason"], Seen: draft.Seen}
	base := baseOf(t, draft)
	if draft.Seen > 0 && t.Snapshot.Version(draft.Item, draft.Seen) == nil {
		return c, mistake(t, "desk.unknown", words.Args{"Item": string(draft.Item)})
	}
	var faults []briefings.Fault
	if draft.Seen > 0 {
		c.Op, faults = readOp(draft.Fields["op"])
	}
	var err error
	if yaml, is := draft.Fields["yaml"]; is {
		c.Item, err = readYAML(t, draft, yaml)
	} else {
		item := base // a new item's is nobody else's, and lacks too much to be copied
		if draft.Seen > 0 {
			if item, err = briefings.Clone(base); err != nil {
				return c, err
			}
		}
		c.Item, err = readForm(t, item, draft.Fields)
	}
	wrong := new(briefings.UserError)
	switch {
	case err != nil && !errors.As(err, &wrong):
		return c, err
	case err != nil:
		faults = append(wrong.Faults, faults...)
		if len(wrong.Faults) == 0 {
			return c, err
		}
	}
	if len(faults) > 0 {
		return c, briefings.Refuse(faults)
	}
	if draft.Seen == 0 {
		return c, nil
	}
	if same, err := briefings.Equal(c.Item, base); err != nil || same {
		return c, cmp.Or(err, mistake(t, "desk.unchanged", nil))
	}
	return c, nil
}

// readOp is what sort of change was chosen; for who isn't done yet an amendment.
func readOp(typed string) (briefings.Op, []briefings.Fault) {
	if typed == opLater {
		typed = ""
	}
	var op briefings.Op
	switch err := op.UnmarshalText([]byte(cmp.Or(typed, string(briefings.OpAmend)))); {
	case err != nil:
		return op, []briefings.Fault{briefings.FaultOf("op", err)}
	case op != briefings.OpAmend && op != briefings.OpCorrect:
		return op, []briefings.Fault{{Field: "op", Message: briefings.Message{Phrase: "desk.choose_op", Say: "choose amend or correct"}}}
	}
	return op, nil
}

// readForm puts what was typed into item, in place of what it said. The rules of
// the desk are checked by [briefings.Service.Publish].
func readForm(t cards.Telling, item briefings.Item, typed Input) (briefings.Item, error) {
	var faults []briefings.Fault
	names := formFields(item.Head().ID.Kind())
	for _, f := range briefings.Fields(item) {
		text, given := typed[f.Name]
		switch {
		case !given || !slices.Contains(names, f.Name):
			continue
		case f.Name == "sections":
			item.Head().Sections = keptSections(t, item.Head().Sections, text)
		default:
			if err := setField(t, f.Ptr, text); err != nil {
				faults = append(faults, briefings.FaultOf(f.Name, err))
			}
		}
	}
	if len(faults) > 0 {
		return nil, briefings.Refuse(faults)
	}
	if strings.HasSuffix(string(item.Head().ID), unseen) {
		name(t, item)
	}
	return item, nil
}

// readYAML is the item that was typed as YAML.
func readYAML(t cards.Telling, draft briefings.Draft, text string) (briefings.Item, error) {
	item, err := catalogue.ReadItem(text)
	if err != nil {
		return nil, briefings.Refuse([]briefings.Fault{{Field: "yaml", Message: briefings.Message{Say: err.Error()}}})
	}
	if draft.Seen > 0 && item.Head().ID != draft.Item {
		return nil, mistake(t, "desk.yaml_other", words.Args{"Item": string(draft.Item), "Other": clip(string(item.Head().ID))})
	}
	return item, nil
}
