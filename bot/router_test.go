package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/commands"
	"sitrep/sandbox/openapi"
	"sitrep/testenv"
)

func cardSaying(text string) cards.Card {
	return cards.Card{Title: cards.Escape(text), Buttons: []cards.Button{{Action: "press", Label: "Press"}}}
}

// hostileSay is a mistake that quotes something hostile.
const hostileSay = "**bold** <@&1> @everyone [link](http://x)"

// trial is a set of commands that end in every way. The slow ones wait until
// the interaction is acknowledged.
func trial(acked <-chan struct{}) commands.Set {
	type run = func(context.Context) (commands.Reply, error)
	says := func(text string) run {
		return func(context.Context) (commands.Reply, error) { return commands.Reply{Card: cardSaying(text)}, nil }
	}
	fails := func(err error) run {
		return func(context.Context) (commands.Reply, error) { return commands.Reply{}, err }
	}
	slow := func(then run) run {
		return func(ctx context.Context) (commands.Reply, error) {
			select {
			case <-acked:
			case <-ctx.Done():
				return commands.Reply{}, ctx.Err()
			}
			return then(ctx)
		}
	}
	mistake, fault := briefings.Tell(briefings.ErrInvalid, hostileSay), errors.New("a secret of the database")
	runs := map[string]run{
		"quick":  says("quick answer"),
		"wrong":  fails(mistake),
		"fault":  fails(fault),
		"away":   fails(fmt.Errorf("store: read: %w", briefings.ErrUnavailable)),
		"panics": func(context.Context) (commands.Reply, error) { panic("a secret of the code") },
		"salvage": func(context.Context) (commands.Reply, error) {
			return commands.Reply{Card: cardSaying("what you typed")}, fault
		},
		"slow":       slow(says("slow answer")),
		"slow-wrong": slow(fails(mistake)),
		"slow-fault": slow(fails(fault)),
		"endless": func(ctx context.Context) (commands.Reply, error) {
			<-ctx.Done()
			return commands.Reply{}, fmt.Errorf("work: %w", ctx.Err())
		},
		"form": func(context.Context) (commands.Reply, error) {
			return commands.Reply{Form: &cards.Form{Action: "filled:x", Title: "A form", Fields: []cards.FormField{{Name: "text", Label: "Text", Most: 100}}}}, nil
		},
	}
	runs["form-endless"] = runs["endless"]
	var set commands.Set
	for _, name := range slices.Sorted(maps.Keys(runs)) {
		run, form := runs[name], strings.HasPrefix(name, "form")
		set.Commands = append(set.Commands, commands.Command{
			Name: name, About: "command.share", Form: form, Options: []commands.Option{{Name: "share", About: "command.share", Type: "boolean"}},
			Run: func(ctx context.Context, _ commands.Caller, _ commands.Input) (commands.Reply, error) {
				return run(ctx)
			},
		})
		press := func(ctx context.Context, _ commands.Caller, _ commands.Press) (commands.Reply, error) {
			return run(ctx)
		}
		set.Actions = append(set.Actions,
			commands.Action{Name: "press-" + name, Form: form, Run: press},
			commands.Action{Name: "turn-" + name, Replaces: true, Run: press},
			commands.Action{Name: "share-" + name, Shared: true, Run: press})
	}
	set.Commands = append(set.Commands, commands.Command{
		Name: "stand", About: "command.share", Options: []commands.Option{
			{Name: "action", About: "command.share", Type: "string", Required: true}, {Name: "share", About: "command.share", Type: "boolean"},
		},
		Run: func(_ context.Context, _ commands.Caller, in commands.Input) (commands.Reply, error) {
			return commands.Reply{Card: cards.Card{Title: "press here", Buttons: []cards.Button{{Action: in["action"], Label: "Here"}}}}, nil
		},
	})
	set.Actions = append(set.Actions, commands.Action{Name: "filled", Run: func(_ context.Context, _ commands.Caller, p commands.Press) (commands.Reply, error) {
		return commands.Reply{Card: cardSaying("filled in: " + p.Fields["text"])}, nil
	}})
	return set
}

// routed is a stage on which a router answers with the trial commands, which
// waits less long than it would for Discord.
type routed struct {
	*stage
	router *Router
	log    *diary
}

func newRouted(t *testing.T) routed {
	t.Helper()
	s := newUnconnected(t)
	s.connect(s.router, func(ctx context.Context, raw json.RawMessage) { s.router.Handle(ctx, raw) })
	return s
}

// newUnconnected is newRouted to which no interaction comes yet.
func newUnconnected(t *testing.T) routed {
	t.Helper()
	s := newStage(t)
	set := trial(s.acked)
	gone := set
	gone.Commands = append(gone.Commands, commands.Command{Name: "gone", About: "command.share"})
	log := new(diary)
	r := &Router{
		Discord: s.discord(), Set: set, Book: book(t), Seen: new(memory), Log: log.logger(),
		patience: patiences{deferAfter: 150 * time.Millisecond, formTime: 500 * time.Millisecond, longestWork: time.Second},
	}
	if err := Register(t.Context(), r.Discord, s.box.Credentials().ApplicationID, gone, r.Book); err != nil {
		t.Fatal(err)
	}
	return routed{stage: s, router: r, log: log}
}

// drain forgets acknowledgements of what was done before.
func (s *stage) drain() {
	for len(s.acked) > 0 {
		<-s.acked
	}
}

func TestRouterAnswersCommands(t *testing.T) {
	t.Parallel()
	for way, begin := range map[string]func(*testing.T) routed{"gateway": newRouted, "signed requests": newPosted} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			testAnswersCommands(t, begin(t))
		})
	}
}

func testAnswersCommands(t *testing.T, s routed) {
	fault := s.router.Book.In("en").Say("error.fault")
	for _, tt := range []struct {
		command, kind string
		public        bool // where it is asked for with share
		text          string
		logged        string
	}{
		{"quick", "message", true, "quick answer", ""},
		{"slow", "message", true, "slow answer", ""},
		{"wrong", "message", false, "everyone", ""},
		{"slow-wrong", "message", false, "everyone", ""},
		{"fault", "message", false, fault, "a secret of the database"},
		{"slow-fault", "message", false, fault, "a secret of the database"},
		{"panics", "message", false, fault, "a secret of the code"},
		{"salvage", "message", false, "what you typed", "a secret of the database"},
		{"away", "message", false, s.router.Book.In("en").Say("error.away"), ""},
		{"gone", "message", false, "/gone", ""},
		{"endless", "message", false, s.router.Book.In("en").Say("error.slow"), ""},
		{"form", "modal", true, "A form", ""},
		{"form-endless", "message", false, s.router.Book.In("en").Say("error.slow"), ""},
	} {
		for _, share := range []bool{false, true} {
			if share && tt.command == "gone" {
				continue
			}
			name := fmt.Sprintf("/%s share:%t", tt.command, share)
			s.drain()
			before := s.log.String()
			act := map[string]any{"user": "reader", "command": tt.command}
			if share {
				act["options"] = map[string]any{"share": true}
			}
			got := s.act(act)
			if got.Error != "" || got.Kind != tt.kind || !strings.Contains(got.Text, tt.text) {
				t.Errorf("%s: got %+v, want a %s with %q", name, got, tt.kind, tt.text)
			}
			if want := !tt.public || !share; tt.kind == "message" && got.Ephemeral != want {
				t.Errorf("%s: private is %t, want %t", name, got.Ephemeral, want)
			}
			if got.AckMS == nil || *got.AckMS > 2900 {
				t.Errorf("%s: acknowledged after %v ms, want it under three seconds", name, got.AckMS)
			}
			if strings.Contains(got.Text, "secret") {
				t.Errorf("%s: got %q, want no inner words", name, got.Text)
			}
			// the gateway tells of its connection when it likes
			logged := strings.Lines(strings.TrimPrefix(s.log.String(), before))
			var ours string
			for line := range logged {
				if !strings.Contains(line, "connected to the gateway") {
					ours += line
				}
			}
			checkLog(t, name, ours, tt.logged)
		}
	}
}

// checkLog wants one line with logged in it, or none at all.
func checkLog(t *testing.T, name, got, logged string) {
	t.Helper()
	if logged == "" && got != "" {
		t.Errorf("%s: got the log %s, want nothing", name, got)
	}
	if logged != "" && (strings.Count(got, "\n") != 1 || !strings.Contains(got, logged) || !strings.Contains(got, "command=")) {
		t.Errorf("%s: got the log %s, want one line with the command and %q", name, got, logged)
	}
}

func TestRouterShowsMistakesAsText(t *testing.T) {
	t.Parallel()
	s := newRouted(t)
	s.act(map[string]any{"user": "reader", "command": "wrong"})
	for _, r := range s.requests(http.MethodPost, "/callback") {
		for _, live := range []string{"<@&1>", "@everyone", "**bold**", "[link]("} {
			if strings.Contains(string(r.body), live) {
				t.Errorf("got %s, want %q escaped in it", r.body, live)
			}
		}
	}
}

// What was deferred for everybody must not be left thinking.
func TestRouterTakesBackAPublicDeferral(t *testing.T) {
	t.Parallel()
	s := newRouted(t)
	s.act(map[string]any{"user": "reader", "command": "slow-wrong", "options": map[string]any{"share": true}})
	if got := len(s.requests(http.MethodDelete, "/messages/@original")); got != 1 {
		t.Errorf("got %d deletions of the first answer, want 1", got)
	}
	for user, want := range map[string]int{"reader": 1, "moderator": 0} {
		var there struct{ Messages []struct{ Ephemeral bool } }
		s.control(http.MethodGet, "/sandbox/channels/briefings/messages?as="+user, nil, &there)
		if len(there.Messages) != want {
			t.Errorf("%s sees %d messages, want %d", user, len(there.Messages), want)
		}
	}
}

func TestRouterAnswersPresses(t *testing.T) {
	t.Parallel()
	for way, begin := range map[string]func(*testing.T) routed{"gateway": newRouted, "signed requests": newPosted} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			testAnswersPresses(t, begin(t))
		})
	}
}

func testAnswersPresses(t *testing.T, s routed) {
	w := s.router.Book.In("en")
	for _, tt := range []struct {
		action, kind, text string
	}{
		{"press-quick", "message", "quick answer"},
		{"press-slow", "message", "slow answer"},
		{"press-wrong", "message", "everyone"},
		{"press-slow-wrong", "message", "everyone"},
		{"press-fault", "message", w.Say("error.fault")},
		{"press-form", "modal", "A form"},
		{"press-form-endless", "message", w.Say("error.slow")},
		{"never-was:x", "message", w.Say("error.gone")},
	} {
		for _, public := range []bool{false, true} {
			name := fmt.Sprintf("%s on a message that is public: %t", tt.action, public)
			asked := s.act(map[string]any{"user": "reader", "command": "stand", "options": map[string]any{"action": tt.action + "@delivery", "share": public}})
			s.drain()
			got := s.act(map[string]any{"user": "reader", "message": asked.Message.ID, "custom_id": tt.action + "@delivery"})
			if got.Error != "" || got.Kind != tt.kind || !strings.Contains(got.Text, tt.text) {
				t.Errorf("%s: got %+v, want a %s with %q", name, got, tt.kind, tt.text)
			}
			if !got.Ephemeral && got.Kind != "modal" {
				t.Errorf("%s: the answer is public, want it private", name)
			}
		}
	}
	s.act(map[string]any{"user": "reader", "command": "form"})
	got := s.act(map[string]any{"user": "reader", "modal": "filled:x", "fields": map[string]any{"text": "*words*"}})
	if got.Text == "" || !strings.Contains(got.Text, "filled in: ") || !strings.Contains(got.Text, "words") {
		t.Errorf("the form: got %+v, want what was filled in", got)
	}
}

// forgetful can never tell.
type forgetful struct{}

func TestRouterLeavesAloneWhatItCannotRead(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", "{}", `{"id":"1","token":"t","type":1,"user":{"id":"2"}}`, `{"id":"1","token":"t","type":99,"user":{"id":"2"}}`} {
		log := new(diary)
		r := soundless(t, new(memory), func(r *http.Request) (*http.Response, error) {
			t.Errorf("%q: got a request to %s, want none", raw, r.URL.Path)
			return canned(http.StatusNoContent, ""), nil
		})
		r.Log = log.logger()
		r.Handle(t.Context(), []byte(raw))
		if strings.Count(log.String(), "\n") != 1 {
			t.Errorf("%q: got the log %s, want one line", raw, log)
		}
	}
}

func TestRouterKeepsTheDescription(t *testing.T) {
	t.Parallel()
	description, err := openapi.Load(testenv.OpenAPI(t))
	if err != nil {
		t.Fatal(err)
	}
	s := newRouted(t)
	for _, command := range []string{"quick", "slow", "wrong", "slow-wrong", "fault", "form"} {
		for _, share := range []bool{false, true} {
			s.drain()
			s.act(map[string]any{"user": "reader", "command": command, "options": map[string]any{"share": share}})
		}
	}
	all := slices.Concat(s.requests(http.MethodPost, ""), s.requests(http.MethodPut, ""), s.requests(http.MethodPatch, ""))
	if len(all) < 15 {
		t.Errorf("got %d requests, want an answer to each command and the edits after deferring", len(all))
	}
	for _, r := range all {
		if err := description.CheckRequest(r.method, r.path, r.body); err != nil {
			t.Errorf("%s %s %s: %v", r.method, r.path, r.body, err)
		}
	}
}
