package commands

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/testenv"
	"sitrep/words"
)

// asks are the first screens of every reading command, by the name of their
// golden file.
func asks() map[string]struct {
	command string
	in      Input
} {
	type ask = struct {
		command string
		in      Input
	}
	return map[string]ask{
		"brief": {"brief", nil}, "brief-talks": {"brief", Input{"section": "talks"}}, "actors": {"actors", nil},
		"actor": {"actors", Input{"name": "Budanov"}}, "positions": {"positions", nil},
		"issue": {"positions", Input{"issue": "Peace commission"}}, "timeline": {"timeline", nil},
		"timeline-side": {"timeline", Input{"side": "Russia", "from": "2025"}}, "dates": {"dates", nil}, "figures": {"figures", nil},
		"figures-disputed": {"figures", Input{"status": "contradicted"}}, "claims": {"claims", nil},
		"claims-speaker": {"claims", Input{"speaker": "Peskov"}}, "watch": {"watch", nil}, "watch-answered": {"watch", Input{"state": "answered"}},
		"item-figure": {"item", Input{"ref": "F10"}}, "item-event": {"item", Input{"ref": "D6"}}, "item-actor": {"item", Input{"ref": "A5"}},
		"item-statement": {"item", Input{"ref": "S5"}}, "item-assessment": {"item", Input{"ref": "J10"}}, "item-plan": {"item", Input{"ref": "DOC1"}},
		"item-question": {"item", Input{"ref": "Q2"}}, "item-conflict": {"item", Input{"ref": "C3"}}, "item-source": {"item", Input{"ref": "SRC1"}},
		"search": {"search", Input{"query": "missiles"}}, "search-typo": {"search", Input{"query": "missles", "kind": "event"}},
		"search-nothing": {"search", Input{"query": "elections"}}, "search-filtered": {"search", Input{"query": "missiles", "kind": "plan"}},
		"search-label": {"search", Input{"query": "f10"}}, "search-near": {"search", Input{"query": "F55"}},
		"changes": {"changes", nil}, "changes-section": {"changes", Input{"section": "energy", "since": "rev 1"}},
		"sources": {"sources", nil}, "sources-talks": {"sources", Input{"section": "talks"}}, "help": {"help", nil}, "legend": {"help", Input{"topic": "legend"}},
		"talks": {"talks", nil}, "energy": {"energy", nil}, "plan": {"plan", nil}, "recovery": {"recovery", nil}, "davos": {"davos", nil},
	}
}

func TestScreensGolden(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, locale := range []string{"en", "uk", "de", "fr"} {
		most := cards.FirstScreen
		if locale != "en" {
			most = most * 13 / 10 // other languages take more room
		}
		who := member()
		who.Locales = []string{locale, "en-GB"}
		who.User += briefings.UserID(locale) // whose first look at the changes it is
		for name, ask := range asks() {
			t.Run(locale+"/"+name, func(t *testing.T) {
				t.Parallel()
				got := r.ask(who, ask.command, ask.in)
				if got.say != "" {
					t.Fatalf("/%s %v: %s", ask.command, ask.in, got.say)
				}
				testenv.Golden(t, "testdata/"+locale+"/"+name+".txt", []byte(got.text+controls(got.card)))
				long := ask.command == "help" || ask.command == "actors" || name == "brief-talks"
				if n := utf8.RuneCountInString(got.text); n > most && !long || n > cards.MostText {
					t.Errorf("it has %d characters, want at most %d on a first screen", n, most)
				}
				if left := r.english(got, locale); len(left) > 0 {
					t.Errorf("it says in English: %q", left)
				}
			})
		}
	}
}

// english are the phrases that an answer says in English though its language
// has its own. What stands between parameters is looked for; the content that
// no translation covers is English, and so are single words of it.
func (r *rig) english(got answer, locale string) []string {
	r.t.Helper()
	data, err := os.ReadFile("../words/en.json")
	if err != nil {
		r.t.Fatal(err)
	}
	var phrases map[string]any
	if err := json.Unmarshal(data, &phrases); err != nil {
		r.t.Fatal(err)
	}
	if locale == "en" {
		return nil
	}
	own := got.text
	for _, s := range got.card.Selects {
		own += "\n" + s.Placeholder
	}
	for _, b := range got.card.Buttons {
		own += "\n" + b.Label
	}
	for _, s := range r.desk.Briefings.Base().Sections() {
		own = strings.ReplaceAll(own, s.TrendReason, "") // content without a translation
	}
	w := r.desk.Book.In(locale)
	var left []string
	for id, said := range phrases {
		if strings.HasPrefix(id, "unit.") {
			continue // words of the content
		}
		text, single := said.(string)
		if forms, counted := said.(map[string]any); counted {
			text, single = forms["other"].(string)
		}
		for _, part := range regexp.MustCompile(`{{[^}]*}}`).Split(text, -1) {
			part = strings.TrimSpace(part)
			if single && utf8.RuneCountInString(part) >= 12 && strings.Contains(own, part) && !strings.Contains(w.Say(id, words.Args{"Count": 2}), part) {
				left = append(left, id)
			}
		}
	}
	return left
}

// controls are what can be pressed below a card.
func controls(c cards.Card) string {
	var out strings.Builder
	for _, s := range c.Selects {
		fmt.Fprintf(&out, "[%s ▾ %d: %s]\n", s.Placeholder, len(s.Options), s.Action)
	}
	for _, b := range c.Buttons {
		fmt.Fprintf(&out, "[%s: %s]\n", b.Label, b.Action)
	}
	return out.String()
}

// Every button and selection below every screen leads to an answer.
func TestControlsLeadSomewhere(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, ask := range asks() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := r.ask(member(), ask.command, ask.in)
			pressed := 0
			for _, b := range got.card.Buttons {
				action, state, _ := strings.Cut(b.Action, ":")
				if answer := r.press(member(), action, Press{State: state}); answer.say != "" || (answer.text == "" && answer.form == nil) {
					t.Errorf("button %q answers %q %q", b.Action, answer.text, answer.say)
				}
				pressed++
			}
			for _, s := range got.card.Selects {
				action, state, _ := strings.Cut(s.Action, ":")
				for _, o := range s.Options {
					if answer := r.press(member(), action, Press{State: state, Values: []string{o.Value}}); answer.say != "" || answer.text == "" {
						t.Errorf("choosing %q of %q answers %q %q", o.Value, s.Action, answer.text, answer.say)
					}
					pressed++
				}
			}
			if pressed == 0 {
				t.Error("there is nothing to press, not even to share it")
			}
		})
	}
}

// Paging forward from any first page comes to an end, and shows no page twice.
func TestPagesEnd(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, ask := range asks() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := r.ask(member(), ask.command, ask.in)
			seen := map[string]bool{}
			for range 100 {
				if seen[got.text] {
					t.Fatalf("the same page came again:\n%s", got.text)
				}
				seen[got.text] = true
				next := ""
				for _, b := range got.card.Buttons {
					if strings.HasPrefix(b.Label, "Next") {
						next = strings.TrimPrefix(b.Action, "turn:")
					}
				}
				if next == "" {
					return
				}
				got = r.press(member(), "turn", Press{State: next})
			}
			t.Error("a hundred pages did not come to an end")
		})
	}
}
