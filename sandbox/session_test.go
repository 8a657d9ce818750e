package sandbox

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// identified logs a bare connection in with more than a token.
func (s *stand) identified(extra obj) (*wire, obj) {
	s.t.Helper()
	w := s.dial()
	w.send(opIdentify, with(with(obj{"token": s.credentials.Token, "intents": intentGuilds}, "properties", obj{}), pairsOf(extra)...))
	return w, objectOf(w.until("READY", opDispatch)["d"])
}

func pairsOf(o obj) []any {
	var out []any
	for key, v := range o {
		out = append(out, key, v)
	}
	return out
}

func TestReady(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	s.control("POST", "guilds", obj{"name": "Second"})
	s.control("POST", "guilds", obj{"name": "Left"})
	s.control("PATCH", "guilds/Left", obj{"bot": false})
	w, ready := s.identified(nil)
	if u := objectOf(ready["user"]); u["id"] != s.credentials.ApplicationID || u["bot"] != true {
		t.Errorf("user = %v, want the bot", u)
	}
	if a := objectOf(ready["application"]); a["id"] != s.credentials.ApplicationID {
		t.Errorf("application = %v, want the bot's", a)
	}
	if ready["session_id"] == "" || ready["shard"] != nil || ready["resume_gateway_url"] != "ws"+s.url[len("http"):]+"/gateway" {
		t.Errorf("READY = %v, want a session without a shard, to be resumed here", ready)
	}
	if guilds := listOf(ready["guilds"]); len(guilds) != 2 || objectOf(guilds[0])["unavailable"] != true {
		t.Errorf("guilds = %v, want two that aren't available yet", guilds)
	}
	for _, want := range []string{"Briefing Room", "Second"} {
		f, err := w.read()
		if d := objectOf(f["d"]); err != nil || f["t"] != "GUILD_CREATE" || d["name"] != want || len(listOf(d["members"])) != 1 || intOf(d["member_count"]) != 6 {
			t.Errorf("next event = %v, %v, want %s with the bot as its one member", f, err, want)
		}
	}
}

// Every server belongs to one shard, and so do its events; direct messages go to the first.
func TestShards(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	for i := range 6 {
		s.control("POST", "guilds", obj{"name": fmt.Sprint("Server ", i)})
	}
	const shards = 3
	all := map[string]int{}
	for shard := range shards {
		w, ready := s.identified(obj{"shard": []int{shard, shards}, "intents": intentGuilds | intentDirectMessages})
		if got := fmt.Sprint(ready["shard"]); got != fmt.Sprintf("[%d %d]", shard, shards) {
			t.Errorf("shard = %s, want [%d %d]", got, shard, shards)
		}
		for _, g := range listOf(ready["guilds"]) {
			id := textOf(objectOf(g)["id"])
			n, _ := snowflake(id)
			if int(n>>22%shards) != shard {
				t.Errorf("server %s came to shard %d, want %d", id, shard, n>>22%shards)
			}
			all[id]++
			w.until("GUILD_CREATE", opDispatch)
		}
		_, dm := s.bot("POST", "/users/@me/channels", obj{"recipient_id": s.userID("reader")})
		s.bot("POST", "/channels/"+textOf(dm["id"])+"/messages", obj{"content": "psst"})
		for id := range all {
			s.control("PATCH", "guilds/"+id, obj{"name": "Renamed"})
		}
		heard := w.drained()
		if got := slices.Contains(heard, "MESSAGE_CREATE"); got != (shard == 0) {
			t.Errorf("shard %d heard %q, direct messages are for the first", shard, heard)
		}
	}
	if len(all) != 7 {
		t.Errorf("%d servers came to any shard, want all 7", len(all))
	}
	for id, times := range all {
		if times != 1 {
			t.Errorf("server %s came to %d shards, want one", id, times)
		}
	}
}

// drained are the names of all events up to now: a heartbeat's answer marks their end.
func (w *wire) drained() []string {
	w.t.Helper()
	w.send(opHeartbeat, nil)
	names := []string{}
	for {
		f, err := w.read()
		if err != nil {
			w.t.Fatal(err)
		}
		if intOf(f["op"]) == opAck {
			return names
		}
		names = append(names, textOf(f["t"]))
	}
}

func TestShardsThatDontExist(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	for _, tt := range []struct {
		shard any
		want  int
	}{
		{[]int{0, 1}, 0},
		{[]int{1, 2}, 0},
		{[]int{2, 2}, 4010},
		{[]int{-1, 2}, 4010},
		{[]int{0, 0}, 4010},
		{[]int{0}, 4010},
		{[]int{0, 1, 2}, 4010},
		{"0", 4002},
		{[]float64{0.5, 1}, 4002},
	} {
		w := s.dial()
		w.send(opIdentify, obj{"token": s.credentials.Token, "properties": obj{}, "intents": 1, "shard": tt.shard})
		if tt.want == 0 {
			w.until("READY", opDispatch)
			continue
		}
		if got := w.code(); got != tt.want {
			t.Errorf("shard %v: closed with %d, want %d", tt.shard, got, tt.want)
		}
	}
}

func TestResumeReplays(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	w, ready := s.connect(intentGuilds)
	seq := intOf(w.until("GUILD_CREATE", opDispatch)["s"])
	for _, name := range []string{"one", "two"} {
		s.control("PATCH", "guilds/"+s.guildID(), obj{"name": name})
	}
	_ = w.ws.Close() // as when a cable is pulled
	s.control("PATCH", "guilds/"+s.guildID(), obj{"name": "three"})
	for _, tt := range []struct {
		name string
		from int
		want []string
	}{
		{"all that came after", seq, []string{"one", "two", "three"}},
		{"from the middle", seq + 2, []string{"three"}},
		{"nothing but that it was resumed before", seq + 3, nil},
	} {
		again := s.dial()
		again.send(opResume, obj{"token": "Bot " + s.credentials.Token, "session_id": ready["session_id"], "seq": tt.from})
		next := tt.from
		for _, want := range tt.want {
			f, err := again.read()
			if next++; err != nil || objectOf(f["d"])["name"] != want || intOf(f["s"]) != next {
				t.Errorf("%s: next event = %v, %v, want %s as number %d", tt.name, f, err, want, next)
			}
		}
		if f := again.until("RESUMED", opDispatch); intOf(f["s"]) <= next {
			t.Errorf("%s: RESUMED is number %v, want one after %d", tt.name, f["s"], next)
		}
		_ = again.ws.Close()
	}
}

func TestResumedSessionTakesOverFromTheOldConnection(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	old, ready := s.connect(intentGuilds)
	old.until("GUILD_CREATE", opDispatch)
	taken := s.dial()
	taken.send(opResume, obj{"token": s.credentials.Token, "session_id": ready["session_id"], "seq": 2})
	taken.until("RESUMED", opDispatch)
	if got := old.code(); got != brokenLine {
		t.Errorf("the old connection closed with %d, want it cut", got)
	}
	s.control("PATCH", "guilds/Briefing Room", obj{"name": "x"})
	if f, err := taken.read(); err != nil || f["t"] != "GUILD_UPDATE" {
		t.Errorf("next event = %v, %v, want GUILD_UPDATE", f, err)
	}
	taken.send(opIdentify, obj{"token": s.credentials.Token, "properties": obj{}, "intents": 1})
	if got := taken.code(); got != 4005 {
		t.Errorf("identifying on a resumed connection: closed with %d, want 4005", got)
	}
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		code  int // that the client closes with
		fault int // that the sandbox closes with first
		kept  bool
	}{
		{"closed by the client for good", 1000, 0, false},
		{"closed by a page that goes away", 1001, 0, false},
		{"closed by the client to come back", 4000, 0, true},
		{"closed by the sandbox for a while", 0, 4000, true},
		{"closed by the sandbox for good", 0, 4009, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStand(t, Options{})
			w, ready := s.connect(intentGuilds)
			w.until("GUILD_CREATE", opDispatch)
			if tt.fault != 0 {
				s.control("PUT", "faults", list{obj{"match": "NOW", "close": tt.fault, "times": 1}})
			} else {
				w.close(tt.code)
			}
			_ = w.code()
			s.gone()
			again := s.dial()
			again.send(opResume, obj{"token": s.credentials.Token, "session_id": ready["session_id"], "seq": 2})
			f, err := again.read()
			if resumed := err == nil && f["t"] == "RESUMED"; resumed != tt.kept {
				t.Errorf("resuming = %v, %v, want it to work: %t", f, err, tt.kept)
			}
		})
	}
}

// gone waits until no session has a connection.
func (s *stand) gone() {
	s.t.Helper()
	ch, ok := s.hub.listen()
	if !ok {
		s.t.Fatal("nobody may listen")
	}
	defer s.hub.leave(ch)
	late := time.After(30 * time.Second)
	for {
		if live, _ := s.gate.connected(); live == 0 {
			return
		}
		select {
		case <-ch:
		case <-late:
			s.t.Fatal("a session still has its connection")
		}
	}
}

func TestForgottenSessions(t *testing.T) {
	t.Parallel()
	told := []bool{}
	g := newGate(Limits{}, func(connected bool) { told = append(told, connected) })
	s := &session{id: "a", conn: &conn{}, shards: 1}
	g.sessions["a"] = s
	g.watch()
	g.detach(s, &conn{}) // another connection's end is no end of this one
	g.detach(s, s.conn)
	if live, waiting := g.connected(); live != 0 || waiting != 1 {
		t.Errorf("connected() = %d, %d, want one that waits", live, waiting)
	}
	s.detached = s.detached.Add(-resumable - time.Second)
	if live, waiting := g.connected(); live != 0 || waiting != 0 {
		t.Errorf("connected() = %d, %d, want it forgotten", live, waiting)
	}
	if !slices.Equal(told, []bool{true, false}) {
		t.Errorf("told %v, want a coming and a going", told)
	}
}

func TestReplayIsBounded(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	to := &session{id: "a", shards: 1}
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	for range replayable + 10 {
		s.gate.tell(s.Sandbox, to, "X", nil)
	}
	if first := to.buffer[0].seq; len(to.buffer) != replayable || first != 11 {
		t.Errorf("%d events from %d on are kept, want %d from 11 on", len(to.buffer), first, replayable)
	}
}
