package cards

import (
	"slices"
	"strings"

	"sitrep/briefings"
	"sitrep/words"
)

// A Track is who met whom last, or that they did not.
type Track struct {
	Event *briefings.Event
	Sides []string // two at least, in alphabetical order
	Met   bool
}

// mostTracks are told of each sort.
const mostTracks = 3

// Tracks are the newest meeting of each group of sides, and the groups of which
// a source says that they did not meet. What is contested is left out.
func (t Telling) Tracks() []Track {
	newest := map[string]Track{}
	var order []string
	for _, e := range briefings.All[*briefings.Event](t.Snapshot) {
		met := e.Happened == briefings.Yes
		if e.Type != briefings.MeetingEvent || (!met && e.Happened != briefings.No) || t.openConflict(e.ID) {
			continue
		}
		var sides []string
		for _, id := range e.Participants {
			if side := t.side(id); side != "" && !slices.Contains(sides, side) {
				sides = append(sides, side)
			}
		}
		if len(sides) < 2 {
			continue
		}
		slices.Sort(sides)
		group := strings.Join(sides, "\n")
		known, told := newest[group]
		if !told {
			order = append(order, group)
		}
		if !told || e.Valid.Compare(known.Event.Valid) > 0 {
			newest[group] = Track{Event: e, Sides: sides, Met: met}
		}
	}
	var met, not []Track
	for _, group := range order {
		if track := newest[group]; track.Met {
			met = append(met, track)
		} else {
			not = append(not, track)
		}
	}
	slices.SortStableFunc(met, func(a, b Track) int { return b.Event.Valid.Compare(a.Event.Valid) })
	return append(met[:min(mostTracks, len(met))], not[:min(mostTracks, len(not))]...)
}

// Met says where and when a track's meeting was: "Miami, about 17 Jan 2026".
func (t Telling) Met(track Track) string { return t.when(track.Event) }

// Parties names a track's sides.
func (track Track) Parties() string { return strings.Join(track.Sides, " – ") }

// tracks are the lines that say who met whom, and who did not.
func (t Telling) tracks() []Line {
	var met, not []Markup
	var whoMet, whoDidNot []briefings.ID
	for _, track := range t.Tracks() {
		one := Format("%s", track.Parties())
		if track.Met {
			one += Format(" (%s)", t.Met(track))
		}
		one = Join([]Markup{one, t.Label(track.Event)}, " ")
		if track.Event.Caveat != "" {
			one += " ⚠"
		}
		if track.Met {
			met, whoMet = append(met, one), append(whoMet, track.Event.ID)
		} else {
			not, whoDidNot = append(not, one), append(whoDidNot, track.Event.ID)
		}
	}
	var lines []Line
	if len(met) > 0 {
		lines = append(lines, Line{Text: "• " + t.say("tracks.met", words.Args{"Tracks": Join(met, "; ")}), Items: whoMet})
	}
	if len(not) > 0 {
		lines = append(lines, Line{Text: "• " + t.say("tracks.not", words.Args{"Tracks": Join(not, "; ")}), Items: whoDidNot})
	}
	return lines
}

// Outlook is what is next, counted in days, with how firmly it stands; without
// a key date ahead it is who met whom. It is empty where there is neither.
func (t Telling) Outlook() Block {
	next := t.NextDate()
	if next == nil {
		return Block{Lines: t.tracks()}
	}
	line := bulleted(Join([]Markup{"**" + t.Countdown(next) + "**", t.firmly(next), t.Label(next), t.caveat(next), t.disputes(next.ID)}, " "))
	line += " (" + t.say("dates.counted", words.Args{"Date": t.CountedOn(next)}) + ")"
	return Block{Lines: []Line{{Text: line, Items: []briefings.ID{next.ID}}}}
}

// firmly is when a key date is and how sure that is.
func (t Telling) firmly(e *briefings.Event) Markup {
	when := t.Date(e.Valid)
	if e.Origin == briefings.External {
		when += "*"
	}
	return Format("%s — %s", when, t.Words.Say("certainty."+e.Certainty.String()))
}
