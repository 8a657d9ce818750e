package scenarios

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"sitrep/testenv"
)

//nolint:gochecknoglobals // a flag, which nothing changes once it is read
var frozenFor = flag.Duration("frozen.for", 0, "how long at least a copy is frozen in TestFrozenCopy; else until another has taken over")

// A copy is stopped in the middle of sending a digest, as a machine that hangs,
// another takes over, and the first goes on long after: there is one message,
// and not even a request to post another, which only Discord's memory of the
// nonce would have turned away.
func TestFrozenCopy(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		latency int // milliseconds that Discord takes over a post
		posting bool
	}{
		{"while its post is under way", 3000, true},
		{"between checking its fence and posting", 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			discord, server := startSandbox(t), testenv.Redis(t)
			gate := newGate(t, server)
			environ := []string{
				"DISCORD_TOKEN=" + discord.Token, "SITREP_DISCORD_API=" + discord.URL + "/api", "SITREP_CLOCK=" + discord.URL + "/sandbox/clock",
				"SITREP_DATABASE_URL=" + testenv.Postgres(t), "SITREP_DATA=" + filepath.Join(t.TempDir(), "data"),
			}
			first := spawnReady(t, append(environ, "SITREP_REDIS_URL="+gate.url)...)
			t.Cleanup(func() { _ = first.process.Process.Signal(syscall.SIGCONT) }) // so that it can end
			post(t, discord.URL+"/sandbox/interactions", `{"user":"moderator","command":"digest add","options":{"at":"08:00"}}`)
			asked := countPosts(t, discord, tt.latency)

			frozen := make(chan struct{})
			freeze := func() {
				_ = first.process.Process.Signal(syscall.SIGSTOP) // had it ended, nothing below would come
				close(frozen)
			}
			if !tt.posting {
				gate.shut("requests:", freeze)
			}
			var moving errgroup.Group
			moving.Go(func() error {
				moved, err := http.Post(discord.URL+"/sandbox/clock", "application/json", strings.NewReader(`{"advance":"24h"}`))
				if err != nil {
					return err
				}
				return moved.Body.Close()
			})
			if tt.posting {
				awaitTrue(t, "a post", func() bool { return asked() > 0 })
				freeze()
			}
			<-frozen
			began := time.Now()
			if err := moving.Wait(); err != nil {
				t.Fatal(err)
			}
			second := spawnReady(t, append(environ, "SITREP_REDIS_URL="+server)...)
			expect(t, second, "digest settled")
			time.Sleep(time.Until(began.Add(*frozenFor)))

			_ = first.process.Process.Signal(syscall.SIGCONT) // had it ended, the next line would tell
			gate.open()
			expect(t, first, "digest left to the copy that claimed it since")
			if got := asked(); got != 1 {
				t.Errorf("%d requests to post the one digest, want 1", got)
			}
			if got := digestsIn(t, discord.URL); got != 1 {
				t.Errorf("%d digests, want 1", got)
			}
			advance(t, discord, "24h")
			if got := digestsIn(t, discord.URL); got != 2 {
				t.Errorf("%d digests a day later, want 2", got)
			}
			t.Logf("frozen for %v", time.Since(began).Round(time.Second))
		})
	}
}

func spawnReady(t *testing.T, environ ...string) spawned {
	t.Helper()
	p := spawn(t, nil, environ...)
	expect(t, p, "ready http")
	return p
}

func expect(t *testing.T, p spawned, words string) {
	t.Helper()
	if _, err := p.log.await(words, p.exited); err != nil {
		t.Fatal(err)
	}
}

// countPosts has Discord take some time over each post, and counts them.
func countPosts(t *testing.T, discord elsewhere, latency int) (count func() int) {
	t.Helper()
	list := []outage{{Match: posts + " /channels/*/messages", LatencyMS: latency}}
	body, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	fetch(t, http.MethodPut, discord.URL+"/sandbox/faults", string(body))
	return func() int {
		if err := json.Unmarshal([]byte(fetch(t, http.MethodGet, discord.URL+"/sandbox/faults", "")), &list); err != nil {
			t.Fatal(err)
		}
		return list[0].Used
	}
}

func awaitTrue(t *testing.T, what string, there func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !there(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited %v for %s", patience, what)
		}
	}
}

// A gate stands before a Redis and can keep one request from it.
type gate struct {
	url    string
	behind string
	opened chan struct{}
	over   <-chan struct{} // at the test's end

	mu    sync.Mutex
	words string // of the request to be kept; "" for none
	kept  func()
}

func newGate(t *testing.T, server string) *gate {
	t.Helper()
	at, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{behind: at.Host, opened: make(chan struct{}), over: t.Context().Done()}
	at.Host = listener.Addr().String()
	g.url = at.String()
	var passing sync.WaitGroup
	t.Cleanup(passing.Wait)
	t.Cleanup(func() { _ = listener.Close() })
	passing.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return // the test is over
			}
			passing.Go(func() { g.pass(conn) })
		}
	})
	return g
}

// shut keeps the next request that holds words, after calling kept, until the gate is opened.
func (g *gate) shut(words string, kept func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.words, g.kept = words, kept
}

func (g *gate) open() { close(g.opened) }

// pass ends with the connection.
func (g *gate) pass(conn net.Conn) {
	defer conn.Close()
	server, err := net.Dial("tcp", g.behind)
	if err != nil {
		return
	}
	defer server.Close()
	var answers sync.WaitGroup
	defer answers.Wait()
	answers.Go(func() {
		_, _ = io.Copy(conn, server) // either side may go away
		_ = conn.Close()
	})
	defer server.Close()
	chunk := make([]byte, 64<<10)
	for {
		n, err := conn.Read(chunk)
		if err != nil {
			return
		}
		g.keep(chunk[:n])
		if _, err := server.Write(chunk[:n]); err != nil {
			return
		}
	}
}

func (g *gate) keep(request []byte) {
	g.mu.Lock()
	caught := g.words != "" && bytes.Contains(request, []byte(g.words))
	if caught {
		g.words = ""
	}
	g.mu.Unlock()
	if caught {
		g.kept()
		select {
		case <-g.opened:
		case <-g.over:
		}
	}
}
