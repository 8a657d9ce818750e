package testenv

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A verdict is a testing.TB that ends only the function under test, and keeps
// what it said.
type verdict struct {
	testing.TB
	skipped, failed string
}

// judge runs f as a test would be run, until it returns, skips or fails.
func judge(tb testing.TB, f func(tb testing.TB)) *verdict {
	tb.Helper()
	v := &verdict{TB: tb}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if r := recover(); r != nil && r != v {
				panic(r)
			}
		}()
		f(v)
	}()
	<-done
	return v
}

func (v *verdict) Skipf(format string, args ...any) {
	v.skipped = fmt.Sprintf(format, args...)
	panic(v)
}

func (v *verdict) Fatalf(format string, args ...any) {
	v.failed = fmt.Sprintf(format, args...)
	panic(v)
}

func (v *verdict) Fatal(args ...any) {
	v.failed = fmt.Sprint(args...)
	panic(v)
}

func (v *verdict) Errorf(format string, args ...any) { v.failed = fmt.Sprintf(format, args...) }

func TestRequires(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		list, name string
		want       bool
		wantErr    string
	}{
		{"", "redis", false, ""},
		{"redis", "redis", true, ""},
		{"redis", "postgres", false, ""},
		{"redis, postgres", "postgres", true, ""},
		{"all", "chromium", true, ""},
		{"openapi,", "openapi", true, ""},
		{"redis,postgress", "redis", false, `names "postgress"`},
		{"Redis", "redis", false, `names "Redis"`},
	} {
		got, err := requires(tt.list, tt.name)
		if got != tt.want || (err == nil) != (tt.wantErr == "") || err != nil && !strings.Contains(err.Error(), tt.wantErr) {
			t.Errorf("requires(%q, %q) = %v, %v; want %v, %q", tt.list, tt.name, got, err, tt.want, tt.wantErr)
		}
	}
}

// Not parallel: it changes the environment, and so do those below.
func TestMissingProgram(t *testing.T) {
	for _, tt := range []struct {
		name string
		ask  func(tb testing.TB)
	}{
		{"redis", func(tb testing.TB) { StartRedis(tb) }},
		{"chromium", func(tb testing.TB) { Chromium(tb) }},
		{"node", func(tb testing.TB) { Node(tb, ".") }},
		{"openapi", func(tb testing.TB) { OpenAPI(tb) }},
		{"article", func(tb testing.TB) { Article(tb) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("PATH", t.TempDir())
			t.Setenv(openAPIEnv, "")
			t.Setenv(articleEnv, "")
			t.Setenv(requireEnv, "postgres")
			if v := judge(t, tt.ask); v.skipped == "" || !strings.Contains(v.skipped, requireEnv+"="+tt.name) {
				t.Errorf("not required: got %+v, want a skip that says how to require it", v)
			}
			for _, list := range []string{"postgres," + tt.name, "all"} {
				t.Setenv(requireEnv, list)
				if v := judge(t, tt.ask); v.failed == "" {
					t.Errorf("required by %s: got %+v, want a failure", list, v)
				}
			}
			t.Setenv(requireEnv, "everything")
			if v := judge(t, tt.ask); !strings.Contains(v.failed, "everything") {
				t.Errorf("slip of the pen: got %+v, want a failure that quotes it", v)
			}
		})
	}
}

func TestNamedFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "openapi.json")
	if err := os.WriteFile(file, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ path, wantFailed string }{
		{file, ""},
		{file + "x", "no such file"},
		{"openapi.json", "absolute"},
	} {
		for env, ask := range map[string]func(testing.TB) string{openAPIEnv: OpenAPI, articleEnv: Article} {
			t.Setenv(env, tt.path)
			got := ""
			v := judge(t, func(tb testing.TB) { got = ask(tb) })
			if !strings.Contains(v.failed, tt.wantFailed) || tt.wantFailed == "" && (v.failed != "" || got != tt.path) {
				t.Errorf("%s=%q gives %q, failed %q; want failure %q", env, tt.path, got, v.failed, tt.wantFailed)
			}
		}
	}
}

func TestNodeNeedsItsPackages(t *testing.T) {
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "node"), []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin)
	t.Setenv(requireEnv, "")
	got := ""
	if v := judge(t, func(tb testing.TB) { got = Node(tb, bin) }); v.failed+v.skipped != "" || got != filepath.Join(bin, "node") {
		t.Errorf("Node = %q, %+v, want the one on the PATH", got, v)
	}
	if v := judge(t, func(tb testing.TB) { Node(tb, filepath.Join(bin, "bot", "node_modules")) }); !strings.Contains(v.skipped, "npm ci in "+filepath.Join(bin, "bot")) {
		t.Errorf("without packages: %+v, want a skip that says how to install them", v)
	}
}

func TestGoProgram(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv(requireEnv, "")
	write("go.mod", "module hello\n\ngo 1.26.0\n")
	write("main.go", "package main\n\nfunc main() { println(\"hello\") }\n")
	path := ""
	if v := judge(t, func(tb testing.TB) { path = GoProgram(tb, folder) }); v.failed+v.skipped != "" {
		t.Fatalf("GoProgram ended with %+v, want a program", v)
	}
	if said, err := exec.Command(path).CombinedOutput(); err != nil || string(said) != "hello\n" {
		t.Errorf("the program says %q, %v, want hello", said, err)
	}
	write("main.go", "package main\n\nfunc main() { hello() }\n")
	if v := judge(t, func(tb testing.TB) { GoProgram(tb, folder) }); !strings.Contains(v.failed, "undefined: hello") {
		t.Errorf("a program that doesn't compile: %+v, want a failure that says why", v)
	}
	t.Setenv("GOPROXY", "off")
	t.Setenv("GOMODCACHE", t.TempDir())
	write("go.mod", "module hello\n\ngo 1.26.0\n\nrequire example.com/none v1.0.0\n")
	if v := judge(t, func(tb testing.TB) { GoProgram(tb, folder) }); !strings.Contains(v.skipped, "example.com/none") {
		t.Errorf("a module that isn't to be had: %+v, want a skip that names it", v)
	}
}

func TestChromiumStarts(t *testing.T) {
	t.Parallel()
	out, err := exec.Command(Chromium(t), "--version").Output()
	if err != nil || !strings.Contains(string(out), "Chrom") {
		t.Errorf("chromium --version = %q, %v", out, err)
	}
}
