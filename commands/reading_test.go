package commands

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"sitrep/briefings"
	"sitrep/cards"
)

func TestReadingCommands(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, tt := range []struct {
		name, command string
		who           Caller
		in            Input
		want          []string
	}{
		{"talks", "talks", member(), nil, []string{"PEACE TALKS", "E17", "F10", "$800 bn", "F9", "Davos", "rev 1", "!as known"}},
		{"talks in a direct message", "talks", stranger(), nil, []string{"PEACE TALKS", "E17"}},
		{"energy", "energy", member(), nil, []string{"612", "F5", "F1", "F2", "C7", "−18 °C", "rev 1"}},
		{"actors", "actors", member(), nil, []string{"12 people", "Kyrylo Budanov", "Jared Kushner", "Vladimir Putin", "Miami"}},
		{"talks as known on the first day", "talks", member(), Input{"known": "2026-01-19"}, []string{"PEACE TALKS", "as known on 2026-01-19"}},
		{"talks as known today", "talks", member(), Input{"known": "2026-01-21"}, []string{"as known on 2026-01-21"}},
		{"energy as known in a month", "energy", member(), Input{"known": "2026-01"}, []string{"as known on 2026-01"}},
		{"actors as known", "actors", member(), Input{"known": "2026-01-20"}, []string{"12 people", "as known on 2026-01-20"}},
		{"profile as known", "actors", member(), Input{"name": "Budanov", "known": "2026-01-20"}, []string{"Kyrylo Budanov", "as known on 2026-01-20"}},
		{"shared", "talks", member(), Input{"share": "true"}, []string{"PEACE TALKS"}},
		{"unknown language", "talks", Caller{Desk: "1001", Locales: []string{"xx-YY", "\x00"}}, nil, []string{"PEACE TALKS"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := r.ask(tt.who, tt.command, tt.in)
			if got.say != "" {
				t.Fatalf("got the mistake %q, want an answer", got.say)
			}
			holds(t, tt.name, got.text, tt.want...)
		})
	}
}

func TestActorByName(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, tt := range []struct{ name, typed, want string }{
		{"Latin", "Kyrylo Budanov", "Kyrylo Budanov"},
		{"last name in any case", "budanov", "Kyrylo Budanov"},
		{"other spelling", "Kirill Budanov", "Kyrylo Budanov"},
		{"Ukrainian", "Буданов", "Kyrylo Budanov"},
		{"Ukrainian, whole", "Володимир Зеленський", "Volodymyr Zelenskyy"},
		{"Russian", "Зеленский", "Volodymyr Zelenskyy"},
		{"label", "a11", "Vladimir Putin"},
		{"id", "actor/witkoff", "Steve Witkoff"},
		{"accents and spaces", "  Zélenskyy ", "Volodymyr Zelenskyy"},
		{"state", "Ukraine", "Ukraine"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := r.ask(member(), "actors", Input{"name": tt.typed})
			if !strings.HasPrefix(got.text, tt.want) {
				t.Errorf("/actors name:%q: got %q %q, want the profile of %s", tt.typed, got.text, got.say, tt.want)
			}
			press := r.press(member(), "pick", Press{State: "name:actors", Values: []string{tt.typed}})
			if press.text != got.text {
				t.Errorf("selecting %q: got %q, want what /actors says", tt.typed, press.text)
			}
		})
	}
}

func TestActorUnknown(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	long := strings.Repeat("Ж", 4000)
	for _, tt := range []struct {
		name, typed string
		want        []string
	}{
		{"typo", "Budanof", []string{`"Budanof"`, "Did you mean Kyrylo Budanov?"}},
		{"typo in Cyrillic", "Зеленскй", []string{"Did you mean Volodymyr Zelenskyy?"}},
		{"nobody", "Napoleon Bonaparte", []string{`"Napoleon Bonaparte"`, "!Did you mean", "/actors"}},
		{"no letters at all", "!!!", []string{`"!!!"`, "!Did you mean", "/actors"}},
		{"an empty space", "\u200b", []string{"!Did you mean", "/actors"}},
		{"very long", long, []string{"…", "!" + strings.Repeat("Ж", 200)}},
		{"a mention", "<@&1> @everyone", []string{"<@&1> @everyone"}},
		{"broken text", "\xff\xfe", []string{"/actors"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := r.ask(member(), "actors", Input{"name": tt.typed})
			if got.say == "" {
				t.Fatalf("/actors name:%.40q: got %q, want a mistake", tt.typed, got.text)
			}
			holds(t, tt.name, got.say, tt.want...)
		})
	}
}

func TestForgedSelectionIsAMistake(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, tt := range []struct {
		name, action string
		press        Press
	}{
		{"nothing chosen", "pick", Press{State: "name:actors"}},
		{"no option to choose", "pick", Press{State: "actors", Values: []string{"actor/budanov"}}},
		{"an item of another kind", "pick", Press{State: "name:actors", Values: []string{"figure/recovery-size"}}},
		{"no link", "open", Press{}},
		{"a path", "open", Press{State: "../../etc/passwd"}},
		{"no such command", "turn", Press{State: "nothing|page=2"}},
		{"half a command", "open", Press{State: "digest"}},
		{"a moderator's command", "share", Press{State: "digest list"}},
		{"a form", "open", Press{State: "desk edit|item=F5"}},
		{"a section that is none", "open", Press{State: "sources|section=actors"}},
		{"hostile section", "open", Press{State: "sources|section=talks\x00{{.}}"}},
	} {
		if got := r.press(member(), tt.action, tt.press); got.say == "" {
			t.Errorf("%s: got %q, want a mistake", tt.name, got.text)
		}
	}
	if got := r.press(stranger(), "open", Press{State: "sources|section=energy"}); !strings.Contains(got.text, "SRC1") {
		t.Errorf("sources of energy: got %q %q, want them with SRC1", got.text, got.say)
	}
}

// What is asked as of a day is answered as it would have been on that day: not
// overdue then, and so are the buttons below it.
func TestKnownIsWhatWasAnsweredThen(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	then := r.ask(member(), "talks", Input{"known": "2026-01-20"})
	r.now = r.now.AddDate(0, 6, 0)
	if newest := r.ask(member(), "talks", nil); !strings.Contains(newest.text, "review overdue") {
		t.Errorf("half a year later: got %q, want it overdue", newest.text)
	}
	later := r.ask(member(), "talks", Input{"known": "2026-01-20"})
	if later.text != then.text || strings.Contains(later.text, "overdue") {
		t.Errorf("half a year later, as known then: got %q, want %q", later.text, then.text)
	}
	if got := later.card.Buttons[1].Action; got != "open:sources|known=2026-01-20|section=talks" {
		t.Errorf("its button asks for %q, want the sources of that day", got)
	}
	sources := r.press(member(), "open", Press{State: "sources|known=2026-01-20|section=talks"})
	holds(t, "its sources", sources.text, "SRC1", "as known on 2026-01-20")
	people := r.ask(member(), "actors", Input{"known": "2026-01-20"})
	profile := r.press(member(), "pick", Press{State: "name:actors|known=2026-01-20", Values: []string{"actor/budanov"}})
	holds(t, "a profile chosen below", profile.text, "Budanov", "as known on 2026-01-20")
	if len(people.card.Selects) != 1 || people.card.Selects[0].Action != "pick:name:actors|known=2026-01-20" {
		t.Errorf("the selection asks for %+v, want that day", people.card.Selects)
	}
}

func TestKnownRefusesOtherDays(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, tt := range []struct{ name, known, want string }{
		{"the day before", "2026-01-18", "19 Jan 2026"},
		{"long before", "1812", "19 Jan 2026"},
		{"tomorrow", "2026-01-22", "future"},
		{"next year", "2027", "future"},
		{"no date", "yesterday", `"yesterday"`},
		{"another order", "20.01.2026", `"20.01.2026"`},
		{"no such day", "2026-02-30", `"2026-02-30"`},
		{"an interval", "2026-01-19/2026-01-20", "Write it like"},
		{"an open interval", "../2026-01-20", "Write it like"},
		{"no end", "2026-01-19/..", "Write it like"},
		{"hostile", "2026-01-19'; DROP TABLE revisions--", "Write it like"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, command := range []string{"talks", "actors"} {
				if got := r.ask(member(), command, Input{"known": tt.known}); !strings.Contains(got.say, tt.want) {
					t.Errorf("/%s known:%s: got %q %q, want a mistake with %q", command, tt.known, got.say, got.text, tt.want)
				}
			}
		})
	}
}

func TestKnownShowsWhatWasPublishedThen(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	before := r.ask(member(), "energy", nil).text
	r.now = r.now.Add(24 * time.Hour)
	r.amend("640")
	for _, tt := range []struct{ known, want string }{{"2026-01-21", "612"}, {"2026-01-22", "640"}, {"", "640"}} {
		got := r.ask(member(), "energy", Input{"known": tt.known})
		holds(t, "known:"+tt.known, got.text, "● "+tt.want+" attacks")
	}
	if got := r.ask(member(), "energy", Input{"known": "2026-01-21"}).text; !strings.HasPrefix(got, before[:strings.LastIndex(before, "As of")]) {
		t.Errorf("known on the day before: got\n%s\nwant what was answered then:\n%s", got, before)
	}
	if got := r.ask(elsewhere(), "energy", nil).text; !strings.Contains(got, "● 612 attacks") {
		t.Errorf("another server sees %s, want its own 612", got)
	}
}

// amend changes F5's value as a moderator does.
func (r *rig) amend(value string) {
	r.t.Helper()
	form := r.ask(member(), "desk edit", Input{"item": "F5"}).form
	if form == nil {
		r.t.Fatal("/desk edit item:F5 opens no form")
	}
	got := r.press(member(), "desk-save", Press{State: strings.TrimPrefix(form.Action, "desk-save:"), Fields: fieldsOf(form).with(Input{"value": value})})
	if !strings.HasPrefix(got.text, "✓") {
		r.t.Fatalf("amending F5 to %s: got %q %q", value, got.text, got.say)
	}
}

// fieldsOf is what a form sends when nothing in it is touched.
func fieldsOf(form *cards.Form) Input {
	in := Input{}
	for _, f := range form.Fields {
		in[f.Name] = f.Value
		for _, c := range f.Choices {
			if c.Chosen {
				in[f.Name] = c.Value
			}
		}
	}
	return in
}

func TestCompletionOffersWhatFits(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, tt := range []struct {
		name, command, option, typed string
		first                        string // value of the first choice; "" for no choices
	}{
		{"everybody", "actors", "name", "", "actor/trump"},
		{"a beginning", "actors", "name", "bud", "actor/budanov"},
		{"Cyrillic", "actors", "name", "Зел", "actor/zelenskyy"},
		{"a typo", "actors", "name", "Witkof", "actor/witkoff"},
		{"nobody", "actors", "name", "qqqqqqqq", ""},
		{"a label", "desk edit", "item", "F10", "F10"},
		{"words of its text", "desk edit", "item", "WORKERS on emergency", "F6"},
		{"an id", "desk edit", "item", "figure/kyiv-heating-out", "F7"},
		{"nothing", "desk edit", "item", "zzzzzzzz", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			choices, err := r.complete(member(), tt.command, tt.option, tt.typed)
			if err != nil {
				t.Fatal(err)
			}
			first := ""
			if len(choices) > 0 {
				first = choices[0].Value
			}
			if first != tt.first {
				t.Errorf("/%s %s:%s offers %q first, want %q", tt.command, tt.option, tt.typed, first, tt.first)
			}
		})
	}
}

func TestCompletionStaysWithinBounds(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	hostile := []string{
		"", " ", "a", "e", strings.Repeat("a", 6000), strings.Repeat("\u0301", 500), "\xff", "<@1>", "\u202e", "%", "*", "[",
		"Ω≈ç√", "F", "f1", "figure/../..", "\x00",
	}
	for command, option := range map[string]string{"actors": "name", "desk edit": "item"} {
		for _, typed := range hostile {
			choices, err := r.complete(member(), command, option, typed)
			if err != nil || len(choices) > 25 {
				t.Errorf("/%s %s:%.20q: got %d choices, %v; want at most 25", command, option, typed, len(choices), err)
			}
			for _, c := range choices {
				if n := utf8.RuneCountInString(c.Label); n == 0 || n > 100 || c.Value == "" || len(c.Value) > 100 {
					t.Errorf("/%s %s:%.20q offers %q with value %q: 1 to 100 characters each", command, option, typed, c.Label, c.Value)
				}
			}
		}
	}
	if choices, err := r.complete(stranger(), "desk edit", "item", "F"); !errors.Is(err, briefings.ErrInvalid) || len(choices) > 0 {
		t.Errorf("outside a server: got %d choices, %v; want none and a mistake", len(choices), err)
	}
}

func TestRetractedSectionSaysSo(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	section := &briefings.Section{
		Envelope: briefings.Envelope{ID: "section/harvest", Refs: []string{"SEC1"}}, Command: "harvest", Title: "Harvest", Bluf: "It is in.",
	}
	r.restartWith([]briefings.Item{section})
	_, err := r.desk.Briefings.Publish(t.Context(), briefings.Batch{Desk: "1001", By: "7", Changes: []briefings.Change{
		{Item: section, Op: briefings.OpRetract, Reason: "not needed here", Seen: 1},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.ask(member(), "harvest", nil); !strings.Contains(got.say, "retracted") {
		t.Errorf("/harvest where it is retracted: got %q %q, want that said", got.text, got.say)
	}
	if got := r.ask(elsewhere(), "harvest", nil); !strings.Contains(got.text, "It is in.") {
		t.Errorf("/harvest in another server: got %q %q, want it as before", got.text, got.say)
	}
}

func TestReadingGoesOnWithoutTheDatabase(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.amend("640")
	r.store.cut.Store(true)
	holds(t, "a desk in memory", r.ask(member(), "energy", nil).text, "● 640 attacks", "!database")
	holds(t, "a desk that nobody asked for", r.ask(elsewhere(), "energy", nil).say, "database", "try again")
	holds(t, "the catalogue", r.ask(stranger(), "energy", nil).text, "● 612 attacks")
	for _, in := range []Input{nil, {"known": "2026-01-21"}} {
		got := r.ask(member(), "energy", in)
		holds(t, "once it is known to be away", got.text, "● 640 attacks", "database")
		if n := size(got.card); n > 4000 {
			t.Errorf("%v: got %d characters, want at most 4000", in, n)
		}
	}
}

// What is said below a card comes after it was made as long as it may be.
func TestMarkedCardsStayWithinBounds(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for length := 1; length <= 200; length += 3 {
		section := &briefings.Section{
			Envelope: briefings.Envelope{ID: "section/harvest", Refs: []string{"SEC1"}}, Command: "harvest", Title: "Harvest", Bluf: strings.Repeat("b", length),
		}
		items := []briefings.Item{section}
		for i := range 23 {
			q := &briefings.Question{Envelope: briefings.Envelope{ID: briefings.ID(fmt.Sprintf("question/q%d", i)), Refs: []string{fmt.Sprintf("Q%d", 10+i)}}}
			q.Question, q.State = strings.Repeat("x", 160), briefings.OpenQuestion
			items, section.Highlights = append(items, q), append(section.Highlights, q.ID)
		}
		r.restartWith(items)
		for _, in := range []Input{nil, {"known": "2026-01-19"}} {
			if got := r.ask(stranger(), "harvest", in); got.text == "" || size(got.card) > cards.MostText {
				t.Fatalf("bottom line of %d characters, %v: got %d characters, want at most %d: %s", length, in, size(got.card), cards.MostText, got.say)
			}
		}
	}
}

func TestHandlersEndWithTheirContext(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range r.set.Commands {
		who := member()
		who.Desk = briefings.DeskID("3" + strings.ReplaceAll(c.Name, " ", ""))
		if reply, err := c.Run(ctx, who, Input{"at": "08:00", "item": "F5"}); err == nil {
			t.Errorf("/%s after its time: got %+v, want an error", c.Name, reply)
		}
	}
}
