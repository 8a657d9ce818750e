package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/store"
)

// onlyIn is a Discord on which 7 is a member of the server 31 until they leave.
type onlyIn struct{ left atomic.Bool }

func (o *onlyIn) Member(_ context.Context, desk briefings.DeskID, who briefings.UserID) (bool, error) {
	return desk == "31" && who == "7" && !o.left.Load(), nil
}

func (o *onlyIn) ServerName(context.Context, briefings.DeskID) (string, error) {
	return "**Room** <@&1> @everyone", nil
}

// lounge is a router that answers two people outside of servers too, the desk of
// server 31 having a number that the catalogue hasn't.
type lounge struct {
	router   *Router
	now      time.Time
	members  onlyIn
	answered string // what Discord was sent last
}

func newLounge(t *testing.T) *lounge {
	t.Helper()
	l := &lounge{now: time.Date(2026, time.January, 21, 8, 0, 0, 0, time.UTC)}
	desk, _ := newDesk(t)
	log := new(diary)
	l.router = soundless(t, forgetful{}, func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		l.answered = string(body)
		return canned(http.StatusNoContent, ""), err
	})
	memberships, ok := desk.Looks.(*store.Store)
	if !ok {
		t.Fatalf("the desk keeps looks in %T, want a store", desk.Looks)
	}
	desk.Guests = briefings.NewGuests(memberships, &l.members, func() time.Time { return l.now }, log.logger())
	l.router.Set, l.router.Guests, l.router.Log = desk.All(), desk.Guests, log.logger()
	t.Cleanup(func() {
		if log.String() != "" {
			t.Errorf("got the log %s, want nothing", log)
		}
	})
	snap, err := desk.Briefings.Snapshot(t.Context(), "31")
	if err != nil {
		t.Fatal(err)
	}
	item, err := briefings.Clone(snap.ByRef("F5"))
	figure, ok := item.(*briefings.Figure)
	if err != nil || !ok {
		t.Fatalf("F5 is %T, %v; want a figure", item, err)
	}
	figure.Value = "7771"
	_, err = desk.Briefings.Publish(t.Context(), briefings.Batch{Desk: "31", By: "9", Changes: []briefings.Change{{Item: figure, Op: briefings.OpAmend, Seen: snap.ItemRev(figure.ID)}}})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// Where people ask; the rights are those of the server that it is in, if any.
const (
	inTheServer  = `"guild_id":"31","context":0,"authorizing_integration_owners":{"0":"31"},"member":{"user":{"id":%q},"permissions":"8"}`
	inAForeign   = `"guild_id":"44","context":0,"authorizing_integration_owners":{"1":"7"},"member":{"user":{"id":%q},"permissions":"8"}`
	inTheBotsDM  = `"context":1,"authorizing_integration_owners":{"0":"0"},"user":{"id":%q}`
	inAPrivateDM = `"context":2,"authorizing_integration_owners":{"1":"7"},"user":{"id":%q}`
)

// act does something as somebody somewhere, and returns what they are answered.
func (l *lounge) act(t *testing.T, who, where, what string) string {
	t.Helper()
	l.answered = ""
	l.router.Handle(t.Context(), fmt.Appendf(nil, `{"id":"1","token":"t","application_id":"9","channel_id":"5","locale":"en-US",%s,%s}`, fmt.Sprintf(where, who), what))
	return l.answered
}

// command and press are what is sent for a slash command and a control.
func command(name, options string) string {
	return fmt.Sprintf(`"type":2,"data":{"name":%q,"options":[%s]}`, name, options)
}

func press(id, values string) string {
	return fmt.Sprintf(`"type":3,"data":{"custom_id":%q,"values":[%s]}`, id, values)
}

// Nobody but its members reads a server's briefing, wherever and however it is
// asked for.
func TestGuestsReadOnlyWhatIsTheirs(t *testing.T) {
	t.Parallel()
	l := newLounge(t)
	item := command("item", `{"name":"ref","value":"F5","type":3}`)
	shared := command("item", `{"name":"ref","value":"F5","type":3},{"name":"share","value":true,"type":5}`)
	const theirs, everyones = "7771", "● **612"
	for i, step := range []struct {
		who, where, what string
		want             []string // parts of the answer; without those after "!"
	}{
		{"7", inTheBotsDM, item, []string{everyones, "The bundled briefing answers"}},
		{"7", inTheServer, item, []string{theirs, "!answers here"}},
		{"7", inTheBotsDM, item, []string{theirs, "answers here", `"flags":32832`, `share:`}},
		{"8", inTheBotsDM, item, []string{everyones, "!" + theirs}},
		{"8", inAPrivateDM, item, []string{everyones, "!" + theirs}},
		{"7", inAPrivateDM, item, []string{theirs, `"flags":32832`, `!share:`}},
		{"7", inAForeign, item, []string{theirs, `"flags":32832`, `!share:`}},
		{"7", inAPrivateDM, shared, []string{"not everybody here", "!" + theirs}},
		{"7", inAForeign, shared, []string{"not everybody here", "!" + theirs}},
		{"7", inAPrivateDM, press("share:item|ref=F5", ""), []string{"not everybody here", "!" + theirs}},
		{"7", inTheBotsDM, press("share:item|ref=F5", ""), []string{theirs}},
		{"8", inAPrivateDM, press("open:item|ref=F5", ""), []string{everyones, "!" + theirs}},
		{"8", inTheBotsDM, press("switch", `"31"`), []string{"know you from that server", "!" + theirs}},
		{"8", inTheBotsDM, press("switch:31", `"31"`), []string{"know you from that server"}},
		{"8", inTheBotsDM, press("switch", ""), []string{"older version"}},
		{"7", inTheServer, press("switch", `"31"`), []string{"older version"}},
		// rights elsewhere are none on this desk
		{"7", inAForeign, command("desk", `{"name":"settings","type":1,"options":[{"name":"zone","value":"UTC","type":3}]}`), []string{"for admins"}},
		{"7", inAForeign, command("desk", `{"name":"drafts","type":1,"options":[]}`), []string{"for moderators"}},
		{"7", inAForeign, press("desk-resolve", `"x"`), []string{"for moderators"}},
		{"7", inTheBotsDM, press("desk-reopen:x", ""), []string{"for moderators"}},
		// the other way round
		{"7", inTheBotsDM, command("brief", ""), []string{`"value":"31"`, `"value":"catalogue"`, "Whose briefing"}},
		{"7", inTheBotsDM, press("switch", `"catalogue"`), []string{"The bundled briefing answers"}},
		{"7", inAPrivateDM, shared, []string{everyones, `"flags":32768`, "!" + theirs}},
		{"7", inTheBotsDM, press("switch", `"31"`), []string{"answers here", "!bundled briefing answers"}},
		{"7", inTheBotsDM, command("help", ""), []string{`"value":"31"`, "answers here"}},
	} {
		l.now = l.now.Add(time.Second)
		got := l.act(t, step.who, step.where, step.what)
		for _, part := range step.want {
			unwanted, not := strings.CutPrefix(part, "!")
			if strings.Contains(got, unwanted) == not {
				t.Errorf("step %d, %s %s: got\n%s\nwant it with %q (! means without)", i, step.who, step.what, got, part)
			}
		}
	}
	l.members.left.Store(true)
	l.now = l.now.Add(time.Hour)
	for _, where := range []string{inTheBotsDM, inAPrivateDM, inAForeign} {
		if got := l.act(t, "7", where, item); !strings.Contains(got, everyones) || strings.Contains(got, theirs) {
			t.Errorf("an hour after leaving: got %s, want the bundled briefing", got)
		}
	}
	if got := l.act(t, "7", inTheBotsDM, press("switch", `"31"`)); strings.Contains(got, theirs) || !strings.Contains(got, "know you from that server") {
		t.Errorf("choosing it after leaving: got %s, want it refused", got)
	}
}

// What Discord says of a member and of a server, and what that means.
func TestServersAskDiscord(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		status int
		body   string
		member bool
		fails  bool
		called string
	}{
		{"there", http.StatusOK, `{"name":"Room"}`, true, false, "Room"},
		{"no member", http.StatusNotFound, `{"code":10007}`, false, false, ""},
		{"no server", http.StatusNotFound, `{"code":10004}`, false, false, ""},
		{"the bot is out of it", http.StatusForbidden, `{"code":50001}`, false, false, ""},
		{"another refusal", http.StatusBadRequest, `{"code":50035}`, false, true, ""},
		{"ill", http.StatusInternalServerError, ``, false, true, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			discord, err := NewDiscord(botToken, transportOver(t, func(*http.Request) (*http.Response, error) { return canned(tt.status, tt.body), nil }))
			if err != nil {
				t.Fatal(err)
			}
			discord.backOff = time.Millisecond
			s := NewServers(discord)
			if got, err := s.Member(t.Context(), "31", "7"); got != tt.member || (err != nil) != tt.fails {
				t.Errorf("Member: got %t, %v; want %t, an error: %t", got, err, tt.member, tt.fails)
			}
			if got, err := s.ServerName(t.Context(), "31"); got != tt.called || (err == nil) != (tt.called != "") {
				t.Errorf("ServerName: got %q, %v; want %q", got, err, tt.called)
			}
			if _, err := s.Member(t.Context(), "31/../32", "7"); err == nil || errors.Is(err, context.Canceled) {
				t.Errorf("an id that leads elsewhere: got %v, want it refused", err)
			}
		})
	}
}

// Discord counts each refusal against the bot, so it isn't asked for the same one
// again at once; what may pass is.
func TestServerNamesRefusedAreNotAskedForAgain(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status int
		body   string
		want   int64
	}{{http.StatusForbidden, `{"code":50001}`, 1}, {http.StatusNotFound, `{"code":10004}`, 1}, {http.StatusBadRequest, `{"code":50035}`, 3}} {
		var asked atomic.Int64
		discord, err := NewDiscord(botToken, transportOver(t, func(*http.Request) (*http.Response, error) {
			asked.Add(1)
			return canned(tt.status, tt.body), nil
		}))
		if err != nil {
			t.Fatal(err)
		}
		s := NewServers(discord)
		for range 3 {
			if name, err := s.ServerName(t.Context(), "31"); err == nil {
				t.Errorf("%s: got the name %q, want an error", tt.body, name)
			}
		}
		if asked.Load() != tt.want {
			t.Errorf("%s: asked %d times, want %d", tt.body, asked.Load(), tt.want)
		}
	}
}

// To look at what is kept, or to have it erased, is no visit that is kept.
func TestPrivacyLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	l := newLounge(t)
	visited := func() int {
		t.Helper()
		all, err := l.router.Guests.List(t.Context(), "7")
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	for _, step := range []struct {
		what string
		want int
	}{
		{command("privacy", ""), 0},
		{command("item", `{"name":"ref","value":"F5","type":3}`), 1},
		{press("privacy-ask", ""), 1},
		{press("privacy-erase", ""), 0},
		{command("privacy", ""), 0},
	} {
		if got := l.act(t, "7", inTheServer, step.what); !strings.Contains(got, `"flags":32832`) {
			t.Errorf("%s: got %s, want it for their eyes only", step.what, got)
		}
		if got := visited(); got != step.want {
			t.Errorf("%s: seen in %d servers, want %d", step.what, got, step.want)
		}
	}
	l.now = l.now.Add(time.Hour)
	l.act(t, "7", inTheServer, command("item", `{"name":"ref","value":"F5","type":3}`))
	if got := visited(); got != 1 {
		t.Errorf("an hour later: seen in %d servers, want it kept anew", got)
	}
}
