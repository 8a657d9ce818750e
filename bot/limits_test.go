package bot

import (
	"context"
	"maps"
	"testing"
	"time"
)

// counting keeps what an interaction counts for, and lets it wait.
type counting struct {
	tag    string
	quotas map[string]int
	wait   time.Duration
}

func (c *counting) Admit(_ context.Context, tag, _ string, _ time.Duration, quotas map[string]int) (bool, time.Duration, error) {
	c.tag, c.quotas = tag, quotas
	return true, c.wait, nil
}

// TestQuotas counts what is asked, by person and by server, and nothing that
// would lose what was typed.
func TestQuotas(t *testing.T) {
	t.Parallel()
	command := `{"id":"1","token":"t","type":2,"guild_id":"3","member":{"user":{"id":"2"}}}`
	for _, tt := range []struct {
		name, raw string
		limits    Limits
		tag       string
		want      map[string]int
	}{
		{"a command", command, Limits{20, 200}, "3", map[string]int{"person:2": 20, "server:3": 200}},
		{"without limits", command, Limits{}, "3", nil},
		{"a button in direct messages", `{"id":"1","token":"t","type":3,"user":{"id":"2"}}`, Limits{20, 200}, "person:2", map[string]int{"person:2": 20}},
		{"a form", `{"id":"1","token":"t","type":5,"user":{"id":"2"}}`, Limits{20, 200}, "person:2", nil},
		{"choices", `{"id":"1","token":"t","type":4,"user":{"id":"2"}}`, Limits{20, 200}, "person:2", nil},
	} {
		seen := new(counting)
		r := &Router{Seen: seen, Limits: tt.limits}
		if first, wait := r.admit(t.Context(), parsed(t, []byte(tt.raw))); !first || wait != 0 || seen.tag != tt.tag || !maps.Equal(seen.quotas, tt.want) {
			t.Errorf("%s: got %t, %s, counted in %s for %v, want %s, %v", tt.name, first, wait, seen.tag, seen.quotas, tt.tag, tt.want)
		}
	}
	r := &Router{Seen: forgetful{}, Limits: Limits{1, 1}}
	if first, wait := r.admit(t.Context(), parsed(t, []byte(command))); !first || wait != 0 {
		t.Errorf("without Redis: got %t, %s, want that it is let through", first, wait)
	}
}
