package digests

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"slices"
	"strings"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

// Righted is for [Corrector].
func (wr Writer) Righted(ctx context.Context, desk briefings.DeskID, since int) (rev int, some bool, err error) {
	snap, err := wr.Briefings.Snapshot(ctx, desk)
	if err != nil {
		return 0, false, fmt.Errorf("digests: read desk %s: %w", desk, err)
	}
	return snap.Rev, snap.RightedSince(since), nil
}

// Correct is for [Corrector]. The message is written twice from what it was
// written from: as it was, and with what was wrong set right. Where a line
// differs the old one is struck and the new one follows; everything else stays
// as people know it.
func (wr Writer) Correct(ctx context.Context, p Posting, at int) (Correction, error) {
	snap, err := wr.Briefings.Snapshot(ctx, p.Facts.Subscription.Desk)
	if err != nil {
		return Correction{}, fmt.Errorf("digests: read desk %s: %w", p.Facts.Subscription.Desk, err)
	}
	snap = snap.At(at)
	was, now, fixes := snap.Righted(p.Rev)
	if was == nil {
		return Correction{}, fmt.Errorf("digests: desk %s has no revision %d", p.Facts.Subscription.Desk, p.Rev)
	}
	before, err := wr.digest(was, p.Facts)
	if err != nil {
		return Correction{}, err
	}
	after, err := wr.digest(now, p.Facts)
	if err != nil {
		return Correction{}, err
	}
	after.all, after.Unmarked = true, map[briefings.ID]bool{}
	for _, fix := range fixes {
		after.Unmarked[fix.Item.Head().ID] = true
	}
	x := correcting{before: before, after: after, fixes: fixes, told: strings.Fields(p.Told)}
	c := Correction{Rev: snap.Rev, Card: before.card()}
	if len(fixes) > 0 {
		c.Card = x.correct(c.Card)
	}
	if _, short := before.instead(); !short {
		c.Card = wr.Pictures.Digest(after.Telling, c.Card)
	}
	c.Marks = strings.Join(x.marks, " ")
	if c.Marks != "" {
		c.Card.Footer = append(slices.Clip(c.Card.Footer), before.phrase("digest.corrected_to", words.Args{"Rev": c.Rev}))
	}
	if len(x.loud) > 0 {
		reply := x.reply()
		c.Reply = &reply
	}
	return c, nil
}

// correcting corrects one message.
type correcting struct {
	before, after digest
	fixes         []briefings.Revision // oldest first
	told          []string             // marks that need no reply

	marks []string
	loud  []cards.Line // those to reply with
}

func (x *correcting) correct(c cards.Card) cards.Card {
	right := x.after.whole()
	if was, now := x.before.title(), x.after.title(); was != now {
		c.Title = "## " + struck(was) + " " + now
		x.mark("title", now)
	}
	for i, b := range c.Blocks {
		for j, l := range b.Lines {
			if len(l.Items) > 0 {
				b.Lines[j] = x.line(i, l, right.Blocks[i].Lines)
			}
		}
	}
	return c.Fit(cards.MostText, x.before.Words)
}

// line is l, of block i, or what it becomes by the lines that stand there when
// all is right.
func (x *correcting) line(i int, l cards.Line, right []cards.Line) cards.Line {
	about := func(id briefings.ID) bool { return slices.Contains(l.Items, id) }
	var now []cards.Markup
	for _, r := range right {
		if slices.ContainsFunc(r.Items, about) && !slices.Contains(now, r.Text) { // sections may share an item
			now = append(now, r.Text)
		}
	}
	fixed := slices.DeleteFunc(slices.Clone(x.fixes), func(r briefings.Revision) bool { return !about(r.Item.Head().ID) })
	text := cards.Join(now, "\n")
	if text == l.Text || (text == "" && len(fixed) == 0) { // what only had to make room was not wrong
		return l
	}
	fresh := x.mark(fmt.Sprint(i, l.Items), text)
	l.Text = x.replaced(l.Text, text, fixed)
	if fresh && slices.ContainsFunc(l.Items, isLoud) {
		x.loud = append(x.loud, l)
	}
	return l
}

// isLoud reports whether people are told besides when the item was wrong.
func isLoud(id briefings.ID) bool {
	return id.Kind() == briefings.KindSection || id.Kind() == briefings.KindFigure
}

// mark notes what a part of the message now says, and reports whether a reply
// has not told of it yet.
func (x *correcting) mark(part string, now cards.Markup) (fresh bool) {
	sum := sha256.Sum256([]byte(part + "\n" + string(now)))
	mark := strings.ToLower(base32.StdEncoding.EncodeToString(sum[:5]))
	x.marks = append(x.marks, mark)
	return !slices.Contains(x.told, mark)
}

// replaced is the old text, struck but for the lines that it begins with and
// the new one does too, and the rest of the new text. fixed are the corrections
// of what it tells of itself.
func (x *correcting) replaced(was, now cards.Markup, fixed []briefings.Revision) cards.Markup {
	old, right := strings.Split(string(was), "\n"), strings.Split(string(now), "\n")
	same := 0
	for same < min(len(old), len(right)) && old[same] == right[same] {
		same++
	}
	parts := []cards.Markup{cards.Markup(strings.Join(old[:same], "\n"))}
	for _, line := range old[same:] {
		parts = append(parts, struck(cards.Markup(line)))
	}
	parts = append(parts, cards.Markup(strings.Join(right[same:], "\n")))
	text := cards.Join(parts, "\n")
	if same == len(old) {
		return text // nothing was wrong that is not there any more
	}
	return text + " " + x.stamp(fixed)
}

// stamp says when and why something was corrected, where that can be told.
func (x *correcting) stamp(fixed []briefings.Revision) cards.Markup {
	if len(fixed) == 0 { // the name of a speaker, say
		last := x.fixes[len(x.fixes)-1]
		return x.before.phrase("digest.corrected_at", words.Args{"Time": cards.Instant(last.RecordedAt, "f")})
	}
	last, phrase := fixed[len(fixed)-1], "digest.corrected_why"
	if last.Op == briefings.OpRetract {
		phrase = "digest.retracted_why"
	}
	return x.before.phrase(phrase, words.Args{"Time": cards.Instant(last.RecordedAt, "f"), "Reason": cards.Escape(last.Reason)})
}

// struck is one line that no longer holds.
func struck(line cards.Markup) cards.Markup {
	return cards.Markup("~~" + strings.ReplaceAll(string(line), "~~", "") + "~~")
}

// reply tells of the corrections that people must not miss.
func (x *correcting) reply() cards.Card {
	d := x.before
	c := cards.Card{
		Title:  "### " + d.phrase("digest.correction", nil),
		Colour: cards.Colour(""),
		Blocks: []cards.Block{{Lines: x.loud}},
		Buttons: []cards.Button{{
			Action: d.Link("changes", "since", fmt.Sprint(d.Snapshot.Rev)).Open(), Label: d.Words.Say("button.changes"),
		}},
	}
	return c.Fit(mostProse, d.Words)
}
