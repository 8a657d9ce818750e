package storetest

import (
	"errors"
	"testing"

	"sitrep/briefings"
)

// testMigrate starts eight copies at once on an empty database.
func testMigrate(t *testing.T, open Opener) {
	stores := make([]Store, 8)
	errs := together(len(stores), func(i int) (err error) {
		stores[i], err = open(t.Context())
		return err
	})
	for i, err := range errs {
		if err != nil {
			t.Errorf("copy %d: %v", i, err)
			continue
		}
		if err := stores[i].Ping(t.Context()); err != nil {
			t.Errorf("copy %d: %v", i, err)
		}
		if err := stores[i].Migrate(t.Context()); err != nil {
			t.Errorf("copy %d, again: %v", i, err)
		}
		if err := stores[i].Close(); err != nil {
			t.Errorf("copy %d: %v", i, err)
		}
	}
}

func testReopen(t *testing.T, open Opener) {
	first, err := open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Publish(t.Context(), "1", 0, []briefings.Revision{revision(1, "kept", "?")}); err != nil {
		t.Error(err)
	}
	id, err := first.KeepDraft(t.Context(), briefings.Draft{Desk: "1", State: briefings.DraftTyped, RecordedAt: at(1)})
	if err != nil {
		t.Error(err)
	}
	planned(t, first, "s", 1)
	if err := errors.Join(first.Close()); err != nil {
		t.Fatal(err)
	}

	s := opened(t, open)
	revs, err := s.Revisions(t.Context(), "1", 0)
	if err != nil || len(revs) != 1 {
		t.Errorf("got %d revisions, %v, want 1", len(revs), err)
	}
	if _, err := s.Draft(t.Context(), "1", id); err != nil {
		t.Error(err)
	}
	slots, err := s.Slots(t.Context(), "1", "", 10)
	if err != nil || len(slots) != 1 {
		t.Errorf("got %d slots, %v, want 1", len(slots), err)
	}
}
