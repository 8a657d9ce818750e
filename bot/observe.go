package bot

import (
	"context"
	"log/slog"
	"runtime/debug"
	"time"
)

// An Observer counts what a bot does. Its methods return at once and are safe
// for concurrent use. Package metrics satisfies it.
type Observer interface {
	// Interaction is told of each one once it is over. The kind and outcome are
	// words of this package, the command is one of the [commands.Set] or
	// "unknown", and acknowledged is 0 where the first answer didn't get there.
	Interaction(kind, command, outcome string, acknowledged time.Duration)
	// Request is told of each reply of Discord's, with status 0 where there was
	// none. The route holds neither ids nor tokens.
	Request(method, route string, status int, took time.Duration)
}

// What an interaction came to.
const (
	outcomeAnswered = "answered"
	outcomeMistake  = "mistake"  // of the person
	outcomeAway     = "away"     // a part that was needed is
	outcomeFault    = "fault"    // ours
	outcomeLost     = "lost"     // the answer did not get there
	outcomeRepeated = "repeated" // and left alone
)

const unknownCommand = "unknown"

// A tally is what an Observer will be told of an interaction.
type tally struct {
	command, outcome string
	acknowledged     time.Duration
}

// timed is next, with the time it took noted.
func (t *tally) timed(next firstAnswer) firstAnswer {
	return func(ctx context.Context, in Interaction, a answer) error {
		err := next(ctx, in, a)
		if err == nil {
			t.acknowledged = time.Since(in.arrived)
		}
		return err
	}
}

// over ends an interaction, also one that panicked where no command is run, such
// as while its answer was written.
func (r *Router) over(ctx context.Context, in Interaction) {
	if v := recover(); v != nil {
		in.tally.outcome = outcomeFault
		r.Log.ErrorContext(ctx, "an interaction panicked", "command", in.tally.command, "panic", v, "stack", string(debug.Stack()))
	}
	if r.Observer != nil {
		r.Observer.Interaction(in.kind(), in.tally.command, in.tally.outcome, in.tally.acknowledged)
	}
}

func (in Interaction) kind() string {
	switch in.Type {
	case typeCommand:
		return "command"
	case typeComponent:
		return "component"
	case typeAutocomplete:
		return "autocomplete"
	case typeModal:
		return "modal"
	}
	return "unknown"
}

type interactionKey struct{}

// withInteraction marks what is done, and logged, for the sake of an interaction.
func withInteraction(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, interactionKey{}, id)
}

// NewLogHandler returns a handler that adds to every line the id of the
// interaction for whose sake it was written, if there is one.
func NewLogHandler(next slog.Handler) slog.Handler { return logHandler{next} }

type logHandler struct{ slog.Handler }

func (h logHandler) Handle(ctx context.Context, line slog.Record) error {
	if id, ok := ctx.Value(interactionKey{}).(string); ok {
		line.AddAttrs(slog.String("interaction", id))
	}
	return h.Handler.Handle(ctx, line)
}

func (h logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return logHandler{h.Handler.WithAttrs(attrs)}
}

func (h logHandler) WithGroup(name string) slog.Handler {
	return logHandler{h.Handler.WithGroup(name)}
}
