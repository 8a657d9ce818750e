package sandbox

import (
	"fmt"
	"testing"
	"time"
)

// Which answers fit which interaction, as Discord documents it.
func TestCallbacksByType(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	_, posted := s.bot("POST", digestMessages(s), obj{"content": "x", "components": list{row(button("a"))}})
	source := textOf(posted["id"])
	bodies := map[int]any{
		1: nil, answerMessage: obj{"content": "x"}, answerDeferred: nil, answerDeferredUpdate: nil,
		answerUpdate: obj{"content": "y"}, answerChoices: obj{"choices": list{}}, 10: nil, 12: nil,
		answerModal: obj{"custom_id": "m", "title": "T", "components": list{display(1)}},
	}
	for _, tt := range []struct {
		name   string
		kind   int
		source string
		fits   []int
	}{
		{"command", interactionCommand, "", []int{answerMessage, answerDeferred, answerModal}},
		{"component", interactionComponent, source, []int{answerMessage, answerDeferred, answerDeferredUpdate, answerUpdate, answerModal}},
		{"autocomplete", interactionAutocomplete, "", []int{answerChoices}},
		{"modal of a command", interactionModal, "", []int{answerMessage, answerDeferred}},
		{"modal of a button", interactionModal, source, []int{answerMessage, answerDeferred, answerDeferredUpdate, answerUpdate}},
	} {
		for kind, data := range bodies {
			t.Run(fmt.Sprintf("%s answered with %d", tt.name, kind), func(t *testing.T) {
				body := obj{"type": kind}
				if data != nil {
					body["data"] = data
				}
				status, got := s.bot("POST", s.asked(&interaction{kind: tt.kind, source: tt.source}), body)
				want := 400
				for _, fit := range tt.fits {
					if fit == kind {
						want = 204
					}
				}
				if status != want {
					t.Errorf("answered %d %v, want %d", status, got, want)
				}
				if refused := fmt.Sprint(faultsOf(got)); want == 400 && refused != "[type INTERACTION_CALLBACK_TYPE_INVALID]" {
					t.Errorf("refused for %s, want the type", refused)
				}
			})
		}
	}
}

func TestCallbackBodies(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	for _, tt := range []struct {
		name string
		kind int
		body any
		want string
	}{
		{"no type", interactionCommand, obj{"data": obj{"content": "x"}}, "[type BASE_TYPE_REQUIRED]"},
		{"a type in words", interactionCommand, obj{"type": "message"}, "[type INTERACTION_CALLBACK_TYPE_INVALID type NUMBER_TYPE_COERCE]"},
		{"a message without data", interactionCommand, obj{"type": answerMessage}, "[data BASE_TYPE_REQUIRED]"},
		{"a message of null", interactionCommand, obj{"type": answerMessage, "data": nil}, "[data BASE_TYPE_REQUIRED]"},
		{"choices without data", interactionAutocomplete, obj{"type": answerChoices}, "[data BASE_TYPE_REQUIRED]"},
		{"a modal without data", interactionCommand, obj{"type": answerModal}, "[data BASE_TYPE_REQUIRED]"},
		{"a key beside data", interactionCommand, obj{"type": answerMessage, "data": obj{"content": "x"}, "flags": 64}, "[flags UNKNOWN_KEY]"},
		{"deferred", interactionCommand, obj{"type": answerDeferred}, "[]"},
		{"deferred in private", interactionCommand, obj{"type": answerDeferred, "data": obj{"flags": flagEphemeral}}, "[]"},
		{"deferred as V2", interactionCommand, obj{"type": answerDeferred, "data": obj{"flags": flagV2}}, "[data.flags MESSAGE_FLAGS_INVALID]"},
		{"deferred without previews", interactionCommand, obj{"type": answerDeferred, "data": obj{"flags": flagSuppressEmbeds | flagEphemeral}}, "[data.flags MESSAGE_FLAGS_INVALID]"},
		{"deferred with a misspelt key", interactionCommand, obj{"type": answerDeferred, "data": obj{"flag": 64}}, "[data.flag UNKNOWN_KEY]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, got := s.bot("POST", s.asked(&interaction{kind: tt.kind}), tt.body)
			if refused := fmt.Sprint(faultsOf(got)); refused != tt.want {
				t.Errorf("refused for %s (%v), want %s", refused, got, tt.want)
			}
		})
	}
}

func TestUpdatesOfTheMessage(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	for _, tt := range []struct {
		name   string
		before obj
		data   obj
		want   string // the text afterwards
		status int
	}{
		{"new words", obj{"content": "old"}, obj{"content": "new"}, "new", 204},
		{"null leaves as it was", obj{"content": "old"}, obj{"content": nil, "components": nil}, "old", 204},
		{"what clients send empty", obj{"content": "old"}, obj{"content": "new", "choices": list{}, "custom_id": "", "title": ""}, "new", 204},
		{"an unknown key", obj{"content": "old"}, obj{"content": "new", "title": "T"}, "old", 400},
		{"V2 stays V2", v2(display(1)), obj{"components": list{display(2)}, "flags": flagV2}, "жж", 204},
		{"nothing left", obj{"content": "old"}, obj{"content": ""}, "old", 400},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, posted := s.bot("POST", digestMessages(s), tt.before)
			id := textOf(posted["id"])
			path := s.asked(&interaction{kind: interactionComponent, source: id})
			if status, got := s.bot("POST", path, obj{"type": answerUpdate, "data": tt.data}); status != tt.status {
				t.Errorf("answered %d %v, want %d", status, got, tt.status)
			}
			s.mu.Lock()
			text := messageText(s.state.message(s.state.channelsOf(s.state.guildList()[0].ID)[1].ID, id))
			s.mu.Unlock()
			if text != tt.want {
				t.Errorf("the message reads %q, want %q", text, tt.want)
			}
		})
	}
	gone := s.asked(&interaction{kind: interactionComponent, source: "1"})
	if status, got := s.bot("POST", gone, obj{"type": answerUpdate, "data": obj{"content": "x"}}); status != 404 || codeOf(got) != 10008 {
		t.Errorf("updating a message that is gone: %d %v, want 10008", status, got)
	}
}

func TestCallbackObjects(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	for _, tt := range []struct {
		name               string
		body               obj
		loading, ephemeral any
		resource           int
	}{
		{"message", obj{"type": answerMessage, "data": obj{"content": "x"}}, false, false, answerMessage},
		{"private message", obj{"type": answerMessage, "data": obj{"content": "x", "flags": flagEphemeral}}, false, true, answerMessage},
		{"deferred", obj{"type": answerDeferred, "data": obj{"flags": flagEphemeral}}, true, true, answerDeferred},
		{"modal", obj{"type": answerModal, "data": obj{"custom_id": "m", "title": "T", "components": list{display(1)}}}, nil, nil, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			i := &interaction{kind: interactionCommand, user: s.userID("reader")}
			status, got := s.bot("POST", s.asked(i)+"?with_response=true", tt.body)
			about := objectOf(got["interaction"])
			if status != 200 || about["id"] != i.id || intOf(about["type"]) != interactionCommand {
				t.Fatalf("answered %d %v, want the interaction", status, got)
			}
			if about["response_message_loading"] != tt.loading || about["response_message_ephemeral"] != tt.ephemeral {
				t.Errorf("interaction = %v, want loading %v and ephemeral %v", about, tt.loading, tt.ephemeral)
			}
			if resource := objectOf(got["resource"]); intOf(resource["type"]) != tt.resource || (resource["message"] == nil) != (tt.resource == 0) {
				t.Errorf("resource = %v, want type %d", resource, tt.resource)
			}
		})
	}
}

func (s *stand) userID(name string) string {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	u, err := s.namedUser(name)
	if err != nil {
		s.t.Fatal(err)
	}
	return u.ID
}

func TestPendingIsSwept(t *testing.T) {
	t.Parallel()
	p := newPending()
	old := &interaction{id: "1", user: "u"}
	p.add(old)
	p.modals[modalKey("u", "m")] = openModal{from: old, data: obj{"custom_id": "m"}}
	old.made = old.made.Add(-2*tokenLife - time.Second)
	p.add(&interaction{id: "2"})
	if len(p.byID) != 2 {
		t.Errorf("%d interactions right after a sweep, want both", len(p.byID))
	}
	p.swept = p.swept.Add(-sweepEvery - time.Second)
	p.add(&interaction{id: "3"})
	if p.byID["1"] != nil || len(p.byID) != 2 || len(p.byToken) != 2 || len(p.modals) != 0 {
		t.Errorf("left are %d interactions, %d tokens and %d modals, want 2, 2 and none", len(p.byID), len(p.byToken), len(p.modals))
	}
}

func TestShutKeepsANewerModal(t *testing.T) {
	t.Parallel()
	p := newPending()
	first, second := &interaction{}, &interaction{}
	data := obj{"custom_id": "m"}
	key := modalKey("u", "m")
	p.modals[key] = openModal{second, data}
	p.shut(&interaction{user: "u", form: openModal{first, data}})
	if p.modals[key].from != second {
		t.Error("the answer to an older modal shut a newer one")
	}
	p.shut(&interaction{user: "u"})
	p.shut(&interaction{user: "other", form: openModal{second, data}})
	if len(p.modals) != 1 {
		t.Error("somebody else's answer shut the modal")
	}
	p.shut(&interaction{user: "u", form: openModal{second, data}})
	if len(p.modals) != 0 {
		t.Error("an answered modal stayed open")
	}
}
