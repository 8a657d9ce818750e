package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"sitrep/briefings"
	"sitrep/briefings/catalogue"
	"sitrep/cache"
	"sitrep/config"
	"sitrep/sandbox/clock"
	"sitrep/store"
)

const importAbout = `publishes what differs between a folder of YAML files and a server's briefing:
sitrep import --guild ID [flags] FOLDER (or FILE.zip)

Items that are new are created, those that changed amended, all at once or not
at all, and every change is printed. What the folder lacks is kept, unless
--retract-missing says otherwise. A bot that runs on the same database shows it
within five seconds, with SITREP_REDIS_URL at once.
`

// importing is what sitrep import was asked to do.
type importing struct {
	guild, by, reason               string
	rev                             int
	dryRun, correct, retractMissing bool
	path                            string
}

// importFolder publishes the difference between a folder and a server's desk.
func importFolder(ctx context.Context, w world) error {
	var i importing
	rest, err := w.flagsAnd("import", importAbout, func(set *flag.FlagSet) {
		set.StringVar(&i.guild, "guild", "", "the server whose briefing is changed, by `ID`")
		set.BoolVar(&i.dryRun, "dry-run", false, "check and print everything, and change nothing")
		set.StringVar(&i.by, "by", "import", "who answers for it: a member's `ID`, or a word")
		set.StringVar(&i.reason, "reason", "", "why, in a `text` that readers see; --correct and --retract-missing need it")
		set.BoolVar(&i.correct, "correct", false, "what differs was wrong all along, and is corrected rather than amended")
		set.BoolVar(&i.retractMissing, "retract-missing", false, "retract the items that the folder lacks")
		set.IntVar(&i.rev, "rev", 0, "refuse unless the briefing is still at this revision `N`, which export prints")
	})
	if err != nil {
		return err
	}
	if i.path, err = onePath("import", rest); err != nil {
		return err
	}
	if err := i.sound(); err != nil {
		return err
	}
	cfg, err := w.settings()
	if err != nil {
		return err
	}
	return told(i.run(ctx, w, cfg))
}

var byPattern = regexp.MustCompile(`^([0-9]{1,20}|[a-z][a-z-]{0,31})$`)

func (i importing) sound() error {
	switch {
	case i.guild == "":
		return usageError{"import into which server? Add --guild ID; the catalogue itself is set by SITREP_CATALOGUE"}
	case !byPattern.MatchString(i.by):
		return usageError{fmt.Sprintf("--by %q names nobody; write a member's id, digits only, or a word in lower case", i.by)}
	case i.rev < 0:
		return usageError{"--rev is a revision's number, like 5"}
	case i.reason == "" && i.correct:
		return usageError{"--correct needs --reason TEXT, which readers will see: say what was wrong"}
	case i.reason == "" && i.retractMissing:
		return usageError{"--retract-missing needs --reason TEXT, which readers will see: say why it should never have been published"}
	}
	return isGuild(i.guild)
}

func (i importing) run(ctx context.Context, w world, cfg config.Config) (err error) {
	now, err := clockOf(ctx, cfg)
	if err != nil {
		return err
	}
	items, err := readFiles(w, i.path, now())
	if err != nil {
		return err
	}
	service, closing, err := i.open(ctx, w, cfg, now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closing()) }()
	snap, err := service.Snapshot(ctx, briefings.DeskID(i.guild))
	if err != nil {
		return err
	}
	if i.rev > 0 && snap.Rev != i.rev {
		return fmt.Errorf("the briefing is at revision %d, not %d: somebody changed it since; export it anew, bring the changes together, and import that", snap.Rev, i.rev)
	}
	changes, kept, err := i.plan(snap, items)
	if err != nil {
		return err
	}
	after := snap
	if batch := (briefings.Batch{Desk: snap.Desk, By: briefings.UserID(i.by), Changes: changes}); len(changes) > 0 {
		publish := service.Publish
		if i.dryRun {
			publish = service.Try
		}
		if after, err = publish(ctx, batch); err != nil {
			return err
		}
	}
	i.report(w, snap, after, changes, kept)
	return nil
}

// readFiles reads a folder or an archive; what is wrong with it is printed.
func readFiles(w world, path string, now time.Time) ([]briefings.Item, error) {
	items, err := catalogue.ReadPath(path, now)
	if faults := (catalogue.Faults{}); errors.As(err, &faults) {
		fmt.Fprintln(w.stderr, faults) // alone on their lines, where editors look for them
		return nil, errSaid
	}
	return items, err
}

// clockOf is the clock of the sandbox that runs with these settings, else the
// machine's: what is published must not lie in the future of who reads it.
func clockOf(ctx context.Context, cfg config.Config) (func() time.Time, error) {
	if cfg.Clock != "" {
		c, err := clock.Dial(ctx, cfg.Clock)
		if err != nil {
			return nil, err
		}
		return c.Now, nil
	}
	if cfg.Sandbox() {
		if c, err := clock.Dial(ctx, "http://"+cfg.Listen+"/sandbox/clock"); err == nil {
			return c.Now, nil
		}
	}
	return time.Now, nil
}

// open is the service to publish with. Only where there is a Redis that the
// bot has too are its copies told; nothing is read from it, for the plan must
// stand on what is recorded.
func (i importing) open(ctx context.Context, w world, cfg config.Config, now func() time.Time) (*briefings.Service, func() error, error) {
	loaded, err := readCatalogue(cfg.Catalogue)
	if err != nil {
		return nil, nil, err
	}
	record, err := i.record(ctx, cfg)
	if err != nil {
		return nil, nil, err
	}
	log := cfg.Logger(w.stderr)
	var shared briefings.Cache = noCache{}
	closing := record.Close
	if cfg.RedisURL != "" && !i.dryRun {
		c, err := cache.Open(cfg.Redis(), log)
		if err != nil {
			return nil, nil, errors.Join(err, record.Close())
		}
		shared, closing = telling{c}, func() error { return errors.Join(c.Close(), record.Close()) }
	}
	service := briefings.NewService(record, shared, loaded, now, log)
	if err := service.Follow(ctx); err != nil {
		return nil, nil, errors.Join(err, closing())
	}
	return service, closing, nil
}

// telling is a cache that is told things and never asked.
type telling struct{ *cache.Cache }

func (telling) Load(context.Context, briefings.DeskID) ([]byte, error) { return nil, nil }

func (i importing) record(ctx context.Context, cfg config.Config) (*store.Store, error) {
	if cfg.DatabaseURL == "" {
		if _, err := os.Stat(filepath.Join(cfg.Data, "sitrep.db")); errors.Is(err, fs.ErrNotExist) {
			return nil, noDatabase(cfg)
		}
	}
	if i.dryRun {
		return openReadOnly(ctx, cfg)
	}
	record, err := store.Connect(cfg.Database())
	if err != nil {
		return nil, err
	}
	if err := record.Migrate(ctx); err != nil {
		return nil, errors.Join(err, record.Close())
	}
	return record, nil
}

func noDatabase(cfg config.Config) error {
	return fmt.Errorf("no database is in %s, so nothing is recorded for any server; SITREP_DATA names the folder, SITREP_DATABASE_URL another database", cfg.Data)
}

// plan is what makes snap say what items do, and the items of snap that it
// leaves alone because the folder lacks them.
func (i importing) plan(snap *briefings.Snapshot, items []briefings.Item) (changes []briefings.Change, kept []briefings.Item, err error) {
	op := briefings.OpAmend
	if i.correct {
		op = briefings.OpCorrect
	}
	if changes, err = snap.Toward(items, op, i.reason); err != nil {
		return nil, nil, err
	}
	named := make(map[briefings.ID]bool, len(items))
	for _, item := range items {
		named[item.Head().ID] = true
	}
	for _, item := range snap.Items() {
		id := item.Head().ID
		switch {
		case named[id]:
		case i.retractMissing:
			changes = append(changes, briefings.Change{Item: item, Op: briefings.OpRetract, Reason: i.reason, Seen: snap.ItemRev(id)})
		default:
			kept = append(kept, item)
		}
	}
	return changes, kept, nil
}

// report prints every change, field by field, and one line that sums them up.
func (i importing) report(w world, before, after *briefings.Snapshot, changes []briefings.Change, kept []briefings.Item) {
	made := map[briefings.Op]int{}
	for _, c := range changes {
		made[c.Op]++
		fmt.Fprintf(w.stdout, "%s %s %s\n", c.Op, c.Item.Head().Ref(), c.Item.Head().ID)
		if c.Op != briefings.OpRetract && c.Op != briefings.OpRestore {
			differences(w, briefings.CompareFields(before.Item(c.Item.Head().ID), c.Item))
		}
	}
	for _, item := range kept {
		fmt.Fprintf(w.stdout, "keep %s %s, which the folder lacks\n", item.Head().Ref(), item.Head().ID)
	}
	if len(kept) > 0 && len(changes) > 0 {
		fmt.Fprintln(w.stdout)
	}
	if len(changes) == 0 {
		fmt.Fprintf(w.stdout, "Nothing differs: server %s stays at revision %d. %d kept that the folder lacks.\n", i.guild, before.Rev, len(kept))
		return
	}
	var parts []string
	for _, op := range []struct {
		op   briefings.Op
		word string
	}{
		{briefings.OpCreate, "created"},
		{briefings.OpAmend, "amended"},
		{briefings.OpCorrect, "corrected"},
		{briefings.OpRestore, "restored"},
		{briefings.OpRetract, "retracted"},
	} {
		if n := made[op.op]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, op.word))
		}
	}
	end := fmt.Sprintf("recorded as revision %d of server %s", after.Rev, i.guild)
	if i.dryRun {
		end = fmt.Sprintf("nothing is written, for this is a dry run; it would be revision %d of server %s", after.Rev, i.guild)
	}
	fmt.Fprintf(w.stdout, "%s, %d kept that the folder lacks: %s.\n", strings.Join(parts, ", "), len(kept), end)
}

// differences prints each field before and after, as far as there is one.
func differences(w world, fields []briefings.FieldChange) {
	for _, f := range fields {
		if f.Old != "" {
			fmt.Fprintf(w.stdout, "  - %s: %s\n", f.Name, f.Old)
		}
		if f.New != "" {
			fmt.Fprintf(w.stdout, "  + %s: %s\n", f.Name, f.New)
		}
	}
}
