package cards

import (
	"slices"
	"strconv"
	"strings"

	"sitrep/briefings"
	"sitrep/words"
)

// ActionResolve is the action of choosing an entry of the queue that is dealt with.
const ActionResolve = "desk-resolve"

// subject is what several people left entries on.
type subject struct {
	newest briefings.Entry
	people int
	faults []string // of reports, the newest first, each once
	texts  []string // of reports, the newest first
}

const (
	queueRoom = 3000 // characters for the entries
	mostTexts = 3    // of reports on one subject
)

// Queue lists entries, which come newest first, by what they are about. Those
// that one screen has no room for come up as the others are resolved. The note
// is the id of the phrase that says what was just done, empty for none.
func (t Telling) Queue(entries []briefings.Entry, note string) Card {
	subjects := bySubject(entries)
	c := Card{Title: "## " + t.say("queue.title", words.Args{"Count": len(subjects)}), Colour: Colour("")}
	list := Block{}
	if note != "" {
		list.Lines = append(list.Lines, Line{Text: t.say(note, nil), Keep: true})
	}
	if len(subjects) == 0 {
		list.Lines = append(list.Lines, Line{Text: t.say("queue.none", nil), Keep: true})
	}
	choose := Select{Action: ActionResolve, Placeholder: t.Words.Say("queue.resolve")}
	room := queueRoom
	for i, s := range subjects {
		line := Format("**%d** ", i+1) + t.entry(s)
		if room -= line.Len(); room < 0 || len(choose.Options) == mostDays {
			list.Lines = append(list.Lines, Line{Text: t.say("line.more", words.Args{"Count": len(subjects) - i}), Keep: true})
			break
		}
		list.Lines = append(list.Lines, Line{Text: line, Keep: true})
		choose.Options = append(choose.Options, Choice{Label: Clip(strconv.Itoa(i+1)+" · "+t.about(s.newest), 100), Value: s.newest.ID})
	}
	c.Blocks = []Block{list}
	c.Selects = []Select{choose}
	c.Footer = []Markup{t.say("queue.footer", nil)}
	return c
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
	if s.newest.Sort == briefings.AskedEntry {
		return t.say("queue.asked", nil) + Format(" “%s” · ", t.about(s.newest)) + t.say("queue.people", at)
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
	return line + " · " + t.say("queue.people", at)
}

// Thanks is what somebody reads who reported what.
func (t Telling) Thanks(what string) Card {
	return Card{Title: "✓ " + t.say("report.thanks", words.Args{"What": what}), Colour: Colour("")}
}
