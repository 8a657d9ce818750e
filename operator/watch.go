// Package operator tells whoever runs sitrep, in a channel of theirs, when
// something is wrong with it and when that is over: once each, however many
// copies see it, and nothing that comes and goes within moments.
//
// What can be wrong, and how it is told, come from outside: this package knows
// neither Discord nor Redis.
package operator

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"sitrep/cards"
	"sitrep/words"
)

const (
	every = 15 * time.Second // a look at all conditions

	// What lasts a minute is told, and is over once it was away for five: so what
	// comes and goes is told twice in six minutes at most.
	looksToBegin = 4
	looksToEnd   = 20

	// sameMoment is how far apart copies that can't agree may be to tell the
	// same, of which Discord makes one message.
	sameMoment = 5 * time.Minute

	outdated = time.Hour // news that couldn't be told until then is none
)

// ErrRefused means that a channel takes no messages, and that trying again won't help.
var ErrRefused = errors.New("operator: the channel takes no messages")

// A Condition is something that an operator should know of. Its name has the
// phrases operator.title.NAME and operator.do.NAME.
type Condition struct {
	Name  string
	Holds func(ctx context.Context) bool
}

// Episodes settle which of the copies tells. Package cache satisfies it.
type Episodes interface {
	// Episode notes whether a copy sees a condition hold. One call of all copies'
	// is told that it began, one that it ended.
	Episode(ctx context.Context, name, copied string, on bool) (began, ended bool, err error)
}

// A Watch looks at conditions. Its fields may not be changed once it runs.
type Watch struct {
	Conditions []Condition
	Episodes   Episodes
	Words      func(ctx context.Context) *words.Words
	// Tell posts a card; of those with the same key, at most 25 characters, Discord
	// makes one within a few minutes. The error is ErrRefused where that is final.
	Tell func(ctx context.Context, card cards.Card, key string) error
	Now  func() time.Time
	Log  *slog.Logger

	name    string // tells this copy from the others
	states  []state
	pending []news
}

// state is what a copy knows of a condition.
type state struct {
	bad, good int // looks in a row
	holds     bool
	told      bool // of this episode somebody has told
	alone     bool // and it was this copy, with the others out of reach
}

// news is what is still to be told.
type news struct {
	card cards.Card
	key  string
	at   time.Time
}

// Run looks again and again until ctx ends.
func (w *Watch) Run(ctx context.Context) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			w.Look(ctx)
		}
	}
}

// Look looks at every condition once, and tells what is news.
func (w *Watch) Look(ctx context.Context) {
	if w.states == nil {
		w.states, w.name = make([]state, len(w.Conditions)), rand.Text()
	}
	for i, c := range w.Conditions {
		s := &w.states[i]
		s.count(c.Holds(ctx))
		if !s.holds && s.good < looksToEnd {
			continue // it isn't known yet whether something others saw is over
		}
		began, ended := w.settle(ctx, c.Name, s)
		switch {
		case began:
			w.note(ctx, c.Name, true)
		case ended:
			w.note(ctx, c.Name, false)
		}
	}
	w.tellPending(ctx)
}

func (s *state) count(bad bool) {
	if bad {
		s.bad, s.good = s.bad+1, 0
	} else {
		s.bad, s.good = 0, s.good+1
	}
	switch {
	case s.bad >= looksToBegin:
		s.holds = true
	case s.good >= looksToEnd:
		s.holds = false
	}
}

// settle reports whether this copy is to tell of a beginning or an end. While
// the copies can't agree each tells, and the keys make one message of it.
func (w *Watch) settle(ctx context.Context, name string, s *state) (began, ended bool) {
	began, ended, err := w.Episodes.Episode(ctx, name, w.name, s.holds)
	switch {
	case err != nil && s.holds:
		began, ended = !s.told, false
		s.alone = s.alone || began
		s.told = true
	case err != nil:
		began, ended = false, s.alone
		s.told, s.alone = false, false
	case s.holds:
		began, ended = began && !s.told, false
		s.told, s.alone = true, false
	default:
		ended = ended || s.alone
		s.told, s.alone = false, false
	}
	return began, ended
}

// note puts news in line.
func (w *Watch) note(ctx context.Context, name string, began bool) {
	say := w.Words(ctx)
	title := say.Say("operator.title." + name)
	card := cards.Card{Title: "⚠ " + cards.Escape(title), Blocks: []cards.Block{{Lines: []cards.Line{{Text: cards.Escape(say.Say("operator.do." + name))}}}}}
	if !began {
		card = cards.Card{Title: "✓ " + cards.Escape(say.Say("operator.over", words.Args{"What": title}))}
	}
	now := w.Now()
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %t %d", name, began, now.Unix()/int64(sameMoment.Seconds())))
	w.Log.InfoContext(ctx, "the operator is told", "condition", name, "began", began)
	w.pending = append(w.pending, news{card: card, key: "o" + hex.EncodeToString(sum[:12]), at: now})
}

// tellPending tells what is in line, in order; what can't be told now waits.
func (w *Watch) tellPending(ctx context.Context) {
	for len(w.pending) > 0 {
		next := w.pending[0]
		err := w.Tell(ctx, next.card, next.key)
		switch {
		case err == nil:
		case errors.Is(err, ErrRefused):
			w.Log.ErrorContext(ctx, "the operator can't be told: check SITREP_OPERATOR_CHANNEL and the bot's permissions there", "err", err)
		case w.Now().Sub(next.at) > outdated:
			w.Log.WarnContext(ctx, "the operator could not be told within an hour", "err", err)
		default:
			return
		}
		w.pending = w.pending[1:]
	}
}
