package sandbox

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

func TestEventFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		fault  obj
		seen   []string // events after three renamings, from the second on: name and number, counted from the first
		closed int
	}{
		{"as it should be", obj{"match": "MESSAGE_CREATE", "drop": true}, []string{"two 1", "three 2"}, 0},
		{"lost, so that a number is missing", obj{"drop": true, "skip": 1}, []string{"three 2"}, 0},
		{"told twice", obj{"repeat": 1, "skip": 1}, []string{"two 1", "two 1", "three 2"}, 0},
		{"told late, and nothing overtakes it", obj{"latency_ms": 20, "skip": 1}, []string{"two 1", "three 2"}, 0},
		{"closed before it", obj{"close": 4000, "skip": 1}, nil, 4000},
		{"closed after it", obj{"close": 4000, "cut": "after", "skip": 1}, []string{"two 1"}, 4000},
		{"cut after it", obj{"cut": "after", "skip": 1}, []string{"two 1"}, brokenLine},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStand(t, Options{})
			w, _ := s.connect(intentGuilds)
			w.until("GUILD_CREATE", opDispatch)
			s.control("PUT", "faults", list{with(obj{"match": "GUILD_UPDATE", "times": 1}, pairsOf(tt.fault)...)})
			guild := s.guildID()
			for _, name := range []string{"one", "two", "three"} {
				s.control("PATCH", "guilds/"+guild, obj{"name": name})
			}
			first := intOf(w.until("GUILD_UPDATE", opDispatch)["s"])
			for _, want := range tt.seen {
				f, err := w.read()
				if got := fmt.Sprint(objectOf(f["d"])["name"], " ", intOf(f["s"])-first); err != nil || got != want {
					t.Fatalf("next event = %s, %v, want %s", got, err, want)
				}
			}
			if tt.closed != 0 {
				if got := w.code(); got != tt.closed {
					t.Errorf("closed with %d, want %d", got, tt.closed)
				}
			} else if rest := w.drained(); len(rest) != 0 {
				t.Errorf("then came %q, want nothing", rest)
			}
		})
	}
}

// Every code that Discord documents can be had at any moment. A session outlives those
// after which Discord's clients resume.
func TestEveryCloseCodeAtAnyMoment(t *testing.T) {
	t.Parallel()
	lasting := []int{4000, 4001, 4002, 4005, 4008, 4010, 4011, 4012, 4013, 4014}
	for _, code := range append(lasting, 4003, 4004, 4007, 4009) {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			t.Parallel()
			s := newStand(t, Options{})
			w, _ := s.connect(intentGuilds)
			s.control("PUT", "faults", list{obj{"match": "NOW", "close": code, "times": 1}})
			if got := w.code(); got != code {
				t.Errorf("closed with %d, want %d", got, code)
			}
			s.gone()
			if _, waiting := s.gate.connected(); (waiting == 1) != slices.Contains(lasting, code) {
				t.Errorf("%d sessions wait to be resumed", waiting)
			}
		})
	}
}

func TestSlowHello(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	const late = 30 * time.Millisecond
	s.control("PUT", "faults", list{obj{"match": "HELLO", "latency_ms": late.Milliseconds(), "times": 1}})
	began := time.Now()
	w := s.dial()
	if took := time.Since(began); took < late {
		t.Errorf("Hello came after %v, want it to take %v", took, late)
	}
	w.send(opIdentify, s.asIdentify())
	w.until("READY", opDispatch)
}

func TestLoginFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		fault  obj
		want   string // the operation of the first frame after Hello, with READY for that
		closed int
	}{
		{"closed", obj{"match": "IDENTIFY", "close": 4004}, "", 4004},
		{"told to log in anew", obj{"match": "IDENTIFY", "op": opInvalidSession}, "9 false", 0},
		{"told to reconnect, and let in", obj{"match": "IDENTIFY", "op": opReconnect}, "7", 0},
		{"late", obj{"match": "IDENTIFY", "latency_ms": 20}, "0", 0},
		{"cut", obj{"match": "IDENTIFY", "cut": "before"}, "", brokenLine},
		{"no READY but a guild", obj{"match": "READY", "drop": true}, "0", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStand(t, Options{})
			w := s.dial()
			s.control("PUT", "faults", list{with(tt.fault, "times", 1)})
			w.send(opIdentify, obj{"token": s.credentials.Token, "properties": obj{}, "intents": intentGuilds})
			if tt.closed != 0 {
				if got := w.code(); got != tt.closed {
					t.Errorf("closed with %d, want %d", got, tt.closed)
				}
				return
			}
			f, err := w.read()
			if err != nil || told(f) != tt.want {
				t.Errorf("first frame = %v, %v, want operation %s", f, err, tt.want)
			}
			if tt.fault["match"] == "READY" && f["t"] != "GUILD_CREATE" {
				t.Errorf("first event = %v, want GUILD_CREATE", f["t"])
			}
		})
	}
}
