package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sitrep/testenv"
)

// TestBackupAndRestore goes from a SQLite file to Postgres by the commands alone.
func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	in := newInstall(t)
	in.run(0, "export", in.path("desk"))
	in.edit("desk/energy.yaml", `value: "612"`, `value: "640"`)
	in.run(0, "import", "--guild", "7", in.path("desk"))
	first, second := in.path("first"), in.path("second")

	in.has(in.run(0, "backup", first), "Wrote", first)
	in.has(in.run(1, "backup", first), "is there already", "--force")
	in.run(0, "backup", "--force", first)
	if info, err := os.Stat(first); err != nil || info.Mode() != 0o600 {
		t.Errorf("the backup: %v, %v, want that its owner alone may read it", info, err)
	}
	in.has(in.run(1, "restore", first), "isn't empty", "--replace")
	in.has(in.run(0, "restore", "--replace", first), "Restored")
	in.has(in.run(1, "restore", "--replace", in.path("desk/energy.yaml")), "no backup")
	in.has(in.run(1, "restore", in.path("third")), "no such file")
	in.has(in.run(1, "backup", in.path("nowhere/first")), "folder that may be written")
	in.has(in.run(2, "backup", first, "--force"), "write --force before")
	in.has(in.run(2, "restore"), "one file")

	before, after := in.path("before"), in.path("after")
	in.run(0, "export", "--guild", "7", before)
	postgresURL := testenv.Postgres(t)
	postgres := func(args ...string) {
		t.Helper()
		var out bytes.Buffer
		environ := []string{"SITREP_DATABASE_URL=" + postgresURL, "SITREP_DATA=" + in.path("elsewhere")}
		if code := run(context.Background(), world{args: args, environ: environ, stdout: &out, stderr: &out}); code != 0 {
			t.Errorf("sitrep %s: exit code %d\n%s", strings.Join(args, " "), code, out.String())
		}
	}
	postgres("restore", first)
	postgres("backup", second)
	postgres("export", "--guild", "7", after)
	if diff := cmp.Diff(texts(t, os.DirFS(before)), texts(t, os.DirFS(after))); diff != "" {
		t.Errorf("server 7 in SQLite and, restored, in Postgres (-before +after):\n%s", diff)
	}
	// Nothing half written is left behind.
	entries, err := os.ReadDir(in.folder)
	if err != nil || len(entries) != 6 {
		t.Errorf("got %v, %v, want data, a desk, two backups and two exports", entries, err)
	}
}

func TestBackupOfNothing(t *testing.T) {
	t.Parallel()
	code, _, stderr := sitrep(t, nil, "backup", t.TempDir()+"/file")
	if code != 1 || !strings.Contains(stderr, "no database is in") {
		t.Errorf("exit code %d, %q, want that there is no database", code, stderr)
	}
}
