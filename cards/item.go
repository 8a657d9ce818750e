package cards

import (
	"strconv"
	"strings"

	"sitrep/briefings"
	"sitrep/words"
)

// Item is one item in full: what it says, how far it holds and who says so,
// what stands against it, where it comes from, and what was done to it.
func (t Telling) Item(item briefings.Item, history []briefings.Revision, at Leaf) Card {
	h := item.Head()
	c := Card{Title: Format("## %s · %s", t.Words.Say("kind.one."+string(h.ID.Kind())), h.Ref()), Colour: Colour("")}
	c.Blocks = []Block{{Lines: []Line{{Text: t.full(item), Keep: true}}}}
	shown := []briefings.ID{h.ID}
	for _, cited := range h.Sources {
		shown = append(shown, cited.Source)
	}
	c.Footer = t.FooterOf(shown)
	blocks := []Block{
		{Lines: t.facts(item)},
		{Heading: t.heading("item.conflicts", nil), Lines: t.conflictsOf(h.ID)},
		{Heading: t.heading("item.sources", nil), Lines: t.citations(h)},
		{Heading: t.heading("item.history", nil), Lines: t.history(history)},
	}
	c.Buttons = []Button{{Action: t.Link("help", "topic", "legend").Open(), Label: t.Words.Say("button.legend")}}
	return t.Paged(c, blocks, at)
}

// full is an item's line with its text, in one piece with what a reader must be
// warned of.
func (t Telling) full(item briefings.Item) Markup {
	said, id := t.core(item), item.Head().ID
	if text := Escape(item.Head().Text); !strings.Contains(string(said), string(text)) {
		said = Join([]Markup{said + "\n" + text, t.outdated(item, "text")}, " ")
	}
	return Join(append([]Markup{said}, append(t.warnings(id, map[briefings.ID]bool{}), t.marks(id))...), " ")
}

// facts are the fields that the first line leaves out.
func (t Telling) facts(item briefings.Item) []Line {
	h := item.Head()
	var lines []Line
	add := func(id, value string) {
		if value != "" {
			lines = append(lines, Line{Text: "• " + Join([]Markup{t.say(id, nil), Escape(value)}, " ")})
		}
	}
	switch x := item.(type) {
	case *briefings.Event:
		add("fact.participants", t.names(x.Participants))
		add("fact.control", x.Control)
		if x.Key {
			add("fact.certainty", t.Words.Say("certainty."+x.Certainty.String()))
		}
	case *briefings.Figure:
		add("fact.series", x.Series)
		add("fact.area", x.Area)
		add("fact.inflicted_by", t.names([]briefings.ID{x.InflictedBy}))
	case *briefings.Statement:
		add("fact.said_on", t.dateOr(x.SaidOn))
		add("fact.channel", x.Channel)
		add("fact.about", t.refs(x.About))
	case *briefings.Position:
		add("fact.actor", t.names([]briefings.ID{x.Actor}))
		add("fact.stance", t.Words.Say("stance."+x.Stance.String()))
		add("fact.conditions", x.Conditions)
		add("fact.statements", t.refs(x.Statements))
	case *briefings.Assessment:
		add("fact.alternatives", strings.Join(x.Alternatives, " · "))
		add("fact.resolved_as", x.ResolvedAs)
	case *briefings.Question:
		add("fact.why", x.Why)
		add("fact.would_answer", x.WouldAnswer)
		add("fact.answered_by", t.refs(x.AnsweredBy))
	case *briefings.Plan:
		add("fact.aka", strings.Join(x.Aka, ", "))
		add("fact.authors", t.names(x.Authors))
		add("fact.plan_status", t.Words.Say("plan."+x.Status.String()))
	case *briefings.Conflict:
		add("fact.members", t.refs(x.Members))
	}
	add("fact.valid", t.dateOr(h.Valid))
	add("fact.as_of", t.dateOr(h.AsOf))
	add("fact.basis", h.Basis)
	return lines
}

func (t Telling) dateOr(e briefings.EDTF) string {
	if e.IsZero() {
		return ""
	}
	return t.Date(e)
}

// refs names items by their labels.
func (t Telling) refs(ids []briefings.ID) string {
	var all []string
	for _, id := range ids {
		if item := t.Snapshot.Item(id); item != nil {
			all = append(all, item.Head().Ref())
		}
	}
	return strings.Join(all, ", ")
}

func (t Telling) conflictsOf(id briefings.ID) []Line {
	var lines []Line
	for _, x := range t.Snapshot.Conflicts(id) {
		lines = append(lines, t.conflict(x))
	}
	return lines
}

// citations are the item's sources, with both of their grades in words: the
// letter is the source's, the digit the link's (NATO AJP-2.1).
func (t Telling) citations(h *briefings.Envelope) []Line {
	var lines []Line
	for _, cited := range h.Sources {
		s, ok := t.Snapshot.Item(cited.Source).(*briefings.Source)
		if !ok {
			continue
		}
		letter, digit := s.Grade().String(), cited.Credibility.Grade()
		grade := t.say("item.grade", words.Args{
			"Letter": letter, "Reliability": t.Words.Say("sources." + letter),
			"Digit": digit, "Credibility": t.Words.Say("credibility." + strconv.Itoa(digit)),
		})
		line := Join([]Markup{t.core(s), t.Label(s), grade}, " ")
		if cited.Locator != "" {
			line += Format(" (%s)", cited.Locator)
		}
		if s.URL != "" {
			line += " " + link(s.URL)
		}
		lines = append(lines, Line{Text: "• " + line})
	}
	return lines
}

// history lists what was done to the item, the newest first.
func (t Telling) history(revs []briefings.Revision) []Line {
	var lines []Line
	for i := len(revs) - 1; i >= 0; i-- {
		r := revs[i]
		line := t.say("item.revision", words.Args{"Rev": r.Rev, "Date": t.Day(r.RecordedAt), "What": t.Words.Say("op." + string(r.Op))})
		if r.Reason != "" {
			line += Format(": %s", r.Reason)
		}
		lines = append(lines, Line{Text: "• " + line})
	}
	return lines
}
