package briefings

import (
	"context"
	"time"
)

// Settings are what a server chose for its desk. The zero value is what holds
// where nobody chose anything.
type Settings struct {
	Rev           int    // 0 where nobody ever chose anything
	ModeratorRole string // Discord's id; empty where whoever may manage messages moderates
	LogChannel    string // Discord's id, for notices to moderators; empty for none
	Zone          string // IANA name; empty for UTC
	Locale        string // of what a whole channel reads; empty for that of the server on Discord
	Share         string // [SharePublic], or else only the asker sees an answer
	TwoPerson     string // [SettingOn], or else who saves a change publishes it
	Nudge         string // [SettingOff], or else moderators are told once a week what waits
}

// Values of [Settings.Share] where one was chosen.
const (
	SharePublic  = "public"
	SharePrivate = "private"
)

// Values of [Settings] that are on or off and were turned to what is not the
// default.
const (
	SettingOn  = "on"
	SettingOff = "off"
)

// Public reports whether answers are for the whole channel unless the asker
// says otherwise.
func (s Settings) Public() bool { return s.Share == SharePublic }

// NeedsSecond reports whether a change has to be published by another moderator
// than made it.
func (s Settings) NeedsSecond() bool { return s.TwoPerson == SettingOn }

// A Setting is the name of one of the [Settings].
type Setting string

// The settings, by the names that people know them by.
const (
	ModeratorRole Setting = "moderator-role"
	LogChannel    Setting = "log-channel"
	Zone          Setting = "zone"
	Locale        Setting = "locale"
	ShareDefault  Setting = "share"
	TwoPersonRule Setting = "two-person"
	WeeklyNudge   Setting = "nudge"
)

// AllSettings lists every setting in the order people see them in.
func AllSettings() []Setting {
	return []Setting{ModeratorRole, LogChannel, Zone, Locale, ShareDefault, TwoPersonRule, WeeklyNudge}
}

// Value is what was chosen for name, empty for its default.
func (s Settings) Value(name Setting) string { return *s.part(name) }

func (s *Settings) part(name Setting) *string {
	switch name {
	case ModeratorRole:
		return &s.ModeratorRole
	case LogChannel:
		return &s.LogChannel
	case Zone:
		return &s.Zone
	case Locale:
		return &s.Locale
	case ShareDefault:
		return &s.Share
	case TwoPersonRule:
		return &s.TwoPerson
	case WeeklyNudge:
		return &s.Nudge
	}
	return new(string)
}

// A SettingChange is that somebody chose one setting anew. It is kept for good.
type SettingChange struct {
	Rev        int // of the settings that it led to
	Setting    Setting
	Was, Now   string // empty for the default
	By         UserID
	RecordedAt time.Time
}

// changed is s as wanted, and what differs then.
func (s Settings) changed(wanted map[Setting]string, by UserID, at time.Time) (Settings, []SettingChange) {
	next := s
	next.Rev++
	var changes []SettingChange
	for _, name := range AllSettings() {
		now, named := wanted[name]
		if was := s.Value(name); named && was != now {
			*next.part(name) = now
			changes = append(changes, SettingChange{Rev: next.Rev, Setting: name, Was: was, Now: now, By: by, RecordedAt: at})
		}
	}
	return next, changes
}

// SettingsRecord is where settings are kept; package store satisfies it. Its
// methods are as those of [Record].
type SettingsRecord interface {
	// Settings returns the zero value for a desk that never chose any.
	Settings(ctx context.Context, desk DeskID) (Settings, error)
	// SaveSettings keeps s, whose Rev follows the one that was seen, and the
	// changes that led to it, in one transaction. It returns [ErrStale] where
	// desk's settings are at another Rev than the one before.
	SaveSettings(ctx context.Context, desk DeskID, s Settings, changes []SettingChange) error
	// SettingsRevs returns the Rev of each of desks that has settings.
	SettingsRevs(ctx context.Context, desks []DeskID) (map[DeskID]int, error)
	// SettingsLog returns desk's changes, newest first, at most most.
	SettingsLog(ctx context.Context, desk DeskID, most int) ([]SettingChange, error)
}
