package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
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
	Identifies    *Identifies // shared by all shards of a process; nil for ones of its own

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
	watch     time.Duration // for a connection to be made, for Hello, and for a login to be accepted
	least     time.Duration // back-off after the first failure
	most      time.Duration // back-off after many
	stable    time.Duration // a connection that lasts so long was no failure
	drain     time.Duration // for a load balancer to notice that an endpoint is closing
	finish    time.Duration // for work under way at the end
	resumes   int           // failures in a row before the session is given up
	underWay  int           // interactions at a time
	afterStop time.Duration // for work that was told to stop
}

// A Gateway keeps one connection (one shard) to Discord's gateway: it connects,
// and again whenever a connection ends, for as long as it is run. What a session
// is and how it speaks to Discord is [link]'s.
type Gateway struct {
	options GatewayOptions
	base    *url.URL
	dialer  func(ctx context.Context, network, address string) (net.Conn, error)
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
		options.Identifies = NewIdentifies(nil, options.Discord.token)
	}
	options.Identifies.expect(options.Shard)
	return &Gateway{options: options, base: options.Discord.transport.base, dialer: (&net.Dialer{}).DialContext, pace: pace{
		watch: 30 * time.Second,
		least: time.Second, most: 10 * time.Minute, stable: time.Minute,
		finish: 20 * time.Second, afterStop: time.Second,
		resumes: 5, underWay: 4096,
	}}, nil
}

// Run stays connected until ctx ends, and then returns nil once the interactions
// under way are answered. It returns an error only where no connection can go
// better: ErrTokenRefused, or another that says what to do. Call it once. All
// that it started has ended when it returns.
func (g *Gateway) Run(ctx context.Context) error {
	defer g.options.Identifies.begun(g.options.Shard)
	g.inbox = newInbox(context.WithoutCancel(ctx), g.options, g.pace.underWay)
	err := g.supervise(ctx)
	return errors.Join(err, g.inbox.finish(g.pace.finish, g.pace.afterStop))
}

// supervise connects again and again, until ctx ends or an error is final.
func (g *Gateway) supervise(ctx context.Context) error {
	s := new(session)
	for past := new(history); ; {
		began := s.id == ""
		stood, reason := g.connect(ctx, s)
		g.options.Identifies.begun(g.options.Shard)
		if ctx.Err() != nil {
			return nil
		}
		if err := fatal(reason); err != nil {
			return err
		}
		past.add(began, stood, g.pace.stable)
		if past.failures >= g.pace.resumes || !resumable(reason) {
			s = new(session)
		}
		wait := g.backOff(past.failures)
		if s.id == "" {
			wait = max(wait, g.backOff(past.starts), pause(reason))
		}
		g.options.Log.WarnContext(ctx, "gateway connection ended", "shard", g.options.Shard,
			"err", reason, "resumes", s.id != "", "wait", wait)
		if sleep(ctx, wait) != nil {
			return nil
		}
	}
}

// history is what became of the connections since one last held.
type history struct {
	failures int // in a row; a connection that Discord accepted counts little
	starts   int // of sessions, each of which uses up some of a day's
}

// accepted is as many failures as a connection counts for that Discord did
// accept: resuming is free, so the waits before it stay within a few seconds.
const accepted = 3

func (h *history) add(began bool, stood, stable time.Duration) {
	if stood >= stable {
		*h = history{}
		return
	}
	h.failures++
	if stood > 0 {
		h.failures = min(h.failures, accepted)
	}
	if began {
		h.starts++
	}
}

// backOff is how long to wait before the next connection, not at all after one
// that held.
func (g *Gateway) backOff(failures int) time.Duration {
	if failures == 0 {
		return 0
	}
	most := g.pace.least
	for range failures - 1 {
		most = min(2*most, g.pace.most)
	}
	return time.Duration(float64(most) * (0.5 + rand.Float64()/2))
}

// pause is how long Discord wants a client to wait before another session.
// https://docs.discord.com/developers/events/gateway#resuming
func pause(reason error) time.Duration {
	if spent := new(spentError); errors.As(reason, &spent) {
		return spent.resets
	}
	if errors.Is(reason, errStale) {
		return time.Second + rand.N(4*time.Second)
	}
	return 0
}

// connect makes a connection and stays until it ends. It returns how long Discord
// accepted it, and why it ended.
func (g *Gateway) connect(ctx context.Context, s *session) (stood time.Duration, reason error) {
	l := &link{Gateway: g, session: s, fresh: s.id == ""}
	address := s.resume
	if l.fresh || address == "" {
		if address, reason = g.look(ctx, l); reason != nil {
			return 0, reason
		}
	}
	if l.conn, reason = g.dial(ctx, address); reason != nil {
		return 0, reason
	}
	return l.run(ctx)
}

// look asks Discord where the gateway is, and how many sessions it still allows.
func (g *Gateway) look(ctx context.Context, l *link) (address string, err error) {
	limits, err := g.options.Discord.GatewayBot(ctx)
	if err != nil {
		return "", err
	}
	g.starts.Store(int64(max(0, limits.Starts.Remaining)) + 1)
	l.allowed = newAllowance(limits)
	if l.fresh && l.allowed.left <= 0 {
		return "", l.allowed.spent()
	}
	return gatewayAddress(limits.URL, g.base)
}
