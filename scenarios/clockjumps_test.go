package scenarios

import (
	"cmp"
	"fmt"
	"net/http"
	"testing"
	"time"

	"sitrep/digests"
	"sitrep/testenv"
)

// A calendar is a subscription and, found another way than sitrep finds it, when
// it falls due.
type calendar struct {
	digests.Subscription
	due func(local time.Time) bool // at a full minute
}

func calendars() []calendar {
	daily := func(at string) func(time.Time) bool {
		return func(local time.Time) bool { return local.Format("15:04") == at }
	}
	return []calendar{
		{digests.Subscription{Kind: digests.CronKind, Cron: "0 * * * *", Zone: "UTC"}, func(local time.Time) bool { return local.Minute() == 0 }},
		{digests.Subscription{Kind: digests.CronKind, Cron: "0,30 8-17 * * mon-fri", Zone: "Europe/Berlin"}, func(local time.Time) bool {
			weekend := local.Weekday() == time.Saturday || local.Weekday() == time.Sunday
			return local.Minute()%30 == 0 && local.Hour() >= 8 && local.Hour() <= 17 && !weekend
		}},
		{digests.Subscription{Kind: digests.DailyKind, At: "08:00", Zone: "Europe/Kyiv"}, daily("08:00")},
		{digests.Subscription{Kind: digests.DailyKind, At: "08:00", Zone: "Asia/Kolkata", Grace: 12 * time.Hour}, daily("08:00")},
		{digests.Subscription{Kind: digests.DailyKind, At: "07:00", Zone: "UTC", Grace: time.Minute}, daily("07:00")},
		{digests.Subscription{Kind: digests.CronKind, Cron: "0 9 1 * *", Zone: "America/New_York"}, func(local time.Time) bool { return local.Day() == 1 && daily("09:00")(local) }},
	}
}

// between are the times after from, up to to, at which a calendar falls due.
func (k calendar) between(t *testing.T, from, to time.Time) (all []time.Time) {
	t.Helper()
	zone, err := time.LoadLocation(k.Zone)
	if err != nil {
		t.Fatal(err)
	}
	for at := from.Truncate(time.Minute).Add(time.Minute); !at.After(to); at = at.Add(time.Minute) {
		if k.due(at.In(zone)) {
			all = append(all, at)
		}
	}
	return all
}

// mostRecorded is how many slots the ledger shows of an outage.
const mostRecorded = 50

// A clockMove sets the clock; with over, it then runs on past that time.
type clockMove struct{ name, to, over string }

func clockMoves() []clockMove {
	return []clockMove{
		{"a few minutes' sleep", "2026-01-19T06:47:00Z", ""},
		{"a step, then a due time", "2026-01-19T06:59:57Z", "2026-01-19T07:00:00Z"},
		{"set back by NTP, and the due time again", "2026-01-19T06:59:57Z", "2026-01-19T07:00:00Z"},
		{"forwards over nothing", "2026-01-19T07:00:02Z", ""},
		{"suspended for two hours and a half", "2026-01-19T09:31:00Z", ""},
		{"forwards by a month", "2026-02-19T08:17:00Z", ""},
		{"back by three days", "2026-02-16T05:17:00Z", ""},
		{"forwards to what was there before", "2026-02-19T07:59:58Z", "2026-02-19T08:00:00Z"},
		{"and a little beyond", "2026-02-19T10:31:00Z", ""},
		{"back to before all began", "2026-01-01T00:17:00Z", ""},
		{"forwards by three months, less than half an hour after", "2026-04-01T13:20:00Z", ""},
	}
}

// However the clock jumps, no subscription gets more than one digest of what it
// jumped over, none of what it had before, and the newest one that is still
// within its grace.
func TestClockJumps(t *testing.T) {
	t.Parallel()
	for _, copies := range []int{1, 2} {
		t.Run(fmt.Sprintf("copies=%d", copies), func(t *testing.T) {
			t.Parallel()
			database, environ := "", []string(nil)
			if copies > 1 {
				database = testenv.Postgres(t)
				environ = []string{"SITREP_DATABASE_URL=" + database, "SITREP_REDIS_URL=" + testenv.Redis(t)}
			}
			var wanted []digests.Subscription
			for _, k := range calendars() {
				k.NextDue = k.between(t, madeAt(), madeAt().AddDate(0, 1, 0))[0]
				wanted = append(wanted, k.Subscription)
			}
			c := newCluster(t, 0, "jumping", database, wanted...)
			c.launch(t, copies, environ...)
			high := madeAt()
			for _, move := range clockMoves() {
				high = jumpTo(t, c, move, high)
			}
			v, err := c.verdict()
			if err != nil {
				t.Fatal(err)
			}
			for _, fault := range v.faults() {
				t.Error(fault)
			}
		})
	}
}

// jumpTo moves the clock, checks what was posted then, and notes what the ledger
// has to show. high is the latest time that the clock has shown.
func jumpTo(t *testing.T, c *cluster, move clockMove, high time.Time) time.Time {
	t.Helper()
	before := countPosted(t, c)
	to, err := time.Parse(time.RFC3339, move.to)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.jump(to); err != nil {
		t.Fatal(err)
	}
	if move.over != "" {
		if to, err = time.Parse(time.RFC3339, move.over); err != nil {
			t.Fatal(err)
		}
		for now := to; !now.After(to); c.pause(50 * time.Millisecond) {
			var clock struct{ Now time.Time }
			if err := c.call(http.MethodGet, "/sandbox/clock", nil, &clock); err != nil {
				t.Fatal(err)
			}
			now = clock.Now
		}
	}
	advance(t, c.discord, "0s")
	if err := c.settled(func(_, open int) bool { return open == 0 }, to); err != nil {
		t.Fatal(err)
	}
	after := countPosted(t, c)
	for i, k := range calendars() {
		fell := k.between(t, high, to)
		due := fell[max(0, len(fell)-mostRecorded):]
		for n, at := range due {
			timely := n == len(due)-1 && to.Sub(at) <= cmp.Or(k.Grace, digests.DefaultGrace)
			c.wanted = append(c.wanted, expectation{channel: c.channels[i], due: at, skipped: !timely})
		}
		posted, most := after[i]-before[i], min(len(due), 1)
		if posted > most {
			t.Errorf("%s: %d digests of %q posted, want %d at most", move.name, posted, k.Cron+k.At, most)
		}
	}
	if to.After(high) {
		return to
	}
	return high
}

// countPosted is how many digests each channel has.
func countPosted(t *testing.T, c *cluster) (counts []int) {
	t.Helper()
	posted, err := c.posted()
	if err != nil {
		t.Fatal(err)
	}
	for _, channel := range c.channels {
		counts = append(counts, len(posted[channel]))
	}
	return counts
}
