package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sitrep/briefings"
	"sitrep/briefings/catalogue"
	"sitrep/store"
)

// install is a folder that sitrep keeps its data in, with a database.
type install struct {
	t      *testing.T
	folder string
}

func newInstall(t *testing.T) install {
	t.Helper()
	in := install{t: t, folder: t.TempDir()}
	record, err := store.Connect("sqlite:" + filepath.Join(in.folder, "data", "sitrep.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := record.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := record.Close(); err != nil {
		t.Fatal(err)
	}
	return in
}

func (in install) path(name string) string { return filepath.Join(in.folder, name) }

// run runs a sub-command there and expects code; it returns both outputs.
func (in install) run(code int, args ...string) string {
	in.t.Helper()
	var out bytes.Buffer
	got := run(context.Background(), world{
		args: args, stdout: &out, stderr: &out,
		environ: []string{"SITREP_DATA=" + in.path("data"), "SITREP_LISTEN=127.0.0.1:1"}, // where no sandbox is
	})
	if got != code {
		in.t.Fatalf("sitrep %q: exit code %d, want %d:\n%s", args, got, code, out.String())
	}
	return out.String()
}

// edit replaces old by new in a file, which must hold it once.
func (in install) edit(file, old, new string) {
	in.t.Helper()
	text, err := os.ReadFile(in.path(file))
	if err != nil {
		in.t.Fatal(err)
	}
	if n := strings.Count(string(text), old); n != 1 {
		in.t.Fatalf("%s holds %q %d times, want once", file, old, n)
	}
	if err := os.WriteFile(in.path(file), []byte(strings.Replace(string(text), old, new, 1)), 0o600); err != nil {
		in.t.Fatal(err)
	}
}

func (in install) has(said string, want ...string) {
	in.t.Helper()
	for _, w := range want {
		if !strings.Contains(said, w) {
			in.t.Errorf("it said\n%s\nwant %q in it", said, w)
		}
	}
}

const spare = `
- id: question/spare
  refs: [Q98]
  sections: [energy]
  question: Is there a spare transformer?
  state: open
`

func TestImport(t *testing.T) {
	t.Parallel()
	in := newInstall(t)
	import7 := func(code int, flags ...string) string {
		t.Helper()
		return in.run(code, append(append([]string{"import", "--guild", "7"}, flags...), in.path("desk"))...)
	}
	in.run(0, "export", "--guild", "7", in.path("desk"))
	in.has(import7(0), "Nothing differs: server 7 stays at revision 1. 0 kept")

	in.edit("desk/energy.yaml", `value: "612"`, `value: "640"`)
	in.edit("desk/energy.yaml", "- id: section/energy", strings.TrimPrefix(spare, "\n")+"\n- id: section/energy")
	want := "  - value: 612\n  + value: 640\n"
	dry := import7(0, "--dry-run")
	in.has(dry, want, "create Q98 question/spare", "  + question: Is there a spare transformer?", "1 created, 1 amended, 0 kept", "nothing is written", "it would be revision 2")
	in.has(in.run(0, "export", "--guild", "7", in.path("after-dry-run")), "revision 1:")
	wet := import7(0)
	in.has(wet, "recorded as revision 2 of server 7")
	if diff := cmp.Diff(strings.Split(dry, "nothing is")[0], strings.Split(wet, "recorded as")[0]); diff != "" {
		t.Errorf("what it printed (-dry +wet):\n%s", diff)
	}
	in.run(0, "export", "--guild", "7", in.path("again"))
	in.has(in.run(0, "import", "--guild", "7", in.path("again")), "Nothing differs", "revision 2")

	in.edit("desk/energy.yaml", `value: "640"`, `value: "641"`)
	in.has(import7(0, "--correct", "--reason", "A later count", "--rev", "2"), "  - value: 640\n  + value: 641\n", "1 corrected")
	in.has(import7(1, "--rev", "2"), "at revision 3, not 2")
	in.has(in.run(0, "ask", "--guild", "7", "/energy"), "641 attacks", "A later count")
	in.has(in.run(0, "ask", "--guild", "8", "/energy"), "612 attacks")

	in.edit("desk/energy.yaml", strings.TrimPrefix(spare, "\n")+"\n", "")
	in.has(import7(0), "keep Q98 question/spare, which the folder lacks", "Nothing differs", "1 kept")
	in.has(import7(0, "--retract-missing", "--reason", "Nobody asked"), "retract Q98 question/spare", "1 retracted, 0 kept")
	in.edit("desk/energy.yaml", "- id: section/energy", strings.TrimPrefix(spare, "\n")+"\n- id: section/energy")
	in.has(import7(0), "restore Q98 question/spare", "1 restored")
}

// An import that breaks a rule of the desk changes nothing, not even what was
// right in it.
func TestImportIsAllOrNothing(t *testing.T) {
	t.Parallel()
	in := newInstall(t)
	in.run(0, "export", in.path("desk"))
	in.edit("desk/energy.yaml", `value: "612"`, `value: "640"`)
	broken := in.path("broken")
	in.run(0, "export", broken)
	in.edit("broken/energy.yaml", `value: "612"`, "value: many")
	in.has(in.run(1, "import", "--guild", "7", broken), "energy.yaml:", "value:")

	alone := in.path("alone")
	if err := os.Mkdir(alone, 0o700); err != nil {
		t.Fatal(err)
	}
	const two = "- id: section/spare\n  refs: [SP1]\n  command: energy\n  title: S\n  bluf: S.\n\n- id: source/spare\n  refs: [SP2]\n  title: S\n"
	if err := os.WriteFile(filepath.Join(alone, "a.yaml"), []byte(two), 0o600); err != nil {
		t.Fatal(err)
	}
	in.has(in.run(1, "import", "--guild", "7", alone), "command") // taken by a section that is kept
	in.run(0, "export", "--guild", "7", in.path("after"))
	if diff := cmp.Diff(texts(t, catalogue.Bundled()), texts(t, os.DirFS(in.path("after")))); diff != "" {
		t.Errorf("the desk after imports that failed (-before +after):\n%s", diff)
	}
}

func TestImportRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"no server", []string{"a"}, 2, "--guild ID"},
		{"no server's id", []string{"--guild", "x", "a"}, 2, "no server's id"},
		{"no folder", []string{"--guild", "7"}, 2, "takes one folder"},
		{"a flag after the folder", []string{"--guild", "7", "a", "--dry-run"}, 2, "write --dry-run before"},
		{"a correction without a reason", []string{"--guild", "7", "--correct", "a"}, 2, "--correct needs --reason"},
		{"a retraction without a reason", []string{"--guild", "7", "--retract-missing", "a"}, 2, "--retract-missing needs --reason"},
		{"nobody", []string{"--guild", "7", "--by", "A B", "a"}, 2, "names nobody"},
		{"a revision below zero", []string{"--guild", "7", "--rev", "-1", "a"}, 2, "like 5"},
		{"a folder that isn't", []string{"--guild", "7", "/nonexistent"}, 1, "is no folder"},
		{"help", []string{"--help"}, 0, "within five seconds"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := sitrep(t, []string{"SITREP_LISTEN=127.0.0.1:1"}, append([]string{"import"}, tt.args...)...)
			if code != tt.code || !strings.Contains(stdout+stderr, tt.says) {
				t.Errorf("sitrep import %q: exit code %d, want %d, and %q in:\n%s%s", tt.args, code, tt.code, tt.says, stdout, stderr)
			}
		})
	}
	folder := filepath.Join(t.TempDir(), "desk")
	if code, _, stderr := sitrep(t, nil, "export", folder); code != 0 {
		t.Fatal(stderr)
	}
	code, _, stderr := sitrep(t, []string{"SITREP_LISTEN=127.0.0.1:1"}, "import", "--guild", "7", folder)
	if code != 1 || !strings.Contains(stderr, "no database is in") {
		t.Errorf("importing without a database: exit code %d, %q; want 1 and that there is none", code, stderr)
	}
}

// Whatever a desk has become, its export makes another desk say the same, and
// gives the same bytes there; importing it where it came from changes nothing.
func TestExportThenImportGivesTheSame(t *testing.T) {
	t.Parallel()
	record, err := store.Connect("sqlite:" + filepath.Join(t.TempDir(), "sitrep.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { record.Close() })
	if err := record.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	loaded, err := readCatalogue("bundled")
	if err != nil {
		t.Fatal(err)
	}
	service := briefings.NewService(record, noCache{}, loaded, time.Now, slog.New(slog.DiscardHandler))
	desks := 0
	rapid.Check(t, func(t *rapid.T) {
		desks += 2
		one, other := briefings.DeskID(fmt.Sprint(desks)), briefings.DeskID(fmt.Sprint(desks+1))
		for _, id := range []briefings.DeskID{one, other} {
			for range rapid.IntRange(0, 2).Draw(t, "publications") {
				unsettle(t, service, id)
			}
		}
		want := snapshotOf(t, service, one)
		files := fstest.MapFS{}
		for name, text := range catalogue.Write(want.Items()) {
			files[name] = &fstest.MapFile{Data: text}
		}
		read, err := catalogue.Read(files, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		how := importing{guild: string(other), reason: "to be the same", retractMissing: true}
		for _, id := range []briefings.DeskID{one, other} {
			snap := snapshotOf(t, service, id)
			changes, kept, err := how.plan(snap, read)
			if err != nil || len(kept) > 0 || id == one && len(changes) > 0 {
				t.Fatalf("desk %s: %d changes, %d kept (%v), want none kept and no change of the desk itself", id, len(changes), len(kept), err)
			}
			if len(changes) > 0 {
				if _, err := service.Publish(t.Context(), briefings.Batch{Desk: id, By: "1", Changes: changes}); err != nil {
					t.Fatal(err)
				}
			}
			got := catalogue.Write(snapshotOf(t, service, id).Items())
			if !maps.EqualFunc(got, catalogue.Write(want.Items()), bytes.Equal) {
				t.Fatalf("desk %s says something else after the import:\n%s", id, cmp.Diff(catalogue.Write(want.Items()), got))
			}
		}
	})
}

func snapshotOf(t *rapid.T, s *briefings.Service, id briefings.DeskID) *briefings.Snapshot {
	t.Helper()
	snap, err := s.Snapshot(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

// unsettle changes the texts of some items of a desk and adds a source.
func unsettle(t *rapid.T, s *briefings.Service, id briefings.DeskID) {
	t.Helper()
	snap := snapshotOf(t, s, id)
	all := snap.Items()
	picked := rapid.SliceOfNDistinct(rapid.IntRange(0, len(all)-1), 0, 5, rapid.ID[int]).Draw(t, "items")
	var changes []briefings.Change
	for _, i := range picked {
		item, err := briefings.Clone(all[i])
		if err != nil {
			t.Fatal(err)
		}
		item.Head().Caveat = rapid.StringMatching(`[a-zA-Zа-яії0-9 :#,.'"\[\]{}&*!|>%@?-]{1,139}`).Draw(t, "caveat") + fmt.Sprint(snap.Rev%10)
		changes = append(changes, briefings.Change{Item: item, Op: briefings.OpAmend, Seen: snap.ItemRev(item.Head().ID)})
	}
	name := fmt.Sprint(snap.Rev)
	added := &briefings.Source{Envelope: briefings.Envelope{ID: briefings.ID("source/x" + name), Refs: []string{"X" + name}}, Title: "X"}
	if !slices.ContainsFunc(all, func(i briefings.Item) bool { return i.Head().ID == added.ID }) {
		changes = append(changes, briefings.Change{Item: added, Op: briefings.OpCreate})
	}
	if len(changes) == 0 {
		return
	}
	if _, err := s.Publish(t.Context(), briefings.Batch{Desk: id, By: "1", Changes: changes}); err != nil {
		t.Fatal(err)
	}
}
