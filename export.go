package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"time"

	"sitrep/briefings"
	"sitrep/briefings/catalogue"
	"sitrep/config"
)

const exportAbout = `writes a briefing as a folder of YAML files, or as a zip archive:
sitrep export [flags] FOLDER (or FILE.zip)

Without --guild it is the catalogue that the settings name. The same briefing
gives the same bytes each time. The new folder takes the place of the old one in
one step; nothing is written where something is already, unless --force says so.
The database is only read, and may be in use.
`

// export writes the catalogue or a server's desk in the file form.
func export(ctx context.Context, w world) error {
	var guild, known string
	var force bool
	rest, err := w.flagsAnd("export", exportAbout, func(set *flag.FlagSet) {
		set.StringVar(&guild, "guild", "", "the server whose briefing is written, by `ID`; the catalogue without it")
		set.StringVar(&known, "known", "", "as it was known at the end of this `day`, like 2026-01-20")
		set.BoolVar(&force, "force", false, "replace the .yaml files of a folder that is not empty, or an archive; other files stay")
	})
	if err != nil {
		return err
	}
	path, err := onePath("export", rest)
	if err != nil {
		return err
	}
	if guild != "" {
		if err := isGuild(guild); err != nil {
			return err
		}
	}
	now := time.Now()
	until, err := parseKnown(known, now)
	if err != nil {
		return err
	}
	cfg, err := w.settings()
	if err != nil {
		return err
	}
	snap, err := exported(ctx, cfg, guild, until)
	if err != nil {
		return told(err)
	}
	files := catalogue.Write(snap.Items())
	if len(files) == 0 {
		return errors.New("there is nothing to write: that briefing holds no items")
	}
	err = catalogue.Save(path, files, force)
	if errors.Is(err, catalogue.ErrOccupied) {
		return fmt.Errorf("%w; name a new one, or add --force to replace its .yaml files", err)
	}
	if err != nil {
		return err
	}
	whose := "the catalogue"
	if guild != "" {
		whose = "server " + guild
	}
	fmt.Fprintf(w.stdout, "Wrote %s, revision %d: %s in %s to %s.\n",
		whose, snap.Rev, count(len(snap.Items()), "item"), count(len(files), "file"), path)
	return nil
}

// exported is the desk to write: guild's, or the catalogue where there is none,
// as it was known at until, which may be zero.
func exported(ctx context.Context, cfg config.Config, guild string, until time.Time) (snap *briefings.Snapshot, err error) {
	loaded, err := readCatalogue(cfg.Catalogue)
	if err != nil {
		return nil, err
	}
	service := briefings.NewService(nil, noCache{}, loaded, time.Now, cfg.Logger(nothing{}))
	snap = service.Base()
	if guild != "" {
		record, err := openReadOnly(ctx, cfg)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, noDatabase(cfg)
		}
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, record.Close()) }()
		service = briefings.NewService(record, noCache{}, loaded, time.Now, cfg.Logger(nothing{}))
		if err := service.Follow(ctx); err != nil {
			return nil, err
		}
		if snap, err = service.Snapshot(ctx, briefings.DeskID(guild)); err != nil {
			return nil, err
		}
	}
	if until.IsZero() {
		return snap, nil
	}
	if snap = snap.Known(until); snap == nil {
		return nil, fmt.Errorf("nothing was known on that day; what is recorded begins on %s", service.Base().Begin().UTC().Format(time.DateOnly))
	}
	return snap, nil
}

// parseKnown is the last moment of the day, month or year that text names; zero
// where text is empty.
func parseKnown(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	day, err := briefings.ParseEDTF(text)
	first, dated := day.First()
	last, closed := day.Last()
	switch {
	case err != nil || !dated || !closed || day.IsInterval():
		return time.Time{}, usageError{fmt.Sprintf("--known %q is no day; write it like 2026-01-20", text)}
	case first.After(now):
		return time.Time{}, usageError{fmt.Sprintf("--known %s is in the future; name today or a day before", text)}
	}
	return last.AddDate(0, 0, 1).Add(-1), nil
}

// onePath is the folder or archive that a sub-command was given.
func onePath(name string, rest []string) (string, error) {
	for _, word := range rest {
		if strings.HasPrefix(word, "-") {
			return "", usageError{fmt.Sprintf("write %s before the folder: sitrep %s %s ... FOLDER", word, name, word)}
		}
	}
	if len(rest) != 1 || rest[0] == "" {
		return "", usageError{fmt.Sprintf("%s takes one folder, or one .zip file; see sitrep %s --help", name, name)}
	}
	return rest[0], nil
}

var guildPattern = regexp.MustCompile(`^[0-9]{1,20}$`)

func isGuild(id string) error {
	if guildPattern.MatchString(id) {
		return nil
	}
	return usageError{fmt.Sprintf("--guild %q is no server's id; in Discord's developer mode, right-click the server and copy it", id)}
}

// told puts the words for a person in the place of their error.
func told(err error) error {
	if mistake := new(briefings.UserError); errors.As(err, &mistake) {
		return errors.New(mistake.Say)
	}
	return err
}

func count(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}
