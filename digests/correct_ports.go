package digests

import (
	"context"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
)

// A Posting is what a digest's message was written from, which is kept before
// it is posted, and how far corrections have followed it.
type Posting struct {
	Facts   Composition // Facts.Slot.ID is the delivery id
	Rev     int         // the desk's revision that the message was written at
	Message string      // its id; empty where none was posted after all

	Seen      int       // the desk's revision up to which it was looked for corrections
	Corrected int       // the desk's revision that the message was last edited to; 0 where it never was
	Marks     string    // which corrections the message shows, see [Correction]
	Told      string    // those of Marks that need no reply any more
	Owing     int       // the desk's revision that a reply still has to tell of; 0 where none does
	OwedSince time.Time // by the wall clock
	Outcome   string    // why it could not be corrected, for people
	Over      bool      // it is corrected no more

	Tries int // since the last time that all went well
	Fence int // every claim of a message has a higher one
}

// A Followed is what became of a message after it was posted.
type Followed struct {
	Corrected int    // the desk's revision that it was corrected to; 0 where it never was
	Outcome   string // why it could not be corrected; empty where nothing was in the way
}

// Corrections is the ledger's other half: what messages showed, and who
// corrects them; package store satisfies it. Errors wrap
// [briefings.ErrUnavailable] where the database cannot be reached.
type Corrections interface {
	// Record keeps what the message of the claimed slot is about to show, in
	// place of what was kept before, or returns [ErrFenced].
	Record(ctx context.Context, c Claim, facts Composition, rev int) error
	// Behind returns those of desks, where that is nil of all, with messages posted
	// after since, by the clock of due times, each with the least Seen among them.
	Behind(ctx context.Context, since time.Time, desks []briefings.DeskID) (map[briefings.DeskID]int, error)
	// Pass notes that from the one revision to the other nothing was found wrong
	// in the desk's messages.
	Pass(ctx context.Context, desk briefings.DeskID, from, to int) error
	// Take claims a message of desk that was posted after since, was seen at less
	// than rev, and is not held back at wall or whose claim ended before wall,
	// for owner until wall+lease: channel by channel, the newest first. It returns
	// [ErrNothing] where there is none.
	Take(ctx context.Context, desk briefings.DeskID, rev int, since time.Time, owner string, wall time.Time, lease time.Duration) (Posting, error)
	// Note keeps how far p has come, or returns [ErrFenced].
	Note(ctx context.Context, p Posting) error
	// Settle keeps how far p has come and gives it back, or returns [ErrFenced].
	Settle(ctx context.Context, p Posting) error
	// Defer gives p back with one try more counted, and holds every message of
	// its channel back until notBefore, or returns [ErrFenced].
	Defer(ctx context.Context, p Posting, notBefore time.Time) error
	// ForgetPostings drops what messages posted before that were written from; they are
	// corrected no more. Of those that never were nothing is left.
	ForgetPostings(ctx context.Context, before time.Time) error
}

// A Correction is a posted message with what was found wrong since set right.
type Correction struct {
	Rev   int // the desk's revision that it tells of
	Card  cards.Card
	Marks string      // what is corrected in it, a word for each line; empty for nothing
	Reply *cards.Card // what of it people have to be told besides; nil where nothing is
}

// A Corrector tells what was found wrong; [Writer] satisfies it.
type Corrector interface {
	// Righted is the desk's newest revision that is known here, and whether
	// anything was found wrong, or right after all, after since.
	Righted(ctx context.Context, desk briefings.DeskID, since int) (rev int, some bool, err error)
	// Correct writes p's message anew as of the desk's revision at, or an
	// older one where that is the newest known here.
	Correct(ctx context.Context, p Posting, at int) (Correction, error)
}

// An Editor changes messages that were posted; package bot satisfies it. Its
// errors are [PostError].
type Editor interface {
	// Edit replaces what a message shows. Nobody is notified.
	Edit(ctx context.Context, channel ChannelID, message string, card cards.Card, delivery string) error
	// Reply posts card as a reply to a message, as [Poster.Post] posts.
	Reply(ctx context.Context, channel ChannelID, message string, card cards.Card, delivery string) (reply string, err error)
	// Find is [Poster.Find].
	Find(ctx context.Context, channel ChannelID, delivery string, since time.Time) (message string, found bool, err error)
}
