package commands

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"sitrep/briefings"
	"sitrep/digests"
	"sitrep/words"
)

// preflight is a mistake where s could not be posted now as it is wished.
func (d Desk) preflight(ctx context.Context, who Caller, s digests.Subscription, c Channel) error {
	problems, err := d.problems(ctx, who, s, c)
	if err != nil || len(problems) == 0 {
		return err
	}
	return briefings.Tell(briefings.ErrInvalid, strings.Join(problems, " "))
}

// problems are what would keep s from being posted now as it is wished, in the
// caller's language: rights in its channel c, its role, and what it would say.
func (d Desk) problems(ctx context.Context, who Caller, s digests.Subscription, c Channel) (all []string, err error) {
	w := d.Book.In(who.Locales...)
	if c.Closed {
		all = append(all, w.Say("digest.closed", words.Args{"Channel": c.label()}))
	}
	if c.Thread && s.Thread {
		all = append(all, w.Say("digest.thread_in_thread", words.Args{"Channel": c.label()}))
	}
	if lacking := Lacking(c, s, w); lacking != "" {
		all = append(all, w.Say("digest.rights", words.Args{"Channel": c.label(), "Rights": lacking}))
	}
	unmentioned, err := d.unmentioned(ctx, who, s, c)
	if err != nil {
		return nil, err
	}
	if unmentioned != "" {
		all = append(all, unmentioned)
	}
	mistake := new(briefings.UserError)
	switch _, err := d.composed(ctx, s); {
	case errors.As(err, &mistake):
		all = append(all, Said(w, mistake))
	case err != nil && !errors.Is(err, digests.ErrQuiet):
		return nil, err
	}
	return all, nil
}

// Lacking names what the bot may not do in c and has to for s, empty where it
// may do all, or where Discord did not tell.
func Lacking(c Channel, s digests.Subscription, w *words.Words) string {
	if !c.Known {
		return ""
	}
	send, said := SendMessages, "right.send"
	if c.Thread {
		send, said = SendInThreads, "right.send_in_threads"
	}
	var names []string
	for _, right := range []struct {
		bit    Rights
		phrase string
		needed bool
	}{
		{ViewChannel, "right.view", true},
		{send, said, true},
		{AttachFiles, "right.attach", true},
		{ReadMessageHistory, "right.history", true},
		{CreatePublicThreads, "right.threads", s.Thread && !c.Thread},
	} {
		if right.needed && c.Rights&right.bit == 0 {
			names = append(names, w.Say(right.phrase))
		}
	}
	return strings.Join(names, ", ")
}

// unmentioned says why s can't ping its role in c, empty where it can. The role
// of everyone is none of those: what comes on its own, day after day, must not
// call a whole server.
func (d Desk) unmentioned(ctx context.Context, who Caller, s digests.Subscription, c Channel) (string, error) {
	w := d.Book.In(who.Locales...)
	switch s.Mention {
	case "":
		return "", nil
	case digests.RoleID(s.Desk):
		return w.Say("digest.mention_everyone"), nil
	}
	role, err := d.role(ctx, who, s.Mention)
	switch {
	case errors.Is(err, briefings.ErrNotFound):
		return w.Say("digest.mention_gone"), nil
	case err != nil:
		return "", briefings.Tell(err, w.Say("digest.discord_away"))
	case !role.Mentionable && c.Known && c.Rights&MentionEveryone == 0:
		return w.Say("digest.mention_rights", words.Args{"Role": role.Name, "Channel": c.label(), "Right": w.Say("right.mention")}), nil
	}
	return "", nil
}

// mayMention is a mistake where who may not ping s's role in c, and would have
// the bot do it instead. Of a channel that Discord tells nothing of, their rights
// are taken to be those where they ask.
func (d Desk) mayMention(ctx context.Context, who Caller, s digests.Subscription, c Channel) error {
	role, err := d.role(ctx, who, s.Mention)
	if err != nil || role.Mentionable || s.Mention == digests.RoleID(s.Desk) || cmp.Or(c.Theirs, who.Channel.Theirs)&MentionEveryone != 0 {
		return nil // what else is wrong, the preflight tells
	}
	w := d.Book.In(who.Locales...)
	return briefings.Tell(briefings.ErrInvalid, w.Say("digest.mention_theirs", words.Args{"Role": role.Name, "Channel": c.label(), "Right": w.Say("right.mention")}))
}

// role is one that was named in an option, or that Discord is asked about.
func (d Desk) role(ctx context.Context, who Caller, id digests.RoleID) (ServerRole, error) {
	if named, ok := who.NamedRoles[string(id)]; ok {
		return named, nil
	}
	if d.Rooms == nil {
		return ServerRole{}, briefings.ErrNotFound
	}
	return d.Rooms.Role(ctx, who.Desk, id)
}

// room is the caller's own channel, one that was named in an option, or one that
// Discord is asked about. It is a mistake where that is gone.
func (d Desk) room(ctx context.Context, who Caller, id digests.ChannelID) (Channel, error) {
	w, c := d.Book.In(who.Locales...), who.channel(string(id))
	if c.Known || d.Rooms == nil {
		return c, nil
	}
	asked, err := d.Rooms.Room(ctx, who.Desk, id)
	switch {
	case errors.Is(err, briefings.ErrNotFound):
		return c, briefings.Tell(briefings.ErrInvalid, w.Say("digest.channel_gone"))
	case err != nil:
		return c, briefings.Tell(err, w.Say("digest.discord_away"))
	}
	asked.Name, asked.Closed = cmp.Or(asked.Name, c.Name), c.Closed
	return asked, nil
}

// channel is the caller's own, or one that was named in an option.
func (c Caller) channel(id string) Channel {
	if named, ok := c.Channels[id]; ok {
		return named
	}
	if id == c.Channel.ID {
		return c.Channel
	}
	return Channel{ID: id}
}
