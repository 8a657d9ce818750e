package briefings

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// A Section is one topic of a desk, with a slash command of its own. Its key,
// which other items name, is the name part of its id.
type Section struct {
	Envelope    `yaml:",inline"`
	Command     string `json:"command"`
	Title       string `json:"title"`
	Bluf        string `json:"bluf"` // bottom line up front
	Why         string `json:"why,omitempty"`
	Trend       Trend  `json:"trend,omitempty"`
	TrendReason string `json:"trend_reason,omitempty"`
	RiskAlert   *Flag  `json:"risk_alert,omitempty"`
	Opportunity *Flag  `json:"opportunity,omitempty"`
	Order       int    `json:"order"`
	Colour      string `json:"colour,omitempty"` // "0072B2"
	// Closed is the last day on which the section was kept up; from then on
	// its items are history, and nobody is asked to review them.
	Closed EDTF `json:"closed,omitzero"`
	// Retired sections have no slash command of their own and are on no list of
	// sections; their items stay, as history. They keep their command's name.
	Retired *Retirement `json:"retired,omitempty"`
	// Highlights are the items of the first screen, in reading order;
	// positions on one issue that stand side by side share a line.
	Highlights []ID `json:"highlights,omitempty"`
	// Watch are the questions and key dates that the first screen ends with.
	Watch []ID `json:"watch,omitempty"`
}

// A Retirement says to readers why a section is kept up no more.
type Retirement struct {
	Reason  string `json:"reason"`
	Instead ID     `json:"instead,omitempty"` // the section to read now
}

// A Flag is a curator's alert with the day after which it is shown struck out.
type Flag struct {
	Text    string `json:"text"`
	Expires EDTF   `json:"expires"`
}

// Trend is where a section is heading.
type Trend = Choice[trends]

// The trends.
const (
	Deteriorated Trend = iota + 1
	Unchanged
	Improved
)

type trends struct{}

func (trends) lexicon() (what, words string) {
	return "trend", "deteriorated|unchanged|improved"
}

var (
	refPattern     = regexp.MustCompile(`^[A-Z]{1,4}[0-9]{1,5}$`)
	commandPattern = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{N}_-]{1,32}$`)
	colourPattern  = regexp.MustCompile(`^[0-9A-F]{6}$`)
)

// MaxSections is how many sections of a desk may have a slash command at a time.
// Discord takes 100 from one application, and sitrep itself has some.
const MaxSections = 80

// reserved are the commands that no section may take.
func reserved() []string {
	return []string{
		"brief", "actors", "positions", "timeline", "dates", "figures", "claims", "watch", "search",
		"changes", "sources", "help", "item", "digest", "desk", "privacy",
	}
}

// name is the part of an id after the slash.
func (id ID) name() string {
	_, name, _ := strings.Cut(string(id), "/")
	return name
}

// Key is how other items name the section.
func (s *Section) Key() string { return s.ID.name() }

// SectionID is the id of the section with that key.
func SectionID(key string) ID { return ID(string(KindSection) + "/" + key) }

// CommandIn is the section's command as people read it in a language: its
// translated title in the form that Discord takes, or its command where the
// title is not translated or has no such form.
func (s *Section) CommandIn(tag string) string {
	title := strings.ToLower(s.Translations[tag]["title"])
	name := strings.Join(strings.FieldsFunc(title, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }), "-")
	if !commandPattern.MatchString(name) {
		return s.Command
	}
	return name
}

func (s *Section) check(c *checker) {
	if !commandPattern.MatchString(s.Command) {
		c.bad("command", "fault.no_command", `"{{.Text}}" can't be a slash command; write up to 32 lower-case letters, digits, - or _`, args{"Text": quoted(s.Command, 40)})
	}
	if slices.Contains(reserved(), s.Command) {
		c.bad("command", "fault.command_reserved", "/{{.Command}} is a command of sitrep itself; choose another name", args{"Command": s.Command})
	}
	if first, taken := c.commands[s.Command]; taken {
		c.bad("command", "fault.command_taken", "/{{.Command}} already belongs to {{.Item}}; choose another name", args{"Command": clip(s.Command, 40), "Item": first})
	}
	c.commands[s.Command] = s.ID
	c.need("title", s.Title, 60)
	c.need("bluf", s.Bluf, 200)
	c.text("why", s.Why, 160)
	c.text("trend_reason", s.TrendReason, 120)
	if s.Trend != 0 && s.TrendReason == "" {
		c.bad("trend_reason", "fault.no_trend_reason", "is missing; say why, since a trend is never shown without its reason")
	}
	c.choice("trend", s.Trend)
	if s.Trend == 0 && s.TrendReason != "" {
		c.bad("trend", "fault.no_trend", "is missing; choose one of {{.List}}, or remove trend_reason", args{"List": s.Trend.listed()})
	}
	c.flag("risk_alert", s.RiskAlert, s.AsOf)
	c.flag("opportunity", s.Opportunity, s.AsOf)
	if s.Order < 0 || s.Order > 1000 {
		c.bad("order", "fault.order_range", "{{.Number}} is out of range; write a number from 0 to 1000", args{"Number": s.Order})
	}
	if !s.Closed.IsZero() && (s.Closed.Precision() != Day || s.Closed.IsInterval()) {
		c.bad("closed", "fault.closed_day", "must be a day; write it like 2026-01-31")
	}
	if s.Colour != "" && !colourPattern.MatchString(s.Colour) {
		c.bad("colour", "fault.no_colour", `"{{.Text}}" is no colour; write six hexadecimal digits, like 0072B2`, args{"Text": quoted(s.Colour, 20)})
	}
	if s.Retired != nil {
		c.need("retired", s.Retired.Reason, 200)
		c.optional("retired", s.Retired.Instead, KindSection)
	}
	c.links("highlights", s.Highlights, 30)
	c.links("watch", s.Watch, 30, KindQuestion, KindEvent)
	for _, id := range s.Watch {
		if e, ok := c.find(id).(*Event); ok && !e.Key {
			c.bad("watch", "fault.watch_no_key_date", "names {{.Item}}, which is no key date; set its key to true, or remove it here", args{"Item": id})
		}
	}
}

func (c *checker) flag(field string, f *Flag, asOf EDTF) {
	if f == nil {
		return
	}
	c.need(field, f.Text, 160)
	switch last, ok := f.Expires.Last(); {
	case !ok:
		c.bad(field, "fault.flag_endless", "has no end; set expires to the last day it counts, like 2026-01-31")
	case asOf.After(last):
		c.bad(field, "fault.flag_expired", "expires before the section's as_of; write a later day, or remove it")
	}
}
