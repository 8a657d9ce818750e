package digests

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"sitrep/briefings"
)

// A FoundZone is a zone and how far it is from UTC, "+02:00".
type FoundZone struct{ Name, Offset string }

var offsetPattern = regexp.MustCompile(`^(?:UTC|GMT)?\s*([+−-])\s*([0-9]{1,2})(?::?([0-9]{2}))?$`)

// FindZones lists at most most zones that what was typed may become, at first
// those whose city begins with it, or that are so far from UTC at now, like
// "+2" or "UTC+5:30".
func FindZones(typed string, now time.Time, most int) []FoundZone {
	typed = strings.TrimSpace(typed)
	offset, byOffset := parseOffset(typed)
	want := briefings.Fold(shorten(typed))
	exact, _ := named(typed, Zones())
	var first, rest []FoundZone
	for _, name := range Zones() {
		begins := exact == name || strings.HasPrefix(briefings.Fold(city(name)), want) || strings.HasPrefix(briefings.Fold(name), want)
		if !byOffset && !begins && !strings.Contains(briefings.Fold(name), want) {
			continue
		}
		zone, err := loadZone(name)
		if err != nil {
			continue
		}
		_, seconds := now.In(zone).Zone()
		switch found := (FoundZone{name, offsetText(seconds)}); {
		case byOffset && seconds != offset:
		case byOffset || begins:
			first = append(first, found)
		default:
			rest = append(rest, found)
		}
	}
	all := append(first, rest...)
	return all[:min(most, len(all))]
}

func parseOffset(typed string) (seconds int, ok bool) {
	parts := offsetPattern.FindStringSubmatch(strings.ToUpper(typed))
	if parts == nil {
		return 0, false
	}
	hours, _ := strconv.Atoi(parts[2]) // two digits at most
	minutes, _ := strconv.Atoi(parts[3])
	seconds = (hours*60 + minutes) * 60
	if parts[1] != "+" {
		seconds = -seconds
	}
	return seconds, true
}

func offsetText(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	return fmt.Sprintf("%c%02d:%02d", sign, seconds/3600, seconds/60%60)
}

// ParseGrace reads how late a digest may still be posted, like 30m or 2h. Its
// errors are [briefings.UserError].
func ParseGrace(typed string) (time.Duration, error) {
	grace, err := time.ParseDuration(strings.TrimSpace(strings.ToLower(typed)))
	if err != nil || grace < time.Minute || grace > MaxGrace {
		return 0, refuse("schedule.grace", args{"Text": quoted(typed), "Most": MaxGrace.Hours()}, `I can't read "{{.Text}}" as how late a digest may come. Write a time from 1m to {{.Most}}h, like 30m or 2h.`)
	}
	return grace, nil
}
