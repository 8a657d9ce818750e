package commands

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"sitrep/cards"
)

// Whatever stands in whichever option, it is answered or called a mistake in a
// sentence; what was typed never becomes a mention or markup.
func TestEveryOptionBearsAnything(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, c := range r.set.Commands {
		if c.Role != Reader || c.Form {
			continue
		}
		for _, o := range c.Options {
			t.Run(c.Name+" "+o.Name, func(t *testing.T) {
				t.Parallel()
				for name, value := range hostile() {
					for _, who := range []Caller{member(), stranger()} {
						got := r.ask(who, c.Name, needed(c).with(Input{o.Name: value}))
						judge(t, fmt.Sprintf("/%s %s: %s", c.Name, o.Name, name), got)
					}
					if o.Completes {
						if _, err := r.complete(member(), c.Name, o.Name, value); err != nil {
							t.Errorf("completing %s of /%s with %s: %v", o.Name, c.Name, name, err)
						}
					}
				}
			})
		}
	}
}

// needed fills in what a command can't be asked without.
func needed(c Command) Input {
	in := Input{}
	for _, o := range c.Options {
		if o.Required {
			in[o.Name] = "F10"
		}
	}
	return in
}

func judge(t *testing.T, what string, got answer) {
	t.Helper()
	if got.say == "" && got.text == "" {
		t.Errorf("%s: it answers nothing at all", what)
	}
	if n := utf8.RuneCountInString(got.say); n > 1000 {
		t.Errorf("%s: the mistake takes %d characters: %.200q", what, n, got.say)
	}
	for _, line := range markup(got.card) {
		for _, raw := range []string{"<@7>", "<@&1>", "<#55>", "**bold**", "[click](https://evil.example)", "@everyone"} {
			if strings.Contains(line, raw) {
				t.Errorf("%s: %q stands in the answer as it was typed: %q", what, raw, line)
			}
		}
	}
}

// markup is a card's texts as Discord gets them.
func markup(c cards.Card) []string {
	all := []string{string(c.Title)}
	for _, b := range c.Blocks {
		all = append(all, string(b.Heading))
		for _, l := range b.Lines {
			all = append(all, string(l.Text))
		}
	}
	for _, f := range c.Footer {
		all = append(all, string(f))
	}
	return all
}

// Every reading command refuses the same days, in the same words.
func TestEveryCommandKnowsItsDays(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, c := range r.set.Commands {
		if c.Role != Reader || c.Form || c.Name == "privacy" { // which reads no briefing
			continue
		}
		for _, tt := range []struct{ known, want string }{
			{"yesterday", "Write it like 2026-01-19"},
			{"2026-01-18", "Nothing was recorded yet"},
			{"2027-01-01", "lies in the future"},
			{"2026-01-20", ""},
		} {
			got := r.ask(member(), c.Name, needed(c).with(Input{"known": tt.known}))
			if !strings.Contains(got.say, tt.want) || (tt.want == "") != (got.say == "") {
				t.Errorf("/%s known:%s: got %q, want %q", c.Name, tt.known, got.say, tt.want)
			}
			if tt.want == "" && !strings.Contains(got.text, "as known on 2026-01-20") {
				t.Errorf("/%s known:%s doesn't say so:\n%s", c.Name, tt.known, got.text)
			}
		}
	}
}

func TestDeskSaveHostileSizesStayValid(t *testing.T) {
	t.Parallel()
	for _, hostile := range []string{strings.Repeat("*", 4000), strings.Repeat("@", 4000), strings.Repeat("\u200b", 4000), strings.Repeat("\U0001F1FA", 4000), "\xff" + strings.Repeat("a\n", 2000)} {
		r := newRig(t)
		state, fields := f5(r)
		for name := range fields {
			fields[name] = hostile
		}
		got := r.press(member(), "desk-save", Press{State: state, Fields: fields})
		if n := size(got.card); n == 0 || n > cards.MostText || len(got.card.Buttons) != 1 {
			t.Errorf("%.10q in every field: got %d characters and %d buttons, want at most %d and the one", hostile, n, len(got.card.Buttons), cards.MostText)
			continue
		}
		again := r.press(member(), "desk-reopen", Press{State: strings.TrimPrefix(got.card.Buttons[0].Action, "desk-reopen:")})
		if again.form == nil || formFault(again.form) != "" {
			t.Errorf("%.10q in every field: the form can't be opened again", hostile)
		}
	}
}

func TestDeskSaveManyFieldsStayValid(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	state, fields := f5(r)
	fields["value"] = "x"
	for i := range 40 {
		fields[fmt.Sprintf("forged%02d", i)] = strings.Repeat("*", 4000)
	}
	got := r.press(member(), "desk-save", Press{State: state, Fields: fields})
	if n := size(got.card); n > cards.MostText {
		t.Errorf("got %d characters, want at most %d", n, cards.MostText)
	}
	holds(t, "many fields", got.text, "digits only", "Value: x", "more")
}

func TestDeskSaveForgedStates(t *testing.T) {
	t.Parallel()
	typed := Input{"value": "640", "text": "typed with care"}
	for _, tt := range []struct {
		name, state, want string
		again             bool // whether the form can be opened again
	}{
		{"nothing", "", "older version", false},
		{"no revision", "figure/energy-attacks", "older version", false},
		{"a path", "figure/../..:1", "older version", false},
		{"no kind", "weapon/energy-attacks:1", "older version", false},
		{"no such item", "figure/never-was:1", "figure/never-was", true},
		{"negative revision", "figure/energy-attacks:-1", "older version", false},
		{"revision from the future", "figure/energy-attacks:99", "older version", false},
		{"huge revision", "figure/energy-attacks:99999999999999999999999", "older version", false},
		{"text behind the revision", "figure/energy-attacks:1:2", "older version", false},
		{"very long", "figure/" + strings.Repeat("a", 4000) + ":1", "older version", false},
		{"hostile", "figure/'; DROP TABLE drafts--:1", "older version", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			got := r.press(member(), "desk-save", Press{State: tt.state, Fields: typed})
			keepsTyped(t, got, typed, tt.want)
			if (len(got.card.Buttons) > 0) != tt.again {
				t.Errorf("got %d buttons, want the one that opens the form again: %t", len(got.card.Buttons), tt.again)
			}
			if own := len(r.snapshot().Own()); own != 0 {
				t.Errorf("got %d revisions, want none", own)
			}
		})
	}
}
