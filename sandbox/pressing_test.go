package sandbox

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"testing"
)

// pressable posts a message with a component of every kind and returns its id.
func (s *stand) pressable() string {
	s.t.Helper()
	choice := func(typ int, id string, pairs ...any) obj {
		return row(with(obj{"type": typ, "custom_id": id}, pairs...))
	}
	status, posted := s.bot("POST", "/channels/"+s.channelID("briefings")+"/messages", v2(
		row(with(button("go"), "id", 7), with(button("off"), "disabled", true)),
		obj{"type": typeSection, "components": list{display(1)}, "accessory": button("beside")},
		obj{"type": typeContainer, "components": list{row(button("inside"))}},
		row(with(selectOf(3), "custom_id", "one")), row(with(selectOf(3), "custom_id", "some", "min_values", 0, "max_values", 2)),
		choice(typeUserSelect, "user"), choice(typeRoleSelect, "role"), choice(typeMentionSelect, "either", "max_values", 2),
		choice(typeChannelSelect, "channel", "channel_types", list{0}),
	))
	if status != 200 {
		s.t.Fatalf("posting: %d %v, want 200", status, posted)
	}
	return textOf(posted["id"])
}

func TestPresses(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	seen := s.heard()
	message := s.pressable()
	reader, moderator, digests := s.userID("reader"), s.roleID("Moderator"), s.channelID("digests")
	for _, tt := range []struct {
		name     string
		id       string
		values   list
		want     string // the data, or "" for what can't be done
		resolved string
		field    string
	}{
		{"a button", "go", nil, `{"component_type":2,"custom_id":"go","id":7}`, "", ""},
		{"a button beside a text", "beside", nil, `{"component_type":2,"custom_id":"beside"}`, "", ""},
		{"a button in a container", "inside", nil, `{"component_type":2,"custom_id":"inside"}`, "", ""},
		{"a disabled button", "off", nil, "", "", "custom_id"},
		{"a button with a value", "go", list{"1"}, "", "", "values"},
		{"no such button", "none", nil, "", "", "custom_id"},
		{"one option", "one", list{"2"}, `{"component_type":3,"custom_id":"one","values":["2"]}`, "", ""},
		{"no option", "one", nil, "", "", "values"},
		{"two options of one", "one", list{"1", "2"}, "", "", "values"},
		{"an option that isn't there", "one", list{"3"}, "", "", "values"},
		{"none of some", "some", list{}, `{"component_type":3,"custom_id":"some","values":[]}`, "", ""},
		{"two of some", "some", list{"0", "2"}, `{"component_type":3,"custom_id":"some","values":["0","2"]}`, "", ""},
		{"three of some", "some", list{"0", "1", "2"}, "", "", "values"},
		{"a member", "user", list{"reader"}, `{"component_type":5,"custom_id":"user","values":["` + reader + `"]}`, "members users", ""},
		{"a role for a member", "user", list{"Moderator"}, "", "", "values"},
		{"a role", "role", list{"Moderator"}, `{"component_type":6,"custom_id":"role","values":["` + moderator + `"]}`, "roles", ""},
		{"a member and a role", "either", list{"reader", "Moderator"}, `{"component_type":7,"custom_id":"either","values":["` + reader + `","` + moderator + `"]}`, "members roles users", ""},
		{"a channel", "channel", list{"digests"}, `{"component_type":8,"custom_id":"channel","values":["` + digests + `"]}`, "channels", ""},
		{"a hidden channel", "channel", list{"moderators"}, "", "", "values"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			act := obj{"user": "reader", "message": message, "custom_id": tt.id, "wait_ms": 0}
			if tt.values != nil {
				act["values"] = tt.values
			}
			status, got := s.send("POST", "/sandbox/interactions", "", act)
			if tt.want == "" {
				if status != 400 || got["field"] != tt.field {
					t.Errorf("%d %v, want 400 about %s", status, got, tt.field)
				}
				return
			}
			if status != 200 || got["error"] != nil || got["kind"] != "update" {
				t.Fatalf("%d %v, want an update", status, got)
			}
			i := <-seen
			data := objectOf(i["data"])
			if kinds := sortedKeys(data["resolved"]); kinds != tt.resolved {
				t.Errorf("resolved are %q, want %q", kinds, tt.resolved)
			}
			raw, err := json.Marshal(without(data, "resolved"))
			if err != nil {
				t.Fatal(err)
			}
			if string(raw) != tt.want {
				t.Errorf("data = %s, want %s", raw, tt.want)
			}
			if objectOf(i["message"])["id"] != message {
				t.Errorf("message = %v, want the one that was pressed", i["message"])
			}
		})
	}
}

// everyField is a modal with a field of each kind, filled in as far as that goes.
func everyField() obj {
	label := func(text string, component obj) obj {
		return obj{"type": typeLabel, "label": text, "component": component}
	}
	boxes := func(chosen ...int) list {
		return many(3, func(i int) any {
			o := obj{"label": "L", "value": fmt.Sprint(i)}
			for _, c := range chosen {
				if c == i {
					o["default"] = true
				}
			}
			return o
		})
	}
	return obj{"custom_id": "m", "title": "Everything", "components": list{
		label("Words", obj{"type": typeTextInput, "custom_id": "words", "style": 2, "value": "before", "min_length": 3, "max_length": 8}),
		label("Pick", obj{"type": typeStringSelect, "custom_id": "pick", "options": boxes(1)}),
		label("One", obj{"type": typeRadioGroup, "custom_id": "one", "options": boxes(2)}),
		label("Some", obj{"type": typeCheckGroup, "custom_id": "some", "options": boxes(0, 2), "required": false}),
		label("Sure", obj{"type": typeCheckbox, "custom_id": "sure", "default": true}),
	}}
}

func moreFields() obj {
	label := func(component obj) obj { return obj{"type": typeLabel, "label": "L", "component": component} }
	return obj{"custom_id": "m", "title": "More", "components": list{
		obj{"type": typeText, "content": "Read this"},
		row(obj{"type": typeTextInput, "custom_id": "old", "style": 1, "label": "Old", "required": false}),
		label(obj{"type": typeUserSelect, "custom_id": "who", "required": false}),
		label(obj{"type": typeFileUpload, "custom_id": "file", "required": false, "max_values": 2}),
		label(obj{"type": typeRadioGroup, "custom_id": "none", "required": false, "options": list{obj{"label": "A", "value": "a"}, obj{"label": "B", "value": "b"}}}),
	}}
}

func TestModalSubmissions(t *testing.T) {
	t.Parallel()
	file := obj{"filename": "a.txt", "base64": base64.StdEncoding.EncodeToString([]byte("x"))}
	type fields = obj
	for _, tt := range []struct {
		name  string
		modal obj
		given fields
		want  fields // values by field, of those the case is about
		field string
	}{
		{"all as it was", everyField(), nil, fields{"words": "before", "pick": list{"1"}, "one": "2", "some": list{"0", "2"}, "sure": true}, ""},
		{"one changed, the rest kept", everyField(), fields{"words": "after"}, fields{"words": "after", "pick": list{"1"}, "one": "2", "sure": true}, ""},
		{
			"all changed", everyField(),
			fields{"words": "after", "pick": list{"0"}, "one": "0", "some": list{"1"}, "sure": false},
			fields{"words": "after", "pick": list{"0"}, "one": "0", "some": list{"1"}, "sure": false},
			"",
		},
		{"one choice without a list", everyField(), fields{"pick": "0"}, fields{"pick": list{"0"}}, ""},
		{"none of some", everyField(), fields{"some": list{}}, fields{"some": list{}}, ""},
		{"null for some", everyField(), fields{"some": nil}, fields{"some": list{}}, ""},
		{"a field that isn't there", everyField(), fields{"word": "x"}, nil, "fields.word"},
		{"a field without a name", everyField(), fields{"": "x"}, nil, "fields."},
		{"the modal's own name", everyField(), fields{"m": "x"}, nil, "fields.m"},
		{"required and emptied", everyField(), fields{"words": ""}, nil, "fields.words"},
		{"too short", everyField(), fields{"words": "ab"}, nil, "fields.words"},
		{"as short as may be", everyField(), fields{"words": "abc"}, fields{"words": "abc"}, ""},
		{"as long as may be", everyField(), fields{"words": letters(8)}, fields{"words": letters(8)}, ""},
		{"too long", everyField(), fields{"words": letters(9)}, nil, "fields.words"},
		{"a number for words", everyField(), fields{"words": 612}, nil, "fields.words"},
		{"null for words", everyField(), fields{"words": nil}, nil, "fields.words"},
		{"nothing picked", everyField(), fields{"pick": list{}}, nil, "fields.pick"},
		{"two picked of one", everyField(), fields{"pick": list{"0", "1"}}, nil, "fields.pick"},
		{"what can't be picked", everyField(), fields{"pick": "9"}, nil, "fields.pick"},
		{"a number picked", everyField(), fields{"pick": list{1}}, nil, "fields.pick"},
		{"no radio button", everyField(), fields{"one": nil}, nil, "fields.one"},
		{"a radio button that isn't there", everyField(), fields{"one": "9"}, nil, "fields.one"},
		{"a checkbox ticked by a word", everyField(), fields{"sure": "yes"}, nil, "fields.sure"},

		{"nothing that was optional", moreFields(), nil, fields{"old": "", "who": list{}, "file": list{}, "none": nil}, ""},
		{"an input in a row", moreFields(), fields{"old": "new"}, fields{"old": "new"}, ""},
		{"a radio button after all", moreFields(), fields{"none": "b"}, fields{"none": "b"}, ""},
		{"nobody", moreFields(), fields{"who": "nobody"}, nil, "fields.who"},
		{"a text for a file", moreFields(), fields{"file": list{"a.txt"}}, nil, "fields.file"},
		{"three files of two", moreFields(), fields{"file": list{file, file, file}}, nil, "fields.file"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStand(t, Options{Limits: unlimited()})
			seen := make(chan obj, 1)
			s.answering(func(i obj) obj {
				if intOf(i["type"]) == interactionModal {
					seen <- i
					return says("ok")
				}
				return obj{"type": answerModal, "data": tt.modal}
			})
			s.register(slash("form"))
			if got := s.control("POST", "interactions", obj{"user": "reader", "command": "form"}); got["kind"] != "modal" {
				t.Fatalf("outcome = %v, want a modal", got)
			}
			status, got := s.send("POST", "/sandbox/interactions", "", obj{"user": "reader", "modal": "m", "fields": tt.given})
			if tt.field != "" {
				if status != 400 || got["field"] != tt.field {
					t.Errorf("%d %v, want 400 about %s", status, got, tt.field)
				}
				return
			}
			if status != 200 || got["text"] != "ok" {
				t.Fatalf("%d %v, want it answered", status, got)
			}
			answers := answersOf(objectOf((<-seen)["data"])["components"])
			for name, want := range tt.want {
				if fmt.Sprint(answers[name]) != fmt.Sprint(want) {
					t.Errorf("%s = %v, want %v", name, answers[name], want)
				}
			}
		})
	}
}

// answersOf are the values of a submitted modal by custom_id.
func answersOf(components any) obj {
	out := obj{}
	for _, c := range listOf(components) {
		for _, inner := range append(listOf(objectOf(c)["components"]), objectOf(c)["component"]) {
			answer := objectOf(inner)
			value, single := answer["value"]
			if !single {
				value = answer["values"]
			}
			out[textOf(answer["custom_id"])] = value
		}
	}
	return out
}

func TestSubmittedModalKeepsItsNesting(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	seen := make(chan obj, 1)
	s.answering(func(i obj) obj {
		if intOf(i["type"]) == interactionModal {
			seen <- i
			return says("ok")
		}
		return obj{"type": answerModal, "data": moreFields()}
	})
	s.register(slash("form"))
	s.control("POST", "interactions", obj{"user": "reader", "command": "form"})
	file := obj{"filename": "a.txt", "base64": base64.StdEncoding.EncodeToString([]byte("x"))}
	s.control("POST", "interactions", obj{"user": "reader", "modal": "m", "fields": obj{"old": "new", "who": "moderator", "file": list{file, file}}})
	data := objectOf((<-seen)["data"])
	var types []string
	for _, c := range listOf(data["components"]) {
		part := objectOf(c)
		types = append(types, fmt.Sprintf("%d:%d", intOf(part["id"]), intOf(part["type"])))
	}
	if got, want := fmt.Sprint(types), "[1:10 2:1 3:18 4:18 5:18]"; got != want {
		t.Errorf("parts = %s, want %s", got, want)
	}
	answers := answersOf(data["components"])
	if got, want := fmt.Sprint(answers["who"]), "["+s.userID("moderator")+"]"; got != want {
		t.Errorf("who = %s, want %s", got, want)
	}
	if files := listOf(answers["file"]); len(files) != 2 || len(objectOf(objectOf(data["resolved"])["attachments"])) != 2 {
		t.Errorf("files = %v of %v, want two", files, data["resolved"])
	}
	if data["custom_id"] != "m" {
		t.Errorf("custom_id = %v, want m", data["custom_id"])
	}
}

// A form whose sending came to nothing stays open, as Discord keeps it, until it is answered.
func TestModalStaysOpenUntilAnswered(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	answers := make(chan obj, 4)
	s.answering(func(i obj) obj {
		if intOf(i["type"]) == interactionModal {
			return <-answers
		}
		return obj{"type": answerModal, "data": everyField()}
	})
	s.register(slash("form"))
	s.control("POST", "interactions", obj{"user": "reader", "command": "form"})
	submit := obj{"user": "reader", "modal": "m", "wait_ms": 0}
	for _, tt := range []struct {
		name   string
		answer obj
		status int
		error  any
	}{
		{"refused", says(letters(2001)), 200, "rejected"},
		{"no answer in time", nil, 200, "timeout"},
		{"answered", says("ok"), 200, nil},
		{"sent once more", nil, 400, nil},
	} {
		if tt.status == 200 {
			answers <- tt.answer
		}
		if status, got := s.send("POST", "/sandbox/interactions", "", submit); status != tt.status || status == 200 && got["error"] != tt.error {
			t.Errorf("%s: %d %v, want %d and error %v", tt.name, status, got, tt.status, tt.error)
		}
	}
}
