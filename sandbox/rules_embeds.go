package sandbox

import (
	"path"
	"strings"
	"time"
	"unicode/utf8"
)

const maxEmbedText = 6000

func judgeEmbed(at *spot, v any) {
	obj := judge(at, v, []field{
		{name: "type", kind: textValue},
		{name: "title", kind: textValue, max: 256},
		{name: "description", kind: textValue, max: 4096},
		{name: "url", kind: linkValue, max: 2048},
		{name: "timestamp", kind: textValue, each: judgeTimestamp},
		{name: "color", kind: wholeValue, max: 0xFFFFFF},
		{name: "footer", kind: objectValue, each: judgeFooter},
		{name: "author", kind: objectValue, each: judgeAuthor},
		{name: "image", kind: objectValue, each: judgeEmbedMedia},
		{name: "thumbnail", kind: objectValue, each: judgeEmbedMedia},
		{name: "fields", kind: listValue, max: 25, each: judgeEmbedField},
		{name: "provider"},
		{name: "video"},
	})
	if at.clean() && !shows(obj) {
		at.at("description").fail("BASE_TYPE_REQUIRED", "This field is required")
	}
}

// shows says whether an embed has anything to look at; a colour or a link alone is nothing.
func shows(embed map[string]any) bool {
	for _, key := range []string{"image", "thumbnail", "provider", "video", "timestamp", "fields"} {
		if !blank(embed[key]) {
			return true
		}
	}
	return embedLength(embed) > 0
}

func judgeTimestamp(at *spot, v any) {
	if _, err := time.Parse(time.RFC3339, textOf(v)); err != nil {
		at.fail("DATE_TIME_TYPE_PARSE", "Could not parse %s. Should be ISO8601.", short(v))
	}
}

func judgeFooter(at *spot, v any) {
	judge(at, v, []field{
		{name: "text", kind: textValue, max: 2048},
		{name: "icon_url", kind: linkValue, max: 2048, each: judgeMediaLink},
		{name: "proxy_icon_url"},
	})
}

func judgeAuthor(at *spot, v any) {
	judge(at, v, []field{
		{name: "name", kind: textValue, max: 256},
		{name: "url", kind: linkValue, max: 2048},
		{name: "icon_url", kind: linkValue, max: 2048, each: judgeMediaLink},
		{name: "proxy_icon_url"},
	})
}

func judgeEmbedMedia(at *spot, v any) {
	judge(at, v, []field{
		{name: "url", kind: linkValue, max: 2048, each: judgeMediaLink},
		{name: "proxy_url"},
		{name: "width"},
		{name: "height"},
		{name: "placeholder"},
		{name: "placeholder_version"},
		{name: "is_animated"},
		{name: "description", kind: textValue, max: 4096},
	})
}

func judgeMediaLink(at *spot, v any) { judgeScheme(at, textOf(v), "http", "https", "attachment") }

func judgeEmbedField(at *spot, v any) {
	judge(at, v, []field{
		{name: "name", kind: textValue, min: 1, max: 256, need: true},
		{name: "value", kind: textValue, min: 1, max: 1024, need: true},
		{name: "inline", kind: truthValue},
	})
}

// judgeEmbedSum counts what all embeds of a message say together.
func judgeEmbedSum(at *spot, embeds []any) {
	total := 0
	for i, e := range embeds {
		obj := objectOf(e)
		total += embedLength(obj)
		if total > maxEmbedText {
			at.index(i).fail("MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")
			return
		}
	}
}

func embedLength(obj map[string]any) int {
	n := trimmed(obj["title"]) + trimmed(obj["description"]) +
		trimmed(objectOf(obj["footer"])["text"]) + trimmed(objectOf(obj["author"])["name"])
	for _, f := range listOf(obj["fields"]) {
		n += trimmed(objectOf(f)["name"]) + trimmed(objectOf(f)["value"])
	}
	return n
}

func trimmed(v any) int { return utf8.RuneCountInString(strings.TrimSpace(textOf(v))) }

// judgeEmbedFiles checks that attachment:// links name pictures which came along.
func judgeEmbedFiles(at *spot, embeds []any, names map[string]bool) {
	for i, e := range embeds {
		obj := objectOf(e)
		for _, place := range [][2]string{{"image", "url"}, {"thumbnail", "url"}, {"footer", "icon_url"}, {"author", "icon_url"}} {
			name, is := strings.CutPrefix(textOf(objectOf(obj[place[0]])[place[1]]), "attachment://")
			if !is {
				continue
			}
			where := at.index(i).at(place[0]).at(place[1])
			judgeReference(where, name, names)
			switch strings.ToLower(path.Ext(name)) {
			case ".jpg", ".jpeg", ".png", ".webp", ".gif":
			default:
				where.fail("EMBED_ATTACHMENT_TYPE", "Only jpg, jpeg, png, webp and gif files can be shown in an embed.")
			}
		}
	}
}

func judgeReference(at *spot, name string, names map[string]bool) {
	if !names[cleanFilename(name)] {
		at.fail("UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", "The referenced attachment was not found: %s", short(name))
	}
}
