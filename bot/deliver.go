package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

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
	m := render(card, delivery)
	m.Nonce, m.EnforceNonce = delivery, true
	id, err := p.Discord.CreateMessage(ctx, string(channel), m, true)
	if err != nil {
		return "", postError(err)
	}
	return id, nil
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
		messages, err := p.Discord.Messages(ctx, string(channel), after, page)
		if err != nil {
			return "", false, postError(err)
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

// postError says of a refusal what it means and what to do about it.
func postError(err error) error {
	refusal := new(APIError)
	if !errors.As(err, &refusal) {
		return &digests.PostError{Say: "Discord could not be reached.", Cause: err}
	}
	say := map[int]string{
		CodeMissingAccess:     "I can't see the channel: give me View Channel there.",
		CodeMissingPermission: "I lack a permission in the channel: give me View Channel, Send Messages and Read Message History there.",
		CodeUnknownChannel:    "The channel no longer exists: add the digest anew in another one.",
		CodeUnknownMessage:    "The digest was posted and deleted by somebody.",
		CodeNotAText:          "The channel takes no messages: choose a text channel.",
		CodeForum:             "The channel is a forum: choose a text channel.",
		CodeArchivedThread:    "The thread is archived: open it again.",
		CodeLockedThread:      "The thread is locked: unlock it.",
		CodeInvalidForm:       "Discord refused the message: " + refusal.Message,
		CodeEmptyMessage:      "Discord refused the message: it is empty.",
	}[refusal.Code]
	if say == "" {
		permanent := refusal.Status >= 400 && refusal.Status < 500 && refusal.Status != http.StatusTooManyRequests
		return &digests.PostError{Say: "Discord answered: " + refusal.Error(), Permanent: permanent, RetryAfter: refusal.RetryAfter, Cause: err}
	}
	return &digests.PostError{Say: say, Permanent: true, Cause: err}
}
