package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestLimitsAreFilledIn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		given Limits
		want  string
	}{
		{Limits{}, "{50 5 50 1000 16 10000}"},
		{Limits{Global: 1, Messages: 2, Others: 3, Identifies: 4, Concurrency: 5}, "{1 2 3 4 5 10000}"},
		{Limits{Global: -1, Concurrency: -5}, "{2147483647 5 50 1000 2147483647 10000}"},
	} {
		if got := fmt.Sprint(tt.given.filled()); got != tt.want {
			t.Errorf("%v filled = %s, want %s", tt.given, got, tt.want)
		}
	}
}

func TestBuckets(t *testing.T) {
	t.Parallel()
	posting := &route{method: "POST", path: "/channels/{channel.id}/messages", messages: true, bucket: "p"}
	reading := &route{method: "GET", path: "/channels/{channel.id}", bucket: "r"}
	answering := &route{method: "POST", path: "/interactions/{interaction.id}", open: true, bucket: "a"}
	type ask struct {
		after    time.Duration
		route    *route
		resource string
		want     string // the scope of a refusal, with the seconds until it ends
	}
	for _, tt := range []struct {
		name   string
		limits Limits
		asks   []ask
	}{
		{"messages of one channel", Limits{Messages: 2}, []ask{
			{0, posting, "1", ""},
			{0, posting, "1", ""},
			{0, posting, "1", "user 5"},
			{0, posting, "2", ""},
			{4 * time.Second, posting, "1", "user 1"},
			{time.Second, posting, "1", ""},
		}},
		{"one route and resource", Limits{Others: 1}, []ask{
			{0, reading, "1", ""}, {0, reading, "1", "user 1"}, {0, reading, "2", ""}, {time.Second, reading, "1", ""},
		}},
		{"everything together", Limits{Global: 2}, []ask{
			{0, reading, "1", ""},
			{0, posting, "1", ""},
			{0, reading, "2", "global 1"},
			{0, answering, "t", ""},
			{time.Second, reading, "2", ""},
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBuckets(tt.limits)
				for i, a := range tt.asks {
					<-time.After(a.after)
					h := http.Header{}
					got := ""
					if over := b.take(h, a.route, a.resource); over != nil {
						got = fmt.Sprint(over.scope, " ", over.after.Seconds())
					}
					if got != a.want {
						t.Errorf("request %d: refused as %q, want %q", i, got, a.want)
					}
					if global := strings.HasPrefix(a.want, "global"); global != (h.Get("X-RateLimit-Bucket") == "") {
						t.Errorf("request %d: headers = %v", i, h)
					}
				}
			})
		})
	}
}

func TestInvalidRequestsShutOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBuckets(Limits{Invalid: 3})
		for i, tt := range []struct {
			status int
			scope  string
			want   bool // whether it is shut out afterwards
		}{
			{200, "", false}, {401, "", false}, {404, "", false}, {429, "shared", false}, {403, "", false}, {500, "", false}, {429, "user", true},
		} {
			b.tally("here", tt.status, tt.scope)
			if _, got := b.banned("here"); got != tt.want {
				t.Errorf("after answer %d the address is shut out: %t, want %t", i, got, tt.want)
			}
		}
		if _, is := b.banned("elsewhere"); is {
			t.Error("another address is shut out too")
		}
		<-time.After(4 * time.Minute)
		if left, is := b.banned("here"); !is || left != 6*time.Minute {
			t.Errorf("left = %v, want 6 minutes", left)
		}
		<-time.After(6 * time.Minute)
		if _, is := b.banned("here"); is {
			t.Error("it is shut out for ever")
		}
		for i := range maxAddresses {
			b.tally(fmt.Sprint(i), 401, "")
		}
		<-time.After(invalidWithin)
		b.tally("one more", 401, "")
		if len(b.invalid) != 1 {
			t.Errorf("%d addresses are remembered, want the new one", len(b.invalid))
		}
	})
}

func TestShutOutByAPage(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: Limits{Invalid: 2}})
	for range 2 {
		if status, _ := s.send("GET", "/api/v10/users/@me", "wrong", nil); status != 401 {
			t.Errorf("a wrong token answered %d, want 401", status)
		}
	}
	r, body, err := s.raw("GET", "/users/@me")
	if err != nil {
		t.Fatal(err)
	}
	if r.StatusCode != 429 || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") || !strings.Contains(string(body), "1015") {
		t.Errorf("answered %d %s %s, want a page", r.StatusCode, r.Header, body)
	}
	if r.Header.Get("Retry-After") != "600" || r.Header.Get("X-RateLimit-Limit") != "" {
		t.Errorf("headers = %v, want Retry-After alone", r.Header)
	}
}

func TestBucketHeaders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBuckets(Limits{})
		for i, want := range []string{"5 4 5.000", "5 3 5.000"} {
			h := http.Header{}
			b.take(h, &route{method: "POST", path: "/x", messages: true, bucket: "b"}, "1")
			got := h.Get("X-RateLimit-Limit") + " " + h.Get("X-RateLimit-Remaining") + " " + h.Get("X-RateLimit-Reset-After")
			if got != want {
				t.Errorf("headers of request %d = %s, want %s", i, got, want)
			}
		}
	})
}

func TestBucketsAreSwept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBuckets(Limits{Global: -1})
		rt := &route{method: "GET", path: "/x", bucket: "b"}
		for i := range maxBuckets {
			b.take(http.Header{}, rt, fmt.Sprint(i))
		}
		<-time.After(2 * time.Second)
		b.take(http.Header{}, rt, "one more")
		if len(b.byKey) != 1 {
			t.Errorf("%d buckets are kept, want the new one", len(b.byKey))
		}
	})
}

func TestTraceIsBounded(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		fill func(tr *trace)
		want int
	}{
		{"by number", func(tr *trace) {
			for range traceCount + 10 {
				tr.add(entry{})
			}
		}, traceCount},
		{"by number, far beyond", func(tr *trace) {
			for range 3 * traceCount {
				tr.add(entry{})
			}
		}, traceCount},
		{"by size", func(tr *trace) {
			for range 40 {
				tr.add(entry{Body: make([]byte, 1<<20)})
			}
		}, 31},
		{"by age", func(tr *trace) {
			tr.add(entry{})
			<-time.After(traceAge + time.Second)
			tr.add(entry{})
		}, 1},
		{"not at all", func(tr *trace) { tr.add(entry{}) }, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tr := &trace{}
				tt.fill(tr)
				if got := len(tr.since(time.Time{})); got != tt.want {
					t.Errorf("%d entries are kept, want %d", got, tt.want)
				}
			})
		})
	}
}

func TestTraceSince(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tr := &trace{}
		tr.add(entry{Event: "first"})
		between := time.Now()
		<-time.After(time.Second)
		tr.add(entry{Event: "second"})
		if got := tr.since(between); len(got) != 1 || got[0].Event != "second" {
			t.Errorf("since(between) = %v, want the second", got)
		}
	})
}

func TestHub(t *testing.T) {
	t.Parallel()
	h := newHub()
	quick, _ := h.listen()
	slow, _ := h.listen()
	for i := range listenerQueue + 1 {
		h.tell(notice{Type: fmt.Sprint(i)})
		<-quick
	}
	read := 0
	for range slow { // it was let go, so this ends
		read++
	}
	if read != listenerQueue {
		t.Errorf("the slow one read %d notices, want %d", read, listenerQueue)
	}
	h.leave(slow)
	others := []chan notice{}
	for range maxListeners {
		if ch, ok := h.listen(); ok {
			others = append(others, ch)
		}
	}
	if len(others) != maxListeners-1 {
		t.Errorf("%d may listen beside the quick one, want %d", len(others), maxListeners-1)
	}
	h.leave(others[0])
	if _, ok := h.listen(); !ok {
		t.Error("nobody may take the place of one who left")
	}
	h.close()
	if _, ok := h.listen(); ok {
		t.Error("somebody may listen to a closed hub")
	}
	if _, open := <-quick; open {
		t.Error("the quick one still listens to a closed hub")
	}
}

func TestHearing(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	moderators, reader, moderator := s.channelID("moderators"), s.userID("reader"), s.userID("moderator")
	for _, tt := range []struct {
		name string
		n    notice
		want []bool // a page of nobody's, the reader's, the moderator's
	}{
		{"for everybody", notice{Type: "state"}, []bool{true, true, true}},
		{"for the reader", notice{Type: "message", For: reader}, []bool{false, true, false}},
		{"in a private channel", notice{Type: "message", Channel: moderators}, []bool{true, false, true}},
		{"in a channel that is gone", notice{Type: "message", Channel: "1"}, []bool{true, true, true}},
	} {
		got := []bool{s.hears(tt.n, ""), s.hears(tt.n, reader), s.hears(tt.n, moderator)}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: heard %v, want %v", tt.name, got, tt.want)
		}
	}
}
