package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/commands"
)

func TestRouterAnswersOnce(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		seen Seen
		runs int32
	}{
		{"remembered", new(memory), 1},
		{"with Redis away", forgetful{}, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var runs, answers atomic.Int32
			r := soundless(t, tt.seen, func(r *http.Request) (*http.Response, error) {
				if strings.HasSuffix(r.URL.Path, "/callback") && answers.Add(1) > 1 {
					return canned(http.StatusBadRequest, `{"code":40060,"message":"Interaction has already been acknowledged."}`), nil
				}
				return canned(http.StatusNoContent, ""), nil
			})
			r.Set.Commands = []commands.Command{{Name: "talks", Run: func(context.Context, commands.Caller, commands.Input) (commands.Reply, error) {
				runs.Add(1)
				return commands.Reply{Card: cardSaying("x")}, nil
			}}}
			for range 2 {
				r.Handle(t.Context(), sample(t, "guild_command"))
			}
			if got := runs.Load(); got != tt.runs {
				t.Errorf("the same interaction twice: ran %d times, want %d", got, tt.runs)
			}
		})
	}
}

func (forgetful) Admit(context.Context, string, string, time.Duration, map[string]int) (bool, time.Duration, error) {
	return false, 0, briefings.ErrUnavailable
}

// soundless is a router whose requests a function answers, without sockets.
func soundless(t testing.TB, seen Seen, api played) *Router {
	t.Helper()
	discord, err := NewDiscord(botToken, transportOver(t, api))
	if err != nil {
		t.Fatal(err)
	}
	return &Router{Discord: discord, Book: book(t), Seen: seen, Log: slog.New(slog.DiscardHandler)}
}

// The three seconds and the minute, by Discord's clock.
func TestRouterKeepsDiscordsTime(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name         string
		takes        time.Duration
		form, ignore bool // whether it opens a form, and goes on when its time is over
		want         string
	}{
		{"at once", 0, false, false, "0s POST 4"},
		{"just in time", time.Second, false, false, "1s POST 4"},
		{"two seconds", 2 * time.Second, false, false, "1.5s POST 5, 2s PATCH"},
		{"half a minute", 30 * time.Second, false, false, "1.5s POST 5, 30s PATCH"},
		{"over a minute", 2 * time.Minute, false, false, "1.5s POST 5, 1m0s PATCH"},
		{"deaf", 2 * time.Minute, false, true, "1.5s POST 5, 2m0s PATCH"},
		{"a form in time", 2 * time.Second, true, false, "2s POST 9"},
		{"a slow form", 5 * time.Second, true, false, "2.5s POST 4"},
		{"a deaf form", 5 * time.Second, true, true, "2.5s POST 4"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				start, got := time.Now(), []string(nil)
				r := soundless(t, new(memory), func(r *http.Request) (*http.Response, error) {
					var body struct{ Type int }
					if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
						t.Error(err)
					}
					said := fmt.Sprintf("%s %s", time.Since(start), r.Method)
					if body.Type != 0 {
						said += fmt.Sprintf(" %d", body.Type)
					}
					got = append(got, said)
					return canned(http.StatusNoContent, ""), nil
				})
				r.Set.Commands = []commands.Command{{Name: "talks", Form: tt.form, Run: func(ctx context.Context, _ commands.Caller, _ commands.Input) (commands.Reply, error) {
					done := ctx.Done()
					if tt.ignore {
						done = nil
					}
					select {
					case <-time.After(tt.takes):
					case <-done:
						return commands.Reply{}, ctx.Err()
					}
					if tt.form {
						return commands.Reply{Form: &cards.Form{Action: "x", Title: "x"}}, nil
					}
					return commands.Reply{Card: cardSaying("x")}, nil
				}}}
				r.Handle(t.Context(), sample(t, "guild_command"))
				if got := strings.Join(got, ", "); got != tt.want {
					t.Errorf("got %s, want %s", got, tt.want)
				}
			})
		})
	}
}

// Choices can't be deferred: whatever happens they come, if none.
func TestRouterCompletesInTime(t *testing.T) {
	t.Parallel()
	many := make([]cards.Choice, 40)
	for i := range many {
		many[i] = cards.Choice{Label: fmt.Sprint("choice ", i), Value: fmt.Sprint(i)}
	}
	type complete = func(context.Context, commands.Caller, string, commands.Input) ([]cards.Choice, error)
	for _, tt := range []struct {
		name     string
		complete complete
		role     commands.Role
		want     string
	}{
		{"some", func(_ context.Context, _ commands.Caller, focused string, in commands.Input) ([]cards.Choice, error) {
			return []cards.Choice{{Label: focused, Value: in[focused]}}, nil
		}, commands.Moderator, `0s {"type":8,"data":{"choices":[{"name":"item","value":"F1"}]}}`},
		{"none", func(context.Context, commands.Caller, string, commands.Input) ([]cards.Choice, error) {
			return nil, nil
		}, 0, `0s {"type":8,"data":{"choices":[]}}`},
		{"nothing to complete", nil, 0, `0s {"type":8,"data":{"choices":[]}}`},
		{"an error", func(context.Context, commands.Caller, string, commands.Input) ([]cards.Choice, error) {
			return nil, errors.New("x")
		}, 0, `0s {"type":8,"data":{"choices":[]}}`},
		{"a panic", func(context.Context, commands.Caller, string, commands.Input) ([]cards.Choice, error) { panic("x") }, 0, `0s {"type":8,"data":{"choices":[]}}`},
		{"no end", func(ctx context.Context, _ commands.Caller, _ string, _ commands.Input) ([]cards.Choice, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}, 0, `2.5s {"type":8,"data":{"choices":[]}}`},
		{"not for this person", func(context.Context, commands.Caller, string, commands.Input) ([]cards.Choice, error) {
			return many, nil
		}, commands.Admin + 1, `0s {"type":8,"data":{"choices":[]}}`},
		{"too many", func(context.Context, commands.Caller, string, commands.Input) ([]cards.Choice, error) {
			return many, nil
		}, 0, `"value":"24"}]}}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				start, got := time.Now(), "nothing"
				r := soundless(t, new(memory), func(r *http.Request) (*http.Response, error) {
					body, err := io.ReadAll(r.Body)
					got = fmt.Sprintf("%s %s", time.Since(start), body)
					return canned(http.StatusNoContent, ""), err
				})
				r.Set.Commands = []commands.Command{{Name: "desk edit", Role: tt.role, Complete: tt.complete}}
				r.Handle(t.Context(), sample(t, "autocomplete"))
				if !strings.HasSuffix(got, tt.want) {
					t.Errorf("got %s, want %s", got, tt.want)
				}
			})
		})
	}
}
