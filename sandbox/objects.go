package sandbox

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// These write what the sandbox holds in the form in which Discord tells it. base is the
// address under which the reader reaches the sandbox, for links to uploads.

func userObject(u *user) map[string]any {
	obj := map[string]any{
		"id": u.ID, "username": u.Username, "discriminator": "0", "global_name": nil, "avatar": nil,
		"public_flags": 0, "flags": 0,
	}
	if u.Bot {
		obj["bot"], obj["discriminator"] = true, "0001"
	}
	if u.Name != "" {
		obj["global_name"] = u.Name
	}
	return obj
}

func (st *state) userObject(id string) map[string]any {
	if u := st.users[id]; u != nil {
		return userObject(u)
	}
	return userObject(&user{ID: id, Username: "Deleted User"})
}

func (st *state) selfObject() map[string]any {
	obj := st.userObject(st.install.ID)
	maps.Copy(obj, map[string]any{"verified": true, "email": nil, "mfa_enabled": true, "locale": "en-US"})
	return obj
}

func roleObject(r role) map[string]any {
	return map[string]any{
		"id": r.ID, "name": r.Name, "permissions": r.Permissions.String(), "position": r.Position,
		"color": 0, "colors": map[string]any{"primary_color": 0, "secondary_color": nil, "tertiary_color": nil},
		"hoist": false, "managed": r.Managed, "mentionable": r.Mentionable, "icon": nil, "unicode_emoji": nil, "flags": 0,
	}
}

func (st *state) memberObject(m *member) map[string]any {
	obj := map[string]any{
		"user": st.userObject(m.User), "roles": m.Roles, "joined_at": m.Joined.UTC().Format(time.RFC3339Nano),
		"nick": nil, "avatar": nil, "banner": nil, "premium_since": nil, "pending": false, "deaf": false, "mute": false,
		"flags": 0, "communication_disabled_until": nil,
	}
	if !m.Timeout.IsZero() {
		obj["communication_disabled_until"] = m.Timeout.UTC().Format(time.RFC3339Nano)
	}
	return obj
}

func (st *state) channelObject(c *channel) map[string]any {
	last := any(nil)
	for _, m := range slices.Backward(st.messages[c.ID]) {
		if m.Visible == "" {
			last = m.ID
			break
		}
	}
	obj := map[string]any{"id": c.ID, "type": c.Type, "last_message_id": last, "flags": 0}
	if c.Type == channelDM {
		obj["recipients"] = []any{st.userObject(c.Recipient)}
		if c.Other != "" {
			obj["recipients"] = []any{st.userObject(c.Recipient), st.userObject(c.Other)}
		}
		return obj
	}
	if c.Thread != nil {
		maps.Copy(obj, st.threadObject(c))
		return obj
	}
	overwrites := []any{}
	for _, o := range c.Overwrites {
		overwrites = append(overwrites, map[string]any{
			"id": o.ID, "type": o.Type, "allow": o.Allow.String(), "deny": o.Deny.String(),
		})
	}
	maps.Copy(obj, map[string]any{
		"guild_id": c.Guild, "name": c.Name, "position": c.Position, "permission_overwrites": overwrites,
		"topic": nil, "nsfw": false, "parent_id": nil, "rate_limit_per_user": c.Slow, "last_pin_timestamp": nil,
	})
	return obj
}

func (st *state) threadObject(c *channel) map[string]any {
	count := 0
	for _, m := range st.messages[c.ID] {
		if m.Visible == "" {
			count++
		}
	}
	about := map[string]any{
		"archived": c.Thread.Archived, "locked": c.Thread.Locked, "auto_archive_duration": c.Thread.Minutes,
		"archive_timestamp": timeText(c.Thread.Changed), "create_timestamp": timeText(c.Thread.Made),
	}
	if c.Type == threadPrivate {
		about["invitable"] = !c.Thread.Closed
	}
	obj := map[string]any{
		"guild_id": c.Guild, "name": c.Name, "parent_id": c.Parent, "owner_id": c.Thread.Owner,
		"rate_limit_per_user": c.Slow, "last_pin_timestamp": nil, "thread_metadata": about,
		"message_count": count, "total_message_sent": count, "member_count": len(c.Thread.Members),
	}
	if slices.Contains(c.Thread.Members, st.install.ID) {
		obj["member"] = threadMember(c, st.install.ID)
	}
	return obj
}

func (st *state) channelObjects(guild string) []any {
	list := []any{}
	for _, c := range st.channelsOf(guild) {
		list = append(list, st.channelObject(c))
	}
	return list
}

// threadObjects are the active ones.
func (st *state) threadObjects(guild string) []any {
	list := []any{}
	for _, c := range st.threads(guild, false) {
		list = append(list, st.channelObject(c))
	}
	return list
}

func (st *state) guildObject(g *guild) map[string]any {
	roles := []any{}
	for _, r := range g.Roles {
		roles = append(roles, roleObject(r))
	}
	var system any
	if st.channels[g.System] != nil {
		system = g.System
	}
	return map[string]any{
		"id": g.ID, "name": g.Name, "owner_id": g.Owner, "roles": roles, "emojis": []any{}, "stickers": []any{},
		"features": []any{}, "icon": nil, "splash": nil, "banner": nil, "description": nil, "region": "",
		"preferred_locale": g.locale(), "verification_level": 0, "default_message_notifications": 1,
		"explicit_content_filter": 0, "mfa_level": 0, "nsfw_level": 0, "premium_tier": 0, "afk_timeout": 300,
		"afk_channel_id": nil, "system_channel_id": system, "system_channel_flags": 0, "rules_channel_id": nil,
		"public_updates_channel_id": nil, "application_id": nil, "vanity_url_code": nil, "max_members": 500000,
		"premium_progress_bar_enabled": false, "discovery_splash": nil,
	}
}

// locale is the language that the server chose.
func (g *guild) locale() string { return cmp.Or(g.Locale, "en-US") }

// guildCreate is a guild as the gateway tells it; of members it holds the bot alone.
func (st *state) guildCreate(g *guild) map[string]any {
	obj := st.guildObject(g)
	members := []any{}
	joined := time.Time{}
	if m := g.member(st.install.ID); m != nil {
		members, joined = append(members, st.memberObject(m)), m.Joined
	}
	maps.Copy(obj, map[string]any{
		"channels": st.channelObjects(g.ID), "threads": st.threadObjects(g.ID), "members": members, "presences": []any{},
		"voice_states": []any{}, "stage_instances": []any{}, "guild_scheduled_events": st.eventObjects(g.ID),
		"soundboard_sounds": []any{}, "joined_at": joined.UTC().Format(time.RFC3339Nano), "large": false,
		"unavailable": false, "member_count": len(g.Members),
	})
	return obj
}

func (st *state) messageObject(m *message, base string) map[string]any {
	files, links := attachmentObjects(m.Channel, m.Attachments, base, m.Visible != "")
	mentions, roles := []any{}, []any{}
	for _, id := range m.Mentions {
		mentions = append(mentions, st.userObject(id))
	}
	for _, id := range m.Roles {
		roles = append(roles, id)
	}
	obj := map[string]any{
		"id": m.ID, "channel_id": m.Channel, "author": st.userObject(m.Author), "content": m.Content,
		"timestamp": m.At.UTC().Format("2006-01-02T15:04:05.000000+00:00"), "edited_timestamp": nil,
		"tts": false, "mention_everyone": m.Everyone, "mentions": mentions, "mention_roles": roles,
		"attachments": files, "embeds": orEmpty(linked(m.Embeds, links)), "components": orEmpty(numbered(linked(m.Components, links))),
		"pinned": false, "type": m.Type, "flags": m.Flags,
	}
	if !m.Edited.IsZero() {
		obj["edited_timestamp"] = m.Edited.UTC().Format("2006-01-02T15:04:05.000000+00:00")
	}
	if t := st.channels[m.ID]; t != nil && m.Flags&flagHasThread != 0 {
		obj["thread"] = st.channelObject(t)
	}
	if m.Nonce != nil {
		obj["nonce"] = m.Nonce
	}
	if m.Author == st.install.ID && m.Mark != nil {
		obj["application_id"], obj["webhook_id"] = st.install.ID, st.install.ID
		obj["interaction_metadata"] = st.markObject(m)
	}
	if m.Reference != "" {
		obj["message_reference"] = map[string]any{"type": 0, "message_id": m.Reference, "channel_id": m.Channel, "guild_id": m.Guild}
	}
	return obj
}

func (st *state) markObject(m *message) map[string]any {
	mark := map[string]any{
		"id": m.Mark.ID, "type": m.Mark.Type, "user": st.userObject(m.Mark.User),
		"authorizing_integration_owners": map[string]any{"0": m.Guild},
	}
	if m.Mark.Personal {
		mark["authorizing_integration_owners"] = map[string]any{"1": m.Mark.User}
	}
	if m.Mark.Name != "" {
		mark["name"] = m.Mark.Name
	}
	return mark
}

func orEmpty(list any) any {
	if l, ok := list.([]any); ok && len(l) > 0 {
		return l
	}
	return []any{}
}

// attachmentObjects also returns the address of each file by its name.
func attachmentObjects(channel string, files []attachment, base string, ephemeral bool) ([]any, map[string]string) {
	list, links := []any{}, map[string]string{}
	for _, a := range files {
		obj := attachmentObject(channel, a, base)
		if ephemeral {
			obj["ephemeral"] = true
		}
		links[a.Filename] = textOf(obj["url"])
		list = append(list, obj)
	}
	return list, links
}

func attachmentObject(channel string, a attachment, base string) map[string]any {
	url := base + path.Join("/attachments", channel, a.ID, a.Filename)
	obj := map[string]any{
		"id": a.ID, "filename": a.Filename, "size": a.Size, "url": url, "proxy_url": url, "content_type": a.ContentType,
	}
	if a.Description != "" {
		obj["description"] = a.Description
	}
	if a.Title != "" {
		obj["title"] = a.Title
	}
	if a.Width > 0 {
		obj["width"], obj["height"] = a.Width, a.Height
	}
	if a.Spoiler {
		obj["flags"] = 1 << 3
	}
	return obj
}

// linked copies a tree with attachment:// links replaced by the files' addresses.
func linked(v any, links map[string]string) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, kid := range v {
			out[key] = linked(kid, links)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, kid := range v {
			out[i] = linked(kid, links)
		}
		return out
	case string:
		if name, is := strings.CutPrefix(v, "attachment://"); is && links[cleanFilename(name)] != "" {
			return links[cleanFilename(name)]
		}
	}
	return v
}

// numbered gives every component without one the id that Discord would: its place, counted
// from 1 in reading order. v has to be a copy.
func numbered(v any) any {
	next := 0
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, kid := range v {
				walk(kid)
			}
		case map[string]any:
			if v["type"] == nil {
				return
			}
			next++
			if intOf(v["id"]) == 0 {
				v["id"] = next
			}
			for _, key := range []string{"components", "component", "accessory"} {
				walk(v[key])
			}
		}
	}
	walk(v)
	return v
}

func (p permissions) String() string { return strconv.FormatUint(uint64(p), 10) }
