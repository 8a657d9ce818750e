package main

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sitrep/briefings/catalogue"
)

// texts are the files of a folder, by name.
func texts(t *testing.T, folder fs.FS) map[string]string {
	t.Helper()
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range entries {
		text, err := fs.ReadFile(folder, e.Name())
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(text)
	}
	return files
}

func TestExportGivesTheBundledFiles(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "out")
	code, stdout, stderr := sitrep(t, nil, "export", folder)
	if code != 0 || !strings.Contains(stdout, "the catalogue, revision 1") {
		t.Fatalf("sitrep export: exit code %d, %s%s", code, stdout, stderr)
	}
	want := texts(t, catalogue.Bundled())
	if diff := cmp.Diff(want, texts(t, os.DirFS(folder))); diff != "" {
		t.Errorf("the exported folder (-bundled +exported):\n%s", diff)
	}
	if code, _, stderr = sitrep(t, nil, "export", folder); code != 1 || !strings.Contains(stderr, "--force") {
		t.Errorf("exporting again: exit code %d, want 1 and a word of --force in %q", code, stderr)
	}
	stale, note := filepath.Join(folder, "stale.yaml"), filepath.Join(folder, "note.txt")
	for _, path := range []string{stale, note, filepath.Join(folder, "talks.yaml")} {
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if code, _, stderr = sitrep(t, nil, "export", "--force", folder); code != 0 {
		t.Fatalf("exporting with --force: exit code %d, %s", code, stderr)
	}
	want["note.txt"] = "x"
	if diff := cmp.Diff(want, texts(t, os.DirFS(folder))); diff != "" {
		t.Errorf("the folder after --force (-want +got):\n%s", diff)
	}
}

func TestExportAsArchive(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "out.zip")
	if code, _, stderr := sitrep(t, nil, "export", "--known", "2026-01-19", path); code != 0 {
		t.Fatalf("sitrep export to an archive: exit code %d, %s", code, stderr)
	}
	first, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	files, err := catalogue.OpenZip(bytes.NewReader(first), int64(len(first)))
	if err != nil {
		t.Fatal(err)
	}
	got, want := slices.Sorted(maps.Keys(texts(t, files))), slices.Sorted(maps.Keys(texts(t, catalogue.Bundled())))
	if !slices.Equal(got, want) {
		t.Errorf("the archive holds %q, want %q", got, want)
	}
	if code, _, stderr := sitrep(t, nil, "export", "--force", path); code != 0 {
		t.Fatalf("exporting it again: exit code %d, %s", code, stderr)
	}
	if again, err := os.ReadFile(path); err != nil || !bytes.Equal(first, again) {
		t.Errorf("the same briefing gave another archive (%v)", err)
	}
	if code, stdout, stderr := sitrep(t, nil, "check", path); code != 0 || !strings.Contains(stdout, "is sound") {
		t.Errorf("checking the archive: exit code %d, %s%s", code, stdout, stderr)
	}
}

func TestCheckTellsFaultsAloneOnTheirLines(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "a.yaml"), []byte("- id: source/a\n  refs: [1, F1]\n  titel: A\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, stderr := sitrep(t, nil, "check", folder)
	want := `a.yaml:1:1: source/a: title: is missing; write it
a.yaml:2:3: source/a: refs: "1" is no label; write up to four letters and up to five digits, like F10
a.yaml:3:3: source/a: "titel" is no key here; did you mean "title"?
`
	if diff := cmp.Diff(want, stderr); code != 1 || diff != "" {
		t.Errorf("exit code %d, want 1; faults (-want +got):\n%s", code, diff)
	}
}
