package digests

import (
	"strings"
	"time"
)

// Days are days of the week, a bit for each, Sunday the lowest. None means all.
type Days uint8

// Has reports whether a digest comes on that day.
func (d Days) Has(day time.Weekday) bool { return d == 0 || d&(1<<day) != 0 }

// week begins as most calendars do; the names are those that cron knows too.
func week() []time.Weekday {
	return []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}
}

func dayName(day time.Weekday) string { return strings.ToLower(day.String()[:3]) }

// String is the form that subscriptions keep, "mon,wed"; empty for all days.
func (d Days) String() string {
	var names []string
	for _, day := range week() {
		if d != 0 && d.Has(day) {
			names = append(names, dayName(day))
		}
	}
	return strings.Join(names, ",")
}

// ParseDays reads "mon,wed", "mon-fri", "weekdays" or "weekend"; nothing and
// seven days are all. Its errors are [briefings.UserError].
func ParseDays(typed string) (Days, error) {
	var days Days
	for _, part := range strings.FieldsFunc(strings.ToLower(typed), func(r rune) bool { return r == ',' || r == ' ' }) {
		some, ok := someDays(part)
		if !ok {
			return 0, refuse("schedule.days", args{"Text": quoted(typed)}, `I can't read "{{.Text}}" as days of the week. Write them like mon,wed,fri or mon-fri.`)
		}
		days |= some
	}
	if days == 1<<7-1 {
		return 0, nil
	}
	return days, nil
}

// someDays reads one day, or several in a row.
func someDays(part string) (Days, bool) {
	switch part {
	case "weekdays":
		part = "mon-fri"
	case "weekend", "weekends":
		part = "sat-sun"
	case "daily":
		part = "mon-sun"
	}
	first, last, several := strings.Cut(part, "-")
	from, ok := oneDay(first)
	if !several || !ok {
		return 1 << from, ok
	}
	to, ok := oneDay(last)
	days := Days(1 << to)
	for day := from; day != to; day = (day + 1) % 7 {
		days |= 1 << day
	}
	return days, ok
}

func oneDay(name string) (time.Weekday, bool) {
	for _, day := range week() {
		if len(name) >= 3 && strings.HasPrefix(strings.ToLower(day.String()), name) {
			return day, true
		}
	}
	return 0, false
}
