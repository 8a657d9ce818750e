package sandbox

import (
	"context"
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

func TestFaultChecks(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	for _, tt := range []struct {
		fault obj
		field string
	}{
		{obj{}, "match"},
		{obj{"match": "x", "latency_ms": 60_001}, "latency_ms"},
		{obj{"match": "x", "status": 600}, "status"},
		{obj{"match": "x", "cut": "sideways"}, "cut"},
		{obj{"match": "x", "scope": "all"}, "scope"},
		{obj{"match": "x", "close": 999}, "close"},
		{obj{"match": "x", "retry_after": -1}, "retry_after"},
		{obj{"match": "x", "times": -1}, "times"},
	} {
		if status, got := s.send("PUT", "/sandbox/faults", "", list{tt.fault}); status != 400 || got["field"] != tt.field {
			t.Errorf("%v: %d %v, want 400 about %s", tt.fault, status, got, tt.field)
		}
	}
	s.control("PUT", "faults", list{obj{"match": "x", "latency_ms": 60_000}})
	if got := s.control("GET", "faults", nil)["list"].(list); len(got) != 1 {
		t.Errorf("faults = %v, want one", got)
	}
	s.control("DELETE", "faults", nil)
	if got := s.control("GET", "faults", nil)["list"].(list); len(got) != 0 {
		t.Errorf("faults = %v, want none", got)
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
	if status, got := s.bot("POST", "/users/@me/channels", obj{"recipient_id": "1"}); status != 404 || codeOf(got) != 10013 {
		t.Errorf("nobody: %d %v, want 10013", status, got)
	}
}
