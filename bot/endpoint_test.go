package bot

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/commands"
	"sitrep/pictures"
)

// run has an endpoint answer until the test ends.
func (s *stage) run(e *Endpoint, r *Router) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.t.Context()))
	ready, ended := make(chan struct{}, 1), make(chan error, 1)
	e.pace.drain = 0
	go func() { ended <- e.Run(ctx, r, func() { ready <- struct{}{} }) }()
	s.t.Cleanup(func() {
		cancel()
		if err := next(s.t, "the end of the endpoint", ended); err != nil {
			s.t.Errorf("the endpoint ended with %v", err)
		}
	})
	next(s.t, "Ready", ready)
}

// post has Discord send interactions to h, which stands for that many copies.
func (s *stage) post(h http.Handler) string {
	s.t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w = &watched{ResponseWriter: w}
		h.ServeHTTP(w, r)
		if w.(*watched).status == http.StatusOK {
			select {
			case s.acked <- struct{}{}:
			default: // only the slow ones wait for it
			}
		}
	}))
	s.t.Cleanup(server.Close)
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPatch, s.url+"/api/v10/applications/@me", strings.NewReader(`{"interactions_endpoint_url":"`+server.URL+`"}`))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bot "+s.box.Credentials().Token)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	if said, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusOK {
		s.t.Fatalf("Discord takes no such endpoint: %d %s", resp.StatusCode, said)
	}
	return server.URL
}

// watched notes the status that is written.
type watched struct {
	http.ResponseWriter
	status int
}

func (w *watched) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *watched) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(p)
}

func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// newPosted is newRouted over signed requests.
func newPosted(t *testing.T) routed {
	t.Helper()
	s := newUnconnected(t)
	e, err := NewEndpoint(s.box.Credentials().PublicKey, s.log.logger())
	if err != nil {
		t.Fatal(err)
	}
	s.run(e, s.router)
	s.post(e)
	return s
}

func TestEndpointAnswersFromStartToEnd(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	desk, shelf := newDesk(t)
	gallery, err := pictures.New(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	desk.Pictures = gallery
	log, ready, met := new(diary), make(chan struct{}, 5), make(chan []briefings.DeskID, 5)
	b, err := New(Options{
		Token: s.box.Credentials().Token, API: s.url + "/api", PublicKey: s.box.Credentials().PublicKey, Book: desk.Book, Seen: shelf, Log: log.logger(),
		Ready:   func() { ready <- struct{}{} },
		Servers: roll(met),
	})
	if err != nil {
		t.Fatal(err)
	}
	b.endpoint.pace.drain = time.Second
	s.post(b.Endpoint()) // it is saved in the portal, which wants a PONG, before the bot can answer more
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx, desk.All(), nil) }()
	next(t, "Ready", ready)
	if all := next(t, "the servers", met); len(all) != 1 || all[0] == "" {
		t.Errorf("got the servers %q, want the one there is", all)
	}
	if !b.Connected() {
		t.Error("it isn't connected, want it so once it is ready")
	}
	got := s.act(map[string]any{"user": "reader", "command": "talks"})
	if got.Kind != "message" || !got.Ephemeral || !strings.Contains(got.Text, "E17") || got.Error != "" {
		t.Errorf("/talks: got %+v, want a private message about the talks", got)
	}
	if n := len(s.requests(http.MethodPost, "/callback")); n != 0 {
		t.Errorf("/talks took %d requests, want its answer in the reply", n)
	}
	positions := map[string]any{"user": "reader", "command": "positions"}
	s.act(positions) // its picture is drawn now, which may take too long for a first answer
	before := len(s.requests(http.MethodPost, "/callback"))
	got = s.act(positions)
	if got.Kind != "message" || got.Error != "" || len(s.requests(http.MethodPost, "/callback")) != before+1 {
		t.Errorf("/positions: got %+v, want a message whose picture came by the callback route", got)
	}
	got = s.act(map[string]any{"user": "reader", "command": "actors", "options": map[string]any{"name": "zel"}, "focused": "name"})
	if got.Kind != "choices" || len(got.Choices) == 0 {
		t.Errorf("completing: got %+v, want choices", got)
	}
	edit := s.act(map[string]any{"user": "moderator", "command": "desk edit", "options": map[string]any{"item": "F5"}})
	if edit.Kind != "modal" {
		t.Fatalf("/desk edit: got %+v, want a modal", edit)
	}
	saved := s.act(map[string]any{"user": "moderator", "modal": "desk-save:figure/energy-attacks:1", "fields": map[string]any{"value": "640"}})
	if !strings.Contains(saved.Text, "640") || !saved.Ephemeral {
		t.Errorf("saving: got %+v, want a private message with the new number", saved)
	}
	cancel()
	for deadline := time.Now().Add(15 * time.Second); b.Connected() && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	if got := s.act(map[string]any{"user": "reader", "command": "talks"}); got.Error != "" {
		t.Errorf("while it closes: got %+v, want an answer", got)
	}
	if err := next(t, "the end of Run", ended); err != nil {
		t.Errorf("Run ended with %v, want nil after its context", err)
	}
	if got := s.act(map[string]any{"user": "reader", "command": "talks"}); got.Error == "" {
		t.Errorf("after the end: got %+v, want an error", got)
	}
	if strings.Contains(log.String(), s.box.Credentials().Token) || strings.Contains(log.String(), "level=ERROR") {
		t.Errorf("got the log\n%s\nwant neither the token nor errors in it", log)
	}
}

func TestEndpointNeedsItsApplicationsKey(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	desk, shelf := newDesk(t)
	b, err := New(Options{
		Token: s.box.Credentials().Token, API: s.url + "/api", PublicKey: strings.Repeat("ab", 32), Book: desk.Book, Seen: shelf,
		Log: new(diary).logger(), Ready: func() { t.Error("it is ready, want it refused") },
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Run(t.Context(), desk.All(), nil); err == nil || !strings.Contains(err.Error(), "DISCORD_PUBLIC_KEY is that of another application") {
		t.Errorf("got error %v, want one about the key", err)
	}
	for _, key := range []string{"", "ab", strings.Repeat("zz", 32), strings.Repeat("ab", 33)} {
		if _, err := NewEndpoint(key, new(diary).logger()); err == nil {
			t.Errorf("NewEndpoint took %q for a key, want an error", key)
		}
	}
}

// letterbox is an endpoint with a key of the test's.
type letterbox struct {
	t    *testing.T
	key  ed25519.PrivateKey
	e    *Endpoint
	done atomic.Int64 // how often the command was carried out
	url  string
	log  *diary
}

// newLetterbox answers /talks, after hold where that isn't nil.
func newLetterbox(t *testing.T, seen Seen, hold <-chan struct{}) *letterbox {
	t.Helper()
	l := &letterbox{t: t, key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize)), log: new(diary)}
	var err error
	if l.e, err = NewEndpoint(hex.EncodeToString(l.key.Public().(ed25519.PublicKey)), l.log.logger()); err != nil {
		t.Fatal(err)
	}
	r := soundless(t, seen, func(r *http.Request) (*http.Response, error) {
		t.Errorf("got a request to %s, want none", r.URL.Path)
		return canned(http.StatusNoContent, ""), nil
	})
	r.Set.Commands = []commands.Command{{Name: "talks", Run: func(context.Context, commands.Caller, commands.Input) (commands.Reply, error) {
		if hold != nil {
			<-hold
		}
		return commands.Reply{Card: cardSaying(fmt.Sprintf("answer %d", l.done.Add(1)))}, nil
	}}}
	(&stage{t: t}).run(l.e, r)
	server := httptest.NewServer(l.e)
	t.Cleanup(server.Close)
	l.url = server.URL
	return l
}

func question(id string) string {
	return `{"id":"` + id + `","application_id":"1","type":2,"token":"t","guild_id":"3","member":{"user":{"id":"2"},"roles":[],"permissions":"0"},"data":{"name":"talks"}}`
}

// request is signed at a time.
func (l *letterbox) request(body string, at time.Time) *http.Request {
	l.t.Helper()
	r, err := http.NewRequestWithContext(l.t.Context(), http.MethodPost, l.url, strings.NewReader(body))
	if err != nil {
		l.t.Fatal(err)
	}
	stamp := strconv.FormatInt(at.Unix(), 10)
	r.Header.Set("X-Signature-Timestamp", stamp)
	r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(l.key, []byte(stamp+body))))
	return r
}

func (l *letterbox) send(r *http.Request) (status int, body string) {
	l.t.Helper()
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		l.t.Errorf("send: %v", err)
		return 0, ""
	}
	defer resp.Body.Close()
	said, err := io.ReadAll(resp.Body)
	if err != nil {
		l.t.Errorf("read the reply: %v", err)
	}
	return resp.StatusCode, string(said)
}

func TestEndpointBelievesOnlyDiscord(t *testing.T) {
	t.Parallel()
	l := newLetterbox(t, new(memory), nil)
	for i, tt := range []struct {
		name  string
		spoil func(r *http.Request)
		at    time.Duration // off
		want  int
	}{
		{"genuine", func(*http.Request) {}, 0, 200},
		{"genuine, in capitals", func(r *http.Request) {
			r.Header.Set("X-Signature-Ed25519", strings.ToUpper(r.Header.Get("X-Signature-Ed25519")))
		}, 0, 200},
		{"four minutes old", func(*http.Request) {}, -4 * time.Minute, 200},
		{"four minutes early", func(*http.Request) {}, 4 * time.Minute, 200},
		{"over five minutes old", func(*http.Request) {}, -5*time.Minute - 2*time.Second, 401},
		{"over five minutes early", func(*http.Request) {}, 5*time.Minute + 2*time.Second, 401},
		{"from 1970", func(r *http.Request) { r.Header.Set("X-Signature-Timestamp", "1") }, 0, 401},
		{"a timestamp that is none", func(r *http.Request) { r.Header.Set("X-Signature-Timestamp", "now") }, 0, 401},
		{"a timestamp that overflows", func(r *http.Request) { r.Header.Set("X-Signature-Timestamp", "-9223372036854775808") }, 0, 401},
		{"another timestamp", func(r *http.Request) {
			r.Header.Set("X-Signature-Timestamp", strconv.FormatInt(time.Now().Unix()-7, 10))
		}, 0, 401},
		{"no timestamp", func(r *http.Request) { r.Header.Del("X-Signature-Timestamp") }, 0, 401},
		{"no signature", func(r *http.Request) { r.Header.Del("X-Signature-Ed25519") }, 0, 401},
		{"a short signature", func(r *http.Request) { r.Header.Set("X-Signature-Ed25519", "ab") }, 0, 401},
		{"a signature that is no number", func(r *http.Request) { r.Header.Set("X-Signature-Ed25519", strings.Repeat("zz", 64)) }, 0, 401},
		{"another key's signature", func(r *http.Request) {
			other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, ed25519.SeedSize))
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(other, append([]byte(r.Header.Get("X-Signature-Timestamp")), body...))))
		}, 0, 401},
		{"an altered body", func(r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			body = bytes.Replace(body, []byte(`"permissions":"0"`), []byte(`"permissions":"8"`), 1)
			r.Body = io.NopCloser(bytes.NewReader(body))
		}, 0, 401},
		{"a body cut short", func(r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body[:50])), 50
		}, 0, 401},
		{"no body", func(r *http.Request) { r.Body, r.ContentLength = http.NoBody, 0 }, 0, 401},
	} {
		before := l.done.Load()
		r := l.request(question(strconv.Itoa(1000+i)), time.Now().Add(tt.at))
		tt.spoil(r)
		status, body := l.send(r)
		if status != tt.want || (status == 200) != strings.Contains(body, "answer ") {
			t.Errorf("%s: got %d %s, want %d", tt.name, status, body, tt.want)
		}
		if done := l.done.Load() - before; done == 1 != (tt.want == 200) {
			t.Errorf("%s: the command was carried out %d times", tt.name, done)
		}
	}
}

func TestEndpointIsOpenOnlyWhileItRuns(t *testing.T) {
	t.Parallel()
	l := newLetterbox(t, new(memory), nil)
	open := l.e.open.Swap(nil)
	if status, _ := l.send(l.request(question("8"), time.Now())); status != 503 {
		t.Errorf("before the start: got %d, want 503", status)
	}
	if status, _ := l.send(l.request(`{"type":1}`, time.Now())); status != 200 {
		t.Errorf("a ping before the start: got %d, want 200", status)
	}
	l.e.open.Store(open)
	if status, _ := l.send(l.request(question("8"), time.Now())); status != 200 {
		t.Errorf("the same, once it is open: got %d, want 200", status)
	}
	if err := open.inbox.finish(time.Second, time.Second); err != nil {
		t.Error(err)
	}
	if status, _ := l.send(l.request(question("9"), time.Now())); status != 503 || l.done.Load() != 1 {
		t.Errorf("after the end: got %d, carried out %d times, want 503 and once", status, l.done.Load())
	}
}

func TestEndpointBearsWhatIsSigned(t *testing.T) {
	t.Parallel()
	l := newLetterbox(t, new(memory), nil)
	for _, tt := range []struct {
		name, body string
		status     int
		want       string
	}{
		{"a ping", `{"type":1}`, 200, `{"type":1}`},
		{"no JSON", `{`, 400, ""},
		{"nothing", ``, 400, ""},
		{"a list", `[]`, 400, ""},
		{"nobody", `{"id":"1","type":2,"token":"t","data":{"name":"talks"}}`, 400, ""},
		{"an unknown type", strings.Replace(question("77"), `"type":2`, `"type":99`, 1), 202, ""},
		{"an unknown command", strings.Replace(question("78"), `"talks"`, `"tolks"`, 1), 200, "tolks"},
		{"the largest", strings.Replace(question("79"), `"data"`, `"pad":"`+strings.Repeat("x", mostBody-len(question("79"))-len(`"pad":"",`))+`","data"`, 1), 200, "answer"},
		{"one byte more", strings.Replace(question("80"), `"data"`, `"pad":"`+strings.Repeat("x", mostBody+1-len(question("80"))-len(`"pad":"",`))+`","data"`, 1), 413, ""},
	} {
		for _, chunked := range []bool{false, true} {
			r := l.request(tt.body, time.Now()) // the second time it is a repetition
			if chunked {
				r.ContentLength = -1
			}
			if status, body := l.send(r); status != tt.status || !strings.Contains(body, tt.want) {
				t.Errorf("%s, chunked %t: got %d %.100s, want %d with %q", tt.name, chunked, status, body, tt.status, tt.want)
			}
		}
	}
}

func TestEndpointDoesNotWaitForSlowBodies(t *testing.T) {
	t.Parallel()
	l := newLetterbox(t, new(memory), nil)
	for name, sent := range map[string]int{"after its headers": 0, "in the middle": 20} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(l.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		body := question("1")
		r := l.request(body, time.Now())
		fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\nX-Signature-Timestamp: %s\r\nX-Signature-Ed25519: %s\r\n\r\n%s",
			len(body), r.Header.Get("X-Signature-Timestamp"), r.Header.Get("X-Signature-Ed25519"), body[:sent])
		if err := conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if reply, err := io.ReadAll(conn); err != nil || !strings.HasPrefix(string(reply), "HTTP/1.1 413") {
			t.Errorf("a body that ends %s: got %q and %v, want it refused and the connection closed", name, reply, err)
		}
	}
	if l.done.Load() != 0 {
		t.Error("the command was carried out")
	}
}

func TestEndpointAnswersARepetitionAsBefore(t *testing.T) {
	t.Parallel()
	shared := new(memory)
	here, there := newLetterbox(t, shared, nil), newLetterbox(t, shared, nil)
	var first string
	for n := range 3 {
		status, body := here.send(here.request(question("5"), time.Now()))
		if n == 0 {
			first = body
		}
		if status != 200 || body != first || !strings.Contains(body, "answer 1") {
			t.Errorf("time %d: got %d %s, want 200 with what came the first time, %s", n+1, status, body, first)
		}
	}
	if status, body := there.send(there.request(question("5"), time.Now())); status != 202 || body != "" {
		t.Errorf("on another copy: got %d %s, want 202 and nothing", status, body)
	}
	if here.done.Load() != 1 || there.done.Load() != 0 {
		t.Errorf("carried out %d times here and %d there, want once", here.done.Load(), there.done.Load())
	}
}

// Fifty of the same at once, while the first is still being answered, are one.
func TestEndpointAnswersSimultaneousRepetitionsOnce(t *testing.T) {
	t.Parallel()
	hold := make(chan struct{})
	l := newLetterbox(t, new(memory), hold)
	var senders sync.WaitGroup
	var right atomic.Int64
	for range 50 {
		r := l.request(question("6"), time.Now())
		senders.Go(func() {
			if status, body := l.send(r); status == 200 && strings.Contains(body, "answer 1") {
				right.Add(1)
			}
		})
	}
	close(hold)
	senders.Wait()
	if right.Load() != 50 || l.done.Load() != 1 {
		t.Errorf("%d of 50 got the answer, and it was made %d times; want all and once", right.Load(), l.done.Load())
	}
}

// What follows a deferred answer may overtake it; then it is tried again.
func TestEndpointFollowsADeferredAnswer(t *testing.T) {
	t.Parallel()
	hold := make(chan struct{})
	l := newLetterbox(t, new(memory), hold)
	var edits atomic.Int64
	edited := make(chan string, 1)
	r := soundless(t, new(memory), func(r *http.Request) (*http.Response, error) {
		if edits.Add(1) == 1 {
			return canned(http.StatusNotFound, `{"code":10015,"message":"Unknown Webhook"}`), nil
		}
		body, _ := io.ReadAll(r.Body)
		edited <- string(body)
		return canned(http.StatusOK, "{}"), nil
	})
	r.patience.deferAfter = 50 * time.Millisecond
	r.Set.Commands = []commands.Command{{Name: "talks", Run: func(context.Context, commands.Caller, commands.Input) (commands.Reply, error) {
		<-hold
		return commands.Reply{}, briefings.Tell(briefings.ErrInvalid, "a late mistake")
	}}}
	l.e.open.Load().router = r
	status, body := l.send(l.request(question("7"), time.Now()))
	var said answer
	if json.Unmarshal([]byte(body), &said) != nil || status != 200 || said.Type != answerDeferred {
		t.Errorf("got %d %s, want 200 and a deferral", status, body)
	}
	close(hold)
	if got := next(t, "the edit", edited); !strings.Contains(got, "a late mistake") || edits.Load() != 2 {
		t.Errorf("got %s at try %d, want the answer at the second", got, edits.Load())
	}
}

// A roll passes on which servers the bot is in at first.
type roll chan []briefings.DeskID

func (roll) Left(briefings.DeskID)   {}
func (roll) Joined(briefings.DeskID) {}

func (a roll) Ready(_, _ int, all []briefings.DeskID) { a <- all }
