package bot

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"sitrep/briefings"
)

// guestbook keeps joins in memory.
type guestbook struct {
	mu      sync.Mutex
	first   time.Time
	greeted map[string]bool
	taken   int // back
}

func (g *guestbook) FirstStart(context.Context, time.Time) (time.Time, error) { return g.first, nil }

func (g *guestbook) Greet(_ context.Context, desk briefings.DeskID, joined time.Time) (bool, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	key := string(desk) + joined.String()
	if g.greeted[key] {
		return false, nil
	}
	g.greeted[key] = true
	return true, nil
}

func (g *guestbook) Ungreet(_ context.Context, desk briefings.DeskID, joined time.Time) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.taken++
	delete(g.greeted, string(desk)+joined.String())
	return nil
}

func TestServersAreGreeted(t *testing.T) {
	t.Parallel()
	const noSending, noViewing = "2048", "1024"
	now := time.Date(2026, time.January, 21, 8, 0, 0, 0, time.UTC)
	begun := now.Add(-20 * time.Hour)
	denied := func(channel, bits string) map[string]any {
		return map[string]any{"channel": channel, "overwrites": []map[string]any{{"role": "sitrep", "deny": bits}, {"role": "@everyone", "deny": bits}}}
	}
	for _, tt := range []struct {
		name   string
		guild  map[string]any // how the server differs from a new one
		faults []map[string]any
		joined time.Time
		want   string // the channel that is greeted in; empty for none
		says   string
		taken  int
	}{
		{"without a system channel: the first", nil, nil, now, "briefings", "what I do in this server", 0},
		{"with one", map[string]any{"system_channel": "digests"}, nil, now, "digests", "", 0},
		{"in its language", map[string]any{"locale": "uk"}, nil, now, "briefings", "що я роблю", 0},
		{"in one that there is none of", map[string]any{"locale": "ja"}, nil, now, "briefings", "what I do in this server", 0},
		{"may not write in the system channel", map[string]any{"system_channel": "digests", "channels": list{denied("digests", noSending)}}, nil, now, "briefings", "", 0},
		{"doesn't see the first", map[string]any{"channels": list{denied("briefings", noViewing)}}, nil, now, "digests", "", 0},
		{"the first carries announcements", map[string]any{"channels": list{{"channel": "briefings", "type": 5}}}, nil, now, "digests", "", 0},
		{"may write nowhere", map[string]any{"channels": list{denied("briefings", noSending), denied("digests", noSending), denied("moderators", noSending)}}, nil, now, "", "", 0},
		{"refused where it seemed to be allowed", nil, list{{"match": "POST /channels/*/messages", "status": 403, "code": CodeMissingPermission, "times": 1}}, now, "digests", "", 0},
		{"Discord is down for a while", nil, list{{"match": "POST /channels/*/messages", "status": 500, "times": 5}}, now, "briefings", "", 1},
		{"the line is cut once it has arrived", nil, list{{"match": "POST /channels/*/messages", "cut": "after", "times": 1}}, now, "briefings", "", 0},
		{"joined while sitrep was away", nil, nil, begun.Add(time.Second), "briefings", "", 0},
		{"joined long ago", nil, nil, now.Add(-greetWithin - time.Second), "", "", 0},
		{"joined before sitrep was first started", nil, nil, begun, "", "", 0},
		{"nobody knows when", nil, nil, time.Time{}, "", "", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			desk, _ := newDesk(t)
			guild := s.change(tt.guild)
			s.control(http.MethodPut, "/sandbox/faults", append(list{}, tt.faults...), new(any))
			joins := &guestbook{first: begun, greeted: map[string]bool{}}
			for range 2 { // copies
				g := newGreeter(Options{Joins: joins, Now: func() time.Time { return now }, Log: new(diary).logger()}, s.discord())
				g.wait = time.Millisecond
				ctx, cancel := context.WithCancel(t.Context())
				var running sync.WaitGroup
				running.Go(func() { g.run(ctx, desk.All()) })
				t.Cleanup(func() {
					cancel()
					running.Wait()
				})
				for range 2 { // news of the same
					g.meet(Membership{Guild: guild.ID, Joined: tt.joined})
				}
				g.meet(Membership{Guild: "1", Joined: now}) // which the bot isn't in
			}
			if tt.want == "" {
				s.quiet()
			} else if text := s.greeting(tt.want); !strings.Contains(text, tt.says) {
				t.Errorf("it says %s, want %q in it", text, tt.says)
			}
			if joins.taken != tt.taken {
				t.Errorf("it was taken back %d times, want %d", joins.taken, tt.taken)
			}
		})
	}
}

// shown are the texts of a channel's messages.
func (s *stage) shown(channel string) []string {
	s.t.Helper()
	var got struct{ Messages []struct{ Text string } }
	s.control(http.MethodGet, "/sandbox/channels/"+channel+"/messages?as=owner", nil, &got)
	var all []string
	for _, m := range got.Messages {
		all = append(all, m.Text)
	}
	return all
}

// greeting waits for the one message in channel, and looks into the others.
func (s *stage) greeting(channel string) string {
	s.t.Helper()
	deadline := time.Now().Add(time.Minute)
	for len(s.shown(channel)) == 0 {
		if time.Now().After(deadline) {
			s.t.Fatalf("a minute went by without a greeting in %s", channel)
		}
		time.Sleep(10 * time.Millisecond)
	}
	text := ""
	for _, name := range []string{"briefings", "digests", "moderators"} {
		all := s.shown(name)
		switch {
		case name != channel && len(all) > 0:
			s.t.Errorf("%s was greeted in too", name)
		case name == channel && len(all) != 1:
			s.t.Errorf("%s was greeted in %d times, want once", name, len(all))
		case name == channel:
			text = all[0]
		}
	}
	return text
}

// quiet checks that nothing was sent, once two copies are at what came behind it.
func (s *stage) quiet() {
	s.t.Helper()
	deadline := time.Now().Add(time.Minute)
	for len(s.requests(http.MethodGet, "/guilds/1")) < 2 {
		if time.Now().After(deadline) {
			s.t.Fatal("a minute went by without a look at the other server")
		}
		time.Sleep(10 * time.Millisecond)
	}
	if got := s.requests(http.MethodPost, "/messages"); len(got) > 0 {
		s.t.Errorf("%d messages were sent, want none", len(got))
	}
}
