package commands

import (
	"slices"
	"strings"
	"testing"

	"sitrep/cards"
)

// An issue is found by the label of a position on it, by a part of its name, in
// any language; where it is misspelt, the nearest is offered.
func TestIssuesAreFound(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, tt := range []struct{ name, locale, typed, title, say string }{
		{"the name", "en", "Cede territory", "CEDE TERRITORY", ""},
		{"another case", "en", "cede TERRITORY", "CEDE TERRITORY", ""},
		{"a part", "en", "territory", "CEDE TERRITORY", ""},
		{"a label", "en", "p1", "CEDE TERRITORY", ""},
		{"a second label", "en", "C20", "CEDE TERRITORY", ""},
		{"a label of something else", "en", "F5", "", `no "F5"`},
		{"a label that several names hold", "en", "20", "20-POINT PLAN", ""},
		{"a typo", "en", "Recovry plan", "", "Did you mean Recovery plan?"},
		{"a typo in one word", "en", "terrytory", "", "Did you mean Cede territory?"},
		{"several", "en", "plan", "", "fits several: Recovery plan, 20-point plan."},
		{"nothing like it", "en", "elections", "", "There are: Peace commission, "},
		{"no letters", "en", "!!! 🙂", "", "There are: Peace commission, "},
		{"very long", "en", strings.Repeat("q", 1000), "", "…"},
		{"Ukrainian", "uk", "Поступитися територією", "ПОСТУПИТИСЯ ТЕРИТОРІЄЮ", ""},
		{"a part in Ukrainian", "uk", "територ", "ПОСТУПИТИСЯ ТЕРИТОРІЄЮ", ""},
		{"English to a Ukrainian", "uk", "Cede territory", "ПОСТУПИТИСЯ ТЕРИТОРІЄЮ", ""},
		{"Ukrainian to a German", "de", "Поступитися територією", "GEBIET ABTRETEN", ""},
		{"a typo in French", "fr", "Céder du teritoire", "", "Céder du territoire"},
	} {
		who := member()
		who.Locales = []string{tt.locale}
		got := r.ask(who, "positions", Input{"issue": tt.typed})
		if title, _, _ := strings.Cut(got.text, "\n"); title != tt.title || !strings.Contains(got.say, tt.say) || (got.say == "") != (tt.say == "") {
			t.Errorf("%s: %.40q gets %q, %q; want %q, %q", tt.name, tt.typed, title, got.say, tt.title, tt.say)
		}
	}
}

// A side is one whichever language names it, so that a shared answer's buttons
// work for whoever presses them.
func TestSidesInAnyLanguage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	reader := member()
	reader.Locales = []string{"uk"}
	want := r.ask(reader, "timeline", Input{"side": "Росія"})
	for _, typed := range []string{"Russia", "росія", "Russland", "Russie"} {
		got := r.ask(reader, "timeline", Input{"side": typed})
		if got.say != "" || got.text != want.text || !strings.Contains(got.text, "Росія") {
			t.Errorf("side:%s gets %q %s, want what side:Росія gets", typed, got.say, got.text)
		}
	}
	offered, err := r.complete(reader, "timeline", "side", "рос")
	if err != nil || !slices.ContainsFunc(offered, func(c cards.Choice) bool { return c.Label == "Росія" }) {
		t.Errorf("рос completes to %v, %v; want Росія", offered, err)
	}
}

func TestBoundsAndSectionsAreChecked(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, tt := range []struct {
		command string
		in      Input
		locale  string
		want    string
	}{
		{"timeline", Input{"from": "2026-02", "to": "2026-01"}, "en", "From 2026-02 to 2026-01 there is no day."},
		{"timeline", Input{"from": "2026-01", "to": "2026-01"}, "en", ""},
		{"timeline", Input{"from": "2026-01-31", "to": "2026-01"}, "en", ""},
		{"brief", Input{"section": "energi"}, "en", "Did you mean energy?"},
		{"brief", Input{"section": "енергетична війн"}, "uk", "Може, енергетична-війна?"},
		{"brief", Input{"section": "enrgiekrieg"}, "de", "Meinten Sie energiekrieg?"},
		{"brief", Input{"section": "elections"}, "en", "There is no section elections."},
	} {
		who := member()
		who.Locales = []string{tt.locale}
		if got := r.ask(who, tt.command, tt.in); !strings.Contains(got.say, tt.want) || (got.say == "") != (tt.want == "") {
			t.Errorf("/%s %v says %q, want %q", tt.command, tt.in, got.say, tt.want)
		}
	}
}
