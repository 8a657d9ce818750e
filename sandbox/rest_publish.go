package sandbox

import (
	"net/http"
	"slices"
	"time"
)

func publishRoutes() []*route {
	return []*route{
		{method: "POST", path: "/channels/{channel.id}/messages/{message.id}/crosspost", serve: locked(crosspost)},
		{method: "POST", path: "/channels/{channel.id}/messages/bulk-delete", serve: locked(bulkDelete)},
	}
}

// Numbers that Discord doesn't document: those that people meet. They are counted by the
// sandbox's clock, like the age of messages.
const (
	publishesPerHour  = 10 // in one channel, by whomever
	oldEditsPerHour   = 3  // of messages older than an hour, in one channel
	publishedPerHour  = 3  // edits of one published message
	editedOldAfter    = time.Hour
	bulkDeletedWithin = 14 * 24 * time.Hour
)

func crosspost(c *call) (reply, error) {
	ch, err := c.channel(sendMessages)
	if err != nil {
		return reply{}, err
	}
	if ch.Type != channelAnnouncement {
		return reply{}, refuse(50024)
	}
	m, err := c.message(ch)
	if err != nil {
		return reply{}, err
	}
	if m.Author != c.state.install.ID {
		if err := c.require(ch, manageMessages); err != nil {
			return reply{}, err
		}
	}
	if m.Flags&flagCrossposted != 0 {
		return reply{}, refuse(40033)
	}
	now := c.clock.now()
	if err := c.buckets.sub("publish "+ch.ID, sublimit{publishesPerHour, time.Hour, "shared", 0}, now); err != nil {
		return reply{}, err
	}
	next := *m
	next.Flags |= flagCrossposted
	if err := c.commit(change{Message: &next}); err != nil {
		return reply{}, err
	}
	return ok(c.state.messageObject(&next, c.base())), nil
}

// limitEdit counts the edits that Discord allows few of.
func (c *call) limitEdit(m *message) error {
	now := c.clock.now()
	if m.Flags&flagCrossposted != 0 {
		if err := c.buckets.sub("published "+m.ID, sublimit{publishedPerHour, time.Hour, "shared", 20022}, now); err != nil {
			return err
		}
	}
	if now.Sub(m.At) <= editedOldAfter {
		return nil
	}
	return c.buckets.sub("old edits "+m.Channel, sublimit{oldEditsPerHour, time.Hour, "user", 30046}, now)
}

// bulkDelete passes over ids of messages that aren't there, as Discord does.
func bulkDelete(c *call) (reply, error) {
	root := &spot{}
	body := judge(root, c.object(), []field{
		{name: "messages", kind: listValue, min: 2, max: 100, need: true, unique: true, each: judgeID},
	})
	ch, err := c.channel(0)
	if err != nil {
		return reply{}, err
	}
	if ch.Guild == "" {
		return reply{}, refuse(50003)
	}
	if err := c.require(ch, manageMessages); err != nil {
		return reply{}, err
	}
	if err := root.err(); err != nil {
		return reply{}, err
	}
	var found []*message
	for _, v := range listOf(body["messages"]) {
		id, _ := idOf(v)
		m := c.state.message(ch.ID, id)
		if m == nil || m.Visible != "" {
			continue
		}
		if c.clock.now().Sub(m.At) > bulkDeletedWithin {
			return reply{}, refuse(50034)
		}
		found = append(found, m)
	}
	return reply{http.StatusNoContent, nil}, c.discardAll(ch, found)
}

// discardAll deletes messages of one channel in one step.
func (s *Sandbox) discardAll(ch *channel, list []*message) error {
	if len(list) == 0 {
		return nil
	}
	g := gone{Guild: ch.Guild, Channel: ch.ID}
	for _, m := range list {
		g.Bulk = append(g.Bulk, m.ID)
	}
	slices.SortFunc(g.Bulk, byAge)
	if err := s.commit(change{Gone: &g}); err != nil {
		return err
	}
	for _, m := range list {
		s.removeFiles(m, nil)
	}
	return nil
}
