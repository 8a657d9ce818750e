package commands

import (
	"slices"

	"sitrep/briefings"
)

// A Set is every command and every action, by name.
type Set struct {
	Commands []Command
	Actions  []Action
}

// All returns the commands of sitrep itself and one for each section of the
// catalogue.
func (d Desk) All() Set {
	set := Set{Commands: []Command{
		d.brief(), d.actors(), d.positions(), d.timeline(), d.dates(), d.figures(), d.claims(), d.watch(), d.item(), d.sources(), d.search(), d.changes(),
		d.digestAdd(), d.digestEdit(), d.digestList(), d.digestPause(), d.digestResume(), d.digestRemove(),
		d.digestPreview(), d.digestRehearse(), d.digestNow(), d.digestRecall(), d.digestLog(),
		d.deskAdd(), d.deskEdit(), d.deskConfirm(), d.deskRetract(), d.deskRestore(), d.deskDrafts(), d.deskPublish(), d.deskHistory(), d.deskSettings(), d.briefThis(),
		d.deskExport(), d.deskImport(), d.deskLog(),
	}}
	for _, s := range d.Briefings.Base().Sections() {
		set.Commands = append(set.Commands, d.section(s))
	}
	all := new(Set) // what help lists and links follow, help itself included
	set.Commands = append(set.Commands, d.help(all))
	set.Actions = slices.Concat(d.links(all), d.reports(all), d.drafting(), d.looking())
	set.Actions = append(set.Actions, d.deskSave(), d.briefed(), d.deskDraft(), d.deskResolve(), d.deskLogPages(), d.deskLogTable(), d.datesFile(), d.guestSwitch(d.brief()))
	*all = set
	return set
}

// Command returns the command with that name, false where there is none.
func (s Set) Command(name string) (Command, bool) {
	for _, c := range s.Commands {
		if c.Name == name {
			return c, true
		}
	}
	return Command{}, false
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
