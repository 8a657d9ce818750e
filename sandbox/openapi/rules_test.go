package openapi_test

import (
	"strings"
	"testing"

	"sitrep/sandbox/openapi"
)

// row is an action row of what is given.
func row(parts ...string) string {
	return `{"type":1,"components":[` + strings.Join(parts, ",") + `]}`
}

// Each limit with the last message that passes and the first that fails.
func TestCheckMessage(t *testing.T) {
	t.Parallel()
	const (
		button = `{"type":2,"style":1,"custom_id":"a"}`
		pick   = `{"type":3,"custom_id":"s","options":[]}`
		text   = `{"type":10,"content":"x"}`
	)
	v2 := func(components string) string { return `{"flags":32768,"components":[` + components + `]}` }
	v1 := func(components string) string { return `{"components":[` + components + `]}` }
	embeds := func(n int) string {
		return `{"embeds":[{"title":"` + a(256) + `","description":" ` + a(4096) + ` ","footer":{"text":"` + a(600) + `"},"author":{"name":"x"}},` +
			`{"fields":[{"name":"x","value":"` + a(1000) + `"},{"name":"x","value":"` + a(n) + `"}]}]}`
	}
	for _, tt := range []struct{ name, body, want string }{
		{"content of 2000", `{"content":"` + b(2000) + `"}`, ""},
		{"content of 2001", `{"content":"` + b(2001) + `"}`, ".content"},
		{"embeds of 6000", embeds(45), ""},
		{"embeds of 6001", embeds(46), ".embeds"},
		{"poll alone", `{"poll":{}}`, ""},
		{"sticker alone", `{"sticker_ids":["1"]}`, ""},
		{"file alone", `{"attachments":[{"id":0}]}`, ""},
		{"second version", v2(text), ""},
		{"second version with null content", `{"flags":32768,"content":null,"embeds":[],"components":[` + text + `]}`, ""},
		{"second version with content", `{"flags":32768,"content":"x","components":[` + text + `]}`, ".content"},
		{"second version with embeds", `{"flags":32768,"embeds":[{}],"components":[` + text + `]}`, ".embeds"},
		{"second version with a poll", `{"flags":32768,"poll":{},"components":[` + text + `]}`, ".poll"},
		{"second version with stickers", `{"flags":32768,"sticker_ids":["1"],"components":[` + text + `]}`, ".sticker_ids"},
		{"second version without its flag", v1(row(button) + "," + text), ".components[1]"},
		{"section without the flag", v1(`{"type":9,"components":[],"accessory":{"type":11}}`), ".components[0]"},
		{"a select of the last kind without the flag", v1(`{"type":8,"custom_id":"c"}`), ""},
		{"40 components", v2(`{"type":17,"components":[` + times(39, `{"type":10,"content":"%d"}`) + `]}`), ""},
		{"41 components", v2(`{"type":17,"components":[` + times(40, `{"type":10,"content":"%d"}`) + `]}`), ".components"},
		{"accessories count", v2(times(13, `{"type":9,"components":[{"type":10,"content":"%d"}],"accessory":{"type":11}}`) + "," + text + "," + text), ".components"},
		{"text of 4000", v2(text + `,{"type":17,"components":[{"type":10,"content":"` + b(3999) + `"}]}`), ""},
		{"text of 4001", v2(text + `,{"type":17,"components":[{"type":10,"content":"` + b(4000) + `"}]}`), ".components"},
		{"5 rows", v1(times(5, row(`{"type":2,"style":1,"custom_id":"%d"}`))), ""},
		{"6 rows", v1(times(6, row(`{"type":2,"style":1,"custom_id":"%d"}`))), ".components"},
		{"6 rows of the second version", v2(times(6, row(`{"type":2,"style":1,"custom_id":"%d"}`))), ""},
		{"same custom_id", v1(row(button) + "," + row(button)), ".components[1].components[0].custom_id"},
		{"same custom_id in an accessory", v2(row(button) + `,{"type":9,"components":[` + text + `],"accessory":` + button + `}`), ".components[1].accessory.custom_id"},
		{"select and button in one row", v1(row(button, pick)), ".components[0].components[1]"},
		{"select alone", v1(row(pick)), ""},
		{"select of users and button in one row", v1(row(button, `{"type":5,"custom_id":"s"}`)), ".components[0].components[1]"},
		{"select of channels and button in one row", v1(row(`{"type":8,"custom_id":"s"}`, button)), ".components[0].components[0]"},
		{"button without custom_id", v1(row(`{"type":2,"style":4}`)), ".components[0].components[0].custom_id"},
		{"button with url", v1(row(`{"type":2,"style":2,"custom_id":"a","url":"https://example.org"}`)), ".components[0].components[0].url"},
		{"link", v1(row(`{"type":2,"style":5,"url":"https://example.org"}`)), ""},
		{"link without url", v1(row(`{"type":2,"style":5,"url":""}`)), ".components[0].components[0].url"},
		{"link with custom_id", v1(row(`{"type":2,"style":5,"url":"https://example.org","custom_id":"a"}`)), ".components[0].components[0].custom_id"},
		{"premium", v1(row(`{"type":2,"style":6,"sku_id":"1"}`)), ""},
		{"premium with label", v1(row(`{"type":2,"style":6,"label":"x"}`)), ".components[0].components[0].sku_id .components[0].components[0].label"},
		{"mentions", `{"content":"x","allowed_mentions":{"parse":["roles"],"users":["1"]}}`, ""},
		{"mentions twice", `{"content":"x","allowed_mentions":{"parse":["users"],"users":["1"]}}`, ".allowed_mentions.users"},
		{"every fault is told", `{"content":"` + a(2001) + `","components":[` + text + `]}`, ".content .components[0]"},
		{"wrong shapes don't panic", `{"content":[],"embeds":{"x":1},"components":[7,null,{"type":"x"}],"flags":"x","allowed_mentions":[]}`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := openapi.CheckMessage([]byte(tt.body))
			if got := paths(t, err); got != tt.want {
				t.Errorf("faults at %q, want %q; said:\n%v", got, tt.want, err)
			}
		})
	}
}

func TestCheckMessageEmpty(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"content":" \n"}`, `{"content":null,"embeds":[],"components":null}`, `{"flags":32768}`, `[]`, `null`} {
		if err := openapi.CheckMessage([]byte(body)); err == nil || !strings.Contains(err.Error(), "empty message") {
			t.Errorf("%s: got %v, want an empty message", body, err)
		}
	}
	if err := openapi.CheckMessage(nil); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("no body: got %v", err)
	}
}

func TestCheckCommands(t *testing.T) {
	t.Parallel()
	one := func(more string) string { return `[{"name":"talks","description":"x"` + more + `}]` }
	options := func(list string) string { return one(`,"options":[` + list + `]`) }
	const (
		required = `{"type":3,"name":"actor","description":"x","required":true}`
		optional = `{"type":3,"name":"known","description":"x"}`
	)
	// big is a command of n characters: most in 25 choices under each of three
	// options, the rest in its description.
	big := func(n int) string {
		const each = 1 + 1 + 25*(1+100)
		choices := `"choices":[` + times(25, `{"name":"x","value":"`+a(98)+`%02d"}`) + `]`
		return `{"name":"talks","description":"` + a(n-3*each-5) + `","options":[` +
			`{"type":3,"name":"a","description":"x",` + choices + `},` +
			`{"type":3,"name":"b","description":"x",` + choices + `},` +
			`{"type":3,"name":"c","description":"x",` + choices + `}]}`
	}
	for _, tt := range []struct{ name, body, want string }{
		{"plain", one(""), ""},
		{"object", `{"name":"talks","description":"x"}`, ""},
		{"Ukrainian, Thai and Hindi names", `[{"name":"переговори","description":"x","name_localizations":{"th":"ชื่อ","hi":"नाम"}}]`, ""},
		{"name of 32", `{"name":"` + b(32) + `","description":"x"}`, ""},
		{"name of 33", `{"name":"` + b(33) + `","description":"x"}`, ".name"},
		{"name with a space", `{"name":"new talks","description":"x"}`, ".name"},
		{"name in capitals", `{"name":"talkS","description":"x"}`, ".name"},
		{"no name", `{"description":"x"}`, ".name"},
		{"option's name in capitals", options(`{"type":3,"name":"Actor","description":"x"}`), "[0].options[0].name"},
		{"localised name in capitals", one(`,"name_localizations":{"uk":"Переговори"}`), "[0].name_localizations.uk"},
		{"menu with spaces", `{"type":3,"name":"Brief this"}`, ""},
		{"menu with description", `{"type":3,"name":"Brief this","description":"x"}`, ".description"},
		{"no description", `{"name":"talks"}`, ".description"},
		{"known locale", one(`,"description_localizations":{"es-419":"x","uk":"x"}`), ""},
		{"locale of the description alone", one(`,"description_localizations":{"he":"x"}`), "[0].description_localizations.he"},
		{"locale of a choice", options(`{"type":3,"name":"a","description":"x","choices":[{"name":"x","value":"x","name_localizations":{"en":"x"}}]}`), "[0].options[0].choices[0].name_localizations.en"},
		{"locale of an option", options(`{"type":3,"name":"a","description":"x","description_localizations":{"ar":"x"}}`), "[0].options[0].description_localizations.ar"},
		{"required first", options(required + "," + optional), ""},
		{"required last", options(optional + "," + required), "[0].options[1].required"},
		{"two required last", options(optional + "," + required + `,{"type":3,"name":"z","description":"x","required":true}`), "[0].options[1].required [0].options[2].required"},
		{"required last, below", options(`{"type":1,"name":"add","description":"x","options":[` + optional + `,` + required + `]}`), "[0].options[0].options[1].required"},
		{"same option twice", options(optional + "," + optional), "[0].options[1].name"},
		{"subcommand beside an option", options(`{"type":1,"name":"add","description":"x"},` + optional), "[0].options"},
		{"autocomplete with choices", options(`{"type":3,"name":"a","description":"x","autocomplete":true,"choices":[{"name":"x","value":"x"}]}`), "[0].options[0].choices"},
		{"choice of 101", options(`{"type":3,"name":"a","description":"x","choices":[{"name":"x","value":"` + a(101) + `"}]}`), "[0].options[0].choices[0].value"},
		{"8000 characters", big(8000), ""},
		{"8001 characters", big(8001), "body"},
		{"same name twice", `[{"name":"a","description":"x"},{"name":"a","description":"x"}]`, "[1].name"},
		{"same name, other type", `[{"name":"a","description":"x"},{"name":"a","type":2}]`, ""},
		{"100 commands", `[` + times(100, `{"name":"c%d","description":"x"}`) + `]`, ""},
		{"15 menus", `[` + times(15, `{"name":"c%d","type":3}`) + `]`, ""},
		{"no commands", `[]`, ""},
		{"wrong shapes don't panic", `[{"name":"a","description":"x","options":[7,null],"name_localizations":[]}]`, "[0].options[0].name [0].options[1].name [0].options[1].name"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := openapi.CheckCommands([]byte(tt.body))
			if got := paths(t, err); got != tt.want {
				t.Errorf("faults at %q, want %q; said:\n%v", got, tt.want, err)
			}
		})
	}
}

// Faults of the whole body have no path, so they are told by what they say.
func TestCheckCommandsWhole(t *testing.T) {
	t.Parallel()
	localised := `{"name":"talks","description":"x","description_localizations":{"uk":"` + a(7000) + `","de":"` + a(7000) + `"}}`
	if err := openapi.CheckCommands([]byte(localised)); err != nil {
		t.Errorf("two localisations of 7000: got %v, want only the longest counted", err)
	}
	for _, tt := range []struct{ name, body, want string }{
		{"8001 characters", `{"name":"talks","description":"` + a(7996) + `"}`, "8001 characters"},
		{"101 commands", `[` + times(101, `{"name":"c%d","description":"x"}`) + `]`, "101 commands of type 1"},
		{"16 menus", `[` + times(16, `{"name":"c%d","type":2}`) + `]`, "16 commands of type 2"},
		{"no body", ``, "missing"},
	} {
		if err := openapi.CheckCommands([]byte(tt.body)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q in it", tt.name, err, tt.want)
		}
	}
}
