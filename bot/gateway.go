package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"sync/atomic"
	"time"
)

// Ready tells that Discord has accepted a connection.
type Ready struct {
	Application string
	User        string   // the bot's own
	Guilds      []string // every server the bot is in, on this shard
	Resumed     bool     // then nothing was missed, and the other fields are empty
}

// Membership tells that the bot is in a server, or no longer is.
type Membership struct {
	Guild string
	Left  bool
	New   bool // joined just now, rather than met again after connecting
	// Joined is when, as far as Discord tells.
	Joined time.Time
}

// GatewayOptions say whose gateway it is and who is told. No function may be nil
// but Ready and Membership. Shards 0 means one connection for all servers.
type GatewayOptions struct {
	Discord *Discord // whose token and address are used here too
	Log     *slog.Logger

	Shard, Shards int
	Identifies    *Identifies // shared by all shards of a process; nil for one of its own

	// Interaction gets an interaction's JSON, in a goroutine of its own. Its
	// context outlives Run's by the time that work under way is given.
	Interaction func(ctx context.Context, raw json.RawMessage)

	// Ready and Membership are called one after the other, in Discord's order,
	// with the same kind of context. They should not take long.
	Ready      func(ctx context.Context, r Ready)
	Membership func(ctx context.Context, m Membership)
}

// pace is how long things take and may take.
type pace struct {
	watch     time.Duration // for a connection to be accepted; for Discord's silence until it is
	settle    time.Duration // for the library to let go of a connection
	least     time.Duration // back-off after the first failure
	most      time.Duration // back-off after many
	stable    time.Duration // a connection that lasts so long was no failure
	drain     time.Duration // for a load balancer to notice that an endpoint is closing
	finish    time.Duration // for work under way at the end
	resumes   int           // failures in a row before the session is given up
	underWay  int           // interactions at a time
	afterStop time.Duration // for work that was told to stop
}

// A Gateway keeps one connection (one shard) to Discord's gateway, over
// discordgo's client and in spite of it: see wire and link. What can't be
// mended from outside is a panic in one of the library's goroutines.
type Gateway struct {
	options GatewayOptions
	base    *url.URL
	pace    pace
	inbox   *inbox
	up      atomic.Bool
	starts  atomic.Int64 // that Discord said are left, and one more; 0 before it did
}

// Connected reports whether Discord accepts the connection right now.
func (g *Gateway) Connected() bool { return g.up.Load() }

// NewGateway returns a gateway that isn't connected until Run.
func NewGateway(options GatewayOptions) (*Gateway, error) {
	options.Shards = max(options.Shards, 1)
	if options.Discord == nil || options.Log == nil || options.Interaction == nil {
		return nil, errors.New("bot: the gateway lacks its REST client, log or receiver of interactions")
	}
	if options.Shard < 0 || options.Shard >= options.Shards {
		return nil, fmt.Errorf("bot: there is no shard %d of %d: check SITREP_SHARDS", options.Shard, options.Shards)
	}
	if options.Identifies == nil {
		options.Identifies = NewIdentifies()
	}
	return &Gateway{options: options, base: options.Discord.transport.base, pace: pace{
		watch: 30 * time.Second, settle: 5 * time.Second,
		least: time.Second, most: 10 * time.Minute, stable: time.Minute,
		finish: 20 * time.Second, afterStop: time.Second,
		resumes: 5, underWay: 4096,
	}}, nil
}

// Run stays connected until ctx ends, and then returns nil once the interactions
// under way are answered. It returns an error only where no connection can go
// better: ErrTokenRefused, or another that says what to do. Call it once.
//
// All that it starts has ended when it returns, save a library session that hung
// and was abandoned, which the log tells of.
func (g *Gateway) Run(ctx context.Context) error {
	g.inbox = newInbox(context.WithoutCancel(ctx), g.options, g.pace.underWay)
	err := g.supervise(ctx)
	return errors.Join(err, g.inbox.finish(g.pace.finish, g.pace.afterStop))
}

// supervise connects again and again, until ctx ends or an error is final.
func (g *Gateway) supervise(ctx context.Context) error {
	var session *link
	for failures := 0; ; {
		var reason error
		var stood time.Duration
		if session == nil {
			session, reason = g.start(ctx)
		}
		if session != nil {
			stood, reason = g.connect(ctx, session)
		}
		if ctx.Err() != nil {
			return nil
		}
		if err := fatal(reason); err != nil {
			return err
		}
		failures++
		switch {
		case stood >= g.pace.stable:
			failures = 0
		case stood > 0: // accepted: Discord is there, so it is soon tried again
			failures = min(failures, accepted)
		}
		if failures >= g.pace.resumes || !resumable(reason) {
			session = nil
		}
		wait := g.backOff(failures)
		g.options.Log.WarnContext(ctx, "gateway connection ended", "shard", g.options.Shard,
			"err", reason, "resumes", session != nil, "wait", wait)
		if sleep(ctx, wait) != nil {
			return nil
		}
	}
}

// accepted is as many failures as a connection counts for that Discord did
// accept: the waits after it stay within a few seconds.
const accepted = 3

// backOff is how long to wait before the next connection: hardly at all after
// one that held.
func (g *Gateway) backOff(failures int) time.Duration {
	most := g.pace.least
	for range failures - 1 {
		most = min(2*most, g.pace.most)
	}
	return time.Duration(float64(most) * (0.5 + rand.Float64()/2))
}

// start makes a new session as soon as Discord's budget for these allows it.
func (g *Gateway) start(ctx context.Context) (*link, error) {
	limits, err := g.options.Discord.GatewayBot(ctx)
	if err != nil {
		return nil, err
	}
	g.starts.Store(int64(max(0, limits.Starts.Remaining)) + 1)
	if limits.Starts.Remaining <= 0 && limits.Starts.Total > 0 {
		wait := min(max(time.Duration(limits.Starts.ResetAfter)*time.Millisecond, time.Second), longestWait)
		g.options.Log.ErrorContext(ctx, "Discord allows no more gateway sessions for now", "shard", g.options.Shard, "wait", wait)
		if err := sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
	address, err := gatewayAddress(limits.URL, g.base)
	if err != nil {
		return nil, err
	}
	if err := g.options.Identifies.wait(ctx, g.options.Shard, limits.Starts.MaxConcurrency); err != nil {
		return nil, err
	}
	session, err := newLink(g.options.Discord.token, address, g.base, g.options.Shard, g.options.Shards, g.pace.watch)
	if err != nil {
		return nil, err
	}
	session.dispatch = func(e envelope) { g.inbox.put(e) }
	return session, nil
}

// connect opens a connection and stays until it ends. It returns how long
// Discord accepted the connection, and why it ended.
func (g *Gateway) connect(ctx context.Context, session *link) (time.Duration, error) {
	opened := make(chan error, 1)
	opening, cancel := context.WithTimeout(ctx, g.pace.watch)
	defer cancel()
	go func() { opened <- session.open(opening) }()
	var failed error
	select {
	case failed = <-opened:
	case <-opening.Done():
		session.cut(errors.New("the gateway accepted no connection in time"))
		select {
		case failed = <-opened:
		case <-time.After(g.pace.settle):
			return 0, g.abandon(ctx)
		}
	}
	wire := session.current.Load()
	if wire == nil {
		return 0, failed // nothing was dialled
	}
	var stood time.Duration
	if failed == nil {
		stood = g.stay(ctx, opening, session, wire)
	}
	return stood, g.part(ctx, session, wire, failed)
}

// stay waits for the end of a connection that is open.
func (g *Gateway) stay(ctx, opening context.Context, session *link, wire *wire) time.Duration {
	select {
	case <-session.isReady():
	case <-wire.dead:
		return 0
	case <-opening.Done():
		wire.cut(errors.New("the gateway accepted no session in time"))
		return 0
	}
	began := time.Now()
	g.up.Store(true)
	defer g.up.Store(false)
	g.options.Log.InfoContext(ctx, "connected to the gateway", "shard", g.options.Shard)
	select {
	case <-wire.dead:
	case <-ctx.Done():
	}
	return max(time.Since(began), 1)
}

// part waits until the library has let go of a connection that is over, and
// returns why it was.
func (g *Gateway) part(ctx context.Context, session *link, wire *wire, failed error) error {
	if ctx.Err() != nil && failed == nil {
		wire.sayFarewell()
		go func() { _ = session.library.Close() }() // seen to end below
	}
	select {
	case <-wire.closed:
	case <-time.After(g.pace.settle):
		wire.cut(errCut)
		return g.abandon(ctx)
	}
	reason := wire.why()
	if errors.Is(reason, errCut) && failed != nil {
		reason = failed
	}
	if closing := new(closedError); errors.As(reason, &closing) {
		reason = &closedError{code: closing.code, text: redact(closing.text, g.options.Discord.token)}
	}
	return reason
}

// abandon leaves a session of the library to itself: its lock is held for ever.
func (g *Gateway) abandon(ctx context.Context) error {
	g.options.Log.ErrorContext(ctx, "a gateway session of the library hangs and is abandoned", "shard", g.options.Shard)
	return errHung
}
