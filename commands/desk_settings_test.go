package commands

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"sitrep/briefings"
	"sitrep/cards"
)

// rolesGone are servers that have lost some roles; one is out of reach.
type rolesGone []string

func (gone rolesGone) RoleGone(_ context.Context, _ briefings.DeskID, role string) (bool, error) {
	if role == "unreachable" {
		return true, errors.New("no reply")
	}
	return slices.Contains(gone, role), nil
}

// admin is who changes settings, with the role 31 and the channels 77 and 78
// named in options, the second of which is closed to the bot.
func (r *rig) admin() Caller {
	who := member()
	who.NamedRoles = map[string]ServerRole{"31": {Name: "Editors"}, "1001": {Name: "@everyone"}}
	who.Channels = map[string]Channel{
		"77": {ID: "77", Name: "log", Rights: everyRight, Known: true},
		"78": {ID: "78", Name: "closed", Rights: ViewChannel, Known: true},
	}
	who.Settings = r.desk.Briefings.Settings(r.t.Context(), who.Desk)
	return who
}

func TestDeskSettings(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.desk.Servers = rolesGone{"31"}
	r.set = r.desk.All()
	for _, step := range []struct {
		name string
		in   Input
		want []string // parts of what is said
	}{
		{"as they are at first", nil, []string{"whoever has Manage Messages (default)", "UTC (default)", "only the asker", "!Changed last"}},
		{"a zone by its city", Input{"zone": "kyiv"}, []string{"UTC → Europe/Kyiv"}},
		{"the same again", Input{"zone": "Europe/Kyiv"}, []string{"already"}},
		{"several", Input{"moderator-role": "31", "log-channel": "77", "locale": "uk", "share": "public"}, []string{"<@&31>", "<#77>", "Ukrainian", "whole channel", "Integrations"}},
		{"as they are now", nil, []string{"<@&31>", "<#77>", "Europe/Kyiv", "Ukrainian", "whole channel", "no longer exists", "Changed last", "<@7>: time zone: UTC → Europe/Kyiv"}},
		{"a reset", Input{"reset": "zone"}, []string{"Europe/Kyiv → UTC"}},
		{"a reset of what is reset", Input{"reset": "zone"}, []string{"already"}},
		{"one reset, another set", Input{"reset": "share", "locale": "de"}, []string{"Ukrainian → German", "only the asker"}},
		{"both at once", Input{"reset": "zone", "zone": "UTC"}, []string{"one or the other"}},
		{"no such zone", Input{"zone": "Kyivv"}, []string{"did you mean Europe/Kyiv?"}},
		{"no such language", Input{"locale": "xx"}, []string{`no "xx"`, "en, uk, de, fr"}},
		{"no such way of sharing", Input{"share": "true"}, []string{`no "true"`, "private, public"}},
		{"no such setting", Input{"reset": "three-person"}, []string{`no "three-person"`}},
		{"everybody's role", Input{"moderator-role": "1001"}, []string{"all members would be moderators"}},
		{"a role from elsewhere", Input{"moderator-role": "32"}, []string{"not in this server"}},
		{"a channel from elsewhere", Input{"log-channel": "79"}, []string{"not in this server"}},
		{"a channel the bot can't write in", Input{"log-channel": "78"}, []string{"#closed", "Send Messages"}},
		{"nothing changed by any of these", nil, []string{"<@&31>", "<#77>", "UTC (default)", "German", "only the asker"}},
	} {
		got := r.ask(r.admin(), "desk settings", step.in)
		holds(t, step.name, got.text+got.say, step.want...)
	}
	holds(t, "in a direct message", r.ask(stranger(), "desk settings", Input{"zone": "UTC"}).say, "Use this command there")
	if got := r.desk.Briefings.Settings(t.Context(), elsewhere().Desk); got != (briefings.Settings{}) {
		t.Errorf("another server has %+v, want the defaults", got)
	}
	zones, err := r.complete(r.admin(), "desk settings", "zone", "kyi")
	if err != nil || len(zones) == 0 || zones[0].Value != "Europe/Kyiv" {
		t.Errorf("completing a zone: got %v, %v, want Europe/Kyiv", zones, err)
	}
}

// Whether a role is gone may be unknown, and the log out of reach.
func TestDeskSettingsWithPartsAway(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.desk.Servers = rolesGone{}
	r.set = r.desk.All()
	who := r.admin()
	who.Settings = briefings.Settings{ModeratorRole: "unreachable", Zone: "Asia/Tokyo"}
	r.store.cut.Store(true)
	holds(t, "shown", r.ask(who, "desk settings", nil).text, "<@&unreachable>", "Asia/Tokyo", "!no longer exists", "!Changed last", "out of reach")
	holds(t, "changed", r.ask(who, "desk settings", Input{"zone": "UTC"}).say, "nothing was saved")
}

// What a server chose is what new digests and answers for all go by.
func TestSettingsAreUsed(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.ask(r.admin(), "desk settings", Input{"zone": "Europe/Kyiv", "locale": "uk", "share": "public"})
	who := r.admin()
	who.Locales = []string{"en-US", who.Settings.Locale} // as bot does
	holds(t, "a digest", r.ask(who, "digest add", Input{"at": "08:00"}).text, "Europe/Kyiv")
	holds(t, "a digest with a zone", r.ask(who, "digest add", Input{"at": "08:00", "zone": "UTC"}).text, "(UTC)")
	for _, tt := range []struct {
		name   string
		who    Caller
		in     Input
		shared bool
	}{
		{"by default", who, nil, true},
		{"kept private", who, Input{"share": "false"}, false},
		{"where nothing was chosen", member(), nil, false},
		{"shared there", member(), Input{"share": "true"}, true},
	} {
		got := r.ask(tt.who, "talks", tt.in)
		button := slices.ContainsFunc(got.card.Buttons, func(b cards.Button) bool { return strings.HasPrefix(b.Action, cards.ActionShare+":") })
		if button == tt.shared {
			t.Errorf("%s: a button to share = %t, want %t", tt.name, button, !tt.shared)
		}
		if ukrainian := strings.Contains(got.text, "Станом"); ukrainian != (tt.shared && tt.who.Settings.Locale == "uk") {
			t.Errorf("%s: got\n%s\nwant Ukrainian only where the whole channel reads it", tt.name, got.text)
		}
	}
}

// A new digest takes the language that was chosen for the server, one that was
// there before keeps its own, and one that was given a language has that.
func TestDigestsTakeTheChosenLanguage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.ask(member(), "digest add", Input{"at": "08:00"})
	r.ask(r.admin(), "desk settings", Input{"locale": "de"})
	german := r.admin() // as the router makes callers of a server that chose German
	german.Locales = []string{"en-US", "de"}
	r.ask(german, "digest add", Input{"at": "09:00"})
	r.ask(german, "digest add", Input{"at": "10:00", "language": "fr"})
	kept := r.kept(member())
	if len(kept) != 3 {
		t.Fatalf("%d digests kept, want 3", len(kept))
	}
	for _, s := range kept {
		label := ""
		for _, b := range r.ask(german, "digest preview", Input{"digest": s.ID}).card.Buttons {
			label += b.Label
		}
		want := map[string]string{"08:00": "Sources: ", "09:00": "Quellen: ", "10:00": "Sources\u00a0: "}[s.At]
		holds(t, "digest at "+s.At, label, want)
	}
}
