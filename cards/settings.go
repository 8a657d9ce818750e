package cards

import (
	"sitrep/briefings"
	"sitrep/words"
)

// Settled are a server's settings, and what an admin should know of them.
type Settled struct {
	Settings briefings.Settings
	RoleGone bool                      // whether the server no longer has the moderator role
	Log      []briefings.SettingChange // the newest changes, newest first
}

// Settings shows every setting as it is, how to change it, and who did so last.
func (t Telling) Settings(s Settled) Card {
	all := Block{}
	for _, name := range briefings.AllSettings() {
		value := s.Settings.Value(name)
		shown := t.setting(name, value)
		if value == "" {
			shown = t.say("settings.default", words.Args{"Value": shown})
		}
		all.Lines = append(all.Lines, Line{Text: Format("• **%s:** %s", t.Words.Say("choice."+string(name)), shown), Keep: true})
	}
	if s.RoleGone {
		all.Lines = append(all.Lines, Line{Text: "⚠ " + t.say("settings.role_gone", nil), Keep: true})
	}
	how := Block{Lines: append([]Line{{Text: t.say("settings.how", nil)}}, t.opening(s.Settings)...)}
	log := Block{Heading: "**" + t.say("settings.log", nil) + "**"}
	for _, c := range s.Log {
		log.Lines = append(log.Lines, Line{Text: Format("• %s %s: %s", Instant(c.RecordedAt, "f"), t.Person(c.By), t.settingChange(c))})
	}
	return Card{Title: "## " + t.say("settings.title", nil), Colour: Colour(""), Blocks: []Block{all, how, log}}
}

// SettingsChanged says what is different now.
func (t Telling) SettingsChanged(now briefings.Settings, changes []briefings.SettingChange) Card {
	b := Block{}
	var notes []Line
	for _, c := range changes {
		b.Lines = append(b.Lines, Line{Text: "• " + t.settingChange(c), Keep: true})
		switch c.Setting {
		case briefings.ModeratorRole:
			notes = t.opening(now)
		case briefings.Zone:
			notes = append(notes, Line{Text: t.say("settings.zone_note", nil)})
		}
	}
	return Card{Title: "✓ " + t.say("settings.changed", nil), Blocks: []Block{b, {Lines: notes}}}
}

// opening says how a moderator role gets to see what it may use.
func (t Telling) opening(s briefings.Settings) []Line {
	if s.ModeratorRole == "" {
		return nil
	}
	return []Line{{Text: t.say("settings.role_note", nil)}}
}

func (t Telling) settingChange(c briefings.SettingChange) Markup {
	return Format("**%s:** ~~%s~~ → %s", t.Words.Say("choice."+string(c.Setting)), t.setting(c.Setting, c.Was), t.setting(c.Setting, c.Now))
}

// setting words a value, empty for the default.
func (t Telling) setting(name briefings.Setting, value string) Markup {
	switch name {
	case briefings.ModeratorRole:
		if value == "" {
			return t.say("settings.any_moderator", nil)
		}
		return Markup("<@&" + value + ">") // which shows a name, and pings nobody
	case briefings.LogChannel:
		if value == "" {
			return t.say("settings.no_channel", nil)
		}
		return Markup("<#" + value + ">")
	case briefings.Locale:
		if value == "" {
			return t.say("settings.server_locale", nil)
		}
		return Escape(t.Words.Say("choice." + value))
	case briefings.ShareDefault:
		if value == briefings.SharePublic {
			return t.say("settings.public", nil)
		}
		return t.say("settings.private", nil)
	case briefings.TwoPersonRule:
		if value == briefings.SettingOn {
			return t.say("settings.two_person", nil)
		}
		return t.say("settings.one_person", nil)
	case briefings.WeeklyNudge:
		if value == briefings.SettingOff {
			return t.say("settings.no_nudge", nil)
		}
		return t.say("settings.nudge", nil)
	}
	if value == "" {
		value = "UTC"
	}
	return Escape(value)
}
