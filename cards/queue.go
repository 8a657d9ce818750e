package cards

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sitrep/briefings"
	"sitrep/words"
)

// The actions of the queue. What follows one is a [QueueView].
const (
	ActionQueue   = "desk-queue"   // shows a part, or the one that was chosen
	ActionDraft   = "desk-draft"   // opens a draft
	ActionHold    = "desk-hold"    // the entry that somebody looks into, or lets go
	ActionResolve = "desk-resolve" // the entry that is dealt with
	ActionConfirm = "desk-confirm" // items that still hold
	ActionOffered = "desk-offered" // shows what the catalogue says of an item
	ActionTake    = "desk-take"    // publishes that
)

// A QueuePart is one of the lists that wait for moderators.
type QueuePart string

// The parts.
const (
	QueueDrafts    QueuePart = "drafts"
	QueueReaders   QueuePart = "readers"   // what they reported and asked in vain
	QueueReview    QueuePart = "review"    // items past their review
	QueueSuggested QueuePart = "suggested" // what a newer catalogue says differently
)

// QueueParts are all of them, in the order people see them in.
func QueueParts() []QueuePart {
	return []QueuePart{QueueDrafts, QueueReaders, QueueReview, QueueSuggested}
}

// A QueueView is a page of a part, from 1; without a part, of the first one that
// anything waits in.
type QueueView struct {
	Part QueuePart
	Page int
}

// ParseQueueView reads what stands behind an action of the queue. Anybody can
// send any: what makes no sense is the zero value.
func ParseQueueView(state string) QueueView {
	part, number, _ := strings.Cut(state, ":")
	page, err := strconv.Atoi(number)
	if err != nil || page < 1 || !slices.Contains(QueueParts(), QueuePart(part)) {
		return QueueView{}
	}
	return QueueView{Part: QueuePart(part), Page: page}
}

func (v QueueView) action(name string) string {
	return name + ":" + string(v.Part) + ":" + strconv.Itoa(v.Page)
}

// Waiting is what waits for a desk's moderators.
type Waiting struct {
	Drafts    []briefings.Draft    // the newest first
	Entries   []briefings.Entry    // the newest first
	Review    []briefings.Review   // the longest due first
	Suggested []briefings.Revision // by the catalogue
}

// counts are how many matters wait: entries on one subject are one.
func (w Waiting) counts() map[string]int {
	n := map[string]int{"drafts": len(w.Drafts), "review": len(w.Review), "suggested": len(w.Suggested)}
	for _, s := range bySubject(w.Entries) {
		n[string(s.newest.Sort)]++
	}
	return n
}

// first is the first part that anything waits in.
func (w Waiting) first() QueuePart {
	switch {
	case len(w.Drafts) > 0:
		return QueueDrafts
	case len(w.Entries) > 0:
		return QueueReaders
	case len(w.Review) > 0:
		return QueueReview
	}
	return QueueSuggested
}

// Count is how many matters wait in all.
func (w Waiting) Count() int {
	all := 0
	for _, n := range w.counts() {
		all += n
	}
	return all
}

// Counts says of what sorts how much waits, each on a line.
func (t Telling) Counts(w Waiting) []Line {
	n := w.counts()
	var lines []Line
	for _, part := range []string{"drafts", "reported", "asked", "review", "suggested"} {
		if n[part] > 0 {
			lines = append(lines, Line{Text: "• " + t.say("queue.count_"+part, words.Args{"Count": n[part]}), Keep: true})
		}
	}
	ending := 0
	for _, d := range w.Drafts {
		if d.RecordedAt.Add(briefings.DraftLife).Sub(t.Now) < endsSoon {
			ending++
		}
	}
	if ending > 0 {
		lines = append(lines, Line{Text: "⚠ " + t.say("queue.ending", words.Args{"Count": ending}), Keep: true})
	}
	return lines
}

// subject is what several people left entries on.
type subject struct {
	newest briefings.Entry
	people int
	faults []string // of reports, the newest first, each once
	texts  []string // of reports, the newest first
}

const (
	queueRoom = 2800 // characters for a page of lines
	mostLines = 25   // on a page, which is as many as can be chosen from
	mostTexts = 3    // of reports on one subject

	// endsSoon is a little more than the time between two weekly notices, so that
	// one tells of every draft that expires.
	endsSoon = 8 * 24 * time.Hour
)

// Queue shows one page of what waits. The note is the id of the phrase that
// says what was just done, empty for none.
func (t Telling) Queue(w Waiting, v QueueView, note string, args words.Args) Card {
	c := Card{Title: "## " + t.say("queue.title", words.Args{"Count": w.Count()}), Colour: Colour("")}
	all := Block{}
	if note != "" {
		all.Lines = append(all.Lines, Line{Text: t.say(note, args), Keep: true})
	}
	if w.Count() == 0 {
		all.Lines = append(all.Lines, Line{Text: t.say("queue.none", nil), Keep: true})
		c.Blocks = []Block{all}
		return c
	}
	all.Lines = append(all.Lines, t.Counts(w)...)
	v.Part = cmp.Or(v.Part, w.first())
	w.Drafts = waitingFirst(w.Drafts)
	subjects := bySubject(w.Entries)
	part := Block{Heading: "**" + t.say("queue.part_"+string(v.Part), nil) + "**"}
	lines := t.queueLines(w, v.Part, subjects)
	pages := leaves(lines)
	v.Page = max(1, min(v.Page, len(pages)))
	if len(lines) == 0 {
		part.Lines = []Line{{Text: t.say("queue.empty", nil), Keep: true}}
	} else {
		from, to := pages[v.Page-1][0], pages[v.Page-1][1]
		for i, line := range lines[from:to] {
			part.Lines = append(part.Lines, Line{Text: Format("**%d** ", from+i+1) + line, Keep: true})
		}
		switch v.Part {
		case QueueReaders:
			c.Selects = t.dealing(subjects[from:to], from, v)
		case QueueDrafts:
			c.Selects = []Select{{Action: ActionDraft, Placeholder: t.Words.Say("draft.choose"), Options: t.DraftChoices(w.Drafts[from:to])}}
		case QueueReview:
			still := Select{Action: ActionConfirm, Placeholder: t.Words.Say("queue.still"), Many: true}
			for _, r := range w.Review[from:to] {
				o := t.itemChoice(r.Item)
				o.Value = fmt.Sprintf("%s:%d", o.Value, t.Snapshot.ItemRev(r.Item.Head().ID))
				still.Options = append(still.Options, o)
			}
			c.Selects = []Select{still}
		case QueueSuggested:
			look := Select{Action: ActionOffered, Placeholder: t.Words.Say("queue.look")}
			for _, r := range w.Suggested[from:to] {
				look.Options = append(look.Options, t.itemChoice(r.Item))
			}
			c.Selects = []Select{look}
		}
	}
	c.Blocks = []Block{all, part}
	c.Selects = append(c.Selects, t.queueParts(v.Part))
	c.Buttons = t.beside(v, len(pages))
	if len(pages) > 1 {
		c.Footer = append(c.Footer, t.say("page.number", words.Args{"Page": v.Page, "Pages": len(pages)}))
	}
	c.Footer = append(c.Footer, t.say("queue.footer_"+string(v.Part), nil))
	return c
}

// queueLines are what waits in a part, a line for each.
func (t Telling) queueLines(w Waiting, part QueuePart, subjects []subject) []Markup {
	var lines []Markup
	switch part {
	case QueueDrafts:
		for _, d := range w.Drafts {
			lines = append(lines, t.say("draft."+string(d.State), nil)+Format(" · %s · ", t.DraftLabel(d, nil))+t.Person(d.Author)+Format(" · %s", t.Day(d.RecordedAt)))
		}
	case QueueReview:
		for _, r := range w.Review {
			lines = append(lines, t.Label(r.Item)+Format(" %s · ", Clip(t.Summary(r.Item), 140))+t.say("queue.due", words.Args{"Date": t.Day(r.By)}))
		}
	case QueueSuggested:
		for _, r := range w.Suggested {
			lines = append(lines, t.suggested(r))
		}
	default:
		for _, s := range subjects {
			lines = append(lines, t.entry(s))
		}
	}
	return lines
}

func (t Telling) itemChoice(item briefings.Item) Choice {
	label := item.Head().Ref()
	if there := t.Snapshot.Item(item.Head().ID); there != nil {
		label += " · " + t.Summary(there)
	}
	return Choice{Label: Clip(label, 100), Value: string(item.Head().ID)}
}

// waitingFirst are drafts with those first that wait for somebody.
func waitingFirst(drafts []briefings.Draft) []briefings.Draft {
	var all []briefings.Draft
	for _, state := range []briefings.DraftState{briefings.DraftWaiting, briefings.DraftSuggested, briefings.DraftTyped} {
		for _, d := range drafts {
			if d.State == state {
				all = append(all, d)
			}
		}
	}
	return all
}

// suggested sets what the catalogue says against what the desk does.
func (t Telling) suggested(r briefings.Revision) Markup {
	ours, theirs := t.Words.Say("queue.retracted"), t.Words.Say("queue.retracted")
	if item := t.Snapshot.Item(r.Item.Head().ID); item != nil {
		ours = Clip(t.Summary(item), 140)
	}
	if r.Op != briefings.OpRetract {
		theirs = Clip(t.Summary(r.Item), 140)
	}
	return t.Label(r.Item) + " " + t.say("queue.differs", words.Args{"Ours": ours, "Theirs": theirs, "Date": t.Day(r.RecordedAt)})
}

// leaves are where the pages of lines begin and end.
func leaves(lines []Markup) [][2]int {
	var pages [][2]int
	from, used := 0, 0
	for i, line := range lines {
		size := line.Len() + 10 // for its number
		if i > from && (used+size > queueRoom || i-from == mostLines) {
			pages = append(pages, [2]int{from, i})
			from, used = i, 0
		}
		used += size
	}
	if from < len(lines) {
		pages = append(pages, [2]int{from, len(lines)})
	}
	return pages
}

// dealing are the selections of what to look into and of what is dealt with,
// of subjects that are counted from the given number.
func (t Telling) dealing(subjects []subject, from int, v QueueView) []Select {
	hold := Select{Action: v.action(ActionHold), Placeholder: t.Words.Say("queue.hold")}
	resolve := Select{Action: v.action(ActionResolve), Placeholder: t.Words.Say("queue.resolve")}
	for i, s := range subjects {
		o := Choice{Label: Clip(strconv.Itoa(from+i+1)+" · "+t.about(s.newest), 100), Value: s.newest.ID}
		hold.Options = append(hold.Options, o)
		resolve.Options = append(resolve.Options, o)
	}
	return []Select{hold, resolve}
}

// queueParts offers the parts.
func (t Telling) queueParts(now QueuePart) Select {
	s := Select{Action: ActionQueue + ":", Placeholder: t.Words.Say("queue.show")}
	for _, part := range QueueParts() {
		s.Options = append(s.Options, Choice{Label: t.Words.Say("queue.part_" + string(part)), Value: string(part), Chosen: part == now})
	}
	return s
}

// beside are the buttons to the pages before and after v.
func (t Telling) beside(v QueueView, pages int) []Button {
	var all []Button
	if v.Page > 1 {
		all = append(all, Button{Action: QueueView{v.Part, v.Page - 1}.action(ActionQueue), Label: t.Words.Say("button.previous")})
	}
	if v.Page < pages {
		all = append(all, Button{Action: QueueView{v.Part, v.Page + 1}.action(ActionQueue), Label: t.Words.Say("button.next")})
	}
	return all
}

// bySubject gathers entries on one subject at its newest.
func bySubject(entries []briefings.Entry) []subject {
	var all []subject
	places := map[[2]string]int{}
	for _, e := range entries {
		key := [2]string{string(e.Sort), e.Subject}
		at, known := places[key]
		if !known {
			at = len(all)
			places[key] = at
			all = append(all, subject{newest: e})
		}
		s := &all[at]
		s.people++
		if e.Sort == briefings.ReportedEntry && !slices.Contains(s.faults, e.Fault) {
			s.faults = append(s.faults, e.Fault)
		}
		if e.Sort == briefings.ReportedEntry && e.Text != "" {
			s.texts = append(s.texts, e.Text)
		}
	}
	return all
}

// about names what an entry is about: a question in its asker's words, an item
// by its label, an answer by its command line.
func (t Telling) about(e briefings.Entry) string {
	if e.Sort == briefings.AskedEntry {
		return e.Text
	}
	if item := t.Snapshot.Item(briefings.ID(e.Subject)); item != nil {
		return item.Head().Ref() + " " + Clip(t.Summary(item), 80)
	}
	return e.Subject
}

func (t Telling) entry(s subject) Markup {
	at := words.Args{"Count": s.people, "Date": t.Day(s.newest.RecordedAt)}
	held := Markup("")
	if holder := s.newest.Holder(t.Now); holder != "" {
		held = " · " + t.say("queue.held", words.Args{"Who": t.Person(holder)})
	}
	if s.newest.Sort == briefings.AskedEntry {
		return t.say("queue.asked", nil) + Format(" “%s” · ", t.about(s.newest)) + t.say("queue.people", at) + held
	}
	var found []string
	for _, f := range s.faults {
		found = append(found, t.Words.Say("report."+f))
	}
	line := t.say("queue.reported", nil) + Format(" **%s:** %s", t.about(s.newest), strings.Join(found, ", "))
	for _, text := range s.texts[:min(mostTexts, len(s.texts))] {
		line += Format(" — “%s”", text)
	}
	if more := len(s.texts) - mostTexts; more > 0 {
		line += " " + t.say("line.more", words.Args{"Count": more})
	}
	return line + " · " + t.say("queue.people", at) + held
}

// Thanks is what somebody reads who reported what.
func (t Telling) Thanks(what string) Card {
	return Card{Title: "✓ " + t.say("report.thanks", words.Args{"What": what}), Colour: Colour("")}
}

// Nudge tells moderators in their own channel what waits for them.
func (t Telling) Nudge(w Waiting) Card {
	return Card{
		Title:   "## " + t.say("nudge.title", words.Args{"Count": w.Count()}),
		Blocks:  []Block{{Lines: t.Counts(w)}},
		Footer:  []Markup{t.say("nudge.footer", nil)},
		Buttons: []Button{{Action: QueueView{w.first(), 1}.action(ActionQueue), Label: t.Words.Say("nudge.open")}},
	}
}
