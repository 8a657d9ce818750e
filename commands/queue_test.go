package commands

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
)

// leave has n readers report something, each on a subject of its own.
func (r *rig) leave(n int, text string) {
	r.t.Helper()
	for i := range n {
		err := r.store.Leave(r.t.Context(), briefings.Entry{
			Desk: member().Desk, Sort: briefings.ReportedEntry, Subject: fmt.Sprintf("/search query:q%03d", i), Fault: "wrong", Text: text,
			By: briefings.UserID(fmt.Sprint("9", i)), RecordedAt: r.now.Add(time.Duration(i) * time.Second),
		})
		if err != nil {
			r.t.Fatal(err)
		}
	}
}

// selection is the one of a card whose action begins like that.
func selection(t *testing.T, c cards.Card, action string) cards.Select {
	t.Helper()
	for _, s := range c.Selects {
		if strings.HasPrefix(s.Action, action) {
			return s
		}
	}
	t.Fatalf("there is no %s among %+v", action, c.Selects)
	return cards.Select{}
}

// choose chooses the n-th of a selection.
func (r *rig) choose(who Caller, s cards.Select, n int) answer {
	r.t.Helper()
	name, state, _ := strings.Cut(s.Action, ":")
	return r.press(who, name, Press{State: state, Values: []string{s.Options[n].Value}})
}

// Of two moderators who take the same matter the second is told whose it is.
func TestQueueIsHeld(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.leave(2, "")
	other := moderator()
	other.User = "10"
	queue := r.ask(moderator(), "desk drafts", nil)
	holds(t, "the queue", queue.text, "QUEUE · 2 matters wait", "2 things reported", "!questions", "!looks into")
	hold := selection(t, queue.card, cards.ActionHold)
	holds(t, "held", r.choose(moderator(), hold, 1).text, "for 24 hours", "2 REPORTED /search query:q000: wrong · 1 person, last on 21 Jan 2026 · <@9> looks into it")
	holds(t, "by the second", r.choose(other, hold, 1).text, "<@9> looks into that already", "!<@10>")
	holds(t, "from another server", r.choose(elsewhere(), hold, 1).text, "resolved that already", "!q000")
	holds(t, "let go", r.choose(moderator(), hold, 1).text, "You have let it go", "!looks into it")
	holds(t, "by the second then", r.choose(other, hold, 1).text, "<@10> looks into it")
	r.now = r.now.Add(briefings.HoldLasts)
	holds(t, "a day later", r.ask(moderator(), "desk drafts", nil).text, "!looks into it")
	holds(t, "nothing chosen", r.press(moderator(), cards.ActionHold, Press{}).say, "older version")
}

func TestQueueParts(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.now = r.now.AddDate(0, 0, 5) // when every figure is past its review
	queue := r.ask(moderator(), "desk drafts", nil)
	holds(t, "the counts", queue.text, "34 items past their review", "!drafts")
	parts := selection(t, queue.card, cards.ActionQueue)
	review := r.choose(moderator(), parts, 2)
	holds(t, "from readers", r.choose(moderator(), parts, 1).text, "Nothing waits here")
	holds(t, "the longest due", review.text, "1 F1 ", "review was due on", "page 1 of 2")
	holds(t, "what a catalogue suggests", r.choose(moderator(), parts, 3).text, "Nothing waits here")
	seen := 0
	for range 20 {
		lines := review.card.Blocks[1].Lines
		seen += len(lines)
		if n := size(review.card); n > cards.MostText || len(lines) > 25 {
			t.Errorf("a page has %d characters and %d lines", n, len(lines))
		}
		next := review.card.Buttons[len(review.card.Buttons)-1]
		if !strings.Contains(next.Label, "Next") {
			break
		}
		name, state, _ := strings.Cut(next.Action, ":")
		review = r.press(moderator(), name, Press{State: state})
	}
	snap, err := r.desk.Briefings.Snapshot(t.Context(), member().Desk)
	if err != nil {
		t.Fatal(err)
	}
	if want := len(snap.PastReview(r.now)); seen != want || want < 20 {
		t.Errorf("its pages show %d items, want %d", seen, want)
	}
}

// A desk that decided otherwise than a newer catalogue sees both.
func TestQueueSuggests(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.publish(briefings.OpAmend, "", "F5", func(i briefings.Item) { i.(*briefings.Figure).Value = "700" })
	items := slices.Clone(r.desk.Briefings.Base().Items())
	for i, item := range items {
		if f, ok := item.(*briefings.Figure); ok && f.Ref() == "F5" {
			newer := *f
			newer.Value = "650"
			items[i] = &newer
		}
	}
	r.now = r.now.Add(time.Hour)
	r.restartWith(items)
	r.publish(briefings.OpConfirm, "", "F6", nil) // which records the newer catalogue
	queue := r.ask(moderator(), "desk drafts", nil)
	holds(t, "the counts", queue.text, "1 item that a newer catalogue")
	holds(t, "both", r.choose(moderator(), selection(t, queue.card, cards.ActionQueue), 3).text, "F5 here: “700", "catalogue of 21 Jan 2026: “650")
}

// However much waits and whatever it says, a page is one that Discord takes.
func TestQueueIsBounded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.leave(200, hostile()["mentions"]+strings.Repeat("щ", 280))
	for _, state := range []string{"readers:1", "readers:2", "readers:99999", "readers:-1", "readers:x", "nothing", "review:1:1", strings.Repeat("9", 90), "", "\x00"} {
		got := r.press(moderator(), cards.ActionQueue, Press{State: state})
		pings(t, got.card)
		if n := size(got.card); n > cards.MostText || len(got.card.Selects) > 3 {
			t.Errorf("%q: %d characters, %d selections", state, n, len(got.card.Selects))
		}
	}
	holds(t, "the last page", r.press(moderator(), cards.ActionQueue, Press{State: "readers:99999"}).text, "200 REPORTED /search query:q000")
}
