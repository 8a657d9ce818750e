package sandbox

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

// careful checks signatures as a bot has to, then has answer reply to what is genuine.
func (s *stand) careful(answer http.HandlerFunc) http.HandlerFunc {
	key, err := hex.DecodeString(s.credentials.PublicKey)
	if err != nil {
		s.t.Fatal(err)
	}
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		sig, bad := hex.DecodeString(r.Header.Get("X-Signature-Ed25519"))
		if err != nil || bad != nil || len(sig) != ed25519.SignatureSize ||
			!ed25519.Verify(key, append([]byte(r.Header.Get("X-Signature-Timestamp")), body...), sig) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		var i struct{ Type int }
		if json.Unmarshal(body, &i) == nil && i.Type == 1 {
			jsonReply(w, `{"type":1}`)
			return
		}
		answer(w, r)
	}
}

func jsonReply(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, body)
}

// serveAt has the test's own server take interactions.
func (s *stand) serveAt(h http.HandlerFunc) string {
	s.t.Helper()
	server := httptest.NewServer(h)
	s.t.Cleanup(server.Close)
	return server.URL
}

func (s *stand) setEndpoint(url any) (int, obj) {
	return s.bot("PATCH", "/applications/@me", obj{"interactions_endpoint_url": url})
}

func TestEndpointIsVerified(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	good := s.careful(nil)
	lax := func(lenient func(r *http.Request) bool) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if lenient(r) {
				jsonReply(w, `{"type":1}`)
				return
			}
			good(w, r)
		}
	}
	for _, tt := range []struct {
		name  string
		serve http.HandlerFunc
		want  string // words of the refusal, "" where the endpoint is taken
	}{
		{"a careful one", good, ""},
		{"one that believes everything", lax(func(*http.Request) bool { return true }), "changed after signing got 200"},
		{"one that needs no signature", lax(func(r *http.Request) bool { return r.Header.Get(headerSignature) == "" }), "no signature got 200"},
		{"one that needs no timestamp", lax(func(r *http.Request) bool { return r.Header.Get(headerTimestamp) == "" }), "no timestamp got 200"},
		{"one that takes any signature of that form", lax(func(r *http.Request) bool { return len(r.Header.Get(headerSignature)) == 2 }), "signature that is none got 200"},
		{"one that refuses with 403", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(403) }, "a signed PING got 403"},
		{"one that answers in plain text", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"type":1}`) }, "of type \"text/plain\""},
		{"one that answers something else", func(w http.ResponseWriter, _ *http.Request) { jsonReply(w, `{"type":4}`) }, "a signed PING got 200"},
		{"one that sends elsewhere", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusFound) }, "a signed PING got 302"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			url := s.serveAt(tt.serve)
			status, got := s.setEndpoint(url)
			if tt.want == "" {
				if status != 200 || got["interactions_endpoint_url"] != url {
					t.Errorf("setting it answered %d %v, want 200 and the address", status, got)
				}
				return
			}
			raw, _ := json.Marshal(got)
			if f := faultsOf(got); status != 400 || len(f) != 1 || f[0] != "interactions_endpoint_url APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID" {
				t.Errorf("setting it answered %d %s", status, raw)
			}
			told := textOf(objectOf(listOf(objectOf(objectOf(got["errors"])["interactions_endpoint_url"])["_errors"])[0])["message"])
			if !strings.Contains(told, tt.want) {
				t.Errorf("told %q, want it to say %q", told, tt.want)
			}
		})
	}
	if status, got := s.setEndpoint("http://127.0.0.1:1/"); status != 400 || codeOf(got) != 50035 {
		t.Errorf("setting an address where nobody is answered %d %v, want 50035", status, got)
	}
}

func TestEndpointTakesInteractions(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	s.register(slash("talks"))
	answer := atomic.Value{}
	url := s.serveAt(s.careful(func(w http.ResponseWriter, r *http.Request) { answer.Load().(http.HandlerFunc)(w, r) }))
	if status, got := s.setEndpoint(url); status != 200 {
		t.Fatalf("setting the endpoint answered %d %v", status, got)
	}
	reply := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { jsonReply(w, body) }
	}
	byRoute := func(w http.ResponseWriter, r *http.Request) {
		var i struct{ ID, Token string }
		_ = json.NewDecoder(r.Body).Decode(&i)
		s.send("POST", "/api/v10/interactions/"+i.ID+"/"+i.Token+"/callback", "", obj{"type": 4, "data": obj{"content": "by the route"}})
		w.WriteHeader(http.StatusAccepted)
	}
	for _, tt := range []struct {
		name, text, err, reason string
		answer                  http.HandlerFunc
	}{
		{"in the reply", "at once", "", "", reply(`{"type":4,"data":{"content":"at once"}}`)},
		{"by the callback route", "by the route", "", "", byRoute},
		{"against Discord's rules", "", "rejected", "data.content", reply(`{"type":4,"data":{"content":5}}`)},
		{"of a kind that doesn't fit", "", "rejected", "Callback type 8", reply(`{"type":8,"data":{}}`)},
		{"with an error", "", "rejected", "answered 500", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }},
		{"with 200 and nothing", "", "rejected", "without a callback", func(http.ResponseWriter, *http.Request) {}},
		{"no JSON", "", "rejected", "50109", reply(`{`)},
	} {
		answer.Store(tt.answer)
		got := s.control("POST", "interactions", obj{"user": "reader", "command": "talks"})
		if textOf(got["text"]) != tt.text || textOf(got["error"]) != tt.err || !strings.Contains(textOf(got["reason"]), tt.reason) {
			t.Errorf("%s: outcome %v, want text %q, error %q and a reason of %q", tt.name, got, tt.text, tt.err, tt.reason)
		}
	}
	if status, got := s.setEndpoint(nil); status != 200 || got["interactions_endpoint_url"] != nil {
		t.Errorf("taking the endpoint away answered %d %v", status, got)
	}
	if got := s.control("POST", "interactions", obj{"user": "reader", "command": "talks"}); got["error"] != "not_connected" {
		t.Errorf("without endpoint and gateway the outcome is %v, want not_connected", got)
	}
}

func TestEndpointThatIsGone(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	s.register(slash("talks"))
	server := httptest.NewServer(s.careful(nil))
	if status, got := s.setEndpoint(server.URL); status != 200 {
		t.Fatalf("setting the endpoint answered %d %v", status, got)
	}
	server.Close()
	if got := s.control("POST", "interactions", obj{"user": "reader", "command": "talks"}); got["error"] != "not_connected" {
		t.Errorf("outcome = %v, want not_connected", got)
	}
}

// Discord tests endpoints with bad signatures at any time, and takes away one that fails.
func TestEndpointIsProbedAgain(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	s.register(slash("talks"))
	asleep := atomic.Bool{}
	good := s.careful(func(w http.ResponseWriter, _ *http.Request) { jsonReply(w, `{"type":4,"data":{"content":"x"}}`) })
	url := s.serveAt(func(w http.ResponseWriter, r *http.Request) {
		if asleep.Load() {
			jsonReply(w, `{"type":4,"data":{"content":"x"}}`)
			return
		}
		good(w, r)
	})
	if status, got := s.setEndpoint(url); status != 200 {
		t.Fatalf("setting the endpoint answered %d %v", status, got)
	}
	for range probeEvery {
		s.control("POST", "interactions", obj{"user": "reader", "command": "talks"})
	}
	if _, got := s.bot("GET", "/applications/@me", nil); got["interactions_endpoint_url"] != url {
		t.Errorf("a careful endpoint became %v", got["interactions_endpoint_url"])
	}
	asleep.Store(true)
	for range probeEvery {
		s.control("POST", "interactions", obj{"user": "reader", "command": "talks"})
	}
	if _, got := s.bot("GET", "/applications/@me", nil); got["interactions_endpoint_url"] != nil {
		t.Errorf("an endpoint that believes everything is still %v", got["interactions_endpoint_url"])
	}
}

func TestEndpointOverRestarts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := newStand(t, Options{Dir: dir, Limits: unlimited()})
	url := s.serveAt(s.careful(nil))
	s.setEndpoint(url)
	again := newStand(t, Options{Dir: killed(t, dir, "")})
	if _, got := again.bot("GET", "/applications/@me", nil); got["interactions_endpoint_url"] != url {
		t.Errorf("after a restart the endpoint is %v, want %s", got["interactions_endpoint_url"], url)
	}
}

func applicationCourt() court {
	return court{
		request: "PATCH /applications/@me", status: 200, path: func(*stand) string { return "/applications/@me" },
		rulings: []ruling{
			{name: "nothing", body: obj{}},
			{name: "no endpoint", body: obj{"interactions_endpoint_url": nil}},
			{name: "an endpoint that is no link", body: obj{"interactions_endpoint_url": "briefing room"}, want: []string{"interactions_endpoint_url URL_TYPE_INVALID_URL"}},
			{name: "an endpoint elsewhere than on the web", body: obj{"interactions_endpoint_url": "ftp://example.com"}, want: []string{"interactions_endpoint_url URL_TYPE_INVALID_SCHEME"}, alone: docsOnly},
			{name: "an endpoint that is a number", body: obj{"interactions_endpoint_url": 5}, want: []string{"interactions_endpoint_url STRING_TYPE_CONVERT"}},
			{name: "a description of 400", body: obj{"description": letters(400)}, alone: "the documentation says that it is a text"},
			{name: "a description of 401", body: obj{"description": letters(401)}, want: []string{"description BASE_TYPE_MAX_LENGTH"}},
			{name: "a description with translations", body: obj{"description": obj{"default": letters(400), "localizations": obj{"uk": "x"}}}},
			{name: "5 tags", body: obj{"tags": list{"a", "b", "c", "d", letters(20)}}},
			{name: "6 tags", body: obj{"tags": list{"a", "b", "c", "d", "e", "f"}}, want: []string{"tags BASE_TYPE_MAX_LENGTH"}},
			{name: "a tag of 21", body: obj{"tags": list{letters(21)}}, want: []string{"tags.0 BASE_TYPE_BAD_LENGTH"}},
			{name: "a tag twice", body: obj{"tags": list{"a", "a"}}, want: []string{"tags.1 SET_TYPE_ALREADY_CONTAINS_VALUE"}},
			{name: "for servers and members", body: obj{"integration_types_config": obj{"0": obj{}, "1": obj{}}}},
			{name: "for nobody", body: obj{"integration_types_config": obj{}}, want: []string{"integration_types_config BASE_TYPE_MIN_LENGTH"}},
			{name: "for others", body: obj{"integration_types_config": obj{"2": obj{}}}, want: []string{"integration_types_config.2 UNKNOWN_KEY"}, alone: docsOnly},
			{name: "an icon", body: obj{"icon": "x"}, want: []string{"icon SANDBOX_UNSUPPORTED"}, alone: "the sandbox has no use for it"},
			{name: "a misspelt key", body: obj{"interaction_endpoint_url": ""}, want: []string{"interaction_endpoint_url UNKNOWN_KEY"}},
		},
	}
}

func TestApplicationRules(t *testing.T) {
	t.Parallel()
	applicationCourt().hold(t)
}
