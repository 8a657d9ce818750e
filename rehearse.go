package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"time"

	"sitrep/briefings"
	"sitrep/digests"
	"sitrep/words"
)

// mostRehearsed is how many digests one call may list.
const mostRehearsed = 1000

// rehearse lists the digests to come, of one server or of all.
func rehearse(ctx context.Context, w world) (err error) {
	guild, most := "", 20
	err = w.flags("rehearse", "lists the next digests, marks days on which clocks change, and says which would fail.", func(set *flag.FlagSet) {
		set.StringVar(&guild, "guild", "", "only those of the server with this id")
		set.IntVar(&most, "next", most, "how many, up to "+strconv.Itoa(mostRehearsed))
	})
	if err != nil {
		return err
	}
	if most < 1 || most > mostRehearsed {
		return usageError{fmt.Sprintf("--next is %d; write a number from 1 to %d", most, mostRehearsed)}
	}
	cfg, err := w.settings()
	if err != nil {
		return err
	}
	record, err := openReadOnly(ctx, cfg)
	if errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintln(w.stdout, "Nothing was ever recorded here, so no digest is to come.")
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, record.Close()) }()
	loaded, err := readCatalogue(cfg.Catalogue)
	if err != nil {
		return err
	}
	book, err := words.Open()
	if err != nil {
		return err
	}
	service := briefings.NewService(record, noCache{}, loaded, time.Now, cfg.Logger(nothing{}))
	if err := service.Follow(ctx); err != nil {
		return err
	}
	var all []digests.Subscription
	if guild == "" {
		all, err = record.Due(ctx, time.Now().AddDate(100, 0, 0), mostRehearsed)
	} else {
		all, err = record.Subscriptions(ctx, briefings.DeskID(guild))
	}
	if err != nil {
		return err
	}
	r := rehearsal{writer: digests.Writer{Briefings: service, Book: book}, most: most}
	for _, s := range all {
		if !s.NextDue.IsZero() {
			r.add(ctx, s)
		}
	}
	r.print(w)
	return nil
}

// A rehearsal gathers what is to come.
type rehearsal struct {
	writer  digests.Writer
	most    int
	firings []firing
	faults  []string
}

// firing is one digest to come.
type firing struct {
	at   time.Time // in the digest's zone
	line string
}

// add takes up to r.most firings of s, and tries to write the first of them.
func (r *rehearsal) add(ctx context.Context, s digests.Subscription) {
	fail := func(err error) { r.faults = append(r.faults, fmt.Sprintf("digest %s: %v", s.ID, err)) }
	var date digests.KeyDate
	var err error
	if s.Kind == digests.CountdownKind {
		if date, err = r.writer.KeyDate(ctx, s.Desk, s.Date); err != nil {
			fail(err)
			return
		}
	}
	schedule, err := s.Schedule(date)
	if err != nil {
		fail(err)
		return
	}
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		fail(err)
		return
	}
	at := s.NextDue
	for range r.most {
		if at.IsZero() {
			break
		}
		r.firings = append(r.firings, firing{at.In(zone), fmt.Sprintf("%s  channel %s of server %s", s.Kind, s.Channel, s.Desk)})
		at = schedule.Next(at)
	}
	facts := digests.Composition{Subscription: s, Slot: digests.Slot{Subscription: s.ID, Due: s.NextDue}, At: s.NextDue}
	if _, _, err := r.writer.Compose(ctx, facts); err != nil && !errors.Is(err, digests.ErrQuiet) {
		fail(err)
	}
}

func (r *rehearsal) print(w world) {
	slices.SortStableFunc(r.firings, func(a, b firing) int { return a.at.Compare(b.at) })
	for _, f := range r.firings[:min(r.most, len(r.firings))] {
		mark := ""
		if digests.ClocksChange(f.at) {
			mark = "  ! the clocks change that day"
		}
		fmt.Fprintf(w.stdout, "%s %-20s (%s UTC)  %s%s\n", f.at.Format("2006-01-02 15:04"), f.at.Location(), f.at.UTC().Format("15:04"), f.line, mark)
	}
	if len(r.firings) == 0 {
		fmt.Fprintln(w.stdout, "No digest is to come.")
	}
	for _, fault := range r.faults {
		fmt.Fprintf(w.stdout, "✗ it would fail: %s\n", fault)
	}
}
