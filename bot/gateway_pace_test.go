package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestGatewayHeartbeats(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		r := runGateway(t, nil)
		greeted := time.Now()
		p := r.login()
		first := await(t, "a heartbeat", p.beats)
		if late := first.at.Sub(greeted); late <= 0 || late >= interval || late == interval/2 {
			t.Errorf("the first heartbeat came after %s, want some part of %s", late, interval)
		}
		if first.seq != "1" {
			t.Errorf("the first heartbeat says %s, want 1: the last event's number", first.seq)
		}
		second := await(t, "a heartbeat", p.beats)
		if apart := second.at.Sub(first.at); apart != interval {
			t.Errorf("heartbeats are %s apart, want %s", apart, interval)
		}
		time.Sleep(interval / 2)
		p.send(someAsk, `{"op":1}`)
		asked := time.Now()
		if third := await(t, "a heartbeat", p.beats); third.at.Sub(asked) != 0 || third.seq != "3" {
			t.Errorf("a heartbeat that Discord asked for came after %s and says %s, want it at once and with 3", third.at.Sub(asked), third.seq)
		}
		if err := r.end(); err != nil {
			t.Errorf("Run: got %v, want nil", err)
		}
	})
}

func TestGatewayHeartbeatsBeforeTheSession(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		r := runGateway(t, nil)
		p := await(t, "a connection", r.peers)
		p.send(`{"op":1}`)
		if got := await(t, "a heartbeat", p.beats); got.seq != "null" {
			t.Errorf("it says %s, want null", got.seq)
		}
		p.send(helloPacket)
		p.expect(opIdentify)
		if err := r.end(); err != nil {
			t.Errorf("Run: got %v, want nil", err)
		}
	})
}

// However often Discord asks for a heartbeat, no 60 seconds see more than it
// takes from one connection.
func TestGatewaySendsNoMoreThanDiscordTakes(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		r := runGateway(t, nil)
		p := r.login()
		for range 2_000 {
			p.send(`{"op":1}`)
			time.Sleep(100 * time.Millisecond)
		}
		if err := r.end(); err != nil {
			t.Errorf("Run: got %v, want nil", err)
		}
		var sent []time.Time
		for len(p.beats) > 0 {
			sent = append(sent, (<-p.beats).at)
		}
		if len(sent) < 300 {
			t.Errorf("%d heartbeats in 200 s, want them at the rate that is allowed", len(sent))
		}
		for i := range sent {
			if end := i + 119; end < len(sent) && sent[end].Sub(sent[i]) <= time.Minute { // with the login they are 121
				t.Fatalf("121 packets within %s", sent[end].Sub(sent[i]))
			}
		}
	})
}

// A flood of whatever ends a connection makes neither a storm of connections nor
// one of sessions, for however long it lasts; after it all is well.
func TestGatewayOutlastsFloods(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name      string
		lasts     time.Duration
		flood     func(r *running, p *peer) // does not wait for the connection's end
		conns     int                       // at most
		identifes int                       // at most
	}{
		{"op 7 before Hello", 24 * time.Hour, func(_ *running, p *peer) { p.send(`{"op":7}`) }, 300, 0},
		{"op 7 for each login", 24 * time.Hour, func(r *running, p *peer) {
			p.send(helloPacket)
			p.send(`{"op":7}`)
		}, 300, 300},
		{"op 7 for each session", time.Hour, func(r *running, p *peer) {
			p.send(helloPacket)
			if e := await(r.t, "a login", p.in); e.Op == opIdentify {
				p.send(readyEvent)
			} else {
				p.send(resumed)
			}
			p.send(`{"op":7}`, `{"op":7}`, `{"op":7}`)
		}, 2000, 1},
		{"op 9 false for each login", 24 * time.Hour, func(r *running, p *peer) {
			p.send(helloPacket)
			await(r.t, "a login", p.in)
			p.send(`{"op":9,"d":false}`, `{"op":9,"d":false}`)
		}, 300, 300},
		{"op 9 false for each session", 24 * time.Hour, func(r *running, p *peer) {
			p.send(helloPacket)
			await(r.t, "a login", p.in)
			p.send(readyEvent, `{"op":9,"d":false}`)
		}, 300, 300},
		{"op 9 true for each login", 24 * time.Hour, func(r *running, p *peer) {
			p.send(helloPacket)
			await(r.t, "a login", p.in)
			p.send(`{"op":9,"d":true}`)
		}, 400, 300},
		{"a session that dies as it is resumed", 24 * time.Hour, func(r *running, p *peer) {
			p.send(helloPacket)
			if e := await(r.t, "a login", p.in); e.Op == opIdentify {
				p.send(readyEvent)
				_ = p.conn.Close()
			} else {
				p.send(`{"op":9,"d":false}`)
			}
		}, 700, 300},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				r := runGateway(t, nil)
				conns, begun := 0, time.Now()
				var identified []time.Time
				for time.Since(begun) < tt.lasts {
					p := await(t, "a connection", r.peers)
					conns++
					identifies := len(identified)
					tt.flood(r, p)
					await(t, "the end of the connection", p.gone)
					if strings.Contains(p.sent(), "[2]") {
						identified = append(identified, time.Now())
					}
					if len(identified)-identifies > 1 {
						t.Error("identified twice on one connection")
					}
				}
				if conns > tt.conns || len(identified) > tt.identifes {
					t.Errorf("%d connections and %d sessions in %s, want at most %d and %d", conns, len(identified), tt.lasts, tt.conns, tt.identifes)
				}
				for n := 1; n < len(identified); n++ {
					if apart := identified[n].Sub(identified[n-1]); apart < 5*time.Second {
						t.Errorf("two sessions were started %s apart", apart)
					}
				}
				for {
					p := r.connected()
					if e := await(t, "a login", p.in); e.Op == opResume {
						p.send(`{"op":9,"d":false}`)
						continue
					}
					p.send(readyEvent, someAsk)
					break
				}
				await(t, "an interaction", r.asks)
				if err := r.end(); err != nil {
					t.Errorf("Run: got %v, want nil", err)
				}
			})
		})
	}
}

// sent lists the ops of the client's packets but its heartbeats.
func (p *peer) sent() string { return fmt.Sprint(p.ops) }

// Discord wants a random second to five before the session that follows op 9.
func TestGatewayWaitsBeforeAnotherSession(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		r := runGateway(t, nil)
		seen := map[time.Duration]bool{}
		p := r.login()
		for range 20 {
			time.Sleep(time.Hour)
			p.send(`{"op":9,"d":false}`)
			begun := time.Now()
			p = r.login()
			took := time.Since(begun)
			if took < time.Second || took > 5*time.Second {
				t.Errorf("another session after %s, want 1 s to 5 s", took)
			}
			seen[took] = true
		}
		if len(seen) < 10 {
			t.Errorf("only %d different waits of 20", len(seen))
		}
		if err := r.end(); err != nil {
			t.Errorf("Run: got %v, want nil", err)
		}
	})
}

// Where Discord allows no more sessions today, none is started until it does.
func TestGatewayKeepsDiscordsBudget(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		const resets = 20 * time.Minute
		begun := time.Now()
		r := runGateway(t, func(_ *Gateway, d *discordDouble) {
			d.bot = strings.Replace(gatewayBot, `"remaining":999,"reset_after":0`, fmt.Sprintf(`"remaining":0,"reset_after":%d`, resets.Milliseconds()), 1)
		})
		time.Sleep(resets - time.Second)
		if len(r.peers) != 0 {
			t.Error("connected although no session is left")
		}
		r.mu.Lock()
		r.bot = gatewayBot
		r.mu.Unlock()
		r.login()
		if took := time.Since(begun); took < resets || took > resets+10*time.Second {
			t.Errorf("a session after %s, want one soon after %s", took, resets)
		}
		if err := r.end(); err != nil {
			t.Errorf("Run: got %v, want nil", err)
		}
		if !strings.Contains(r.log.String(), "allows no more gateway sessions for 20m0s") {
			t.Errorf("the log doesn't tell why:\n%s", r.log)
		}
	})
}

// FuzzEnvelope checks that no message makes a link fail but with an error, or
// have anything sent or delivered twice.
func FuzzEnvelope(f *testing.F) {
	for _, packet := range []string{
		helloPacket, readyEvent, resumed, someAsk, `null`, `[]`, `{}`, `{"op":1}`, `{"op":7}`, `{"op":9,"d":true}`, `{"op":11}`,
		`{"op":0,"s":-1,"t":"GUILD_CREATE","d":{}}`, `{"op":0,"t":"\"\u0000","d":[]}`, `{"op":10,"d":{"heartbeat_interval":1e3}}`,
	} {
		f.Add([]byte(packet))
	}
	f.Fuzz(func(t *testing.T, message []byte) {
		transport, err := NewTransport("http://127.0.0.1:1/api")
		if err != nil {
			t.Fatal(err)
		}
		discord, err := NewDiscord(botToken, transport)
		if err != nil {
			t.Fatal(err)
		}
		g, err := NewGateway(GatewayOptions{Discord: discord, Log: slog.New(slog.DiscardHandler), Interaction: func(context.Context, json.RawMessage) {}})
		if err != nil {
			t.Fatal(err)
		}
		g.inbox = newInbox(t.Context(), g.options, 10)
		defer func() { _ = g.inbox.finish(time.Second, time.Second) }()
		// Leaving, it has no deadlines to move.
		l := &link{Gateway: g, session: new(session), leaving: true, hello: make(chan time.Duration, 1), asked: make(chan struct{}, 1)}
		var spare []byte
		for range 2 {
			e, err := parseEnvelope(message, spare)
			if err != nil {
				return
			}
			if err := l.take(t.Context(), e); err != nil {
				return
			}
			spare = e.Data
		}
		if len(l.session.id) > mostSession || l.interval != 0 && len(l.hello) != 1 || len(l.asked) > 1 {
			t.Errorf("after %q: a session id of %d bytes, %d Hellos, %d heartbeats", message, len(l.session.id), len(l.hello), len(l.asked))
		}
		login, err := l.identity()
		if err != nil || len(login) > maxPacket {
			t.Errorf("after %q: a login of %d bytes, %v", message, len(login), err)
		}
	})
}
