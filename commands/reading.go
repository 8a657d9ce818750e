package commands

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

// asked are the options that every reading command takes. Page and Rev are what
// the buttons below an answer fill in.
type asked struct {
	Known string `option:"known"`
	Share bool   `option:"share"`
	Page  string `option:"page,hidden"`
	Rev   string `option:"rev,hidden"`
}

func (a asked) common() asked { return a }

// dated are the options of a command that lists what is dated, and can leave out
// what isn't going on on a day.
type dated struct {
	Valid string `option:"valid"`
	asked
}

func (d dated) on() string { return strings.TrimSpace(d.Valid) }

// completer lists what may be filled in for what was typed so far.
type completer func(t cards.Telling, typed string) []cards.Choice

// reading makes a command that answers from one snapshot with one card, which
// depends on nothing else but the time, so that [Answers] may keep it. Its options
// complete by name.
func reading[Request interface{ common() asked }](d Desk, name string, complete map[string]completer, card func(cards.Telling, Request, cards.Leaf) (cards.Card, error)) Command {
	return kept(d, name, complete, func(_ context.Context, _ Caller, t cards.Telling, r Request, at *cards.Leaf) (Reply, error) {
		answer, err := card(t, r, *at)
		return Reply{Card: answer}, err
	})
}

// A replier answers a request; t is of the day that it asks for.
type replier[Request any] func(ctx context.Context, who Caller, t cards.Telling, r Request, at *cards.Leaf) (Reply, error)

// replying is [reading] for a command that also needs to know who asks, that has
// something to do once it has answered, or that asks itself again differently.
func replying[Request interface{ common() asked }](d Desk, name string, complete map[string]completer, reply replier[Request]) Command {
	d.Answers = nil
	return kept(d, name, complete, reply)
}

// kept is [replying] for a command whose answers, other than mistakes, depend on
// no more than those of [reading].
func kept[Request interface{ common() asked }](d Desk, name string, complete map[string]completer, reply replier[Request]) Command {
	c := define[Request](name, Reader, nil)
	c.Run = func(ctx context.Context, who Caller, in Input) (Reply, error) {
		snap, err := d.Briefings.Snapshot(ctx, who.Desk)
		if err != nil {
			return Reply{}, err
		}
		answer := func() (Reply, error) { return answered(ctx, d, c, who, snap, in, reply) }
		if d.Answers == nil || who.Guest != nil {
			return answer()
		}
		q := question{snapshot: snap, words: d.Book.In(who.Locales...), line: lineOf(name, in), shared: who.Shared, away: d.Briefings.RecordAway()}
		return d.Answers.once(d.Now(), q, answer)
	}
	if len(complete) > 0 {
		c.Complete = func(ctx context.Context, who Caller, focused string, in Input) ([]cards.Choice, error) {
			t, err := d.read(ctx, who, "")
			if err != nil || complete[focused] == nil {
				return nil, err
			}
			return complete[focused](t, in[focused]), nil
		}
	}
	return c
}

// answered is what c, which reply makes, answers from snap.
func answered[Request interface{ common() asked }](ctx context.Context, d Desk, c Command, who Caller, snap *briefings.Snapshot, in Input, reply replier[Request]) (Reply, error) {
	in = filled(in)
	r := decode[Request](in)
	t, err := d.asKnown(d.telling(who, snap), snap, r.common().Known)
	if err != nil {
		return Reply{}, err
	}
	if err := chosen(t, c.Options, in); err != nil {
		return Reply{}, err
	}
	if on, ok := any(r).(interface{ on() string }); ok && on.on() != "" {
		if t, err = validOn(t, on.on()); err != nil {
			return Reply{}, err
		}
	}
	leaf := leafOf(c.Name, in, r.common())
	answer, err := reply(ctx, who, t, r, &leaf)
	if err != nil {
		return Reply{}, err
	}
	legend := cards.Button{Action: t.Link("help", "topic", "legend").Open(), Label: t.Words.Say("button.legend")}
	if c.Name != "help" && !slices.ContainsFunc(answer.Card.Buttons, func(b cards.Button) bool { return b.Action == legend.Action }) {
		answer.Card.Buttons = append(answer.Card.Buttons, legend)
	}
	answer.Card.Buttons = append(answer.Card.Buttons, cards.Button{Action: leaf.Link.Report(), Label: t.Words.Say("button.report")})
	if !who.Shared && !who.Overheard() {
		answer.Card.Buttons = append(answer.Card.Buttons, cards.Button{Action: leaf.Link.With("page", r.common().Page).Share(), Label: t.Words.Say("button.share")})
	}
	if who.Guest != nil {
		answer.Card = d.toGuest(ctx, who, t, c.Name, answer.Card)
	}
	answer.Card = d.marked(t, answer.Card)
	return answer, nil
}

// filled are the options that hold something; what a selection undoes a filter
// with is nothing.
func filled(in Input) Input {
	in = maps.Clone(in)
	maps.DeleteFunc(in, func(_, value string) bool { return strings.TrimSpace(value) == cards.Anything })
	return in
}

// chosen refuses a value that is none of an option's choices: Discord's own
// client sends no other, a forged link may.
func chosen(t cards.Telling, options []Option, in Input) error {
	for _, o := range options {
		if value := in[o.Name]; value != "" && len(o.Choices) > 0 && !slices.Contains(o.Choices, value) {
			return mistake(t, "filter.unknown", words.Args{"Text": clip(value), "List": strings.Join(o.Choices, ", ")})
		}
	}
	return nil
}

// leafOf is the page that was asked for, and the command line without it.
func leafOf(name string, in Input, a asked) cards.Leaf {
	options := maps.Clone(in)
	for _, option := range []string{"share", "page", "rev"} {
		delete(options, option)
	}
	page, _ := strconv.Atoi(a.Page) // only a link fills these in; what is no number is the first page
	rev, _ := strconv.Atoi(a.Rev)
	return cards.Leaf{Link: cards.Link{Command: name, Options: options}, Page: page, Rev: rev}
}

// read returns who's desk as it is, or as it was known on a day.
func (d Desk) read(ctx context.Context, who Caller, known string) (cards.Telling, error) {
	snap, err := d.Briefings.Snapshot(ctx, who.Desk)
	if err != nil {
		return cards.Telling{}, err
	}
	return d.asKnown(d.telling(who, snap), snap, known)
}

// asKnown is t as it was known on a day, if one is given.
func (d Desk) asKnown(t cards.Telling, snap *briefings.Snapshot, known string) (cards.Telling, error) {
	known = strings.TrimSpace(known)
	if known == "" {
		return t, nil
	}
	day, err := briefings.ParseEDTF(known)
	first, dated := day.First()
	last, closed := day.Last()
	switch {
	case err != nil || !dated || !closed || day.IsInterval():
		return t, mistake(t, "known.invalid", words.Args{"Text": clip(known)})
	case first.After(d.Now()):
		return t, mistake(t, "known.future", words.Args{"Date": t.Day(last)})
	}
	end := last.AddDate(0, 0, 1).Add(-1)
	if end.Before(t.Now) {
		t.Now = end // what was overdue is what was overdue then
	}
	t.Known = day.String()
	then := snap.Known(end)
	if then == nil {
		return t, mistake(t, "known.before", words.Args{"Date": t.Day(last), "Begin": t.Day(d.Briefings.Base().Begin())})
	}
	t.Snapshot = then.In(t.Words.Tag())
	return t, nil
}

// validOn narrows t to what is true on a day.
func validOn(t cards.Telling, typed string) (cards.Telling, error) {
	e, err := briefings.ParseEDTF(typed)
	day, begins := e.First()
	last, ends := e.Last()
	if err != nil || !begins || !ends || !day.Equal(last) {
		return t, mistake(t, "known.invalid", words.Args{"Text": clip(typed)})
	}
	t.Snapshot, t.Valid = t.Snapshot.ValidAt(day).In(t.Words.Tag()), e.String()
	return t, nil
}

// marked says below a card what a reader must know of where it comes from, and
// leaves out what Discord has no room for.
func (d Desk) marked(t cards.Telling, c cards.Card) cards.Card {
	if t.Known != "" {
		c.Footer = append(c.Footer, cards.Escape(t.Words.Say("footer.known", words.Args{"Date": t.Known})))
	}
	if t.Valid != "" {
		c.Footer = append(c.Footer, cards.Escape(t.Words.Say("footer.valid", words.Args{"Date": t.Valid})))
	}
	if d.Briefings.RecordAway() {
		c.Footer = append(c.Footer, cards.Escape(t.Words.Say("footer.away")))
	}
	return c.Fit(cards.MostText, t.Words)
}

// section is the section somebody named by its command, nil where none was.
func section(t cards.Telling, command string) (*briefings.Section, error) {
	command = strings.ToLower(strings.TrimLeft(strings.TrimSpace(command), "/"))
	if command == "" {
		return nil, nil
	}
	if s := sectionCalled(t, command); s != nil {
		return s, nil
	}
	named := choosing{sectionsIn(t), func(name string) []string {
		s := sectionCalled(t, name)
		return append(t.Snapshot.Names(s.ID), s.Command)
	}}
	if near := named.nearest(command); near != "" {
		return nil, mistake(t, "filter.meant", words.Args{"Text": clip(command), "Nearest": near})
	}
	return nil, mistake(t, "section.unknown", words.Args{"Name": clip(command), "List": strings.Join(sectionsIn(t), ", ")})
}

// completeSection offers the sections whose command or title, in any language,
// begins with what was typed.
func completeSection(t cards.Telling, typed string) []cards.Choice {
	return completeAmong(t, t.Snapshot.Sections(), typed)
}

func completeAmong(t cards.Telling, sections []*briefings.Section, typed string) []cards.Choice {
	typed = strings.ToLower(strings.TrimLeft(strings.TrimSpace(typed), "/"))
	var all []cards.Choice
	for _, s := range sections {
		names := append(t.Snapshot.Names(s.ID), s.Command)
		if slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(strings.ToLower(name), typed) }) {
			all = append(all, cards.Choice{Label: cards.Clip(s.Title, 100), Value: s.Command})
		}
	}
	return all
}

// clip keeps quoted input short.
func clip(s string) string { return clipTo(s, 60) }

func clipTo(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return s
}
