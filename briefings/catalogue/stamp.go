package catalogue

import (
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"strconv"

	"sitrep/briefings"
)

// A Stamp tells which revision of which desk files were written from. It is the
// first line of each, and the zero value where they don't tell.
type Stamp struct {
	Desk briefings.DeskID
	Rev  int
}

const stampLine = "# Desk %s, revision %d. Keep this line: an import tells by it what was changed meanwhile.\n\n"

var stamped = regexp.MustCompile(`^(?:\x{feff})?# Desk ([0-9]{1,20}), revision ([0-9]{1,9})\.`)

// Onto puts s at the top of files, which it changes.
func (s Stamp) Onto(files map[string][]byte) {
	line := fmt.Sprintf(stampLine, s.Desk, s.Rev)
	for name, data := range files {
		files[name] = append([]byte(line), data...)
	}
}

// StampOf reads the stamp of the files in fsys: their oldest revision, or
// nothing unless each is stamped as the same desk's.
func StampOf(fsys fs.FS) Stamp {
	entries, err := list(fsys)
	if err != nil {
		return Stamp{}
	}
	var found Stamp
	for _, e := range entries {
		if !ours(e.Name()) {
			continue
		}
		s := stampIn(fsys, e.Name())
		if s == (Stamp{}) || found.Rev > 0 && s.Desk != found.Desk {
			return Stamp{}
		}
		if found.Rev == 0 || s.Rev < found.Rev {
			found = s
		}
	}
	return found
}

func stampIn(fsys fs.FS, name string) Stamp {
	f, err := fsys.Open(name)
	if err != nil {
		return Stamp{}
	}
	start := make([]byte, len(stampLine))
	n, _ := io.ReadFull(f, start) // what can't be read has no stamp
	_ = f.Close()
	m := stamped.FindSubmatch(start[:n])
	if m == nil {
		return Stamp{}
	}
	rev, err := strconv.Atoi(string(m[2]))
	if err != nil || rev < 1 {
		return Stamp{}
	}
	return Stamp{Desk: briefings.DeskID(m[1]), Rev: rev}
}
