package storetest

import (
	"errors"
	"strings"
	"testing"

	"sitrep/briefings"
)

func testDrafts(t *testing.T, open Opener) {
	s := opened(t, open)
	want := briefings.Draft{
		Desk: "1", Author: "42", Item: "question/a", Seen: 7, RecordedAt: at(3), State: briefings.DraftTyped,
		Fields: map[string]string{"question": "когда?\n\"quoted\" '; --", "why": ""},
	}
	id, err := s.KeepDraft(t.Context(), want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Draft(t.Context(), "1", id)
	if err != nil {
		t.Error(err)
	}
	want.ID, want.Version = id, 1
	same(t, "the value", got, want)
	changing(t, s, want)
	want.ID, want.Version = "", 0
	if other, err := s.KeepDraft(t.Context(), want); err != nil || other == id {
		t.Errorf("the same draft again: id %q, %v, want a new one", other, err)
	}
	for _, tt := range []struct {
		name string
		desk briefings.DeskID
		id   string
	}{
		{"another desk's", "2", id},
		{"an unknown one", "1", strings.ToLower(id)},
		{"none", "1", ""},
		{"a hostile one", "1", "x' OR '1'='1\x00\xff"},
	} {
		if _, err := s.Draft(t.Context(), tt.desk, tt.id); !errors.Is(err, briefings.ErrNotFound) {
			t.Errorf("%s: got %v, want not found", tt.name, err)
		}
	}
	want.Fields["why"] = strings.Repeat("x", 1<<20)
	if _, err := s.KeepDraft(t.Context(), want); !errors.Is(err, briefings.ErrInvalid) {
		t.Errorf("too much: got %v, want invalid", err)
	}
}

// changing keeps a draft anew, lists it and drops it, and never touches another
// desk's.
func changing(t *testing.T, s Store, d briefings.Draft) {
	t.Helper()
	d.State, d.Reason = briefings.DraftWaiting, "because"
	d.Changes = []briefings.Change{{Item: revision(1, "a", "what?").Item, Op: briefings.OpCorrect, Reason: "because", Seen: 3}}
	if id, err := s.KeepDraft(t.Context(), d); err != nil || id != d.ID {
		t.Errorf("kept anew: id %q, %v, want %q", id, err, d.ID)
	}
	if _, err := s.KeepDraft(t.Context(), d); !errors.Is(err, briefings.ErrStale) {
		t.Errorf("kept by who read an older one: got %v, want stale", err)
	}
	d.Version++
	got, err := s.Draft(t.Context(), d.Desk, d.ID)
	if err != nil {
		t.Error(err)
	}
	same(t, "kept anew", got, d)
	foreign := d
	foreign.Desk = "2"
	if _, err := s.KeepDraft(t.Context(), foreign); !errors.Is(err, briefings.ErrNotFound) {
		t.Errorf("kept by another desk: got %v, want not found", err)
	}
	listed := d
	listed.Changes = nil
	all, err := s.Drafts(t.Context(), d.Desk, 10)
	if err != nil {
		t.Error(err)
	}
	same(t, "the list", all, []briefings.Draft{listed})
	if none, err := s.Drafts(t.Context(), "2", 10); err != nil || len(none) != 0 {
		t.Errorf("another desk's list: got %v, %v, want none", none, err)
	}
	if err := s.DropDraft(t.Context(), "2", d.ID, d.Version); !errors.Is(err, briefings.ErrNotFound) {
		t.Errorf("dropped by another desk: got %v, want not found", err)
	}
	if err := s.DropDraft(t.Context(), d.Desk, d.ID, d.Version-1); !errors.Is(err, briefings.ErrStale) {
		t.Errorf("dropped by who read an older one: got %v, want stale", err)
	}
	if err := s.DropDrafts(t.Context(), d.RecordedAt); err != nil {
		t.Error(err)
	}
	if err := s.DropDraft(t.Context(), d.Desk, d.ID, d.Version); err != nil {
		t.Errorf("dropped: got %v; one as old as the bound has to be left", err)
	}
	if err := s.DropDraft(t.Context(), d.Desk, d.ID, d.Version); !errors.Is(err, briefings.ErrNotFound) {
		t.Errorf("dropped twice: got %v, want not found", err)
	}
	if _, err := s.KeepDraft(t.Context(), d); !errors.Is(err, briefings.ErrNotFound) {
		t.Errorf("kept anew once dropped: got %v, want not found", err)
	}
}

// testHostileText sends what could end a statement, a string or a row.
func testHostileText(t *testing.T, open Opener) {
	s := opened(t, open)
	const replaced = "\uFFFD"
	for i, tt := range []struct{ text, reason string }{
		{`'; DROP TABLE revisions; --`, `'; DROP TABLE revisions; --`},
		{`"$1" ? :x \ %s {}`, `"$1" ? :x \ %s {}`},
		{"🇺🇦 👩‍👩‍👧 \u202e مرحبا", "🇺🇦 👩‍👩‍👧 \u202e مرحبا"},
		{"line\nline\r\n\t\u2028", "line\nline\r\n\t\u2028"},
		{"a\x00b", "a" + replaced + "b"},
		{"a\xffb", "a" + replaced + "b"},
		{"\U0010FFFF\uFFFE", "\U0010FFFF\uFFFE"},
	} {
		r := revision(i+1, "a", strings.ToValidUTF8(tt.text, replaced))
		r.Reason = tt.text
		if err := s.Publish(t.Context(), "1", i, []briefings.Revision{r}); err != nil {
			t.Fatalf("%q: %v", tt.text, err)
		}
		got, err := s.Revisions(t.Context(), "1", i)
		if err != nil || len(got) != 1 {
			t.Fatalf("%q: got %d revisions, %v", tt.text, len(got), err)
		}
		if got[0].Reason != tt.reason {
			t.Errorf("reason: got %q, want %q", got[0].Reason, tt.reason)
		}
		if item := got[0].Item.(*briefings.Question).Question; item != r.Item.(*briefings.Question).Question {
			t.Errorf("item: got %q, want %q", item, tt.text)
		}
	}
}
