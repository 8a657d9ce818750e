package commands

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
)

// reportOf presses the report button below an answer.
func (r *rig) reportOf(who Caller, c cards.Card) answer {
	r.t.Helper()
	for _, b := range c.Buttons {
		if state, ok := strings.CutPrefix(b.Action, "report:"); ok {
			return r.press(who, "report", Press{State: state})
		}
	}
	r.t.Fatalf("there is no report button below %q", c.Title)
	return answer{}
}

// send fills in the form that a report button opened.
func (r *rig) send(who Caller, form *cards.Form, fault, text string) answer {
	r.t.Helper()
	return r.press(who, "reported", Press{State: strings.TrimPrefix(form.Action, "reported:"), Fields: Input{"fault": fault, "text": text}})
}

func moderator() Caller {
	who := member()
	who.User = "9"
	return who
}

func TestEveryAnswerCanBeReported(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, ask := range asks() {
		form := r.reportOf(member(), r.ask(member(), ask.command, ask.in).card).form
		if form == nil || len(form.Fields) != 2 || len([]rune(form.Title)) > 45 || len([]rune(form.Action)) > 100 {
			t.Errorf("%s: got %+v, want a form that Discord takes", name, form)
		}
	}
}

func TestReports(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	other := member()
	other.User = "8"
	item := r.ask(member(), "item", Input{"ref": "F5"}).card
	form := r.reportOf(member(), item).form
	if form.Title != "Report F5" {
		t.Errorf("the form is called %q, want it to name F5", form.Title)
	}
	for _, tt := range []struct {
		name        string
		who         Caller
		fault, text string
		want        string
	}{
		{"no choice", member(), "", "x", "Choose whether"},
		{"another choice", member(), "boring", "x", "Choose whether"},
		{"a report", member(), "wrong", hostile()["mentions"], "Thank you"},
		{"again", member(), "unclear", "again", "You have reported F5 already"},
		{"somebody else", other, "outdated", strings.Repeat("щ", 5000), "Thank you"},
	} {
		r.now = r.now.Add(time.Minute)
		got := r.send(tt.who, form, tt.fault, tt.text)
		if !strings.Contains(got.say+got.text, tt.want) {
			t.Errorf("%s: got %q %q, want %q", tt.name, got.say, got.text, tt.want)
		}
	}
	r.now = r.now.Add(time.Minute)
	list := r.reportOf(member(), r.ask(member(), "claims", Input{"section": "energy", "known": "2026-01-20"}).card).form
	holds(t, "a list", r.send(member(), list, "unclear", "").text, "/claims section:energy")
	queue := r.ask(moderator(), "desk drafts", nil)
	pings(t, queue.card)
	holds(t, "the queue", queue.text, "QUEUE · 2 matters", "1 REPORTED /claims section:energy: unclear · 1 person", "2 REPORTED F5 612 attacks", "outdated, wrong", "</talks:1>", "2 people", "!"+strings.Repeat("щ", 301))
	holds(t, "another server's queue", r.ask(elsewhere(), "desk drafts", nil).text, "Nothing waits")
}

func TestReportsNeedAServer(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	got := r.reportOf(stranger(), r.ask(stranger(), "talks", nil).card)
	holds(t, "the button", got.say, "Reports go to a server's moderators")
	holds(t, "the form", r.press(stranger(), "reported", Press{State: "talks", Fields: Input{"fault": "wrong"}}).say, "Reports go to a server's moderators")
	holds(t, "the queue", r.ask(stranger(), "desk drafts", nil).say, "Use this command there")
	holds(t, "a question", r.ask(stranger(), "search", Input{"query": "elections"}).text, "Nothing in this briefing fits", "!moderators")
	if all, err := r.store.Queue(t.Context(), briefings.Catalogue); err != nil || len(all) != 0 {
		t.Errorf("got %v, %v kept in direct messages, want nothing", all, err)
	}
}

func TestForgedReportsAreRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, state := range []string{"", "nothing", "desk edit|item=F5", "digest list", "talks|x", strings.Repeat("x", 101)} {
		for _, action := range []string{"report", "reported"} {
			if got := r.press(member(), action, Press{State: state, Fields: Input{"fault": "wrong"}}); !strings.Contains(got.say, "older version") {
				t.Errorf("%s:%.30s: got %q %q, want that the button is gone", action, state, got.say, got.text)
			}
		}
	}
}

func TestReportsAreBounded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	send := func(n int) answer {
		return r.press(member(), "reported", Press{State: fmt.Sprint("search|query=q", n), Fields: Input{"fault": "wrong"}})
	}
	for n := range briefings.MostADay {
		holds(t, "a report", send(n).text, "Thank you")
	}
	holds(t, "one too many", send(99).say, "20 reports and questions")
	queue := r.ask(moderator(), "desk drafts", nil)
	if n := size(queue.card); n > cards.MostText || len(queue.card.Selects[0].Options) != briefings.MostADay {
		t.Errorf("the queue has %d characters and %d to choose", n, len(queue.card.Selects[0].Options))
	}
	r.store.cut.Store(true)
	lost := r.press(moderator(), "reported", Press{State: "talks", Fields: Input{"fault": "wrong", "text": "a long text"}})
	holds(t, "with the database away", lost.say, "not kept", "a long text")
}

// A question that nothing answers comes before the moderators, once for each
// who asked it, and goes when they have dealt with it.
func TestUnansweredQuestionsAreQueued(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	other := member()
	other.User = "8"
	for _, tt := range []struct {
		who    Caller
		in     Input
		queued bool
	}{
		{member(), Input{"query": "Elections?"}, true},
		{member(), Input{"query": "elections"}, true}, // the same, once
		{other, Input{"query": "ELECTIONS!"}, true},
		{member(), Input{"query": "missiles"}, false},
		{member(), Input{"query": "missiles", "kind": "plan"}, false}, // other filters find it
		{member(), Input{"query": "F55"}, false},                      // a label that is near another
		{member(), Input{"query": "elections", "known": "2026-01-20"}, false},
		{elsewhere(), Input{"query": "<@7> xkcdq"}, true},
	} {
		got := r.ask(tt.who, "search", tt.in)
		if strings.Contains(got.text, "goes to this server's moderators") != tt.queued {
			t.Errorf("%v: got\n%s\nwant that moderators get it: %t", tt.in, got.text, tt.queued)
		}
	}
	queue := r.ask(moderator(), "desk drafts", nil)
	holds(t, "the queue", queue.text, "QUEUE · 1 matter", "ASKED IN VAIN", "2 people", "!xkcdq")
	choice := queue.card.Selects[0].Options[0].Value
	holds(t, "from another server", r.press(elsewhere(), "desk-resolve", Press{Values: []string{choice}}).text, "resolved that already", "xkcdq")
	holds(t, "resolved", r.press(moderator(), "desk-resolve", Press{Values: []string{choice}}).text, "Resolved", "Nothing waits")
	holds(t, "again", r.press(moderator(), "desk-resolve", Press{Values: []string{choice}}).text, "resolved that already")
	holds(t, "nothing chosen", r.press(moderator(), "desk-resolve", Press{}).say, "older version")
}
