package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"sitrep/briefings"
	"sitrep/commands"
	"sitrep/words"
)

// Options are what a [Bot] is made of.
type Options struct {
	Token     string
	API       string // where Discord's API is; empty for Discord itself
	PublicKey string // where interactions come as signed requests; empty for the gateway
	Shards    Shards
	Book      *words.Book
	Seen      Seen
	Limits    Limits
	Pacer     Pacer // shared by the copies with this token; nil for a copy that is alone
	Log       *slog.Logger
	Observer  Observer // nil for none
	// Settings are what a desk's server chose; nil for the defaults.
	Settings func(ctx context.Context, desk briefings.DeskID) briefings.Settings
	// Snapshot is the newest view of a desk, and Sectioned names those that have
	// sections of their own; both nil where none has.
	Snapshot  func(ctx context.Context, desk briefings.DeskID) (*briefings.Snapshot, error)
	Sectioned func(ctx context.Context) ([]briefings.DeskID, error)
	// Joins keeps which servers were greeted; nil for greeting none.
	Joins Joins
	Now   func() time.Time
	// Ready is called once: commands are registered, and every shard is connected
	// or the endpoint open.
	Ready   func()
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
	endpoint *Endpoint                  // nil with a gateway
	gateways atomic.Pointer[[]*Gateway] // set before Options.Ready is called
}

// Connected reports whether every shard is connected now, or the endpoint open.
func (b *Bot) Connected() bool {
	if b.endpoint != nil {
		return b.endpoint.Open()
	}
	shards := b.Connections()
	for _, up := range shards {
		if !up {
			return false
		}
	}
	return len(shards) > 0
}

// Connections tells of each shard, once there are any, whether it is connected now.
func (b *Bot) Connections() map[int]bool {
	shards := map[int]bool{}
	if gateways := b.gateways.Load(); gateways != nil {
		for _, g := range *gateways {
			shards[g.options.Shard] = g.Connected()
		}
	}
	return shards
}

// Budgets are what Discord leaves to a copy.
type Budgets struct {
	Refusals int           // more that are borne before nothing is sent for ten minutes
	Queue    time.Duration // how long the next request would wait for its turn
	Starts   int           // of gateway sessions today, as told last; -1 before that
}

// Budgets are as they are now.
func (b *Bot) Budgets() Budgets {
	left := Budgets{Refusals: b.discord.transport.refusalsLeft(time.Now()), Queue: b.discord.transport.budget.queued(), Starts: -1}
	if gateways := b.gateways.Load(); gateways != nil {
		for _, g := range *gateways {
			if n := int(g.starts.Load()) - 1; n >= 0 && (left.Starts < 0 || n < left.Starts) {
				left.Starts = n
			}
		}
	}
	return left
}

// Endpoint is what takes signed requests, nil where the gateway is used.
func (b *Bot) Endpoint() *Endpoint { return b.endpoint }

// New returns a bot that contacts nobody until [Bot.Run].
func New(o Options) (*Bot, error) {
	transport, err := NewTransport(o.API)
	if err != nil {
		return nil, err
	}
	if o.Observer != nil {
		transport.Observe = o.Observer.Request
	}
	transport.Log = o.Log
	if o.Pacer != nil {
		transport.share(o.Pacer, o.Token)
	}
	discord, err := NewDiscord(o.Token, transport)
	if err != nil {
		return nil, err
	}
	files, err := NewFiles(o.API)
	if err != nil {
		return nil, err
	}
	b := &Bot{options: o, discord: discord, servers: NewServers(discord), files: files, slash: newSlash(o, discord), greeter: newGreeter(o, discord)}
	if o.PublicKey != "" {
		b.endpoint, err = NewEndpoint(o.PublicKey, o.Log)
	}
	return b, err
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
		app, err = b.discord.Me(ctx)
		return err
	})
	if err == nil && ctx.Err() == nil {
		err = b.reachable(ctx, app)
	}
	if err == nil && ctx.Err() == nil {
		err = b.patiently(ctx, func() error { return Register(ctx, b.discord, app.ID, set, b.options.Book) })
	}
	if err != nil || ctx.Err() != nil {
		return err
	}
	router := &Router{
		Discord: b.discord, Set: set, Book: b.options.Book, Seen: b.options.Seen, Limits: b.options.Limits, Log: b.options.Log, Observer: b.options.Observer,
		Settings: b.options.Settings, Servers: b.servers, Guests: guests,
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
	if b.endpoint != nil {
		b.serveHTTP(gctx, g, router)
		return g.Wait()
	}
	if err := b.openGateways(router); err != nil {
		return err
	}
	for _, gateway := range *b.gateways.Load() {
		g.Go(func() error { return gateway.Run(gctx) })
	}
	return g.Wait()
}

// reachable tells whether Discord's interactions can come here, as far as Discord
// itself knows.
func (b *Bot) reachable(ctx context.Context, app Application) error {
	switch key := b.options.PublicKey; {
	case key == "" && app.Endpoint != "":
		b.options.Log.WarnContext(ctx, "Discord sends interactions to an endpoint, and none over the gateway: "+
			"set DISCORD_PUBLIC_KEY, or clear Interactions Endpoint URL in the developer portal", "endpoint", app.Endpoint)
	case key == "":
	case app.Key != "" && !strings.EqualFold(key, app.Key):
		return fmt.Errorf("bot: DISCORD_PUBLIC_KEY is that of another application; copy it from General Information of %s in the developer portal", app.Name)
	case app.Endpoint == "":
		b.options.Log.WarnContext(ctx, "Discord knows no endpoint yet, so no interaction will come: "+
			"enter https://YOUR-ADDRESS/interactions as Interactions Endpoint URL in the developer portal")
	}
	return nil
}

// serveHTTP opens the endpoint, and looks for the servers that come and go.
func (b *Bot) serveHTTP(ctx context.Context, g *errgroup.Group, router *Router) {
	g.Go(func() error { return b.endpoint.Run(ctx, router, b.options.Ready) })
	look := lookout{discord: b.discord, tell: b.met, begin: func(all []string) { b.attendAll(0, Ready{Guilds: all}) }}
	g.Go(func() error {
		for ctx.Err() == nil {
			if err := look.look(ctx); err != nil && ctx.Err() == nil {
				b.options.Log.WarnContext(ctx, "which servers the bot is in can't be looked up; the next look tries again", "err", err)
			}
			_ = sleep(ctx, look.rest()) // it ends with ctx, as the loop does
		}
		return nil
	})
}

// openGateways makes a gateway for each shard; the last one to connect has
// Options.Ready called.
func (b *Bot) openGateways(router *Router) error {
	var gateways []*Gateway
	identifies := NewIdentifies(b.options.Pacer, b.options.Token)
	var waiting atomic.Int32
	waiting.Store(int32(b.options.Shards.Last - b.options.Shards.First + 1))
	for shard := b.options.Shards.First; shard <= b.options.Shards.Last; shard++ {
		connected := false // Ready is called one after the other
		gateway, err := NewGateway(GatewayOptions{
			Discord: b.discord, Log: b.options.Log, Shard: shard, Shards: b.options.Shards.Count, Identifies: identifies,
			Interaction: func(ctx context.Context, raw json.RawMessage) { router.Handle(ctx, raw) },
			Membership:  b.met,
			Ready: func(_ context.Context, r Ready) {
				b.attendAll(shard, r)
				if !connected && waiting.Add(-1) == 0 {
					b.options.Ready()
				}
				connected = true
			},
		})
		if err != nil {
			return err
		}
		gateways = append(gateways, gateway)
	}
	b.gateways.Store(&gateways)
	return nil
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
		final := errors.Is(err, ErrTokenRefused) || (errors.As(err, &refusal) && !refusal.Temporary())
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
