package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// A RawMessage is a message as far as delivery needs to know it. Components are
// left unread: those of a newer Discord must not make a message unreadable.
type RawMessage struct {
	ID     string `json:"id"`
	Author struct {
		ID string `json:"id"`
	} `json:"author"`
	Components json.RawMessage `json:"components"`
	Nonce      Nonce           `json:"nonce"`
}

// A Nonce is the sender's mark on a message, which Discord may write as a number.
type Nonce string

// UnmarshalJSON reads a string or a number; anything else is no nonce.
func (n *Nonce) UnmarshalJSON(raw []byte) error {
	var s string
	var number json.Number
	switch {
	case json.Unmarshal(raw, &s) == nil:
		*n = Nonce(s)
	case json.Unmarshal(raw, &number) == nil:
		*n = Nonce(number)
	default:
		*n = ""
	}
	return nil
}

// CreateMessage posts to a channel and returns the message's id. If nonced, the
// body carries a nonce and enforce_nonce, and is sent again when it is unknown
// whether it arrived: within a few minutes Discord makes one message of all, but
// answers CodeUnknownMessage if the first was deleted meanwhile. Without, such a
// case ends with ErrUnknownWhetherSent. ErrSent: it is there, its id unknown.
func (d *Discord) CreateMessage(ctx context.Context, channel string, body any, nonced bool) (string, error) {
	path, err := join("/channels", channel, "messages")
	if err != nil {
		return "", err
	}
	c := call{method: http.MethodPost, path: path, body: body, repeat: nonced}
	reply, err := d.do(ctx, c)
	if err != nil {
		return "", err
	}
	var made struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(reply, &made); err != nil || made.ID == "" {
		return "", fmt.Errorf("bot: %s: %w", d.describe(c), ErrSent)
	}
	return made.ID, nil
}

// DirectChannel returns the channel of direct messages with a user, made where
// there is none yet.
func (d *Discord) DirectChannel(ctx context.Context, user string) (string, error) {
	if _, err := join("/users", user); err != nil {
		return "", err
	}
	reply, err := d.do(ctx, call{method: http.MethodPost, path: "/users/@me/channels", body: map[string]string{"recipient_id": user}, repeat: true})
	if err != nil {
		return "", err
	}
	var c struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(reply, &c); err != nil || c.ID == "" {
		return "", errors.New("bot: Discord named no channel for direct messages")
	}
	return c.ID, nil
}

// EditMessage replaces parts of a message of the bot's own.
func (d *Discord) EditMessage(ctx context.Context, channel, message string, body any) error {
	path, err := join("/channels", channel, "messages", message)
	if err != nil {
		return err
	}
	_, err = d.do(ctx, call{method: http.MethodPatch, path: path, body: body, repeat: true})
	return err
}

// DeleteMessage deletes a message of the bot's own.
func (d *Discord) DeleteMessage(ctx context.Context, channel, message string) error {
	return d.onMessage(ctx, http.MethodDelete, nil, channel, message)
}

// StartThread starts a public thread from a message; a message has one at most.
func (d *Discord) StartThread(ctx context.Context, channel, message, name string) error {
	return d.onMessage(ctx, http.MethodPost, map[string]string{"name": name}, channel, message, "threads")
}

// Crosspost publishes a message to the followers of its channel, once.
func (d *Discord) Crosspost(ctx context.Context, channel, message string) error {
	return d.onMessage(ctx, http.MethodPost, nil, channel, message, "crosspost")
}

// onMessage does to a message what can be done once.
func (d *Discord) onMessage(ctx context.Context, method string, body any, channel, message string, more ...string) error {
	path, err := join("/channels", append([]string{channel, "messages", message}, more...)...)
	if err != nil {
		return err
	}
	_, err = d.do(ctx, call{method: method, path: path, body: body, repeat: true})
	return err
}

// Message returns one message of a channel.
func (d *Discord) Message(ctx context.Context, channel, message string) (RawMessage, error) {
	path, err := join("/channels", channel, "messages", message)
	if err != nil {
		return RawMessage{}, err
	}
	var m RawMessage
	err = d.read(ctx, path, &m)
	return m, err
}

// Messages returns up to limit (1 to 100) messages of a channel, those after the
// given id if it isn't empty, in Discord's order: newest first.
func (d *Discord) Messages(ctx context.Context, channel, after string, limit int) ([]RawMessage, error) {
	path, err := join("/channels", channel, "messages")
	if err != nil {
		return nil, err
	}
	var messages []RawMessage
	err = d.read(ctx, query(path, min(max(limit, 1), 100), after), &messages)
	return messages, err
}

// NewestMessage returns the id of the newest message of a channel, empty where
// there has been none. It is told also to who may not read the channel's
// history, and may be the id of a message that was deleted.
func (d *Discord) NewestMessage(ctx context.Context, channel string) (string, error) {
	path, err := join("/channels", channel)
	if err != nil {
		return "", err
	}
	var c struct {
		LastMessageID string `json:"last_message_id"`
	}
	err = d.read(ctx, path, &c)
	return c.LastMessageID, err
}
