package cards

import (
	"slices"
	"strings"

	"sitrep/briefings"
	"sitrep/words"
)

// Actors shows every person of the briefing by side: first who sat at the
// newest meeting, then everybody else.
func (t Telling) Actors() Card {
	var people []*briefings.Actor
	for _, a := range briefings.All[*briefings.Actor](t.Snapshot) {
		if a.Human() {
			people = append(people, a)
		}
	}
	c := Card{Title: "## " + t.say("actors.title", words.Args{"Count": len(people)}), Colour: Colour("")}
	table, seated := t.table()
	at, elsewhere := split(people, func(a *briefings.Actor) bool { return slices.Contains(seated, a.ID) })
	if len(at) > 0 {
		c.Blocks = append(c.Blocks, Block{Heading: t.heading("actors.table", words.Args{"Event": t.when(table)}), Lines: t.bySide(at)})
	}
	lines := t.bySide(elsewhere)
	if absent := t.absent(people, at); len(absent) > 0 {
		lines = append(lines, absent...)
	}
	c.Blocks = append(c.Blocks, Block{Heading: t.heading("actors.elsewhere", nil), Lines: lines})
	footer := []Markup{
		t.say("actors.roles", words.Args{"Date": t.Day(t.Snapshot.RecordedAt)}), t.say("footer.rev", words.Args{"Rev": t.Snapshot.Rev}),
	}
	if slices.ContainsFunc(people, func(a *briefings.Actor) bool { return t.Snapshot.Untranslated(a.Head().ID, t.Words.Tag()) }) {
		footer = append(footer, t.say("footer.english", nil))
	}
	c.Footer = []Markup{Join(footer, " · ")}
	c.Selects = []Select{t.pick(people, "")}
	return c.Fit(MostText, t.Words)
}

func (t Telling) heading(id string, args words.Args) Markup { return "**" + t.say(id, args) + "**" }

// table is the newest meeting of people of more than one side.
func (t Telling) table() (newest *briefings.Event, seated []briefings.ID) {
	for _, e := range briefings.All[*briefings.Event](t.Snapshot) {
		if e.Type != briefings.MeetingEvent || e.Valid.IsZero() || e.Happened != briefings.Yes || (newest != nil && e.Valid.Compare(newest.Valid) <= 0) {
			continue
		}
		var people []briefings.ID
		sides := map[string]bool{}
		for _, id := range e.Participants {
			if a, ok := t.Snapshot.Item(id).(*briefings.Actor); ok && a.Human() {
				people = append(people, id)
				sides[a.Side] = true
			}
		}
		if len(sides) > 1 {
			newest, seated = e, people
		}
	}
	return newest, seated
}

func (t Telling) when(e *briefings.Event) string {
	if e == nil {
		return ""
	}
	return strings.Trim(e.Place+", "+t.Date(e.Valid), ", ")
}

func split[T any](all []T, first func(T) bool) (yes, no []T) {
	for _, a := range all {
		if first(a) {
			yes = append(yes, a)
		} else {
			no = append(no, a)
		}
	}
	return yes, no
}

// bySide is a line for each side with its people, in label order.
func (t Telling) bySide(people []*briefings.Actor) []Line {
	var sides []string
	members := map[string][]Markup{}
	for _, a := range people {
		if members[a.Side] == nil {
			sides = append(sides, a.Side)
		}
		members[a.Side] = append(members[a.Side], Join([]Markup{Format("%s, %s", a.Name, t.role(a)), t.Label(a), t.caveat(a)}, " "))
	}
	var lines []Line
	for _, side := range sides {
		lines = append(lines, Line{Text: Format("**%s**  %s", strings.ToUpper(side), Join(members[side], " · "))})
	}
	return lines
}

// absent names the sides without a person, and those that were not at the table.
func (t Telling) absent(people, at []*briefings.Actor) []Line {
	var unnamed, away []string
	for _, a := range briefings.All[*briefings.Actor](t.Snapshot) {
		if a.Side == "" || (a.Is != briefings.StateActor && a.Name != a.Side) {
			continue
		}
		on := func(b *briefings.Actor) bool { return b.Side == a.Side }
		if !slices.ContainsFunc(people, on) && !slices.Contains(unnamed, a.Side) {
			unnamed = append(unnamed, a.Side)
		}
		if len(at) > 0 && !slices.ContainsFunc(at, on) && !slices.Contains(away, a.Side) {
			away = append(away, a.Side)
		}
	}
	var lines []Line
	for _, side := range unnamed {
		lines = append(lines, Line{Text: Format("**%s**  %s", strings.ToUpper(side), t.Words.Say("actors.no_person"))})
	}
	if len(away) > 0 {
		lines = append(lines, Line{Text: Format("**%s**  %s", t.Words.Say("actors.absent"), strings.Join(away, ", "))})
	}
	return lines
}

// pick lets the reader choose one of people; chosen is marked.
func (t Telling) pick(people []*briefings.Actor, chosen briefings.ID) Select {
	s := Select{Action: t.Link("actors").Pick("name"), Placeholder: t.Words.Say("actors.pick")}
	for _, a := range people[:min(25, len(people))] {
		s.Options = append(s.Options, Choice{Label: Clip(a.Name, 100), Value: string(a.ID), Description: Clip(t.role(a), 100), Chosen: a.ID == chosen})
	}
	return s
}

// Clip shortens s to at most n characters, the last of them an ellipsis.
func Clip(s string, n int) string {
	if runes := []rune(s); len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return s
}

// ActorLabel is how an actor is listed while a name is typed.
func (t Telling) ActorLabel(a *briefings.Actor) string {
	return Clip(a.Name+" · "+t.role(a), 100)
}

// Actor is one actor's profile.
func (t Telling) Actor(a *briefings.Actor) Card {
	c := Card{Title: Format("## %s %s", a.Name, t.Label(a)), Colour: Colour("")}
	about := []Line{}
	for _, tenure := range a.Tenures {
		about = append(about, Line{Text: "**" + t.tenure(tenure) + "**", Keep: true})
	}
	about = append(about, Line{Text: Escape(a.Text), Keep: true})
	if a.Side != "" {
		about = append(about, Line{Text: t.say("actors.side", words.Args{"Side": a.Side})})
	}
	if len(a.Aliases) > 0 {
		about = append(about, Line{Text: Format("%s %s", t.Words.Say("actors.aliases"), strings.Join(a.Aliases, ", "))})
	}
	for _, w := range t.warnings(a.ID, map[briefings.ID]bool{}) {
		about = append(about, Line{Text: w, Keep: true})
	}
	c.Blocks = []Block{{Lines: about}}
	c.Blocks = append(c.Blocks, t.traces(a.ID)...)
	c.Footer = t.FooterOf([]briefings.ID{a.ID})
	return c.Fit(MostText, t.Words)
}

func (t Telling) tenure(of briefings.Tenure) Markup {
	switch {
	case !of.From.IsZero() && !of.To.IsZero():
		return t.say("actors.role_span", words.Args{"Role": of.Role, "From": t.Date(of.From), "To": t.Date(of.To)})
	case !of.From.IsZero():
		return t.say("actors.role_since", words.Args{"Role": of.Role, "Date": t.Date(of.From)})
	}
	return Escape(of.Role)
}

// traces are what the briefing holds of an actor: events, positions, words.
func (t Telling) traces(id briefings.ID) []Block {
	var events, positions, said []briefings.ID
	for _, item := range t.Snapshot.Items() {
		switch x := item.(type) {
		case *briefings.Event:
			if slices.Contains(x.Participants, id) {
				events = append(events, x.ID)
			}
		case *briefings.Position:
			if x.Actor == id {
				positions = append(positions, x.ID)
			}
		case *briefings.Statement:
			if x.Speaker == id {
				said = append(said, x.ID)
			}
		case *briefings.Figure:
			if x.SaidBy == id {
				said = append(said, x.ID)
			}
		}
	}
	var blocks []Block
	for _, part := range []struct {
		heading string
		ids     []briefings.ID
	}{{"actors.events", events}, {"actors.positions", positions}, {"actors.statements", said}} {
		if len(part.ids) > 0 {
			blocks = append(blocks, Block{Heading: t.heading(part.heading, nil), Lines: t.Lines(part.ids)})
		}
	}
	return blocks
}
