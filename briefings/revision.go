package briefings

import "time"

// A Revision is one recorded version of an item: written once, never changed,
// never deleted.
type Revision struct {
	Rev        int    // the desk's revision that brought it, see [Snapshot]
	Item       Item   // as it was from then on; for [OpRetract] as it was before
	Op         Op     // what sort of change it is
	Reason     string // required for [OpCorrect] and [OpRetract]
	RecordedAt time.Time
	RecordedBy UserID
	ApprovedBy UserID // empty where nobody had to
	Edition    int    // of the bundled catalogue that brought it; 0 for anything else
}

// FormerMember stands where the id of somebody stood who had themselves
// forgotten.
const FormerMember UserID = "former member"

// Op is what sort of change a revision records.
type Op string

// The operations. Amend means that the world changed and the old value was
// right then; correct, that the old value was wrong; confirm, that it was
// looked at and still holds; retract, that it should never have been published.
const (
	OpCreate  Op = "create"
	OpAmend   Op = "amend"
	OpCorrect Op = "correct"
	OpConfirm Op = "confirm"
	OpRetract Op = "retract"
	OpRestore Op = "restore"
)

// UnmarshalText accepts the operations.
func (o *Op) UnmarshalText(text []byte) error {
	return choose(o, text, "kind of change", OpCreate, OpAmend, OpCorrect, OpConfirm, OpRetract, OpRestore)
}
