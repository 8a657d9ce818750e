package briefings

import (
	"fmt"
	"testing"
	"time"

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
		{"../..", `"../.." is open at both ends; give one of them a date`},
		{"2026-01-23/2026-01-19", `"2026-01-23/2026-01-19" ends before it starts; write the earlier date first`},
		{"2026-01-23/2025", `"2026-01-23/2025" ends before it starts; write the earlier date first`},
		{"2026-01-19 / 2026-01-23 or sooner", `"2026-01-19 / 2026-01-23 or sooner" is too long for a date; write it like 2026-01-17`},
	} {
		e, err := ParseEDTF(tt.give)
		if err == nil || err.Error() != tt.want {
			t.Errorf("ParseEDTF(%q) = %v, %v; want the error %s", tt.give, e, err, tt.want)
		}
	}
}

func drawEDTF() *rapid.Generator[string] {
	day := rapid.Custom(func(t *rapid.T) string {
		d := time.Date(rapid.IntRange(1, 9999).Draw(t, "year"), 1, rapid.IntRange(1, 365).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
		layout := rapid.SampledFrom([]string{"2006-01-02", "2006-01", "2006"}).Draw(t, "layout")
		return d.Format(layout) + rapid.SampledFrom([]string{"", "~", "?"}).Draw(t, "mark")
	})
	end := rapid.OneOf(day, rapid.Just(".."))
	return rapid.OneOf(day, rapid.Custom(func(t *rapid.T) string {
		return fmt.Sprintf("%s/%s", end.Draw(t, "from"), end.Draw(t, "to"))
	}))
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
		var again EDTF
		text, err := e.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		if err := again.UnmarshalText(text); err != nil || again != e {
			t.Fatalf("UnmarshalText(%q) = %v, %v; want %v", text, again, err, e)
		}
		first, hasFirst := e.First()
		last, hasLast := e.Last()
		if hasFirst && hasLast && last.Before(first) {
			t.Fatalf("%s ends on %v, before it starts on %v", e, last, first)
		}
	})
	if read == 0 {
		t.Error("no date that was drawn could be read")
	}
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

func TestEDTFComparesLikeANumber(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var e [3]EDTF
		for i := range e {
			e[i], _ = ParseEDTF(drawEDTF().Draw(t, "s")) // what can't be read stays undated
		}
		if got, want := e[0].Compare(e[1]), -e[1].Compare(e[0]); got != want {
			t.Fatalf("Compare(%v, %v) = %d, the other way round %d", e[0], e[1], got, -want)
		}
		if e[0].Compare(e[1]) <= 0 && e[1].Compare(e[2]) <= 0 && e[0].Compare(e[2]) > 0 {
			t.Fatalf("%v <= %v <= %v, but not %v <= %v", e[0], e[1], e[2], e[0], e[2])
		}
	})
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
