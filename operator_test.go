package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"sitrep/bot"
	"sitrep/cards"
	"sitrep/config"
	"sitrep/metrics"
	"sitrep/operator"
	"sitrep/sandbox"
	"sitrep/words"
)

func TestConditionsOfAnswers(t *testing.T) {
	t.Parallel()
	p := &parts{metrics: metrics.New()}
	book, err := words.Open()
	if err != nil {
		t.Fatal(err)
	}
	holds := map[string]func() bool{}
	for _, c := range p.conditions() {
		if w := book.In("en"); !w.Has("operator.title."+c.Name) || !w.Has("operator.do."+c.Name) {
			t.Errorf("there are no words for %s", c.Name)
		}
		holds[c.Name] = func() bool { return c.Holds(t.Context()) }
	}
	answer := func(n int, outcome string) {
		for range n {
			p.metrics.Interaction("command", "/talks", outcome, 1)
		}
	}
	for _, tt := range []struct {
		name    string
		happens func()
		want    bool
	}{
		{"nothing", func() {}, false},
		{"few failures and nothing else", func() { answer(leastWrong-1, "fault") }, false},
		{"one more", func() { answer(1, "lost") }, true},
		{"mistakes of people's", func() { answer(20*leastWrong, "mistake") }, false},
		{"more failures", func() { answer(leastWrong, "fault") }, true},
	} {
		tt.happens()
		if got := holds["failing"](); got != tt.want {
			t.Errorf("%s: failing is %t, want %t", tt.name, got, tt.want)
		}
	}
	for range looksBack {
		holds["failing"]()
	}
	if holds["failing"]() {
		t.Error("five minutes later it still fails, want it forgotten")
	}
}

// What Prometheus alerts of, the operator's channel is told by the same limits.
func TestOperatorIsToldWhatAlertsTell(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("deploy/prometheus/alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct {
			Rules []struct{ Alert, Expr string }
		}
	}
	if err := yaml.Unmarshal(text, &file); err != nil || len(file.Groups) != 1 {
		t.Fatalf("%d groups, %v", len(file.Groups), err)
	}
	var told []string
	for _, rule := range file.Groups[0].Rules {
		same, known := map[string]struct{ conditions, limit string }{
			"SitrepPartAway":    {"database redis gateway", "sitrep_part_up == 0"},
			"SitrepAnswersSlow": {"slow", "0.99"},
			"SitrepAnswersFail": {"failing", "0.05"},
			"SitrepDigestsLate": {"late", fmt.Sprintf("> %.0f", lateBy.Seconds())},
			"SitrepRefused":     {"refused", fmt.Sprintf("< %d", fewRefusals)},
		}[rule.Alert]
		if !known || !strings.Contains(rule.Expr, same.limit) {
			t.Errorf("the operator isn't told of %s, or by another limit: %s", rule.Alert, rule.Expr)
		}
		told = append(told, strings.Fields(same.conditions)...)
	}
	var conditions []string
	for _, c := range (&parts{metrics: metrics.New()}).conditions() {
		conditions = append(conditions, c.Name)
	}
	slices.Sort(told)
	slices.Sort(conditions)
	if !slices.Equal(told, conditions) {
		t.Errorf("alerts tell of %q, the operator is told of %q", told, conditions)
	}
}

func TestConditionsOfParts(t *testing.T) {
	t.Parallel()
	up := map[string]bool{"database": true, "redis": true, "gateway": true}
	p := &parts{metrics: metrics.New(), vitals: &vitals{}}
	for name := range up {
		p.vitals.parts = append(p.vitals.parts, vital{name, func(context.Context) bool { return up[name] }})
	}
	holding := func() string {
		p.vitals.said = nil
		var all []string
		for _, c := range p.conditions()[:3] {
			if c.Holds(t.Context()) {
				all = append(all, c.Name)
			}
		}
		return strings.Join(all, " ")
	}
	for _, tt := range []struct{ away, want string }{{"", ""}, {"database", "database"}, {"redis", "database redis"}, {"gateway", "database redis gateway"}} {
		up[tt.away] = false
		if got := holding(); got != tt.want {
			t.Errorf("with %q away too: %q, want %q", tt.away, got, tt.want)
		}
	}
	p.vitals.parts = slices.DeleteFunc(p.vitals.parts, func(v vital) bool { return v.name == "gateway" })
	if got := holding(); got != "database redis" {
		t.Errorf("with an endpoint: %q, want no gateway to be missed", got)
	}
}

func TestConditionOfSlowAnswers(t *testing.T) {
	t.Parallel()
	p := &parts{metrics: metrics.New()}
	all := p.conditions()
	slow := all[slices.IndexFunc(all, func(c operator.Condition) bool { return c.Name == "slow" })]
	answer := func(n int, took time.Duration) {
		for range n {
			p.metrics.Interaction("command", "/talks", "answered", took)
		}
	}
	for _, tt := range []struct {
		slow, quick int
		want        bool
	}{{0, 1, false}, {leastWrong - 1, 0, false}, {1, 0, true}, {0, 100 * leastWrong, false}, {leastWrong, 0, true}} {
		answer(tt.slow, 2001*time.Millisecond)
		answer(tt.quick, 2*time.Second)
		if got := slow.Holds(t.Context()); got != tt.want {
			t.Errorf("after %d slow and %d quick ones more: %t, want %t", tt.slow, tt.quick, got, tt.want)
		}
	}
}

// What is told gets to the channel, once for all copies, and a channel where the
// bot may not write is no reason to try again.
func TestOperatorsChannel(t *testing.T) {
	t.Parallel()
	box, err := sandbox.Open(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	server := httptest.NewServer(box)
	defer server.Close()
	ask := func(method, path, body string) string {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %s, %v", path, response.StatusCode, text, err)
		}
		return string(text)
	}
	var state struct {
		Guilds []struct {
			ID       string
			Channels []struct{ ID, Name string }
		}
	}
	if err := json.Unmarshal([]byte(ask("GET", "/sandbox/state", "")), &state); err != nil {
		t.Fatal(err)
	}
	guild := state.Guilds[0]
	at := slices.IndexFunc(guild.Channels, func(c struct{ ID, Name string }) bool { return c.Name == "digests" })
	p := &parts{cfg: config.Config{OperatorChannel: guild.Channels[at].ID}, log: slog.New(slog.DiscardHandler), metrics: metrics.New(), vitals: &vitals{}}
	p.discord, err = bot.New(bot.Options{Token: box.Credentials().Token, API: server.URL + "/api", Log: p.log, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	book, err := words.Open()
	if err != nil {
		t.Fatal(err)
	}
	card := cards.Card{Title: "Redis is away"}
	for range 2 {
		if err := p.operatorWatch(book).Tell(t.Context(), card, "once"); err != nil {
			t.Fatal(err)
		}
	}
	if got := ask("GET", "/sandbox/channels/"+p.cfg.OperatorChannel+"/messages", ""); strings.Count(got, `"nonce":"once"`) != 1 || !strings.Contains(got, string(card.Title)) {
		t.Errorf("the channel holds %s, want it told once", got)
	}
	ask("PATCH", "/sandbox/guilds/"+guild.ID, `{"channels":[{"channel":"digests","overwrites":[{"role":"@everyone","deny":"2048"}]}]}`)
	if err := p.operatorWatch(book).Tell(t.Context(), card, "again"); !errors.Is(err, operator.ErrRefused) {
		t.Errorf("without the right to write: %v, want it refused", err)
	}
}
