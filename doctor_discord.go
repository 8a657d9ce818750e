package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"sitrep/bot"
	"sitrep/briefings"
	"sitrep/commands"
	"sitrep/digests"
	"sitrep/words"
)

// mostSkew is how far this machine's clock may be from Discord's; digests and
// signed requests go by it.
const mostSkew = time.Minute

// invited are the permissions that an invitation asks for: view channels, send
// messages, attach files, read message history, create public threads, send
// messages in threads. https://docs.discord.com/developers/topics/permissions
const invited = 1<<10 | 1<<11 | 1<<15 | 1<<16 | 1<<35 | 1<<38

func (x *examination) discord(ctx context.Context, subscribed []digests.Subscription) {
	transport, err := bot.NewTransport(x.cfg.DiscordAPI)
	if err != nil {
		x.fault("Discord", "%s", plainly(err))
		return
	}
	d, err := bot.NewDiscord(x.cfg.Token, transport)
	if err != nil {
		x.fault("Token", "%s", plainly(err))
		return
	}
	app, err := d.Me(ctx)
	switch {
	case errors.Is(err, bot.ErrTokenRefused):
		x.fault("Token", "%s", plainly(err))
		return
	case err != nil:
		x.fault("Discord", "it can't be asked (%s); check this machine's way to it, and SITREP_DISCORD_API if that is set", plainly(err))
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
		x.fault("Gateway", "Discord doesn't say how it may be used (%s); try again, and look at discordstatus.com", plainly(err))
		return
	}
	shards := max(1, x.cfg.ShardRange().Count)
	switch starts := limits.Starts; {
	case starts.Total > 0 && starts.Remaining == 0:
		x.fault("Gateway", "no start is left of the day's %d; wait %s, and find out what restarts so often", starts.Total, (time.Duration(starts.ResetAfter) * time.Millisecond).Round(time.Minute))
	case limits.Shards > shards:
		x.fault("Gateway", "Discord recommends %d shards, and SITREP_SHARDS is for %d; set it to 0-%d/%[1]d, or give each copy a part of these", limits.Shards, shards, limits.Shards-1)
	default:
		x.fine("Gateway", "%d of the day's %d starts are left; sitrep asks for no privileged intent", starts.Remaining, starts.Total)
	}
}

func (x *examination) clock(ctx context.Context, d *bot.Discord) {
	date, err := d.Date(ctx)
	if err != nil {
		x.fault("Clock", "Discord doesn't tell the time (%s); try again, and look at discordstatus.com", plainly(err))
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
		x.fault("Operator", "the channel of SITREP_OPERATOR_CHANNEL can't be looked up (%s); invite the bot to its server, or correct the id", plainly(err))
		return
	}
	c, err := rooms.Room(ctx, desk, id)
	const needed = commands.ViewChannel | commands.SendMessages
	switch {
	case err != nil:
		x.fault("Operator", "%s", plainly(err))
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
		x.fault("Digests", "%s", plainly(err))
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
			x.fault("Digests", "%s: %s", where, plainly(err))
		case lacking != "":
			x.fault("Digests", "%s: the bot lacks %s there; give it that in the channel's settings, or invite it again", where, lacking)
		}
	}
	if n := len(subscribed); n > 0 && x.faults == before {
		x.fine("Digests", "%s may be posted", count(n, "digest"))
	}
}
