// Package briefings is the heart of sitrep: what a briefing is made of, which
// rules it keeps, who may see which version of it, and how it changes.
//
// A desk is one Discord server's set of items. Every desk starts from the same
// catalogue and keeps its own changes on top. An [Item] has an immutable [ID]
// and one of eleven kinds; a [Revision] is one recorded version of it, written
// once and never changed. A [Snapshot] is the compiled, immutable view of one
// desk, and all that commands and digests read. [Service] answers questions
// from snapshots and is the only door for changes.
//
// This package knows nothing of Discord, SQL, Redis or YAML. Packages bot,
// store, cache and catalogue do, and satisfy the small interfaces declared in
// ports.go by their user.
package briefings
