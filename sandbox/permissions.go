package sandbox

import (
	"slices"
	"time"
)

type permissions uint64

// The permissions that the sandbox reads or grants, by Discord's bit numbers.
const (
	administrator   permissions = 1 << 3
	manageGuild     permissions = 1 << 5
	addReactions    permissions = 1 << 6
	viewChannel     permissions = 1 << 10
	sendMessages    permissions = 1 << 11
	manageMessages  permissions = 1 << 13
	embedLinks      permissions = 1 << 14
	attachFiles     permissions = 1 << 15
	readHistory     permissions = 1 << 16
	mentionEveryone permissions = 1 << 17
	manageChannels  permissions = 1 << 4
	manageRoles     permissions = 1 << 28
	useCommands     permissions = 1 << 31
	manageEvents    permissions = 1 << 33
	manageThreads   permissions = 1 << 34
	createEvents    permissions = 1 << 44
	useExternalApps permissions = 1 << 50
	everyPermission permissions = 1<<53 - 1
	memberDefaults              = viewChannel | sendMessages | embedLinks | attachFiles | readHistory | addReactions | useCommands |
		createPublicThreads | createPrivateThreads | sendInThreads | useExternalApps
	botInvited       = viewChannel | sendMessages | embedLinks | attachFiles | readHistory
	needsSendMessage = embedLinks | attachFiles | mentionEveryone

	createPublicThreads  permissions = 1 << 35
	createPrivateThreads permissions = 1 << 36
	sendInThreads        permissions = 1 << 38
)

func (p permissions) has(all permissions) bool { return p&all == all }

// inGuild is what roles alone grant a member, before any channel's overwrites.
func (g *guild) inGuild(user string) permissions {
	m := g.member(user)
	if m == nil {
		return 0
	}
	if g.Owner == user {
		return everyPermission
	}
	var p permissions
	for _, r := range g.Roles {
		if r.ID == g.ID || slices.Contains(m.Roles, r.ID) {
			p |= r.Permissions
		}
	}
	if p.has(administrator) {
		return everyPermission
	}
	return p
}

// in is what a member may do in a channel, as Discord computes it; now is real time,
// against which timeouts are measured.
func (g *guild) in(c *channel, user string, now time.Time) permissions {
	return g.within(c, user, now, sendMessages)
}

// within also says which permission lets a member send there: without it, what needs
// sending is lost too.
func (g *guild) within(c *channel, user string, now time.Time, send permissions) permissions {
	p := g.inGuild(user)
	if p == everyPermission || p == 0 && g.member(user) == nil {
		return p
	}
	p = g.overwritten(p, c, user)
	if !p.has(viewChannel) {
		return 0
	}
	if g.member(user).Timeout.After(now) {
		return p & (viewChannel | readHistory)
	}
	if !p.has(send) {
		p &^= needsSendMessage
	}
	return p
}

// sendingIn is what lets a member write in such a channel.
func sendingIn(c *channel) permissions {
	if c.Thread != nil {
		return sendInThreads
	}
	return sendMessages
}

// overwritten applies @everyone's overwrite, then all roles' at once, then the member's own.
func (g *guild) overwritten(p permissions, c *channel, user string) permissions {
	roles := g.member(user).Roles
	var everyone, role, own overwrite
	for _, o := range c.Overwrites {
		switch {
		case o.Type == overwriteRole && o.ID == g.ID:
			everyone = o
		case o.Type == overwriteRole && slices.Contains(roles, o.ID):
			role.Allow |= o.Allow
			role.Deny |= o.Deny
		case o.Type == overwriteMember && o.ID == user:
			own = o
		}
	}
	for _, o := range []overwrite{everyone, role, own} {
		p = p&^o.Deny | o.Allow
	}
	return p
}

// may computes permissions in any channel of the state; in a direct message both sides may
// do what an ordinary member may.
func (st *state) may(user string, c *channel, now time.Time) permissions {
	if c.Type == channelDM && c.Other != "" && user == st.install.ID {
		return 0
	}
	if c.Type == channelDM {
		return memberDefaults
	}
	g := st.guilds[c.Guild]
	if g == nil {
		return 0
	}
	if c.Thread == nil {
		return g.in(c, user, now)
	}
	parent := st.channels[c.Parent]
	if parent == nil {
		return 0
	}
	p := g.within(parent, user, now, sendInThreads)
	if c.Type == threadPrivate && !slices.Contains(c.Thread.Members, user) && !p.has(manageThreads) {
		return 0
	}
	return p
}
