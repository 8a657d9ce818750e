package sandbox

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// line is what one write puts in the journal: changes that belong together, and the
// sandbox's clock as it stood.
type line struct {
	At      time.Time `json:"at"`
	Changes []change  `json:"changes,omitempty"`
}

// journal keeps the state over restarts. The zero journal keeps nothing.
type journal struct {
	file *os.File
	path string // of file, which is opened under another name when it is written anew
	lock *os.File
	end  int64
	// next is the size at which it is written anew.
	next int64
}

// leastCompacted is below which size a journal isn't worth writing anew.
const leastCompacted = 4 << 20

// openJournal takes the folder for this process alone and hands every whole line to each.
func openJournal(dir string, each func(line)) (*journal, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("sandbox: making the data folder: %w", err)
	}
	lock, err := lockFolder(dir)
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(dir, "journal.jsonl"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("sandbox: opening the journal: %w", err), lock.Close())
	}
	j := &journal{file: file, path: file.Name(), lock: lock}
	if err := j.load(each); err != nil {
		return nil, errors.Join(err, j.close())
	}
	return j, nil
}

func lockFolder(dir string) (*os.File, error) {
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("sandbox: opening the lock file: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(
			fmt.Errorf("sandbox: %s is in use by another process; stop that one or choose another folder: %w", dir, err),
			lock.Close())
	}
	return lock, nil
}

// load stops before a last line that a crash left torn; the next write replaces it.
func (j *journal) load(each func(line)) error {
	r := bufio.NewReader(j.file)
	for n := 1; ; n++ {
		raw, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return j.truncate()
		}
		if err != nil {
			return fmt.Errorf("sandbox: reading the journal: %w", err)
		}
		var l line
		if err := decodeNumbers(raw, &l); err != nil {
			if _, more := r.Peek(1); errors.Is(more, io.EOF) {
				return j.truncate()
			}
			return fmt.Errorf("sandbox: line %d of %s is damaged; restore the file or remove it to start afresh: %w", n, j.path, err)
		}
		each(l)
		j.end += int64(len(raw))
	}
}

func (j *journal) truncate() error {
	if err := j.file.Truncate(j.end); err != nil {
		return fmt.Errorf("sandbox: cutting the journal back to its last whole line: %w", err)
	}
	return nil
}

// append writes one line with one write. On an error the journal is as it was before.
func (j *journal) append(l line) error {
	if j.file == nil {
		return nil
	}
	raw, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("sandbox: encoding a journal line: %w", err)
	}
	raw = append(raw, '\n')
	if _, err := j.file.WriteAt(raw, j.end); err != nil {
		return errors.Join(fmt.Errorf("sandbox: writing the journal: %w", err), j.truncate())
	}
	j.end += int64(len(raw))
	return nil
}

// due says whether most of the journal is about what is no more.
func (j *journal) due() bool { return j.file != nil && j.end >= j.next }

// compact replaces the journal by one that leads straight to the present state. Whenever
// the process dies, one of the two is there whole. On an error the old one goes on.
func (j *journal) compact(at time.Time, changes []change) error {
	if j.file == nil {
		return nil
	}
	name := j.path
	j.next = max(leastCompacted, 2*j.end) // for where this fails
	next, err := os.OpenFile(name+".new", os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("sandbox: compacting the journal: %w", err)
	}
	size, err := writeLines(next, at, changes)
	if err == nil {
		err = os.Rename(next.Name(), name)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("sandbox: compacting the journal: %w", err), next.Close(), os.Remove(next.Name()))
	}
	old := j.file
	j.file, j.end, j.next = next, size, max(leastCompacted, 4*size)
	return errors.Join(old.Close(), syncFolder(filepath.Dir(name)))
}

// syncFolder makes a renaming last over a loss of power.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sandbox: opening the data folder: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}

func writeLines(f *os.File, at time.Time, changes []change) (int64, error) {
	var size int64
	w := bufio.NewWriter(f)
	for _, c := range changes {
		raw, err := json.Marshal(line{At: at, Changes: []change{c}})
		if err != nil {
			return 0, err
		}
		n, err := w.Write(append(raw, '\n'))
		if err != nil {
			return 0, err
		}
		size += int64(n)
	}
	return size, errors.Join(w.Flush(), f.Sync())
}

func (j *journal) close() error {
	if j.file == nil {
		return nil
	}
	return errors.Join(j.file.Sync(), j.file.Close(), j.lock.Close())
}

// decodeNumbers keeps numbers as they were written, so that what a bot sent comes back unchanged.
func decodeNumbers(raw []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one JSON value")
	}
	return nil
}
