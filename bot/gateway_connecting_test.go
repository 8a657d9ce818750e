package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestGatewayResumesWhereDiscordWants(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		r := runGateway(t, nil)
		first := r.connected()
		first.expect(opIdentify)
		first.send(strings.Replace(readyEvent, `"v":10`, `"resume_gateway_url":"ws://127.0.0.1:2/resume/"`, 1))
		await(t, "Ready", r.readies)
		first.close(4000)
		second := r.connected()
		if want := "/resume/?v=10&encoding=json"; second.uri != want {
			t.Errorf("resumed at %s, want %s", second.uri, want)
		}
		second.expect(opResume)
		second.close(4009)
		if third := await(t, "a new session", r.peers); third.uri != "/?v=10&encoding=json" {
			t.Errorf("the new session is at %s, want the address of GET /gateway/bot", third.uri)
		}
		if err := r.end(); err != nil {
			t.Errorf("Run: got %v, want nil", err)
		}
		if r.asked != 2 {
			t.Errorf("asked %d times for the gateway, want 2: once per session", r.asked)
		}
	})
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
	bubble(t, func(t *testing.T) {
		r := runGateway(t, func(g *Gateway, double *discordDouble) { double.refuses = g.pace.resumes + 2 })
		first := r.login()
		if r.asked < 2 {
			t.Errorf("asked %d times for the gateway, want a new session after %d failures", r.asked, r.refuses)
		}
		first.send(someAsk)
		await(t, "an interaction", r.asks)
		if err := r.end(); err != nil {
			t.Errorf("Run: got %v, want nil", err)
		}
		if !strings.Contains(r.log.String(), "HTTP 503") {
			t.Errorf("the log doesn't tell what the gateway answered:\n%s", r.log)
		}
	})
}

// A session that can't be reached where Discord wants it resumed is given up
// after some tries, and another one started.
func TestGatewayGivesASessionUp(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		r := runGateway(t, nil)
		p := r.login()
		r.mu.Lock()
		r.refuses = 5
		r.mu.Unlock()
		p.close(4000)
		r.connected().expect(opIdentify)
		if err := r.end(); err != nil {
			t.Errorf("Run: got %v, want nil", err)
		}
	})
}

// A connection that Discord accepted was no failure, however soon it ends: the
// next one follows within seconds, and resumes. One that held is followed at once.
func TestGatewayForgivesAcceptedConnections(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		r := runGateway(t, nil)
		p := r.login()
		for n := range 22 {
			most := 4 * time.Second
			if n > 10 {
				time.Sleep(2 * time.Minute)
				most = 0
			}
			_ = p.conn.Close()
			begun := time.Now()
			p = r.connected()
			if took := time.Since(begun); took > most {
				t.Errorf("connection %d came after %s, want at most %s", n, took, most)
			}
			p.expect(opResume)
			p.send(resumed)
			if ready := await(t, "Ready", r.readies); !ready.Resumed {
				t.Fatalf("got Ready %+v, want a resumed session", ready)
			}
		}
		if err := r.end(); err != nil {
			t.Errorf("Run: got %v, want nil", err)
		}
	})
}

func TestGatewayBackOff(t *testing.T) {
	t.Parallel()
	g := &Gateway{pace: pace{least: time.Second, most: 10 * time.Minute}}
	for _, tt := range []struct {
		failures int
		want     time.Duration
	}{{0, 0}, {1, time.Second}, {2, 2 * time.Second}, {5, 16 * time.Second}, {11, 10 * time.Minute}, {100000, 10 * time.Minute}} {
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

// Nothing that Discord does or leaves undone keeps a gateway from ending soon,
// and with all that it started; the bubble fails where something is left.
func TestGatewayStopsAtAnyMoment(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		until  func(*running)
		change func(*Gateway, *discordDouble)
	}{
		{"at once", func(*running) {}, nil},
		{"before the upgrade", func(*running) { time.Sleep(time.Second) }, func(g *Gateway, _ *discordDouble) {
			g.dialer = func(context.Context, string, string) (net.Conn, error) {
				here, there := net.Pipe()
				go func() { _, _ = io.Copy(io.Discard, there) }()
				return here, nil
			}
		}},
		{"while dialling", func(*running) { time.Sleep(time.Second) }, func(g *Gateway, _ *discordDouble) {
			g.dialer = func(ctx context.Context, _, _ string) (net.Conn, error) { <-ctx.Done(); return nil, ctx.Err() }
		}},
		{"before Hello", func(r *running) { await(r.t, "a connection", r.peers) }, nil},
		{"before READY", func(r *running) { r.connected().expect(opIdentify) }, nil},
		{"while resuming", func(r *running) {
			r.login().close(4000)
			await(r.t, "another connection", r.peers)
		}, nil},
		{"while backing off", func(r *running) {
			first := await(r.t, "a connection", r.peers)
			first.close(4000)
			await(r.t, "the end of the connection", first.gone)
		}, func(g *Gateway, _ *discordDouble) { g.pace.least, g.pace.most = time.Hour, time.Hour }},
		{"while it waits for its turn", func(r *running) { r.connected(); time.Sleep(time.Second) }, func(g *Gateway, _ *discordDouble) {
			g.options.Identifies.lane(0).last = time.Now().Add(time.Hour)
		}},
		{"while Discord reads nothing", func(r *running) {
			p := r.login()
			p.out <- struct{}{} // the acknowledgement never gets out, and nothing more is read
			r.t.Cleanup(func() { <-p.out })
			time.Sleep(interval + interval/2 - time.Second)
		}, nil},
		{"while Discord sends without end", func(r *running) {
			p := r.login()
			aside(r.t, func() {
				for p.conn.WriteJSON(map[string]any{"op": 0, "t": "X", "s": 9}) == nil {
					time.Sleep(time.Millisecond)
				}
			})
		}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				r := runGateway(t, tt.change)
				tt.until(r)
				begun := time.Now()
				if err := r.end(); err != nil {
					t.Errorf("Run: got %v, want nil", err)
				}
				if took := time.Since(begun); took > 3*time.Second {
					t.Errorf("stopped after %s, want under 3s", took)
				}
				for len(r.peers) > 0 {
					_ = (<-r.peers).conn.Close()
				}
			})
		})
	}
}

// What comes before the first message is bounded, in size and in time.
func TestGatewayRefusesUpgrades(t *testing.T) {
	t.Parallel()
	const switching = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
	for _, tt := range []struct {
		name, reply, want string
	}{
		{"an endless head", switching + strings.Repeat("A: b\r\n", 20_000), "can't be reached"},
		{"a key that is wrong", switching + "Sec-WebSocket-Accept: x\r\n\r\n", "HTTP 101"},
		{"no HTTP", "SSH-2.0-x\r\n\r\n", "can't be reached"},
		{"nothing", "", "can't be reached"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				dialled := make(chan net.Conn, 1)
				r := runGateway(t, func(g *Gateway, d *discordDouble) {
					g.dialer = func(context.Context, string, string) (net.Conn, error) {
						here, there := net.Pipe()
						dialled <- there
						g.dialer = d.net.dial
						return here, nil
					}
				})
				there := await(t, "a connection", dialled)
				aside(t, func() { _, _ = io.Copy(io.Discard, there) })
				if n, _ := io.WriteString(there, tt.reply); n > mostHead {
					t.Errorf("%d bytes were read, want at most %d", n, mostHead)
				}
				r.login()
				if !strings.Contains(r.log.String(), tt.want) {
					t.Errorf("the log lacks %q:\n%s", tt.want, r.log)
				}
				if err := r.end(); err != nil {
					t.Errorf("Run: got %v, want nil", err)
				}
			})
		})
	}
}

// Where Discord compresses unasked, the bound on a message would be none.
func TestGatewayRefusesCompression(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		asked := 0
		server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked++
			if r.Header.Get("Upgrade") == "" {
				_, _ = io.WriteString(w, gatewayBot)
				return
			}
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = conn.Close() }()
			_, _ = fmt.Fprintf(conn, "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n"+
				"Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n\r\n", acceptKey(r.Header.Get("Sec-WebSocket-Key")))
		}))
		g, err := NewGateway(GatewayOptions{Discord: server.client(t, botToken), Log: slog.New(slog.DiscardHandler), Interaction: func(context.Context, json.RawMessage) {}})
		if err != nil {
			t.Fatal(err)
		}
		g.dialer = server.dial
		if _, err := g.dial(t.Context(), "ws://127.0.0.1:1"); err == nil || !strings.Contains(err.Error(), "compresses") {
			t.Errorf("got %v, want that compression was not agreed", err)
		}
	})
}
