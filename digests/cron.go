package digests

import (
	"fmt"
	"math/bits"
	"regexp"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"sitrep/briefings"
)

// mostADay is how often a subscription may fall due on one date.
const mostADay = 24

// A Cron falls due by five fields: minute, hour, day of the month, month, day
// of the week. Hours given as * or */n follow real time, as ISC cron has it: an
// hour that the clocks jump over is left out, and one that they show twice
// counts twice. The zero value is never due.
type Cron struct {
	fields string
	bits   cron.SpecSchedule // which minutes, hours and so on are meant
	real   bool              // hours follow real time
	zone   *time.Location
}

// starred is set in a field of a cron.SpecSchedule that is *.
const starred = 1 << 63

var cronPattern = regexp.MustCompile(`^[0-9A-Za-z*/,-]{1,60}$`)

// ParseCron reads five fields, and a zone as [FindZone] does. Its errors are
// [briefings.UserError]; fields that never fall due are one, and so is more
// than 24 times a day.
func ParseCron(fields, zone string) (Cron, error) {
	name, err := FindZone(zone)
	if err != nil {
		return Cron{}, err
	}
	return parseCron(fields, name, loadZone)
}

func parseCron(typed, zone string, load func(string) (*time.Location, error)) (c Cron, err error) {
	fields := strings.Fields(typed)
	if len(fields) != 5 {
		return Cron{}, refuse("schedule.cron", args{"Text": quoted(typed)}, `I can't read "{{.Text}}" as cron. Write five fields (minute, hour, day of the month, month, day of the week), like 0 8 * * mon-fri.`)
	}
	parser := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)
	for i, what := range cronFields() {
		alone := []string{"*", "*", "*", "*", "*"}
		alone[i] = fields[i]
		if _, err := parser.Parse(strings.Join(alone, " ")); err != nil || !cronPattern.MatchString(fields[i]) {
			return Cron{}, refuse("schedule.cron_field", args{"Text": quoted(fields[i]), "Field": what}, `I can't read "{{.Text}}" as cron's {{.Field}}. Write it like 0 8 * * mon-fri, which is 08:00 from Monday to Friday.`)
		}
	}
	c.fields = strings.Join(fields, " ")
	parsed, err := parser.Parse(c.fields)
	if err != nil {
		return Cron{}, fmt.Errorf("digests: reading cron fields %s: %w", quote(typed), err)
	}
	c.bits, c.real = *parsed.(*cron.SpecSchedule), strings.HasPrefix(fields[1], "*")
	if n := bits.OnesCount64(c.bits.Minute&^starred) * bits.OnesCount64(c.bits.Hour&^starred); n > mostADay {
		return Cron{}, refuse("schedule.cron_often", args{"Text": quoted(c.fields), "Number": n, "Most": mostADay}, `"{{.Text}}" would post {{.Number}} digests a day, and {{.Most}} is the most. Name one minute, like 0 8 * * *.`)
	}
	if c.zone, err = load(zone); err != nil {
		return Cron{}, err
	}
	if c.local(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return Cron{}, refuse("schedule.cron_never", args{"Text": quoted(c.fields)}, `"{{.Text}}" never comes: no year has such a date. Choose another day or month.`)
	}
	return c, nil
}

// cronFields are what the five fields are called.
func cronFields() []briefings.Message {
	return []briefings.Message{
		{Say: "minute", Phrase: "schedule.minute"},
		{Say: "hour", Phrase: "schedule.hour"},
		{Say: "day of the month", Phrase: "schedule.day"},
		{Say: "month", Phrase: "schedule.month"},
		{Say: "day of the week", Phrase: "schedule.weekday"},
	}
}

// Fields are the five in the form that subscriptions keep.
func (c Cron) Fields() string { return c.fields }

// Zone is the IANA name in the form that subscriptions keep.
func (c Cron) Zone() string { return c.zone.String() }

// Next is for [Schedule].
func (c Cron) Next(after time.Time) time.Time { return c.slot(after).due }

func (c Cron) slot(after time.Time) moment {
	if c.fields == "" {
		return moment{}
	}
	if c.real {
		return c.realSlot(after)
	}
	year, month, day := after.In(c.zone).Date()
	local := c.local(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
	for ; !local.IsZero(); local = c.local(local.Add(time.Minute)) {
		if due := firstReach(local, c.zone); due.After(after) {
			return moment{local: local, due: due}
		}
	}
	return moment{}
}

// realSlot goes through the zone's periods of constant offset.
func (c Cron) realSlot(after time.Time) moment {
	at := after.Truncate(time.Minute).Add(time.Minute).In(c.zone)
	for {
		_, end := at.ZoneBounds()
		_, seconds := at.Zone()
		offset := time.Duration(seconds) * time.Second
		local := c.local(at.UTC().Add(offset))
		if local.IsZero() {
			return moment{}
		}
		due := local.Add(-offset).In(c.zone)
		if end.IsZero() || due.Before(end) {
			return moment{local: local, due: due, again: firstReach(local, c.zone).Before(due)}
		}
		at = end
	}
}

// local is the first local time from from on, as if in UTC, that the fields
// name; zero where there is none in eight years, the longest that a 29 February
// can be away.
func (c Cron) local(from time.Time) time.Time {
	if whole := from.Truncate(time.Minute); whole.Before(from) {
		from = whole.Add(time.Minute)
	}
	for until := from.AddDate(8, 0, 1); from.Before(until); {
		switch {
		case c.bits.Month&(1<<from.Month()) == 0:
			from = time.Date(from.Year(), from.Month()+1, 1, 0, 0, 0, 0, time.UTC)
		case !c.onDate(from):
			from = time.Date(from.Year(), from.Month(), from.Day()+1, 0, 0, 0, 0, time.UTC)
		case c.bits.Hour&(1<<from.Hour()) == 0:
			from = from.Truncate(time.Hour).Add(time.Hour)
		case c.bits.Minute&(1<<from.Minute()) == 0:
			from = from.Add(time.Minute)
		default:
			return from
		}
	}
	return time.Time{}
}

// onDate: where both the day of the month and that of the week are given, one
// of them is enough. https://man7.org/linux/man-pages/man5/crontab.5.html
func (c Cron) onDate(date time.Time) bool {
	ofMonth := c.bits.Dom&(1<<date.Day()) != 0
	ofWeek := c.bits.Dow&(1<<date.Weekday()) != 0
	if c.bits.Dom&starred != 0 || c.bits.Dow&starred != 0 {
		return ofMonth && ofWeek
	}
	return ofMonth || ofWeek
}
