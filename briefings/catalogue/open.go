package catalogue

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sitrep/briefings"
)

// ReadPath is [Read] of the folder, or of the zip archive, that path names.
// Links in a folder are followed within it and nowhere else.
func ReadPath(path string, now time.Time) ([]briefings.Item, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%q is no folder (%w); give the one that holds the YAML files, or a zip archive of it", path, reason(err))
	case info.IsDir():
		return readFolder(path, now)
	case info.Mode().IsRegular() && isZip(path):
		return readArchive(path, info.Size(), now)
	}
	return nil, fmt.Errorf("%q is no folder; give the one that holds the YAML files, or a zip archive of it", path)
}

func readFolder(path string, now time.Time) (items []briefings.Item, err error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("the folder %q can't be opened (%w); give one that may be read", path, reason(err))
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	return Read(root.FS(), now)
}

func readArchive(path string, size int64, now time.Time) (items []briefings.Item, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("the archive %q can't be opened (%w); give one that may be read", path, reason(err))
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	files, err := OpenZip(f, size)
	if err != nil {
		return nil, err
	}
	return Read(files, now)
}

// isZip reports whether path is to be a zip archive and not a folder.
func isZip(path string) bool { return strings.EqualFold(filepath.Ext(path), ".zip") }

// reason leaves out the operation and the path, which the person knows.
func reason(err error) error {
	if p := new(fs.PathError); errors.As(err, &p) {
		return p.Err
	}
	return err
}
