package sandbox

import (
	"fmt"
	"testing"
)

func TestMessagesAreLimited(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	for i := range usualMessages + 5 {
		s.bot("POST", digestMessages(s), obj{"content": fmt.Sprint(i)})
	}
	for _, tt := range []struct {
		query       string
		count       int
		first, last string
	}{
		{"", 200, "5", "204"},
		{"?limit=1", 1, "204", "204"},
		{"?limit=3", 3, "202", "204"},
		{"?limit=205&as=reader", 205, "0", "204"},
		{"?limit=1000", 205, "0", "204"},
		{"?limit=1001", 0, "", ""},
		{"?limit=0", 0, "", ""},
		{"?limit=-1", 0, "", ""},
		{"?limit=many", 0, "", ""},
	} {
		status, got := s.send("GET", "/sandbox/channels/digests/messages"+tt.query, "", nil)
		if tt.count == 0 {
			if status != 400 || got["field"] != "limit" {
				t.Errorf("%s: %d %v, want 400 about limit", tt.query, status, got)
			}
			continue
		}
		messages := listOf(got["messages"])
		if len(messages) != tt.count {
			t.Errorf("%s: %d messages, want %d", tt.query, len(messages), tt.count)
			continue
		}
		first, last := objectOf(messages[0])["content"], objectOf(messages[tt.count-1])["content"]
		if first != tt.first || last != tt.last {
			t.Errorf("%s: %v to %v, want %s to %s", tt.query, first, last, tt.first, tt.last)
		}
	}
}

// A limit counts what the member sees, not what is hidden from them.
func TestLimitCountsWhatIsSeen(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	s.answering(func(obj) obj {
		return obj{"type": answerMessage, "data": obj{"content": "private", "flags": flagEphemeral}}
	})
	s.register(slash("talks"))
	s.control("POST", "channels/briefings/messages", obj{"user": "reader", "content": "public"})
	s.control("POST", "interactions", obj{"user": "reader", "command": "talks"})
	for as, want := range map[string]string{"reader": "private", "moderator": "public"} {
		got := listOf(s.control("GET", "channels/briefings/messages?limit=1&as="+as, nil)["messages"])
		if len(got) != 1 || objectOf(got[0])["content"] != want {
			t.Errorf("%s sees %v, want %s", as, got, want)
		}
	}
}
