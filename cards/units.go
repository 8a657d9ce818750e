package cards

import (
	"strconv"
	"strings"

	"sitrep/briefings"
	"sitrep/words"
)

// unit is what a figure counts, in the form that its number asks for. What
// sitrep has no word for stays as its curators wrote it.
func (t Telling) unit(f *briefings.Figure) string {
	phrase := unitPhrase(f.Unit)
	if phrase == "" {
		return f.Unit
	}
	return t.Words.Say(phrase, words.Args{"Count": plural(f)})
}

// unitPhrase is the phrase for a unit, empty where there is none. UCUM spells
// degrees Cel.
func unitPhrase(unit string) string {
	switch unit {
	case "Cel", "°C":
		return "unit.celsius"
	case "% of Kyiv":
		return "unit.of_kyiv"
	case "air-defence systems":
		return "unit.systems"
	case "attacks":
		return "unit.attacks"
	case "capitals":
		return "unit.capitals"
	case "delegates":
		return "unit.delegates"
	case "dollars":
		return "unit.dollars"
	case "households":
		return "unit.households"
	case "meetings":
		return "unit.meetings"
	case "parties":
		return "unit.parties"
	case "pillars":
		return "unit.pillars"
	case "points":
		return "unit.points"
	case "settlements":
		return "unit.settlements"
	case "workers":
		return "unit.workers"
	case "years":
		return "unit.years"
	}
	return ""
}

// plural is a number of the same plural form as f's in every language, but none
// that is too long to read as one: "several" is as five.
func plural(f *briefings.Figure) any {
	const several = 5
	value := strings.TrimPrefix(f.Value, "-")
	n, err := strconv.Atoi(value)
	switch {
	case f.Qualifier == briefings.Several:
		return several
	case err != nil && len(value) < 10 && strings.Contains(value, "."):
		return value
	case err != nil:
		return several
	case n >= 100:
		return 100 + n%100
	}
	return n
}

// SideName is a side as the reader calls it.
func (t Telling) SideName(side string) string {
	switch side {
	case "Europe":
		return t.Words.Say("side.europe")
	case "Europe and US":
		return t.Words.Say("side.europe_us")
	case "Russia":
		return t.Words.Say("side.russia")
	case "US":
		return t.Words.Say("side.us")
	case "Ukraine":
		return t.Words.Say("side.ukraine")
	case "media":
		return t.Words.Say("side.media")
	case "multilateral":
		return t.Words.Say("side.multilateral")
	}
	return side
}

// SideNames is [Telling.SideName] of each.
func (t Telling) SideNames(sides []string) []string {
	names := make([]string, len(sides))
	for i, side := range sides {
		names[i] = t.SideName(side)
	}
	return names
}
