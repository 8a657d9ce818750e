package briefings

import (
	"context"
	"fmt"
)

// A Trace is a sort of thing that is kept of a person on a desk.
type Trace string

// The sorts. Of the first ones forgetting a person leaves what was done, and not
// who did it; of the others nothing.
const (
	TraceRecorded  Trace = "recorded"  // revisions that they made
	TraceApproved  Trace = "approved"  // and those that they published for others
	TraceSettings  Trace = "settings"  // that they changed
	TraceDigests   Trace = "digests"   // that they set up
	TraceRecalls   Trace = "recalls"   // of digests
	TraceDrafts    Trace = "drafts"    // of changes
	TraceReports   Trace = "reports"   // of something wrong
	TraceQuestions Trace = "questions" // that had no answer
	TraceHolds     Trace = "holds"     // what they look into
	TraceLooks     Trace = "looks"     // when they last looked at the changes
	TraceMember    Trace = "member"    // that they were seen there
)

// AllTraces lists every sort in the order people see them in.
func AllTraces() []Trace {
	return []Trace{
		TraceRecorded, TraceApproved, TraceSettings, TraceDigests, TraceRecalls,
		TraceDrafts, TraceReports, TraceQuestions, TraceHolds, TraceLooks, TraceMember,
	}
}

// A Footprint is what is kept of one person on one desk.
type Footprint struct {
	Desk   DeskID
	Traces map[Trace]int // how many of each
}

// People is what is kept of persons; package store satisfies it. Its methods are
// as those of [Queue].
type People interface {
	// Footprints returns those of who, by desk.
	Footprints(ctx context.Context, who UserID) ([]Footprint, error)
	// ForgetPerson erases who in one transaction: of what has to stay only who
	// did it, which is a [FormerMember] then. It returns the desks whose
	// revisions that renewed.
	ForgetPerson(ctx context.Context, who UserID) ([]DeskID, error)
}

// Footprints returns what is kept of who.
func (s *Service) Footprints(ctx context.Context, who UserID) ([]Footprint, error) {
	all, err := s.record.Footprints(ctx, who)
	if s.noted(ctx, err) != nil {
		return nil, fmt.Errorf("briefings: read what is kept of a person: %w", err)
	}
	return all, nil
}

// ForgetPerson erases who, everywhere, and renews what memory and the cache hold.
// Other copies that are not told follow when they next compare; what this one
// doesn't get to, others do.
func (s *Service) ForgetPerson(ctx context.Context, who UserID) error {
	before, err := s.record.Footprints(ctx, who)
	if s.noted(ctx, err) != nil {
		return fmt.Errorf("briefings: read what is kept of a person: %w", err)
	}
	for _, f := range before {
		if f.Traces[TraceRecorded]+f.Traces[TraceApproved] > 0 {
			_ = s.cache.Drop(ctx, f.Desk) // should this copy get no further; the cache logs its own outages
		}
	}
	renewed, err := s.record.ForgetPerson(ctx, who)
	if s.noted(ctx, err) != nil {
		return notSaved(fmt.Errorf("briefings: forget a person: %w", err))
	}
	for _, id := range renewed {
		snap, err := s.fromRecord(ctx, id)
		if err != nil {
			continue // compared again soon
		}
		s.keep(ctx, snap)
		s.desk(id).swap(snap)
	}
	return nil
}
