package storetest

import (
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/digests"
)

// traced leaves something of every sort by who on a desk, and returns how much.
func traced(t *testing.T, s Store, desk briefings.DeskID, who briefings.UserID) map[briefings.Trace]int {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	newest, err := s.Newest(ctx, []briefings.DeskID{desk})
	must(err)
	rev, _ := briefings.SplitVersion(newest[desk])
	first, second := revision(rev+1, "a", "?"), revision(rev+2, "a", "!")
	first.RecordedBy, second.RecordedBy, second.ApprovedBy = who, "other", who
	must(s.Publish(ctx, desk, newest[desk], []briefings.Revision{first}))
	must(s.Publish(ctx, desk, newest[desk]+1, []briefings.Revision{second}))
	held, err := s.Settings(ctx, desk)
	must(err)
	held.Rev++
	must(s.SaveSettings(ctx, desk, held, []briefings.SettingChange{{Rev: held.Rev, Setting: briefings.Zone, Now: "UTC", By: who, RecordedAt: at(1)}}))
	o := subscription(digests.NewID(), desk, at(0))
	o.CreatedBy, o.Channel = who, digests.ChannelID("c"+o.ID)
	must(s.Subscribe(ctx, o))
	must(s.Plan(ctx, o, []digests.Slot{{ID: slotID(o.ID, 0), Subscription: o.ID, Due: at(0), State: digests.Sent, Message: "m"}}, at(9)))
	must(s.Recall(ctx, desk, slotID(o.ID, 0), who, "no"))
	_, err = s.KeepDraft(ctx, briefings.Draft{Desk: desk, Author: who, State: briefings.DraftTyped, RecordedAt: at(1)})
	must(err)
	_, err = s.KeepDraft(ctx, briefings.Draft{Desk: desk, Author: who, State: briefings.DraftWaiting, RecordedAt: at(1)})
	must(err)
	report, asked := entry("r"+string(who), who, 1), entry("q"+string(who), who, 1)
	report.Sort, report.Fault, report.Desk, asked.Desk = briefings.ReportedEntry, "wrong", desk, desk
	must(s.Leave(ctx, report))
	must(s.Leave(ctx, asked))
	all, err := s.Queue(ctx, desk)
	must(err)
	for _, e := range all {
		if e.By == who && e.Sort == briefings.AskedEntry {
			_, err = s.Hold(ctx, desk, e.ID, who, at(2))
			must(err)
		}
	}
	must(s.Looked(ctx, desk, who, briefings.Look{Rev: 1, At: at(1)}))
	must(s.Use(ctx, who, briefings.Membership{Desk: desk, Name: "Here", ProvedAt: at(1), UsedAt: at(1)}))
	return map[briefings.Trace]int{
		briefings.TraceRecorded: 1, briefings.TraceApproved: 1, briefings.TraceSettings: 1, briefings.TraceDigests: 1, briefings.TraceRecalls: 1,
		briefings.TraceDrafts: 2, briefings.TraceReports: 1, briefings.TraceQuestions: 1, briefings.TraceHolds: 1, briefings.TraceLooks: 1, briefings.TraceMember: 1,
	}
}

func footprints(t *testing.T, s Store, when string, who briefings.UserID, want ...briefings.Footprint) {
	t.Helper()
	got, err := s.Footprints(t.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	if len(got)+len(want) > 0 {
		same(t, when, got, want)
	}
}

func testFootprints(t *testing.T, open Opener) {
	s := opened(t, open)
	footprints(t, s, "of nobody", "7")
	one, two := traced(t, s, "1", "7"), traced(t, s, "2", "7")
	traced(t, s, "3", "8")
	for _, trace := range briefings.AllTraces() {
		if one[trace] == 0 {
			t.Errorf("this test leaves no %s", trace)
		}
	}
	footprints(t, s, "on two desks", "7", briefings.Footprint{Desk: "1", Traces: one}, briefings.Footprint{Desk: "2", Traces: two})
}

// testForgetPerson forgets one of two people on the same desk, twice.
func testForgetPerson(t *testing.T, open Opener) {
	s := opened(t, open)
	traced(t, s, "1", "7")
	others := traced(t, s, "1", "8")
	before, err := s.Newest(t.Context(), []briefings.DeskID{"1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range [][]briefings.DeskID{{"1"}, nil} {
		renewed, err := s.ForgetPerson(t.Context(), "7")
		if err != nil {
			t.Fatal(err)
		}
		if len(renewed)+len(want) > 0 {
			same(t, "the renewed desks", renewed, want)
		}
		footprints(t, s, "the one that is forgotten", "7")
		footprints(t, s, "the other", "8", briefings.Footprint{Desk: "1", Traces: others})
	}
	after, err := s.Newest(t.Context(), []briefings.DeskID{"1"})
	if rev, renewed := briefings.SplitVersion(after["1"]); err != nil || rev != before["1"] || renewed != 1 {
		t.Errorf("got revision %d, renewed %d times, %v, want %d, once", rev, renewed, err, before["1"])
	}
	revs, err := s.Revisions(t.Context(), "1", 0)
	if err != nil {
		t.Fatal(err)
	}
	first, second := revision(1, "a", "?"), revision(2, "a", "!")
	first.RecordedBy, second.RecordedBy, second.ApprovedBy = briefings.FormerMember, "other", briefings.FormerMember
	same(t, "what they did", revs[:2], []briefings.Revision{first, second})
	slots, err := s.Slots(t.Context(), "1", "", 10)
	if err != nil || len(slots) != 2 {
		t.Fatalf("got %d slots, %v, want 2", len(slots), err)
	}
	for _, slot := range slots {
		if slot.Recalled != "no" || slot.RecalledBy == "7" {
			t.Errorf("got %+v, want why it was recalled, and not by whom", slot)
		}
	}
	if err := s.Publish(t.Context(), "1", before["1"], []briefings.Revision{revision(5, "a", "")}); err == nil {
		t.Error("a change made from what was read before was recorded")
	}
	again := revision(5, "a", "again")
	again.RecordedBy = "7"
	if err := s.Publish(t.Context(), "1", after["1"], []briefings.Revision{again}); err != nil {
		t.Error(err)
	}
	footprints(t, s, "what they did since", "7", briefings.Footprint{Desk: "1", Traces: map[briefings.Trace]int{briefings.TraceRecorded: 1}})
}

// testForgetAmidChanges forgets somebody who goes on publishing meanwhile.
func testForgetAmidChanges(t *testing.T, open Opener) {
	s := opened(t, open)
	traced(t, s, "1", "7")
	errs := together(4, func(i int) error {
		if i%2 == 0 {
			_, err := s.ForgetPerson(t.Context(), "7")
			return err
		}
		for range 10 {
			newest, err := s.Newest(t.Context(), []briefings.DeskID{"1"})
			if err != nil {
				return err
			}
			rev, _ := briefings.SplitVersion(newest["1"])
			r := revision(rev+1, "a", "")
			r.RecordedBy, r.RecordedAt = "7", at(10).Add(time.Duration(rev)*time.Second)
			_ = s.Publish(t.Context(), "1", newest["1"], []briefings.Revision{r}) // overtaken by another
		}
		return nil
	})
	for i, err := range errs {
		if err != nil {
			t.Errorf("%d: %v", i, err)
		}
	}
	if _, err := s.ForgetPerson(t.Context(), "7"); err != nil {
		t.Fatal(err)
	}
	footprints(t, s, "in the end", "7")
}
