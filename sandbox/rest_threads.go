package sandbox

import (
	"net/http"
	"slices"
	"time"
)

func threadRoutes() []*route {
	const members = "/channels/{channel.id}/thread-members"
	return []*route{
		{method: "POST", path: "/channels/{channel.id}/messages/{message.id}/threads", serve: locked(threadFromMessage)},
		{method: "POST", path: "/channels/{channel.id}/threads", serve: locked(threadAlone)},
		{method: "GET", path: "/channels/{channel.id}/threads/archived/public", serve: locked(archivedThreads)},
		{method: "GET", path: "/guilds/{guild.id}/threads/active", serve: locked(activeThreads)},
		{method: "GET", path: members, serve: locked(threadMembers)},
		{method: "PUT", path: members + "/@me", serve: locked(joinThread)},
		{method: "DELETE", path: members + "/@me", serve: locked(leaveThread)},
	}
}

// locked holds the lock while serve runs.
func locked(serve func(*call) (reply, error)) func(*call) (reply, error) {
	return func(c *call) (reply, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		return serve(c)
	}
}

// maxActiveThreads is Discord's bound for a server.
const maxActiveThreads = 1000

func threadFields(more ...field) []field {
	return append(more,
		field{name: "name", kind: textValue, min: 1, max: 100, need: true},
		field{name: "auto_archive_duration", kind: wholeValue, each: judgeArchiving},
		field{name: "rate_limit_per_user", kind: wholeValue, max: maxSlow})
}

// maxSlow is the longest pause that slow mode sets, in seconds.
const maxSlow = 21600

func judgeArchiving(at *spot, v any) {
	if !slices.Contains([]int{60, 1440, 4320, 10080}, intOf(v)) {
		at.fail("BASE_TYPE_CHOICES", "Value must be one of (60, 1440, 4320, 10080).")
	}
}

// threadFromMessage starts a thread that has its message's id.
func threadFromMessage(c *call) (reply, error) {
	root := &spot{}
	body := judge(root, c.object(), threadFields())
	parent, err := c.channel(createPublicThreads | readHistory)
	if err != nil {
		return reply{}, err
	}
	if parent.Thread != nil || parent.Guild == "" {
		return reply{}, refuse(50024)
	}
	m, err := c.message(parent)
	if err != nil {
		return reply{}, err
	}
	if err := root.err(); err != nil {
		return reply{}, err
	}
	if c.state.channels[m.ID] != nil {
		return reply{}, refuse(160004)
	}
	started := *m
	started.Flags |= flagHasThread
	t := c.freshThread(parent, m.ID, publicThread(parent), body)
	return c.startThread(t, change{Message: &started})
}

// publicThread is the type of a thread that everyone sees in such a channel.
func publicThread(parent *channel) int {
	if parent.Type == channelAnnouncement {
		return threadAnnouncement
	}
	return threadPublic
}

func threadAlone(c *call) (reply, error) {
	root := &spot{}
	body := judge(root, c.object(), threadFields(field{name: "type", kind: wholeValue}, field{name: "invitable", kind: truthValue}))
	parent, err := c.channel(0)
	if err != nil {
		return reply{}, err
	}
	if parent.Thread != nil || parent.Guild == "" {
		return reply{}, refuse(50024)
	}
	typ := threadPrivate // Discord's usual type, which it regrets
	if body["type"] != nil {
		typ = intOf(body["type"])
	}
	need := createPublicThreads
	switch {
	case typ == threadPrivate && parent.Type == channelText:
		need = createPrivateThreads
	case typ != publicThread(parent):
		root.at("type").fail("BASE_TYPE_CHOICES", "A channel of type %d has no threads of type %d.", parent.Type, typ)
	}
	if err := root.err(); err != nil {
		return reply{}, err
	}
	if err := c.require(parent, need); err != nil {
		return reply{}, err
	}
	return c.startThread(c.freshThread(parent, c.ids.next(), typ, body))
}

// usualArchiving is after how many minutes of silence a thread is archived.
const usualArchiving = 1440

func (c *call) freshThread(parent *channel, id string, typ int, body map[string]any) *channel {
	now := c.clock.now()
	t := &channel{
		ID: id, Guild: parent.Guild, Name: textOf(body["name"]), Type: typ, Parent: parent.ID, Slow: intOf(body["rate_limit_per_user"]),
		Thread: &thread{Owner: c.state.install.ID, Minutes: usualArchiving, Changed: now, Made: now, Members: []string{c.state.install.ID}},
	}
	if n := intOf(body["auto_archive_duration"]); n != 0 {
		t.Thread.Minutes = n
	}
	t.Thread.Closed = body["invitable"] == false
	return t
}

func (c *call) startThread(t *channel, with ...change) (reply, error) {
	c.catchUp()
	if len(c.state.threads(t.Guild, false)) >= maxActiveThreads {
		return reply{}, refuse(160006)
	}
	if err := c.commit(append([]change{{Channel: t}}, with...)...); err != nil {
		return reply{}, err
	}
	return reply{http.StatusCreated, c.state.channelObject(t)}, nil
}

// threads lists those of a server, oldest first.
func (st *state) threads(guild string, archived bool) []*channel {
	var list []*channel
	for _, c := range st.inside[guild] {
		if c.Thread != nil && c.Thread.Archived == archived {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b *channel) int { return byAge(a.ID, b.ID) })
	return list
}

// catchUp does what time alone has brought about: it archives the threads that nobody has
// written in for as long as they wait, and starts and ends events. The lock is held.
func (s *Sandbox) catchUp() {
	now := s.clock.now()
	var due []change
	for _, c := range s.state.channels {
		if c.Thread != nil && !c.Thread.Archived && s.state.idle(c, now) {
			due = append(due, change{Channel: c.archived(true, now)})
		}
	}
	for _, e := range s.state.events {
		if next := e.at(now); next.Status != e.Status {
			due = append(due, change{Event: &next})
		}
	}
	if len(due) == 0 {
		return
	}
	if err := s.commit(due...); err != nil {
		s.log.Error("threads and events could not be brought up to date", "err", err)
	}
}

func (st *state) idle(c *channel, now time.Time) bool {
	last := c.Thread.Changed
	if list := st.messages[c.ID]; len(list) > 0 && list[len(list)-1].At.After(last) {
		last = list[len(list)-1].At
	}
	return now.Sub(last) >= time.Duration(c.Thread.Minutes)*time.Minute
}

// archived is a copy of a thread put away or taken out again.
func (c *channel) archived(away bool, now time.Time) *channel {
	next, inner := *c, *c.Thread
	inner.Archived, inner.Changed = away, now
	next.Thread = &inner
	return &next
}

func activeThreads(c *call) (reply, error) {
	g, err := c.guild()
	if err != nil {
		return reply{}, err
	}
	c.catchUp()
	return ok(c.listThreads(c.state.threads(g.ID, false))), nil
}

func archivedThreads(c *call) (reply, error) {
	parent, err := c.channel(readHistory)
	if err != nil {
		return reply{}, err
	}
	c.catchUp()
	var list []*channel
	for _, t := range slices.Backward(c.state.threads(parent.Guild, true)) {
		if t.Parent == parent.ID && t.Type != threadPrivate {
			list = append(list, t)
		}
	}
	out := c.listThreads(list)
	out["has_more"] = false
	return ok(out), nil
}

// listThreads leaves out what the bot can't see.
func (c *call) listThreads(list []*channel) map[string]any {
	threads, members := []any{}, []any{}
	for _, t := range list {
		if !c.state.may(c.state.install.ID, t, time.Now()).has(viewChannel) {
			continue
		}
		threads = append(threads, c.state.channelObject(t))
		if slices.Contains(t.Thread.Members, c.state.install.ID) {
			members = append(members, threadMember(t, c.state.install.ID))
		}
	}
	return map[string]any{"threads": threads, "members": members}
}

func threadMember(t *channel, user string) map[string]any {
	return map[string]any{"id": t.ID, "user_id": user, "join_timestamp": timeText(t.Thread.Made), "flags": 1}
}

// thread is the channel of the path, which has to be one.
func (c *call) thread() (*channel, error) {
	ch, err := c.channel(0)
	if err == nil && ch.Thread == nil {
		err = refuse(50024)
	}
	return ch, err
}

func threadMembers(c *call) (reply, error) {
	t, err := c.thread()
	if err != nil {
		return reply{}, err
	}
	list := []any{}
	for _, user := range t.Thread.Members {
		list = append(list, threadMember(t, user))
	}
	return ok(list), nil
}

func joinThread(c *call) (reply, error)  { return c.attend(true) }
func leaveThread(c *call) (reply, error) { return c.attend(false) }

// attend puts the bot on a thread's list of members, or takes it off.
func (c *call) attend(in bool) (reply, error) {
	t, err := c.thread()
	if err != nil {
		return reply{}, err
	}
	if t.Thread.Archived {
		return reply{}, refuse(50083)
	}
	self := c.state.install.ID
	if slices.Contains(t.Thread.Members, self) == in {
		return empty(), nil
	}
	next, inner := *t, *t.Thread
	inner.Members = slices.DeleteFunc(slices.Clone(inner.Members), func(id string) bool { return id == self })
	if in {
		inner.Members = append(inner.Members, self)
	}
	next.Thread = &inner
	return empty(), c.commit(change{Channel: &next})
}

// mayWrite says whether a thread takes messages from who may do this much in it.
func (c *channel) mayWrite(may permissions) error {
	if c.Thread != nil && c.Thread.Locked && !may.has(manageThreads) {
		return refuse(160005)
	}
	return nil
}
