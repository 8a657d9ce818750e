package cards

import (
	"strings"
	"testing"
	"time"
)

// What ended without anybody recording what came of it is said to have ended,
// wherever it is shown as something to come.
func TestPassedDatesAreSaidToHaveEnded(t *testing.T) {
	t.Parallel()
	say := bundled(t)
	for _, tt := range []struct {
		day  int // of January and on
		want bool
	}{{18, false}, {23, false}, {24, true}, {60, true}} {
		say.Now = time.Date(2026, time.January, tt.day, 12, 0, 0, 0, time.UTC)
		for _, s := range say.Snapshot.Sections() {
			if s.Command != "talks" && s.Command != "davos" {
				continue
			}
			if got := strings.Contains(say.Section(s).Plain(), "ended "); got != tt.want {
				t.Errorf("/%s on day %d: says that Davos ended: %t, want %t:\n%s", s.Command, tt.day, got, tt.want, say.Section(s).Plain())
			}
		}
	}
}
