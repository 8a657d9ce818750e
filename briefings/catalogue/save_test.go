package catalogue

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tree is what a folder holds: the text of each file, by its path within.
func tree(t *testing.T, folder string) map[string]string {
	t.Helper()
	got := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		got[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// plant writes files, by their paths within folder.
func plant(t *testing.T, folder string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSave(t *testing.T) {
	t.Parallel()
	files := map[string][]byte{"a.yaml": []byte("a\n"), "b.yaml": []byte("b\n")}
	for _, tt := range []struct {
		name    string
		before  map[string]string // in a folder that holds out
		replace bool
		want    map[string]string
		wrong   string
	}{
		{"new", nil, false, map[string]string{"out/a.yaml": "a\n", "out/b.yaml": "b\n"}, ""},
		{"something there", map[string]string{"out/x": "x"}, false, map[string]string{"out/x": "x"}, "out holds something already"},
		{"a hidden file there", map[string]string{"out/.git/x": "x"}, false, map[string]string{"out/.git/x": "x"}, "out holds something already"},
		{
			"replaced, others kept",
			map[string]string{"out/a.yaml": "old", "out/gone.yaml": "old", "out/README.md": "r", "out/.git/config": "g", "out/.hidden.yaml": "h", "beside": "x"},
			true,
			map[string]string{"out/a.yaml": "a\n", "out/b.yaml": "b\n", "out/README.md": "r", "out/.git/config": "g", "out/.hidden.yaml": "h", "beside": "x"},
			"",
		},
		{"new in spite of replace", nil, true, map[string]string{"out/a.yaml": "a\n", "out/b.yaml": "b\n"}, ""},
		{"a folder in the way", map[string]string{"out/a.yaml/x": "x"}, true, map[string]string{"out/a.yaml/x": "x"}, "a.yaml in "},
		{"a file in the way", map[string]string{"out": "x"}, true, map[string]string{"out": "x"}, "name another folder"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			plant(t, folder, tt.before)
			err := Save(filepath.Join(folder, "out"), files, tt.replace)
			if (err != nil) != (tt.wrong != "") || err != nil && !strings.Contains(err.Error(), tt.wrong) {
				t.Errorf("Save = %v, want an error with %q", err, tt.wrong)
			}
			if diff := cmp.Diff(tt.want, tree(t, folder)); diff != "" {
				t.Errorf("what is there (-want +got):\n%s", diff)
			}
			noneHidden(t, folder)
		})
	}
}

// noneHidden checks that nothing of a save under way is left in folder.
func noneHidden(t *testing.T, folder string) {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(folder, ".out*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v (%v), want nothing", left, err)
	}
}

func TestSaveKeepsModeAndLink(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	plant(t, folder, map[string]string{"real/a.yaml": "old"})
	real, link := filepath.Join(folder, "real"), filepath.Join(folder, "out")
	if err := errors.Join(os.Chmod(real, 0o700), os.Symlink(real, link)); err != nil {
		t.Fatal(err)
	}
	if err := Save(link, map[string][]byte{"a.yaml": []byte("new")}, true); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(real)
	if err != nil || info.Mode() != fs.ModeDir|0o700 {
		t.Errorf("the folder has mode %v (%v), want %v", info.Mode(), err, fs.ModeDir|0o700)
	}
	if info, err = os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link has mode %v (%v), want that of a link", info.Mode(), err)
	}
	if got := tree(t, real)["a.yaml"]; got != "new" {
		t.Errorf("the file holds %q, want %q", got, "new")
	}
}

func TestSaveArchive(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "out.zip")
	files := map[string][]byte{"a.yaml": []byte(source)}
	if err := Save(path, files, false); err != nil {
		t.Fatal(err)
	}
	first := tree(t, folder)
	if err := Save(path, files, false); !errors.Is(err, ErrOccupied) {
		t.Errorf("Save again = %v, want %v", err, ErrOccupied)
	}
	if err := Save(path, files, true); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, tree(t, folder)); diff != "" {
		t.Errorf("the same archive saved again (-first +again):\n%s", diff)
	}
	items, err := ReadPath(path, RecordedAt())
	if err != nil || len(items) != 1 || items[0].Head().ID != "source/a" {
		t.Errorf("ReadPath of it = %v, %v; want source/a", items, err)
	}
	if err := os.Mkdir(filepath.Join(folder, "dir.zip"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := Save(filepath.Join(folder, "dir.zip"), files, true); err == nil || !strings.Contains(err.Error(), "is no plain file") {
		t.Errorf("Save over a folder = %v, want an error that says what it is", err)
	}
}

// A disk that fills up, or a process that is killed, while the new folder is
// written leaves the old one whole.
func TestSaveThatFailsLeavesTheOldFolder(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	plant(t, folder, map[string]string{"out/a.yaml": "old", "out/b.yaml": "old"})
	before := tree(t, folder)
	files := map[string][]byte{"a.yaml": []byte("new"), "no/such/folder.yaml": []byte("new")}
	if err := Save(filepath.Join(folder, "out"), files, true); err == nil {
		t.Fatal("Save of a file that can't be written gave no error")
	}
	if diff := cmp.Diff(before, tree(t, folder)); diff != "" {
		t.Errorf("what is there after it (-before +after):\n%s", diff)
	}
	noneHidden(t, folder)
}

func TestExchangeInTwoSteps(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	plant(t, folder, map[string]string{"a/x": "1", "out/x": "2"})
	if err := inTwoSteps(filepath.Join(folder, "a"), filepath.Join(folder, "out")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"a/x": "2", "out/x": "1"}, tree(t, folder)); diff != "" {
		t.Errorf("swapped (-want +got):\n%s", diff)
	}
	if err := inTwoSteps(filepath.Join(folder, "none"), filepath.Join(folder, "out")); err == nil {
		t.Error("swapping with nothing gave no error")
	}
	if got := tree(t, folder)["out/x"]; got != "1" {
		t.Errorf("after a swap that failed: %q, want it back as it was", got)
	}
}

func TestWriteZipGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	var first, again bytes.Buffer
	files := map[string][]byte{"b.yaml": []byte("b"), "a.yaml": []byte(strings.Repeat("a", 9000)), "c.yaml": nil}
	for _, w := range []*bytes.Buffer{&first, &again} {
		if err := WriteZip(w, files); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), again.Bytes()) {
		t.Error("the same files gave different archives")
	}
}
