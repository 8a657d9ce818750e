package commands

import (
	"slices"
	"strings"

	"sitrep/briefings"
	"sitrep/cards"
)

// A Set is every command and every action, by name.
type Set struct {
	Commands []Command
	Actions  []Action
	// Welcome is what the bot says once in a server that it joined, in a language.
	Welcome func(locale string) cards.Card

	section func(of *briefings.Section) Command
	named   func(command string) Command
}

// All returns the commands of sitrep itself and one for each section of the
// catalogue.
func (d Desk) All() Set {
	set := Set{Welcome: d.welcome, section: d.section, named: d.sectionNamed, Commands: []Command{
		d.brief(), d.actors(), d.positions(), d.timeline(), d.dates(), d.figures(), d.claims(), d.watch(), d.item(), d.sources(), d.search(), d.changes(), d.privacy(),
		d.digestAdd(), d.digestEdit(), d.digestList(), d.digestPause(), d.digestResume(), d.digestRemove(),
		d.digestPreview(), d.digestRehearse(), d.digestNow(), d.digestRecall(), d.digestLog(),
		d.deskAdd(), d.deskEdit(), d.deskConfirm(), d.deskRetract(), d.deskRestore(), d.deskDrafts(), d.deskPublish(), d.deskHistory(), d.deskSettings(), d.briefThis(),
		d.deskExport(), d.deskImport(), d.deskLog(),
		d.sectionAdd(), d.sectionOrder(), d.sectionRetire(), d.sectionRestore(),
	}}
	all := new(Set) // what help lists and links follow, help itself included
	set = set.In(d.Briefings.Base())
	set.Commands = append(set.Commands, d.help(all))
	set.Actions = slices.Concat(d.links(all), d.reports(all), d.drafting(), d.looking(), d.offered(), d.queueing(), d.erasing())
	set.Actions = append(set.Actions, d.deskSave(), d.briefed(), d.deskDraft(), d.deskShowSettings(), d.deskLogPages(), d.deskLogTable(), d.datesFile(), d.guestSwitch(d.brief()))
	*all = set
	return set
}

// In returns s with the commands of snap's sections in place of those that it has.
func (s Set) In(snap *briefings.Snapshot) Set {
	at := slices.IndexFunc(s.Commands, func(c Command) bool { return c.of != nil })
	if at < 0 {
		at = len(s.Commands)
	}
	var sections []Command
	for _, of := range snap.Sections() {
		sections = append(sections, s.section(of))
	}
	own := slices.DeleteFunc(slices.Clone(s.Commands), func(c Command) bool { return c.of != nil })
	s.Commands = slices.Insert(own, at, sections...)
	return s
}

// Sections returns the commands that are those of sections.
func (s Set) Sections() []Command {
	return slices.DeleteFunc(slices.Clone(s.Commands), func(c Command) bool { return c.of == nil })
}

// Command returns the command with that name, false where there is none. A word
// that is no command's is taken for that of a section of the desk that is asked:
// where it has no such section, running the command says so.
func (s Set) Command(name string) (Command, bool) {
	group := false
	for _, c := range s.Commands {
		if c.Name == name {
			return c, true
		}
		group = group || strings.HasPrefix(c.Name, name+" ")
	}
	if s.named == nil || group || !oneWord.MatchString(name) {
		return Command{}, false
	}
	return s.named(name), true
}

// Action returns the action with that name, false where there is none.
func (s Set) Action(name string) (Action, bool) {
	for _, a := range s.Actions {
		if a.Name == name {
			return a, true
		}
	}
	return Action{}, false
}

// inServer returns a mistake where who asks outside a server.
func inServer(who Caller, say string) error {
	if who.Desk == briefings.Catalogue {
		return briefings.Tell(briefings.ErrInvalid, say)
	}
	return nil
}
