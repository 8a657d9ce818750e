package openapi

import (
	"strings"
	"testing"

	"sitrep/testenv"
)

func TestCheckLog(t *testing.T) {
	t.Parallel()
	d, err := Load(testenv.OpenAPI(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, log string
		checked   int
		want      string // words of the fault, "" for none
	}{
		{"nothing", `{"entries":[]}`, 0, ""},
		{"frames of the gateway", `{"entries":[{"kind":"gateway","op":1}]}`, 0, ""},
		{"a good request", `{"entries":[{"method":"POST","path":"/channels/1/messages","body":{"content":"x"}}]}`, 1, ""},
		{"one without a body", `{"entries":[{"method":"GET","path":"/users/@me"}]}`, 1, ""},
		{"one to nowhere", `{"entries":[{"method":"GET","path":"/users/@you/friends"}]}`, 1, "no path"},
		{"a bad one after a good one", `{"entries":[{"method":"GET","path":"/users/@me"},{"method":"POST","path":"/channels/1/messages","body":{"contnet":"x"}}]}`, 2, "contnet"},
		{"an answer that came another way", `{"entries":[{"kind":"endpoint","method":"POST","path":"/interactions/1/…/callback"}]}`, 0, ""},
		{"a callback of an endpoint", `{"entries":[{"kind":"endpoint","method":"POST","path":"/interactions/1/…/callback","body":{"type":4,"data":{"content":5}}}]}`, 1, "content"},
		{"no log", `[`, 0, "read log"},
	} {
		checked, err := d.CheckLog([]byte(tt.log))
		if checked != tt.checked || (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: checked %d with %v, want %d with %q", tt.name, checked, err, tt.checked, tt.want)
		}
	}
}
