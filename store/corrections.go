package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"sitrep/briefings"
	"sitrep/digests"
)

// Record is for [digests.Corrections].
func (s *Store) Record(ctx context.Context, c digests.Claim, facts digests.Composition, rev int) error {
	doing := "keep what slot " + c.Slot.ID + " shows"
	facts.Subscription.CreatedBy = "" // whom a message need not know
	text, err := json.Marshal(facts)
	if err != nil {
		return fault(doing, err)
	}
	return s.fenced(ctx, doing, `
		INSERT INTO postings (slot, desk, channel, facts, rev, posted, seen)
		SELECT id, CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS BIGINT), CAST($7 AS BIGINT), CAST($6 AS BIGINT)
		FROM slots WHERE id = $1 AND fence = $2 AND state = 'claimed'
		ON CONFLICT (slot) DO UPDATE SET
			channel = EXCLUDED.channel, facts = EXCLUDED.facts, rev = EXCLUDED.rev, posted = EXCLUDED.posted, seen = EXCLUDED.seen`,
		c.Slot.ID, c.Fence, facts.Subscription.Desk, facts.Subscription.Channel, string(text), rev, facts.At)
}

// Behind is for [digests.Corrections].
func (s *Store) Behind(ctx context.Context, since time.Time, desks []briefings.DeskID) (map[briefings.DeskID]int, error) {
	all := map[briefings.DeskID]int{}
	add := func(row scanner) error {
		var desk briefings.DeskID
		var seen int
		err := row.Scan(&desk, &seen)
		all[desk] = seen
		return err
	}
	const tail = ` GROUP BY desk`
	text := `SELECT desk, MIN(seen) FROM postings WHERE facts <> '' AND posted > $1 AND ` + here("postings")
	err := s.within(ctx, "look for messages to correct", s.read, func(ctx context.Context, q session) error {
		if desks == nil {
			return q.each(ctx, add, text+tail, since)
		}
		return q.eachOf(ctx, add, text+` AND desk IN `, tail, desks, since)
	})
	return all, err
}

// Pass is for [digests.Corrections].
func (s *Store) Pass(ctx context.Context, desk briefings.DeskID, from, rev int) error {
	return s.within(ctx, "pass the messages of desk "+string(desk), s.write, func(ctx context.Context, q session) error {
		_, err := q.exec(ctx, `
			UPDATE postings SET seen = $3
			WHERE desk = $1 AND facts <> '' AND seen >= $2 AND seen < $3`, desk, from, rev)
		return err
	})
}

// Take is for [digests.Corrections]. Of two claimers that choose the same
// message on Postgres the second gets nothing, and looks again later.
func (s *Store) Take(ctx context.Context, desk briefings.DeskID, rev int, since time.Time, owner string, wall time.Time, lease time.Duration) (digests.Posting, error) {
	var p digests.Posting
	err := s.inTx(ctx, "claim a message to correct", func(ctx context.Context, q session) error {
		const open = `facts <> '' AND seen < $2 AND corrected <= $2 AND posted > $3
			AND (not_before IS NULL OR not_before <= $4) AND (lease_until IS NULL OR lease_until <= $4)`
		var slot, facts string
		err := q.row(ctx, `
			UPDATE postings SET owner = $5, lease_until = $6, fence = fence + 1
			WHERE slot = (
				SELECT slot FROM postings WHERE desk = $1 AND `+open+`
					AND EXISTS (SELECT id FROM slots WHERE id = slot AND state IN ('sent', 'skipped', 'failed'))
				ORDER BY channel, posted DESC, slot LIMIT 1
			) AND `+open+`
			RETURNING slot, facts, rev, seen, corrected, marks, told, owing, owed_since, outcome, tries, fence`,
			desk, rev, since, wall, owner, wall.Add(lease)).
			Scan(&slot, &facts, &p.Rev, &p.Seen, &p.Corrected, &p.Marks, &p.Told, &p.Owing, moment{&p.OwedSince}, &p.Outcome, &p.Tries, &p.Fence)
		if errors.Is(err, sql.ErrNoRows) {
			return digests.ErrNothing
		}
		if err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(facts), &p.Facts); err != nil {
			return fmt.Errorf("what slot %s was written from: %w", slot, err)
		}
		return q.row(ctx, `SELECT CASE WHEN state = 'sent' THEN message ELSE '' END FROM slots WHERE id = $1`, slot).Scan(&p.Message)
	})
	if err != nil {
		return digests.Posting{}, err
	}
	return p, nil
}

// Note is for [digests.Corrections].
func (s *Store) Note(ctx context.Context, p digests.Posting) error {
	return s.fenced(ctx, "note a correction of slot "+p.Facts.Slot.ID, `
		UPDATE postings SET `+progress+`
		WHERE slot = $1 AND fence = $2 AND lease_until IS NOT NULL`,
		progressOf(p)...)
}

// progress is how far corrections have followed a message, under its fence;
// progressOf are the arguments.
const progress = `corrected = $3, marks = $4, told = $5, owing = $6, owed_since = $7`

func progressOf(p digests.Posting) []any {
	return []any{p.Facts.Slot.ID, p.Fence, p.Corrected, p.Marks, p.Told, p.Owing, p.OwedSince}
}

// Settle is for [digests.Corrections].
func (s *Store) Settle(ctx context.Context, p digests.Posting) error {
	over := 0 // a truth that both engines take
	if p.Over {
		over = 1
	}
	return s.fenced(ctx, "settle the correction of slot "+p.Facts.Slot.ID, `
		UPDATE postings SET `+progress+`,
			seen = $8, outcome = $9, tries = 0, owner = '', lease_until = NULL, not_before = NULL,
			facts = CASE WHEN $10 = 1 THEN '' ELSE facts END
		WHERE slot = $1 AND fence = $2 AND lease_until IS NOT NULL`,
		append(progressOf(p), p.Seen, p.Outcome, over)...)
}

// Defer is for [digests.Corrections].
func (s *Store) Defer(ctx context.Context, p digests.Posting, notBefore time.Time) error {
	doing := "put off the correction of slot " + p.Facts.Slot.ID
	return s.inTx(ctx, doing, func(ctx context.Context, q session) error {
		given, err := q.exec(ctx, `
			UPDATE postings SET `+progress+`,
				outcome = $8, tries = tries + 1, owner = '', lease_until = NULL
			WHERE slot = $1 AND fence = $2 AND lease_until IS NOT NULL`,
			append(progressOf(p), p.Outcome)...)
		if err != nil {
			return err
		}
		if given == 0 {
			return digests.ErrFenced
		}
		_, err = q.exec(ctx, `
			UPDATE postings SET not_before = $3
			WHERE desk = $1 AND channel = $2 AND facts <> ''`, p.Facts.Subscription.Desk, p.Facts.Subscription.Channel, notBefore)
		return err
	})
}

// ForgetPostings is for [digests.Corrections].
func (s *Store) ForgetPostings(ctx context.Context, before time.Time) error {
	const old = `facts <> '' AND posted < $1`
	for _, text := range []string{
		`DELETE FROM postings WHERE slot IN (SELECT slot FROM postings WHERE ` + old + ` AND corrected = 0 AND outcome = '' LIMIT $2)`,
		`UPDATE postings SET facts = '' WHERE slot IN (SELECT slot FROM postings WHERE ` + old + ` LIMIT $2)`,
	} {
		if err := s.repeat(ctx, "forget old messages", text, before); err != nil {
			return err
		}
	}
	return nil
}

// forgottenAtOnce keeps a transaction short, so that nobody waits for it.
const forgottenAtOnce = 1000

// repeat runs a statement, whose last argument is how many rows it may change,
// until it finds no more of them.
func (s *Store) repeat(ctx context.Context, doing, text string, args ...any) error {
	for {
		var changed int64
		err := s.within(ctx, doing, s.write, func(ctx context.Context, q session) (err error) {
			changed, err = q.exec(ctx, text, append(slices.Clip(args), forgottenAtOnce)...)
			return err
		})
		if err != nil || changed < forgottenAtOnce {
			return err
		}
	}
}

// Followed is for [digests.Subscriptions].
func (s *Store) Followed(ctx context.Context, desk briefings.DeskID, id string) (map[string]digests.Followed, error) {
	all := map[string]digests.Followed{}
	err := s.within(ctx, "read the corrections of desk "+string(desk), s.read, func(ctx context.Context, q session) error {
		return q.each(ctx, func(row scanner) error {
			var slot string
			var f digests.Followed
			err := row.Scan(&slot, &f.Corrected, &f.Outcome)
			all[slot] = f
			return err
		}, `
			SELECT slot, corrected, outcome FROM postings
			JOIN slots ON slots.id = postings.slot
			WHERE postings.desk = $1 AND slots.subscription = $2 AND (corrected > 0 OR outcome <> '')`, desk, id)
	})
	return all, err
}
