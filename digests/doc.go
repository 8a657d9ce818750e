// Package digests decides what is posted to which channel, when, and exactly once.
//
// A [Subscription] belongs to one channel of one desk and has a schedule in
// an IANA zone. The moments at which it falls due are [Slot]s; the ledger
// holds one row for each, and that unique row, not a lock, settles which copy
// of sitrep sends it: a copy claims the row with a lease and a fence, posts,
// and marks it with the fence.
//
// This package knows nothing of Discord or SQL. Packages bot and store do, and
// satisfy the small interfaces in ports.go.
package digests
