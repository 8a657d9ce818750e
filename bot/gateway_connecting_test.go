package bot

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestGatewayResumesWhereDiscordWants(t *testing.T) {
	t.Parallel()
	r := runGateway(t, nil)
	first := next(t, "a connection", r.peers)
	first.send(helloPacket)
	first.expect(2)
	first.send(strings.Replace(readyEvent, `"v":10`, `"resume_gateway_url":"`+r.address()+`/resume/"`, 1))
	next(t, "Ready", r.readies)
	first.close(4000)
	second := next(t, "another connection", r.peers)
	if want := "/resume/?v=10&encoding=json"; second.uri != want {
		t.Errorf("resumed at %s, want %s", second.uri, want)
	}
	second.send(helloPacket)
	second.expect(6)
	second.close(4009)
	if third := next(t, "a new session", r.peers); third.uri != "/?v=10&encoding=json" {
		t.Errorf("the new session is at %s, want the address of GET /gateway/bot", third.uri)
	}
	if err := r.end(); err != nil {
		t.Errorf("Run: got %v, want nil", err)
	}
	if r.asked != 2 {
		t.Errorf("asked %d times for the gateway, want 2: once per session", r.asked)
	}
}

func TestGatewayAddress(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ base, address, want string }{
		{"", "wss://gateway.discord.gg", "wss://gateway.discord.gg"},
		{"", "wss://gateway-us-east1-b.discord.gg/?v=9", "wss://gateway-us-east1-b.discord.gg"},
		{"", "ws://gateway.discord.gg", "error"},
		{"", "wss://gateway.discord.gg.example.org", "error"},
		{"", "wss://user@gateway.discord.gg", "error"},
		{"", "wss://gateway.discord.gg:8443", "error"},
		{"", "ws://127.0.0.1:8080", "error"},
		{"", "", "error"},
		{"http://127.0.0.1:8080/api", "ws://127.0.0.1:9090/gateway", "ws://127.0.0.1:9090/gateway"},
		{"http://localhost:8080/api", "ws://127.0.0.1:8080", "ws://127.0.0.1:8080"},
		{"http://127.0.0.1:8080/api", "ws://10.0.0.1:8080", "error"},
		{"http://proxy:8080/api", "wss://gateway.discord.gg", "wss://gateway.discord.gg"},
		{"http://127.0.0.1:8080/api", "http://127.0.0.1:8080", "error"},
	} {
		transport, err := NewTransport(tt.base)
		if err != nil {
			t.Fatal(err)
		}
		got, err := gatewayAddress(tt.address, transport.base)
		if err != nil {
			got = "error"
		}
		if got != tt.want {
			t.Errorf("with base %q: gatewayAddress(%q) = %s, want %s", tt.base, tt.address, got, tt.want)
		}
	}
}

func TestGatewayKeepsTrying(t *testing.T) {
	t.Parallel()
	r := runGateway(t, func(g *Gateway, double *discordDouble) { double.refuses = g.pace.resumes + 2 })
	first := r.login()
	if r.asked < 2 {
		t.Errorf("asked %d times for the gateway, want a new session after %d failures", r.asked, r.refuses)
	}
	first.send(someAsk)
	next(t, "an interaction", r.asks)
	if err := r.end(); err != nil {
		t.Errorf("Run: got %v, want nil", err)
	}
}

// A connection that Discord accepted was no failure, however soon it ends: the
// next one follows at once, and resumes. Doubling the wait each time would come
// to 20 s here, which next doesn't wait.
func TestGatewayForgivesAcceptedConnections(t *testing.T) {
	t.Parallel()
	r := runGateway(t, func(g *Gateway, _ *discordDouble) { g.pace.least, g.pace.most = 20*time.Millisecond, time.Hour })
	p := r.login()
	for range 11 {
		_ = p.conn.Close()
		p = next(t, "another connection", r.peers)
		p.send(helloPacket)
		p.expect(6)
		p.send(resumed)
		if ready := next(t, "Ready", r.readies); !ready.Resumed {
			t.Fatalf("got Ready %+v, want a resumed session", ready)
		}
	}
	if err := r.end(); err != nil {
		t.Errorf("Run: got %v, want nil", err)
	}
}

func TestGatewayBackOff(t *testing.T) {
	t.Parallel()
	g := &Gateway{pace: pace{least: time.Second, most: 10 * time.Minute}}
	for _, tt := range []struct {
		failures int
		want     time.Duration
	}{{0, time.Second}, {1, time.Second}, {2, 2 * time.Second}, {5, 16 * time.Second}, {11, 10 * time.Minute}, {100000, 10 * time.Minute}} {
		for range 100 {
			if got := g.backOff(tt.failures); got < tt.want/2 || got > tt.want {
				t.Errorf("backOff(%d) = %s, want %s to %s", tt.failures, got, tt.want/2, tt.want)
			}
		}
	}
}

func TestNewGatewayRefusesBadOptions(t *testing.T) {
	t.Parallel()
	d := discordAt(t, nil)
	good := GatewayOptions{Discord: d, Log: slog.New(slog.DiscardHandler), Interaction: func(context.Context, json.RawMessage) {}}
	if _, err := NewGateway(good); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*GatewayOptions){
		"no client":      func(o *GatewayOptions) { o.Discord = nil },
		"no log":         func(o *GatewayOptions) { o.Log = nil },
		"no receiver":    func(o *GatewayOptions) { o.Interaction = nil },
		"shard too high": func(o *GatewayOptions) { o.Shard, o.Shards = 2, 2 },
		"shard too low":  func(o *GatewayOptions) { o.Shard = -1 },
	} {
		bad := good
		spoil(&bad)
		if _, err := NewGateway(bad); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestGatewayStopsAtAnyMoment(t *testing.T) {
	t.Parallel()
	var cases sync.WaitGroup
	defer cases.Wait()
	for _, tt := range []struct {
		name   string
		until  func(*running)
		change func(*Gateway, *discordDouble)
	}{
		{"at once", func(*running) {}, nil},
		{"before Hello", func(r *running) { next(r.t, "a connection", r.peers) }, nil},
		{"before READY", func(r *running) {
			p := next(r.t, "a connection", r.peers)
			p.send(helloPacket)
			p.expect(2)
		}, nil},
		{"while resuming", func(r *running) {
			r.login().close(4000)
			next(r.t, "another connection", r.peers)
		}, nil},
		{"while backing off", func(r *running) {
			first := next(r.t, "a connection", r.peers)
			first.close(4000)
			next(r.t, "the end of the connection", first.gone)
		}, func(g *Gateway, _ *discordDouble) { g.pace.least = time.Hour }},
	} {
		cases.Go(func() {
			t.Run(tt.name, func(t *testing.T) {
				r := runGateway(t, tt.change)
				tt.until(r)
				start := time.Now()
				if err := r.end(); err != nil {
					t.Errorf("Run: got %v, want nil", err)
				}
				if took := time.Since(start); took > 3*time.Second {
					t.Errorf("stopped after %s, want under 3s", took)
				}
				if strings.Contains(r.log.String(), "abandoned") {
					t.Errorf("a session was abandoned:\n%s", r.log)
				}
			})
		})
	}
}

func TestGatewayKeepsDiscordsBudget(t *testing.T) {
	t.Parallel()
	start := time.Now()
	r := runGateway(t, func(_ *Gateway, d *discordDouble) {
		d.bot = strings.Replace(d.bot, `"remaining":999,"reset_after":0`, `"remaining":0,"reset_after":1200`, 1)
	})
	r.login()
	if took := time.Since(start); took < 1200*time.Millisecond {
		t.Errorf("identified after %s, want 1.2s: when Discord allows it again", took)
	}
	if err := r.end(); err != nil {
		t.Errorf("Run: got %v, want nil", err)
	}
}
