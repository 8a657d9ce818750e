package sandbox

import "testing"

// What a person reads of every component, in the order in which Discord shows it.
func TestComponentText(t *testing.T) {
	t.Parallel()
	choice := obj{"label": "One", "description": "the first", "value": "1"}
	picture := obj{"media": obj{"url": "attachment://a.png"}, "description": "A chart"}
	labelled := func(component obj) obj {
		return obj{"type": typeLabel, "label": "Value", "description": "In words", "component": component}
	}
	for _, tt := range []struct {
		name      string
		component obj
		want      string
	}{
		{"text", obj{"type": typeText, "content": "# Talks\n\n  **Unchanged**  \n"}, "# Talks\n  **Unchanged**"},
		{"empty text", obj{"type": typeText, "content": ""}, ""},
		{"button", button("a"), "Press"},
		{"button with an emoji", obj{"type": typeButton, "emoji": obj{"name": "🔎"}, "label": "Sources"}, "🔎 Sources"},
		{"emoji alone", obj{"type": typeButton, "emoji": obj{"name": "🔎"}}, "🔎"},
		{"link", obj{"type": typeButton, "style": styleLink, "label": "Map", "url": "https://example.org/"}, "Map"},
		{"row", row(button("a"), with(button("b"), "label", "Again")), "Press\nAgain"},
		{"select", obj{"type": typeStringSelect, "placeholder": "Pick", "options": list{choice}}, "Pick\nOne\nthe first"},
		{"select of users", obj{"type": typeUserSelect, "placeholder": "Who"}, "Who"},
		{"select of roles", obj{"type": typeRoleSelect, "placeholder": "Which"}, "Which"},
		{"select of both", obj{"type": typeMentionSelect, "placeholder": "Either"}, "Either"},
		{"select of channels", obj{"type": typeChannelSelect, "placeholder": "Where"}, "Where"},
		{"section", obj{"type": typeSection, "components": list{display(1), display(2)}, "accessory": button("a")}, "ж\nжж\nPress"},
		{"section with a picture", obj{"type": typeSection, "components": list{display(1)}, "accessory": with(picture, "type", typeThumbnail)}, "ж\nA chart"},
		{"gallery", obj{"type": typeGallery, "items": list{picture, obj{"media": obj{}}, with(picture, "description", "A map")}}, "A chart\nA map"},
		{"file", obj{"type": typeFile, "file": obj{"url": "attachment://notes.txt"}}, "notes.txt"},
		{"separator", obj{"type": typeSeparator, "divider": true}, ""},
		{"container", obj{"type": typeContainer, "components": list{display(1), obj{"type": typeSeparator}, row(button("a"))}}, "ж\nPress"},
		{"label with an input", labelled(obj{"type": typeTextInput, "placeholder": "612", "value": "600"}), "Value\nIn words\n612\n600"},
		{"label with a select", labelled(obj{"type": typeStringSelect, "options": list{choice}}), "Value\nIn words\nOne\nthe first"},
		{"label with files", labelled(obj{"type": typeFileUpload}), "Value\nIn words"},
		{"label with radio buttons", labelled(obj{"type": typeRadioGroup, "options": list{choice}}), "Value\nIn words\nOne\nthe first"},
		{"label with checkboxes", labelled(obj{"type": typeCheckGroup, "options": list{choice, obj{"label": "Two"}}}), "Value\nIn words\nOne\nthe first\nTwo"},
		{"label with a checkbox", labelled(obj{"type": typeCheckbox}), "Value\nIn words"},
		{"input with a label of its own", row(obj{"type": typeTextInput, "label": "Value", "placeholder": "612"}), "Value\n612"},
		{"something that isn't known", obj{"type": 99, "content": "x"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tree := listOf(parsed(t, list{tt.component}))
			if got := messageText(&message{Flags: flagV2, Components: tree}); got != tt.want {
				t.Errorf("text = %q, want %q", got, tt.want)
			}
			want := "Form"
			if tt.want != "" {
				want += "\n" + tt.want
			}
			if got := modalText(obj{"title": "Form", "components": tree}); got != want {
				t.Errorf("in a modal = %q, want %q", got, want)
			}
		})
	}
}

func TestMessageText(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		m    message
		want string
	}{
		{"content", message{Content: "one\n\n  \ntwo  "}, "one\ntwo"},
		{"alt text of a file", message{Content: "x", Attachments: []attachment{{Filename: "a.png", Description: "A map"}}}, "x\nA map"},
		{"alt text of a card's file", message{Flags: flagV2, Attachments: []attachment{{Description: "not twice"}}, Components: list{display(1)}}, "ж"},
		{"embed", message{Embeds: list{obj{
			"author": obj{"name": "author"}, "title": "title", "description": "words", "image": obj{"description": "A chart"},
			"fields": list{obj{"name": "n", "value": "v"}, obj{"name": "m", "value": "w"}}, "footer": obj{"text": "foot"},
		}}}, "author\ntitle\nwords\nn\nv\nm\nw\nA chart\nfoot"},
		{"two embeds", message{Embeds: list{obj{"title": "one"}, obj{"title": "two"}}}, "one\ntwo"},
		{"hidden embed", message{Content: "x", Flags: flagSuppressEmbeds, Embeds: list{obj{"title": "title"}}}, "x"},
		{"all of it", message{
			Content: "words", Attachments: []attachment{{Description: "A map"}}, Embeds: list{obj{"title": "title"}}, Components: list{row(button("a"))},
		}, "words\nA map\ntitle\nPress"},
		{"nothing", message{}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := messageText(&tt.m); got != tt.want {
				t.Errorf("text = %q, want %q", got, tt.want)
			}
		})
	}
	if got, want := choicesText(list{obj{"name": "One", "value": 1}, obj{"name": "Two"}}), "One\nTwo"; got != want {
		t.Errorf("choices = %q, want %q", got, want)
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
