package main

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"

	"sitrep/metrics"
)

const (
	vitalTime = time.Second // for a part to answer
	vitalKept = time.Second // what a part said, so that asking often costs nothing
)

// vitals tell which parts that sitrep needs answer right now. They are safe for
// concurrent use.
type vitals struct {
	parts []vital

	mu   sync.Mutex
	at   time.Time
	said map[string]bool
}

type vital struct {
	name string
	up   func(ctx context.Context) bool
}

// newVitals are those of every part, once they are open.
func (p *parts) newVitals() *vitals {
	link := "gateway"
	if p.endpoint != nil {
		link = "endpoint"
	}
	return &vitals{parts: []vital{
		{"database", func(ctx context.Context) bool { return p.record.Ping(ctx) == nil }},
		{"redis", func(ctx context.Context) bool { return p.cache.Ping(ctx) == nil }},
		{link, func(context.Context) bool { return p.discord.Connected() }},
		{"start", func(context.Context) bool { return p.ready.Load() }},
	}}
}

// ask asks all parts at once.
func (v *vitals) ask(ctx context.Context) map[string]bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.said != nil && time.Since(v.at) < vitalKept {
		return v.said
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), vitalTime)
	defer cancel()
	up := make([]bool, len(v.parts))
	var asking sync.WaitGroup
	for i, part := range v.parts {
		asking.Go(func() { up[i] = part.up(ctx) })
	}
	asking.Wait()
	v.said, v.at = map[string]bool{}, time.Now()
	for i, part := range v.parts {
		v.said[part.name] = up[i]
	}
	return v.said
}

// ServeHTTP answers 200 where this copy may get traffic; else it says what is
// missing.
func (v *vitals) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	said := v.ask(r.Context())
	missing := []string{}
	for _, part := range v.parts {
		if !said[part.name] {
			missing = append(missing, part.name)
		}
	}
	slices.Sort(missing)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if len(missing) > 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"ready": len(missing) == 0, "missing": missing, "parts": said}) // whoever asked is gone
}

// sources are what metrics are read from.
func (p *parts) sources(v *vitals) metrics.Sources {
	return metrics.Sources{
		Parts: v.ask, Connections: p.discord.Connections,
		Reads: p.service.Reads, Compared: p.service.Compared, Ledger: p.ledger,
		Budgets: func() metrics.Budgets { return metrics.Budgets(p.discord.Budgets()) },
	}
}

// ledger is how the digests of the last day stand.
func (p *parts) ledger(ctx context.Context) (metrics.Ledger, error) {
	now := p.now()
	states, oldest, err := p.record.Tally(ctx, now.AddDate(0, 0, -1), now)
	if err != nil {
		return metrics.Ledger{}, err
	}
	ledger := metrics.Ledger{States: map[string]int{}}
	for state, n := range states {
		ledger.States[string(state)] = n
	}
	if !oldest.IsZero() {
		ledger.Overdue = now.Sub(oldest)
	}
	return ledger, nil
}
