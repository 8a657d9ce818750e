package briefings

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"
)

// DraftLife is how long a draft is kept since it was last touched.
const DraftLife = 30 * 24 * time.Hour

// A Draft is a change that is not published: what somebody typed into the forms
// of one item, or changes that are ready as they are.
type Draft struct {
	ID      string // made by the store; empty for one that is not kept yet
	Version int    // how often it was kept
	Desk    DeskID
	Author  UserID
	State   DraftState

	Item   ID                // that the forms are of; empty where there are none
	Seen   int               // the item's Rev when the first form was opened; 0 for a new item
	Fields map[string]string // by the forms' field names, as typed

	Changes []Change // where there are no forms
	Reason  string   // what the changes have in common, for people; may be empty

	RecordedAt time.Time // when it was last kept
}

// DraftState is how far a [Draft] has got.
type DraftState string

// The states of drafts.
const (
	DraftTyped     DraftState = "typed"     // its author isn't done with it
	DraftWaiting   DraftState = "waiting"   // for another moderator to publish it
	DraftSuggested DraftState = "suggested" // by somebody who may not publish
)

// Drafts is where drafts are kept; package store satisfies it. Its methods are
// as those of [Record].
type Drafts interface {
	// KeepDraft stores d, under a new id where it has none, and returns the id.
	// It returns [ErrNotFound] where d's desk no longer has a draft with d's id, and
	// [ErrStale] where that has another Version; the draft kept has the next one.
	KeepDraft(ctx context.Context, d Draft) (string, error)
	// Draft returns [ErrNotFound] for an id that desk does not have.
	Draft(ctx context.Context, desk DeskID, id string) (Draft, error)
	// Drafts returns desk's, the newest first, at most most, without their
	// Changes.
	Drafts(ctx context.Context, desk DeskID, most int) ([]Draft, error)
	// DropDraft forgets a draft; it returns [ErrNotFound] where there is none, and
	// [ErrStale] where it has another version.
	DropDraft(ctx context.Context, desk DeskID, id string, version int) error
	// DropDrafts forgets every desk's that were last kept before a time.
	DropDrafts(ctx context.Context, before time.Time) error
}

// KeepDraft stores d, stamped with the service's clock, and returns its id; it has
// the next Version then. A [UserError] where d was kept before and is gone, or was
// changed since it was read.
func (s *Service) KeepDraft(ctx context.Context, d Draft) (string, error) {
	d.RecordedAt = s.now()
	d.State = cmp.Or(d.State, DraftTyped)
	id, err := s.record.KeepDraft(ctx, d)
	return id, notSaved(s.aboutDraft(ctx, err))
}

// Draft returns a kept draft of desk; a [UserError] where there is none.
func (s *Service) Draft(ctx context.Context, desk DeskID, id string) (Draft, error) {
	d, err := s.record.Draft(ctx, desk, id)
	if err == nil && s.now().Sub(d.RecordedAt) > DraftLife {
		err = ErrNotFound
	}
	return d, s.aboutDraft(ctx, err)
}

// Drafts returns desk's drafts that have not expired, the newest first, at most
// most of them and without their Changes.
func (s *Service) Drafts(ctx context.Context, desk DeskID, most int) ([]Draft, error) {
	all, err := s.record.Drafts(ctx, desk, most)
	oldest := s.now().Add(-DraftLife)
	for i, d := range all {
		if d.RecordedAt.Before(oldest) {
			all = all[:i]
			break
		}
	}
	return all, s.aboutDraft(ctx, err)
}

// DropDraft forgets d; a [UserError] where it is gone, or was changed since it was
// read.
func (s *Service) DropDraft(ctx context.Context, d Draft) error {
	return s.aboutDraft(ctx, s.record.DropDraft(ctx, d.Desk, d.ID, d.Version))
}

// sweepDrafts forgets what expired.
func (s *Service) sweepDrafts(ctx context.Context) {
	if err := s.record.DropDrafts(ctx, s.now().Add(-DraftLife)); err != nil && !errors.Is(err, ErrUnavailable) && ctx.Err() == nil {
		s.log.ErrorContext(ctx, "expired drafts can't be dropped", "err", err)
	}
}

// aboutDraft is what the record answered, as people are told.
func (s *Service) aboutDraft(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(s.noted(ctx, err), ErrStale):
		return TellAs(ErrStale, "error.draft_changed", nil, "Somebody else is working on this draft. Please open it anew with /desk drafts.")
	case errors.Is(err, ErrNotFound):
		return TellAs(ErrNotFound, "error.draft", nil, "That draft is no longer kept: it was published or discarded, or is older than 30 days. Please begin anew with /desk edit.")
	}
	return fmt.Errorf("briefings: drafts: %w", err)
}
