package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sitrep/store"
)

const backupAbout = `writes all that is recorded into one file:
sitrep backup [flags] FILE (- for the standard output)

It is the database as it is at one moment, SQLite or Postgres alike, and holds
all that the bot keeps of people: nobody but its owner may read the file. The
bot may go on working. The settings are not in it.
`

// backup writes the database into a file.
func backup(ctx context.Context, w world) error {
	var force bool
	rest, err := w.flagsAnd("backup", backupAbout, func(set *flag.FlagSet) {
		set.BoolVar(&force, "force", false, "replace a file that is there")
	})
	if err != nil {
		return err
	}
	path, err := oneFile("backup", rest)
	if err != nil {
		return err
	}
	cfg, err := w.settings()
	if err != nil {
		return err
	}
	var rows int64
	write := func(to io.Writer) (err error) {
		rows, err = store.Backup(ctx, cfg.Database(), to)
		return err
	}
	if path == "-" {
		return write(w.stdout)
	}
	err = writeWhole(path, force, write)
	if errors.Is(err, store.ErrNothing) {
		return noDatabase(cfg)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(w.stdout, "Wrote %s to %s.\n", count(int(rows), "row"), path)
	return nil
}

// oneFile is the file that a sub-command was given.
func oneFile(name string, rest []string) (string, error) {
	for _, word := range rest {
		if strings.HasPrefix(word, "--") {
			return "", usageError{fmt.Sprintf("write %s before the file: sitrep %s %s FILE", word, name, word)}
		}
	}
	if len(rest) != 1 || rest[0] == "" {
		return "", usageError{fmt.Sprintf("%s takes one file; see sitrep %s --help", name, name)}
	}
	return rest[0], nil
}

// writeWhole makes the file at path, for its owner alone, what write wrote: all
// of it or nothing, also after a loss of power.
func writeWhole(path string, force bool, write func(io.Writer) error) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), ".backup-*") // mode 0600
	if err != nil {
		return fmt.Errorf("%w; name a file in a folder that may be written", err)
	}
	defer func() {
		if gone := os.Remove(file.Name()); !errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, gone)
		}
	}()
	if err := errors.Join(write(file), file.Sync(), file.Close()); err != nil {
		return err
	}
	if force {
		return os.Rename(file.Name(), path)
	}
	// Unlike a rename, a link never takes the place of something.
	if err := os.Link(file.Name(), path); errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already; name a new file, or add --force to replace it", path)
	} else if err != nil {
		return err
	}
	return nil
}

const restoreAbout = `makes the database what a backup holds:
sitrep restore [flags] FILE (- for the standard input)

The backup may be of SQLite or Postgres, and of an older sitrep; the database is
the one that the settings name. It is all or nothing. Stop every copy of sitrep
first: what one would write meanwhile would be lost.
`

// restore reads what backup wrote.
func restore(ctx context.Context, w world) (err error) {
	var replace bool
	rest, err := w.flagsAnd("restore", restoreAbout, func(set *flag.FlagSet) {
		set.BoolVar(&replace, "replace", false, "drop what is recorded now")
	})
	if err != nil {
		return err
	}
	path, err := oneFile("restore", rest)
	if err != nil {
		return err
	}
	cfg, err := w.settings()
	if err != nil {
		return err
	}
	from := io.Reader(os.Stdin)
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }() // it was only read
		from = file
	}
	rows, err := store.Restore(ctx, cfg.Database(), from, replace)
	if errors.Is(err, store.ErrNotEmpty) {
		return errors.New("the database isn't empty: restore into a new one, or add --replace to drop what is recorded there")
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(w.stdout, "Restored %s.\n", count(int(rows), "row"))
	return nil
}
