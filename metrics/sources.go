package metrics

import (
	"context"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Sources are asked whenever somebody asks for metrics. None may be nil, and
// each has to be safe for concurrent use; the slow ones get three seconds.
type Sources struct {
	Parts       func(ctx context.Context) map[string]bool // whether each answers
	Connections func() map[int]bool                       // of the gateway, by shard
	Reads       func() (memory, cache, record uint64)     // of snapshots
	Compared    func() time.Time                          // snapshots with the database; zero for never
	Ledger      func(ctx context.Context) (Ledger, error)
	Budgets     func() Budgets
}

// A Ledger is how digests stand.
type Ledger struct {
	States  map[string]int // slots of the last day
	Overdue time.Duration  // of the oldest that is still to be sent; 0 for none
}

// Budgets are what is left of what Discord allows.
type Budgets struct {
	Refusals int
	Queue    time.Duration
	Starts   int // negative where nothing is known
}

// collectTime is how long sources may take.
const collectTime = 3 * time.Second

// Watch has the metrics tell what sources know, from now on. Call it once.
func (m *Metrics) Watch(s Sources) { m.registry.MustRegister(newCollector(s)) }

// A collector reads its sources for each scrape.
type collector struct {
	sources Sources

	up, shard, reads, compared, slots, overdue, refusals, queue, starts *prometheus.Desc
}

func newCollector(s Sources) *collector {
	d := prometheus.NewDesc
	return &collector{
		sources:  s,
		up:       d("sitrep_part_up", "1 where a part that sitrep needs answers.", []string{"part"}, nil),
		shard:    d("sitrep_gateway_connected", "1 where Discord accepts a gateway connection.", []string{"shard"}, nil),
		reads:    d("sitrep_snapshot_reads_total", "Where snapshots came from: memory, redis or database.", []string{"level"}, nil),
		compared: d("sitrep_snapshot_age_seconds", "Since snapshots were last known to be what the database holds.", nil, nil),
		slots:    d("sitrep_ledger_slots", "Digests that fell due in the last day, by state.", []string{"state"}, nil),
		overdue:  d("sitrep_ledger_overdue_seconds", "How late the oldest digest is that is still to be sent.", nil, nil),
		refusals: d("sitrep_discord_refusals_left", "Refusals by Discord that are borne before sending stops.", nil, nil),
		queue:    d("sitrep_discord_queue_seconds", "How long a request waits for its turn among all.", nil, nil),
		starts:   d("sitrep_gateway_starts_left", "Gateway sessions that Discord still allows today.", nil, nil),
	}
}

// Describe is for [prometheus.Collector].
func (c *collector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{c.up, c.shard, c.reads, c.compared, c.slots, c.overdue, c.refusals, c.queue, c.starts} {
		to <- d
	}
}

// Collect is for [prometheus.Collector]. What can't be told is left out.
func (c *collector) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), collectTime)
	defer cancel()
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	for part, up := range c.sources.Parts(ctx) {
		gauge(c.up, truth(up), part)
	}
	for shard, up := range c.sources.Connections() {
		gauge(c.shard, truth(up), strconv.Itoa(shard))
	}
	memory, cache, record := c.sources.Reads()
	for level, n := range map[string]uint64{"memory": memory, "redis": cache, "database": record} {
		to <- prometheus.MustNewConstMetric(c.reads, prometheus.CounterValue, float64(n), level)
	}
	if at := c.sources.Compared(); !at.IsZero() {
		gauge(c.compared, time.Since(at).Seconds())
	}
	if ledger, err := c.sources.Ledger(ctx); err == nil { // sitrep_part_up tells what is away
		for state, n := range ledger.States {
			gauge(c.slots, float64(n), state)
		}
		gauge(c.overdue, ledger.Overdue.Seconds())
	}
	left := c.sources.Budgets()
	gauge(c.refusals, float64(left.Refusals))
	gauge(c.queue, left.Queue.Seconds())
	if left.Starts >= 0 {
		gauge(c.starts, float64(left.Starts))
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
