package catalogue

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ErrOccupied means that the place to write to is taken already.
var ErrOccupied = errors.New("holds something already")

// Save writes files, by name, as the folder path, or as a zip archive where
// path ends in .zip. The new one is made beside the old one and takes its place
// in one step, so that there is never a part of it to be seen, whenever the
// process or the machine stops.
//
// What is there already is refused with [ErrOccupied] unless replace is set.
// Then its .yaml files give way to the new ones and everything else in the
// folder stays. Sub-folders and other files are moved over after the step; a
// process that is killed just then leaves them in a hidden folder beside.
func Save(path string, files map[string][]byte, replace bool) error {
	path, err := resolve(path)
	if err != nil {
		return err
	}
	if isZip(path) {
		return saveArchive(path, files, replace)
	}
	return saveFolder(path, files, replace)
}

// resolve follows links, so that not the link is replaced but what it names.
func resolve(path string) (string, error) {
	whole, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("%s can't be made (%w); name one in a folder that exists and may be written", path, reason(err))
	}
	real, err := filepath.EvalSymlinks(whole)
	if errors.Is(err, fs.ErrNotExist) {
		return whole, nil
	}
	if err != nil {
		return "", fmt.Errorf("%s can't be made (%w); name one in a folder that exists and may be written", path, reason(err))
	}
	return real, nil
}

// beside names something new and hidden in the folder that holds path.
func beside(path, what string) string {
	return filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+"."+what+"-"+rand.Text()[:8])
}

func saveArchive(path string, files map[string][]byte, replace bool) (err error) {
	info, err := os.Stat(path)
	switch {
	case err == nil && !info.Mode().IsRegular():
		return fmt.Errorf("%s is no plain file; name another one", path)
	case err == nil && !replace:
		return fmt.Errorf("%s %w", path, ErrOccupied)
	}
	fresh := beside(path, "new")
	defer func() { err = errors.Join(err, cleared(os.Remove(fresh))) }()
	if err := writeFile(fresh, func(w io.Writer) error { return WriteZip(w, files) }); err != nil {
		return err
	}
	if err := os.Rename(fresh, path); err != nil {
		return fmt.Errorf("catalogue: put the archive in its place: %w", err)
	}
	return syncFolder(filepath.Dir(path))
}

// cleared is err unless there was nothing to clear away.
func cleared(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func saveFolder(path string, files map[string][]byte, replace bool) (err error) {
	old, err := os.ReadDir(path)
	switch {
	case err == nil:
		if err := replaceable(path, old, replace); err != nil {
			return err
		}
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("catalogue: look into %s: %w; name another folder", path, reason(err))
	}
	fresh := beside(path, "new")
	defer func() { err = errors.Join(err, os.RemoveAll(fresh)) }()
	if err := writeFolder(fresh, files); err != nil {
		return err
	}
	if len(old) == 0 {
		if err := os.Rename(fresh, path); err != nil { // an empty folder gives way
			return fmt.Errorf("catalogue: put the folder in its place: %w; where it is a mount point, name a folder inside it", err)
		}
		return syncFolder(filepath.Dir(path))
	}
	return replaceFolder(path, fresh)
}

// replaceable reports why the folder at path must stay as it is.
func replaceable(path string, old []fs.DirEntry, replace bool) error {
	here, err := os.Stat(".")
	if err != nil {
		return fmt.Errorf("catalogue: find the working folder: %w", err)
	}
	there, err := os.Stat(path)
	switch {
	case err != nil:
		return fmt.Errorf("catalogue: look at %s: %w", path, err)
	case os.SameFile(here, there):
		return fmt.Errorf("%s is the folder you are in, which can't be put in place whole; name another, or go elsewhere first", path)
	case len(old) > 0 && !replace:
		return fmt.Errorf("%s %w", path, ErrOccupied)
	}
	for _, e := range old {
		if ours(e.Name()) && !e.Type().IsRegular() {
			return fmt.Errorf("%s in %s is no plain file, so nothing was written; move it elsewhere", e.Name(), path)
		}
	}
	return nil
}

// ours reports whether a file of this name belongs to the form.
func ours(name string) bool {
	return !strings.HasPrefix(name, ".") && filepath.Ext(name) == ".yaml"
}

// replaceFolder puts fresh in the place of path, then brings over what isn't
// ours. What is left at fresh is the caller's to remove.
func replaceFolder(path, fresh string) error {
	info, err := os.Stat(path)
	if err == nil {
		err = os.Chmod(fresh, info.Mode().Perm())
	}
	if err == nil {
		err = exchange(fresh, path)
	}
	if err != nil {
		return fmt.Errorf("catalogue: put the folder in its place: %w; where it is a mount point, name a folder inside it", err)
	}
	old, err := os.ReadDir(fresh)
	for _, e := range old {
		if err == nil && !ours(e.Name()) {
			err = os.Rename(filepath.Join(fresh, e.Name()), filepath.Join(path, e.Name()))
		}
	}
	if err != nil {
		kept := beside(path, "old")
		return errors.Join(fmt.Errorf("catalogue: bring over other files: %w; the new files are in place, the rest is in %s", err, kept),
			os.Rename(fresh, kept))
	}
	return syncFolder(path, filepath.Dir(path))
}

// inTwoSteps swaps the folders a and b; for a moment there is no b.
func inTwoSteps(a, b string) error {
	aside := beside(b, "old")
	if err := os.Rename(b, aside); err != nil {
		return err
	}
	if err := os.Rename(a, b); err != nil {
		return errors.Join(err, os.Rename(aside, b))
	}
	return os.Rename(aside, a)
}

// writeFolder makes the folder path, which holds files and is safe on the disk.
func writeFolder(path string, files map[string][]byte) error {
	if err := os.Mkdir(path, 0o755); err != nil {
		return fmt.Errorf("no folder can be made beside %s (%w); name one in a folder that exists and may be written", path, reason(err))
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		err := writeFile(filepath.Join(path, name), func(w io.Writer) error {
			_, err := w.Write(files[name])
			return err
		})
		if err != nil {
			return err
		}
	}
	return syncFolder(path)
}

func writeFile(path string, write func(io.Writer) error) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("%s can't be made (%w); name a place that exists and may be written", path, reason(err))
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("catalogue: write %s: %w", filepath.Base(path), err)
	}
	return nil
}

// syncFolder makes sure that the names in each of paths survive the machine.
func syncFolder(paths ...string) error {
	for _, path := range paths {
		d, err := os.Open(path)
		if err != nil {
			return fmt.Errorf("catalogue: keep %s on the disk: %w", path, err)
		}
		// some file systems keep folders safe by themselves and refuse to be asked
		_ = d.Sync()
		if err := d.Close(); err != nil {
			return fmt.Errorf("catalogue: keep %s on the disk: %w", path, err)
		}
	}
	return nil
}
