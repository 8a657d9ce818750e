package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func ask(n int) envelope {
	return envelope{Type: "INTERACTION_CREATE", Data: json.RawMessage(fmt.Sprintf(`{"id":"%d"}`, n))}
}

func TestInboxIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		got, release := 0, make(chan struct{})
		taken := make(chan struct{}, 10)
		box := newInbox(t.Context(), GatewayOptions{
			Log:         slog.New(slog.NewTextHandler(&log, nil)),
			Interaction: func(context.Context, json.RawMessage) { taken <- struct{}{}; <-release },
		}, 2)
		for n := range 3 {
			box.put(ask(n))
		}
		synctest.Wait()
		if got = len(taken); got != 2 {
			t.Errorf("%d interactions are under way, want 2", got)
		}
		if box.admit("7", func(context.Context) {}) {
			t.Error("a fourth was admitted")
		}
		for _, id := range []string{"interaction=2", "interaction=7"} { // the third that came, and the fourth
			if !strings.Contains(log.String(), "too many are under way") || !strings.Contains(log.String(), id) {
				t.Errorf("the drop of %s is not logged: %s", id, log.String())
			}
		}
		close(release)
		if err := box.finish(time.Second, time.Second); err != nil {
			t.Error(err)
		}
		box.put(ask(4))
		synctest.Wait()
		if got := len(taken); got != 2 {
			t.Errorf("%d interactions were taken, want 2: none after the end", got)
		}
	})
}

func TestInboxSurvivesItsReceivers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		readies := 0
		box := newInbox(t.Context(), GatewayOptions{
			Log:         slog.New(slog.NewTextHandler(&log, nil)),
			Interaction: func(context.Context, json.RawMessage) { panic("interaction fault") },
			Ready: func(context.Context, Ready) {
				if readies++; readies == 1 {
					panic("ready fault")
				}
			},
		}, 2)
		box.put(envelope{Type: "RESUMED"})
		box.put(envelope{Type: "RESUMED"})
		box.put(envelope{Type: "READY", Data: json.RawMessage(`{"guilds":7}`)})
		box.put(envelope{Type: "GUILD_CREATE", Data: json.RawMessage(`{"id":"1"}`)})
		synctest.Wait()
		box.put(ask(1))
		if err := box.finish(time.Second, time.Second); err != nil {
			t.Error(err)
		}
		if readies != 2 {
			t.Errorf("told %d times, want 2: a fault must not stop the queue", readies)
		}
		for _, want := range []string{"interaction fault", "ready fault", "not as documented"} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("the log lacks %q:\n%s", want, log.String())
			}
		}
	})
}

func TestInboxFinishesWork(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		work func(ctx context.Context, over chan struct{})
		took time.Duration
		ok   bool
	}{
		{"done in time", func(context.Context, chan struct{}) { time.Sleep(15 * time.Second) }, 15 * time.Second, true},
		{"stops when told", func(ctx context.Context, _ chan struct{}) { <-ctx.Done() }, 20 * time.Second, true},
		{"does not stop", func(_ context.Context, over chan struct{}) { <-over }, 21 * time.Second, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				over := make(chan struct{})
				defer close(over)
				box := newInbox(t.Context(), GatewayOptions{
					Log:         slog.New(slog.DiscardHandler),
					Interaction: func(ctx context.Context, _ json.RawMessage) { tt.work(ctx, over) },
				}, 2)
				box.put(ask(1))
				start := time.Now()
				err := box.finish(20*time.Second, time.Second)
				if took := time.Since(start); took != tt.took || (err == nil) != tt.ok {
					t.Errorf("got %v after %s, want ok: %t after %s", err, took, tt.ok, tt.took)
				}
			})
		})
	}
}

func TestInboxKnowsServersOfThisSession(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var got []Membership
		box := newInbox(t.Context(), GatewayOptions{
			Log:        slog.New(slog.DiscardHandler),
			Membership: func(_ context.Context, m Membership) { got = append(got, m) },
		}, 1)
		met := envelope{Type: "GUILD_CREATE", Data: json.RawMessage(`{"id":"1"}`)}
		for _, e := range []envelope{
			{Type: "READY", Data: json.RawMessage(`{"guilds":[{"id":"1"}]}`)},
			met,
			{Type: "READY", Data: json.RawMessage(`{"guilds":[]}`)},
			met, met,
		} {
			box.put(e)
		}
		if err := box.finish(time.Second, time.Second); err != nil {
			t.Error(err)
		}
		want := []Membership{{Guild: "1"}, {Guild: "1", New: true}, {Guild: "1"}}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("got %v, want %v: removed while away, and joined again", got, want)
		}
	})
}
