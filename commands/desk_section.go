package commands

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

type sectionAddRequest struct {
	Title   string `option:"title,required"`
	Command string `option:"command,required"`
	Bluf    string `option:"bottom-line,required"`
	Why     string `option:"why"`
	After   string `option:"after,complete"`
}

// sectionAdd makes a section, which gets a slash command at once.
func (d Desk) sectionAdd() Command {
	return d.sectioning(define("desk section add", Moderator, func(ctx context.Context, who Caller, r sectionAddRequest) (Reply, error) {
		t, err := d.editing(ctx, who)
		if err != nil {
			return Reply{}, err
		}
		s, err := newSection(t, r)
		if err != nil {
			return Reply{}, err
		}
		row, err := placed(t, t.Snapshot.Sections(), s, r.After, len(t.Snapshot.Sections()))
		if err != nil {
			return Reply{}, err
		}
		changes, err := inRow(t, row, "")
		if err != nil {
			return Reply{}, err
		}
		return d.rearrange(ctx, who, t, changes, "section.added", s)
	}), map[string]completer{"after": completeSection})
}

type sectionOrderRequest struct {
	Section string `option:"section,required,complete"`
	After   string `option:"after,complete"`
}

// sectionOrder moves a section among the others.
func (d Desk) sectionOrder() Command {
	return d.sectioning(define("desk section order", Moderator, func(ctx context.Context, who Caller, r sectionOrderRequest) (Reply, error) {
		t, s, err := d.sectionMeant(ctx, who, r.Section)
		if err != nil {
			return Reply{}, err
		}
		if s.Retired != nil {
			return Reply{}, mistake(t, "section.retired_already", words.Args{"Title": s.Title})
		}
		others := slices.DeleteFunc(t.Snapshot.Sections(), func(o *briefings.Section) bool { return o.ID == s.ID })
		row, err := placed(t, others, s, r.After, 0)
		if err != nil {
			return Reply{}, err
		}
		changes, err := inRow(t, row, "")
		if err != nil {
			return Reply{}, err
		}
		if len(changes) == 0 {
			return Reply{}, mistake(t, "desk.unchanged", nil)
		}
		return d.rearrange(ctx, who, t, changes, "section.moved", s)
	}), map[string]completer{"section": completeSection, "after": completeSection})
}

type sectionRetireRequest struct {
	Section string `option:"section,required,complete"`
	Reason  string `option:"reason,required"`
	Instead string `option:"instead,complete"`
}

// sectionRetire takes a section out of use; what it holds stays readable.
func (d Desk) sectionRetire() Command {
	return d.sectioning(define("desk section retire", Moderator, func(ctx context.Context, who Caller, r sectionRetireRequest) (Reply, error) {
		t, s, err := d.sectionMeant(ctx, who, r.Section)
		if err != nil {
			return Reply{}, err
		}
		if s.Retired != nil {
			return Reply{}, mistake(t, "section.retired_already", words.Args{"Title": s.Title})
		}
		retirement := &briefings.Retirement{Reason: oneLine(r.Reason)}
		instead, err := section(t, r.Instead)
		if err != nil {
			return Reply{}, err
		}
		if instead != nil {
			retirement.Instead = instead.ID
		}
		change, err := sectionChange(t, s, retirement.Reason, func(s *briefings.Section) { s.Retired = retirement })
		if err != nil {
			return Reply{}, err
		}
		return d.rearrange(ctx, who, t, []briefings.Change{change}, "section.retired_now", s)
	}), map[string]completer{"section": completeSection, "instead": completeSection})
}

type sectionRestoreRequest struct {
	Section string `option:"section,required,complete"`
	Reason  string `option:"reason"`
}

// sectionRestore brings a retired section back.
func (d Desk) sectionRestore() Command {
	return d.sectioning(define("desk section restore", Moderator, func(ctx context.Context, who Caller, r sectionRestoreRequest) (Reply, error) {
		t, s, err := d.sectionMeant(ctx, who, r.Section)
		if err != nil {
			return Reply{}, err
		}
		if s.Retired == nil {
			return Reply{}, mistake(t, "section.not_retired", words.Args{"Title": s.Title})
		}
		change, err := sectionChange(t, s, oneLine(r.Reason), func(s *briefings.Section) { s.Retired = nil })
		if err != nil {
			return Reply{}, err
		}
		return d.rearrange(ctx, who, t, []briefings.Change{change}, "section.restored", s)
	}), map[string]completer{"section": completeRetired})
}

// sectioning completes c's options, and has what was typed come back with a
// refusal.
func (d Desk) sectioning(c Command, complete map[string]completer) Command {
	run := c.Run
	c.Run = func(ctx context.Context, who Caller, in Input) (Reply, error) {
		reply, err := run(ctx, who, in)
		refused := new(briefings.UserError)
		if !errors.As(err, &refused) || who.Desk == briefings.Catalogue {
			return reply, err
		}
		return Reply{Card: unsaved(d.telling(who, d.Briefings.Base()), c, refused, in)}, nil
	}
	c.Complete = func(ctx context.Context, who Caller, focused string, in Input) ([]cards.Choice, error) {
		t, err := d.editing(ctx, who)
		if err != nil || complete[focused] == nil {
			return nil, err
		}
		return complete[focused](t, in[focused]), nil
	}
	return c
}

// unsaved says why nothing was saved, and repeats what was typed.
func unsaved(t cards.Telling, c Command, why *briefings.UserError, in Input) cards.Card {
	card := cards.Card{Title: "⚠ " + cards.Escape(t.Words.Say("desk.invalid"))}
	typed := cards.Block{Heading: cards.Format("**%s**", t.Words.Say("desk.typed"))}
	for _, o := range c.Options {
		if v := in[o.Name]; v != "" {
			typed.Lines = append(typed.Lines, cards.Line{Text: cards.Format("%s: %s", o.NameIn(t.Words), clipTo(v, 200)), Keep: true})
		}
	}
	card.Blocks = []cards.Block{said(t, why), typed}
	return card.Fit(cards.MostText, t.Words)
}

// sectionMeant is the section that a moderator named, as recorded.
func (d Desk) sectionMeant(ctx context.Context, who Caller, name string) (cards.Telling, *briefings.Section, error) {
	t, err := d.editing(ctx, who)
	if err != nil {
		return t, nil, err
	}
	s, err := section(t, name)
	if err == nil && s == nil {
		err = mistake(t, "section.unknown", words.Args{"Name": clip(name), "List": strings.Join(sectionsIn(t), ", ")})
	}
	return t, s, err
}

// newSection is what r asks for, under an id and a label that are free.
func newSection(t cards.Telling, r sectionAddRequest) (*briefings.Section, error) {
	command := strings.ToLower(strings.TrimLeft(strings.TrimSpace(r.Command), "/"))
	if s := t.Snapshot.Section(command); s != nil && s.Retired != nil {
		return nil, mistake(t, "section.command_kept", words.Args{"Command": s.Command, "Title": s.Title})
	}
	s := &briefings.Section{Command: command, Title: oneLine(r.Title), Bluf: oneLine(r.Bluf), Why: oneLine(r.Why)}
	key := keyOf(command)
	s.ID = briefings.SectionID(key)
	for n := 2; t.Snapshot.Revision(s.ID).Rev != 0; n++ {
		s.ID = briefings.SectionID(fmt.Sprintf("%s-%d", key, n))
	}
	s.Refs = []string{nextLabel(t, briefings.KindSection)}
	s.Sections = []string{s.Key()}
	return s, nil
}

// keyOf is a command in the letters of ids; in other scripts it has none.
func keyOf(command string) string {
	parts := strings.FieldsFunc(briefings.Fold(command), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return cmp.Or(clipKey(strings.Join(parts, "-")), "section")
}

// clipKey leaves room for a number behind it.
func clipKey(key string) string { return strings.TrimRight(key[:min(len(key), 48)], "-") }

// placed are row with s behind the section that was named, or at a place where
// none was.
func placed(t cards.Telling, row []*briefings.Section, s *briefings.Section, after string, otherwise int) ([]*briefings.Section, error) {
	behind, err := section(t, after)
	if err != nil {
		return nil, err
	}
	at := otherwise
	if behind != nil {
		at = 1 + slices.IndexFunc(row, func(o *briefings.Section) bool { return o.ID == behind.ID })
		if at == 0 {
			return nil, mistake(t, "section.not_among", words.Args{"Title": behind.Title})
		}
	}
	return slices.Insert(slices.Clone(row), at, s), nil
}

// inRow are the changes that bring the sections into that order; those of row
// that the desk doesn't have are made.
func inRow(t cards.Telling, row []*briefings.Section, reason string) ([]briefings.Change, error) {
	var changes []briefings.Change
	for i, s := range row {
		place := i + 1
		switch {
		case t.Snapshot.Item(s.ID) == nil:
			s.Order = place
			changes = append(changes, briefings.Change{Item: s, Op: briefings.OpCreate, Reason: reason})
		case s.Order != place:
			change, err := sectionChange(t, s, reason, func(s *briefings.Section) { s.Order = place })
			if err != nil {
				return nil, err
			}
			changes = append(changes, change)
		}
	}
	return changes, nil
}

func sectionChange(t cards.Telling, s *briefings.Section, reason string, change func(*briefings.Section)) (briefings.Change, error) {
	item, err := briefings.Clone(s)
	if err != nil {
		return briefings.Change{}, err
	}
	change(item.(*briefings.Section))
	return briefings.Change{Item: item, Op: briefings.OpAmend, Reason: reason, Seen: t.Snapshot.ItemRev(s.ID)}, nil
}

// bringTime is what waiting for Discord to offer a command may cost of an
// answer's time.
const bringTime = 4 * time.Second

// rearrange publishes changes of sections, has Discord offer their commands, and
// says what became of s.
func (d Desk) rearrange(ctx context.Context, who Caller, t cards.Telling, changes []briefings.Change, done string, s *briefings.Section) (Reply, error) {
	b := briefings.Batch{Desk: who.Desk, By: who.User, Changes: changes}
	reply, err := d.submit(ctx, who, t, b)
	if err != nil || who.Settings.NeedsSecond() {
		return reply, err
	}
	snap, err := d.Briefings.Snapshot(ctx, who.Desk)
	if err != nil {
		return reply, nil // published all the same
	}
	row := cards.Block{}
	for i, o := range snap.Sections() {
		row.Lines = append(row.Lines, cards.Line{Text: cards.Format("%d. %s `/%s`", i+1, o.Title, o.Command)})
	}
	card := cards.Card{Title: "✓ " + cards.Escape(t.Words.Say(done, words.Args{"Title": s.Title, "Command": s.Command, "Rev": snap.Rev}))}
	card.Blocks = append(d.offer(ctx, t, b), row)
	return Reply{Card: card.Fit(cards.MostText, t.Words)}, nil
}

// offer waits until Discord offers the commands of the desk's sections, where b
// changed some, and says what is in the way.
func (d Desk) offer(ctx context.Context, t cards.Telling, b briefings.Batch) []cards.Block {
	var s *briefings.Section // the one that is new, if any is
	for _, c := range b.Changes {
		if of, ok := c.Item.(*briefings.Section); ok && (s == nil || c.Op == briefings.OpCreate) {
			s = of
		}
	}
	if s == nil || d.Slash == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, bringTime)
	defer cancel()
	args := words.Args{"Command": s.Command}
	late := ""
	switch err := d.Slash.Bring(ctx, b.Desk); {
	case err == nil:
		return nil
	case errors.Is(err, ErrNoMoreToday):
		late = t.Words.Say("section.no_more_today", args)
	case errors.Is(err, ErrNoSlash):
		late = t.Words.Say("section.no_slash", args)
	default:
		late = t.Words.Say("section.slow_slash", args)
	}
	return []cards.Block{{Lines: []cards.Line{{Text: "⚠ " + cards.Escape(late), Keep: true}}}}
}

// completeRetired offers the retired sections whose command or title begins with
// what was typed.
func completeRetired(t cards.Telling, typed string) []cards.Choice {
	return completeAmong(t, t.Snapshot.Retired(), typed)
}
