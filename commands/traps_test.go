package commands

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"sitrep/cards"
)

// A trap is something in the bundled article that misleads whoever repeats it.
type trap struct {
	name  string
	says  *regexp.Regexp // lines that repeat it
	needs *regexp.Regexp // what such a line has to say as well; nil where nothing makes it right
	unmet bool           // no line of the bundled briefing may repeat it
}

func traps() []trap {
	re := regexp.MustCompile
	return []trap{
		{name: "outages that nobody named as Russia's doing", says: re(`200,000 households|386 settlements`), needs: re(`⚠.*([Dd]o not add to damage from Russian strikes|Nobody is named)`)},
		{name: "outages added up, with each other or with attacks", says: re(`200,386|200,612|200,998|\b998\b`), unmet: true},
		{name: "8,000 for 800 billion", says: re(`8,?000 (bn|billion)`), needs: re(`(^|[^0-9,])800\b`)},
		{name: "800 billion without its rival", says: re(`(^|[^0-9,])800 (bn|billion)`), needs: re(`8,?000\b`)},
		{name: "Article 5 as an authority", says: re(`Article 5`), needs: re(`[Uu]nidentified|not identified|reliability F|No authority|calls “Article 5”|\?`)},
		{name: "handing over Donbas as somebody's word", says: re(`hand(s|ed|ing)? (over )?Donbas`), needs: re(`⚠ Nobody is named`)},
		{name: "next week from the article's date", says: re(`(?i)next week`), needs: re(`day (he|Zelenskyy) spoke`)},
	}
}

// caught tells which traps a line falls into, and which it meets.
func caught(line string) (in, met []string) {
	line = strings.ReplaceAll(line, "\n", " ")
	for _, trap := range traps() {
		if !trap.says.MatchString(line) {
			continue
		}
		met = append(met, trap.name)
		if trap.unmet || !trap.needs.MatchString(line) {
			in = append(in, trap.name)
		}
	}
	return in, met
}

func TestTrapsCatch(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		line string
		in   bool
	}{
		{"more than 200,000 households without power F1", true},
		{"⚠ more than 200,000 households F1 ⚠ Do not add to damage from Russian strikes.", false},
		{"386 settlements hit by Russian strikes F2", true},
		{"In all 998 places were hit.", true},
		{"$8000 bn for recovery F9", true},
		{"$8000 bn F9 ⚠ about $800 bn F10 is preferred", false},
		{"about $800 bn for recovery F10", true},
		{"about 800 billion ⚠ The same article also says 8,000 billion.", false},
		{"Article 5 says that there is no agreement.", true},
		{"What is “Article 5”?", false},
		{"Washington presses Kyiv to hand Donbas to Moscow. P2", true},
		{"Washington presses Kyiv to hand Donbas to Moscow. P2 ⚠ Nobody is named.", false},
		{"They sign next week.", true},
		{"They sign next week. ⚠ “Next week” counts from the day he spoke.", false},
		{"Nothing of the kind.", false},
	} {
		if in, _ := caught(tt.line); (len(in) > 0) != tt.in {
			t.Errorf("%q falls into %q, want that it does: %t", tt.line, in, tt.in)
		}
	}
}

// Whatever a reader asks, in whichever command there is, and wherever its
// buttons and selections lead, no line falls into a trap of the article.
func TestNoScreenFallsIntoATrap(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	met := map[string]bool{}
	screens := r.everything()
	for what, c := range screens {
		for _, line := range linesOf(c) {
			in, named := caught(line)
			for _, name := range named {
				met[name] = true
			}
			if len(in) > 0 {
				t.Errorf("%s falls into %q: %s", what, in, line)
			}
		}
	}
	for _, trap := range traps() {
		if !trap.unmet && !met[trap.name] {
			t.Errorf("%s: no line of %d screens comes near it, so nothing was tested", trap.name, len(screens))
		}
	}
	for _, c := range r.set.Commands {
		if c.Role == Reader && !c.Form && !slices.ContainsFunc(askedOf(screens), func(line string) bool { return line == c.Name || strings.HasPrefix(line, c.Name+" ") }) {
			t.Errorf("/%s never answered, so it was not tested", c.Name)
		}
	}
}

func askedOf(screens map[string]cards.Card) []string {
	var all []string
	for what := range screens {
		all = append(all, what)
	}
	return all
}

// quoted is what a search repeats of what its reader typed: nobody else's words.
var quoted = regexp.MustCompile(`^SEARCH “[^”]*”`)

func linesOf(c cards.Card) []string {
	all := []string{quoted.ReplaceAllString(c.Title.Plain(), "")}
	for _, b := range c.Blocks {
		all = append(all, b.Heading.Plain())
		for _, l := range b.Lines {
			all = append(all, l.Text.Plain())
		}
	}
	if c.Picture != nil {
		all = append(all, c.Picture.Alt)
	}
	return all
}

// everything is each screen that a reader can come to, by how: all reading
// commands with what their options offer and with words that lead to the
// traps, then all buttons and selections.
func (r *rig) everything() map[string]cards.Card {
	const most = 5000 // were there more, this test would hardly end
	screens := map[string]cards.Card{}
	var queue []cards.Card
	see := func(what string, got answer) {
		if got.say == "" && got.form == nil {
			screens[what] = got.card
			queue = append(queue, got.card)
		}
	}
	for _, c := range r.set.Commands {
		if c.Role == Reader && !c.Form {
			for what, in := range r.ways(c) {
				see(what, r.ask(member(), c.Name, in))
			}
		}
	}
	followed := map[string]bool{}
	follow := func(action string, values []string) {
		what := strings.Join(append([]string{action}, values...), " ")
		name, state, _ := strings.Cut(action, ":")
		if a, ok := r.set.Action(name); !ok || a.Role != Reader || a.Form || followed[what] {
			return
		}
		followed[what] = true
		got := r.press(member(), name, Press{State: state, Values: values})
		if got.say != "" {
			r.t.Errorf("pressing %s: got %q, want a screen", what, got.say)
		}
		see(what, got)
	}
	for len(queue) > 0 && len(screens) < most {
		c := queue[0]
		queue = queue[1:]
		for _, b := range c.Buttons {
			follow(b.Action, nil)
		}
		for _, s := range c.Selects {
			if strings.Count(s.Action, "|") > 1 {
				continue // narrowed twice already: what more filters leave was seen before
			}
			for _, o := range s.Options {
				follow(s.Action, []string{o.Value})
			}
		}
	}
	if len(screens) >= most {
		r.t.Errorf("a reader can come to %d screens and more: buttons lead in circles that never repeat", most)
	}
	return screens
}

// ways are command lines of c, by how they read: alone, and with each option
// filled in with what it offers and with words that lead to the traps.
func (r *rig) ways(c Command) map[string]Input {
	needed := Input{}
	for _, o := range c.Options {
		if o.Required {
			needed[o.Name] = append(r.values(c, o), "recovery")[0]
		}
	}
	all := map[string]Input{c.Name: needed}
	for _, o := range c.Options {
		if o.Type != "string" || o.Hidden || o.Name == "known" {
			continue
		}
		for _, value := range r.values(c, o) {
			all[c.Name+" "+o.Name+":"+value] = needed.with(Input{o.Name: value})
		}
	}
	return all
}

func (r *rig) values(c Command, o Option) []string {
	if len(o.Choices) > 0 {
		return o.Choices
	}
	words := []string{
		"F1", "F2", "E18", "E19", "S26", "F9", "F10", "S20", "S21", "P2", "S3", "C1", "C7", "C8",
		"power", "households", "recovery", "800", "8000", "Article 5", "Donbas", "next week", "Davos",
	}
	all := slices.Clone(words)
	if !o.Completes {
		return all
	}
	for _, typed := range append(words, "") {
		offered, err := r.complete(member(), c.Name, o.Name, typed)
		if err != nil {
			r.t.Fatalf("typing %q into %s of /%s: %v", typed, o.Name, c.Name, err)
		}
		for _, choice := range offered {
			if !slices.Contains(all, choice.Value) {
				all = append(all, choice.Value)
			}
		}
	}
	return all
}
