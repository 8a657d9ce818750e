package sandbox

import (
	"context"
	"net/http"
	"time"
)

// act is what a member does, as the control route takes it.
type act struct {
	Guild   string `json:"guild"`
	Channel string `json:"channel"`
	User    string `json:"user"`
	Locale  string `json:"locale"`
	WaitMS  *int   `json:"wait_ms"`
	// Install is guild, as usual, or user: the member has the application for himself, and
	// takes it where the bot isn't.
	Install string `json:"install"`
	// With is the other member of a private conversation, in which the bot isn't either.
	With string `json:"with"`

	Command string         `json:"command"`
	Options map[string]any `json:"options"`
	Focused string         `json:"focused"`

	Menu    string `json:"menu"`
	Target  string `json:"target"`
	Message string `json:"message"`

	CustomID string   `json:"custom_id"`
	Values   []string `json:"values"`

	Modal  string         `json:"modal"`
	Fields map[string]any `json:"fields"`
}

const (
	usualWait = 10 * time.Second
	maxWaitMS = 15 * 60 * 1000
)

// outcome is what became of an interaction, as the member's client would show it.
type outcome struct {
	Kind      string         `json:"kind"` // message, update, modal, choices or none
	Ephemeral bool           `json:"ephemeral"`
	Text      string         `json:"text"`
	Message   map[string]any `json:"message"`
	Modal     map[string]any `json:"modal"`
	Choices   []any          `json:"choices"`
	AckMS     *int64         `json:"ack_ms"`
	DoneMS    *int64         `json:"done_ms"`
	Error     *string        `json:"error"` // timeout, rejected or not_connected
	Reason    string         `json:"reason,omitempty"`
	ID        string         `json:"interaction_id"`
}

// postInteraction lets a member act and waits for what the bot makes of it.
func (s *Sandbox) postInteraction(r *http.Request) (any, error) {
	var a act
	if err := readControl(r, &a); err != nil {
		return nil, err
	}
	wait := usualWait
	if a.WaitMS != nil {
		if *a.WaitMS < 0 || *a.WaitMS > maxWaitMS {
			return nil, wrong("wait_ms", "wait_ms has to be between 0 and %d", maxWaitMS)
		}
		wait = time.Duration(*a.WaitMS) * time.Millisecond
	}
	i, dispatched, err := s.begin(&a, base(r)) //nolint:contextcheck // what is sent to an endpoint outlives the request
	if err != nil {
		return nil, err
	}
	if !dispatched {
		return s.outcome(i, "not_connected", base(r)), nil
	}
	return s.outcome(i, s.await(r.Context(), i, wait), base(r)), nil
}

// begin checks that the member could do this, and dispatches it.
func (s *Sandbox) begin(a *act, base string) (_ *interaction, dispatched bool, err error) {
	live, waiting := s.gate.connected()
	s.mu.Lock()
	defer s.mu.Unlock()
	sc, err := s.scene(a, base)
	if err != nil {
		return nil, false, err
	}
	i, data, err := sc.build(a)
	if err != nil {
		return nil, false, err
	}
	i.id = s.ids.next()
	i.guild, i.channel, i.user = sc.guildID(), sc.channel.ID, sc.user.ID
	sc.authorise(i)
	s.pending.add(i)
	payload := sc.payload(i, data)
	if e := s.endpoint(); e != nil && !s.closed {
		s.delivered++
		nth := s.delivered
		s.wg.Go(func() {
			if nth%probeEvery == 0 {
				s.probeNow(e, nth/probeEvery)
			}
			s.deliver(e, i, payload, host(base))
		})
		return i, true, nil
	}
	if live+waiting == 0 {
		return i, false, nil
	}
	s.dispatch(event{"INTERACTION_CREATE", 0, i.guild, fixed(payload)})
	return i, true, nil
}

// await returns the error of an interaction, "" for none, once the bot is done with it.
func (s *Sandbox) await(ctx context.Context, i *interaction, wait time.Duration) string {
	for {
		s.mu.Lock()
		verdict, over, left := s.judgeProgress(i, wait)
		changed := i.changed
		s.mu.Unlock()
		if over {
			return verdict
		}
		timer := time.NewTimer(left)
		select {
		case <-changed:
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return "timeout"
		case <-s.life.Done():
			timer.Stop()
			return "not_connected"
		}
		timer.Stop()
	}
}

// judgeProgress says whether there is anything more to wait for, and how long.
func (s *Sandbox) judgeProgress(i *interaction, wait time.Duration) (verdict string, over bool, left time.Duration) {
	now := time.Now()
	if !i.refusedAt.IsZero() && (i.answered == 0 || i.loading) {
		if left = i.refusedAt.Add(secondThought).Sub(now); left <= 0 {
			return s.silence(i), true, 0
		}
	}
	if i.answered == 0 {
		rest := i.made.Add(answerWithin).Sub(now)
		if rest <= 0 {
			return s.silence(i), true, 0
		}
		if left <= 0 {
			left = rest
		}
		return "", false, min(left, rest)
	}
	if !i.loading && !i.deleted {
		return "", true, 0
	}
	rest := i.acked.Add(wait).Sub(now)
	switch {
	case rest > 0 && left > 0:
		return "", false, min(rest, left)
	case rest > 0:
		return "", false, rest
	case i.answered == answerDeferredUpdate || i.deleted:
		return "", true, 0 // nothing more has to come
	}
	return "timeout", true, 0
}

// silence tells a bot that didn't answer from one that wasn't there, and one whose answer
// was refused.
func (s *Sandbox) silence(i *interaction) string {
	switch {
	case i.unreached:
		return "not_connected"
	case i.reason != "":
		return "rejected"
	case s.state.install.Endpoint != "":
		return "timeout"
	}
	if live, _ := s.gate.connected(); live == 0 {
		return "not_connected"
	}
	return "timeout"
}

func (s *Sandbox) outcome(i *interaction, verdict, base string) outcome {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := outcome{Kind: "none", AckMS: since(i.made, i.acked), DoneMS: since(i.made, i.done), ID: i.id}
	if verdict != "" {
		o.Error, o.Reason = &verdict, i.reason
	}
	switch i.answered {
	case answerMessage, answerDeferred:
		o.Kind = "message"
	case answerUpdate, answerDeferredUpdate:
		o.Kind = "update"
		if m := s.state.message(i.channel, i.lastMessage); m != nil && m.ID != i.original {
			o.Kind = "message"
		}
	case answerChoices:
		o.Kind, o.Choices, o.Text = "choices", i.choices, choicesText(i.choices)
		if o.Choices == nil {
			o.Choices = []any{}
		}
	case answerModal:
		o.Kind, o.Modal, o.Text = "modal", i.modal, modalText(i.modal)
	}
	s.outcomeMessage(&o, i, base)
	return o
}

func (s *Sandbox) outcomeMessage(o *outcome, i *interaction, base string) {
	id := i.lastMessage
	if id == "" {
		id = i.original
	}
	m := s.state.message(i.channel, id)
	if m == nil {
		if o.Kind == "message" || o.Kind == "update" {
			o.Kind = "none"
		}
		return
	}
	o.Message, o.Text, o.Ephemeral = s.shownMessage(m, base), messageText(m), m.Visible != ""
}

func since(from, to time.Time) *int64 {
	if to.IsZero() {
		return nil
	}
	ms := to.Sub(from).Milliseconds()
	return &ms
}
