package commands

import "context"

// An Attachment is a file that somebody attached to a command, as Discord
// describes it: what it says is not to be trusted.
type Attachment struct {
	Name string
	Type string // its media type; may be empty
	Size int64  // bytes
	URL  string
}

// MostAttached is how many bytes an attachment may have.
const MostAttached = 8 << 20

// Files reads what was attached; package bot satisfies it.
type Files interface {
	// Fetch returns the whole of a, at most [MostAttached] bytes, where it is one
	// of types. Anything that a person can mend is a [briefings.UserError].
	Fetch(ctx context.Context, a Attachment, types ...FileType) ([]byte, error)
}

// A FileType is a sort of file that may be attached: what its name ends in,
// the media types that it goes by, and what it starts with.
type FileType struct {
	Endings []string // in lower case, with their dot
	Media   []string // without parameters; nothing declared is taken as well
	Magic   string   // empty for text
}
