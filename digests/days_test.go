package digests

import (
	"strings"
	"testing"
	"time"
)

func TestParseDays(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ typed, want string }{
		{"", ""},
		{"daily", ""},
		{"mon-sun", ""},
		{"wed-tue", ""},
		{"mon", "mon"},
		{"Monday", "mon"},
		{"fri, mon", "mon,fri"},
		{"weekdays", "mon,tue,wed,thu,fri"},
		{"weekend", "sat,sun"},
		{"sat-mon", "mon,sat,sun"},
		{"sun", "sun"},
		{"tue tue", "tue"},
		{"thurs", "thu"},
	} {
		got, err := ParseDays(tt.typed)
		if err != nil || got.String() != tt.want {
			t.Errorf("ParseDays(%q) = %q, %v, want %q", tt.typed, got, err, tt.want)
		}
		if again, err := ParseDays(got.String()); err != nil || again != got {
			t.Errorf("ParseDays(%q) again = %q, %v", got, again, err)
		}
	}
	for _, typed := range []string{"mo", "moon", "mon-", "-mon", "1", "mon-tue-wed", strings.Repeat("x", 5000)} {
		if got, err := ParseDays(typed); err == nil || !strings.Contains(err.Error(), "mon-fri") || len(err.Error()) > 200 {
			t.Errorf("ParseDays(%.20q) = %q, %v, want a mistake that says how", typed, got, err)
		}
	}
}

func TestDailyOnSomeDays(t *testing.T) {
	t.Parallel()
	days, err := ParseDays("mon,fri")
	if err != nil {
		t.Fatal(err)
	}
	d, at := daily(t, "08:00", "Europe/Kyiv").On(days), instant(t, "2026-01-19T05:00:00Z")
	for _, want := range []string{"2026-01-19T06:00:00Z", "2026-01-23T06:00:00Z", "2026-01-26T06:00:00Z"} {
		if at = d.Next(at); at.UTC().Format(time.RFC3339) != want {
			t.Errorf("got %s, want %s", at.UTC(), want)
		}
	}
}

func TestParseOffsets(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ typed, want string }{
		{"", "14,7,3,1,0,-1"}, {"1 14,7", "14,7,1"}, {"0,0,0", "0"}, {"−1", "-1"}, {"-30,366", "366,-30"},
	} {
		if got, err := ParseOffsets(tt.typed); err != nil || got.String() != tt.want {
			t.Errorf("ParseOffsets(%q) = %q, %v, want %q", tt.typed, got, err, tt.want)
		}
	}
	for typed, want := range map[string]string{
		"+1": `"+1"`, "367": `"367"`, "-31": `"-31"`, "x": `"x"`, "99999999999999999999": "days before a date",
		"1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21": "21 digests for one date, and 20 is the most",
	} {
		if got, err := ParseOffsets(typed); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseOffsets(%q) = %q, %v, want a mistake with %q", typed, got, err, want)
		}
	}
}

func TestCountdownNext(t *testing.T) {
	t.Parallel()
	davos := KeyDate{First: instant(t, "2026-01-19T00:00:00Z"), Last: instant(t, "2026-01-23T00:00:00Z")}
	for _, tt := range []struct {
		name, offsets, zone, after, want string
		date                             KeyDate
	}{
		{"the first of all", "14,7,0", "UTC", "2025-12-01T00:00:00Z", "2026-01-05T08:00:00Z", davos},
		{"those that passed are left out", "14,7,0", "Europe/Kyiv", "2026-01-12T06:00:00Z", "2026-01-19T06:00:00Z", davos},
		{"the day after its last day", "0,-1", "UTC", "2026-01-19T08:00:00Z", "2026-01-24T08:00:00Z", davos},
		{"all passed", "0,-1", "UTC", "2026-01-24T08:00:00Z", "never", davos},
		{"no day known", "0,-1", "UTC", "2026-01-01T08:00:00Z", "never", KeyDate{}},
		{"cancelled", "0,-1", "UTC", "2026-01-01T08:00:00Z", "never", KeyDate{First: davos.First, Last: davos.Last, Cancelled: true}},
		{
			"over a clock change", "1", "Europe/Zurich", "2026-03-01T00:00:00Z", "2026-03-29T06:00:00Z",
			KeyDate{First: instant(t, "2026-03-30T00:00:00Z"), Last: instant(t, "2026-03-30T00:00:00Z")},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			offsets, err := ParseOffsets(tt.offsets)
			if err != nil {
				t.Fatal(err)
			}
			got := "never"
			if next := daily(t, "08:00", tt.zone).Countdown(offsets, tt.date).Next(instant(t, tt.after)); !next.IsZero() {
				got = next.UTC().Format(time.RFC3339)
			}
			if got != tt.want {
				t.Errorf("Next(%s) = %s, want %s", tt.after, got, tt.want)
			}
		})
	}
}

func TestFindZones(t *testing.T) {
	t.Parallel()
	winter := instant(t, "2026-01-19T08:00:00Z")
	for _, tt := range []struct{ typed, want string }{
		{"kyiv", "Europe/Kyiv +02:00"},
		{"Київ", "Europe/Kyiv +02:00"},
		{"new y", "America/New_York -05:00"},
		{"europe/zur", "Europe/Zurich +01:00"},
		{"UTC+5:30", "Asia/Calcutta +05:30"},
		{"-9:30", "Pacific/Marquesas -09:30"},
		{"gmt+14", "Etc/GMT-14 +14:00"},
	} {
		found := FindZones(tt.typed, winter, 25)
		if len(found) == 0 || found[0].Name+" "+found[0].Offset != tt.want {
			t.Errorf("FindZones(%q) = %v, want %s first", tt.typed, found, tt.want)
		}
	}
	if found := FindZones("", winter, 25); len(found) != 25 {
		t.Errorf("nothing typed: got %d zones, want 25", len(found))
	}
	if found := FindZones("no such place", winter, 25); len(found) != 0 {
		t.Errorf("no such place: got %v, want none", found)
	}
}

func TestParseGrace(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]time.Duration{"30m": 30 * time.Minute, " 2H ": 2 * time.Hour, "12h": MaxGrace, "0": 0, "12h1m": 0, "-1h": 0, "soon": 0} {
		if got, err := ParseGrace(typed); got != want || (err == nil) != (want > 0) {
			t.Errorf("ParseGrace(%q) = %s, %v, want %s", typed, got, err, want)
		}
	}
}
