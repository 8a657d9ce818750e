package sandbox

import (
	"maps"
	"net/http"
	"time"
)

// answerCallback takes the first answer to an interaction: in time, once, and of a kind that fits.
func answerCallback(c *call) (reply, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := c.pending.byID[c.id("interaction")]
	if i == nil || i.token != c.id("token") {
		return reply{}, refuse(10062)
	}
	if err := c.firstAnswer(i); err != nil {
		return reply{}, err
	}
	if c.r.URL.Query().Get("with_response") == "true" {
		return ok(c.callbackObject(i)), nil
	}
	return empty(), nil
}

// answerFirst takes the answer that came with the reply of an endpoint.
func (c *call) answerFirst(i *interaction) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.firstAnswer(i)
}

// firstAnswer takes the call's body as the answer. The lock is held.
func (c *call) firstAnswer(i *interaction) error {
	if i.answered != 0 {
		return refuse(40060)
	}
	if time.Since(i.made) > answerWithin {
		return refuse(10062)
	}
	if err := c.takeAnswer(i); err != nil {
		i.reason, i.refusedAt = err.Error(), time.Now()
		i.touch()
		return err
	}
	c.pending.shut(i)
	i.acked = time.Now()
	if !i.loading {
		i.done = i.acked
	}
	i.touch()
	return nil
}

func (c *call) takeAnswer(i *interaction) error {
	root := &spot{}
	body := judge(root, c.object(), []field{{name: "type", kind: wholeValue, need: true}, {name: "data"}})
	kind := intOf(body["type"])
	if body["type"] != nil && !i.callbackFits(kind) {
		root.at("type").fail("INTERACTION_CALLBACK_TYPE_INVALID", "Callback type %d can't answer an interaction of type %d.", kind, i.kind)
	}
	if err := root.err(); err != nil {
		return err
	}
	data := objectOf(body["data"])
	if data == nil && kind != answerDeferred && kind != answerDeferredUpdate {
		root.at("data").fail("BASE_TYPE_REQUIRED", "This field is required")
		return root.err()
	}
	if err := c.carryOut(i, kind, data, root); err != nil {
		return err
	}
	i.answered = kind
	return nil
}

func (c *call) carryOut(i *interaction, kind int, data map[string]any, root *spot) error {
	at := root.at("data")
	switch kind {
	case answerMessage:
		return c.answerNew(i, data, at)
	case answerDeferred:
		return c.answerLater(i, data, at)
	case answerDeferredUpdate:
		i.original, i.loading = i.source, true
	case answerUpdate:
		return c.answerUpdate(i, data, at)
	case answerChoices:
		judgeChoices(at, data, i.focused)
		i.choices = listOf(data["choices"])
		return root.err()
	case answerModal:
		judgeModal(at, data)
		if err := root.err(); err != nil {
			return err
		}
		i.modal = data
		c.pending.modals[modalKey(i.user, textOf(data["custom_id"]))] = openModal{i, data}
	}
	return nil
}

const answerFlags = flagSuppressEmbeds | flagEphemeral | flagV2 | flagVoice | flagSilent

func answerFields() []field {
	return []field{
		{name: "tts", kind: truthValue},
		{name: "enforce_nonce", kind: blankValue},
		{name: "choices", kind: blankValue},
		{name: "custom_id", kind: blankValue},
		{name: "title", kind: blankValue},
	}
}

func (c *call) answerNew(i *interaction, data map[string]any, at *spot) error {
	d := &draft{at: at, body: data, files: c.files, flags: answerFlags, fields: answerFields()}
	m, err := c.answerWith(i, d)
	if err != nil {
		return err
	}
	i.original, i.lastMessage = m.ID, m.ID
	return nil
}

// answerWith judges and commits a message that answers an interaction.
func (c *call) answerWith(i *interaction, d *draft) (*message, error) {
	judgeMessage(d)
	if err := d.at.root().err(); err != nil {
		return nil, err
	}
	if d.empty() {
		return nil, refuse(50006)
	}
	m := c.blankAnswer(i, intOf(d.body["flags"]))
	return m, c.commitMessage(m, d, false)
}

func (c *call) blankAnswer(i *interaction, flags int) *message {
	if i.hushed {
		flags |= flagEphemeral
	}
	m := &message{
		ID: c.ids.next(), Channel: i.channel, Guild: i.guild, Author: c.state.install.ID,
		At: c.clock.now(), Flags: flags, Mark: i.mark(),
	}
	if i.kind == interactionCommand {
		m.Type = 20
	}
	if flags&flagEphemeral != 0 {
		m.Visible = i.user
	}
	return m
}

// answerLater commits the message that says the bot is thinking.
func (c *call) answerLater(i *interaction, data map[string]any, at *spot) error {
	judge(at, orObject(data), append(append(messageFields(), answerFields()...), field{name: "thinking"}))
	if flags := intOf(data["flags"]); flags&^flagEphemeral != 0 {
		at.at("flags").fail("MESSAGE_FLAGS_INVALID", "A deferred answer can only be made ephemeral.")
	}
	if err := at.root().err(); err != nil {
		return err
	}
	m := c.blankAnswer(i, intOf(data["flags"])|flagLoading)
	if err := c.commit(change{Message: m}); err != nil {
		return err
	}
	i.original, i.lastMessage, i.loading = m.ID, m.ID, true
	return nil
}

func orObject(obj map[string]any) map[string]any {
	if obj == nil {
		return map[string]any{}
	}
	return obj
}

func (c *call) answerUpdate(i *interaction, data map[string]any, at *spot) error {
	m := c.state.message(i.channel, i.source)
	if m == nil {
		return refuse(10008)
	}
	body := maps.Clone(data)
	for _, key := range []string{"choices", "custom_id", "title"} {
		if blank(body[key]) {
			delete(body, key)
		}
	}
	// Clients that know one shape for all answers send null for what they leave unchanged.
	for key, v := range body {
		if v == nil {
			delete(body, key)
		}
	}
	if _, err := c.revise(m, body, at, true); err != nil {
		return err
	}
	i.original, i.lastMessage = m.ID, m.ID
	return nil
}

func (c *call) callbackObject(i *interaction) map[string]any {
	about := map[string]any{"id": i.id, "type": i.kind, "channel_id": i.channel}
	if i.guild != "" {
		about["guild_id"] = i.guild
	}
	obj := map[string]any{"interaction": about}
	m := c.state.message(i.channel, i.original)
	if m != nil {
		about["response_message_id"] = m.ID
		about["response_message_loading"] = i.loading
		about["response_message_ephemeral"] = m.Visible != ""
	}
	if m != nil && i.answered != answerDeferredUpdate {
		obj["resource"] = map[string]any{"type": i.answered, "message": c.state.messageObject(m, c.base())}
	}
	return obj
}

func callbackRoute() *route {
	return &route{
		method: http.MethodPost, path: "/interactions/{interaction.id}/{interaction.token}/callback",
		open: true, serve: answerCallback,
	}
}
