package sandbox

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

func messageRoutes() []*route {
	return []*route{
		{method: "POST", path: "/channels/{channel.id}/messages", messages: true, serve: createMessage},
		{method: "GET", path: "/channels/{channel.id}/messages", serve: listMessages},
		{method: "GET", path: "/channels/{channel.id}/messages/{message.id}", serve: getMessage},
		{method: "PATCH", path: "/channels/{channel.id}/messages/{message.id}", serve: patchMessage},
		{method: "DELETE", path: "/channels/{channel.id}/messages/{message.id}", serve: deleteMessage},
	}
}

// nonceWindow is how long a nonce is remembered; Discord says a few minutes.
const nonceWindow = 3 * time.Minute

const messageFlags = flagSuppressEmbeds | flagSilent | flagVoice | flagV2

func createMessage(c *call) (reply, error) {
	d := &draft{at: &spot{}, body: c.object(), files: c.files, flags: messageFlags, fields: []field{
		{name: "tts", kind: truthValue},
		{name: "nonce", each: judgeNonce},
		{name: "enforce_nonce", kind: truthValue},
		{name: "message_reference", kind: objectValue, each: judgeReferenceShape},
		{name: "sticker_ids", kind: listValue, max: 3, each: judgeID},
		{name: "shared_client_theme", kind: blankValue},
	}}
	judgeMessage(d)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.catchUp()
	ch, err := c.channel(0)
	if err == nil {
		err = c.require(ch, sendingIn(ch))
	}
	if err == nil {
		err = ch.mayWrite(c.state.may(c.state.install.ID, ch, time.Now()))
	}
	if err != nil {
		return reply{}, err
	}
	if err := d.at.err(); err != nil {
		return reply{}, err
	}
	if d.empty() {
		return reply{}, refuse(50006)
	}
	if err := c.requireContent(ch, d); err != nil {
		return reply{}, err
	}
	return c.post(ch, d)
}

// requireContent checks the permissions that a message needs for what it holds.
func (c *call) requireContent(ch *channel, d *draft) error {
	if len(d.files) > 0 {
		return c.require(ch, attachFiles)
	}
	return nil
}

func judgeReferenceShape(at *spot, v any) {
	judge(at, v, []field{
		{name: "type", kind: wholeValue},
		{name: "message_id", kind: idValue, need: true},
		{name: "channel_id", kind: idValue},
		{name: "guild_id", kind: idValue},
		{name: "fail_if_not_exists", kind: truthValue},
	})
}

// post commits a new message of the bot, unless an enforced nonce says that it was posted
// before. The lock is held.
func (c *call) post(ch *channel, d *draft) (reply, error) {
	m := &message{Channel: ch.ID, Guild: ch.Guild, Author: c.state.install.ID, At: c.clock.now(), Nonce: d.body["nonce"]}
	m.Enforced = truthOf(d.body["enforce_nonce"]) && m.Nonce != nil
	if m.Enforced {
		if before, known := c.nonces.find(m.Author, m.Nonce); known {
			return c.repeated(before)
		}
	}
	if ref := objectOf(d.body["message_reference"]); ref != nil {
		m.Reference, _ = idOf(ref["message_id"])
		m.Type = 19
		if c.state.message(ch.ID, m.Reference) == nil && ref["fail_if_not_exists"] != false {
			d.at.at("message_reference").fail("MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
			return reply{}, d.at.err()
		}
	}
	m.ID = c.ids.next()
	if err := c.commitMessage(m, d, true); err != nil {
		return reply{}, err
	}
	return ok(c.state.messageObject(m, c.base())), nil
}

// commitMessage composes and commits; what was kept for a message that then couldn't be
// committed is removed.
func (s *Sandbox) commitMessage(m *message, d *draft, parseAll bool) error {
	drop, err := s.compose(m, d, parseAll)
	if err == nil {
		err = s.commit(append(s.opening(m), change{Message: m})...)
	}
	if err != nil {
		return errors.Join(err, drop())
	}
	return nil
}

// opening takes an archived thread out again when a new message is written in it.
func (s *Sandbox) opening(m *message) []change {
	ch := s.state.channels[m.Channel]
	if ch == nil || ch.Thread == nil || !ch.Thread.Archived || s.state.message(m.Channel, m.ID) != nil {
		return nil
	}
	return []change{{Channel: ch.archived(false, s.clock.now())}}
}

func (c *call) repeated(before place) (reply, error) {
	m := c.state.message(before.channel, before.message)
	if m == nil {
		return reply{}, refuse(10008)
	}
	return ok(c.state.messageObject(m, c.base())), nil
}

type place struct{ channel, message string }

// nonces remembers enforced nonces by author for a while of real time.
type nonces struct {
	seen  map[string]nonceUse
	swept time.Time
}

type nonceUse struct {
	place
	at time.Time
}

func nonceKey(author string, nonce any) string { return author + " " + fmt.Sprint(nonce) }

func (n *nonces) find(author string, nonce any) (place, bool) {
	use, known := n.seen[nonceKey(author, nonce)]
	return use.place, known && time.Since(use.at) < nonceWindow
}

func (n *nonces) note(m *message) {
	id, _ := snowflake(m.ID)
	at := time.UnixMilli(int64(id>>22) + discordEpoch)
	if !m.Enforced || time.Since(at) >= nonceWindow {
		return
	}
	if time.Since(n.swept) > sweepEvery {
		n.swept = time.Now()
		maps.DeleteFunc(n.seen, func(_ string, use nonceUse) bool { return time.Since(use.at) >= nonceWindow })
	}
	n.seen[nonceKey(m.Author, m.Nonce)] = nonceUse{place{m.Channel, m.ID}, at}
}

func listMessages(c *call) (reply, error) {
	query := c.r.URL.Query()
	limit := 50
	if text := query.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 100 {
			root := &spot{}
			root.at("limit").fail("NUMBER_TYPE_MAX", "int value should be between 1 and 100.")
			return reply{}, root.err()
		}
		limit = n
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	ch, err := c.channel(viewChannel)
	if err != nil {
		return reply{}, err
	}
	if !c.state.may(c.state.install.ID, ch, time.Now()).has(readHistory) {
		return ok([]any{}), nil // Discord lists nothing then, and refuses nothing
	}
	public := slices.DeleteFunc(slices.Clone(c.state.messages[ch.ID]), func(m *message) bool { return m.Visible != "" })
	list := []any{}
	for _, m := range slices.Backward(paged(public, query.Get("before"), query.Get("after"), query.Get("around"), limit)) {
		list = append(list, c.state.messageObject(m, c.base()))
	}
	return ok(list), nil
}

// paged cuts the window that before, after or around ask for out of messages, oldest first.
func paged(list []*message, before, after, around string, limit int) []*message {
	switch {
	case around != "":
		i, _ := searchMessage(list, around)
		from := max(0, i-limit/2)
		return list[from:min(len(list), from+limit)]
	case after != "":
		i, found := searchMessage(list, after)
		if found {
			i++
		}
		return list[i:min(len(list), i+limit)]
	case before != "":
		i, _ := searchMessage(list, before)
		list = list[:i]
	}
	return list[max(0, len(list)-limit):]
}

// message finds the message of the path, ephemeral ones excepted. The lock is held.
func (c *call) message(ch *channel) (*message, error) {
	m := c.state.message(ch.ID, c.id("message"))
	if m == nil || m.Visible != "" {
		return nil, refuse(10008)
	}
	return m, nil
}

func getMessage(c *call) (reply, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	ch, err := c.channel(readHistory)
	if err != nil {
		return reply{}, err
	}
	m, err := c.message(ch)
	if err != nil {
		return reply{}, err
	}
	return ok(c.state.messageObject(m, c.base())), nil
}

func patchMessage(c *call) (reply, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	ch, err := c.channel(0)
	if err != nil {
		return reply{}, err
	}
	m, err := c.message(ch)
	if err != nil {
		return reply{}, err
	}
	if m.Author != c.state.install.ID {
		return reply{}, refuse(50005)
	}
	if ch.Thread != nil && ch.Thread.Archived {
		return reply{}, refuse(50083)
	}
	if err := c.limitEdit(m); err != nil {
		return reply{}, err
	}
	m, err = c.revise(m, c.object(), &spot{}, false)
	if err != nil {
		return reply{}, err
	}
	return ok(c.state.messageObject(m, c.base())), nil
}

// revise judges and commits an edit. Keys that a well-known client leaks into its edits
// are let pass. The lock is held.
func (c *call) revise(m *message, body map[string]any, at *spot, webhook bool) (*message, error) {
	d := &draft{at: at, body: body, files: c.files, before: m, flags: flagSuppressEmbeds | flagV2, fields: []field{
		{name: "ID"},
		{name: "Channel"},
		{name: "sticker_ids", kind: listValue},
		{name: "tts", kind: blankValue},
		{name: "enforce_nonce", kind: blankValue},
	}}
	if webhook {
		d.flags |= flagEphemeral
	}
	judgeMessage(d)
	if err := at.root().err(); err != nil {
		return nil, err
	}
	next := *m
	next.Edited, next.Flags = c.clock.now(), m.Flags&^flagLoading
	if m.Flags&flagEphemeral == 0 {
		d.body = withoutFlag(d.body, flagEphemeral)
	}
	preview := next
	mergeContent(&preview, d)
	if preview.Content == "" && len(preview.Embeds) == 0 && len(preview.Components) == 0 && len(preview.Attachments)+len(c.files) == 0 {
		return nil, refuse(50006)
	}
	if err := c.commitMessage(&next, d, !webhook); err != nil {
		return nil, err
	}
	c.removeFiles(m, next.Attachments)
	return &next, nil
}

// mergeContent shows what an edit would leave, to tell an empty message beforehand.
func mergeContent(m *message, d *draft) {
	if v, there := d.body["content"]; there {
		m.Content = strings.TrimSpace(textOf(v))
	}
	if v, there := d.body["embeds"]; there {
		m.Embeds = listOf(v)
	}
	if v, there := d.body["components"]; there {
		m.Components = listOf(v)
	}
	if v, there := d.body["attachments"]; there {
		m.Attachments = m.Attachments[:min(len(m.Attachments), len(listOf(v)))]
	}
}

func withoutFlag(body map[string]any, flag int) map[string]any {
	if intOf(body["flags"])&flag == 0 {
		return body
	}
	out := map[string]any{}
	for key, v := range body {
		out[key] = v
	}
	out["flags"] = intOf(body["flags"]) &^ flag
	return out
}

func deleteMessage(c *call) (reply, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	ch, err := c.channel(0)
	if err != nil {
		return reply{}, err
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
	return reply{http.StatusNoContent, nil}, c.discard(m)
}

// discard deletes a message and its files.
func (s *Sandbox) discard(m *message) error {
	if err := s.commit(change{Gone: &gone{Guild: m.Guild, Channel: m.Channel, Message: m.ID}}); err != nil {
		return err
	}
	s.removeFiles(m, nil)
	return nil
}

// removeFiles removes a message's uploads, those excepted that it still has.
func (s *Sandbox) removeFiles(m *message, kept []attachment) {
	for _, a := range m.Attachments {
		if slices.ContainsFunc(kept, func(k attachment) bool { return k.ID == a.ID }) {
			continue
		}
		if err := s.blobs.remove(blobKey(m.Channel, a.ID, a.Filename)); err != nil {
			s.log.Error("an upload that nothing shows any more could not be removed", "message", m.ID, "err", err)
		}
	}
}
