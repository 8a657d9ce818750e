package cards

import (
	"testing"
	"time"

	"sitrep/briefings"
)

// telling words the desk with these items, in English.
func telling(tb testing.TB, items ...briefings.Item) Telling {
	tb.Helper()
	at := time.Date(2026, time.January, 19, 0, 0, 0, 0, time.UTC)
	revs := make([]briefings.Revision, len(items))
	for i, item := range items {
		revs[i] = briefings.Revision{Rev: 1, Item: item, Op: briefings.OpCreate, RecordedAt: at}
	}
	return Telling{Snapshot: briefings.Compile("1", nil, revs), Words: english(tb), Now: at.Add(time.Hour)}
}

func edtf(tb testing.TB, s string) briefings.EDTF {
	tb.Helper()
	if s == "" {
		return briefings.EDTF{}
	}
	e, err := briefings.ParseEDTF(s)
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

func TestDate(t *testing.T) {
	t.Parallel()
	say := telling(t)
	for _, tt := range []struct{ edtf, want string }{
		{"", "undated"},
		{"2026-01-17", "17 Jan 2026"},
		{"2026-12-01", "1 Dec 2026"},
		{"2025-11", "Nov 2025"},
		{"2025", "2025"},
		{"0800", "0800"},
		{"2026-01-17~", "about 17 Jan 2026"},
		{"2025-12~", "about Dec 2025"},
		{"2026-01-17?", "17 Jan 2026 (uncertain)"},
		{"2026-01-19/2026-01-23", "19–23 Jan 2026"},
		{"2026-01-30/2026-02-02", "30 Jan 2026 – 2 Feb 2026"},
		{"2025-01-19/2026-01-23", "19 Jan 2025 – 23 Jan 2026"},
		{"2026-01-17/2026-01-17", "17 Jan 2026"},
		{"2025-11/2026-01", "Nov 2025 – Jan 2026"},
		{"2025-11/2025-11", "Nov 2025"},
		{"2025/2026", "2025 – 2026"},
		{"2025-11/2026-01-17", "Nov 2025 – Jan 2026"},
		{"2026-01-17/..", "from 17 Jan 2026"},
		{"../2026-01-17", "until 17 Jan 2026"},
		{"2025-11~/..", "about from Nov 2025"},
		{"2026-01-19~/2026-01-23?", "about 19–23 Jan 2026 (uncertain)"},
	} {
		if got := say.Date(edtf(t, tt.edtf)); got != tt.want {
			t.Errorf("Date(%s) = %q, want %q", tt.edtf, got, tt.want)
		}
	}
	kyiv := time.FixedZone("Kyiv", 2*60*60)
	if got := say.Day(time.Date(2026, 1, 20, 1, 30, 0, 0, kyiv)); got != "19 Jan 2026" {
		t.Errorf("Day of 1:30 in Kyiv = %q, want UTC's, 19 Jan 2026", got)
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	say := telling(t)
	for _, tt := range []struct {
		value                string
		qualifier            briefings.Qualifier
		unit, currency, want string
	}{
		{"800000000000", briefings.About, "dollars", "USD", "about $800 bn"},
		{"8000000000000", briefings.UpTo, "dollars", "USD", "up to $8000 bn"},
		{"80000000000000", briefings.Exact, "dollars", "USD", "$80,000 bn"},
		{"1500000", briefings.Exact, "euros", "EUR", "€1.5 m"},
		{"5", briefings.Exact, "hryvnias", "UAH", "₴5"},
		{"5", briefings.Exact, "yen", "JPY", "JPY 5"},
		{"-5.25", briefings.Exact, "pounds", "GBP", "−£5.25"},
		{"200000", briefings.MoreThan, "households", "", "more than 200,000 households"},
		{"612", briefings.Exact, "attacks", "", "612 attacks"},
		{"9999", briefings.Exact, "x", "", "9999 x"},
		{"10000", briefings.Exact, "x", "", "10,000 x"},
		{"1234567", briefings.Exact, "x", "", "1,234,567 x"},
		{"1000000", briefings.Exact, "x", "", "1 m x"},
		{"1234000000", briefings.Exact, "x", "", "1.234 bn x"},
		{"1234500000", briefings.Exact, "x", "", "1,234,500,000 x"},
		{"1500000.00", briefings.Exact, "x", "", "1.5 m x"},
		{"1000000.5", briefings.Exact, "x", "", "1,000,000.5 x"},
		{"-18.5", briefings.Exact, "Cel", "", "−18.5 °C"},
		{"-10", briefings.UpTo, "Cel", "", "down to −10 °C"},
		{"0", briefings.Exact, "meetings", "", "0 meetings"},
		{"000", briefings.Exact, "x", "", "0 x"},
		{"0.050", briefings.Exact, "x", "", "0.050 x"},
		{"007", briefings.Exact, "x", "", "7 x"},
		{"-0.000000000001", briefings.Exact, "x", "", "−0.000000000001 x"},
		{"123456789012345678901234.123456789012", briefings.Exact, "x", "", "123,456,789,012,345,678,901,234.123456789012 x"},
		{"50", briefings.Share, "% of Kyiv", "", "50 % of Kyiv"},
		{"3", briefings.AtLeast, "x", "", "at least 3 x"},
		{"3", briefings.AtMost, "x", "", "at most 3 x"},
		{"", briefings.Several, "systems", "", "several systems"},
	} {
		f := &briefings.Figure{Value: tt.value, Qualifier: tt.qualifier, Unit: tt.unit, Currency: tt.currency}
		if got := say.Number(f); got != tt.want {
			t.Errorf("%s %s %s: got %q, want %q", tt.qualifier, tt.value, tt.unit+tt.currency, got, tt.want)
		}
	}
}

func TestColour(t *testing.T) {
	t.Parallel()
	for hex, want := range map[string]int{"": 0x0072B2, "FF0000": 0xFF0000, "000001": 1, "red": 0, "1000000": 0} {
		if got := Colour(hex); got != want {
			t.Errorf("Colour(%q) = %06X, want %06X", hex, got, want)
		}
	}
}
