package commands

import (
	"context"

	"sitrep/briefings"
	"sitrep/digests"
)

// Rooms is what Discord tells of a server's channels and roles, where an
// interaction doesn't; package bot satisfies it. Errors wrap
// [briefings.ErrNotFound] where desk's server has no such thing, and
// [briefings.ErrUnavailable] where Discord can't be asked now.
type Rooms interface {
	// Room returns a channel with what the bot may do there.
	Room(ctx context.Context, desk briefings.DeskID, channel digests.ChannelID) (Channel, error)
	// Role returns a role.
	Role(ctx context.Context, desk briefings.DeskID, role digests.RoleID) (ServerRole, error)
	// Unpost deletes a message of the bot's own; one that is gone is no error.
	// Discord's refusal is a [digests.PostError].
	Unpost(ctx context.Context, channel digests.ChannelID, message string) error
}

// A Channel is one of a server's, with what the bot may do there.
type Channel struct {
	ID     string
	Name   string // empty where Discord did not tell
	Rights Rights
	Theirs Rights // what the caller may do there, where Discord told
	Known  bool   // whether Discord told the rights
	Closed bool   // whether the caller is no moderator there
	News   bool   // whether others can follow it: an announcement channel
	Thread bool   // whether it is a thread itself
}

// A ServerRole is a role of a Discord server.
type ServerRole struct {
	Name        string
	Mentionable bool // by everyone
}

// Rights is Discord's permission bit set.
type Rights uint64

// The permissions that a digest may need.
// https://docs.discord.com/developers/topics/permissions
const (
	ViewChannel         Rights = 1 << 10
	SendMessages        Rights = 1 << 11
	AttachFiles         Rights = 1 << 15
	ReadMessageHistory  Rights = 1 << 16
	MentionEveryone     Rights = 1 << 17 // all roles, too
	CreatePublicThreads Rights = 1 << 35
	SendInThreads       Rights = 1 << 38
)
