package briefings

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"time"
)

// KeptAfterLeaving is how long what a server has is kept once it removed the bot.
const KeptAfterLeaving = 30 * 24 * time.Hour

// departuresEvery is how often a copy looks for what is due, news aside.
const departuresEvery = time.Minute

// DepartureRecord is which servers removed the bot; package store satisfies it.
// Its methods are as those of [Queue].
type DepartureRecord interface {
	// Depart notes that desk's server removed the bot at some time, unless that
	// is noted already.
	Depart(ctx context.Context, desk DeskID, at time.Time) error
	// Departed returns the desks of which that is noted.
	Departed(ctx context.Context) ([]DeskID, error)
	// Return forgets it of desk, unless its purge has begun.
	Return(ctx context.Context, desk DeskID) error
	// Known returns every desk that anything is kept of and that did not depart.
	Known(ctx context.Context) ([]DeskID, error)
	// BeginPurge returns a desk that departed by then, and lets what is kept of
	// it go from now on; it returns [ErrNotFound] where there is none.
	BeginPurge(ctx context.Context, by time.Time) (DeskID, error)
	// PurgeSome deletes a part of what is kept of a desk whose purge has begun,
	// and reports whether that was the last.
	PurgeSome(ctx context.Context, desk DeskID) (done bool, err error)
	// NextPurge is when the desk departed that departed first after a time, zero
	// where none did.
	NextPurge(ctx context.Context, after time.Time) (time.Time, error)
}

// Departures deletes what is kept of servers that removed the bot thirty days
// before and did not take it back since. Any number of copies may do so with one
// database. It is safe for concurrent use.
type Departures struct {
	record DepartureRecord
	gone   func(ctx context.Context, desk DeskID) (bool, error)
	purged func(ctx context.Context, desk DeskID)
	log    *slog.Logger

	mu   sync.Mutex
	news []departureNews
	seen time.Time // by the clock of Run, when it last looked for what is due
}

// departureNews is that the bot left a server, or that it is in some.
type departureNews struct {
	left, here    []DeskID
	shard, shards int // here is every server of that shard, where shards is not 0
}

// NewDepartures asks gone whether Discord says that the bot is not in a server,
// where an error means that Discord doesn't tell, and calls purged with each desk
// once nothing is kept of it.
func NewDepartures(record DepartureRecord, gone func(context.Context, DeskID) (bool, error), purged func(context.Context, DeskID), log *slog.Logger) *Departures {
	return &Departures{record: record, gone: gone, purged: purged, log: log}
}

// Left is to be told that a server removed the bot, Joined that one took it in.
func (d *Departures) Left(desk DeskID) { d.tell(departureNews{left: []DeskID{desk}}) }

// Joined is for news as [Departures.Left] is.
func (d *Departures) Joined(desk DeskID) { d.tell(departureNews{here: []DeskID{desk}}) }

// Ready is to be told every server that the bot is in of those that belong to a
// shard of so many.
func (d *Departures) Ready(shard, shards int, all []DeskID) {
	d.tell(departureNews{here: all, shard: shard, shards: shards})
}

func (d *Departures) tell(n departureNews) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.news = append(d.news, n)
}

// Run notes the news and purges what is due at now. What it doesn't get to it
// does the next time.
func (d *Departures) Run(ctx context.Context, now time.Time) error {
	if err := d.note(ctx, now); err != nil {
		return err
	}
	if since := now.Sub(d.seen); since >= 0 && since < departuresEvery {
		return nil
	}
	if err := d.purge(ctx, now); err != nil {
		return err
	}
	d.seen = now
	return nil
}

// Follow is Run for a clock that is moved by hand; it returns when the next purge
// is due.
func (d *Departures) Follow(ctx context.Context, now time.Time) (time.Time, error) {
	if err := d.note(ctx, now); err != nil {
		return time.Time{}, err
	}
	if err := d.purge(ctx, now); err != nil {
		return time.Time{}, err
	}
	left, err := d.record.NextPurge(ctx, now.Add(-KeptAfterLeaving))
	if err != nil || left.IsZero() {
		return time.Time{}, err
	}
	return left.Add(KeptAfterLeaving), nil
}

// note works off the news, oldest first.
func (d *Departures) note(ctx context.Context, now time.Time) error {
	for {
		d.mu.Lock()
		if len(d.news) == 0 {
			d.mu.Unlock()
			return nil
		}
		n := d.news[0]
		d.mu.Unlock()
		if err := d.noteOne(ctx, n, now); err != nil {
			return err
		}
		d.mu.Lock()
		d.news = d.news[1:]
		d.mu.Unlock()
	}
}

func (d *Departures) noteOne(ctx context.Context, n departureNews, now time.Time) error {
	for _, desk := range n.left {
		if err := d.record.Depart(ctx, desk, now); err != nil {
			return fmt.Errorf("briefings: note that server %s removed the bot: %w", desk, err)
		}
		d.log.InfoContext(ctx, "a server removed the bot: what it has is kept for thirty days", "guild", desk)
	}
	departed, err := d.record.Departed(ctx)
	if err != nil {
		return fmt.Errorf("briefings: read which servers removed the bot: %w", err)
	}
	for _, desk := range departed {
		if !slices.Contains(n.here, desk) {
			continue
		}
		if err := d.record.Return(ctx, desk); err != nil {
			return fmt.Errorf("briefings: note that server %s took the bot back: %w", desk, err)
		}
		d.log.InfoContext(ctx, "a server took the bot back: what it had is kept", "guild", desk)
	}
	if n.shards == 0 {
		return nil
	}
	return d.missing(ctx, n, now)
}

// missing notes the servers of a shard that removed the bot while it was not
// connected. A list that lacks one proves nothing: Discord is asked.
func (d *Departures) missing(ctx context.Context, n departureNews, now time.Time) error {
	known, err := d.record.Known(ctx)
	if err != nil {
		return fmt.Errorf("briefings: read which servers are known: %w", err)
	}
	here := make(map[DeskID]bool, len(n.here))
	for _, desk := range n.here {
		here[desk] = true
	}
	for _, desk := range known {
		if here[desk] || shardOf(desk, n.shards) != n.shard {
			continue
		}
		gone, err := d.gone(ctx, desk)
		if err != nil {
			d.log.WarnContext(ctx, "whether a server removed the bot can't be told; it is asked again with the next connection", "guild", desk, "err", err)
			continue
		}
		if !gone {
			continue
		}
		d.log.InfoContext(ctx, "a server removed the bot while it was away: what it has is kept for thirty days", "guild", desk)
		if err := d.record.Depart(ctx, desk, now); err != nil {
			return fmt.Errorf("briefings: note that server %s removed the bot: %w", desk, err)
		}
	}
	return nil
}

// shardOf is the shard that a server belongs to; -1 for what is no server's id.
// https://docs.discord.com/developers/events/gateway#sharding
func shardOf(desk DeskID, shards int) int {
	id, err := strconv.ParseUint(string(desk), 10, 64)
	if err != nil {
		return -1
	}
	return int((id >> 22) % uint64(shards)) //nolint:gosec // less than shards
}

func (d *Departures) purge(ctx context.Context, now time.Time) error {
	for ctx.Err() == nil {
		desk, err := d.record.BeginPurge(ctx, now.Add(-KeptAfterLeaving))
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		for done := false; err == nil && !done; {
			done, err = d.record.PurgeSome(ctx, desk)
		}
		if err != nil {
			return fmt.Errorf("briefings: purge a server: %w", err)
		}
		d.purged(ctx, desk)
		d.log.InfoContext(ctx, "nothing more is kept of a server that removed the bot", "guild", desk)
	}
	return ctx.Err()
}

// Purged drops what this copy and the cache hold of a desk that nothing is kept
// of any more. Other copies see it when they next compare.
func (s *Service) Purged(ctx context.Context, id DeskID) {
	_ = s.cache.Drop(ctx, id) // the cache logs its own outages
	s.mu.Lock()
	delete(s.desks, id)
	s.mu.Unlock()
	_ = s.cache.Tell(ctx, id)
}
