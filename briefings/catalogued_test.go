package briefings_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sitrep/briefings"
)

// edited is the catalogue of these tests with figure values changed, without
// the items whose value is "".
func edited(tb testing.TB, values map[briefings.ID]string) []briefings.Item {
	tb.Helper()
	return slices.DeleteFunc(items(tb), func(item briefings.Item) bool {
		value, changed := values[item.Head().ID]
		if f, ok := item.(*briefings.Figure); ok && changed {
			f.Value = value
		}
		return changed && value == ""
	})
}

// started runs a copy until it has taken the record's catalogue up.
func started(t *testing.T, s *briefings.Service) *briefings.Service {
	t.Helper()
	end := running(t, s)
	synctest.Wait()
	end()
	return s
}

// catalogueLog are the catalogue's recorded revisions, as "rev op id reason".
func (r *rig) catalogueLog() (lines []string) {
	r.tb.Helper()
	revs, err := r.record.Record.Revisions(r.tb.Context(), briefings.Catalogue, 0)
	if err != nil {
		r.tb.Fatal(err)
	}
	for _, rev := range revs {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%d %s %s %s", rev.Rev, rev.Op, rev.Item.Head().ID, rev.Reason)))
	}
	return lines
}

func TestCatalogueIsRecordedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		for range 5 {
			defer running(t, r.copy(forgetful{}))()
		}
		synctest.Wait()
		revs, err := r.record.Revisions(t.Context(), briefings.Catalogue, 0)
		if err != nil || len(revs) != len(items(t)) {
			t.Fatalf("got %d revisions, %v, want one for each of %d items", len(revs), err, len(items(t)))
		}
		for _, rev := range revs {
			if rev.Rev != 1 || rev.Op != briefings.OpCreate || !rev.RecordedAt.Equal(begin()) || rev.Edition != 1 || rev.RecordedBy != "catalogue" {
				t.Errorf("got %+v, want it created by the catalogue at the beginning", rev)
			}
		}
	})
}

func TestNewerCatalogueIsRecorded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		for _, step := range []struct {
			name    string
			edition int
			values  map[briefings.ID]string
			want    []string // what it adds to the log
		}{
			{"the first", 2, nil, nil},
			{"the same again", 2, nil, nil},
			{"a newer one", 3, map[briefings.ID]string{"figure/one": "7", "figure/ten": ""}, []string{
				"2 amend figure/one", "2 retract figure/ten It is no longer in the catalogue.",
			}},
			{"an older copy that restarts", 2, nil, nil},
			{"one still newer, with the item back", 4, map[briefings.ID]string{"figure/one": "7", "figure/ten": "9"}, []string{"3 restore figure/ten"}},
			{"a folder", 0, map[briefings.ID]string{"figure/one": "8", "figure/ten": "9"}, []string{"4 amend figure/one"}},
			{"an old copy after the folder", 3, nil, nil},
			{"the bundle again", 4, map[briefings.ID]string{"figure/one": "7", "figure/ten": "9"}, []string{"5 amend figure/one"}},
		} {
			before := len(r.catalogueLog())
			s := started(t, r.release(forgetful{}, step.edition, edited(t, step.values)...))
			log := r.catalogueLog()
			if before == 0 {
				before = len(log)
			}
			if got := log[before:]; !slices.Equal(got, step.want) {
				t.Errorf("%s: recorded %q, want %q", step.name, got, step.want)
			}
			if fresh := started(t, r.release(forgetful{}, 1)); content(t, s.Base()) != content(t, fresh.Base()) {
				t.Errorf("%s: the copy shows another catalogue than the recorded one", step.name)
			}
		}
	})
}

// TestNewerCatalogueReachesDesks: what a desk did not change is renewed, what
// it changed waits for a moderator, and no revision number means two things.
func TestNewerCatalogueReachesDesks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		old := started(t, r.copy(forgetful{}))
		amend(t, old, "1", "figure/one", "5")
		r.now = func() time.Time { return begin().Add(2 * time.Hour) }
		snap := amend(t, old, "1", "figure/ten", "4")
		end := running(t, old)
		started(t, r.release(forgetful{}, 2, edited(t, map[briefings.ID]string{"figure/one": "7", "figure/two": "8"})...))
		<-time.After(6 * time.Second)
		synctest.Wait()
		end()

		renewed := snapshot(t, old, "1")
		if got := valueOf(renewed, "figure/one") + valueOf(renewed, "figure/two"); got != "58" {
			t.Errorf("got %s, want the desk's own 5 and the catalogue's 8", got)
		}
		if renewed.Rev != snap.Rev+1 || renewed.ItemRev("figure/two") != renewed.Rev || renewed.ItemRev("figure/one") != 2 {
			t.Errorf("got revision %d, figures of %d and %d, want %d, 2 and the newest", renewed.Rev, renewed.ItemRev("figure/one"), renewed.ItemRev("figure/two"), snap.Rev+1)
		}
		if got := renewed.At(snap.Rev); content(t, got) != content(t, snap) || got.Rev != snap.Rev {
			t.Errorf("its revision %d is not what it was", snap.Rev)
		}
		if got := renewed.Suggested(); len(got) != 1 || got[0].Item.(*briefings.Figure).Value != "7" || got[0].Rev != renewed.Rev {
			t.Errorf("suggested: got %+v, want the catalogue's 7", got)
		}
		if got := snapshot(t, old, "2"); got.Rev != 2 || valueOf(got, "figure/one") != "7" || len(got.Suggested()) != 0 {
			t.Errorf("a desk without changes: got revision %d, value %s, suggestions %v", got.Rev, valueOf(got, "figure/one"), got.Suggested())
		}
		settled := amend(t, old, "1", "figure/one", "6")
		if settled.Rev != renewed.Rev+1 || len(settled.Suggested()) != 0 {
			t.Errorf("once the desk has decided: got revision %d and suggestions %v", settled.Rev, settled.Suggested())
		}
		if got := snapshot(t, r.copy(forgetful{}), "1"); got.Rev != settled.Rev || content(t, got) != content(t, settled) {
			t.Errorf("a copy that follows only when it has to: got revision %d, want %d", got.Rev, settled.Rev)
		}
	})
}

// TestClashesWithANewerCatalogue: a label of the desk's own stays its own, and
// what names something gone breaks no reader.
func TestClashesWithANewerCatalogue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		s := started(t, r.copy(forgetful{}))
		if _, err := s.Publish(t.Context(), batch("1", newborn(t, "figure/own", "F90"), conflict("figure/own", "figure/ten"))); err != nil {
			t.Fatal(err)
		}
		theirs := newborn(t, "figure/theirs", "F90").Item
		next := append(edited(t, map[briefings.ID]string{"figure/ten": ""}), theirs)
		s = started(t, r.release(forgetful{}, 2, next...))
		for range 20 {
			snap := briefings.Compile("1", s.Base(), snapshot(t, s, "1").Own())
			if got := snap.ByRef("F90"); got == nil || got.Head().ID != "figure/own" {
				t.Fatalf("F90 names %v, want the desk's own", got)
			}
			if snap.Item("figure/theirs") == nil || snap.Item("figure/ten") != nil {
				t.Fatal("the catalogue's new item is not there, or the one that went is")
			}
			if got := snap.Conflicts("figure/own"); len(got) != 1 {
				t.Fatalf("got %d conflicts, want the one that names what is gone", len(got))
			}
		}
		if got := amend(t, s, "1", "figure/one", "5"); valueOf(got, "figure/one") != "5" {
			t.Errorf("a change of something else: got %q", valueOf(got, "figure/one"))
		}
	})
}

// TestCatalogueWhileTheRecordIsAway serves what was loaded and records it later.
func TestCatalogueWhileTheRecordIsAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, cache := newRig(t), &keeping{}
		amend(t, started(t, r.copy(forgetful{})), "1", "figure/two", "5")
		snapshot(t, started(t, r.copy(cache)), "1") // which has nothing to record
		r.record.away.Store(true)
		s := r.release(cache, 2, edited(t, map[briefings.ID]string{"figure/one": "7"})...)
		defer running(t, s)()
		<-time.After(11 * time.Second)
		synctest.Wait()
		if got := strings.Count(r.log.String(), "out of reach"); got != 1 || !s.RecordAway() {
			t.Errorf("away: RecordAway() = %t, and the log says so %d times, want once:\n%s", s.RecordAway(), got, r.log)
		}
		if got := s.Base(); valueOf(got, "figure/one") != "7" || got.Rev != 2 || len(got.History("figure/one")) != 2 {
			t.Errorf("away: got value %s at revision %d, want 7 on top of what the cache holds", valueOf(got, "figure/one"), got.Rev)
		}
		if got := snapshot(t, s, "1"); valueOf(got, "figure/two") != "5" || got.Rev != 3 {
			t.Errorf("away, a desk: got value %s at revision %d, want 5 at 3", valueOf(got, "figure/two"), got.Rev)
		}
		if got := len(r.catalogueLog()); got != len(items(t)) {
			t.Errorf("away: %d revisions are recorded, want %d", got, len(items(t)))
		}
		r.record.away.Store(false)
		<-time.After(6 * time.Second)
		synctest.Wait()
		if got := r.catalogueLog(); got[len(got)-1] != "2 amend figure/one" {
			t.Errorf("back: got %q recorded last, want what was loaded", got[len(got)-1])
		}
	})
}

func TestEmptyCatalogue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		s := started(t, r.release(forgetful{}, 0))
		section := items(t)[0].(*briefings.Section)
		section.Highlights = nil
		snap, err := s.Publish(t.Context(), batch("1", briefings.Change{Item: section, Op: briefings.OpCreate}))
		if err != nil || snap.Rev != 1 || len(snap.Items()) != 1 {
			t.Fatalf("the first item of all: got %v, %v", snap, err)
		}
		r.now = func() time.Time { return begin().Add(-time.Hour) } // a clock that is wrong
		later := started(t, r.copy(forgetful{}))
		if got := later.Base().RecordedAt; got.Before(snap.RecordedAt) {
			t.Errorf("a catalogue that came after it is recorded at %s, before %s", got, snap.RecordedAt)
		}
		if got := snapshot(t, later, "1"); got.Rev != 2 || got.Known(snap.RecordedAt.Add(-time.Millisecond)) != nil {
			t.Errorf("got revision %d, want 2, and nothing before the first", got.Rev)
		}
	})
}
