package cache

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sitrep/briefings"
	"sitrep/testenv"
)

// listening starts Changes and returns what it tells, one line each. It ends
// with the test, which fails unless Changes then returns nil.
func listening(t *testing.T, c *Cache) <-chan string {
	t.Helper()
	heard := make(chan string, 100)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- c.Changes(ctx, func(desk briefings.DeskID, rev int) { heard <- fmt.Sprintf("%s %d", desk, rev) })
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Changes: %v, want nil where ctx ended", err)
		}
	})
	return heard
}

func hears(t *testing.T, heard <-chan string, want string) {
	t.Helper()
	select {
	case got := <-heard:
		if got != want {
			t.Errorf("heard %q, want %q", got, want)
		}
	case <-time.After(time.Minute):
		t.Fatalf("heard nothing, want %q", want)
	}
}

const subscribed = " 0"

func testChanges(t *testing.T, c *Cache) {
	one, two := listening(t, c), listening(t, c)
	hears(t, one, subscribed)
	hears(t, two, subscribed)
	if err := c.Keep(t.Context(), "1", 7, []byte("seven")); err != nil {
		t.Fatal(err)
	}
	if err := c.Keep(t.Context(), "1", 6, []byte("six")); err != nil {
		t.Fatal(err)
	}
	if err := c.Keep(t.Context(), "2", 1, []byte("one")); err != nil {
		t.Fatal(err)
	}
	for _, heard := range []<-chan string{one, two} {
		hears(t, heard, "1 7")
		hears(t, heard, "2 1") // and no word of the six, which was refused
	}
}

func TestChangesSkipsRubbish(t *testing.T) {
	t.Parallel()
	log := new(lines)
	c := open(t, testenv.Redis(t), slog.New(slog.NewTextHandler(log, nil)))
	heard := listening(t, c)
	hears(t, heard, subscribed)
	for _, payload := range []string{
		"", " ", "7", "7 ", "x 1", "-1 1", "1.5 1", "99999999999999999999 1", "1 " + strings.Repeat("x", 65), "7 1",
	} {
		if err := c.client.Publish(t.Context(), c.channel, payload).Err(); err != nil {
			t.Fatal(err)
		}
	}
	hears(t, heard, "1 7")
	if n := log.count("somebody else writes"); n != 1 {
		t.Errorf("complained %d times, want once", n)
	}
}

func TestChangesEndsWithClose(t *testing.T) {
	t.Parallel()
	c := open(t, Embedded, slog.New(slog.DiscardHandler))
	ready := make(chan struct{})
	ended := make(chan error)
	go func() {
		ended <- c.Changes(t.Context(), func(briefings.DeskID, int) { close(ready) })
	}()
	<-ready
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; err == nil {
		t.Error("got no error, want that the cache is closed")
	}
}

// TestOutage takes a real Redis away and brings it back.
func TestOutage(t *testing.T) {
	t.Parallel()
	server := testenv.StartRedis(t)
	log := new(lines)
	c := open(t, server.URL(), slog.New(slog.NewTextHandler(log, nil)))
	heard := listening(t, c)
	hears(t, heard, subscribed)
	if err := c.Keep(t.Context(), "1", 1, []byte("kept")); err != nil {
		t.Fatal(err)
	}
	hears(t, heard, "1 1")

	server.Stop()
	began := time.Now()
	for range 50 {
		if _, err := c.Load(t.Context(), "1"); !errors.Is(err, briefings.ErrUnavailable) {
			t.Errorf("Load: got %v, want unavailable", err)
		}
		if err := c.Keep(t.Context(), "1", 2, nil); !errors.Is(err, briefings.ErrUnavailable) {
			t.Errorf("Keep: got %v, want unavailable", err)
		}
		if _, _, err := c.Admit(t.Context(), "tag", "k", time.Minute, nil); !errors.Is(err, briefings.ErrUnavailable) {
			t.Errorf("Admit: got %v, want unavailable", err)
		}
	}
	if err := c.Ping(t.Context()); !errors.Is(err, briefings.ErrUnavailable) {
		t.Errorf("Ping: got %v, want unavailable", err)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("150 calls took %s, want them to fail fast", took)
	}

	server.Start()
	hears(t, heard, subscribed)
	if got, err := c.Load(t.Context(), "1"); got != nil || err != nil {
		t.Errorf("after the restart: got %q, %v, want nothing", got, err)
	}
	if err := c.Keep(t.Context(), "1", 1, []byte("kept")); err != nil {
		t.Error(err)
	}
	hears(t, heard, "1 1")
	for _, line := range []string{"redis is away", "redis is back"} {
		if n := log.count(line); n != 1 {
			t.Errorf("%q was logged %d times, want once:\n%s", line, n, log)
		}
	}
}

// TestHung has a Redis that still takes connections, and never answers.
func TestHung(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]string{
		"one": "redis://" + silent(t), "Sentinels": "redis+sentinel://" + silent(t) + "," + silent(t) + "/mymaster", "a Cluster": "redis+cluster://" + silent(t) + "," + silent(t),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := new(lines)
			c := open(t, url, slog.New(slog.NewTextHandler(log, nil)))
			began := time.Now()
			for range 20 {
				if _, err := c.Load(t.Context(), "1"); !errors.Is(err, briefings.ErrUnavailable) {
					t.Errorf("got %v, want unavailable", err)
				}
			}
			if took := time.Since(began); took > 2*perCall {
				t.Errorf("20 calls took %s, want one to wait and the others not to", took)
			}
			if n := log.count("redis is away"); n != 1 {
				t.Errorf("logged %d times, want once", n)
			}
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if _, err := c.Load(ctx, "1"); err == nil {
				t.Error("a caller that is gone: got no error")
			}
		})
	}
}

// silent is the address of a server that takes connections and never answers.
func silent(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l.Addr().String()
}

func TestHealth(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		log := new(lines)
		h := health{log: slog.New(slog.NewTextHandler(log, nil))}
		refused := errors.New("connection refused")
		for i, step := range []struct {
			saw   error
			after time.Duration
			away  error
		}{
			{nil, 0, nil},
			{context.Canceled, 0, nil},
			{refused, 0, refused},
			{refused, probeEvery - 1, refused},
			{refused, probeEvery, nil}, // one may try
			{refused, 1, refused},
			{context.Canceled, probeEvery, nil},
			{nil, 0, nil},
			{context.DeadlineExceeded, 0, context.DeadlineExceeded},
			{nil, 0, nil},
		} {
			h.saw(t.Context(), step.saw)
			time.Sleep(step.after) // in the bubble no time passes
			if got := h.away(); !errors.Is(got, step.away) || (got == nil) != (step.away == nil) {
				t.Errorf("step %d: away is %v, want %v", i, got, step.away)
			}
		}
		if err := h.away(); err != nil {
			t.Errorf("in the end: %v, want nil", err)
		}
		for line, want := range map[string]int{"redis is away": 2, "redis is back": 2} {
			if n := log.count(line); n != want {
				t.Errorf("%q was logged %d times, want %d:\n%s", line, n, want, log)
			}
		}
	})
}

// reply is an answer of Redis that is an error.
type reply string

func (r reply) Error() string { return string(r) }
func (r reply) RedisError()   {}

func TestLost(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		want bool
	}{
		{net.ErrClosed, true},
		{context.DeadlineExceeded, true},
		{context.Canceled, false},
		{reply("OOM command not allowed when used memory > 'maxmemory'."), false},
		{reply("ERR unknown command"), false},
		{reply("READONLY You can't write against a read only replica."), false},
		{reply("LOADING Redis is loading the dataset in memory"), true},
		{reply("WRONGPASS invalid username-password pair"), true},
		{reply("NOAUTH Authentication required."), true},
		{reply("CLUSTERDOWN Hash slot not served"), true},
		{fmt.Errorf("wrapped: %w", reply("ERR unknown command")), false},
	} {
		if got := lost(tt.err); got != tt.want {
			t.Errorf("lost(%v) = %t, want %t", tt.err, got, tt.want)
		}
	}
}

func TestWrongPassword(t *testing.T) {
	t.Parallel()
	url := strings.Replace(testenv.Redis(t), "redis://:", "redis://:hunter2", 1)
	log := new(lines)
	c := open(t, url, slog.New(slog.NewTextHandler(log, nil)))
	for range 3 {
		err := c.Ping(t.Context())
		if !errors.Is(err, briefings.ErrUnavailable) || !strings.Contains(err.Error(), "WRONGPASS") {
			t.Errorf("got %v, want unavailable for the password", err)
		}
		log.all.WriteString(err.Error())
	}
	if log.count("hunter2") != 0 || log.count("redis is away") != 1 {
		t.Errorf("logged\n%s\nwant one line without the password", log)
	}
}

// lines is a log that can be read while it is written.
type lines struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

func (l *lines) count(text string) int { return strings.Count(l.String(), text) }
