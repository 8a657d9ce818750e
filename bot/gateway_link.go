package bot

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

const (
	// silent is under the library's lowest level: its log lines hold tokens, and
	// its logger is one variable for the whole process.
	silent = -1

	longestHeartbeat = 10 * time.Minute
)

var errRedial = errors.New("bot: dialling again, to another address")

// An envelope is one message of the gateway, op and all.
type envelope struct {
	Op       int             `json:"op"`
	Sequence int64           `json:"s"`
	Type     string          `json:"t"`
	Data     json.RawMessage `json:"d"`
}

// A link is one session with Discord over any number of connections. The library
// dials, identifies, resumes and sends heartbeats; what it is given to read was
// composed here, and what it would deliver is delivered from here, in order.
type link struct {
	library *discordgo.Session
	address string // of the gateway, for the next connection
	asked   string // the address that the library remembers
	limit   *url.URL

	// dispatch gets every event in Discord's order, on the reading goroutine.
	dispatch func(envelope)

	dialling context.Context // of the connection being made
	redial   bool
	current  atomic.Pointer[wire]
	silence  time.Duration

	mu    sync.Mutex
	ready chan struct{} // closed when this connection may be used
	up    bool
	after string // where Discord wants to be resumed
}

func newLink(token, address string, base *url.URL, shard, shards int, silence time.Duration) (*link, error) {
	library, err := discordgo.New(token) // without "Bot ": it makes no REST call
	if err != nil {
		return nil, fmt.Errorf("bot: making a gateway session: %w", err)
	}
	l := &link{library: library, address: address, limit: base, silence: silence}
	library.LogLevel = silent
	library.StateEnabled = false
	library.Compress = false
	library.ShouldReconnectOnError = false
	library.Identify.Compress = false
	library.Identify.Intents = discordgo.IntentsGuilds
	library.ShardID, library.ShardCount = shard, shards
	library.Identify.Shard = &[2]int{shard, shards}
	library.Client = &http.Client{Transport: addressBook{l}}
	library.Dialer = &websocket.Dialer{
		HandshakeTimeout:  silence,
		NetDialContext:    l.dial((&net.Dialer{}).DialContext),
		NetDialTLSContext: l.dial((&tls.Dialer{Config: &tls.Config{MinVersion: tls.VersionTLS12}}).DialContext),
	}
	return l, nil
}

// An addressBook answers the one REST call that the library's gateway makes,
// so that it goes where we say and needs no network.
type addressBook struct{ *link }

func (b addressBook) RoundTrip(r *http.Request) (*http.Response, error) {
	// The library appends the version that it was made for; a fragment is never
	// sent, so ours counts.
	reply, err := json.Marshal(map[string]string{"url": b.address + "/?v=10&encoding=json#"})
	if err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: http.StatusOK, Status: "200 OK", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(reply)), Request: r,
	}, nil
}

type dialFunc func(ctx context.Context, network, address string) (net.Conn, error)

func (l *link) dial(through dialFunc) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if l.redial {
			return nil, errRedial
		}
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(l.dialling, cancel)() //nolint:contextcheck // the library dials with no context of ours, so two are joined
		conn, err := through(ctx, network, address)
		if err != nil {
			return nil, err
		}
		w := newWire(conn, l.silence)
		w.judge = func(message []byte) ([]byte, error) { return l.judge(w, message) }
		l.current.Store(w)
		if err := l.dialling.Err(); err != nil {
			w.cut(err) // whoever ended it may have looked for the wire too early
		}
		return w, nil
	}
}

// open connects and identifies, or resumes. It may hang for ever if the library
// does: cut l.current, and if that is no help, abandon the link.
func (l *link) open(ctx context.Context) error {
	l.mu.Lock()
	l.ready, l.up = make(chan struct{}), false
	if l.after != "" {
		l.address = l.after
	}
	l.mu.Unlock()
	l.dialling = ctx
	l.current.Store(nil)
	if l.asked != "" && l.asked != l.address {
		// The library asks for the address only after it couldn't dial one.
		l.redial = true
		err := l.library.Open()
		l.redial = false
		if !errors.Is(err, errRedial) {
			return fmt.Errorf("bot: changing the gateway's address: %w", err)
		}
	}
	l.asked = l.address
	return l.library.Open()
}

// isReady is closed once Discord has accepted the connection that open began.
func (l *link) isReady() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ready
}

// judge decides what the library sees of a message.
func (l *link) judge(w *wire, message []byte) ([]byte, error) {
	var e envelope
	if !bytes.HasPrefix(bytes.TrimSpace(message), []byte("{")) || json.Unmarshal(message, &e) != nil {
		return nil, errors.New("the gateway sent something that is not one of its messages")
	}
	l.mu.Lock()
	up := l.up
	l.mu.Unlock()
	switch e.Op {
	case 0:
		return l.event(e)
	case 1:
		return []byte(`{"op":1}`), nil
	case 7:
		return nil, errAsked
	case 9:
		if string(e.Data) == "true" {
			return nil, errInvalid
		}
		return nil, errStale
	case 10:
		return hello(w, e)
	case 11:
		if up { // before that, the library would wait for itself
			return []byte(`{"op":11}`), nil
		}
	}
	return nil, nil
}

func hello(w *wire, e envelope) ([]byte, error) {
	var hello struct {
		Interval int64 `json:"heartbeat_interval"` // milliseconds
	}
	err := json.Unmarshal(e.Data, &hello)
	if err != nil || hello.Interval < 1 || hello.Interval > longestHeartbeat.Milliseconds() {
		return nil, errors.New("the gateway asked for heartbeats that can't be kept")
	}
	// Heartbeats are acknowledged, so silence of one and a half intervals means
	// that nobody is there.
	interval := time.Duration(hello.Interval) * time.Millisecond
	w.allow(interval + interval/2)
	return []byte(`{"op":10,"d":{"heartbeat_interval":` + strconv.FormatInt(hello.Interval, 10) + `}}`), nil
}

// event delivers an event here, and tells the library only its number, and of a
// READY the session's id.
func (l *link) event(e envelope) ([]byte, error) {
	kind, data := "OTHER", "null"
	switch e.Type {
	case "READY":
		var ready struct {
			Session string `json:"session_id"`
			Resume  string `json:"resume_gateway_url"`
		}
		if err := json.Unmarshal(e.Data, &ready); err != nil || ready.Session == "" {
			return nil, errors.New("the gateway sent a READY without a session")
		}
		session, err := json.Marshal(map[string]string{"session_id": ready.Session})
		if err != nil {
			return nil, err
		}
		kind, data = e.Type, string(session)
		l.accepted(ready.Resume)
	case "RESUMED":
		kind, data = e.Type, "{}"
		l.accepted("")
	}
	l.dispatch(e)
	return fmt.Appendf(nil, `{"op":0,"s":%d,"t":%q,"d":%s}`, e.Sequence, kind, data), nil
}

func (l *link) accepted(resume string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.up {
		l.up = true
		close(l.ready)
	}
	if address, err := gatewayAddress(resume, l.limit); err == nil {
		l.after = address
	}
}

// gatewayAddress checks where Discord sends us, because our token goes there,
// and returns it without path and query. Where the API is elsewhere than at
// Discord's, the gateway may be on that host too.
func gatewayAddress(address string, base *url.URL) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.Host == "" {
		return "", errors.New("bot: Discord named a gateway address that is none")
	}
	discord := u.Scheme == "wss" && strings.HasSuffix(u.Hostname(), ".discord.gg") && (u.Port() == "" || u.Port() == "443")
	same := u.Hostname() == base.Hostname() || loopback(u.Hostname()) && loopback(base.Hostname())
	other := base.Hostname() != discordHost && (u.Scheme == "ws" || u.Scheme == "wss") && same
	if !discord && !other {
		return "", fmt.Errorf("bot: the token is not sent to the gateway at %q: it is neither Discord's nor on the host of SITREP_DISCORD_API", u.Host)
	}
	return u.Scheme + "://" + u.Host + strings.TrimSuffix(u.Path, "/"), nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// cut ends the connection that is being made, if there is one.
func (l *link) cut(reason error) {
	if w := l.current.Load(); w != nil {
		w.cut(reason)
	}
}
