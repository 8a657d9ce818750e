package sandbox

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// faultsOf lists what a body was refused for as "path CODE", sorted.
func faultsOf(root *spot) []string {
	var list []string
	var walk func(s *spot, path string)
	walk = func(s *spot, path string) {
		for _, f := range s.faults {
			list = append(list, strings.TrimPrefix(path+" "+f.Code, "."))
		}
		for key, kid := range s.kids {
			walk(kid, path+"."+key)
		}
	}
	walk(root, "")
	slices.Sort(list)
	return list
}

type obj = map[string]any

type list = []any

// parsed is a value as it comes out of a request.
func parsed(t *testing.T, v any) any {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := decodeNumbers(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func letters(n int) string { return strings.Repeat("ж", n) }

func display(n int) obj { return obj{"type": typeText, "content": letters(n)} }

func button(id string) obj {
	return obj{"type": typeButton, "style": 1, "label": "Press", "custom_id": id}
}

func row(items ...any) obj { return obj{"type": typeRow, "components": items} }

func many(n int, item func(i int) any) list {
	out := list{}
	for i := range n {
		out = append(out, item(i))
	}
	return out
}

func v2(components ...any) obj { return obj{"flags": flagV2, "components": components} }

func embedded(key string, n int) obj { return obj{"embeds": list{obj{key: letters(n)}}} }

func selectOf(options int) obj {
	return obj{"type": typeStringSelect, "custom_id": "s", "options": many(options, func(i int) any {
		return obj{"label": "L", "value": fmt.Sprint(i)}
	})}
}

func TestJudgeMessage(t *testing.T) {
	t.Parallel()
	field25 := func(n int) obj {
		return obj{"embeds": list{obj{"fields": many(n, func(int) any { return obj{"name": "n", "value": "v"} })}}}
	}
	for _, tt := range []struct {
		name string
		body obj
		want []string
	}{
		{"content of 2000", obj{"content": letters(2000)}, nil},
		{"content of 2001", obj{"content": letters(2001)}, []string{"content BASE_TYPE_MAX_LENGTH"}},
		{"embed title of 256", embedded("title", 256), nil},
		{"embed title of 257", embedded("title", 257), []string{"embeds.0.title BASE_TYPE_MAX_LENGTH"}},
		{"embed description of 4096", embedded("description", 4096), nil},
		{"embed description of 4097", embedded("description", 4097), []string{"embeds.0.description BASE_TYPE_MAX_LENGTH"}},
		{"25 fields", field25(25), nil},
		{"26 fields", field25(26), []string{"embeds.0.fields BASE_TYPE_MAX_LENGTH"}},
		{"embeds of 6000", obj{"embeds": list{obj{"description": letters(3000)}, obj{"description": letters(3000)}}}, nil},
		{"embeds of 6001", obj{"embeds": list{obj{"description": letters(3000)}, obj{"description": letters(3001)}}}, []string{"embeds.1 MAX_EMBED_SIZE_EXCEEDED"}},
		{"unknown key", obj{"content": "x", "contnet": "x"}, []string{"contnet UNKNOWN_KEY"}},
		{"what clients send empty", obj{"content": "x", "embeds": nil, "components": nil, "attachments": list{}}, nil},
		{"unknown flag", obj{"content": "x", "flags": 1 << 3}, []string{"flags MESSAGE_FLAGS_INVALID"}},
		{"ephemeral outside an interaction", obj{"content": "x", "flags": flagEphemeral}, []string{"flags MESSAGE_FLAGS_INVALID"}},
		{"both mention rules", obj{"content": "x", "allowed_mentions": obj{"parse": list{"users"}, "users": list{"123"}}}, []string{"allowed_mentions MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"}},
		{"display of 4000", v2(display(4000)), nil},
		{"displays of 4001", v2(display(4000), display(1)), []string{"components COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"}},
		{"40 components", v2(many(40, func(int) any { return display(1) })...), nil},
		{"41 components", v2(many(41, func(int) any { return display(1) })...), []string{"components COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"}},
		{"41 with nested ones", v2(obj{"type": typeContainer, "components": many(40, func(int) any { return display(1) })}), []string{"components COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"}},
		{"V2 with empty content", obj{"flags": flagV2, "content": "", "embeds": nil, "components": list{display(1)}}, nil},
		{"V2 with content", obj{"flags": flagV2, "content": "x", "components": list{display(1)}}, []string{"content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"}},
		{"V2 part without the flag", obj{"components": list{display(1)}}, []string{"components.0.type UNION_TYPE_CHOICES"}},
		{"5 rows", obj{"components": many(5, func(i int) any { return row(button(fmt.Sprint(i))) })}, nil},
		{"6 rows", obj{"components": many(6, func(i int) any { return row(button(fmt.Sprint(i))) })}, []string{"components BASE_TYPE_BAD_LENGTH"}},
		{"5 buttons", obj{"components": list{row(many(5, func(i int) any { return button(fmt.Sprint(i)) })...)}}, nil},
		{"6 buttons", obj{"components": list{row(many(6, func(i int) any { return button(fmt.Sprint(i)) })...)}}, []string{"components.0.components BASE_TYPE_BAD_LENGTH"}},
		{"button and select in a row", obj{"components": list{row(button("a"), selectOf(1))}}, []string{"components.0.components.1 COMPONENT_LAYOUT_WIDTH_EXCEEDED"}},
		{"same custom_id twice", obj{"components": list{row(button("a"), button("a"))}}, []string{"components.0.components.1.custom_id COMPONENT_CUSTOM_ID_DUPLICATED"}},
		{"button without custom_id", obj{"components": list{row(obj{"type": 2, "style": 1, "label": "x"})}}, []string{"components.0.components.0.custom_id BASE_TYPE_REQUIRED"}},
		{"link without url", obj{"components": list{row(obj{"type": 2, "style": 5, "label": "x"})}}, []string{"components.0.components.0.url BASE_TYPE_REQUIRED"}},
		{"link with custom_id", obj{"components": list{row(obj{"type": 2, "style": 5, "label": "x", "url": "https://example.org/", "custom_id": "a"})}}, []string{"components.0.components.0.custom_id BUTTON_COMPONENT_FIELD_MUTUALLY_EXCLUSIVE"}},
		{"25 options", obj{"components": list{row(selectOf(25))}}, nil},
		{"26 options", obj{"components": list{row(selectOf(26))}}, []string{"components.0.components.0.options BASE_TYPE_BAD_LENGTH"}},
		{"container in a container", v2(obj{"type": typeContainer, "components": list{obj{"type": typeContainer, "components": list{display(1)}}}}), []string{"components.0.components.0.type UNION_TYPE_CHOICES"}},
		{"section without accessory", v2(obj{"type": typeSection, "components": list{display(1)}}), []string{"components.0.accessory BASE_TYPE_REQUIRED"}},
		{"picture that wasn't sent", v2(obj{"type": typeGallery, "items": list{obj{"media": obj{"url": "attachment://a.png"}}}}), []string{"components.0.items.0.media.url UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"}},
		{"several faults at once", obj{"content": 5, "embeds": list{obj{"title": letters(257), "colour": 1}}}, []string{
			"content STRING_TYPE_CONVERT", "embeds.0.colour UNKNOWN_KEY", "embeds.0.title BASE_TYPE_MAX_LENGTH",
		}},
		{"what isn't there at all", obj{"attachments": list{obj{"id": "0"}}}, []string{"attachments.0.id ATTACHMENT_NOT_FOUND"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := &draft{at: &spot{}, body: objectOf(parsed(t, tt.body)), flags: messageFlags}
			judgeMessage(d)
			if got := faultsOf(d.at); !slices.Equal(got, tt.want) {
				t.Errorf("faults = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestJudgeCommand(t *testing.T) {
	t.Parallel()
	with := func(key string, v any) obj { o := slash("talks"); o[key] = v; return o }
	text := func(name string) obj { return obj{"type": optionText, "name": name, "description": "d"} }
	options := func(items ...any) obj { return with("options", list(items)) }
	choices := func(n, length int) obj {
		o := text("a")
		o["choices"] = many(n, func(i int) any { return obj{"name": "n", "value": fmt.Sprintf("%0*d", length, i)} })
		return options(o)
	}
	required := text("b")
	required["required"] = true
	sized := func(n int) obj {
		return with("options", many(n, func(i int) any {
			return obj{"type": optionSub, "name": fmt.Sprint(i), "description": letters(100), "options": many(25, func(j int) any {
				return obj{"type": optionText, "name": fmt.Sprint("o", j), "description": letters(97)}
			})}
		}))
	}
	for _, tt := range []struct {
		name string
		body obj
		want []string
	}{
		{"plain", slash("talks"), nil},
		{"name of 32", slash(letters(32)), nil},
		{"name of 33", slash(letters(33)), []string{"name APPLICATION_COMMAND_INVALID_NAME", "name BASE_TYPE_BAD_LENGTH"}},
		{"upper case", slash("Talks"), []string{"name APPLICATION_COMMAND_INVALID_NAME"}},
		{"space", slash("the talks"), []string{"name APPLICATION_COMMAND_INVALID_NAME"}},
		{"no description", with("description", ""), []string{"description BASE_TYPE_REQUIRED"}},
		{"description of 101", with("description", letters(101)), []string{"description BASE_TYPE_MAX_LENGTH"}},
		{"message command", obj{"type": 3, "name": "Brief this"}, nil},
		{"message command with a description", obj{"type": 3, "name": "Brief this", "description": "x"}, []string{"description APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_FORBIDDEN"}},
		{"25 options", with("options", many(25, func(i int) any { return text(fmt.Sprint(i)) })), nil},
		{"26 options", with("options", many(26, func(i int) any { return text(fmt.Sprint(i)) })), []string{"options BASE_TYPE_MAX_LENGTH"}},
		{"required after optional", options(text("a"), required), []string{"options.1 APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"}},
		{"same name twice", options(text("a"), text("a")), []string{"options.1.name APPLICATION_COMMAND_OPTIONS_NAME_NOT_UNIQUE"}},
		{"25 choices", choices(25, 100), nil},
		{"26 choices", choices(26, 2), []string{"options.0.choices BASE_TYPE_MAX_LENGTH"}},
		{"choice of 101", choices(1, 101), []string{"options.0.choices.0.value BASE_TYPE_MAX_LENGTH"}},
		{"known locale", with("name_localizations", obj{"uk": "розмови"}), nil},
		{"unknown locale", with("name_localizations", obj{"ar": "x"}), []string{"name_localizations.ar APPLICATION_COMMAND_UNKNOWN_LOCALE"}},
		{"permissions as text", with("default_member_permissions", "8192"), nil},
		{"permissions as number", with("default_member_permissions", 8192), nil},
		{"permissions as words", with("default_member_permissions", "manage"), []string{"default_member_permissions BIT_FLAG_TYPE_COERCE"}},
		{"what discordgo leaves empty", options(obj{"type": 3, "name": "a", "description": "d", "channel_types": nil, "options": nil, "choices": nil, "required": false, "autocomplete": false}), nil},
		{"subcommand beside an option", options(obj{"type": 1, "name": "a", "description": "d"}, text("b")), []string{"options APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"}},
		{"subcommand in a subcommand", options(obj{"type": 1, "name": "a", "description": "d", "options": list{obj{"type": 1, "name": "b", "description": "d"}}}), []string{"options.0.options.0.type APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"}},
		{"just small enough", sized(3), nil},
		{"too large", sized(4), []string{" APPLICATION_COMMAND_TOO_LARGE"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			root := &spot{}
			judgeCommand(root, parsed(t, tt.body), true)
			if got := faultsOf(root); !slices.Equal(got, tt.want) {
				t.Errorf("faults = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestJudgeModal(t *testing.T) {
	t.Parallel()
	input := obj{"type": typeTextInput, "custom_id": "v", "style": 1}
	label := func(child obj) obj { return obj{"type": typeLabel, "label": "Value", "component": child} }
	modal := func(components ...any) obj { return obj{"custom_id": "m", "title": "T", "components": components} }
	labelled := obj{"type": typeTextInput, "custom_id": "v", "style": 1, "label": "x"}
	titled := func(n int) obj { m := modal(label(input)); m["title"] = letters(n); return m }
	for _, tt := range []struct {
		name string
		body obj
		want []string
	}{
		{"title of 45", titled(45), nil},
		{"title of 46", titled(46), []string{"title BASE_TYPE_BAD_LENGTH"}},
		{"5 parts", modal(many(5, func(i int) any { return obj{"type": typeText, "content": "x"} })...), nil},
		{"6 parts", modal(many(6, func(i int) any { return obj{"type": typeText, "content": "x"} })...), []string{"components BASE_TYPE_BAD_LENGTH"}},
		{"label inside a label", modal(label(labelled)), []string{"components.0.component.label COMPONENT_LABEL_IN_LABEL"}},
		{"row with a labelled input", modal(row(labelled)), nil},
		{"row with a bare input", modal(row(input)), []string{"components.0.components.0.label BASE_TYPE_REQUIRED"}},
		{"button", modal(row(button("a"))), []string{"components.0.components.0.type UNION_TYPE_CHOICES"}},
		{"disabled select", modal(label(obj{"type": 5, "custom_id": "u", "disabled": true})), []string{"components.0.component.disabled COMPONENT_DISABLED_IN_MODAL"}},
		{"one radio", modal(label(obj{"type": 21, "custom_id": "r", "options": list{obj{"label": "a", "value": "a"}}})), []string{"components.0.component.options BASE_TYPE_BAD_LENGTH"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			root := &spot{}
			judgeModal(root, parsed(t, tt.body))
			if got := faultsOf(root); !slices.Equal(got, tt.want) {
				t.Errorf("faults = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestFaultTreeIsDiscords(t *testing.T) {
	t.Parallel()
	root := &spot{}
	root.at("data").at("components").index(0).fail("BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", 4000)
	raw, err := json.Marshal(root.err())
	if err != nil {
		t.Fatal(err)
	}
	want := `{"code":50035,"message":"Invalid Form Body","errors":{"data":{"components":{"0":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"Must be 4000 or fewer in length."}]}}}}}`
	if string(raw) != want {
		t.Errorf("error = %s, want %s", raw, want)
	}
}
