package store

import (
	"context"
	"maps"
	"slices"
	"time"

	"sitrep/briefings"
)

// Footprints is for [briefings.People].
func (s *Store) Footprints(ctx context.Context, who briefings.UserID) ([]briefings.Footprint, error) {
	var all []briefings.Footprint
	err := s.within(ctx, "read what is kept of a person", s.read, func(ctx context.Context, q session) error {
		return q.each(ctx, func(row scanner) error {
			var desk briefings.DeskID
			var trace briefings.Trace
			var n int
			if err := row.Scan(&desk, &trace, &n); err != nil {
				return err
			}
			if len(all) == 0 || all[len(all)-1].Desk != desk {
				all = append(all, briefings.Footprint{Desk: desk, Traces: map[briefings.Trace]int{}})
			}
			all[len(all)-1].Traces[trace] = n
			return nil
		}, `
			SELECT desk, 'recorded' AS trace, COUNT(*) FROM revisions WHERE recorded_by = $1 GROUP BY desk
			UNION ALL SELECT desk, 'approved', COUNT(*) FROM revisions WHERE approved_by = $1 AND approved_by <> '' GROUP BY desk
			UNION ALL SELECT desk, 'settings', COUNT(*) FROM settings_log WHERE recorded_by = $1 GROUP BY desk
			UNION ALL SELECT desk, 'digests', COUNT(*) FROM subscriptions WHERE created_by = $1 GROUP BY desk
			UNION ALL SELECT desk, 'recalls', COUNT(*) FROM slots JOIN subscriptions ON subscriptions.id = slots.subscription
				WHERE recalled_by = $1 AND recalled_by <> '' GROUP BY desk
			UNION ALL SELECT desk, 'drafts', COUNT(*) FROM drafts WHERE author = $1 GROUP BY desk
			UNION ALL SELECT desk, CASE sort WHEN 'asked' THEN 'questions' ELSE 'reports' END, COUNT(*) FROM queue WHERE author = $1 GROUP BY desk, sort
			UNION ALL SELECT desk, 'holds', COUNT(*) FROM holds WHERE held_by = $1 GROUP BY desk
			UNION ALL SELECT desk, 'looks', COUNT(*) FROM looks WHERE person = $1 GROUP BY desk
			UNION ALL SELECT desk, 'member', COUNT(*) FROM memberships WHERE person = $1 GROUP BY desk
			ORDER BY desk, trace`, who)
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// forgetPatience is for somebody who imported desks as large as they may be.
const forgetPatience = 2 * time.Minute

// ForgetPerson is for [briefings.People].
func (s *Store) ForgetPerson(ctx context.Context, who briefings.UserID) ([]briefings.DeskID, error) {
	renewed := map[briefings.DeskID]bool{}
	touched := func(row scanner) error {
		var desk briefings.DeskID
		err := row.Scan(&desk)
		renewed[desk] = true
		return err
	}
	err := s.inLongTx(ctx, "forget a person", forgetPatience, func(ctx context.Context, q session) error {
		for _, text := range []string{
			`UPDATE revisions SET recorded_by = $2 WHERE recorded_by = $1 RETURNING desk`,
			`UPDATE revisions SET approved_by = $2 WHERE approved_by = $1 AND approved_by <> '' RETURNING desk`,
		} {
			if err := q.each(ctx, touched, text, who, briefings.FormerMember); err != nil {
				return err
			}
		}
		for _, desk := range slices.Sorted(maps.Keys(renewed)) { // in one order, so that two wait for each other
			if _, err := q.exec(ctx, `UPDATE desks SET renewed = renewed + 1 WHERE desk = $1`, desk); err != nil {
				return err
			}
		}
		for _, text := range []string{
			`UPDATE settings_log SET recorded_by = $2 WHERE recorded_by = $1`,
			`UPDATE subscriptions SET created_by = $2 WHERE created_by = $1`,
			`UPDATE slots SET recalled_by = $2 WHERE recalled_by = $1 AND recalled_by <> ''`,
		} {
			if _, err := q.exec(ctx, text, who, briefings.FormerMember); err != nil {
				return err
			}
		}
		for _, text := range []string{
			`DELETE FROM drafts WHERE author = $1`,
			`DELETE FROM queue WHERE author = $1`,
			`DELETE FROM holds WHERE held_by = $1`,
			`DELETE FROM looks WHERE person = $1`,
			`DELETE FROM memberships WHERE person = $1`,
		} {
			if _, err := q.exec(ctx, text, who); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return slices.Sorted(maps.Keys(renewed)), nil
}
