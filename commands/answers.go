package commands

import (
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

const (
	// answerLife is for how long an answer is kept: long enough where one is asked
	// for many times a second, too short for anybody to see its age.
	answerLife = time.Second

	mostAnswers = 256 // of one answerLife; a card with its picture has some 100 kB
	mostLine    = 512 // bytes of a command line that is kept
)

// Answers keeps what was answered within the second, for whoever asks the same
// of the same snapshot in the same language. It holds at most 256 cards, and is
// safe for concurrent use; its zero value is ready.
type Answers struct {
	mu    sync.Mutex
	since time.Time
	kept  map[question]cards.Card
}

// A question is all that the card of a command depends on that is declared pure,
// but for the second.
type question struct {
	snapshot *briefings.Snapshot // as recorded; languages and days of it follow from the rest
	words    *words.Words
	line     string
	shared   bool // told to the whole channel
	away     bool // the database
}

// once returns the card for q, made by answer unless it was within the second.
// Mistakes are not kept. Now is the time that cards count from.
func (a *Answers) once(now time.Time, q question, answer func() (Reply, error)) (Reply, error) {
	if card, ok := a.card(now, q); ok {
		return Reply{Card: card}, nil
	}
	reply, err := answer()
	if err == nil && reply.Form == nil && reply.After == nil {
		a.keep(now, q, reply.Card)
	}
	return reply, err
}

func (a *Answers) card(now time.Time, q question) (cards.Card, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if age := now.Sub(a.since); age < 0 || age >= answerLife {
		a.since, a.kept = now, map[question]cards.Card{}
	}
	card, ok := a.kept[q]
	return card, ok
}

func (a *Answers) keep(now time.Time, q question, c cards.Card) {
	// Whoever appends to one of these gets a copy.
	c.Blocks, c.Footer, c.Selects, c.Buttons = slices.Clip(c.Blocks), slices.Clip(c.Footer), slices.Clip(c.Selects), slices.Clip(c.Buttons)
	a.mu.Lock()
	defer a.mu.Unlock()
	if age := now.Sub(a.since); age >= 0 && age < answerLife && len(a.kept) < mostAnswers && len(q.line) <= mostLine {
		a.kept[q] = c
	}
}

// lineOf is a command with its options in one text, another for any other.
func lineOf(name string, in Input) string {
	for _, option := range slices.Sorted(maps.Keys(in)) {
		name += " " + option + ":" + strconv.Quote(in[option])
	}
	return name
}
