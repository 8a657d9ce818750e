// Package catalogue reads and writes briefings as a folder of YAML files, and
// carries the bundled one.
//
// There is one file per section plus actors.yaml, sources.yaml and
// conflicts.yaml; each holds one document, a list of items whose keys are the
// names that [briefings.Fields] gives. [Read] trusts nothing in them: it reports
// every fault with its line and what to do, and its time and memory are bounded
// by the size limits of this package. [Write] gives one canonical form, so that
// reading and writing again gives the same bytes.
//
// The package knows nothing of desks, revisions or where a folder comes from.
package catalogue

import (
	"embed"
	"io/fs"
	"time"
)

//go:embed bundled/*.yaml
var bundled embed.FS

// Bundled is the folder of the briefing that every installation starts from.
func Bundled() fs.FS {
	sub, err := fs.Sub(bundled, "bundled")
	if err != nil {
		panic(err) // the name is a constant
	}
	return sub
}

// Edition is the number of the bundled briefing, which grows whenever the
// bundle changes after a release: a copy of an older release, started during an
// upgrade, must not undo what a newer one brought.
func Edition() int { return 1 }

// RecordedAt is the moment at which the bundled briefing counts as recorded,
// whatever the day of installing.
func RecordedAt() time.Time { return time.Date(2026, time.January, 19, 0, 0, 0, 0, time.UTC) }
