package cards

import (
	"maps"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestLinkIsReadBack(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		link Link
		want string
	}{
		{"command alone", Link{Command: "talks"}, "open:talks"},
		{"options in order, empty ones left out", Link{"timeline", map[string]string{"page": "2", "known": "2026-01-20", "side": ""}}, "open:timeline|known=2026-01-20|page=2"},
		{"subcommand", Link{Command: "digest list"}, "open:digest list"},
		{"signs with a meaning", Link{"search", map[string]string{"query": "a|b=c@d%e%p"}}, "open:search|query=a%lb=c%ad%pe%pp"},
		{"Cyrillic", Link{"search", map[string]string{"query": "Зеленський"}}, "open:search|query=Зеленський"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := tt.link.Open()
			if got != tt.want {
				t.Errorf("Open() = %q, want %q", got, tt.want)
			}
			back, err := ParseLink(strings.TrimPrefix(got, "open:"))
			maps.DeleteFunc(tt.link.Options, func(_, v string) bool { return v == "" })
			if err != nil || back.Command != tt.link.Command || !maps.Equal(back.Options, tt.link.Options) {
				t.Errorf("ParseLink(%q) = %+v, %v, want %+v", got, back, err, tt.link)
			}
		})
	}
}

func TestLinkNeverGrowsTooLong(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := Link{Command: "search", Options: map[string]string{"query": rapid.String().Draw(t, "query"), "known": "2026-01-20", "page": "12", "section": rapid.StringN(0, 40, 80).Draw(t, "section")}}
		for _, action := range []string{l.Open(), l.Share(), l.Pick("section")} {
			if n := utf8.RuneCountInString(action); n > 100 {
				t.Fatalf("%q has %d characters, want at most 100", action, n)
			}
			if strings.Contains(action, "@") {
				t.Fatalf("%q would be cut where a digest's delivery begins", action)
			}
		}
		back, option, err := ParsePick(strings.TrimPrefix(l.Pick("side"), "pick:"))
		if err != nil || option != "side" || back.Command != "search" || back.Options["known"] != "2026-01-20" {
			t.Fatalf("Pick is read back as %+v, %q, %v", back, option, err)
		}
	})
}

func TestHostileLinks(t *testing.T) {
	t.Parallel()
	for _, state := range []string{"", "|page=2", "talks|page", "talks|=2", "talks|page=1|page=2", strings.Repeat("x", 101), "talks|page=\xff"} {
		if l, err := ParseLink(state); err == nil {
			t.Errorf("ParseLink(%q) = %+v, want an error", state, l)
		}
	}
	if _, _, err := ParsePick(":talks"); err == nil {
		t.Error("a selection without its option was read")
	}
}

func TestLinkWith(t *testing.T) {
	t.Parallel()
	l := Link{"timeline", map[string]string{"page": "2"}}
	if got, want := l.With("page", "3").Open(), "open:timeline|page=3"; got != want {
		t.Errorf("With() = %q, want %q", got, want)
	}
	if got, want := l.Open(), "open:timeline|page=2"; got != want {
		t.Errorf("after With it is %q, want %q: it must not change", got, want)
	}
	if got, want := (Link{Command: "talks"}).With("known", "2026").Open(), "open:talks|known=2026"; got != want {
		t.Errorf("With() on no options = %q, want %q", got, want)
	}
}

// FuzzParseLink sends any custom id. What is read writes itself as something
// that is read as the same again, and fits Discord if what came did.
func FuzzParseLink(f *testing.F) {
	for _, state := range []string{"talks", "talks|page=2", "search|query=%pl%l%a|section=energy", "talks|a=%", "talks|a= x |b=\u202e\x00", "|", "section:talks|page=1"} {
		f.Add(state)
	}
	f.Fuzz(func(t *testing.T, state string) {
		if v := ParseQueueView(state); v != (QueueView{}) && ParseQueueView(strings.TrimPrefix(v.action("x"), "x:")) != v {
			t.Errorf("%q: got %+v, which writes %q", state, v, v.action("x"))
		}
		l, err := ParseLink(state)
		if err != nil {
			return
		}
		written := strings.TrimPrefix(l.Turn(), ActionTurn+":")
		if utf8.RuneCountInString(ActionTurn+":"+written) > mostAction {
			return // its command or its names alone are too long: no screen has such
		}
		again, err := ParseLink(written)
		if err != nil {
			t.Fatalf("%q is read, but not what it writes: %q", state, written)
		}
		if twice := strings.TrimPrefix(again.Turn(), ActionTurn+":"); twice != written {
			t.Errorf("%q writes %q, and that writes %q", state, written, twice)
		}
		if option, rest, found := strings.Cut(state, ":"); found {
			if _, got, err := ParsePick(state); err == nil && (got != option || option == "") {
				t.Errorf("%q: got the option %q of %q", state, got, rest)
			}
		}
	})
}
