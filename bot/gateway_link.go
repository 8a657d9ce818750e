package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// The gateway's operations.
// https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway
const (
	opEvent          = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opResume         = 6
	opReconnect      = 7
	opInvalidSession = 9
	opHello          = 10
	opAcknowledged   = 11
)

const (
	maxMessage  = 32 << 20  // far over the largest server there is
	keptBuffer  = 256 << 10 // of what one message needed, for the next
	mostSession = 1 << 10   // so that a resume stays under maxPacket

	shortestHeartbeat = time.Second
	longestHeartbeat  = 10 * time.Minute
)

// An envelope is one message of the gateway, op and all.
type envelope struct {
	Op       int             `json:"op"`
	Sequence int64           `json:"s"`
	Type     string          `json:"t"`
	Data     json.RawMessage `json:"d"`
}

// A session is what Discord remembers of a shard, over any number of connections.
type session struct {
	id     string // empty until Discord gives it one
	resume string // where Discord wants it resumed, empty if it didn't say
	seq    atomic.Int64
}

// A link is one connection of a session. One goroutine reads, one writes: so
// neither can keep the other waiting, and each ends by a deadline at the latest.
type link struct {
	*Gateway
	session *session
	conn    *websocket.Conn
	allowed allowance // of starts; unused where the session is resumed
	fresh   bool      // the session is to be started, not resumed

	hello chan time.Duration // the interval of heartbeats, once
	asked chan struct{}      // Discord wants a heartbeat now

	mu       sync.Mutex
	interval time.Duration
	silent   time.Time // when Discord counts as gone
	login    time.Time // when it is late with accepting one; zero where it isn't asked to
	leaving  bool
	accepted time.Time // the login
}

// run speaks to Discord until the connection ends, and returns how long Discord
// had accepted it and why it ended. At the end of ctx it says farewell, and takes
// what is on its way already.
func (l *link) run(ctx context.Context) (time.Duration, error) {
	login, err := l.identity()
	if err != nil {
		return 0, errors.Join(err, l.conn.Close())
	}
	l.hello, l.asked = make(chan time.Duration, 1), make(chan struct{}, 1)
	l.conn.SetReadLimit(maxMessage)
	l.silent = time.Now().Add(l.pace.watch)
	l.renew()
	over, end := context.WithCancelCause(context.WithoutCancel(ctx))
	var writing sync.WaitGroup
	writing.Go(func() {
		if err := l.write(ctx, over, login); err != nil {
			end(err)
			_ = l.conn.Close() // ends the reading
		}
	})
	end(l.read(ctx))
	defer l.up.Store(false)
	reason := context.Cause(over)
	if closing := new(closedError); ctx.Err() == nil && !errors.As(reason, &closing) {
		l.close(closedByUs)
	}
	_ = l.conn.Close() // of what is sent nothing more matters
	writing.Wait()
	if l.accepted.IsZero() {
		return 0, reason
	}
	return max(time.Since(l.accepted), 1), reason
}

// renew sets the time by which Discord must have been heard.
func (l *link) renew() {
	if l.leaving {
		return
	}
	by := l.silent
	if !l.login.IsZero() && l.login.Before(by) {
		by = l.login
	}
	_ = l.conn.SetReadDeadline(by) // on a closed connection reading fails anyway
}

// read takes messages until there are no more, and returns why.
func (l *link) read(ctx context.Context) error {
	var message bytes.Buffer
	var e envelope
	for {
		kind, in, err := l.conn.NextReader()
		if err == nil {
			message.Reset()
			_, err = message.ReadFrom(in)
		}
		if err != nil {
			return l.why(err)
		}
		if kind != websocket.TextMessage {
			return errors.New("the gateway sent a binary message, where only text was agreed")
		}
		if e, err = parseEnvelope(message.Bytes(), e.Data); err == nil {
			err = l.take(ctx, e)
		}
		if err != nil {
			return err
		}
		if message.Cap() > keptBuffer {
			message, e = bytes.Buffer{}, envelope{}
		}
	}
}

// parseEnvelope reads a message into an envelope whose data may lie in spare.
func parseEnvelope(message []byte, spare json.RawMessage) (envelope, error) {
	e := envelope{Op: -1, Data: spare[:0]}
	if err := json.Unmarshal(message, &e); err != nil || e.Op < 0 {
		return envelope{}, errors.New("the gateway sent something that is not one of its messages")
	}
	return e, nil
}

// why tells what an error of reading means.
func (l *link) why(err error) error {
	if closing := new(websocket.CloseError); errors.As(err, &closing) && closing.Code != websocket.CloseAbnormalClosure {
		return &closedError{code: closing.Code, text: redact(tidy(closing.Text), l.options.Discord.token)}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	timeout := net.Error(nil)
	switch {
	case !errors.As(err, &timeout) || !timeout.Timeout():
		return fmt.Errorf("the connection broke: %w", err)
	case l.interval == 0:
		return errors.New("Discord was silent: no Hello came")
	case !l.login.IsZero() && !time.Now().Before(l.login):
		return errors.New("Discord was silent: it accepted no session")
	}
	return fmt.Errorf("Discord was silent: a heartbeat was not acknowledged within %s", l.interval/2)
}

// take does what a message asks for. An error ends the connection.
func (l *link) take(ctx context.Context, e envelope) error {
	switch e.Op {
	case opEvent:
		return l.event(ctx, e)
	case opHeartbeat:
		select {
		case l.asked <- struct{}{}:
		default: // one is going to be sent
		}
	case opReconnect:
		return errAsked
	case opInvalidSession:
		if string(e.Data) == "true" {
			return errInvalid
		}
		return errStale
	case opHello:
		return l.greet(e.Data)
	case opAcknowledged:
		l.mu.Lock()
		defer l.mu.Unlock()
		l.hear()
	}
	return nil
}

// hear notes a sign of life. As each heartbeat is acknowledged, one and a half
// intervals without that mean that nobody is there, whatever else comes in. The
// lock is held.
func (l *link) hear() {
	if l.interval > 0 {
		l.silent = time.Now().Add(l.interval + l.interval/2)
		l.renew()
	}
}

func (l *link) greet(data json.RawMessage) error {
	var hello struct {
		Interval int64 `json:"heartbeat_interval"` // milliseconds
	}
	err := json.Unmarshal(data, &hello)
	if err != nil || hello.Interval < shortestHeartbeat.Milliseconds() || hello.Interval > longestHeartbeat.Milliseconds() {
		return errors.New("the gateway asked for heartbeats that can't be kept")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.interval != 0 {
		return errors.New("the gateway said Hello twice")
	}
	l.interval = time.Duration(hello.Interval) * time.Millisecond
	l.hear()
	l.hello <- l.interval
	return nil
}

// event notes how far the session is, and hands the event on.
func (l *link) event(ctx context.Context, e envelope) error {
	switch e.Type {
	case "READY":
		var ready struct {
			Session string `json:"session_id"`
			Resume  string `json:"resume_gateway_url"`
		}
		if err := json.Unmarshal(e.Data, &ready); err != nil || ready.Session == "" || len(ready.Session) > mostSession {
			return errors.New("the gateway sent a READY without a session")
		}
		l.session.id, l.session.resume = ready.Session, ""
		if address, err := gatewayAddress(ready.Resume, l.base); err == nil {
			l.session.resume = address
		}
		l.accept(ctx)
	case "RESUMED":
		l.accept(ctx)
	}
	if e.Sequence > 0 {
		l.session.seq.Store(e.Sequence)
	}
	l.inbox.put(e)
	return nil
}

// awaitAcceptance gives Discord so long to accept the login that is being sent.
func (l *link) awaitAcceptance() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.accepted.IsZero() {
		l.login = time.Now().Add(l.pace.watch)
		l.renew()
	}
}

func (l *link) accept(ctx context.Context) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.login = time.Time{}
	l.renew()
	if l.accepted.IsZero() {
		l.accepted = time.Now()
		l.up.Store(true)
		l.options.Log.InfoContext(ctx, "connected to the gateway", "shard", l.options.Shard)
	}
}
