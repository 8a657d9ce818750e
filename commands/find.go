package commands

import (
	"slices"
	"strings"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

// mostOffered is how many choices Discord shows while an option is typed.
const mostOffered = 25

// completeItems lists the items that what was typed may become.
func completeItems(t cards.Telling, typed string) []cards.Choice {
	var all []cards.Choice
	for _, item := range t.Snapshot.Suggest(typed, mostOffered, nil) {
		ref := item.Head().Ref()
		all = append(all, cards.Choice{Label: cards.Clip(ref+" · "+t.Summary(item), 100), Value: ref})
	}
	return all
}

// completeKind lists the actors, or the sources, that what was typed may become.
func completeKind(t cards.Telling, typed string, keep func(briefings.Item) bool) []cards.Choice {
	var all []cards.Choice
	for _, item := range t.Snapshot.Suggest(typed, mostOffered, keep) {
		choice := cards.Choice{Label: cards.Clip(t.Snapshot.Name(item.Head().ID), 100), Value: string(item.Head().ID)}
		if a, ok := item.(*briefings.Actor); ok {
			choice.Label = t.ActorLabel(a)
		}
		all = append(all, choice)
	}
	return all
}

func ofKind(kinds ...briefings.Kind) func(briefings.Item) bool {
	return func(item briefings.Item) bool { return slices.Contains(kinds, item.Head().ID.Kind()) }
}

func completeActor(t cards.Telling, typed string) []cards.Choice {
	return completeKind(t, typed, ofKind(briefings.KindActor))
}

func completeSource(t cards.Telling, typed string) []cards.Choice {
	return completeKind(t, typed, ofKind(briefings.KindSource))
}

// completeSpeaker lists who has said something and whom what was typed may
// become; where that is nobody, the other actors.
func completeSpeaker(t cards.Telling, typed string) []cards.Choice {
	speakers := t.Speakers()
	spoke := func(item briefings.Item) bool { return slices.Contains(speakers, item.Head().ID) }
	if all := completeKind(t, typed, spoke); len(all) > 0 {
		return all
	}
	return completeActor(t, typed)
}

// exactly is the item that was given by its label or id, nil where none is.
func exactly(t cards.Telling, given string) briefings.Item {
	label, _, _ := strings.Cut(strings.Trim(given, " []`"), " ")
	if item := t.Snapshot.ByRef(label); item != nil {
		return item
	}
	return t.Snapshot.Item(briefings.ID(label))
}

// nearestRef is the label that given may have been meant to be; empty where
// none is near.
func nearestRef(t cards.Telling, given string) string {
	var labels []string
	for _, item := range t.Snapshot.Items() {
		labels = append(labels, item.Head().Ref())
	}
	return briefings.Nearest(given, labels)
}

// findItem reads what was given: a label or an id.
func findItem(t cards.Telling, given string) (briefings.Item, error) {
	if item := exactly(t, given); item != nil {
		return item, nil
	}
	if matches := completeItems(t, given); len(matches) > 0 && briefings.Fold(given) != "" {
		return nil, mistake(t, "desk.meant", words.Args{"Item": clip(given), "Nearest": matches[0].Label})
	}
	if near := nearestRef(t, given); near != "" {
		return nil, mistake(t, "desk.meant", words.Args{"Item": clip(given), "Nearest": near})
	}
	return nil, mistake(t, "desk.unknown", words.Args{"Item": clip(given)})
}

// contains reports whether what was typed stands in label, however it is written.
func contains(label, typed string) bool {
	return strings.Contains(briefings.Fold(label), briefings.Fold(typed))
}
