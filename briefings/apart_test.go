package briefings_test

import (
	"strings"
	"testing"

	"sitrep/briefings"
)

// TestServersAreApart does everything that a service can do in one server with
// the ids of another's, and finds nothing of it there.
func TestServersAreApart(t *testing.T) {
	t.Parallel()
	const secret = "Zyzzyva"
	r, cache := newRig(t), &keeping{}
	s := r.copy(cache)
	hidden := newborn(t, "figure/own", "F90")
	hidden.Item.Head().Text, hidden.Item.Head().Caveat = secret, secret
	start := snapshot(t, s, "1")
	gone := retraction(start, "figure/ten")
	gone.Reason = secret
	theirs, err := s.Publish(t.Context(), batch("1", hidden, gone, amendment(t, start, "figure/one", "77")))
	if err != nil {
		t.Fatal(err)
	}
	draft, err := s.KeepDraft(t.Context(), briefings.Draft{Desk: "1", Author: "7", Item: "figure/own", Fields: map[string]string{"text": secret}})
	if err != nil {
		t.Fatal(err)
	}
	before := content(t, theirs)

	quiet := func(what string, err error) {
		t.Helper()
		if err == nil || strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), "F90") {
			t.Errorf("%s: got %v, want a refusal that tells nothing of the other server", what, err)
		}
	}
	of := func(id briefings.ID, op briefings.Op) briefings.Change {
		item := clone(t, theirs.Revision(id).Item)
		item.Head().Text, item.Head().Caveat, item.Head().Refs = "Mine now.", "", []string{"F91"}
		return briefings.Change{Item: item, Op: op, Reason: "Why not?", Seen: theirs.ItemRev(id)}
	}
	for _, op := range []briefings.Op{briefings.OpAmend, briefings.OpCorrect, briefings.OpConfirm, briefings.OpRetract, briefings.OpRestore} {
		for _, id := range []briefings.ID{"figure/own", "figure/ten"} {
			_, err := s.Publish(t.Context(), batch("2", of(id, op)))
			quiet("publish "+string(op)+" "+string(id), err)
			_, err = s.Try(t.Context(), batch("2", of(id, op)))
			quiet("try "+string(op)+" "+string(id), err)
		}
	}
	_, err = s.Publish(t.Context(), batch("2", conflict("figure/one", "figure/own")))
	quiet("naming it", err)
	_, err = s.Draft(t.Context(), "2", draft)
	quiet("its draft", err)

	for name, snap := range map[string]*briefings.Snapshot{"in memory": snapshot(t, s, "2"), "from the cache": snapshot(t, r.copy(cache), "2"), "from the record": snapshot(t, r.copy(forgetful{}), "2")} {
		known := snap.Known(theirs.RecordedAt)
		if strings.Contains(content(t, snap)+content(t, known), secret) || snap.ByRef("F90") != nil || valueOf(snap, "figure/one") != "1" {
			t.Errorf("%s: the other server's items are there", name)
		}
		if len(snap.History("figure/own"))+len(snap.Retracted())+len(snap.Suggested())+len(snap.Own()) > 0 || snap.Rev != 1 {
			t.Errorf("%s: the other server's history is there", name)
		}
		if got := briefings.Diff(start, snap); len(got) != 0 {
			t.Errorf("%s: differs by %v", name, wordings(got))
		}
	}

	// The same id and label are free, and make another item.
	mine := newborn(t, "figure/own", "F90")
	if _, err := s.Publish(t.Context(), batch("2", mine)); err != nil {
		t.Errorf("an id that another server uses: %v", err)
	}
	for name, got := range map[string]*briefings.Snapshot{"in memory": snapshot(t, s, "1"), "from the record": snapshot(t, r.copy(forgetful{}), "1")} {
		if content(t, got) != before || got.Rev != theirs.Rev {
			t.Errorf("%s: the first server's desk has changed", name)
		}
	}
	if content(t, s.Base()) != content(t, start) {
		t.Error("the catalogue has changed")
	}
}
