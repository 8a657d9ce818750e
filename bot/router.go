package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"runtime/debug"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/commands"
	"sitrep/words"
)

// Discord forgets an interaction that is not acknowledged within three seconds
// of being sent; the network needs some of them.
const (
	deferAfter  = 1500 * time.Millisecond
	formTime    = 2500 * time.Millisecond // a form can't be deferred, nor can choices
	longestWork = time.Minute
	lastWord    = 5 * time.Second  // for the edit that ends a deferred answer
	repeatTime  = 15 * time.Minute // the life of an interaction's token
)

// patiences are how long a [Router] waits; what is zero is as long as Discord lets it.
type patiences struct{ deferAfter, formTime, longestWork time.Duration }

// Answers to an interaction.
const (
	answerPong     = 1
	answerMessage  = 4
	answerDeferred = 5
	answerWorking  = 6 // as 5, for what takes the place of the message it was pressed on
	answerUpdate   = 7
	answerChoices  = 8
	answerModal    = 9
)

// Seen tells whether a key is new. Package cache satisfies it.
type Seen interface {
	// Admit reports true the first time it is asked for key within ttl, and how
	// long to wait where one of the quotas, so many in ten seconds, is used up; keys
	// and quotas are those of the tag.
	Admit(ctx context.Context, tag, key string, ttl time.Duration, quotas map[string]int) (first bool, wait time.Duration, err error)
}

// A Router answers interactions. It is safe for concurrent use.
type Router struct {
	Discord *Discord
	Set     commands.Set
	Book    *words.Book
	Seen    Seen
	Limits  Limits
	Log     *slog.Logger
	// Observer is told of every interaction; nil for nobody.
	Observer Observer

	// Settings are what a desk's server chose, and Servers tells whether the
	// moderator role among that is gone; nil for the defaults, and for no.
	Settings func(ctx context.Context, desk briefings.DeskID) briefings.Settings
	Servers  *Servers
	// Guests tells whose briefing answers outside of servers; nil for the
	// catalogue.
	Guests *briefings.Guests

	patience patiences
}

// answer is a first answer as Discord takes it.
type answer struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"`
}

func (a answer) uploads() []upload {
	m, _ := a.Data.(message)
	return m.files
}

// A firstAnswer takes the first answer to an interaction there, and returns once
// Discord has it or can't have it any more.
type firstAnswer func(ctx context.Context, in Interaction, a answer) error

// callback is a firstAnswer over REST.
func (r *Router) callback(ctx context.Context, in Interaction, a answer) error {
	return r.Discord.Respond(ctx, in.ID, in.Token, a)
}

// Handle answers one raw interaction and returns when that is done. A second
// one with the same id is left alone.
func (r *Router) Handle(ctx context.Context, raw []byte) {
	arrived := time.Now()
	in, err := ParseInteraction(raw)
	if err != nil {
		r.Log.ErrorContext(ctx, "an interaction can't be read", "err", err)
		return
	}
	in.arrived, in.respond = arrived, r.callback
	r.handle(ctx, in)
}

// handle is Handle for an interaction that was read, and that knows how it is
// answered.
func (r *Router) handle(ctx context.Context, in Interaction) {
	ctx = withInteraction(ctx, in.ID)
	in.tally = &tally{command: unknownCommand, outcome: outcomeAnswered}
	in.respond = in.tally.timed(in.respond)
	defer r.over(ctx, in)
	first, wait := r.admit(ctx, in)
	if !first {
		in.tally.outcome = outcomeRepeated
		r.Log.InfoContext(ctx, "an interaction that was seen before was left alone")
		return
	}
	if wait > 0 {
		w := r.Book.In(in.locales()...)
		seconds := int(math.Ceil(wait.Seconds()))
		r.first(ctx, in, task{}, w, outcome{err: briefings.Tell(briefings.ErrInvalid, w.Say("error.too_many", words.Args{"Seconds": seconds}))})
		return
	}
	switch desk := in.desk(); {
	case desk == briefings.Catalogue && r.Guests != nil:
		guest := r.Guests.Of(ctx, briefings.UserID(in.userID()))
		guest.Among = in.Context != contextBotDM
		in.guest = &guest
	case desk != briefings.Catalogue && r.Settings != nil:
		in.settings = r.Settings(ctx, desk)
	}
	switch in.Type {
	case typeAutocomplete:
		r.complete(ctx, in)
	case typeCommand, typeComponent, typeModal:
		r.work(ctx, in)
		r.seen(ctx, in)
	default:
		r.Log.WarnContext(ctx, "an interaction of an unknown type was left alone", "type", in.Type)
	}
}

// task is what an interaction asks for.
type task struct {
	name    string
	role    commands.Role
	form    bool // answers with a form: no deferring
	shared  bool // answers to the whole channel
	updates bool // answers in place of the message it was pressed on
	run     func(ctx context.Context) (commands.Reply, error)
}

// task finds what to run; the error is for the person.
func (r *Router) task(in Interaction, w *words.Words) (task, error) {
	who := in.caller()
	if in.Type == typeCommand {
		name, input, _ := in.command()
		c, ok := r.Set.Command(name)
		if !ok {
			return task{}, briefings.Tell(briefings.ErrNotFound, w.Say("error.unknown_command", words.Args{"Name": name}))
		}
		shared := c.Shared(input, in.settings)
		if shared {
			who = who.Public()
		}
		if shared && who.Overheard() {
			return task{}, briefings.Tell(briefings.ErrInvalid, w.Say("guest.among", words.Args{"Server": who.Guest.Name}))
		}
		return task{name: "/" + name, role: c.Role, form: c.Form, shared: shared, run: func(ctx context.Context) (commands.Reply, error) {
			return c.Run(ctx, who, input)
		}}, nil
	}
	name, state := in.action()
	a, ok := r.Set.Action(name)
	if !ok {
		return task{}, briefings.Tell(briefings.ErrNotFound, w.Say("error.gone"))
	}
	press := commands.Press{State: state, Values: in.Data.Values}
	if in.Type == typeModal {
		press.Fields = in.fields()
	}
	if a.Shared {
		who = who.Public()
	}
	if a.Shared && who.Overheard() {
		return task{}, briefings.Tell(briefings.ErrInvalid, w.Say("guest.among", words.Args{"Server": who.Guest.Name}))
	}
	updates := a.Replaces && in.Message.Flags&flagEphemeral != 0
	return task{name: name, role: a.Role, form: a.Form, shared: a.Shared, updates: updates, run: func(ctx context.Context) (commands.Reply, error) {
		return a.Run(ctx, who, press)
	}}, nil
}

// seen keeps that a person was in a server, once they have their answer. Nobody
// waits for that, so nobody but the log is told what goes wrong.
func (r *Router) seen(ctx context.Context, in Interaction) {
	if r.Guests == nil || in.Member == nil || in.desk() == briefings.Catalogue || r.untraced(in) {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWord) // also when sitrep is stopping
	defer cancel()
	err := r.Guests.Seen(ctx, briefings.UserID(in.userID()), in.desk())
	if err != nil && !errors.Is(err, briefings.ErrUnavailable) {
		r.Log.WarnContext(ctx, "where somebody was can't be kept", "guild", in.GuildID, "err", err)
	}
}

// untraced reports whether what in asks for leaves nothing behind.
func (r *Router) untraced(in Interaction) bool {
	if in.Type == typeCommand {
		name, _, _ := in.command()
		c, _ := r.Set.Command(name)
		return c.Untraced
	}
	name, _ := in.action()
	a, _ := r.Set.Action(name)
	return a.Untraced
}

// outcome is what a task came to.
type outcome struct {
	reply commands.Reply
	err   error
}

// work runs what the interaction asks for and answers in time, whatever happens.
func (r *Router) work(ctx context.Context, in Interaction) {
	w := r.Book.In(in.locales()...)
	t, err := r.task(in, w)
	in.tally.command = cmp.Or(t.name, unknownCommand)
	if err == nil && !r.may(ctx, in, t.role) {
		err = briefings.Tell(briefings.ErrInvalid, denied(w, t.role, in.settings))
	}
	if err != nil {
		r.first(ctx, in, t, w, outcome{err: err})
		return
	}
	done := make(chan outcome, 1)
	working, cancel := context.WithTimeout(ctx, cmp.Or(r.patience.longestWork, longestWork))
	defer cancel()
	go func() { done <- run(working, t) }()
	patience := cmp.Or(r.patience.deferAfter, deferAfter)
	if t.form {
		patience = cmp.Or(r.patience.formTime, formTime)
	}
	select {
	case o := <-done:
		r.after(ctx, in, t, o, r.first(ctx, in, t, w, o))
		return
	case <-time.After(patience - time.Since(in.arrived)):
	}
	if t.form {
		cancel()
		r.first(ctx, in, t, w, outcome{err: briefings.Tell(briefings.ErrUnavailable, w.Say("error.slow"))})
		<-done
		return
	}
	o, told := r.later(ctx, in, t, w, done)
	r.after(ctx, in, t, o, told)
}

// after does what a reply has left to do once its person has it. Nobody waits
// for that, so nobody but the log is told what goes wrong.
func (r *Router) after(ctx context.Context, in Interaction, t task, o outcome, told bool) {
	if !told || o.err != nil || o.reply.After == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWord) // also when sitrep is stopping
	defer cancel()
	rest := task{name: t.name, run: func(ctx context.Context) (commands.Reply, error) { return commands.Reply{}, o.reply.After(ctx) }}
	if done := run(ctx, rest); done.err != nil {
		r.Log.WarnContext(ctx, "what was to follow an answer failed", "command", t.name, "guild", in.GuildID, "err", done.err)
	}
}

// run is a task with its panics turned into errors.
func run(ctx context.Context, t task) (o outcome) {
	defer func() {
		if v := recover(); v != nil {
			o = outcome{err: fmt.Errorf("bot: %s panicked: %v\n%s", t.name, v, debug.Stack())}
		}
	}()
	reply, err := t.run(ctx)
	return outcome{reply: reply, err: err}
}

// first gives the first and only answer, and reports whether it got there.
func (r *Router) first(ctx context.Context, in Interaction, t task, w *words.Words, o outcome) bool {
	a := answer{Type: answerMessage}
	switch {
	case o.err != nil:
		a.Data = r.mistake(ctx, in, t, w, o)
	case o.reply.Form != nil:
		a.Type, a.Data = answerModal, renderForm(*o.reply.Form)
	default:
		m := render(o.reply.Card, "")
		switch {
		case t.updates:
			a.Type = answerUpdate
			m.Attachments = append([]attachment{}, m.Attachments...) // the old picture goes
		case !t.shared:
			m.Flags |= flagEphemeral
		}
		a.Data = m
	}
	return r.report(ctx, in, t, in.respond(ctx, in, a))
}

// later acknowledges now and answers when the work is done: it returns what
// that came to, and whether the answer got there.
func (r *Router) later(ctx context.Context, in Interaction, t task, w *words.Words, done <-chan outcome) (o outcome, told bool) {
	a := answer{Type: answerDeferred}
	switch {
	case t.updates:
		a.Type = answerWorking
	case !t.shared:
		a.Data = map[string]int{"flags": flagEphemeral}
	}
	r.report(ctx, in, t, in.respond(ctx, in, a))
	o = <-done
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWord) // also when sitrep is stopping
	defer cancel()
	if errors.Is(o.err, context.DeadlineExceeded) {
		o.err = briefings.Tell(briefings.ErrUnavailable, w.Say("error.slow"))
	}
	report := func(f func(context.Context) error) bool { return r.report(ctx, in, t, in.follow(ctx, f)) }
	switch {
	case o.err != nil && t.shared:
		// what was deferred for all eyes must not hold one person's error
		report(func(ctx context.Context) error { return r.Discord.DeleteOriginal(ctx, in.ApplicationID, in.Token) })
		r.report(ctx, in, t, r.Discord.Followup(ctx, in.ApplicationID, in.Token, r.mistake(ctx, in, t, w, o)))
	case o.err != nil && t.updates: // the message stays as it was
		m := r.mistake(ctx, in, t, w, o)
		report(func(ctx context.Context) error { return r.Discord.Followup(ctx, in.ApplicationID, in.Token, m) })
	case o.err != nil:
		m := r.mistake(ctx, in, t, w, o)
		m.Flags &^= flagEphemeral // fixed when the answer was deferred
		report(func(ctx context.Context) error { return r.Discord.EditOriginal(ctx, in.ApplicationID, in.Token, m) })
	default:
		m := render(o.reply.Card, "")
		m.Attachments = append([]attachment{}, m.Attachments...) // the old picture goes
		told = report(func(ctx context.Context) error { return r.Discord.EditOriginal(ctx, in.ApplicationID, in.Token, m) })
	}
	return o, told
}

// mistake is the private message for an error: a mistake in its own words, a
// part that is away in one fixed sentence, a fault in another and a line in the
// log, or with the card that came with it.
func (r *Router) mistake(ctx context.Context, in Interaction, t task, w *words.Words, o outcome) message {
	var c cards.Card
	switch mistake := new(briefings.UserError); {
	case errors.As(o.err, &mistake):
		in.tally.outcome = outcomeMistake
		c.Title = "⚠ " + cards.Escape(cards.Clip(commands.Said(w, mistake), 2000))
	case errors.Is(o.err, briefings.ErrUnavailable): // whose part it is has logged that
		in.tally.outcome = outcomeAway
		c.Title = "⚠ " + cards.Escape(w.Say("error.away"))
	default:
		in.tally.outcome = outcomeFault
		r.Log.ErrorContext(ctx, "an interaction failed", "command", t.name, "guild", in.GuildID, "err", o.err)
		if c = o.reply.Card; c.Title == "" {
			c.Title = "⚠ " + cards.Escape(w.Say("error.fault"))
		}
	}
	m := render(c, "")
	m.Flags |= flagEphemeral
	return m
}

// report logs an answer that did not get there; the person sees Discord's own
// notice then, and there is nobody else to tell.
func (r *Router) report(ctx context.Context, in Interaction, t task, err error) (told bool) {
	if err != nil {
		in.tally.outcome = outcomeLost
		r.Log.ErrorContext(ctx, "an answer did not get there", "command", t.name, "guild", in.GuildID, "err", err)
	}
	return err == nil
}
