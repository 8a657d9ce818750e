package store

import (
	"context"
	"database/sql"
	"errors"

	"sitrep/briefings"
)

const settingsColumns = `rev, moderator_role, log_channel, zone, locale, share, two_person, nudge`

// scanSettings reads settingsColumns, behind what goes into before.
func scanSettings(row scanner, before ...any) (o briefings.Settings, err error) {
	err = row.Scan(append(before, &o.Rev, &o.ModeratorRole, &o.LogChannel, &o.Zone, &o.Locale, &o.Share, &o.TwoPerson, &o.Nudge)...)
	return o, err
}

// Settings is for [briefings.SettingsRecord].
func (s *Store) Settings(ctx context.Context, desk briefings.DeskID) (briefings.Settings, error) {
	var o briefings.Settings
	err := s.within(ctx, "read the settings of desk "+string(desk), s.read, func(ctx context.Context, q session) error {
		var err error
		o, err = scanSettings(q.row(ctx, `SELECT `+settingsColumns+` FROM settings WHERE desk = $1`, desk))
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return o, err
}

// SaveSettings is for [briefings.SettingsRecord].
func (s *Store) SaveSettings(ctx context.Context, desk briefings.DeskID, o briefings.Settings, changes []briefings.SettingChange) error {
	return s.inTx(ctx, "save the settings of desk "+string(desk), func(ctx context.Context, q session) error {
		// The row stays locked until the transaction ends, so of two who saw the
		// same the second changes none.
		text := `
			UPDATE settings SET rev = $2, moderator_role = $3, log_channel = $4, zone = $5, locale = $6, share = $7, two_person = $8, nudge = $9
			WHERE desk = $1 AND rev = $2 - 1`
		if o.Rev == 1 {
			text = `
				INSERT INTO settings (desk, rev, moderator_role, log_channel, zone, locale, share, two_person, nudge)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
				ON CONFLICT (desk) DO NOTHING`
		}
		saved, err := q.exec(ctx, text, desk, o.Rev, o.ModeratorRole, o.LogChannel, o.Zone, o.Locale, o.Share, o.TwoPerson, o.Nudge)
		if err == nil && saved == 0 {
			return briefings.ErrStale
		}
		if err != nil {
			return err
		}
		for _, c := range changes {
			_, err := q.exec(ctx, `
				INSERT INTO settings_log (desk, rev, setting, was, now, recorded_by, recorded_at)
				VALUES ($1, $2, $3, $4, $5, $6, $7)`, desk, c.Rev, c.Setting, c.Was, c.Now, c.By, c.RecordedAt)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// SettingsRevs is for [briefings.SettingsRecord].
func (s *Store) SettingsRevs(ctx context.Context, desks []briefings.DeskID) (map[briefings.DeskID]int, error) {
	return s.revs(ctx, "read the newest settings", `SELECT desk, rev FROM settings WHERE desk IN `, desks)
}

// SettingsLog is for [briefings.SettingsRecord].
func (s *Store) SettingsLog(ctx context.Context, desk briefings.DeskID, most int) ([]briefings.SettingChange, error) {
	var all []briefings.SettingChange
	err := s.within(ctx, "read how the settings of desk "+string(desk)+" changed", s.read, func(ctx context.Context, q session) error {
		return q.each(ctx, func(row scanner) error {
			var c briefings.SettingChange
			err := row.Scan(&c.Rev, &c.Setting, &c.Was, &c.Now, &c.By, moment{&c.RecordedAt})
			all = append(all, c)
			return err
		}, `
			SELECT rev, setting, was, now, recorded_by, recorded_at
			FROM settings_log WHERE desk = $1
			ORDER BY rev DESC, setting LIMIT $2`, desk, most)
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}
