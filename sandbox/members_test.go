package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestMembersAreTold(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	reader, guild := s.userID("reader"), s.guildID()
	for _, tt := range []struct {
		name    string
		intents int
		asks    obj
		want    string // members, not_found and nonce of the chunk; "" for no answer, a number for a close
	}{
		{"everyone", intentMembers, obj{"guild_id": guild, "query": "", "limit": 0}, "6 <nil> <nil>"},
		{"everyone, without the intent", intentGuilds, obj{"guild_id": guild, "query": "", "limit": 0}, ""},
		{"the first two", intentGuilds, obj{"guild_id": guild, "query": "", "limit": 2}, "2 <nil> <nil>"},
		{"by the start of a name", intentGuilds, obj{"guild_id": guild, "query": "MODER", "limit": 10, "nonce": "n"}, "1 <nil>n"},
		{"nobody", intentGuilds, obj{"guild_id": guild, "query": "zz", "limit": 10}, "0 <nil> <nil>"},
		{"by id", intentGuilds, obj{"guild_id": list{guild}, "user_ids": reader}, "1 [] <nil>"},
		{"by ids", intentGuilds, obj{"guild_id": guild, "user_ids": list{reader, "1"}, "limit": 0}, "1 [1] <nil>"},
		{"a long nonce", intentGuilds, obj{"guild_id": guild, "user_ids": reader, "nonce": strings.Repeat("n", 33)}, "1 [] <nil>"},
		{"another server", intentGuilds, obj{"guild_id": "1", "user_ids": reader}, ""},
		{"no server", intentGuilds, obj{"user_ids": reader}, "4002"},
		{"two servers", intentGuilds, obj{"guild_id": list{guild, guild}, "user_ids": reader}, "4002"},
		{"both ways", intentGuilds, obj{"guild_id": guild, "user_ids": reader, "query": "", "limit": 1}, "4002"},
		{"no limit", intentGuilds, obj{"guild_id": guild, "query": ""}, "4002"},
		{"over the limit", intentGuilds, obj{"guild_id": guild, "query": "a", "limit": 101}, "4002"},
		{"101 ids", intentGuilds, obj{"guild_id": guild, "user_ids": many(101, func(int) any { return reader })}, "4002"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, _ := s.connect(tt.intents)
			w.send(opMembers, tt.asks)
			if strings.HasPrefix(tt.want, "4") {
				if got := fmt.Sprint(w.code()); got != tt.want {
					t.Errorf("closed with %s, want %s", got, tt.want)
				}
				return
			}
			got := ""
			for f := w.afterMembers(); f != nil; f = w.afterMembers() {
				d := objectOf(f["d"])
				got = fmt.Sprint(len(listOf(d["members"])), d["not_found"], d["nonce"])
			}
			if got != tt.want {
				t.Errorf("told %q, want %q", got, tt.want)
			}
		})
	}
}

// afterMembers is the next chunk, or nil once a heartbeat is answered.
func (w *wire) afterMembers() obj {
	w.t.Helper()
	w.send(opHeartbeat, nil)
	var chunk obj
	for {
		f, err := w.read()
		if err != nil {
			w.t.Fatal(err)
		}
		if f["t"] == "GUILD_MEMBERS_CHUNK" {
			chunk = f
		}
		if intOf(f["op"]) == opAck {
			return chunk
		}
	}
}

func TestLargeServersComeInChunks(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	guild := s.guildID()
	s.mu.Lock()
	g := *s.state.guilds[guild]
	for i := range 2*maxChunk - len(s.state.guilds[guild].Members) + 1 {
		g.Members = append(g.Members, member{User: fmt.Sprint(1000 + i), Joined: time.Now()})
	}
	s.state.apply(change{Guild: &g})
	s.mu.Unlock()
	w, _ := s.connect(intentMembers)
	w.send(opMembers, obj{"guild_id": guild, "query": "", "limit": 0})
	for i, want := range []int{maxChunk, maxChunk, 1} {
		d := objectOf(w.until("GUILD_MEMBERS_CHUNK", opDispatch)["d"])
		if got := len(listOf(d["members"])); got != want || intOf(d["chunk_index"]) != i || intOf(d["chunk_count"]) != 3 {
			t.Errorf("chunk %d = %d members, number %v of %v, want %d of 3", i, got, d["chunk_index"], d["chunk_count"], want)
		}
	}
	w.send(opMembers, obj{"guild_id": guild, "query": "", "limit": 0, "nonce": "again"})
	d := objectOf(w.until("RATE_LIMITED", opDispatch)["d"])
	wait, _ := numberOf(d["retry_after"])
	if intOf(d["opcode"]) != opMembers || wait <= 0 || wait > 30 || objectOf(d["meta"])["nonce"] != "again" {
		t.Errorf("asking for all again = %v, want to be told to wait up to 30 s", d)
	}
}

func TestPresenceAndVoiceAreJudged(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	for _, tt := range []struct {
		op   int
		data any
		want int // that it is closed with; 0 for not at all
	}{
		{opPresence, obj{"since": nil, "activities": list{obj{"name": "x", "type": 0}}, "status": "idle", "afk": false}, 0},
		{opPresence, obj{"status": "asleep"}, 4002},
		{opPresence, obj{"status": "idle", "activities": "x"}, 4002},
		{opPresence, "idle", 4002},
		{opVoice, obj{"guild_id": s.guildID(), "channel_id": nil, "self_mute": false, "self_deaf": true}, 0},
		{opVoice, obj{"guild_id": "here"}, 4002},
		{opVoice, list{}, 4002},
	} {
		w, _ := s.connect(intentGuilds)
		w.send(tt.op, tt.data)
		if tt.want == 0 {
			w.drained()
			continue
		}
		if got := w.code(); got != tt.want {
			t.Errorf("operation %d %v: closed with %d, want %d", tt.op, tt.data, got, tt.want)
		}
	}
}
