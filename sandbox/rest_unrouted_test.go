package sandbox

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sitrep/testenv"
)

func TestUnrouted(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	const theirs, nobodys = "404: Not Found (Discord has this route, the sandbox doesn't)", "404: Not Found (Discord describes no such route either)"
	for _, tt := range []struct {
		method, path string
		status       int
		message      string
	}{
		{"GET", "/voice/regions", 404, theirs},
		{"PATCH", "/users/@me", 404, theirs},
		{"PUT", "/channels/1/messages/2/reactions/%F0%9F%91%8D/@me", 404, theirs},
		{"GET", "/nowhere", 404, nobodys},
		{"GET", "/channels/1/invites/", 404, nobodys},
		{"GET", "", 404, nobodys},
		{"POST", "/voice/regions", 405, "405: Method Not Allowed"},
		{"DELETE", "/users/@me", 405, "405: Method Not Allowed"},
		{"TRACE", "/users/@me", 405, "405: Method Not Allowed"},
	} {
		status, got := s.bot(tt.method, tt.path, nil)
		if status != tt.status || got["message"] != tt.message {
			t.Errorf("%s %s: %d %v, want %d %s", tt.method, tt.path, status, got, tt.status, tt.message)
		}
	}
}

// The list is the description's, no more and no less.
func TestDocumentedRoutes(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(testenv.OpenAPI(t))
	if err != nil {
		t.Fatal(err)
	}
	var description struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(raw, &description); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Count(discordRoutes, "\n"), len(description.Paths); got != want {
		t.Errorf("%d paths, want %d", got, want)
	}
	parameter := regexp.MustCompile(`\{[^}]*\}`)
	for path, operations := range description.Paths {
		listed := documented(parameter.ReplaceAllString(path, "1"))
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			if _, want := operations[strings.ToLower(method)]; want && !slices.Contains(listed, method) {
				t.Errorf("%s %s isn't listed", method, path)
			}
		}
	}
}
