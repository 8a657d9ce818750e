package sandbox

import (
	"net/http"
	"strings"
	"time"
)

func channelRoutes() []*route {
	return []*route{
		{method: "GET", path: "/channels/{channel.id}", serve: locked(getChannel)},
		{method: "PATCH", path: "/channels/{channel.id}", serve: locked(patchChannel)},
		{method: "DELETE", path: "/channels/{channel.id}", serve: locked(deleteChannel)},
		{method: "POST", path: "/channels/{channel.id}/typing", serve: locked(postTyping)},
	}
}

// channel finds the channel of the path and what the bot may do there. The lock is held.
func (c *call) channel(need permissions) (*channel, error) {
	ch := c.state.channels[c.id("channel")]
	if ch == nil {
		return nil, refuse(10003)
	}
	return ch, c.require(ch, need)
}

// require is nil if the bot may do all of need in a channel.
func (c *call) require(ch *channel, need permissions) error {
	if ch.Guild != "" && c.state.joined(ch.Guild) == nil {
		return refuse(50001)
	}
	may := c.state.may(c.state.install.ID, ch, time.Now())
	if !may.has(viewChannel) {
		return refuse(50001)
	}
	if !may.has(need) {
		return refuse(50013)
	}
	return nil
}

func getChannel(c *call) (reply, error) {
	c.catchUp()
	ch, err := c.channel(0)
	if err != nil {
		return reply{}, err
	}
	return ok(c.state.channelObject(ch)), nil
}

// patchChannel changes a thread, or the name and kind of another channel.
func patchChannel(c *call) (reply, error) {
	c.catchUp()
	ch, err := c.channel(0)
	if err != nil {
		return reply{}, err
	}
	next := *ch
	switch {
	case ch.Guild == "":
		return reply{}, refuse(50024)
	case ch.Thread != nil:
		err = c.patchThread(&next)
	default:
		err = c.patchPlain(&next)
	}
	if err != nil {
		return reply{}, err
	}
	if err := c.commit(change{Channel: &next}); err != nil {
		return reply{}, err
	}
	return ok(c.state.channelObject(&next)), nil
}

func nameField() field { return field{name: "name", kind: textValue, min: 1, max: 100} }

func (c *call) patchPlain(next *channel) error {
	root := &spot{}
	body := judge(root, c.object(), []field{
		nameField(),
		{name: "rate_limit_per_user", kind: wholeValue, max: maxSlow},
		{name: "type", kind: wholeValue, each: func(at *spot, v any) {
			if n := intOf(v); n != channelText && n != channelAnnouncement {
				at.fail("BASE_TYPE_CHOICES", "Value must be one of (0, 5).")
			}
		}},
		{name: "position", kind: wholeValue},
		unheld("topic"), unheld("nsfw"), unheld("parent_id"), unheld("permission_overwrites"), unheld("flags"),
		unheld("default_auto_archive_duration"), unheld("default_thread_rate_limit_per_user"),
	})
	if err := c.require(next, manageChannels); err != nil {
		return err
	}
	if err := root.err(); err != nil {
		return err
	}
	if name := strings.TrimSpace(textOf(body["name"])); name != "" && name != next.Name {
		if err := c.buckets.sub("rename "+next.ID, sublimit{2, 10 * time.Minute, "user", 0}, c.clock.now()); err != nil {
			return err
		}
		next.Name = name
	}
	if body["type"] != nil {
		next.Type = intOf(body["type"])
	}
	if body["position"] != nil {
		next.Position = intOf(body["position"])
	}
	if body["rate_limit_per_user"] != nil {
		next.Slow = intOf(body["rate_limit_per_user"])
	}
	return nil
}

// patchThread lets the thread's starter put it away and take it out again; for all else,
// and in a thread that is locked, one has to manage threads.
func (c *call) patchThread(next *channel) error {
	root := &spot{}
	body := judge(root, c.object(), []field{
		nameField(),
		{name: "archived", kind: truthValue},
		{name: "locked", kind: truthValue},
		{name: "invitable", kind: truthValue},
		{name: "auto_archive_duration", kind: wholeValue, each: judgeArchiving},
		{name: "rate_limit_per_user", kind: wholeValue, max: maxSlow},
		unheld("flags"), unheld("applied_tags"),
	})
	if err := root.err(); err != nil {
		return err
	}
	inner := *next.Thread
	manages := c.require(next, manageThreads) == nil
	_, locks := body["locked"]
	_, slows := body["rate_limit_per_user"]
	switch {
	case manages:
	case locks, slows, inner.Locked, inner.Owner != c.state.install.ID && !onlyOpens(body):
		return refuse(50013)
	}
	if err := c.require(next, sendingIn(next)); err != nil {
		return err
	}
	if inner.Archived && body["archived"] != false {
		return refuse(50083)
	}
	fillThread(next, &inner, body, c.clock.now())
	next.Thread = &inner
	return nil
}

// onlyOpens is what everyone who may write in a thread may do with it.
func onlyOpens(body map[string]any) bool { return len(body) == 1 && body["archived"] == false }

func fillThread(next *channel, inner *thread, body map[string]any, now time.Time) {
	if name := strings.TrimSpace(textOf(body["name"])); name != "" {
		next.Name = name
	}
	if v, there := body["rate_limit_per_user"]; there {
		next.Slow = intOf(v)
	}
	if n := intOf(body["auto_archive_duration"]); n != 0 {
		inner.Minutes, inner.Changed = n, now
	}
	if v, is := body["archived"].(bool); is && v != inner.Archived {
		inner.Archived, inner.Changed = v, now
	}
	if v, is := body["locked"].(bool); is {
		inner.Locked = v
	}
	if v, is := body["invitable"].(bool); is {
		inner.Closed = !v
	}
}

func deleteChannel(c *call) (reply, error) {
	ch, err := c.channel(0)
	if err != nil {
		return reply{}, err
	}
	need := manageChannels
	switch {
	case ch.Guild == "":
		return reply{}, refuse(50003)
	case ch.Thread != nil:
		need = manageThreads
	}
	if err := c.require(ch, need); err != nil {
		return reply{}, err
	}
	obj := c.state.channelObject(ch)
	if err := c.commit(change{Gone: &gone{Guild: ch.Guild, Channel: ch.ID}}); err != nil {
		return reply{}, err
	}
	return ok(obj), nil
}

func postTyping(c *call) (reply, error) {
	ch, err := c.channel(0)
	if err != nil {
		return reply{}, err
	}
	return reply{http.StatusNoContent, nil}, c.require(ch, sendingIn(ch))
}
