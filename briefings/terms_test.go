package briefings_test

import (
	"fmt"
	"strings"
	"testing"

	"sitrep/briefings"
)

// divided is a catalogue with two actors of one side, of which the second alone
// has a translation of it, and a third whose own translation differs.
func divided(tb testing.TB) *briefings.Snapshot {
	tb.Helper()
	var log []briefings.Revision
	add := func(id briefings.ID, ref, side string, translations map[string]map[string]string) {
		a := &briefings.Actor{Name: "Name " + ref, Side: side, Is: briefings.StateActor}
		a.ID, a.Refs, a.Text, a.Translations = id, []string{ref}, "Text.", translations
		log = append(log, briefings.Revision{Rev: 1, Item: a, Op: briefings.OpCreate, RecordedAt: begin()})
	}
	add("actor/a", "A1", "East", nil)
	add("actor/b", "A2", "East", map[string]map[string]string{"uk": {"side": "Схід", "name": "Б", "text": "Текст."}, "de": {"side": "Osten"}})
	add("actor/c", "A3", "East", map[string]map[string]string{"uk": {"side": "Не Схід"}})
	add("actor/d", "A4", "West", nil)
	return briefings.Compile(briefings.Catalogue, nil, log)
}

// TestTermsHoldTogether: what is translated at one item is translated at all,
// so that a side is never two.
func TestTermsHoldTogether(t *testing.T) {
	t.Parallel()
	snap := divided(t)
	for tag, want := range map[string]string{"uk": "Схід Схід Схід West", "de": "Osten Osten Osten West", "fr": "East East East West", "": "East East East West"} {
		v := snap.In(tag)
		var sides []string
		for _, id := range []briefings.ID{"actor/a", "actor/b", "actor/c", "actor/d"} {
			sides = append(sides, v.Item(id).(*briefings.Actor).Side)
		}
		if got := strings.Join(sides, " "); got != want {
			t.Errorf("in %q the sides are %s, want %s", tag, got, want)
		}
	}
	if got := snap.Item("actor/a").(*briefings.Actor).Side; got != "East" {
		t.Errorf("the recorded side is %s, want East", got)
	}
}

func TestSpellings(t *testing.T) {
	t.Parallel()
	snap := divided(t)
	for _, tt := range []struct{ field, shown, want string }{
		{"side", "East", "[East Схід Osten]"},
		{"side", "Схід", "[East Схід Osten]"},
		{"side", "Osten", "[East Схід Osten]"},
		{"side", "West", "[West]"},
		{"side", "nobody", "[nobody]"},
		{"place", "Схід", "[Схід]"},
	} {
		for _, v := range []*briefings.Snapshot{snap, snap.In("uk"), snap.In("de")} {
			if got := fmt.Sprint(v.Spellings(tt.field, tt.shown)); got != tt.want {
				t.Errorf("the %s %s is called %s, want %s", tt.field, tt.shown, got, tt.want)
			}
		}
	}
}

// A term that another item translates is not in English.
func TestTermsOfOthersCountAsTranslated(t *testing.T) {
	t.Parallel()
	snap := divided(t)
	for id, want := range map[briefings.ID]bool{"actor/b": false, "actor/d": true} {
		if got := snap.Untranslated(id, "uk"); got != want {
			t.Errorf("%s lacks something in Ukrainian: %t, want %t", id, got, want)
		}
	}
}
