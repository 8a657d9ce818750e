package sandbox

import (
	"net/http"
	"time"
)

func webhookRoutes() []*route {
	const hook = "/webhooks/{webhook.id}/{webhook.token}"
	return []*route{
		callbackRoute(),
		{method: "POST", path: hook, open: true, serve: withInteraction(followUp)},
		{method: "GET", path: hook + "/messages/{message.id}", open: true, serve: withInteraction(getAnswer)},
		{method: "PATCH", path: hook + "/messages/{message.id}", open: true, serve: withInteraction(patchAnswer)},
		{method: "DELETE", path: hook + "/messages/{message.id}", open: true, serve: withInteraction(deleteAnswer)},
	}
}

// withInteraction finds the interaction of the path's token while that lives, and holds
// the lock. What serve refuses is the reason that the acting member's client shows.
func withInteraction(serve func(*call, *interaction) (reply, error)) func(*call) (reply, error) {
	return func(c *call) (reply, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		i := c.pending.byToken[c.id("token")]
		if i == nil || c.id("webhook") != c.state.install.ID || i.answered == 0 {
			return reply{}, refuse(10015)
		}
		if time.Since(i.made) > tokenLife {
			return reply{}, refuse(50027)
		}
		out, err := serve(c, i)
		if err != nil && i.loading {
			i.reason, i.refusedAt = err.Error(), time.Now()
		}
		i.touch()
		return out, err
	}
}

// answerOf finds a message of the interaction by its id or as @original.
func (c *call) answerOf(i *interaction) (*message, error) {
	id := c.id("message")
	if id == "@original" {
		id = i.original
	}
	m := c.state.message(i.channel, id)
	if m == nil || id != i.original && (m.Mark == nil || m.Mark.ID != i.id) {
		return nil, refuse(10008)
	}
	return m, nil
}

func getAnswer(c *call, i *interaction) (reply, error) {
	m, err := c.answerOf(i)
	if err != nil {
		return reply{}, err
	}
	return ok(c.state.messageObject(m, c.base())), nil
}

func patchAnswer(c *call, i *interaction) (reply, error) {
	m, err := c.answerOf(i)
	if err != nil {
		return reply{}, err
	}
	if m, err = c.revise(m, c.object(), &spot{}, true); err != nil {
		return reply{}, err
	}
	i.settle(m)
	return ok(c.state.messageObject(m, c.base())), nil
}

// settle notes that a deferred answer has come.
func (i *interaction) settle(m *message) {
	i.lastMessage = m.ID
	if i.loading || i.deleted {
		i.loading, i.deleted, i.done = false, false, time.Now()
	}
}

func deleteAnswer(c *call, i *interaction) (reply, error) {
	m, err := c.answerOf(i)
	if err != nil {
		return reply{}, err
	}
	if err := c.discard(m); err != nil {
		return reply{}, err
	}
	if m.ID == i.original && i.loading {
		i.loading, i.deleted = false, true
	}
	return empty(), nil
}

const (
	// maxFollowUps is a bound of the sandbox: Discord documents none for apps in a server.
	maxFollowUps = 1000
	// personalFollowUps is Discord's for apps that only the member himself has.
	personalFollowUps = 5
)

// followUp posts another message, except right after a deferred answer: then it fills that
// one in, as Discord does.
func followUp(c *call, i *interaction) (reply, error) {
	if i.followups >= maxFollowUps || i.personal && i.followups >= personalFollowUps {
		return reply{}, refuse(40094)
	}
	d := &draft{at: &spot{}, body: c.object(), files: c.files, flags: answerFlags, fields: append(answerFields(),
		field{name: "wait", kind: truthValue}, // a well-known client leaks its query into the body
		field{name: "username", kind: blankValue}, field{name: "avatar_url", kind: blankValue},
		field{name: "thread_name", kind: blankValue}, field{name: "applied_tags", kind: blankValue})}
	original := c.state.message(i.channel, i.original)
	var m *message
	var err error
	if i.answered == answerDeferred && original != nil && original.Flags&flagLoading != 0 {
		m, err = c.fill(original, d)
	} else {
		m, err = c.answerWith(i, d)
	}
	if err != nil {
		return reply{}, err
	}
	i.followups++
	i.settle(m)
	return reply{http.StatusOK, c.state.messageObject(m, c.base())}, nil
}

// fill puts a follow-up in the place of the message that says the bot is thinking.
func (c *call) fill(original *message, d *draft) (*message, error) {
	judgeMessage(d)
	if err := d.at.err(); err != nil {
		return nil, err
	}
	if d.empty() {
		return nil, refuse(50006)
	}
	m := *original
	m.Flags &^= flagLoading
	d.body = withoutFlag(d.body, flagEphemeral)
	return &m, c.commitMessage(&m, d, false)
}
