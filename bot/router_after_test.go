package bot

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sitrep/briefings"
	"sitrep/commands"
)

// What a reply has left to do is done once, after the person has the answer,
// and not at all where they have none.
func TestRouterDoesTheRestAfterTheAnswer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		takes  time.Duration
		err    error // of the handler
		status int   // Discord answers with
		rest   error // of what is left; nil also panics for "panics"
		want   string
		logged string
	}{
		{"at once", 0, nil, http.StatusNoContent, nil, "POST, rest", ""},
		{"deferred", 2 * time.Second, nil, http.StatusNoContent, nil, "POST, PATCH, rest", ""},
		{"a mistake", 0, briefings.Tell(briefings.ErrInvalid, "no"), http.StatusNoContent, nil, "POST", ""},
		{"an answer that was refused", 0, nil, http.StatusNotFound, nil, "POST", "did not get there"},
		{"the rest fails", 0, nil, http.StatusNoContent, errors.New("no room"), "POST, rest", "no room"},
		{"the rest panics", 0, nil, http.StatusNoContent, errPanic, "POST, rest", "panicked"},
		{"the rest never ends", 0, nil, http.StatusNoContent, errEndless, "POST, rest", "deadline"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var got []string
				r := soundless(t, new(memory), func(r *http.Request) (*http.Response, error) {
					got = append(got, r.Method)
					return canned(tt.status, ""), nil
				})
				log := new(diary)
				r.Log = slog.New(slog.NewTextHandler(log, nil))
				rest := func(ctx context.Context) error {
					got = append(got, "rest")
					switch {
					case errors.Is(tt.rest, errPanic):
						panic("oh")
					case errors.Is(tt.rest, errEndless):
						<-ctx.Done()
						return ctx.Err()
					}
					return tt.rest
				}
				r.Set.Commands = []commands.Command{{Name: "talks", Run: func(context.Context, commands.Caller, commands.Input) (commands.Reply, error) {
					time.Sleep(tt.takes)
					return commands.Reply{Card: cardSaying("x"), After: rest}, tt.err
				}}}
				r.Handle(t.Context(), sample(t, "guild_command"))
				if got := strings.Join(got, ", "); got != tt.want {
					t.Errorf("got %s, want %s", got, tt.want)
				}
				if (tt.logged == "") != (log.String() == "") || !strings.Contains(log.String(), tt.logged) {
					t.Errorf("logged %q, want %q", log, tt.logged)
				}
			})
		})
	}
}

var (
	errPanic   = errors.New("panics")
	errEndless = errors.New("never ends")
)
