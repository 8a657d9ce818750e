package commands

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/digests"
	"sitrep/words"
)

// digestWishes are what somebody wants of a digest. What is empty stays as it was.
type digestWishes struct {
	At       string `option:"at"`
	Kind     string `option:"kind,choices=daily|cron|countdown"`
	Zone     string `option:"zone,complete"`
	Channel  string `option:"channel,channel"`
	Days     string `option:"days"`
	Cron     string `option:"cron"`
	Date     string `option:"date,complete"`
	Offsets  string `option:"offsets"`
	Sections string `option:"sections,complete"`
	Grace    string `option:"grace"`
	Language string `option:"language,choices=en|uk|de|fr"`
	Mention  string `option:"mention,role"`
	Thread   string `option:"thread,boolean"`
	Quiet    string `option:"quiet,choices=line|nothing"`
}

// wished is s as who wants it, with its next slot.
func (d Desk) wished(ctx context.Context, who Caller, s digests.Subscription, r digestWishes) (digests.Subscription, error) {
	snap, err := d.Briefings.Snapshot(ctx, who.Desk)
	if err != nil {
		return s, fmt.Errorf("commands: read desk: %w", err)
	}
	t := d.telling(who, snap)
	if s, err = d.scheduled(t, s, r); err != nil {
		return s, err
	}
	if s.Sections, err = chosenSections(t, s.Sections, r.Sections); err != nil {
		return s, err
	}
	if r.Grace != "" {
		if s.Grace, err = digests.ParseGrace(r.Grace); err != nil {
			return s, err
		}
	}
	s.Quiet, s.Locale = cmp.Or(r.Quiet, s.Quiet), cmp.Or(r.Language, s.Locale)
	s.Channel, s.Mention = cmp.Or(digests.ChannelID(r.Channel), s.Channel), cmp.Or(digests.RoleID(r.Mention), s.Mention)
	if r.Thread != "" {
		s.Thread = r.Thread == "true"
	}
	c, err := d.room(ctx, who, s.Channel)
	if err != nil {
		return s, err
	}
	s.Publish = c.News
	if s.Mention != "" && (r.Mention != "" || r.Channel != "") {
		if err := d.mayMention(ctx, who, s, c); err != nil {
			return s, err
		}
	}
	if err := d.preflight(ctx, who, s, c); err != nil {
		return s, err
	}
	return d.next(ctx, s)
}

// next is s with its next slot from now on, none while it is paused.
func (d Desk) next(ctx context.Context, s digests.Subscription) (digests.Subscription, error) {
	schedule, err := d.schedule(ctx, s)
	if err != nil {
		return s, err
	}
	s.Since, s.NextDue = d.Now(), time.Time{}
	if s.Paused == "" {
		s.NextDue = schedule.Next(s.Since)
	}
	return s, nil
}

func (d Desk) schedule(ctx context.Context, s digests.Subscription) (digests.Schedule, error) {
	var date digests.KeyDate
	if s.Kind == digests.CountdownKind {
		var err error
		if date, err = d.writer().KeyDate(ctx, s.Desk, s.Date); err != nil {
			return nil, err
		}
	}
	return s.Schedule(date)
}

func (d Desk) writer() digests.Writer {
	return digests.Writer{Briefings: d.Briefings, Pictures: d.Pictures, Book: d.Book}
}

// scheduled is s with the kind, zone and times that are wanted.
func (d Desk) scheduled(t cards.Telling, s digests.Subscription, r digestWishes) (digests.Subscription, error) {
	kind := s.Kind
	switch {
	case r.Kind != "":
		kind = r.Kind
	case r.Cron != "":
		kind = digests.CronKind
	case r.Date != "" || r.Offsets != "":
		kind = digests.CountdownKind
	case kind != digests.CountdownKind && (r.Days != "" || r.At != ""):
		kind = digests.DailyKind
	}
	s.Kind = cmp.Or(kind, digests.DailyKind)
	if err := fits(t, s.Kind, r); err != nil {
		return s, err
	}
	if s.Kind == digests.CronKind {
		c, err := digests.ParseCron(cmp.Or(r.Cron, s.Cron), cmp.Or(r.Zone, s.Zone))
		if err != nil {
			return s, err
		}
		s.Cron, s.Zone, s.At, s.Days, s.Date, s.Offsets = c.Fields(), c.Zone(), "", "", "", ""
		return s, nil
	}
	daily, err := digests.ParseDaily(cmp.Or(r.At, s.At), cmp.Or(r.Zone, s.Zone))
	if err != nil {
		return s, err
	}
	s.At, s.Zone, s.Cron = daily.At(), daily.Zone(), ""
	if s.Kind == digests.DailyKind {
		days, err := digests.ParseDays(cmp.Or(r.Days, s.Days))
		s.Days, s.Date, s.Offsets = days.String(), "", ""
		return s, err
	}
	s.Days = ""
	if s.Date, err = d.keyDate(t, cmp.Or(r.Date, string(s.Date))); err != nil {
		return s, err
	}
	offsets, err := digests.ParseOffsets(cmp.Or(r.Offsets, s.Offsets))
	s.Offsets = offsets.String()
	return s, err
}

// fits refuses options that mean nothing for that kind, since leaving them out
// in silence would post at other times than were asked for.
func fits(t cards.Telling, kind string, r digestWishes) error {
	for _, o := range []struct{ name, typed, of string }{
		{"days", r.Days, digests.DailyKind},
		{"cron", r.Cron, digests.CronKind},
		{"date", r.Date, digests.CountdownKind},
		{"offsets", r.Offsets, digests.CountdownKind},
	} {
		if o.typed != "" && o.of != kind {
			return mistake(t, "digest.other_kind", words.Args{"Option": o.name, "Of": o.of, "Kind": kind})
		}
	}
	if kind == digests.CronKind && r.At != "" {
		return mistake(t, "digest.cron_at", nil)
	}
	return nil
}

// keyDate is the key date that was given by label, id or headline.
func (d Desk) keyDate(t cards.Telling, given string) (briefings.ID, error) {
	if strings.TrimSpace(given) == "" {
		return "", mistake(t, "digest.date_missing", nil)
	}
	e, ok := exactly(t, given).(*briefings.Event)
	if !ok {
		for _, item := range keyDates(t, "") {
			if briefings.Fold(item.Headline) == briefings.Fold(given) {
				e, ok = item, true
			}
		}
	}
	if !ok || !e.Key {
		return "", mistake(t, "digest.date_unknown", words.Args{"Date": clip(given)})
	}
	if e.Happened == briefings.Cancelled || e.Happened == briefings.No {
		return "", mistake(t, "digest.date_cancelled", words.Args{"Date": e.Headline})
	}
	return e.ID, nil
}

// keyDates are the dates ahead whose label or headline holds what was typed,
// soonest first.
func keyDates(t cards.Telling, typed string) []*briefings.Event {
	var found []*briefings.Event
	for _, e := range briefings.All[*briefings.Event](t.Snapshot) {
		last, ends := e.Valid.Last()
		over := ends && last.Before(t.Now.AddDate(0, 0, -2)) || e.Happened == briefings.Cancelled || e.Happened == briefings.No
		if e.Key && !over && strings.Contains(briefings.Fold(e.Ref()+" "+e.Headline), briefings.Fold(clip(typed))) {
			found = append(found, e)
		}
	}
	slices.SortStableFunc(found, func(a, b *briefings.Event) int { return a.Valid.Compare(b.Valid) })
	return found
}

// chosenSections are the ids of what was typed, "talks, energy"; "all" is all.
func chosenSections(t cards.Telling, kept, typed string) (string, error) {
	if strings.TrimSpace(typed) == "" {
		return kept, nil
	}
	var ids []string
	for _, part := range strings.FieldsFunc(typed, func(r rune) bool { return r == ',' || r == ' ' }) {
		if strings.EqualFold(part, "all") {
			return "", nil
		}
		s, err := section(t, part)
		if err != nil {
			return "", err
		}
		if s != nil && s.Retired != nil {
			return "", mistake(t, "section.no_digest", words.Args{"Title": s.Title})
		}
		if s != nil && !slices.Contains(ids, string(s.ID)) {
			ids = append(ids, string(s.ID))
		}
	}
	return strings.Join(ids, ","), nil
}

// completeWish offers zones, dates and sections.
func (d Desk) completeWish(ctx context.Context, who Caller, focused string, in Input) ([]cards.Choice, error) {
	typed := clip(in[focused])
	switch focused {
	case "digest":
		return d.completeDigest(ctx, who, focused, in)
	case "zone":
		return d.completeZone(typed), nil
	}
	snap, err := d.Briefings.Snapshot(ctx, who.Desk)
	if err != nil {
		return nil, fmt.Errorf("commands: complete: %w", err)
	}
	t := d.telling(who, snap)
	if focused == "sections" {
		return completeSections(t, typed), nil
	}
	var choices []cards.Choice
	for _, e := range keyDates(t, typed) {
		if len(choices) < mostOffered {
			choices = append(choices, cards.Choice{Label: cards.Clip(t.Date(e.Valid)+" · "+e.Headline, 100), Value: string(e.ID)})
		}
	}
	return choices, nil
}

// completeZone offers zones by city, name or distance from UTC.
func (d Desk) completeZone(typed string) []cards.Choice {
	var choices []cards.Choice
	for _, z := range digests.FindZones(typed, d.Now(), mostOffered) {
		choices = append(choices, cards.Choice{Label: fmt.Sprintf("%s (UTC%s)", z.Name, z.Offset), Value: z.Name})
	}
	return choices
}

// completeSections completes the last of several sections.
func completeSections(t cards.Telling, typed string) []cards.Choice {
	before, part := "", typed
	if comma := strings.LastIndexByte(typed, ','); comma >= 0 {
		before, part = strings.TrimSpace(typed[:comma+1]), typed[comma+1:]
	}
	choices := completeSection(t, part)
	for i, c := range choices {
		choices[i] = cards.Choice{Label: cards.Clip(before+c.Label, 100), Value: cards.Clip(before+c.Value, 100)}
	}
	return choices[:min(mostOffered, len(choices))]
}
