// Package storetest holds what every engine of package store must do, as tests
// that run on any of them.
//
// Only test files import it.
package storetest

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/digests"
)

// A Store is a record of everything, and how it is looked after.
type Store interface {
	briefings.Record
	briefings.Queue
	briefings.Looks
	briefings.Memberships
	digests.Subscriptions
	digests.Planning
	digests.Ledger
	digests.Notices
	digests.DeskNotices
	briefings.DepartureRecord
	digests.Errands
	digests.Corrections
	FirstStart(ctx context.Context, now time.Time) (time.Time, error)
	Greet(ctx context.Context, desk briefings.DeskID, joined time.Time) (bool, error)
	Ungreet(ctx context.Context, desk briefings.DeskID, joined time.Time) error
	Sectioned(ctx context.Context) ([]briefings.DeskID, error)
	Migrate(ctx context.Context) error
	Ping(ctx context.Context) error
	Tally(ctx context.Context, since, now time.Time) (states map[digests.State]int, overdue time.Time, err error)
	Close() error
}

// An Opener opens one and the same database each time, as copies of sitrep do.
type Opener func(ctx context.Context) (Store, error)

// Run tests the engine behind fresh, which makes an empty database.
func Run(t *testing.T, fresh func(testing.TB) Opener) {
	for _, tt := range slices.Concat(tests(), moreTests()) {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.test(t, fresh(t))
		})
	}
}

type test struct {
	name string
	test func(*testing.T, Opener)
}

func tests() []test {
	return []test{
		{"Migrate", testMigrate},
		{"Reopen", testReopen},
		{"Publish", testPublish},
		{"PublishRefuses", testPublishRefuses},
		{"PublishOnce", testPublishOnce},
		{"PublishMany", testPublishMany},
		{"Newest", testNewest},
		{"Drafts", testDrafts},
		{"HostileText", testHostileText},
		{"Queue", testQueue},
		{"Resolve", testResolve},
		{"QueueBounds", testQueueBounds},
		{"LeaveOnce", testLeaveOnce},
		{"Hold", testHold},
		{"HoldOnce", testHoldOnce},
	}
}

func moreTests() []test {
	return []test{
		{"Looks", testLooks},
		{"Memberships", testMemberships},
		{"Joins", testJoins},
		{"Sectioned", testSectioned},
		{"Footprints", testFootprints},
		{"ForgetPerson", testForgetPerson},
		{"ForgetAmidChanges", testForgetAmidChanges},
		{"Purge", testPurge},
		{"PurgeOnce", testPurgeOnce},
		{"DepartedRests", testDepartedRests},
		{"Settings", testSettings},
		{"SettleOnce", testSettleOnce},
		{"Subscriptions", testSubscriptions},
		{"Due", testDue},
		{"Plan", testPlan},
		{"Claim", testClaim},
		{"ClaimOnce", testClaimOnce},
		{"ClaimOnePerChannel", testClaimOnePerChannel},
		{"ClaimAtOnce", testClaimAtOnce},
		{"Fence", testFence},
		{"Retry", testRetry},
		{"Slots", testSlots},
		{"Waiting", testWaiting},
		{"Tally", testTally},
		{"Notices", testNotices},
		{"TellOnce", testTellOnce},
		{"DeskNotices", testDeskNotices},
		{"DeskNoticeOnce", testDeskNoticeOnce},
		{"PauseFailing", testPauseFailing},
		{"Unsubscribe", testUnsubscribe},
		{"Amend", testAmend},
		{"Changed", testChanged},
		{"ForgetSlots", testForgetSlots},
		{"Countdowns", testCountdowns},
		{"Errands", testErrands},
		{"ErrandsOnce", testErrandsOnce},
		{"PublishesPerHour", testPublishesPerHour},
		{"Recall", testRecall},
		{"Record", testRecord},
		{"Behind", testBehind},
		{"Take", testTake},
		{"TakeOnce", testTakeOnce},
		{"Progress", testProgress},
		{"Defer", testDefer},
		{"Forget", testForget},
	}
}

func opened(t *testing.T, open Opener) Store {
	t.Helper()
	s, err := open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// at is the n-th minute of a morning.
func at(n int) time.Time {
	return time.Date(2026, 1, 19, 8, n, 0, 0, time.UTC)
}

// revision makes the rev-th revision of a question.
func revision(rev int, name, text string) briefings.Revision {
	return briefings.Revision{
		Rev:        rev,
		Item:       question(name, text),
		Op:         briefings.OpAmend,
		RecordedAt: at(rev),
		RecordedBy: "42",
	}
}

func question(name, text string) *briefings.Question {
	q := new(briefings.Question)
	q.ID = briefings.ID("question/" + name)
	q.Refs = []string{"Q1"}
	q.Question = text
	q.State = briefings.OpenQuestion
	return q
}

func subscription(name string, desk briefings.DeskID, due time.Time) digests.Subscription {
	return digests.Subscription{
		ID: name, Desk: desk, Channel: "77", Kind: "daily", At: "08:00", Zone: "Europe/Kyiv", Locale: "uk",
		Days: "mon,fri", Cron: "0 8 * * *", Date: "event/day", Offsets: "7,0,-1", Sections: "section/a,section/b", Quiet: "line",
		Mention: "88", Thread: true, Publish: true, Grace: 90 * time.Minute, CreatedBy: "42", CreatedAt: at(0), Since: at(0), NextDue: due,
	}
}

// planned subscribes name and plans n slots, the i-th due at the i-th minute.
func planned(t *testing.T, s Store, name string, n int) {
	t.Helper()
	o := subscription(name, "1", at(0))
	if err := s.Subscribe(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	slots := make([]digests.Slot, n)
	for i := range slots {
		slots[i] = digests.Slot{ID: slotID(name, i), Subscription: name, Due: at(i), State: digests.Planned}
	}
	if err := s.Plan(t.Context(), o, slots, at(n)); err != nil {
		t.Fatal(err)
	}
}

func slotID(name string, i int) string { return fmt.Sprintf("%s-%03d", name, i) }

// together calls f n times, all at once, and returns what each call returned.
func together(n int, f func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-start
			errs[i] = f(i)
		})
	}
	close(start)
	all.Wait()
	return errs
}

// same fails the test unless got is want, deep down.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

// says fails the test unless err holds every word.
func says(t *testing.T, err error, words ...string) {
	t.Helper()
	for _, w := range words {
		if err == nil || !strings.Contains(err.Error(), w) {
			t.Errorf("got error %v, want one that says %q", err, w)
		}
	}
}
