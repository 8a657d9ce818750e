package commands

import (
	"context"
	"errors"
	"maps"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/digests"
	"sitrep/words"
)

type deskSettingsRequest struct {
	ModeratorRole string `option:"moderator-role,role"`
	LogChannel    string `option:"log-channel,channel"`
	Zone          string `option:"zone,complete"`
	Locale        string `option:"locale,choices=en|uk|de|fr"`
	Share         string `option:"share,choices=private|public"`
	TwoPerson     string `option:"two-person,choices=on|off"`
	Nudge         string `option:"nudge,choices=on|off"`
	Reset         string `option:"reset,choices=moderator-role|log-channel|zone|locale|share|two-person|nudge"`
}

// wanted are the settings that r names, those to reset as empty.
func (r deskSettingsRequest) wanted() map[briefings.Setting]string {
	all := map[briefings.Setting]string{
		briefings.ModeratorRole: r.ModeratorRole, briefings.LogChannel: r.LogChannel,
		briefings.Zone: r.Zone, briefings.Locale: r.Locale, briefings.ShareDefault: r.Share,
		briefings.TwoPersonRule: r.TwoPerson, briefings.WeeklyNudge: r.Nudge,
	}
	maps.DeleteFunc(all, func(_ briefings.Setting, value string) bool { return value == "" })
	if r.TwoPerson == briefings.SettingOff {
		all[briefings.TwoPersonRule] = "" // its default
	}
	if r.Nudge == briefings.SettingOn {
		all[briefings.WeeklyNudge] = "" // its default
	}
	if r.Reset != "" {
		all[briefings.Setting(r.Reset)] = ""
	}
	return all
}

// shownChanges is how many of the last changes stand below the settings.
const shownChanges = 5

// deskSettings shows what a server chose for its desk, or changes it.
func (d Desk) deskSettings() Command {
	var c Command
	c = define("desk settings", Admin, func(ctx context.Context, who Caller, r deskSettingsRequest) (Reply, error) {
		t := d.telling(who, d.Briefings.Base())
		if err := inServer(who, t.Words.Say("settings.server_only")); err != nil {
			return Reply{}, err
		}
		if r == (deskSettingsRequest{}) {
			return d.showSettings(ctx, who, t)
		}
		r, err := choosable(who, t, c.Options, r)
		if err != nil {
			return Reply{}, err
		}
		now, changes, err := d.Briefings.ChangeSettings(ctx, who.Desk, who.User, r.wanted())
		if err != nil {
			return Reply{}, err
		}
		if len(changes) == 0 {
			return Reply{}, mistake(t, "settings.unchanged", nil)
		}
		return Reply{Card: d.marked(t, t.SettingsChanged(now, changes))}, nil
	})
	c.Complete = func(_ context.Context, _ Caller, focused string, in Input) ([]cards.Choice, error) {
		return d.completeZone(clip(in[focused])), nil
	}
	return c
}

// choosable is r with its zone by its IANA name, or a mistake where a setting
// can't be what r wants it to be.
func choosable(who Caller, t cards.Telling, options []Option, r deskSettingsRequest) (_ deskSettingsRequest, err error) {
	if err := chosen(t, options, Input{"locale": r.Locale, "share": r.Share, "two-person": r.TwoPerson, "nudge": r.Nudge, "reset": r.Reset}); err != nil {
		return r, err
	}
	named := r
	named.Reset = ""
	if _, both := named.wanted()[briefings.Setting(r.Reset)]; both {
		return r, mistake(t, "settings.both", words.Args{"Option": r.Reset})
	}
	_, here := who.NamedRoles[r.ModeratorRole]
	switch {
	case r.ModeratorRole == string(who.Desk) && r.ModeratorRole != "": // which is the id of @everyone
		return r, mistake(t, "settings.everyone", nil)
	case r.ModeratorRole != "" && !here:
		return r, mistake(t, "settings.not_here", nil)
	}
	if r.LogChannel != "" {
		c, here := who.Channels[r.LogChannel]
		if !here {
			return r, mistake(t, "settings.not_here", nil)
		}
		if lacking := Lacking(c, digests.Subscription{}, t.Words); lacking != "" {
			return r, mistake(t, "settings.channel_rights", words.Args{"Channel": c.label(), "Rights": lacking})
		}
	}
	if r.Zone != "" {
		r.Zone, err = digests.FindZone(r.Zone)
	}
	return r, err
}

// showSettings shows them without their log where the database is away.
func (d Desk) showSettings(ctx context.Context, who Caller, t cards.Telling) (Reply, error) {
	shown := cards.Settled{Settings: who.Settings}
	var err error
	if shown.Log, err = d.Briefings.SettingsLog(ctx, who.Desk, shownChanges); err != nil && !errors.Is(err, briefings.ErrUnavailable) {
		return Reply{}, err
	}
	if role := who.Settings.ModeratorRole; role != "" && d.Servers != nil {
		if shown.RoleGone, err = d.Servers.RoleGone(ctx, who.Desk, role); err != nil {
			shown.RoleGone = false // nobody knows
		}
	}
	return Reply{Card: d.marked(t, t.Settings(shown))}, nil
}
