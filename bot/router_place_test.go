package bot

import (
	"strings"
	"testing"
)

// A press is answered in place of a message that only its reader sees, never of
// one that others see, and in public only where that is asked for.
func TestRouterAnswersInItsPlace(t *testing.T) {
	t.Parallel()
	s := newRouted(t)
	for _, tt := range []struct {
		action, kind, text string
		public, ephemeral  bool // the message that is pressed on, and the answer
	}{
		{"turn-quick", "update", "quick answer", false, true},
		{"turn-slow", "update", "slow answer", false, true},
		{"turn-quick", "message", "quick answer", true, true},
		{"turn-slow", "message", "slow answer", true, true},
		{"turn-wrong", "message", "everyone", false, true},
		{"turn-slow-wrong", "message", "everyone", false, true},
		{"share-quick", "message", "quick answer", false, false},
		{"share-slow", "message", "slow answer", false, false},
		{"share-wrong", "message", "everyone", false, true},
		{"share-slow-wrong", "message", "everyone", true, true},
	} {
		asked := s.act(map[string]any{"user": "reader", "command": "stand", "options": map[string]any{"action": tt.action, "share": tt.public}})
		s.drain()
		got := s.act(map[string]any{"user": "reader", "message": asked.Message.ID, "custom_id": tt.action})
		if got.Error != "" || got.Kind != tt.kind || !strings.Contains(got.Text, tt.text) || got.Ephemeral != tt.ephemeral {
			t.Errorf("%s on a message that is public: %t: got %+v, want a %s with %q, private: %t", tt.action, tt.public, got, tt.kind, tt.text, tt.ephemeral)
		}
		if replaced := got.Message.ID == asked.Message.ID; replaced != (tt.kind == "update") {
			t.Errorf("%s: it took the place of the message: %t", tt.action, replaced)
		}
	}
}
