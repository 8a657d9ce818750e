package commands

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"sitrep/briefings"
	"sitrep/cards"
)

// baseOf is the version that a draft changes: for a new item one that holds what
// can be told without asking.
func baseOf(t cards.Telling, draft briefings.Draft) briefings.Item {
	if item := t.Snapshot.Version(draft.Item, draft.Seen); item != nil && draft.Seen > 0 {
		return item
	}
	item := briefings.NewItem(draft.Item.Kind())
	item.Head().ID = draft.Item
	if draft.Seen == 0 {
		begin(t, item)
	}
	return item
}

// begin fills in what most new items of a kind have.
func begin(t cards.Telling, item briefings.Item) {
	today, err := briefings.ParseEDTF(t.Now.UTC().Format("2006-01-02"))
	if err != nil {
		return // which no day of this era is
	}
	switch v := item.(type) {
	case *briefings.Figure:
		v.Qualifier, v.Status, v.AsOf = briefings.Exact, briefings.Claimed, today
	case *briefings.Position:
		v.AsOf = today
	case *briefings.Assessment:
		v.AsOf = today
	case *briefings.Statement:
		v.Attribution, v.Truth = briefings.Reported, briefings.ClaimedTruth
	case *briefings.Question:
		v.State = briefings.OpenQuestion
	case *briefings.Conflict:
		v.State = briefings.OpenConflict
	}
}

// name gives a new item its id and its label, and the text that it may do
// without.
func name(t cards.Telling, item briefings.Item) {
	h := item.Head()
	kind := h.ID.Kind()
	lead := ""
	for _, f := range briefings.Fields(item) {
		text, is := f.Ptr.(*string)
		if is && slices.Contains([]string{"headline", "gist", "judgement", "title", "name", "question", "series", "issue"}, f.Name) {
			lead = cmp.Or(*text, lead)
		}
	}
	h.Text = cmp.Or(h.Text, wordedAs(item, lead))
	h.Refs = []string{nextLabel(t, kind)}
	slug := strings.Join(strings.FieldsFunc(briefings.Fold(cmp.Or(lead, h.Text)), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }), "-")
	slug = strings.Trim(slug[:min(len(slug), 40)], "-")
	if slug == "" {
		slug = strings.ToLower(h.Refs[0])
	}
	h.ID = briefings.ID(string(kind) + "/" + slug)
	for n := 2; t.Snapshot.Revision(h.ID).Rev != 0; n++ {
		h.ID = briefings.ID(fmt.Sprintf("%s/%s-%d", kind, slug, n))
	}
}

// wordedAs is lead for the kinds that need a text and have one that says the same.
func wordedAs(item briefings.Item, lead string) string {
	switch item.(type) {
	case *briefings.Event, *briefings.Statement, *briefings.Assessment, *briefings.Plan:
		return lead
	}
	return ""
}

// nextLabel is the first free label behind those of a kind, retracted ones
// included.
func nextLabel(t cards.Telling, kind briefings.Kind) string {
	letters, most := map[string]int{}, map[string]int{}
	for _, item := range slices.Concat(t.Snapshot.Items(), t.Snapshot.Retracted()) {
		for i, ref := range item.Head().Refs {
			start := strings.TrimRight(ref, "0123456789")
			if i == 0 && item.Head().ID.Kind() == kind {
				letters[start]++
			}
			n := 0
			if _, err := fmt.Sscanf(ref[len(start):], "%d", &n); err == nil {
				most[start] = max(most[start], n)
			}
		}
	}
	start := strings.ToUpper(string(kind)[:1])
	for used, n := range letters {
		if n > letters[start] || n == letters[start] && used < start {
			start = used
		}
	}
	return fmt.Sprintf("%s%d", start, most[start]+1)
}
