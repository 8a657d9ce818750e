package briefings_test

import (
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"sitrep/briefings"
	"sitrep/cache"
)

// settle lets user 42 choose settings of a desk.
func settle(t *testing.T, s *briefings.Service, desk briefings.DeskID, wanted map[briefings.Setting]string) (briefings.Settings, []briefings.SettingChange) {
	t.Helper()
	got, changes, err := s.ChangeSettings(t.Context(), desk, "42", wanted)
	if err != nil {
		t.Fatal(err)
	}
	return got, changes
}

func TestChangeSettings(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.copy(forgetful{})
	at := begin().Add(time.Hour)
	change := func(rev int, name briefings.Setting, was, now string) briefings.SettingChange {
		return briefings.SettingChange{Rev: rev, Setting: name, Was: was, Now: now, By: "42", RecordedAt: at}
	}
	type wanted = map[briefings.Setting]string
	for _, step := range []struct {
		name    string
		wanted  wanted
		want    briefings.Settings
		changes []briefings.SettingChange
	}{
		{"a default that is one", wanted{briefings.Zone: ""}, briefings.Settings{}, nil},
		{
			"two at once",
			wanted{briefings.Zone: "Europe/Kyiv", briefings.ShareDefault: "public"},
			briefings.Settings{Rev: 1, Zone: "Europe/Kyiv", Share: "public"},
			[]briefings.SettingChange{change(1, briefings.Zone, "", "Europe/Kyiv"), change(1, briefings.ShareDefault, "", "public")},
		},
		{"the same again", wanted{briefings.Zone: "Europe/Kyiv"}, briefings.Settings{Rev: 1, Zone: "Europe/Kyiv", Share: "public"}, nil},
		{
			"the others",
			wanted{briefings.ModeratorRole: "3", briefings.LogChannel: "4", briefings.Locale: "uk"},
			briefings.Settings{Rev: 2, ModeratorRole: "3", LogChannel: "4", Zone: "Europe/Kyiv", Locale: "uk", Share: "public"},
			[]briefings.SettingChange{change(2, briefings.ModeratorRole, "", "3"), change(2, briefings.LogChannel, "", "4"), change(2, briefings.Locale, "", "uk")},
		},
		{
			"back to the default",
			wanted{briefings.Zone: ""},
			briefings.Settings{Rev: 3, ModeratorRole: "3", LogChannel: "4", Locale: "uk", Share: "public"},
			[]briefings.SettingChange{change(3, briefings.Zone, "Europe/Kyiv", "")},
		},
		{
			"a name that is none",
			wanted{"colour": "red"},
			briefings.Settings{Rev: 3, ModeratorRole: "3", LogChannel: "4", Locale: "uk", Share: "public"},
			nil,
		},
	} {
		got, changes := settle(t, s, "1", step.wanted)
		if diff := cmp.Diff(step.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
		if diff := cmp.Diff(step.changes, changes); diff != "" {
			t.Errorf("%s: changes (-want +got):\n%s", step.name, diff)
		}
		if held := s.Settings(t.Context(), "1"); held != step.want {
			t.Errorf("%s: then %+v holds, want %+v", step.name, held, step.want)
		}
	}
	kept, err := s.SettingsLog(t.Context(), "1", 10)
	if err != nil || len(kept) != 6 {
		t.Errorf("got the log %+v, %v, want six changes", kept, err)
	}
	for _, other := range []briefings.DeskID{"2", briefings.Catalogue} {
		if got := s.Settings(t.Context(), other); got != (briefings.Settings{}) {
			t.Errorf("desk %s has %+v, want the defaults", other, got)
		}
	}
}

// Two copies change settings at once: both choices hold, and both are told.
func TestChangeSettingsTogether(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	a, b := r.copy(forgetful{}), r.copy(forgetful{})
	var both sync.WaitGroup
	for s, wanted := range map[*briefings.Service]map[briefings.Setting]string{a: {briefings.Zone: "Europe/Kyiv"}, b: {briefings.Locale: "de"}} {
		both.Go(func() {
			if _, _, err := s.ChangeSettings(t.Context(), "1", "42", wanted); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	want := briefings.Settings{Rev: 2, Zone: "Europe/Kyiv", Locale: "de"}
	if got := r.copy(forgetful{}).Settings(t.Context(), "1"); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestSettingsAreToldToOtherCopies(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	shared, err := cache.Open(cache.Embedded, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := shared.Close(); err != nil {
			t.Error(err)
		}
	}()
	a, listening := r.copy(shared), heard{shared, make(chan int)}
	b := r.copy(listening)
	if got := b.Settings(t.Context(), "1"); got != (briefings.Settings{}) {
		t.Fatalf("before the change: got %+v, want the defaults", got)
	}
	defer running(t, b)()
	listening.until(t, 0) // it has subscribed
	want, _ := settle(t, a, "1", map[briefings.Setting]string{briefings.ModeratorRole: "3"})
	listening.until(t, 0)
	asked := r.record.settings.Load()
	for range 10 {
		if got := b.Settings(t.Context(), "1"); got != want {
			t.Fatalf("told: got %+v, want %+v", got, want)
		}
	}
	if got := r.record.settings.Load(); got != asked {
		t.Errorf("what is in memory was read %d times, want never", got-asked)
	}
}

// Without news a copy compares, and with the record away it goes by what it
// knows, else by the defaults.
func TestSettingsAreCompared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		a, b := r.copy(forgetful{}), r.copy(forgetful{})
		defer running(t, b)()
		holds := func(when string, desk briefings.DeskID, zone string) {
			t.Helper()
			if got := b.Settings(t.Context(), desk).Zone; got != zone {
				t.Errorf("%s: desk %s has the zone %q, want %q", when, desk, got, zone)
			}
		}
		wait := func() {
			<-time.After(5 * time.Second)
			synctest.Wait()
		}
		holds("at first", "1", "")
		settle(t, a, "1", map[briefings.Setting]string{briefings.Zone: "Europe/Kyiv"})
		settle(t, a, "2", map[briefings.Setting]string{briefings.Zone: "Asia/Tokyo"})
		wait()
		holds("compared", "1", "Europe/Kyiv")
		r.record.away.Store(true)
		wait()
		asked := r.record.settings.Load()
		holds("the record away", "1", "Europe/Kyiv")
		holds("never read, and the record away", "2", "")
		if got := r.record.settings.Load(); got != asked {
			t.Errorf("a record that is known to be away was asked %d times", got-asked)
		}
		if _, _, err := b.ChangeSettings(t.Context(), "1", "42", map[briefings.Setting]string{briefings.Zone: "Europe/Oslo"}); !told(err, briefings.ErrUnavailable) {
			t.Errorf("a change with the record away: got %v, want that nothing was saved", err)
		}
		r.record.away.Store(false)
		wait()
		holds("the record back", "1", "Europe/Kyiv")
		holds("the record back", "2", "Asia/Tokyo")

		r.record.Record = newRig(t).record.Record
		wait()
		holds("the record restored from before", "1", "")
	})
}
