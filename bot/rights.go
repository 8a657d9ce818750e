package bot

import (
	"context"
	"slices"
	"strconv"

	"sitrep/briefings"
	"sitrep/commands"
	"sitrep/words"
)

// Permission bits. https://docs.discord.com/developers/topics/permissions
const (
	administrator  = 1 << 3
	manageServer   = 1 << 5
	viewChannel    = 1 << 10
	sendMessages   = 1 << 11
	manageMessages = 1 << 13
)

// role is what the payload's own permissions and roles allow, whatever the
// client showed. Where the server chose a moderator role, its members moderate;
// where it chose none, whoever may manage messages does.
func (in Interaction) role() commands.Role {
	switch {
	case in.Member == nil, in.alone(): // whose rights are those in another server
		return commands.Reader
	case permits(in.Member.Permissions, administrator|manageServer):
		return commands.Admin
	case in.settings.ModeratorRole == "" && in.managesMessages(), in.holdsModeratorRole():
		return commands.Moderator
	}
	return commands.Reader
}

func (in Interaction) managesMessages() bool {
	return in.Member != nil && permits(in.Member.Permissions, manageMessages)
}

func (in Interaction) holdsModeratorRole() bool {
	role := in.settings.ModeratorRole
	return role != "" && in.Member != nil && slices.Contains(in.Member.Roles, role)
}

// moderatesIn reports whether a person with these permissions in a channel is a
// moderator there: who moderates by a role has to be able to write there.
func (in Interaction) moderatesIn(permissions string) bool {
	if permits(permissions, administrator|manageServer|manageMessages) {
		return true
	}
	return in.holdsModeratorRole() && permits(permissions, viewChannel) && permits(permissions, sendMessages)
}

// permits reports whether permissions, as Discord writes them, hold any of bits.
func permits(permissions string, bits uint64) bool {
	held, err := strconv.ParseUint(permissions, 10, 64)
	return err == nil && held&bits != 0
}

// may reports whether who acts has a role. Somebody who may manage messages is
// refused only after a look whether the moderator role is still there: without
// it they moderate.
func (r *Router) may(ctx context.Context, in Interaction, role commands.Role) bool {
	if in.role() >= role {
		return true
	}
	chosen := in.settings.ModeratorRole
	if role != commands.Moderator || chosen == "" || r.Servers == nil || !in.managesMessages() {
		return false
	}
	gone, err := r.Servers.RoleGone(ctx, in.desk(), chosen)
	if err != nil {
		r.Log.WarnContext(ctx, "whether a moderator role is still there could not be told", "guild", in.GuildID, "err", err)
	}
	return gone
}

// denied says who may do what needs a role.
func denied(w *words.Words, role commands.Role, s briefings.Settings) string {
	switch {
	case role == commands.Admin:
		return w.Say("role.admin")
	case s.ModeratorRole != "":
		return w.Say("role.chosen")
	}
	return w.Say("role.moderator")
}
