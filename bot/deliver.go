package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/digests"
)

// A Poster posts digests. It satisfies [digests.Poster] and is safe for
// concurrent use.
type Poster struct {
	Discord *Discord
}

// Post sends card with the delivery id as nonce and on every button.
func (p Poster) Post(ctx context.Context, channel digests.ChannelID, card cards.Card, delivery string) (string, error) {
	id, err := p.Discord.CreateMessage(ctx, string(channel), digestMessage(card, delivery), true)
	if err != nil {
		return "", postError(err)
	}
	return id, nil
}

// digestMessage is what is sent for a digest, the one message that may ping
// anybody: the role that it was told to mention.
func digestMessage(card cards.Card, delivery string) message {
	m := render(card, delivery)
	m.Nonce, m.EnforceNonce = delivery, true
	if card.Mention != "" {
		m.AllowedMentions.Roles = []string{card.Mention}
	}
	return m
}

// Direct is for [digests.Messenger]. Whoever takes no direct messages from
// members of their servers can't be reached.
func (p Poster) Direct(ctx context.Context, user briefings.UserID, card cards.Card, key string) error {
	channel, err := p.Discord.DirectChannel(ctx, string(user))
	if err == nil {
		_, err = p.Discord.CreateMessage(ctx, channel, digestMessage(card, key), true)
	}
	if err != nil {
		return postError(err)
	}
	return nil
}

// discordEpoch is the first millisecond of snowflakes.
// https://docs.discord.com/developers/reference#snowflakes
const discordEpoch = 1420070400000

// Find pages through the channel's messages from since on. It looks at no more
// than 1,000 of them.
func (p Poster) Find(ctx context.Context, channel digests.ChannelID, delivery string, since time.Time) (string, bool, error) {
	const page, pages = 100, 10
	millis := since.Add(-time.Minute).UnixMilli() - discordEpoch
	after := strconv.FormatInt(max(millis, 0)<<22, 10)
	for range pages {
		messages, err := p.list(ctx, string(channel), after, page)
		if err != nil {
			return "", false, err
		}
		for _, m := range messages {
			if strings.Contains(string(m.Components), "@"+delivery+`"`) {
				return m.ID, true, nil
			}
		}
		if len(messages) < page {
			return "", false, nil
		}
		after = messages[0].ID
	}
	return "", false, fmt.Errorf("bot: looking for digest %s: over %d messages came after it", delivery, page*pages)
}

// list is a page of the channel's messages after the given one. Without Read
// Message History Discord lists none at all, and a digest that can't be looked
// for must not be sent again: that some are hidden is an error.
func (p Poster) list(ctx context.Context, channel, after string, page int) ([]RawMessage, error) {
	messages, err := p.Discord.Messages(ctx, channel, after, page)
	if err != nil {
		return nil, postError(err)
	}
	if len(messages) > 0 {
		return messages, nil
	}
	newest, err := p.Discord.NewestMessage(ctx, channel)
	if err != nil {
		return nil, postError(err)
	}
	if len(newest) < len(after) || len(newest) == len(after) && newest <= after {
		return nil, nil
	}
	// It may have come between the two questions, and then it is listed now.
	if messages, err = p.Discord.Messages(ctx, channel, after, page); err != nil {
		return nil, postError(err)
	}
	if len(messages) == 0 {
		return nil, &digests.PostError{
			Say:       "I can't tell whether the digest was posted: give me Read Message History in the channel.",
			Permanent: true, Cause: errors.New("bot: the channel's history is hidden"),
		}
	}
	return messages, nil
}

// postError says of a refusal what it means and what to do about it.
func postError(err error) error {
	refusal := new(APIError)
	if errors.Is(err, ErrTokenRefused) {
		return &digests.PostError{Say: "Discord refuses my token: whoever runs me has to set a new one. Then it is tried again.", Cause: err}
	}
	if !errors.As(err, &refusal) || errors.Is(err, ErrUnknownWhetherSent) {
		// Tried again, it is first looked for.
		return &digests.PostError{Say: "Discord could not be reached. It is tried again.", RetryAfter: refusal.RetryAfter, Cause: err}
	}
	say := map[int]string{
		CodeMissingAccess:     "I can't see the channel: give me View Channel there.",
		CodeMissingPermission: "I lack a permission in the channel: give me View Channel, Send Messages, Attach Files and Read Message History there.",
		CodeUnknownGuild:      "I am no longer in that server: invite me again, then add the digest anew.",
		CodeUnknownChannel:    "The channel no longer exists: add the digest anew in another one.",
		CodeUnknownMessage:    "The digest was posted and deleted by somebody. The next one comes as usual.",
		CodeNoDirectMessages:  "They take no direct messages from me.",
		CodeNotAText:          "The channel takes no messages: choose a text channel.",
		CodeForum:             "The channel is a forum: choose a text channel.",
		CodeArchivedThread:    "The thread is archived: open it again.",
		CodeLockedThread:      "The thread is locked: unlock it.",
		CodeInvalidForm:       "Discord refused the message (" + refusal.Message + "). Tell whoever runs me, for that is a fault of mine.",
		CodeEmptyMessage:      "Discord refused the message as empty. Tell whoever runs me, for that is a fault of mine.",
	}[refusal.Code]
	if refusal.Temporary() {
		return &digests.PostError{Say: "Discord does not take the digest yet (" + refusal.Error() + "). It is tried again.", RetryAfter: refusal.RetryAfter, Cause: err}
	}
	if say == "" {
		say = "Discord refused the digest (" + refusal.Error() + "). Check the channel and my permissions in it."
	}
	return &digests.PostError{Say: say, Permanent: true, Cause: err}
}
