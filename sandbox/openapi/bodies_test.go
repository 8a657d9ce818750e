package openapi_test

import (
	"errors"
	"strings"
	"testing"

	"sitrep/sandbox/openapi"
)

const card = `{
	"flags": 32768,
	"allowed_mentions": {"parse": []},
	"components": [
		{
			"type": 17,
			"accent_color": 3447003,
			"components": [
				{"type": 10, "content": "## Talks"},
				{
					"type": 9,
					"components": [{"type": 10, "content": "**Round 3** opens on Monday."}],
					"accessory": {"type": 2, "style": 5, "label": "Source", "url": "https://example.org/talks"}
				},
				{"type": 14, "divider": true, "spacing": 1},
				{
					"type": 12,
					"items": [{"media": {"url": "attachment://map.png"}, "description": "A map of the region"}]
				},
				{
					"type": 1,
					"components": [
						{"type": 2, "style": 2, "custom_id": "page:1", "label": "Older", "disabled": true},
						{"type": 2, "style": 1, "custom_id": "page:2", "label": "Newer", "emoji": {"name": "➡️"}}
					]
				},
				{
					"type": 1,
					"components": [
						{
							"type": 3,
							"custom_id": "kind",
							"placeholder": "Another kind",
							"min_values": 1,
							"max_values": 1,
							"options": [{"label": "Talks", "value": "talks", "default": true}, {"label": "Figures", "value": "figures"}]
						}
					]
				}
			]
		}
	],
	"attachments": [{"id": 0, "filename": "map.png", "description": "A map of the region"}]
}`

const form = `{
	"custom_id": "figure:7",
	"title": "Correct a figure",
	"components": [
		{"type": 10, "content": "What was known at the time stays readable."},
		{
			"type": 18,
			"label": "Value",
			"description": "Digits only",
			"component": {"type": 4, "custom_id": "value", "style": 1, "value": "12", "min_length": 1, "max_length": 12, "required": true}
		},
		{
			"type": 18,
			"label": "Status",
			"component": {
				"type": 3,
				"custom_id": "status",
				"required": true,
				"options": [{"label": "Confirmed", "value": "confirmed"}, {"label": "Claimed", "value": "claimed"}]
			}
		}
	]
}`

const registration = `[
	{
		"name": "talks",
		"name_localizations": {"uk": "переговори", "de": "gespräche", "fr": "pourparlers"},
		"description": "Where the talks stand",
		"description_localizations": {"uk": "Що з переговорами"},
		"type": 1,
		"contexts": [0],
		"integration_types": [0],
		"default_member_permissions": null,
		"options": [
			{"type": 3, "name": "actor", "description": "Who takes part", "autocomplete": true, "max_length": 100},
			{"type": 3, "name": "known", "description": "As known on that day", "required": false}
		]
	},
	{
		"name": "digest",
		"description": "What this channel gets",
		"contexts": [0],
		"integration_types": [0],
		"default_member_permissions": "32",
		"options": [
			{
				"type": 1,
				"name": "add",
				"description": "Subscribe this channel",
				"options": [
					{"type": 7, "name": "channel", "description": "Where to", "required": true, "channel_types": [0, 5]},
					{
						"type": 3,
						"name": "rhythm",
						"description": "How often",
						"choices": [{"name": "Every day", "value": "daily"}, {"name": "Every week", "value": "weekly"}]
					}
				]
			},
			{"type": 1, "name": "list", "description": "What it gets now"}
		]
	},
	{"name": "Brief this", "type": 3, "contexts": [0], "integration_types": [0], "default_member_permissions": "8192"}
]`

const event = `{
	"name": "Round 3",
	"privacy_level": 2,
	"scheduled_start_time": "2026-02-02T09:00:00Z",
	"scheduled_end_time": "2026-02-02T17:00:00Z",
	"entity_type": 3,
	"entity_metadata": {"location": "Geneva"}
}`

// wholeBodies are requests as a bot makes them: none of the layers may be in
// the way of what Discord takes.
func wholeBodies() []struct{ request, body string } {
	const choices = `{"choices": [{"name": "Envoy", "value": "envoy", "name_localizations": {"uk": "Посланець"}}]}`
	return []struct{ request, body string }{
		{"POST /api/v10/channels/1/messages", strings.Replace(card, "{", `{"nonce": "slot-7", "enforce_nonce": true, `, 1)},
		{"PATCH /api/v10/channels/1/messages/2", card},
		{"POST /api/v10/interactions/1/t/callback", `{"type": 4, "data": ` + card + `}`},
		{"POST /api/v10/interactions/1/t/callback?with_response=true", `{"type": 7, "data": ` + card + `}`},
		{"POST /api/v10/interactions/1/t/callback", `{"type": 6}`},
		{"POST /api/v10/interactions/1/t/callback", `{"type": 8, "data": ` + choices + `}`},
		{"POST /api/v10/interactions/1/t/callback", `{"type": 9, "data": ` + form + `}`},
		{"POST /api/v10/webhooks/1/t", card},
		{"PATCH /api/v10/webhooks/1/t/messages/@original", card},
		{"PATCH /api/v10/webhooks/1/t/messages/2", card},
		{"PUT /api/v10/applications/1/commands", registration},
		{"PUT /api/v10/applications/1/guilds/2/commands", registration},
		{"PUT /api/v10/applications/1/commands", `[]`},
		{"POST /api/v10/guilds/1/scheduled-events", event},
		{"POST /api/v10/users/@me/channels", `{"recipient_id": "7"}`},
		{"POST /api/v10/channels/1/messages/2/crosspost", ``},
		{"DELETE /api/v10/webhooks/1/t/messages/@original", ``},
		{"GET /api/v10/guilds/1/members/2", ``},
	}
}

func TestWholeBodiesPass(t *testing.T) {
	t.Parallel()
	d := load(t)
	for _, tt := range wholeBodies() {
		method, path, _ := strings.Cut(tt.request, " ")
		if err := d.CheckRequest(method, path, []byte(tt.body)); err != nil {
			t.Errorf("%s:\n%v", tt.request, err)
		}
	}
}

// Each key of a whole body, misspelt, is found wherever it stands.
func TestMisspeltKeysAreFound(t *testing.T) {
	t.Parallel()
	d := load(t)
	for _, tt := range wholeBodies() {
		method, path, _ := strings.Cut(tt.request, " ")
		for at := range strings.Count(tt.body, `": `) {
			bad, key := misspell(tt.body, at)
			if key == "type" || key == "uk" || key == "de" || key == "fr" {
				continue // changes what the rest means; a locale, which is no key of Discord's
			}
			if err := d.CheckRequest(method, path, []byte(bad)); err == nil || !strings.Contains(err.Error(), "."+key+"x is a key") {
				t.Errorf("%s with %qx: got %v", tt.request, key, err)
			}
		}
	}
}

// misspell puts an x after the key before the n-th colon.
func misspell(body string, n int) (bad, key string) {
	at := -1
	for range n + 1 {
		at += 1 + strings.Index(body[at+1:], `": `)
	}
	start := strings.LastIndex(body[:at], `"`) + 1
	return body[:at] + "x" + body[at:], body[start:at]
}

// FuzzCheck feeds what nobody meant: whatever it is, the verdict is a list of
// faults or one error that names the package, and asking again gives the same.
func FuzzCheck(f *testing.F) {
	for _, body := range []string{card, form, registration, event, `null`, `[[]]`, `{"type":1e99}`, `{"components":[{"components":{}}]}`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for name, check := range map[string]func([]byte) error{"message": openapi.CheckMessage, "commands": openapi.CheckCommands} {
			first, second := check(body), check(body)
			if (first == nil) != (second == nil) || first != nil && first.Error() != second.Error() {
				t.Errorf("%s: %v, then %v", name, first, second)
			}
			if first == nil {
				continue
			}
			if fault := new(openapi.Fault); errors.As(first, &fault) && fault.Reason == "" {
				t.Errorf("%s: a fault at %q without a reason", name, fault.Path)
			}
		}
	})
}
