package commands

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/digests"
	"sitrep/words"
)

// How much of a digest's past and future is shown.
const (
	loggedSlots     = 20
	rehearsedDigest = 10
)

// ofDigest is a command about one digest, which it completes.
func ofDigest(d Desk, name string, run func(ctx context.Context, who Caller, w *words.Words, s digests.Subscription) (Reply, error)) Command {
	c := define(name, Moderator, func(ctx context.Context, who Caller, r digestNamed) (Reply, error) {
		s, err := d.named(ctx, who, r.Digest)
		if err != nil {
			return Reply{}, err
		}
		return run(ctx, who, d.Book.In(who.Locales...), s)
	})
	c.Complete = d.completeDigest
	return c
}

type digestEditRequest struct {
	digestNamed
	digestWishes
	Clear string `option:"clear,choices=mention|thread|sections|language"`
}

// cleared is s without what is to be cleared, and it is a mistake to wish for
// that as well.
func cleared(who Caller, w *words.Words, s digests.Subscription, r digestEditRequest) (digests.Subscription, error) {
	wished := ""
	switch r.Clear {
	case "mention":
		s.Mention, wished = "", r.Mention
	case "thread":
		s.Thread, wished = false, r.Thread
	case "sections":
		s.Sections, wished = "", r.Sections
	case "language":
		s.Locale, wished = last(who.Locales), r.Language
	}
	if wished != "" {
		return s, briefings.Tell(briefings.ErrInvalid, w.Say("digest.cleared_and_set", words.Args{"Option": r.Clear}))
	}
	return s, nil
}

// digestEdit changes what of a subscription was named, and leaves the rest.
func (d Desk) digestEdit() Command {
	c := define("digest edit", Moderator, func(ctx context.Context, who Caller, r digestEditRequest) (Reply, error) {
		w := d.Book.In(who.Locales...)
		was, err := d.named(ctx, who, r.Digest)
		if err != nil {
			return Reply{}, err
		}
		if r.digestWishes == (digestWishes{}) && r.Clear == "" {
			return Reply{}, briefings.Tell(briefings.ErrInvalid, w.Say("digest.nothing_to_change"))
		}
		s, err := cleared(who, w, was, r)
		if err != nil {
			return Reply{}, err
		}
		if s, err = d.wished(ctx, who, s, r.digestWishes); err != nil {
			return Reply{}, err
		}
		kept, err := d.digestsOf(ctx, who)
		if err != nil {
			return Reply{}, err
		}
		if err := d.again(kept, s, who); err != nil {
			return Reply{}, err
		}
		if err := d.Digests.Amend(ctx, s); err != nil {
			return Reply{}, d.unknown(w, err)
		}
		return d.digestSaved(ctx, who, w, "digest.changed_to", s)
	})
	c.Complete = d.completeWish
	return c
}

// digestPause lets a subscription rest until it is resumed.
func (d Desk) digestPause() Command {
	return ofDigest(d, "digest pause", func(ctx context.Context, _ Caller, w *words.Words, s digests.Subscription) (Reply, error) {
		if s.Paused != "" {
			return Reply{}, briefings.Tell(briefings.ErrInvalid, w.Say("digest.paused_already"))
		}
		s.Paused, s.NextDue = digests.PausedByHand, time.Time{}
		if err := d.Digests.Amend(ctx, s); err != nil {
			return Reply{}, d.unknown(w, err)
		}
		return Reply{Card: cards.Card{Title: "✓ " + cards.Escape(w.Say("digest.paused"))}}, nil
	})
}

// pausedBecause words why a subscription is paused.
func pausedBecause(w *words.Words, s digests.Subscription) string {
	switch s.Paused {
	case digests.PausedByHand:
		return w.Say("pause.hand")
	case digests.PausedFailing:
		return w.Say("pause.failing")
	}
	return s.Paused
}

// digestResume lets a paused subscription go on; what fell due meanwhile is
// left out.
func (d Desk) digestResume() Command {
	return ofDigest(d, "digest resume", func(ctx context.Context, who Caller, w *words.Words, s digests.Subscription) (Reply, error) {
		if s.Paused == "" {
			return Reply{}, briefings.Tell(briefings.ErrInvalid, w.Say("digest.running_already"))
		}
		s.Paused = ""
		s, err := d.next(ctx, s)
		if err != nil {
			return Reply{}, err
		}
		if err := d.Digests.Amend(ctx, s); err != nil {
			return Reply{}, d.unknown(w, err)
		}
		return d.digestSaved(ctx, who, w, "digest.resumed", s)
	})
}

// digestNow has a digest posted at once. In one minute that happens once, and
// counts as what falls due in it.
func (d Desk) digestNow() Command {
	return ofDigest(d, "digest now", func(ctx context.Context, _ Caller, w *words.Words, s digests.Subscription) (Reply, error) {
		slot, err := s.SlotAt(d.Now())
		if err != nil {
			return Reply{}, err
		}
		if err := d.Planning.Plan(ctx, s, []digests.Slot{slot}, s.NextDue); err != nil {
			return Reply{}, fmt.Errorf("commands: post a digest now: %w", err)
		}
		return Reply{Card: cards.Card{Title: "✓ " + cards.Markup(w.Say("digest.now", words.Args{"Channel": mention(s.Channel)}))}}, nil
	})
}

// composed is what s would say now.
func (d Desk) composed(ctx context.Context, s digests.Subscription) (cards.Card, error) {
	now := d.Now()
	facts := digests.Composition{Subscription: s, Slot: digests.Slot{Subscription: s.ID, Due: now}, At: now}
	schedule, err := d.schedule(ctx, s)
	if err != nil {
		return cards.Card{}, err
	}
	facts.Next = schedule.Next(now)
	if facts.LastRev, err = d.Digests.Shown(ctx, s.ID); err != nil {
		return cards.Card{}, fmt.Errorf("commands: compose a digest: %w", err)
	}
	card, _, err := d.writer().Compose(ctx, facts)
	return card, err
}

// digestPreview shows what would be posted now, as it would be posted.
func (d Desk) digestPreview() Command {
	return ofDigest(d, "digest preview", func(ctx context.Context, _ Caller, w *words.Words, s digests.Subscription) (Reply, error) {
		card, err := d.composed(ctx, s)
		if errors.Is(err, digests.ErrQuiet) {
			card, err = cards.Card{Title: cards.Escape(w.Say("digest.would_skip"))}, nil
		}
		return Reply{Card: card}, err
	})
}

// digestRehearse shows the next firings, and what would keep one from being posted.
func (d Desk) digestRehearse() Command {
	return ofDigest(d, "digest rehearse", func(ctx context.Context, who Caller, w *words.Words, s digests.Subscription) (Reply, error) {
		when, err := d.when(ctx, who, s)
		if err != nil {
			return Reply{}, err
		}
		schedule, err := d.schedule(ctx, s)
		if err != nil {
			return Reply{}, err
		}
		firings, err := d.firings(w, s, schedule)
		if err != nil {
			return Reply{}, err
		}
		trouble, err := d.trouble(ctx, who, w, s)
		if err != nil {
			return Reply{}, err
		}
		title := "## " + cards.Markup(w.Say("digest.rehearsal", words.Args{"When": when, "Channel": mention(s.Channel)}))
		c := cards.Card{Title: title, Blocks: []cards.Block{firings, trouble}}
		return Reply{Card: c.Fit(cards.MostText, w)}, nil
	})
}

// firings are the next ones in the digest's and in the reader's time.
func (d Desk) firings(w *words.Words, s digests.Subscription, schedule digests.Schedule) (b cards.Block, err error) {
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return b, fmt.Errorf("commands: rehearse a digest: %w", err)
	}
	for at := schedule.Next(d.Now()); len(b.Lines) < rehearsedDigest && !at.IsZero(); at = schedule.Next(at) {
		local := at.In(zone)
		line := "• " + cards.Markup(w.Say("digest.firing", words.Args{"Local": local.Format("2006-01-02 15:04"), "Zone": cards.Escape(s.Zone), "Time": cards.Instant(at, "F")}))
		if digests.ClocksChange(local) {
			line += " ⚠ " + cards.Escape(w.Say("digest.clocks_change"))
		}
		b.Lines = append(b.Lines, cards.Line{Text: line})
	}
	if s.Paused != "" {
		b.Lines = append(b.Lines, cards.Line{Text: cards.Escape(w.Say("digest.paused_because", words.Args{"Reason": pausedBecause(w, s)}))})
	}
	if len(b.Lines) == 0 {
		b.Lines = []cards.Line{{Text: cards.Escape(w.Say("digest.no_day"))}}
	}
	return b, nil
}

// trouble says what would keep s from being posted now, or that nothing would.
func (d Desk) trouble(ctx context.Context, who Caller, w *words.Words, s digests.Subscription) (b cards.Block, err error) {
	var problems []string
	gone := new(briefings.UserError)
	c, err := d.room(ctx, who, s.Channel)
	switch {
	case errors.Is(err, briefings.ErrInvalid) && errors.As(err, &gone):
		problems = []string{Said(w, gone)}
	case err == nil:
		problems, err = d.problems(ctx, who, s, c)
	}
	if len(problems) == 0 && err != nil {
		return b, err
	}
	for _, p := range problems {
		b.Lines = append(b.Lines, cards.Line{Text: "⚠ " + cards.Escape(w.Say("digest.would_fail", words.Args{"Reason": p}))})
	}
	if len(problems) > 0 {
		return b, nil
	}
	b.Lines = []cards.Line{{Text: "✓ " + cards.Escape(w.Say("digest.ready", words.Args{"Channel": c.label()}))}}
	if _, err := d.composed(ctx, s); errors.Is(err, digests.ErrQuiet) {
		b.Lines = append(b.Lines, cards.Line{Text: cards.Escape(w.Say("digest.would_skip"))})
	}
	return b, nil
}

// digestLog shows how the newest slots went.
func (d Desk) digestLog() Command {
	return ofDigest(d, "digest log", func(ctx context.Context, who Caller, w *words.Words, s digests.Subscription) (Reply, error) {
		when, err := d.when(ctx, who, s)
		if err != nil {
			return Reply{}, err
		}
		slots, err := d.Digests.Slots(ctx, who.Desk, s.ID, loggedSlots)
		if err != nil {
			return Reply{}, fmt.Errorf("commands: log of a digest: %w", err)
		}
		followed, err := d.Digests.Followed(ctx, who.Desk, s.ID)
		if err != nil {
			return Reply{}, fmt.Errorf("commands: corrections of a digest: %w", err)
		}
		var b cards.Block
		for _, slot := range slots {
			b.Lines = append(b.Lines, cards.Line{Text: "• " + followedEntry(w, logEntry(w, s, slot), followed[slot.ID])})
		}
		if len(slots) == 0 {
			b.Lines = []cards.Line{{Text: cards.Escape(w.Say("digest.log_none"))}}
		}
		if s.Paused != "" {
			b.Lines = append(b.Lines, cards.Line{Text: cards.Escape(w.Say("digest.paused_because", words.Args{"Reason": pausedBecause(w, s)}))})
		}
		title := "## " + cards.Markup(w.Say("digest.log_title", words.Args{"When": when, "Channel": mention(s.Channel)}))
		return Reply{Card: cards.Card{Title: title, Blocks: []cards.Block{b}}.Fit(cards.MostText, w)}, nil
	})
}

// logEntry leads to the message, where there is one.
func logEntry(w *words.Words, s digests.Subscription, slot digests.Slot) cards.Markup {
	state, reason := cards.Escape(w.Say(stateWord(slot.State))), cards.Escape(slot.Reason)
	switch {
	case slot.Recalled != "":
		state = cards.Escape(w.Say("slot.recalled"))
		reason = cards.Markup(w.Say("digest.recalled_by", words.Args{"Reason": cards.Escape(slot.Recalled), "Who": cards.Telling{Words: w}.Person(slot.RecalledBy)}))
	case slot.Message != "":
		state = cards.Markup(fmt.Sprintf("[%s](https://discord.com/channels/%s/%s/%s)", state, s.Desk, cmp.Or(slot.Channel, s.Channel), slot.Message))
	}
	entry := cards.Instant(slot.Due, "f") + " " + state
	if reason == "" {
		return entry
	}
	return cards.Markup(w.Say("digest.log_reason", words.Args{"Entry": entry, "Reason": reason}))
}

// followedEntry adds to entry what became of the message after it was posted.
func followedEntry(w *words.Words, entry cards.Markup, f digests.Followed) cards.Markup {
	if f.Corrected > 0 {
		entry = cards.Markup(w.Say("digest.log_corrected", words.Args{"Entry": entry, "Rev": f.Corrected}))
	}
	if f.Outcome != "" {
		entry = cards.Markup(w.Say("digest.log_uncorrected", words.Args{"Entry": entry, "Reason": cards.Escape(f.Outcome)}))
	}
	return entry
}

func stateWord(s digests.State) string {
	switch s {
	case digests.Planned:
		return "slot.planned"
	case digests.Claimed:
		return "slot.claimed"
	case digests.Sent:
		return "slot.sent"
	case digests.Skipped:
		return "slot.skipped"
	}
	return "slot.failed"
}
