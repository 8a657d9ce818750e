package scenarios

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"sitrep/testenv"
)

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(run(m))
}

// run builds the binary that every script starts.
func run(m *testing.M) int {
	folder, err := os.MkdirTemp("", "sitrep-scenarios-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	build := exec.Command("go", "build", "-o", filepath.Join(folder, "sitrep"), "sitrep")
	build.Stdout, build.Stderr = os.Stderr, os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "building sitrep:", err)
		return 1
	}
	if err := os.Setenv("PATH", folder+string(os.PathListSeparator)+os.Getenv("PATH")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// touchSources looks at every file that the binary is built from, so that go
// test sees what these tests depend on and never shows a result of before.
func touchSources() error {
	return filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		switch name := entry.Name(); {
		case err != nil:
			return err
		case entry.IsDir() && path != ".." && (name[0] == '.' || name == "sitrep-data" || name == "screenshots"):
			return fs.SkipDir
		case entry.IsDir():
			return nil
		}
		_, err = os.Stat(path)
		return err
	})
}

// TestScenarios runs every script with nothing but the binary, as on a fresh machine.
func TestScenarios(t *testing.T) {
	t.Parallel()
	if err := touchSources(); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, params("testdata/any", nil))
}

// TestScenariosOnServers runs the same scripts on a real Postgres and a real
// Redis, each script on its own: sandboxes that start in one millisecond give
// their interactions the same ids, and one Redis would take them for repeated.
func TestScenariosOnServers(t *testing.T) {
	t.Parallel()
	testscript.Run(t, params("testdata/any", func(env *testscript.Env) {
		env.Setenv("SITREP_DATABASE_URL", testenv.Postgres(t))
		env.Setenv("SITREP_REDIS_URL", testenv.Redis(t))
	}))
}

// TestOutages runs the scripts that stop and start a real Redis.
func TestOutages(t *testing.T) {
	t.Parallel()
	server := testenv.StartRedis(t)
	p := params("testdata/redis", func(env *testscript.Env) { env.Setenv("SITREP_REDIS_URL", server.URL()) })
	p.Cmds["redis"] = func(ts *testscript.TestScript, _ bool, args []string) {
		if args[0] == "stop" {
			server.Stop()
			return
		}
		server.Start()
	}
	testscript.Run(t, p)
}

// params run the scripts of a folder in an environment that setup may add to.
func params(folder string, setup func(*testscript.Env)) testscript.Params {
	return testscript.Params{
		Dir:                 folder,
		RequireExplicitExec: true,
		Cmds:                verbs(),
		Setup: func(env *testscript.Env) error {
			env.Values[stageKey{}] = &stage{t: env.T()}
			env.Setenv("SITREP_LISTEN", "127.0.0.1:0")
			env.Setenv("SITREP_DATA", filepath.Join(env.WorkDir, "data"))
			if setup != nil {
				setup(env)
			}
			return nil
		},
	}
}
