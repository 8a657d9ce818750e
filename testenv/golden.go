package testenv

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The flag has no variable: Golden asks the flag set, and nothing can change it
// in passing.
var _ = flag.Bool("update", false, "rewrite the golden files with what the tests got")

// Golden compares got with the file at path, byte for byte, and reports the
// difference as an error. `go test ./bot -update` rewrites the files after a
// wanted change.
func Golden(tb testing.TB, path string, got []byte) {
	tb.Helper()
	golden(tb, path, got, flag.Lookup("update").Value.String() == "true")
}

func golden(tb testing.TB, path string, got []byte, update bool) {
	tb.Helper()
	if update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			tb.Fatalf("testenv: folder of golden file: %v", err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			tb.Fatalf("testenv: write golden file: %v", err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		tb.Fatalf("testenv: golden file (-update makes it): %v", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		tb.Errorf("%s differs (-want +got); -update accepts it:\n%s", path, diff)
	}
}
