package briefings

import (
	"context"
	"time"
)

// Record is where revisions are kept for good; package store satisfies it.
// Every method is safe for concurrent use and returns an error wrapping
// [ErrUnavailable] where the database cannot be reached.
type Record interface {
	// Revisions returns desk's own revisions with Rev > after, oldest first.
	Revisions(ctx context.Context, desk DeskID, after int) ([]Revision, error)
	// Publish records revs, all of which carry one Rev, in one transaction and
	// makes Rev the desk's newest. It returns [ErrStale] where the desk's
	// version is not seen (0 for a desk without own revisions).
	Publish(ctx context.Context, desk DeskID, seen int, revs []Revision) error
	// Newest returns the version of each of desks that has own revisions; see
	// [Version].
	Newest(ctx context.Context, desks []DeskID) (map[DeskID]int, error)
	// Latest is when the newest revision of any desk was recorded; zero where
	// there is none.
	Latest(ctx context.Context) (time.Time, error)

	Drafts
	SettingsRecord
	People
}

// Cache is the shared memory of all copies; package cache satisfies it. It may
// lose anything at any time.
type Cache interface {
	// Load returns what [Cache.Keep] kept for desk, nil where there is nothing.
	Load(ctx context.Context, desk DeskID) ([]byte, error)
	// Drop forgets what is kept for desk.
	Drop(ctx context.Context, desk DeskID) error
	// Keep stores the compiled form of desk at rev, unless a newer one is kept,
	// and tells every copy that desk is now at rev.
	Keep(ctx context.Context, desk DeskID, rev int, compiled []byte) error
	// Tell tells every copy that desk chose other settings.
	Tell(ctx context.Context, desk DeskID) error
	// Changes calls f with every desk that a copy told about, itself included,
	// and with 0 for rev where it was its settings that changed, until ctx ends. It reconnects by itself, and calls f("", 0) whenever it has
	// connected, the first time as well: what was told before may be lost.
	Changes(ctx context.Context, f func(desk DeskID, rev int)) error
}
