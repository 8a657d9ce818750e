package catalogue

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"sitrep/testenv"
)

// TestBundledHasItsEdition pins the bundle to its number. Where it fails the
// bundle has changed: a copy of an older release would take itself for as new
// and undo the change, so a bundle that was released needs the next Edition.
// -update then notes the new bundle.
func TestBundledHasItsEdition(t *testing.T) {
	t.Parallel()
	sum, files := sha256.New(), Write(readBundled(t).items)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(sum, "%s %d\n%s", name, len(files[name]), files[name])
	}
	testenv.Golden(t, filepath.Join("testdata", "edition"), fmt.Appendf(nil, "%d %x\n", Edition(), sum.Sum(nil)))
	if t.Failed() {
		t.Log("The bundle differs from the one that has this edition. If that one was released, raise Edition in doc.go; then run: go test ./briefings/catalogue -update")
	}
}
