package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/commands"
	"sitrep/digests"
)

// Types of channels.
// https://docs.discord.com/developers/resources/channel
const (
	textChannel         = 0
	announcementChannel = 5
	announcementThread  = 10
	publicThread        = 11
	privateThread       = 12
)

// Rooms knows a server's channels and roles, and does what a digest has besides
// its message. It satisfies [commands.Rooms] and [digests.Extras] and is safe
// for concurrent use.
type Rooms struct {
	Discord *Discord
}

// Room asks what the bot may do in a channel of desk's server, where an
// interaction doesn't tell.
func (r Rooms) Room(ctx context.Context, desk briefings.DeskID, id digests.ChannelID) (commands.Channel, error) {
	c := commands.Channel{ID: string(id), Known: true}
	raw, err := r.Discord.Channel(ctx, string(id))
	if IsCode(err, CodeMissingAccess) {
		return c, nil // it is there, and the bot doesn't see it
	}
	if err == nil && raw.GuildID != string(desk) {
		err = briefings.ErrNotFound
	}
	if err != nil {
		return c, roomError(err)
	}
	described(&c, raw.Name, raw.Type)
	if c.Thread { // has the overwrites of its parent
		if raw, err = r.Discord.Channel(ctx, raw.ParentID); err != nil {
			return c, roomError(err)
		}
	}
	roles, err := r.Discord.Roles(ctx, string(desk))
	if err != nil {
		return c, roomError(err)
	}
	self, own, err := r.Discord.OwnMember(ctx, string(desk))
	if err != nil {
		return c, roomError(err)
	}
	c.Rights = rightsIn(string(desk), self, own.Roles, roles, raw.Overwrites)
	return c, nil
}

// Server is the desk of the server that a channel is in.
func (r Rooms) Server(ctx context.Context, id digests.ChannelID) (briefings.DeskID, error) {
	raw, err := r.Discord.Channel(ctx, string(id))
	if err != nil {
		return "", roomError(err)
	}
	return briefings.DeskID(raw.GuildID), nil
}

// described gives c the name and what its type means.
func described(c *commands.Channel, name string, kind int) {
	c.Name = name
	c.News = kind == announcementChannel
	c.Thread = kind == announcementThread || kind == publicThread || kind == privateThread
}

// rightsIn is what a member with its own roles may do in a channel.
// https://docs.discord.com/developers/topics/permissions
func rightsIn(guild, member string, own []string, roles []RawRole, overwrites []overwrite) commands.Rights {
	const all = ^commands.Rights(0)
	var rights commands.Rights
	for _, role := range roles {
		if role.ID == guild || slices.Contains(own, role.ID) {
			rights |= role.Permissions
		}
	}
	if rights&administrator != 0 {
		return all
	}
	var everyone, byRole, byMember overwrite
	for _, o := range overwrites {
		switch {
		case o.ID == guild:
			everyone = o
		case o.ID == member:
			byMember = o
		case slices.Contains(own, o.ID):
			byRole.Allow, byRole.Deny = byRole.Allow|o.Allow, byRole.Deny|o.Deny
		}
	}
	for _, o := range []overwrite{everyone, byRole, byMember} {
		rights = rights&^o.Deny | o.Allow
	}
	if rights&commands.ViewChannel == 0 {
		return 0
	}
	return rights
}

// Role returns a role of desk's server.
func (r Rooms) Role(ctx context.Context, desk briefings.DeskID, id digests.RoleID) (commands.ServerRole, error) {
	roles, err := r.Discord.Roles(ctx, string(desk))
	if err != nil {
		return commands.ServerRole{}, roomError(err)
	}
	for _, role := range roles {
		if role.ID == string(id) {
			return commands.ServerRole{Name: role.Name, Mentionable: role.Mentionable}, nil
		}
	}
	return commands.ServerRole{}, roomError(briefings.ErrNotFound)
}

// roomError is about what the server lacks, or about Discord being away.
func roomError(err error) error {
	kind := briefings.ErrUnavailable
	if errors.Is(err, briefings.ErrNotFound) || IsCode(err, CodeUnknownChannel, CodeUnknownGuild, CodeUnknownMember) {
		kind = briefings.ErrNotFound
	}
	return fmt.Errorf("bot: asking about a channel or a role: %w", errors.Join(kind, err))
}

// Unpost deletes a message of the bot's own.
func (r Rooms) Unpost(ctx context.Context, channel digests.ChannelID, message string) error {
	return trouble(r.Discord.DeleteMessage(ctx, string(channel), message),
		"The message was not deleted", "View Channel", CodeUnknownMessage, CodeUnknownChannel)
}

// Mentions is for [digests.Extras].
func (r Rooms) Mentions(ctx context.Context, desk briefings.DeskID, channel digests.ChannelID, id digests.RoleID) (string, bool, error) {
	role, err := r.Role(ctx, desk, id)
	switch {
	case errors.Is(err, briefings.ErrNotFound):
		return "The role to mention is gone, so nobody was pinged: choose another with /digest edit.", true, nil
	case err != nil || role.Mentionable:
		return "", false, err
	}
	room, err := r.Room(ctx, desk, channel)
	if err != nil || room.Rights&commands.MentionEveryone != 0 {
		return "", false, err
	}
	return "Nobody was pinged: let everyone mention the role, or give me Mention Everyone in the channel.", false, nil
}

// Discuss is for [digests.Extras]. Discord starts one thread of a message and
// refuses the second.
func (r Rooms) Discuss(ctx context.Context, channel digests.ChannelID, message, name string) error {
	return trouble(r.Discord.StartThread(ctx, string(channel), message, cards.Clip(name, 100)),
		"No thread was started", "Create Public Threads", CodeThreadExists, CodeUnknownMessage)
}

// Publish is for [digests.Extras].
func (r Rooms) Publish(ctx context.Context, channel digests.ChannelID, message string) error {
	return trouble(r.Discord.Crosspost(ctx, string(channel), message),
		"It was not published to followers", "Send Messages", CodeAlreadyPublished, CodeUnknownMessage, CodeWrongChannelType)
}

// trouble is a [digests.PostError] that says what came to nothing and which
// right may be missing, nil where Discord's refusal means that there is nothing
// left to do.
func trouble(err error, what, right string, fine ...int) error {
	refusal := new(APIError)
	switch {
	case err == nil || IsCode(err, fine...):
		return nil
	case IsCode(err, CodeMissingAccess, CodeMissingPermission):
		return &digests.PostError{Say: what + ": give me " + right + " in the channel.", Permanent: true, Cause: err}
	case errors.As(err, &refusal):
		return &digests.PostError{Say: what + " (" + refusal.Error() + ").", Permanent: !refusal.Temporary(), RetryAfter: refusal.RetryAfter, Cause: err}
	}
	return &digests.PostError{Say: what + ": Discord could not be reached.", Cause: err}
}
