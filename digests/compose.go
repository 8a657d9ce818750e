package digests

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/pictures"
	"sitrep/words"
)

// DefaultZone is a digest's zone where nobody said otherwise.
const DefaultZone = "UTC"

// How much of each sort a digest shows, and how long its prose may be.
const (
	mostProse     = 1800
	mostFigures   = 5
	fewFigures    = 3
	mostQuestions = 3
)

// A Writer writes digests from a service's desks, in the subscription's language.
type Writer struct {
	Briefings *briefings.Service
	Pictures  *pictures.Gallery // nil for digests without any
	Book      *words.Book
}

// Title is what the digest of a slot is called, as plain text.
func (wr Writer) Title(ctx context.Context, s Subscription, slot Slot) (string, error) {
	snap, err := wr.snapshot(ctx, s)
	if err != nil {
		return "", err
	}
	d, err := wr.digest(snap, Composition{Subscription: s, Slot: slot, At: slot.Due})
	if err != nil {
		return "", err
	}
	return d.title().Plain(), nil
}

func (wr Writer) snapshot(ctx context.Context, s Subscription) (*briefings.Snapshot, error) {
	snap, err := wr.Briefings.Snapshot(ctx, s.Desk)
	if err != nil {
		return nil, fmt.Errorf("digests: read desk %s: %w", s.Desk, err)
	}
	return snap, nil
}

// Compose is a [Compose].
func (wr Writer) Compose(ctx context.Context, c Composition) (cards.Card, int, error) {
	snap, err := wr.snapshot(ctx, c.Subscription)
	if err != nil {
		return cards.Card{}, 0, err
	}
	if len(snap.Sections()) == 0 {
		return cards.Card{}, 0, briefings.TellAs(briefings.ErrNotFound, "schedule.no_sections", nil, "This server's briefing has no sections, so there is nothing to post. Add one first.")
	}
	d, err := wr.digest(snap, c)
	if err != nil {
		return cards.Card{}, 0, err
	}
	if len(d.sections()) == 0 {
		return cards.Card{}, 0, briefings.TellAs(briefings.ErrNotFound, "schedule.sections_gone", nil, "The sections that this digest was made for are gone. Choose others with /digest edit.")
	}
	if c.Subscription.Quiet == QuietNothing && !d.cancelled() && d.quiet() {
		return cards.Card{}, 0, ErrQuiet
	}
	return wr.drawn(d, d.card()), snap.Rev, nil
}

// drawn is the card with its picture.
func (wr Writer) drawn(d digest, card cards.Card) cards.Card {
	if _, short := d.instead(); short {
		return card // a picture would say more than there is to say
	}
	return wr.Pictures.Digest(d.Telling, card)
}

// digest words one composition.
type digest struct {
	cards.Telling
	c    Composition
	zone *time.Location
	all  bool // no line is left out for being one too many
}

// digest words c as snap has it.
func (wr Writer) digest(snap *briefings.Snapshot, c Composition) (digest, error) {
	zone, err := time.LoadLocation(c.Subscription.Zone)
	if err != nil {
		return digest{}, refuse("schedule.zone_gone", args{"Text": quoted(c.Subscription.Zone)}, `The time zone "{{.Text}}" is unknown here.`)
	}
	telling := cards.Telling{Snapshot: snap, Words: wr.Book.In(c.Subscription.Locale), Now: c.At}
	return digest{Telling: telling, c: c, zone: zone}, nil
}

// card is what is posted, but for its picture.
func (d digest) card() cards.Card {
	c := d.whole()
	if b, ok := d.instead(); ok {
		c.Blocks = []cards.Block{b}
	}
	if d.c.Late {
		late := "⚠ " + d.phrase("digest.late", words.Args{
			"Due": cards.Instant(d.c.Slot.Due, "t"), "Posted": cards.Instant(d.c.At, "t"),
		})
		c.Blocks[0].Lines = slices.Insert(c.Blocks[0].Lines, 0, cards.Line{Text: late, Keep: true})
	}
	return c.Fit(mostProse, d.Words)
}

// whole is everything that there is to say, in blocks that are always the same.
func (d digest) whole() cards.Card {
	sections := d.sections()
	var ids, watch []briefings.ID
	blufs := cards.Block{}
	for _, s := range sections {
		blufs.Lines = append(blufs.Lines, cards.Line{Text: "**" + d.Heading(s) + "**\n" + d.Bluf(s), Items: []briefings.ID{s.ID}})
		ids = append(ids, s.Highlights...)
		watch = append(watch, s.Watch...)
	}
	figures := mostFigures
	if len(sections) > 3 { // so that their bottom lines don't push the questions out
		figures = fewFigures
	}
	outcome, questions := cards.Block{}, d.pick("digest.questions", watch, mostQuestions, isOpenQuestion)
	if d.over() { // what came of what was asked is what people want to know then
		outcome, questions = d.asked(watch), cards.Block{}
	}
	c := cards.Card{
		Mention: string(d.c.Subscription.Mention),
		Title:   "## " + d.title(),
		Colour:  cards.Colour(""),
		Blocks: []cards.Block{
			outcome, blufs, d.Outlook(), d.changes(),
			d.pick("digest.figures", ids, figures, isFigure),
			questions,
			d.conflicts(ids),
		},
		Footer: d.footer(append(ids, watch...)),
	}
	for _, s := range sections {
		c.Buttons = append(c.Buttons, cards.Button{Action: d.Link("sources", "section", s.Command).Open(), Label: d.Words.Say("button.sources_of", words.Args{"Title": s.Title})})
	}
	c.Buttons = c.Buttons[:min(5, len(c.Buttons))]
	return c
}

// phrase is a phrase whose parameters are markup or escaped already.
func (d digest) phrase(id string, args words.Args) cards.Markup {
	return cards.Markup(d.Words.Say(id, args))
}

func (d digest) heading(id string) cards.Markup { return "**" + d.phrase(id, nil) + "**" }

// changes tell what differs from the channel's last digest, newest last.
func (d digest) changes() cards.Block {
	if d.c.LastRev == 0 {
		return cards.Block{}
	}
	b := cards.Block{Heading: d.heading("digest.changed")}
	for _, diff := range d.differences() {
		line := d.Line(diff.ID)
		if diff.New == nil {
			line = cards.Format("%s: %s", diff.Old.Head().Ref(), d.Snapshot.Revision(diff.ID).Reason)
		}
		b.Lines = append(b.Lines, cards.Line{Text: cards.Format("• %s: %s", d.Words.Say("digest."+diff.Outcome.String()), line), Items: []briefings.ID{diff.ID}})
	}
	if len(b.Lines) == 0 {
		return cards.Block{Lines: []cards.Line{{Text: d.phrase("digest.unchanged", nil)}}}
	}
	return b
}

func (d digest) pick(heading string, ids []briefings.ID, most int, fits func(briefings.Item) bool) cards.Block {
	b, told := cards.Block{Heading: d.heading(heading)}, map[briefings.ID]bool{}
	for _, id := range ids {
		item := d.Snapshot.Item(id)
		if item != nil && fits(item) && !told[id] && (d.all || len(b.Lines) < most) {
			told[id] = true
			b.Lines = append(b.Lines, d.Lines([]briefings.ID{id})...)
		}
	}
	return b
}

func isFigure(item briefings.Item) bool {
	_, ok := item.(*briefings.Figure)
	return ok
}

func isOpenQuestion(item briefings.Item) bool {
	q, ok := item.(*briefings.Question)
	return ok && q.State == briefings.OpenQuestion
}

// conflicts are the open ones of what the digest's sections lead with.
func (d digest) conflicts(ids []briefings.ID) cards.Block {
	b := cards.Block{Heading: d.heading("digest.conflicts")}
	told := map[briefings.ID]bool{}
	for _, id := range ids {
		for _, x := range d.Snapshot.Conflicts(id) {
			if x.State == briefings.OpenConflict && !told[x.ID] {
				told[x.ID] = true
				b.Lines = append(b.Lines, cards.Line{Text: cards.Format("⚠ %s %s", x.Text, d.Label(x)), Items: []briefings.ID{x.ID}})
			}
		}
	}
	return b
}

func (d digest) footer(ids []briefings.ID) []cards.Markup {
	footer := d.FooterOf(ids)
	if next := d.NextDate(); next != nil && next.Origin == briefings.External {
		footer = append(footer, d.phrase("timeline.external", nil))
	}
	if !d.c.Next.IsZero() {
		footer = append(footer, d.phrase("digest.next", words.Args{"Time": cards.Instant(d.c.Next, "f")}))
	}
	return footer
}
