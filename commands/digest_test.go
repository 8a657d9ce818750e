package commands

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sitrep/digests"
)

// kept are the digests of who's server.
func (r *rig) kept(who Caller) []digests.Subscription {
	r.t.Helper()
	kept, err := r.store.Subscriptions(r.t.Context(), who.Desk)
	if err != nil {
		r.t.Fatal(err)
	}
	return kept
}

func TestDigestAddKeepsWhatWasAsked(t *testing.T) {
	t.Parallel()
	other := member()
	other.Channels = map[string]Channel{"77": {ID: "77", Rights: everyRight, Known: true}, "78": {ID: "78"}}
	for _, tt := range []struct {
		name, due, zone, channel string
		who                      Caller
		in                       Input
	}{
		{"later today", "2026-01-21T09:30:00Z", "UTC", "55", member(), Input{"at": "09:30"}},
		{"on the minute waits a day", "2026-01-22T08:00:00Z", "UTC", "55", member(), Input{"at": "8:00"}},
		{"in a zone", "2026-01-22T06:00:00Z", "Europe/Kyiv", "55", member(), Input{"at": "08:00", "zone": "Europe/Kyiv"}},
		{"a city in any case", "2026-01-22T06:00:00Z", "Europe/Kyiv", "55", member(), Input{"at": "08:00", "zone": "kyiv", "kind": "daily"}},
		{"another channel", "2026-01-21T23:59:00Z", "UTC", "77", other, Input{"at": "23:59", "channel": "77"}},
		{"a channel whose rights Discord is asked for", "2026-01-21T23:59:00Z", "UTC", "78", other, Input{"at": "23:59", "channel": "78"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.rooms.channels = map[digests.ChannelID]Channel{"78": {ID: "78", Rights: everyRight, Known: true}}
			due, err := time.Parse(time.RFC3339, tt.due)
			if err != nil {
				t.Fatal(err)
			}
			got := r.ask(tt.who, "digest add", tt.in)
			holds(t, tt.name, string(got.card.Title)+got.text, "✓", "<#"+tt.channel+">", due.Format("2 Jan 2006 15:04"))
			kept := r.kept(tt.who)
			if len(kept) != 1 {
				t.Fatalf("got %d digests kept, want 1 (%s)", len(kept), got.say)
			}
			want := digests.Subscription{
				ID: kept[0].ID, Desk: "1001", Channel: digests.ChannelID(tt.channel), Kind: "daily", Quiet: "line", Since: r.now, At: due.In(zone(t, tt.zone)).Format("15:04"),
				Zone: tt.zone, Locale: "en-GB", Grace: digests.DefaultGrace, CreatedBy: "7", CreatedAt: r.now, NextDue: due,
			}
			if diff := cmp.Diff(want, kept[0]); diff != "" {
				t.Errorf("kept (-want +got):\n%s", diff)
			}
			if others := r.kept(elsewhere()); len(others) != 0 {
				t.Errorf("another server got %d digests, want none", len(others))
			}
		})
	}
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestDigestAddRefuses(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	with := func(rights Rights) Caller {
		who := member()
		who.Channel.Rights = rights
		return who
	}
	blind := member()
	blind.Channels = map[string]Channel{"77": {ID: "77", Name: "news", Known: true}, "78": {ID: "78", Known: true}, "79": {ID: "79", Name: "board", Known: true, Rights: everyRight, Closed: true}}
	for _, tt := range []struct {
		name string
		who  Caller
		in   Input
		want []string
	}{
		{"no time", member(), Input{}, []string{"08:00"}},
		{"no time of day", member(), Input{"at": "25:00"}, []string{"25:00", "23:59"}},
		{"twelve hours", member(), Input{"at": "8pm"}, []string{"8pm", "17:30"}},
		{"hostile time", member(), Input{"at": strings.Repeat("9", 4000)}, []string{"08:00", "!" + strings.Repeat("9", 200)}},
		{"typo in the zone", member(), Input{"at": "08:00", "zone": "Europe/Kyv"}, []string{"Europe/Kyv", "did you mean Europe/Kyiv?"}},
		{"abbreviated zone", member(), Input{"at": "08:00", "zone": "PST"}, []string{"America/Los_Angeles"}},
		{"path for a zone", member(), Input{"at": "08:00", "zone": "../../etc/passwd"}, []string{"../../etc/passwd", "Europe/Kyiv"}},
		{"outside a server", stranger(), Input{"at": "08:00"}, []string{"server"}},
		{"no rights", with(0), Input{"at": "08:00"}, []string{"View Channel", "Send Messages", "Read Message History"}},
		{"no history", with(ViewChannel | SendMessages), Input{"at": "08:00"}, []string{"!View Channel", "!Send Messages", "Read Message History"}},
		{"no sending", with(ViewChannel | ReadMessageHistory), Input{"at": "08:00"}, []string{"!View Channel", "Send Messages"}},
		{"other rights", with(^Rights(0) &^ ViewChannel), Input{"at": "08:00"}, []string{"View Channel", "!Send Messages"}},
		{"another channel without rights", blind, Input{"at": "08:00", "channel": "77"}, []string{"View Channel", "#news"}},
		{"a channel where others moderate", blind, Input{"at": "08:00", "channel": "79"}, []string{"no moderator", "#board"}},
		{"a channel whose name nobody told", blind, Input{"at": "08:00", "channel": "78"}, []string{"View Channel", "78"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := r.ask(tt.who, "digest add", tt.in)
			if got.say == "" {
				t.Errorf("got %q, want a mistake", got.text)
			}
			holds(t, tt.name, got.say, tt.want...)
			if kept := r.kept(tt.who); len(kept) != 0 {
				t.Errorf("got %d digests kept, want none", len(kept))
			}
		})
	}
}

func TestDigestAddStopsAtFifty(t *testing.T) {
	t.Parallel()
	r, who := newRig(t), member()
	who.Channel.ID = "1463112233445566778"
	for i := range mostDigests {
		r.now = r.now.Add(time.Second)
		if got := r.ask(who, "digest add", Input{"at": fmt.Sprintf("09:%02d", i)}); got.say != "" {
			t.Fatalf("digest %d: got the mistake %q", i+1, got.say)
		}
	}
	got := r.ask(who, "digest add", Input{"at": "10:00"})
	if !strings.Contains(got.say, "50") || len(r.kept(member())) != mostDigests {
		t.Errorf("one more: got %q %q and %d kept, want a mistake that names the 50", got.text, got.say, len(r.kept(member())))
	}
	if got := r.ask(elsewhere(), "digest add", Input{"at": "10:00"}); got.say != "" {
		t.Errorf("another server: got the mistake %q, want none", got.say)
	}
	list := r.ask(member(), "digest list", nil)
	holds(t, "the list", list.text, "50", "at 09:00", "at 09:01", "more", "!at 09:49")
	if n := size(list.card); n > 4000 {
		t.Errorf("the list has %d characters, want at most 4000", n)
	}
}

// plan puts slots into the ledger, in the state that they carry.
func (r *rig) plan(s digests.Subscription, slots ...digests.Slot) {
	r.t.Helper()
	for i := range slots {
		slots[i].Subscription, slots[i].ID = s.ID, fmt.Sprintf("slot%d%s", i, s.ID)[:15]
	}
	if err := r.store.Plan(r.t.Context(), s, slots, s.NextDue.Add(24*time.Hour)); err != nil {
		r.t.Fatal(err)
	}
}

func TestDigestListSaysHowTheLastOneWent(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		slots []digests.Slot
		want  []string
	}{
		{"none yet", nil, []string{"1 in this server", "daily at 09:30", "!last:"}},
		{"planned", []digests.Slot{{State: digests.Planned, Due: at(21, 9)}}, []string{"!last:"}},
		{"skipped", []digests.Slot{{State: digests.Skipped, Due: at(21, 9), Reason: "too *late*"}}, []string{"last: skipped 21 Jan 2026 09:00 UTC", "too *late*"}},
		{"the newest counts", []digests.Slot{
			{State: digests.Skipped, Due: at(20, 9), Reason: "old"}, {State: digests.Skipped, Due: at(21, 9), Reason: "new"},
		}, []string{"new", "!old"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			if got := r.ask(member(), "digest list", nil); !strings.Contains(got.text, "/digest add") {
				t.Errorf("without digests: got %q, want how to add one", got.text)
			}
			r.ask(member(), "digest add", Input{"at": "09:30"})
			if len(tt.slots) > 0 {
				r.plan(r.kept(member())[0], tt.slots...)
			}
			holds(t, tt.name, r.ask(member(), "digest list", nil).text, tt.want...)
			holds(t, "another server", r.ask(elsewhere(), "digest list", nil).text, "0 in this server", "!09:30")
		})
	}
}

func at(day, hour int) time.Time { return time.Date(2026, time.January, day, hour, 0, 0, 0, time.UTC) }

func TestDigestListNeedsAServer(t *testing.T) {
	t.Parallel()
	if got := newRig(t).ask(stranger(), "digest list", nil); !strings.Contains(got.say, "server") {
		t.Errorf("in a direct message: got %q %q, want a mistake", got.text, got.say)
	}
}
