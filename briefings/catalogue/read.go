package catalogue

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"sitrep/briefings"
)

// MaxBytes is how much all files of a folder may hold together.
const MaxBytes = 8 << 20

// The bounds of a folder besides [MaxBytes].
const (
	maxFiles   = 1000
	maxEntries = 10_000 // of any sort
)

// Read returns the items of every .yaml file directly in fsys, by file name and
// then in the order of the file. Files that start with a dot and files of other
// types are passed over; a .yml file or a folder is refused, since passing it
// over would lose what somebody wrote. The rules are judged by the day it is at
// now. What is wrong with the files or their content is returned as [Faults], all
// of it.
func Read(fsys fs.FS, now time.Time) ([]briefings.Item, error) { return ReadOnto(fsys, nil, now) }

// ReadOnto is [Read] of files that stand for a part of a briefing: what they
// name may be among the items of desk, which the rules hold beside theirs. Only
// what is wrong with the files is returned.
func ReadOnto(fsys fs.FS, desk []briefings.Item, now time.Time) ([]briefings.Item, error) {
	r := &reader{places: map[briefings.ID]*place{}}
	names, err := r.names(fsys)
	if err != nil {
		return nil, fmt.Errorf("catalogue: list folder: %w", err)
	}
	left := int64(MaxBytes)
	texts := make([]string, len(names))
	for i, name := range names {
		text, err := readFile(fsys, name, left)
		if errors.Is(err, errTooBig) {
			return nil, Faults{{File: name, Say: "with this file the folder holds more than 8 MiB; remove items, or split the folder in two"}}
		}
		if err != nil {
			r.bad(Fault{File: name, Say: unreadable(err)})
			r.partial = true
		}
		left -= int64(len(text))
		texts[i] = text
	}
	for i, name := range names {
		r.file(name, texts[i])
		texts[i] = ""
	}
	if !r.partial {
		r.check(desk, now)
	}
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

	// partial is set where a file couldn't be read: most of what is missing
	// elsewhere stands in it.
	partial bool
}

// place is where an item stands.
type place struct {
	file         string
	line, column int32
	fields       []spot
	broken       bool // couldn't be read: only its id is known
}

// at is where the field with name stands, nil where it isn't written.
func (p *place) at(name string) *spot {
	for i := range p.fields {
		if p.fields[i].name == name {
			return &p.fields[i]
		}
	}
	return nil
}

// spot is where a field stands, and whether its value could be read.
type spot struct {
	name         string
	line, column int32
	bad          bool
}

func (r *reader) full() bool { return len(r.faults) >= maxFaults }

func (r *reader) bad(f Fault) {
	if !r.full() {
		r.faults = append(r.faults, f)
	}
}

var (
	errTooBig = errors.New("too big")
	errNoFile = errors.New("no regular file")
)

// unreadable says what to do about a file that can't be read.
func unreadable(err error) string {
	if errors.Is(err, errNoFile) {
		return "is no regular file; replace it by one"
	}
	return fmt.Sprintf("can't be read (%v); mend that, or move the file elsewhere", reason(err))
}

func (r *reader) names(fsys fs.FS) ([]string, error) {
	entries, err := list(fsys)
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
	slices.Sort(names)
	switch {
	case len(entries) > maxEntries:
		r.bad(Fault{Say: fmt.Sprintf("the folder holds more than %d files; name one for the YAML files alone", maxEntries)})
		return nil, nil
	case len(names) > maxFiles:
		r.bad(Fault{Say: fmt.Sprintf("the folder holds %d YAML files, at most %d fit; put the items of a section in one file", len(names), maxFiles)})
		return nil, nil
	case len(names) == 0 && len(r.faults) == 0:
		r.bad(Fault{Say: "the folder holds no .yaml file; name the folder that holds actors.yaml and the sections"})
	}
	return names, nil
}

// list returns the entries of the folder, in no order, up to one more than it
// may have.
func list(fsys fs.FS) (entries []fs.DirEntry, err error) {
	f, err := fsys.Open(".")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	dir, ok := f.(fs.ReadDirFile)
	if !ok {
		return nil, errors.New("is no folder")
	}
	entries, err = dir.ReadDir(maxEntries + 1)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return entries, err
}

// readFile reads at most left bytes and never waits on what is no plain file.
func readFile(fsys fs.FS, name string, left int64) (_ string, err error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", errNoFile
	}
	if info.Size() > left {
		return "", errTooBig
	}
	f, err := fsys.Open(name)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var text strings.Builder
	text.Grow(int(info.Size()))
	n, err := io.Copy(&text, io.LimitReader(f, left+1))
	if n > left {
		return "", errTooBig
	}
	return text.String(), err
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
func (r *reader) check(desk []briefings.Item, now time.Time) {
	if r.full() {
		return
	}
	others := map[briefings.ID]bool{}
	var items []briefings.Item // the files' last: of two that claim one label, Check blames the later
	for _, item := range desk {
		if id := item.Head().ID; r.places[id] == nil {
			others[id] = true
			items = append(items, item)
		}
	}
	for _, f := range briefings.Check(append(items, r.items...), now) {
		p := r.places[f.Item]
		switch {
		case others[f.Item]: // publishing finds what is newly broken there
			continue
		case p == nil:
			r.bad(Fault{Item: f.Item, Field: f.Field, Say: f.Say})
			continue
		}
		at := p.at(f.Field)
		if at == nil {
			at = &spot{line: p.line, column: p.column}
		}
		if p.broken || at.bad {
			continue
		}
		r.bad(Fault{File: p.file, Line: int(at.line), Column: int(at.column), Item: f.Item, Field: f.Field, Say: f.Say})
	}
}

// ReadItem reads a text that holds one item. What is wrong with its form is
// returned as [Faults]; the rules between items are not checked.
func ReadItem(text string) (briefings.Item, error) {
	if len(text) > MaxBytes {
		return nil, Faults{{Say: "is larger than 8 MiB; shorten it"}}
	}
	r := &reader{places: map[briefings.ID]*place{}}
	r.file("", text)
	switch {
	case len(r.faults) > 0:
		return nil, r.faults.inOrder()
	case len(r.items) != 1:
		return nil, Faults{{Say: fmt.Sprintf("holds %d items; write one, beginning with - id:", len(r.items))}}
	}
	return r.items[0], nil
}
