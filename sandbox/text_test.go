package sandbox

import "testing"

func TestMessageText(t *testing.T) {
	t.Parallel()
	gallery := obj{"type": typeGallery, "items": list{obj{"media": obj{"url": "attachment://a.png"}, "description": "A chart"}}}
	for _, tt := range []struct {
		name string
		m    message
		want string
	}{
		{"content", message{Content: "one\n\n  \ntwo  "}, "one\ntwo"},
		{"alt text of a file", message{Content: "x", Attachments: []attachment{{Filename: "a.png", Description: "A map"}}}, "x\nA map"},
		{"embed", message{Embeds: list{obj{
			"author": obj{"name": "author"}, "title": "title", "description": "words",
			"fields": list{obj{"name": "n", "value": "v"}}, "footer": obj{"text": "foot"},
		}}}, "author\ntitle\nwords\nn\nv\nfoot"},
		{"hidden embed", message{Content: "x", Flags: flagSuppressEmbeds, Embeds: list{obj{"title": "title"}}}, "x"},
		{"V2 in reading order", message{Flags: flagV2, Attachments: []attachment{{Description: "not twice"}}, Components: list{
			obj{"type": typeContainer, "components": list{
				obj{"type": typeSection, "components": list{display(1)}, "accessory": button("a")},
				obj{"type": typeSeparator},
				gallery,
				row(obj{"type": typeButton, "emoji": obj{"name": "🔎"}, "label": "Sources"}),
			}},
		}}, "ж\nPress\nA chart\n🔎 Sources"},
		{"select", message{Components: list{row(obj{"type": typeStringSelect, "placeholder": "Pick", "options": list{
			obj{"label": "One", "description": "the first", "value": "1"},
		}})}}, "Pick\nOne\nthe first"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := messageText(&tt.m); got != tt.want {
				t.Errorf("text = %q, want %q", got, tt.want)
			}
		})
	}
	modal := obj{"title": "A figure", "components": list{obj{"type": typeLabel, "label": "Value", "description": "In words", "component": obj{
		"type": typeTextInput, "placeholder": "612", "value": "600",
	}}}}
	if got, want := modalText(modal), "A figure\nValue\nIn words\n612\n600"; got != want {
		t.Errorf("modal text = %q, want %q", got, want)
	}
}

func TestMentions(t *testing.T) {
	t.Parallel()
	const text = "<@1> <@!2> <@&3> @everyone"
	for _, tt := range []struct {
		name            string
		allowed         any
		parseAll        bool
		users, roles    int
		mentionEveryone bool
	}{
		{"a bot's message", nil, true, 2, 1, true},
		{"an interaction's answer", nil, false, 2, 0, false},
		{"nobody", obj{"parse": list{}}, true, 0, 0, false},
		{"one by id", obj{"parse": list{}, "users": list{"2"}}, true, 1, 0, false},
		{"roles", obj{"parse": list{"roles"}}, false, 0, 1, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, m := range []*message{{Content: text}, {Components: list{obj{"type": typeText, "content": text}}}} {
				mention(m, obj{"allowed_mentions": tt.allowed}, tt.parseAll)
				if len(m.Mentions) != tt.users || len(m.Roles) != tt.roles || m.Everyone != tt.mentionEveryone {
					t.Errorf("mentions = %v, %v, %t, want %d users, %d roles, %t", m.Mentions, m.Roles, m.Everyone, tt.users, tt.roles, tt.mentionEveryone)
				}
			}
		})
	}
}

func TestCleanFilename(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"a chart.png": "a_chart.png", "../../etc/passwd": "_.._etc_passwd", "": "file", "...": "file",
		"карта.png": "_____.png", `a"b\c.txt`: "a_b_c.txt",
	} {
		if got := cleanFilename(name); got != want {
			t.Errorf("cleanFilename(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestTokenless(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/interactions/1/secret/callback":          "/interactions/1/…/callback",
		"/webhooks/1/secret":                       "/webhooks/1/…",
		"/webhooks/1/secret/messages/@original":    "/webhooks/1/…/messages/@original",
		"/api/v10/webhooks/1/secret/messages/2":    "/api/v10/webhooks/1/…/messages/2",
		"/channels/1/messages":                     "/channels/1/messages",
		"/api/v10/interactions/1/secret/callback/": "/api/v10/interactions/1/…/callback/",
	} {
		if got := tokenless(path); got != want {
			t.Errorf("tokenless(%q) = %q, want %q", path, got, want)
		}
	}
}
