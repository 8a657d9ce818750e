package catalogue

import (
	"cmp"
	"slices"
	"strings"

	"sitrep/briefings"
)

// Write returns the files of a folder that holds items, by name, in the one
// canonical form: whatever order items come in, equal items give equal bytes.
// It checks no rules; what breaks them is written so that [Read] can say so.
func Write(items []briefings.Item) map[string][]byte {
	byFile := map[string][]briefings.Item{}
	for _, item := range items {
		name := fileOf(item)
		byFile[name] = append(byFile[name], item)
	}
	files := make(map[string][]byte, len(byFile))
	for name, list := range byFile {
		slices.SortFunc(list, inFile)
		w := &writer{}
		for i, item := range list {
			if i > 0 {
				w.b.WriteByte('\n')
			}
			w.item(item)
		}
		files[name] = []byte(w.b.String())
	}
	return files
}

// fileOf names the file that an item belongs in: its first section's, except
// for what serves all sections.
func fileOf(item briefings.Item) string {
	h := item.Head()
	section := ""
	if len(h.Sections) > 0 {
		section = h.Sections[0]
	}
	switch h.ID.Kind() {
	case briefings.KindActor:
		return "actors.yaml"
	case briefings.KindSource:
		return "sources.yaml"
	case briefings.KindConflict:
		return "conflicts.yaml"
	case briefings.KindSection:
		_, section, _ = strings.Cut(string(h.ID), "/")
	}
	if _, err := briefings.ParseID("section/" + section); err != nil {
		return "other.yaml" // not a name to make a path of
	}
	return section + ".yaml"
}

// inFile orders the items of one file: by kind, then by label.
func inFile(a, b briefings.Item) int {
	x, y := a.Head(), b.Head()
	kinds := briefings.Kinds()
	xLetters, xDigits := label(x.Ref())
	yLetters, yDigits := label(y.Ref())
	return cmp.Or(
		cmp.Compare(slices.Index(kinds, x.ID.Kind()), slices.Index(kinds, y.ID.Kind())),
		cmp.Compare(xLetters, yLetters),
		cmp.Compare(len(xDigits), len(yDigits)), // F2 before F10
		cmp.Compare(xDigits, yDigits),
		cmp.Compare(x.ID, y.ID),
	)
}

func label(ref string) (letters, digits string) {
	letters = strings.TrimRight(ref, "0123456789")
	return letters, ref[len(letters):]
}

// WriteItem returns one item in the form of [Write].
func WriteItem(item briefings.Item) string {
	w := &writer{}
	w.item(item)
	return w.b.String()
}
