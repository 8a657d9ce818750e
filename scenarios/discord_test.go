package scenarios

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"

	"sitrep/sandbox/openapi"
)

// discords is Discord's own API description, read once; nil where SITREP_OPENAPI names none.
var discords = sync.OnceValues(func() (*openapi.Description, error) { //nolint:gochecknoglobals // it never changes, and every test of the package needs it
	path, require := os.Getenv("SITREP_OPENAPI"), os.Getenv("SITREP_TEST_REQUIRE")
	if path == "" && (strings.Contains(require, "openapi") || require == "all") {
		return nil, errors.New("SITREP_TEST_REQUIRE asks for Discord's API description, but SITREP_OPENAPI is not set")
	}
	if path == "" {
		return nil, nil
	}
	return openapi.Load(path)
})

// discordAccepts is a step of scripts that have to have sent something: what they sent is
// checked when a process ends in any case.
func discordAccepts(ts *testscript.TestScript, _ bool, _ []string) {
	checked, err := judged(of(ts).url)
	ts.Check(err)
	if d, _ := discords(); d == nil {
		ts.Logf("not checked with Discord's API description: SITREP_OPENAPI is not set")
	} else if checked == 0 {
		ts.Fatalf("the log holds no request, so nothing was checked")
	}
}

// judged checks every request that the sandbox at an address was sent so far with
// Discord's own API description. An address where there is no sandbox passes.
func judged(url string) (checked int, err error) {
	description, err := discords()
	if err != nil || description == nil || url == "" {
		return 0, err
	}
	resp, err := http.Get(url + "/sandbox/log")
	if err != nil {
		return 0, nil // it has ended, and its log with it
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusNotFound {
		return 0, nil // a bot whose Discord is elsewhere
	}
	raw, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("the sandbox's log: HTTP %d, %w", resp.StatusCode, err)
	}
	return description.CheckLog(raw)
}
