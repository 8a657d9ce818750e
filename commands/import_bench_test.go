package commands

import (
	"fmt"
	"runtime"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/briefings/catalogue"
)

// large is an archive of n items whose files have close to 8 MiB, in four languages.
func large(tb testing.TB, n int) (archive []byte, unpacked int) {
	tb.Helper()
	cyrillic, latin := strings.Repeat("слово за словом ", 17), strings.Repeat("one word after the other ", 11)
	var items []briefings.Item
	for i := range n {
		s := &briefings.Source{Title: "Report " + strconv.Itoa(i), Publisher: "Office", Language: "uk"}
		s.ID, s.Refs = briefings.ID("source/s"+strconv.Itoa(i)), []string{"N" + strconv.Itoa(i)}
		if err := s.Reliability.UnmarshalText([]byte("C")); err != nil {
			tb.Fatal(err)
		}
		s.Text, s.Caveat = cyrillic[:len(cyrillic)-1], "Counted once"
		s.Translations = map[string]map[string]string{"de": {"text": latin[:len(latin)-1]}, "fr": {"text": latin[:len(latin)-1]}}
		items = append(items, s)
	}
	files := catalogue.Write(items)
	for _, data := range files {
		unpacked += len(data)
	}
	return zipped(tb, files), unpacked
}

// peak watches the heap until it is asked, and tells the most that was in use
// above what was there at first.
func peak() (most func() uint64) {
	read := func() uint64 {
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	runtime.GC()
	first, highest := read(), uint64(0)
	stop := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		for {
			highest = max(highest, read())
			select {
			case <-stop:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	})
	return func() uint64 {
		close(stop)
		watching.Wait()
		return highest - min(highest, first)
	}
}

// BenchmarkImport reads 5,000 items from an archive and proposes them to a desk,
// or goes on and publishes them.
func BenchmarkImport(b *testing.B) {
	data, unpacked := large(b, 5000)
	if unpacked > catalogue.MaxBytes {
		b.Fatalf("the files have %d bytes, more than an import takes", unpacked)
	}
	for _, publishes := range []bool{false, true} {
		b.Run(fmt.Sprintf("publish=%t", publishes), func(b *testing.B) {
			r := newRig(b)
			n := 3000
			var most uint64
			for b.Loop() {
				n++
				who := member()
				who.Desk = briefings.DeskID(strconv.Itoa(n))
				heap := peak()
				got := r.imports(who, "desk.zip", data, nil)
				if got.say != "" || len(got.card.Buttons) == 0 {
					b.Fatalf("got %q %q, want a proposal", got.say, got.text)
				}
				if publishes {
					name, state, _ := strings.Cut(got.card.Buttons[0].Action, ":")
					r.press(who, name, Press{State: state})
				}
				most = max(most, heap())
			}
			b.ReportMetric(float64(most)/1e6, "peak-heap-MB")
			b.ReportMetric(float64(unpacked)/1e6, "YAML-MB")
		})
	}
}
