package scenarios

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"sitrep/testenv"
)

// A balancer spreads requests over copies, one after the other.
type balancer struct {
	*httptest.Server
	mu     sync.Mutex
	copies []*httputil.ReverseProxy
	next   atomic.Int64
}

func newBalancer(tb testing.TB) *balancer {
	tb.Helper()
	b := &balancer{}
	b.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.mu.Lock()
		chosen := b.copies[int(b.next.Add(1))%len(b.copies)]
		b.mu.Unlock()
		chosen.ServeHTTP(w, r)
	}))
	tb.Cleanup(b.Close)
	return b
}

// over spreads from now on over these alone.
func (b *balancer) over(tb testing.TB, copies ...spawned) {
	tb.Helper()
	var all []*httputil.ReverseProxy
	for _, c := range copies {
		to, err := url.Parse(c.log.address())
		if err != nil {
			tb.Fatal(err)
		}
		all = append(all, httputil.NewSingleHostReverseProxy(to))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.copies = all
}

// endpointOf has a sandbox send interactions to an address.
func endpointOf(tb testing.TB, discord elsewhere, address string) {
	tb.Helper()
	request, err := http.NewRequest(http.MethodPatch, discord.URL+"/api/v10/applications/@me", strings.NewReader(`{"interactions_endpoint_url":"`+address+`/interactions"}`))
	if err != nil {
		tb.Fatal(err)
	}
	request.Header.Set("Authorization", "Bot "+discord.Token)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		tb.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		tb.Fatalf("Discord takes no such endpoint: %s", response.Status)
	}
}

// Two copies behind a load balancer, with no gateway, are one bot: to either go
// questions, forms, choices and pictures; what one publishes the other shows; a
// repeated interaction is carried out once, whichever copies it comes to; and
// when one is killed, the other goes on.
func TestTwoCopiesBehindALoadBalancer(t *testing.T) {
	t.Parallel()
	discord := startSandbox(t)
	environ := []string{
		"DISCORD_TOKEN=" + discord.Token, "DISCORD_PUBLIC_KEY=" + discord.Key, "SITREP_DISCORD_API=" + discord.URL + "/api", "SITREP_CLOCK=" + discord.URL + "/sandbox/clock",
		"SITREP_DATABASE_URL=" + testenv.Postgres(t), "SITREP_REDIS_URL=" + testenv.Redis(t), "SITREP_DATA=" + filepath.Join(t.TempDir(), "data"),
	}
	copies := []spawned{spawnReady(t, environ...), spawnReady(t, environ...)}
	front := newBalancer(t)
	front.over(t, copies...)
	endpointOf(t, discord, front.URL)
	for key, want := range map[string]string{discord.Key: "✓ Endpoint: Discord sends interactions to " + front.URL, "": "✗ Gateway: no interaction comes over it"} {
		if code, said := finish(t, append(environ, "DISCORD_PUBLIC_KEY="+key), "doctor"); (code == 0) != (key != "") || !strings.Contains(said, want) {
			t.Errorf("doctor with the key %q: exit code %d, want %q in\n%s", key, code, want, said)
		}
	}

	for _, body := range slices.Repeat([]string{
		`{"user":"reader","command":"talks"}`, `{"user":"reader","command":"positions"}`, // the latter with a picture
		`{"user":"reader","command":"talks","options":{"share":true}}`,
	}, 2) {
		if got := asked(t, discord, body); got.Kind != "message" || got.Error != nil {
			t.Errorf("%s: got %+v, want a message", body, got)
		}
	}
	for range 2 {
		if got := asked(t, discord, `{"user":"reader","command":"actors","options":{"name":"zel"},"focused":"name"}`); got.Kind != "choices" || got.Error != nil {
			t.Errorf("completing: got %+v, want choices", got)
		}
	}
	for value := 700; value < 706; value++ {
		form := post(t, discord.URL+"/sandbox/interactions", `{"user":"moderator","command":"desk edit","options":{"item":"F5"}}`)
		_, id, _ := strings.Cut(form, `"custom_id":"desk-save`)
		id, _, _ = strings.Cut(id, `"`)
		// Discord sends it three times, and each copy gets some of them
		fetch(t, http.MethodPut, discord.URL+"/sandbox/faults", `[{"match":"INTERACTION_CREATE","repeat":2,"times":1}]`)
		saved := post(t, discord.URL+"/sandbox/interactions",
			fmt.Sprintf(`{"user":"moderator","modal":"desk-save%s","fields":{"value":"%d","op":"amend","reason":"counted again"}}`, id, value))
		if !strings.Contains(saved, "F5 is updated") {
			t.Fatalf("saving %d: got %s", value, saved)
		}
		want, told := fmt.Sprintf("%d attacks", value), false
		for range 2 { // the news may need some milliseconds to the other copy
			told = told || strings.Contains(post(t, discord.URL+"/sandbox/interactions", `{"user":"reader","command":"energy"}`), want)
		}
		if !told {
			t.Errorf("asked twice after %d was published, and never told so", value)
		}
	}
	if err := copies[0].process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-copies[0].exited
	front.over(t, copies[1])
	if got := post(t, discord.URL+"/sandbox/interactions", `{"user":"reader","command":"energy"}`); !strings.Contains(got, "705 attacks") {
		t.Errorf("after one copy was killed: got %s, want an answer", got)
	}
	post(t, discord.URL+"/sandbox/interactions", `{"user":"moderator","command":"digest add","options":{"at":"08:00"}}`)
	post(t, discord.URL+"/sandbox/clock", `{"advance":"24h"}`)
	if got := digestsIn(t, discord.URL); got != 1 {
		t.Errorf("%d digests after a day, want 1: they need no gateway", got)
	}
	if log := fetch(t, http.MethodGet, discord.URL+"/sandbox/log", ""); strings.Contains(log, `"IDENTIFY"`) {
		t.Error("a copy connected to the gateway, want none to")
	}
}

// told is what became of an interaction.
type told struct {
	Kind   string  `json:"kind"`
	Text   string  `json:"text"`
	Error  *string `json:"error"`
	Reason string  `json:"reason"`
	ID     string  `json:"interaction_id"`
}

func asked(tb testing.TB, discord elsewhere, body string) told {
	tb.Helper()
	var got told
	if err := json.Unmarshal([]byte(post(tb, discord.URL+"/sandbox/interactions", body)), &got); err != nil {
		tb.Fatal(err)
	}
	return got
}
