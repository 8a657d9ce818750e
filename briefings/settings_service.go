package briefings

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// settingsTime is what reading a desk's settings for the first time may cost of
// an answer's time.
const settingsTime = 500 * time.Millisecond

// Settings returns what desk id chose, as far as this copy knows. It waits for
// the record only the first time that it is asked about a desk, and then not
// for long: where the record does not answer, the defaults hold until it does.
func (s *Service) Settings(ctx context.Context, id DeskID) Settings {
	if id == Catalogue {
		return Settings{}
	}
	d := s.desk(id)
	if held := d.settings.Load(); held != nil {
		return *held
	}
	if s.away.Load() {
		return Settings{}
	}
	reading, cancel := context.WithTimeout(ctx, settingsTime)
	defer cancel()
	read, err := s.record.Settings(reading, id)
	if reading.Err() != nil {
		return Settings{} // a record that is slow isn't away
	}
	if s.noted(ctx, err) != nil {
		if !errors.Is(err, ErrUnavailable) {
			s.log.ErrorContext(ctx, "a server's settings can't be read", "guild", id, "err", err)
		}
		return Settings{}
	}
	return d.settle(read)
}

// settle makes read the desk's settings unless newer ones are held, and returns
// what holds then.
func (d *desk) settle(read Settings) Settings {
	for {
		held := d.settings.Load()
		if held != nil && held.Rev >= read.Rev {
			return *held
		}
		if d.settings.CompareAndSwap(held, &read) {
			return read
		}
	}
}

// ChangeSettings lets by choose desk id's settings anew: those in wanted by
// their names, empty for the default. It returns what holds then, and what
// differs from before: nothing where all was so already. The values are the
// caller's to check; an outage is a [UserError].
func (s *Service) ChangeSettings(ctx context.Context, id DeskID, by UserID, wanted map[Setting]string) (Settings, []SettingChange, error) {
	for range 5 {
		old, err := s.record.Settings(ctx, id)
		if s.noted(ctx, err) != nil {
			return Settings{}, nil, notSaved(fmt.Errorf("briefings: read the settings of desk %s: %w", id, err))
		}
		next, changes := old.changed(wanted, by, s.now().UTC().Truncate(time.Millisecond))
		if len(changes) == 0 {
			return s.desk(id).settle(old), nil, nil
		}
		err = s.record.SaveSettings(ctx, id, next, changes)
		if errors.Is(err, ErrStale) {
			continue
		}
		if err != nil {
			return Settings{}, nil, notSaved(fmt.Errorf("briefings: save the settings of desk %s: %w", id, err))
		}
		s.desk(id).settle(next)
		if err := s.cache.Tell(ctx, id); err != nil && !errors.Is(err, ErrUnavailable) {
			s.log.ErrorContext(ctx, "other copies can't be told of settings", "guild", id, "err", err)
		}
		return next, changes, nil
	}
	return Settings{}, nil, TellAs(ErrUnavailable, "error.settings_busy", nil, "This server's settings are being changed by many people at once. Please try again in a minute.")
}

// SettingsLog returns the newest changes of desk id's settings, newest first.
func (s *Service) SettingsLog(ctx context.Context, id DeskID, most int) ([]SettingChange, error) {
	all, err := s.record.SettingsLog(ctx, id, most)
	if s.noted(ctx, err) != nil {
		return nil, fmt.Errorf("briefings: read how the settings of desk %s changed: %w", id, err)
	}
	return all, nil
}

// resettle reads again what this copy holds of desk id's settings. The record
// counts, also where it has less than before, as after restoring a backup.
func (s *Service) resettle(ctx context.Context, id DeskID) {
	s.mu.RLock()
	d := s.desks[id]
	s.mu.RUnlock()
	if d == nil {
		return
	}
	held := d.settings.Load()
	if held == nil {
		return // whoever asks first reads them
	}
	if read, err := s.record.Settings(ctx, id); s.noted(ctx, err) == nil {
		d.settings.CompareAndSwap(held, &read)
	}
}

// compareSettings brings the settings that this copy holds to what the record
// has of them, unless that is known to be away.
func (s *Service) compareSettings(ctx context.Context) {
	if s.away.Load() {
		return
	}
	held := map[DeskID]int{}
	var ids []DeskID
	s.mu.RLock()
	for id, d := range s.desks {
		if settings := d.settings.Load(); settings != nil {
			held[id] = settings.Rev
			ids = append(ids, id)
		}
	}
	s.mu.RUnlock()
	if len(ids) == 0 {
		return
	}
	revs, err := s.record.SettingsRevs(ctx, ids)
	if s.noted(ctx, err) != nil {
		if !s.away.Load() && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "settings can't be compared with the record", "err", err)
		}
		return
	}
	for id, rev := range held {
		if revs[id] != rev {
			s.resettle(ctx, id)
		}
	}
}
