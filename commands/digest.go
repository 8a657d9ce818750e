package commands

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/digests"
	"sitrep/words"
)

// mostDigests is how many subscriptions one server may have.
const mostDigests = 50

// digestAdd subscribes a channel to digests.
func (d Desk) digestAdd() Command {
	c := define("digest add", Moderator, func(ctx context.Context, who Caller, r digestWishes) (Reply, error) {
		w := d.Book.In(who.Locales...)
		kept, err := d.digestsOf(ctx, who)
		if err != nil {
			return Reply{}, err
		}
		if len(kept) >= mostDigests {
			return Reply{}, briefings.Tell(briefings.ErrInvalid, w.Say("digest.most", words.Args{"Count": len(kept)}))
		}
		s := digests.Subscription{
			ID: digests.NewID(), Desk: who.Desk, Channel: digests.ChannelID(who.Channel.ID), Zone: cmp.Or(who.Settings.Zone, digests.DefaultZone), Locale: last(who.Locales),
			Grace: digests.DefaultGrace, Quiet: digests.QuietLine, CreatedBy: who.User, CreatedAt: d.Now(),
		}
		if s, err = d.wished(ctx, who, s, r); err != nil {
			return Reply{}, err
		}
		if err := d.again(kept, s, who); err != nil {
			return Reply{}, err
		}
		if err := d.Digests.Subscribe(ctx, s); err != nil {
			return Reply{}, fmt.Errorf("commands: add digest: %w", err)
		}
		return d.digestSaved(ctx, who, w, "digest.saved", s)
	})
	c.Complete = d.completeWish
	return c
}

// again is a mistake where one of kept posts the same to the same channel in
// the same language.
func (d Desk) again(kept []digests.Subscription, s digests.Subscription, who Caller) error {
	w := d.Book.In(who.Locales...)
	for _, k := range kept {
		if d.Book.In(k.Locale).Tag() != d.Book.In(s.Locale).Tag() {
			continue
		}
		if k.ID != s.ID && k.Channel == s.Channel && k.Kind == s.Kind && k.At == s.At && k.Zone == s.Zone && k.Days == s.Days && k.Cron == s.Cron && k.Date == s.Date {
			return briefings.Tell(briefings.ErrInvalid, w.Say("digest.twice", words.Args{"Channel": who.channel(string(s.Channel)).label(), "At": cmp.Or(k.At, k.Cron), "Zone": k.Zone}))
		}
	}
	return nil
}

// digestsOf are the digests of the caller's server, oldest first.
func (d Desk) digestsOf(ctx context.Context, who Caller) ([]digests.Subscription, error) {
	if err := inServer(who, d.Book.In(who.Locales...).Say("digest.server_only")); err != nil {
		return nil, err
	}
	kept, err := d.Digests.Subscriptions(ctx, who.Desk)
	if err != nil {
		return nil, fmt.Errorf("commands: list digests: %w", err)
	}
	return kept, nil
}

// digestSaved says what was kept and when the first one comes.
func (d Desk) digestSaved(ctx context.Context, who Caller, w *words.Words, phrase string, s digests.Subscription) (Reply, error) {
	when, err := d.when(ctx, who, s)
	if err != nil {
		return Reply{}, err
	}
	said := cards.Markup(w.Say(phrase, words.Args{"When": when, "Channel": mention(s.Channel)}))
	first := cards.Markup(w.Say("digest.first", words.Args{"Time": cards.Instant(s.NextDue, "f"), "Relative": cards.Instant(s.NextDue, "R")}))
	switch {
	case s.Paused != "":
		first = cards.Escape(w.Say("digest.still_paused"))
	case s.NextDue.IsZero():
		first = cards.Escape(w.Say("digest.no_day"))
	}
	block := cards.Block{Lines: []cards.Line{{Text: first}}}
	for _, extra := range d.extras(who, s) {
		block.Lines = append(block.Lines, cards.Line{Text: "• " + extra})
	}
	return Reply{Card: cards.Card{Title: "✓ " + said, Blocks: []cards.Block{block}}}, nil
}

// extras are what s has besides its schedule that others haven't.
func (d Desk) extras(who Caller, s digests.Subscription) (all []cards.Markup) {
	w := d.Book.In(who.Locales...)
	if tag := d.Book.In(s.Locale).Tag(); tag != d.Book.In(last(who.Locales)).Tag() {
		all = append(all, cards.Escape(w.Say("digest.in_language", words.Args{"Language": ChoiceIn(w, tag)})))
	}
	if s.Mention != "" {
		all = append(all, cards.Markup(w.Say("digest.mentions", words.Args{"Role": cards.Role(string(s.Mention))})))
	}
	if s.Thread {
		all = append(all, cards.Escape(w.Say("digest.with_thread")))
	}
	if s.Publish {
		all = append(all, cards.Escape(w.Say("digest.published")))
	}
	return all
}

// when words a subscription's schedule, such as "daily at 08:00 (Europe/Kyiv)".
func (d Desk) when(ctx context.Context, who Caller, s digests.Subscription) (cards.Markup, error) {
	w, args := d.Book.In(who.Locales...), words.Args{"At": s.At, "Zone": cards.Escape(s.Zone), "Days": s.Days, "Cron": cards.Escape(s.Cron), "Offsets": s.Offsets}
	switch s.Kind {
	case digests.CronKind:
		return cards.Markup(w.Say("digest.when_cron", args)), nil
	case digests.CountdownKind:
		snap, err := d.Briefings.Snapshot(ctx, s.Desk)
		if err != nil {
			return "", fmt.Errorf("commands: word a digest: %w", err)
		}
		args["Date"] = cards.Escape(snap.Name(s.Date))
		return cards.Markup(w.Say("digest.when_countdown", args)), nil
	}
	if s.Days != "" {
		return cards.Markup(w.Say("digest.when_days", args)), nil
	}
	return cards.Markup(w.Say("digest.when_daily", args)), nil
}

// label is the channel's name as plain text, in which a mention would not show.
func (c Channel) label() string {
	if c.Name == "" {
		return c.ID
	}
	return "#" + c.Name
}

// mention shows a channel's name as a link; it pings nobody.
func mention(c digests.ChannelID) cards.Markup { return cards.Markup("<#" + c + ">") }

// last is the server's language among a caller's, for what a channel reads.
func last(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1]
}

// digestList shows which digests a server has, when each comes next and how
// its last one went.
func (d Desk) digestList() Command {
	return define("digest list", Moderator, func(ctx context.Context, who Caller, _ struct{}) (Reply, error) {
		w := d.Book.In(who.Locales...)
		kept, err := d.digestsOf(ctx, who)
		if err != nil {
			return Reply{}, err
		}
		slots, err := d.Digests.Slots(ctx, who.Desk, "", 10*mostDigests)
		if err != nil {
			return Reply{}, fmt.Errorf("commands: list slots: %w", err)
		}
		last := map[string]digests.Slot{}
		for _, slot := range slots {
			if _, newer := last[slot.Subscription]; !newer {
				last[slot.Subscription] = slot
			}
		}
		c := cards.Card{Title: "## " + cards.Markup(w.Say("digest.list_title", words.Args{"Count": len(kept)}))}
		block := cards.Block{}
		for _, s := range kept {
			when, err := d.when(ctx, who, s)
			if err != nil {
				return Reply{}, err
			}
			block.Lines = append(block.Lines, cards.Line{Text: "• " + digestEntry(w, s, append([]cards.Markup{when}, d.extras(who, s)...), last[s.ID])})
		}
		if len(kept) == 0 {
			block.Lines = []cards.Line{{Text: cards.Escape(w.Say("digest.none"))}}
		}
		c.Blocks = []cards.Block{block}
		return Reply{Card: c.Fit(cards.MostText, w)}, nil
	})
}

// digestEntry begins with what the digest is: its schedule and whatever else.
func digestEntry(w *words.Words, s digests.Subscription, what []cards.Markup, last digests.Slot) cards.Markup {
	entry := mention(s.Channel) + " " + what[0]
	for _, more := range what[1:] {
		entry += "; " + more
	}
	switch {
	case s.Paused != "":
		entry += "; " + cards.Escape(w.Say("digest.paused_because", words.Args{"Reason": pausedBecause(w, s)}))
	case s.NextDue.IsZero():
		entry += "; " + cards.Escape(w.Say("digest.no_more"))
	default:
		entry += "; " + cards.Markup(w.Say("digest.comes", words.Args{"Time": cards.Instant(s.NextDue, "f"), "Relative": cards.Instant(s.NextDue, "R")}))
	}
	phrase := ""
	switch {
	case last.Recalled != "":
		phrase, last.Reason = "digest.last_recalled", last.Recalled
	case last.State == digests.Sent:
		phrase = "digest.last_sent"
	case last.State == digests.Skipped:
		phrase = "digest.last_skipped"
	case last.State == digests.Failed:
		phrase = "digest.last_failed"
	default:
		return entry
	}
	return entry + "; " + cards.Markup(w.Say(phrase, words.Args{"Time": cards.Instant(last.Due, "f"), "Reason": cards.Escape(last.Reason)}))
}

type digestNamed struct {
	Digest string `option:"digest,required,complete"`
}

// digestRemove ends a subscription.
func (d Desk) digestRemove() Command {
	c := define("digest remove", Moderator, func(ctx context.Context, who Caller, r digestNamed) (Reply, error) {
		w := d.Book.In(who.Locales...)
		s, err := d.named(ctx, who, r.Digest)
		if err != nil {
			return Reply{}, err
		}
		if err := d.Digests.Unsubscribe(ctx, who.Desk, s.ID); err != nil {
			return Reply{}, d.unknown(w, err)
		}
		return Reply{Card: cards.Card{Title: "✓ " + cards.Escape(w.Say("digest.removed"))}}, nil
	})
	c.Complete = d.completeDigest
	return c
}

// named is the digest with that id.
func (d Desk) named(ctx context.Context, who Caller, id string) (digests.Subscription, error) {
	kept, err := d.digestsOf(ctx, who)
	if err != nil {
		return digests.Subscription{}, err
	}
	id = strings.ToUpper(strings.TrimSpace(id))
	for _, s := range kept {
		if s.ID == id {
			return s, nil
		}
	}
	return digests.Subscription{}, d.unknown(d.Book.In(who.Locales...), briefings.ErrNotFound)
}

// unknown words that a digest was removed meanwhile.
func (d Desk) unknown(w *words.Words, err error) error {
	if errors.Is(err, briefings.ErrNotFound) {
		return briefings.Tell(briefings.ErrNotFound, w.Say("digest.unknown"))
	}
	return fmt.Errorf("commands: change a digest: %w", err)
}

// completeDigest offers the server's digests by their schedule and channel.
func (d Desk) completeDigest(ctx context.Context, who Caller, _ string, in Input) ([]cards.Choice, error) {
	kept, err := d.Digests.Subscriptions(ctx, who.Desk)
	if err != nil {
		return nil, err
	}
	w := d.Book.In(who.Locales...)
	var choices []cards.Choice
	for _, s := range kept {
		when, err := d.when(ctx, who, s)
		if err != nil {
			return nil, err
		}
		label := w.Say("digest.choice", words.Args{"When": when.Plain(), "Channel": string(s.Channel)})
		if contains(label, clip(in["digest"])) && len(choices) < mostOffered {
			choices = append(choices, cards.Choice{Label: cards.Clip(label, 100), Value: s.ID})
		}
	}
	return choices, nil
}
