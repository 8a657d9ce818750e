package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// statuses asks so many times and tells how each went; "cut" is a dropped connection. Each
// request has a connection of its own, for on one that was used before Go asks again.
func (s *stand) statuses(n int, path string) string {
	s.t.Helper()
	var list []string
	for range n {
		req, err := http.NewRequest(http.MethodGet, s.url+"/api"+path, nil)
		if err != nil {
			s.t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bot "+s.credentials.Token)
		resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
		if err != nil {
			list = append(list, "cut")
			continue
		}
		_ = resp.Body.Close()
		list = append(list, fmt.Sprint(resp.StatusCode))
	}
	return strings.Join(list, " ")
}

func TestFaultsWaitTheirTurn(t *testing.T) {
	t.Parallel()
	at := func(pairs ...any) obj { return with(obj{"match": "GET /users/@me"}, pairs...) }
	for _, tt := range []struct {
		name   string
		faults list
		want   string
	}{
		{"the third alone", list{at("status", 500, "skip", 2, "times", 1)}, "200 200 500 200 200"},
		{"from the third on", list{at("status", 500, "skip", 2)}, "200 200 500 500 500"},
		{"each counts what another takes", list{at("status", 500, "times", 1), at("status", 502, "skip", 1, "times", 1)}, "500 502 200 200 200"},
		{"the first that is due", list{at("status", 500, "skip", 1, "times", 1), at("status", 502)}, "502 500 502 502 502"},
		{"another route counts for nothing", list{obj{"match": "GET /gateway", "status": 500, "skip": 1}}, "200 200 200 200 200"},
		{"always by chance", list{at("status", 500, "chance", 1)}, "500 500 500 500 500"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStand(t, Options{})
			s.control("PUT", "faults", tt.faults)
			if got := s.statuses(5, "/users/@me"); got != tt.want {
				t.Errorf("answers = %s, want %s", got, tt.want)
			}
		})
	}
}

func TestFaultsTellWhatTheyDid(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	s.control("PUT", "faults", list{
		obj{"match": "GET /users/@me", "status": 500, "skip": 1, "times": 3, "seen": 9, "used": 9, "remaining": 9},
		obj{"match": "GET /users/*", "cut": "before"},
	})
	s.statuses(3, "/users/@me")
	want := []string{"3 2 1", "3 1 <nil>"}
	for i, f := range listOf(s.control("GET", "faults", nil)["list"]) {
		f := objectOf(f)
		if got := fmt.Sprint(f["seen"], " ", f["used"], " ", f["remaining"]); got != want[i] {
			t.Errorf("fault %d: seen, used and remaining = %s, want %s", i, got, want[i])
		}
	}
	var struck []string
	for _, e := range listOf(s.control("GET", "log", nil)["entries"]) {
		if e := objectOf(e); e["kind"] == "fault" {
			struck = append(struck, fmt.Sprint(e["route"], " by ", e["path"]))
		}
	}
	if got, want := strings.Join(struck, "\n"), "GET /users/* by GET /users/@me\nGET /users/@me by GET /users/@me\nGET /users/@me by GET /users/@me"; got != want {
		t.Errorf("the log tells\n%s\nwant\n%s", got, want)
	}
}

// chaos runs the same requests and frames each time, and tells how each went.
func (s *stand) chaos(w *wire) []string {
	s.t.Helper()
	var seen []string
	for range 40 {
		seen = append(seen, s.statuses(1, "/users/@me"), s.statuses(1, "/gateway/bot"))
	}
	for range 40 {
		w.send(opHeartbeat, nil)
		w.send(opMembers, obj{"guild_id": s.guildID(), "user_ids": s.userID("reader")})
		for f := (obj{}); f["t"] != "GUILD_MEMBERS_CHUNK"; {
			var err error
			if f, err = w.read(); err != nil {
				s.t.Fatal(err)
			}
			seen = append(seen, told(f))
		}
	}
	return seen
}

func TestRunsOfFaultsAreReplayed(t *testing.T) {
	t.Parallel()
	runs := func(faults any) (seen []string, record []any) {
		t.Helper()
		s := newStand(t, Options{Limits: unlimited()})
		w, _ := s.connect(intentGuilds)
		w.until("GUILD_CREATE", opDispatch)
		s.control("PUT", "faults", faults)
		seen = s.chaos(w)
		return seen, listOf(s.control("GET", "faults/record", nil)["list"])
	}
	wild := func(seed int) list {
		return list{
			obj{"match": "GET /users/@me", "status": 500, "chance": 0.3, "seed": seed},
			obj{"match": "GET /*/*", "cut": "before", "chance": 0.2, "seed": seed + 1},
			obj{"match": "GET /gateway/bot", "status": 429, "retry_after": 0.1, "chance": 0.5, "seed": seed + 2},
			obj{"match": "HEARTBEAT_ACK", "drop": true, "chance": 0.3, "seed": seed + 3},
			obj{"match": "HEARTBEAT_ACK", "repeat": 2, "op": opReconnect, "chance": 0.3, "seed": seed + 4},
		}
	}
	first, record := runs(wild(7))
	for _, kind := range []string{"200", "500", "cut", "429", "7", "11"} {
		if !slices.Contains(first, kind) {
			t.Errorf("a wild run = %q, want %s among it", first, kind)
		}
	}
	if again, _ := runs(wild(7)); !slices.Equal(again, first) {
		t.Errorf("the same seeds did\n%q\nwant\n%q", again, first)
	}
	if other, _ := runs(wild(8)); slices.Equal(other, first) {
		t.Error("other seeds did the same")
	}
	replayed, rerecorded := runs(record)
	if !slices.Equal(replayed, first) {
		t.Errorf("the record did\n%q\nwant\n%q", replayed, first)
	}
	if got, want := asText(t, rerecorded), asText(t, record); got != want {
		t.Errorf("the record of a replay =\n%s\nwant what was replayed\n%s", got, want)
	}
}

func asText(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestRecordsAreBounded(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	s.control("PUT", "faults", list{obj{"match": "X", "drop": true}})
	for range maxOutages {
		s.outages.strike("X")
	}
	if got := listOf(s.control("GET", "faults/record", nil)["list"]); len(got) != maxOutages {
		t.Errorf("%d faults are recorded, want %d", len(got), maxOutages)
	}
	s.outages.strike("X")
	if status, got := s.send("GET", "/sandbox/faults/record", "", nil); status != http.StatusConflict {
		t.Errorf("a longer record: %d %v, want 409", status, got)
	}
	s.control("DELETE", "faults", nil)
	if got := listOf(s.control("GET", "faults/record", nil)["list"]); len(got) != 0 {
		t.Errorf("record = %v, want none once the faults are taken away", got)
	}
}
