package digests

import (
	"errors"
	"testing"
	"time"

	"sitrep/briefings"
)

// FuzzParseCron reads any fields. What is read is later than it was asked for,
// falls due at all, and is read back from what is kept of it.
func FuzzParseCron(f *testing.F) {
	for _, fields := range []string{"0 8 * * mon-fri", "*/30 8-18 * * *", "0 8 29 2 *", "0 0 31 2 *", "59 23 */7 jan-DEC 0,6", "0-59/61 * * * *", "TZ=UTC 0 8 * * *", "@daily"} {
		f.Add(fields, "Europe/Kyiv", int64(1768809600))
	}
	f.Add("30 2 * * *", "America/New_York", int64(1772953200)) // an hour that is skipped
	f.Fuzz(func(t *testing.T, fields, zone string, at int64) {
		c, err := ParseCron(fields, zone)
		if err != nil {
			isMistake(t, err)
			return
		}
		after := time.Unix(at%(1<<33), 0) // some centuries
		next := c.Next(after)
		if !next.After(after) {
			t.Errorf("%q in %q: %s is due after %s", fields, zone, next, after)
		}
		again, err := ParseCron(c.Fields(), c.Zone())
		if err != nil || !again.Next(after).Equal(next) {
			t.Errorf("%q in %q is kept as %q in %q: %v", fields, zone, c.Fields(), c.Zone(), err)
		}
	})
}

// FuzzSchedules reads whatever else a schedule is typed as.
func FuzzSchedules(f *testing.F) {
	for _, typed := range []string{"08:00", "8am", "mon-fri", "Пн,Ср", "14,7,1,0,-1", "−1", "2h", "1h30m", "Kyiv", "UTC+2", "", "99999999999999999999"} {
		f.Add(typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		if d, err := ParseDaily(typed, typed); err != nil {
			isMistake(t, err)
		} else if again, err := ParseDaily(d.At(), d.Zone()); err != nil || again.At() != d.At() {
			t.Errorf("%q is kept as %q: %v", typed, d.At(), err)
		}
		if d, err := ParseDaily(typed, "UTC"); err != nil {
			isMistake(t, err)
		} else if again, err := ParseDaily(d.At(), "UTC"); err != nil || again.At() != d.At() {
			t.Errorf("%q is kept as %q: %v", typed, d.At(), err)
		}
		if d, err := ParseDays(typed); err != nil {
			isMistake(t, err)
		} else if again, err := ParseDays(d.String()); err != nil || again != d {
			t.Errorf("%q is kept as %q, which is %v, %v", typed, d, again, err)
		}
		if o, err := ParseOffsets(typed); err != nil {
			isMistake(t, err)
		} else if again, err := ParseOffsets(o.String()); err != nil || again.String() != o.String() {
			t.Errorf("%q is kept as %q, which is %q, %v", typed, o, again, err)
		}
		if grace, err := ParseGrace(typed); err != nil {
			isMistake(t, err)
		} else if grace < time.Minute || grace > MaxGrace {
			t.Errorf("%q: got %s", typed, grace)
		}
	})
}

// isMistake fails where an error isn't for the person who typed.
func isMistake(t *testing.T, err error) {
	t.Helper()
	if mistake := new(briefings.UserError); !errors.As(err, &mistake) || mistake.Say == "" || len(mistake.Say) > 1000 {
		t.Errorf("got %v, want what to type instead", err)
	}
}
