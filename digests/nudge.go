package digests

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
)

const (
	nudgeDay  = time.Monday
	nudgeHour = 9

	// A notice that could not be told within this time of its due is let be.
	noticeGrace = 24 * time.Hour
	// planEvery is how often a copy looks for desks that lack a weekly notice.
	planEvery = time.Minute
	// plansAtOnce is how many of those it plans in one transaction.
	plansAtOnce = 500
)

// A DeskNotice is something that a desk's moderators are told once, in its log
// channel.
type DeskNotice struct {
	ID      string // the delivery id
	Desk    briefings.DeskID
	Kind    NoticeKind
	Subject string // tells those of one desk and kind apart
	Due     time.Time

	Tries      int       // how often telling was tried, this time included
	FirstTried time.Time // by the wall clock
}

// NoticeKind is what a [DeskNotice] is about.
type NoticeKind string

// WeeklyNotice tells once a week what waits. Its subject is the local day.
const WeeklyNotice NoticeKind = "weekly"

// NewDeskNotice makes the one notice of that kind and subject.
func NewDeskNotice(desk briefings.DeskID, kind NoticeKind, subject string, due time.Time) DeskNotice {
	id := deliveryID(fmt.Sprintf("%s %s %s", desk, kind, subject))
	return DeskNotice{ID: id, Desk: desk, Kind: kind, Subject: subject, Due: due}
}

// DeskNotices is the record of notices; package store satisfies it. Errors wrap
// [briefings.ErrUnavailable] where the database cannot be reached.
type DeskNotices interface {
	// Unnudged returns at most most desks, with their settings, that want to be
	// told weekly and have no weekly notice that is due after now.
	Unnudged(ctx context.Context, now time.Time, most int) (map[briefings.DeskID]briefings.Settings, error)
	// PlanNotices keeps those of all that are not there yet.
	PlanNotices(ctx context.Context, all []DeskNotice) error
	// DueNotice gives the oldest notice that is due at now and not told yet to
	// one caller, until wall+lease. It returns [ErrNothing] where there is none.
	DueNotice(ctx context.Context, now, wall time.Time, lease time.Duration) (DeskNotice, error)
	// MoveNotice makes a notice that is not told yet due at another time.
	MoveNotice(ctx context.Context, id string, due time.Time) error
	// EndNotice records how a notice ended.
	EndNotice(ctx context.Context, id, how string) error
	// NextNotice is when the next notice after now is due, zero where none is.
	NextNotice(ctx context.Context, now time.Time) (time.Time, error)
}

// How a notice can end.
const (
	noticePosted  = "posted"
	noticeQuiet   = "nothing to tell"
	noticeOff     = "not wanted"
	noticeLate    = "too late"
	noticeRefused = "refused"
	noticeGivenUp = "given up"
)

// A NoticeWriter says what a desk that chose settings is to be told; [ErrQuiet]
// means nothing.
type NoticeWriter func(ctx context.Context, n DeskNotice, s briefings.Settings) (cards.Card, error)

// A Nudger tells moderators in their log channels what they should know. Any
// number of copies may do so with one database.
type Nudger struct {
	Record   DeskNotices
	Poster   Poster
	Settings func(ctx context.Context, desk briefings.DeskID) (briefings.Settings, error)
	Writers  map[NoticeKind]NoticeWriter
	Log      *slog.Logger

	Wall func() time.Time // of leases; time.Now where nil

	planned time.Time // when it last looked for desks to plan for
}

// Run plans and tells what is due at now, by the clock of due times. It is a
// [Job]'s, so there is one call at a time.
func (n *Nudger) Run(ctx context.Context, now time.Time) error {
	if since := now.Sub(n.planned); since < 0 || since >= planEvery {
		if err := n.plan(ctx, now); err != nil {
			return err
		}
		n.planned = now
	}
	return n.tell(ctx, now)
}

// Follow is [Nudger.Run] for a clock that is moved by hand; it returns when the
// next notice is due.
func (n *Nudger) Follow(ctx context.Context, now time.Time) (time.Time, error) {
	if err := errors.Join(n.plan(ctx, now), n.tell(ctx, now)); err != nil {
		return time.Time{}, err
	}
	return n.Record.NextNotice(ctx, now)
}

// plan gives every desk that wants one its next weekly notice. It is made ahead
// of its time, so that a desk's first is never one that is past.
func (n *Nudger) plan(ctx context.Context, now time.Time) error {
	for {
		desks, err := n.Record.Unnudged(ctx, now, plansAtOnce)
		if err != nil || len(desks) == 0 {
			return err
		}
		var all []DeskNotice
		for desk, s := range desks {
			due := nextNudge(now, s.Zone)
			all = append(all, NewDeskNotice(desk, WeeklyNotice, due.Format(time.DateOnly), due))
		}
		if err := n.Record.PlanNotices(ctx, all); err != nil || len(desks) < plansAtOnce {
			return err
		}
	}
}

// nextNudge is the first moment after now at which that zone's moderators are
// told; of a zone that is gone, by UTC.
func nextNudge(now time.Time, zone string) time.Time {
	where, err := loadZone(zone)
	if err != nil {
		where = time.UTC
	}
	local := now.In(where)
	for day := local.Day(); ; day++ {
		due := time.Date(local.Year(), local.Month(), day, nudgeHour, 0, 0, 0, where)
		if due.Weekday() == nudgeDay && due.After(now) {
			return due
		}
	}
}

func (n *Nudger) tell(ctx context.Context, now time.Time) error {
	for ctx.Err() == nil {
		wall := time.Now()
		if n.Wall != nil {
			wall = n.Wall()
		}
		notice, err := n.Record.DueNotice(ctx, now, wall, tellLease)
		if errors.Is(err, ErrNothing) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("digests: looking for notices: %w", err)
		}
		// Stopping must not leave a notice sent and unrecorded.
		if err := n.one(context.WithoutCancel(ctx), notice, now); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// one brings a notice to its end, or leaves it to be tried again once its lease
// is over.
func (n *Nudger) one(ctx context.Context, notice DeskNotice, now time.Time) error {
	telling, cancel := context.WithTimeout(ctx, tellTime)
	defer cancel()
	settings, err := n.Settings(telling, notice.Desk)
	if err != nil {
		return fmt.Errorf("digests: reading the settings of desk %s: %w", notice.Desk, err)
	}
	if due, moved := moved(notice, settings, now); moved {
		return n.Record.MoveNotice(ctx, notice.ID, due)
	}
	how, err := n.post(telling, notice, settings, now)
	log := n.Log.With("desk", notice.Desk, "kind", notice.Kind, "subject", notice.Subject)
	switch {
	case err != nil && notice.Tries < mostTells:
		log.WarnContext(ctx, "moderators could not be told in their log channel yet; it is tried again", "err", err)
		return nil
	case err != nil:
		how = noticeGivenUp
		log.ErrorContext(ctx, "moderators could not be told in their log channel", "err", err)
	case how == noticeRefused:
		log.WarnContext(ctx, "Discord refuses to let moderators be told in their log channel; choose another with /desk settings")
	}
	settling, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	return n.Record.EndNotice(settling, notice.ID, how)
}

// moved is when a weekly notice is due in the zone that was chosen since, where
// that is later than now.
func moved(notice DeskNotice, s briefings.Settings, now time.Time) (time.Time, bool) {
	day, err := time.Parse(time.DateOnly, notice.Subject)
	if notice.Kind != WeeklyNotice || err != nil {
		return time.Time{}, false
	}
	due := nextNudge(day.AddDate(0, 0, -2), s.Zone)
	return due, due.After(now)
}

// post tells, and returns how that ended. After an error it has not ended, and
// whether a message was posted may be in doubt.
func (n *Nudger) post(ctx context.Context, notice DeskNotice, s briefings.Settings, now time.Time) (how string, err error) {
	channel, write := ChannelID(s.LogChannel), n.Writers[notice.Kind]
	switch {
	case channel == "" || write == nil || notice.Kind == WeeklyNotice && s.Nudge == briefings.SettingOff:
		return noticeOff, nil
	case now.Sub(notice.Due) > noticeGrace:
		return noticeLate, nil
	}
	if notice.Tries > 1 {
		_, found, err := n.Poster.Find(ctx, channel, notice.ID, notice.FirstTried.Add(-skew))
		if err != nil || found {
			return ended(err)
		}
	}
	card, err := write(ctx, notice, s)
	if errors.Is(err, ErrQuiet) {
		return noticeQuiet, nil
	}
	if err == nil {
		_, err = n.Poster.Post(ctx, channel, card, notice.ID)
	}
	return ended(err)
}

// ended is how a notice ended that err came of, nil for one that was posted.
func ended(err error) (string, error) {
	switch {
	case err == nil:
		return noticePosted, nil
	case permanent(err):
		return noticeRefused, nil
	}
	return "", err
}
