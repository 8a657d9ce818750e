package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const (
	botToken         = "MTIzNDU2Nzg5MDEyMzQ1Njc4.bot.secret"
	interactionToken = "aW50ZXJhY3Rpb246c2VjcmV0"
)

// discordAt returns a client of the API that a handler plays.
func discordAt(t testing.TB, api http.HandlerFunc) *Discord {
	t.Helper()
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	transport, err := NewTransport(server.URL + "/api")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(transport.CloseIdle)
	d, err := NewDiscord(botToken, transport)
	if err != nil {
		t.Fatal(err)
	}
	d.backOff = time.Millisecond
	return d
}

// hangUp ends the connection without a reply.
func hangUp(w http.ResponseWriter) {
	panic(http.ErrAbortHandler)
}

func reply(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

func TestCallsGoWhereDiscordDocumentsThem(t *testing.T) {
	t.Parallel()
	var got atomic.Value
	d := discordAt(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got.Store(fmt.Sprintf("%s %s %s", r.Method, r.RequestURI, body))
		if auth := r.Header.Get("Authorization"); auth != "Bot "+botToken {
			t.Errorf("Authorization of %s = %q", r.RequestURI, auth)
		}
		switch {
		case strings.HasSuffix(r.URL.Path, "/callback"):
			w.WriteHeader(http.StatusNoContent)
		case r.Method == http.MethodGet && (strings.HasSuffix(r.URL.Path, "/commands") || strings.HasSuffix(r.URL.Path, "/messages")):
			reply(w, 200, `[{"id":"7","nonce":5}]`)
		default:
			reply(w, 200, `{"id":"7","author":{"id":"8"},"components":[{"type":99}],"nonce":"n","url":"wss://gateway.discord.gg"}`)
		}
	})
	ctx, body := t.Context(), map[string]int{"type": 5}
	for _, tt := range []struct {
		want string
		call func() error
	}{
		{`POST /api/v10/interactions/1/` + interactionToken + `/callback {"type":5}`, func() error { return d.Respond(ctx, "1", interactionToken, body) }},
		{`PATCH /api/v10/webhooks/2/` + interactionToken + `/messages/@original {"type":5}`, func() error { return d.EditOriginal(ctx, "2", interactionToken, body) }},
		{`DELETE /api/v10/webhooks/2/` + interactionToken + `/messages/@original `, func() error { return d.DeleteOriginal(ctx, "2", interactionToken) }},
		{`POST /api/v10/webhooks/2/` + interactionToken + ` {"type":5}`, func() error { return d.Followup(ctx, "2", interactionToken, body) }},
		{`PATCH /api/v10/channels/3/messages/4 {"type":5}`, func() error { return d.EditMessage(ctx, "3", "4", body) }},
		{`PUT /api/v10/applications/2/commands {"type":5}`, func() error { return d.SetCommands(ctx, "2", "", body) }},
		{`PUT /api/v10/applications/2/guilds/9/commands {"type":5}`, func() error { return d.SetCommands(ctx, "2", "9", body) }},
		{`POST /api/v10/channels/3/messages {"type":5}`, func() error {
			id, err := d.CreateMessage(ctx, "3", body, true)
			return expect(err, "message id", id, "7")
		}},
		{`GET /api/v10/channels/3/messages?after=5&limit=100 `, func() error {
			m, err := d.Messages(ctx, "3", "5", 1000)
			return expect(err, "messages", fmt.Sprint(len(m), m[0].ID, m[0].Nonce), "175")
		}},
		{`GET /api/v10/channels/3/messages/4 `, func() error {
			m, err := d.Message(ctx, "3", "4")
			return expect(err, "message", fmt.Sprint(m.ID, m.Author.ID, string(m.Components), m.Nonce), `78[{"type":99}]n`)
		}},
		{`GET /api/v10/applications/2/guilds/9/commands?with_localizations=true `, func() error {
			c, err := d.Commands(ctx, "2", "9")
			return expect(err, "commands", fmt.Sprint(len(c)), "1")
		}},
		{`GET /api/v10/applications/@me `, func() error {
			app, err := d.Me(ctx)
			return expect(err, "application", app.ID, "7")
		}},
		{`GET /api/v10/gateway/bot `, func() error {
			limits, err := d.GatewayBot(ctx)
			return expect(err, "gateway", limits.URL, "wss://gateway.discord.gg")
		}},
	} {
		if err := tt.call(); err != nil {
			t.Errorf("%s: %v", tt.want, err)
		}
		if got := got.Load(); got != tt.want {
			t.Errorf("got request %s\nwant %s", got, tt.want)
		}
	}
}

func expect(err error, what, got, want string) error {
	if err != nil || got == want {
		return err
	}
	return fmt.Errorf("%s: got %s, want %s", what, got, want)
}

func TestRepeatsOnlyWhereThatIsSafe(t *testing.T) {
	t.Parallel()
	const cut, page, torn = 0, -1, -2
	message := func(nonced bool) func(context.Context, *Discord) error {
		return func(ctx context.Context, d *Discord) error {
			_, err := d.CreateMessage(ctx, "3", "x", nonced)
			return err
		}
	}
	edit := func(ctx context.Context, d *Discord) error { return d.EditOriginal(ctx, "2", interactionToken, "x") }
	respond := func(ctx context.Context, d *Discord) error { return d.Respond(ctx, "1", interactionToken, "x") }
	remove := func(ctx context.Context, d *Discord) error { return d.DeleteOriginal(ctx, "2", interactionToken) }
	for _, tt := range []struct {
		name    string
		call    func(context.Context, *Discord) error
		replies []int // the last one stays
		want    error // nil, a sentinel, or an *APIError to compare
		sent    int
	}{
		{"nonced message after a cut", message(true), []int{cut, 200}, nil, 2},
		{"nonced message after 503 and 502", message(true), []int{503, 502, 200}, nil, 3},
		{"nonced message whose reply can't be read", message(true), []int{page}, ErrSent, 1},
		{"message after a cut", message(false), []int{cut, 200}, ErrUnknownWhetherSent, 1},
		{"message whose reply is torn", message(false), []int{torn, 200}, ErrSent, 1},
		{"nonced message whose reply is torn", message(true), []int{torn, 200}, nil, 2},
		{"message after 503", message(false), []int{503, 200}, &APIError{Status: 503}, 1},
		{"message after 502", message(false), []int{502, 200}, &APIError{Status: 502}, 1},
		{"message after 429", message(false), []int{429, 200}, nil, 2},
		{"answer after a cut", respond, []int{cut, 204}, nil, 2},
		{"answer that had arrived before the cut", respond, []int{cut, 400}, nil, 2},
		{"answer after 500", respond, []int{500, 204}, nil, 2},
		{"answer after 429", respond, []int{429, 204}, nil, 2},
		{"edit after cuts", edit, []int{cut, cut, 200}, nil, 3},
		{"edit of what is gone", edit, []int{404}, &APIError{Status: 404, Code: 10008, Message: "Unknown Message"}, 1},
		{"deletion that had worked", remove, []int{cut, 404}, nil, 2},
		{"deletion of what is gone", remove, []int{404}, &APIError{Status: 404, Code: 10008, Message: "Unknown Message"}, 1},
		{"Discord is down", edit, []int{500}, &APIError{Status: 500}, attempts},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var sent atomic.Int32
			d := discordAt(t, func(w http.ResponseWriter, r *http.Request) {
				n := int(sent.Add(1))
				switch status := tt.replies[min(n, len(tt.replies))-1]; status {
				case cut:
					_, _ = io.Copy(io.Discard, r.Body)
					hangUp(w)
				case torn:
					w.Header().Set("Content-Length", "100")
					reply(w, 200, `{"id":`)
				case page:
					reply(w, 200, "<html>")
				case 404:
					reply(w, 404, `{"code":10008,"message":"Unknown Message"}`)
				case 400:
					reply(w, 400, `{"code":40060,"message":"Interaction has already been acknowledged."}`)
				case 429:
					reply(w, 429, `{"message":"slow down","retry_after":0.01,"global":false}`)
				case 204:
					w.WriteHeader(204)
				default:
					reply(w, status, `{"id":"7"}`)
				}
			})
			err := tt.call(t.Context(), d)
			want := new(APIError)
			if errors.As(tt.want, &want) {
				got := new(APIError)
				if !errors.As(err, &got) || *got != *want {
					t.Errorf("got error %v, want %v", err, want)
				}
			} else if !errors.Is(err, tt.want) || errors.Is(tt.want, ErrSent) && errors.Is(err, ErrUnknownWhetherSent) {
				t.Errorf("got error %v, want %v", err, tt.want)
			}
			if got := int(sent.Load()); got != tt.sent {
				t.Errorf("got %d requests, want %d", got, tt.sent)
			}
		})
	}
}

func TestUnsentAnswerIsRepeated(t *testing.T) {
	t.Parallel()
	d := discordAt(t, nil)
	gone := httptest.NewServer(nil)
	gone.Close() // a port that refuses
	d.transport.base.Host = strings.TrimPrefix(gone.URL, "http://")
	var tries atomic.Int32
	d.transport.Observe = func(_, _ string, status int, _ time.Duration) {
		if status == 0 {
			tries.Add(1)
		}
	}
	err := d.Respond(t.Context(), "1", interactionToken, "x")
	if err == nil || errors.Is(err, ErrUnknownWhetherSent) {
		t.Errorf("got error %v, want that the connection is refused", err)
	}
	if got := tries.Load(); got != attempts {
		t.Errorf("got %d tries, want %d: what never went out may be repeated", got, attempts)
	}
}

func TestEditsDoNotWaitForOneAnother(t *testing.T) {
	t.Parallel()
	const edits = 20
	var arrived sync.WaitGroup
	arrived.Add(edits)
	d := discordAt(t, func(w http.ResponseWriter, _ *http.Request) {
		arrived.Done()
		arrived.Wait() // answered only once all are here: one after another would hang
		reply(w, 200, `{}`)
	})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	var all sync.WaitGroup
	for n := range edits {
		all.Go(func() {
			if err := d.EditOriginal(ctx, "2", fmt.Sprintf("%s%d", interactionToken, n), "x"); err != nil {
				t.Errorf("edit %d: %v", n, err)
			}
		})
	}
	all.Wait()
}

func TestCallsEndWithTheirContext(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		api  http.HandlerFunc
	}{
		{"no reply", func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		}},
		{"429 for longer", func(w http.ResponseWriter, _ *http.Request) { reply(w, 429, `{"retry_after":30}`) }},
		{"429 for ever", func(w http.ResponseWriter, _ *http.Request) { reply(w, 429, `{"retry_after":0.001}`) }},
		{"errors for ever", func(w http.ResponseWriter, _ *http.Request) { reply(w, 503, ``) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := discordAt(t, tt.api)
			d.backOff = time.Hour
			bounded, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			cancelled, cancel := context.WithCancel(t.Context())
			defer time.AfterFunc(200*time.Millisecond, cancel).Stop()
			start := time.Now()
			for _, ctx := range []context.Context{bounded, cancelled} {
				if err := d.EditMessage(ctx, "3", "4", "x"); err == nil {
					t.Error("got no error")
				}
			}
			if took := time.Since(start); took > 250*time.Millisecond {
				t.Errorf("ended after %s, want 100ms and 100ms more, and 50 at most beyond", took)
			}
		})
	}
}

func TestLongPausesAreTheCallers(t *testing.T) {
	t.Parallel()
	var sent atomic.Int32
	d := discordAt(t, func(w http.ResponseWriter, _ *http.Request) {
		sent.Add(1)
		reply(w, 429, `{"message":"slow down","retry_after":3000}`)
	})
	for range 2 {
		err := d.EditMessage(t.Context(), "3", "4", "x")
		limited := new(APIError)
		if !errors.As(err, &limited) || limited.RetryAfter < 2990*time.Second {
			t.Errorf("got %v, want a 429 with 50 minutes to wait", err)
		}
	}
	if got := sent.Load(); got != 1 {
		t.Errorf("got %d requests, want 1: the second is held back here", got)
	}
}

func TestErrorsHoldNoSecrets(t *testing.T) {
	t.Parallel()
	leak := botToken + " " + interactionToken
	for _, tt := range []struct {
		name string
		api  http.HandlerFunc
		body any
	}{
		{"cut", func(w http.ResponseWriter, _ *http.Request) { hangUp(w) }, "x"},
		{"echoed in a refusal", func(w http.ResponseWriter, _ *http.Request) {
			reply(w, 400, `{"message":"`+leak+`","code":50035,"errors":{"a":{"0":{"_errors":[{"message":"`+leak+`"}]}}}}`)
		}, "x"},
		{"echoed in a page", func(w http.ResponseWriter, _ *http.Request) { reply(w, 502, leak) }, "x"},
		{"echoed in a 429", func(w http.ResponseWriter, _ *http.Request) {
			reply(w, 429, `{"message":"`+leak+`","retry_after":3000}`)
		}, "x"},
		{"no HTTP", func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				_, _ = io.WriteString(conn, leak+"\r\n\r\n")
				_ = conn.Close()
			}
		}, "x"},
		{"refused token", func(w http.ResponseWriter, _ *http.Request) { reply(w, 401, `{"message":"401"}`) }, "x"},
		{"no JSON", nil, func() {}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := discordAt(t, tt.api)
			err := d.Respond(t.Context(), "1", interactionToken, tt.body)
			if err == nil {
				t.Fatal("got no error")
			}
			for e := err; e != nil; e = errors.Unwrap(e) {
				for _, text := range []string{e.Error(), fmt.Sprintf("%+v", e)} {
					if strings.Contains(text, botToken) || strings.Contains(text, interactionToken) {
						t.Errorf("%T holds a token: %s", e, text)
					}
				}
			}
		})
	}
}

func TestRefusalsNameTheField(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ body, want string }{
		{
			`{"code":50035,"message":"Invalid Form Body","errors":{"data":{"components":{"0":{"label":{"_errors":[{"code":"X","message":"Too long."}]}}}}}}`,
			"HTTP 400, code 50035: Invalid Form Body (data.components.0.label: Too long.)",
		},
		{`{"code":50013,"message":"Missing\nPermissions"}`, "HTTP 400, code 50013: Missing Permissions"},
		{`<html>`, "HTTP 400"},
		{`null`, "HTTP 400"},
		{`{"message":"` + strings.Repeat("x", 500) + `"}`, "HTTP 400: " + strings.Repeat("x", 400) + "…"},
		{`{"code":1,"errors":` + strings.Repeat(`{"a":`, 5000) + `1` + strings.Repeat(`}`, 5000) + `}`, "HTTP 400, code 1"},
	} {
		if got := refusal(400, []byte(tt.body)).Error(); got != tt.want {
			t.Errorf("refusal(%.60s) = %s, want %s", tt.body, got, tt.want)
		}
	}
}

func TestPathsCannotBeLedAstray(t *testing.T) {
	t.Parallel()
	d := discordAt(t, func(_ http.ResponseWriter, r *http.Request) { t.Errorf("%s was sent", r.RequestURI) })
	for _, part := range []string{"", "..", ".", "../users", "a/b", "1?x=y", "1#", "a%2fb", "a b", "@me", "é", strings.Repeat("1", 513)} {
		if err := d.Respond(t.Context(), part, interactionToken, "x"); err == nil {
			t.Errorf("interaction id %q is accepted", part)
		}
		if err := d.EditOriginal(t.Context(), "1", part, "x"); err == nil {
			t.Errorf("token %q is accepted", part)
		}
	}
}

func TestRefusedTokenSaysWhatToDo(t *testing.T) {
	t.Parallel()
	d := discordAt(t, func(w http.ResponseWriter, _ *http.Request) {
		reply(w, 401, `{"message":"401","code":0}`)
	})
	if _, err := d.Me(t.Context()); !errors.Is(err, ErrTokenRefused) {
		t.Errorf("Me: got %v, want ErrTokenRefused", err)
	}
	if _, err := d.GatewayBot(t.Context()); !errors.Is(err, ErrTokenRefused) {
		t.Errorf("GatewayBot: got %v, want ErrTokenRefused", err)
	}
	if !strings.Contains(ErrTokenRefused.Error(), "check DISCORD_TOKEN") {
		t.Errorf("%q does not say what to do", ErrTokenRefused)
	}
}

// Twenty edits at once, where Discord takes 200 ms for each: less than 500 ms
// says that they don't wait for one another.
func BenchmarkTwentySlowEdits(b *testing.B) {
	d := discordAt(b, func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(200 * time.Millisecond)
		reply(w, 200, `{}`)
	})
	for b.Loop() {
		var all sync.WaitGroup
		for n := range 20 {
			all.Go(func() {
				if err := d.EditOriginal(b.Context(), "2", fmt.Sprintf("%s%d", interactionToken, n), "x"); err != nil {
					b.Error(err)
				}
			})
		}
		all.Wait()
	}
}

func BenchmarkRespond(b *testing.B) {
	d := discordAt(b, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusNoContent)
	})
	body := json.RawMessage(`{"type":4,"data":{"content":"` + strings.Repeat("x", 1000) + `"}}`)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := d.Respond(b.Context(), "1", interactionToken, body); err != nil {
				b.Error(err)
			}
		}
	})
}
