package briefings

import (
	"fmt"
	"slices"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// linked is a desk of sources that relay each other by place, and the chains
// of it.
func linked(relays [][]int) *chains {
	items, at := make([]Item, len(relays)), map[ID]int32{}
	id := func(i int) ID { return ID(fmt.Sprintf("source/s%d", i)) }
	for i, others := range relays {
		s := &Source{Envelope: Envelope{ID: id(i)}}
		for _, other := range others {
			s.Relays = append(s.Relays, id(other))
		}
		items[i], at[s.ID] = s, int32(i)
	}
	return newChains(items, at, follows)
}

// reachable is what follows from i, as defined.
func reachable(relays [][]int, i int) []int32 {
	found := map[int]bool{}
	var visit func(int)
	visit = func(i int) {
		for _, other := range relays[i] {
			if !found[other] {
				found[other] = true
				visit(other)
			}
		}
	}
	visit(i)
	var all []int32
	for i := range relays {
		if found[i] {
			all = append(all, int32(i))
		}
	}
	return all
}

func TestChainsAreAsDefined(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "items")
		relays := rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(0, n-1), 0, 3), n, n).Draw(t, "relays")
		c := linked(relays)
		behind := make([][]int32, n)
		for i := range n {
			want := reachable(relays, i)
			got := slices.Sorted(slices.Values(c.from(int32(i))))
			if !slices.Equal(got, want) {
				t.Errorf("from %d of %v follow %v, want %v", i, relays, got, want)
			}
			behind[i] = append(want, int32(i))
		}
		some := rapid.SliceOfN(rapid.Int32Range(0, int32(n-1)), 0, 6).Draw(t, "some")
		want := false
		for i, a := range some {
			for _, b := range some[:i] {
				want = want || !slices.ContainsFunc(behind[a], func(at int32) bool { return slices.Contains(behind[b], at) })
			}
		}
		for range 2 { // the second time from memory
			if got := c.apart(some); got != want {
				t.Errorf("two of %v among %v are apart: %t, want %t", some, relays, got, want)
			}
		}
	})
}

func TestChainsOfManyItems(t *testing.T) {
	t.Parallel()
	asked := map[ID]int{}
	items, at := make([]Item, MaxItems), map[ID]int32{}
	for i := range items {
		items[i] = heapedSource(i)
		at[items[i].Head().ID] = int32(i)
	}
	c := newChains(items, at, func(item Item) []ID {
		asked[item.Head().ID]++
		return follows(item)
	})
	all := make([]int32, maxCited)
	for i := range int32(MaxItems - maxCited) {
		if got := len(c.from(i)); got > maxChain+1 {
			t.Fatalf("from %d follow %d items, want at most %d", i, got, maxChain+1)
		}
		for n := range all {
			all[n] = i + int32(n)
		}
		c.apart(all)
	}
	for id, times := range asked {
		if times != 1 {
			t.Errorf("what follows from %s was asked %d times, want once", id, times)
		}
	}
	if most := int32(2 * MaxItems); c.walks > most {
		t.Errorf("the links were walked %d times, want at most %d: once for each item and once to keep", c.walks, most)
	}
}

func TestChainsLeaveOutOtherKindsAndTooMany(t *testing.T) {
	t.Parallel()
	items := []Item{
		&Question{Envelope: Envelope{ID: "question/a"}, AnsweredBy: []ID{"event/c", "question/b", "question/gone"}},
		&Question{Envelope: Envelope{ID: "question/b"}, AnsweredBy: append(make([]ID, maxNamed), "question/a")},
		&Event{Envelope: Envelope{ID: "event/c"}},
	}
	c := newChains(items, map[ID]int32{"question/a": 0, "question/b": 1, "event/c": 2}, follows)
	for i, want := range [][]int32{{1}, {}, {}} {
		if got := c.from(int32(i)); !slices.Equal(got, want) {
			t.Errorf("from %d follow %v, want %v", i, got, want)
		}
	}
}

func TestSteers(t *testing.T) {
	t.Parallel()
	for r := range unicode.MaxRune + 1 {
		want := unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp) && r != '\u200c' && r != '\u200d'
		if got := steers(r); got != want {
			t.Errorf("%U steers: %t, want %t", r, got, want)
		}
	}
}
