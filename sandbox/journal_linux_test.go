package sandbox

import (
	"errors"
	"os"
	"testing"
)

// Linux has a disk that is always full.
func TestFullDiskChangesNothing(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Dir: t.TempDir()})
	path := "/channels/" + s.channelID("digests") + "/messages"
	s.mu.Lock()
	kept := s.journal.file
	full, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
	if err != nil {
		s.mu.Unlock()
		t.Fatal(err)
	}
	s.journal.file = full
	s.mu.Unlock()
	status, _ := s.bot("POST", path, obj{"content": "lost"})
	s.mu.Lock()
	s.journal.file = kept
	s.mu.Unlock()
	if err := full.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		t.Error(err)
	}
	if status != 500 {
		t.Errorf("posting on a full disk answered %d, want 500", status)
	}
	if status, got := s.bot("GET", path, nil); status != 200 || len(got["list"].(list)) != 0 {
		t.Errorf("messages = %d %v, want none", status, got)
	}
	if status, _ := s.bot("POST", path, obj{"content": "kept"}); status != 200 {
		t.Errorf("posting with room again answered %d, want 200", status)
	}
}
