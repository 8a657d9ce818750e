package commands

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

// MenuBrief is the name of the command in the menu of a message.
const MenuBrief = "Brief this"

type briefThisRequest struct {
	Message string `option:"message,hidden"`
	Text    string `option:"text,hidden"`
}

// mostSuggested is how many drafts one person may suggest to a desk in a day.
const mostSuggested = 20

// actionBrief keeps what the form of a message holds.
const actionBrief = "desk-brief"

// briefThis asks in a form what a message is to become.
func (d Desk) briefThis() Command {
	c := define(MenuBrief, Reader, func(ctx context.Context, who Caller, r briefThisRequest) (Reply, error) {
		t, err := d.editing(ctx, who)
		if err != nil {
			return Reply{}, err
		}
		kind := cards.FormField{Name: "kind", Label: t.Words.Say("brief_this.kind"), Required: true}
		for _, k := range briefable() {
			kind.Choices = append(kind.Choices, cards.Choice{Label: ChoiceIn(t.Words, string(k)), Value: string(k), Chosen: k == briefings.KindEvent})
		}
		sections := cards.FormField{Name: "sections", Label: t.FieldName("sections"), Choices: sectionChoices(t, ""), Many: true}
		text := cards.FormField{Name: "text", Label: t.FieldName("text"), Hint: t.Words.Say("hint.text"), Value: cards.Clip(oneLine(r.Text), mostTyped), Most: mostTyped, Long: true, Required: true}
		return Reply{Form: &cards.Form{
			Action: actionBrief + ":" + string(who.Channel.ID) + ":" + r.Message,
			Title:  t.Words.Say("menu.brief_this"), Fields: []cards.FormField{kind, sections, text},
		}}, nil
	})
	c.Form, c.Menu, c.About = true, true, "menu.brief_this"
	return c
}

// briefable are the kinds that a message may become.
func briefable() []briefings.Kind {
	return []briefings.Kind{
		briefings.KindEvent, briefings.KindStatement, briefings.KindFigure, briefings.KindPlan,
		briefings.KindAssessment, briefings.KindQuestion,
	}
}

// briefed keeps what was filled in as a draft: a moderator's own, or one that a
// reader suggests to the moderators.
func (d Desk) briefed() Action {
	return Action{Name: actionBrief, Run: func(ctx context.Context, who Caller, p Press) (Reply, error) {
		t, err := d.editing(ctx, who)
		if err != nil {
			return Reply{}, err
		}
		kind := briefings.Kind(p.Fields["kind"])
		if !slices.Contains(briefable(), kind) {
			return d.returned(t, mistake(t, "brief_this.choose", nil), p.Fields)
		}
		text := clipTo(oneLine(p.Fields["text"]), mostTyped)
		draft := briefings.Draft{
			Desk: who.Desk, Author: who.User, State: briefings.DraftTyped, Item: briefings.ID(string(kind) + unseen),
			Fields: Input{"sections": p.Fields["sections"], "text": text}, Reason: messageLink(who.Desk, p.State),
		}
		if lead := leadOf(kind); lead != "" {
			draft.Fields[lead] = text
		}
		if kind == briefings.KindQuestion {
			delete(draft.Fields, "text") // it says the same
		}
		if who.Role >= Moderator {
			reply, err := d.keepDraft(ctx, who, t, draft)
			if err != nil {
				return d.heldBack(ctx, who, t, draft, err)
			}
			return reply, nil
		}
		draft.State = briefings.DraftSuggested
		return d.suggest(ctx, who, t, draft)
	}}
}

// returned says why nothing was kept, with all that was typed.
func (d Desk) returned(t cards.Telling, why error, typed Input) (Reply, error) {
	wrong := new(briefings.UserError)
	logged := why
	if errors.As(why, &wrong) {
		logged = nil
	} else {
		wrong = &briefings.UserError{Say: t.Words.Say("error.away")}
	}
	c := cards.Card{Title: "⚠ " + cards.Escape(t.Words.Say("desk.invalid"))}
	c.Blocks = []cards.Block{said(t, wrong), typedBlock(t, briefings.Draft{Fields: typed})}
	if errors.Is(why, briefings.ErrUnavailable) {
		logged = nil // whose part it is has logged that
	}
	return Reply{Card: c.Fit(cards.MostText, t.Words)}, logged
}

// leadOf is the field of a kind that says in short what it is about.
func leadOf(kind briefings.Kind) string {
	switch kind {
	case briefings.KindEvent:
		return "headline"
	case briefings.KindStatement:
		return "gist"
	case briefings.KindPlan:
		return "title"
	case briefings.KindAssessment:
		return "judgement"
	case briefings.KindQuestion:
		return "question"
	}
	return ""
}

// messageLink is the address of a message from "channel:message", empty where
// that names none.
func messageLink(desk briefings.DeskID, state string) string {
	channel, message, _ := strings.Cut(state, ":")
	link := "https://discord.com/channels/" + string(desk) + "/" + channel + "/" + message
	if !cards.IsMessageLink(link) {
		return ""
	}
	return link
}

// suggest keeps a reader's draft for the moderators, unless they suggested
// enough for a day.
func (d Desk) suggest(ctx context.Context, who Caller, t cards.Telling, draft briefings.Draft) (Reply, error) {
	all, err := d.Briefings.Drafts(ctx, who.Desk, mostDrafts)
	if err != nil {
		return d.returned(t, err, draft.Fields)
	}
	today := 0
	for _, other := range all {
		if other.Author == who.User && other.State == briefings.DraftSuggested && t.Now.Sub(other.RecordedAt) < 24*time.Hour {
			today++
		}
	}
	switch {
	case today >= mostSuggested:
		return d.returned(t, mistake(t, "brief_this.enough", words.Args{"Count": mostSuggested}), draft.Fields)
	case len(all) == mostDrafts:
		return d.returned(t, mistake(t, "brief_this.full", nil), draft.Fields)
	}
	if _, err := d.Briefings.KeepDraft(ctx, draft); err != nil {
		return d.returned(t, err, draft.Fields)
	}
	return Reply{Card: cards.Card{Title: "✓ " + cards.Markup(t.Words.Say("brief_this.thanks")), Colour: cards.Colour("")}}, nil
}
