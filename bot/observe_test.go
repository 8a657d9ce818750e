package bot

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/commands"
)

// counted notes what it is told.
type counted struct {
	mu  sync.Mutex
	all []string
}

func (c *counted) Interaction(kind, command, outcome string, acknowledged time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = append(c.all, fmt.Sprintf("%s %s %s %t", kind, command, outcome, acknowledged > 0))
}

func (c *counted) Request(string, string, int, time.Duration) {}

func TestRouterTellsWhatInteractionsCameTo(t *testing.T) {
	t.Parallel()
	l := new(counted)
	status := http.StatusNoContent
	r := soundless(t, new(memory), func(*http.Request) (*http.Response, error) { return canned(status, ""), nil })
	r.Set, r.Observer = trial(nil), l
	r.Set.Commands = append(r.Set.Commands, commands.Command{Name: "hidden", Role: commands.Admin})
	for i, tt := range []struct {
		name, body string
		status     int
		want       string
	}{
		{"an answer", `"type":2,"data":{"name":"quick"}`, 204, "command /quick answered true"},
		{"a form", `"type":2,"data":{"name":"form"}`, 204, "command /form answered true"},
		{"a mistake", `"type":2,"data":{"name":"wrong"}`, 204, "command /wrong mistake true"},
		{"a fault", `"type":2,"data":{"name":"fault"}`, 204, "command /fault fault true"},
		{"a part that is away", `"type":2,"data":{"name":"away"}`, 204, "command /away away true"},
		{"a right that is missing", `"type":2,"data":{"name":"hidden"}`, 204, "command /hidden mistake true"},
		{"a command that is none", `"type":2,"data":{"name":"made up 7"}`, 204, "command unknown mistake true"},
		{"a button", `"type":3,"data":{"custom_id":"press-quick:state"}`, 204, "component press-quick answered true"},
		{"a button that is none", `"type":3,"data":{"custom_id":"made-up:state"}`, 204, "component unknown mistake true"},
		{"a form that is filled in", `"type":5,"data":{"custom_id":"filled:x","components":[]}`, 204, "modal filled answered true"},
		{"choices", `"type":4,"data":{"name":"quick"}`, 204, "autocomplete /quick answered true"},
		{"choices for nothing", `"type":4,"data":{"name":"made up 8"}`, 204, "autocomplete unknown answered true"},
		{"an answer that is refused", `"type":2,"data":{"name":"quick"}`, 404, "command /quick lost false"},
		{"a new type", `"type":9,"data":{}`, 204, "unknown unknown answered false"},
	} {
		l.all, status = nil, tt.status
		raw := fmt.Sprintf(`{"id":"%d","application_id":"1","token":"t","guild_id":"3","member":{"user":{"id":"2"},"permissions":"0"},%s}`, i+1, tt.body)
		for range 2 { // the second is a repetition
			r.Handle(t.Context(), []byte(raw))
		}
		kind, _, _ := strings.Cut(tt.want, " ")
		if len(l.all) != 2 || l.all[0] != tt.want || l.all[1] != kind+" unknown repeated false" {
			t.Errorf("%s: told %q, want %q and a repetition", tt.name, l.all, tt.want)
		}
	}
}

// A panic where no command runs is told with the interaction's id, and counts as a fault.
func TestRouterSurvivesItself(t *testing.T) {
	t.Parallel()
	text, l := new(diary), new(counted)
	r := soundless(t, new(memory), func(*http.Request) (*http.Response, error) { return canned(http.StatusNoContent, ""), nil })
	r.Log, r.Observer = slog.New(NewLogHandler(slog.NewTextHandler(text, nil))), l
	r.Settings = func(context.Context, briefings.DeskID) briefings.Settings { panic("a fault in settings") }
	r.Handle(t.Context(), []byte(question("4711")))
	if got := text.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "interaction=4711") || !strings.Contains(got, "a fault in settings") {
		t.Errorf("got the log\n%s\nwant one line with the id", got)
	}
	if len(l.all) != 1 || l.all[0] != "command unknown fault false" {
		t.Errorf("told %q, want one fault", l.all)
	}
}

// Every line that is written for the sake of an interaction carries its id, also
// of a package that knows nothing of interactions.
func TestLogLinesCarryTheInteraction(t *testing.T) {
	t.Parallel()
	text := new(diary)
	log := slog.New(NewLogHandler(slog.NewTextHandler(text, nil)))
	r := soundless(t, new(memory), func(*http.Request) (*http.Response, error) { return canned(http.StatusNotFound, ""), nil })
	r.Log = log
	elsewhere := log.With("part", "domain")
	r.Set.Commands = []commands.Command{{Name: "talks", Run: func(ctx context.Context, _ commands.Caller, _ commands.Input) (commands.Reply, error) {
		elsewhere.InfoContext(ctx, "looked at")
		return commands.Reply{Card: cardSaying("x")}, nil
	}}}
	r.Handle(t.Context(), []byte(question("4711")))
	log.InfoContext(t.Context(), "nobody asked")
	lines := strings.Split(strings.TrimSpace(text.String()), "\n")
	if len(lines) != 3 {
		t.Fatalf("got the log\n%s\nwant three lines", text)
	}
	for i, line := range lines {
		if got := strings.Count(line, "interaction=4711"); got != map[bool]int{true: 1, false: 0}[i < 2] {
			t.Errorf("line %q names the interaction %d times", line, got)
		}
	}
}
