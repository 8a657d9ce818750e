package digests

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// A Schedule is when a subscription falls due. It is a cron.Schedule, since
// cron's own loses or repeats a day where clocks change:
//   - a local time that the clocks jump over is due at the first instant after
//     the gap, also where the gap is a whole date; two that meet there are one;
//   - a local time that the clocks show twice is due the first time.
//
// Next returns the zero time where nothing falls due any more.
type Schedule interface {
	cron.Schedule
	// slot is the first moment due strictly after after, the zero one where
	// there is none.
	slot(after time.Time) moment
}

// A Daily falls due once for every date of its zone's calendar, or for those of
// some days of the week. The zero value is midnight in UTC.
type Daily struct {
	minute int // of the day
	days   Days
	zone   *time.Location
}

// On is d on those days of the week alone.
func (d Daily) On(days Days) Daily {
	d.days = days
	return d
}

var clockPattern = regexp.MustCompile(`^([0-9]{1,2}):([0-9]{2})$`)

// ParseDaily reads a time of day such as 8:00 or 08:00 and a zone as [FindZone]
// does. Its errors are [briefings.UserError].
func ParseDaily(at, zone string) (Daily, error) {
	minute, err := parseClock(at)
	if err != nil {
		return Daily{}, err
	}
	name, err := FindZone(zone)
	if err != nil {
		return Daily{}, err
	}
	location, err := loadZone(name)
	if err != nil {
		return Daily{}, err
	}
	return Daily{minute: minute, zone: location}, nil
}

// parseClock returns the minute of the day.
func parseClock(at string) (int, error) {
	parts := clockPattern.FindStringSubmatch(strings.TrimSpace(at))
	if parts == nil {
		return 0, refuse("schedule.time", args{"Text": quoted(at)}, `I can't read "{{.Text}}" as a time of day. Write it in 24 hours, like 08:00 or 17:30.`)
	}
	hours, _ := strconv.Atoi(parts[1]) // two digits at most
	minutes, _ := strconv.Atoi(parts[2])
	if hours > 23 || minutes > 59 {
		return 0, refuse("schedule.no_time", args{"Text": quoted(at)}, `"{{.Text}}" is no time of day. Write one from 00:00 to 23:59; midnight is 00:00.`)
	}
	return hours*60 + minutes, nil
}

// At is the time of day in the form that subscriptions keep, "08:00".
func (d Daily) At() string { return fmt.Sprintf("%02d:%02d", d.minute/60, d.minute%60) }

// Zone is the IANA name in the form that subscriptions keep.
func (d Daily) Zone() string { return d.location().String() }

// Next returns the first instant strictly after after at which d falls due, in
// d's zone.
func (d Daily) Next(after time.Time) time.Time { return d.slot(after).due }

// moment is one due time and the local time that it stands for, which differ
// where clocks change. The local time names the slot: it is the same on copies
// whose zone data differ.
type moment struct {
	local time.Time // what the clock should show, written as if in UTC
	due   time.Time
	again bool // the clocks show local for the second time
}

// id is the delivery id of the subscription's slot at m.
func (m moment) id(subscription string) string { return slotID(subscription, m.local, m.again) }

// slot is the first moment due strictly after after.
func (d Daily) slot(after time.Time) moment {
	year, month, day := after.In(d.location()).Date()
	// The clocks have shown everything up to the date before, so that one is over.
	for ; ; day++ {
		local := time.Date(year, month, day, 0, d.minute, 0, 0, time.UTC)
		if !d.days.Has(local.Weekday()) {
			continue
		}
		if due := firstReach(local, d.location()); due.After(after) {
			return moment{local: local, due: due}
		}
	}
}

func (d Daily) location() *time.Location {
	if d.zone == nil {
		return time.UTC
	}
	return d.zone
}

// firstReach is the first instant at which the clocks of zone show local, given
// as if in UTC, or a later time. It goes through the zone's periods of constant
// offset, since time.Date doesn't promise which of two instants it returns.
func firstReach(local time.Time, zone *time.Location) time.Time {
	const farthest = 26 * time.Hour // more than any zone has ever been from UTC
	at := local.Add(-farthest).In(zone)
	for {
		start, end := at.ZoneBounds()
		_, seconds := at.Zone()
		offset := time.Duration(seconds) * time.Second
		if !end.IsZero() && !end.Add(offset).After(local) {
			at = end
			continue
		}
		if due := local.Add(-offset); due.After(start) {
			return due.In(zone)
		}
		return start
	}
}
