package metrics

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// healthy are sources that know everything.
func healthy() Sources {
	return Sources{
		Parts:       func(context.Context) map[string]bool { return map[string]bool{"database": true, "redis": false} },
		Connections: func() map[int]bool { return map[int]bool{0: true, 3: false} },
		Reads:       func() (memory, cache, record uint64) { return 30, 20, 10 },
		Compared:    func() time.Time { return time.Now().Add(-time.Minute) },
		Ledger: func(context.Context) (Ledger, error) {
			return Ledger{States: map[string]int{"sent": 7, "failed": 1}, Overdue: 90 * time.Second}, nil
		},
		Budgets: func() Budgets { return Budgets{Refusals: 1999, Queue: 500 * time.Millisecond, Starts: 998} },
	}
}

// scrape is what Prometheus gets, by series.
func scrape(t *testing.T, m *Metrics) map[string]float64 {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	text, err := io.ReadAll(w.Body)
	if err != nil || w.Code != http.StatusOK {
		t.Fatalf("got %d %s %v", w.Code, text, err)
	}
	got := map[string]float64{}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		at := strings.LastIndex(line, " ")
		value, err := strconv.ParseFloat(strings.TrimSpace(line[at+1:]), 64)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		got[line[:at]] = value
	}
	return got
}

func TestMetricsTellWhatHappened(t *testing.T) {
	t.Parallel()
	m := New()
	m.Watch(healthy())
	m.Interaction("command", "/talks", "answered", 30*time.Millisecond)
	m.Interaction("command", "/talks", "answered", 2100*time.Millisecond)
	m.Interaction("modal", "desk-save", "lost", 0)
	m.Request(http.MethodPost, "/channels/:id/messages", 200, 40*time.Millisecond)
	m.Request(http.MethodPost, "/channels/:id/messages", 0, time.Second)
	got := scrape(t, m)
	age := got["sitrep_snapshot_age_seconds"]
	if age < 60 || age > 90 {
		t.Errorf("snapshots are %v s old, want a minute", age)
	}
	for series, want := range map[string]float64{
		`sitrep_interactions_total{command="/talks",kind="command",outcome="answered"}`:            2,
		`sitrep_interactions_total{command="desk-save",kind="modal",outcome="lost"}`:               1,
		`sitrep_acknowledgement_seconds_count`:                                                     2, // of the third there is none
		`sitrep_acknowledgement_seconds_bucket{le="2"}`:                                            1,
		`sitrep_discord_requests_total{method="POST",route="/channels/:id/messages",status="200"}`: 1,
		`sitrep_discord_requests_total{method="POST",route="/channels/:id/messages",status="0"}`:   1,
		`sitrep_discord_request_seconds_count`:                                                     2,
		`sitrep_part_up{part="database"}`:                                                          1,
		`sitrep_part_up{part="redis"}`:                                                             0,
		`sitrep_gateway_connected{shard="0"}`:                                                      1,
		`sitrep_gateway_connected{shard="3"}`:                                                      0,
		`sitrep_snapshot_reads_total{level="memory"}`:                                              30,
		`sitrep_snapshot_reads_total{level="redis"}`:                                               20,
		`sitrep_snapshot_reads_total{level="database"}`:                                            10,
		`sitrep_ledger_slots{state="sent"}`:                                                        7,
		`sitrep_ledger_overdue_seconds`:                                                            90,
		`sitrep_discord_refusals_left`:                                                             1999,
		`sitrep_discord_queue_seconds`:                                                             0.5,
		`sitrep_gateway_starts_left`:                                                               998,
	} {
		if value, there := got[series]; !there || value != want {
			t.Errorf("%s is %v (there: %t), want %v", series, value, there, want)
		}
	}
	if got, want := m.Totals(), (Totals{All: 3, Failed: 1, Slow: 1}); got != want {
		t.Errorf("totals are %+v, want %+v", got, want)
	}
}

// What isn't known is left out, so that nobody takes it for a zero.
func TestMetricsLeaveOutWhatIsUnknown(t *testing.T) {
	t.Parallel()
	m, s := New(), healthy()
	s.Compared = func() time.Time { return time.Time{} }
	s.Ledger = func(context.Context) (Ledger, error) { return Ledger{}, errors.New("the database is away") }
	s.Budgets = func() Budgets { return Budgets{Starts: -1} }
	m.Watch(s)
	got := scrape(t, m)
	for _, series := range []string{"sitrep_snapshot_age_seconds", "sitrep_ledger_overdue_seconds", "sitrep_gateway_starts_left"} {
		if value, there := got[series]; there {
			t.Errorf("%s is %v, want it left out", series, value)
		}
	}
	if value, there := got["sitrep_discord_refusals_left"]; !there || value != 0 {
		t.Errorf("refusals left are %v (there: %t), want 0: it is known", value, there)
	}
}

// However many commands servers make up, the label has few values.
func TestCommandsAreBounded(t *testing.T) {
	t.Parallel()
	m := New()
	for n := range 10 * mostCommands {
		m.Interaction("command", "/made-up-"+strconv.Itoa(n), "answered", 0)
	}
	m.Interaction("command", "/made-up-0", "answered", 0)
	series := 0
	got := scrape(t, m)
	for name := range got {
		if strings.HasPrefix(name, "sitrep_interactions_total") {
			series++
		}
	}
	if series != mostCommands+1 {
		t.Errorf("there are %d series, want %d", series, mostCommands+1)
	}
	if n := got[`sitrep_interactions_total{command="/made-up-0",kind="command",outcome="answered"}`]; n != 2 {
		t.Errorf("a command that was known counts %v, want 2", n)
	}
}

var named = regexp.MustCompile(`\b(?:sitrep|go|process)_[a-z_]+\b`)

// Every metric that the dashboard and the alerts name is one that there is, and
// the dashboard shows every one of sitrep's.
func TestDashboardAndAlertsNameMetricsThatExist(t *testing.T) {
	t.Parallel()
	m := New()
	m.Watch(healthy())
	m.Interaction("command", "/talks", "answered", time.Second)
	m.Request(http.MethodGet, "/gateway/bot", 200, time.Second)
	there := map[string]bool{}
	for series := range scrape(t, m) {
		name, _, _ := strings.Cut(series, "{")
		there[name] = true
	}
	for _, name := range []string{"grafana/sitrep.json", "prometheus/alerts.yaml"} {
		text, err := os.ReadFile(filepath.Join("..", "deploy", name))
		if err != nil {
			t.Fatal(err)
		}
		found := named.FindAllString(string(text), -1)
		if len(found) < 5 {
			t.Errorf("%s names only %v: the search is broken", name, found)
		}
		for _, metric := range found {
			if !there[metric] {
				t.Errorf("%s names %s, which there is not", name, metric)
			}
		}
		for metric := range there {
			shown := regexp.MustCompile(`_(sum|count|bucket)$`).ReplaceAllString(metric, "")
			if name == "grafana/sitrep.json" && strings.HasPrefix(metric, "sitrep_") && !strings.Contains(string(text), shown) {
				t.Errorf("%s doesn't show %s", name, metric)
			}
		}
	}
}

func TestEveryAlertIsExplained(t *testing.T) {
	t.Parallel()
	rules, err := os.ReadFile("../deploy/prometheus/alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	guide, err := os.ReadFile("../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	alerts := regexp.MustCompile(`alert: (\w+)`).FindAllStringSubmatch(string(rules), -1)
	if len(alerts) == 0 {
		t.Error("there are no alerts: the search is broken")
	}
	for _, alert := range alerts {
		if !strings.Contains(string(guide), "`"+alert[1]+"`") {
			t.Errorf("docs/operating.md doesn't tell of %s", alert[1])
		}
	}
}

// BenchmarkInteraction is what counting costs an answer.
func BenchmarkInteraction(b *testing.B) {
	m := New()
	b.ReportAllocs()
	for b.Loop() {
		m.Interaction("command", "/talks", "answered", 30*time.Millisecond)
	}
}
