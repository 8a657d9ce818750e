package briefings

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestParseEDTF(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ give, first, last, marks string }{
		{"2026-01-17", "2026-01-17", "2026-01-17", ""},
		{"2025-11", "2025-11-01", "2025-11-30", ""},
		{"2024-02", "2024-02-01", "2024-02-29", ""},
		{"2024-02-29", "2024-02-29", "2024-02-29", ""},
		{"2026", "2026-01-01", "2026-12-31", ""},
		{"2025-12~", "2025-12-01", "2025-12-31", "~"},
		{"2026-01-17?", "2026-01-17", "2026-01-17", "?"},
		{"2026-01-19/2026-01-23", "2026-01-19", "2026-01-23", ""},
		{"2026-01-19/2026-01-19", "2026-01-19", "2026-01-19", ""},
		{"2025-11~/2026-01?", "2025-11-01", "2026-01-31", "~?"},
		{"2026-01-15/2026-01", "2026-01-15", "2026-01-31", ""},
		{"../2026-01-23", "open", "2026-01-23", ""},
		{"2026-01-19/..", "2026-01-19", "open", ""},
	} {
		e, err := ParseEDTF(tt.give)
		if err != nil {
			t.Errorf("ParseEDTF(%q): %v", tt.give, err)
			continue
		}
		marks := ""
		if e.Approximate() {
			marks += "~"
		}
		if e.Uncertain() {
			marks += "?"
		}
		first, last := dayOr(e.First()), dayOr(e.Last())
		if first != tt.first || last != tt.last || marks != tt.marks {
			t.Errorf("ParseEDTF(%q) is from %s to %s, marked %q; want %s, %s, %q", tt.give, first, last, marks, tt.first, tt.last, tt.marks)
		}
	}
}

func dayOr(d time.Time, ok bool) string {
	if !ok {
		return "open"
	}
	return d.Format(time.DateOnly)
}

func TestParseEDTFRefuses(t *testing.T) {
	t.Parallel()
	const hint = "; write it like 2026-01-17, 2026-01, 2026-01-17~ (about) or 2026-01-19/2026-01-23"
	for _, tt := range []struct{ give, want string }{
		{"", `"" is no date` + hint},
		{"17.01.2026", `"17.01.2026" is no date` + hint},
		{"2026-1-7", `"2026-1-7" is no date` + hint},
		{"2026-02-30", `"2026-02-30" is no date` + hint},
		{"2025-02-29", `"2025-02-29" is no date` + hint},
		{"2026-13", `"2026-13" is no date` + hint},
		{"0000-01-01", `"0000-01-01" is no date` + hint},
		{"2026-01-17~?", `"2026-01-17~?" is no date` + hint},
		{"~", `"~" is no date` + hint},
		{"2026-01-17T10:00", `"2026-01-17T10:00" is no date` + hint},
		{"2026/2027/2028", `"2027/2028" is no date` + hint},
		{"2026-01-19/", `"" is no date` + hint},
		{"..", `".." needs a date on one side of the slash, like ../2026-01-23`},
		{"../..", `"../.." is open at both ends; give one of them a date, like ../2026-01-23`},
		{"2026-01-23/2026-01-19", `"2026-01-23/2026-01-19" ends before it starts; write the earlier date first, like 2026-01-19/2026-01-23`},
		{"2026-01-23/2025", `"2026-01-23/2025" ends before it starts; write the earlier date first, like 2026-01-19/2026-01-23`},
		{"2026-01-19 / 2026-01-23 or sooner", `"2026-01-19 / 2026-01-23 or sooner" is too long for a date; write it like 2026-01-17`},
	} {
		e, err := ParseEDTF(tt.give)
		if err == nil || err.Error() != tt.want {
			t.Errorf("ParseEDTF(%q) = %v, %v; want the error %s", tt.give, e, err, tt.want)
		}
	}
}

// drawDay is one date with its precision and mark, as it is written.
func drawDay(t *rapid.T, label string) (text string, precision Precision, mark string) {
	last := time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC)
	year := rapid.OneOf(rapid.IntRange(1, 9999), rapid.IntRange(2024, 2028), rapid.SampledFrom([]int{1, 4, 100, 400, 1900, 2000, 2100, 9999})).Draw(t, label+" year")
	d := time.Date(year, time.January, rapid.IntRange(1, 366).Draw(t, label+" day"), 0, 0, 0, 0, time.UTC)
	if d.After(last) {
		d = last // the 366th day of a year without one
	}
	precision = Precision(rapid.IntRange(int(Day), int(Year)).Draw(t, label+" precision"))
	mark = rapid.SampledFrom([]string{"", "~", "?"}).Draw(t, label+" mark")
	return d.Format([]string{"2006-01-02", "2006-01", "2006"}[precision]) + mark, precision, mark
}

// drawEDTF is a date or an interval as it is written. An interval may end
// before it starts, or be open at both ends.
func drawEDTF() *rapid.Generator[string] {
	day := rapid.Custom(func(t *rapid.T) string {
		text, _, _ := drawDay(t, "one")
		return text
	})
	end := rapid.OneOf(day, rapid.Just(".."))
	return rapid.OneOf(day, rapid.Custom(func(t *rapid.T) string {
		return fmt.Sprintf("%s/%s", end.Draw(t, "from"), end.Draw(t, "to"))
	}))
}

// drawn is any EDTF at all, undated included.
func drawn(t *rapid.T, label string) EDTF {
	e, _ := ParseEDTF(drawEDTF().Draw(t, label)) // what can't be read stays undated
	return e
}

func TestEDTFPrintsWhatItRead(t *testing.T) {
	t.Parallel()
	read := 0
	rapid.Check(t, func(t *rapid.T) {
		s := drawEDTF().Draw(t, "s")
		e, err := ParseEDTF(s)
		if err != nil {
			return // ends before it starts, or open at both ends
		}
		read++
		if got := e.String(); got != s {
			t.Fatalf("ParseEDTF(%q).String() = %q", s, got)
		}
		checkEDTF(t, e)
	})
	if read == 0 {
		t.Error("no date that was drawn could be read")
	}
}

// checkEDTF checks what holds for every date that could be read.
func checkEDTF(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, e EDTF,
) {
	t.Helper()
	again, err := ParseEDTF(e.String())
	if err != nil || again != e {
		t.Fatalf("ParseEDTF(%q) = %v, %v; want what was printed", e.String(), again, err)
	}
	data, err := json.Marshal(e)
	if err != nil {
		t.Fatalf("%v as JSON: %v", e, err)
	}
	if err := json.Unmarshal(data, &again); err != nil || again != e {
		t.Fatalf("%s is read as %v, %v", data, again, err)
	}
	first, hasFirst := e.First()
	last, hasLast := e.Last()
	if !hasFirst && !hasLast {
		t.Fatalf("%v has no end at all", e)
	}
	if hasFirst && hasLast && last.Before(first) {
		t.Fatalf("%s ends on %v, before it starts on %v", e, last, first)
	}
	if hasFirst && (first.Year() < 1 || e.After(last) && hasLast && !e.IsInterval()) {
		t.Fatalf("%s starts on %v and comes after its own end", e, first)
	}
}

// Precision and marks are those of the ends, and days of the calendar add up.
func TestEDTFKeepsPrecisionAndMarks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		one, precision, mark := drawDay(t, "one")
		e, err := ParseEDTF(one)
		if err != nil {
			t.Fatalf("ParseEDTF(%q): %v", one, err)
		}
		if e.Precision() != precision || e.Approximate() != (mark == "~") || e.Uncertain() != (mark == "?") || e.IsInterval() {
			t.Fatalf("%s has precision %d, approximate %t, uncertain %t", one, e.Precision(), e.Approximate(), e.Uncertain())
		}
		first, _ := e.First()
		last, _ := e.Last()
		after := []time.Time{first.AddDate(0, 0, 1), first.AddDate(0, 1, 0), first.AddDate(1, 0, 0)}[precision]
		if !last.AddDate(0, 0, 1).Equal(after) {
			t.Fatalf("%s lasts from %v to %v", one, first, last)
		}
		other, otherPrecision, otherMark := drawDay(t, "other")
		span, err := ParseEDTF(one + "/" + other)
		if err != nil {
			return // ends before it starts
		}
		marks := mark + otherMark
		if span.Precision() != max(precision, otherPrecision) || span.Approximate() != strings.Contains(marks, "~") || span.Uncertain() != strings.Contains(marks, "?") || !span.IsInterval() {
			t.Fatalf("%v has precision %d, approximate %t, uncertain %t", span, span.Precision(), span.Approximate(), span.Uncertain())
		}
		if open, err := ParseEDTF(one + "/.."); err != nil || open.Precision() != precision || span.Compare(open) > 0 {
			t.Fatalf("%v is %v, %v; want the precision of its date, and a place after %v", one+"/..", open, err, span)
		}
	})
}

func TestEDTFOrder(t *testing.T) {
	t.Parallel()
	sorted := []string{
		"../2026-01-01", "2025-11", "2025-11-30", "2025-12-01~", "2025-12", "2026-01-17", "2026-01-17/2026-01-18",
		"2026-01-17/..", "2026-01-18", "",
	}
	for i, a := range sorted {
		for j, b := range sorted {
			var x, y EDTF
			if err := x.UnmarshalText([]byte(a)); err != nil {
				t.Fatal(err)
			}
			if err := y.UnmarshalText([]byte(b)); err != nil {
				t.Fatal(err)
			}
			if got, want := x.Compare(y), min(max(i-j, -1), 1); got != want {
				t.Errorf("Compare(%q, %q) = %d, want %d", a, b, got, want)
			}
		}
	}
}

// The order is total and goes by the days that are meant.
func TestEDTFComparesLikeANumber(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := drawn(t, "a"), drawn(t, "b"), drawn(t, "c")
		if got, want := a.Compare(b), -b.Compare(a); got != want {
			t.Fatalf("Compare(%v, %v) = %d, the other way round %d", a, b, got, -want)
		}
		if (a.Compare(b) == 0) != (a == b) {
			t.Fatalf("Compare(%v, %v) = %d", a, b, a.Compare(b))
		}
		if a.Compare(b) <= 0 && b.Compare(c) <= 0 && a.Compare(c) > 0 {
			t.Fatalf("%v <= %v <= %v, but not %v <= %v", a, b, c, a, c)
		}
		first, ok := a.First()
		other, otherOK := b.First()
		if ok && otherOK && first.Before(other) && a.Compare(b) >= 0 {
			t.Fatalf("%v starts before %v and compares as %d", a, b, a.Compare(b))
		}
		last, ok := a.Last()
		end, endOK := b.Last()
		if ok && endOK && first.Equal(other) && last.Before(end) && !a.IsZero() && !b.IsZero() && a.from.open == b.from.open && a.Compare(b) >= 0 {
			t.Fatalf("%v ends before %v and compares as %d", a, b, a.Compare(b))
		}
	})
}

func TestEDTFAfter(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, time.January, 19, 0, 0, 0, 0, time.UTC)
	for give, want := range map[string]bool{
		"": false, "2026-01-18": false, "2026-01-19": false, "2026-01-20": true, "2026-01": false, "2026-02": true, "2026": false, "2027": true,
		"2026-01-01/2026-01-20": true, "2026-01-01/2026-01": false, "2026-01-01/..": false, "2026-01-20/..": true, "../2026-01-19": false, "../2026-01-20": true,
	} {
		var e EDTF
		if err := e.UnmarshalText([]byte(give)); err != nil {
			t.Fatal(err)
		}
		if got := e.After(day); got != want {
			t.Errorf("%q is after 2026-01-19: %t, want %t", give, got, want)
		}
	}
}

func TestEDTFPrecision(t *testing.T) {
	t.Parallel()
	for give, want := range map[string]Precision{
		"2026-01-17": Day, "2026-01": Month, "2026": Year, "2026-01-17/2026-02": Month, "2025/2026-02-01": Year, "../2026-02-01": Day, "2026-02/..": Month,
	} {
		e, err := ParseEDTF(give)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Precision(); got != want {
			t.Errorf("Precision of %s = %d, want %d", give, got, want)
		}
	}
	if e := (EDTF{}); !e.IsZero() || e.IsInterval() || e.String() != "" {
		t.Errorf("the zero value is dated %q", e)
	}
}

// hostileDates are texts that are no dates, whatever they look like.
func hostileDates() []string {
	return []string{
		"", " ", "/", "//", "...", "../", "/..", "2026-01-17~~", "~2026", "2026-00", "2026-01-00", "2026-01-32", "1900-02-29", "2100-02-29", "10000", "10000-01-01", "-0001",
		"+2026", "２０２６-０１-１７", "2026‐01‐17", "2026-01-17\x00", "2026-01-17\n", " 2026", "2026\u202e", "\xff\xfe", "20261", "2026W03", "2026-Q1", "2026-01-17Z",
		"2026-01-17/..~", "..?/2026", strings.Repeat("9", 33), strings.Repeat("../", 1000), "%d%s%n", "2026-1", "unknown", "yesterday",
	}
}

// What is no date is refused in one short line that shows how to write one.
func TestParseEDTFRefusesHostileText(t *testing.T) {
	t.Parallel()
	for _, s := range hostileDates() {
		e, err := ParseEDTF(s)
		if err == nil {
			t.Errorf("ParseEDTF(%q) = %v, want an error", s, e)
			continue
		}
		refusal(t, s, err)
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`[0-9/.~?-]{0,40}`)).Draw(t, "s")
		if e, err := ParseEDTF(s); err != nil {
			refusal(t, s, err)
		} else {
			checkEDTF(t, e)
		}
	})
}

func refusal(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, s string, err error,
) {
	t.Helper()
	say := err.Error()
	if !strings.Contains(say, "like 2026-01-") && !strings.Contains(say, "like ../2026-01-") {
		t.Fatalf("ParseEDTF(%q) = %v, which shows no date", s, err)
	}
	if len(say) > 400 || strings.IndexFunc(say, steers) >= 0 || !utf8.ValidString(say) {
		t.Fatalf("ParseEDTF(%q) = %q, which is long or steers the screen", s, say)
	}
}

func FuzzParseEDTF(f *testing.F) {
	for _, s := range hostileDates() {
		f.Add(s)
	}
	for _, s := range []string{"2026-01-17", "2025-11~", "2026?", "0001", "9999-12-31", "2024-02-29", "2000-02", "2026-01-19/2026-01-23", "../2026-01-23?", "2026-01-19~/.."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if e, err := ParseEDTF(s); err != nil {
			refusal(t, s, err)
		} else {
			checkEDTF(t, e)
		}
	})
}
