package sandbox

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"
)

// scene is who acts where.
type scene struct {
	s       *Sandbox
	guild   *guild
	channel *channel
	user    *user
	locale  string
	base    string
}

// scene finds the member and the channel, which the member has to see. The lock is held.
func (s *Sandbox) scene(a *act, base string) (*scene, error) {
	g, err := s.namedGuild(a.Guild)
	if err != nil {
		return nil, asWrong(err)
	}
	name := a.Channel
	if name == "" {
		name = "briefings"
	}
	c, err := s.namedChannel(g, name)
	if err != nil {
		return nil, asWrong(err)
	}
	if c.Guild != "" {
		g = s.state.guilds[c.Guild]
	}
	u, err := s.namedUser(a.User)
	if err != nil {
		return nil, asWrong(err)
	}
	switch {
	case c.Type != channelDM && g.member(u.ID) == nil:
		return nil, wrong("user", "%s isn't a member of %s", u.Username, g.Name)
	case u.Bot:
		return nil, wrong("user", "bots don't act")
	case !s.state.sees(u.ID, c):
		return nil, wrong("channel", "%s can't see %s", u.Username, c.Name)
	case c.Guild != "" && s.state.joined(g.ID) == nil:
		return nil, wrong("guild", "the bot isn't in %s", g.Name)
	}
	locale := a.Locale
	if locale == "" {
		locale = "en-US"
	}
	if !knownLocale(locale) {
		return nil, wrong("locale", "%q isn't one of Discord's locales", short(locale))
	}
	return &scene{s: s, guild: g, channel: c, user: u, locale: locale, base: base}, nil
}

// asWrong makes 400 of what a body names and isn't there.
func asWrong(err error) error {
	if c := new(controlError); errors.As(err, &c) {
		return &controlError{Status: 400, Words: c.Words, Field: c.Field}
	}
	return err
}

func (sc *scene) guildID() string { return sc.channel.Guild }

// build turns an act into an interaction and its data, whichever of the four kinds it is.
func (sc *scene) build(a *act) (*interaction, map[string]any, error) {
	kinds := 0
	for _, set := range []bool{a.Command != "", a.Menu != "", a.CustomID != "", a.Modal != ""} {
		if set {
			kinds++
		}
	}
	if kinds != 1 {
		return nil, nil, wrong("command", "give one of command, menu, message with custom_id, or modal")
	}
	switch {
	case a.Command != "":
		return sc.buildCommand(a)
	case a.Menu != "":
		return sc.buildMenu(a)
	case a.CustomID != "":
		return sc.buildComponent(a)
	}
	return sc.buildModal(a)
}

// usable finds a command that the member's client would list here.
func (sc *scene) usable(typ int, name, field string) (command, error) {
	for _, scope := range []string{sc.guildID(), ""} {
		list := sc.s.state.commands[scope]
		i, found := findCommand(list, func(c command) bool { return c.Type == typ && c.Name == name })
		if !found {
			continue
		}
		return list[i], sc.mayUse(list[i], field)
	}
	return command{}, wrong(field, "there is no command %q here", short(name))
}

func (sc *scene) mayUse(c command, field string) error {
	if sc.channel.Type == channelDM {
		if c.GuildID != "" || !c.DMPermission || len(c.Contexts) > 0 && !slices.Contains(c.Contexts, 1) {
			return wrong(field, "%s can't be used in direct messages", c.Name)
		}
		return nil
	}
	may := sc.guild.in(sc.channel, sc.user.ID, time.Now())
	if !may.has(useCommands) {
		return wrong(field, "%s may not use commands in %s", sc.user.Username, sc.channel.Name)
	}
	if len(c.Contexts) > 0 && !slices.Contains(c.Contexts, 0) {
		return wrong(field, "%s can't be used in servers", c.Name)
	}
	if c.DefaultMemberPermissions == nil {
		return nil
	}
	need, _ := snowflake(*c.DefaultMemberPermissions)
	if need == 0 && !may.has(administrator) || !may.has(permissions(need)) {
		return wrong(field, "%s is hidden from %s", c.Name, sc.user.Username)
	}
	return nil
}

func (sc *scene) buildCommand(a *act) (*interaction, map[string]any, error) {
	words := strings.Fields(strings.TrimPrefix(a.Command, "/"))
	if len(words) == 0 {
		return nil, nil, wrong("command", "the command's name is missing")
	}
	cmd, err := sc.usable(commandChat, words[0], "command")
	if err != nil {
		return nil, nil, err
	}
	path, leaf, err := descend(cmd, words[1:])
	if err != nil {
		return nil, nil, err
	}
	f := &filling{sc: sc, given: a.Options, focused: a.Focused, resolved: map[string]map[string]any{}}
	list, err := f.fill(leaf)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range slices.Backward(path) {
		list = []any{map[string]any{"name": p.Name, "type": p.Type, "options": list}}
	}
	i := &interaction{kind: interactionCommand, name: strings.Join(words, " ")}
	if a.Focused != "" {
		i.kind, i.focused = interactionAutocomplete, f.focusedType
	}
	return i, f.data(cmd, list), nil
}

// descend follows the words after a command's name to the options that are left to fill in.
func descend(cmd command, words []string) (path []option, leaf []option, err error) {
	leaf = cmd.Options
	for _, w := range words {
		i := slices.IndexFunc(leaf, func(o option) bool { return o.Name == w && (o.Type == optionSub || o.Type == optionGroup) })
		if i < 0 {
			return nil, nil, wrong("command", "/%s has no subcommand %q", cmd.Name, short(w))
		}
		path, leaf = append(path, leaf[i]), leaf[i].Options
	}
	if nested(leaf) {
		return nil, nil, wrong("command", "/%s needs one of its subcommands", cmd.Name)
	}
	return path, leaf, nil
}

func (sc *scene) buildMenu(a *act) (*interaction, map[string]any, error) {
	typ, target := commandMessage, a.Message
	if a.Target != "" {
		typ, target = commandUser, a.Target
	}
	cmd, err := sc.usable(typ, a.Menu, "menu")
	if err != nil {
		return nil, nil, err
	}
	f := &filling{sc: sc, resolved: map[string]map[string]any{}}
	data := f.data(cmd, nil)
	if typ == commandUser {
		u, err := sc.s.namedUser(target)
		if err != nil {
			return nil, nil, wrong("target", "there is no member %q", short(target))
		}
		f.addUser(u.ID)
		target = u.ID
	} else {
		m, err := sc.seen(target)
		if err != nil {
			return nil, nil, err
		}
		f.add("messages", m.ID, sc.s.state.messageObject(m, sc.base))
	}
	data["target_id"], data["resolved"] = target, f.resolvedObject()
	return &interaction{kind: interactionCommand, name: cmd.Name}, data, nil
}

// seen finds a message in the channel that the member sees.
func (sc *scene) seen(id string) (*message, error) {
	m := sc.s.state.message(sc.channel.ID, id)
	if m == nil || m.Visible != "" && m.Visible != sc.user.ID {
		return nil, wrong("message", "%s sees no message %q in %s", sc.user.Username, short(id), sc.channel.Name)
	}
	return m, nil
}

// payload is the whole INTERACTION_CREATE.
func (sc *scene) payload(i *interaction, data map[string]any) map[string]any {
	st := sc.s.state
	now := time.Now()
	obj := map[string]any{
		"id": i.id, "application_id": st.install.ID, "type": i.kind, "token": i.token, "version": 1, "data": data,
		"channel_id": sc.channel.ID, "channel": sc.partialChannel(sc.channel), "locale": sc.locale,
		"app_permissions": st.may(st.install.ID, sc.channel, now).String(),
		"entitlements":    []any{}, "entitlement_sku_ids": []any{}, "attachment_size_limit": maxFile,
		"authorizing_integration_owners": map[string]any{"0": "0"}, "context": 1,
	}
	if i.source != "" {
		if m := st.message(sc.channel.ID, i.source); m != nil {
			obj["message"] = st.messageObject(m, sc.base)
		}
	}
	if sc.channel.Type == channelDM {
		obj["user"] = userObject(sc.user)
		return obj
	}
	member := st.memberObject(sc.guild.member(sc.user.ID))
	member["permissions"] = st.may(sc.user.ID, sc.channel, now).String()
	maps.Copy(obj, map[string]any{
		"guild_id": sc.guild.ID, "guild_locale": "en-US", "context": 0, "member": member,
		"guild":                          map[string]any{"id": sc.guild.ID, "locale": "en-US", "features": []any{}},
		"authorizing_integration_owners": map[string]any{"0": sc.guild.ID},
	})
	return obj
}

// partialChannel is a channel with the permissions of the member and the bot in it.
func (sc *scene) partialChannel(c *channel) map[string]any {
	st := sc.s.state
	obj := st.channelObject(c)
	obj["permissions"] = st.may(sc.user.ID, c, time.Now()).String()
	obj["app_permissions"] = st.may(st.install.ID, c, time.Now()).String()
	delete(obj, "permission_overwrites")
	return obj
}
