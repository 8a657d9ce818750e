package sandbox

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"
)

func TestClockRoutes(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	for _, tt := range []struct {
		body   obj
		status int
		want   string
	}{
		{obj{"now": "2026-03-01T00:00:00Z"}, 200, "2026-03-01T00:00:00Z"},
		{obj{"advance": "24h"}, 200, "2026-03-02T00:00:00Z"},
		{obj{"now": "2026-02-01T00:00:00Z"}, 200, "2026-02-01T00:00:00Z"},
		{obj{"now": "tomorrow"}, 400, ""},
		{obj{"now": "9999-01-01T00:00:00Z"}, 400, ""},
		{obj{"advance": "-1h"}, 400, ""},
		{obj{"advance": "9000h"}, 400, ""},
		{obj{"advance": "1h", "now": "2026-03-01T00:00:00Z"}, 400, ""},
		{obj{}, 400, ""},
		{obj{"later": "1h"}, 400, ""},
	} {
		status, got := s.send("POST", "/sandbox/clock", "", tt.body)
		if status != tt.status {
			t.Errorf("%v: %d %v, want %d", tt.body, status, got, tt.status)
		}
		if tt.want == "" {
			continue
		}
		want, err := time.Parse(time.RFC3339, tt.want)
		if err != nil {
			t.Fatal(err)
		}
		now, err := time.Parse(time.RFC3339, textOf(got["now"]))
		if d := now.Sub(want); err != nil || d < 0 || d > time.Minute || got["settled"] != true {
			t.Errorf("%v: %v, want settled at %v", tt.body, got, want)
		}
	}
}

// The clock tells what followers said last, and asks none of them for that.
func TestClockTellsWhatIsNextDue(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	if got := s.control("GET", "clock", nil); got["next"] != nil {
		t.Errorf("without a follower: next = %v, want none", got["next"])
	}
	due := freshStart().Add(26 * time.Hour)
	calls := make(chan time.Time, 16)
	s.Follow(func(_ context.Context, now time.Time) (time.Time, error) {
		calls <- now
		for !due.After(now) {
			due = due.Add(24 * time.Hour)
		}
		return due, nil
	})
	<-calls // the clock has met it
	for _, tt := range []struct {
		move  obj // nil asks without a move
		calls int // at least
		next  string
	}{
		{obj{"advance": "0s"}, 1, "2026-01-20T08:00:00Z"},
		{nil, 0, "2026-01-20T08:00:00Z"},
		{obj{"advance": "24h"}, 1, "2026-01-20T08:00:00Z"},
		{obj{"advance": "3h"}, 2, "2026-01-21T08:00:00Z"},
		{obj{"now": "2026-03-01T12:00:00Z"}, 1, "2026-03-02T08:00:00Z"},
		{nil, 0, "2026-03-02T08:00:00Z"},
	} {
		method, body := "GET", any(nil)
		if tt.move != nil {
			method, body = "POST", tt.move
		}
		got := s.control(method, "clock", body)
		if got["next"] != tt.next {
			t.Errorf("%v: next = %v, want %s", tt.move, got["next"], tt.next)
		}
		if asked := len(calls); asked < tt.calls || tt.move == nil && asked > 0 {
			t.Errorf("%v: the follower was called %d times, want %d", tt.move, asked, tt.calls)
		}
		for len(calls) > 0 {
			<-calls
		}
	}
	if state := objectOf(s.control("GET", "state", nil)["clock"]); state["next"] != "2026-03-02T08:00:00Z" {
		t.Errorf("the state's clock = %v, want next in it", state)
	}
}

func TestClockTellsWhatIsNextDueElsewhere(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	for follower, next := range map[string]string{"a": "2026-02-02T00:00:00Z", "b": "2026-02-01T00:00:00Z", "c": ""} {
		step := intOf(s.control("GET", "clock?follower="+follower, nil)["step"])
		path := fmt.Sprintf("/sandbox/clock?follower=%s&seen=%d&next=%s", follower, step, next)
		ctx, cancel := context.WithCancel(t.Context())
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		var asking sync.WaitGroup
		asking.Go(func() {
			if resp, err := http.DefaultClient.Do(req); err == nil {
				t.Errorf("%s was answered %d, want it to wait for a step", follower, resp.StatusCode)
				_ = resp.Body.Close()
			}
		})
		s.waits(follower)
		cancel()
		asking.Wait()
	}
	if got := s.control("GET", "clock", nil); got["next"] != "2026-02-01T00:00:00Z" {
		t.Errorf("next = %v, want the earliest that any of them named", got["next"])
	}
}

// waits until a follower has said what it has done and waits for the next step.
func (s *stand) waits(follower string) {
	s.t.Helper()
	a := s.clock.away
	late := time.After(30 * time.Second)
	for {
		a.mu.Lock()
		r, changed := a.list[follower], a.changed
		waiting := r != nil && r.waiting > 0
		a.mu.Unlock()
		if waiting {
			return
		}
		select {
		case <-changed:
		case <-late:
			s.t.Fatal("the follower never waited")
		}
	}
}

func TestMessagesShowTheSandboxsTime(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	path := "/channels/" + s.channelID("digests") + "/messages"
	due := freshStart().Add(2 * time.Hour)
	s.Follow(func(_ context.Context, now time.Time) (time.Time, error) {
		for ; !due.After(now); due = due.Add(24 * time.Hour) {
			if status, got := s.bot("POST", path, obj{"content": "digest"}); status != 200 {
				t.Errorf("posting = %d %v, want 200", status, got)
			}
		}
		return due, nil
	})
	s.control("POST", "clock", obj{"advance": "72h"})
	_, got := s.bot("GET", path, nil)
	messages := listOf(got["list"])
	if len(messages) != 3 {
		t.Fatalf("%d digests in three days, want 3", len(messages))
	}
	for i, want := range []string{"2026-01-21T08:00:00.", "2026-01-20T08:00:00.", "2026-01-19T08:00:00."} {
		if at := textOf(objectOf(messages[i])["timestamp"]); len(at) < len(want) || at[:len(want)] != want {
			t.Errorf("digest %d at %s, want %s", i, at, want)
		}
	}
	id, _ := snowflake(textOf(objectOf(messages[0])["id"]))
	if made := time.UnixMilli(int64(id>>22) + discordEpoch); time.Since(made) > time.Minute {
		t.Errorf("the id was made at %v, want real time", made)
	}
}

func TestFollowerQuestions(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	for query, want := range map[string]int{
		"": 200, "?follower=a": 200, "?follower=unmet&seen=0": 404, "?follower=a&seen=x": 400, "?follower=a&seen=0&next=soon": 400,
	} {
		if status, got := s.send("GET", "/sandbox/clock"+query, "", nil); status != want || want == 200 && got["now"] == nil {
			t.Errorf("GET clock%s = %d %v, want %d", query, status, got, want)
		}
	}
}

func TestAnotherServer(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	made := s.control("POST", "guilds", obj{"name": "Second"})
	if len(listOf(made["channels"])) != 3 || len(listOf(made["members"])) != 6 {
		t.Errorf("made = %v, want 3 channels and 6 members", made)
	}
	s.control("POST", "channels/digests/messages?guild=Second", obj{"user": "reader", "content": "there"})
	for guild, want := range map[string]int{"Second": 1, "Briefing+Room": 0} {
		if got := listOf(s.control("GET", "channels/digests/messages?guild="+guild, nil)["messages"]); len(got) != want {
			t.Errorf("messages in %s = %v, want %d", guild, got, want)
		}
	}
	if guilds := listOf(s.control("GET", "state", nil)["guilds"]); len(guilds) != 2 {
		t.Errorf("%d servers, want 2", len(guilds))
	}
	for _, path := range []string{"", "/channels", "/roles", "/members/" + s.credentials.ApplicationID} {
		if status, got := s.bot("GET", "/guilds/"+textOf(made["id"])+path, nil); status != 200 {
			t.Errorf("GET guild%s = %d %v, want 200", path, status, got)
		}
	}
	if _, got := s.bot("GET", "/users/@me/guilds", nil); len(listOf(got["list"])) != 2 {
		t.Errorf("the bot's servers = %v, want 2", got)
	}
}

func TestDirectMessages(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	s.mu.Lock()
	reader, err := s.namedUser("reader")
	s.mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	_, dm := s.bot("POST", "/users/@me/channels", obj{"recipient_id": reader.ID})
	_, again := s.bot("POST", "/users/@me/channels", obj{"recipient_id": reader.ID})
	if dm["id"] == nil || dm["id"] != again["id"] {
		t.Errorf("direct channels = %v and %v, want the same one", dm["id"], again["id"])
	}
	path := textOf(dm["id"]) + "/messages"
	if status, got := s.bot("POST", "/channels/"+path, obj{"content": "psst"}); status != 200 {
		t.Errorf("posting = %d %v, want 200", status, got)
	}
	for as, want := range map[string]int{"reader": 200, "moderator": 400} {
		if status, got := s.send("GET", "/sandbox/channels/"+path+"?as="+as, "", nil); status != want {
			t.Errorf("%s reads it: %d %v, want %d", as, status, got, want)
		}
	}
	for as, want := range map[string]int{"reader": 1, "moderator": 0} {
		_, got := s.send("GET", "/sandbox/channels/@me/messages?as="+as, "", nil)
		if list, _ := got["messages"].([]any); len(list) != want {
			t.Errorf("%s reads @me: %v, want %d messages", as, got, want)
		}
	}
	if status, got := s.bot("POST", "/users/@me/channels", obj{"recipient_id": "1"}); status != 404 || codeOf(got) != 10013 {
		t.Errorf("nobody: %d %v, want 10013", status, got)
	}
}
