package bot

import (
	"context"
	"time"

	"sitrep/commands"
)

// A RawChannel is a channel as far as what the bot may do there needs it.
type RawChannel struct {
	ID         string      `json:"id"`
	GuildID    string      `json:"guild_id"` // empty of a direct message
	ParentID   string      `json:"parent_id"`
	Name       string      `json:"name"`
	Type       int         `json:"type"`
	Position   int         `json:"position"`
	Overwrites []overwrite `json:"permission_overwrites"`
}

// An overwrite changes in a channel what one role, or one member, may do.
type overwrite struct {
	ID    string          `json:"id"`
	Allow commands.Rights `json:"allow,string"`
	Deny  commands.Rights `json:"deny,string"`
}

// A RawRole is a role of a server; that of everyone has the server's id.
type RawRole struct {
	ID          string          `json:"id"`
	Name        string          `json:"name"`
	Permissions commands.Rights `json:"permissions,string"`
	Mentionable bool            `json:"mentionable"` // by everyone
}

// Channel returns a channel that the bot sees.
func (d *Discord) Channel(ctx context.Context, channel string) (RawChannel, error) {
	var c RawChannel
	path, err := join("/channels", channel)
	if err == nil {
		err = d.read(ctx, path, &c)
	}
	return c, err
}

// A RawGuild is a server as far as greeting it needs it.
type RawGuild struct {
	Name          string    `json:"name"`
	SystemChannel string    `json:"system_channel_id"`
	Locale        string    `json:"preferred_locale"`
	Roles         []RawRole `json:"roles"`
}

// Guild returns a server that the bot is in.
func (d *Discord) Guild(ctx context.Context, guild string) (RawGuild, error) {
	var g RawGuild
	path, err := join("/guilds", guild)
	if err == nil {
		err = d.read(ctx, path, &g)
	}
	return g, err
}

// Channels returns the channels of a server but its threads, in no order.
func (d *Discord) Channels(ctx context.Context, guild string) ([]RawChannel, error) {
	var all []RawChannel
	path, err := join("/guilds", guild, "channels")
	if err == nil {
		err = d.read(ctx, path, &all)
	}
	return all, err
}

// Roles returns every role of a server.
func (d *Discord) Roles(ctx context.Context, guild string) ([]RawRole, error) {
	var roles []RawRole
	path, err := join("/guilds", guild, "roles")
	if err == nil {
		err = d.read(ctx, path, &roles)
	}
	return roles, err
}

// A RawMember is somebody in a server, as far as sitrep reads them.
type RawMember struct {
	Roles  []string  `json:"roles"` // ids, but for that of everyone
	Joined time.Time `json:"joined_at"`
}

// OwnMember returns the bot's user id and what it is in a server.
func (d *Discord) OwnMember(ctx context.Context, guild string) (self string, member RawMember, err error) {
	var user struct {
		ID string `json:"id"`
	}
	if err := d.read(ctx, "/users/@me", &user); err != nil {
		return "", RawMember{}, err
	}
	path, err := join("/guilds", guild, "members", user.ID)
	if err != nil {
		return "", RawMember{}, err
	}
	err = d.read(ctx, path, &member)
	return user.ID, member, err
}
