package sandbox

import (
	"fmt"
	"testing"
	"time"
)

// asIdentify is what clients log in with, changed by pairs.
func (s *stand) asIdentify(pairs ...any) obj {
	return with(obj{"token": s.Credentials().Token, "intents": intentGuilds, "properties": obj{"os": "linux"}}, pairs...)
}

func TestIdentifyIsJudged(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	s.control("PATCH", "application", obj{"privileged_intents": list{"GUILD_MEMBERS"}})
	for _, tt := range []struct {
		name   string
		pairs  []any
		closed int // 0 for a login
	}{
		{"plain", nil, 0},
		{"with the word", []any{"token", "Bot " + s.credentials.Token}, 0},
		{"old properties", []any{"properties", obj{"$os": "linux"}}, 0},
		{"no properties", []any{"properties", nil}, 4002},
		{"properties that are a word", []any{"properties", "linux"}, 4002},
		{"no intents", []any{"intents", nil}, 4013},
		{"no intent at all", []any{"intents", 0}, 0},
		{"negative intents", []any{"intents", -1}, 4013},
		{"an intent that was never given", []any{"intents", 1 << 18}, 4013},
		{"intents in words", []any{"intents", "1"}, 4002},
		{"the newest intent", []any{"intents", 1 << 25}, 0},
		{"allowed", []any{"intents", intentMembers}, 0},
		{"withheld", []any{"intents", intentGuilds | intentMessageContent}, 4014},
		{"withheld too", []any{"intents", intentPresences}, 4014},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := s.dial()
			w.send(opIdentify, s.asIdentify(tt.pairs...))
			if tt.closed == 0 {
				w.until("READY", opDispatch)
				return
			}
			if got := w.code(); got != tt.closed {
				t.Errorf("closed with %d, want %d", got, tt.closed)
			}
		})
	}
}

func TestPrivilegedIntentsAreTaken(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	_, about := s.bot("GET", "/applications/@me", nil)
	if got := intOf(about["flags"]); got != 1<<13|1<<15|1<<19 {
		t.Errorf("flags = %b, want the three of privileged intents", got)
	}
	reading, ready := s.connect(intentGuildMessages | intentMessageContent)
	other, _ := s.connect(intentGuildMessages)
	s.control("PATCH", "application", obj{"privileged_intents": list{}})
	if got := reading.code(); got != 4003 {
		t.Errorf("the session that read was closed with %d, want 4003", got)
	}
	s.control("POST", "channels/digests/messages", obj{"user": "reader", "content": "x"})
	other.until("MESSAGE_CREATE", opDispatch)
	back := s.dial()
	back.send(opResume, obj{"token": s.credentials.Token, "session_id": ready["session_id"], "seq": 1})
	if got := back.until("", opInvalidSession); got["d"] != false {
		t.Errorf("resuming it = %v, want operation 9 with false", got)
	}
	if status, got := s.send("PATCH", "/sandbox/application", "", obj{"privileged_intents": list{"GUILDS"}}); status != 400 || got["field"] != "privileged_intents" {
		t.Errorf("an intent that isn't privileged: %d %v, want 400 that says so", status, got)
	}
}

// One shard in five seconds for each key, and the key is the shard modulo max_concurrency.
func TestConcurrencyHasKeys(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: Limits{Concurrency: 2}})
	login := func(shard int) *wire {
		w := s.dial()
		w.send(opIdentify, s.asIdentify("shard", list{shard, 4}))
		return w
	}
	login(0).until("READY", opDispatch)
	login(1).until("READY", opDispatch)
	late := login(2)
	if got := late.until("", opInvalidSession); got["d"] != false {
		t.Errorf("the third = %v, want operation 9 with false", got)
	}
	s.gate.mu.Lock()
	s.gate.started[0] = s.gate.started[0].Add(-concurrencyPer)
	s.gate.mu.Unlock()
	late.send(opIdentify, s.asIdentify("shard", list{2, 4}))
	late.until("READY", opDispatch)
	_, got := s.bot("GET", "/gateway/bot", nil)
	limit := objectOf(got["session_start_limit"])
	if fmt.Sprint(limit["total"], limit["remaining"], limit["max_concurrency"]) != "1000 996 2" {
		t.Errorf("session_start_limit = %v, want four starts gone, the refused one among them", limit)
	}
}

func TestTooManyStartsResetTheToken(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: Limits{Identifies: 2, Concurrency: -1}})
	first, ready := s.connect(intentGuilds)
	second, _ := s.connect(intentGuilds)
	third := s.dial()
	third.send(opIdentify, s.asIdentify())
	for name, want := range map[string]struct {
		w    *wire
		code int
	}{"first": {first, 4003}, "second": {second, 4003}, "third": {third, 4004}} {
		if got := want.w.code(); got != want.code {
			t.Errorf("the %s was closed with %d, want %d", name, got, want.code)
		}
	}
	if status, _ := s.bot("GET", "/users/@me", nil); status != 401 {
		t.Errorf("the old token: %d, want 401", status)
	}
	again := s.dial()
	again.send(opResume, obj{"token": s.credentials.Token, "session_id": ready["session_id"], "seq": 1})
	if got := again.code(); got != 4004 {
		t.Errorf("resuming with the old token: closed with %d, want 4004", got)
	}
	fresh := s.dial()
	fresh.send(opIdentify, s.asIdentify())
	fresh.until("READY", opDispatch)
}

func TestTokenIsReset(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := newStand(t, Options{Dir: dir})
	w, _ := s.connect(intentGuilds)
	got := s.control("PATCH", "application", obj{"reset_token": true})
	if got["token"] == s.credentials.Token || got["application_id"] != s.credentials.ApplicationID {
		t.Errorf("credentials = %v, want another token of the same application", got)
	}
	if code := w.code(); code != 4003 {
		t.Errorf("the session was closed with %d, want 4003", code)
	}
	if status, _ := s.send("GET", "/api/v10/users/@me", textOf(got["token"]), nil); status != 200 {
		t.Errorf("the new token: %d, want 200", status)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if again := newStand(t, Options{Dir: dir}).Credentials().Token; again != got["token"] {
		t.Errorf("reopened with %q, want the new token", again)
	}
}

func TestShardsHoldSoManyServers(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	s.mu.Lock()
	bot := member{User: s.credentials.ApplicationID, Joined: time.Now()}
	for i := range 2*maxShardGuilds - 1 {
		id := fmt.Sprint(uint64(i+2) << 22)
		s.state.apply(change{Guild: &guild{ID: id, Name: id, Owner: bot.User, Members: []member{bot}}})
	}
	s.mu.Unlock()
	_, about := s.bot("GET", "/gateway/bot", nil)
	if about["shards"] != float64(6) {
		t.Errorf("shards = %v, want 6 for %d servers", about["shards"], 2*maxShardGuilds)
	}
	alone := s.dial()
	alone.send(opIdentify, s.asIdentify())
	if got := alone.code(); got != 4011 {
		t.Errorf("one session for all: closed with %d, want 4011", got)
	}
	// A login is told of all its servers before it reads any of them.
	half := s.dial()
	half.send(opIdentify, s.asIdentify("shard", list{1, 2}))
	ready := objectOf(half.until("READY", opDispatch)["d"])
	seen := 0
	for _, name := range half.drained() {
		if name == "GUILD_CREATE" {
			seen++
		}
	}
	if guilds := len(listOf(ready["guilds"])); seen != guilds || guilds < maxShardGuilds/2 {
		t.Errorf("%d of %d servers were told, want all", seen, guilds)
	}
}
