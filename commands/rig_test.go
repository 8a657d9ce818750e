package commands

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/briefings/catalogue"
	"sitrep/cards"
	"sitrep/digests"
	"sitrep/store"
	"sitrep/words"
)

// shelf is a cache that one copy keeps to itself.
type shelf struct {
	mu   sync.Mutex
	kept map[briefings.DeskID][]byte
}

func (s *shelf) Load(_ context.Context, desk briefings.DeskID) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept[desk], nil
}

func (s *shelf) Keep(_ context.Context, desk briefings.DeskID, _ int, compiled []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept[desk] = compiled
	return nil
}

func (s *shelf) Drop(_ context.Context, desk briefings.DeskID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.kept, desk)
	return nil
}

func (s *shelf) Tell(context.Context, briefings.DeskID) error { return nil }

func (s *shelf) Changes(ctx context.Context, _ func(briefings.DeskID, int)) error {
	<-ctx.Done()
	return nil
}

// line is a database at the end of a line that can be cut.
type line struct {
	*store.Store
	cut atomic.Bool
}

func (l *line) err() error {
	if l.cut.Load() {
		return fmt.Errorf("store: %w", briefings.ErrUnavailable)
	}
	return nil
}

func (l *line) Revisions(ctx context.Context, desk briefings.DeskID, after int) ([]briefings.Revision, error) {
	if err := l.err(); err != nil {
		return nil, err
	}
	return l.Store.Revisions(ctx, desk, after)
}

func (l *line) Draft(ctx context.Context, desk briefings.DeskID, id string) (briefings.Draft, error) {
	if err := l.err(); err != nil {
		return briefings.Draft{}, err
	}
	return l.Store.Draft(ctx, desk, id)
}

func (l *line) KeepDraft(ctx context.Context, d briefings.Draft) (string, error) {
	if err := l.err(); err != nil {
		return "", err
	}
	return l.Store.KeepDraft(ctx, d)
}

func (l *line) LastLook(ctx context.Context, desk briefings.DeskID, who briefings.UserID) (briefings.Look, error) {
	if err := l.err(); err != nil {
		return briefings.Look{}, err
	}
	return l.Store.LastLook(ctx, desk, who)
}

func (l *line) Looked(ctx context.Context, desk briefings.DeskID, who briefings.UserID, look briefings.Look) error {
	if err := l.err(); err != nil {
		return err
	}
	return l.Store.Looked(ctx, desk, who, look)
}

func (l *line) Settings(ctx context.Context, desk briefings.DeskID) (briefings.Settings, error) {
	if err := l.err(); err != nil {
		return briefings.Settings{}, err
	}
	return l.Store.Settings(ctx, desk)
}

func (l *line) SettingsLog(ctx context.Context, desk briefings.DeskID, most int) ([]briefings.SettingChange, error) {
	if err := l.err(); err != nil {
		return nil, err
	}
	return l.Store.SettingsLog(ctx, desk, most)
}

func (l *line) Footprints(ctx context.Context, who briefings.UserID) ([]briefings.Footprint, error) {
	if err := l.err(); err != nil {
		return nil, err
	}
	return l.Store.Footprints(ctx, who)
}

func (l *line) Leave(ctx context.Context, e briefings.Entry) error {
	if err := l.err(); err != nil {
		return err
	}
	return l.Store.Leave(ctx, e)
}

// rig is a desk over a real database.
type rig struct {
	t     testing.TB
	desk  Desk
	store *line
	set   Set
	now   time.Time
	rooms rooms
}

// rooms are what Discord would tell when it is asked.
type rooms struct {
	channels map[digests.ChannelID]Channel
	roles    map[digests.RoleID]ServerRole
	away     bool  // Discord does not answer
	refuses  error // to delete messages
	deleted  []string
}

func (r *rooms) Room(_ context.Context, desk briefings.DeskID, id digests.ChannelID) (Channel, error) {
	c, ok := r.channels[id]
	return c, r.err(ok && desk == "1001")
}

func (r *rooms) Role(_ context.Context, desk briefings.DeskID, id digests.RoleID) (ServerRole, error) {
	role, ok := r.roles[id]
	return role, r.err(ok && desk == "1001")
}

func (r *rooms) Unpost(_ context.Context, channel digests.ChannelID, message string) error {
	if err := cmp.Or(r.refuses, r.err(true)); err != nil {
		return err
	}
	r.deleted = append(r.deleted, string(channel)+"/"+message)
	return nil
}

func (r *rooms) err(found bool) error {
	switch {
	case r.away:
		return briefings.ErrUnavailable
	case !found:
		return briefings.ErrNotFound
	}
	return nil
}

// newRig has a desk with the bundled catalogue, on the morning of 21 January 2026.
func newRig(t testing.TB) *rig {
	t.Helper()
	blank, err := migrated()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "sitrep.db")
	if err := os.WriteFile(path, blank, 0o600); err != nil {
		t.Fatal(err)
	}
	record, err := store.Open(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := record.Close(); err != nil {
			t.Errorf("close the database: %v", err)
		}
	})
	r := &rig{t: t, store: &line{Store: record}, now: time.Date(2026, time.January, 21, 8, 0, 0, 0, time.UTC)}
	r.restart()
	return r
}

// restart gives the rig a service that holds nothing in memory.
func (r *rig) restart() {
	r.t.Helper()
	items, err := bundled()
	if err != nil {
		r.t.Fatal(err)
	}
	r.restartWith(items)
}

// What never changes is read once for all tests: hundreds of them make a rig.
var (
	bundled = sync.OnceValues(func() ([]briefings.Item, error) { //nolint:gochecknoglobals // see above
		return catalogue.Read(catalogue.Bundled(), catalogue.RecordedAt())
	})
	phrases  = sync.OnceValues(words.Open)                       //nolint:gochecknoglobals // see above
	migrated = sync.OnceValues(func() (file []byte, err error) { //nolint:gochecknoglobals // see above
		folder, err := os.MkdirTemp("", "sitrep-commands-")
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
		path := filepath.Join(folder, "sitrep.db")
		empty, err := store.Open(context.Background(), "sqlite:"+path)
		if err != nil {
			return nil, err
		}
		if err := empty.Close(); err != nil {
			return nil, err
		}
		return os.ReadFile(path)
	})
)

// restartWith is restart with another catalogue.
func (r *rig) restartWith(items []briefings.Item) {
	r.t.Helper()
	book, err := phrases()
	if err != nil {
		r.t.Fatal(err)
	}
	now := func() time.Time { return r.now }
	service := briefings.NewService(r.store, &shelf{kept: map[briefings.DeskID][]byte{}}, briefings.Loaded{Items: items, Edition: catalogue.Edition(), RecordedAt: catalogue.RecordedAt()}, now, slog.New(slog.DiscardHandler))
	r.desk = Desk{Briefings: service, Digests: r.store, Planning: r.store, Queue: r.store, Looks: r.store, People: service, Rooms: &r.rooms, Book: book, Now: now}
	r.set = r.desk.All()
}

const everyRight = ViewChannel | SendMessages | AttachFiles | ReadMessageHistory | CreatePublicThreads

// member is somebody in a server, in a channel where the bot may do all it needs.
func member() Caller {
	return Caller{
		Desk: "1001", User: "7", Locales: []string{"en-US", "en-GB"},
		Channel: Channel{ID: "55", Rights: everyRight, Known: true},
	}
}

// stranger is somebody in a direct message.
func stranger() Caller {
	return Caller{Desk: briefings.Catalogue, User: "8", Locales: []string{"en-GB", ""}, Channel: Channel{ID: "56"}}
}

// elsewhere is a member of another server.
func elsewhere() Caller {
	who := member()
	who.Desk = "2002"
	return who
}

// answer is what somebody reads.
type answer struct {
	text string // of a card, as a terminal shows it
	say  string // of a mistake
	card cards.Card
	form *cards.Form
}

func (r *rig) answer(reply Reply, err error) answer {
	r.t.Helper()
	mistake := new(briefings.UserError)
	switch {
	case errors.As(err, &mistake):
		return answer{say: mistake.Say}
	case err != nil:
		r.t.Fatalf("got the fault %v, want an answer", err)
	case reply.After != nil: // as bot does, once the person has the answer
		if err := reply.After(r.t.Context()); err != nil {
			r.t.Errorf("after the answer: %v", err)
		}
	}
	switch {
	case reply.Form != nil:
		return answer{form: reply.Form}
	}
	return answer{text: reply.Card.Plain(), card: reply.Card}
}

// ask uses a slash command.
func (r *rig) ask(who Caller, name string, in Input) answer {
	r.t.Helper()
	c, ok := r.set.Command(name)
	if !ok {
		r.t.Fatalf("there is no /%s", name)
	}
	if c.Shared(in, who.Settings) { // as bot does
		who = who.Public()
	}
	return r.answer(c.Run(r.t.Context(), who, in))
}

// press uses a button, a selection or a form.
func (r *rig) press(who Caller, name string, p Press) answer {
	r.t.Helper()
	a, ok := r.set.Action(name)
	if !ok {
		r.t.Fatalf("there is no action %s", name)
	}
	return r.answer(a.Run(r.t.Context(), who, p))
}

// size is how many characters Discord counts in a card.
func size(c cards.Card) int {
	n := c.Title.Len()
	for _, b := range c.Blocks {
		n += b.Heading.Len()
		for _, l := range b.Lines {
			n += l.Text.Len() + 1
		}
	}
	for _, f := range c.Footer {
		n += f.Len() + 4
	}
	return n
}

// complete types into an option.
func (r *rig) complete(who Caller, name, option, typed string) ([]cards.Choice, error) {
	r.t.Helper()
	c, ok := r.set.Command(name)
	if !ok || c.Complete == nil {
		r.t.Fatalf("/%s completes nothing", name)
	}
	return c.Complete(r.t.Context(), who, option, Input{option: typed})
}

// holds reports parts of a text that are wanted and missing, or, after "!",
// there and not wanted.
func holds(t *testing.T, about, got string, want ...string) {
	t.Helper()
	for _, part := range want {
		unwanted, not := strings.CutPrefix(part, "!")
		if strings.Contains(got, unwanted) == not {
			t.Errorf("%s: got\n%s\nwant it with %q (! means without)", about, got, part)
		}
	}
}

// publish changes the first member's desk as a moderator does.
func (r *rig) publish(op briefings.Op, reason, ref string, change func(briefings.Item)) {
	r.t.Helper()
	snap, err := r.desk.Briefings.Snapshot(r.t.Context(), member().Desk)
	if err != nil {
		r.t.Fatal(err)
	}
	item, err := briefings.Clone(snap.ByRef(ref))
	if err != nil {
		r.t.Fatal(err)
	}
	if change != nil {
		change(item)
	}
	_, err = r.desk.Briefings.Publish(r.t.Context(), briefings.Batch{Desk: member().Desk, By: "9", Changes: []briefings.Change{
		{Item: item, Op: op, Reason: reason, Seen: snap.ItemRev(item.Head().ID)},
	}})
	if err != nil {
		r.t.Fatalf("%s %s: %v", op, ref, err)
	}
}

// with is in with some parts changed.
func (in Input) with(changed Input) Input {
	all := maps.Clone(in)
	maps.Copy(all, changed)
	return all
}

// pressOn presses the button or selection of a card whose action has a name.
func (r *rig) pressOn(who Caller, on answer, action string, p Press) answer {
	r.t.Helper()
	var all []string
	for _, b := range on.card.Buttons {
		all = append(all, b.Action)
	}
	for _, s := range on.card.Selects {
		all = append(all, s.Action)
	}
	for _, a := range all {
		if name, state, _ := strings.Cut(a, ":"); name == action {
			p.State = state
			return r.press(who, name, p)
		}
	}
	r.t.Fatalf("got the actions %q below\n%s\nwant %s among them", all, on.text, action)
	return answer{}
}
