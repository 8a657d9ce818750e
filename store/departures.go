package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"sitrep/briefings"
)

// here is the condition that the server of a table's desk has not removed the bot.
func here(table string) string {
	return `NOT EXISTS (SELECT 1 FROM departures WHERE departures.desk = ` + table + `.desk)`
}

// Depart is for [briefings.DepartureRecord].
func (s *Store) Depart(ctx context.Context, desk briefings.DeskID, at time.Time) error {
	if desk == briefings.Catalogue {
		return fault("note a departure", errors.New("the catalogue stays"))
	}
	return s.within(ctx, "note that desk "+string(desk)+" departed", s.write, func(ctx context.Context, q session) error {
		_, err := q.exec(ctx, `INSERT INTO departures (desk, left_at) VALUES ($1, $2) ON CONFLICT (desk) DO NOTHING`, desk, at)
		return err
	})
}

// Departed is for [briefings.DepartureRecord].
func (s *Store) Departed(ctx context.Context) ([]briefings.DeskID, error) {
	return s.desks(ctx, "read which desks departed", `SELECT desk FROM departures ORDER BY desk`)
}

// Return is for [briefings.DepartureRecord].
func (s *Store) Return(ctx context.Context, desk briefings.DeskID) error {
	return s.within(ctx, "note that desk "+string(desk)+" returned", s.write, func(ctx context.Context, q session) error {
		_, err := q.exec(ctx, `DELETE FROM departures WHERE desk = $1 AND purging = 0`, desk)
		return err
	})
}

// Known is for [briefings.DepartureRecord].
func (s *Store) Known(ctx context.Context) ([]briefings.DeskID, error) {
	text := ``
	for _, p := range purges() {
		switch p.table {
		case "revisions", "settings_log", "postings": // the large ones, whose desks others have too
			continue
		}
		if p.on != "" {
			text += ` UNION SELECT desk FROM ` + p.table
		}
	}
	return s.desks(ctx, "read which desks are known", `
		SELECT desk FROM (SELECT desk FROM desks`+text+`) AS known
		WHERE desk NOT IN ('', 'catalogue') AND `+here("known")+` ORDER BY desk`)
}

func (s *Store) desks(ctx context.Context, doing, text string) ([]briefings.DeskID, error) {
	var all []briefings.DeskID
	err := s.within(ctx, doing, s.read, func(ctx context.Context, q session) error {
		return q.each(ctx, func(row scanner) error {
			var desk briefings.DeskID
			err := row.Scan(&desk)
			all = append(all, desk)
			return err
		}, text)
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// NextPurge is for [briefings.DepartureRecord].
func (s *Store) NextPurge(ctx context.Context, after time.Time) (next time.Time, err error) {
	err = s.within(ctx, "read when the next desk is purged", s.read, func(ctx context.Context, q session) error {
		return q.row(ctx, `SELECT MIN(left_at) FROM departures WHERE left_at > $1`, after).Scan(moment{&next})
	})
	return next, err
}

// BeginPurge is for [briefings.DepartureRecord]. One that was begun and not ended
// is returned again.
func (s *Store) BeginPurge(ctx context.Context, by time.Time) (desk briefings.DeskID, err error) {
	err = s.within(ctx, "begin to purge a desk", s.write, func(ctx context.Context, q session) error {
		err := q.row(ctx, `
			UPDATE departures SET purging = 1
			WHERE desk = (SELECT desk FROM departures WHERE left_at <= $1 ORDER BY left_at, desk LIMIT 1) AND left_at <= $1
			RETURNING desk`, by).Scan(&desk)
		if errors.Is(err, sql.ErrNoRows) {
			return briefings.ErrNotFound
		}
		return err
	})
	return desk, err
}

// A purge is a table that rows of a desk go from, by its key.
type purge struct{ table, key, on string }

// purges are all of them but desks and departures, those first that others are
// named in. Where on is empty, rows belong to a desk by their slot.
func purges() []purge {
	return []purge{
		{"errands", "slot, kind", ""},
		{"postings", "slot", "desk"},
		{"slots", "id", ""},
		{"subscriptions", "id", "desk"},
		{"drafts", "id", "desk"},
		{"queue", "id", "desk"},
		{"holds", "desk, sort, subject", "desk"},
		{"looks", "desk, person", "desk"},
		{"memberships", "person, desk", "desk"},
		{"notices", "id", "desk"},
		{"joins", "desk, joined_at", "desk"},
		{"settings", "desk", "desk"},
		{"settings_log", "desk, rev, setting", "desk"},
		{"revisions", "desk, rev, item", "desk"},
	}
}

// of chooses the keys of a desk's rows.
func (p purge) of() string {
	switch p.table {
	case "errands":
		return `SELECT errands.slot, errands.kind FROM errands JOIN slots ON slots.id = errands.slot
			JOIN subscriptions ON subscriptions.id = slots.subscription WHERE subscriptions.desk = $1`
	case "slots":
		return `SELECT slots.id FROM slots JOIN subscriptions ON subscriptions.id = slots.subscription WHERE subscriptions.desk = $1`
	}
	return `SELECT ` + p.key + ` FROM ` + p.table + ` WHERE desk = $1`
}

// purgedAtOnce keeps a transaction short, so that nobody waits for it.
const purgedAtOnce = 500

// PurgeSome is for [briefings.DepartureRecord].
func (s *Store) PurgeSome(ctx context.Context, desk briefings.DeskID) (done bool, err error) {
	err = s.inTx(ctx, "purge desk "+string(desk), func(ctx context.Context, q session) error {
		var purging int
		err := q.row(ctx, `SELECT COUNT(*) FROM departures WHERE desk = $1 AND purging = 1`, desk).Scan(&purging)
		if done = purging == 0; err != nil || done {
			return err // another copy was quicker
		}
		for _, p := range purges() {
			gone, err := q.exec(ctx, fmt.Sprintf(`DELETE FROM %s WHERE (%s) IN (%s LIMIT %d)`, p.table, p.key, p.of(), purgedAtOnce), desk)
			if err != nil || gone > 0 {
				return err
			}
		}
		if _, err := q.exec(ctx, `DELETE FROM desks WHERE desk = $1`, desk); err != nil {
			return err
		}
		_, err = q.exec(ctx, `DELETE FROM departures WHERE desk = $1 AND purging = 1`, desk)
		done = err == nil
		return err
	})
	return done && err == nil, err
}
