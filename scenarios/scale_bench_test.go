package scenarios

import (
	"context"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/briefings/catalogue"
	"sitrep/cache"
	"sitrep/cards"
	"sitrep/digests"
	"sitrep/pictures"
	"sitrep/store"
	"sitrep/testenv"
	"sitrep/words"
)

//nolint:gochecknoglobals // flags, which nothing changes once they are read
var (
	scaleServers       = flag.Int("scale.servers", 300, "how many servers the BenchmarkScale ones have")
	scaleSubscriptions = flag.Int("scale.subscriptions", 3000, "how many digests BenchmarkScaleLedger has subscribed")
	scaleDays          = flag.Int("scale.days", 2, "how many days of digests BenchmarkScaleLedger finds in the ledger")
)

// BenchmarkScaleLedger has the digests of many servers in one database, and
// reports what planning a day of them takes, what a second costs in which
// nothing is due, and what is written for a digest that is sent.
func BenchmarkScaleLedger(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(fmt.Sprintf("%s/servers=%d/digests=%d", engine, *scaleServers, *scaleSubscriptions), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				url := "sqlite:" + filepath.Join(b.TempDir(), "sitrep.db")
				if engine == "postgres" {
					url = testenv.Postgres(b)
				}
				l := newLedger(b, url)
				b.StartTimer()
				l.idle("idle-")
				l.plan()
				l.sent()
			}
		})
	}
}

// A ledger is one copy of sitrep on a database that holds much, without Discord.
type ledger struct {
	b      *testing.B
	db     *sql.DB
	engine string
	record *store.Store
	writer digests.Writer
	now    time.Time // by the clock of due times
	wall   time.Time
}

// scaleNow is a Wednesday, on which the catalogue has dates to come.
func scaleNow() time.Time { return time.Date(2026, time.January, 21, 12, 0, 0, 0, time.UTC) }

func newLedger(b *testing.B, url string) *ledger {
	b.Helper()
	l := &ledger{b: b, now: scaleNow(), wall: time.Now()}
	var err error
	if l.record, err = store.Open(b.Context(), url); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { closed(b, l.record.Close) })
	name := strings.TrimPrefix(url, "sqlite:")
	if l.engine = "sqlite"; name == url {
		l.engine = "pgx"
	}
	if l.db, err = sql.Open(l.engine, name); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { closed(b, l.db.Close) })
	log := slog.New(slog.DiscardHandler)
	items, err := catalogue.Read(catalogue.Bundled(), catalogue.RecordedAt())
	if err != nil {
		b.Fatal(err)
	}
	book, err := words.Open()
	if err != nil {
		b.Fatal(err)
	}
	gallery, err := pictures.New(log)
	if err != nil {
		b.Fatal(err)
	}
	redis, err := cache.Open(cache.Embedded, log)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { closed(b, redis.Close) })
	service := briefings.NewService(l.record, redis, briefings.Loaded{Items: items, Edition: catalogue.Edition(), RecordedAt: catalogue.RecordedAt()}, func() time.Time { return l.now }, log)
	if err := service.Follow(b.Context()); err != nil {
		b.Fatal(err)
	}
	l.writer = digests.Writer{Briefings: service, Pictures: gallery, Book: book}
	l.fill(service.Base())
	return l
}

// zonesInUse are those that the servers are in, one after the other.
func zonesInUse() []string {
	return strings.Fields(`America/Los_Angeles America/Denver America/Chicago America/New_York America/Sao_Paulo Atlantic/Azores
		UTC Europe/London Europe/Berlin Europe/Kyiv Europe/Istanbul Asia/Dubai Asia/Kolkata Asia/Bangkok Asia/Shanghai Asia/Tokyo
		Australia/Adelaide Australia/Sydney Pacific/Auckland Asia/Kathmandu`)
}

// fill makes servers with settings, each tenth with a change of its own, and
// their digests: daily ones at eight in many zones, each nineteenth a countdown;
// and what was sent of the daily ones in the days before.
func (l *ledger) fill(base *briefings.Snapshot) {
	l.b.Helper()
	const offsets = "14,7,3,1,0,-1"
	id, date := l.dayKnown(base)
	zones, empty := zonesInUse(), l.size()
	for z, zone := range zones {
		next := func(s digests.Subscription) int64 {
			schedule, err := s.Schedule(date)
			if err != nil {
				l.b.Fatal(err)
			}
			return schedule.Next(l.now).UnixMilli()
		}
		daily := next(digests.Subscription{Kind: digests.DailyKind, At: "08:00", Zone: zone})
		countdown := next(digests.Subscription{Kind: digests.CountdownKind, At: "08:00", Zone: zone, Offsets: offsets})
		l.exec(fmt.Sprintf(`
			WITH RECURSIVE n(i) AS (SELECT %d UNION ALL SELECT i + %d FROM n WHERE i + %d < %d)
			INSERT INTO subscriptions (id, desk, channel, kind, at, zone, days, cron, key_date, offsets, sections, locale, quiet, grace,
				paused, since, created_by, created_at, next_due)
			SELECT 'S' || i, CAST(1000000000000000000 + i %% %d AS TEXT), CAST(2000000000000000000 + i AS TEXT),
				CASE WHEN i %% 19 = 0 THEN 'countdown' ELSE 'daily' END, '08:00', '%s', '', '', CASE WHEN i %% 19 = 0 THEN '%s' ELSE '' END,
				CASE WHEN i %% 19 = 0 THEN '%s' ELSE '' END, '', 'en-GB', 'line', 7200000, '', 0, '42', 0, CASE WHEN i %% 19 = 0 THEN %d ELSE %d END
			FROM n`, z, len(zones), len(zones), *scaleSubscriptions, *scaleServers, zone, id, offsets, countdown, daily))
	}
	l.b.ReportMetric(float64(l.size()-empty)/float64(*scaleSubscriptions), "B/subscription")
	l.publish(base)
	l.exec(fmt.Sprintf(`
		WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %d)
		INSERT INTO settings (desk, rev, moderator_role, log_channel, zone, locale, share, two_person, nudge)
		SELECT CAST(1000000000000000000 + i AS TEXT), 1, '', '3', 'Europe/Berlin', '', '', '', '' FROM n`, *scaleServers))
	facts := l.facts(base)
	var slots, postings int64
	for day := 1; day <= *scaleDays; day++ {
		before := l.size()
		l.exec(fmt.Sprintf(`
			INSERT INTO slots (id, subscription, due, state, reason, message, rev, tries, channel)
			SELECT id || '-%d', id, next_due - %d, 'sent', '', '1234567890123456789', %d, 0, channel
			FROM subscriptions WHERE kind = 'daily'`, day, day*86_400_000, base.Rev))
		planned := l.size()
		l.exec(fmt.Sprintf(`
			INSERT INTO postings (slot, desk, channel, facts, rev, posted, seen)
			SELECT id || '-%d', desk, channel, $1, %d, next_due - %d, %d FROM subscriptions WHERE kind = 'daily'`,
			day, base.Rev, day*86_400_000, base.Rev), facts)
		slots, postings = slots+planned-before, postings+l.size()-planned
	}
	sent := float64(*scaleDays * *scaleSubscriptions * 18 / 19)
	l.b.ReportMetric(float64(slots)/sent, "B/slot")
	l.b.ReportMetric(float64(postings)/sent, "B/posting")
	l.exec(`ANALYZE`) //nolint:misspell // SQL's word
	l.b.ReportMetric(float64(l.size())/1e6, "database-MB")
}

// publish has each tenth of the servers change something.
func (l *ledger) publish(base *briefings.Snapshot) {
	l.b.Helper()
	change(l.b, l.writer.Briefings, "like", "It is another text.", base.Items()[0].Head().ID)
	const n = `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 10 FROM n WHERE i + 10 < %d)`
	l.exec(fmt.Sprintf(n+`INSERT INTO desks (desk, rev, recorded_at)
		SELECT CAST(1000000000000000000 + i AS TEXT), rev, recorded_at FROM n, desks WHERE desk = 'like'`, *scaleServers))
	l.exec(fmt.Sprintf(n+`INSERT INTO revisions (desk, rev, item, place, op, body, reason, recorded_at, recorded_by, approved_by, edition)
		SELECT CAST(1000000000000000000 + i AS TEXT), rev, item, place, op, body, reason, recorded_at, recorded_by, approved_by, edition
		FROM n, revisions WHERE desk = 'like'`, *scaleServers))
}

// size is how many bytes the database has on disk.
func (l *ledger) size() (n int64) {
	l.b.Helper()
	text := `SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()`
	if l.engine == "pgx" {
		text = `SELECT pg_database_size(current_database())`
	}
	if err := l.db.QueryRowContext(l.b.Context(), text).Scan(&n); err != nil {
		l.b.Fatal(err)
	}
	return n
}

// dayKnown is a date of the catalogue whose day is known and to come.
func (l *ledger) dayKnown(base *briefings.Snapshot) (briefings.ID, digests.KeyDate) {
	l.b.Helper()
	for _, item := range base.Items() {
		id := item.Head().ID
		if date, err := l.writer.KeyDate(l.b.Context(), briefings.Catalogue, id); err == nil && date.First.After(l.now) {
			return id, date
		}
	}
	l.b.Fatal("the catalogue has no date to come")
	return "", digests.KeyDate{}
}

// facts are what a digest is written from, as long as they usually are.
func (l *ledger) facts(base *briefings.Snapshot) string {
	l.b.Helper()
	text, err := json.Marshal(digests.Composition{
		Subscription: digests.Subscription{
			ID: digests.NewID(), Desk: "1000000000000000000", Channel: "2000000000000000000", Kind: digests.DailyKind, At: "08:00", Zone: "Europe/Kyiv",
			Quiet: digests.QuietLine, Locale: "en-GB", Grace: 2 * time.Hour, CreatedAt: l.now, Since: l.now, NextDue: l.now,
		},
		Slot: digests.Slot{ID: "01234567890123456789", Subscription: digests.NewID(), Due: l.now, State: digests.Claimed},
		At:   l.now, LastRev: base.Rev, Next: l.now,
	})
	if err != nil {
		l.b.Fatal(err)
	}
	return string(text)
}

func (l *ledger) exec(text string, args ...any) {
	l.b.Helper()
	if _, err := l.db.ExecContext(l.b.Context(), text, args...); err != nil {
		l.b.Fatalf("%s: %v", text, err)
	}
}

// nowhere takes every message and keeps none.
type nowhere struct{ posted atomic.Int64 }

func (n *nowhere) Post(context.Context, digests.ChannelID, cards.Card, string) (string, error) {
	return fmt.Sprint(1_234_567_890_123_456_789 + n.posted.Add(1)), nil
}

func (*nowhere) Find(context.Context, digests.ChannelID, string, time.Time) (string, bool, error) {
	return "", false, nil
}

func (*nowhere) Direct(context.Context, briefings.UserID, cards.Card, string) error { return nil }

func (*nowhere) Edit(context.Context, digests.ChannelID, string, cards.Card, string) error {
	return nil
}

func (*nowhere) Reply(context.Context, digests.ChannelID, string, cards.Card, string) (string, error) {
	return "", nil
}

// planOnly claims nothing.
type planOnly struct{ digests.Ledger }

func (planOnly) Claim(context.Context, string, time.Time, time.Duration) (digests.Claim, error) {
	return digests.Claim{}, digests.ErrNothing
}

func (l *ledger) runner(of digests.Ledger, to *nowhere) *digests.Runner {
	return digests.New(slog.New(slog.DiscardHandler), digests.Parts{
		Planning: l.record, Dates: l.writer.KeyDate, Ledger: of, Poster: to, Compose: l.writer.Compose,
		Errands: l.record, Title: l.writer.Title, Corrections: l.record, Corrector: l.writer, Editor: to,
		Notify: digests.Notifier{Notices: l.record, Messenger: to, Book: l.writer.Book, Log: slog.New(slog.DiscardHandler)}.Notify,
		Clock:  func() time.Time { return l.now }, Wall: func() time.Time { return l.wall },
	})
}

func (l *ledger) took(what string, f func(context.Context) error) {
	l.b.Helper()
	begun := time.Now()
	if err := f(l.b.Context()); err != nil {
		l.b.Fatalf("%s: %v", what, err)
	}
	l.b.ReportMetric(float64(time.Since(begun).Microseconds())/1000, what+"-ms")
}

// idle reports how long each job takes in a second in which nothing is due: in
// the first one, and in one of the minute that follows.
func (l *ledger) idle(prefix string) {
	l.b.Helper()
	r := l.runner(l.record, new(nowhere))
	settings := func(ctx context.Context, desk briefings.DeskID) (briefings.Settings, error) {
		return l.record.Settings(ctx, desk)
	}
	nudger := &digests.Nudger{Record: l.record, Settings: settings, Log: slog.New(slog.DiscardHandler)}
	gone := func(context.Context, briefings.DeskID) (bool, error) { return false, nil }
	departures := briefings.NewDepartures(l.record, gone, func(context.Context, briefings.DeskID) {}, slog.New(slog.DiscardHandler))
	all := map[string][]time.Duration{}
	for range 61 {
		for what, job := range map[string]func(context.Context, time.Time) error{
			"tick": r.Tick, "errands": r.RunErrands, "corrections": r.RunCorrections, "notices": nudger.Run, "departures": departures.Run,
		} {
			begun := time.Now()
			if err := job(l.b.Context(), l.now); err != nil {
				l.b.Fatalf("%s: %v", what, err)
			}
			all[what] = append(all[what], time.Since(begun))
		}
		l.now, l.wall = l.now.Add(time.Second), l.wall.Add(time.Second)
	}
	for what, took := range all {
		l.b.ReportMetric(float64(took[0].Microseconds())/1000, prefix+"first-"+what+"-ms")
		var later time.Duration
		for _, t := range took[1:] {
			later += t
		}
		l.b.ReportMetric(float64(later.Microseconds())/1000/float64(len(took)-1), prefix+what+"-ms")
	}
	l.took(prefix+"tally", func(ctx context.Context) error {
		_, _, err := l.record.Tally(ctx, l.now.AddDate(0, 0, -1), l.now)
		return err
	})
	l.took(prefix+"known", func(ctx context.Context) error {
		_, err := l.record.Known(ctx)
		return err
	})
	held := make([]briefings.DeskID, *scaleServers)
	for i := range held {
		held[i] = briefings.DeskID(fmt.Sprint(1_000_000_000_000_000_000 + i))
	}
	l.took(prefix+"compare", func(ctx context.Context) error {
		_, err := l.record.Newest(ctx, held)
		if err == nil {
			_, err = l.record.SettingsRevs(ctx, held)
		}
		return err
	})
}

// plan reports how long planning the next day takes.
func (l *ledger) plan() {
	l.b.Helper()
	l.now = l.now.Add(24 * time.Hour)
	begun := time.Now()
	l.took("plan", func(ctx context.Context) error {
		return l.runner(planOnly{l.record}, new(nowhere)).Tick(ctx, l.now)
	})
	l.b.ReportMetric(float64(time.Since(begun).Microseconds())/float64(*scaleSubscriptions), "plan-µs/digest")
}

// sent reports what sending some of the planned digests takes, Discord aside.
func (l *ledger) sent() {
	l.b.Helper()
	some := int64(min(500, *scaleSubscriptions/25))
	to := new(nowhere)
	ctx, stop := context.WithCancel(l.b.Context())
	l.now = l.now.Add(-23 * time.Hour) // so that none is too late
	r := l.runner(stopping{l.record, new(atomic.Int64), some}, to)
	begun := time.Now()
	if err := r.Tick(ctx, l.now); err != nil {
		l.b.Fatal(err)
	}
	stop()
	l.b.ReportMetric(float64(time.Since(begun).Microseconds())/float64(to.posted.Load()), "send-µs/digest")
	l.b.ReportMetric(float64(to.posted.Load()), "sent")
}

// stopping is a ledger that gives out so many slots.
type stopping struct {
	digests.Ledger
	claimed *atomic.Int64
	most    int64
}

func (s stopping) Claim(ctx context.Context, owner string, wall time.Time, lease time.Duration) (digests.Claim, error) {
	if s.claimed.Add(1) > s.most {
		return digests.Claim{}, digests.ErrNothing
	}
	return s.Ledger.Claim(ctx, owner, wall, lease)
}

// BenchmarkScaleChanges has one copy publish changes to many servers at once,
// each its own: how many a second come of that.
func BenchmarkScaleChanges(b *testing.B) {
	s := newShared(b, testenv.Postgres(b), 0)
	one, acted := s.copy(b)
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	go func() {
		for {
			select {
			case <-acted:
			case <-ctx.Done():
				return
			}
		}
	}()
	var desks atomic.Int64
	b.RunParallel(func(pb *testing.PB) {
		desk := briefings.DeskID(fmt.Sprint("desk-", desks.Add(1)))
		for n := 0; pb.Next(); n++ {
			change(b, one, desk, fmt.Sprintf("It is the %d. text.", n), s.items[len(s.items)-1].Head().ID)
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "changes/s")
}
