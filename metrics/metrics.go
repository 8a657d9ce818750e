// Package metrics counts what sitrep does and serves it to Prometheus.
//
// It is the only one that knows Prometheus, and knows no part of sitrep:
// [Metrics] satisfies bot.Observer, and what other parts know of themselves is
// read through the functions of [Sources] when somebody asks for it. The values
// of every label are bounded, whatever people and Discord send.
package metrics

import (
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// mostCommands bounds the values of the label "command": far more than there are,
// but for servers that make up commands of their own.
const mostCommands = 200

// Metrics is safe for concurrent use.
type Metrics struct {
	registry     *prometheus.Registry
	interactions *prometheus.CounterVec
	acknowledged prometheus.Histogram
	requests     *prometheus.CounterVec
	took         prometheus.Histogram

	mu       sync.RWMutex
	commands map[string]bool

	all, failed, slow atomic.Int64
}

// Totals are how many interactions there were since the start.
type Totals struct {
	All    int64
	Failed int64 // by a fault of ours, or because the answer did not get there
	Slow   int64 // acknowledged after over two seconds, of the three that Discord waits
}

// slow is when an acknowledgement begins to be in danger.
const slow = 2 * time.Second

// New returns metrics that have counted nothing.
func New() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		interactions: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sitrep_interactions_total", Help: "Interactions by kind, command and what they came to.",
		}, []string{"kind", "command", "outcome"}),
		acknowledged: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "sitrep_acknowledgement_seconds", Help: "From an interaction's arrival to its first answer.",
			Buckets: []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 2.5, 3},
		}),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sitrep_discord_requests_total", Help: "Replies of Discord's API by route and status, 0 for none.",
		}, []string{"method", "route", "status"}),
		took: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "sitrep_discord_request_seconds", Help: "How long Discord's API took to reply.",
			Buckets: []float64{0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10},
		}),
		commands: map[string]bool{},
	}
	m.registry.MustRegister(m.interactions, m.acknowledged, m.requests, m.took,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handler answers Prometheus.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 5 * time.Second})
}

// Interaction is for bot.Observer.
func (m *Metrics) Interaction(kind, command, outcome string, acknowledged time.Duration) {
	m.interactions.WithLabelValues(kind, m.bounded(command), outcome).Inc()
	if acknowledged > 0 {
		m.acknowledged.Observe(acknowledged.Seconds())
	}
	m.all.Add(1)
	if outcome == "fault" || outcome == "lost" {
		m.failed.Add(1)
	}
	if acknowledged > slow {
		m.slow.Add(1)
	}
}

// Totals are those so far.
func (m *Metrics) Totals() Totals {
	return Totals{All: m.all.Load(), Failed: m.failed.Load(), Slow: m.slow.Load()}
}

// bounded is the command, or "other" once there were too many.
func (m *Metrics) bounded(command string) string {
	m.mu.RLock()
	known := m.commands[command]
	m.mu.RUnlock()
	if known {
		return command
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.commands) >= mostCommands && !m.commands[command] {
		return "other"
	}
	m.commands[command] = true
	return command
}

// Request is for bot.Observer.
func (m *Metrics) Request(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	m.took.Observe(took.Seconds())
}
