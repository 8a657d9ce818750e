package briefings_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sitrep/briefings"
	"sitrep/store"
	"sitrep/testenv"
)

// An annex is a part of a database with desks, and a catalogue, of its own.
type annex struct {
	briefings.Record
	name   string
	latest time.Time
}

func (a *annex) desk(id briefings.DeskID) briefings.DeskID {
	return briefings.DeskID(a.name) + "-" + id
}

func (a *annex) Revisions(ctx context.Context, desk briefings.DeskID, after int) ([]briefings.Revision, error) {
	return a.Record.Revisions(ctx, a.desk(desk), after)
}

func (a *annex) Publish(ctx context.Context, desk briefings.DeskID, seen int, revs []briefings.Revision) error {
	err := a.Record.Publish(ctx, a.desk(desk), seen, revs)
	if at := revs[0].RecordedAt; err == nil && at.After(a.latest) {
		a.latest = at
	}
	return err
}

func (a *annex) Newest(ctx context.Context, desks []briefings.DeskID) (map[briefings.DeskID]int, error) {
	all := map[briefings.DeskID]int{}
	for _, desk := range desks {
		found, err := a.Record.Newest(ctx, []briefings.DeskID{a.desk(desk)})
		if err != nil {
			return nil, err
		}
		for _, rev := range found {
			all[desk] = rev
		}
	}
	return all, nil
}

func (a *annex) Latest(context.Context) (time.Time, error) { return a.latest, nil }

// texts are items by id, as JSON.
type texts map[briefings.ID]string

func textsOf(items []briefings.Item) texts {
	all := texts{}
	for _, item := range items {
		data, err := json.Marshal(item)
		if err != nil {
			panic(err)
		}
		all[item.Head().ID] = string(data)
	}
	return all
}

// happening is one thing that was recorded: a catalogue, or a desk's batch.
type happening struct {
	at        time.Time
	desk      briefings.DeskID
	catalogue texts // all of it
	changes   []briefings.Change
}

// replay is what a desk says once all of log up to t has happened, by the
// plainest way to tell: nil where nothing has.
func replay(log []happening, desk briefings.DeskID, t time.Time) texts {
	var catalogue texts
	own := texts{}
	happened := false
	for _, h := range log {
		if h.at.After(t) || (h.desk != desk && h.desk != briefings.Catalogue) {
			continue
		}
		happened = true
		if h.desk == briefings.Catalogue {
			catalogue = h.catalogue
		}
		for _, c := range h.changes {
			own[c.Item.Head().ID] = ""
			if c.Op != briefings.OpRetract {
				maps.Copy(own, textsOf([]briefings.Item{c.Item}))
			}
		}
	}
	if !happened {
		return nil
	}
	all := maps.Clone(catalogue)
	maps.Copy(all, own)
	maps.DeleteFunc(all, func(_ briefings.ID, text string) bool { return text == "" })
	return all
}

// A world is a database that some copies change at random, and what happened.
type world struct {
	t       *testing.T
	rt      *rapid.T
	r       *rig
	clock   time.Time
	copies  []*briefings.Service
	edition int
	log     []happening
	shown   map[briefings.DeskID]map[int]texts // by desk and revision
	n       int
}

// upgrade replaces a copy by one with another catalogue; one of an older
// edition changes nothing.
func (w *world) upgrade() {
	values := map[briefings.ID]string{}
	for _, id := range []briefings.ID{"figure/one", "figure/two", "figure/ten"} {
		values[id] = fmt.Sprint(rapid.IntRange(1, 3).Draw(w.rt, "value"))
	}
	if rapid.Bool().Draw(w.rt, "without F10") {
		values["figure/ten"] = ""
	}
	edition := w.edition + 1
	if w.edition > 1 && rapid.IntRange(0, 3).Draw(w.rt, "older") == 0 {
		edition = 1
	}
	items := edited(w.t, values)
	s := w.r.release(forgetful{}, edition, items...)
	nothing := briefings.Change{Item: bare(w.t, "figure/nothing", ""), Op: briefings.OpAmend}
	if _, err := s.Publish(context.Background(), batch("1", nothing)); !told(err, briefings.ErrInvalid) {
		w.rt.Fatalf("amending nothing: got %v, want a mistake once the catalogue is recorded", err)
	}
	w.copies[rapid.IntRange(0, 1).Draw(w.rt, "copy")] = s
	last := replay(w.log, briefings.Catalogue, s.Base().RecordedAt)
	if edition >= w.edition && !maps.Equal(last, textsOf(items)) {
		w.log = append(w.log, happening{at: s.Base().RecordedAt, desk: briefings.Catalogue, catalogue: textsOf(items)})
		w.edition = edition
	}
}

// publish has a copy publish one to three changes of a desk, which the rules
// may refuse.
func (w *world) publish() {
	desk := rapid.SampledFrom([]briefings.DeskID{"1", "2"}).Draw(w.rt, "desk")
	s := rapid.SampledFrom(w.copies).Draw(w.rt, "copy")
	if err := s.Follow(context.Background()); err != nil {
		w.rt.Fatal(err)
	}
	snap, err := s.Snapshot(context.Background(), desk)
	if err != nil {
		w.rt.Fatal(err)
	}
	ids := []briefings.ID{"figure/one", "figure/two", "figure/ten", "figure/ten", "question/next", "figure/a", "figure/b"}
	var changes []briefings.Change
	for range rapid.IntRange(1, 3).Draw(w.rt, "changes") {
		changes = append(changes, w.change(snap, rapid.SampledFrom(ids).Draw(w.rt, "item")))
	}
	next, err := s.Publish(context.Background(), batch(desk, changes...))
	if told(err, briefings.ErrInvalid) || told(err, briefings.ErrStale) {
		return // by a rule, or since another copy changed it: what shows must not change
	}
	if err != nil {
		w.rt.Fatal(err)
	}
	w.log = append(w.log, happening{at: next.RecordedAt, desk: desk, changes: changes})
}

// change is some operation that makes sense for the item as it is.
func (w *world) change(snap *briefings.Snapshot, id briefings.ID) briefings.Change {
	was := snap.Revision(id)
	c := briefings.Change{Item: was.Item, Seen: was.Rev, Reason: "So it is."}
	w.n++
	switch {
	case was.Rev == 0:
		c = newborn(w.t, id, fmt.Sprintf("N%d", w.n))
	case was.Op == briefings.OpRetract:
		c.Op = briefings.OpRestore
	default:
		c.Op = rapid.SampledFrom([]briefings.Op{briefings.OpAmend, briefings.OpCorrect, briefings.OpConfirm, briefings.OpRetract}).Draw(w.rt, "op")
	}
	if c.Op == briefings.OpAmend || c.Op == briefings.OpCorrect {
		c.Item = clone(w.t, was.Item)
		c.Item.Head().Text = fmt.Sprintf("Text %d.", w.n)
		if q, ok := c.Item.(*briefings.Question); ok {
			q.Question = fmt.Sprintf("Question %d?", w.n)
		}
	}
	return c
}

// look notes what every desk shows now: one revision never shows two things.
func (w *world) look() map[briefings.DeskID]*briefings.Snapshot {
	s := w.r.release(forgetful{}, 1)
	if err := s.Follow(context.Background()); err != nil {
		w.rt.Fatal(err)
	}
	all := map[briefings.DeskID]*briefings.Snapshot{}
	for _, desk := range []briefings.DeskID{"1", "2", briefings.Catalogue} {
		snap, err := s.Snapshot(context.Background(), desk)
		if err != nil {
			w.rt.Fatal(err)
		}
		if w.shown[desk] == nil {
			w.shown[desk] = map[int]texts{}
		}
		got := textsOf(snap.Items())
		if before, ok := w.shown[desk][snap.Rev]; ok && !maps.Equal(before, got) {
			w.rt.Errorf("desk %s: revision %d shows two things", desk, snap.Rev)
		}
		for rev := range w.shown[desk] {
			if rev > snap.Rev {
				w.rt.Errorf("desk %s: revision %d comes after %d", desk, snap.Rev, rev)
			}
		}
		w.shown[desk][snap.Rev] = got
		all[desk] = snap
	}
	return all
}

// compare reads snap as of every moment at which anything was recorded, and
// just before and after.
func (w *world) compare(desk briefings.DeskID, snap *briefings.Snapshot) {
	for _, h := range w.log {
		for _, late := range []time.Duration{-time.Millisecond, 0, time.Millisecond} {
			at := h.at.Add(late)
			want, known := replay(w.log, desk, at), snap.Known(at)
			if (known == nil) != (want == nil) {
				w.rt.Errorf("desk %s known at %s: got %v, want %v", desk, at, known, want)
				continue
			}
			if known == nil {
				continue
			}
			if got := textsOf(known.Items()); !maps.Equal(got, want) {
				w.rt.Errorf("desk %s known at %s: got\n%v\nwant\n%v", desk, at, got, want)
			}
			if again := textsOf(snap.At(known.Rev).Items()); !maps.Equal(again, want) {
				w.rt.Errorf("desk %s at revision %d: got\n%v\nwant\n%v", desk, known.Rev, again, want)
			}
		}
	}
	for rev, want := range w.shown[desk] {
		if got := textsOf(snap.At(rev).Items()); !maps.Equal(got, want) {
			w.rt.Errorf("desk %s at revision %d: got\n%v\nwhat it showed was\n%v", desk, rev, got, want)
		}
	}
}

// TestReadingIsReplaying changes two desks and the catalogue at random, with a
// clock that jumps, through copies of which one may lag: as of any moment, and
// at any revision, a desk says what was recorded up to then.
func TestReadingIsReplaying(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]func() string{
		"sqlite":   func() string { return "sqlite:" + filepath.Join(t.TempDir(), "sitrep.db") },
		"postgres": func() string { return testenv.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			db, err := store.Open(t.Context(), url())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := db.Close(); err != nil {
					t.Error(err)
				}
			})
			run, published := 0, 0
			rapid.Check(t, func(rt *rapid.T) {
				run++
				w := &world{t: t, rt: rt, clock: begin(), shown: map[briefings.DeskID]map[int]texts{}}
				w.r = rigOver(t, &annex{Record: db, name: fmt.Sprint(run)})
				w.r.now = func() time.Time { return w.clock }
				w.copies = []*briefings.Service{w.r.copy(forgetful{}), w.r.copy(forgetful{})}
				w.upgrade()
				for range rapid.IntRange(1, 6).Draw(rt, "steps") {
					w.clock = w.clock.Add(time.Duration(rapid.IntRange(-90, 90).Draw(rt, "minutes")) * time.Minute)
					if rapid.IntRange(0, 3).Draw(rt, "what") == 0 {
						w.upgrade()
					} else {
						w.publish()
					}
					w.look()
				}
				for desk, snap := range w.look() {
					w.compare(desk, snap)
				}
				published += len(w.log)
			})
			if published < 2*run {
				t.Errorf("%d runs recorded %d changes: too few to show anything", run, published)
			}
		})
	}
}
