package commands

import (
	"context"
	"errors"
	"slices"
	"strings"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

type searchRequest struct {
	Query   string `option:"query,required,complete"`
	Kind    string `option:"kind,choices=section|event|figure|actor|position|statement|plan|assessment|question|source|conflict"`
	Section string `option:"section,complete"`
	Status  string `option:"status,complete"`
	Source  string `option:"source,complete"`
	asked
}

const (
	mostSought = 64  // characters of a query: what a button can carry
	mostHits   = 100 // listed, over all pages
	// good is a score that only words which stand in an item, or are one letter
	// off, come to; what lies below is a guess.
	good = 1
)

// search answers which items hold what somebody looks for.
func (d Desk) search() Command {
	return replying(d, "search", map[string]completer{
		"query": completeItems, "section": completeSection, "status": completeStatus, "source": completeSource,
	}, func(_ context.Context, who Caller, t cards.Telling, r searchRequest, at *cards.Leaf) (Reply, error) {
		q, err := query(t, r)
		if err != nil {
			return Reply{}, err
		}
		at.Link = link(t, q)
		s := sought(t, q)
		reply := Reply{}
		if d.Queue != nil && who.Desk != briefings.Catalogue && unanswered(t, s) {
			s.Kept = true
			reply.After = func(ctx context.Context) error { return d.askModerators(ctx, who, q.Text) }
		}
		reply.Card = t.Search(s, *at)
		return reply, nil
	})
}

// unanswered reports whether the briefing, as it is, has nothing on what was
// looked for, so that moderators should know.
func unanswered(t cards.Telling, s cards.Sought) bool {
	hits := s.Found.Hits
	return t.Known == "" && s.Left == 0 && s.Nearest == "" && (len(hits) == 0 || hits[0].Score < good)
}

// askModerators leaves a question, which its asker may have left before.
func (d Desk) askModerators(ctx context.Context, who Caller, text string) error {
	err := d.Queue.Leave(ctx, briefings.Entry{
		Desk: who.Desk, Sort: briefings.AskedEntry, Subject: briefings.Fold(text), Text: text, By: who.User, RecordedAt: d.Now(),
	})
	if errors.Is(err, briefings.ErrLeft) || errors.Is(err, briefings.ErrEnough) || errors.Is(err, briefings.ErrFull) {
		return nil // the answer said that the list may have no room
	}
	return err
}

// query reads what was asked for.
func query(t cards.Telling, r searchRequest) (q briefings.Query, err error) {
	text := strings.Join(strings.Fields(strings.ToValidUTF8(r.Query, "")), " ")
	q.Text, q.Limit = shortened(text, mostSought), mostHits
	if briefings.Fold(q.Text) == "" {
		return q, mistake(t, "search.empty", words.Args{"Text": clip(r.Query)})
	}
	kinds := make([]string, 0, len(briefings.Kinds()))
	for _, k := range briefings.Kinds() {
		kinds = append(kinds, string(k))
	}
	kind, err := choosing{values: kinds}.among(t, r.Kind)
	if err != nil {
		return q, err
	}
	s, err := section(t, r.Section)
	if err != nil {
		return q, err
	}
	if s != nil {
		q.Section = s.Key()
	}
	q.Kind = briefings.Kind(kind)
	if q.Status, err = (choosing{values: statuses(t)}).among(t, r.Status); err != nil {
		return q, err
	}
	q.Source, err = source(t, r.Source)
	return q, err
}

// shortened ends s at a word's end where that leaves at most most characters.
func shortened(s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	s = string(runes[:most])
	if at := strings.LastIndexByte(s, ' '); at > 0 {
		return s[:at]
	}
	return s
}

// link asks the search again. A source goes by its label, which is short.
func link(t cards.Telling, q briefings.Query) cards.Link {
	l := t.Link("search", "query", q.Text, "kind", string(q.Kind), "status", q.Status)
	if item := t.Snapshot.Item(q.Source); item != nil {
		l.Options["source"] = item.Head().Ref()
	}
	if s, ok := t.Snapshot.Item(briefings.SectionID(q.Section)).(*briefings.Section); ok {
		l.Options["section"] = s.Command
	}
	return l
}

// sought looks for q, and for what may be chosen instead of its filters.
func sought(t cards.Telling, q briefings.Query) cards.Sought {
	found := t.Snapshot.Search(q)
	s := cards.Sought{Query: q, Found: found, Others: found.Facets}
	without := func(clear func(*briefings.Query)) briefings.Results {
		wider := q
		wider.Limit = 1
		clear(&wider)
		return t.Snapshot.Search(wider)
	}
	if q.Kind != "" {
		s.Others.Kind = without(func(q *briefings.Query) { q.Kind = "" }).Facets.Kind
	}
	if q.Section != "" {
		s.Others.Section = without(func(q *briefings.Query) { q.Section = "" }).Facets.Section
	}
	if found.Total == 0 {
		s.Left = without(func(q *briefings.Query) { *q = briefings.Query{Text: q.Text, Limit: 1} }).Total
	}
	if found.Total == 0 && s.Left == 0 && len(found.Instead) == 0 {
		s.Nearest = nearestRef(t, q.Text)
	}
	return s
}

// statuses are those that items of the briefing have, in any kind's terms.
func statuses(t cards.Telling) []string {
	var all []string
	for _, n := range t.Snapshot.Search(briefings.Query{Limit: 1}).Facets.Status {
		all = append(all, n.Value)
	}
	slices.Sort(all)
	return all
}

func completeStatus(t cards.Telling, typed string) []cards.Choice {
	return choosing{values: statuses(t)}.complete(typed)
}

// source is which source somebody meant, by label, id or name.
func source(t cards.Telling, typed string) (briefings.ID, error) {
	if typed == "" {
		return "", nil
	}
	if item, ok := exactly(t, typed).(*briefings.Source); ok {
		return item.ID, nil
	}
	for _, item := range t.Snapshot.Suggest(typed, mostOffered, ofKind(briefings.KindSource)) {
		if name := t.Snapshot.Name(item.Head().ID); briefings.Fold(name) == briefings.Fold(typed) {
			return item.Head().ID, nil
		}
	}
	var names []string
	for _, s := range briefings.All[*briefings.Source](t.Snapshot) {
		names = append(names, s.Ref())
	}
	return "", mistake(t, "filter.unknown", words.Args{"Text": clip(typed), "List": clipTo(strings.Join(names, ", "), 600)})
}
