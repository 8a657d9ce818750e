package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

func TestGatewayDelivers(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		r := runGateway(t, nil)
		p := r.connected()
		if want := "/?v=10&encoding=json"; p.uri != want {
			t.Errorf("got %s, want %s", p.uri, want)
		}
		var identify struct {
			Token    string `json:"token"`
			Intents  int    `json:"intents"`
			Compress bool   `json:"compress"`
			Shard    [2]int `json:"shard"`
		}
		if err := json.Unmarshal([]byte(p.expect(opIdentify)), &identify); err != nil {
			t.Fatal(err)
		}
		if identify.Token != botToken || identify.Intents != 1 || identify.Compress || identify.Shard != [2]int{0, 1} {
			t.Errorf("got identify %+v", identify)
		}
		p.send(readyEvent)
		if got, want := fmt.Sprint(await(t, "Ready", r.readies)), "{9 8 [20] false}"; got != want {
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
			if got := await(t, "a membership", r.members); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		}
		if got, want := await(t, "the interaction", r.asks), `{"id":"77","type":5,"data":{"components":[{"type":18}]}}`; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		p.last = someAsk // that was on its way when the farewell came
		if err := r.end(); err != nil {
			t.Errorf("Run: got %v, want nil", err)
		}
		if code := await(t, "the farewell", p.gone); code != 1000 {
			t.Errorf("got close code %d at the end, want 1000", code)
		}
		if len(r.asks) != 1 {
			t.Errorf("%d interactions came with the farewell, want 1", len(r.asks))
		}
	})
}

func TestGatewayConnectsAgain(t *testing.T) {
	t.Parallel()
	const byUs, none = 4000, 1006 // close codes
	for _, tt := range []struct {
		name string
		end  func(*peer)
		want int // the op that the next connection begins with
		code int // that the client closes this one with
	}{
		{"cut", func(p *peer) { _ = p.conn.Close() }, opResume, none},
		{"op 7", func(p *peer) { p.send(`{"op":7}`) }, opResume, byUs},
		{"op 9 true", func(p *peer) { p.send(`{"op":9,"d":true}`) }, opResume, byUs},
		{"op 9 false", func(p *peer) { p.send(`{"op":9,"d":false}`) }, opIdentify, byUs},
		{"4000", func(p *peer) { p.close(4000) }, opResume, 4000},
		{"4003", func(p *peer) { p.close(4003) }, opResume, 4003},
		{"4008", func(p *peer) { p.close(4008) }, opResume, 4008},
		{"4007", func(p *peer) { p.close(4007) }, opIdentify, 4007},
		{"4009", func(p *peer) { p.close(4009) }, opIdentify, 4009},
		{"1000", func(p *peer) { p.close(1000) }, opIdentify, 1000},
		{"1001", func(p *peer) { p.close(1001) }, opResume, 1001},
		{"no JSON", func(p *peer) { p.send(`null`) }, opResume, byUs},
		{"Hello again", func(p *peer) { p.send(helloPacket) }, opResume, byUs},
		{"a binary message", func(p *peer) { _ = p.conn.WriteMessage(websocket.BinaryMessage, []byte("x")) }, opResume, byUs},
		{"a message of 2^63-1 bytes", func(p *peer) {
			_, _ = p.conn.NetConn().Write([]byte("\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff"))
		}, opResume, 1009},
		{"a masked frame", func(p *peer) { _, _ = p.conn.NetConn().Write([]byte("\x81\x80\x00\x00\x00\x00")) }, opResume, 1002},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				r := runGateway(t, nil)
				first := r.login()
				first.send(someAsk)
				await(t, "the interaction", r.asks)
				tt.end(first)
				if code := await(t, "the end of the connection", first.gone); code != tt.code {
					t.Errorf("the client closed with %d, want %d", code, tt.code)
				}
				second := r.connected()
				if data := second.expect(tt.want); tt.want == opResume {
					if want := `{"seq":3,"session_id":"session-1","token":"` + botToken + `"}`; data != want {
						t.Errorf("got resume %s, want %s", data, want)
					}
					second.send(someAsk, resumed)
				} else {
					second.send(readyEvent, someAsk)
				}
				if got := await(t, "Ready", r.readies); got.Resumed != (tt.want == opResume) {
					t.Errorf("got Ready %+v", got)
				}
				await(t, "an interaction after it", r.asks)
				if err := r.end(); err != nil {
					t.Errorf("Run: got %v, want nil", err)
				}
			})
		})
	}
}

func TestGatewayEndsWhereNothingHelps(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		do   func(*running)
		want string
	}{
		{"4004 at once", func(r *running) { await(r.t, "a connection", r.peers).close(4004) }, "check DISCORD_TOKEN"},
		{"4004 for the identify", func(r *running) {
			p := r.connected()
			p.expect(opIdentify)
			p.close(4004)
		}, "check DISCORD_TOKEN"},
		{"4004 for the resume", func(r *running) {
			_ = r.login().conn.Close()
			p := r.connected()
			p.expect(opResume)
			p.close(4004)
		}, "check DISCORD_TOKEN"},
		{"4010", func(r *running) { r.login().close(4010) }, "check SITREP_SHARDS"},
		{"4011", func(r *running) { r.login().close(4011) }, "set SITREP_SHARDS"},
		{"4012", func(r *running) { r.login().close(4012) }, "install a newer sitrep"},
		{"4013", func(r *running) { r.login().close(4013) }, "install a newer sitrep"},
		{"4014", func(r *running) { r.login().close(4014) }, "Privileged Gateway Intents"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				r := runGateway(t, nil)
				tt.do(r)
				err := await(t, "the end of Run", r.ended)
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
	bubble(t, func(t *testing.T) {
		r := runGateway(t, func(_ *Gateway, double *discordDouble) { double.status = 401 })
		if err := await(t, "the end of Run", r.ended); !errors.Is(err, ErrTokenRefused) {
			t.Errorf("got %v, want ErrTokenRefused", err)
		}
	})
}

// Silence at any moment is noticed after the time that is Discord's by then, the
// connection closed with a code that leaves the session, and another one made.
func TestGatewayNoticesSilence(t *testing.T) {
	t.Parallel()
	const watch, zombie = 30 * time.Second, interval + interval/2
	for _, tt := range []struct {
		name string
		play func(r *running, p *peer)
		took time.Duration // from the last thing that counts
		want int           // the op that the next connection begins with
	}{
		{"before Hello", func(*running, *peer) {}, watch, opIdentify},
		{"after Hello", func(_ *running, p *peer) { p.send(helloPacket) }, watch, opIdentify},
		{"only acknowledgements", func(_ *running, p *peer) {
			p.send(helloPacket)
			p.expect(opIdentify)
			for range 5 {
				p.send(`{"op":11}`)
			}
		}, watch, opIdentify},
		{"no acknowledgement", func(r *running, p *peer) {
			p.mute = true
			p.send(helloPacket, readyEvent)
			await(r.t, "Ready", r.readies)
		}, zombie, opResume},
		{"events, but no acknowledgement", func(r *running, p *peer) {
			p.mute = true
			p.send(helloPacket, readyEvent)
			aside(r.t, func() {
				for range 14 {
					time.Sleep(5 * time.Second)
					_ = p.conn.WriteMessage(websocket.TextMessage, []byte(someAsk))
				}
			})
		}, zombie, opResume},
		{"no acknowledgement any more", func(r *running, p *peer) {
			p.mute = true
			p.send(helloPacket, readyEvent)
			for range 3 {
				await(r.t, "a heartbeat", p.beats)
				p.send(`{"op":11}`)
			}
		}, zombie, opResume},
		{"after the resume", func(r *running, p *peer) {
			p.send(helloPacket)
			p.expect(opIdentify)
			p.send(readyEvent, `{"op":7}`)
			r.connected().expect(opResume)
		}, watch, opResume},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				r := runGateway(t, nil)
				p := await(t, "a connection", r.peers)
				tt.play(r, p)
				begun := time.Now()
				second := r.connected()
				if took := time.Since(begun); took < tt.took || took > tt.took+6*time.Second { // back-off, and the pace of identifying
					t.Errorf("another connection after %s, want it soon after %s", took, tt.took)
				}
				if code := await(t, "the end of the connection", p.gone); code != closedByUs {
					t.Errorf("closed with %d, want %d", code, closedByUs)
				}
				second.expect(tt.want)
				if !strings.Contains(r.log.String(), "Discord was silent") {
					t.Errorf("the log doesn't tell of the silence:\n%s", r.log)
				}
				if err := r.end(); err != nil {
					t.Errorf("Run: got %v, want nil", err)
				}
			})
		})
	}
}

// TestGatewaySurvives sends what Discord may send, and what it never should,
// when nobody expects it.
func TestGatewaySurvives(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		packets []string
	}{
		{"op 7 before READY", []string{helloPacket, `{"op":7}`}},
		{"op 9 before READY", []string{helloPacket, `{"op":9,"d":false}`}},
		{"op 7 before Hello", []string{`{"op":7}`}},
		{"op 9 before Hello", []string{`{"op":9,"d":true}`}},
		{"heartbeats at no interval", []string{`{"op":10,"d":{"heartbeat_interval":0}}`}},
		{"heartbeats all the time", []string{`{"op":10,"d":{"heartbeat_interval":1}}`}},
		{"heartbeats at an overflowing interval", []string{`{"op":10,"d":{"heartbeat_interval":9223372036854775807}}`}},
		{"null", []string{helloPacket, `null`}},
		{"no op", []string{helloPacket, `{}`}},
		{"READY of nothing", []string{helloPacket, `{"op":0,"s":1,"t":"READY","d":null}`}},
		{"a session that fits no resume", []string{helloPacket, `{"op":0,"s":1,"t":"READY","d":{"session_id":"` + strings.Repeat("s", 5000) + `"}}`}},
		{"op as a text", []string{helloPacket, `{"op":"7"}`}},
		{"a number that is none", []string{helloPacket, `{"op":0,"s":1e99,"t":"X"}`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				r := runGateway(t, nil)
				first := await(t, "a connection", r.peers)
				first.send(tt.packets...)
				if code := await(t, "the end of the connection", first.gone); code != closedByUs {
					t.Errorf("got close code %d, want %d", code, closedByUs)
				}
				if sent := len(first.in); sent > 1 {
					t.Errorf("got %d packets on one connection, want at most one identify", sent)
				}
				r.login().send(`{"op":0,"s":2,"t":"GUILD_CREATE","d":{}}`, `{"op":0,"s":2,"t":"READY","d":{"session_id":"s","guilds":[null]}}`,
					`{"op":1}`, `{"op":0,"s":2,"t":"GUILD_UPDATE","d":null}`, `{"op":99}`, `{"op":11}`, someAsk)
				await(t, "an interaction", r.asks)
				if err := r.end(); err != nil {
					t.Errorf("Run: got %v, want nil", err)
				}
			})
		})
	}
}
