package briefings_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"sitrep/briefings"
)

// full is a desk of so many items, with the words of the bundled ones shuffled
// among them: real words, as often as they are.
func full(b *testing.B, n int) []briefings.Item {
	b.Helper()
	var words []string
	var actors []briefings.ID
	snap := bundled(b)
	items := snap.Items()[:len(snap.Items()):len(snap.Items())]
	for _, item := range items {
		words = append(words, strings.Fields(item.Head().Text)...)
		if id := item.Head().ID; id.Kind() == briefings.KindActor {
			actors = append(actors, id)
		}
	}
	draw := rand.New(rand.NewPCG(1, 2))
	phrase := func(n int) string {
		var all []string
		for range n {
			word := words[draw.IntN(len(words))]
			if draw.IntN(25) == 0 { // and some that are new
				word += fmt.Sprint(string(rune('a'+draw.IntN(26))), string(rune('a'+draw.IntN(26))))
			}
			all = append(all, word)
		}
		return strings.Join(all, " ")
	}
	for i := len(items); i < n; i++ {
		e := &briefings.Event{Headline: phrase(8), Place: phrase(2), Happened: briefings.Yes, Participants: []briefings.ID{actors[draw.IntN(len(actors))]}}
		e.ID, e.Refs = briefings.ID(fmt.Sprintf("event/e%d", i)), []string{fmt.Sprintf("X%d", i)}
		e.Text, e.Sections, e.Valid = phrase(25), []string{"talks"}, edtf(b, fmt.Sprintf("2026-01-%02d", 1+i%31))
		e.Translations = map[string]map[string]string{"uk": {"headline": phrase(8)}}
		items = append(items, e)
	}
	return items
}

// BenchmarkFirstSearch is what the first question after a change waits for.
func BenchmarkFirstSearch(b *testing.B) {
	for _, n := range []int{1, 1000, 5000, 20000} {
		b.Run(fmt.Sprintf("items=%d", max(n, len(bundled(b).Items()))), func(b *testing.B) {
			items := full(b, n)
			snap := compiled(items)
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			snap.Search(briefings.Query{Text: "davos"})
			runtime.GC()
			runtime.ReadMemStats(&after)
			b.ReportAllocs()
			for b.Loop() {
				compiled(items).Search(briefings.Query{Text: "davos"})
			}
			b.ReportMetric(float64(int64(after.HeapAlloc)-int64(before.HeapAlloc))/1e6, "kept-MB")
			runtime.KeepAlive(snap)
		})
	}
}
