package catalogue

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"sitrep/briefings"
)

// maxFaults is how many faults a report holds: nobody mends more at once, and
// a hostile folder ends early.
const maxFaults = 100

// A Fault is one thing wrong with a folder, and what to do about it. Line and
// Column count from 1; they are 0 where no single place is to blame, and File
// is empty where the folder as a whole is.
type Fault struct {
	File         string
	Line, Column int
	Item         briefings.ID
	Field        string // as in the file
	Say          string
}

func (f Fault) Error() string {
	var b strings.Builder
	if f.File != "" {
		b.WriteString(printable(f.File))
		if f.Line > 0 {
			fmt.Fprintf(&b, ":%d:%d", f.Line, f.Column)
		}
		b.WriteString(": ")
	}
	if f.Item != "" {
		b.WriteString(string(f.Item) + ": ")
	}
	if f.Field != "" {
		b.WriteString(f.Field + ": ")
	}
	return b.String() + f.Say
}

// printable quotes a name that could steer a screen.
func printable(name string) string {
	if !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(name)
	}
	return name
}

// Faults is everything wrong with a folder, in the order of its files, one
// line each.
type Faults []Fault

func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		lines[i] = fault.Error()
	}
	return strings.Join(lines, "\n")
}

// inOrder sorts by place and cuts a report that is too long to be of use.
func (f Faults) inOrder() Faults {
	slices.SortStableFunc(f, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	if len(f) >= maxFaults {
		f = append(f[:maxFaults:maxFaults], Fault{Say: "there may be more; mend these first"})
	}
	return f
}
