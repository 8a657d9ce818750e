package bot

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"sitrep/briefings"
	"sitrep/commands"
	"sitrep/words"
)

// Options are what a [Bot] is made of.
type Options struct {
	Token  string
	API    string // where Discord's API is; empty for Discord itself
	Shards Shards
	Book   *words.Book
	Seen   Seen
	Pacer  Pacer // shared by the copies with this token; nil for a copy that is alone
	Log    *slog.Logger
	// Settings are what a desk's server chose; nil for the defaults.
	Settings func(ctx context.Context, desk briefings.DeskID) briefings.Settings
	// Snapshot is the newest view of a desk, and Sectioned names those that have
	// sections of their own; both nil where none has.
	Snapshot  func(ctx context.Context, desk briefings.DeskID) (*briefings.Snapshot, error)
	Sectioned func(ctx context.Context) ([]briefings.DeskID, error)
	// Joins keeps which servers were greeted; nil for greeting none.
	Joins   Joins
	Now     func() time.Time
	Ready   func()     // called once: commands are registered, every shard is connected
	Servers Attendance // is told which servers the bot is in; nil for nobody
}

// Attendance is told which servers the bot is in; [briefings.Departures]
// satisfies it. Its methods don't take long.
type Attendance interface {
	Left(desk briefings.DeskID)
	Joined(desk briefings.DeskID)
	// Ready is every server of a shard, of so many.
	Ready(shard, shards int, all []briefings.DeskID)
}

// Shards are the connections this copy keeps: First to Last of Count. The zero
// value is one for all servers.
type Shards struct{ First, Last, Count int }

// A Bot is sitrep on Discord.
type Bot struct {
	options  Options
	discord  *Discord
	servers  *Servers
	files    *Files
	slash    *Slash
	greeter  *greeter
	gateways []*Gateway // set before Options.Ready is called
}

// Connected reports whether every shard is connected now. It may be called
// once Options.Ready has been.
func (b *Bot) Connected() bool {
	for _, g := range b.gateways {
		if !g.Connected() {
			return false
		}
	}
	return true
}

// New returns a bot that contacts nobody until [Bot.Run].
func New(o Options) (*Bot, error) {
	transport, err := NewTransport(o.API)
	if err != nil {
		return nil, err
	}
	if o.Pacer != nil {
		transport.budget.share(o.Pacer, o.Token)
	}
	discord, err := NewDiscord(o.Token, transport)
	if err != nil {
		return nil, err
	}
	files, err := NewFiles(o.API)
	if err != nil {
		return nil, err
	}
	return &Bot{options: o, discord: discord, servers: NewServers(discord), files: files, slash: newSlash(o, discord), greeter: newGreeter(o, discord)}, nil
}

// Poster posts digests as this bot.
func (b *Bot) Poster() Poster { return Poster{Discord: b.discord} }

// Rooms asks about channels and roles as this bot.
func (b *Bot) Rooms() Rooms { return Rooms{Discord: b.discord} }

// Servers asks Discord about servers as this bot.
func (b *Bot) Servers() *Servers { return b.servers }

// Files fetches what people attach for this bot.
func (b *Bot) Files() *Files { return b.files }

// Slash has Discord offer the commands of desks as this bot.
func (b *Bot) Slash() *Slash { return b.slash }

// Run registers the commands of set and answers interactions until ctx ends,
// then finishes those under way. An error means that trying again won't help; it
// says what to do. Without guests the catalogue answers outside of servers.
func (b *Bot) Run(ctx context.Context, set commands.Set, guests *briefings.Guests) error {
	var app Application
	err := b.patiently(ctx, func() (err error) {
		if app, err = b.discord.Me(ctx); err != nil {
			return err
		}
		return Register(ctx, b.discord, app.ID, set, b.options.Book)
	})
	if err != nil || ctx.Err() != nil {
		return err
	}
	router := &Router{
		Discord: b.discord, Set: set, Book: b.options.Book, Seen: b.options.Seen, Log: b.options.Log,
		Settings: b.options.Settings, Servers: b.servers, Guests: guests,
	}
	identifies := NewIdentifies()
	var waiting atomic.Int32
	waiting.Store(int32(b.options.Shards.Last - b.options.Shards.First + 1))
	for shard := b.options.Shards.First; shard <= b.options.Shards.Last; shard++ {
		connected := false // Ready is called one after the other
		gateway, err := NewGateway(GatewayOptions{
			Discord: b.discord, Log: b.options.Log, Shard: shard, Shards: b.options.Shards.Count, Identifies: identifies,
			Interaction: func(ctx context.Context, raw json.RawMessage) { router.Handle(ctx, raw) },
			Ready: func(_ context.Context, r Ready) {
				b.attendAll(shard, r)
				if !connected && waiting.Add(-1) == 0 {
					b.options.Ready()
				}
				connected = true
			},
			Membership: b.met,
		})
		if err != nil {
			return err
		}
		b.gateways = append(b.gateways, gateway)
	}
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		b.discord.transport.budget.attend(gctx)
		return nil
	})
	if b.options.Joins != nil {
		g.Go(func() error {
			b.greeter.run(gctx, set)
			return nil
		})
	}
	if b.options.Snapshot != nil {
		g.Go(func() error {
			b.slash.run(gctx, app.ID, set)
			return nil
		})
	}
	for _, gateway := range b.gateways {
		g.Go(func() error { return gateway.Run(gctx) })
	}
	return g.Wait()
}

// met is told of every server that the bot is in, or no longer is.
func (b *Bot) met(_ context.Context, m Membership) {
	b.attend(m)
	if b.options.Snapshot != nil {
		b.slash.meet(m)
	}
	if b.options.Joins != nil && !m.Left {
		b.greeter.meet(m)
	}
}

// attend tells that the bot left or joined a server.
func (b *Bot) attend(m Membership) {
	switch {
	case b.options.Servers == nil:
	case m.Left:
		b.options.Servers.Left(briefings.DeskID(m.Guild))
	case m.New:
		b.options.Servers.Joined(briefings.DeskID(m.Guild))
	}
}

// attendAll tells which servers a shard that has just connected holds. One that
// goes on where it was has missed nothing.
func (b *Bot) attendAll(shard int, r Ready) {
	if b.options.Servers == nil || r.Resumed {
		return
	}
	all := make([]briefings.DeskID, len(r.Guilds))
	for i, guild := range r.Guilds {
		all[i] = briefings.DeskID(guild)
	}
	b.options.Servers.Ready(shard, max(b.options.Shards.Count, 1), all)
}

// patiently repeats f until it succeeds, ctx ends or a refusal is final, which
// alone is an error. Discord out of reach is logged once, not at every try.
func (b *Bot) patiently(ctx context.Context, f func() error) error {
	const least, most = time.Second, 30 * time.Second
	for wait := least; ; wait = min(2*wait, most) {
		err := f()
		refusal := new(APIError)
		final := errors.Is(err, ErrTokenRefused) || (errors.As(err, &refusal) && refusal.Status < 500 && refusal.Status != 429)
		switch {
		case err == nil || final:
			return err
		case ctx.Err() != nil:
			return nil
		}
		if wait == least {
			b.options.Log.WarnContext(ctx, "Discord can't be reached; trying again until it can", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}
