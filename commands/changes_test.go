package commands

import (
	"strings"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
)

// history has a desk live through one change of each sort, a day apart from 22
// January on: revisions 2 to 7.
func (r *rig) history() {
	r.t.Helper()
	next := func() { r.now = r.now.Add(24 * time.Hour) }
	next()
	r.publish(briefings.OpCorrect, "Misread the table", "F5", func(i briefings.Item) { i.(*briefings.Figure).Value = "640" })
	next()
	r.publish(briefings.OpAmend, "More crews", "F6", func(i briefings.Item) { i.(*briefings.Figure).Value = "16000" })
	next()
	r.publish(briefings.OpAmend, "", "Q2", func(i briefings.Item) {
		q := i.(*briefings.Question)
		q.State, q.AnsweredBy = briefings.Answered, []briefings.ID{"event/miami-talks"}
	})
	next()
	r.publish(briefings.OpRetract, "Two items, not a conflict", "C12", nil)
	next()
	r.publish(briefings.OpConfirm, "", "F3", nil)
	next()
	r.publish(briefings.OpAmend, "", "P1", func(i briefings.Item) {
		i.Head().Caveat = "@everyone **bold** <@7> https://evil.example ||x||"
	})
}

func TestChanges(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.history()
	for _, tt := range []struct {
		name string
		in   Input
		want []string
	}{
		{"since a revision", Input{"since": "1"}, []string{
			"CHANGES · rev 1 → rev 7 · 19 Jan 2026 → 27 Jan 2026", "Corrected: we were wrong (1)", "F5 640 attacks", "Value: 612 → 640", "Why: Misread the table (rev 2, 22 Jan 2026)",
			"Changed: the world moved (2)", "F6", "15000 → 16000", "Answered (1)", "Q2", "open → answered", "Answered by: – → E17", "Retracted: this should not have been published (1)", "C12", "Why: Two items, not a conflict",
			"!Added", "16 questions still open", "!Your first look", "!you last looked",
		}},
		{"since a revision, written out", Input{"since": "rev 4"}, []string{"rev 4 → rev 7", "!F5 ", "C12", "Confirmed: looked at again, still true (1)\nF3"}},
		{"since REV5", Input{"since": "REV5"}, []string{"rev 5 → rev 7", "!C12"}},
		{"since the newest", Input{"since": "rev 7"}, []string{"Nothing changed since rev 7 of 27 Jan 2026"}},
		{"since a day", Input{"since": "2026-01-24"}, []string{"rev 3 → rev 7", "Q2", "!F6"}},
		{"since a month", Input{"since": "2026-01"}, []string{"This briefing begins on 19 Jan 2026", "rev 1 → rev 7", "!Added"}},
		{"one section", Input{"since": "1", "section": "energy"}, []string{"Energy war", "F5", "!Q2", "!P1"}},
		{"nothing in a section", Input{"since": "6", "section": "energy"}, []string{"Nothing changed"}},
		{"as known on a day", Input{"known": "2026-01-23"}, []string{"rev 1 → rev 3", "F5", "F6", "!Q2", "!C12", "as known on 2026-01-23", "!look"}},
		{"since a revision, as known on a day", Input{"since": "2", "known": "2026-01-23"}, []string{"rev 2 → rev 3", "!F5 ", "F6"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := r.ask(member(), "changes", tt.in)
			all := got.text
			for next := nextOf(got.card); next != ""; next = nextOf(got.card) {
				got = r.press(member(), "turn", Press{State: next})
				all += got.text
			}
			if got.say != "" {
				t.Fatalf("/changes %v: %s", tt.in, got.say)
			}
			pings(t, got.card)
			holds(t, tt.name, all, tt.want...)
		})
	}
}

// nextOf is the link to the next page, empty on the last.
func nextOf(c cards.Card) string {
	for _, b := range c.Buttons {
		if strings.HasPrefix(b.Label, "Next") {
			return strings.TrimPrefix(b.Action, "turn:")
		}
	}
	return ""
}

func TestChangesRefuses(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, tt := range []struct{ since, known, want string }{
		{"rev 9", "", "go from 1 to 1"},
		{"rev 0", "", "go from 1 to 1"},
		{"-1", "", "go from 1 to 1"},
		{"rev 99999999999999999999", "", "Write a revision"},
		{"yesterday", "", "Write a revision"},
		{"2026-01-19/2026-01-20", "", "Write a revision"},
		{"2027", "", "lies in the future"},
		{"rev 2", "2026-01-20", "go from 1 to 1"},
		{strings.Repeat("5", 1000), "", "Write a revision"},
		{"@everyone <@7>", "", "Write a revision"},
	} {
		got := r.ask(member(), "changes", Input{"since": tt.since, "known": tt.known})
		if !strings.Contains(got.say, tt.want) || len(got.say) > 400 {
			t.Errorf("/changes since:%.40s known:%s: got %q %q, want a short mistake with %q", tt.since, tt.known, got.say, got.text, tt.want)
		}
	}
}

// What somebody has seen they are not told again; nobody else is affected, and
// neither paging nor looking at a part or at the past counts as a look.
func TestChangesSinceTheLastLook(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	holds(t, "the first look", r.ask(member(), "changes", nil).text, "Your first look here", "rev 1 → rev 1", "Nothing changed since rev 1")
	r.history()
	for _, ref := range []string{"F1", "F4", "F7", "F12", "F13"} {
		r.publish(briefings.OpAmend, strings.Repeat("A long reason. ", 10), ref, func(i briefings.Item) { i.Head().Caveat = "Changed." })
	}
	for _, in := range []Input{{"section": "energy"}, {"since": "6"}, {"known": "2026-01-23"}} {
		r.ask(member(), "changes", in)
	}
	second := r.ask(member(), "changes", nil)
	holds(t, "the second look", second.text, "Since you last looked, on 21 Jan 2026", "rev 1 → rev 12", "F5")
	next := nextOf(second.card)
	if next == "" {
		t.Fatalf("it has one page, want more:\n%s", second.text)
	}
	page := r.press(member(), "turn", Press{State: next})
	holds(t, "its second page", page.text, "rev 1 → rev 12", "page 2")
	third := r.ask(member(), "changes", nil)
	holds(t, "the third look", third.text, "Since you last looked, on 27 Jan 2026", "Nothing changed since rev 12")
	week := third.card.Buttons[0]
	holds(t, "the last 7 days", r.press(member(), "turn", Press{State: strings.TrimPrefix(week.Action, "turn:")}).text, "rev 1 → rev 12", "F6")
	other := member()
	other.User = "8"
	holds(t, "somebody else", r.ask(other, "changes", nil).text, "Your first look here", "F5")
	holds(t, "another server", r.ask(elsewhere(), "changes", nil).text, "Your first look here", "Nothing changed")
	holds(t, "a direct message", r.ask(stranger(), "changes", nil).text, "Your first look here", "Nothing changed")
}

// A shared answer counts from the same revision as the one it was pressed on.
func TestSharingChangesKeepsWhereTheyCountFrom(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.history()
	got := r.ask(member(), "changes", nil)
	for _, b := range got.card.Buttons {
		if state, share := strings.CutPrefix(b.Action, "share:"); share {
			holds(t, "shared", r.press(member(), "share", Press{State: state}).text, "rev 1 → rev 7", "F5")
			return
		}
	}
	t.Error("there is no button to share it")
}

func TestChangesWithTheDatabaseAway(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.history()
	r.store.cut.Store(true)
	c, _ := r.set.Command("changes")
	reply, err := c.Run(t.Context(), member(), nil)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, "with the database away", reply.Card.Plain(), "can't tell when you last looked", "F5")
	if reply.After == nil || reply.After(t.Context()) == nil {
		t.Error("keeping the look did not fail, so the database was not away")
	}
}
