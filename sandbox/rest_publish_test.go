package sandbox

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestCrosspost(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	s.control("PATCH", "guilds/Briefing Room", obj{"channels": list{obj{"channel": "news", "type": 5}}})
	news := "/channels/" + s.channelID("news") + "/messages"
	plain := textOf(s.walk(step{"a message elsewhere", "POST", digestMessages(s), obj{"content": "x"}, 200, 0})["id"])
	theirs := textOf(s.control("POST", "channels/news/messages", obj{"user": "reader", "content": "Hi"})["id"])
	ours := textOf(s.walk(step{"a message", "POST", news, obj{"content": "x"}, 200, 0})["id"])
	got := s.walk(
		step{"in a channel of text", "POST", digestMessages(s) + "/" + plain + "/crosspost", nil, 400, 50024},
		step{"nothing", "POST", news + "/1/crosspost", nil, 404, 10008},
		step{"a member's", "POST", news + "/" + theirs + "/crosspost", nil, 403, 50013},
		step{"our own", "POST", news + "/" + ours + "/crosspost", nil, 200, 0},
	)
	if intOf(got["flags"])&flagCrossposted == 0 {
		t.Errorf("the message = %v, want it crossposted", got)
	}
	s.grant(manageMessages)
	s.walk(
		step{"again", "POST", news + "/" + ours + "/crosspost", nil, 400, 40033},
		step{"a member's, with the right", "POST", news + "/" + theirs + "/crosspost", nil, 200, 0},
	)
	for i := range publishedPerHour {
		s.walk(step{fmt.Sprint("edit ", i), "PATCH", news + "/" + ours, obj{"content": fmt.Sprint(i)}, 200, 0})
	}
	s.walk(step{"one edit too many", "PATCH", news + "/" + ours, obj{"content": "y"}, 429, 20022})
	for range publishesPerHour - 2 {
		m := textOf(s.walk(step{"a message", "POST", news, obj{"content": "x"}, 200, 0})["id"])
		s.walk(step{"one of ten", "POST", news + "/" + m + "/crosspost", nil, 200, 0})
	}
	m := textOf(s.walk(step{"a message", "POST", news, obj{"content": "x"}, 200, 0})["id"])
	r, raw, err := s.raw("POST", news+"/"+m+"/crosspost")
	if err != nil || r.StatusCode != 429 || r.Header.Get("X-RateLimit-Scope") != "shared" {
		t.Errorf("the eleventh: %v %s (%v), want a shared 429", r, raw, err)
	}
	s.control("POST", "clock", obj{"advance": "1h1m"})
	s.walk(step{"an hour later", "POST", news + "/" + m + "/crosspost", nil, 200, 0})
}

func TestOldMessagesAreEditedSeldom(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	path := digestMessages(s)
	m := path + "/" + textOf(s.walk(step{"posting", "POST", path, obj{"content": "x"}, 200, 0})["id"])
	for i := range oldEditsPerHour + 1 {
		s.walk(step{"while it's young", "PATCH", m, obj{"content": fmt.Sprint(i)}, 200, 0})
	}
	s.control("POST", "clock", obj{"advance": "61m"})
	for i := range oldEditsPerHour {
		s.walk(step{"when it's old", "PATCH", m, obj{"content": fmt.Sprint("old", i)}, 200, 0})
	}
	s.walk(step{"once more", "PATCH", m, obj{"content": "y"}, 429, 30046})
	fresh := path + "/" + textOf(s.walk(step{"posting again", "POST", path, obj{"content": "x"}, 200, 0})["id"])
	s.walk(step{"a young one beside it", "PATCH", fresh, obj{"content": "y"}, 200, 0})
	s.control("POST", "clock", obj{"advance": "61m"})
	s.walk(step{"an hour later", "PATCH", m, obj{"content": "y"}, 200, 0})
}

func TestBulkDelete(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	w, _ := s.connect(intentGuildMessages)
	path := digestMessages(s)
	ids := list{}
	for range 4 {
		ids = append(ids, s.walk(step{"posting", "POST", path, obj{"content": "x"}, 200, 0})["id"])
	}
	dm := textOf(s.walk(step{"a direct message", "POST", "/users/@me/channels", obj{"recipient_id": s.userID("reader")}, 200, 0})["id"])
	s.walk(
		step{"without the right", "POST", path + "/bulk-delete", obj{"messages": ids}, 403, 50013},
		step{"in a direct message", "POST", "/channels/" + dm + "/messages/bulk-delete", obj{"messages": ids}, 403, 50003},
	)
	s.grant(manageMessages)
	hundred := many(100, func(i int) any { return letterless(i) })
	s.walk(
		step{"one", "POST", path + "/bulk-delete", obj{"messages": ids[:1]}, 400, 50035},
		step{"one twice", "POST", path + "/bulk-delete", obj{"messages": list{ids[0], ids[0]}}, 400, 50035},
		step{"101", "POST", path + "/bulk-delete", obj{"messages": append(hundred, "1")}, 400, 50035},
		step{"a word", "POST", path + "/bulk-delete", obj{"messages": list{"x", "y"}}, 400, 50035},
		step{"a hundred that aren't there", "POST", path + "/bulk-delete", obj{"messages": hundred}, 204, 0},
		step{"two", "POST", path + "/bulk-delete", obj{"messages": ids[:2]}, 204, 0},
	)
	if told := objectOf(w.until("MESSAGE_DELETE_BULK", opDispatch)["d"]); len(listOf(told["ids"])) != 2 {
		t.Errorf("told %v, want two ids", told)
	}
	s.control("POST", "clock", obj{"advance": "336h1m"})
	s.walk(step{"after two weeks", "POST", path + "/bulk-delete", obj{"messages": ids[2:]}, 400, 50034})
	if got := s.walk(step{"what is left", "GET", path, nil, 200, 0}); len(listOf(got["list"])) != 2 {
		t.Errorf("left = %v, want two", got)
	}
}

func TestSublimits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, l, now := newBuckets(Limits{}), sublimit{1, time.Hour, "shared", 7}, time.Now()
		for i, tt := range []struct {
			key  string
			at   time.Duration
			want bool
		}{
			{"a", 0, true},
			{"a", time.Minute, false},
			{"b", time.Minute, true},
			{"a", time.Hour, true},
			{"a", -48 * time.Hour, true}, // the clock was set back
		} {
			if got := b.sub(tt.key, l, now.Add(tt.at)) == nil; got != tt.want {
				t.Errorf("%d: passed = %t, want %t", i, got, tt.want)
			}
		}
		for i := range maxBuckets {
			_ = b.sub(fmt.Sprint(i), l, now)
		}
		_ = b.sub("one more", l, now.Add(2*time.Hour))
		if len(b.subs) != 1 {
			t.Errorf("%d sublimits are kept, want the new one", len(b.subs))
		}
		h := http.Header{}
		f := &refusal{scope: "shared", after: 1500 * time.Millisecond, code: 7}
		body := objectOf(f.reply(h).body)
		if h.Get("Retry-After") != "2" || body["retry_after"] != 1.5 || body["code"] != 7 {
			t.Errorf("told %v and %v, want both to agree on 1.5 s", h, body)
		}
	})
}
