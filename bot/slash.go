package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"sitrep/briefings"
	"sitrep/commands"
	"sitrep/words"
)

// Slash has Discord offer the sections that a desk has of its own as commands in
// its server, and no others. Any copy may do so: each compares with what Discord
// has, and sends nothing where nothing differs. It satisfies [commands.Slash] and
// is safe for concurrent use.
type Slash struct {
	discord  *Discord
	book     *words.Book
	log      *slog.Logger
	snapshot func(ctx context.Context, desk briefings.DeskID) (*briefings.Snapshot, error)
	with     func(ctx context.Context) ([]briefings.DeskID, error)
	wait     slashWaits

	begun chan struct{} // closed once app and set are known
	app   string
	set   commands.Set

	mu    sync.Mutex
	due   map[briefings.DeskID]time.Time
	wake  chan struct{}
	known map[briefings.DeskID]*offered
	own   map[briefings.DeskID]bool // nil until they were read
	early []briefings.DeskID        // met before
}

// slashWaits are how long things are put off.
type slashWaits struct {
	others time.Duration // what another copy does, to whom the change was made
	again  time.Duration // the first try after a failure; the next twice as long, and so on
	most   time.Duration // at most
	full   time.Duration // what Discord takes no more of for now
}

// offered is what is known of the commands that Discord has of a desk's.
type offered struct {
	busy  chan struct{} // holds a token while somebody compares
	held  string        // that Discord has, as JSON; empty where that isn't known
	tried string        // that it refused
	err   error         // why
	at    time.Time     // when
	fails int
}

// slashTime is what bringing one server's commands may take.
const slashTime = time.Minute

func newSlash(o Options, discord *Discord) *Slash {
	return &Slash{
		discord: discord, book: o.Book, log: o.Log, snapshot: o.Snapshot, with: o.Sectioned,
		wait:  slashWaits{others: time.Second, again: 5 * time.Second, most: 10 * time.Minute, full: time.Hour},
		begun: make(chan struct{}), due: map[briefings.DeskID]time.Time{}, wake: make(chan struct{}, 1), known: map[briefings.DeskID]*offered{},
	}
}

// Changed tells that a desk was changed, by this copy or another.
func (s *Slash) Changed(desk briefings.DeskID, own bool) {
	wait := time.Duration(0)
	if !own {
		wait = s.wait.others + rand.N(s.wait.others)
	}
	s.later(desk, wait)
}

// later has desk looked at in a while, unless it is looked at before that.
func (s *Slash) later(desk briefings.DeskID, wait time.Duration) {
	at := time.Now().Add(wait)
	s.mu.Lock()
	if planned, ok := s.due[desk]; !ok || at.Before(planned) {
		s.due[desk] = at
	}
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// meet looks at a server that the bot is in, where its desk may have sections of
// its own: those that joined just now have to be asked.
func (s *Slash) meet(m Membership) {
	desk := briefings.DeskID(m.Guild)
	s.mu.Lock()
	look := m.New || s.own[desk]
	switch {
	case m.Left: // and Discord has forgotten its commands
		delete(s.known, desk)
		look = false
	case s.own == nil && !look:
		s.early = append(s.early, desk)
	}
	s.mu.Unlock()
	if look {
		s.Changed(desk, false)
	}
}

// run compares whatever is due until ctx ends. Discord has the commands of set
// already.
func (s *Slash) run(ctx context.Context, app string, set commands.Set) {
	s.app, s.set = app, set
	s.of(briefings.Catalogue).held = named(set.Sections())
	close(s.begun)
	var group errgroup.Group
	group.SetLimit(5) // servers at a time, and reading which
	defer func() { _ = group.Wait() }()
	group.Go(func() error {
		s.begin(ctx)
		return nil
	})
	for ctx.Err() == nil {
		due, wait := s.next()
		for _, desk := range due {
			group.Go(func() error {
				_ = s.bring(ctx, desk) // which logs, and plans another try
				return nil
			})
		}
		if len(due) > 0 {
			continue
		}
		select {
		case <-ctx.Done():
		case <-s.wake:
		case <-time.After(wait):
		}
	}
}

// begin reads which desks have sections of their own, and looks at those whose
// servers were met meanwhile.
func (s *Slash) begin(ctx context.Context) {
	for wait := s.wait.again; ctx.Err() == nil; wait = min(2*wait, s.wait.most) {
		with, err := s.with(ctx)
		if err != nil {
			if !errors.Is(err, briefings.ErrUnavailable) {
				s.log.ErrorContext(ctx, "which servers have sections of their own can't be read", "err", err)
			}
			_ = sleep(ctx, wait)
			continue
		}
		own := map[briefings.DeskID]bool{}
		for _, desk := range with {
			own[desk] = true
		}
		s.mu.Lock()
		s.own = own
		early := s.early
		s.early = nil
		s.mu.Unlock()
		for _, desk := range early {
			if own[desk] {
				s.Changed(desk, false)
			}
		}
		return
	}
}

// next are the desks that are due, or how long there is none.
func (s *Slash) next() (due []briefings.DeskID, wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	wait = time.Hour
	for desk, at := range s.due {
		left := time.Until(at)
		if left <= 0 {
			delete(s.due, desk)
			due = append(due, desk)
			continue
		}
		wait = min(wait, left)
	}
	return due, wait
}

// of is what is known of desk.
func (s *Slash) of(desk briefings.DeskID) *offered {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known[desk] == nil {
		s.known[desk] = &offered{busy: make(chan struct{}, 1)}
	}
	return s.known[desk]
}

// Bring is for [commands.Slash].
func (s *Slash) Bring(ctx context.Context, desk briefings.DeskID) error {
	select {
	case <-s.begun:
	case <-ctx.Done():
		return ctx.Err()
	}
	return s.bring(ctx, desk)
}

func (s *Slash) bring(ctx context.Context, desk briefings.DeskID) error {
	ctx, cancel := context.WithTimeout(ctx, slashTime)
	defer cancel()
	base, err := s.snapshot(ctx, briefings.Catalogue)
	if err != nil {
		return err
	}
	snap, err := s.snapshot(ctx, desk)
	if err != nil {
		s.later(desk, s.wait.again)
		return err
	}
	if desk != briefings.Catalogue && !everOwn(base, snap) {
		return nil // nothing was ever registered there
	}
	o := s.of(desk)
	select {
	case o.busy <- struct{}{}:
		defer func() { <-o.busy }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if snap, err = s.snapshot(ctx, desk); err != nil { // which somebody waited for
		return err
	}
	if desk == briefings.Catalogue {
		return s.settle(ctx, desk, o, named(s.set.In(snap).Sections()), func() error { return s.addGlobal(ctx, snap) })
	}
	want := defineSections(s.set, base, snap, s.book)
	return s.settle(ctx, desk, o, written(want), func() error { return s.replace(ctx, desk, want) })
}

// everOwn reports whether a desk has, or had, sections that aren't the catalogue's.
func everOwn(base, snap *briefings.Snapshot) bool {
	return slices.ContainsFunc(snap.Own(), func(r briefings.Revision) bool {
		section, ok := r.Item.(*briefings.Section)
		return ok && base.Section(section.Command) == nil
	})
}

// refusedFor is how soon after a refusal the same isn't asked for again.
const refusedFor = 2 * time.Second

// settle has send done where what is wanted isn't what Discord is known to have,
// and plans another try where that fails.
func (s *Slash) settle(ctx context.Context, desk briefings.DeskID, o *offered, want string, send func() error) error {
	if o.held == want {
		return nil
	}
	if o.tried == want && time.Since(o.at) < refusedFor {
		return o.err
	}
	err := send()
	if err == nil {
		o.held, o.tried, o.err, o.fails = want, "", nil, 0
		return nil
	}
	wait := min(s.wait.again<<min(o.fails, 10), s.wait.most)
	switch {
	case IsCode(err, CodeTooManyCommands):
		wait, err = s.wait.full, fmt.Errorf("%w: %w", commands.ErrNoMoreToday, err)
	case IsCode(err, CodeMissingAccess):
		wait, err = s.wait.full, fmt.Errorf("%w: %w", commands.ErrNoSlash, err)
	}
	o.held, o.tried, o.err, o.at = "", want, err, time.Now()
	o.fails++
	s.later(desk, wait)
	if ctx.Err() == nil {
		s.log.WarnContext(ctx, "Discord doesn't have the commands of a server's sections; it is tried again", "guild", desk, "wait", wait, "err", err)
	}
	return err
}

// replace makes want the commands of desk's server. Where Discord takes no new
// ones, at least those go that have no section any more.
func (s *Slash) replace(ctx context.Context, desk briefings.DeskID, want []definition) error {
	have, err := register(ctx, s.discord, s.app, string(desk), want)
	if !IsCode(err, CodeTooManyCommands) {
		return err
	}
	known := slices.DeleteFunc(slices.Clone(want), func(d definition) bool {
		return !slices.ContainsFunc(have, func(h definition) bool { return h.Name == d.Name })
	})
	if same(have, known) {
		return err
	}
	return errors.Join(err, s.discord.SetCommands(ctx, s.app, string(desk), known))
}

// addGlobal adds the commands of sections that a newer catalogue brought while
// this copy ran. It takes none away and changes none: copies of another release
// may have other ones, and each sees to all of them when it starts.
func (s *Slash) addGlobal(ctx context.Context, base *briefings.Snapshot) error {
	have, err := registered(ctx, s.discord, s.app, "")
	if err != nil {
		return err
	}
	set := s.set.In(base)
	for _, d := range define(set, s.book) {
		section := slices.ContainsFunc(set.Sections(), func(c commands.Command) bool { return c.Name == d.Name })
		if !section || slices.ContainsFunc(have, func(h definition) bool { return h.Name == d.Name }) {
			continue
		}
		if err := s.discord.SetCommand(ctx, s.app, d); err != nil {
			return fmt.Errorf("bot: register command: %w", err)
		}
	}
	return nil
}

// named are the names of commands as one text.
func named(all []commands.Command) string {
	names := make([]string, len(all))
	for i, c := range all {
		names[i] = c.Name
	}
	slices.Sort(names)
	return "names: " + strings.Join(names, " ")
}

// written is what definitions say, as one text.
func written(all []definition) string {
	raw, err := json.Marshal(all)
	if err != nil {
		panic(err) // they are texts and numbers
	}
	return string(raw)
}
