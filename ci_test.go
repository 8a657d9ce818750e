package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestUnracedNeedNoRaceDetector looks whether what .ci/unraced lists can do without.
func TestUnracedNeedNoRaceDetector(t *testing.T) {
	t.Parallel()
	list, err := os.ReadFile(".ci/unraced")
	if err != nil {
		t.Fatal(err)
	}
	folders := slices.DeleteFunc(strings.Split(strings.TrimSpace(string(list)), "\n"), func(line string) bool { return strings.HasPrefix(line, "#") })
	if len(folders) == 0 {
		t.Fatal("nothing is listed")
	}
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(files) == 0 {
			t.Errorf("%s: %d files, %v", folder, len(files), err)
		}
		for _, path := range files {
			if !strings.HasSuffix(path, "_test.go") {
				singleHanded(t, path)
			}
		}
	}
}

// singleHanded fails where a file starts a goroutine or locks something.
func singleHanded(t *testing.T, path string) {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range file.Imports {
		if name := strings.Trim(i.Path.Value, `"`); name == "sync" || strings.HasPrefix(name, "sync/") || strings.HasPrefix(name, "golang.org/x/sync") {
			t.Errorf("%s imports %s: take its folder off .ci/unraced", path, name)
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if g, is := n.(*ast.GoStmt); is {
			t.Errorf("%s starts a goroutine: take its folder off .ci/unraced", set.Position(g.Pos()))
		}
		return true
	})
}
