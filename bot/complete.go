package bot

import (
	"cmp"
	"context"
	"runtime/debug"

	"sitrep/cards"
	"sitrep/commands"
)

// complete answers what is offered while an option is typed. It can't be
// deferred, and an error has no other form than no choices.
func (r *Router) complete(ctx context.Context, in Interaction) {
	looking, cancel := context.WithTimeout(ctx, cmp.Or(r.patience.formTime, formTime))
	defer cancel()
	name, input, focused := in.command()
	c, ok := r.Set.Command(name)
	t := task{name: "/" + name}
	if ok {
		in.tally.command = t.name
	}
	choices := []choice{}
	if ok && c.Complete != nil && r.may(looking, in, c.Role) {
		for _, found := range r.choices(looking, in, c, focused, input) {
			choices = append(choices, choice{Name: found.Label, Value: found.Value})
		}
	}
	data := map[string][]choice{"choices": choices[:min(25, len(choices))]}
	r.report(ctx, in, t, in.respond(ctx, in, answer{Type: answerChoices, Data: data}))
}

func (r *Router) choices(ctx context.Context, in Interaction, c commands.Command, focused string, input commands.Input) (found []cards.Choice) {
	defer func() {
		if v := recover(); v != nil {
			in.tally.outcome = outcomeFault
			r.Log.ErrorContext(ctx, "completing panicked", "command", c.Name, "panic", v, "stack", string(debug.Stack()))
		}
	}()
	found, err := c.Complete(ctx, in.caller(), focused, input)
	if err != nil {
		r.Log.WarnContext(ctx, "nothing could be offered", "command", c.Name, "err", err)
	}
	return found
}
