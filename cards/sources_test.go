package cards

import (
	"strings"
	"testing"

	"sitrep/briefings"
)

// The whole list has every source, also one that no item cites; readers of
// another language are told that titles are in English.
func TestSourcesAreWhole(t *testing.T) {
	t.Parallel()
	say := bundled(t)
	for _, locale := range []string{"en", "uk"} {
		read := say.in(t, locale)
		card := read.Sources(nil, Leaf{Room: MostText})
		text := card.Plain()
		for _, s := range briefings.All[*briefings.Source](read.Snapshot) {
			if !strings.Contains(text, s.Ref()+" ") {
				t.Errorf("%s is missing from\n%s", s.Ref(), text)
			}
		}
		if got := strings.Contains(text, read.Words.Say("footer.english")); got != (locale != "en") {
			t.Errorf("in %s it says that titles are in English: %t", locale, got)
		}
	}
}

// An item's screen says that something on it is in English also where that is
// a conflict about it.
func TestConflictsInEnglishAreMarked(t *testing.T) {
	t.Parallel()
	f, g := figure(t, "F1", "1"), figure(t, "F2", "2")
	x := &briefings.Conflict{Members: []briefings.ID{f.ID, g.ID}, State: briefings.OpenConflict}
	x.ID, x.Refs, x.Text = "conflict/c1", []string{"C1"}, "They differ."
	translate := func(h *briefings.Envelope, fields map[string]string) {
		h.Translations = map[string]map[string]string{"uk": fields}
	}
	for _, item := range []*briefings.Figure{f, g} {
		item.Unit = "attacks"
		translate(item.Head(), map[string]string{"text": "Текст.", "definition": "так"})
	}
	say := telling(t, f, g, x).in(t, "uk")
	mark := say.Words.Say("footer.english")
	if got := string(say.FooterOf([]briefings.ID{f.ID})[0]); !strings.Contains(got, mark) {
		t.Errorf("got the footer %q, want it with %q", got, mark)
	}
	translate(x.Head(), map[string]string{"text": "Вони різняться."})
	say = telling(t, f, g, x).in(t, "uk")
	if got := string(say.FooterOf([]briefings.ID{f.ID})[0]); strings.Contains(got, mark) {
		t.Errorf("got the footer %q, want it without %q", got, mark)
	}
}
