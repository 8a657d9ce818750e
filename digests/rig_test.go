package digests_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/digests"
	"sitrep/store"
)

const desk briefings.DeskID = "1"

func at(t testing.TB, s string) time.Time {
	t.Helper()
	when, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

// rig is a database, a Discord of sorts, and a clock moved by hand, which is the
// wall clock as well.
type rig struct {
	t     testing.TB
	url   string // of the database
	store *store.Store
	room  *room
	wall  time.Time
	log   *logged
	parts digests.Parts

	date digests.KeyDate // the only one of the desk
	revs int             // that the desk has

	mu       sync.Mutex
	composed []digests.Composition
}

func (r *rig) keyDate(context.Context, briefings.DeskID, briefings.ID) (digests.KeyDate, error) {
	return r.date, nil
}

func newRig(t testing.TB) *rig {
	t.Helper()
	return rigOn(t, "sqlite:"+filepath.Join(t.TempDir(), "test.db"))
}

func rigOn(t testing.TB, url string) *rig {
	t.Helper()
	r := &rig{t: t, url: url, room: &room{}, log: &logged{}}
	r.room.now = func() time.Time { return r.wall }
	r.open()
	r.parts = digests.Parts{
		Planning: r.store, Dates: r.keyDate, Ledger: r.store, Poster: r.room, Compose: r.compose,
		Clock: func() time.Time { return r.wall }, Wall: func() time.Time { return r.wall },
	}
	return r
}

func (r *rig) open() {
	r.t.Helper()
	db, err := store.Open(r.t.Context(), r.url)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() {
		if err := db.Close(); err != nil {
			r.t.Errorf("closing the store: %v", err)
		}
	})
	r.store = db
}

// compose shows the desk's revision 7.
func (r *rig) compose(_ context.Context, c digests.Composition) (cards.Card, int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.composed = append(r.composed, c)
	return cards.Card{Title: cards.Markup(c.Slot.Due.UTC().Format(time.RFC3339))}, 7, nil
}

func (r *rig) runner() *digests.Runner {
	return digests.New(slog.New(slog.NewTextHandler(r.log, nil)), r.parts)
}

// subscribe adds a subscription to channel that is made at created.
func (r *rig) subscribe(channel digests.ChannelID, atLocal, zone, created string) digests.Subscription {
	r.t.Helper()
	schedule, err := digests.ParseDaily(atLocal, zone)
	if err != nil {
		r.t.Fatal(err)
	}
	s := digests.Subscription{
		ID: digests.NewID(), Desk: desk, Channel: channel, Kind: "daily", At: schedule.At(), Zone: schedule.Zone(),
		Locale: "en-US", Grace: 2 * time.Hour, CreatedBy: "2", CreatedAt: at(r.t, created),
	}
	s.NextDue = schedule.Next(s.CreatedAt)
	r.keep(s)
	return s
}

func (r *rig) keep(s digests.Subscription) {
	r.t.Helper()
	if err := r.store.Subscribe(r.t.Context(), s); err != nil {
		r.t.Fatal(err)
	}
}

// tick moves both clocks to now, ticks, and corrects what was posted.
func (r *rig) tick(runner *digests.Runner, now string) {
	r.t.Helper()
	r.wall = at(r.t, now)
	if err := runner.Tick(r.t.Context(), r.wall); err != nil {
		r.t.Fatalf("Tick at %s: %v", now, err)
	}
	if err := runner.RunCorrections(r.t.Context(), r.wall); err != nil {
		r.t.Fatalf("RunCorrections at %s: %v", now, err)
	}
}

// check compares the ledger, oldest slot first, with lines such as
// "2026-01-19T08:00:00Z sent m1" or "2026-01-19T08:00:00Z skipped (too late)".
func (r *rig) check(want ...string) {
	r.t.Helper()
	if got := r.slots(); !slices.Equal(got, want) {
		r.t.Errorf("ledger:\n got  %s\n want %s", strings.Join(got, "\n      "), strings.Join(want, "\n      "))
	}
}

func (r *rig) slots() (lines []string) {
	r.t.Helper()
	slots, err := r.store.Slots(r.t.Context(), desk, "", 1000)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, s := range slices.Backward(slots) {
		line := fmt.Sprintf("%s %s", s.Due.UTC().Format(time.RFC3339), s.State)
		if s.Message != "" {
			line += " " + s.Message
		}
		if s.Reason != "" {
			line += " (" + s.Reason + ")"
		}
		lines = append(lines, line)
	}
	return lines
}

// room is every channel of a Discord that remembers no nonce, so that nothing
// but the ledger stands between a slot and its second message.
type room struct {
	now func() time.Time

	mu       sync.Mutex
	messages []posted
	finds    int
	// before and after, where set, may fail a post before or after its message
	// is there; find may fail a search.
	before, after, find func() error
	// so may edited an edit after it was made, and edit before.
	edit, edited func() error
}

type posted struct {
	id, delivery string
	channel      digests.ChannelID
	title        cards.Markup
	mention      string
	at           time.Time
	card         cards.Card
	edits        int
	replyTo      string
}

func (r *room) Post(ctx context.Context, channel digests.ChannelID, card cards.Card, delivery string) (string, error) {
	return r.Reply(ctx, channel, "", card, delivery)
}

func (r *room) Edit(_ context.Context, channel digests.ChannelID, message string, card cards.Card, delivery string) error {
	if err := call(r.edit); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, m := range r.messages {
		if m.id == message && m.channel == channel && m.delivery == delivery {
			r.messages[i].card = card
			r.messages[i].edits++
			return call(r.edited)
		}
	}
	return &digests.PostError{Say: "The message is gone.", Permanent: true}
}

func (r *room) Reply(ctx context.Context, channel digests.ChannelID, to string, card cards.Card, delivery string) (string, error) {
	if err := call(r.before); err != nil {
		return "", err
	}
	if err := ctx.Err(); err != nil {
		return "", &digests.PostError{Say: "Discord did not answer in time.", Cause: err}
	}
	r.mu.Lock()
	m := posted{
		id: fmt.Sprintf("m%d", len(r.messages)+1), delivery: delivery,
		channel: channel, title: card.Title, mention: card.Mention, at: r.now(), card: card, replyTo: to,
	}
	r.messages = append(r.messages, m)
	r.mu.Unlock()
	return m.id, call(r.after)
}

func (r *room) Find(_ context.Context, channel digests.ChannelID, delivery string, since time.Time) (string, bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.finds++
	if err := call(r.find); err != nil {
		return "", false, err
	}
	for _, m := range r.messages {
		if m.channel == channel && m.delivery == delivery && !m.at.Before(since) {
			return m.id, true, nil
		}
	}
	return "", false, nil
}

func call(f func() error) error {
	if f == nil {
		return nil
	}
	return f()
}

// failing returns what fails with err the first n times.
func failing(n int, err error) func() error {
	return func() error {
		if n--; n >= 0 {
			return err
		}
		return nil
	}
}

func (r *room) titles() (all []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.messages {
		all = append(all, string(m.title))
	}
	return all
}

// logged keeps what was logged.
type logged struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *logged) count(what string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.all.String(), what)
}
