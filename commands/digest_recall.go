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

// recallable is how many of a server's newest slots are looked at for messages
// to take back.
const recallable = 200

type digestRecallRequest struct {
	Post   string `option:"post,required,complete"`
	Reason string `option:"reason,required"`
}

// digestRecall deletes a posted digest and keeps why. The message goes first:
// should keeping it fail, the same command does the rest.
func (d Desk) digestRecall() Command {
	c := define("digest recall", Moderator, func(ctx context.Context, who Caller, r digestRecallRequest) (Reply, error) {
		w := d.Book.In(who.Locales...)
		r.Reason = strings.TrimSpace(r.Reason)
		if r.Reason == "" {
			return Reply{}, briefings.Tell(briefings.ErrInvalid, w.Say("digest.recall_why"))
		}
		p, err := d.post(ctx, who, r.Post)
		if err != nil {
			return Reply{}, err
		}
		if err := d.unpost(ctx, w, p); err != nil {
			return Reply{}, err
		}
		if err := d.Digests.Recall(ctx, who.Desk, p.slot.ID, who.User, r.Reason); errors.Is(err, briefings.ErrNotFound) {
			return Reply{}, briefings.Tell(briefings.ErrNotFound, w.Say("digest.recalled_already"))
		} else if err != nil {
			return Reply{}, fmt.Errorf("commands: recall a digest: %w", err)
		}
		return Reply{Card: cards.Card{Title: "✓ " + cards.Markup(w.Say("digest.recalled", words.Args{
			"Time": cards.Instant(p.slot.Due, "f"), "Channel": mention(p.channel),
		}))}}, nil
	})
	c.Complete = d.completePost
	return c
}

// A post is a digest's message.
type post struct {
	slot    digests.Slot
	channel digests.ChannelID // empty where nothing tells any more
}

// posts are the digests of the caller's server whose messages are there, newest
// first.
func (d Desk) posts(ctx context.Context, who Caller) ([]post, error) {
	kept, err := d.digestsOf(ctx, who)
	if err != nil {
		return nil, err
	}
	slots, err := d.Digests.Slots(ctx, who.Desk, "", recallable)
	if err != nil {
		return nil, fmt.Errorf("commands: list posted digests: %w", err)
	}
	channels := map[string]digests.ChannelID{}
	for _, s := range kept {
		channels[s.ID] = s.Channel
	}
	var all []post
	for _, slot := range slots {
		if slot.State == digests.Sent {
			all = append(all, post{slot: slot, channel: cmp.Or(slot.Channel, channels[slot.Subscription])})
		}
	}
	return all, nil
}

// post is the one that was picked, or whose message or link was given.
func (d Desk) post(ctx context.Context, who Caller, given string) (post, error) {
	w := d.Book.In(who.Locales...)
	all, err := d.posts(ctx, who)
	if err != nil {
		return post{}, err
	}
	given = strings.TrimSpace(given)
	link := given[strings.LastIndexByte(given, '/')+1:]
	for _, p := range all {
		if p.slot.ID != given && p.slot.Message != link {
			continue
		}
		if p.slot.Recalled != "" {
			return post{}, briefings.Tell(briefings.ErrInvalid, w.Say("digest.recalled_already"))
		}
		return p, nil
	}
	return post{}, briefings.Tell(briefings.ErrNotFound, w.Say("digest.post_unknown"))
}

func (d Desk) unpost(ctx context.Context, w *words.Words, p post) error {
	err := d.Rooms.Unpost(ctx, p.channel, p.slot.Message)
	refused := new(digests.PostError)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused) && refused.Permanent:
		return briefings.Tell(briefings.ErrInvalid, w.Say("digest.recall_refused", words.Args{"Right": w.Say("right.view")}))
	}
	return briefings.Tell(err, w.Say("digest.discord_away"))
}

// completePost offers what was posted and not taken back, newest first.
func (d Desk) completePost(ctx context.Context, who Caller, _ string, in Input) ([]cards.Choice, error) {
	all, err := d.posts(ctx, who)
	if err != nil {
		return nil, err
	}
	w := d.Book.In(who.Locales...)
	var choices []cards.Choice
	for _, p := range all {
		label := w.Say("digest.post_choice", words.Args{"Time": cards.Instant(p.slot.Due, "f").Plain(), "Channel": string(p.channel)})
		if p.slot.Recalled == "" && strings.Contains(briefings.Fold(label), briefings.Fold(clip(in["post"]))) && len(choices) < mostOffered {
			choices = append(choices, cards.Choice{Label: cards.Clip(label, 100), Value: p.slot.ID})
		}
	}
	return choices, nil
}
