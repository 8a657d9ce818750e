package digests

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"sitrep/briefings"
)

func daily(t testing.TB, at, zone string) Daily {
	t.Helper()
	d, err := ParseDaily(at, zone)
	if err != nil {
		t.Fatalf("ParseDaily(%q, %q): %v", at, zone, err)
	}
	return d
}

func instant(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestParseDaily(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ at, zone, wantAt, wantZone string }{
		{"08:00", "Europe/Kyiv", "08:00", "Europe/Kyiv"},
		{"8:00", "Europe/Kyiv", "08:00", "Europe/Kyiv"},
		{" 23:59 ", " UTC ", "23:59", "UTC"},
		{"00:00", "europe/zurich", "00:00", "Europe/Zurich"},
		{"0:05", "utc", "00:05", "UTC"},
		{"12:30", "Kyiv", "12:30", "Europe/Kyiv"},
		{"12:30", "Київ", "12:30", "Europe/Kyiv"},
		{"12:30", "kiev", "12:30", "Europe/Kyiv"},
		{"12:30", "Zürich", "12:30", "Europe/Zurich"},
		{"12:30", "Davos", "12:30", "Europe/Zurich"},
		{"12:30", "new york", "12:30", "America/New_York"},
		{"12:30", "CET", "12:30", "CET"},
	} {
		got, err := ParseDaily(tt.at, tt.zone)
		if err != nil {
			t.Errorf("ParseDaily(%q, %q): %v", tt.at, tt.zone, err)
			continue
		}
		if got.At() != tt.wantAt || got.Zone() != tt.wantZone {
			t.Errorf("ParseDaily(%q, %q) = %s %s, want %s %s", tt.at, tt.zone, got.At(), got.Zone(), tt.wantAt, tt.wantZone)
		}
	}
}

func TestParseDailyTellsWhatToWrite(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ at, zone, want string }{
		{"24:00", "UTC", `"24:00" is no time of day. Write one from 00:00 to 23:59; midnight is 00:00.`},
		{"08:60", "UTC", `"08:60" is no time of day`},
		{"", "UTC", `I can't read "" as a time of day. Write it in 24 hours, like 08:00 or 17:30.`},
		{"8", "UTC", `I can't read "8"`},
		{"8am", "UTC", `like 08:00`},
		{"-1:00", "UTC", `I can't read "-1:00"`},
		{"08:00:00", "UTC", `I can't read`},
		{"٠٨:٠٠", "UTC", `I can't read`},
		{strings.Repeat("8", 5000), "UTC", `8…"`},
		{"08:00", "", "The time zone is missing. Write a place, like Europe/Kyiv."},
		{"08:00", "Local", `I don't know the time zone "Local"`},
		{"08:00", "Europe/Kyv", `I don't know the time zone "Europe/Kyv"; did you mean Europe/Kyiv?`},
		{"08:00", "Kyv", `did you mean Europe/Kyiv?`},
		{"08:00", "Zuerich", `did you mean Europe/Zurich?`},
		{"08:00", "Europe/Zuerich", `did you mean Europe/Zurich?`},
		{"08:00", "EST", `did you mean America/New_York?`},
		{"08:00", "CEST", `did you mean Europe/Berlin?`},
		{"08:00", "istanbul", `did you mean Asia/Istanbul, Europe/Istanbul?`},
		{"08:00", "UTC+2", `an offset would not follow summer time. Write a place`},
		{"08:00", "GMT 5", `"GMT 5", and an offset would not follow summer time`},
		{"08:00", "+02:00", `an offset would not follow summer time`},
		{"08:00", "../../etc/passwd", `I don't know the time zone "../../etc/passwd"`},
		{"08:00", "posix/Europe/Kyiv", `I don't know`},
		{"08:00", "Factory", `I don't know`},
		{"08:00", "qqqqqqqqqqqqqqqq", `Write the continent and a large city, like Europe/Kyiv`},
		{"08:00", strings.Repeat("Ж", 100_000), `I don't know the time zone "ЖЖ`},
		{"08:00", "\xff\x00", `I don't know the time zone`},
	} {
		_, err := ParseDaily(tt.at, tt.zone)
		mistake := new(briefings.UserError)
		if !errors.As(err, &mistake) || !errors.Is(err, briefings.ErrInvalid) {
			t.Errorf("ParseDaily(%.20q, %.20q) = %v, want an invalid UserError", tt.at, tt.zone, err)
			continue
		}
		if !strings.Contains(mistake.Say, tt.want) || len(mistake.Say) > 300 {
			t.Errorf("ParseDaily(%.20q, %.20q) says %q, want at most 300 bytes with %q", tt.at, tt.zone, mistake.Say, tt.want)
		}
	}
}

func TestZonesAllLoad(t *testing.T) {
	t.Parallel()
	all := Zones()
	if len(all) < 500 {
		t.Fatalf("Zones() lists %d names, want over 500", len(all))
	}
	for i, name := range all {
		if i > 0 && all[i-1] >= name {
			t.Errorf("Zones() lists %s after %s, want the order of the alphabet", name, all[i-1])
		}
		zone, err := loadZone(name)
		if err != nil || zone.String() != name {
			t.Errorf("loadZone(%q) = %v, %v", name, zone, err)
		}
		if got, err := FindZone(strings.ToLower(name)); err != nil || got != name {
			t.Errorf("FindZone(%q) = %q, %v, want %q", strings.ToLower(name), got, err, name)
		}
	}
	for _, name := range []string{"", "Local", "EST", "Europe/kyiv", "right/UTC", "Nowhere/At_All"} {
		if zone, err := loadZone(name); err == nil {
			t.Errorf("loadZone(%q) = %v, want an error", name, zone)
		}
	}
}

func TestDailyNext(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, at, zone, after, want string }{
		{"later today", "08:00", "UTC", "2026-01-19T07:59:59Z", "2026-01-19T08:00:00Z"},
		{"strictly after", "08:00", "UTC", "2026-01-19T08:00:00Z", "2026-01-20T08:00:00Z"},
		{"over the year's end", "00:00", "Europe/Kyiv", "2026-12-31T21:59:59Z", "2026-12-31T22:00:00Z"},
		{"a leap day", "08:00", "UTC", "2028-02-28T08:00:00Z", "2028-02-29T08:00:00Z"},

		{"in a gap", "02:30", "Europe/Zurich", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"},
		{"where the gap ends", "03:00", "Europe/Zurich", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"},
		{"after a gap", "02:30", "Europe/Zurich", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"},
		{"twice: the first", "02:30", "Europe/Zurich", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"},
		{"twice: not the second", "02:30", "Europe/Zurich", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"},
		{"twice: between the two", "02:30", "Europe/Zurich", "2026-10-25T01:00:00Z", "2026-10-26T01:30:00Z"},
		{"where the clocks go back to", "02:00", "Europe/Zurich", "2026-10-24T12:00:00Z", "2026-10-25T00:00:00Z"},
		{"where the clocks go back from", "03:00", "Europe/Zurich", "2026-10-24T12:00:00Z", "2026-10-25T02:00:00Z"},

		{"midnight in a gap", "00:00", "Asia/Beirut", "2026-03-28T12:00:00Z", "2026-03-28T22:00:00Z"},
		{"the day after that midnight", "00:00", "Asia/Beirut", "2026-03-28T22:00:00Z", "2026-03-29T21:00:00Z"},
		{"midnight twice, over the date line of a night", "23:30", "Asia/Beirut", "2026-10-24T12:00:00Z", "2026-10-24T20:30:00Z"},
		{"and not again an hour later", "23:30", "Asia/Beirut", "2026-10-24T20:30:00Z", "2026-10-25T21:30:00Z"},

		{"a gap of half an hour", "02:10", "Australia/Lord_Howe", "2026-10-03T12:00:00Z", "2026-10-03T15:30:00Z"},
		{"half an hour twice", "01:45", "Australia/Lord_Howe", "2026-04-04T12:00:00Z", "2026-04-04T14:45:00Z"},
		{"half an hour twice, not again", "01:45", "Australia/Lord_Howe", "2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"},
		{"two hours at once", "01:30", "Antarctica/Troll", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"},

		{"a gap up to midnight", "23:30", "America/Nuuk", "2025-03-29T12:00:00Z", "2025-03-30T01:00:00Z"},
		{"the date after it", "23:30", "America/Nuuk", "2025-03-30T01:00:00Z", "2025-03-31T00:30:00Z"},

		{"a date left out", "08:00", "Pacific/Apia", "2011-12-29T18:00:00Z", "2011-12-30T10:00:00Z"},
		{"the date after one left out", "08:00", "Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-30T18:00:00Z"},
		{"two that meet become one", "00:00", "Pacific/Apia", "2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z"},
		{"two that met are over", "00:00", "Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"},

		{"half hours from UTC", "08:00", "Asia/Kolkata", "2026-01-19T00:00:00Z", "2026-01-19T02:30:00Z"},
		{"farthest east", "00:00", "Pacific/Kiritimati", "2026-01-19T09:59:59Z", "2026-01-19T10:00:00Z"},
		{"farthest west", "23:59", "Etc/GMT+12", "2026-01-19T11:58:59Z", "2026-01-19T11:59:00Z"},
		{"rules of long ago", "12:00", "Europe/Kyiv", "1900-01-01T00:00:00Z", "1900-01-01T09:57:56Z"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := daily(t, tt.at, tt.zone).Next(instant(t, tt.after))
			if got := got.UTC().Format(time.RFC3339); got != tt.want {
				t.Errorf("%s %s: Next(%s) = %s, want %s", tt.at, tt.zone, tt.after, got, tt.want)
			}
		})
	}
}

func TestZeroDailyIsMidnightUTC(t *testing.T) {
	t.Parallel()
	var d Daily
	want := "2026-01-20T00:00:00Z"
	if got := d.Next(instant(t, "2026-01-19T08:00:00Z")).Format(time.RFC3339); got != want || d.At() != "00:00" || d.Zone() != "UTC" {
		t.Errorf("zero Daily: %s %s, Next = %s, want 00:00 UTC, %s", d.At(), d.Zone(), got, want)
	}
}

// TestEveryZone walks every zone, those that behave alike once.
func TestEveryZone(t *testing.T) {
	t.Parallel()
	walkZones(t, 1, 2020, 2035)
}

// walkZones checks random times of day in every zone, date by date.
func walkZones(t *testing.T, times, fromYear, toYear int) {
	alike := map[string]bool{}
	for _, name := range Zones() {
		zone, err := loadZone(name)
		if err != nil {
			t.Fatal(err)
		}
		rules := behaviour(zone, fromYear, toYear)
		if alike[rules] {
			continue
		}
		alike[rules] = true
		for range times {
			d := Daily{minute: rand.IntN(24 * 60), zone: zone}
			if err := walk(d, fromYear, toYear); err != nil {
				t.Errorf("%s %s: %v", d.At(), name, err)
			}
		}
	}
	if len(alike) < 50 {
		t.Errorf("walked %d zones, want at least 50 that differ", len(alike))
	}
}

// behaviour names what a zone's clocks do in these years, hour by hour.
func behaviour(zone *time.Location, fromYear, toYear int) string {
	var b strings.Builder
	last := -1
	for at := time.Date(fromYear, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() <= toYear; at = at.Add(6 * time.Hour) {
		if _, offset := at.In(zone).Zone(); offset != last {
			fmt.Fprintln(&b, at.Unix(), offset)
			last = offset
		}
	}
	return b.String()
}

// walk checks, without a word about time zones' rules, that every date from the
// first to the last year falls due once, in order, at the first instant at
// which the clocks show d's time or later.
func walk(d Daily, fromYear, toYear int) error {
	local := time.Date(fromYear, 1, 1, 0, d.minute, 0, 0, time.UTC)
	at := d.slot(local.Add(-24 * time.Hour).Add(-zoneOffset(d.zone, local)))
	for ; at.local.Before(local); at = d.slot(at.due) {
		if local.Sub(at.local) > 72*time.Hour {
			return fmt.Errorf("the walk to %s begins at %s", local, at.local)
		}
	}
	for ; local.Year() <= toYear; local = local.AddDate(0, 0, 1) {
		if at.local != local {
			return fmt.Errorf("got the slot of %s, want that of %s", at.local, local)
		}
		if shown(at.due, d.zone).Before(local) {
			return fmt.Errorf("%s falls due early, at %s", local, at.due)
		}
		for _, back := range []time.Duration{1, time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour} {
			if !shown(at.due.Add(-back), d.zone).Before(local) {
				return fmt.Errorf("%s falls due at %s, but the clocks showed it %s before", local, at.due, back)
			}
		}
		if got := d.Next(at.due.Add(-1)); !got.Equal(at.due) {
			return fmt.Errorf("Next right before %s = %s", at.due, got)
		}
		next := d.slot(at.due)
		between := at.due.Add(time.Duration(rand.Int64N(int64(next.due.Sub(at.due)))))
		if got := d.Next(between); !got.Equal(next.due) {
			return fmt.Errorf("Next(%s) = %s, want %s", between, got, next.due)
		}
		at = next
	}
	return nil
}

// shown is what the clocks of zone show, written as if in UTC.
func shown(at time.Time, zone *time.Location) time.Time {
	return at.UTC().Add(zoneOffset(zone, at))
}

func zoneOffset(zone *time.Location, at time.Time) time.Duration {
	_, seconds := at.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}

func BenchmarkDailyNext(b *testing.B) {
	d := daily(b, "08:00", "Europe/Kyiv")
	at := instant(b, "2026-01-19T08:00:00Z")
	b.ReportAllocs()
	for b.Loop() {
		at = d.Next(at)
		if at.Year() > 2035 {
			at = instant(b, "2026-01-19T08:00:00Z")
		}
	}
}
