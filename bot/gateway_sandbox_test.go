package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sitrep/sandbox"
)

// local is a sandbox with a gateway connected to it, in a bubble.
type local struct {
	t       *testing.T
	box     *sandbox.Sandbox
	discord *Discord
	gateway *Gateway
	app     string
	asks    chan json.RawMessage
	readies chan Ready
	ended   chan error
	log     *strings.Builder
}

// newLocal has the sandbox misbehave from the start by faults, a JSON list.
func newLocal(t *testing.T, options sandbox.Options, faults string) *local {
	t.Helper()
	box, err := sandbox.Open(options)
	if err != nil {
		t.Fatal(err)
	}
	server := serve(t, box)
	l := &local{
		t: t, box: box, discord: server.client(t, box.Credentials().Token), app: box.Credentials().ApplicationID,
		asks: make(chan json.RawMessage, 10), readies: make(chan Ready, 10_000), ended: make(chan error, 1), log: new(strings.Builder),
	}
	if faults != "" {
		l.strike(faults)
	}
	l.gateway, err = NewGateway(GatewayOptions{
		Discord: l.discord, Log: slog.New(slog.NewTextHandler(l.log, nil)),
		Interaction: func(_ context.Context, raw json.RawMessage) { l.asks <- raw },
		Ready:       func(_ context.Context, r Ready) { l.readies <- r },
	})
	if err != nil {
		t.Fatal(err)
	}
	l.gateway.dialer = server.dial
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	go func() { l.ended <- l.gateway.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := await(t, "the end of Run", l.ended); err != nil {
			t.Errorf("Run: %v", err)
		}
		if strings.Contains(l.log.String(), box.Credentials().Token) {
			t.Errorf("the log holds the token:\n%s", l.log)
		}
		judge(t, box)
		if err := box.Close(); err != nil {
			t.Errorf("closing the sandbox: %v", err)
		}
	})
	return l
}

// control sends a request to the sandbox itself, and returns its reply.
func (l *local) control(method, path, body string) string {
	r := httptest.NewRequest(method, "http://localhost"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	l.box.ServeHTTP(w, r)
	if w.Code/100 != 2 {
		return fmt.Sprintf("%d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func (l *local) strike(faults string) {
	l.t.Helper()
	if reply := l.control(http.MethodPut, "/sandbox/faults", faults); strings.Contains(reply, `"error"`) || !strings.HasPrefix(reply, "[") {
		l.t.Fatalf("the sandbox says %s", reply)
	}
}

// ping lets /ping be asked.
func (l *local) ping() {
	l.t.Helper()
	ping := json.RawMessage(`[{"name":"ping","description":"Says pong","type":1}]`)
	if err := l.discord.SetCommands(l.t.Context(), l.app, "", ping); err != nil {
		l.t.Fatal(err)
	}
}

// ask has a reader use /ping and answers it; it returns what the reader sees.
func (l *local) ask(answer func(id, token string)) string {
	l.t.Helper()
	seen := make(chan string, 1)
	go func() {
		seen <- l.control(http.MethodPost, "/sandbox/interactions", `{"user":"reader","command":"ping"}`)
	}()
	var interaction struct{ ID, Token string }
	if err := json.Unmarshal(await(l.t, "an interaction", l.asks), &interaction); err != nil {
		l.t.Fatal(err)
	}
	answer(interaction.ID, interaction.Token)
	var outcome struct{ Text string }
	if reply := await(l.t, "the outcome", seen); json.Unmarshal([]byte(reply), &outcome) != nil {
		l.t.Fatalf("the sandbox says %s", reply)
	}
	return outcome.Text
}

// answered asks and answers.
func (l *local) answered() {
	l.t.Helper()
	got := l.ask(func(id, token string) {
		if err := l.discord.Respond(l.t.Context(), id, token, json.RawMessage(`{"type":4,"data":{"content":"still here"}}`)); err != nil {
			l.t.Error(err)
		}
	})
	if got != "still here" {
		l.t.Errorf("the reader sees %q, want still here", got)
	}
}

func TestWholeConversation(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		l, ctx := newLocal(t, sandbox.Options{}, ""), t.Context()
		if ready := await(t, "Ready", l.readies); ready.Application != l.app || len(ready.Guilds) != 1 {
			t.Errorf("got Ready %+v, want application %s in one server", ready, l.app)
		}
		l.ping()
		if commands, err := l.discord.Commands(ctx, l.app, ""); err != nil || len(commands) != 1 {
			t.Errorf("got %d commands, %v; want 1", len(commands), err)
		}
		got := l.ask(func(id, token string) {
			if err := l.discord.Respond(ctx, id, token, json.RawMessage(`{"type":5}`)); err != nil {
				t.Error(err)
			}
			if err := l.discord.Respond(ctx, id, token, json.RawMessage(`{"type":5}`)); !IsCode(err, CodeAlreadyAcknowledged) {
				t.Errorf("the second answer: got %v, want code %d", err, CodeAlreadyAcknowledged)
			}
			if err := l.discord.EditOriginal(ctx, l.app, token, json.RawMessage(`{"content":"pong"}`)); err != nil {
				t.Error(err)
			}
		})
		if got != "pong" {
			t.Errorf("the reader sees %q, want pong", got)
		}
		time.Sleep(24 * time.Hour)
		l.answered()
		if len(l.readies) != 0 {
			t.Errorf("connected %d times more on a quiet day", len(l.readies))
		}
	})
}

// Whatever Discord does to a login, once or for some time, the bot is there again
// when it is over, within the time that each case is worth.
func TestLoginOutlastsFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, faults string
		within       time.Duration
	}{
		{"late Hello", `[{"match":"HELLO","latency_ms":20000,"times":1}]`, 21 * time.Second},
		{"no Hello", `[{"match":"HELLO","drop":true,"times":1}]`, 40 * time.Second},
		{"no Hello, for some time", `[{"match":"HELLO","drop":true,"times":4}]`, 3 * time.Minute},
		{"op 7 before Hello", `[{"match":"HELLO","op":7,"times":1}]`, 10 * time.Second},
		{"op 9 true before Hello", `[{"match":"HELLO","op":9,"resume":true,"times":1}]`, 10 * time.Second},
		{"op 9 false before Hello", `[{"match":"HELLO","op":9,"times":1}]`, 15 * time.Second},
		{"op 1 before Hello", `[{"match":"HELLO","op":1,"times":1}]`, time.Second},
		{"closed before Hello", `[{"match":"HELLO","close":4000,"times":1}]`, 10 * time.Second},
		{"cut before Hello", `[{"match":"HELLO","cut":"before","times":1}]`, 10 * time.Second},
		{"cut after Hello", `[{"match":"HELLO","cut":"after","times":1}]`, 10 * time.Second},
		{"Hello twice", `[{"match":"HELLO","repeat":1,"times":1}]`, 15 * time.Second},
		{"op 7 as the first packet after the login", `[{"match":"IDENTIFY","op":7,"times":1}]`, 15 * time.Second},
		{"op 7 for some logins", `[{"match":"IDENTIFY","op":7,"times":4}]`, time.Minute},
		{"op 9 false for some logins", `[{"match":"IDENTIFY","op":9,"times":4}]`, time.Minute},
		{"op 9 true for some logins", `[{"match":"IDENTIFY","op":9,"resume":true,"times":4}]`, time.Minute},
		{"op 1 for the login", `[{"match":"IDENTIFY","op":1,"times":1}]`, time.Second},
		{"op 11 for the login", `[{"match":"IDENTIFY","op":11,"times":1}]`, time.Second},
		{"no READY", `[{"match":"READY","drop":true,"times":1}]`, 45 * time.Second},
		{"READY twice", `[{"match":"READY","repeat":1,"times":1}]`, time.Second},
		{"op 7 before READY", `[{"match":"READY","op":7,"times":1}]`, 15 * time.Second},
		{"op 9 false before READY", `[{"match":"READY","op":9,"times":1}]`, 20 * time.Second},
		{"cut after READY", `[{"match":"READY","cut":"after","times":1}]`, 15 * time.Second},
		{"4000", `[{"match":"IDENTIFY","close":4000,"times":3}]`, 30 * time.Second},
		{"4003", `[{"match":"IDENTIFY","close":4003,"times":1}]`, 15 * time.Second},
		{"4008", `[{"match":"IDENTIFY","close":4008,"times":1}]`, 15 * time.Second},
		{"the address can't be had", `[{"match":"GET /gateway/bot","status":503,"times":9}]`, time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				begun := time.Now()
				l := newLocal(t, sandbox.Options{}, tt.faults)
				await(t, "Ready", l.readies)
				if took := time.Since(begun); took > tt.within {
					t.Errorf("connected after %s, want within %s", took, tt.within)
				}
				time.Sleep(3 * time.Minute) // for what READY was only the beginning of
				l.ping()
				l.answered()
			})
		})
	}
}

// Whatever happens to a connection, nothing that was asked meanwhile is lost
// where Discord lets the session be resumed.
func TestConversationGoesOn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, faults string
		resumes      bool
		within       time.Duration
	}{
		{"4000", `[{"match":"NOW","close":4000,"times":1}]`, true, time.Second},
		{"4001", `[{"match":"NOW","close":4001,"times":1}]`, true, time.Second},
		{"4002", `[{"match":"NOW","close":4002,"times":1}]`, true, time.Second},
		{"4003", `[{"match":"NOW","close":4003,"times":1}]`, false, 15 * time.Second},
		{"4005", `[{"match":"NOW","close":4005,"times":1}]`, true, time.Second},
		{"4007", `[{"match":"NOW","close":4007,"times":1}]`, false, 15 * time.Second},
		{"4008", `[{"match":"NOW","close":4008,"times":1}]`, true, time.Second},
		{"4009", `[{"match":"NOW","close":4009,"times":1}]`, false, 15 * time.Second},
		{"cut", `[{"match":"NOW","cut":"before","times":1}]`, true, time.Second},
		{"op 7", `[{"match":"NOW","op":7,"times":1}]`, true, time.Second},
		{"op 9 true", `[{"match":"NOW","op":9,"resume":true,"times":1}]`, true, time.Second},
		{"op 9 false", `[{"match":"NOW","op":9,"times":1}]`, false, 15 * time.Second},
		{"op 1 and a cut", `[{"match":"NOW","op":1,"cut":"before","times":1}]`, true, time.Second},
		{"op 7 for the resume too", `[{"match":"NOW","op":7,"times":1},{"match":"RESUME","op":7,"times":1}]`, true, 5 * time.Second},
		{"op 7 flood", `[{"match":"NOW","op":7,"times":40},{"match":"RESUME","op":7,"times":4}]`, true, 20 * time.Second},
		{"op 7 flood until the session is given up", `[{"match":"NOW","op":7,"times":40},{"match":"RESUME","op":7,"times":20}]`, false, time.Minute},
		{"op 9 true for the resume", `[{"match":"NOW","close":4000,"times":1},{"match":"RESUME","op":9,"resume":true,"times":2}]`, true, 10 * time.Second},
		{"op 9 false for the resume", `[{"match":"NOW","close":4000,"times":1},{"match":"RESUME","op":9,"times":1}]`, false, 20 * time.Second},
		{"op 9 flood", `[{"match":"NOW","op":9,"times":40},{"match":"RESUME","op":9},{"match":"IDENTIFY","op":9,"times":5}]`, false, 5 * time.Minute},
		{"the resume is closed", `[{"match":"NOW","close":4000,"times":1},{"match":"RESUME","close":4000,"times":2}]`, true, 10 * time.Second},
		{"the resume is closed with 4007", `[{"match":"NOW","close":4000,"times":1},{"match":"RESUME","close":4007,"times":1}]`, false, 20 * time.Second},
		{"no Hello for the resume", `[{"match":"NOW","close":4000,"times":1},{"match":"HELLO","drop":true,"times":1}]`, true, 40 * time.Second},
		{"no answer to the resume", `[{"match":"NOW","close":4000,"times":1},{"match":"RESUME","drop":true,"times":1}]`, true, 40 * time.Second},
		{"no RESUMED", `[{"match":"NOW","close":4000,"times":1},{"match":"RESUMED","drop":true,"times":1}]`, true, 40 * time.Second},
		{"no acknowledgement", `[{"match":"HEARTBEAT_ACK","drop":true,"times":1}]`, true, 3 * interval},
		{"heartbeats asked for with each", `[{"match":"HEARTBEAT","op":1,"times":3},{"match":"HEARTBEAT","close":4000,"times":1}]`, true, 10 * interval},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				l := newLocal(t, sandbox.Options{}, "")
				await(t, "Ready", l.readies)
				l.ping()
				time.Sleep(2 * time.Minute) // the connection holds
				begun := time.Now()
				l.strike(tt.faults)
				ready := await(t, "another connection", l.readies)
				for len(l.readies) > 0 {
					ready = <-l.readies
				}
				if took := time.Since(begun); took > tt.within {
					t.Errorf("connected again after %s, want within %s", took, tt.within)
				}
				if ready.Resumed != tt.resumes {
					t.Errorf("got Ready %+v, want it resumed: %t; the log:\n%s", ready, tt.resumes, l.log)
				}
				l.answered()
			})
		})
	}
}

// Where nothing helps, the gateway ends and says what to do.
func TestFatalCloseCodes(t *testing.T) {
	t.Parallel()
	for _, code := range []int{4004, 4010, 4011, 4012, 4013, 4014} {
		for _, when := range []string{"IDENTIFY", "NOW"} {
			t.Run(fmt.Sprint(code, " ", when), func(t *testing.T) {
				t.Parallel()
				bubble(t, func(t *testing.T) {
					l := newLocal(t, sandbox.Options{}, "")
					await(t, "Ready", l.readies)
					if when == "IDENTIFY" {
						l.strike(fmt.Sprintf(`[{"match":"IDENTIFY","close":%d},{"match":"NOW","close":4009,"times":1}]`, code))
					} else {
						l.strike(fmt.Sprintf(`[{"match":"NOW","close":%d,"times":1}]`, code))
					}
					err := await(t, "the end of Run", l.ended)
					if err == nil || !strings.Contains(err.Error(), fmt.Sprint(code)) {
						t.Errorf("got %v, want an error that names %d", err, code)
					}
					l.ended <- nil
				})
			})
		}
	}
}

// Four shards of one process start as Discord wants them to: with what the
// sandbox allows nobody is refused, and each server's events come on its shard.
func TestShardsStartWithinDiscordsLimits(t *testing.T) {
	t.Parallel()
	for _, concurrency := range []int{1, 2, 16} {
		t.Run(fmt.Sprint(concurrency), func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				const shards = 4
				box, err := sandbox.Open(sandbox.Options{Limits: sandbox.Limits{Concurrency: concurrency}})
				if err != nil {
					t.Fatal(err)
				}
				server := serve(t, box)
				discord, log := server.client(t, box.Credentials().Token), new(diary)
				identifies, readies := NewIdentifies(nil, box.Credentials().Token), make(chan int, 10*shards)
				ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
				begun, ended := time.Now(), make(chan error, shards)
				for shard := shards - 1; shard >= 0; shard-- {
					g, err := NewGateway(GatewayOptions{
						Discord: discord, Log: log.logger(), Shard: shard, Shards: shards, Identifies: identifies,
						Interaction: func(context.Context, json.RawMessage) {},
						Ready:       func(context.Context, Ready) { readies <- shard },
					})
					if err != nil {
						t.Fatal(err)
					}
					g.dialer = server.dial
					defer func() { go func() { ended <- g.Run(ctx) }() }()
				}
				t.Cleanup(func() {
					for n := range shards {
						if got := await(t, "a shard", readies); concurrency == 1 && got != n {
							t.Errorf("shard %d came as number %d", got, n)
						}
					}
					if took, want := time.Since(begun), time.Duration((shards-1)/concurrency)*identifyEvery; took.Round(time.Second) != want.Round(time.Second) {
						t.Errorf("it took %s, want %s", took, want)
					}
					cancel()
					for range shards {
						if err := await(t, "the end of Run", ended); err != nil {
							t.Error(err)
						}
					}
					if strings.Contains(log.String(), "WARN") {
						t.Errorf("Discord refused something:\n%s", log)
					}
					if err := box.Close(); err != nil {
						t.Error(err)
					}
				})
			})
		})
	}
}

func TestNonceMakesOneMessage(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		l, ctx := newLocal(t, sandbox.Options{}, ""), t.Context()
		await(t, "Ready", l.readies)
		var state struct {
			Guilds []struct {
				Channels []struct{ ID, Name string }
			}
		}
		if err := json.Unmarshal([]byte(l.control(http.MethodGet, "/sandbox/state", "")), &state); err != nil {
			t.Fatal(err)
		}
		channel := state.Guilds[0].Channels[0].ID
		for _, tt := range []struct {
			nonced bool
			ok     bool
			want   int
		}{{true, true, 1}, {false, false, 2}} {
			l.strike(`[{"match":"POST /channels/*/messages","cut":"after","times":1}]`)
			body := json.RawMessage(fmt.Sprintf(`{"content":"digest","nonce":"n%t","enforce_nonce":true}`, tt.nonced))
			id, err := l.discord.CreateMessage(ctx, channel, body, tt.nonced)
			if (err == nil) != tt.ok {
				t.Errorf("nonced %t: got id %q, error %v; want success: %t", tt.nonced, id, err, tt.ok)
			}
			messages, err := l.discord.Messages(ctx, channel, "", 10)
			if err != nil || len(messages) != tt.want {
				t.Errorf("nonced %t: got %d messages, %v; want %d", tt.nonced, len(messages), err, tt.want)
			}
		}
	})
}
