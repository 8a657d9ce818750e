package commands

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"sitrep/briefings"
)

// offering is a [Slash] that does as it is told.
type offering struct {
	refuses error
	asked   []briefings.DeskID
}

func (o *offering) Bring(_ context.Context, desk briefings.DeskID) error {
	o.asked = append(o.asked, desk)
	return o.refuses
}

func (r *rig) section(command string) *briefings.Section {
	r.t.Helper()
	snap, err := r.desk.Briefings.Snapshot(r.t.Context(), member().Desk)
	if err != nil {
		r.t.Fatal(err)
	}
	return snap.Section(command)
}

func budget() Input {
	return Input{"title": "Budget", "command": "/Budget", "bottom-line": "It  has passed.", "why": "All needs money."}
}

func TestSectionIsAdded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	slash := &offering{}
	r.desk.Slash = slash
	r.set = r.desk.All()
	got := r.ask(member(), "desk section add", budget())
	holds(t, "added", got.text, "Budget is added: /budget, revision 2", "6. Budget", "!⚠")
	if s := r.section("budget"); s == nil || s.ID != "section/budget" || s.Bluf != "It has passed." || s.Why != "All needs money." || s.Ref() == "SEC1" {
		t.Fatalf("it is %+v", s)
	}
	if len(slash.asked) == 0 || slash.asked[0] != member().Desk {
		t.Errorf("Discord was asked to offer those of %v, want of this desk", slash.asked)
	}
	holds(t, "/budget", r.ask(member(), "budget", nil).text, "BUDGET", "It has passed.")
	holds(t, "/budget before it was there", r.ask(member(), "budget", Input{"known": "2026-01-20"}).say, "was not there yet")
	holds(t, "/budget elsewhere", r.ask(elsewhere(), "budget", nil).say, "I don't know /budget")
	holds(t, "/budget outside of servers", r.ask(stranger(), "budget", nil).say, "I don't know /budget")
	holds(t, "/help elsewhere", r.ask(elsewhere(), "help", nil).text, "!/budget")
	if got := r.press(elsewhere(), "report", Press{State: "budget"}); got.say == "" {
		t.Error("in another server its answer can be reported")
	}
	// in another script its id has no letters of its own
	r.ask(member(), "desk section add", Input{"title": "Бюджет", "command": "бюджет", "bottom-line": "Ухвалено.", "after": "talks"})
	if s := r.section("бюджет"); s == nil || s.ID != "section/section" || s.Order != 2 {
		t.Errorf("the second is %+v, want it after talks", s)
	}
}

func TestSectionIsRefusedWithWhatWasTyped(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, tt := range []struct {
		name   string
		change Input
		say    string
	}{
		{"a command of sitrep's", Input{"command": "digest"}, "/digest is a command of sitrep itself"},
		{"one that another section has", Input{"command": "talks"}, "already belongs to section/talks"},
		{"no command", Input{"command": "two words"}, "can't be a slash command"},
		{"a command that pings", Input{"command": "<@7>"}, "can't be a slash command"},
		{"a long title", Input{"title": strings.Repeat("x", 61)}, "at most 60 fit"},
		{"no bottom line", Input{"bottom-line": "\u00a0"}, "is missing"},
		{"a bottom line that steers the screen", Input{"bottom-line": "a\u202eb"}, "invisible"},
		{"after none that there is", Input{"after": "tlaks"}, "talks"},
	} {
		in := budget()
		for name, value := range tt.change {
			in[name] = value
		}
		got := r.ask(member(), "desk section add", in)
		holds(t, tt.name, got.text, "Nothing was saved yet", tt.say, "What you typed", "All needs money.")
	}
	if snap, err := r.desk.Briefings.Snapshot(t.Context(), member().Desk); err != nil || snap.Rev != 1 {
		t.Errorf("revision %d, %v; want nothing published", snap.Rev, err)
	}
	holds(t, "outside of servers", r.ask(stranger(), "desk section add", budget()).say, "edited in a server")
}

func TestSectionsAreOrdered(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	order := func() string {
		snap, err := r.desk.Briefings.Snapshot(t.Context(), member().Desk)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, s := range snap.Sections() {
			all = append(all, s.Command)
		}
		return strings.Join(all, " ")
	}
	for _, tt := range []struct {
		in         Input
		want, says string
	}{
		{Input{"section": "davos"}, "davos talks energy plan recovery", "is moved"},
		{Input{"section": "davos", "after": "plan"}, "talks energy plan davos recovery", "is moved"},
		{Input{"section": "davos", "after": "plan"}, "talks energy plan davos recovery", "Nothing differs"},
		{Input{"section": "davos", "after": "davos"}, "talks energy plan davos recovery", "not among"},
		{Input{"section": "nothing"}, "talks energy plan davos recovery", "There is no section nothing"},
	} {
		got := r.ask(member(), "desk section order", tt.in)
		holds(t, fmt.Sprint(tt.in), got.text, tt.says)
		if got := order(); got != tt.want {
			t.Errorf("%v: the order is %s, want %s", tt.in, got, tt.want)
		}
	}
	holds(t, "elsewhere", r.ask(elsewhere(), "brief", nil).text, "PEACE TALKS")
}

func TestSectionIsRetiredAndComesBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	retire := Input{"section": "talks", "reason": "We *follow* money only.", "instead": "energy"}
	holds(t, "retired", r.ask(member(), "desk section retire", retire).text, "Peace talks is retired", "!1. Peace talks")
	holds(t, "retired again", r.ask(member(), "desk section retire", retire).text, "retired already", "We *follow* money only.")
	holds(t, "moved", r.ask(member(), "desk section order", Input{"section": "talks"}).text, "retired already")
	got := r.ask(member(), "talks", nil)
	holds(t, "/talks", got.text, "PEACE TALKS · retired here", "We *follow* money only.", "Read Energy war instead: /energy")
	if got := r.press(member(), "open", Press{State: strings.TrimPrefix(got.card.Buttons[0].Action, "open:")}); !strings.Contains(got.text, "ENERGY WAR") {
		t.Errorf("the button leads to %q, want the other section", got.text)
	}
	holds(t, "what it held", r.ask(member(), "brief", Input{"section": "talks"}).text, "retired here", "historical", "D9")
	holds(t, "an item", r.ask(member(), "item", Input{"ref": "D9"}).text, "D9", "historical")
	holds(t, "all", r.ask(member(), "brief", nil).text, "!PEACE TALKS", "ENERGY WAR")
	holds(t, "help", r.ask(member(), "help", nil).text, "!/talks")
	holds(t, "as it was", r.ask(member(), "talks", Input{"known": "2026-01-20"}).text, "!retired")
	holds(t, "elsewhere", r.ask(elsewhere(), "talks", nil).text, "PEACE TALKS", "!retired")
	holds(t, "a digest of it", r.ask(member(), "digest add", Input{"at": "08:00", "sections": "talks"}).say, "Peace talks is retired")
	choices, err := r.complete(member(), "desk section restore", "section", "pea")
	if err != nil || len(choices) != 1 || choices[0].Value != "talks" {
		t.Errorf("restoring offers %v, %v; want talks", choices, err)
	}
	if choices, err = r.complete(member(), "desk section retire", "section", "peace t"); err != nil || len(choices) != 0 {
		t.Errorf("retiring offers %v, %v; want none", choices, err)
	}
	holds(t, "another one of its name", r.ask(member(), "desk section add", Input{"title": "T", "command": "talks", "bottom-line": "b"}).text, "belongs to Peace talks, which is retired")
	holds(t, "what isn't retired", r.ask(member(), "desk section restore", Input{"section": "energy"}).text, "is not retired")
	holds(t, "back", r.ask(member(), "desk section restore", Input{"section": "talks"}).text, "Peace talks is back", "1. Peace talks")
	holds(t, "/talks again", r.ask(member(), "talks", nil).text, "PEACE TALKS", "!retired")
}

func TestSectionCommandCannotBeRenamed(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s, err := briefings.Clone(r.section("talks"))
	if err != nil {
		t.Fatal(err)
	}
	s.(*briefings.Section).Command = "peace"
	for _, op := range []briefings.Op{briefings.OpAmend, briefings.OpCorrect} {
		_, err = r.desk.Briefings.Publish(t.Context(), briefings.Batch{Desk: "1001", By: "7", Changes: []briefings.Change{{Item: s, Op: op, Reason: "so", Seen: 1}}})
		if err == nil || !strings.Contains(err.Error(), "keeps its slash command /talks") {
			t.Errorf("%s: got %v, want that refused", op, err)
		}
	}
}

// Nothing that Discord refuses is hidden from who made the change.
func TestWhatDiscordDoesNotOfferIsTold(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		refuses error
		say     string
	}{
		{fmt.Errorf("bot: %w", ErrNoMoreToday), "200 new commands a day"},
		{ErrNoSlash, "applications.commands"},
		{errors.New("bot: HTTP 500"), "tried again by itself"},
	} {
		r := newRig(t)
		r.desk.Slash = &offering{refuses: tt.refuses}
		r.set = r.desk.All()
		holds(t, tt.refuses.Error(), r.ask(member(), "desk section add", budget()).text, "Budget is added", tt.say, "/brief section:budget", "!HTTP")
	}
}

// With the two-person rule another moderator publishes.
func TestSectionsKeepToTheTwoPersonRule(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	slash := &offering{}
	r.desk.Slash = slash
	r.set = r.desk.All()
	settings, _, err := r.desk.Briefings.ChangeSettings(t.Context(), "1001", "9", map[briefings.Setting]string{briefings.TwoPersonRule: briefings.SettingOn})
	if err != nil {
		t.Fatal(err)
	}
	who := member()
	who.Settings = settings
	got := r.ask(who, "desk section add", budget())
	if r.section("budget") != nil || len(slash.asked) > 0 {
		t.Fatalf("it is published: %s", got.text)
	}
	second := who
	second.User = "8"
	drafts, err := r.desk.Briefings.Drafts(t.Context(), "1001", 10)
	if err != nil || len(drafts) != 1 {
		t.Fatalf("%d drafts wait, %v; want one", len(drafts), err)
	}
	slash.refuses = ErrNoMoreToday
	holds(t, "published by another", r.press(second, actionPublish, Press{State: drafts[0].ID + ":1"}).text, "200 new commands a day")
	if r.section("budget") == nil {
		t.Error("another moderator has published it, and it isn't there")
	}
}
