package catalogue

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"

	"sitrep/briefings"
)

// MaxBytes is how much all files of a folder may hold together.
const MaxBytes = 8 << 20

// Read returns the items of every .yaml file directly in fsys, by file name and
// then in the order of the file. Files that start with a dot and files of other
// types are passed over; a .yml file or a folder is refused, since passing it
// over would lose what somebody wrote. What is wrong with the content is
// returned as [Faults]. The rules are judged by the day it is at now.
func Read(fsys fs.FS, now time.Time) ([]briefings.Item, error) {
	r := &reader{places: map[briefings.ID]*place{}}
	names, err := r.names(fsys)
	if err != nil {
		return nil, fmt.Errorf("catalogue: list folder: %w", err)
	}
	left := int64(MaxBytes)
	var texts []string
	for _, name := range names {
		text, err := readFile(fsys, name, left)
		if errors.Is(err, errTooBig) {
			return nil, Faults{{File: name, Say: "with this file the folder holds more than 8 MiB; remove items, or split the folder in two"}}
		}
		if err != nil {
			return nil, fmt.Errorf("catalogue: read %s: %w", name, err)
		}
		left -= int64(len(text))
		texts = append(texts, text)
	}
	for i, name := range names {
		r.file(name, texts[i])
	}
	r.check(now)
	if len(r.faults) > 0 {
		return nil, r.faults.inOrder()
	}
	return r.items, nil
}

// reader gathers items and faults over all files.
type reader struct {
	items  []briefings.Item
	places map[briefings.ID]*place
	faults Faults
}

// place is where an item stands.
type place struct {
	file         string
	line, column int
	fields       map[string]spot
	broken       bool // couldn't be read: only its id is known
}

// spot is where a field stands, and whether its value could be read.
type spot struct {
	line, column int
	bad          bool
}

func (r *reader) full() bool { return len(r.faults) >= maxFaults }

func (r *reader) bad(f Fault) {
	if !r.full() {
		r.faults = append(r.faults, f)
	}
}

var errTooBig = errors.New("too big")

func (r *reader) names(fsys fs.FS) ([]string, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		switch name := e.Name(); {
		case strings.HasPrefix(name, "."):
		case e.IsDir():
			r.bad(Fault{File: name, Say: "is a folder; put its files beside the others, or move it elsewhere"})
		case strings.EqualFold(path.Ext(name), ".yml"), path.Ext(name) != ".yaml" && strings.EqualFold(path.Ext(name), ".yaml"):
			r.bad(Fault{File: name, Say: "must end in .yaml to be read; rename it"})
		case path.Ext(name) == ".yaml":
			names = append(names, name)
		}
	}
	if len(names) == 0 && len(r.faults) == 0 {
		r.bad(Fault{Say: "the folder holds no .yaml file; name the folder that holds actors.yaml and the sections"})
	}
	return names, nil
}

// readFile reads at most left bytes and never waits on what is no plain file.
func readFile(fsys fs.FS, name string, left int64) (text string, err error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", errors.New("is no regular file; replace it by one")
	}
	if info.Size() > left {
		return "", errTooBig
	}
	f, err := fsys.Open(name)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	data, err := io.ReadAll(io.LimitReader(f, left+1))
	if int64(len(data)) > left {
		return "", errTooBig
	}
	return string(data), err
}

func (r *reader) file(name, text string) {
	s := &splitter{reader: r, file: name}
	for _, c := range s.split(text) {
		if r.full() {
			return
		}
		r.chunk(c)
	}
}

// check applies the rules between items and tells where their faults stand.
// What follows only from a fault that is already reported is left out.
func (r *reader) check(now time.Time) {
	if r.full() {
		return
	}
	for _, f := range briefings.Check(r.items, now) {
		p := r.places[f.Item]
		if p == nil {
			r.bad(Fault{Item: f.Item, Field: f.Field, Say: f.Say})
			continue
		}
		at, written := p.fields[f.Field]
		if p.broken || at.bad {
			continue
		}
		if !written {
			at = spot{line: p.line, column: p.column}
		}
		r.bad(Fault{File: p.file, Line: at.line, Column: at.column, Item: f.Item, Field: f.Field, Say: f.Say})
	}
}
