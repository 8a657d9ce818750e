package testenv

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestGolden(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "testdata", "card.json")
	compare := func(got string, update bool) *verdict {
		return judge(t, func(tb testing.TB) { golden(tb, path, []byte(got), update) })
	}

	if v := compare("one\n", false); !strings.Contains(v.failed, "-update makes it") {
		t.Errorf("no file: failed %q, want a hint at -update", v.failed)
	}
	if v := compare("one\n", true); v.failed != "" {
		t.Errorf("update: failed %q", v.failed)
	}
	if written, err := os.ReadFile(path); err != nil || string(written) != "one\n" {
		t.Errorf("update wrote %q, %v", written, err)
	}
	if v := compare("one\n", false); v.failed != "" {
		t.Errorf("same: failed %q", v.failed)
	}
	if v := compare("one", false); !strings.Contains(v.failed, path) {
		t.Errorf("last newline gone: failed %q, want a difference that names the file", v.failed)
	}
}

func TestGoldenUnwritable(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	v := judge(t, func(tb testing.TB) { golden(tb, filepath.Join(path, "below", "x"), nil, true) })
	if v.failed == "" {
		t.Error("a golden file below a file was written")
	}
}

func TestUpdateFlag(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x")
	if v := judge(t, func(tb testing.TB) { Golden(tb, path, []byte("x")) }); v.failed == "" {
		t.Error("without -update a missing golden file must fail")
	}
}
