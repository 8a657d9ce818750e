package briefings

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// envelope keeps the rules that every kind shares.
func (c *checker) envelope(item Item) {
	h := item.Head()
	kind := h.ID.Kind()
	if _, err := ParseID(string(h.ID)); err != nil {
		c.bad("id", "%v", err)
	} else if reflect.TypeOf(item) != reflect.TypeOf(NewItem(kind)) {
		c.bad("id", "is of the kind %s, but the fields are those of another; give the item an id of its own kind", kind)
	}
	c.refs(h)
	c.named(h)
	if kind.worded() {
		c.need("text", h.Text, 280)
	} else {
		c.text("text", h.Text, 280)
	}
	c.text("caveat", h.Caveat, 140)
	c.oneSentence("text", h.Text)
	c.oneSentence("basis", h.Basis)
	c.past("as_of", h.AsOf)
	if h.AsOf.IsZero() && kind.dated() {
		c.bad("as_of", "is missing; give the date the content speaks for, like 2026-01-19")
	}
	switch review, _ := h.ReviewBy.First(); {
	case h.ReviewBy.IsZero():
	case h.ReviewBy.Precision() != Day || h.ReviewBy.IsInterval():
		c.bad("review_by", "is no single day; write one, like 2026-01-31")
	case h.AsOf.After(review):
		c.bad("review_by", "lies before as_of; write a later day")
	}
	c.provenance(h)
}

func (c *checker) refs(h *Envelope) {
	if len(h.Refs) == 0 {
		c.bad("refs", "is missing; give the item a short label such as F10")
	}
	if len(h.Refs) > 20 {
		c.bad("refs", "lists %d labels, at most 20 fit; remove some", len(h.Refs))
	}
	for _, ref := range h.Refs {
		if !refPattern.MatchString(ref) {
			c.bad("refs", "%q is no label; write up to four letters and up to five digits, like F10", clip(ref, 20))
		}
	}
}

// named checks the sections that an item stands in.
func (c *checker) named(h *Envelope) {
	if len(h.Sections) == 0 && h.ID.Kind().sectioned() {
		c.bad("sections", "is missing; name at least one section")
	}
	if len(h.Sections) > 20 {
		c.bad("sections", "names %d sections, at most 20 fit; remove some", len(h.Sections))
		return
	}
	for i, key := range h.Sections {
		if !c.sections[key] {
			c.bad("sections", "names the section %q, which does not exist; choose from %s", clip(key, 40), c.existing)
		}
		if slices.Contains(h.Sections[:i], key) {
			c.bad("sections", "names %q twice; remove one of them", clip(key, 40))
		}
	}
}

// oneSentence keeps a likelihood and a confidence apart (US ICD 203): a
// reader would take one for the other.
func (c *checker) oneSentence(field, text string) {
	lower := strings.ToLower(text)
	if !strings.Contains(lower, "confidence") {
		return
	}
	for _, sentence := range strings.FieldsFunc(lower, func(r rune) bool { return strings.ContainsRune(".;!?", r) }) {
		if !strings.Contains(sentence, "confidence") {
			continue
		}
		for _, term := range []Likelihood{RoughlyEven, Likely, Unlikely, AlmostCertain} {
			if strings.Contains(sentence, term.String()) {
				c.bad(field, "speaks of likelihood and confidence in one sentence; write a sentence for each, or use the fields")
				return
			}
		}
	}
}

// provenance keeps the rules of origin and sources.
func (c *checker) provenance(h *Envelope) {
	c.choice("origin", h.Origin)
	origin := cmp.Or(h.Origin, Stated)
	if (origin == Derived || origin == Inferred) && h.Basis == "" {
		c.bad("basis", "is missing; say what the item is %s from", origin)
	}
	c.text("basis", h.Basis, 280)
	if len(h.Sources) == 0 && origin != Derived && h.ID.Kind().sourced() {
		c.bad("sources", "is missing; cite at least one source")
	}
	if len(h.Sources) > maxCited {
		c.bad("sources", "cites %d sources, at most %d fit; remove some", len(h.Sources), maxCited)
		return
	}
	for i, s := range h.Sources {
		c.link("sources", s.Source, KindSource)
		c.text("sources", s.Locator, 80)
		c.choice("sources", s.Role)
		if slices.Contains(h.Sources[:i], s) {
			c.bad("sources", "cites %s twice alike; remove one, or give them different locators", s.Source)
		}
		if s.Credibility < 0 || s.Credibility > 6 {
			c.bad("sources", "credibility %d does not exist; write a digit from 1 (confirmed by independent sources) to 6 (cannot be judged)", s.Credibility)
		}
	}
	if slices.ContainsFunc(h.Sources, func(s Citation) bool { return s.Credibility == 1 }) && !c.independent(h.Sources) {
		c.bad("sources", "credibility 1 needs two independent sources; cite another one or grade it 2")
	}
}

// independent reports whether two of the primary sources have nothing in
// common: neither relays the other, nor both a third, cited or not.
func (c *checker) independent(cited []Citation) bool {
	var primary []int32
	for _, s := range cited {
		if _, ok := c.find(s.Source).(*Source); ok && (s.Role == Primary || s.Role == 0) {
			primary = append(primary, c.at[s.Source])
		}
	}
	return c.chains.apart(primary)
}

// translations keeps each translated text as short as what it stands for; it
// comes after the item's own rules, which say how long that may be.
func (c *checker) translations(h *Envelope) {
	for _, tag := range slices.Sorted(maps.Keys(h.Translations)) {
		switch tag {
		case "uk", "de", "fr":
		default:
			c.bad("translations", "%q is no language of sitrep; use uk, de or fr", clip(tag, 20))
			continue
		}
		texts := h.Translations[tag]
		for _, field := range slices.Sorted(maps.Keys(texts)) {
			most, has := c.limits[field]
			switch {
			case !slices.Contains(translatable(), field):
				c.bad("translations", "%q is not translated; use %s", clip(field, 20), strings.Join(translatable(), ", "))
			case !has:
				c.bad("translations", "an item of the kind %s has no %s to translate; remove it", h.ID.Kind(), field)
			default:
				c.translation(fmt.Sprintf("%s.%s", tag, field), texts[field], most)
			}
		}
	}
}

// translation checks one text and names it, since all of them share a field.
func (c *checker) translation(name, text string, most int) {
	one := &checker{}
	one.need("", text, most)
	for _, f := range one.faults {
		c.bad("translations", "%s %s", name, f.Say)
	}
}

// translatable are the texts that may be given in other languages.
func translatable() []string {
	return []string{
		"text", "bluf", "headline", "title", "definition", "why", "question", "caveat", "name",
		"trend_reason", "condition", "conditions", "unit", "place", "area", "side", "issue",
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
