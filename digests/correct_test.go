package digests_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/digests"
)

// posted is a press with one digest of all sections, posted at 08:00.
func postedPress(t *testing.T, change func(*digests.Subscription)) (*press, digests.Subscription, *digests.Runner) {
	t.Helper()
	p := newPress(t)
	schedule, err := digests.ParseDaily("08:00", "UTC")
	if err != nil {
		t.Fatal(err)
	}
	s := digests.Subscription{
		ID: digests.NewID(), Desk: desk, Channel: "c", Kind: digests.DailyKind, At: "08:00", Zone: "UTC",
		Locale: "en-US", Grace: 2 * time.Hour, Quiet: digests.QuietLine, CreatedBy: "2", CreatedAt: at(t, "2026-01-19T12:00:00Z"),
	}
	s.NextDue = schedule.Next(s.CreatedAt)
	if change != nil {
		change(&s)
	}
	p.keep(s)
	runner := p.runner()
	p.tick(runner, "2026-01-20T08:00:00Z")
	p.counts(0)
	return p, s, runner
}

// TestWhatIsCorrected changes the desk once after a digest and looks at the
// digest and at the reply, if there is to be one.
func TestWhatIsCorrected(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		op     briefings.Op
		ref    string
		change func(briefings.Item)
		want   []string // of the digest
		edited bool
		reply  []string // none where it is empty
	}{
		{
			"a figure", briefings.OpCorrect, "F5", value("640"),
			[]string{"~~● **612 attacks**", "~~\n● **640 attacks**", "✎ corrected <t:1768901400:f>: Counted twice", "⚠ written before F5 changed", "corrected to rev 2"},
			true,
			[]string{"### CORRECTED IN THIS DIGEST", "~~● **612 attacks**", "**640 attacks**", "!F6"},
		},
		{
			"a figure that is retracted", briefings.OpRetract, "F6", nil,
			[]string{"~~● **more than 15,000 workers**", "~~ ✎ retracted <t:1768901400:f>: Counted twice", "corrected to rev 2"},
			true,
			[]string{"~~● **more than 15,000 workers**", "retracted"},
		},
		{
			"a bottom line", briefings.OpCorrect, "SEC1", func(item briefings.Item) { item.(*briefings.Section).Bluf = "Nobody met in Miami." },
			[]string{"~~**US and Ukrainian teams", "**Nobody met in Miami.** ✎ corrected"},
			true,
			[]string{"Nobody met in Miami."},
		},
		{
			"a question, which needs no reply", briefings.OpCorrect, "Q4", func(item briefings.Item) { item.(*briefings.Question).Question = "Will Moscow answer at all?" },
			[]string{"~~• Will Moscow answer the 20-point plan? `Q4`~~\n• Will Moscow answer at all? `Q4` ✎ corrected"},
			true, nil,
		},
		{
			"a conflict", briefings.OpCorrect, "C4", func(item briefings.Item) { item.Head().Text = "Trump calls Putin ready; nobody else does." },
			[]string{"~~⚠ Trump calls Putin ready; Moscow is silent. `C4`~~\n⚠ Trump calls Putin ready; nobody else does."},
			true, nil,
		},
		{
			"the next date, and so the picture", briefings.OpCorrect, "E24", func(item briefings.Item) { item.(*briefings.Event).Headline = "Forum at Davos" },
			[]string{"~~• **World Economic Forum at Davos: day 2 of 5**", "• **Forum at Davos: day 2 of 5**"},
			true, nil,
		},
		{
			"whoever said it: their name", briefings.OpCorrect, "A9", func(item briefings.Item) { item.(*briefings.Actor).Name = "D. Shmyhal" },
			[]string{"claimed by Denys Shmyhal `F5`~~\n", "claimed by D. Shmyhal `F5` ✎ corrected <t:1768901400:f>\n"},
			true,
			[]string{"D. Shmyhal"},
		},
		{"an amendment", briefings.OpAmend, "F5", value("640"), []string{"612 attacks", "!~~", "!640"}, false, nil},
		{"a confirmation", briefings.OpConfirm, "F5", nil, []string{"612 attacks", "!~~"}, false, nil},
		{"what it does not show", briefings.OpCorrect, "F12", func(item briefings.Item) { item.Head().Caveat = "Not sure." }, []string{"!~~", "!corrected"}, false, nil},
		{"a translation alone", briefings.OpCorrect, "F5", func(item briefings.Item) {
			item.Head().Translations = map[string]map[string]string{"uk": {"definition": "атак"}}
		}, []string{"612 attacks", "!~~"}, false, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, s, runner := postedPress(t, nil)
			before := p.room.messages[0].card
			p.publish("2026-01-20T09:30:00Z", tt.op, tt.ref, tt.change)
			for _, now := range []string{"2026-01-20T09:30:05Z", "2026-01-20T09:30:10Z"} {
				p.tick(runner, now)
			}
			p.has(0, tt.want...)
			edits := []int{0}
			if tt.edited {
				edits[0] = 1
			}
			if len(tt.reply) > 0 {
				edits = append(edits, 0)
			}
			p.counts(edits...)
			if len(tt.reply) > 0 {
				p.has(1, tt.reply...)
				if to := p.room.messages[1].replyTo; to != "m1" {
					t.Errorf("the reply is to %q, want m1", to)
				}
			}
			if got := p.followed(s); (got.Corrected == 2) != tt.edited || got.Outcome != "" {
				t.Errorf("the log tells %+v, want corrected %t", got, tt.edited)
			}
			after := p.room.messages[0].card
			if after.Picture == nil || len(after.Buttons) != len(before.Buttons) {
				t.Errorf("the picture or a button is gone: %d buttons, %d before", len(after.Buttons), len(before.Buttons))
			}
		})
	}
}

// TestCorrectionsOverTime changes one figure again and again.
func TestCorrectionsOverTime(t *testing.T) {
	t.Parallel()
	type step struct {
		op    briefings.Op
		value string // none where it stays
		want  []string
		edits int // so far
		posts int
	}
	for _, tt := range []struct {
		name  string
		steps []step
	}{
		{"corrected twice", []step{
			{briefings.OpCorrect, "640", []string{"~~● **612", "**640 attacks**"}, 1, 2},
			{briefings.OpCorrect, "655", []string{"~~● **612", "**655 attacks**", "!640"}, 2, 3},
		}},
		{"amended, and that was wrong", []step{
			{briefings.OpAmend, "640", []string{"**612 attacks**", "!~~"}, 0, 1},
			{briefings.OpCorrect, "655", []string{"**612 attacks**", "!~~"}, 0, 1},
		}},
		{"corrected, then the world moved on", []step{
			{briefings.OpCorrect, "640", []string{"**640 attacks**"}, 1, 2},
			{briefings.OpAmend, "700", []string{"**640 attacks**", "!700"}, 1, 2},
		}},
		{"retracted by mistake", []step{
			{briefings.OpRetract, "", []string{"~~● **612", "retracted"}, 1, 2},
			{briefings.OpRestore, "", []string{"**612 attacks**", "!~~", "!corrected to"}, 2, 2},
		}},
		{"corrected, then retracted and restored", []step{
			{briefings.OpCorrect, "640", []string{"**640 attacks**"}, 1, 2},
			{briefings.OpRetract, "", []string{"~~● **612", "retracted", "!640"}, 2, 3},
			{briefings.OpRestore, "", []string{"**640 attacks**"}, 3, 4},
		}},
		{"corrected back", []step{
			{briefings.OpCorrect, "640", []string{"**640 attacks**"}, 1, 2},
			{briefings.OpCorrect, "612", []string{"**612 attacks**", "!~~"}, 2, 2},
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, _, runner := postedPress(t, nil)
			for i, s := range tt.steps {
				change := value(s.value)
				if s.value == "" {
					change = nil
				}
				now := at(t, "2026-01-20T09:00:00Z").Add(time.Duration(i) * time.Minute)
				p.publish(now.Format(time.RFC3339), s.op, "F5", change)
				p.tick(runner, now.Add(5*time.Second).Format(time.RFC3339))
				p.has(0, s.want...)
				if got := p.room.messages[0].edits; got != s.edits || len(p.room.messages) != s.posts {
					t.Errorf("step %d: %d edits and %d messages, want %d and %d", i, got, len(p.room.messages), s.edits, s.posts)
				}
			}
		})
	}
}

// TestSeveralCorrectionsAreOneEdit corrects three things between two ticks.
func TestSeveralCorrectionsAreOneEdit(t *testing.T) {
	t.Parallel()
	p, s, runner := postedPress(t, nil)
	p.publish("2026-01-20T09:00:00Z", briefings.OpCorrect, "F5", value("640"))
	p.publish("2026-01-20T09:01:00Z", briefings.OpCorrect, "F6", value("1500"))
	p.publish("2026-01-20T09:02:00Z", briefings.OpRetract, "Q4", nil)
	p.tick(runner, "2026-01-20T09:02:05Z")
	p.has(0, "**640 attacks**", "1500", "~~• Will Moscow answer the 20-point plan? `Q4`~~ ✎ retracted", "corrected to rev 4")
	p.has(1, "640", "1500", "!Moscow answer")
	p.counts(1, 0)
	if got := p.followed(s); got.Corrected != 4 {
		t.Errorf("the log tells %+v, want revision 4", got)
	}
}

// TestCorrectionSpeaksTheDigestsLanguage also finds the old line under a
// subscription that was changed since.
func TestCorrectionSpeaksTheDigestsLanguage(t *testing.T) {
	t.Parallel()
	p, s, runner := postedPress(t, func(s *digests.Subscription) { s.Locale, s.Sections = "uk", "section/energy" })
	s.Locale, s.Sections, s.Channel = "de", "section/talks", "elsewhere"
	if err := p.store.Amend(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	p.publish("2026-01-20T09:30:00Z", briefings.OpCorrect, "F5", value("640"))
	p.tick(runner, "2026-01-20T09:30:05Z")
	p.has(0, "~~● **612", "✎ виправлено <t:1768901400:f>: Counted twice", "виправлено до ред. 2")
	p.has(1, "ВИПРАВЛЕНО")
	if got := p.room.messages[1].channel; got != "c" {
		t.Errorf("replied in %s, want the message's channel, c", got)
	}
}

// TestNewerCatalogueCorrects has a bundle come without a figure that was shown.
func TestNewerCatalogueCorrects(t *testing.T) {
	t.Parallel()
	p, _, _ := postedPress(t, nil)
	p.publish("2026-01-20T09:00:00Z", briefings.OpConfirm, "F5", nil) // by then the catalogue is recorded
	p.loaded.Edition++
	p.loaded.Items = slices.DeleteFunc(slices.Clone(p.loaded.Items), func(item briefings.Item) bool { return item.Head().Ref() == "F6" })
	p.reload()
	p.publish("2026-01-20T10:00:00Z", briefings.OpConfirm, "F5", nil)
	p.tick(p.runner(), "2026-01-20T10:00:05Z")
	p.has(0, "~~● **more than 15,000 workers**", "It is no longer in the catalogue.")
	p.counts(1, 0)
}

func TestFourteenDays(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, now string
		edits     int
	}{
		{"the last minute", "2026-02-03T07:59:00Z", 1},
		{"too old", "2026-02-03T08:00:00Z", 0},
		{"the clock was put back", "2026-01-19T08:00:00Z", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, s, runner := postedPress(t, nil)
			if err := p.store.Unsubscribe(t.Context(), desk, s.ID); err != nil { // what was posted is corrected all the same
				t.Fatal(err)
			}
			p.publish("2026-01-20T09:00:00Z", briefings.OpCorrect, "F5", value("640"))
			p.tick(runner, tt.now)
			if got := p.room.messages[0].edits; got != tt.edits {
				t.Errorf("%d edits, want %d", got, tt.edits)
			}
		})
	}
}

func TestMessageThatCannotBeCorrected(t *testing.T) {
	t.Parallel()
	gone := &digests.PostError{Say: "The digest was posted and deleted by somebody.", Permanent: true}
	limited := &digests.PostError{Say: "Discord does not take the edit yet.", RetryAfter: 2 * time.Minute}
	for _, tt := range []struct {
		name    string
		spoil   func(*press)
		outcome string
		tries   []time.Duration // after which it is tried again, in vain
		edits   int             // in the end
	}{
		{"deleted", func(p *press) { p.room.edit = failing(9, gone) }, gone.Say, nil, 0},
		{"limited for a while", func(p *press) { p.room.edit = failing(1, limited) }, limited.Say, nil, 1},
		{"away for long", func(p *press) { p.room.edit = failing(3, errors.New("EOF")) }, "something broke on sitrep's side; it has been logged", []time.Duration{11 * time.Second, 61 * time.Second}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, s, runner := postedPress(t, nil)
			tt.spoil(p)
			p.publish("2026-01-20T09:00:00Z", briefings.OpCorrect, "F5", value("640"))
			p.tick(runner, "2026-01-20T09:00:05Z")
			for _, wait := range tt.tries {
				p.tick(runner, p.wall.Add(wait-2*time.Second).Format(time.RFC3339))
				p.tick(runner, p.wall.Add(2*time.Second).Format(time.RFC3339))
			}
			if got := p.followed(s); got.Corrected != 0 || got.Outcome != tt.outcome {
				t.Errorf("the log tells %+v, want %q", got, tt.outcome)
			}
			if got := p.log.count("level=WARN"); got != 1+len(tt.tries) {
				t.Errorf("%d warnings logged, want %d:\n%s", got, 1+len(tt.tries), p.log.all.String())
			}
			p.tick(runner, p.wall.Add(time.Hour).Format(time.RFC3339))
			p.tick(runner, p.wall.Add(time.Hour).Format(time.RFC3339))
			if got := p.room.messages[0].edits; got != tt.edits {
				t.Errorf("%d edits in the end, want %d", got, tt.edits)
			}
			if got := p.followed(s); tt.edits > 0 && (got.Corrected != 2 || got.Outcome != "") {
				t.Errorf("in the end the log tells %+v, want corrected", got)
			}
		})
	}
}

// TestCorrectionKilledOnTheWay ends a copy between any two of its steps: there
// is one reply whatever happens, and the message ends up right.
func TestCorrectionKilledOnTheWay(t *testing.T) {
	t.Parallel()
	away := fmt.Errorf("store: %w", briefings.ErrUnavailable)
	for _, tt := range []struct {
		name  string
		spoil func(*press)
		edits int
	}{
		{"after the claim", func(p *press) { p.parts.Corrections = dyingCorrections{p.store, map[string]int{"note": 1}} }, 1},
		{"after the edit, told as an error", func(p *press) { p.room.edited = failing(1, errors.New("connection reset")) }, 2},
		{"after the edit, before it is noted", func(p *press) { p.parts.Corrections = dyingCorrections{p.store, map[string]int{"note": 2}} }, 2},
		{"before the reply", func(p *press) { p.room.before = failing(1, away) }, 1},
		{"after the reply, told as an error", func(p *press) { p.room.after = failing(1, errors.New("connection reset")) }, 1},
		{"after the reply, before it is noted", func(p *press) { p.parts.Corrections = dyingCorrections{p.store, map[string]int{"settle": 1}} }, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, s, _ := postedPress(t, nil)
			p.publish("2026-01-20T09:00:00Z", briefings.OpCorrect, "F5", value("640"))
			tt.spoil(p)
			p.wall = at(t, "2026-01-20T09:00:05Z")
			_ = p.runner().RunCorrections(t.Context(), p.wall) // some of them end with an error
			p.parts.Corrections = p.store
			other := p.runner()
			p.tick(other, "2026-01-20T09:01:00Z")
			p.tick(other, "2026-01-20T09:03:00Z")
			p.counts(tt.edits, 0)
			p.has(0, "~~● **612", "**640 attacks**")
			p.has(1, "**640 attacks**")
			if got := p.followed(s); got.Corrected != 2 || got.Outcome != "" {
				t.Errorf("the log tells %+v, want corrected", got)
			}
			if got := strings.Count(p.text(0), "~~"); got != 2 {
				t.Errorf("%d marks of what is struck, want one line's two:\n%s", got, p.text(0))
			}
		})
	}
}

// TestDigestFoundAfterACrashIsCorrected loses the answer to a post: what the
// message showed is known all the same.
func TestDigestFoundAfterACrashIsCorrected(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	p.subscribe("c", "08:00", "UTC", "2026-01-19T08:30:00Z")
	p.room.after = failing(1, errors.New("connection reset"))
	runner := p.runner()
	p.tick(runner, "2026-01-20T08:00:00Z")
	p.publish("2026-01-20T08:00:02Z", briefings.OpCorrect, "F5", value("640"))
	p.tick(runner, "2026-01-20T08:00:10Z")
	p.tick(runner, "2026-01-20T08:00:15Z")
	p.has(0, "~~● **612", "**640 attacks**")
	p.counts(1, 0)
}
