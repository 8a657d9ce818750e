package sandbox

import (
	"strings"
	"unicode/utf8"
)

// The message flags that the sandbox reads or sets.
const (
	flagCrossposted    = 1 << 0
	flagSuppressEmbeds = 1 << 2
	flagHasThread      = 1 << 5
	flagEphemeral      = 1 << 6
	flagLoading        = 1 << 7
	flagSilent         = 1 << 12
	flagVoice          = 1 << 13
	flagV2             = 1 << 15
)

// draft is what judging a message's body needs to know beside the body.
type draft struct {
	at   *spot
	body map[string]any
	// fields are the keys that this kind of request has beyond those of every message.
	fields []field
	// flags are the bits that may be set here.
	flags int
	files []upload
	// before is the message that an edit changes.
	before *message
}

// judgeMessage checks a message to be, and says whether it's made of Components V2.
func judgeMessage(d *draft) (v2 bool) {
	judge(d.at, d.body, append(messageFields(), d.fields...))
	flags := intOf(d.body["flags"])
	if wrong := flags &^ d.flags; wrong != 0 {
		d.at.at("flags").fail("MESSAGE_FLAGS_INVALID", "Flags %d can't be set here.", wrong)
	}
	v2 = flags&flagV2 != 0 || d.before != nil && d.before.Flags&flagV2 != 0
	if v2 {
		d.judgeV2()
	}
	judgeMentions(d.at.at("allowed_mentions"), objectOf(d.body["allowed_mentions"]))
	judgeEmbedSum(d.at.at("embeds"), listOf(d.body["embeds"]))
	c := &components{v2: v2, names: d.names(), customIDs: map[string]bool{}, ids: map[int]bool{}}
	c.judgeTop(d.at.at("components"), listOf(d.body["components"]))
	judgeEmbedFiles(d.at.at("embeds"), listOf(d.body["embeds"]), d.names())
	d.judgeAttachments()
	if flags&flagVoice != 0 && (len(d.files) != 1 || !blank(d.body["content"]) || !blank(d.body["embeds"]) || !blank(d.body["components"])) {
		d.at.at("flags").fail("MESSAGE_FLAGS_INVALID", "A voice message is one file and nothing else.")
	}
	if d.body["poll"] != nil {
		d.at.at("poll").fail("SANDBOX_UNSUPPORTED", "The sandbox has no polls.")
	}
	return v2
}

func messageFields() []field {
	return []field{
		{name: "content", kind: textValue, max: 2000},
		{name: "embeds", kind: listValue, max: 10, each: judgeEmbed},
		{name: "components", kind: listValue},
		{name: "flags", kind: wholeValue},
		{name: "allowed_mentions", kind: objectValue, each: judgeMentionShape},
		{name: "attachments", kind: listValue, max: 10, each: judgeAttachment},
		{name: "poll"},
	}
}

func (d *draft) judgeV2() {
	for _, key := range []string{"content", "embeds", "poll", "sticker_ids"} {
		if !blank(d.body[key]) {
			d.at.at(key).fail("MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
				"The '%s' field cannot be used when using MessageFlags.IS_COMPONENTS_V2", key)
		}
	}
	if d.before == nil || d.before.Flags&flagV2 != 0 {
		return
	}
	for key, held := range map[string]bool{"content": d.before.Content != "", "embeds": len(d.before.Embeds) > 0} {
		if _, cleared := d.body[key]; held && !cleared {
			d.at.at(key).fail("MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
				"The '%s' field has to be cleared when a message becomes MessageFlags.IS_COMPONENTS_V2", key)
		}
	}
}

func judgeMentionShape(at *spot, v any) {
	judge(at, v, []field{
		{name: "parse", kind: listValue, unique: true, each: func(at *spot, v any) {
			switch v {
			case "users", "roles", "everyone":
			default:
				at.fail("BASE_TYPE_CHOICES", "Value must be one of {'users', 'roles', 'everyone'}.")
			}
		}},
		{name: "users", kind: listValue, max: 100, unique: true, each: judgeID},
		{name: "roles", kind: listValue, max: 100, unique: true, each: judgeID},
		{name: "replied_user", kind: truthValue},
	})
}

func judgeID(at *spot, v any) { field{kind: idValue}.judge(at, v) }

func judgeMentions(at *spot, v map[string]any) {
	for _, parsed := range listOf(v["parse"]) {
		key := textOf(parsed)
		if key != "everyone" && len(listOf(v[key])) > 0 {
			at.fail("MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", "parse:[%q] and %s: [ids...] are mutually exclusive.", key, key)
		}
	}
}

// attachmentFields are those a client sets, then those that it may send back as it got them.
func judgeAttachment(at *spot, v any) {
	judge(at, v, []field{
		{name: "id", kind: idValue, need: true},
		{name: "filename", kind: textValue, min: 1, max: 1024},
		{name: "description", kind: textValue, max: 1024},
		{name: "title", kind: textValue, max: 1024},
		{name: "is_spoiler", kind: truthValue},
		{name: "duration_secs", kind: numberValue},
		{name: "waveform", kind: textValue, max: 400},
		{name: "url"},
		{name: "proxy_url"},
		{name: "content_type"},
		{name: "width"},
		{name: "height"},
		{name: "size"},
		{name: "ephemeral"},
		{name: "flags"},
	})
}

// judgeAttachments matches the list with the files that came along and, in an edit, with
// the files that the message already has.
func (d *draft) judgeAttachments() {
	at := d.at.at("attachments")
	seen := map[string]bool{}
	for i, item := range listOf(d.body["attachments"]) {
		id, ok := idOf(objectOf(item)["id"])
		switch {
		case !ok:
		case seen[id]:
			at.index(i).fail("ATTACHMENT_ID_DUPLICATED", "The attachment id %s is used twice.", id)
		case !d.holds(id):
			at.index(i).at("id").fail("ATTACHMENT_NOT_FOUND", "No file files[%s] was sent and the message has no such attachment.", id)
		}
		seen[id] = true
	}
	for _, f := range d.files {
		if len(seen) > 0 && !seen[f.id] {
			at.fail("ATTACHMENT_NOT_FOUND", "files[%s] isn't in the list of attachments.", f.id)
		}
	}
}

func (d *draft) holds(id string) bool {
	for _, f := range d.files {
		if f.id == id {
			return true
		}
	}
	if d.before != nil {
		for _, a := range d.before.Attachments {
			if a.ID == id {
				return true
			}
		}
	}
	return false
}

// names are the files that attachment:// links of this message may name.
func (d *draft) names() map[string]bool {
	names := map[string]bool{}
	given := map[string]string{}
	for _, item := range listOf(d.body["attachments"]) {
		id, _ := idOf(objectOf(item)["id"])
		given[id] = textOf(objectOf(item)["filename"])
	}
	for _, f := range d.files {
		names[cleanFilename(f.filename)] = true
		if given[f.id] != "" {
			names[cleanFilename(given[f.id])] = true
		}
	}
	if d.before != nil {
		for _, a := range d.before.Attachments {
			names[a.Filename] = true
		}
	}
	return names
}

// cleanFilename is the name that Discord gives a file: other characters than these become
// underscores.
func cleanFilename(name string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
			return r
		}
		return '_'
	}, name)
	clean = strings.TrimLeft(clean, ".")
	if len(clean) > 200 {
		clean = clean[len(clean)-200:]
	}
	if clean == "" {
		return "file"
	}
	return clean
}

// empty says that a message would show nothing at all.
func (d *draft) empty() bool {
	return strings.TrimSpace(textOf(d.body["content"])) == "" &&
		len(listOf(d.body["embeds"])) == 0 && len(listOf(d.body["components"])) == 0 &&
		len(d.files) == 0 && len(listOf(d.body["sticker_ids"])) == 0
}

func judgeNonce(at *spot, v any) {
	switch v := v.(type) {
	case string:
		if utf8.RuneCountInString(v) > 25 {
			at.fail("BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
		}
	default:
		if n, ok := numberOf(v); !ok || n != float64(int64(n)) {
			at.fail("NONCE_TYPE_INVALID", "Must be a string or a whole number.")
		}
	}
}
