package scenarios

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"sitrep/testenv"
)

// A nirn answers as nirn-proxy does, which keeps a bot's limits for all that use
// it: https://github.com/germanoeich/nirn-proxy. It passes paths, queries and
// headers as they are; its own answers are a 429 that says so, a 408 once
// Discord took too long, when Discord may have done as asked, and a 500.
type nirn struct {
	to  string // Discord's address
	mu  sync.Mutex
	own map[string][]string // what it answers next to a route, by method and end of the path
}

// next has the proxy answer a route in these ways, one after the other.
func (n *nirn) next(route string, ways ...string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.own[route] = append(n.own[route], ways...)
}

// left is how many of those are still to come.
func (n *nirn) left() (all int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, ways := range n.own {
		all += len(ways)
	}
	return all
}

func (n *nirn) way(r *http.Request) (way string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for route, ways := range n.own {
		method, end, _ := strings.Cut(route, " ")
		if len(ways) > 0 && r.Method == method && strings.HasSuffix(r.URL.Path, end) {
			n.own[route] = ways[1:]
			return ways[0]
		}
	}
	return ""
}

// ServeHTTP answers one request.
func (n *nirn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	way := n.way(r)
	if way == "429" { // while a member of its cluster is away
		for name, value := range map[string]string{
			"Generated-By-Proxy": "true", "X-RateLimit-Scope": "user", "X-RateLimit-Limit": "1", "X-RateLimit-Remaining": "0",
			"X-RateLimit-After": "1", "Retry-After": "1", "Content-Type": "application/json",
		} {
			w.Header().Set(name, value)
		}
		w.WriteHeader(http.StatusTooManyRequests)
		fmt.Fprint(w, "{\n\t\"global\": false,\n\t\"message\": \"You are being rate limited.\",\n\t\"retry_after\": 1\n}")
		return
	}
	request, err := http.NewRequestWithContext(r.Context(), r.Method, n.to+r.URL.Path+"?"+r.URL.RawQuery, bytes.NewReader(body))
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	request.Header = r.Header.Clone()
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		fmt.Fprint(w, err)
		return
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || way == "408" || way == "500" { // it gave up, and Discord went on
		status := http.StatusInternalServerError
		if way == "408" {
			status = http.StatusRequestTimeout
		}
		w.WriteHeader(status)
		fmt.Fprintf(w, "%s \"https://discord.com%s?\": context deadline exceeded", r.Method, r.URL.Path)
		return
	}
	for name, values := range response.Header { // the last of each alone, and no length
		if name != "Content-Length" {
			w.Header().Set(name, values[len(values)-1])
		}
	}
	w.WriteHeader(response.StatusCode)
	_, _ = w.Write(answer) // the bot hung up
}

// Behind a proxy that keeps Discord's limits sitrep starts, answers, and posts
// each digest once, whatever the proxy says of its own.
func TestBehindAProxyThatKeepsLimits(t *testing.T) {
	t.Parallel()
	discord := startSandbox(t)
	proxy := &nirn{to: discord.URL, own: map[string][]string{}}
	proxy.next("GET /applications/@me", "408", "429", "500")
	proxy.next("PUT /commands", "408")
	proxy.next("GET /gateway/bot", "408", "429")
	door := newFront(t, discord)
	door.meet(func(w http.ResponseWriter, r *http.Request) bool { proxy.ServeHTTP(w, r); return true })
	bot := spawnReady(t, "DISCORD_TOKEN="+discord.Token, "SITREP_DISCORD_API="+door.URL+"/api", "SITREP_CLOCK="+discord.URL+"/sandbox/clock",
		"SITREP_REDIS_URL="+testenv.Redis(t), "SITREP_DATA="+filepath.Join(t.TempDir(), "data"))
	ask := func(what, command string, want ...string) {
		t.Helper()
		says(t, what, asks(t, discord, `{"user":"reader","command":"`+command+`"}`), append(want, `"error":null`)...)
	}
	ask("a question", "energy", "612 attacks")
	ask("a picture", "positions", `"filename"`)
	for _, way := range []string{"429", "408", "500"} {
		proxy.next("POST /callback", way)
		ask("a question after "+way, "energy", "612 attacks")
		proxy.next("POST /callback", way)
		ask("a picture after "+way, "positions", `"filename"`)
	}
	says(t, "saving", saves(t, discord, 640), "F5 is updated")
	asks(t, discord, `{"user":"moderator","command":"digest add","options":{"at":"08:00"}}`)
	for day, way := range []string{"408", "429", "500"} {
		proxy.next("POST /messages", way, way)
		advance(t, discord, "24h")
		if got := digestsIn(t, discord.URL); got != day+1 {
			t.Errorf("after %s, %d digests on day %d, want one a day", way, got, day+1)
		}
	}
	if proxy.left() > 0 {
		t.Errorf("of the proxy's own answers these never came: %v", proxy.own)
	}
	if requests := door.requests(); !slices.ContainsFunc(requests, func(r string) bool { return strings.HasPrefix(r, "POST /api/v10/channels/") }) {
		t.Errorf("got %v, want paths as Discord has them, under /api/v10", requests)
	}
	if log := bot.log.all(); strings.Contains(log, tokensBegin) || strings.Contains(log, "level=ERROR") {
		t.Errorf("the log holds an error, or a token that the proxy repeated:\n%s", log)
	}
}
