package sandbox

import (
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// killed is a copy of a sandbox's folder as a process that was killed leaves it.
func killed(t *testing.T, dir, tail string) string {
	t.Helper()
	copied := t.TempDir()
	raw, err := os.ReadFile(filepath.Join(dir, "journal.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(copied, "journal.jsonl"), append(raw, tail...), 0o600); err != nil {
		t.Fatal(err)
	}
	return copied
}

func TestNothingAcknowledgedIsLost(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := newStand(t, Options{Dir: dir})
	s.register(slash("talks"))
	path := "/channels/" + s.channelID("digests") + "/messages"
	if status, got := s.bot("POST", path, obj{"content": "first"}); status != 200 {
		t.Fatalf("posting answered %d %v, want 200", status, got)
	}
	s.control("POST", "clock", obj{"now": "2026-02-01T00:00:00Z"})
	for name, tail := range map[string]string{"whole": "", "torn": `{"at":"2026-02-01T00:00:00Z","changes":[{"mess`, "zeros": "\x00\x00\x00\n"} {
		t.Run(name, func(t *testing.T) {
			again := newStand(t, Options{Dir: killed(t, dir, tail)})
			if got, want := again.Credentials(), s.Credentials(); got != want {
				t.Errorf("credentials = %v, want %v", got, want)
			}
			messages := again.control("GET", "channels/digests/messages", nil)["messages"].(list)
			if len(messages) != 1 || messages[0].(obj)["content"] != "first" {
				t.Errorf("messages = %v, want the first", messages)
			}
			if _, commands := again.bot("GET", "/applications/"+again.credentials.ApplicationID+"/commands", nil); len(commands["list"].(list)) != 1 {
				t.Errorf("commands = %v, want one", commands)
			}
			want := time.Date(2026, time.February, 1, 0, 0, 0, 0, time.UTC)
			if got := again.Now(); got.Before(want) || got.After(want.Add(time.Minute)) {
				t.Errorf("Now() = %v, want just after %v", got, want)
			}
			if status, got := again.bot("POST", path, obj{"content": "second"}); status != 200 {
				t.Errorf("posting after the restart answered %d %v, want 200", status, got)
			}
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	taken := t.TempDir()
	newStand(t, Options{Dir: taken})
	damaged := t.TempDir()
	if err := os.WriteFile(filepath.Join(damaged, "journal.jsonl"), []byte("{]\n{\"at\":\"2026-01-19T06:00:00Z\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]string{taken: "in use by another process", damaged: "line 1"} {
		s, err := Open(Options{Dir: dir})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Open(%s) = %v, want an error about %q", dir, err, want)
		}
		if err == nil {
			_ = s.Close()
		}
	}
}

// soonCompact has the journal written anew as soon as it reaches a size.
func (s *stand) soonCompact(size int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.journal.next = size
}

func TestJournalIsCompactedWhileRunning(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := newStand(t, Options{Dir: dir, Limits: unlimited()})
	path := "/channels/" + s.channelID("digests") + "/messages"
	_, m := s.bot("POST", path, obj{"content": "x"})
	edited := path + "/" + textOf(m["id"])
	size := func() int64 {
		info, err := os.Stat(filepath.Join(dir, "journal.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	fresh := size()
	for range 20 {
		s.bot("PATCH", edited, obj{"content": strings.Repeat("ж", 1000)})
	}
	grown := size()
	s.soonCompact(grown)
	s.bot("PATCH", edited, obj{"content": strings.Repeat("ж", 1000)})
	if got := size(); got >= grown || got < fresh {
		t.Errorf("%d bytes after compaction, want fewer than the %d before", got, grown)
	}
	s.bot("PATCH", edited, obj{"content": "last"})
	want := s.snapshot()
	again := newStand(t, Options{Dir: killed(t, dir, ""), Limits: unlimited()})
	if got := again.snapshot(); got != want {
		t.Errorf("after a restart:\n got %s\nwant %s", got, want)
	}
	// A second time, since the file now is another than the one that was opened.
	s.soonCompact(0)
	s.bot("PATCH", edited, obj{"content": "the very last"})
	if _, err := os.Stat(filepath.Join(dir, "journal.jsonl.new")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the new journal still has its other name: %v", err)
	}
	again = newStand(t, Options{Dir: killed(t, dir, ""), Limits: unlimited()})
	if got, want := again.snapshot(), s.snapshot(); got != want {
		t.Errorf("after another restart:\n got %s\nwant %s", got, want)
	}
}

func TestFailedCompactionChangesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	told := &strings.Builder{}
	s := newStand(t, Options{Dir: dir, Limits: unlimited(), Log: slog.New(slog.NewTextHandler(told, nil))})
	if err := os.MkdirAll(filepath.Join(dir, "journal.jsonl.new", "taken"), 0o700); err != nil {
		t.Fatal(err)
	}
	s.soonCompact(0)
	path := "/channels/" + s.channelID("digests") + "/messages"
	for _, content := range []string{"first", "second"} {
		if status, got := s.bot("POST", path, obj{"content": content}); status != 200 {
			t.Errorf("posting answered %d %v, want 200", status, got)
		}
	}
	want := s.snapshot()
	s.mu.Lock()
	if n := strings.Count(told.String(), "could not be made smaller"); n != 1 {
		t.Errorf("told %d times, want once:\n%s", n, told)
	}
	s.mu.Unlock()
	again := newStand(t, Options{Dir: killed(t, dir, ""), Limits: unlimited()})
	if got := again.snapshot(); got != want {
		t.Errorf("after a restart:\n got %s\nwant %s", got, want)
	}
}

func TestIDsGrow(t *testing.T) {
	t.Parallel()
	g := &ids{}
	g.seen("9223372036854775807")
	last := "9223372036854775807"
	for range 1000 {
		next := g.next()
		if !older(last, next) {
			t.Fatalf("next() = %s after %s, want a larger one", next, last)
		}
		last = next
	}
}

// What was done before a restart is there after it, and after another one: the first reads
// what was written step by step, the second what the first made of it.
func TestRestartsKeepEverything(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := newStand(t, Options{Dir: dir, Limits: unlimited()})
	s.answering(func(obj) obj {
		return obj{"type": answerMessage, "data": obj{"content": "private", "flags": flagEphemeral}}
	})
	s.register(slash("talks"))
	s.bot("PUT", guildCommandsPath(s), list{with(slash("here"), "name_localizations", obj{"uk": "тут"})})
	s.control("POST", "guilds", obj{"name": "Second"})
	s.control("POST", "guilds", obj{"name": "Left"})
	s.control("PATCH", "guilds/Left", obj{"bot": false})
	s.control("PATCH", "guilds/Second", obj{
		"roles":    list{obj{"role": "Editor", "permissions": "64"}, obj{"role": "Admin", "delete": true}},
		"members":  list{obj{"user": "reader", "roles": list{"Editor"}, "timeout": "1h"}, obj{"user": "owner", "remove": true}},
		"channels": list{obj{"channel": "news", "type": 5}, obj{"channel": "digests", "delete": true}},
	})
	s.control("POST", "interactions", obj{"user": "reader", "command": "talks"})
	path := "/channels/" + s.channelID("briefings") + "/messages"
	_, edited := s.bot("POST", path, obj{"content": "first", "nonce": "n", "enforce_nonce": true})
	s.bot("PATCH", path+"/"+textOf(edited["id"]), obj{"content": "second"})
	_, deleted := s.bot("POST", path, obj{"content": "deleted"})
	s.bot("DELETE", path+"/"+textOf(deleted["id"]), nil)
	_, card := s.bot("POST", path, v2(obj{"type": typeContainer, "accent_color": 255, "components": list{display(1), row(with(button("a"), "id", 12345678))}}))
	if card["id"] == nil {
		t.Fatalf("the card was refused: %v", card)
	}
	want := s.snapshot()
	for _, restart := range []string{"first", "second"} {
		dir = killed(t, dir, "")
		again := newStand(t, Options{Dir: dir, Limits: unlimited()})
		if got := again.snapshot(); got != want {
			t.Errorf("after the %s restart:\n got %s\nwant %s", restart, got, want)
		}
		_, repeated := again.bot("POST", path, obj{"content": "again", "nonce": "n", "enforce_nonce": true})
		if repeated["id"] != edited["id"] {
			t.Errorf("after the %s restart a repeated nonce made %v, want the first message", restart, repeated)
		}
	}
}

// snapshot is everything that the control routes tell, without clocks, addresses and who
// is connected.
func (s *stand) snapshot() string {
	s.t.Helper()
	state := s.control("GET", "state", nil)
	told := list{state["guilds"], state["commands"], state["application_id"]}
	for _, as := range []string{"reader", "moderator"} {
		told = append(told, s.control("GET", "channels/briefings/messages?as="+as, nil)["messages"])
	}
	raw, err := json.Marshal(told)
	if err != nil {
		s.t.Fatal(err)
	}
	return strings.ReplaceAll(string(raw), s.url, "")
}
