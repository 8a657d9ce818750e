package digests

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // a container without zone files knows every zone all the same
	"unicode/utf8"

	"sitrep/briefings"
)

// zoneNames are the names in the zone database of Go 1.26, without EST, MST
// and HST, which are fixed offsets and never what people mean by them.
//
//go:embed zones.txt
var zoneNames string

// Zones lists the names of every IANA zone that a subscription may have, in
// the order of the alphabet. A copy whose machine knows more accepts no others,
// since the other copies might not know them.
func Zones() []string { return strings.Fields(zoneNames) }

// FindZone returns the IANA name of the zone that was typed: the name itself in
// any case, or its city alone. The error is a [briefings.UserError] that names
// the zone that was probably meant.
func FindZone(typed string) (string, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return "", refuse("schedule.no_zone", nil, "The time zone is missing. Write a place, like Europe/Kyiv.")
	}
	all := Zones()
	if name, ok := named(typed, all); ok {
		return name, nil
	}
	same := inCity(typed, all)
	if len(same) == 1 {
		return same[0], nil
	}
	meant := cmp.Or(abbreviated(typed), strings.Join(same, ", "), nearest(typed, all))
	switch {
	case abbreviated(typed) == "" && strings.ContainsAny(typed, "0123456789"):
		return "", refuse("schedule.zone_offset", args{"Text": quoted(typed)}, `I don't know the time zone "{{.Text}}", and an offset would not follow summer time. Write a place, like Europe/Kyiv, or UTC.`)
	case meant != "":
		return "", refuse("schedule.zone_meant", args{"Text": quoted(typed), "Nearest": meant}, `I don't know the time zone "{{.Text}}"; did you mean {{.Nearest}}?`)
	}
	return "", refuse("schedule.zone_unknown", args{"Text": quoted(typed)}, `I don't know the time zone "{{.Text}}". Write the continent and a large city, like Europe/Kyiv or America/New_York.`)
}

// named finds the zone by its whole name or by a name that people use for it.
func named(typed string, all []string) (string, bool) {
	for _, name := range all {
		if strings.EqualFold(name, typed) {
			return name, true
		}
	}
	switch briefings.Fold(shorten(typed)) {
	case "kyiv", "kiev", briefings.Fold("Київ"):
		return "Europe/Kyiv", true
	case "davos", "geneva", "bern":
		return "Europe/Zurich", true
	case "washington", "washington dc":
		return "America/New_York", true
	case "beijing":
		return "Asia/Shanghai", true
	case "z", "utc 0", "gmt 0":
		return "UTC", true
	}
	return "", false
}

// inCity finds the zones whose last part is what was typed.
func inCity(typed string, all []string) (found []string) {
	want := briefings.Fold(shorten(typed))
	for _, name := range all {
		if want != "" && briefings.Fold(city(name)) == want {
			found = append(found, name)
		}
	}
	return found
}

// city is the last part of a zone's name, empty where that is no place.
func city(name string) string {
	slash := strings.LastIndexByte(name, '/')
	if slash < 0 || strings.HasPrefix(name, "Etc/") {
		return ""
	}
	return name[slash+1:]
}

// nearest is the zone that was most likely meant, empty where none is near.
func nearest(typed string, all []string) string {
	if strings.Contains(typed, "/") {
		return briefings.Nearest(typed, all)
	}
	cities := make([]string, len(all))
	for i, name := range all {
		cities[i] = cmp.Or(city(name), name)
	}
	if i := slices.Index(cities, briefings.Nearest(typed, cities)); i >= 0 {
		return all[i]
	}
	return ""
}

// abbreviated is the zone that people probably mean by letters that are no
// zone, because they stand for one half of the year.
func abbreviated(typed string) string {
	switch strings.ToUpper(typed) {
	case "EST", "EDT", "ET":
		return "America/New_York"
	case "CST", "CDT", "CT":
		return "America/Chicago"
	case "MST", "MDT", "MT":
		return "America/Denver"
	case "PST", "PDT", "PT":
		return "America/Los_Angeles"
	case "HST":
		return "Pacific/Honolulu"
	case "BST":
		return "Europe/London"
	case "CEST":
		return "Europe/Berlin"
	case "EEST":
		return "Europe/Kyiv"
	case "MSK":
		return "Europe/Moscow"
	}
	return ""
}

// loadZone loads a zone by its exact name. "Local" and "" would mean another
// zone on every machine, and are refused with everything else not in [Zones].
func loadZone(name string) (*time.Location, error) {
	if _, known := slices.BinarySearch(Zones(), name); !known {
		return nil, fmt.Errorf("digests: loading a time zone: %q is not in the list", shorten(name))
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("digests: loading a time zone: %w", err)
	}
	return zone, nil
}

// shorten bounds what is compared with or quoted to people.
func shorten(s string) string {
	const most = 40
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// quote is typed text as a message shows it.
func quote(typed string) string { return fmt.Sprintf("%q", shorten(typed)) }

// ClocksChange reports whether the clocks of local's zone are put forward or
// back on its day.
func ClocksChange(local time.Time) bool {
	year, month, day := local.Date()
	_, before := time.Date(year, month, day, 0, 0, 0, 0, local.Location()).Zone()
	_, after := time.Date(year, month, day+1, 0, 0, 0, 0, local.Location()).Zone()
	return before != after
}

// quoted is [quote] without the quotation marks, which each language has its own of.
func quoted(typed string) string {
	q := quote(typed)
	return q[1 : len(q)-1]
}

// args are the parameters of what somebody is told, by name.
type args map[string]any

// refuse tells somebody what is wrong with what they typed: the phrase, its
// parameters, and the phrase in English.
func refuse(phrase string, with args, english string) error {
	return briefings.TellAs(briefings.ErrInvalid, phrase, with, english)
}
