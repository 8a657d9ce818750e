package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sitrep/cards"
	"sitrep/digests"
	"sitrep/metrics"
	"sitrep/operator"
	"sitrep/words"
)

// What the operator is told of, like the alerts in deploy/prometheus.
const (
	lateBy      = 5 * time.Minute
	fewRefusals = 1000
	leastWrong  = 5  // answers that a share is made of
	looksBack   = 20 // looks of a quarter of a minute each
)

// operatorWatch tells the channel of SITREP_OPERATOR_CHANNEL what is wrong.
func (p *parts) operatorWatch(book *words.Book) *operator.Watch {
	channel := digests.ChannelID(p.cfg.OperatorChannel)
	return &operator.Watch{
		Conditions: p.conditions(), Episodes: p.cache, Now: time.Now, Log: p.log,
		Words: func(ctx context.Context) *words.Words {
			desk, err := p.discord.Rooms().Server(ctx, channel)
			if err != nil {
				return book.In("en")
			}
			return book.In(p.service.Settings(ctx, desk).Locale)
		},
		Tell: func(ctx context.Context, card cards.Card, key string) error {
			_, err := p.discord.Poster().Post(ctx, channel, card, key)
			if refused := new(digests.PostError); errors.As(err, &refused) && refused.Permanent {
				return fmt.Errorf("%w: %w", operator.ErrRefused, err)
			}
			return err
		},
	}
}

// conditions are what can be wrong.
func (p *parts) conditions() []operator.Condition {
	away := func(part string) func(context.Context) bool {
		return func(ctx context.Context) bool {
			up, needed := p.vitals.ask(ctx)[part]
			return needed && !up
		}
	}
	share := func(of int64, wrong func(metrics.Totals) int64) func(context.Context) bool {
		answers := &window{read: p.metrics.Totals}
		return func(context.Context) bool {
			lately := answers.look()
			return wrong(lately) >= leastWrong && wrong(lately)*of > lately.All
		}
	}
	return []operator.Condition{
		{Name: "database", Holds: away("database")},
		{Name: "redis", Holds: away("redis")},
		{Name: "gateway", Holds: away("gateway")},
		{Name: "failing", Holds: share(20, func(t metrics.Totals) int64 { return t.Failed })},
		{Name: "slow", Holds: share(100, func(t metrics.Totals) int64 { return t.Slow })},
		{Name: "late", Holds: func(ctx context.Context) bool {
			ctx, cancel := context.WithTimeout(ctx, vitalTime)
			defer cancel()
			ledger, err := p.ledger(ctx)
			return err == nil && ledger.Overdue > lateBy
		}},
		{Name: "refused", Holds: func(context.Context) bool { return p.discord.Budgets().Refusals < fewRefusals }},
	}
}

// A window is what was counted in the last five minutes, by one goroutine.
type window struct {
	read  func() metrics.Totals
	looks []metrics.Totals
}

// look is what came since as many looks ago.
func (w *window) look() metrics.Totals {
	w.looks = append(w.looks, w.read())
	w.looks = w.looks[max(0, len(w.looks)-looksBack-1):]
	first, last := w.looks[0], w.looks[len(w.looks)-1]
	return metrics.Totals{All: last.All - first.All, Failed: last.Failed - first.Failed, Slow: last.Slow - first.Slow}
}
