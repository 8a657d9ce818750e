package sandbox

import (
	"strings"
	"testing"
)

func embeds(items ...any) obj { return obj{"embeds": items} }

func embedCourt() court {
	one := func(pairs ...any) obj { return embeds(with(obj{}, pairs...)) }
	titled := func(pairs ...any) obj { return embeds(with(obj{"title": "T"}, pairs...)) }
	fields := func(n int) list { return many(n, func(int) any { return obj{"name": "n", "value": "v"} }) }
	field := func(name, value string) obj { return titled("fields", list{obj{"name": name, "value": value}}) }
	link := func(n int) string { return "https://example.org/" + strings.Repeat("a", n-len("https://example.org/")) }
	file := func(place, key, name string) obj { return titled(place, obj{key: "attachment://" + name}) }
	const missing = " UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"
	return court{
		request: "POST /channels/1/messages", status: 200, path: digestMessages,
		rulings: []ruling{
			{name: "10 embeds", body: embeds(many(10, func(int) any { return obj{"title": "T"} })...)},
			{name: "11 embeds", body: embeds(many(11, func(int) any { return obj{"title": "T"} })...), want: []string{"embeds BASE_TYPE_MAX_LENGTH"}},
			{name: "an embed that is text", body: embeds("T"), want: []string{"embeds.0 DICT_TYPE_CONVERT"}},
			{name: "embeds that are one", body: obj{"embeds": obj{"title": "T"}}, want: []string{"embeds LIST_TYPE_CONVERT"}},
			{name: "an empty embed", body: embeds(obj{}), want: []string{"embeds.0.description BASE_TYPE_REQUIRED"}, alone: noEmpty},
			{name: "a colour alone", body: one("color", 255), want: []string{"embeds.0.description BASE_TYPE_REQUIRED"}, alone: noEmpty},
			{name: "spaces alone", body: one("title", "  "), want: []string{"embeds.0.description BASE_TYPE_REQUIRED"}, alone: noEmpty},
			{name: "a field alone", body: one("fields", fields(1))},
			{name: "a picture alone", body: one("image", obj{"url": "https://example.org/a.png"})},
			{name: "a footer alone", body: one("footer", obj{"text": "F"})},

			{name: "title of 256", body: one("title", letters(256))},
			{name: "title of 257", body: one("title", letters(257)), want: []string{"embeds.0.title BASE_TYPE_MAX_LENGTH"}},
			{name: "description of 4096", body: one("description", letters(4096))},
			{name: "description of 4097", body: one("description", letters(4097)), want: []string{"embeds.0.description BASE_TYPE_MAX_LENGTH"}},
			{name: "25 fields", body: one("fields", fields(25))},
			{name: "26 fields", body: one("fields", fields(26)), want: []string{"embeds.0.fields BASE_TYPE_MAX_LENGTH"}},
			{name: "field's name of 256", body: field(letters(256), "v")},
			{name: "field's name of 257", body: field(letters(257), "v"), want: []string{"embeds.0.fields.0.name BASE_TYPE_BAD_LENGTH"}},
			{name: "field's value of 1024", body: field("n", letters(1024))},
			{name: "field's value of 1025", body: field("n", letters(1025)), want: []string{"embeds.0.fields.0.value BASE_TYPE_BAD_LENGTH"}},
			{name: "a field without a name", body: field("", "v"), want: []string{"embeds.0.fields.0.name BASE_TYPE_REQUIRED"}, alone: docsOnly},
			{name: "a field without a value", body: titled("fields", list{obj{"name": "n"}}), want: []string{"embeds.0.fields.0.value BASE_TYPE_REQUIRED"}},
			{name: "a field of spaces", body: field(" ", " "), alone: docsOnly, want: []string{
				"embeds.0.fields.0.name BASE_TYPE_REQUIRED", "embeds.0.fields.0.value BASE_TYPE_REQUIRED",
			}},
			{name: "inline by a word", body: titled("fields", list{obj{"name": "n", "value": "v", "inline": "yes"}}), want: []string{"embeds.0.fields.0.inline BOOLEAN_TYPE_CONVERT"}},
			{name: "footer of 2048", body: one("footer", obj{"text": letters(2048)})},
			{name: "footer of 2049", body: one("footer", obj{"text": letters(2049)}), want: []string{"embeds.0.footer.text BASE_TYPE_MAX_LENGTH"}},
			{name: "author of 256", body: one("author", obj{"name": letters(256)})},
			{name: "author of 257", body: one("author", obj{"name": letters(257)}), want: []string{"embeds.0.author.name BASE_TYPE_MAX_LENGTH"}},
			{name: "link of 2048", body: titled("url", link(2048))},
			{name: "link of 2049", body: titled("url", link(2049)), want: []string{"embeds.0.url BASE_TYPE_MAX_LENGTH"}},
			{name: "a link that is words", body: titled("url", "example"), want: []string{"embeds.0.url URL_TYPE_INVALID_URL"}},
			{name: "a link that runs", body: titled("url", "javascript:alert(1)"), want: []string{"embeds.0.url URL_TYPE_INVALID_SCHEME"}, alone: docsOnly},
			{name: "a link that is a number", body: titled("url", 5), want: []string{"embeds.0.url STRING_TYPE_CONVERT"}},
			{name: "colour of white", body: titled("color", 0xFFFFFF)},
			{name: "brighter than white", body: titled("color", 0x1000000), want: []string{"embeds.0.color NUMBER_TYPE_MAX"}},
			{name: "darker than black", body: titled("color", -1), want: []string{"embeds.0.color NUMBER_TYPE_MIN"}},
			{name: "a timestamp", body: titled("timestamp", "2026-01-19T06:00:00.123Z")},
			{name: "a timestamp in words", body: titled("timestamp", "yesterday"), want: []string{"embeds.0.timestamp DATE_TIME_TYPE_PARSE"}},
			{name: "a misspelt key", body: titled("tittle", "x"), want: []string{"embeds.0.tittle UNKNOWN_KEY"}},
			{name: "a misspelt key below", body: titled("footer", obj{"txt": "x"}), want: []string{"embeds.0.footer.txt UNKNOWN_KEY"}},

			{name: "6000 in one", body: one("description", letters(4096), "footer", obj{"text": letters(1904)})},
			{name: "6001 in one", body: one("description", letters(4096), "footer", obj{"text": letters(1905)}), want: []string{"embeds.0 MAX_EMBED_SIZE_EXCEEDED"}},
			{name: "6000 in two", body: embeds(obj{"description": letters(3000)}, obj{"description": letters(3000)})},
			{name: "6001 in two", body: embeds(obj{"description": letters(3000)}, obj{"description": letters(3001)}), want: []string{"embeds.1 MAX_EMBED_SIZE_EXCEEDED"}},
			{name: "6000 in every place", body: embeds(obj{
				"title": letters(256), "description": letters(4096), "author": obj{"name": letters(256)},
				"footer": obj{"text": letters(368)}, "fields": list{obj{"name": letters(256), "value": letters(768)}},
			})},
			{name: "6001 in every place", body: embeds(obj{
				"title": letters(256), "description": letters(4096), "author": obj{"name": letters(256)},
				"footer": obj{"text": letters(369)}, "fields": list{obj{"name": letters(256), "value": letters(768)}},
			}), want: []string{"embeds.0 MAX_EMBED_SIZE_EXCEEDED"}},
			{name: "spaces around don't count", body: one("description", " "+letters(3000)+" ", "footer", obj{"text": " " + letters(2000) + " "})},

			{name: "a picture that wasn't sent", body: file("image", "url", "a.png"), want: []string{"embeds.0.image.url" + missing}, alone: noFiles},
			{name: "a thumbnail that wasn't sent", body: file("thumbnail", "url", "a.png"), want: []string{"embeds.0.thumbnail.url" + missing}, alone: noFiles},
			{name: "an icon that wasn't sent", body: file("footer", "icon_url", "a.gif"), want: []string{"embeds.0.footer.icon_url" + missing}, alone: noFiles},
			{name: "a film for an icon", body: file("author", "icon_url", "a.mp4"), want: []string{"embeds.0.author.icon_url EMBED_ATTACHMENT_TYPE", "embeds.0.author.icon_url" + missing}, alone: noFiles},
			{name: "a picture by file transfer", body: titled("image", obj{"url": "ftp://example.org/a.png"}), want: []string{"embeds.0.image.url URL_TYPE_INVALID_SCHEME"}, alone: docsOnly},
		},
	}
}

func TestEmbedRules(t *testing.T) {
	t.Parallel()
	embedCourt().hold(t)
}
