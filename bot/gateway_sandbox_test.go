package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sitrep/sandbox"
)

// local is a sandbox with a gateway connected to it.
type local struct {
	t       *testing.T
	url     string
	discord *Discord
	app     string
	asks    chan json.RawMessage
	readies chan Ready
	log     *strings.Builder
}

func newLocal(t *testing.T) *local {
	t.Helper()
	box, err := sandbox.Open(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(box)
	transport, err := NewTransport(server.URL + "/api")
	if err != nil {
		t.Fatal(err)
	}
	discord, err := NewDiscord(box.Credentials().Token, transport)
	if err != nil {
		t.Fatal(err)
	}
	l := &local{
		t: t, url: server.URL, discord: discord, app: box.Credentials().ApplicationID,
		asks: make(chan json.RawMessage, 10), readies: make(chan Ready, 10), log: new(strings.Builder),
	}
	g, err := NewGateway(GatewayOptions{
		Discord: discord, Log: slog.New(slog.NewTextHandler(l.log, nil)),
		Interaction: func(_ context.Context, raw json.RawMessage) { l.asks <- raw },
		Ready:       func(_ context.Context, r Ready) { l.readies <- r },
	})
	if err != nil {
		t.Fatal(err)
	}
	g.pace.least = time.Millisecond
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- g.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := next(t, "the end of Run", ended); err != nil {
			t.Errorf("Run: %v", err)
		}
		if strings.Contains(l.log.String(), box.Credentials().Token) {
			t.Errorf("the log holds the token:\n%s", l.log)
		}
		judge(t, box)
		if err := box.Close(); err != nil {
			t.Errorf("closing the sandbox: %v", err)
		}
		server.Close()
	})
	return l
}

// control sends a request to the sandbox itself, and returns its reply.
func (l *local) control(method, path, body string) string {
	r, err := http.NewRequest(method, l.url+path, strings.NewReader(body))
	if err != nil {
		return err.Error()
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err.Error()
	}
	reply, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode/100 != 2 {
		return fmt.Sprintf("%d %s %v", resp.StatusCode, reply, err)
	}
	return string(reply)
}

// ask has a reader use /ping and answers it; it returns what the reader sees.
func (l *local) ask(answer func(id, token string)) string {
	l.t.Helper()
	seen := make(chan string, 1)
	go func() {
		seen <- l.control(http.MethodPost, "/sandbox/interactions", `{"user":"reader","command":"ping"}`)
	}()
	var interaction struct{ ID, Token string }
	if err := json.Unmarshal(next(l.t, "an interaction", l.asks), &interaction); err != nil {
		l.t.Fatal(err)
	}
	answer(interaction.ID, interaction.Token)
	var outcome struct{ Text string }
	if reply := next(l.t, "the outcome", seen); json.Unmarshal([]byte(reply), &outcome) != nil {
		l.t.Fatalf("the sandbox says %s", reply)
	}
	return outcome.Text
}

func TestWholeConversation(t *testing.T) {
	t.Parallel()
	l, ctx := newLocal(t), t.Context()
	if ready := next(t, "Ready", l.readies); ready.Application != l.app || len(ready.Guilds) != 1 {
		t.Errorf("got Ready %+v, want application %s in one server", ready, l.app)
	}
	ping := json.RawMessage(`[{"name":"ping","description":"Says pong","type":1}]`)
	if err := l.discord.SetCommands(ctx, l.app, "", ping); err != nil {
		t.Fatal(err)
	}
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
}

func TestConversationGoesOnAfterACut(t *testing.T) {
	t.Parallel()
	l, ctx := newLocal(t), t.Context()
	next(t, "Ready", l.readies)
	ping := json.RawMessage(`[{"name":"ping","description":"Says pong","type":1}]`)
	if err := l.discord.SetCommands(ctx, l.app, "", ping); err != nil {
		t.Fatal(err)
	}
	for _, fault := range []string{`[{"match":"NOW","close":4000,"times":1}]`, `[{"match":"NOW","op":7,"times":1}]`} {
		if reply := l.control(http.MethodPut, "/sandbox/faults", fault); strings.Contains(reply, "error") {
			t.Fatalf("the sandbox says %s", reply)
		}
		if ready := next(t, "RESUMED", l.readies); !ready.Resumed {
			t.Errorf("after %s: got a new session, want it resumed", fault)
		}
		got := l.ask(func(id, token string) {
			if err := l.discord.Respond(ctx, id, token, json.RawMessage(`{"type":4,"data":{"content":"still here"}}`)); err != nil {
				t.Error(err)
			}
		})
		if got != "still here" {
			t.Errorf("after %s: the reader sees %q, want still here", fault, got)
		}
	}
}

func TestNonceMakesOneMessage(t *testing.T) {
	t.Parallel()
	l, ctx := newLocal(t), t.Context()
	next(t, "Ready", l.readies)
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
		l.control(http.MethodPut, "/sandbox/faults", `[{"match":"POST /channels/*/messages","cut":"after","times":1}]`)
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
}
