package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/bwmarrin/discordgo"

	"sitrep/commands"
)

// Rights tells what the bot may do in a channel now. Interactions tell that of
// the channels they name; this asks Discord for everything it follows from.
// Fails with an [APIError] where the bot can't see the channel at all.
func (d *Discord) Rights(ctx context.Context, channel string) (commands.Channel, error) {
	var place discordgo.Channel
	path, err := join("/channels", channel)
	if err != nil {
		return commands.Channel{}, err
	}
	if err := d.read(ctx, path, &place); err != nil {
		return commands.Channel{}, err
	}
	shown := place
	if place.IsThread() { // whose rules are its channel's
		if path, err = join("/channels", place.ParentID); err != nil {
			return commands.Channel{}, err
		}
		if err := d.read(ctx, path, &shown); err != nil {
			return commands.Channel{}, err
		}
	}
	self, guild, err := d.standing(ctx, place.GuildID)
	if err != nil {
		return commands.Channel{}, err
	}
	guild.Channels = []*discordgo.Channel{&shown}
	state := discordgo.NewState()
	if err := state.GuildAdd(guild); err != nil {
		return commands.Channel{}, fmt.Errorf("bot: reading the rights in channel %s: %w", channel, err)
	}
	bits, err := state.UserChannelPermissions(self, shown.ID)
	if err != nil {
		return commands.Channel{}, fmt.Errorf("bot: reading the rights in channel %s: %w", channel, err)
	}
	return commands.Channel{ID: channel, Name: place.Name, Rights: commands.Rights(bits), Known: true}, nil
}

// standing is the bot's own id, and a server with its roles and the bot as its
// only member.
func (d *Discord) standing(ctx context.Context, id string) (self string, guild *discordgo.Guild, err error) {
	var me discordgo.User
	if err := d.read(ctx, "/users/@me", &me); err != nil {
		return "", nil, tokenRefused(err)
	}
	path, err := join("/guilds", id)
	if err != nil {
		return "", nil, errors.New("bot: a channel outside of servers has no rights")
	}
	guild = new(discordgo.Guild)
	if err := d.read(ctx, path, guild); err != nil {
		return "", nil, err
	}
	if path, err = join("/guilds", id, "members", me.ID); err != nil {
		return "", nil, err
	}
	member := new(discordgo.Member)
	if err := d.read(ctx, path, member); err != nil {
		return "", nil, err
	}
	member.GuildID, member.User = id, &me
	member.Roles = slices.Clone(member.Roles)
	guild.Members = []*discordgo.Member{member}
	return me.ID, guild, nil
}
