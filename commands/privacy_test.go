package commands

import (
	"fmt"
	"strings"
	"testing"

	"sitrep/briefings"
	"sitrep/cards"
)

// A reader sees what is kept of them, and nobody else's, and has it erased.
func TestPrivacy(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	holds(t, "at first", r.ask(member(), "privacy", nil).text, "I keep nothing of you", "!How long")
	r.ask(member(), "changes", nil)
	form := r.reportOf(member(), r.ask(member(), "item", Input{"ref": "F5"}).card).form
	r.send(member(), form, "wrong", "a text")
	r.ask(member(), "search", Input{"query": "elections"})
	r.ask(elsewhere(), "search", Input{"query": "elections"})
	r.publish(briefings.OpConfirm, "", "F6", nil) // by the moderator
	got := r.ask(member(), "privacy", nil)
	holds(t, "a reader's", got.text, "This server: 1 report, 1 question without an answer, 1 last look", "Another server, 2002: 1 question", "until a moderator has dealt", "!change made", "!F5", "!a text")
	holds(t, "a moderator's", r.ask(moderator(), "privacy", nil).text, "This server: 1 change made", "for good", "!report", "!2002")
	holds(t, "elsewhere", r.ask(elsewhere(), "privacy", nil).text, "This server: 1 question", "Another server, 1001")
	holds(t, "in a direct message", r.ask(stranger(), "privacy", nil).text, "I keep nothing")

	ask := r.press(member(), got.card.Buttons[0].Action, Press{})
	holds(t, "asked first", ask.text, "in every server?", "reports and questions", "a former member")
	holds(t, "kept", r.press(member(), ask.card.Buttons[1].Action, Press{}).text, "1 report")
	for range 2 {
		holds(t, "erased", r.press(member(), ask.card.Buttons[0].Action, Press{}).text, "Erased", "I keep nothing of you")
	}
	holds(t, "the moderator's is as it was", r.ask(moderator(), "privacy", nil).text, "1 change made")
	holds(t, "the queue", r.ask(moderator(), "desk drafts", nil).text, "Nothing waits")

	holds(t, "a moderator's, erased", r.press(moderator(), cards.ActionErase, Press{}).text, "I keep nothing of you")
	history := r.ask(moderator(), "desk history", Input{"item": "F6"})
	holds(t, "the history", history.text, "a former member", "!<@9>")
	r.publish(briefings.OpConfirm, "", "F6", nil)
	holds(t, "what they do then", r.ask(moderator(), "privacy", nil).text, "1 change made")
}

// Whoever is known in hundreds of servers gets a message that Discord takes.
func TestPrivacyIsBounded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for i := range 300 {
		if err := r.store.Looked(t.Context(), briefings.DeskID(fmt.Sprint(100000000000000000+i)), "7", briefings.Look{Rev: 1, At: r.now}); err != nil {
			t.Fatal(err)
		}
	}
	for _, locale := range []string{"en", "uk", "de", "fr"} {
		who := member()
		who.Locales = []string{locale}
		got := r.ask(who, "privacy", nil)
		if n := size(got.card); n > cards.MostText || !strings.Contains(got.text, "100000000000000001") {
			t.Errorf("%s: %d characters:\n%s", locale, n, got.text)
		}
	}
}

func TestPrivacyWithTheRecordAway(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.ask(member(), "changes", nil)
	r.store.cut.Store(true)
	for _, press := range []string{cards.ActionPrivacy, cards.ActionErase} {
		a, _ := r.set.Action(press)
		if _, err := a.Run(t.Context(), member(), Press{}); err == nil {
			t.Errorf("%s: no error with the database away", press)
		}
	}
	r.store.cut.Store(false)
	holds(t, "later", r.ask(member(), "privacy", nil).text, "1 last look")
}
