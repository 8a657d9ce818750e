package testenv

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// A Disk is a small file system of the test's own, which can be filled up. Its
// methods fail the test themselves, so only the test's goroutine calls them.
type Disk struct {
	Folder string // anybody may write there

	tb     testing.TB
	filler string
}

// SmallDisk mounts one of so many MiB, until the test ends. Only root may.
func SmallDisk(tb testing.TB, mebibytes int) *Disk {
	tb.Helper()
	if os.Geteuid() != 0 {
		missing(tb, "disk", "only root may mount a small disk")
	}
	folder, err := os.MkdirTemp("", "sitrep-disk-")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = os.Remove(folder) }) // it stays only where it is still mounted
	said, err := exec.Command("mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%dm,mode=1777", mebibytes), "sitrep-test", folder).CombinedOutput()
	if err != nil {
		missing(tb, "disk", fmt.Sprintf("a small disk can't be mounted: %v: %s", err, said))
	}
	tb.Cleanup(func() {
		if said, err := exec.Command("umount", "--lazy", folder).CombinedOutput(); err != nil {
			tb.Errorf("testenv: unmounting %s: %v: %s", folder, err, said)
		}
	})
	return &Disk{Folder: folder, tb: tb, filler: filepath.Join(folder, "filler-"+rand.Text())}
}

// Fill leaves no byte of room.
func (d *Disk) Fill() {
	d.tb.Helper()
	f, err := os.OpenFile(d.filler, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		d.tb.Fatal(err)
	}
	chunk := make([]byte, 64<<10)
	for err == nil {
		_, err = f.Write(chunk)
	}
	for err = nil; err == nil; { // what is left of the last page
		_, err = f.Write(chunk[:1])
	}
	_ = f.Close() // the disk is full, which is what it may say
	if free := errors.Is(err, os.ErrClosed); free {
		d.tb.Fatal(err)
	}
}

// Clear makes room again.
func (d *Disk) Clear() {
	d.tb.Helper()
	if err := os.Remove(d.filler); err != nil {
		d.tb.Fatal(err)
	}
}
