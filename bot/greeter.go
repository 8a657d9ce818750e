package bot

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"sitrep/briefings"
	"sitrep/commands"
)

// Joins keeps which servers were greeted, for all copies; package store satisfies
// it. Every method is safe for concurrent use and returns an error wrapping
// [briefings.ErrUnavailable] where the database can't be reached.
type Joins interface {
	// FirstStart keeps now as when sitrep was started first, unless an earlier
	// start is known, and returns the earliest.
	FirstStart(ctx context.Context, now time.Time) (time.Time, error)
	// Greet keeps that desk's server, which the bot joined then, is greeted. It
	// reports false where it was kept already.
	Greet(ctx context.Context, desk briefings.DeskID, joined time.Time) (bool, error)
	// Ungreet takes that back.
	Ungreet(ctx context.Context, desk briefings.DeskID, joined time.Time) error
}

// greetWithin is how long after joining a server is greeted: sitrep may have been
// away.
const greetWithin = 24 * time.Hour

// A greeter says in a server that the bot joined what it can do, once.
type greeter struct {
	options Options
	discord *Discord
	log     *slog.Logger
	joined  chan Membership
	wait    time.Duration // before the second try; the next twice as long, and so on
}

func newGreeter(o Options, discord *Discord) *greeter {
	return &greeter{options: o, discord: discord, log: o.Log, joined: make(chan Membership, 1000), wait: 5 * time.Second}
}

// meet has a server greeted that the bot joined lately.
func (g *greeter) meet(m Membership) {
	if m.Joined.IsZero() || g.options.Now().Sub(m.Joined) > greetWithin {
		return
	}
	select {
	case g.joined <- m:
	default:
		g.log.Warn("too many servers at once are joined: one is not greeted", "guild", m.Guild)
	}
}

// run greets until ctx ends.
func (g *greeter) run(ctx context.Context, set commands.Set) {
	var first time.Time
	err := g.again(ctx, func() (err error) {
		first, err = g.options.Joins.FirstStart(ctx, g.options.Now())
		return err
	})
	if err != nil {
		return
	}
	var group errgroup.Group
	group.SetLimit(10)
	defer func() { _ = group.Wait() }()
	for {
		select {
		case <-ctx.Done():
			return
		case m := <-g.joined:
			if !m.Joined.After(first) {
				continue
			}
			group.Go(func() error {
				if err := g.again(ctx, func() error { return g.greet(ctx, set, m) }); err != nil && ctx.Err() == nil {
					g.log.WarnContext(ctx, "a server that was joined can't be greeted", "guild", m.Guild, "err", err)
				}
				return nil
			})
		}
	}
}

// again repeats f while what it needs is away, for some hours at most.
func (g *greeter) again(ctx context.Context, f func() error) error {
	const tries = 12
	var err error
	for n := range tries {
		err = f()
		refusal := new(APIError)
		if err == nil || errors.As(err, &refusal) && !refusal.Temporary() {
			return err
		}
		if stopped := sleep(ctx, g.wait<<n); stopped != nil {
			return stopped
		}
	}
	return err
}

// greet posts where the bot may, unless any copy ever did since the bot joined.
// Once it is unknown whether a message arrived, none is sent again.
func (g *greeter) greet(ctx context.Context, set commands.Set, m Membership) error {
	desk := briefings.DeskID(m.Guild)
	guild, err := g.discord.Guild(ctx, m.Guild)
	if IsCode(err, CodeUnknownGuild, CodeMissingAccess) {
		return nil // it was left again
	}
	if err != nil {
		return err
	}
	channels, err := g.writable(ctx, m.Guild, guild)
	if err != nil {
		return err
	}
	if len(channels) == 0 {
		g.log.InfoContext(ctx, "a server that was joined has no channel in which it could be greeted", "guild", m.Guild)
		return nil
	}
	locale := guild.Locale
	if g.options.Settings != nil {
		locale = cmp.Or(g.options.Settings(ctx, desk).Locale, locale)
	}
	welcome := render(set.Welcome(locale), "")
	welcome.Nonce, welcome.EnforceNonce = greetingNonce(m), true
	first, err := g.options.Joins.Greet(ctx, desk, m.Joined)
	if err != nil || !first {
		return err
	}
	for _, channel := range channels {
		_, err = g.discord.CreateMessage(ctx, channel, welcome, true)
		if !IsCode(err, CodeMissingPermission, CodeMissingAccess, CodeUnknownChannel) {
			break
		}
	}
	if err == nil || errors.Is(err, ErrUnknownWhetherSent) || errors.Is(err, ErrSent) {
		return nil
	}
	back, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWord) // also when sitrep is stopping
	defer cancel()
	return errors.Join(err, g.options.Joins.Ungreet(back, desk, m.Joined))
}

// greetingNonce is the same for all copies, of at most 25 characters.
func greetingNonce(m Membership) string {
	id, _ := strconv.ParseUint(m.Guild, 10, 64) // Discord's ids are numbers
	return strconv.FormatUint(id, 36) + "-" + strconv.FormatInt(m.Joined.UnixMilli(), 36)
}

// writable are the channels in which the bot may write to everybody: the system
// channel first, then text channels from the top.
func (g *greeter) writable(ctx context.Context, id string, guild RawGuild) ([]string, error) {
	channels, err := g.discord.Channels(ctx, id)
	if err != nil {
		return nil, err
	}
	self, own, err := g.discord.OwnMember(ctx, id)
	if err != nil {
		return nil, err
	}
	place := func(c RawChannel) int {
		if c.ID == guild.SystemChannel {
			return -1
		}
		return c.Position
	}
	slices.SortFunc(channels, func(a, b RawChannel) int { return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a.ID, b.ID)) })
	var all []string
	for _, c := range channels {
		const needed = commands.ViewChannel | commands.SendMessages
		if c.Type == textChannel && rightsIn(id, self, own.Roles, guild.Roles, c.Overwrites)&needed == needed {
			all = append(all, c.ID)
		}
	}
	return all, nil
}
