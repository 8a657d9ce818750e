package cards

import "sitrep/briefings"

// Person names somebody by their id, without pinging them; a part of sitrep, and
// whoever had themselves forgotten, by a word.
func (t Telling) Person(id briefings.UserID) Markup {
	if id == briefings.FormerMember {
		return t.say("person.former", nil)
	}
	for _, r := range id {
		if r < '0' || r > '9' {
			return Escape(string(id))
		}
	}
	return Markup("<@" + id + ">")
}
