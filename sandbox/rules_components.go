package sandbox

import (
	"strings"
	"unicode/utf8"
)

// Component types, by Discord's numbers.
const (
	typeRow           = 1
	typeButton        = 2
	typeStringSelect  = 3
	typeTextInput     = 4
	typeUserSelect    = 5
	typeRoleSelect    = 6
	typeMentionSelect = 7
	typeChannelSelect = 8
	typeSection       = 9
	typeText          = 10
	typeThumbnail     = 11
	typeGallery       = 12
	typeFile          = 13
	typeSeparator     = 14
	typeContainer     = 17
	typeLabel         = 18
	typeFileUpload    = 19
	typeRadioGroup    = 21
	typeCheckGroup    = 22
	typeCheckbox      = 23
)

const (
	maxComponents    = 40
	maxComponentText = 4000
	maxRows          = 5
	maxButtons       = 5
)

// components judges one message's or modal's components together: some rules count over
// all of them.
type components struct {
	v2        bool
	modal     bool
	names     map[string]bool
	customIDs map[string]bool
	ids       map[int]bool
	count     int
	text      int
}

func (c *components) judgeTop(at *spot, list []any) {
	allowed := []int{typeRow}
	if c.v2 {
		allowed = []int{typeRow, typeSection, typeText, typeGallery, typeFile, typeSeparator, typeContainer}
	} else if len(list) > maxRows {
		at.fail("BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
	}
	if c.v2 && len(list) == 0 {
		return
	}
	c.judgeEach(at, list, allowed)
	c.judgeTotals(at)
}

func (c *components) judgeTotals(at *spot) {
	if c.count > maxComponents {
		at.fail("COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "The total number of components must be 40 or fewer, nested ones included; these are %d.", c.count)
	}
	if c.text > maxComponentText {
		at.fail("COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "The text of all components together must be 4000 characters or fewer; this is %d.", c.text)
	}
}

func (c *components) judgeEach(at *spot, list []any, allowed []int) {
	for i, item := range list {
		c.judgeOne(at.index(i), item, allowed)
	}
}

func (c *components) judgeOne(at *spot, v any, allowed []int) {
	obj, ok := v.(map[string]any)
	if !ok {
		at.fail("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
		return
	}
	c.count++
	typ := intOf(obj["type"])
	if obj["type"] == nil {
		at.at("type").fail("BASE_TYPE_REQUIRED", "This field is required")
		return
	}
	if !allows(allowed, typ) {
		at.at("type").fail("UNION_TYPE_CHOICES", "Value of field \"type\" must be one of %s.", numbers(allowed))
		return
	}
	c.judgeNames(at, obj, typ)
	c.judgeType(at, obj, typ)
}

func allows(list []int, n int) bool {
	for _, v := range list {
		if v == n {
			return true
		}
	}
	return false
}

// judgeNames checks what has to be unique within the message.
func (c *components) judgeNames(at *spot, obj map[string]any, typ int) {
	if id := textOf(obj["custom_id"]); id != "" {
		if c.customIDs[id] {
			at.at("custom_id").fail("COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
		}
		c.customIDs[id] = true
	}
	if id := intOf(obj["id"]); id != 0 {
		if c.ids[id] {
			at.at("id").fail("COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")
		}
		c.ids[id] = true
	}
	if typ == typeText {
		c.text += utf8.RuneCountInString(textOf(obj["content"]))
	}
}

func common(fields ...field) []field {
	return append(fields, field{name: "type", kind: wholeValue, need: true}, field{name: "id", kind: wholeValue, max: 1<<31 - 1})
}

func (c *components) judgeType(at *spot, obj map[string]any, typ int) {
	switch typ {
	case typeRow:
		c.judgeRow(at, obj)
	case typeButton:
		judgeButton(at, obj)
	case typeStringSelect, typeUserSelect, typeRoleSelect, typeMentionSelect, typeChannelSelect:
		c.judgeSelect(at, obj, typ)
	case typeSection:
		c.judgeSection(at, obj)
	case typeText:
		judge(at, obj, common(field{name: "content", kind: textValue, min: 1, max: 4000, need: true}))
	case typeThumbnail:
		judge(at, obj, common(c.media("media"), spoiler(), altText()))
	case typeGallery:
		judge(at, obj, common(field{name: "items", kind: listValue, min: 1, max: 10, need: true, each: func(at *spot, v any) {
			judge(at, v, []field{c.media("media"), spoiler(), altText()})
		}}))
	case typeFile:
		judge(at, obj, common(c.fileMedia(), spoiler(), field{name: "name"}, field{name: "size"}))
	case typeSeparator:
		judge(at, obj, common(field{name: "divider", kind: truthValue}, field{name: "spacing", kind: wholeValue, min: 1, max: 2}))
	case typeContainer:
		judge(at, obj, common(spoiler(),
			field{name: "accent_color", kind: wholeValue, max: 0xFFFFFF},
			field{name: "components", kind: listValue, min: 1, need: true}))
		c.judgeEach(at.at("components"), listOf(obj["components"]),
			[]int{typeRow, typeSection, typeText, typeGallery, typeFile, typeSeparator})
	default:
		c.judgeInput(at, obj, typ)
	}
}

func spoiler() field { return field{name: "spoiler", kind: truthValue} }

func altText() field {
	return field{name: "description", kind: textValue, min: 1, max: 1024}
}

// media is a picture's address; what Discord adds to it in its answers may come back.
func (c *components) media(name string) field {
	return field{name: name, kind: objectValue, need: true, each: func(at *spot, v any) {
		obj := judge(at, v, []field{
			{name: "url", kind: linkValue, min: 1, max: 2048, need: true, each: judgeMediaLink},
			{name: "proxy_url"},
			{name: "width"},
			{name: "height"},
			{name: "content_type"},
			{name: "attachment_id"},
			{name: "loading_state"},
			{name: "flags"},
			{name: "placeholder"},
			{name: "placeholder_version"},
			{name: "id"},
		})
		if name, is := strings.CutPrefix(textOf(obj["url"]), "attachment://"); is {
			judgeReference(at.at("url"), name, c.names)
		}
	}}
}

func (c *components) fileMedia() field {
	f := c.media("file")
	inner := f.each
	f.each = func(at *spot, v any) {
		inner(at, v)
		if link := textOf(objectOf(v)["url"]); !strings.HasPrefix(link, "attachment://") {
			at.at("url").fail("URL_TYPE_INVALID_SCHEME", "A file component shows attachment://filename only.")
		}
	}
	return f
}

func (c *components) judgeRow(at *spot, obj map[string]any) {
	judge(at, obj, common(field{name: "components", kind: listValue, min: 1, max: maxButtons, need: true}))
	list := listOf(obj["components"])
	if c.modal {
		c.judgeEach(at.at("components"), list, []int{typeTextInput})
		if len(list) > 1 {
			at.at("components").fail("COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width")
		}
		return
	}
	c.judgeEach(at.at("components"), list,
		[]int{typeButton, typeStringSelect, typeUserSelect, typeRoleSelect, typeMentionSelect, typeChannelSelect})
	for i, item := range list {
		if typ := intOf(objectOf(item)["type"]); typ != typeButton && len(list) > 1 {
			at.at("components").index(i).fail("COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width")
		}
	}
}

func (c *components) judgeSection(at *spot, obj map[string]any) {
	judge(at, obj, common(
		field{name: "components", kind: listValue, min: 1, max: 3, need: true},
		field{name: "accessory", kind: objectValue, need: true}))
	c.judgeEach(at.at("components"), listOf(obj["components"]), []int{typeText})
	if obj["accessory"] != nil {
		c.judgeOne(at.at("accessory"), obj["accessory"], []int{typeButton, typeThumbnail})
	}
}

// Button styles with rules of their own.
const (
	styleLink    = 5
	stylePremium = 6
)

func judgeButton(at *spot, obj map[string]any) {
	judge(at, obj, common(
		field{name: "style", kind: wholeValue, min: 1, max: stylePremium, need: true},
		field{name: "label", kind: textValue, max: 80},
		field{name: "custom_id", kind: textValue, max: 100},
		field{name: "url", kind: linkValue, max: 512, each: func(at *spot, v any) { judgeScheme(at, textOf(v), "http", "https", "discord") }},
		field{name: "sku_id", kind: idValue},
		field{name: "disabled", kind: truthValue},
		field{name: "emoji", kind: objectValue, each: judgeEmoji}))
	style := intOf(obj["style"])
	wants := map[string]bool{"custom_id": style < styleLink, "url": style == styleLink, "sku_id": style == stylePremium}
	for _, key := range []string{"custom_id", "url", "sku_id"} {
		has := !blank(obj[key])
		switch {
		case wants[key] && !has:
			at.at(key).fail("BASE_TYPE_REQUIRED", "A button of style %d needs a %s.", style, key)
		case !wants[key] && has:
			at.at(key).fail("BUTTON_COMPONENT_FIELD_MUTUALLY_EXCLUSIVE", "A button of style %d can't have a %s.", style, key)
		}
	}
	if style != stylePremium && blank(obj["label"]) && blank(obj["emoji"]) {
		at.at("label").fail("BUTTON_COMPONENT_INVALID_LABEL_EMOJI", "A button needs a label or an emoji.")
	}
	for _, key := range []string{"label", "emoji"} {
		if style == stylePremium && !blank(obj[key]) {
			at.at(key).fail("BUTTON_COMPONENT_FIELD_MUTUALLY_EXCLUSIVE", "A premium button shows its product; it can't have a %s.", key)
		}
	}
}

func judgeEmoji(at *spot, v any) {
	judge(at, v, []field{
		{name: "id", kind: idValue},
		{name: "name", kind: textValue, max: 32, need: true},
		{name: "animated", kind: truthValue},
	})
}
