package storetest

import (
	"errors"
	"testing"

	"sitrep/briefings"
)

// chosen are a desk's settings at rev, with a zone of their own, and the change
// that led to them.
func chosen(rev int, zone string) (briefings.Settings, []briefings.SettingChange) {
	o := briefings.Settings{Rev: rev, ModeratorRole: "31", LogChannel: "77", Zone: zone, Locale: "uk", Share: briefings.SharePublic, Nudge: briefings.SettingOff}
	return o, []briefings.SettingChange{{Rev: rev, Setting: briefings.Zone, Was: "'; --\x00", Now: zone, By: "42", RecordedAt: at(rev)}}
}

func testSettings(t *testing.T, open Opener) {
	s := opened(t, open)
	if got, err := s.Settings(t.Context(), "1"); err != nil || got != (briefings.Settings{}) {
		t.Errorf("never chosen: got %+v, %v, want the defaults", got, err)
	}
	for _, tt := range []struct {
		name string
		desk briefings.DeskID
		rev  int
		zone string
		want error
	}{
		{"a change of what isn't there", "1", 2, "Europe/Oslo", briefings.ErrStale},
		{"the first", "1", 1, "Europe/Kyiv", nil},
		{"a second first", "1", 1, "Europe/Oslo", briefings.ErrStale},
		{"the next", "1", 2, "Europe/Paris", nil},
		{"one made from what is old", "1", 2, "Europe/Oslo", briefings.ErrStale},
		{"one that skips", "1", 9, "Europe/Oslo", briefings.ErrStale},
		{"another desk's", "2", 1, "Asia/Tokyo", nil},
	} {
		o, changes := chosen(tt.rev, tt.zone)
		if err := s.SaveSettings(t.Context(), tt.desk, o, changes); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
	got, err := s.Settings(t.Context(), "1")
	want, _ := chosen(2, "Europe/Paris")
	if err != nil {
		t.Error(err)
	}
	same(t, "what holds", got, want)
	revs, err := s.SettingsRevs(t.Context(), []briefings.DeskID{"1", "2", "3"})
	if err != nil {
		t.Error(err)
	}
	same(t, "the revs", revs, map[briefings.DeskID]int{"1": 2, "2": 1})
	for _, most := range []int{1, 10} {
		log, err := s.SettingsLog(t.Context(), "1", most)
		if err != nil || len(log) != min(most, 2) {
			t.Fatalf("got %+v, %v, want the newest %d of two", log, err, most)
		}
		_, newest := chosen(2, "Europe/Paris")
		newest[0].Was = "'; --\uFFFD"
		same(t, "the newest change", log[0], newest[0])
	}
}

// testSettleOnce has eight copies make the same change at once.
func testSettleOnce(t *testing.T, open Opener) {
	s := opened(t, open)
	for rev := 1; rev <= 2; rev++ {
		o, changes := chosen(rev, "Europe/Kyiv")
		saved := 0
		for i, err := range together(8, func(int) error { return s.SaveSettings(t.Context(), "1", o, changes) }) {
			switch {
			case err == nil:
				saved++
			case !errors.Is(err, briefings.ErrStale):
				t.Errorf("copy %d: got %v, want that it came too late", i, err)
			}
		}
		if log, err := s.SettingsLog(t.Context(), "1", 10); err != nil || saved != 1 || len(log) != rev {
			t.Errorf("rev %d: %d copies saved it, the log has %d, %v; want one, and %d", rev, saved, len(log), err, rev)
		}
	}
}
