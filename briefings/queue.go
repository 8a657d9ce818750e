package briefings

import (
	"context"
	"errors"
	"time"
)

// An Entry is what one reader left for a desk's moderators.
type Entry struct {
	ID   string // made by the store
	Desk DeskID
	Sort Sort
	// Subject is the same for all who mean the same: the folded words of a
	// question, the id of an item, or a command line.
	Subject    string
	Text       string // as typed, may be empty for a report
	Fault      string // what a report finds: wrong, outdated or unclear
	By         UserID
	RecordedAt time.Time

	// HeldBy is the moderator who looks into its subject, since HeldAt; empty
	// where nobody does.
	HeldBy UserID
	HeldAt time.Time
}

// Holder is who looks into the entry's subject at now; empty for nobody.
func (e Entry) Holder(now time.Time) UserID {
	if now.Sub(e.HeldAt) >= HoldLasts {
		return ""
	}
	return e.HeldBy
}

// Sort is what an [Entry] is.
type Sort string

// The sorts of entries.
const (
	AskedEntry    Sort = "asked"    // a question that the briefing has no answer to
	ReportedEntry Sort = "reported" // something that is wrong with an answer
)

// Bounds of a [Queue].
const (
	MostEntries = 1000 // open on one desk
	MostADay    = 20   // that one person leaves on one desk in 24 hours

	// HoldLasts is how long a moderator looks into a subject, unless they let it
	// go before.
	HoldLasts = 24 * time.Hour
)

// Why a [Queue] does not keep an entry.
var (
	// ErrLeft means that its author has left one on the same subject already.
	ErrLeft = errors.New("left before")
	// ErrFull means that the desk has [MostEntries].
	ErrFull = errors.New("the queue is full")
	// ErrEnough means that its author has left [MostADay].
	ErrEnough = errors.New("enough for one day")
)

// A Queue is what readers left and no moderator has dealt with; package store
// satisfies it. Every method is safe for concurrent use and returns an error
// wrapping [ErrUnavailable] where the database cannot be reached.
type Queue interface {
	// Leave keeps e under a new id, or returns [ErrLeft], [ErrFull] or
	// [ErrEnough]. Those who leave one at the same instant may pass a bound.
	Leave(ctx context.Context, e Entry) error
	// Queue returns what is open on desk, newest first.
	Queue(ctx context.Context, desk DeskID) ([]Entry, error)
	// Resolve forgets desk's entry with id, and all on the same subject that
	// were left no later. It returns [ErrNotFound] where there is none.
	Resolve(ctx context.Context, desk DeskID, id string) error
	// Hold notes that who looks into the subject of desk's entry with id from at
	// on, unless somebody else does already, and returns who does then. It
	// returns [ErrNotFound] where there is no such entry.
	Hold(ctx context.Context, desk DeskID, id string, who UserID, at time.Time) (UserID, error)
	// LetGo ends what Hold noted for who. That there is no such thing is no error.
	LetGo(ctx context.Context, desk DeskID, id string, who UserID) error
}

// A Look is what somebody last saw of a desk's changes.
type Look struct {
	Rev int
	At  time.Time
}

// Looks are the last ones of everybody; package store satisfies it. Its methods
// are as those of [Queue].
type Looks interface {
	// LastLook returns the zero Look where there was none.
	LastLook(ctx context.Context, desk DeskID, who UserID) (Look, error)
	// Looked keeps a look in place of the last one, unless that was later.
	Looked(ctx context.Context, desk DeskID, who UserID, l Look) error
}
