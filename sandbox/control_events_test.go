package sandbox

import (
	"bufio"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestEventsReachTheirReaders(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	s.answering(func(obj) obj {
		return obj{"type": answerMessage, "data": obj{"content": "private", "flags": flagEphemeral}}
	})
	s.register(slash("talks"))
	heard := map[string][]string{}
	scanners := map[string]*bufio.Scanner{}
	for _, as := range []string{"reader", "moderator"} {
		resp, err := http.Get(s.url + "/sandbox/events?as=" + as)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = resp.Body.Close() })
		scanners[as] = bufio.NewScanner(resp.Body)
		scanners[as].Scan()
	}
	s.control("POST", "interactions", obj{"user": "reader", "command": "talks"})
	s.control("POST", "clock", obj{"now": "2026-03-01T00:00:00Z"})
	for as, lines := range scanners {
		for lines.Scan() && !strings.HasPrefix(lines.Text(), "event: clock") {
			if name, is := strings.CutPrefix(lines.Text(), "event: "); is {
				heard[as] = append(heard[as], name)
			}
		}
	}
	if !slices.Equal(heard["reader"], []string{"message"}) || len(heard["moderator"]) != 0 {
		t.Errorf("heard = %v, want the message for its reader alone", heard)
	}
}

// listening reads the events that a member hears. The channel ends with the test.
func (s *stand) listening(as string) chan string {
	s.t.Helper()
	resp, err := http.Get(s.url + "/sandbox/events?as=" + as)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = resp.Body.Close() })
	lines := bufio.NewScanner(resp.Body)
	lines.Scan() // the server has begun to listen
	heard := make(chan string, 64)
	go func() {
		defer close(heard)
		event := ""
		for lines.Scan() {
			if name, is := strings.CutPrefix(lines.Text(), "event: "); is {
				event = name
			}
			if data, is := strings.CutPrefix(lines.Text(), "data: "); is {
				heard <- event + " " + data
			}
		}
	}()
	return heard
}

// Everybody hears when the first session of a bot begins and the last one ends, and what
// happens between them once.
func TestEventsTellOfTheBot(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	heard := s.listening("reader")
	next := func(want string) {
		t.Helper()
		select {
		case got := <-heard:
			if got != want {
				t.Errorf("heard %s, want %s", got, want)
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("heard nothing, want %s", want)
		}
	}
	first, ready := s.connect(intentGuilds)
	next(`bot {"connected":true}`)
	second, _ := s.connect(intentGuilds)
	first.close(4000)
	_ = first.code()
	s.register(slash("talks"))
	next(`commands {"guild":""}`)
	_ = second.ws.Close()
	next(`bot {"connected":false}`)
	again := s.dial()
	again.send(opResume, obj{"token": s.credentials.Token, "session_id": ready["session_id"], "seq": 2})
	again.until("RESUMED", opDispatch)
	next(`bot {"connected":true}`)
	again.send(99, nil)
	_ = again.code()
	next(`bot {"connected":false}`)
	if bot := objectOf(s.control("GET", "state", nil)["bot"]); bot["connected"] != false || intOf(bot["resumable"]) != 2 {
		t.Errorf("the state's bot = %v, want none connected and two to be resumed", bot)
	}
}
