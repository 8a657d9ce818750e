package briefings

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// MaxItems is how many items a desk may hold.
const MaxItems = 20_000

// The bounds of a report: nobody mends more at once, and looking for what was
// meant takes a while in a large desk.
const (
	maxFaults = 1000
	maxHints  = 20
)

// A Fault is one broken rule, with what to do about it.
type Fault struct {
	Item  ID
	Field string // as in the file form
	Say   string
}

func (f Fault) Error() string { return fmt.Sprintf("%s: %s: %s", f.Item, f.Field, f.Say) }

// Check applies every rule to items as one desk and returns all that is
// broken, up to a thousand faults, in the order of items. What an item says of
// the past is judged by the day it is at now, anywhere on earth.
func Check(items []Item, now time.Time) []Fault {
	c := &checker{latest: latestDay(now), byID: make(map[ID]Item, len(items)), sections: map[string]bool{}, commands: map[string]ID{}}
	if len(items) > MaxItems {
		c.faults = append(c.faults, Fault{Say: fmt.Sprintf("a desk holds at most %d items, these are %d; remove some", MaxItems, len(items))})
	}
	owner := map[string]ID{}
	for _, item := range items {
		h := item.Head()
		c.item = h.ID
		if c.byID[h.ID] != nil {
			c.bad("id", "%s is used twice; give one of them another name", h.ID)
		}
		c.byID[h.ID] = item
		if h.ID.Kind() == KindSection {
			c.sections[h.ID.name()] = true
		}
		for _, ref := range h.Refs {
			if first, taken := owner[strings.ToUpper(ref)]; taken {
				c.bad("refs", "%s already has the label %s; choose another", first, clip(ref, 20))
			}
			owner[strings.ToUpper(ref)] = h.ID
		}
	}
	c.existing = c.sectionKeys()
	for _, item := range items {
		if len(c.faults) >= maxFaults {
			break
		}
		c.item = item.Head().ID
		c.envelope(item.Head())
		item.check(c)
	}
	return c.faults
}

// checker gathers the faults of the item it is at.
type checker struct {
	latest   time.Time // the day it is at the date line
	item     ID
	byID     map[ID]Item
	sections map[string]bool
	commands map[string]ID // the section that took each so far
	faults   []Fault
	hints    int
	existing string // the sections, for messages
}

func (c *checker) bad(field, format string, args ...any) {
	if len(c.faults) < maxFaults {
		c.faults = append(c.faults, Fault{Item: c.item, Field: field, Say: fmt.Sprintf(format, args...)})
	}
}

// text checks a text shown to people: its length in characters and what it is
// made of. Nothing in it may steer a screen: no control characters, no
// direction overrides.
func (c *checker) text(field, value string, most int) {
	if !utf8.ValidString(value) {
		c.bad(field, "is not valid UTF-8; save it as UTF-8")
		return
	}
	if n := utf8.RuneCountInString(value); n > most {
		c.bad(field, "has %d characters, at most %d fit; shorten it", n, most)
	}
	if i := strings.IndexFunc(value, steers); i >= 0 {
		if r, _ := utf8.DecodeRuneInString(value[i:]); r == '\n' {
			c.bad(field, "holds a line break; write it as one line")
		} else {
			c.bad(field, "holds the invisible character %U; remove it", r)
		}
	}
}

func steers(r rune) bool {
	const joiner, nonJoiner = '\u200d', '\u200c' // which scripts and emoji need
	return r != joiner && r != nonJoiner && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co)
}

// need is text that must not be empty.
func (c *checker) need(field, value string, most int) {
	if strings.TrimSpace(value) == "" {
		c.bad(field, "is missing; write it")
		return
	}
	c.text(field, value, most)
}

// latestDay is the furthest day that it is anywhere on earth at now: 14 hours
// ahead of UTC.
func latestDay(now time.Time) time.Time {
	return now.UTC().Add(14 * time.Hour).Truncate(24 * time.Hour)
}

// past checks that date, if there is one, has come.
func (c *checker) past(field string, date EDTF) {
	if date.After(c.latest) {
		c.bad(field, "%s has not come yet; write a date up to %s", date, c.latest.Format(time.DateOnly))
	}
}

// choosable is what every [Choice] is.
type choosable interface {
	word() (string, bool)
	listed() string
}

// chosen checks that a choice was made, and that it is one.
func (c *checker) chosen(field string, v choosable) {
	if word, ok := v.word(); !ok || word == "" {
		c.bad(field, "is missing; choose one of %s", v.listed())
	}
}

// link checks that id names an item of one of kinds, any where none is given.
func (c *checker) link(field string, id ID, kinds ...Kind) {
	switch {
	case id == "":
		c.bad(field, "is missing; write the id of an item, like %s/name", append(kinds, KindFigure)[0])
	case c.byID[id] == nil:
		c.bad(field, "names %s, which does not exist%s", clip(string(id), 64), c.hint(id))
	case len(kinds) > 0 && !slices.Contains(kinds, id.Kind()):
		c.bad(field, "names %s, but must name one of these kinds: %s", id, join(kinds))
	}
}

func (c *checker) hint(id ID) string {
	if c.hints++; c.hints > maxHints {
		return ""
	}
	var names []string
	for other := range c.byID {
		if other.Kind() == id.Kind() && other != c.item {
			names = append(names, other.name())
		}
	}
	slices.Sort(names)
	if near := Nearest(id.name(), names); near != "" {
		return fmt.Sprintf("; did you mean %s/%s?", id.Kind(), near)
	}
	return ""
}

func (c *checker) links(field string, ids []ID, kinds ...Kind) {
	for _, id := range ids {
		c.link(field, id, kinds...)
	}
}

// optional is a link that may be empty.
func (c *checker) optional(field string, id ID, kinds ...Kind) {
	if id != "" {
		c.link(field, id, kinds...)
	}
}

func (c *checker) envelope(h *Envelope) {
	kind := h.ID.Kind()
	if len(h.Refs) == 0 {
		c.bad("refs", "is missing; give the item a short label such as F10")
	}
	for _, ref := range h.Refs {
		if !refPattern.MatchString(ref) {
			c.bad("refs", "%q is no label; write up to four letters and up to five digits, like F10", clip(ref, 20))
		}
	}
	if len(h.Sections) == 0 && kind.sectioned() {
		c.bad("sections", "is missing; name at least one section")
	}
	for _, key := range h.Sections {
		if !c.sections[key] {
			c.bad("sections", "names the section %q, which does not exist; there are %s", clip(key, 40), c.existing)
		}
	}
	if kind.worded() {
		c.need("text", h.Text, 280)
	} else {
		c.text("text", h.Text, 280)
	}
	c.text("caveat", h.Caveat, 140)
	c.past("as_of", h.AsOf)
	if h.AsOf.IsZero() && kind.dated() {
		c.bad("as_of", "is missing; give the date the content speaks for, like 2026-01-19")
	}
	if !h.ReviewBy.IsZero() && h.ReviewBy.Precision() != Day {
		c.bad("review_by", "must be a day, like 2026-01-31")
	}
	c.provenance(h)
	c.translations(h)
}

func (c *checker) sectionKeys() string {
	keys := slices.Sorted(maps.Keys(c.sections))
	if len(keys) > 20 {
		keys = append(keys[:20], "more")
	}
	return cmp.Or(strings.Join(keys, ", "), "none")
}

// provenance keeps the rules of origin and sources.
func (c *checker) provenance(h *Envelope) {
	origin := cmp.Or(h.Origin, Stated)
	if (origin == Derived || origin == Inferred) && h.Basis == "" {
		c.bad("basis", "is missing; say what the item is %s from", origin)
	}
	c.text("basis", h.Basis, 280)
	if len(h.Sources) == 0 && origin != Derived && h.ID.Kind().sourced() {
		c.bad("sources", "is missing; cite at least one source")
	}
	for _, s := range h.Sources {
		c.link("sources", s.Source, KindSource)
		c.text("sources", s.Locator, 80)
		if s.Credibility == 1 && c.independent(h.Sources) < 2 {
			c.bad("sources", "credibility 1 needs two independent sources; cite another one or grade it 2")
		}
	}
}

// independent counts the origins behind the primary sources: those that relay
// one and the same source count once, cited or not.
func (c *checker) independent(cited []Citation) int {
	own := map[ID]bool{}
	for _, s := range cited {
		source, ok := c.byID[s.Source].(*Source)
		if !ok || (s.Role != Primary && s.Role != 0) {
			continue
		}
		origin := s.Source
		for range 10 { // however long a chain of relays, or a circle
			if len(source.Relays) == 0 {
				break
			}
			origin = source.Relays[0]
			if source, ok = c.byID[origin].(*Source); !ok {
				break
			}
		}
		own[origin] = true
	}
	return len(own)
}

func (c *checker) translations(h *Envelope) {
	for _, tag := range slices.Sorted(maps.Keys(h.Translations)) {
		texts := h.Translations[tag]
		switch tag {
		case "uk", "de", "fr":
		default:
			c.bad("translations", "%q is no language of sitrep; use uk, de or fr", clip(tag, 20))
		}
		for _, field := range slices.Sorted(maps.Keys(texts)) {
			c.need("translations", texts[field], 280)
			if !slices.Contains([]string{"text", "bluf", "headline", "title", "definition", "why", "question", "caveat", "name"}, field) {
				c.bad("translations", "%q is not translated; use text, bluf, headline, title, definition, why, question, caveat or name", clip(field, 20))
			}
		}
	}
}

// sectioned reports whether an item of this kind must name a section.
func (k Kind) sectioned() bool {
	switch k {
	case KindSection, KindSource, KindActor, KindConflict:
		return false
	}
	return true
}

// worded reports whether an item of this kind must have a text of its own.
func (k Kind) worded() bool {
	switch k {
	case KindSection, KindSource, KindQuestion:
		return false
	}
	return true
}

// sourced reports whether an item of this kind must cite a source: all but
// what curators write themselves.
func (k Kind) sourced() bool {
	switch k {
	case KindSection, KindSource, KindConflict, KindQuestion:
		return false
	}
	return true
}

// dated reports whether an item of this kind must say what date it speaks for.
func (k Kind) dated() bool {
	switch k {
	case KindFigure, KindPosition, KindAssessment:
		return true
	}
	return false
}
