package scenarios

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"sitrep/sandbox/openapi"
)

// discordAccepts checks every request that sitrep sent so far with Discord's
// own API description, where SITREP_OPENAPI names it.
func discordAccepts(ts *testscript.TestScript, _ bool, _ []string) {
	path := os.Getenv("SITREP_OPENAPI")
	if path == "" {
		if require := os.Getenv("SITREP_TEST_REQUIRE"); strings.Contains(require, "openapi") || require == "all" {
			ts.Fatalf("SITREP_TEST_REQUIRE asks for Discord's API description, but SITREP_OPENAPI is not set")
		}
		ts.Logf("not checked with Discord's API description: SITREP_OPENAPI is not set")
		return
	}
	description, err := openapi.Load(path)
	ts.Check(err)
	var log struct {
		Entries []struct {
			Method, Path string
			Body         json.RawMessage
		}
	}
	if status := of(ts).call(ts, http.MethodGet, "/sandbox/log", nil, &log); status != http.StatusOK {
		ts.Fatalf("log: HTTP %d", status)
	}
	checked := 0
	for _, r := range log.Entries {
		if len(r.Body) == 0 || string(r.Body) == "null" {
			continue
		}
		checked++
		if err := description.CheckRequest(r.Method, r.Path, r.Body); err != nil {
			ts.Fatalf("%s %s: %v\n%s", r.Method, r.Path, err, r.Body)
		}
	}
	if checked == 0 {
		ts.Fatalf("the log holds no request with a body, so nothing was checked")
	}
}
