package sandbox

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// heard connects a bot that answers everything, and hands out what it was sent.
func (s *stand) heard() chan obj {
	s.t.Helper()
	seen := make(chan obj, 64) // more than any test leaves unread
	s.answering(func(i obj) obj {
		seen <- i
		switch intOf(i["type"]) {
		case interactionAutocomplete:
			return obj{"type": answerChoices, "data": obj{"choices": list{}}}
		case interactionComponent:
			return obj{"type": answerDeferredUpdate}
		}
		return says("ok")
	})
	return seen
}

// option is the one option of an interaction's data, however deep it lies.
func optionOf(data any) obj {
	list := listOf(objectOf(data)["options"])
	if len(list) == 0 {
		return nil
	}
	if o := objectOf(list[0]); o["options"] != nil {
		return optionOf(o)
	}
	return objectOf(list[0])
}

func sortedKeys(v any) string {
	var keys []string
	for key := range objectOf(v) {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return strings.Join(keys, " ")
}

func TestOptionsOfEveryType(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	seen := s.heard()
	picked := list{obj{"name": "Kyiv", "value": "ua"}}
	numbers := list{obj{"name": "One", "value": 1}, obj{"name": "Two", "value": 2}}
	reader, digests, moderator := s.userID("reader"), s.channelID("digests"), s.roleID("Moderator")
	for _, tt := range []struct {
		name     string
		option   obj
		value    any
		want     any    // nil wants 400
		resolved string // the kinds of things that are told with it
	}{
		{"text", plainOption(optionText), "energy", "energy", ""},
		{"text of the least length", plainOption(optionText, "min_length", 2), letters(2), letters(2), ""},
		{"text under the least length", plainOption(optionText, "min_length", 2), letters(1), nil, ""},
		{"text of the greatest length", plainOption(optionText, "max_length", 2), letters(2), letters(2), ""},
		{"text over the greatest length", plainOption(optionText, "max_length", 2), letters(3), nil, ""},
		{"text of 6000", plainOption(optionText), letters(6000), letters(6000), ""},
		{"text of 6001", plainOption(optionText), letters(6001), nil, ""},
		{"required and empty", plainOption(optionText, "required", true), "", nil, ""},
		{"a number for a text", plainOption(optionText), 5, nil, ""},
		{"a choice by its value", plainOption(optionText, "choices", picked), "ua", "ua", ""},
		{"a choice by its name", plainOption(optionText, "choices", picked), "Kyiv", "ua", ""},
		{"no choice", plainOption(optionText, "choices", picked), "fr", nil, ""},
		{"a whole number", plainOption(optionWhole), 7, 7.0, ""},
		{"a whole number as it's typed", plainOption(optionWhole), "7", 7.0, ""},
		{"a fraction", plainOption(optionWhole), 7.5, nil, ""},
		{"a word", plainOption(optionWhole), "seven", nil, ""},
		{"no number at all", plainOption(optionWhole), "NaN", nil, ""},
		{"infinitely many", plainOption(optionNumber), "Inf", nil, ""},
		{"truth for a number", plainOption(optionWhole), true, nil, ""},
		{"the greatest whole number", plainOption(optionWhole), "9007199254740992", 9007199254740992.0, ""},
		{"over the greatest", plainOption(optionWhole), "9007199254740994", nil, ""},
		{"at the least", plainOption(optionWhole, "min_value", 3), 3, 3.0, ""},
		{"under the least", plainOption(optionWhole, "min_value", 3), 2, nil, ""},
		{"at the most", plainOption(optionNumber, "max_value", 3.5), 3.5, 3.5, ""},
		{"over the most", plainOption(optionNumber, "max_value", 3.5), 3.6, nil, ""},
		{"a number's choice by its value", plainOption(optionWhole, "choices", numbers), 2, 2.0, ""},
		{"a number's choice by its name", plainOption(optionWhole, "choices", numbers), "Two", 2.0, ""},
		{"no number's choice", plainOption(optionWhole, "choices", numbers), 3, nil, ""},
		{"true", plainOption(optionTruth), true, true, ""},
		{"false", plainOption(optionTruth), false, false, ""},
		{"nearly true", plainOption(optionTruth), "true", nil, ""},
		{"a member by name", plainOption(optionUser), "reader", reader, "members users"},
		{"a member as mentioned", plainOption(optionUser), "@reader", reader, "members users"},
		{"a member by id", plainOption(optionUser), reader, reader, "members users"},
		{"nobody", plainOption(optionUser), "nobody", nil, ""},
		{"a role for a member", plainOption(optionUser), "Moderator", nil, ""},
		{"a number for a member", plainOption(optionUser), 5, nil, ""},
		{"a channel by name", plainOption(optionChannel), "digests", digests, "channels"},
		{"a channel as mentioned", plainOption(optionChannel), "#digests", digests, "channels"},
		{"a channel by id", plainOption(optionChannel), digests, digests, "channels"},
		{"a channel that is hidden", plainOption(optionChannel), "moderators", nil, ""},
		{"no channel", plainOption(optionChannel), "nowhere", nil, ""},
		{"a channel of the kind", plainOption(optionChannel, "channel_types", list{0}), "digests", digests, "channels"},
		{"a channel of another kind", plainOption(optionChannel, "channel_types", list{5}), "digests", nil, ""},
		{"a role", plainOption(optionRole), "Moderator", moderator, "roles"},
		{"a role as mentioned", plainOption(optionRole), "@Moderator", moderator, "roles"},
		{"a member for a role", plainOption(optionRole), "reader", nil, ""},
		{"either: a member", plainOption(optionMention), "reader", reader, "members users"},
		{"either: a role", plainOption(optionMention), "Moderator", moderator, "roles"},
		{"either: neither", plainOption(optionMention), "digests", nil, ""},
		{"not base64", plainOption(optionAttachment), obj{"filename": "a.txt", "base64": "!"}, nil, ""},
		{"a file without a name", plainOption(optionAttachment), obj{"base64": "eA=="}, nil, ""},
		{"a text for a file", plainOption(optionAttachment), "a.txt", nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s.register(slash("c", tt.option))
			status, got := s.send("POST", "/sandbox/interactions", "", obj{"user": "reader", "command": "c", "options": obj{"a": tt.value}})
			if tt.want == nil {
				if status != 400 || got["field"] != "options.a" {
					t.Errorf("%d %v, want 400 about options.a", status, got)
				}
				return
			}
			if status != 200 || got["error"] != nil {
				t.Fatalf("%d %v, want it sent", status, got)
			}
			data := objectOf((<-seen)["data"])
			if o := optionOf(data); o["value"] != tt.want || intOf(o["type"]) != intOf(parsed(t, tt.option["type"])) {
				t.Errorf("option = %v, want %v", o, tt.want)
			}
			if kinds := sortedKeys(data["resolved"]); kinds != tt.resolved {
				t.Errorf("resolved are %q, want %q", kinds, tt.resolved)
			}
		})
	}
}

func (s *stand) roleID(name string) string {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.namedRole(s.state.guildList()[0], name)
	if err != nil {
		s.t.Fatal(err)
	}
	return r.ID
}

func TestAttachedFiles(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	seen := s.heard()
	s.register(slash("import", plainOption(optionAttachment, "required", true)))
	file := obj{"filename": "a chart.txt", "base64": base64.StdEncoding.EncodeToString([]byte("one, two"))}
	if got := s.control("POST", "interactions", obj{"user": "moderator", "command": "import", "options": obj{"a": file}}); got["error"] != nil {
		t.Fatalf("outcome = %v, want it sent", got)
	}
	data := objectOf((<-seen)["data"])
	id := textOf(optionOf(data)["value"])
	a := objectOf(objectOf(objectOf(data["resolved"])["attachments"])[id])
	if a["filename"] != "a_chart.txt" || a["ephemeral"] != true || intOf(a["size"]) != 8 {
		t.Errorf("attachment = %v, want the chart", a)
	}
	if _, raw := s.fetched(textOf(a["url"])); raw != "one, two" {
		t.Errorf("the file came back as %q", raw)
	}
	big := obj{"filename": "a.txt", "base64": base64.StdEncoding.EncodeToString(make([]byte, maxFile+1))}
	for field, v := range map[string]any{"options.a": big, "options.b": file} {
		key := strings.TrimPrefix(field, "options.")
		status, got := s.send("POST", "/sandbox/interactions", "", obj{"user": "moderator", "command": "import", "options": obj{key: v}})
		if status != 400 || got["field"] != field {
			t.Errorf("%s: %d %v, want 400 about it", field, status, got)
		}
	}
}

func TestAutocompletePayload(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	seen := s.heard()
	s.register(slash("actors",
		obj{"type": optionSub, "name": "find", "description": "d", "options": list{
			plainOption(optionText, "name", "who", "autocomplete", true, "required", true),
			plainOption(optionWhole, "name", "year", "autocomplete", true),
			plainOption(optionText, "name", "side"),
		}},
	))
	for _, tt := range []struct {
		name    string
		options obj
		focused string
		want    string
		field   string
	}{
		{"nothing typed", obj{}, "who", `[{"focused":true,"name":"who","type":3,"value":""}]`, ""},
		{"something typed", obj{"who": "Bud"}, "who", `[{"focused":true,"name":"who","type":3,"value":"Bud"}]`, ""},
		{"beside others", obj{"who": "Bud", "side": "x"}, "who", `[{"focused":true,"name":"who","type":3,"value":"Bud"},{"name":"side","type":3,"value":"x"}]`, ""},
		{"a number half typed", obj{"year": "20"}, "year", `[{"focused":true,"name":"year","type":4,"value":"20"}]`, ""},
		{"a number", obj{"year": 2026}, "year", `[{"focused":true,"name":"year","type":4,"value":"2026"}]`, ""},
		{"what isn't completed", obj{"side": "x"}, "side", "", "focused"},
		{"what isn't there", obj{}, "when", "", "focused"},
		{"another option that isn't right", obj{"who": "Bud", "year": "x"}, "who", "", "options.year"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, got := s.send("POST", "/sandbox/interactions", "", obj{
				"user": "reader", "command": "/actors find", "options": tt.options, "focused": tt.focused,
			})
			if tt.field != "" {
				if status != 400 || got["field"] != tt.field {
					t.Errorf("%d %v, want 400 about %s", status, got, tt.field)
				}
				return
			}
			if status != 200 || got["kind"] != "choices" || len(listOf(got["choices"])) != 0 {
				t.Fatalf("%d %v, want no choices", status, got)
			}
			sub := objectOf(listOf(objectOf((<-seen)["data"])["options"])[0])
			raw, err := json.Marshal(sub["options"])
			if err != nil {
				t.Fatal(err)
			}
			if string(raw) != tt.want {
				t.Errorf("options = %s, want %s", raw, tt.want)
			}
		})
	}
}
