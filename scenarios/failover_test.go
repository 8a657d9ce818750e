package scenarios

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"sitrep/digests"
	"sitrep/testenv"
)

// The primary of a Sentinel set is killed while questions come without pause,
// moderators change things and digests are due, and later one of three copies
// is: nothing is lost or doubled.
func TestSentinelFailover(t *testing.T) {
	t.Parallel()
	redis := testenv.StartRedisSentinel(t, nil)
	s := newStorm(t, "Sentinels", 3, redis.URL())
	s.rage(func() {
		s.amidDigests(1, redis.KillPrimary)
		for _, c := range s.living {
			expect(t, c, "redis is back")
		}
		s.amidDigests(2, func() {})
		s.amidDigests(3, s.killCopy)
		s.amidDigests(4, func() {})
	})
	s.judged()
}

// Two copies on a Redis Cluster of three nodes, of which one copy is killed amid
// the same: here nothing is even carried out twice.
func TestCopiesOnARedisCluster(t *testing.T) {
	t.Parallel()
	s := newStorm(t, "a Cluster", 2, testenv.StartRedisCluster(t, nil).URL())
	s.rage(func() {
		s.amidDigests(1, func() {})
		s.amidDigests(2, s.killCopy)
		s.amidDigests(3, func() {})
	})
	s.judged()
}

// A storm is all that goes on at once around some copies behind a balancer.
type storm struct {
	*cluster
	t      *testing.T
	front  *roundRobin
	all    []spawned
	living []spawned

	questions, failed atomic.Int64
	why               atomic.Value // the last failed for
	published         atomic.Int64 // the newest value that moderators were told is there
}

const (
	stormChannels = 8
	firstValue    = 700
)

func newStorm(t *testing.T, name string, copies int, redis string) *storm {
	t.Helper()
	database := testenv.Postgres(t)
	hour := digests.Subscription{Kind: digests.CronKind, Cron: "0 * * * *", Zone: "UTC", NextDue: madeAt().Add(time.Hour)}
	s := &storm{cluster: newCluster(t, 1, name, database, slices.Repeat([]digests.Subscription{hour}, stormChannels)...), t: t}
	for range copies {
		s.all = append(s.all, spawnReady(t,
			"DISCORD_TOKEN="+s.discord.Token, "DISCORD_PUBLIC_KEY="+s.discord.Key,
			"SITREP_DISCORD_API="+s.discord.URL+"/api", "SITREP_CLOCK="+s.discord.URL+"/sandbox/clock",
			"SITREP_DATABASE_URL="+database, "SITREP_REDIS_URL="+redis, "SITREP_DATA="+s.folder))
	}
	s.living = s.all
	s.front = newRoundRobin(t, s.all...)
	endpointOf(t, s.discord, s.front.URL)
	// Discord sends everything twice, and mostly to another copy.
	fetch(t, http.MethodPut, s.discord.URL+"/sandbox/faults", `[{"match":"INTERACTION_CREATE","repeat":1}]`)
	return s
}

// rage has readers and a moderator at work until scene has ended.
func (s *storm) rage(scene func()) {
	s.t.Helper()
	defer func() {
		if err := context.Cause(s.ctx); err != nil {
			s.t.Fatal(err)
		}
	}()
	// The moderator ends first, who waits for what readers are shown.
	for range 2 {
		defer s.again(s.question)()
	}
	value := firstValue - 1
	defer s.again(func() error {
		value++
		return s.change(value)
	})()
	scene()
}

// again does something again and again; end has the last time end.
func (s *storm) again(doing func() error) (end func()) {
	var over atomic.Bool
	var going sync.WaitGroup
	going.Go(func() {
		for !over.Load() && s.ctx.Err() == nil {
			if err := doing(); err != nil {
				s.fail(err)
			}
		}
	})
	return func() {
		over.Store(true)
		going.Wait()
	}
}

// question asks one. Only what a copy was doing when it was killed, or what took
// longer than Discord waits, may get no answer.
func (s *storm) question() error {
	s.questions.Add(1)
	var got told
	if err := s.interact(map[string]any{"user": "reader", "command": "energy"}, &got); err != nil {
		return err
	}
	switch {
	case got.Error != nil:
		s.unanswered(got)
	case got.Kind != "message" || !attacks.MatchString(got.Text):
		return fmt.Errorf("a question got %+v", got)
	}
	return nil
}

func (s *storm) unanswered(got told) {
	s.failed.Add(1)
	s.why.Store(*got.Error + ": " + got.Reason)
}

func (s *storm) interact(what map[string]any, into any) error {
	return s.call(http.MethodPost, "/sandbox/interactions", what, into)
}

// change publishes a value, and returns when each living copy has shown it or a
// newer one.
func (s *storm) change(value int) error {
	for there := 0; there == 0; {
		if err := context.Cause(s.ctx); err != nil {
			return err
		}
		err := s.save(value)
		if err != nil {
			return err
		}
		if there, err = s.recorded(value); err != nil {
			return err
		}
	}
	s.published.Store(int64(value))
	err := s.until(func() bool { return s.front.allShow(value) })
	if err != nil {
		err = fmt.Errorf("%d was published, and not every copy shows it: %w: %v; %d interactions got no answer, the last for: %v", value, err, s.front, s.failed.Load(), s.why.Load())
	}
	return err
}

// until waits until something is so.
func (s *storm) until(so func() bool) error {
	for deadline := time.Now().Add(patience); !so(); s.pause(10 * time.Millisecond) {
		if err := context.Cause(s.ctx); err != nil {
			return err
		}
		if time.Now().After(deadline) {
			return errors.New("a minute went by")
		}
	}
	return nil
}

// save opens the form and sends it. It is an error if that is answered, but not
// by what is expected.
func (s *storm) save(value int) error {
	var form, saved struct {
		told
		Modal struct {
			CustomID string `json:"custom_id"`
		}
	}
	if err := s.interact(map[string]any{"user": "moderator", "command": "desk edit", "options": map[string]any{"item": "F5"}}, &form); err != nil {
		return err
	}
	if form.Error != nil {
		s.unanswered(form.told)
		return nil
	}
	if err := s.interact(map[string]any{
		"user": "moderator", "modal": form.Modal.CustomID,
		"fields": map[string]any{"value": fmt.Sprint(value), "op": "amend", "reason": "counted again"},
	}, &saved); err != nil {
		return err
	}
	switch {
	case saved.Error != nil:
		s.unanswered(saved.told)
	case !strings.Contains(saved.Text, "F5 is updated"):
		return fmt.Errorf("saving %d got %+v", value, saved)
	}
	return nil
}

// recorded is how often a value was published.
func (s *storm) recorded(value int) (n int, err error) {
	err = s.ledger.db.QueryRowContext(s.ctx, `SELECT COUNT(*) FROM revisions WHERE reason = 'counted again' AND body LIKE $1`,
		fmt.Sprintf(`%%"value":"%d"%%`, value)).Scan(&n)
	return n, err
}

// amidDigests lets one digest of every channel fall due, and strikes in the
// middle of that; then all that had begun before goes on for a while.
func (s *storm) amidDigests(round int, strike func()) {
	s.t.Helper()
	due := madeAt().Add(time.Duration(round) * time.Hour)
	for _, channel := range s.channels {
		s.wanted = append(s.wanted, expectation{channel: channel, due: due})
	}
	before := s.published.Load()
	var going errgroup.Group
	going.Go(func() error { return s.jump(due) })
	err := s.settled(func(there, _ int) bool { return there > 0 }, due)
	if err == nil {
		strike()
		err = s.settled(func(there, open int) bool { return there == len(s.channels) && open == 0 }, due)
	}
	err = errors.Join(err, going.Wait())
	if err == nil {
		err = s.until(func() bool { return s.published.Load() >= before+3 })
	}
	if err != nil {
		s.t.Fatalf("round %d: %v", round, err)
	}
}

// killCopy kills one that lives.
func (s *storm) killCopy() {
	s.t.Helper()
	victim := s.living[0]
	s.front.dying(victim)
	if err := victim.process.Process.Kill(); err != nil {
		s.t.Fatal(err)
	}
	<-victim.exited
	s.living = s.living[1:]
}

// judged looks at what is left.
func (s *storm) judged() {
	s.t.Helper()
	v, err := s.verdict()
	if err != nil {
		s.t.Fatal(err)
	}
	for _, fault := range v.faults() {
		s.t.Error(fault)
	}
	last := int(s.published.Load())
	for value := firstValue; value <= last; value++ {
		if n, err := s.recorded(value); n != 1 || err != nil {
			s.t.Errorf("%d was published %d times, %v, want once", value, n, err)
		}
	}
	f := s.front
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, fault := range f.faults {
		s.t.Error(fault)
	}
	failed := int(s.failed.Load())
	if failed > f.cut+f.late {
		s.t.Errorf("%d interactions got no answer, but only %d were cut by the end of a copy, and %d took too long", failed, f.cut, f.late)
	}
	doubled, away := 0, false
	for _, by := range f.answeredBy {
		if len(by) > 1 {
			doubled++
		}
	}
	for _, c := range s.all {
		away = away || strings.Contains(c.log.all(), "redis is away")
	}
	if doubled > 0 && !away {
		s.t.Errorf("%d interactions were carried out by two copies, and Redis was never away", doubled)
	}
	s.t.Logf("%d questions, %d changes, %d digests; %d got no answer (%d cut, %d late; the last for: %v); %d were carried out by two copies",
		s.questions.Load(), last-firstValue+1, len(s.wanted), failed, f.cut, f.late, s.why.Load(), doubled)
}
