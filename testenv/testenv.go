// Package testenv gives tests the real programs they run against: a Redis, a
// Postgres, a browser, Discord's API description, and golden files.
//
// A program that isn't installed makes the test skip with the reason, so that a
// checkout tests at once on any machine. SITREP_TEST_REQUIRE, a comma list of
// redis, postgres, chromium, node, modules, openapi, article and disk, or all, turns such a skip
// into a failure: continuous integration sets it, since a skipped test proves nothing.
//
// The package knows nothing of sitrep, and only test files import it. It needs
// a Unix system, for its servers are tied to the test process by a shell.
package testenv

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const (
	requireEnv = "SITREP_TEST_REQUIRE"
	openAPIEnv = "SITREP_OPENAPI"
	articleEnv = "SITREP_ARTICLE"
)

// Chromium returns the path of a Chromium or Chrome. A caller that runs as root
// has to start it with --no-sandbox.
func Chromium(tb testing.TB) string {
	tb.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	missing(tb, "chromium", "no chromium, chromium-browser or google-chrome on the PATH")
	return ""
}

// Node returns the path of a Node.js whose packages are there: modules is the folder into
// which npm ci installs them.
func Node(tb testing.TB, modules string) string {
	tb.Helper()
	path, err := exec.LookPath("node")
	if err != nil {
		missing(tb, "node", "no node on the PATH")
	}
	if _, err := os.Stat(modules); err != nil {
		missing(tb, "node", "the packages aren't installed: run npm ci in "+filepath.Dir(modules))
	}
	return path
}

// GoProgram builds the program of a module that isn't sitrep's own and returns its path.
// folder is the module's; what it needs may have to be downloaded first.
func GoProgram(tb testing.TB, folder string) string {
	tb.Helper()
	run := func(args ...string) (string, error) {
		cmd := exec.CommandContext(tb.Context(), "go", args...)
		cmd.Dir = folder
		said, err := cmd.CombinedOutput()
		return string(said), err
	}
	if said, err := run("mod", "download"); err != nil {
		missing(tb, "modules", "the modules that "+folder+" needs aren't to be had: "+said)
	}
	path := filepath.Join(tb.TempDir(), "program")
	if said, err := run("build", "-o", path, "."); err != nil {
		tb.Fatalf("testenv: build %s: %v\n%s", folder, err, said)
	}
	return path
}

// OpenAPI returns the absolute path of Discord's OpenAPI description, which
// SITREP_OPENAPI names. A path that leads nowhere fails the test in any case.
func OpenAPI(tb testing.TB) string {
	tb.Helper()
	return named(tb, "openapi", openAPIEnv, "Discord's openapi.json")
}

// Article returns the absolute path of the text that the bundled briefing is
// made from, which SITREP_ARTICLE names. A path that leads nowhere fails the
// test in any case.
func Article(tb testing.TB) string {
	tb.Helper()
	return named(tb, "article", articleEnv, "the article's text")
}

// named is the file that a variable of the environment names.
func named(tb testing.TB, name, env, what string) string {
	tb.Helper()
	path := os.Getenv(env)
	if path == "" {
		missing(tb, name, env+" doesn't name "+what)
	}
	if !filepath.IsAbs(path) {
		tb.Fatalf("testenv: %s=%q must be an absolute path, since each package tests in its own folder", env, path)
	}
	if _, err := os.Stat(path); err != nil {
		tb.Fatalf("testenv: %s: %v", env, err)
	}
	return path
}

// missing ends the test: as skipped, or as failed where name is required.
func missing(tb testing.TB, name, reason string) {
	tb.Helper()
	required, err := requires(os.Getenv(requireEnv), name)
	switch {
	case err != nil:
		tb.Fatalf("testenv: %v", err)
	case required:
		tb.Fatalf("testenv: %s, and %s asks for it", reason, requireEnv)
	default:
		tb.Skipf("testenv: %s; skipped, set %s=%s to fail instead", reason, requireEnv, name)
	}
}

// requires says whether list names name. A word it doesn't know is an error:
// a slip of the pen must not switch tests off.
func requires(list, name string) (bool, error) {
	found := false
	for word := range strings.SplitSeq(list, ",") {
		switch word = strings.TrimSpace(word); word {
		case "":
		case "all", name:
			found = true
		case "redis", "postgres", "chromium", "node", "modules", "openapi", "article", "disk":
		default:
			return false, fmt.Errorf("%s names %q; it takes redis, postgres, chromium, node, modules, openapi, article, disk or all", requireEnv, word)
		}
	}
	return found, nil
}
