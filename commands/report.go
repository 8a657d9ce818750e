package commands

import (
	"context"
	"errors"
	"slices"
	"strings"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

// faults are what a report may find.
func faults() []string { return []string{"wrong", "outdated", "unclear"} }

// mostReported is how many characters a report may have.
const mostReported = 300

// reports are the actions behind the button below every answer: it opens a
// form, and the form leaves an entry for the moderators.
func (d Desk) reports(set *Set) []Action {
	return []Action{
		{Name: cards.ActionReport, Form: true, Run: func(ctx context.Context, who Caller, p Press) (Reply, error) {
			t, l, what, err := d.reported(ctx, who, set, p.State)
			if err != nil {
				return Reply{}, err
			}
			fault := cards.FormField{Name: "fault", Label: t.Words.Say("report.fault"), Required: true}
			for _, f := range faults() {
				fault.Choices = append(fault.Choices, cards.Choice{Label: t.Words.Say("report." + f), Value: f})
			}
			text := cards.FormField{Name: "text", Label: t.Words.Say("report.text"), Hint: t.Words.Say("report.hint"), Long: true, Most: mostReported}
			title := t.Words.Say("report.form", words.Args{"What": what.label})
			return Reply{Form: &cards.Form{Action: l.Reported(), Title: cards.Clip(title, 45), Fields: []cards.FormField{fault, text}}}, nil
		}},
		{Name: cards.ActionReported, Run: func(ctx context.Context, who Caller, p Press) (Reply, error) {
			t, _, what, err := d.reported(ctx, who, set, p.State)
			if err != nil {
				return Reply{}, err
			}
			if !slices.Contains(faults(), p.Fields["fault"]) {
				return Reply{}, mistake(t, "report.choose", nil)
			}
			return d.leave(ctx, who, t, what, p.Fields["fault"], clipTo(strings.TrimSpace(p.Fields["text"]), mostReported))
		}},
	}
}

// reportable is what a report is about.
type reportable struct {
	subject string // an item's id, or a command line
	label   string // for people
}

// reported reads which answer a button is below.
func (d Desk) reported(ctx context.Context, who Caller, set *Set, state string) (cards.Telling, cards.Link, reportable, error) {
	l, err := cards.ParseLink(state)
	c, ok := set.Command(l.Command)
	if err != nil || !ok || c.Role != Reader {
		return cards.Telling{}, l, reportable{}, d.gone(who)
	}
	if err := inServer(who, d.Book.In(who.Locales...).Say("report.server_only")); err != nil {
		return cards.Telling{}, l, reportable{}, err
	}
	t, err := d.read(ctx, who, "")
	if err == nil && c.About == sectionAbout && t.Snapshot.Section(c.Name) == nil {
		err = d.gone(who)
	}
	return t, l, what(t, c, l), err
}

// what is the one item that an answer shows, or else its command line.
func what(t cards.Telling, c Command, l cards.Link) reportable {
	var item briefings.Item
	switch {
	case t.Snapshot == nil:
		return reportable{}
	case l.Command == "item":
		item = exactly(t, l.Options["ref"])
	case l.Command == "actors":
		if item = t.Snapshot.ByRef(l.Options["name"]); item == nil {
			if a, _ := t.Snapshot.Actor(l.Options["name"]); a != nil {
				item = a
			}
		}
	}
	if item != nil {
		return reportable{subject: string(item.Head().ID), label: item.Head().Ref()}
	}
	line := "/" + l.Command
	for _, o := range c.Options {
		if value := l.Options[o.Name]; value != "" && !o.Hidden && !slices.Contains([]string{"known", "share", "since"}, o.Name) {
			line += " " + o.Name + ":" + value
		}
	}
	return reportable{subject: line, label: line}
}

// leave keeps a report, or says why not, and what was typed.
func (d Desk) leave(ctx context.Context, who Caller, t cards.Telling, about reportable, fault, text string) (Reply, error) {
	err := d.Queue.Leave(ctx, briefings.Entry{
		Desk: who.Desk, Sort: briefings.ReportedEntry, Subject: about.subject, Text: text, Fault: fault, By: who.User, RecordedAt: d.Now(),
	})
	switch {
	case errors.Is(err, briefings.ErrLeft):
		return Reply{}, mistake(t, "report.left", words.Args{"What": about.label})
	case errors.Is(err, briefings.ErrEnough):
		return Reply{}, mistake(t, "report.enough", words.Args{"Count": briefings.MostADay})
	case errors.Is(err, briefings.ErrFull):
		return Reply{}, mistake(t, "report.full", nil)
	case errors.Is(err, briefings.ErrUnavailable):
		return Reply{}, briefings.Tell(briefings.ErrUnavailable, t.Words.Say("report.away", words.Args{"Text": text}))
	case err != nil:
		return Reply{}, err
	}
	return Reply{Card: t.Thanks(about.label)}, nil
}
