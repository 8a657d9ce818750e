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
	// personal says that the member takes the application as his own.
	personal bool
}

// scene finds the member and the channel, which the member has to see. The lock is held.
func (s *Sandbox) scene(a *act, base string) (*scene, error) {
	g, err := s.namedGuild(a.Guild)
	if err != nil {
		return nil, asWrong(err)
	}
	u, err := s.namedUser(a.User)
	if err != nil {
		return nil, asWrong(err)
	}
	if u.Bot {
		return nil, wrong("user", "bots don't act")
	}
	c, err := s.sceneChannel(a, g, u)
	if err != nil {
		return nil, err
	}
	if c.Guild != "" {
		g = s.state.guilds[c.Guild]
	}
	sc := &scene{s: s, guild: g, channel: c, user: u, locale: a.Locale, base: base, personal: a.Install == "user"}
	if sc.locale == "" {
		sc.locale = "en-US"
	}
	return sc, sc.check(a)
}

// sceneChannel is the channel that is named, @me for the direct messages with the bot, or
// the conversation with another member; the last two are made when they are first used.
func (s *Sandbox) sceneChannel(a *act, g *guild, u *user) (*channel, error) {
	name := a.Channel
	switch {
	case a.With != "":
		other, err := s.namedUser(a.With)
		if err != nil || other.Bot || other.ID == u.ID {
			return nil, wrong("with", "there is no other member %q", short(a.With))
		}
		return s.conversation(u.ID, other.ID)
	case name == "@me":
		return s.conversation(u.ID, "")
	case name == "":
		name = "briefings"
	}
	c, err := s.namedChannel(g, name)
	return c, asWrong(err)
}

// conversation is the direct messages of two members, or of one with the bot.
func (s *Sandbox) conversation(user, other string) (*channel, error) {
	for _, c := range s.state.channels {
		if c.Type == channelDM && (c.Recipient == user && c.Other == other || other != "" && c.Recipient == other && c.Other == user) {
			return c, nil
		}
	}
	c := &channel{ID: s.ids.next(), Type: channelDM, Recipient: user, Other: other}
	return c, s.commit(change{Channel: c})
}

// check refuses what the member's client wouldn't offer.
func (sc *scene) check(a *act) error {
	st, name := sc.s.state, sc.user.Username
	switch {
	case a.Install != "" && a.Install != "guild" && a.Install != "user":
		return wrong("install", "install is guild or user")
	case sc.personal && !st.install.UserInstall:
		return wrong("install", "members can't have the application for themselves: its integration_types_config has no 1")
	case sc.channel.Other != "" && !sc.personal:
		return wrong("with", "in a conversation of members the application has to be one's own: install is user")
	case sc.channel.Guild != "" && sc.guild.member(sc.user.ID) == nil:
		return wrong("user", "%s isn't a member of %s", name, sc.guild.Name)
	case !st.sees(sc.user.ID, sc.channel):
		return wrong("channel", "%s can't see %s", name, sc.channel.Name)
	case sc.channel.Guild != "" && st.joined(sc.guild.ID) == nil && !sc.personal:
		return wrong("guild", "the bot isn't in %s", sc.guild.Name)
	case !knownLocale(sc.locale):
		return wrong("locale", "%q isn't one of Discord's locales", short(sc.locale))
	}
	return nil
}

// The places in which an interaction happens, by Discord's numbers.
const (
	contextGuild   = 0
	contextDM      = 1
	contextPrivate = 2
)

func (sc *scene) context() int {
	switch {
	case sc.channel.Guild != "":
		return contextGuild
	case sc.channel.Other != "":
		return contextPrivate
	}
	return contextDM
}

// authorise works out who has the application here, and what follows from that.
func (sc *scene) authorise(i *interaction) {
	i.owners = map[string]any{}
	switch {
	case sc.channel.Guild != "" && sc.s.state.joined(sc.channel.Guild) != nil:
		i.owners["0"] = sc.channel.Guild
	case sc.context() == contextDM:
		i.owners["0"] = "0"
	}
	if sc.personal {
		i.owners["1"] = sc.user.ID
		i.personal = i.owners["0"] == nil
	}
	i.hushed = i.personal && sc.channel.Guild != "" && !sc.s.state.may(sc.user.ID, sc.channel, time.Now()).has(useExternalApps)
}

// appPermissions are the bot's here, or where it isn't those that every application has.
func (sc *scene) appPermissions(i *interaction) permissions {
	if i.personal {
		return embedLinks | attachFiles | mentionEveryone
	}
	return sc.s.state.may(sc.s.state.install.ID, sc.channel, time.Now())
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
	types := c.IntegrationTypes
	switch where := sc.context(); {
	case sc.personal && !slices.Contains(types, 1):
		return wrong(field, "%s isn't for members who have the application for themselves", c.Name)
	case !sc.personal && len(types) > 0 && !slices.Contains(types, 0):
		return wrong(field, "%s is only for members who have the application for themselves", c.Name)
	case len(c.Contexts) > 0 && !slices.Contains(c.Contexts, where), where == contextDM && (c.GuildID != "" || !c.DMPermission):
		return wrong(field, "%s can't be used %s", c.Name, [...]string{"in servers", "in direct messages", "in private conversations"}[where])
	case where != contextGuild:
		return nil
	}
	may := sc.s.state.may(sc.user.ID, sc.channel, time.Now())
	if !may.has(useCommands) {
		return wrong(field, "%s may not use commands in %s", sc.user.Username, sc.channel.Name)
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
		"app_permissions": sc.appPermissions(i).String(),
		"entitlements":    []any{}, "entitlement_sku_ids": []any{}, "attachment_size_limit": maxFile,
		"authorizing_integration_owners": i.owners, "context": sc.context(),
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
		"guild_id": sc.guild.ID, "guild_locale": sc.guild.locale(), "member": member,
		"guild": map[string]any{"id": sc.guild.ID, "locale": "en-US", "features": []any{}},
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
