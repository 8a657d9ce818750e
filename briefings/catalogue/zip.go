package catalogue

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
)

// The bounds of an archive. Text shrinks to a fifth or so; what shrinks to less
// than a hundredth was made to fill a memory.
const (
	maxZipBytes = MaxBytes + 1<<20
	maxZipFiles = 1000
	maxRatio    = 100
	ratioFrom   = 64 << 10 // bytes that a file may always have
)

// zipEntry begins the description of each file in an archive's directory.
const zipEntry = "PK\x01\x02"

// OpenZip returns the YAML files of the zip archive of size bytes in r, for
// [Read]. Where they stand in the archive makes no difference: only the last
// part of a name counts, and two files may not share it. Other files, and hidden
// ones, are passed over. The archive is read whole and bounded before anything
// is unpacked; what is wrong with it is returned as [Faults]. r is not used
// after OpenZip returns.
func OpenZip(r io.ReaderAt, size int64) (fs.FS, error) {
	if size > maxZipBytes {
		return nil, Faults{{Say: fmt.Sprintf("the archive has %d bytes, at most %d fit; leave out what is no YAML file, or split it", size, maxZipBytes)}}
	}
	data, err := io.ReadAll(io.NewSectionReader(r, 0, size))
	if err != nil {
		return nil, fmt.Errorf("catalogue: read archive: %w", err)
	}
	// The archive's own count can't be trusted, and the reader makes room for
	// every entry before anybody can ask how many there are.
	if n := bytes.Count(data, []byte(zipEntry)); n > maxZipFiles {
		return nil, Faults{{Say: fmt.Sprintf("the archive holds %d files, at most %d fit; leave out what is no YAML file", n, maxZipFiles)}}
	}
	archive, err := zip.NewReader(bytes.NewReader(data), size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, Faults{{Say: fmt.Sprintf("can't be read as a zip archive (%v); make it anew", err)}}
	}
	found := &reader{}
	archive.File = found.flatten(archive.File)
	if len(found.faults) > 0 {
		return nil, found.faults.inOrder()
	}
	return archive, nil
}

// flatten keeps the YAML files, by the last part of their names.
func (r *reader) flatten(files []*zip.File) []*zip.File {
	var kept []*zip.File
	taken := map[string]string{}
	for _, f := range files {
		whole := strings.ReplaceAll(f.Name, `\`, "/")
		name := path.Base(whole)
		switch ext := strings.ToLower(path.Ext(name)); {
		case ext == ".zip":
			r.bad(Fault{File: clip(name), Say: "is an archive inside the archive; unpack it, and put its files in instead"})
			continue
		case strings.HasSuffix(whole, "/"), strings.HasPrefix(name, "."), ext != ".yaml" && ext != ".yml":
			continue
		}
		if say := zipped(f, name); say != "" {
			r.bad(Fault{File: clip(name), Say: say})
			continue
		}
		if first, twice := taken[name]; twice {
			r.bad(Fault{File: clip(name), Say: fmt.Sprintf("stands twice in the archive, as %s and as %s; leave one of them out", clip(first), clip(whole))})
			continue
		}
		taken[name] = whole
		f.Name = name
		kept = append(kept, f)
	}
	return kept
}

// zipped says what is wrong with how f is packed, "" where nothing is.
func zipped(f *zip.File, name string) string {
	const encrypted = 1
	switch {
	case !fs.ValidPath(name):
		return "has a name that is not valid UTF-8; rename it"
	case f.Flags&encrypted != 0:
		return "is encrypted; make the archive without a password"
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return fmt.Sprintf("is packed by method %d; make the archive with the usual one, deflate", f.Method)
	case !f.Mode().IsRegular():
		return "is no plain file; replace it by one"
	case f.UncompressedSize64 > ratioFrom && f.UncompressedSize64/maxRatio > f.CompressedSize64:
		return fmt.Sprintf("unpacks to %d bytes, over %d times what it has in the archive, which no text does; replace it", f.UncompressedSize64, maxRatio)
	}
	return ""
}

// OneFile is the folder, for [Read], that holds nothing but the file with that
// name, whose folders make no difference.
func OneFile(name string, data []byte) (fs.FS, error) {
	var whole bytes.Buffer
	archive := zip.NewWriter(&whole)
	f, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
	if err == nil {
		_, err = f.Write(data)
	}
	if err = errors.Join(err, archive.Close()); err != nil {
		return nil, fmt.Errorf("catalogue: take %q for a folder: %w", name, err)
	}
	return OpenZip(bytes.NewReader(whole.Bytes()), int64(whole.Len()))
}

// WriteZip writes files, by name, as a zip archive. Equal files give equal
// bytes: the archive holds neither the time nor the machine.
func WriteZip(w io.Writer, files map[string][]byte) error {
	archive := zip.NewWriter(w)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := archive.CreateHeader(&zip.FileHeader{
			Name: name, Method: zip.Deflate,
			Modified: time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC), // the earliest that the form can say
		})
		if err == nil {
			_, err = f.Write(files[name])
		}
		if err != nil {
			return fmt.Errorf("catalogue: write %s into the archive: %w", name, err)
		}
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("catalogue: finish the archive: %w", err)
	}
	return nil
}
