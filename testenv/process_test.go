package testenv

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
)

func TestStartUnknownProgram(t *testing.T) {
	t.Parallel()
	if _, err := start(program{argv: []string{"x"}, folder: "/nowhere/at/all", signal: "KILL"}); err == nil {
		t.Error("a folder that isn't there was accepted")
	}
}

// A server that ends by itself is reported at once, with its last words.
func TestReadyReportsEarlyEnd(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	p, err := start(program{
		argv:   []string{"/bin/sh", "-c", "echo port is taken >&2; exit 1"},
		folder: folder, signal: "KILL",
	})
	if err != nil {
		t.Fatal(err)
	}
	never := errors.New("never ready")
	err = p.ready(func(context.Context) error { return never })
	if !errors.Is(err, never) || !strings.Contains(err.Error(), "port is taken") {
		t.Errorf("ready = %v, want the check's error and what the server said", err)
	}
	if err := p.stop(); err != nil {
		t.Errorf("stop after the end = %v", err)
	}
	if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("folder after the end: %v, want it gone", err)
	}
}

func TestTailKeepsTheEnd(t *testing.T) {
	t.Parallel()
	log := new(tail)
	for range 10 {
		if n, err := log.Write([]byte(strings.Repeat("a", logKept/4))); n != logKept/4 || err != nil {
			t.Fatalf("Write = %d, %v", n, err)
		}
	}
	if _, err := log.Write([]byte("last words\n")); err != nil {
		t.Fatal(err)
	}
	got := log.String()
	if len(got) > logKept || !strings.HasSuffix(got, "last words") {
		t.Errorf("kept %d bytes ending %q, want at most %d ending in the last words", len(got), got[len(got)-20:], logKept)
	}
}
