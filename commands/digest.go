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

// Discord's permission bits that a digest's channel needs.
const (
	viewChannel        Rights = 1 << 10
	sendMessages       Rights = 1 << 11
	readMessageHistory Rights = 1 << 16
)

type digestAddRequest struct {
	At      string `option:"at,required"`
	Kind    string `option:"kind,choices=daily"`
	Zone    string `option:"zone"`
	Channel string `option:"channel,channel"`
}

// digestAdd subscribes a channel to digests.
func (d Desk) digestAdd() Command {
	return define("digest add", Moderator, func(ctx context.Context, who Caller, r digestAddRequest) (Reply, error) {
		w := d.Book.In(who.Locales...)
		if err := inServer(who, w.Say("digest.server_only")); err != nil {
			return Reply{}, err
		}
		zone := cmp.Or(r.Zone, digests.DefaultZone)
		when, err := digests.ParseDaily(r.At, zone)
		if err != nil {
			return Reply{}, err
		}
		channel := who.Channel
		if r.Channel != "" {
			channel = who.Channels[r.Channel]
			channel.ID = r.Channel
		}
		if channel.Closed {
			return Reply{}, briefings.Tell(briefings.ErrInvalid, w.Say("digest.closed", words.Args{"Channel": channel.label()}))
		}
		if lacking := lacking(channel, w); lacking != "" {
			return Reply{}, briefings.Tell(briefings.ErrInvalid, w.Say("digest.rights", words.Args{"Channel": channel.label(), "Rights": lacking}))
		}
		kept, err := d.Digests.Subscriptions(ctx, who.Desk)
		if err != nil {
			return Reply{}, fmt.Errorf("commands: count digests: %w", err)
		}
		if len(kept) >= mostDigests {
			return Reply{}, briefings.Tell(briefings.ErrInvalid, w.Say("digest.most", words.Args{"Count": len(kept)}))
		}
		for _, k := range kept {
			if string(k.Channel) == channel.ID && k.At == when.At() && k.Zone == when.Zone() {
				return Reply{}, briefings.Tell(briefings.ErrInvalid, w.Say("digest.twice", words.Args{"Channel": channel.label(), "At": k.At, "Zone": k.Zone}))
			}
		}
		now := d.Now()
		s := digests.Subscription{
			ID: digests.NewID(), Desk: who.Desk, Channel: digests.ChannelID(channel.ID), Kind: cmp.Or(r.Kind, "daily"),
			At: when.At(), Zone: when.Zone(), Locale: last(who.Locales), Grace: digests.DefaultGrace,
			CreatedBy: who.User, CreatedAt: now, NextDue: when.Next(now),
		}
		if err := d.Digests.Subscribe(ctx, s); err != nil {
			return Reply{}, fmt.Errorf("commands: add digest: %w", err)
		}
		return Reply{Card: digestAdded(w, s)}, nil
	})
}

func digestAdded(w *words.Words, s digests.Subscription) cards.Card {
	said := cards.Markup(w.Say("digest.saved", words.Args{"At": s.At, "Zone": cards.Escape(s.Zone), "Channel": mention(s.Channel)}))
	first := cards.Markup(w.Say("digest.first", words.Args{"Time": cards.Instant(s.NextDue, "f"), "Relative": cards.Instant(s.NextDue, "R")}))
	return cards.Card{Title: "✓ " + said, Blocks: []cards.Block{{Lines: []cards.Line{{Text: first}}}}}
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

// lacking names what the bot may not do in c, empty where it may do all, or
// where Discord did not tell.
func lacking(c Channel, w *words.Words) string {
	if !c.Known {
		return ""
	}
	var names []string
	for _, right := range []struct {
		bit    Rights
		phrase string
	}{{viewChannel, "right.view"}, {sendMessages, "right.send"}, {readMessageHistory, "right.history"}} {
		if c.Rights&right.bit == 0 {
			names = append(names, w.Say(right.phrase))
		}
	}
	return strings.Join(names, ", ")
}

// digestList shows which digests a server has, when each comes next and how
// its last one went.
func (d Desk) digestList() Command {
	return define("digest list", Moderator, func(ctx context.Context, who Caller, _ struct{}) (Reply, error) {
		w := d.Book.In(who.Locales...)
		if err := inServer(who, w.Say("digest.server_only")); err != nil {
			return Reply{}, err
		}
		kept, err := d.Digests.Subscriptions(ctx, who.Desk)
		if err != nil {
			return Reply{}, fmt.Errorf("commands: list digests: %w", err)
		}
		slots, err := d.Digests.Slots(ctx, who.Desk, 10*mostDigests)
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
			block.Lines = append(block.Lines, cards.Line{Text: "• " + digestEntry(w, s, last[s.ID])})
		}
		if len(kept) == 0 {
			block.Lines = []cards.Line{{Text: cards.Escape(w.Say("digest.none"))}}
		}
		c.Blocks = []cards.Block{block}
		return Reply{Card: c.Fit(cards.MostText, w)}, nil
	})
}

func digestEntry(w *words.Words, s digests.Subscription, last digests.Slot) cards.Markup {
	entry := cards.Markup(w.Say("digest.entry", words.Args{
		"Channel": mention(s.Channel), "At": s.At, "Zone": cards.Escape(s.Zone),
		"Time": cards.Instant(s.NextDue, "f"), "Relative": cards.Instant(s.NextDue, "R"),
	}))
	phrase := ""
	switch last.State {
	case digests.Sent:
		phrase = "digest.last_sent"
	case digests.Skipped:
		phrase = "digest.last_skipped"
	case digests.Failed:
		phrase = "digest.last_failed"
	default:
		return entry
	}
	return entry + "; " + cards.Markup(w.Say(phrase, words.Args{"Time": cards.Instant(last.Due, "f"), "Reason": cards.Escape(last.Reason)}))
}

type digestRemoveRequest struct {
	Digest string `option:"digest,required,complete"`
}

// digestRemove ends a subscription.
func (d Desk) digestRemove() Command {
	c := define("digest remove", Moderator, func(ctx context.Context, who Caller, r digestRemoveRequest) (Reply, error) {
		w := d.Book.In(who.Locales...)
		if err := inServer(who, w.Say("digest.server_only")); err != nil {
			return Reply{}, err
		}
		err := d.Digests.Unsubscribe(ctx, who.Desk, strings.ToUpper(strings.TrimSpace(r.Digest)))
		switch {
		case errors.Is(err, briefings.ErrNotFound):
			return Reply{}, briefings.Tell(briefings.ErrNotFound, w.Say("digest.unknown"))
		case err != nil:
			return Reply{}, fmt.Errorf("commands: remove digest: %w", err)
		}
		return Reply{Card: cards.Card{Title: "✓ " + cards.Escape(w.Say("digest.removed"))}}, nil
	})
	c.Complete = func(ctx context.Context, who Caller, _ string, in Input) ([]cards.Choice, error) {
		kept, err := d.Digests.Subscriptions(ctx, who.Desk)
		if err != nil {
			return nil, err
		}
		w := d.Book.In(who.Locales...)
		var choices []cards.Choice
		for _, s := range kept {
			label := w.Say("digest.choice", words.Args{"At": s.At, "Zone": s.Zone, "Channel": string(s.Channel)})
			if strings.Contains(briefings.Fold(label), briefings.Fold(clip(in["digest"]))) && len(choices) < 25 {
				choices = append(choices, cards.Choice{Label: cards.Clip(label, 100), Value: s.ID})
			}
		}
		return choices, nil
	}
	return c
}
