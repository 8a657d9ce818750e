package cards

import (
	"sitrep/briefings"
	"sitrep/words"
)

// ActionSwitch is the action of choosing whose briefing answers outside of
// servers.
const ActionSwitch = "switch"

// Whose says which briefing answers a guest, and why where it is not the one
// that was meant.
func (t Telling) Whose(g briefings.Guest) Markup {
	server := words.Args{"Server": g.Name}
	switch {
	case g.Why == briefings.GuestLeft:
		return t.say("guest.left", server)
	case g.Why == briefings.GuestUnproved:
		return t.say("guest.unproved", server)
	case g.Why == briefings.GuestUnread:
		return t.say("guest.unread", nil)
	case g.Desk == briefings.Catalogue:
		return t.say("guest.bundled", nil)
	}
	return t.say("guest.server", server)
}

// mostServers leaves room for the bundled briefing among what a selection holds.
const mostServers = 24

// Choose offers the bundled briefing and those of servers, the newest used
// first; nothing where there is no choice.
func (t Telling) Choose(now briefings.DeskID, all []briefings.Membership) []Select {
	s := Select{Action: ActionSwitch, Placeholder: t.Words.Say("guest.pick")}
	s.Options = []Choice{{Label: t.Words.Say("guest.bundled_choice"), Value: string(briefings.Catalogue), Chosen: now == briefings.Catalogue}}
	for _, m := range all {
		if m.Desk != briefings.Catalogue && len(s.Options) <= mostServers {
			s.Options = append(s.Options, Choice{Label: Clip(m.Label(), 100), Value: string(m.Desk), Chosen: now == m.Desk})
		}
	}
	if len(s.Options) == 1 {
		return nil
	}
	return []Select{s}
}
