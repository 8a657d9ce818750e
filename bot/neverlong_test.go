package bot

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/briefings/catalogue"
	"sitrep/cards"
	"sitrep/commands"
	"sitrep/sandbox/openapi"
)

// longest are how many characters the rules let a text have, by field; a fault
// in a made-up desk tells when one changes.
func longest() map[string]int {
	return map[string]int{
		"text": 280, "caveat": 140, "basis": 280, "judgement": 200, "resolved_as": 200, "rationale": 280, "headline": 100, "place": 80,
		"control": 80, "outcome": 200, "condition": 140, "area": 80, "definition": 140, "conditions": 140, "question": 160, "why": 160,
		"would_answer": 160, "bluf": 200, "channel": 80, "gist": 200, "name": 80, "side": 40, "issue": 60, "publisher": 80,
	}
}

// alphabets are what texts are stretched with: what escaping doubles, what takes
// several bytes, what is written from right to left.
func alphabets() []string {
	return []string{"ї", "*", "@", "[", "_~", "щ ", "ب", "🇺🇦", "://", "m", "> ", "{{.}}"}
}

// extreme is the bundled briefing with its texts up to as long as they may be,
// in one alphabet, and every item there up to three times.
func extreme(t *testing.T, alphabet string, r *rand.Rand, now time.Time) []briefings.Item {
	t.Helper()
	bundled, err := catalogue.Read(catalogue.Bundled(), catalogue.RecordedAt())
	if err != nil {
		t.Fatal(err)
	}
	share, copies := 100-r.IntN(2)*r.IntN(60), 1+r.IntN(3)
	var items []briefings.Item
	for n := range copies {
		for i, original := range bundled {
			item, err := briefings.Clone(original)
			if err != nil {
				t.Fatal(err)
			}
			if n > 0 {
				again(item, n, i)
			}
			stretch(item, alphabet, share, r)
			items = append(items, item)
		}
	}
	if faults := briefings.Check(items, now); len(faults) > 0 {
		t.Fatalf("the desk is not valid: %v", faults[:min(5, len(faults))])
	}
	return items
}

// again makes a copy of the i-th item another one.
func again(item briefings.Item, n, i int) {
	h := item.Head()
	h.ID = briefings.ID(fmt.Sprintf("%s/n%d-%d", h.ID.Kind(), n, i))
	h.Refs = []string{fmt.Sprintf("X%d", n*1000+i)}
	if s, ok := item.(*briefings.Section); ok {
		s.Command = fmt.Sprintf("s%d-%s", n*1000+i, strings.Repeat("x", 24))
	}
}

// stretch fills the texts of an item up to a share of what they may have, or,
// now and then, leaves them.
func stretch(item briefings.Item, alphabet string, share int, r *rand.Rand) {
	most := longest()
	for _, f := range briefings.Fields(item) {
		text, ok := f.Ptr.(*string)
		if n := most[f.Name] * share / 100; ok && *text != "" && *text != "unknown" && n > 0 && r.IntN(8) > 0 {
			full := []rune("x" + strings.Repeat(alphabet, n))
			*text = strings.TrimSpace(string(full[:n]))
		}
	}
}

// asking are the command lines of every reading command: alone, for each
// section, and with words and labels that are there.
func asking(desk commands.Desk, r *rand.Rand) []string {
	items := desk.Briefings.Base().Items()
	some := func() briefings.Item { return items[r.IntN(len(items))] }
	var lines []string
	for _, c := range desk.All().Commands {
		if c.Role != commands.Reader {
			continue
		}
		for _, o := range c.Options {
			switch {
			case o.Name == "section" && c.Name != "search":
				lines = append(lines, c.Name+"|section="+desk.Briefings.Base().Sections()[0].Command)
			case o.Name == "query":
				lines = append(lines, c.Name+"|query="+string([]rune(some().Head().Text + "xyz")[:3]), c.Name+"|query=davos|kind=event", c.Name+"|query=qqqqqq")
			case o.Name == "ref" || o.Name == "name":
				lines = append(lines, c.Name+"|"+o.Name+"="+some().Head().Ref(), c.Name+"|"+o.Name+"="+some().Head().Ref())
			case o.Name == "topic":
				lines = append(lines, c.Name+"|topic=legend")
			}
		}
		if c.Name != "search" && c.Name != "item" && !c.Menu {
			lines = append(lines, c.Name)
		}
	}
	return lines
}

// Any desk that keeps the rules, asked anything, in any language, makes messages
// that Discord takes, on every page.
func TestNoMessageIsEverTooLong(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.January, 21, 8, 0, 0, 0, time.UTC)
	phrases := book(t)
	for i, alphabet := range alphabets() {
		t.Run(alphabet, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(uint64(i), 7))
			loaded := briefings.Loaded{Items: extreme(t, alphabet, r, now), RecordedAt: catalogue.RecordedAt()}
			service := briefings.NewService(nil, nil, loaded, func() time.Time { return now }, slog.New(slog.DiscardHandler))
			desk := commands.Desk{Briefings: service, Book: phrases, Now: func() time.Time { return now }}
			who := commands.Caller{Desk: briefings.Catalogue, User: "7", Locales: []string{[]string{"en-US", "uk", "de", "fr"}[i%4]}}
			set := desk.All()
			for _, line := range asking(desk, r) {
				follow(t, set, who, line)
			}
		})
	}
}

// follow asks a command line and the pages behind it, as far as five.
func follow(t *testing.T, set commands.Set, who commands.Caller, line string) {
	t.Helper()
	for page := 0; line != "" && page < 5; page++ {
		l, err := cards.ParseLink(line)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		c, _ := set.Command(l.Command)
		reply, err := c.Run(t.Context(), who, l.Options)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		taken(t, line, reply.Card)
		line = following(reply.Card)
	}
}

// following asks for the page behind that of c, empty where it is the last.
func following(c cards.Card) string {
	for i := len(c.Buttons) - 1; i >= 0; i-- {
		if line, turns := strings.CutPrefix(c.Buttons[i].Action, "turn:"); turns && strings.Contains(line, "page=") {
			return line
		}
	}
	return ""
}

// taken checks a card's message by Discord's rules.
func taken(t *testing.T, what string, c cards.Card) {
	t.Helper()
	m := render(c, "")
	raw, err := Message(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := openapi.CheckMessage(raw); err != nil {
		t.Errorf("/%s: %v", what, err)
	}
	if components, characters := count(m.Components); components > 40 || characters > cards.MostText {
		t.Errorf("/%s: it has %d components and %d characters", what, components, characters)
	}
	if len(c.Buttons) > mostButtons {
		t.Errorf("/%s: of %d buttons some are not shown", what, len(c.Buttons))
	}
	seen := map[string]bool{}
	for _, control := range controlsOf(m.Components) {
		if n := len([]rune(control.CustomID)); n == 0 || n > 100 || seen[control.CustomID] {
			t.Errorf("/%s: the custom id %q has %d characters, or comes twice", what, control.CustomID, n)
		}
		if n := len([]rune(control.Label)); n > 80 || len([]rune(control.Placeholder)) > 150 {
			t.Errorf("/%s: %q has %d characters", what, control.Label, n)
		}
		seen[control.CustomID] = true
		values := map[string]bool{}
		for _, o := range control.Options {
			if n := len([]rune(o.Label)); n == 0 || n > 100 || len([]rune(o.Value)) > 100 || o.Value == "" || values[o.Value] || len([]rune(o.Description)) > 100 {
				t.Errorf("/%s: the choice %+v of %q is too long, empty or there twice", what, o, control.Placeholder)
			}
			values[o.Value] = true
		}
	}
}

// controlsOf are the buttons and selections among components and inside them.
func controlsOf(all []component) []component {
	var found []component
	for _, c := range all {
		if c.Type == button || c.Type == stringSelect {
			found = append(found, c)
		}
		found = append(found, controlsOf(c.Components)...)
	}
	return found
}
