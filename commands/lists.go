package commands

import (
	"strings"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

type timelineRequest struct {
	Section string `option:"section,complete"`
	Side    string `option:"side,complete"`
	From    string `option:"from"`
	To      string `option:"to"`
	dated
}

// timeline answers what happened when.
func (d Desk) timeline() Command {
	return reading(d, "timeline", map[string]completer{"section": completeSection, "side": completeSide},
		func(t cards.Telling, r timelineRequest, at cards.Leaf) (cards.Card, error) {
			f, err := filter(t, r.Section, r.Side, r.From, r.To)
			if err != nil {
				return cards.Card{}, err
			}
			c := t.Timeline(f, at)
			return d.Pictures.Timeline(t, c), nil
		})
}

type datesRequest struct {
	Section string `option:"section,complete"`
	asked
}

// dates answers what is ahead.
func (d Desk) dates() Command {
	return reading(d, "dates", map[string]completer{"section": completeSection},
		func(t cards.Telling, r datesRequest, at cards.Leaf) (cards.Card, error) {
			f, err := filter(t, r.Section, "", "", "")
			if err != nil {
				return cards.Card{}, err
			}
			c := t.Dates(f, at)
			return d.Pictures.Dates(t, c, f), nil
		})
}

type figuresRequest struct {
	Section string `option:"section,complete"`
	Series  string `option:"series,complete"`
	Status  string `option:"status,choices=claimed|confirmed|disputed|contradicted"`
	asked
}

// figures answers which number may be quoted, and who says so.
func (d Desk) figures() Command {
	series := func(t cards.Telling, typed string) []cards.Choice {
		return choosing{values: t.Series()}.complete(typed)
	}
	return reading(d, "figures", map[string]completer{"section": completeSection, "series": series},
		func(t cards.Telling, r figuresRequest, at cards.Leaf) (cards.Card, error) {
			f, err := filter(t, r.Section, "", "", "")
			if err == nil {
				f.Series, err = choosing{values: t.Series()}.among(t, r.Series)
			}
			if err != nil {
				return cards.Card{}, err
			}
			f.Status = r.Status
			c := t.Figures(f, at)
			return d.Pictures.Figures(t, c, f), nil
		})
}

type claimsRequest struct {
	Section string `option:"section,complete"`
	Speaker string `option:"speaker,complete"`
	Status  string `option:"status,choices=claimed|confirmed|disputed|contradicted|opinion|forecast|not_checkable|superseded"`
	asked
}

// claims answers who said what, and whether it holds.
func (d Desk) claims() Command {
	return reading(d, "claims", map[string]completer{"section": completeSection, "speaker": completeSpeaker},
		func(t cards.Telling, r claimsRequest, at cards.Leaf) (cards.Card, error) {
			f, err := filter(t, r.Section, "", "", "")
			if err == nil {
				f.Speaker, err = speaker(t, r.Speaker)
			}
			f.Status = r.Status
			return t.Claims(f, at), err
		})
}

type watchRequest struct {
	Section string `option:"section,complete"`
	State   string `option:"state,choices=open|answered|moot"`
	asked
}

// watch answers what is open, and what would answer it.
func (d Desk) watch() Command {
	return reading(d, "watch", map[string]completer{"section": completeSection},
		func(t cards.Telling, r watchRequest, at cards.Leaf) (cards.Card, error) {
			f, err := filter(t, r.Section, "", "", "")
			f.Status = r.State
			return t.Watch(f, at), err
		})
}

type positionsRequest struct {
	Issue string `option:"issue,complete"`
	asked
}

// positions answers who stands where.
func (d Desk) positions() Command {
	complete := func(t cards.Telling, typed string) []cards.Choice { return issues(t).complete(typed) }
	return reading(d, "positions", map[string]completer{"issue": complete},
		func(t cards.Telling, r positionsRequest, at cards.Leaf) (cards.Card, error) {
			issue, err := issueOf(t, r.Issue)
			if err != nil {
				return cards.Card{}, err
			}
			if issue == "" {
				c := t.Positions(at)
				return d.Pictures.Positions(t, c), nil
			}
			return t.Issue(issue, at), nil
		})
}

// issueOf is the issue that was named, or that the position with this label is on.
func issueOf(t cards.Telling, typed string) (string, error) {
	if p, ok := exactly(t, typed).(*briefings.Position); ok {
		return p.Issue, nil
	}
	return issues(t).among(t, typed)
}

// filter reads the filters that several lists share.
func filter(t cards.Telling, sectionName, side, from, to string) (f cards.Filter, err error) {
	if f.Section, err = section(t, sectionName); err != nil {
		return f, err
	}
	if f.Side, err = sides(t).among(t, side); err != nil {
		return f, err
	}
	for _, bound := range []struct {
		typed string
		into  *briefings.EDTF
	}{{from, &f.From}, {to, &f.To}} {
		if strings.TrimSpace(bound.typed) == "" {
			continue
		}
		if *bound.into, err = briefings.ParseEDTF(strings.TrimSpace(bound.typed)); err != nil {
			return f, mistake(t, "known.invalid", words.Args{"Text": clip(bound.typed)})
		}
	}
	first, starts := f.From.First()
	if last, ends := f.To.Last(); starts && ends && last.Before(first) {
		return f, mistake(t, "filter.reversed", words.Args{"From": f.From.String(), "To": f.To.String()})
	}
	return f, nil
}

func completeSide(t cards.Telling, typed string) []cards.Choice { return sides(t).complete(typed) }

// speaker is whom somebody meant, by id or by name in any spelling.
func speaker(t cards.Telling, typed string) (briefings.ID, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return "", nil
	}
	for _, id := range t.Speakers() {
		if string(id) == typed || strings.EqualFold(t.Snapshot.Name(id), typed) {
			return id, nil
		}
	}
	found, nearest := t.Snapshot.Actor(typed)
	switch {
	case found != nil:
		return found.ID, nil
	case nearest != nil:
		return "", mistake(t, "actors.meant", words.Args{"Name": clip(typed), "Nearest": nearest.Name})
	}
	return "", mistake(t, "actors.unknown", words.Args{"Name": clip(typed)})
}
