package briefings_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"

	"sitrep/briefings"
	"sitrep/cache"
)

// watched is what a watcher was told.
type watched struct {
	mu  sync.Mutex
	all []string
}

func (w *watched) hear(id briefings.DeskID, own bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, fmt.Sprintf("%s own=%t", id, own))
}

func (w *watched) has(what string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Contains(w.all, what)
}

// Who watches hears of a desk that was changed here, and of one that another copy
// changed, whether it was ever asked about here or not.
func TestWatch(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	shared, err := cache.Open(cache.Embedded, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := shared.Close(); err != nil {
			t.Error(err)
		}
	}()
	a, listening := r.copy(shared), heard{shared, make(chan int)}
	b := r.copy(listening)
	var here, there watched
	a.Watch(here.hear)
	b.Watch(there.hear)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- b.Run(ctx) }()
	listening.until(t, 0)
	if !there.has("catalogue own=true") {
		t.Error("the copy that recorded the catalogue wasn't told")
	}
	published := amend(t, a, "1", "figure/one", "7")
	if !here.has("1 own=true") {
		t.Error("the copy that published wasn't told")
	}
	listening.until(t, published.Rev)
	if !there.has("1 own=false") || there.has("1 own=true") {
		t.Errorf("the other copy was told %v, want of a change that isn't its own", there.all)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("Run: got %v, want nil once its context ended", err)
	}
}
