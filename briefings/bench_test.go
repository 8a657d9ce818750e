package briefings_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/cache"
	"sitrep/store"
	"sitrep/testenv"
)

// large is a catalogue of n items.
func large(tb testing.TB, n int) []briefings.Item {
	all := items(tb)
	for i := len(all); i < n; i++ {
		figure, err := briefings.Clone(all[2])
		if err != nil {
			tb.Fatal(err)
		}
		figure.Head().ID, figure.Head().Refs = briefings.ID(fmt.Sprintf("figure/n%d", i)), []string{fmt.Sprintf("N%d", i)}
		all = append(all, figure)
	}
	return all
}

func creations(items []briefings.Item) []briefings.Revision {
	revs := make([]briefings.Revision, len(items))
	for i, item := range items {
		revs[i] = briefings.Revision{Rev: 1, Item: item, Op: briefings.OpCreate, RecordedAt: begin()}
	}
	return revs
}

// amendments are n changes that a desk made, one Rev each.
func amendments(n int, item briefings.Item) []briefings.Revision {
	revs := make([]briefings.Revision, n)
	for i := range revs {
		revs[i] = briefings.Revision{Rev: i + 2, Item: item, Op: briefings.OpAmend, RecordedAt: begin().Add(time.Duration(i) * time.Second)}
	}
	return revs
}

// BenchmarkCompile makes a catalogue's snapshot, and that of a desk with ten
// changes of its own on top.
func BenchmarkCompile(b *testing.B) {
	for _, n := range []int{1000, 5000, 20_000} {
		all := large(b, n)
		revs := creations(all)
		base := briefings.Compile(briefings.Catalogue, nil, revs)
		b.Run(fmt.Sprintf("catalogue/items=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				briefings.Compile(briefings.Catalogue, nil, revs)
			}
		})
		own := amendments(10, all[3])
		b.Run(fmt.Sprintf("desk/items=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				briefings.Compile("1", base, own)
			}
		})
	}
}

func redis(b *testing.B, url string) *cache.Cache {
	b.Helper()
	c, err := cache.Open(url, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := c.Close(); err != nil {
			b.Error(err)
		}
	})
	return c
}

// on is a rig over another database.
func on(b *testing.B, url string) *rig {
	b.Helper()
	db, err := store.Open(b.Context(), url)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	})
	r := newRig(b)
	r.record.Record = db
	return r
}

// BenchmarkColdDesk asks a copy that holds nothing for a desk with a thousand
// items of its own; Postgres runs without syncing to disk, which reading does
// not notice.
func BenchmarkColdDesk(b *testing.B) {
	fill := func(r *rig, c briefings.Cache) {
		s := r.copy(c)
		var changes []briefings.Change
		for _, item := range large(b, 1000)[len(items(b)):] {
			changes = append(changes, briefings.Change{Item: item, Op: briefings.OpCreate})
		}
		if _, err := s.Publish(b.Context(), batch("1", changes...)); err != nil {
			b.Fatal(err)
		}
	}
	cold := func(b *testing.B, r *rig, c briefings.Cache) {
		for b.Loop() {
			if got := snapshot(b, r.copy(c), "1"); len(got.Items()) != 1000 {
				b.Fatalf("got %d items", len(got.Items()))
			}
		}
	}
	for name, url := range map[string]func(*testing.B) string{
		"sqlite":   func(b *testing.B) string { return "sqlite:" + filepath.Join(b.TempDir(), "sitrep.db") },
		"postgres": func(b *testing.B) string { return testenv.Postgres(b) },
	} {
		b.Run(name, func(b *testing.B) {
			r := on(b, url(b))
			fill(r, forgetful{})
			cold(b, r, forgetful{})
		})
	}
	b.Run("redis", func(b *testing.B) {
		r, c := newRig(b), redis(b, testenv.Redis(b))
		fill(r, c)
		cold(b, r, c)
	})
}

// BenchmarkPublishedToVisible is how long after one copy was told to publish
// another one shows it, by the news in a Redis of its own.
func BenchmarkPublishedToVisible(b *testing.B) {
	r, url := newRig(b), testenv.Redis(b)
	listening := heard{redis(b, url), make(chan int, 1)}
	a, other := r.copy(redis(b, url)), r.copy(listening)
	ctx, cancel := context.WithCancel(context.WithoutCancel(b.Context()))
	ended := make(chan error)
	go func() { ended <- other.Run(ctx) }()
	defer func() {
		cancel()
		if err := <-ended; err != nil {
			b.Error(err)
		}
	}()
	<-listening.news // that it has subscribed
	snapshot(b, other, "1")
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		rev := amend(b, a, "1", "figure/one", fmt.Sprint(i+2)).Rev
		for got := 0; got != rev; {
			got = <-listening.news
		}
		took = append(took, time.Since(began))
		if got := valueOf(snapshot(b, other, "1"), "figure/one"); got != fmt.Sprint(i+2) {
			b.Fatalf("told of revision %d, and shows %s", rev, got)
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}
