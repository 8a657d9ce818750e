package commands

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

type changesRequest struct {
	Since   string `option:"since"`
	Section string `option:"section,complete"`
	asked
}

const (
	recently = 7 * 24 * time.Hour // what a first look goes back
	lookTime = 2 * time.Second    // that reading the last look may cost of an answer's time
)

// changes answers what is different since a revision, a day, or the asker's
// last look, which it keeps once they have the answer.
func (d Desk) changes() Command {
	return replying(d, "changes", map[string]completer{"section": completeSection},
		func(ctx context.Context, who Caller, t cards.Telling, r changesRequest, at *cards.Leaf) (Reply, error) {
			s, err := section(t, r.Section)
			if err != nil {
				return Reply{}, err
			}
			since, err := d.since(ctx, who, t, r)
			if err != nil {
				return Reply{}, err
			}
			since.Section = s
			// A press must not move what the answer counts from.
			at.Link = at.Link.With("since", strconv.Itoa(since.From.Rev))
			reply := Reply{Card: t.Changes(since, *at)}
			if d.Looks != nil && strings.TrimSpace(r.Since) == "" && s == nil && t.Known == "" {
				look := briefings.Look{Rev: t.Snapshot.Rev, At: t.Now}
				reply.After = func(ctx context.Context) error { return d.Looks.Looked(ctx, who.Desk, who.User, look) }
			}
			return reply, nil
		})
}

// since is what the answer counts from.
func (d Desk) since(ctx context.Context, who Caller, t cards.Telling, r changesRequest) (cards.Since, error) {
	typed := strings.TrimSpace(r.Since)
	switch {
	case typed != "":
		return sinceTyped(t, typed)
	case t.Known != "":
		return recent(t, ""), nil
	case d.Looks == nil:
		return recent(t, cards.FirstLook), nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	look, err := d.Looks.LastLook(ctx, who.Desk, who.User)
	switch {
	case errors.Is(err, briefings.ErrUnavailable):
		return recent(t, cards.LookAway), nil
	case err != nil:
		return cards.Since{}, err
	case look.Rev == 0:
		return recent(t, cards.FirstLook), nil
	}
	return cards.Since{From: t.Snapshot.At(look.Rev), Looked: look.At}, nil
}

// recent counts from a week ago, or from the first revision where that is later.
func recent(t cards.Telling, note cards.SinceNote) cards.Since {
	from := t.Snapshot.Known(t.Now.Add(-recently))
	if from == nil {
		from = t.Snapshot.At(1)
	}
	return cards.Since{From: from, Note: note}
}

// sinceTyped reads a revision, like 5 or "rev 5", or a day.
func sinceTyped(t cards.Telling, typed string) (cards.Since, error) {
	number, named := typed, false
	if len(typed) > 3 && strings.EqualFold(typed[:3], "rev") {
		number, named = strings.TrimSpace(typed[3:]), true
	}
	if rev, err := strconv.Atoi(number); err == nil && (named || rev <= t.Snapshot.Rev) {
		if rev < 1 || rev > t.Snapshot.Rev {
			return cards.Since{}, mistake(t, "changes.no_rev", words.Args{"Text": clip(typed), "Rev": t.Snapshot.Rev})
		}
		return cards.Since{From: t.Snapshot.At(rev)}, nil
	}
	day, err := briefings.ParseEDTF(typed)
	first, dated := day.First()
	switch {
	case err != nil || !dated || day.IsInterval():
		return cards.Since{}, mistake(t, "changes.invalid", words.Args{"Text": clip(typed), "Rev": t.Snapshot.Rev})
	case first.After(t.Now):
		return cards.Since{}, mistake(t, "changes.future", words.Args{"Date": t.Day(first)})
	}
	from := t.Snapshot.Known(first.Add(-1))
	if from == nil {
		return cards.Since{From: t.Snapshot.At(1), Note: cards.SinceBegin}, nil
	}
	return cards.Since{From: from}, nil
}
