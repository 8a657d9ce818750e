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
	if wrong := checkID(string(h.ID)); wrong.Say != "" {
		c.fault("id", wrong)
	} else if reflect.TypeOf(item) != reflect.TypeOf(NewItem(kind)) {
		c.bad("id", "fault.kind_mixed", "is of the kind {{.Kind}}, but the fields are those of another; give the item an id of its own kind", args{"Kind": kind})
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
		c.bad("as_of", "fault.no_as_of", "is missing; give the date the content speaks for, like 2026-01-19")
	}
	switch review, _ := h.ReviewBy.First(); {
	case h.ReviewBy.IsZero():
	case h.ReviewBy.Precision() != Day || h.ReviewBy.IsInterval():
		c.bad("review_by", "fault.review_no_day", "is no single day; write one, like 2026-01-31")
	case h.AsOf.After(review):
		c.bad("review_by", "fault.review_early", "lies before as_of; write a later day")
	}
	c.provenance(h)
}

func (c *checker) refs(h *Envelope) {
	if len(h.Refs) == 0 {
		c.bad("refs", "fault.no_refs", "is missing; give the item a short label such as F10")
	}
	if len(h.Refs) > 20 {
		c.bad("refs", "fault.many_refs", "lists {{.Number}} labels, at most 20 fit; remove some", args{"Number": len(h.Refs)})
	}
	for _, ref := range h.Refs {
		if !refPattern.MatchString(ref) {
			c.bad("refs", "fault.no_label", `"{{.Text}}" is no label; write up to four letters and up to five digits, like F10`, args{"Text": quoted(ref, 20)})
		}
	}
}

// named checks the sections that an item stands in.
func (c *checker) named(h *Envelope) {
	if len(h.Sections) == 0 && h.ID.Kind().Sectioned() {
		c.bad("sections", "fault.no_sections", "is missing; name at least one section")
	}
	if len(h.Sections) > 20 {
		c.bad("sections", "fault.many_sections", "names {{.Number}} sections, at most 20 fit; remove some", args{"Number": len(h.Sections)})
		return
	}
	for i, key := range h.Sections {
		if !c.sections[key] {
			c.bad("sections", "fault.unknown_section", `names the section "{{.Text}}", which does not exist; choose from {{.List}}`, args{"Text": quoted(key, 40), "List": c.existing})
		}
		if slices.Contains(h.Sections[:i], key) {
			c.bad("sections", "fault.section_twice", `names "{{.Text}}" twice; remove one of them`, args{"Text": quoted(key, 40)})
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
				c.bad(field, "fault.one_sentence", "speaks of likelihood and confidence in one sentence; write a sentence for each, or use the fields")
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
		c.bad("basis", "fault.no_basis", "is missing; say what the item is {{.Origin}} from", args{"Origin": origin})
	}
	c.text("basis", h.Basis, 280)
	if len(h.Sources) == 0 && origin != Derived && h.ID.Kind().sourced() {
		c.bad("sources", "fault.no_sources", "is missing; cite at least one source")
	}
	if len(h.Sources) > maxCited {
		c.bad("sources", "fault.many_sources", "cites {{.Number}} sources, at most {{.Most}} fit; remove some", args{"Number": len(h.Sources), "Most": maxCited})
		return
	}
	for i, s := range h.Sources {
		c.link("sources", s.Source, KindSource)
		c.text("sources", s.Locator, 80)
		c.choice("sources", s.Role)
		if slices.Contains(h.Sources[:i], s) {
			c.bad("sources", "fault.source_twice", "cites {{.Item}} twice alike; remove one, or give them different locators", args{"Item": s.Source})
		}
		if s.Credibility < 0 || s.Credibility > 6 {
			c.bad("sources", "fault.credibility_range", "credibility {{.Number}} does not exist; write a digit from 1 (confirmed by independent sources) to 6 (cannot be judged)", args{"Number": s.Credibility})
		}
	}
	if slices.ContainsFunc(h.Sources, func(s Citation) bool { return s.Credibility == 1 }) && !c.independent(h.Sources) {
		c.bad("sources", "fault.credibility_alone", "credibility 1 needs two independent sources; cite another one or grade it 2")
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
			c.bad("translations", "fault.no_language", `"{{.Text}}" is no language of sitrep; use uk, de or fr`, args{"Text": quoted(tag, 20)})
			continue
		}
		texts := h.Translations[tag]
		for _, field := range slices.Sorted(maps.Keys(texts)) {
			most, has := c.limits[field]
			switch {
			case !slices.Contains(translatable(), field):
				c.bad("translations", "fault.not_translatable", `"{{.Text}}" is not translated; use {{.List}}`, args{"Text": quoted(field, 20), "List": strings.Join(translatable(), ", ")})
			case !has:
				c.bad("translations", "fault.nothing_to_translate", "an item of the kind {{.Kind}} has no {{.Field}} to translate; remove it", args{"Kind": h.ID.Kind(), "Field": field})
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
		c.bad("translations", "fault.translation", "{{.Name}} {{.Fault}}", args{"Name": name, "Fault": f.Message})
	}
}

// translatable are the texts that may be given in other languages.
func translatable() []string {
	return []string{
		"text", "bluf", "headline", "title", "definition", "why", "question", "caveat", "name",
		"trend_reason", "condition", "conditions", "unit", "place", "area", "side", "issue",
	}
}

// Sectioned reports whether an item of this kind must name a section.
func (k Kind) Sectioned() bool {
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
