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

// The bounds of what one item names.
const (
	maxNamed = 50  // items in one list
	maxCited = 20  // sources, of which every two may have to be compared
	maxChain = 100 // items that follow from one another, like versions of a plan
)

// A Fault is one broken rule, with what to do about it. Item is empty where no
// single one is to blame.
type Fault struct {
	Item  ID
	Field string // as in the file form
	Message
}

func (f Fault) Error() string { return fmt.Sprintf("%s: %s: %s", f.Item, f.Field, f.Say) }

// Check applies every rule to items as one desk and returns all that is
// broken, in the order of items. After a thousand faults it stops, and the
// last one, which is no item's, says so. What an item says of the past is
// judged by the day it is at now, anywhere on earth.
func Check(items []Item, now time.Time) []Fault {
	c := &checker{
		latest: latestDay(now), items: items, at: make(map[ID]int32, len(items)),
		sections: map[string]bool{}, commands: map[string]ID{}, labels: make(map[string]ID, len(items)), limits: map[string]int{},
		zones: map[string]bool{}, names: map[Kind][]named{},
	}
	if len(items) > MaxItems {
		c.bad("", "fault.many_items", "a desk holds at most {{.Most}} items, these are {{.Number}}; remove some", args{"Most": MaxItems, "Number": len(items)})
	}
	for i, item := range items {
		c.register(i, item)
	}
	if c.item = ""; c.live > MaxSections {
		c.bad("", "fault.many_live_sections", "a desk holds at most {{.Most}} sections that are not retired, these are {{.Number}}; retire some", args{"Most": MaxSections, "Number": c.live})
	}
	c.chains = newChains(items, c.at, follows)
	c.existing = c.sectionKeys()
	for _, item := range items {
		if c.more {
			break
		}
		c.item = item.Head().ID
		clear(c.limits)
		c.envelope(item)
		item.check(c)
		c.translations(item.Head())
	}
	if c.more {
		c.faults = append(c.faults, Fault{Message: message("fault.more", "there are more than these {{.Most}} faults; mend them first, then check again", args{"Most": maxFaults})})
	}
	return c.faults
}

// checker gathers the faults of the item it is at.
type checker struct {
	latest   time.Time // the day it is at the date line
	item     ID
	limits   map[string]int // how long each text of the item may be
	items    []Item
	at       map[ID]int32 // where in items each is
	chains   *chains
	sections map[string]bool
	live     int             // sections that are not retired
	commands map[string]ID   // the section that took each so far
	labels   map[string]ID   // the item that took each so far
	zones    map[string]bool // whether each that was asked for exists
	faults   []Fault
	more     bool // than faults holds
	hints    int
	names    map[Kind][]named // of those that a hint was looked for among
	existing string           // the sections, for messages
}

// latestDay is the furthest day that it is anywhere on earth at now: 14 hours
// ahead of UTC.
func latestDay(now time.Time) time.Time {
	return now.UTC().Add(14 * time.Hour).Truncate(24 * time.Hour)
}

// find returns the item with id, nil where there is none.
func (c *checker) find(id ID) Item {
	if at, ok := c.at[id]; ok {
		return c.items[at]
	}
	return nil
}

// register notes what other items may name, and what no two may share.
func (c *checker) register(at int, item Item) {
	h := item.Head()
	c.item = h.ID
	if c.find(h.ID) != nil {
		c.bad("id", "fault.id_twice", "{{.Item}} is used twice; give one of them another name", args{"Item": clip(string(h.ID), 64)})
	}
	c.at[h.ID] = int32(at)
	if h.ID.Kind() == KindSection {
		c.sections[h.ID.name()] = true
		if s, ok := item.(*Section); ok && s.Retired == nil {
			c.live++
		}
	}
	for _, ref := range h.Refs {
		label := strings.ToUpper(ref)
		if first, taken := c.labels[label]; taken {
			c.bad("refs", "fault.label_taken", "{{.Item}} already has the label {{.Label}}; choose another", args{"Item": first, "Label": clip(ref, 20)})
		}
		c.labels[label] = h.ID
	}
}

// bad reports a fault of the item that the checker is at: the phrase, its
// English, and its parameters, if it has any.
func (c *checker) bad(field, phrase, english string, with ...args) {
	all := args{}
	for _, some := range with {
		maps.Copy(all, some)
	}
	c.fault(field, message(phrase, english, all))
}

func (c *checker) fault(field string, what Message) {
	if len(c.faults) >= maxFaults {
		c.more = true
		return
	}
	c.faults = append(c.faults, Fault{Item: c.item, Field: field, Message: what})
}

// text checks a text shown to people: its length in characters and what it is
// made of. Nothing in it may steer a screen: no control characters, no
// direction overrides.
func (c *checker) text(field, value string, most int) {
	if c.limits != nil {
		c.limits[field] = most
	}
	if !utf8.ValidString(value) {
		c.bad(field, "fault.no_utf8", "is not valid UTF-8; save it as UTF-8")
		return
	}
	if n := utf8.RuneCountInString(value); n > most {
		c.bad(field, "fault.too_long", "has {{.Number}} characters, at most {{.Most}} fit; shorten it", args{"Number": n, "Most": most})
	}
	if i := strings.IndexFunc(value, steers); i >= 0 {
		if r, _ := utf8.DecodeRuneInString(value[i:]); r == '\n' {
			c.bad(field, "fault.line_break", "holds a line break; write it as one line")
		} else {
			c.bad(field, "fault.invisible", "holds the invisible character {{.Character}}; remove it", args{"Character": fmt.Sprintf("%U", r)})
		}
	}
}

// steers reports whether r may not stand in a text: it has no shape, or means
// something to a screen only.
func steers(r rune) bool {
	const joiner, nonJoiner = '\u200d', '\u200c'              // which scripts and emoji need
	if r >= ' ' && r <= '~' || r > '\u00ad' && r < '\u0600' { // most letters: the tables take long
		return false
	}
	return r != joiner && r != nonJoiner && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp)
}

// need is text that must not be empty.
func (c *checker) need(field, value string, most int) {
	c.text(field, value, most)
	if strings.TrimSpace(value) == "" {
		c.bad(field, "fault.missing", "is missing; write it")
	}
}

// texts checks a list of texts: how many there are, each of them, and that
// none stands twice.
func (c *checker) texts(field string, list []string, entries, most int) {
	if len(list) > entries {
		c.bad(field, "fault.many_texts", "lists {{.Number}}, at most {{.Most}} fit; remove some", args{"Number": len(list), "Most": entries})
		return
	}
	for i, text := range list {
		c.need(field, text, most)
		if slices.Contains(list[:i], text) {
			c.bad(field, "fault.text_twice", `lists "{{.Text}}" twice; remove one of them`, args{"Text": quoted(text, 40)})
		}
	}
}

// past checks that date, if there is one, has come and been.
func (c *checker) past(field string, date EDTF) {
	if _, ends := date.Last(); !ends && !date.IsZero() {
		c.bad(field, "fault.endless", "{{.Date}} has no end; write a date up to {{.Latest}}", args{"Date": date, "Latest": c.latest.Format(time.DateOnly)})
	} else if date.After(c.latest) {
		c.bad(field, "fault.future", "{{.Date}} has not come yet; write a date up to {{.Latest}}", args{"Date": date, "Latest": c.latest.Format(time.DateOnly)})
	}
}

// choosable is what every [Choice] is.
type choosable interface {
	word() (string, bool)
	listed() string
}

// chosen checks that a choice was made, and that it is one.
func (c *checker) chosen(field string, v choosable) {
	if word, ok := v.word(); ok && word == "" {
		c.bad(field, "fault.no_choice", "is missing; choose one of {{.List}}", args{"List": v.listed()})
	}
	c.choice(field, v)
}

// choice is chosen where nothing may be.
func (c *checker) choice(field string, v choosable) {
	if _, ok := v.word(); !ok {
		c.bad(field, "fault.bad_choice", "is {{.Value}}; choose one of {{.List}}", args{"Value": v, "List": v.listed()})
	}
}

// link checks that id names another item, of one of kinds, any where none is
// given.
func (c *checker) link(field string, id ID, kinds ...Kind) {
	switch {
	case id == "":
		c.bad(field, "fault.no_id", "is missing; write the id of an item, like {{.Kind}}/name", args{"Kind": append(kinds, KindFigure)[0]})
	case c.find(id) == nil:
		c.fault(field, c.unknown(id))
	case id == c.item:
		c.bad(field, "fault.itself", "names the item itself; name another, or remove it")
	case len(kinds) > 0 && !slices.Contains(kinds, id.Kind()):
		c.bad(field, "fault.wrong_kind", "names {{.Item}}, but must name one of these kinds: {{.List}}", args{"Item": id, "List": join(kinds)})
	}
}

// unknown says that no item has this id, and which may have been meant.
func (c *checker) unknown(id ID) Message {
	name := clip(string(id), 64)
	if near := c.near(id); near != "" {
		return message("fault.misspelt_item", "names {{.Item}}, which does not exist; did you mean {{.Nearest}}?", args{"Item": name, "Nearest": near})
	}
	return message("fault.unknown_item", "names {{.Item}}, which does not exist; name one that does, or remove it", args{"Item": name})
}

// near is the item that may have been meant by id; empty where none is near, or
// enough were looked for.
func (c *checker) near(id ID) ID {
	if c.hints++; c.hints > maxHints {
		return ""
	}
	return nearest(id.name(), func(yield func(ID, string) bool) {
		for _, other := range c.namesOf(id.Kind()) {
			if other.id != c.item && !yield(other.id, other.folded) {
				return
			}
		}
	})
}

// A named is an item and the form in which its name is compared.
type named struct {
	id     ID
	folded string
}

// namesOf are the items of kind, in order.
func (c *checker) namesOf(kind Kind) []named {
	names, known := c.names[kind]
	if !known {
		for id := range c.at {
			if id.Kind() == kind {
				names = append(names, named{id, Fold(id.name())})
			}
		}
		slices.SortFunc(names, func(a, b named) int { return cmp.Compare(a.id, b.id) })
		c.names[kind] = names
	}
	return names
}

// links checks a list of at most most items, none of them twice.
func (c *checker) links(field string, ids []ID, most int, kinds ...Kind) {
	if len(ids) > most {
		c.bad(field, "fault.many_links", "names {{.Number}} items, at most {{.Most}} fit; remove some", args{"Number": len(ids), "Most": most})
		return
	}
	for i, id := range ids {
		c.link(field, id, kinds...)
		if slices.Contains(ids[:i], id) {
			c.bad(field, "fault.link_twice", "names {{.Item}} twice; remove one of them", args{"Item": clip(string(id), 64)})
		}
	}
}

// optional is a link that may be empty.
func (c *checker) optional(field string, id ID, kinds ...Kind) {
	if id != "" {
		c.link(field, id, kinds...)
	}
}

// line checks that what follows from the item never leads back to it and ends
// soon.
func (c *checker) line(field string) {
	own := c.at[c.item]
	switch reached := c.chains.from(own); {
	case slices.Contains(reached, own) && !slices.Contains(c.chains.after(own), own): // [checker.link] reports that
		c.bad(field, "fault.circle", "leads back to the item itself; remove one of the links of the circle")
	case len(reached) > maxChain:
		c.bad(field, "fault.long_chain", "leads on to more than {{.Most}} items; name the first of them instead", args{"Most": maxChain})
	}
}

func (c *checker) sectionKeys() string {
	keys := slices.Sorted(maps.Keys(c.sections))
	if len(keys) > 20 {
		keys = append(keys[:20], "more")
	}
	return cmp.Or(strings.Join(keys, ", "), "none")
}
