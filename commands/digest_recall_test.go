package commands

import (
	"context"
	"strings"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/digests"
)

// posted is a server's one digest, sent n times with the messages 9001 and on.
func (r *rig) posted(n int) digests.Subscription {
	r.t.Helper()
	s := r.added(Input{"at": "09:30"})
	for i := range n {
		slot := digests.Slot{ID: strings.Repeat("x", 19) + string(rune('a'+i)), Subscription: s.ID, Due: at(20, i), State: digests.Planned}
		if err := r.store.Plan(r.t.Context(), s, []digests.Slot{slot}, s.NextDue); err != nil {
			r.t.Fatal(err)
		}
		c, err := r.store.Claim(r.t.Context(), "me", r.now, time.Minute)
		if err != nil {
			r.t.Fatal(err)
		}
		if err := r.store.Finish(r.t.Context(), c, digests.Slot{State: digests.Sent, Message: "900" + string(rune('1'+i)), Rev: 1}); err != nil {
			r.t.Fatal(err)
		}
	}
	return s
}

func TestDigestRecall(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.posted(3)
	offered, err := r.complete(member(), "digest recall", "post", "")
	if err != nil || len(offered) != 3 || offered[0].Label != "20 Jan 2026 02:00 UTC in channel 55" {
		t.Fatalf("offered %v, %v, want the three posts, newest first", offered, err)
	}
	if found, _ := r.complete(member(), "digest recall", "post", "01:00"); len(found) != 1 || found[0].Value != offered[1].Value {
		t.Errorf("typed 01:00: offered %v, want that one", found)
	}
	// it has moved to another channel since; what was posted is where it was
	moved := member()
	moved.Channel.ID = "77"
	r.ask(moved, "digest edit", Input{"digest": s.ID, "channel": "77"})
	for i, given := range []string{offered[0].Value, "https://discord.com/channels/1001/55/9002", "9001"} {
		got := r.ask(member(), "digest recall", Input{"post": given, "reason": "Posted by *mistake*"})
		holds(t, given, got.text, "was taken back from <#55>")
		if want := []string{"55/9003", "55/9002", "55/9001"}[:i+1]; strings.Join(r.rooms.deleted, " ") != strings.Join(want, " ") {
			t.Errorf("%s: deleted %v, want %v", given, r.rooms.deleted, want)
		}
		holds(t, "again", r.ask(member(), "digest recall", Input{"post": given, "reason": "x"}).say, "taken back already")
	}
	log := r.ask(member(), "digest log", Input{"digest": s.ID}).text
	holds(t, "the log", log, "20 Jan 2026 02:00 UTC taken back: Posted by *mistake* (by <@7>)", "!discord.com/channels")
	holds(t, "the list", r.ask(member(), "digest list", nil).text, "last: taken back")
	if offered, err := r.complete(member(), "digest recall", "post", ""); err != nil || len(offered) != 0 {
		t.Errorf("then: offered %v, %v, want none", offered, err)
	}
}

func TestDigestRecallRefuses(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.posted(1)
	post := Input{"post": "9001", "reason": "x"}
	for _, tt := range []struct {
		name    string
		who     Caller
		in      Input
		refuses error
		want    string
	}{
		{"no reason", member(), post.with(Input{"reason": "  "}), nil, "Say why"},
		{"no such post", member(), post.with(Input{"post": "77"}), nil, "know no such post"},
		{"a link to nothing", member(), post.with(Input{"post": "https://discord.com/"}), nil, "know no such post"},
		{"another server's", elsewhere(), post, nil, "know no such post"},
		{"a direct message", stranger(), post, nil, "server"},
		{"no right", member(), post, &digests.PostError{Say: "No.", Permanent: true}, "Give me View Channel"},
		{"Discord is away", member(), post, &digests.PostError{Say: "Later."}, "Discord does not answer"},
	} {
		r.rooms.refuses = tt.refuses
		holds(t, tt.name, r.ask(tt.who, "digest recall", tt.in).say, tt.want)
	}
	if log := r.ask(member(), "digest log", Input{"digest": s.ID}).text; len(r.rooms.deleted) > 0 || strings.Contains(log, "taken back") {
		t.Errorf("deleted %v, and the log says\n%s\nwant nothing taken back", r.rooms.deleted, log)
	}
	r.rooms.refuses = nil
	if others, err := r.complete(elsewhere(), "digest recall", "post", ""); err != nil || len(others) != 0 {
		t.Errorf("another server is offered %v, %v, want nothing", others, err)
	}
}

// TestDigestRecallOfARemovedDigest: what was posted stays, and can still be taken back.
func TestDigestRecallOfARemovedDigest(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.posted(1)
	r.ask(member(), "digest remove", Input{"digest": s.ID})
	holds(t, "recall", r.ask(member(), "digest recall", Input{"post": "9001", "reason": "Wrong channel"}).text, "was taken back")
}

// TestDigestRecallOutlivesTheDatabase: the message goes first, and the log is
// told when the same command is used again.
func TestDigestRecallOutlivesTheDatabase(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.posted(1)
	in := Input{"post": "9001", "reason": "x"}
	broken := r.desk
	broken.Digests = forgetful{r.store}
	c, _ := broken.All().Command("digest recall")
	if _, err := c.Run(t.Context(), member(), in); err == nil || len(r.rooms.deleted) != 1 {
		t.Fatalf("got %v with %v deleted, want an error after the message", err, r.rooms.deleted)
	}
	holds(t, "again", r.ask(member(), "digest recall", in).text, "was taken back")
	holds(t, "the log", r.ask(member(), "digest log", Input{"digest": s.ID}).text, "taken back")
}

// forgetful keeps no recall.
type forgetful struct{ *line }

func (forgetful) Recall(context.Context, briefings.DeskID, string, briefings.UserID, string) error {
	return briefings.ErrUnavailable
}
