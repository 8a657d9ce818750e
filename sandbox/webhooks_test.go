package sandbox

import (
	"testing"
	"time"
)

// replying runs a bot that answers each interaction with the requests that play returns in turn.
func (s *stand) replying(play func(callback, hook string)) {
	s.t.Helper()
	s.register(slash("talks"))
	s.answering(func(i obj) obj {
		token := textOf(i["token"])
		play("/interactions/"+textOf(i["id"])+"/"+token+"/callback", "/webhooks/"+s.credentials.ApplicationID+"/"+token)
		return nil
	})
}

func (s *stand) wants(status int, method, path string, body any) map[string]any {
	got, answer := s.send(method, "/api/v10"+path, "", body)
	if got != status {
		s.t.Errorf("%s answered %d %v, want %d", method, got, answer, status)
	}
	return answer
}

func TestDeferredAnswers(t *testing.T) {
	t.Parallel()
	card := v2(obj{"type": typeContainer, "components": list{obj{"type": typeText, "content": "A card"}}})
	private := obj{"content": "Only you", "flags": flagEphemeral}
	for _, tt := range []struct {
		name      string
		play      func(s *stand, callback, hook string)
		text      string
		ephemeral bool
		left      int
	}{
		{"edited into V2", func(s *stand, callback, hook string) {
			s.wants(204, "POST", callback, obj{"type": answerDeferred, "data": obj{"flags": flagEphemeral}})
			s.wants(200, "PATCH", hook+"/messages/@original", card)
		}, "A card", true, 1},
		{"refused, then mended", func(s *stand, callback, hook string) {
			s.wants(204, "POST", callback, obj{"type": answerDeferred})
			s.wants(400, "PATCH", hook+"/messages/@original", v2(display(4001)))
			s.wants(200, "PATCH", hook+"/messages/@original", card)
		}, "A card", false, 1},
		{"deleted, then said in private", func(s *stand, callback, hook string) {
			s.wants(204, "POST", callback, obj{"type": answerDeferred})
			s.wants(204, "DELETE", hook+"/messages/@original", nil)
			s.wants(404, "GET", hook+"/messages/@original", nil)
			s.wants(200, "POST", hook, private)
		}, "Only you", true, 1},
		{"follow-up in place of the deferred answer", func(s *stand, callback, hook string) {
			s.wants(204, "POST", callback, obj{"type": answerDeferred})
			s.wants(200, "POST", hook, private)
		}, "Only you", false, 1},
		{"follow-up of a client that repeats its query in the body", func(s *stand, callback, hook string) {
			s.wants(204, "POST", callback, obj{"type": answerDeferred})
			s.wants(200, "POST", hook+"?wait=true", obj{"content": "Waited", "wait": true})
			s.wants(400, "POST", hook, obj{"content": "x", "wait": "long"})
			s.wants(400, "POST", hook, obj{"content": "x", "waits": true})
		}, "Waited", false, 1},
		{"with its response", func(s *stand, callback, _ string) {
			got := s.wants(200, "POST", callback+"?with_response=true", obj{"type": answerMessage, "data": private})
			if about := objectOf(got["interaction"]); about["response_message_ephemeral"] != true || objectOf(got["resource"])["message"] == nil {
				s.t.Errorf("callback object = %v, want an ephemeral message in it", got)
			}
		}, "Only you", true, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStand(t, Options{Limits: unlimited()})
			s.replying(func(callback, hook string) { tt.play(s, callback, hook) })
			got := s.control("POST", "interactions", obj{"user": "reader", "command": "talks"})
			if got["error"] != nil || got["text"] != tt.text || got["ephemeral"] != tt.ephemeral {
				t.Errorf("outcome = %v, want %q, ephemeral %t", got, tt.text, tt.ephemeral)
			}
			if left := listOf(s.control("GET", "channels/briefings/messages?as=reader", nil)["messages"]); len(left) != tt.left {
				t.Errorf("%d messages are left, want %d", len(left), tt.left)
			}
		})
	}
}

func TestDeadlinesOfInteractions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name         string
		age          time.Duration
		answered     int
		method       string
		hook         bool
		status, code int
	}{
		{"in time", time.Second, 0, "POST", false, 204, 0},
		{"late", answerWithin, 0, "POST", false, 404, 10062},
		{"follow-up in time", 14 * time.Minute, answerMessage, "POST", true, 200, 0},
		{"follow-up too late", 16 * time.Minute, answerMessage, "POST", true, 401, 50027},
		{"follow-up before an answer", time.Second, 0, "POST", true, 404, 10015},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStand(t, Options{})
			i := &interaction{id: s.ids.next(), kind: interactionCommand, channel: s.channelID("digests"), answered: tt.answered}
			s.mu.Lock()
			s.pending.add(i)
			i.made = i.made.Add(-tt.age)
			s.mu.Unlock()
			path, body := "/interactions/"+i.id+"/"+i.token+"/callback", says("x")
			if tt.hook {
				path, body = "/webhooks/"+s.credentials.ApplicationID+"/"+i.token, obj{"content": "x"}
			}
			status, got := s.send(tt.method, "/api/v10"+path, "", body)
			if status != tt.status || codeOf(got) != tt.code {
				t.Errorf("%d %v, want %d with code %d", status, got, tt.status, tt.code)
			}
		})
	}
}
