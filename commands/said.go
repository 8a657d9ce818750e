package commands

import (
	"strings"

	"sitrep/briefings"
	"sitrep/words"
)

// Said is what somebody who reads the language of w is told of a mistake: its
// phrase, then each fault on a line of its own.
func Said(w *words.Words, mistake *briefings.UserError) string {
	var lines []string
	if mistake.Phrase != "" && w.Has(mistake.Phrase) {
		lines = append(lines, w.Say(mistake.Phrase, inWords(w, mistake.Args)))
	}
	for _, fault := range mistake.Faults {
		lines = append(lines, faultIn(w, fault))
	}
	if len(lines) == 0 {
		return mistake.Say
	}
	return strings.Join(lines, "\n")
}

// faultIn is a fault as a sentence, behind the item and the field that it names.
func faultIn(w *words.Words, fault briefings.Fault) string {
	said := messageIn(w, fault.Message)
	if fault.Field == "" {
		return w.Say("change.bad", words.Args{"Why": said})
	}
	if !strings.HasSuffix(said, "?") {
		said += "."
	}
	name := fault.Field
	if w.Has("field." + name) {
		name = w.Say("field." + name)
	}
	if fault.Item != "" {
		name = string(fault.Item) + ", " + name
	}
	return w.Say("line.lead", words.Args{"Lead": name}) + " " + said
}

// messageIn is a message in the language of w, in English where that has no
// phrase for it.
func messageIn(w *words.Words, m briefings.Message) string {
	if !w.Has(m.Phrase) {
		return m.Say
	}
	return w.Say(m.Phrase, inWords(w, m.Args))
}

// inWords are args with the messages among them in the language of w.
func inWords(w *words.Words, args words.Args) words.Args {
	all := make(words.Args, len(args))
	for name, arg := range args {
		if m, ok := arg.(briefings.Message); ok {
			arg = messageIn(w, m)
		}
		all[name] = arg
	}
	return all
}
