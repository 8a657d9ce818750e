package bot

import (
	"context"

	"sitrep/cards"
	"sitrep/digests"
)

// Edit is for [digests.Editor]. The picture is uploaded anew and takes the old
// one's place.
func (p Poster) Edit(ctx context.Context, channel digests.ChannelID, message string, card cards.Card, delivery string) error {
	m := render(card, delivery)
	m.Attachments = append([]attachment{}, m.Attachments...) // the old picture goes
	if err := p.Discord.EditMessage(ctx, string(channel), message, m); err != nil {
		return postError(err)
	}
	return nil
}

// Reply is for [digests.Editor].
func (p Poster) Reply(ctx context.Context, channel digests.ChannelID, to string, card cards.Card, delivery string) (string, error) {
	reply := replyMessage{message: digestMessage(card, delivery), Reference: reference{Message: to}}
	id, err := p.Discord.CreateMessage(ctx, string(channel), reply, true)
	if err != nil {
		return "", postError(err)
	}
	return id, nil
}

// replyMessage is a message that answers another.
type replyMessage struct {
	message
	Reference reference `json:"message_reference"`
}

// reference names a message. One that is gone makes the reply a plain message.
type reference struct {
	Message         string `json:"message_id"`
	FailIfNotExists bool   `json:"fail_if_not_exists"`
}
