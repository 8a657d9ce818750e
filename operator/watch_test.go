package operator

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"sitrep/cache"
	"sitrep/cards"
	"sitrep/words"
)

// channel is what an operator reads: of messages with one key only the first.
type channel struct {
	said  []string
	keys  map[string]bool
	fails error
}

func (c *channel) tell(_ context.Context, card cards.Card, key string) error {
	if c.fails != nil {
		return c.fails
	}
	if !c.keys[key] && len(key) <= 25 {
		c.keys[key] = true
		c.said = append(c.said, string(card.Title))
	}
	return nil
}

// away is a Redis that nobody reaches while on is true.
type away struct {
	Episodes
	on bool
}

func (a *away) Episode(ctx context.Context, name, copied string, on bool) (began, ended bool, err error) {
	if a.on {
		return false, false, errors.New("redis is away")
	}
	return a.Episodes.Episode(ctx, name, copied, on)
}

// stand is copies of one bot with one operator.
type stand struct {
	t       *testing.T
	now     time.Time
	shared  *away
	channel *channel
	copies  []*Watch
	bad     []map[string]bool // conditions by copy
}

func newStand(t *testing.T, copies int) *stand {
	t.Helper()
	shelf, err := cache.Open(cache.Embedded, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := shelf.Close(); err != nil {
			t.Error(err)
		}
	})
	book, err := words.Open()
	if err != nil {
		t.Fatal(err)
	}
	s := &stand{t: t, now: time.Date(2026, 1, 21, 8, 0, 0, 0, time.UTC), shared: &away{Episodes: shelf}, channel: &channel{keys: map[string]bool{}}}
	for n := range copies {
		s.bad = append(s.bad, map[string]bool{})
		w := &Watch{
			Episodes: s.shared, Tell: s.channel.tell, Now: func() time.Time { return s.now }, Log: slog.New(slog.DiscardHandler),
			Words: func(context.Context) *words.Words { return book.In("en") },
		}
		for _, name := range []string{"database", "late"} {
			w.Conditions = append(w.Conditions, Condition{Name: name, Holds: func(context.Context) bool { return s.bad[n][name] }})
		}
		s.copies = append(s.copies, w)
	}
	return s
}

// looks has every copy look so many times.
func (s *stand) looks(n int) {
	for range n {
		s.now = s.now.Add(every)
		for _, w := range s.copies {
			w.Look(s.t.Context())
		}
	}
}

// read takes what was told since.
func (s *stand) read(when string, want ...string) {
	s.t.Helper()
	if len(s.channel.said) != len(want) {
		s.t.Errorf("%s: told %q, want %q", when, s.channel.said, want)
	} else {
		for i, w := range want {
			if !strings.Contains(s.channel.said[i], w) {
				s.t.Errorf("%s: told %q, want %q", when, s.channel.said, want)
			}
		}
	}
	s.channel.said = nil
}

const (
	database = "⚠ The database doesn't answer"
	over     = "✓ Over: The database doesn't answer"
	late     = "⚠ A digest is"
)

func TestOneEpisodeIsToldOnceOfAllCopies(t *testing.T) {
	t.Parallel()
	s := newStand(t, 3)
	s.looks(30)
	s.read("all is well")
	for _, bad := range s.bad {
		bad["database"] = true
	}
	s.looks(looksToBegin - 1)
	s.read("not long yet")
	s.looks(100)
	s.read("it is away", database)
	s.bad[1]["late"] = true // another, on one copy
	s.looks(10)
	s.read("a digest is late too", late)
	s.bad[0]["database"], s.bad[2]["database"] = false, false
	s.looks(2 * looksToEnd)
	s.read("one copy still sees it")
	s.bad[1]["database"] = false
	s.looks(looksToEnd - 1)
	s.read("not over for long")
	s.looks(50)
	s.read("it is over", over)
}

func TestWhatComesAndGoesIsNotTold(t *testing.T) {
	t.Parallel()
	s := newStand(t, 2)
	for range 100 {
		s.bad[0]["database"] = !s.bad[0]["database"]
		s.looks(2)
	}
	s.read("it flickers")
	s.bad[0]["database"] = true
	s.looks(looksToBegin)
	s.read("it is away", database)
	for range 20 { // back for a while, then away again: one episode
		s.bad[0]["database"] = false
		s.looks(looksToEnd / 2)
		s.bad[0]["database"] = true
		s.looks(looksToBegin)
	}
	s.read("it comes and goes")
}

// While copies can't agree each tells, with keys of which Discord makes one
// message; and neither the loss of Redis nor its return tells anything anew.
func TestWithoutRedisItIsToldOnceToo(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name             string
		begin, on, after bool // whether Redis is away then
	}{
		{"all the time", true, true, true},
		{"at the beginning", true, false, false},
		{"in the middle", false, true, false},
		{"at the end, and back later", false, false, true},
		{"after the beginning", false, true, true},
	} {
		s := newStand(t, 2)
		s.now = s.now.Truncate(sameMoment)
		s.shared.on = tt.begin
		for _, bad := range s.bad {
			bad["database"] = true
		}
		s.looks(looksToBegin)
		s.read(tt.name+", begun", database)
		s.shared.on = tt.on
		s.looks(30)
		s.read(tt.name + ", going on")
		s.shared.on = tt.after
		for _, bad := range s.bad {
			bad["database"] = false
		}
		s.looks(looksToEnd)
		s.shared.on = false
		s.looks(2)
		s.read(tt.name+", over", over)
		s.looks(30)
		s.read(tt.name + ", long over")
	}
}

// A copy that starts anew knows nothing, and ends no episode of the others'.
func TestAStartTellsNothing(t *testing.T) {
	t.Parallel()
	s := newStand(t, 2)
	s.bad[0]["database"] = true
	s.looks(looksToBegin)
	s.read("begun", database)
	s.bad[1]["database"] = true
	s.copies[0].states, s.copies[1].states = nil, nil
	s.looks(10)
	s.read("both copies were restarted")
}

func TestNewsWaitUntilTheyCanBeTold(t *testing.T) {
	t.Parallel()
	s := newStand(t, 1)
	s.channel.fails = errors.New("Discord is away")
	s.bad[0]["database"] = true
	s.looks(20)
	s.channel.fails = nil
	s.looks(1)
	s.read("Discord is back", database)
	s.channel.fails = ErrRefused
	s.bad[0]["late"] = true
	s.looks(10)
	s.channel.fails = nil
	s.looks(10)
	s.read("a channel that took nothing")
	s.bad[0]["database"] = false
	s.channel.fails = errors.New("Discord is away")
	s.looks(looksToEnd + int(outdated/every) + 1)
	s.channel.fails = nil
	s.looks(1)
	s.read("an hour later")
}
