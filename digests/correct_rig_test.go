package digests_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/briefings/catalogue"
	"sitrep/cards"
	"sitrep/digests"
	"sitrep/pictures"
	"sitrep/words"
)

// press is a rig whose digests are those of a real desk, which can be changed.
type press struct {
	*rig
	service *briefings.Service
	writer  digests.Writer
	loaded  briefings.Loaded
}

func newPress(t testing.TB) *press {
	t.Helper()
	return pressOn(t, newRig(t))
}

func pressOn(t testing.TB, r *rig) *press {
	t.Helper()
	items, err := catalogue.Read(catalogue.Bundled(), catalogue.RecordedAt())
	if err != nil {
		t.Fatal(err)
	}
	book, err := words.Open()
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	gallery, err := pictures.New(log)
	if err != nil {
		t.Fatal(err)
	}
	p := &press{rig: r, loaded: briefings.Loaded{Items: items, Edition: 1, RecordedAt: catalogue.RecordedAt()}}
	p.wall = catalogue.RecordedAt()
	p.writer = digests.Writer{Pictures: gallery, Book: book}
	p.reload()
	return p
}

// reload starts a copy of sitrep that comes with what is loaded.
func (p *press) reload() {
	p.t.Helper()
	p.service = briefings.NewService(p.store, noCache{}, p.loaded, func() time.Time { return p.wall }, slog.New(slog.DiscardHandler))
	p.writer.Briefings = p.service
	p.parts.Dates, p.parts.Compose = p.writer.KeyDate, p.writer.Compose
	p.parts.Corrections, p.parts.Corrector, p.parts.Editor = p.store, p.writer, p.room
}

// noCache holds nothing.
type noCache struct{}

func (noCache) Load(context.Context, briefings.DeskID) ([]byte, error)     { return nil, nil }
func (noCache) Drop(context.Context, briefings.DeskID) error               { return nil }
func (noCache) Keep(context.Context, briefings.DeskID, int, []byte) error  { return nil }
func (noCache) Changes(context.Context, func(briefings.DeskID, int)) error { return nil }
func (noCache) Tell(context.Context, briefings.DeskID) error               { return nil }

// publish records one change of the item with that label, at now.
func (p *press) publish(now string, op briefings.Op, ref string, change func(briefings.Item)) {
	p.t.Helper()
	p.wall = at(p.t, now)
	snap, err := p.service.Snapshot(p.t.Context(), desk)
	if err != nil {
		p.t.Fatal(err)
	}
	item := snap.ByRef(ref)
	if item == nil {
		for _, gone := range snap.Retracted() {
			if gone.Head().Ref() == ref {
				item = gone
			}
		}
	}
	seen := snap.ItemRev(item.Head().ID)
	if item, err = briefings.Clone(item); err != nil {
		p.t.Fatal(err)
	}
	if change != nil {
		change(item)
	}
	batch := briefings.Batch{Desk: desk, By: "2", Changes: []briefings.Change{{Item: item, Op: op, Seen: seen, Reason: "Counted twice"}}}
	if op == briefings.OpRetract {
		batch.Changes = append(batch.Changes, p.without(snap, item.Head().ID)...)
	}
	_, err = p.service.Publish(p.t.Context(), batch)
	if err != nil {
		p.t.Fatalf("publishing %s of %s: %v", op, ref, err)
	}
}

// value makes a figure say another number.
func value(v string) func(briefings.Item) {
	return func(item briefings.Item) { item.(*briefings.Figure).Value = v }
}

// text is what the i-th message says.
func (p *press) text(i int) string {
	p.t.Helper()
	p.room.mu.Lock()
	defer p.room.mu.Unlock()
	if i >= len(p.room.messages) {
		p.t.Fatalf("%d messages, want more than %d", len(p.room.messages), i)
	}
	return said(p.room.messages[i].card)
}

// said is a card with its marks, which Plain leaves out.
func said(c cards.Card) string {
	parts := []string{string(c.Title)}
	for _, b := range c.Blocks {
		for _, l := range b.Lines {
			parts = append(parts, string(l.Text))
		}
	}
	for _, f := range c.Footer {
		parts = append(parts, string(f))
	}
	return strings.Join(parts, "\n")
}

// has wants the i-th message to say all of these, and nothing that begins with "!".
func (p *press) has(i int, want ...string) {
	p.t.Helper()
	text := p.text(i)
	for _, w := range want {
		word, not := strings.CutPrefix(w, "!")
		if strings.Contains(text, word) == not {
			p.t.Errorf("message %d: says %q is %t, want %t:\n%s", i, word, !not, not, text)
		}
	}
}

// counts wants so many messages, and so many edits of each.
func (p *press) counts(edits ...int) {
	p.t.Helper()
	p.room.mu.Lock()
	defer p.room.mu.Unlock()
	var got []int
	for _, m := range p.room.messages {
		got = append(got, m.edits)
	}
	if !slices.Equal(got, edits) {
		p.t.Errorf("the messages were edited %v times, want %v", got, edits)
	}
}

// followed is what the log tells of the i-th message.
func (p *press) followed(s digests.Subscription) digests.Followed {
	p.t.Helper()
	all, err := p.store.Followed(p.t.Context(), desk, s.ID)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, f := range all {
		return f
	}
	return digests.Followed{}
}

// dyingCorrections is a ledger whose n-th call of a sort, counted down in left,
// is the last thing that a copy does: all later ones fail as well.
type dyingCorrections struct {
	digests.Corrections
	left map[string]int
}

func (d dyingCorrections) dies(sort string) error {
	if d.left[sort]--; d.left[sort] == 0 {
		d.left["dead"] = 1
	}
	if d.left["dead"] > 0 {
		return fmt.Errorf("store: %w", briefings.ErrUnavailable)
	}
	return nil
}

func (d dyingCorrections) Note(ctx context.Context, p digests.Posting) error {
	if err := d.dies("note"); err != nil {
		return err
	}
	return d.Corrections.Note(ctx, p)
}

func (d dyingCorrections) Settle(ctx context.Context, p digests.Posting) error {
	if err := d.dies("settle"); err != nil {
		return err
	}
	return d.Corrections.Settle(ctx, p)
}

func (d dyingCorrections) Defer(ctx context.Context, p digests.Posting, notBefore time.Time) error {
	if err := d.dies("settle"); err != nil {
		return err
	}
	return d.Corrections.Defer(ctx, p, notBefore)
}

// without amends what names an item, so that it can be retracted.
func (p *press) without(snap *briefings.Snapshot, id briefings.ID) (changes []briefings.Change) {
	p.t.Helper()
	for _, item := range snap.Items() {
		copied, err := briefings.Clone(item)
		if err != nil {
			p.t.Fatal(err)
		}
		is := func(other briefings.ID) bool { return other == id }
		switch x := copied.(type) {
		case *briefings.Section:
			x.Highlights, x.Watch = slices.DeleteFunc(x.Highlights, is), slices.DeleteFunc(x.Watch, is)
		case *briefings.Statement:
			x.About = slices.DeleteFunc(x.About, is)
		}
		if equal, err := briefings.Equal(copied, item); err != nil || !equal {
			changes = append(changes, briefings.Change{Item: copied, Op: briefings.OpAmend, Seen: snap.ItemRev(item.Head().ID)})
		}
	}
	return changes
}
