package commands

import (
	"strings"
	"testing"

	"sitrep/briefings"
	"sitrep/cards"
)

func TestSearch(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, tt := range []struct {
		name string
		in   Input
		want []string
	}{
		{"a word", Input{"query": "missiles"}, []string{"SEARCH “missiles” · 8 hits", "1 EVENT", "E11", "E12", "!Did you mean"}},
		{"a label finds its item alone", Input{"query": "f10"}, []string{"· 1 hit", "1 FIGURE", "F10", "!F9 ⚠"}},
		{"a label in brackets", Input{"query": " [F10] "}, []string{"· 1 hit", "F10"}},
		{"a name in another script", Input{"query": "Зеленський"}, []string{"1 ACTOR · Volodymyr Zelenskyy"}},
		{"a typo", Input{"query": "missles"}, []string{"Did you mean: missiles", "E12"}},
		{"one kind", Input{"query": "missiles", "kind": "statement"}, []string{"STATEMENT · ", "S8", "!EVENT", "!QUESTION"}},
		{"one section", Input{"query": "davos", "section": "energy"}, []string{"Energy war", "!FIGURE · about $800"}},
		{"one status", Input{"query": "russia", "status": "Disputed"}, []string{"· disputed", "S5"}},
		{"one source, by label", Input{"query": "talks", "source": "src3"}, []string{"SEARCH “talks”"}},
		{"filters that leave nothing", Input{"query": "missiles", "kind": "plan"}, []string{"· 0 hits", "without them 8 items do"}},
		{"nothing", Input{"query": "elections"}, []string{"Nothing in this briefing fits “elections”", "!Did you mean"}},
		{"a label that is near another", Input{"query": "F55"}, []string{"Nothing in this briefing fits", "Did you mean F5?"}},
		{"filters undone", Input{"query": "missiles", "kind": "any", "section": "any"}, []string{"· 8 hits"}},
		{"as known on a day", Input{"query": "missiles", "known": "2026-01-20"}, []string{"as known on 2026-01-20"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := r.ask(member(), "search", tt.in)
			if got.say != "" {
				t.Fatalf("/search %v: %s", tt.in, got.say)
			}
			holds(t, tt.name, got.text, tt.want...)
		})
	}
}

func TestSearchRefuses(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, tt := range []struct {
		name string
		in   Input
		want string
	}{
		{"nothing", Input{}, "nothing to look for"},
		{"only punctuation", Input{"query": "?!… — «»"}, "nothing to look for"},
		{"broken text", Input{"query": "\xff\xfe"}, "nothing to look for"},
		{"no kind", Input{"query": "x", "kind": "weather"}, "assessment"},
		{"no section", Input{"query": "x", "section": "weather"}, "There is no section weather"},
		{"no status", Input{"query": "x", "status": "maybe"}, "claimed"},
		{"no source", Input{"query": "x", "source": "Pravda"}, "SRC1"},
		{"an actor for a source", Input{"query": "x", "source": "A1"}, "SRC1"},
	} {
		if got := r.ask(member(), "search", tt.in); !strings.Contains(got.say, tt.want) {
			t.Errorf("%s: got %q %q, want a mistake with %q", tt.name, got.say, got.text, tt.want)
		}
	}
}

// hostile is what people type to break a bot or to ping somebody.
func hostile() map[string]string {
	return map[string]string{
		"1,000 letters":         strings.Repeat("щ", 1000),
		"1,000 words":           strings.Repeat("kyiv ", 1000),
		"emoji":                 "🇺🇦 👩‍👩‍👧 🧨 7️⃣",
		"right to left":         "\u202e\u2067مرحبا بالعالم שלום\u202c",
		"markdown":              "**bold** __under__ ~~struck~~ ||spoiler|| `code` ```block``` # head\n> quote\n- list",
		"a link":                "[click](https://evil.example) https://evil.example <https://evil.example>",
		"mentions":              "@everyone @here <@7> <@&1> <#55> </talks:1> <t:1:R> <:a:1>",
		"what custom ids mean":  "a|query=b|kind=plan%p%l%a@x:y",
		"a template":            "{{.Text}} {{.}} %s %d $1",
		"SQL":                   "'; DROP TABLE queue; --",
		"nothing that is shown": "a\u200b\u200c\u2060\ufeff\x00\x07\u2028b",
		"stacked marks":         "z" + strings.Repeat("\u0301", 300),
	}
}

// What is typed is shown as text, on a message of a size that Discord takes,
// and its buttons lead somewhere.
func TestSearchTakesHostileText(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, typed := range hostile() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, kind := range []string{"", "event"} {
				got := r.ask(member(), "search", Input{"query": typed, "kind": kind})
				if got.say != "" {
					continue // refused in words, which bot shows as text
				}
				if n := size(got.card); n > cards.MostText {
					t.Errorf("it has %d characters", n)
				}
				pings(t, got.card)
				for _, b := range got.card.Buttons {
					action, state, _ := strings.Cut(b.Action, ":")
					if n := len([]rune(b.Action)); n > 100 {
						t.Errorf("button %q has %d characters", b.Action, n)
					}
					if answer := r.press(member(), action, Press{State: state}); answer.say != "" {
						t.Errorf("button %q answers %q", b.Action, answer.say)
					}
				}
			}
		})
	}
}

// pings reports markup of a card that mentions somebody, or links where nobody meant to.
func pings(t *testing.T, c cards.Card) {
	t.Helper()
	all := []cards.Markup{c.Title}
	for _, b := range c.Blocks {
		all = append(all, b.Heading)
		for _, l := range b.Lines {
			all = append(all, l.Text)
		}
	}
	for _, m := range append(all, c.Footer...) {
		for _, bad := range []string{"@everyone", "@here", "<@", "<#", "</", "https://evil", "](", "\u202e", "||"} {
			if strings.Contains(strings.ReplaceAll(string(m), `\`+bad, ""), bad) && !strings.Contains(string(m), `\<`+strings.TrimPrefix(bad, "<")) {
				t.Errorf("it holds %q unescaped: %q", bad, m)
			}
		}
	}
}

// A selection narrows the search, shows what is chosen, and undoes it again.
func TestSearchFacets(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	got := r.ask(member(), "search", Input{"query": "missiles"})
	kinds := got.card.Selects[0]
	if len(kinds.Options) < 3 || !strings.Contains(kinds.Options[0].Label, "(") {
		t.Fatalf("got the kinds %+v, want several, counted", kinds.Options)
	}
	_, state, _ := strings.Cut(kinds.Action, ":")
	narrowed := r.press(member(), "pick", Press{State: state, Values: []string{"figure"}})
	holds(t, "figures only", narrowed.text, "· FIGURE", "F8", "!EVENT")
	chosen := ""
	for _, o := range narrowed.card.Selects[0].Options {
		if o.Chosen {
			chosen = o.Value
		}
	}
	if n := len(narrowed.card.Selects[0].Options); chosen != "figure" || n != len(kinds.Options)+1 {
		t.Errorf("got %q chosen of %d kinds, want figure of %d and one to undo it", chosen, n, len(kinds.Options))
	}
	_, state, _ = strings.Cut(narrowed.card.Selects[0].Action, ":")
	if all := r.press(member(), "pick", Press{State: state, Values: []string{cards.Anything}}); all.text != got.text {
		t.Errorf("undone: got\n%s\nwant\n%s", all.text, got.text)
	}
}

// Four filters, a day and a page at once still make a button that asks for the
// same, or for less of the words alone.
func TestSearchLinksKeepTheirFilters(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	in := Input{"query": "Zelenskyy", "kind": "statement", "section": "talks", "source": "SRC1", "known": "2026-01-20"}
	got := r.ask(member(), "search", in)
	next := ""
	for _, b := range got.card.Buttons {
		if strings.HasPrefix(b.Label, "Next") {
			next = strings.TrimPrefix(b.Action, "turn:")
		}
	}
	second := r.press(member(), "turn", Press{State: next})
	if second.say != "" {
		t.Fatalf("the next page (%s): %s", next, second.say)
	}
	holds(t, "the next page", second.text, "“Zelenskyy”", "STATEMENT · Peace talks · ", "as known on 2026-01-20", "page 2")
}

// Retracted items are not found.
func TestSearchHidesTheRetracted(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	before := r.ask(member(), "search", Input{"query": "C12"})
	r.publish(briefings.OpRetract, "Published by mistake", "C12", nil)
	after := r.ask(member(), "search", Input{"query": "C12"})
	holds(t, "before", before.text, "· 1 hit", "C12")
	holds(t, "after", after.text, "· 0 hits")
	if choices, err := r.complete(member(), "item", "ref", "C12"); err != nil || len(choices) != 0 {
		t.Errorf("completing C12: got %v, %v; want nothing", choices, err)
	}
}

func TestCompletesByAnySpelling(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, tt := range []struct{ command, option, typed, want string }{
		{"search", "query", "F10", "F10"},
		{"search", "query", "missl", "E11"},
		{"search", "query", "буданов", "A6"},
		{"search", "section", "ta", "talks"},
		{"search", "status", "disp", "disputed"},
		{"search", "source", "financial", "source/"},
		{"item", "ref", "size", "F10"},
		{"item", "ref", "Арахамія", "A8"},
		{"actors", "name", "arakamia", "actor/arakhamia"},
		{"actors", "name", "A6", "actor/budanov"},
		{"claims", "speaker", "Песков", "actor/peskov"},
		{"claims", "speaker", "", "actor/"},
		{"desk edit", "item", "attakcs", "E6"},
	} {
		choices, err := r.complete(member(), tt.command, tt.option, tt.typed)
		if err != nil || len(choices) == 0 || len(choices) > 25 || !strings.HasPrefix(choices[0].Value, tt.want) {
			t.Errorf("/%s %s:%s: got %v, %v; want %s first", tt.command, tt.option, tt.typed, choices, err, tt.want)
		}
		for _, c := range choices {
			if n := len([]rune(c.Label)); n > 100 || n == 0 || len([]rune(c.Value)) > 100 {
				t.Errorf("/%s %s:%s: the choice %+v has %d characters", tt.command, tt.option, tt.typed, c, n)
			}
		}
	}
}

// A label finds its item wherever it is typed.
func TestLabelsAreUnderstoodEverywhere(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, tt := range []struct{ command, option, typed, want string }{
		{"item", "ref", "e17", "EVENT · E17"},
		{"actors", "name", "A6", "Kyrylo Budanov"},
		{"actors", "name", "F10", "FIGURE · F10"},
		{"search", "query", "E17", "1 EVENT"},
		{"claims", "speaker", "A12", "Dmitry Peskov"},
	} {
		if got := r.ask(member(), tt.command, Input{tt.option: tt.typed}); !strings.Contains(got.text, tt.want) {
			t.Errorf("/%s %s:%s: got %q %q, want %q", tt.command, tt.option, tt.typed, got.text, got.say, tt.want)
		}
	}
}

// BenchmarkComplete is what one key press costs, with the index compiled.
func BenchmarkComplete(b *testing.B) {
	r := newRig(b)
	for _, typed := range []string{"", "m", "missl", "зеленсь", "F1", "qqqqqqq"} {
		b.Run(typed, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := r.complete(member(), "item", "ref", typed); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
