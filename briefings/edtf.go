package briefings

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// An EDTF is a date or an interval as written in the subset of EDTF (ISO
// 8601-2) that briefings use: "2026-01-17", "2025-11", "2026", each optionally
// followed by "~" (approximate) or "?" (uncertain), two of them joined by "/",
// and ".." for an open end. The zero value means undated. Values compare
// with ==. An EDTF is a date on the calendar of the place it speaks of, never an instant.
type EDTF struct {
	from, to day
	interval bool
}

// day is one end: month and day are 0 where the precision is coarser. It is
// small since most items hold three dates, and most of them none.
type day struct {
	year       int16
	month, day int8
	mark       byte // 0, '~' or '?'
	open       bool
}

// Precision is how exactly a date is known.
type Precision int

// The precisions, finest first.
const (
	Day Precision = iota
	Month
	Year
)

// ParseEDTF reads the subset; the error is a [Message] of what may be written.
func ParseEDTF(s string) (EDTF, error) {
	if len(s) > 32 {
		return EDTF{}, message("fault.date_too_long", `"{{.Text}}" is too long for a date; write it like 2026-01-17`, args{"Text": quoted(s, 40)})
	}
	left, right, interval := strings.Cut(s, "/")
	from, err := parseDay(left)
	if err != nil {
		return EDTF{}, err
	}
	if !interval {
		if from.open {
			return EDTF{}, message("fault.date_one_side", `"{{.Text}}" needs a date on one side of the slash, like ../2026-01-23`, args{"Text": quoted(s, 40)})
		}
		return EDTF{from: from, to: from}, nil
	}
	to, err := parseDay(right)
	switch {
	case err != nil:
		return EDTF{}, err
	case from.open && to.open:
		return EDTF{}, message("fault.date_open", `"{{.Text}}" is open at both ends; give one of them a date, like ../2026-01-23`, args{"Text": quoted(s, 40)})
	case !from.open && !to.open && to.last().Before(from.first()):
		return EDTF{}, message("fault.date_reversed", `"{{.Text}}" ends before it starts; write the earlier date first, like 2026-01-19/2026-01-23`, args{"Text": quoted(s, 40)})
	}
	return EDTF{from: from, to: to, interval: true}, nil
}

func parseDay(s string) (day, error) {
	if s == ".." {
		return day{open: true}, nil
	}
	d := day{}
	digits := strings.TrimRight(s, "~?")
	if len(s)-len(digits) == 1 {
		d.mark = s[len(s)-1]
	}
	for _, layout := range []string{"2006-01-02", "2006-01", "2006"} {
		t, err := time.Parse(layout, digits)
		if err != nil || len(s)-len(digits) > 1 || t.Year() == 0 {
			continue
		}
		d.year = int16(t.Year())
		if len(layout) > 4 {
			d.month = int8(t.Month())
		}
		if len(layout) > 7 {
			d.day = int8(t.Day())
		}
		return d, nil
	}
	return day{}, message("fault.no_date", `"{{.Text}}" is no date; write it like 2026-01-17, 2026-01, 2026-01-17~ (about) or 2026-01-19/2026-01-23`, args{"Text": quoted(s, 40)})
}

func (d day) first() time.Time {
	return time.Date(int(d.year), time.Month(max(d.month, 1)), int(max(d.day, 1)), 0, 0, 0, 0, time.UTC)
}

func (d day) last() time.Time {
	switch d.precision() {
	case Year:
		return time.Date(int(d.year), time.December, 31, 0, 0, 0, 0, time.UTC)
	case Month:
		return time.Date(int(d.year), time.Month(d.month)+1, 0, 0, 0, 0, 0, time.UTC)
	}
	return d.first()
}

func (d day) precision() Precision {
	switch {
	case d.month == 0:
		return Year
	case d.day == 0:
		return Month
	}
	return Day
}

func (d day) String() string {
	if d.open {
		return ".."
	}
	s := fmt.Sprintf("%04d", d.year)
	if d.month > 0 {
		s += fmt.Sprintf("-%02d", d.month)
	}
	if d.day > 0 {
		s += fmt.Sprintf("-%02d", d.day)
	}
	if d.mark != 0 {
		s += string(d.mark)
	}
	return s
}

// IsZero reports whether e is undated.
func (e EDTF) IsZero() bool { return e == EDTF{} }

// IsInterval reports whether e was written with a slash.
func (e EDTF) IsInterval() bool { return e.interval }

// First is the earliest day e may mean, at 00:00 UTC; false where that end is
// open or e is undated. The hour carries no meaning.
func (e EDTF) First() (time.Time, bool) {
	if e.IsZero() || e.from.open {
		return time.Time{}, false
	}
	return e.from.first(), true
}

// Last is the latest day e may mean, at 00:00 UTC; false where that end is
// open or e is undated.
func (e EDTF) Last() (time.Time, bool) {
	if e.IsZero() || e.to.open {
		return time.Time{}, false
	}
	return e.to.last(), true
}

// After reports whether an end of e that is not open certainly lies after day.
func (e EDTF) After(day time.Time) bool {
	if e.IsZero() {
		return false
	}
	return (!e.from.open && e.from.first().After(day)) || (!e.to.open && e.to.first().After(day))
}

// ends reports whether e, which is to be an end, lies wholly before start.
func (e EDTF) ends(start EDTF) bool {
	last, ok := e.Last()
	return ok && start.After(last)
}

// Precision is the coarser of both ends'.
func (e EDTF) Precision() Precision {
	switch {
	case e.from.open:
		return e.to.precision()
	case e.to.open:
		return e.from.precision()
	}
	return max(e.from.precision(), e.to.precision())
}

// Approximate reports whether an end carries "~".
func (e EDTF) Approximate() bool { return e.from.mark == '~' || e.to.mark == '~' }

// Uncertain reports whether an end carries "?".
func (e EDTF) Uncertain() bool { return e.from.mark == '?' || e.to.mark == '?' }

// Compare orders by the first day, then the last; undated comes after all
// dated, an open start before them, an open end after the other ends. It is 0
// for equal values only: what means the same days goes by how it is written.
func (e EDTF) Compare(other EDTF) int {
	if e.IsZero() || other.IsZero() {
		return cmp.Compare(btoi(e.IsZero()), btoi(other.IsZero()))
	}
	a, _ := e.First()
	b, _ := other.First()
	if c := a.Compare(b); c != 0 {
		return c
	}
	if c := cmp.Compare(btoi(e.to.open), btoi(other.to.open)); c != 0 {
		return c
	}
	a, _ = e.Last()
	b, _ = other.Last()
	return cmp.Or(a.Compare(b), strings.Compare(e.String(), other.String()))
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// String is the form ParseEDTF reads; empty for undated.
func (e EDTF) String() string {
	switch {
	case e.IsZero():
		return ""
	case e.interval:
		return e.from.String() + "/" + e.to.String()
	}
	return e.from.String()
}

// MarshalText is [EDTF.String].
func (e EDTF) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText is [ParseEDTF]; empty text means undated.
func (e *EDTF) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*e = EDTF{}
		return nil
	}
	*e, err = ParseEDTF(string(text))
	return err
}
