package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/briefings/catalogue"
	"sitrep/cache"
	"sitrep/commands"
	"sitrep/sandbox"
	"sitrep/sandbox/openapi"
	"sitrep/store"
	"sitrep/testenv"
	"sitrep/words"
)

// diary is a log that many may write to.
type diary struct {
	mu   sync.Mutex
	text strings.Builder
}

func (d *diary) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.Write(p)
}

func (d *diary) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.String()
}

func (d *diary) logger() *slog.Logger { return slog.New(slog.NewTextHandler(d, nil)) }

// memory tells what is new within one process.
type memory struct{ seen sync.Map }

func (m *memory) Admit(_ context.Context, _, key string, _ time.Duration, _ map[string]int) (bool, time.Duration, error) {
	_, was := m.seen.LoadOrStore(key, true)
	return !was, 0, nil
}

func book(tb testing.TB) *words.Book {
	tb.Helper()
	b, err := words.Open()
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// newDesk is a desk with the bundled catalogue, on the morning of 21 January
// 2026, over a database and a cache of its own.
func newDesk(tb testing.TB) (commands.Desk, *cache.Cache) {
	tb.Helper()
	log := slog.New(slog.DiscardHandler)
	record, err := store.Open(context.WithoutCancel(tb.Context()), "sqlite:"+filepath.Join(tb.TempDir(), "sitrep.db"))
	if err != nil {
		tb.Fatal(err)
	}
	shelf, err := cache.Open(cache.Embedded, log)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := shelf.Close(); err != nil {
			tb.Errorf("close the cache: %v", err)
		}
		if err := record.Close(); err != nil {
			tb.Errorf("close the database: %v", err)
		}
	})
	items, err := catalogue.Read(catalogue.Bundled(), catalogue.RecordedAt())
	if err != nil {
		tb.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, time.January, 21, 8, 0, 0, 0, time.UTC) }
	service := briefings.NewService(record, shelf, briefings.Loaded{Items: items, Edition: catalogue.Edition(), RecordedAt: catalogue.RecordedAt()}, now, log)
	return commands.Desk{Briefings: service, Digests: record, Planning: record, Queue: record, Looks: record, People: service, Book: book(tb), Now: now}, shelf
}

// sent is a request of the bot's.
type sent struct {
	method, path string
	body         []byte
}

// stage is a sandbox that notes what a bot sends it.
type stage struct {
	t   *testing.T
	box *sandbox.Sandbox
	url string

	acked chan struct{} // gets a value for every first answer to an interaction
	mu    sync.Mutex
	sent  []sent
}

func newStage(t *testing.T) *stage {
	t.Helper()
	box, err := sandbox.Open(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{t: t, box: box, acked: make(chan struct{}, 100)}
	server := httptest.NewServer(http.HandlerFunc(s.serve))
	s.url = server.URL
	t.Cleanup(func() {
		judge(t, box)
		if err := box.Close(); err != nil {
			t.Errorf("close the sandbox: %v", err)
		}
		server.Close()
		s.checkMessages()
	})
	return s
}

// discords is Discord's own API description, read once; nil where there is none.
var discords = sync.OnceValues(func() (*openapi.Description, error) { //nolint:gochecknoglobals // it never changes, and every test of the package needs it
	path := os.Getenv("SITREP_OPENAPI")
	if path == "" {
		return nil, nil
	}
	return openapi.Load(path)
})

// judge checks all that a sandbox was sent with Discord's own API description.
// Tests that need nothing else are checked without it where it is missing:
// TestDiscordsDescriptionIsThere says so.
func judge(t *testing.T, box *sandbox.Sandbox) {
	t.Helper()
	description, err := discords()
	if err != nil {
		t.Errorf("judge what was sent: %v", err)
	}
	if err != nil || description == nil {
		return
	}
	r := httptest.NewRequest(http.MethodGet, "http://localhost/sandbox/log", nil)
	w := httptest.NewRecorder()
	box.ServeHTTP(w, r)
	if _, err := description.CheckLog(w.Body.Bytes()); err != nil {
		t.Errorf("Discord wouldn't take what was sent: %v", err)
	}
}

// Without the description, every other test here is told less than it could be.
func TestDiscordsDescriptionIsThere(t *testing.T) {
	t.Parallel()
	testenv.OpenAPI(t)
	if description, err := discords(); err != nil || description == nil {
		t.Errorf("the description could not be read: %v", err)
	}
}

func (s *stage) serve(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			s.t.Errorf("read the bot's request: %v", err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		s.mu.Lock()
		s.sent = append(s.sent, sent{r.Method, r.URL.Path, body})
		s.mu.Unlock()
	}
	s.box.ServeHTTP(w, r)
	if strings.HasSuffix(r.URL.Path, "/callback") {
		s.acked <- struct{}{}
	}
}

// requests are what the bot sent with that method to paths with that ending.
func (s *stage) requests(method, ending string) []sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []sent
	for _, r := range s.sent {
		if r.method == method && strings.HasSuffix(r.path, ending) {
			all = append(all, r)
		}
	}
	return all
}

var mentionsOne = regexp.MustCompile(`"allowed_mentions":{"parse":\[\],"roles":\["[0-9]+"\]}`)

// checkMessages checks that no message of the bot's could ping but a posted
// digest the one role it names, and that each keeps Discord's rules.
func (s *stage) checkMessages() {
	for _, r := range s.sent {
		var body struct {
			Type       int
			Data       json.RawMessage
			Components json.RawMessage
			Nonce      string
		}
		if json.Unmarshal(r.body, &body) != nil || (body.Data == nil && body.Components == nil) || body.Type == answerModal || body.Type == answerChoices || body.Type == answerDeferred {
			continue
		}
		message := r.body
		if body.Data != nil {
			message = body.Data
		}
		digest := r.method == http.MethodPost && body.Nonce != "" && mentionsOne.Match(message)
		if !digest && !bytes.Contains(message, []byte(`"allowed_mentions":{"parse":[]}`)) {
			s.t.Errorf("%s %s: got %s, want it with no mentions allowed", r.method, r.path, message)
		}
		if err := openapi.CheckMessage(message); err != nil {
			s.t.Errorf("%s %s: %v", r.method, r.path, err)
		}
	}
}

func (s *stage) discord() *Discord {
	s.t.Helper()
	transport, err := NewTransport(s.url + "/api")
	if err != nil {
		s.t.Fatal(err)
	}
	discord, err := NewDiscord(s.box.Credentials().Token, transport)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(transport.CloseIdle)
	return discord
}

// connect has a router answer over a gateway of its own, until the test ends.
func (s *stage) connect(r *Router, handle func(ctx context.Context, raw json.RawMessage)) {
	s.t.Helper()
	ready := make(chan struct{}, 1)
	g, err := NewGateway(GatewayOptions{
		Discord: r.Discord, Log: r.Log, Interaction: handle,
		Ready: func(context.Context, Ready) { ready <- struct{}{} },
	})
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- g.Run(ctx) }()
	s.t.Cleanup(func() {
		cancel()
		if err := next(s.t, "the end of the gateway", ended); err != nil {
			s.t.Errorf("the gateway ended with %v", err)
		}
	})
	next(s.t, "Ready", ready)
}

// seen is what somebody sees of what they did.
type seen struct {
	Kind      string
	Ephemeral bool
	Text      string
	Message   struct{ ID string }
	Modal     json.RawMessage
	Choices   []choice
	AckMS     *int `json:"ack_ms"`
	Error     string
	Reason    string
}

// act does something in the sandbox as the control route takes it.
func (s *stage) act(what map[string]any) seen {
	s.t.Helper()
	var got seen
	s.control(http.MethodPost, "/sandbox/interactions", what, &got)
	return got
}

func (s *stage) control(method, path string, body, into any) {
	s.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, bytes.NewReader(raw))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		s.t.Fatalf("%s %s: %d %s %v", method, path, resp.StatusCode, answer, err)
	}
	if err := json.Unmarshal(answer, into); err != nil {
		s.t.Fatalf("%s %s: %v in %s", method, path, err, answer)
	}
}

// channel is the id of one of the sandbox's channels.
func (s *stage) channel(name string) string {
	s.t.Helper()
	var state struct {
		Guilds []struct {
			Channels []struct{ ID, Name string }
		}
	}
	s.control(http.MethodGet, "/sandbox/state", nil, &state)
	for _, c := range state.Guilds[0].Channels {
		if c.Name == name {
			return c.ID
		}
	}
	s.t.Fatalf("the sandbox has no channel %s", name)
	return ""
}

func TestBotAnswersFromStartToEnd(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	desk, shelf := newDesk(t)
	log, ready := new(diary), make(chan struct{}, 5)
	b, err := New(Options{
		Token: s.box.Credentials().Token, API: s.url + "/api", Book: desk.Book, Seen: shelf, Log: log.logger(),
		Ready: func() { ready <- struct{}{} },
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.requests(http.MethodGet, "")) != 0 {
		t.Error("New contacted Discord, want nothing before Run")
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx, desk.All(), nil) }()
	next(t, "Ready", ready)
	got := s.act(map[string]any{"user": "reader", "command": "talks"})
	if got.Kind != "message" || !got.Ephemeral || !strings.Contains(got.Text, "E17") || got.Error != "" {
		t.Errorf("/talks: got %+v, want a private message about the talks", got)
	}
	edit := s.act(map[string]any{"user": "moderator", "command": "desk edit", "options": map[string]any{"item": "F5"}})
	if edit.Kind != "modal" {
		t.Fatalf("/desk edit: got %+v, want a modal", edit)
	}
	saved := s.act(map[string]any{"user": "moderator", "modal": "desk-save:figure/energy-attacks:1", "fields": map[string]any{"value": "640"}})
	if !strings.Contains(saved.Text, "640") || !saved.Ephemeral {
		t.Errorf("saving: got %+v, want a private message with the new number", saved)
	}
	if got := s.act(map[string]any{"user": "reader", "command": "energy"}); !strings.Contains(got.Text, "640") {
		t.Errorf("/energy after saving: got %q, want the new number", got.Text)
	}
	if id, err := b.Poster().Post(ctx, "1", cardSaying("x"), "aaaaaaaaaaaaaaaaaaaa"); err == nil {
		t.Errorf("posting to a channel that isn't there: got message %s, want an error", id)
	}
	cancel()
	if err := next(t, "the end of Run", ended); err != nil {
		t.Errorf("Run ended with %v, want nil after its context", err)
	}
	if strings.Contains(log.String(), s.box.Credentials().Token) || strings.Contains(log.String(), "level=ERROR") {
		t.Errorf("got the log\n%s\nwant neither the token nor errors in it", log)
	}
}

func TestBotNeedsATokenAndAnAddress(t *testing.T) {
	t.Parallel()
	for _, o := range []Options{{}, {Token: botToken, API: "ftp://x"}, {API: "http://127.0.0.1/api"}} {
		if b, err := New(o); err == nil {
			t.Errorf("New with token %q and API %q: got %v, want an error", o.Token, o.API, b)
		}
	}
}

func TestBotEndsWhereNothingHelps(t *testing.T) {
	t.Parallel()
	desk, shelf := newDesk(t)
	for _, tt := range []struct {
		name   string
		status int
		want   string // in the error; "" where it goes on until its context ends
	}{
		{"the token is refused", http.StatusUnauthorized, "DISCORD_TOKEN"},
		{"the application is refused", http.StatusForbidden, "403"},
		{"Discord is ill", http.StatusServiceUnavailable, ""},
		{"Discord is busy", http.StatusTooManyRequests, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			log := new(diary)
			ctx, cancel := context.WithCancel(t.Context())
			var tries int
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if tries++; tt.want == "" && tries == attempts+1 {
					cancel()
				}
				reply(w, tt.status, `{"message":"no","retry_after":0.001}`)
			}))
			defer server.Close()
			defer cancel()
			b, err := New(Options{Token: botToken, API: server.URL + "/api", Book: desk.Book, Seen: shelf, Log: log.logger(), Ready: func() {}})
			if err != nil {
				t.Fatal(err)
			}
			b.discord.backOff = time.Millisecond
			err = b.Run(ctx, desk.All(), nil)
			if (err != nil) != (tt.want != "") || (err != nil && !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got error %v, want one with %q", err, tt.want)
			}
			if got := strings.Count(log.String(), "can't be reached"); tt.want == "" && got != 1 {
				t.Errorf("got %d lines of log about it, want 1:\n%s", got, log)
			}
		})
	}
}

func TestBotStoppedWhileStartingIsNoFault(t *testing.T) {
	t.Parallel()
	desk, shelf := newDesk(t)
	log := new(diary)
	ctx, cancel := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		cancel()
		<-ctx.Done()
	}))
	defer server.Close()
	b, err := New(Options{Token: botToken, API: server.URL + "/api", Book: desk.Book, Seen: shelf, Log: log.logger(), Ready: func() {}})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Run(ctx, desk.All(), nil); err != nil || log.String() != "" {
		t.Errorf("got error %v and the log %s, want neither", err, log)
	}
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
