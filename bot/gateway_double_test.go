package bot

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
)

// bubble runs a test whose clock moves on only while nothing else is to be done:
// a day takes a moment, and what is measured is exact. It fails where a goroutine
// is left.
func bubble(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, time.January, 19, 6, 0, 0, 0, time.UTC))) // Discord's ids begin in 2015
		test(t)
	})
}

// aside does something beside the test, which ends after it.
func aside(t *testing.T, do func()) {
	t.Helper()
	var w sync.WaitGroup
	t.Cleanup(w.Wait)
	w.Go(do)
}

// pipes is a network for a bubble, to which one from the system would be outside.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

// serve starts a server on a network of its own.
func serve(t *testing.T, handler http.Handler) *pipes {
	t.Helper()
	p := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: handler, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0)}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(p) }()
	t.Cleanup(func() {
		_ = server.Close()
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("serving: %v", err)
		}
	})
	return p
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.once.Do(func() { close(p.closed) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p.conns <- there:
		return here, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// client is Discord's REST API on that network.
func (p *pipes) client(t *testing.T, token string) *Discord {
	t.Helper()
	transport, err := NewTransport("http://127.0.0.1:1/api")
	if err != nil {
		t.Fatal(err)
	}
	transport.next = &http.Transport{DialContext: p.dial, DisableKeepAlives: true}
	d, err := NewDiscord(token, transport)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// discordDouble plays Discord's gateway as the test tells it to, packet by
// packet, so that every order of events can be had.
type discordDouble struct {
	net     *pipes
	peers   chan *peer // connections, as they come
	refuses int        // upgrades, with a 503, before one is accepted

	mu     sync.Mutex
	bot    string // reply to GET /gateway/bot
	status int
	asked  int
}

// peer is one connection to the double.
type peer struct {
	t     *testing.T
	conn  *websocket.Conn
	uri   string
	out   chan struct{} // held by who writes
	in    chan envelope
	beats chan beat
	ops   []int    // of all packets but heartbeats; read it once the connection is gone
	mute  bool     // heartbeats are not acknowledged
	last  string   // to send when the client has closed
	gone  chan int // the close code that the client sent; 1006 for none
}

type beat struct {
	at  time.Time
	seq string
}

const gatewayBot = `{"url":"ws://127.0.0.1:1","shards":1,"session_start_limit":{"total":1000,"remaining":999,"reset_after":0,"max_concurrency":1}}`

func newDouble(t *testing.T) *discordDouble {
	t.Helper()
	d := &discordDouble{peers: make(chan *peer, 10_000), status: 200, bot: gatewayBot}
	var sockets sync.WaitGroup
	t.Cleanup(sockets.Wait)
	d.net = serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		defer d.mu.Unlock()
		if !websocket.IsWebSocketUpgrade(r) {
			d.asked++
			w.WriteHeader(d.status)
			_, _ = io.WriteString(w, d.bot)
			return
		}
		if d.refuses--; d.refuses >= 0 {
			http.Error(w, strings.Repeat("overloaded ", 1000), http.StatusServiceUnavailable)
			return
		}
		conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			t.Errorf("upgrade: %v", err)
			return
		}
		p := &peer{
			t: t, conn: conn, uri: r.RequestURI, out: make(chan struct{}, 1),
			in: make(chan envelope, 1000), beats: make(chan beat, 100_000), gone: make(chan int, 1),
		}
		closed := conn.CloseHandler()
		conn.SetCloseHandler(func(code int, text string) error {
			if p.last != "" {
				p.send(p.last)
			}
			return closed(code, text)
		})
		sockets.Go(p.read)
		d.peers <- p
	}))
	return d
}

func (p *peer) read() {
	defer close(p.in)
	for {
		var e envelope
		if err := p.conn.ReadJSON(&e); err != nil {
			closing := &websocket.CloseError{Code: 1006}
			_ = errors.As(err, &closing)
			p.gone <- closing.Code
			_ = p.conn.Close()
			return
		}
		if e.Op != opHeartbeat {
			p.ops = append(p.ops, e.Op)
			p.in <- e
			continue
		}
		p.beats <- beat{time.Now(), string(e.Data)}
		if !p.mute {
			p.send(`{"op":11}`)
		}
	}
}

func (p *peer) send(packets ...string) {
	p.out <- struct{}{}
	defer func() { <-p.out }()
	for _, packet := range packets {
		if err := p.conn.WriteMessage(websocket.TextMessage, []byte(packet)); err != nil {
			p.t.Logf("sending %.60s: %v", packet, err)
		}
	}
}

func (p *peer) close(code int) {
	_ = p.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, "because of "+botToken), time.Now().Add(time.Second))
}

// expect returns the data of the next packet, which must have this op.
func (p *peer) expect(op int) string {
	p.t.Helper()
	e := await(p.t, fmt.Sprintf("op %d", op), p.in)
	if e.Op != op {
		p.t.Fatalf("got op %d, want op %d", e.Op, op)
	}
	return string(e.Data)
}

const (
	helloPacket = `{"op":10,"d":{"heartbeat_interval":41250},"t":null,"s":null}`
	readyEvent  = `{"op":0,"s":1,"t":"READY","d":{"v":10,"user":{"id":"8"},"application":{"id":"9"},"session_id":"session-1","guilds":[{"id":"20","unavailable":true}]}}`
	resumed     = `{"op":0,"s":4,"t":"RESUMED","d":{}}`
	someAsk     = `{"op":0,"s":3,"t":"INTERACTION_CREATE","d":{"id":"77","type":5,"data":{"components":[{"type":18}]}}}`

	interval = 41250 * time.Millisecond
)

// running is a gateway under test.
type running struct {
	*discordDouble
	t       *testing.T
	asks    chan string
	readies chan Ready
	members chan Membership
	ended   chan error
	log     *bytes.Buffer
	stop    context.CancelFunc
}

// runGateway starts a gateway against a double, in a bubble. Its logs must hold
// no secrets.
func runGateway(t *testing.T, change func(*Gateway, *discordDouble)) *running {
	t.Helper()
	double := newDouble(t)
	r := &running{
		discordDouble: double, t: t, log: new(bytes.Buffer), ended: make(chan error, 1),
		asks: make(chan string, 100), readies: make(chan Ready, 10_000), members: make(chan Membership, 100),
	}
	g, err := NewGateway(GatewayOptions{
		Discord: double.net.client(t, botToken), Log: slog.New(slog.NewTextHandler(r.log, nil)),
		Interaction: func(_ context.Context, raw json.RawMessage) { r.asks <- string(raw) },
		Ready:       func(_ context.Context, ready Ready) { r.readies <- ready },
		Membership:  func(_ context.Context, m Membership) { r.members <- m },
	})
	if err != nil {
		t.Fatal(err)
	}
	g.dialer = double.net.dial
	if change != nil {
		change(g, double)
	}
	ctx, cancel := context.WithCancel(t.Context())
	r.stop = cancel
	go func() { r.ended <- g.Run(ctx) }()
	return r
}

// end stops the gateway and returns what Run did.
func (r *running) end() error {
	r.t.Helper()
	r.stop()
	err := await(r.t, "the end of Run", r.ended)
	if logged := r.log.String(); strings.Contains(logged, botToken) || strings.Contains(logged, "session-1") {
		r.t.Errorf("the log holds a secret:\n%s", logged)
	}
	return err
}

// await waits for what comes, longer than the longest wait of a gateway.
func await[T any](t *testing.T, what string, from <-chan T) T {
	t.Helper()
	select {
	case got, open := <-from:
		if !open {
			t.Fatalf("%s did not come", what)
		}
		return got
	case <-time.After(time.Hour):
		t.Fatalf("%s did not come", what)
		panic("unreachable")
	}
}

// connected is the next connection, greeted.
func (r *running) connected() *peer {
	r.t.Helper()
	p := await(r.t, "a connection", r.peers)
	p.send(helloPacket)
	return p
}

// login plays a connection up to READY.
func (r *running) login() *peer {
	r.t.Helper()
	p := r.connected()
	p.expect(opIdentify)
	p.send(readyEvent)
	if ready := await(r.t, "Ready", r.readies); ready.Resumed {
		r.t.Errorf("got a resumed session, want a new one")
	}
	return p
}

// acceptKey is a server's answer to a WebSocket's key (RFC 6455, section 4.2.2).
func acceptKey(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}
