package clock_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"sitrep/sandbox"
	"sitrep/sandbox/clock"
)

func serve(t *testing.T) (address string) {
	t.Helper()
	s, err := sandbox.Open(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		server.Close()
	})
	return server.URL + "/sandbox/clock"
}

func move(t *testing.T, address, body string) {
	t.Helper()
	resp, err := http.Post(address, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("moving the clock answered %d, want 200", resp.StatusCode)
	}
}

func TestNowRunsOnFromTheSandbox(t *testing.T) {
	t.Parallel()
	address := serve(t)
	move(t, address, `{"now":"2026-03-01T12:00:00Z"}`)
	c, err := clock.Dial(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	want := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	first := c.Now()
	if d := first.Sub(want); d < 0 || d > time.Minute {
		t.Errorf("Now() = %v, want just after %v", first, want)
	}
	if second := c.Now(); second.Before(first) {
		t.Errorf("Now() went back from %v to %v", first, second)
	}
}

func TestDialRefuses(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(gone.Close)
	for _, address := range []string{"", "127.0.0.1:8080", "ftp://127.0.0.1/", "http://", gone.URL} {
		if _, err := clock.Dial(t.Context(), address); err == nil {
			t.Errorf("Dial(%q) succeeded, want an error", address)
		}
	}
}

func TestFollowDoesEverySlotOfAnAdvanceInOrder(t *testing.T) {
	t.Parallel()
	address := serve(t)
	move(t, address, `{"now":"2026-01-19T06:00:00Z"}`)
	c, err := clock.Dial(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	due := time.Date(2026, time.January, 19, 7, 0, 0, 0, time.UTC)
	slots := make(chan time.Time, 100)
	met, ended := make(chan bool), make(chan error, 1)
	first := true
	go func() {
		ended <- c.Follow(ctx, func(_ context.Context, now time.Time) (time.Time, error) {
			for !due.After(now) {
				slots <- now
				due = due.Add(time.Hour)
			}
			if first {
				first = false
				close(met)
			}
			return due, nil
		})
	}()
	<-met
	move(t, address, `{"advance":"5h30m"}`)
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("Follow() = %v, want nil after its context ended", err)
	}
	close(slots)
	hour := 7
	for at := range slots {
		want := time.Date(2026, time.January, 19, hour, 0, 0, 0, time.UTC)
		if !at.Equal(want) {
			t.Errorf("slot at %v, want %v", at, want)
		}
		hour++
	}
	if hour != 12 {
		t.Errorf("last slot at %d:00, want 11:00", hour-1)
	}
}

func TestFollowEndsWithTheFollowersError(t *testing.T) {
	t.Parallel()
	c, err := clock.Dial(t.Context(), serve(t))
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("no more")
	err = c.Follow(t.Context(), func(context.Context, time.Time) (time.Time, error) { return time.Time{}, broken })
	if !errors.Is(err, broken) {
		t.Errorf("Follow() = %v, want %v", err, broken)
	}
}

// scripted is a sandbox that answers each question in turn, and then holds its peace.
func scripted(t *testing.T, answers ...string) (address string, asked chan string) {
	t.Helper()
	asked = make(chan string, 64)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		q.Del("follower")
		asked <- q.Encode()
		if len(answers) == 0 {
			<-r.Context().Done()
			return
		}
		answer := answers[0]
		answers = answers[1:]
		if status, err := strconv.Atoi(answer); err == nil {
			w.WriteHeader(status)
			return
		}
		_, _ = w.Write([]byte(answer)) // a client that is gone fails the test elsewhere
	}))
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL, asked
}

const standing = `{"now":"2026-01-19T06:00:00Z","running":false,"step":`

func TestFollowAsks(t *testing.T) {
	t.Parallel()
	due := time.Date(2026, time.January, 19, 8, 0, 0, 0, time.UTC)
	seen := func(step string) string { return "next=2026-01-19T08%3A00%3A00Z&seen=" + step }
	for _, tt := range []struct {
		name    string
		answers []string // after the one to Dial
		asked   []string
		worked  int
	}{
		{"for the first time, then for a move", []string{standing + "1}"}, []string{"", seen("1")}, 1},
		{"for each move", []string{standing + "1}", standing + "2}"}, []string{"", seen("1"), seen("2")}, 2},
		{"on where nothing moved", []string{standing + "1}", standing + "1}"}, []string{"", seen("1"), seen("1")}, 1},
		{"anew when it was dropped", []string{standing + "1}", "404", standing + "5}"}, []string{"", seen("1"), "", seen("5")}, 2},
		{"again when the sandbox is away", []string{"500", standing + "1}"}, []string{"", "", seen("1")}, 1},
		{"again when the answer can't be read", []string{"{", standing + "1}"}, []string{"", "", seen("1")}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			address, asked := scripted(t, append([]string{standing + "0}"}, tt.answers...)...)
			c, err := clock.Dial(t.Context(), address)
			if err != nil {
				t.Fatal(err)
			}
			<-asked
			ctx, cancel := context.WithCancel(t.Context())
			worked, ended := 0, make(chan error, 1)
			go func() {
				ended <- c.Follow(ctx, func(context.Context, time.Time) (time.Time, error) {
					worked++
					return due, nil
				})
			}()
			for i, want := range tt.asked {
				if got := <-asked; got != want {
					t.Errorf("question %d = %q, want %q", i, got, want)
				}
			}
			cancel()
			if err := <-ended; err != nil {
				t.Errorf("Follow() = %v, want nil after its context ended", err)
			}
			if worked != tt.worked {
				t.Errorf("the follower worked %d times, want %d", worked, tt.worked)
			}
		})
	}
}

// A clock that stands still tells the same time however long one waits.
func TestNowStandsStill(t *testing.T) {
	t.Parallel()
	address, _ := scripted(t, standing+"0}")
	c, err := clock.Dial(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	want := time.Date(2026, time.January, 19, 6, 0, 0, 0, time.UTC)
	for range 2 {
		if got := c.Now(); !got.Equal(want) {
			t.Errorf("Now() = %v, want %v", got, want)
		}
	}
}
