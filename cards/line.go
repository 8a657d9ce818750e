package cards

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"sitrep/briefings"
	"sitrep/words"
)

// Line words one item on one line: what it says, who says so, its labels, and
// ⚠ with whatever a reader must be warned of. It is empty for an id that the
// snapshot does not hold.
func (t Telling) Line(id briefings.ID) Markup { return t.line(id, map[briefings.ID]bool{}) }

// line is Line where the conflicts in told need no explaining again.
func (t Telling) line(id briefings.ID, told map[briefings.ID]bool) Markup {
	item := t.Snapshot.Item(id)
	if item == nil {
		return ""
	}
	parts := []Markup{t.core(item), t.Label(item)}
	parts = append(parts, t.warnings(id, told)...)
	return Join(append(parts, t.marks(id)), " ")
}

// lead is what a line begins with and the colon behind it, which French sets off.
func (t Telling) lead(with Markup) Markup {
	return "**" + t.say("line.lead", words.Args{"Lead": with}) + "** "
}

// core is the line without labels and warnings.
func (t Telling) core(item briefings.Item) Markup {
	switch x := item.(type) {
	case *briefings.Figure:
		return t.figure(x)
	case *briefings.Event:
		return t.event(x)
	case *briefings.Position:
		return t.lead(Escape(x.Issue)) + Escape(x.Text)
	case *briefings.Statement:
		return t.statement(x)
	case *briefings.Plan:
		return t.lead(Escape(x.Title)) + Escape(x.Text)
	case *briefings.Assessment:
		return t.assessment(x)
	case *briefings.Question:
		return Escape(x.Question)
	case *briefings.Actor:
		return Format("**%s**, %s", x.Name, t.role(x))
	case *briefings.Section:
		return t.lead(Escape(x.Title)) + Escape(x.Bluf)
	case *briefings.Source:
		if x.Publisher == "" {
			return Format("**%s**", x.Title)
		}
		return Format("**%s** %s", x.Publisher, x.Title)
	}
	return Escape(item.Head().Text)
}

func (t Telling) figure(f *briefings.Figure) Markup {
	glyph, word, _ := strings.Cut(t.Words.Say("status."+f.Status.String()), " ")
	if t.openConflict(f.ID) {
		glyph = "⚠"
	}
	line := Join([]Markup{Format("%s **%s**", glyph, t.Number(f)), Escape(f.Definition)}, " ")
	if f.SaidBy == "" {
		return Join([]Markup{line, t.say("line.unattributed", words.Args{"Status": word})}, " ")
	}
	return Join([]Markup{line, t.say("said_by."+f.Status.String(), words.Args{"Speaker": t.Snapshot.Name(f.SaidBy)})}, " ")
}

// openConflict reports whether the item is a member of a conflict that nobody
// has settled.
func (t Telling) openConflict(id briefings.ID) bool {
	for _, x := range t.Snapshot.Conflicts(id) {
		if x.State == briefings.OpenConflict {
			return true
		}
	}
	return false
}

// disputes names the conflicts about an item that nobody has settled, for lines
// that have no room for what they are.
func (t Telling) disputes(id briefings.ID) Markup {
	var all []Markup
	for _, x := range t.Snapshot.Conflicts(id) {
		if x.State == briefings.OpenConflict {
			all = append(all, "⚠ "+t.Label(x))
		}
	}
	return Join(all, " ")
}

func (t Telling) event(e *briefings.Event) Markup {
	line := Escape(cmp.Or(e.Text, e.Headline))
	if head := Join([]Markup{t.dated(e), Escape(e.Place)}, ", "); head != "" {
		line = t.lead(head) + line
	}
	if e.Valid.IsZero() {
		line = Join([]Markup{line, t.origin(e)}, " ")
	}
	if e.Condition != "" {
		line += " " + t.say("line.condition", words.Args{"Condition": strings.TrimSuffix(e.Condition, ".")})
	}
	switch e.Happened {
	case briefings.No, briefings.Cancelled, briefings.Moved:
		line += Format(" (%s)", t.Words.Say("happened."+e.Happened.String()))
	}
	if said, ended := t.countdown(e); ended && e.Happened == briefings.Scheduled {
		line += Format(" (%s)", said) // nobody recorded what became of it
	}
	switch e.Outcome {
	case "":
		return line
	case "unknown":
		return line + " " + t.say("line.outcome_unknown", nil)
	}
	return line + " " + t.say("line.outcome", words.Args{"Outcome": strings.TrimSuffix(e.Outcome, ".")})
}

// dated is when the event is, with where that is known from if not from a
// report: at the date, for it is the date that mostly comes from elsewhere.
func (t Telling) dated(e *briefings.Event) Markup {
	if e.Valid.IsZero() {
		return ""
	}
	return Join([]Markup{Escape(t.Date(e.Valid)), t.origin(e)}, " ")
}

// origin says that an event was not reported as it stands.
func (t Telling) origin(e *briefings.Event) Markup {
	switch e.Origin {
	case briefings.External:
		return Format("(%s)", t.Words.Say("line.external"))
	case briefings.Inferred:
		return Format("(%s)", t.Words.Say("line.inferred"))
	}
	return ""
}

func (t Telling) statement(s *briefings.Statement) Markup {
	said := Escape(cmp.Or(s.Gist, s.Text))
	if s.Quote != "" {
		said = t.say("line.quote", words.Args{"Text": s.Quote})
	}
	if s.Speaker != "" {
		speaker := t.Snapshot.Name(s.Speaker)
		if s.Channel != "" {
			speaker += " (" + s.Channel + ")"
		}
		said = t.lead(Escape(speaker)) + said
	}
	// that it was said, and that it holds, are two things
	return said + Format(" — %s, %s", t.Words.Say("attribution."+s.Attribution.String()), t.Words.Say("truth."+s.Truth.String()))
}

// assessment keeps likelihood and confidence in sentences of their own (US ICD 203).
func (t Telling) assessment(a *briefings.Assessment) Markup {
	line := Join([]Markup{t.say("status.assessment", words.Args{"Author": t.Snapshot.Name(a.Author)}), Escape(a.Judgement)}, " ")
	if low, high := briefings.Band(a.Likelihood); high > 0 {
		line += " " + t.say("line.likelihood", words.Args{"Term": t.Words.Say("likelihood." + a.Likelihood.String()), "Low": low, "High": high})
	}
	return line + "\n" + t.say("line.confidence", words.Args{
		"Confidence": t.Words.Say("confidence." + a.Confidence.String()), "Basis": strings.TrimSuffix(a.Basis, "."),
	})
}

// role is the first role an actor has, or what its text says.
func (t Telling) role(a *briefings.Actor) string {
	if len(a.Tenures) > 0 {
		return a.Tenures[0].Role
	}
	return a.Text
}

// Label is the item's ref, set apart so that people can quote it.
func (t Telling) Label(item briefings.Item) Markup { return Markup("`" + item.Head().Ref() + "`") }

// mostWarnings are told in full of one item, lest they fill the screen.
const mostWarnings = 4

// warnings are the item's caveat and the conflicts that are not settled by an
// explanation. What told holds already is named by its label alone, and so is
// what comes after [mostWarnings].
func (t Telling) warnings(id briefings.ID, told map[briefings.ID]bool) []Markup {
	item := t.Snapshot.Item(id)
	all := []Markup{Join([]Markup{t.caveat(item), t.outdated(item, "definition", "caveat")}, " ")}
	for _, x := range t.Snapshot.Conflicts(id) {
		switch {
		case x.State == briefings.BothTrue || x.State == briefings.Explained:
		case x.State == briefings.Preferred && x.Preferred == id:
			all = append(all, "⚠ "+t.say("conflict.variant", words.Args{"Rival": t.rivals(x, id)}))
		case x.State == briefings.Preferred:
			all = append(all, "⚠ "+t.say("conflict.preferred", words.Args{"Rival": t.short(x.Preferred)}))
		case told[x.ID] || len(all) > mostWarnings:
			all = append(all, "⚠ "+t.Label(x))
		default:
			all = append(all, Format("⚠ %s %s", x.Text, t.Label(x)))
		}
		told[x.ID] = true
	}
	return all
}

// rivals names the other members of a conflict.
func (t Telling) rivals(x *briefings.Conflict, than briefings.ID) string {
	var names []string
	for _, m := range x.Members {
		if m != than && t.Snapshot.Item(m) != nil {
			names = append(names, t.short(m))
		}
	}
	return strings.Join(names, ", ")
}

// short names an item in a few words.
func (t Telling) short(id briefings.ID) string {
	switch x := t.Snapshot.Item(id).(type) {
	case nil:
		return string(id)
	case *briefings.Figure:
		return t.Number(x) + " " + x.Ref()
	default:
		return x.Head().Ref()
	}
}

// marks are how old the item's content is, and what was changed in it.
func (t Telling) marks(id briefings.ID) Markup { return Join([]Markup{t.age(id), t.change(id)}, " ") }

// age marks content that nobody vouches for any more.
func (t Telling) age(id briefings.ID) Markup {
	switch t.Snapshot.Freshness(id, t.Now) {
	case briefings.Stale:
		return t.say("line.stale", nil)
	case briefings.Historical:
		return t.say("line.historical", nil)
	}
	return ""
}

// freshFirst puts what is stale or historical behind the rest, each in order.
func (t Telling) freshFirst(ids []briefings.ID) []briefings.ID {
	fresh, aged := split(ids, func(id briefings.ID) bool { return t.Snapshot.Freshness(id, t.Now) < briefings.Stale })
	return append(fresh, aged...)
}

// change says that a published item was corrected or amended since.
func (t Telling) change(id briefings.ID) Markup {
	if t.Unmarked[id] {
		return ""
	}
	r := t.Snapshot.Revision(id)
	at := words.Args{"Date": t.Day(r.RecordedAt), "Reason": r.Reason}
	switch {
	case r.Op == briefings.OpCorrect:
		return "✎ " + t.say("line.corrected", at)
	case r.Op == briefings.OpAmend && r.Reason != "":
		return "✎ " + t.say("line.amended_why", at)
	case r.Op == briefings.OpAmend:
		return "✎ " + t.say("line.amended", at)
	}
	return ""
}

// Lines words items in order. Side by side, positions on one issue share a
// line, and so do figures that are in open conflict.
func (t Telling) Lines(ids []briefings.ID) []Line {
	var lines []Line
	issue, told := "", map[briefings.ID]bool{}
	for i := 0; i < len(ids); i++ {
		id := ids[i]
		if rivals := t.rivalFigures(ids[i:]); len(rivals) > 1 {
			lines, issue = append(lines, Line{Text: bulleted(t.together(rivals, told))}), ""
			i += len(rivals) - 1
			continue
		}
		p, _ := t.Snapshot.Item(id).(*briefings.Position)
		if p != nil && issue != "" && issue == p.Issue {
			more := Join(append([]Markup{Escape(p.Text), t.Label(p)}, append(t.warnings(id, told), t.marks(id))...), " ")
			lines[len(lines)-1].Text += " " + more
			continue
		}
		issue = ""
		if line := t.line(id, told); line != "" {
			lines = append(lines, Line{Text: bulleted(line), Items: []briefings.ID{id}})
			if p != nil {
				issue = p.Issue
			}
		}
	}
	return lines
}

// Summary is what an item says in a few words, unformatted, for lists to
// choose from.
func (t Telling) Summary(item briefings.Item) string {
	switch x := item.(type) {
	case *briefings.Figure:
		return strings.TrimSpace(t.Number(x) + " " + x.Definition)
	case *briefings.Statement:
		return cmp.Or(x.Gist, x.Quote)
	case *briefings.Assessment:
		return x.Judgement
	default:
		return t.Snapshot.Name(item.Head().ID)
	}
}

// rivalFigures are the figures at the start of ids that are members of one
// open conflict.
func (t Telling) rivalFigures(ids []briefings.ID) []*briefings.Figure {
	first, _ := t.Snapshot.Item(ids[0]).(*briefings.Figure)
	if first == nil {
		return nil
	}
	for _, x := range t.Snapshot.Conflicts(first.ID) {
		if x.State != briefings.OpenConflict {
			continue
		}
		group := []*briefings.Figure{first}
		for _, id := range ids[1:] {
			f, ok := t.Snapshot.Item(id).(*briefings.Figure)
			if !ok || !slices.Contains(x.Members, id) {
				break
			}
			group = append(group, f)
		}
		if len(group) > 1 {
			return group
		}
	}
	return nil
}

// together words rivals on one line, each with who says so, and what sets them
// against each other once.
func (t Telling) together(rivals []*briefings.Figure, told map[briefings.ID]bool) Markup {
	var parts, warnings []Markup
	for i, f := range rivals {
		part := t.figure(f)
		if i > 0 {
			part = Markup(strings.TrimPrefix(string(part), "⚠ "))
		}
		parts = append(parts, Join([]Markup{part, t.Label(f), t.marks(f.ID)}, " "))
		for _, w := range t.warnings(f.ID, told) {
			if !slices.Contains(warnings, w) && (i == 0 || !strings.HasPrefix(string(w), "⚠ `")) {
				warnings = append(warnings, w)
			}
		}
	}
	return Join([]Markup{Join(parts, " · "), Join(warnings, " ")}, " ")
}

// bulleted sets a bullet before a line, unless the sign of a status stands there.
func bulleted(line Markup) Markup {
	if first, _ := utf8.DecodeRuneInString(string(line)); strings.ContainsRune("●✓⚠✗◇", first) {
		return line
	}
	return "• " + line
}
