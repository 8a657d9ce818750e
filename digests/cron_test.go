package digests

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

func cronAt(t testing.TB, fields, zone string) Cron {
	t.Helper()
	c, err := ParseCron(fields, zone)
	if err != nil {
		t.Fatalf("ParseCron(%q, %q): %v", fields, zone, err)
	}
	return c
}

func TestCronNext(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, fields, zone, after, want string }{
		{"later today", "30 8 * * *", "UTC", "2026-01-19T08:29:59Z", "2026-01-19T08:30:00Z"},
		{"strictly after", "30 8 * * *", "UTC", "2026-01-19T08:30:00Z", "2026-01-20T08:30:00Z"},
		{"on weekdays", "0 8 * * mon-fri", "Europe/Kyiv", "2026-01-16T06:00:00Z", "2026-01-19T06:00:00Z"},
		{"Sunday is 0", "0 8 * * 0", "UTC", "2026-01-19T00:00:00Z", "2026-01-25T08:00:00Z"},
		{"a day of the month or of the week", "0 8 25 * tue", "UTC", "2026-01-21T00:00:00Z", "2026-01-25T08:00:00Z"},
		{"in some months", "0 8 1 3,9 *", "UTC", "2026-01-19T00:00:00Z", "2026-03-01T08:00:00Z"},
		{"a leap day, eight years on", "0 8 29 2 *", "UTC", "2096-03-01T00:00:00Z", "2104-02-29T08:00:00Z"},
		{"twice an hour", "*/30 8-18 * * *", "UTC", "2026-01-19T18:00:00Z", "2026-01-19T18:30:00Z"},

		{"in a gap", "30 2 * * *", "Europe/Zurich", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"},
		{"after a gap", "30 2 * * *", "Europe/Zurich", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"},
		{"two that meet become one", "0,30 2 * * *", "Europe/Zurich", "2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z"},
		{"twice: the first", "30 2 * * *", "Europe/Zurich", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"},
		{"twice: not the second", "30 2 * * *", "Europe/Zurich", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"},
		{"midnight in a gap", "0 0 * * *", "Asia/Beirut", "2026-03-28T12:00:00Z", "2026-03-28T22:00:00Z"},

		{"every hour over a gap", "30 * * * *", "Europe/Zurich", "2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z"},
		{"every hour, the first of two", "30 * * * *", "Europe/Zurich", "2026-10-24T23:30:00Z", "2026-10-25T00:30:00Z"},
		{"every hour, the second of two", "30 * * * *", "Europe/Zurich", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"},
		{"every second hour leaves out one jumped over", "0 */2 * * *", "Europe/Zurich", "2026-03-28T23:30:00Z", "2026-03-29T02:00:00Z"},
		{"every second hour counts one shown twice twice", "0 */2 * * *", "Europe/Zurich", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"},
		{"every hour on some days", "0 * * * sun", "UTC", "2026-01-18T23:00:00Z", "2026-01-25T00:00:00Z"},
		{"half an hour twice", "45 * * * *", "Australia/Lord_Howe", "2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := cronAt(t, tt.fields, tt.zone).Next(instant(t, tt.after))
			if got := got.UTC().Format(time.RFC3339); got != tt.want {
				t.Errorf("%s %s: Next(%s) = %s, want %s", tt.fields, tt.zone, tt.after, got, tt.want)
			}
		})
	}
}

func TestParseCronTellsWhatToWrite(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ fields, zone, want string }{
		{"", "UTC", "Write five fields"},
		{"0 8 * *", "UTC", "Write five fields"},
		{"0 0 8 * * *", "UTC", "Write five fields"},
		{"@daily", "UTC", "Write five fields"},
		{"TZ=Asia/Tokyo 0 8 * * *", "UTC", "Write five fields"},
		{"TZ= 8 * * *", "UTC", `"TZ=" as cron's minute`},
		{"60 8 * * *", "UTC", `"60" as cron's minute`},
		{"0 24 * * *", "UTC", `"24" as cron's hour`},
		{"0 8 32 * *", "UTC", `"32" as cron's day of the month`},
		{"0 8 * 13 *", "UTC", `"13" as cron's month`},
		{"0 8 * * funday", "UTC", `"funday" as cron's day of the week`},
		{"0 8 * * mon-", "UTC", `"mon-" as cron's day of the week`},
		{"*/0 8 * * *", "UTC", `"*/0" as cron's minute`},
		{"0 8 ? * *", "UTC", `"?" as cron's day of the month`},
		{"* * * * *", "UTC", "would post 1440 digests a day, and 24 is the most"},
		{"0,30 * * * *", "UTC", "would post 48"},
		{"0 8 31 2 *", "UTC", "never comes"},
		{"0 8 * * *", "Europe/Kyv", "did you mean Europe/Kyiv?"},
		{strings.Repeat("0,", 3000) + "0 8 * * *", "UTC", "as cron's minute"},
	} {
		_, err := ParseCron(tt.fields, tt.zone)
		if err == nil || !strings.Contains(err.Error(), tt.want) || len(err.Error()) > 400 {
			t.Errorf("ParseCron(%.40q, %q) = %v, want a short mistake with %q", tt.fields, tt.zone, err, tt.want)
		}
	}
	if got := cronAt(t, "  0  8 * * MON-FRI ", "kyiv"); got.Fields() != "0 8 * * MON-FRI" || got.Zone() != "Europe/Kyiv" {
		t.Errorf("kept as %q %s, want the fields and the zone in full", got.Fields(), got.Zone())
	}
	if got := (Cron{}).Next(time.Now()); !got.IsZero() {
		t.Errorf("the zero cron is due at %s, want never", got)
	}
}

// TestEveryZoneByCron walks, in every zone, fields with fixed hours date by
// date and fields that follow real time hour by hour.
func TestEveryZoneByCron(t *testing.T) {
	t.Parallel()
	alike := map[string]bool{}
	for _, name := range Zones() {
		zone, err := loadZone(name)
		if err != nil {
			t.Fatal(err)
		}
		rules := behaviour(zone, 2020, 2035)
		if alike[rules] {
			continue
		}
		alike[rules] = true
		d := Daily{minute: rand.IntN(24 * 60), zone: zone}
		fixed := cronAt(t, fmt.Sprintf("%d %d * * *", d.minute%60, d.minute/60), name)
		at := time.Date(2020, 1, 1, 0, 0, 0, 0, zone)
		for at.Year() <= 2035 {
			want := d.slot(at)
			if got := fixed.slot(at); !got.due.Equal(want.due) || got.local != want.local || got.again {
				t.Fatalf("%s %s after %s: got %+v, want %+v", name, fixed.Fields(), at, got, want)
			}
			at = want.due
		}
		if err := walkHours(cronAt(t, fmt.Sprintf("%d * * * *", d.minute%60), name), d.minute%60); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(alike) < 50 {
		t.Errorf("walked %d zones, want at least 50 that differ", len(alike))
	}
}

// walkHours checks that an hourly cron falls due at every instant at which the
// clocks show its minute, at no other, and each under an id of its own.
func walkHours(c Cron, minute int) error {
	ids := map[string]bool{}
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	next := c.slot(at)
	for at = at.Add(time.Minute); at.Year() < 2027; at = at.Add(time.Minute) {
		due := shown(at, c.zone).Minute() == minute
		if due != next.due.Equal(at) {
			return fmt.Errorf("at %s the clocks show %s, and the next slot is %s", at, shown(at, c.zone), next.due)
		}
		if !due {
			continue
		}
		if id := next.id("s"); ids[id] {
			return fmt.Errorf("two slots share the id of %s", next.local)
		}
		ids[next.id("s")] = true
		next = c.slot(at)
	}
	return nil
}

func BenchmarkCronNext(b *testing.B) {
	c := cronAt(b, "0 8 * * mon-fri", "Europe/Kyiv")
	at := instant(b, "2026-01-19T08:00:00Z")
	b.ReportAllocs()
	for b.Loop() {
		if at = c.Next(at); at.Year() > 2035 {
			at = instant(b, "2026-01-19T08:00:00Z")
		}
	}
}
