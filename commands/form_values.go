package commands

import (
	"encoding"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"sitrep/briefings"
	"sitrep/cards"
)

// How the parts of an entry are written on one line of a form.
const partsOf = " | "

// worded is a field that takes one of a few words.
type worded interface {
	encoding.TextUnmarshaler
	Words() []string
}

// fieldText is a field's value as a form shows it: items by their labels, lists
// with an entry on each line.
func fieldText(t cards.Telling, ptr any) string {
	switch v := ptr.(type) {
	case *briefings.ID:
		return labelOf(t, *v)
	case *[]briefings.ID:
		labels := make([]string, len(*v))
		for i, id := range *v {
			labels[i] = labelOf(t, id)
		}
		return strings.Join(labels, ", ")
	case *[]string:
		return strings.Join(*v, "\n")
	case *[]briefings.Citation:
		return entryLines(*v, func(c briefings.Citation) []string {
			return []string{labelOf(t, c.Source), c.Locator, briefings.Show(&c.Credibility), c.Role.String()}
		})
	case *[]briefings.Tenure:
		return entryLines(*v, func(x briefings.Tenure) []string {
			return []string{x.Role, labelOf(t, x.Body), x.From.String(), x.To.String()}
		})
	case **briefings.Flag:
		if *v == nil {
			return ""
		}
		return (*v).Text + partsOf + (*v).Expires.String()
	case *bool:
		return yesOrNo(*v)
	case *int:
		if *v == 0 {
			return ""
		}
	}
	return briefings.Show(ptr)
}

func labelOf(t cards.Telling, id briefings.ID) string {
	if item := t.Snapshot.Item(id); item != nil {
		return item.Head().Ref()
	}
	return string(id)
}

// entryLines are entries, one on each line, without the empty parts at their ends.
func entryLines[T any](all []T, parts func(T) []string) string {
	lines := make([]string, len(all))
	for i, entry := range all {
		lines[i] = strings.TrimRight(strings.Join(parts(entry), partsOf), " |")
	}
	return strings.Join(lines, "\n")
}

func yesOrNo(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

// setField reads what was typed into a field; its error is a [briefings.Message]
// or says in English what may be typed.
func setField(t cards.Telling, ptr any, typed string) error {
	switch v := ptr.(type) {
	case *string:
		*v = oneLine(typed)
	case *briefings.ID:
		*v = idOf(t, typed)
	case *[]briefings.ID:
		*v = nil
		for _, label := range strings.FieldsFunc(typed, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
			if id := idOf(t, label); id != "" {
				*v = append(*v, id)
			}
		}
	case *[]string:
		*v = entriesOf(typed)
	case *[]briefings.Citation:
		return setCitations(t, v, typed)
	case *[]briefings.Tenure:
		return setTenures(t, v, typed)
	case **briefings.Flag:
		return setFlag(v, typed)
	case *bool:
		*v = strings.EqualFold(strings.TrimSpace(typed), "yes")
	case *int:
		return setNumber(v, typed)
	case worded:
		if oneLine(typed) == "" { // nothing is chosen, which the rules may let through
			reflect.ValueOf(ptr).Elem().SetZero()
			return nil
		}
		return v.UnmarshalText([]byte(oneLine(typed)))
	case encoding.TextUnmarshaler:
		return v.UnmarshalText([]byte(oneLine(typed)))
	}
	return nil
}

func oneLine(typed string) string { return strings.Join(strings.Fields(typed), " ") }

// entriesOf are the lines that hold something.
func entriesOf(typed string) []string {
	var all []string
	for line := range strings.Lines(typed) {
		if line = oneLine(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// idOf is the item with a label or an id; what is neither stays as it was typed,
// for the rules to say so.
func idOf(t cards.Telling, typed string) briefings.ID {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return ""
	}
	if item := exactly(t, typed); item != nil {
		return item.Head().ID
	}
	return briefings.ID(typed)
}

// parts are the parts of an entry, at least n of them.
func parts(line string, n int) []string {
	all := strings.Split(line, strings.TrimSpace(partsOf))
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	return append(all, make([]string, max(0, n-len(all)))...)
}

func setCitations(t cards.Telling, into *[]briefings.Citation, typed string) error {
	*into = nil
	for _, line := range entriesOf(typed) {
		p := parts(line, 4)
		c := briefings.Citation{Source: idOf(t, p[0]), Locator: p[1]}
		grade := 0
		if err := setNumber(&grade, p[2]); err != nil {
			return err
		}
		c.Credibility = briefings.Credibility(grade)
		if err := c.Role.UnmarshalText([]byte(p[3])); p[3] != "" && err != nil {
			return err
		}
		*into = append(*into, c)
	}
	return nil
}

func setTenures(t cards.Telling, into *[]briefings.Tenure, typed string) error {
	*into = nil
	for _, line := range entriesOf(typed) {
		p := parts(line, 4)
		x := briefings.Tenure{Role: p[0], Body: idOf(t, p[1])}
		if err := x.From.UnmarshalText([]byte(p[2])); err != nil {
			return err
		}
		if err := x.To.UnmarshalText([]byte(p[3])); err != nil {
			return err
		}
		*into = append(*into, x)
	}
	return nil
}

func setFlag(into **briefings.Flag, typed string) error {
	typed = oneLine(typed)
	*into = nil
	if typed == "" {
		return nil
	}
	text, day := typed, ""
	if at := strings.LastIndex(typed, strings.TrimSpace(partsOf)); at >= 0 {
		text, day = strings.TrimSpace(typed[:at]), strings.TrimSpace(typed[at+1:])
	}
	*into = &briefings.Flag{Text: text}
	return (*into).Expires.UnmarshalText([]byte(day))
}

func setNumber(into *int, typed string) error {
	*into = 0
	if typed = strings.TrimSpace(typed); typed == "" {
		return nil
	}
	n, err := strconv.Atoi(typed)
	if err != nil {
		return briefings.Message{Phrase: "fault.no_whole_number", Say: `"` + clip(typed) + `" is no whole number; write digits only`, Args: map[string]any{"Text": clip(typed)}}
	}
	*into = n
	return nil
}

// fieldChoices are the words that a field takes, the chosen one marked; none for
// a field that takes text.
func fieldChoices(t cards.Telling, f briefings.Field, value string) []cards.Choice {
	var offered []string
	switch v := f.Ptr.(type) {
	case worded:
		offered = v.Words()
	case *bool:
		offered = []string{"yes", "no"}
	default:
		return nil
	}
	var all []cards.Choice
	for _, word := range offered {
		label := orSame(t.Words, "choice."+f.Name+"."+word, ChoiceIn(t.Words, word)) // of words that mean several things
		all = append(all, cards.Choice{Label: label, Value: word, Chosen: word == value})
	}
	return all
}

// sectionChoices are the desk's sections, as many as can be offered, those of value
// marked.
func sectionChoices(t cards.Telling, value string) []cards.Choice {
	chosen := strings.Split(value, ",")
	var all []cards.Choice
	for _, s := range offeredSections(t) {
		is := slices.ContainsFunc(chosen, func(key string) bool { return strings.TrimSpace(key) == s.Key() })
		all = append(all, cards.Choice{Label: cards.Clip(s.Title, 100), Value: s.Key(), Chosen: is})
	}
	return all
}

func offeredSections(t cards.Telling) []*briefings.Section {
	all := t.Snapshot.Sections()
	return all[:min(len(all), mostOffered)]
}

// keptSections are the sections that were chosen, behind those that an item is in
// already and the form could not offer.
func keptSections(t cards.Telling, now []string, typed string) []string {
	kept := slices.DeleteFunc(slices.Clone(now), func(key string) bool {
		return slices.ContainsFunc(offeredSections(t), func(s *briefings.Section) bool { return s.Key() == key })
	})
	for key := range strings.SplitSeq(typed, ",") {
		if key = strings.TrimSpace(key); key != "" && !slices.Contains(kept, key) {
			kept = append(kept, key)
		}
	}
	return kept
}
