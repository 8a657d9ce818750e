package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"sitrep/bot"
	"sitrep/briefings"
	"sitrep/cache"
	"sitrep/commands"
	"sitrep/config"
	"sitrep/digests"
	"sitrep/words"
)

const (
	doctorTime = 2 * time.Minute
	// mostSkew is how far this machine's clock may be from Discord's; digests and
	// signed requests go by it.
	mostSkew = time.Minute
	// mostExamined is of how many digests the channels are looked at.
	mostExamined = 1000
)

// invited are the permissions that an invitation asks for: view channels, send
// messages, attach files, read message history, create public threads, send
// messages in threads. https://docs.discord.com/developers/topics/permissions
const invited = 1<<10 | 1<<11 | 1<<15 | 1<<16 | 1<<35 | 1<<38

// doctor looks at everything that sitrep works with, and says of each fault
// what to do.
func doctor(ctx context.Context, w world) error {
	if err := w.flags("doctor", "examines the settings, database, Redis, token, clock, and the permissions in every channel with digests; exit code 1 if something is wrong.", nil); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, doctorTime)
	defer cancel()
	cfg, err := w.settings()
	if err != nil {
		return err
	}
	x := &examination{w: w, cfg: cfg}
	x.settings()
	subscribed := x.database(ctx)
	x.redis(ctx)
	if cfg.Sandbox() {
		x.fine("Discord", "without DISCORD_TOKEN sitrep brings its own, where nothing has to be set up")
	} else {
		x.discord(ctx, subscribed)
	}
	if x.faults > 0 {
		fmt.Fprintf(w.stdout, "\n%s to mend.\n", count(x.faults, "fault"))
		return errSaid
	}
	fmt.Fprintln(w.stdout, "\nAll is well.")
	return nil
}

// An examination counts the faults it has told of.
type examination struct {
	w      world
	cfg    config.Config
	faults int
}

func (x *examination) fine(part, format string, args ...any) {
	fmt.Fprintf(x.w.stdout, "✓ %s: %s.\n", part, fmt.Sprintf(format, args...))
}

func (x *examination) fault(part, format string, args ...any) {
	x.faults++
	fmt.Fprintf(x.w.stdout, "✗ %s: %s.\n", part, fmt.Sprintf(format, args...))
}

func (x *examination) settings() {
	if _, err := readCatalogue(x.cfg.Catalogue); err != nil {
		x.fault("Catalogue", "%v", err)
		return
	}
	x.fine("Settings", "sound")
}

// database returns the digests that are to come.
func (x *examination) database(ctx context.Context) []digests.Subscription {
	record, err := openReadOnly(ctx, x.cfg)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		x.folder()
		return nil
	case err != nil:
		x.fault("Database", "%v", err)
		return nil
	}
	defer func() { _ = record.Close() }() // it was only read
	if err := record.Ping(ctx); err != nil {
		x.fault("Database", "it doesn't answer (%v); start it, and check SITREP_DATABASE_URL; before the first start it lacks sitrep's tables", err)
		return nil
	}
	all, err := record.Due(ctx, time.Now().AddDate(100, 0, 0), mostExamined)
	if err != nil {
		x.fault("Database", "%v", err)
		return nil
	}
	if x.cfg.DatabaseURL == "" {
		x.folder()
	}
	if len(all) == mostExamined {
		x.fine("Database", "answers; more than %d digests are to come, of which the next %d are examined", mostExamined-1, mostExamined)
		return all
	}
	x.fine("Database", "answers; %s to come", count(len(all), "digest"))
	return all
}

// folder is where everything is kept that no server keeps.
func (x *examination) folder() {
	probe, err := os.CreateTemp(x.cfg.Data, ".doctor-*")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		x.fine("Folder", "%s isn't there yet; the first start makes it", x.cfg.Data)
		return
	case err != nil:
		x.fault("Folder", "%s can't be written (%v); give sitrep the right to, or choose another with SITREP_DATA", x.cfg.Data, err)
		return
	}
	if err := errors.Join(probe.Close(), os.Remove(probe.Name())); err != nil {
		x.fault("Folder", "%s can't be written (%v); choose another with SITREP_DATA", x.cfg.Data, err)
		return
	}
	x.fine("Folder", "%s can be written", x.cfg.Data)
}

func (x *examination) redis(ctx context.Context) {
	if x.cfg.RedisURL == "" {
		x.fine("Redis", "embedded, for one copy of sitrep; set SITREP_REDIS_URL for more")
		return
	}
	c, err := cache.Open(x.cfg.Redis(), x.cfg.Logger(nothing{}))
	if err != nil {
		x.fault("Redis", "%v", err)
		return
	}
	defer func() { _ = c.Close() }() // nothing was written
	if err := c.Ping(ctx); err != nil {
		x.fault("Redis", "it doesn't answer (%v); start it, and check SITREP_REDIS_URL. Answers go on without it, only slower", err)
		return
	}
	x.fine("Redis", "answers")
}

func (x *examination) discord(ctx context.Context, subscribed []digests.Subscription) {
	transport, err := bot.NewTransport(x.cfg.DiscordAPI)
	if err != nil {
		x.fault("Discord", "%v", err)
		return
	}
	d, err := bot.NewDiscord(x.cfg.Token, transport)
	if err != nil {
		x.fault("Token", "%v", err)
		return
	}
	app, err := d.Me(ctx)
	if err != nil {
		x.fault("Token", "%v", err)
		return
	}
	x.fine("Token", "Discord knows it as %s", app.Name)
	if x.cfg.PublicKey != "" {
		x.endpoint(app)
	} else {
		x.gateway(ctx, d, app)
	}
	x.clock(ctx, d)
	x.operator(ctx, d)
	x.channels(ctx, d, subscribed)
	fmt.Fprintf(x.w.stdout, "\nInvite it with no more rights than it needs:\n  https://discord.com/oauth2/authorize?client_id=%s&scope=bot+applications.commands&permissions=%d\n", app.ID, invited)
	fmt.Fprintf(x.w.stdout, "\nDiscord shows /desk and /digest to members with Manage Messages. To open them to a role, an admin of the server goes to\nServer Settings, Integrations, %s, chooses the command there, and adds the role.\n", app.Name)
}

func (x *examination) endpoint(app bot.Application) {
	switch {
	case !strings.EqualFold(x.cfg.PublicKey, app.Key):
		x.fault("Endpoint", "DISCORD_PUBLIC_KEY is that of another application; copy it from General Information of %s", app.Name)
	case app.Endpoint == "":
		x.fault("Endpoint", "Discord knows of none; start sitrep, then enter https://YOUR-ADDRESS/interactions as Interactions Endpoint URL in the developer portal")
	default:
		x.fine("Endpoint", "Discord sends interactions to %s", app.Endpoint)
	}
}

func (x *examination) gateway(ctx context.Context, d *bot.Discord, app bot.Application) {
	if app.Endpoint != "" {
		x.fault("Gateway", "no interaction comes over it, for Discord sends them to %s; set DISCORD_PUBLIC_KEY, or remove the Interactions Endpoint URL in the developer portal", app.Endpoint)
	}
	limits, err := d.GatewayBot(ctx)
	if err != nil {
		x.fault("Gateway", "%v", err)
		return
	}
	shards := max(1, x.cfg.ShardRange().Count)
	switch starts := limits.Starts; {
	case starts.Total > 0 && starts.Remaining == 0:
		x.fault("Gateway", "no start is left of the day's %d; wait %s, and find out what restarts so often", starts.Total, (time.Duration(starts.ResetAfter) * time.Millisecond).Round(time.Minute))
	case limits.Shards > shards:
		x.fault("Gateway", "Discord recommends %d shards, and there are %d; set SITREP_SHARDS=0-%d/%d", limits.Shards, shards, limits.Shards-1, limits.Shards)
	default:
		x.fine("Gateway", "%d of the day's %d starts are left; sitrep asks for no privileged intent", starts.Remaining, starts.Total)
	}
}

func (x *examination) clock(ctx context.Context, d *bot.Discord) {
	date, err := d.Date(ctx)
	if err != nil {
		x.fault("Clock", "%v", err)
		return
	}
	if off := time.Since(date).Round(time.Second); off.Abs() > mostSkew {
		x.fault("Clock", "this machine's is %s off Discord's; set it, for example by NTP", off.Abs())
		return
	}
	x.fine("Clock", "right")
}

// operator looks at the rights in the channel where sitrep tells its operator.
func (x *examination) operator(ctx context.Context, d *bot.Discord) {
	if x.cfg.OperatorChannel == "" {
		return
	}
	rooms, id := bot.Rooms{Discord: d}, digests.ChannelID(x.cfg.OperatorChannel)
	desk, err := rooms.Server(ctx, id)
	if err != nil {
		x.fault("Operator", "the channel of SITREP_OPERATOR_CHANNEL can't be looked up (%v); invite the bot to its server, or correct the id", err)
		return
	}
	c, err := rooms.Room(ctx, desk, id)
	const needed = commands.ViewChannel | commands.SendMessages
	switch {
	case err != nil:
		x.fault("Operator", "%v", err)
	case c.Rights&needed != needed:
		x.fault("Operator", "the bot may not write in the channel of SITREP_OPERATOR_CHANNEL; give it View Channel and Send Messages there")
	default:
		x.fine("Operator", "told in #%s", c.Name)
	}
}

// channels looks at the rights in every channel that digests are to come to.
func (x *examination) channels(ctx context.Context, d *bot.Discord, subscribed []digests.Subscription) {
	book, err := words.Open()
	if err != nil {
		x.fault("Digests", "%v", err)
		return
	}
	before, w := x.faults, book.In("en-GB")
	for _, s := range subscribed {
		where := fmt.Sprintf("digest %s to channel %s of server %s", s.ID, s.Channel, s.Desk)
		c, err := bot.Rooms{Discord: d}.Room(ctx, s.Desk, s.Channel)
		switch lacking := commands.Lacking(c, s, w); {
		case errors.Is(err, briefings.ErrNotFound):
			x.fault("Digests", "%s: the channel is gone; remove the digest with /digest remove", where)
		case err != nil:
			x.fault("Digests", "%s: %v", where, err)
		case lacking != "":
			x.fault("Digests", "%s: the bot lacks %s there; give it that in the channel's settings, or invite it again", where, lacking)
		}
	}
	if n := len(subscribed); n > 0 && x.faults == before {
		x.fine("Digests", "%s may be posted", count(n, "digest"))
	}
}
