package sandbox

import (
	"fmt"
	"strings"
	"testing"
)

const rowAt = "components.0.components.0"

// componentCourt judges what stands in rows, without the flag of V2.
func componentCourt() court {
	rows := func(items ...any) obj { return obj{"components": items} }
	pressed := func(pairs ...any) obj { return rows(row(with(button("a"), pairs...))) }
	link := func(pairs ...any) obj {
		return rows(row(with(obj{"type": typeButton, "style": styleLink, "label": "Go", "url": "https://example.org/"}, pairs...)))
	}
	premium := func(pairs ...any) obj {
		return rows(row(with(obj{"type": typeButton, "style": stylePremium, "sku_id": "1"}, pairs...)))
	}
	emoji := func(pairs ...any) obj {
		return rows(row(without(with(button("a"), "emoji", with(obj{}, pairs...)), "label")))
	}
	buttons := func(n int) obj { return row(many(n, func(i int) any { return button(fmt.Sprint(i)) })...) }
	address := func(n int) string { return "https://example.org/" + strings.Repeat("a", n-len("https://example.org/")) }
	return court{
		request: "POST /channels/1/messages", status: 200, path: digestMessages,
		rulings: []ruling{
			{name: "5 rows", body: rows(many(5, func(i int) any { return row(button(fmt.Sprint(i))) })...)},
			{name: "6 rows", body: rows(many(6, func(i int) any { return row(button(fmt.Sprint(i))) })...), want: []string{"components BASE_TYPE_BAD_LENGTH"}},
			{name: "5 buttons", body: rows(buttons(5))},
			{name: "6 buttons", body: rows(buttons(6)), want: []string{"components.0.components BASE_TYPE_BAD_LENGTH"}},
			{name: "an empty row", body: rows(row()), want: []string{"components.0.components BASE_TYPE_REQUIRED"}},
			{name: "a row without a list", body: rows(obj{"type": typeRow}), want: []string{"components.0.components BASE_TYPE_REQUIRED"}},
			{name: "a row in a row", body: rows(row(row(button("a")))), want: []string{rowAt + ".type UNION_TYPE_CHOICES"}},
			{name: "a button without a row", body: rows(button("a")), want: []string{"components.0.type UNION_TYPE_CHOICES"}},
			{name: "a text display without the flag", body: rows(display(1)), want: []string{"components.0.type UNION_TYPE_CHOICES"}},
			{name: "a container without the flag", body: rows(obj{"type": typeContainer, "components": list{display(1)}}), want: []string{"components.0.type UNION_TYPE_CHOICES"}},
			{name: "a type that doesn't exist", body: rows(obj{"type": 99}), want: []string{"components.0.type UNION_TYPE_CHOICES"}},
			{name: "no type", body: rows(obj{"components": list{}}), want: []string{"components.0.type BASE_TYPE_REQUIRED"}},
			{name: "half a type", body: rows(with(row(button("a")), "type", 1.5)), want: []string{"components.0.type NUMBER_TYPE_COERCE"}},
			{name: "a component that is text", body: rows("row"), want: []string{"components.0 DICT_TYPE_CONVERT"}},
			{name: "a button beside a select", body: rows(row(button("a"), selectOf(1))), want: []string{"components.0.components.1 COMPONENT_LAYOUT_WIDTH_EXCEEDED"}},
			{name: "two selects in a row", body: rows(row(selectOf(1), with(selectOf(1), "custom_id", "t"))), want: []string{
				rowAt + " COMPONENT_LAYOUT_WIDTH_EXCEEDED", "components.0.components.1 COMPONENT_LAYOUT_WIDTH_EXCEEDED",
			}},
			{name: "a text input outside a modal", body: rows(row(obj{"type": typeTextInput, "custom_id": "v", "style": 1, "label": "L"})), want: []string{rowAt + ".type UNION_TYPE_CHOICES"}},
			{name: "one custom_id twice in a row", body: rows(row(button("a"), button("a"))), want: []string{"components.0.components.1.custom_id COMPONENT_CUSTOM_ID_DUPLICATED"}},
			{name: "one custom_id in two rows", body: rows(row(button("a")), row(button("a"))), want: []string{"components.1.components.0.custom_id COMPONENT_CUSTOM_ID_DUPLICATED"}},
			{name: "one id twice", body: rows(with(row(with(button("a"), "id", 7)), "id", 7)), want: []string{rowAt + ".id COMPONENT_ID_DUPLICATED"}, alone: "the description doesn't compare ids"},
			{name: "an id of nobody's, twice", body: rows(with(row(with(button("a"), "id", 0)), "id", 0))},
			{name: "the highest id", body: pressed("id", 1<<31-1)},
			{name: "over the highest id", body: pressed("id", 1<<31), want: []string{rowAt + ".id NUMBER_TYPE_MAX"}, alone: "the description says int32 without a maximum"},

			{name: "custom_id of 100", body: pressed("custom_id", letters(100))},
			{name: "custom_id of 101", body: pressed("custom_id", letters(101)), want: []string{rowAt + ".custom_id BASE_TYPE_MAX_LENGTH"}},
			{name: "no custom_id", body: rows(row(without(button("a"), "custom_id"))), want: []string{rowAt + ".custom_id BASE_TYPE_REQUIRED"}},
			{name: "an empty custom_id", body: pressed("custom_id", ""), want: []string{rowAt + ".custom_id BASE_TYPE_REQUIRED"}},
			{name: "label of 80", body: pressed("label", letters(80))},
			{name: "label of 81", body: pressed("label", letters(81)), want: []string{rowAt + ".label BASE_TYPE_MAX_LENGTH"}},
			{name: "neither label nor emoji", body: pressed("label", ""), want: []string{rowAt + ".label BUTTON_COMPONENT_INVALID_LABEL_EMOJI"}, alone: docsOnly},
			{name: "an emoji alone", body: emoji("name", "🔎")},
			{name: "emoji's name of 32", body: emoji("name", letters(32))},
			{name: "emoji's name of 33", body: emoji("name", letters(33)), want: []string{rowAt + ".emoji.name BASE_TYPE_MAX_LENGTH"}},
			{name: "an emoji without a name", body: emoji("id", "123"), want: []string{rowAt + ".emoji.name BASE_TYPE_REQUIRED"}},
			{name: "an emoji of one's own", body: emoji("id", "123", "name", "flag")},
			{name: "an emoji with a word for an id", body: emoji("id", "flag", "name", "flag"), want: []string{rowAt + ".emoji.id NUMBER_TYPE_COERCE"}},
			{name: "the last style that presses", body: pressed("style", 4)},
			{name: "no style", body: rows(row(without(button("a"), "style"))), want: []string{rowAt + ".style BASE_TYPE_REQUIRED"}},
			{name: "style 0", body: pressed("style", 0), want: []string{rowAt + ".style NUMBER_TYPE_MIN"}},
			{name: "style 7", body: pressed("style", 7), want: []string{rowAt + ".custom_id BUTTON_COMPONENT_FIELD_MUTUALLY_EXCLUSIVE", rowAt + ".style NUMBER_TYPE_MAX"}},
			{name: "a button with a link", body: pressed("url", "https://example.org/"), want: []string{rowAt + ".url BUTTON_COMPONENT_FIELD_MUTUALLY_EXCLUSIVE"}},
			{name: "a button with a product", body: pressed("sku_id", "1"), want: []string{rowAt + ".sku_id BUTTON_COMPONENT_FIELD_MUTUALLY_EXCLUSIVE"}},
			{name: "disabled by a word", body: pressed("disabled", "yes"), want: []string{rowAt + ".disabled BOOLEAN_TYPE_CONVERT"}},
			{name: "a key of another component", body: pressed("placeholder", "x"), want: []string{rowAt + ".placeholder UNKNOWN_KEY"}},

			{name: "a link", body: link()},
			{name: "a link into Discord", body: link("url", "discord://-/channels/1/2")},
			{name: "link of 512", body: link("url", address(512))},
			{name: "link of 513", body: link("url", address(513)), want: []string{rowAt + ".url BASE_TYPE_MAX_LENGTH"}},
			{name: "a link to nowhere", body: link("url", ""), want: []string{rowAt + ".url BASE_TYPE_REQUIRED"}},
			{name: "a link that runs", body: link("url", "javascript:alert(1)"), want: []string{rowAt + ".url URL_TYPE_INVALID_SCHEME"}, alone: docsOnly},
			{name: "a link with a custom_id", body: link("custom_id", "a"), want: []string{rowAt + ".custom_id BUTTON_COMPONENT_FIELD_MUTUALLY_EXCLUSIVE"}},
			{name: "a product", body: premium()},
			{name: "a product without an id", body: premium("sku_id", nil), want: []string{rowAt + ".sku_id BASE_TYPE_REQUIRED"}},
			{name: "a product with a label", body: premium("label", "Buy"), want: []string{rowAt + ".label BUTTON_COMPONENT_FIELD_MUTUALLY_EXCLUSIVE"}},
			{name: "a product with an emoji", body: premium("emoji", obj{"name": "🔎"}), want: []string{rowAt + ".emoji BUTTON_COMPONENT_FIELD_MUTUALLY_EXCLUSIVE"}},
			{name: "a product with a link", body: premium("url", "https://example.org/"), want: []string{rowAt + ".url BUTTON_COMPONENT_FIELD_MUTUALLY_EXCLUSIVE"}},
		},
	}
}

// cardCourt judges Components V2.
func cardCourt() court {
	box := func(items ...any) obj { return obj{"type": typeContainer, "components": append(list{}, items...)} }
	boxed := func(pairs ...any) obj { return v2(with(box(display(1)), pairs...)) }
	displays := func(n int) list { return many(n, func(int) any { return display(1) }) }
	picture := func(pairs ...any) obj {
		return with(obj{"type": typeThumbnail, "media": obj{"url": "https://example.org/a.png"}}, pairs...)
	}
	section := func(texts int, accessory any) obj {
		return obj{"type": typeSection, "components": displays(texts), "accessory": accessory}
	}
	thumb := func(pairs ...any) obj { return v2(section(1, picture(pairs...))) }
	shown := func(pairs ...any) obj { return with(obj{"media": obj{"url": "https://example.org/a.png"}}, pairs...) }
	gallery := func(items ...any) obj { return v2(obj{"type": typeGallery, "items": append(list{}, items...)}) }
	separator := func(pairs ...any) obj { return v2(display(1), with(obj{"type": typeSeparator}, pairs...)) }
	file := func(url string) obj { return v2(obj{"type": typeFile, "file": obj{"url": url}}) }
	const (
		legacy  = " MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
		missing = " UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"
		noUnion = " UNION_TYPE_CHOICES"
	)
	return court{
		request: "POST /channels/1/messages", status: 200, path: digestMessages,
		rulings: []ruling{
			{name: "40 components", body: v2(displays(40)...)},
			{name: "41 components", body: v2(displays(41)...), want: []string{"components COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"}},
			{name: "40 with the box", body: v2(box(displays(39)...))},
			{name: "41 with the box", body: v2(box(displays(40)...)), want: []string{"components COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"}},
			{name: "40 with an accessory", body: v2(append(displays(37), section(1, button("a")))...)},
			{name: "41 with an accessory", body: v2(append(displays(38), section(1, button("a")))...), want: []string{"components COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"}},
			{name: "6 rows", body: v2(many(6, func(i int) any { return row(button(fmt.Sprint(i))) })...)},
			{name: "text of 4000", body: v2(display(4000))},
			{name: "text of 4001", body: v2(display(4001)), want: []string{"components COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "components.0.content BASE_TYPE_BAD_LENGTH"}},
			{name: "texts of 4000", body: v2(display(2000), box(display(1000), section(1, button("a")), display(999)))},
			{name: "texts of 4001", body: v2(display(2000), box(display(1000), section(1, button("a")), display(1000))), want: []string{"components COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"}},
			{name: "an empty text", body: v2(display(0)), want: []string{"components.0.content BASE_TYPE_REQUIRED"}},
			{name: "a text without content", body: v2(obj{"type": typeText}), want: []string{"components.0.content BASE_TYPE_REQUIRED"}},
			{name: "with empty content", body: with(v2(display(1)), "content", "", "embeds", nil)},
			{name: "with content", body: with(v2(display(1)), "content", "x"), want: []string{"content" + legacy}},
			{name: "with an embed", body: with(v2(display(1)), "embeds", list{obj{"title": "T"}}), want: []string{"embeds" + legacy}},
			{name: "with a poll", body: with(v2(display(1)), "poll", obj{"question": obj{}}), want: []string{"poll" + legacy, "poll SANDBOX_UNSUPPORTED"}},
			{name: "with a sticker", body: with(v2(display(1)), "sticker_ids", list{"1"}), want: []string{"sticker_ids" + legacy}},

			{name: "a box", body: boxed("accent_color", 0xFFFFFF, "spoiler", true)},
			{name: "a box of no colour", body: boxed("accent_color", nil)},
			{name: "a box brighter than white", body: boxed("accent_color", 0x1000000), want: []string{"components.0.accent_color NUMBER_TYPE_MAX"}},
			{name: "a box in a box", body: v2(box(box(display(1)))), want: []string{"components.0.components.0.type" + noUnion}},
			{name: "an empty box", body: v2(box()), want: []string{"components.0.components BASE_TYPE_REQUIRED"}},
			{name: "a row, a gallery and a rule in a box", body: v2(box(row(button("a")), gallery(shown())["components"].(list)[0], obj{"type": typeSeparator}))},
			{name: "a button in a box", body: v2(box(button("a"))), want: []string{"components.0.components.0.type" + noUnion}},
			{name: "a label outside a modal", body: v2(obj{"type": typeLabel, "label": "L", "component": selectOf(1)}), want: []string{"components.0.type" + noUnion}},
			{name: "one custom_id in a row and beside a text", body: v2(row(button("a")), section(1, button("a"))), want: []string{"components.1.accessory.custom_id COMPONENT_CUSTOM_ID_DUPLICATED"}},

			{name: "3 texts in a section", body: v2(section(3, button("a")))},
			{name: "4 texts in a section", body: v2(section(4, button("a"))), want: []string{"components.0.components BASE_TYPE_BAD_LENGTH"}},
			{name: "no text in a section", body: v2(section(0, button("a"))), want: []string{"components.0.components BASE_TYPE_REQUIRED"}},
			{name: "a section without an accessory", body: v2(without(section(1, nil), "accessory")), want: []string{"components.0.accessory BASE_TYPE_REQUIRED"}},
			{name: "a select for an accessory", body: v2(section(1, selectOf(1))), want: []string{"components.0.accessory.type" + noUnion}},
			{name: "a button in a section", body: v2(obj{"type": typeSection, "components": list{button("a")}, "accessory": button("b")}), want: []string{"components.0.components.0.type" + noUnion}},
			{name: "a thumbnail", body: thumb("description", letters(1024), "spoiler", true)},
			{name: "a thumbnail's alt text of 1025", body: thumb("description", letters(1025)), want: []string{"components.0.accessory.description BASE_TYPE_BAD_LENGTH"}},
			{name: "an empty alt text", body: thumb("description", ""), want: []string{"components.0.accessory.description BASE_TYPE_BAD_LENGTH"}},
			{name: "a thumbnail without a picture", body: thumb("media", nil), want: []string{"components.0.accessory.media BASE_TYPE_REQUIRED"}},
			{name: "a thumbnail at the top", body: v2(picture()), want: []string{"components.0.type" + noUnion}},

			{name: "10 pictures", body: gallery(many(10, func(int) any { return shown() })...)},
			{name: "11 pictures", body: gallery(many(11, func(int) any { return shown() })...), want: []string{"components.0.items BASE_TYPE_BAD_LENGTH"}},
			{name: "no picture", body: gallery(), want: []string{"components.0.items BASE_TYPE_REQUIRED"}},
			{name: "a picture's alt text of 1024", body: gallery(shown("description", letters(1024)))},
			{name: "a picture's alt text of 1025", body: gallery(shown("description", letters(1025))), want: []string{"components.0.items.0.description BASE_TYPE_BAD_LENGTH"}},
			{name: "a picture without an address", body: gallery(obj{"media": obj{}}), want: []string{"components.0.items.0.media.url BASE_TYPE_REQUIRED"}},
			{name: "a picture that wasn't sent", body: gallery(obj{"media": obj{"url": "attachment://a.png"}}), want: []string{"components.0.items.0.media.url" + missing}, alone: noFiles},
			{name: "a picture by file transfer", body: gallery(obj{"media": obj{"url": "ftp://example.org/a.png"}}), want: []string{"components.0.items.0.media.url URL_TYPE_INVALID_SCHEME"}, alone: docsOnly},
			{name: "a picture as Discord gave it back", body: gallery(shown("media", obj{"url": "https://example.org/a.png", "width": 2, "height": 1})), alone: tolerated},

			{name: "a file that wasn't sent", body: file("attachment://a.txt"), want: []string{"components.0.file.url" + missing}, alone: noFiles},
			{name: "a file from elsewhere", body: file("https://example.org/a.txt"), want: []string{"components.0.file.url URL_TYPE_INVALID_SCHEME"}, alone: docsOnly},
			{name: "a wide rule", body: separator("spacing", 2, "divider", true)},
			{name: "a wider rule", body: separator("spacing", 3), want: []string{"components.1.spacing NUMBER_TYPE_MAX"}},
			{name: "a rule of no width", body: separator("spacing", 0), want: []string{"components.1.spacing NUMBER_TYPE_MIN"}},
			{name: "a rule by a word", body: separator("divider", "yes"), want: []string{"components.1.divider BOOLEAN_TYPE_CONVERT"}},
		},
	}
}

func TestComponentRules(t *testing.T) {
	t.Parallel()
	componentCourt().hold(t)
}

func TestCardRules(t *testing.T) {
	t.Parallel()
	cardCourt().hold(t)
}
