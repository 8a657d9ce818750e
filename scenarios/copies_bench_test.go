package scenarios

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/briefings/catalogue"
	"sitrep/cache"
	"sitrep/store"
	"sitrep/testenv"
)

// shared is one database and one Redis, on which a benchmark starts copies.
type shared struct {
	record *store.Store
	redis  *cache.Cache
	items  []briefings.Item
}

// newShared has the bundled catalogue with as many more items as make n.
func newShared(b *testing.B, database string, n int) *shared {
	b.Helper()
	items, err := catalogue.Read(catalogue.Bundled(), catalogue.RecordedAt())
	if err != nil {
		b.Fatal(err)
	}
	pattern := items[slices.IndexFunc(items, func(i briefings.Item) bool { return i.Head().ID.Kind() == briefings.KindEvent })]
	for i := len(items); i < n; i++ {
		e, err := briefings.Clone(pattern)
		if err != nil {
			b.Fatal(err)
		}
		e.Head().ID, e.Head().Refs = briefings.ID(fmt.Sprintf("event/bench-%d", i)), []string{fmt.Sprintf("BN%d", i)}
		items = append(items, e)
	}
	s := &shared{items: items}
	if s.record, err = store.Open(b.Context(), database); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { closed(b, s.record.Close) })
	if s.redis, err = cache.Open(testenv.Redis(b), slog.New(slog.DiscardHandler)); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { closed(b, s.redis.Close) })
	return s
}

func closed(b *testing.B, closing func() error) {
	if err := closing(); err != nil {
		b.Error(err)
	}
}

// loaded is the catalogue that every copy starts with.
func (s *shared) loaded() briefings.Loaded {
	return briefings.Loaded{Items: s.items, Edition: catalogue.Edition(), RecordedAt: catalogue.RecordedAt()}
}

// heard is a cache that tells when its copy has acted on a change.
type heard struct {
	briefings.Cache
	acted chan int
}

func (h heard) Changes(ctx context.Context, f func(briefings.DeskID, int)) error {
	return h.Cache.Changes(ctx, func(desk briefings.DeskID, rev int) {
		f(desk, rev)
		select {
		case h.acted <- rev:
		case <-ctx.Done():
		}
	})
}

// copy starts a copy; acted receives the number of each revision that it has
// heard of and shows.
func (s *shared) copy(b *testing.B) (c *briefings.Service, acted chan int) {
	b.Helper()
	acted = make(chan int, 1)
	c = briefings.NewService(s.record, heard{s.redis, acted}, s.loaded(), time.Now, slog.New(slog.DiscardHandler))
	ctx, stop := context.WithCancel(context.WithoutCancel(b.Context()))
	over := make(chan error, 1)
	go func() { over <- c.Run(ctx) }()
	b.Cleanup(func() {
		stop()
		closed(b, func() error { return <-over })
	})
	<-acted // it listens
	return c, acted
}

// change amends the text of items of desk, all at once.
func change(b *testing.B, c *briefings.Service, desk briefings.DeskID, text string, items ...briefings.ID) *briefings.Snapshot {
	b.Helper()
	snap, err := c.Snapshot(b.Context(), desk)
	if err != nil {
		b.Fatal(err)
	}
	batch := briefings.Batch{Desk: desk, By: "42"}
	for _, id := range items {
		item, err := briefings.Clone(snap.Item(id))
		if err != nil {
			b.Fatal(err)
		}
		item.Head().Text = text
		batch.Changes = append(batch.Changes, briefings.Change{Item: item, Op: briefings.OpAmend, Reason: "counted again", Seen: snap.ItemRev(id)})
	}
	after, err := c.Publish(b.Context(), batch)
	if err != nil {
		b.Fatal(err)
	}
	return after
}

// percentiles reports the middle one and the slowest but 1 in 100.
func percentiles(b *testing.B, what string, took []time.Duration) {
	slices.Sort(took)
	for _, p := range []int{50, 99} {
		b.ReportMetric(float64(took[len(took)*p/100].Microseconds())/1000, fmt.Sprintf("%sp%d-ms", what, p))
	}
}

// BenchmarkVisible is how long a change takes from one copy to the other,
// through a real Redis: from the moment it is sent off, rules and database
// included, and from the moment that whoever sent it is told so.
func BenchmarkVisible(b *testing.B) {
	for _, n := range []int{0, 5000, 20_000} {
		b.Run(fmt.Sprintf("more items=%d", n), func(b *testing.B) {
			s := newShared(b, testenv.Postgres(b), n)
			one, acted := s.copy(b)
			other, told := s.copy(b)
			if _, err := other.Snapshot(b.Context(), "1"); err != nil {
				b.Fatal(err)
			}
			var whole, news []time.Duration
			sent := 0
			for b.Loop() {
				sent++
				begun := time.Now()
				after := change(b, one, "1", fmt.Sprintf("It is the %d. text.", sent), s.items[len(s.items)-1].Head().ID)
				published := time.Now()
				for len(news) < sent {
					select {
					case <-acted:
					case <-told:
						if snap, err := other.Snapshot(b.Context(), "1"); err != nil || snap.Rev >= after.Rev {
							whole, news = append(whole, time.Since(begun)), append(news, time.Since(published))
						}
					}
				}
			}
			percentiles(b, "", whole)
			percentiles(b, "news-", news)
		})
	}
}

// forgetful is a Redis that was emptied.
type forgetful struct{ briefings.Cache }

func (forgetful) Load(context.Context, briefings.DeskID) ([]byte, error)    { return nil, nil }
func (forgetful) Keep(context.Context, briefings.DeskID, int, []byte) error { return nil }

// BenchmarkColdRead is what the first question to a desk waits for on a copy
// that has just been started, by how many items the desk changed.
func BenchmarkColdRead(b *testing.B) {
	for _, changed := range []int{1, 100, 1000} {
		for _, database := range []string{"sqlite", "postgres"} {
			url := func(b *testing.B) string {
				if database == "postgres" {
					return testenv.Postgres(b)
				}
				return "sqlite:" + filepath.Join(b.TempDir(), "sitrep.db")
			}
			b.Run(fmt.Sprintf("changed=%d/%s", changed, database), func(b *testing.B) {
				s := newShared(b, url(b), 2000)
				writer := briefings.NewService(s.record, s.redis, s.loaded(), time.Now, slog.New(slog.DiscardHandler))
				var ids []briefings.ID
				for _, item := range s.items[len(s.items)-changed:] {
					ids = append(ids, item.Head().ID)
				}
				if err := writer.Follow(b.Context()); err != nil {
					b.Fatal(err)
				}
				change(b, writer, "1", "Another text.", ids...)
				b.Run("redis", func(b *testing.B) { s.readCold(b, s.redis) })
				b.Run("database", func(b *testing.B) { s.readCold(b, forgetful{s.redis}) })
			})
		}
	}
}

func (s *shared) readCold(b *testing.B, memory briefings.Cache) {
	for b.Loop() {
		b.StopTimer()
		c := briefings.NewService(s.record, memory, s.loaded(), time.Now, slog.New(slog.DiscardHandler))
		if err := c.Follow(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if snap, err := c.Snapshot(b.Context(), "1"); err != nil || len(snap.Own()) == 0 {
			b.Fatal(err)
		}
	}
}

// counted is a cache that counts how often it is asked.
type counted struct {
	briefings.Cache
	loads *atomic.Int64
}

func (c counted) Load(ctx context.Context, desk briefings.DeskID) ([]byte, error) {
	c.loads.Add(1)
	return c.Cache.Load(ctx, desk)
}

// BenchmarkDesks asks 10,000 desks without changes of their own 100,000
// questions, some of them far more often than others, and reports what the
// desks take and how many of the answers came from memory alone.
func BenchmarkDesks(b *testing.B) {
	const desks, questions = 10_000, 100_000
	s := newShared(b, "sqlite:"+filepath.Join(b.TempDir(), "sitrep.db"), 0)
	for b.Loop() {
		loads := new(atomic.Int64)
		c := briefings.NewService(s.record, counted{forgetful{s.redis}, loads}, s.loaded(), time.Now, slog.New(slog.DiscardHandler))
		draw := rand.New(rand.NewPCG(1, 2))
		popular := rand.NewZipf(draw, 1.1, 1, desks-1)
		ids := make([]briefings.DeskID, desks)
		for i := range ids {
			ids[i] = briefings.DeskID(fmt.Sprint(1_000_000_000_000_000_000 + i))
		}
		ask := func(id briefings.DeskID) {
			if _, err := c.Snapshot(b.Context(), id); err != nil {
				b.Fatal(err)
			}
		}
		for range questions {
			ask(ids[popular.Uint64()])
		}
		b.ReportMetric(100*(1-float64(loads.Load())/questions), "%-from-memory")
		c = briefings.NewService(s.record, forgetful{s.redis}, s.loaded(), time.Now, slog.New(slog.DiscardHandler))
		before := inUse()
		for _, id := range ids {
			ask(id)
		}
		b.ReportMetric(float64(inUse()-before)/1e6, "MB")
		runtime.KeepAlive(c)
	}
}

// inUse is how many bytes of the heap something still refers to.
func inUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
