package bot

import (
	"encoding/json"
	"net/http"
	"testing"
)

func TestRightsFollowRolesAndOverwrites(t *testing.T) {
	t.Parallel()
	const everyone = `"role":"@everyone"`
	for _, tt := range []struct {
		name, patch string // of the server
		want        uint64 // of these three
		refused     int
	}{
		{"as joined", ``, 1<<10 | 1<<11 | 1<<16, 0},
		{"may not write", `{"channels":[{"channel":"digests","overwrites":[{` + everyone + `,"deny":"2048"}]}]}`, 1<<10 | 1<<16, 0},
		{"history hidden", `{"channels":[{"channel":"digests","overwrites":[{` + everyone + `,"deny":"65536"}]}]}`, 1<<10 | 1<<11, 0},
		{"denied to all, allowed to the bot", `{"channels":[{"channel":"digests","overwrites":[{` + everyone + `,"deny":"2048"},{"user":"sitrep","allow":"2048"}]}]}`, 1<<10 | 1<<11 | 1<<16, 0},
		{"hidden", `{"channels":[{"channel":"digests","overwrites":[{` + everyone + `,"deny":"1024"}]}]}`, 0, CodeMissingAccess},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			var state struct{ Guilds []struct{ ID string } }
			s.control(http.MethodGet, "/sandbox/state", nil, &state)
			if tt.patch != "" {
				s.control(http.MethodPatch, "/sandbox/guilds/"+state.Guilds[0].ID, json.RawMessage(tt.patch), new(any))
			}
			got, err := s.discord().Rights(t.Context(), s.channel("digests"))
			if tt.refused != 0 {
				if !IsCode(err, tt.refused) {
					t.Errorf("got %+v, %v, want code %d", got, err, tt.refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if bits := uint64(got.Rights) & (1<<10 | 1<<11 | 1<<16); bits != tt.want || got.Name != "digests" || !got.Known {
				t.Errorf("got %+v (%b), want the rights %b", got, bits, tt.want)
			}
		})
	}
}
