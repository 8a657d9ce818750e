package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"sitrep/digests"
	"sitrep/store"
)

// leastRoom is how much of a disk has to be free for sitrep's own database: a new
// release may write its tables anew.
const leastRoom = 100 << 20

// database returns the digests that are to come.
func (x *examination) database(ctx context.Context) []digests.Subscription {
	if x.cfg.DatabaseURL == "" && !x.folder() {
		return nil
	}
	record, err := openReadOnly(ctx, x.cfg)
	if err != nil {
		x.schema(err)
		return nil
	}
	defer func() { _ = record.Close() }() // it was only read
	if x.cfg.DatabaseURL != "" {
		if err := record.Writable(ctx); err != nil {
			x.fault("Database", "%s", plainly(err))
			return nil
		}
	}
	if err := record.Current(ctx); err != nil && !x.schema(err) {
		return nil
	}
	all, err := record.Due(ctx, time.Now().AddDate(100, 0, 0), mostExamined)
	switch {
	case err != nil:
		x.fault("Database", "%s", plainly(err))
	case len(all) == mostExamined:
		x.fine("Database", "answers; more than %d digests are to come, of which the next %d are examined", mostExamined-1, mostExamined)
	default:
		x.fine("Database", "answers; %s to come", count(len(all), "digest"))
	}
	return all
}

// schema tells why a database isn't as this release writes it, and whether it can
// be read nevertheless.
func (x *examination) schema(err error) bool {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		x.fine("Database", "there is nothing in it yet; the first start makes its tables")
	case errors.Is(err, store.ErrOlder):
		x.fine("Database", "an older sitrep wrote it; the next start brings it up to date, so make a backup before. Until then its digests can't be examined")
	case errors.Is(err, store.ErrNewer):
		x.fault("Database", "a newer sitrep has brought it up to date; run that one here too. One release older goes on working meanwhile")
		return true
	default:
		x.fault("Database", "%s", plainly(err))
	}
	return false
}

// folder is where everything is kept that no server keeps. It reports whether
// that can be.
func (x *examination) folder() bool {
	there, file := existing(x.cfg.Data), filepath.Join(x.cfg.Data, "sitrep.db")
	if err := tryWriting(there, file); err != nil {
		x.fault("Folder", "it can't be written (%v); give it to the user that sitrep runs as, or choose another with SITREP_DATA", err)
		return false
	}
	free, known := room(there)
	switch {
	case known && free < leastRoom:
		x.fault("Folder", "%d MB are free on the disk of %s; make room until there are %d", free>>20, there, leastRoom>>20)
	case exposed(file):
		x.fault("Folder", "everyone on this machine may read %s; close it with chmod o= %[1]s", file)
	case there != x.cfg.Data:
		x.fine("Folder", "%s isn't there yet; the first start makes it", x.cfg.Data)
	default:
		x.fine("Folder", "%s can be written", x.cfg.Data)
	}
	return true
}

// existing is a folder, or the one in which those that are missing will be made.
func existing(folder string) string {
	for {
		parent := filepath.Dir(folder)
		if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) || parent == folder {
			return folder
		}
		folder = parent
	}
}

// tryWriting makes a file in a folder for a moment, and opens another if it is there.
func tryWriting(folder, file string) error {
	probe, err := os.CreateTemp(folder, ".doctor-*")
	if err != nil {
		return err
	}
	if err := errors.Join(probe.Close(), os.Remove(probe.Name())); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// exposed reports whether users who have nothing to do with a file may read it,
// as after copying it by hand: sitrep itself lets nobody.
func exposed(file string) bool {
	folder, err := os.Stat(filepath.Dir(file))
	if err != nil {
		return false
	}
	f, err := os.Stat(file)
	return err == nil && folder.Mode()&0o001 != 0 && f.Mode()&0o004 != 0
}
