package commands

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sitrep/briefings"
	"sitrep/digests"
)

// added is the one digest of member's server.
func (r *rig) added(in Input) digests.Subscription {
	r.t.Helper()
	if got := r.ask(member(), "digest add", in); got.say != "" {
		r.t.Fatalf("digest add: %s", got.say)
	}
	return r.kept(member())[0]
}

func TestDigestAddByKind(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		in   Input
		want digests.Subscription
		due  string // empty where nothing is to come
		said string
	}{
		{"some days", Input{"at": "9:00", "days": "fri,Monday"}, digests.Subscription{Kind: "daily", At: "09:00", Days: "mon,fri"}, "2026-01-23T09:00:00Z", "mon,fri at 09:00"},
		{"cron", Input{"cron": "30 7 * * mon-fri"}, digests.Subscription{Kind: "cron", Cron: "30 7 * * mon-fri"}, "2026-01-22T07:30:00Z", "cron 30 7"},
		{"countdown by label", Input{"at": "09:00", "date": "D11", "offsets": "7,0"}, digests.Subscription{Kind: "countdown", At: "09:00", Date: "event/war-anniversary", Offsets: "7,0"}, "2026-02-17T09:00:00Z", "7,0 days before Fourth anniversary"},
		{"countdown by headline", Input{"at": "09:00", "date": "fourth anniversary of the full-scale war"}, digests.Subscription{Kind: "countdown", At: "09:00", Date: "event/war-anniversary", Offsets: "14,7,3,1,0,-1"}, "2026-02-10T09:00:00Z", "next"},
		{"countdown whose days have passed", Input{"at": "09:00", "date": "D11", "offsets": "366"}, digests.Subscription{Kind: "countdown", At: "09:00", Date: "event/war-anniversary", Offsets: "366"}, "", "Nothing is to come yet"},
		{
			"sections, grace and quiet",
			Input{"at": "09:00", "sections": "energy, talks", "grace": "45m", "quiet": "nothing"},
			digests.Subscription{Kind: "daily", At: "09:00", Sections: "section/energy,section/talks", Grace: 45 * time.Minute, Quiet: "nothing"},
			"2026-01-21T09:00:00Z", "daily at 09:00",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			got := r.ask(member(), "digest add", tt.in)
			kept := r.kept(member())
			if len(kept) != 1 {
				t.Fatalf("got %d kept, want 1 (%s)", len(kept), got.say)
			}
			want := tt.want
			want.ID, want.Desk, want.Channel, want.Zone, want.Locale, want.CreatedBy, want.CreatedAt, want.Since = kept[0].ID, "1001", "55", "UTC", "en-GB", "7", r.now, r.now
			if want.Grace == 0 {
				want.Grace, want.Quiet = digests.DefaultGrace, digests.QuietLine
			}
			if tt.due != "" {
				due, err := time.Parse(time.RFC3339, tt.due)
				if err != nil {
					t.Fatal(err)
				}
				want.NextDue = due
			}
			if diff := cmp.Diff(want, kept[0]); diff != "" {
				t.Errorf("kept (-want +got):\n%s", diff)
			}
			holds(t, tt.name, got.text+r.ask(member(), "digest list", nil).text, tt.said)
		})
	}
}

func TestDigestAddRefusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, tt := range []struct {
		in   Input
		want string
	}{
		{Input{"cron": "0 8 * * *", "at": "09:00"}, "Leave at out, or cron"},
		{Input{"cron": "0 8 * * *", "days": "mon"}, "days belongs to a digest of the kind daily"},
		{Input{"kind": "daily", "at": "09:00", "date": "D11"}, "date belongs to a digest of the kind countdown"},
		{Input{"date": "D11", "at": "09:00", "days": "mon"}, "days belongs to"},
		{Input{"kind": "countdown", "at": "09:00"}, "Which date?"},
		{Input{"date": "doomsday", "at": "09:00"}, "I know no key date doomsday"},
		{Input{"date": "F5", "at": "09:00"}, "I know no key date F5"},
		{Input{"date": "D11", "at": "09:00", "offsets": "999"}, `"999"`},
		{Input{"date": "D11"}, "like 08:00"},
		{Input{"cron": "0 8 31 2 *"}, "never comes"},
		{Input{"at": "09:00", "sections": "talks,weather"}, "weather"},
		{Input{"at": "09:00", "grace": "3 days"}, "from 1m to 12h"},
		{Input{"at": "09:00", "days": "someday"}, "mon-fri"},
	} {
		holds(t, fmt.Sprint(tt.in), r.ask(member(), "digest add", tt.in).say, tt.want)
	}
	r.publish(briefings.OpAmend, "", "D11", func(item briefings.Item) { item.(*briefings.Event).Happened = briefings.Cancelled })
	holds(t, "a cancelled date", r.ask(member(), "digest add", Input{"date": "D11", "at": "09:00"}).say, "was called off")
	if kept := r.kept(member()); len(kept) != 0 {
		t.Errorf("got %d kept, want none", len(kept))
	}
}

func TestDigestCompletes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.added(Input{"at": "09:00", "zone": "kyiv"})
	for _, tt := range []struct{ command, option, typed, label, value string }{
		{"digest add", "zone", "kyiv", "Europe/Kyiv (UTC+02:00)", "Europe/Kyiv"},
		{"digest edit", "zone", "utc+5:45", "Asia/Kathmandu (UTC+05:45)", "Asia/Kathmandu"},
		{"digest add", "date", "anniv", "24 Feb 2026 · Fourth anniversary of the full-scale war", "event/war-anniversary"},
		{"digest add", "sections", "ta", "Peace talks", "talks"},
		{"digest edit", "sections", "talks,en", "talks,Energy war", "talks,energy"},
		{"digest edit", "digest", "kyiv", "daily at 09:00 (Europe/Kyiv) in channel 55", s.ID},
		{"digest log", "digest", "", "daily at 09:00 (Europe/Kyiv) in channel 55", s.ID},
	} {
		got, err := r.complete(member(), tt.command, tt.option, tt.typed)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, c := range got {
			found = found || c.Label == tt.label && c.Value == tt.value
		}
		if !found || len(got) > mostOffered {
			t.Errorf("/%s %s:%s offers %v, want %q (%s) among them", tt.command, tt.option, tt.typed, got, tt.label, tt.value)
		}
	}
}

func TestDigestEditPauseResume(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.added(Input{"at": "09:00"})
	named := Input{"digest": s.ID}
	holds(t, "nothing to change", r.ask(member(), "digest edit", named).say, "Say what to change")
	holds(t, "no such digest", r.ask(member(), "digest edit", Input{"digest": "NOPE", "at": "10:00"}).say, "no such digest")
	holds(t, "another server's", r.ask(elsewhere(), "digest pause", named).say, "no such digest")
	holds(t, "not paused", r.ask(member(), "digest resume", named).say, "isn't paused")
	holds(t, "edit", r.ask(member(), "digest edit", named.with(Input{"days": "fri"})).text, "fri at 09:00", "23 Jan 2026 09:00")
	holds(t, "to cron", r.ask(member(), "digest edit", named.with(Input{"cron": "0 7 * * *"})).text, "cron 0 7")
	holds(t, "back", r.ask(member(), "digest edit", named.with(Input{"at": "10:00", "sections": "talks"})).text, "daily at 10:00")
	holds(t, "pause", r.ask(member(), "digest pause", named).text, "is paused")
	holds(t, "twice", r.ask(member(), "digest pause", named).say, "paused already")
	holds(t, "the list", r.ask(member(), "digest list", nil).text, "paused: by a moderator", "!next")
	holds(t, "edited while paused", r.ask(member(), "digest edit", named.with(Input{"sections": "all"})).text, "It is paused")
	if kept := r.kept(member())[0]; !kept.NextDue.IsZero() || kept.Sections != "" || kept.At != "10:00" {
		t.Errorf("paused: kept %+v, want 10:00, every section, and nothing to come", kept)
	}
	r.now = r.now.Add(26 * time.Hour) // 10:00 has passed
	holds(t, "resume", r.ask(member(), "digest resume", named).text, "Digest resumed", "23 Jan 2026 10:00")
	if kept := r.kept(member())[0]; kept.Paused != "" || !kept.Since.Equal(r.now) {
		t.Errorf("resumed: kept %+v, want it to begin anew now", kept)
	}
}

func TestDigestPreviewRehearseLog(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.now = time.Date(2026, time.March, 27, 12, 0, 0, 0, time.UTC)
	s := r.added(Input{"at": "02:30", "zone": "Zurich", "sections": "talks"})
	named := Input{"digest": s.ID}
	holds(t, "preview", r.ask(member(), "digest preview", named).text, "DIGEST · 27 Mar 2026", "PEACE TALKS", "!ENERGY")
	rehearsal := r.ask(member(), "digest rehearse", named).text
	holds(t, "rehearsal", rehearsal, "2026-03-28 02:30 Europe/Zurich", "2026-03-29 03:00 Europe/Zurich", "clocks change", "2026-04-06", "!2026-04-07", "!fail")
	if n := strings.Count(rehearsal, "clocks change"); n != 1 {
		t.Errorf("%d days are marked as days when clocks change, want 1", n)
	}
	mute := member()
	mute.Channel.Rights = ViewChannel
	holds(t, "without rights", r.ask(mute, "digest rehearse", named).text, "It would fail now", "Send Messages")
	holds(t, "no log", r.ask(member(), "digest log", named).text, "Nothing has fallen due yet")

	holds(t, "now", r.ask(member(), "digest now", named).text, "goes out now")
	r.ask(member(), "digest now", named) // in the same minute
	c, err := r.store.Claim(t.Context(), "me", r.now, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	snap, err := r.desk.Briefings.Snapshot(t.Context(), member().Desk)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.store.Finish(t.Context(), c, digests.Slot{State: digests.Sent, Message: "9001", Rev: snap.Rev}); err != nil {
		t.Fatal(err)
	}
	log := r.ask(member(), "digest log", named).text
	holds(t, "log", log, "27 Mar 2026 12:00", "sent", "channels/1001/55/9001")
	if n := strings.Count(log, "•"); n != 1 {
		t.Errorf("the log has %d entries, want 1:\n%s", n, log)
	}
	holds(t, "nothing new", r.ask(member(), "digest preview", named).text, "Nothing changed since the last digest", "!Figures")
	r.ask(member(), "digest edit", named.with(Input{"quiet": "nothing"}))
	holds(t, "nothing new, no post", r.ask(member(), "digest preview", named).text, "would post nothing")
	holds(t, "nothing new, rehearsed", r.ask(member(), "digest rehearse", named).text, "would post nothing")
	r.publish(briefings.OpAmend, "", "F5", func(item briefings.Item) { item.(*briefings.Figure).Value = "640" })
	holds(t, "another section's news", r.ask(member(), "digest preview", named).text, "would post nothing")
	r.ask(member(), "digest edit", named.with(Input{"sections": "energy"}))
	holds(t, "its own news", r.ask(member(), "digest preview", named).text, "640")
}

func TestDigestStateWords(t *testing.T) {
	t.Parallel()
	w := newRig(t).desk.Book.In("en")
	for _, state := range []digests.State{digests.Planned, digests.Claimed, digests.Sent, digests.Skipped, digests.Failed} {
		slot := digests.Slot{State: state, Due: at(21, 9), Reason: "a *star*"}
		if got := string(logEntry(w, digests.Subscription{}, slot)); !strings.Contains(got, w.Say(stateWord(state))) || !strings.Contains(got, `a \*star\*`) {
			t.Errorf("%s: got %q, want its word and the escaped reason", state, got)
		}
	}
}
