package store_test

import (
	"fmt"
	"testing"
	"time"

	"sitrep/digests"
	"sitrep/testenv"
)

// onEach runs bench on both engines. Postgres runs without syncing to disk, so
// the two are not to be compared.
func onEach(b *testing.B, bench func(b *testing.B, url string)) {
	b.Run("sqlite", func(b *testing.B) { bench(b, sqliteURL(b)) })
	b.Run("postgres", func(b *testing.B) { bench(b, testenv.Postgres(b)) })
}

func BenchmarkPublish(b *testing.B) {
	for _, n := range []int{1, 100} {
		b.Run(fmt.Sprintf("items=%d", n), func(b *testing.B) {
			onEach(b, func(b *testing.B, url string) {
				s := open(b, url)
				rev := 0
				for b.Loop() {
					if err := s.Publish(b.Context(), "1", rev, revisions(rev+1, n)); err != nil {
						b.Fatal(err)
					}
					rev++
				}
			})
		})
	}
}

func BenchmarkRevisions(b *testing.B) {
	const n = 1000
	onEach(b, func(b *testing.B, url string) {
		s := open(b, url)
		if err := s.Publish(b.Context(), "1", 0, revisions(1, n)); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if got, err := s.Revisions(b.Context(), "1", 0); err != nil || len(got) != n {
				b.Fatal(len(got), err)
			}
		}
	})
}

// BenchmarkClaimAndFinish has many slots waiting, as after a long outage.
func BenchmarkClaimAndFinish(b *testing.B) {
	const waiting = 1000
	onEach(b, func(b *testing.B, url string) {
		s := open(b, url)
		o := subscribed(b, s)
		planned, wall := 0, time.Now()
		plan := func() {
			slots := make([]digests.Slot, waiting)
			for i := range slots {
				planned++
				slots[i] = digests.Slot{
					ID: fmt.Sprint(planned), Subscription: o.ID, Due: time.UnixMilli(int64(planned)), State: digests.Planned,
				}
			}
			next := o.NextDue.Add(time.Millisecond)
			if err := s.Plan(b.Context(), o, slots, next); err != nil {
				b.Fatal(err)
			}
			o.NextDue = next
		}
		done := 0
		for b.Loop() {
			if done == planned {
				b.StopTimer()
				plan()
				b.StartTimer()
			}
			c, err := s.Claim(b.Context(), "bench", wall, time.Minute)
			if err != nil {
				b.Fatal(err)
			}
			if err := s.Finish(b.Context(), c, digests.Slot{State: digests.Sent}); err != nil {
				b.Fatal(err)
			}
			done++
		}
	})
}
