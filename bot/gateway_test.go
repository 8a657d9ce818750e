package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// discordDouble plays Discord's gateway as the test tells it to, packet by
// packet, so that every order of events can be had.
type discordDouble struct {
	server  *httptest.Server
	peers   chan *peer // connections, as they come
	refuses int        // upgrades, with a 503, before one is accepted

	mu     sync.Mutex
	bot    string // reply to GET /gateway/bot, URL for %s
	status int
	asked  int
}

// peer is one connection to the double.
type peer struct {
	t    *testing.T
	conn *websocket.Conn
	uri  string
	in   chan envelope
	gone chan int // the close code that the client sent; 1006 for none
}

func newDouble(t *testing.T) *discordDouble {
	t.Helper()
	d := &discordDouble{
		peers: make(chan *peer, 10), status: 200,
		bot: `{"url":"%s","shards":1,"session_start_limit":{"total":1000,"remaining":999,"reset_after":0,"max_concurrency":1}}`,
	}
	var sockets sync.WaitGroup
	d.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !websocket.IsWebSocketUpgrade(r) {
			d.gatewayBot(w)
			return
		}
		d.mu.Lock()
		d.refuses--
		refused := d.refuses >= 0
		d.mu.Unlock()
		if refused {
			http.Error(w, strings.Repeat("overloaded ", 1000), http.StatusServiceUnavailable)
			return
		}
		conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			t.Errorf("upgrade: %v", err)
			return
		}
		p := &peer{t: t, conn: conn, uri: r.RequestURI, in: make(chan envelope, 1000), gone: make(chan int, 1)}
		sockets.Go(p.read)
		d.peers <- p
	}))
	t.Cleanup(func() { d.server.Close(); sockets.Wait() })
	return d
}

func (d *discordDouble) gatewayBot(w http.ResponseWriter) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked++
	w.WriteHeader(d.status)
	_, _ = fmt.Fprintf(w, d.bot, d.address())
}

func (d *discordDouble) address() string { return "ws" + strings.TrimPrefix(d.server.URL, "http") }

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
		if e.Op != 1 { // heartbeats come when they come
			p.in <- e
		}
	}
}

func (p *peer) send(packets ...string) {
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
	select {
	case e, ok := <-p.in:
		if !ok || e.Op != op {
			p.t.Fatalf("got op %d (open: %t), want op %d", e.Op, ok, op)
		}
		return string(e.Data)
	case <-time.After(10 * time.Second):
		p.t.Fatalf("no op %d came", op)
	}
	return ""
}

const (
	helloPacket = `{"op":10,"d":{"heartbeat_interval":41250},"t":null,"s":null}`
	readyEvent  = `{"op":0,"s":1,"t":"READY","d":{"v":10,"user":{"id":"8"},"application":{"id":"9"},"session_id":"session-1","guilds":[{"id":"20","unavailable":true}]}}`
	resumed     = `{"op":0,"s":4,"t":"RESUMED","d":{}}`
	someAsk     = `{"op":0,"s":3,"t":"INTERACTION_CREATE","d":{"id":"77","type":5,"data":{"components":[{"type":18}]}}}`
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

// runGateway starts a gateway against a double. Its waits are short, and its logs must
// hold no secrets.
func runGateway(t *testing.T, change func(*Gateway, *discordDouble)) *running {
	t.Helper()
	double := newDouble(t)
	transport, err := NewTransport(double.server.URL + "/api")
	if err != nil {
		t.Fatal(err)
	}
	discord, err := NewDiscord(botToken, transport)
	if err != nil {
		t.Fatal(err)
	}
	discord.backOff = time.Millisecond
	r := &running{
		discordDouble: double, t: t, log: new(bytes.Buffer), ended: make(chan error, 1),
		asks: make(chan string, 100), readies: make(chan Ready, 100), members: make(chan Membership, 100),
	}
	identifies := NewIdentifies()
	identifies.every = time.Millisecond
	g, err := NewGateway(GatewayOptions{
		Discord: discord, Log: slog.New(slog.NewTextHandler(r.log, nil)), Identifies: identifies,
		Interaction: func(_ context.Context, raw json.RawMessage) { r.asks <- string(raw) },
		Ready:       func(_ context.Context, ready Ready) { r.readies <- ready },
		Membership:  func(_ context.Context, m Membership) { r.members <- m },
	})
	if err != nil {
		t.Fatal(err)
	}
	g.pace.least, g.pace.most, g.pace.watch = time.Millisecond, 10*time.Millisecond, 5*time.Second
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
	err := next(r.t, "the end of Run", r.ended)
	r.server.CloseClientConnections()
	if logged := r.log.String(); strings.Contains(logged, botToken) || strings.Contains(logged, "session-1") {
		r.t.Errorf("the log holds a secret:\n%s", logged)
	}
	return err
}

func next[T any](t *testing.T, what string, from <-chan T) T {
	t.Helper()
	select {
	case got := <-from:
		return got
	case <-time.After(15 * time.Second):
		t.Fatalf("%s did not come", what)
		panic("unreachable")
	}
}

// login plays a connection up to READY.
func (r *running) login() *peer {
	r.t.Helper()
	p := next(r.t, "a connection", r.peers)
	p.send(helloPacket)
	p.expect(2)
	p.send(readyEvent)
	if ready := next(r.t, "Ready", r.readies); ready.Resumed {
		r.t.Errorf("got a resumed session, want a new one")
	}
	return p
}

func TestGatewayDelivers(t *testing.T) {
	t.Parallel()
	r := runGateway(t, nil)
	p := next(t, "a connection", r.peers)
	if want := "/?v=10&encoding=json"; p.uri != want {
		t.Errorf("got %s, want %s", p.uri, want)
	}
	p.send(helloPacket)
	var identify struct {
		Token    string `json:"token"`
		Intents  int    `json:"intents"`
		Compress bool   `json:"compress"`
		Shard    [2]int `json:"shard"`
	}
	if err := json.Unmarshal([]byte(p.expect(2)), &identify); err != nil {
		t.Fatal(err)
	}
	if identify.Token != botToken || identify.Intents != 1 || identify.Compress || identify.Shard != [2]int{0, 1} {
		t.Errorf("got identify %+v", identify)
	}
	p.send(readyEvent)
	if got, want := fmt.Sprint(next(t, "Ready", r.readies)), "{9 8 [20] false}"; got != want {
		t.Errorf("got Ready %s, want %s", got, want)
	}
	p.send(
		`{"op":0,"s":2,"t":"GUILD_CREATE","d":{"id":"20"}}`,
		`{"op":0,"s":3,"t":"GUILD_CREATE","d":{"id":"21","channels":[{"type":99}]}}`,
		`{"op":0,"s":4,"t":"GUILD_DELETE","d":{"id":"20","unavailable":true}}`,
		`{"op":0,"s":5,"t":"GUILD_DELETE","d":{"id":"21"}}`,
		`{"op":0,"s":6,"t":"GUILD_CREATE","d":{}}`,
		`{"op":0,"s":7,"t":"GUILD_CREATE","d":null}`,
		someAsk,
		`{"op":0,"s":8,"t":"GUILD_CREATE","d":{"id":"21"}}`,
	)
	for _, want := range []Membership{{Guild: "20"}, {Guild: "21", New: true}, {Guild: "21", Left: true}, {Guild: "21", New: true}} {
		if got := next(t, "a membership", r.members); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	if got, want := next(t, "the interaction", r.asks), `{"id":"77","type":5,"data":{"components":[{"type":18}]}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if err := r.end(); err != nil {
		t.Errorf("Run: got %v, want nil", err)
	}
	if code := next(t, "the farewell", p.gone); code != 1000 {
		t.Errorf("got close code %d at the end, want 1000", code)
	}
}

func TestGatewayConnectsAgain(t *testing.T) {
	t.Parallel()
	var cases sync.WaitGroup // all at once: the library takes a second to let go
	defer cases.Wait()
	const resume, fresh = 6, 2
	for _, tt := range []struct {
		name string
		end  func(*peer)
		want int // the op that the next connection begins with
	}{
		{"cut", func(p *peer) { _ = p.conn.Close() }, resume},
		{"op 7", func(p *peer) { p.send(`{"op":7}`) }, resume},
		{"op 9 true", func(p *peer) { p.send(`{"op":9,"d":true}`) }, resume},
		{"op 9 false", func(p *peer) { p.send(`{"op":9,"d":false}`) }, fresh},
		{"4000", func(p *peer) { p.close(4000) }, resume},
		{"4003", func(p *peer) { p.close(4003) }, resume},
		{"4007", func(p *peer) { p.close(4007) }, fresh},
		{"4009", func(p *peer) { p.close(4009) }, fresh},
		{"1000", func(p *peer) { p.close(1000) }, fresh},
		{"no JSON", func(p *peer) { p.send(`null`) }, resume},
		{"a binary message", func(p *peer) { _ = p.conn.WriteMessage(websocket.BinaryMessage, []byte("x")) }, resume},
	} {
		cases.Go(func() {
			t.Run(tt.name, func(t *testing.T) {
				r := runGateway(t, nil)
				first := r.login()
				first.send(someAsk)
				next(t, "the interaction", r.asks)
				tt.end(first)
				if code := next(t, "the end of the connection", first.gone); code == 1000 && tt.name != "1000" {
					t.Error("the client closed with 1000, which destroys the session")
				}
				second := next(t, "another connection", r.peers)
				second.send(helloPacket)
				if data := second.expect(tt.want); tt.want == resume {
					if want := `{"token":"` + botToken + `","session_id":"session-1","seq":3}`; data != want {
						t.Errorf("got resume %s, want %s", data, want)
					}
					second.send(someAsk, resumed)
				} else {
					second.send(readyEvent, someAsk)
				}
				if got := next(t, "Ready", r.readies); got.Resumed != (tt.want == resume) {
					t.Errorf("got Ready %+v", got)
				}
				next(t, "an interaction after it", r.asks)
				if err := r.end(); err != nil {
					t.Errorf("Run: got %v, want nil", err)
				}
			})
		})
	}
}

func TestGatewayEndsWhereNothingHelps(t *testing.T) {
	t.Parallel()
	var cases sync.WaitGroup // all at once: the library takes a second to let go
	defer cases.Wait()
	for _, tt := range []struct {
		name string
		do   func(*running)
		want string
	}{
		{"4004 at once", func(r *running) { next(r.t, "a connection", r.peers).close(4004) }, "check DISCORD_TOKEN"},
		{"4004 for the identify", func(r *running) {
			p := next(r.t, "a connection", r.peers)
			p.send(helloPacket)
			p.expect(2)
			p.close(4004)
		}, "check DISCORD_TOKEN"},
		{"4010", func(r *running) { r.login().close(4010) }, "check SITREP_SHARDS"},
		{"4011", func(r *running) { r.login().close(4011) }, "set SITREP_SHARDS"},
		{"4012", func(r *running) { r.login().close(4012) }, "install a newer sitrep"},
		{"4013", func(r *running) { r.login().close(4013) }, "install a newer sitrep"},
		{"4014", func(r *running) { r.login().close(4014) }, "Privileged Gateway Intents"},
	} {
		cases.Go(func() {
			t.Run(tt.name, func(t *testing.T) {
				r := runGateway(t, nil)
				tt.do(r)
				err := next(t, "the end of Run", r.ended)
				if err == nil || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("got %v, want an error with %q", err, tt.want)
				}
				if err != nil && strings.Contains(err.Error(), botToken) {
					t.Errorf("the error holds the token: %v", err)
				}
				if isToken := strings.HasPrefix(tt.name, "4004"); errors.Is(err, ErrTokenRefused) != isToken {
					t.Errorf("errors.Is(%v, ErrTokenRefused) = %t, want %t", err, !isToken, isToken)
				}
			})
		})
	}
}

func TestGatewayTokenRefusedByREST(t *testing.T) {
	t.Parallel()
	r := runGateway(t, func(_ *Gateway, double *discordDouble) { double.status = 401 })
	if err := next(t, "the end of Run", r.ended); !errors.Is(err, ErrTokenRefused) {
		t.Errorf("got %v, want ErrTokenRefused", err)
	}
}

func TestGatewayNoticesSilence(t *testing.T) {
	t.Parallel()
	var cases sync.WaitGroup // all at once: the library takes a second to let go
	defer cases.Wait()
	for _, tt := range []struct {
		name string
		say  []string
		want int // the op that the next connection begins with
	}{
		{"before Hello", nil, 2},
		{"after Hello", []string{helloPacket}, 2},
		{"only acknowledgements", []string{helloPacket, `{"op":11}`}, 2},
		{"no acknowledgement", []string{`{"op":10,"d":{"heartbeat_interval":100}}`, readyEvent}, 6},
	} {
		cases.Go(func() {
			t.Run(tt.name, func(t *testing.T) {
				r := runGateway(t, func(g *Gateway, _ *discordDouble) { g.pace.watch = 200 * time.Millisecond })
				start := time.Now()
				first := next(t, "a connection", r.peers)
				first.send(tt.say...)
				if code := next(t, "the end of the connection", first.gone); code != 1006 {
					t.Errorf("got close code %d, want none", code)
				}
				if took := time.Since(start); took > 2*time.Second {
					t.Errorf("noticed after %s, want under 2s", took)
				}
				second := next(t, "another connection", r.peers)
				second.send(helloPacket)
				second.expect(tt.want)
				if err := r.end(); err != nil {
					t.Errorf("Run: got %v, want nil", err)
				}
				// The library would notice too, after five intervals.
				if tt.want == 6 && !strings.Contains(r.log.String(), "no sign of life from Discord for 150ms") {
					t.Errorf("the log doesn't tell of the silence:\n%s", r.log)
				}
			})
		})
	}
}

// TestGatewaySurvives sends what deadlocks or ends the library when it is alone.
func TestGatewaySurvives(t *testing.T) {
	t.Parallel()
	var cases sync.WaitGroup // all at once: the library takes a second to let go
	defer cases.Wait()
	for _, tt := range []struct {
		name    string
		packets []string
	}{
		{"op 7 before READY", []string{helloPacket, `{"op":7}`}},
		{"op 9 before READY", []string{helloPacket, `{"op":9,"d":false}`}},
		{"op 7 before Hello", []string{`{"op":7}`}},
		{"heartbeats at no interval", []string{`{"op":10,"d":{"heartbeat_interval":0}}`}},
		{"heartbeats at an overflowing interval", []string{`{"op":10,"d":{"heartbeat_interval":9223372036854775807}}`}},
		{"null", []string{helloPacket, `null`}},
		{"READY of nothing", []string{helloPacket, `{"op":0,"s":1,"t":"READY","d":null}`}},
		{"op as a text", []string{helloPacket, `{"op":"7"}`}},
	} {
		cases.Go(func() {
			t.Run(tt.name, func(t *testing.T) {
				r := runGateway(t, nil)
				first := next(t, "a connection", r.peers)
				first.send(tt.packets...)
				if code := next(t, "the end of the connection", first.gone); code != 1006 {
					t.Errorf("got close code %d, want none", code)
				}
				identifies := len(first.in)
				if identifies > 1 {
					t.Errorf("got %d packets on one connection, want at most one identify", identifies)
				}
				r.login().send(`{"op":0,"s":2,"t":"GUILD_CREATE","d":{}}`, `{"op":0,"s":2,"t":"READY","d":{"session_id":"s","guilds":[null]}}`,
					`{"op":1}`, `{"op":0,"s":2,"t":"GUILD_UPDATE","d":null}`, `{"op":99}`, `{"op":11}`, someAsk)
				next(t, "an interaction", r.asks)
				if err := r.end(); err != nil {
					t.Errorf("Run: got %v, want nil", err)
				}
				if strings.Contains(r.log.String(), "abandoned") {
					t.Errorf("a session was abandoned:\n%s", r.log)
				}
			})
		})
	}
}

// FuzzJudge checks that whatever comes, the library sees only packets whose form
// and ops it handles.
func FuzzJudge(f *testing.F) {
	for _, packet := range []string{
		helloPacket, readyEvent, resumed, someAsk, `null`, `[]`, `{}`, `{"op":1}`, `{"op":7}`, `{"op":9,"d":true}`, `{"op":11}`,
		`{"op":0,"s":-1,"t":"GUILD_CREATE","d":{}}`, `{"op":0,"t":"\"\u0000","d":[]}`, `{"op":10,"d":{"heartbeat_interval":1e3}}`,
	} {
		f.Add([]byte(packet))
	}
	base, err := parseBase("http://127.0.0.1:1/api")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, packet []byte) {
		l, err := newLink("token", "ws://127.0.0.1:1", base, 0, 1, time.Second)
		if err != nil {
			t.Fatal(err)
		}
		l.ready, l.dispatch = make(chan struct{}), func(envelope) {}
		seen, err := l.judge(newWire(nil, time.Second), packet)
		if err != nil || len(seen) == 0 {
			return
		}
		var e envelope
		if err := json.Unmarshal(seen, &e); err != nil {
			t.Fatalf("%q became %q, which is no packet: %v", packet, seen, err)
		}
		known := e.Op == 1 || e.Op == 10 || e.Op == 0 && (e.Type == "READY" || e.Type == "RESUMED" || e.Type == "OTHER")
		if !known {
			t.Errorf("%q became %q, which the library does not handle well", packet, seen)
		}
	})
}
