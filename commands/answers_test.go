package commands

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sitrep/briefings"
	"sitrep/cards"
)

// inputs are some of what may be asked, many of them the same for several commands.
func inputs() []Input {
	return []Input{
		nil,
		{"section": "energy"},
		{"section": "no such section"},
		{"known": "2026-01-19"},
		{"known": "2026-01-20"},
		{"known": "yesterday"},
		{"share": "true"},
		{"page": "2"},
		{"page": "2", "rev": "1"},
		{"name": "Budanov"},
		{"issue": "Cede territory"},
		{"ref": "F5"},
		{"query": "Davos"},
		{"valid": "2026-01-17"},
		{"status": "disputed"},
		{"section": "energy", "known": "2026-01-20"},
		{"known": `2026-01-20" section:"energy`}, // as the line of the one before might be
	}
}

// What is kept of answers may never show: whoever asks whatever, where and when,
// gets what they would get without it.
func TestAnswersAreWhatTheyWouldBeAnew(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	anew := r.desk.All()
	r.desk.Answers = new(Answers)
	kept := r.desk.All()
	guest := member()
	guest.Guest = &briefings.Guest{Desk: "1001", Name: "Briefing Room"}
	random := rand.New(rand.NewPCG(1, 2))
	everybodyAsks := func(about, name string) {
		t.Helper()
		all := inputs()
		for _, in := range []Input{nil, all[random.IntN(len(all))], all[random.IntN(len(all))]} {
			for _, who := range []Caller{member(), member().Public(), elsewhere(), guest, stranger()} {
				who.Locales = []string{[]string{"en-GB", "uk", "de", "fr", "xx"}[random.IntN(5)], "en-US"}
				got, want := came(t, kept, name, who, in), came(t, anew, name, who, in)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("%s, /%s %v by %s of %s: kept answers make a difference (-without +with):\n%s", about, name, in, who.Locales[0], who.Desk, diff)
				}
			}
		}
	}
	for round, name := range []string{"energy", "brief", "actors", "positions", "timeline", "dates", "figures", "claims", "watch", "item", "sources", "search", "help"} {
		everybodyAsks("at first", name)
		r.amend(fmt.Sprint(700 + round)) // in the first server alone
		everybodyAsks("after a change", name)
		r.store.cut.Store(true)
		_ = r.desk.Briefings.Follow(t.Context()) // which notices
		everybodyAsks("without the database", name)
		r.store.cut.Store(false)
		if err := r.desk.Briefings.Follow(t.Context()); err != nil {
			t.Fatal(err)
		}
		r.now = r.now.Add(time.Duration(random.IntN(100)) * time.Hour)
	}
}

type whatCame struct {
	Card cards.Card
	Err  string
}

func came(t *testing.T, s Set, name string, who Caller, in Input) whatCame {
	t.Helper()
	c, ok := s.Command(name)
	if !ok {
		t.Fatalf("there is no /%s", name)
	}
	if c.Shared(in, who.Settings) {
		who = who.Public()
	}
	reply, err := c.Run(t.Context(), who, in)
	if err != nil {
		return whatCame{Err: err.Error()}
	}
	return whatCame{Card: reply.Card}
}

func TestAnswersAreKeptForASecond(t *testing.T) {
	t.Parallel()
	var a Answers
	now := time.Date(2026, time.January, 21, 8, 0, 0, 0, time.UTC)
	made := 0
	ask := func(now time.Time, line string) {
		t.Helper()
		_, err := a.once(now, question{line: line}, func() (Reply, error) { made++; return Reply{}, nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, tt := range []struct {
		after time.Duration
		line  string
		want  int
	}{{0, "a", 1}, {0, "a", 1}, {0, "b", 2}, {999 * time.Millisecond, "a", 2}, {time.Second, "a", 3}, {0, "a", 4}, {0, "a", 4}} {
		if ask(now.Add(tt.after), tt.line); made != tt.want {
			t.Errorf("question %d: %d answers were made, want %d", i, made, tt.want)
		}
	}
	for i := range 2 * mostAnswers {
		ask(now, fmt.Sprint(i))
	}
	if len(a.kept) != mostAnswers {
		t.Errorf("%d are kept, want at most %d", len(a.kept), mostAnswers)
	}
	mistaken := func() (Reply, error) { made++; return Reply{}, briefings.ErrInvalid }
	made = 0
	for range 2 {
		if _, err := a.once(now.Add(time.Hour), question{}, mistaken); err == nil {
			t.Error("a mistake was answered")
		}
	}
	if made != 2 {
		t.Errorf("a mistake was kept")
	}
}

// Two who get the same card may each add to it.
func TestAnswersAreSharedSafely(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.desk.Answers = new(Answers)
	set := r.desk.All()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				c := came(t, set, "positions", member(), nil).Card
				c.Buttons = append(c.Buttons, cards.Button{Label: "one more"})
				c.Footer = append(c.Footer, "one more")
			}
		})
	}
	all.Wait()
	if c := came(t, set, "positions", member(), nil).Card; len(c.Footer) == 0 || c.Footer[len(c.Footer)-1] == "one more" {
		t.Error("what somebody added to an answer shows in another's")
	}
}
