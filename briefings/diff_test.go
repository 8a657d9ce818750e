package briefings_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sitrep/briefings"
)

func clone(t *testing.T, item briefings.Item) briefings.Item {
	t.Helper()
	c, err := briefings.Clone(item)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// wording words a difference: "amended figure/one value: 1 -> 5 (why)".
func wording(d briefings.Difference) string {
	line := fmt.Sprintf("%s %s", d.Outcome, d.ID)
	for _, f := range d.Fields {
		line += fmt.Sprintf(" %s: %s -> %s", f.Name, f.Old, f.New)
	}
	for _, r := range d.Revisions {
		if r.Reason != "" {
			line += " (" + r.Reason + ")"
		}
	}
	return line
}

func wordings(diffs []briefings.Difference) (lines []string) {
	for _, d := range diffs {
		lines = append(lines, wording(d))
	}
	return lines
}

// diary publishes changes one after the other, one minute apart.
type diary struct {
	t    *testing.T
	r    *rig
	s    *briefings.Service
	snap *briefings.Snapshot
}

func newDiary(t *testing.T) *diary {
	r := newRig(t)
	d := &diary{t: t, r: r, s: r.copy(forgetful{})}
	d.snap = snapshot(t, d.s, "1")
	return d
}

func (d *diary) publish(changes ...briefings.Change) {
	d.t.Helper()
	at := d.r.now().Add(time.Minute)
	d.r.now = func() time.Time { return at }
	snap, err := d.s.Publish(d.t.Context(), batch("1", changes...))
	if err != nil {
		d.t.Fatal(err)
	}
	d.snap = snap
}

// value amends or corrects a figure.
func (d *diary) value(op briefings.Op, id briefings.ID, value, reason string) {
	d.t.Helper()
	c := amendment(d.t, d.snap, id, value)
	c.Op, c.Reason = op, reason
	d.publish(c)
}

// same confirms or restores an item.
func (d *diary) same(op briefings.Op, id briefings.ID) {
	d.t.Helper()
	d.publish(briefings.Change{Item: d.snap.Revision(id).Item, Op: op, Seen: d.snap.ItemRev(id)})
}

func TestDiff(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		do   func(d *diary)
		want []string
	}{
		{"nothing changed", func(*diary) {}, nil},
		{"amended", func(d *diary) { d.value(briefings.OpAmend, "figure/one", "5", "more came") }, []string{"amended figure/one value: 1 -> 5 (more came)"}},
		{"corrected and amended", func(d *diary) {
			d.value(briefings.OpCorrect, "figure/one", "5", "a slip")
			d.value(briefings.OpAmend, "figure/one", "6", "")
		}, []string{"corrected figure/one value: 1 -> 6 (a slip)"}},
		{"changed and changed back", func(d *diary) {
			d.value(briefings.OpAmend, "figure/one", "5", "")
			d.value(briefings.OpAmend, "figure/one", "1", "")
		}, nil},
		{"confirmed", func(d *diary) { d.same(briefings.OpConfirm, "figure/one") }, []string{"confirmed figure/one"}},
		{"confirmed, then amended", func(d *diary) {
			d.same(briefings.OpConfirm, "figure/one")
			d.value(briefings.OpAmend, "figure/one", "5", "")
		}, []string{"amended figure/one value: 1 -> 5"}},
		{"retracted", func(d *diary) { d.publish(retraction(d.snap, "figure/ten")) }, []string{"retracted figure/ten (It was never so.)"}},
		{"retracted and restored", func(d *diary) {
			d.publish(retraction(d.snap, "figure/ten"))
			d.same(briefings.OpRestore, "figure/ten")
		}, nil},
		{"added", func(d *diary) { d.publish(newborn(t, "figure/new", "F90")) }, []string{"added figure/new"}},
		{"added and retracted", func(d *diary) {
			d.publish(newborn(t, "figure/new", "F90"))
			d.publish(retraction(d.snap, "figure/new"))
		}, nil},
		{"answered", func(d *diary) {
			q := clone(t, d.snap.Item("question/next")).(*briefings.Question)
			q.State, q.AnsweredBy = briefings.Answered, []briefings.ID{"figure/one", "figure/two"}
			d.publish(briefings.Change{Item: q, Op: briefings.OpAmend, Seen: 1})
		}, []string{"answered question/next state: open -> answered answered_by:  -> figure/one, figure/two"}},
		{"several, in the order of the newest", func(d *diary) {
			d.value(briefings.OpAmend, "figure/two", "5", "")
			d.value(briefings.OpAmend, "figure/one", "5", "")
			d.value(briefings.OpAmend, "figure/two", "6", "")
		}, []string{"amended figure/one value: 1 -> 5", "amended figure/two value: 1 -> 6"}},
	} {
		d := newDiary(t)
		from := d.snap
		tt.do(d)
		if got := wordings(briefings.Diff(from, d.snap)); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
		if got := wordings(briefings.Diff(d.snap, d.snap.At(from.Rev))); !slices.Equal(got, tt.want) {
			t.Errorf("%s, the other way round: got %q, want %q", tt.name, got, tt.want)
		}
		if got := wordings(briefings.Diff(d.snap.Known(from.RecordedAt), d.snap)); !slices.Equal(got, tt.want) {
			t.Errorf("%s, by time: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestDiffOfARestoredItem(t *testing.T) {
	t.Parallel()
	d := newDiary(t)
	d.publish(retraction(d.snap, "figure/ten"))
	gone := d.snap
	d.same(briefings.OpRestore, "figure/ten")
	d.value(briefings.OpAmend, "figure/ten", "5", "")
	if got, want := wordings(briefings.Diff(gone, d.snap)), []string{"restored figure/ten value: 1 -> 5"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	all := briefings.Diff(nil, d.snap)
	if len(all) != len(d.snap.Items()) || all[0].Outcome != briefings.OutcomeAdded {
		t.Errorf("since ever: got %d differences, the first %s, want all %d added", len(all), all[0].Outcome, len(d.snap.Items()))
	}
	if got := briefings.Diff(nil, nil); got != nil {
		t.Errorf("of nothing: got %v", got)
	}
}

// TestDiffHidesWhatNobodySaw: the catalogue's change of an item that the desk
// has a version of its own of is no change for the desk's readers.
func TestDiffHidesWhatNobodySaw(t *testing.T) {
	t.Parallel()
	d := newDiary(t)
	d.value(briefings.OpAmend, "figure/one", "5", "")
	from := d.snap
	base := d.s.Base()
	next := briefings.Compile(briefings.Catalogue, nil, append(base.History("figure/one"), briefings.Revision{
		Rev: 2, Item: edited(t, map[briefings.ID]string{"figure/one": "9"})[4], Op: briefings.OpAmend, RecordedAt: begin().Add(time.Hour),
	}))
	to := briefings.Compile("1", next, d.snap.Own())
	if got := briefings.Diff(from, to); len(got) != 0 {
		t.Errorf("got %q, want nothing", wordings(got))
	}
	if got := to.History("figure/one"); len(got) != 3 || got[1].Rev != 2 || got[2].Rev != 3 {
		t.Errorf("its history is %+v, want the catalogue's, the desk's, the catalogue's", got)
	}
}

func TestShow(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		item, field, want string
	}{
		{`{"id":"section/a","order":7}`, "order", "7"},
		{`{"id":"section/a"}`, "risk_alert", ""},
		{`{"id":"section/a","risk_alert":{"text":"ice","expires":"2026-02"}}`, "risk_alert", "text: ice, expires: 2026-02"},
		{`{"id":"event/a","key":true}`, "key", "yes"},
		{`{"id":"event/a","valid":"2026-01-17/.."}`, "valid", "2026-01-17/.."},
		{`{"id":"event/a","happened":"ongoing"}`, "happened", "ongoing"},
		{`{"id":"event/a","happened":"ongoing"}`, "place", ""},
		{`{"id":"event/a","participants":["actor/a","actor/b"]}`, "participants", "actor/a, actor/b"},
		{`{"id":"event/a","sources":[{"source":"source/a","locator":"p. 3","credibility":2},{"source":"source/b"}]}`, "sources", "source: source/a, locator: p. 3, credibility: 2; source: source/b"},
		{`{"id":"event/a","translations":{"uk":{"text":"так"},"de":{"text":"ja","headline":"Ja"}}}`, "translations", "de: headline: Ja; text: ja; uk: text: так"},
	} {
		item, err := briefings.ParseItem([]byte(tt.item))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range briefings.Fields(item) {
			if got := briefings.Show(f.Ptr); f.Name == tt.field && got != tt.want {
				t.Errorf("%s of %s: got %q, want %q", tt.field, tt.item, got, tt.want)
			}
		}
	}
}

// TestShowTakesEveryField words every field of every kind, filled as the
// catalogue of these tests is.
func TestShowTakesEveryField(t *testing.T) {
	t.Parallel()
	for _, item := range items(t) {
		for _, f := range briefings.Fields(item) {
			data, err := json.Marshal(f.Ptr)
			if err != nil {
				t.Fatal(err)
			}
			empty := slices.Contains([]string{`""`, "null", "0", "false"}, string(data))
			if got := briefings.Show(f.Ptr); (got == "") != empty || strings.Contains(got, "0x") {
				t.Errorf("%s of %s is %s: shown as %q", f.Name, item.Head().ID, data, got)
			}
		}
	}
}
