package pictures

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
)

// figure is what a ministry says of households at a date.
func figure(tb testing.TB, ref, value, valid string) *briefings.Figure {
	tb.Helper()
	f := &briefings.Figure{
		Series: "outage.households", Value: value, Qualifier: briefings.AtLeast, Unit: "households",
		SaidBy: "actor/a1", Definition: "without power in Kyiv", Status: briefings.Claimed,
	}
	f.ID, f.Refs = briefings.ID("figure/"+strings.ToLower(ref)), []string{ref}
	if err := f.Valid.UnmarshalText([]byte(valid)); valid != "" && err != nil {
		tb.Fatal(err)
	}
	return f
}

// series is a desk with a series of four days, of which one has no figure.
func series(tb testing.TB, more ...briefings.Item) cards.Telling {
	tb.Helper()
	return desk(tb, append([]briefings.Item{
		actor("A1", "Ministry"),
		figure(tb, "F3", "8000", "2026-01-19"), figure(tb, "F1", "2000", "2026-01-16"), figure(tb, "F2", "4000", "2026-01-17"),
	}, more...)...)
}

func outages() cards.Filter { return cards.Filter{Series: "outage.households"} }

func barsOf(t cards.Telling, f cards.Filter) *Bars {
	p, _ := BarsOf(t, t.Figures(f, cards.Leaf{}), f).(*Bars)
	return p
}

// TestBars: every bar of a series is as long as its value, from zero, with a
// hatched gap for the day between that has no figure.
func TestBars(t *testing.T) {
	t.Parallel()
	say := series(t)
	c := gallery(t).Figures(say, say.Figures(outages(), cards.Leaf{}), outages())
	if c.Picture == nil || c.Picture.Name != "series.png" {
		t.Fatalf("it has no chart: %s", c.Plain())
	}
	im, _, err := image.Decode(bytes.NewReader(c.Picture.PNG))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{2000, 4000, 0, 8000} {
		x, tall := margin+i*(wide-2*margin)/4+(wide-2*margin)/8, 0
		for y := int(barsTop); y < int(barsEnd); y++ {
			if color.RGBAModel.Convert(im.At(x, y)) == blue.rgba() {
				tall++
			}
		}
		if got := tall * 8000 / int(barsEnd-barsTop); got < want-200 || got > want+200 {
			t.Errorf("the bar of column %d stands for %d, want %d", i, got, want)
		}
	}
	for _, want := range []string{
		"Bar chart of outage.households, 3 figures by date, from zero.", "16 Jan 2026: at least 2000 households without power in Kyiv — claimed by Ministry F1.",
		"19 Jan 2026: at least 8000 households without power in Kyiv — claimed by Ministry F3.", "hatched where no figure is recorded.",
	} {
		if !strings.Contains(c.Picture.Alt, want) {
			t.Errorf("the alt text lacks %q:\n%s", want, c.Picture.Alt)
		}
	}
	if folder := os.Getenv("SITREP_SCREENSHOTS"); folder != "" {
		if err := os.WriteFile(filepath.Join(folder, "en-series.png"), c.Picture.PNG, 0o600); err != nil {
			t.Error(err)
		}
	}
}

// TestWhichBars: what belongs to a series, and when there is none.
func TestWhichBars(t *testing.T) {
	t.Parallel()
	with := func(ref, value, valid string, change func(*briefings.Figure)) *briefings.Figure {
		f := figure(t, ref, value, valid)
		if change != nil {
			change(f)
		}
		return f
	}
	open := dispute("figure/f2", "figure/f9")
	none := func(f *briefings.Figure) { f.Value, f.Qualifier = "", briefings.Several }
	for _, tt := range []struct {
		name string
		say  cards.Telling
		f    cards.Filter
		want string // the labels in order, - for a gap; empty for tiles
	}{
		{"a series", series(t), outages(), "F1 F2 - F3"},
		{"no series asked for", series(t), cards.Filter{}, ""},
		{"another status", series(t), cards.Filter{Series: "outage.households", Status: "confirmed"}, ""},
		{"two points", desk(t, figure(t, "F1", "1", "2026-01-16"), figure(t, "F2", "2", "2026-01-17")), outages(), ""},
		{"one is contested", series(t, figure(t, "F9", "1", ""), open), outages(), ""},
		{"another unit", series(t, with("F4", "5", "2026-01-18", func(f *briefings.Figure) { f.Unit = "towns" })), outages(), "F1 F2 - F3"},
		{"another area", series(t, with("F4", "5", "2026-01-18", func(f *briefings.Figure) { f.Area = "Lviv" })), outages(), "F1 F2 - F3"},
		{"another doer", series(t, with("F4", "5", "2026-01-18", func(f *briefings.Figure) { f.InflictedBy = "actor/a1" })), outages(), "F1 F2 - F3"},
		{"one undated", series(t, figure(t, "F4", "5", "")), outages(), "F1 F2 - F3"},
		{"one as of", series(t, with("F4", "5", "", func(f *briefings.Figure) { f.AsOf = figure(t, "F", "", "2026-01-18").Valid })), outages(), "F1 F2 F4 F3"},
		{"one without a number", series(t, with("F4", "", "2026-01-18", none)), outages(), "F1 F2 F4 F3"},
		{"too few numbers", desk(t, figure(t, "F1", "1", "2026-01-16"), figure(t, "F2", "2", "2026-01-17"), with("F4", "", "2026-01-18", none)), outages(), ""},
		{"long between", series(t, figure(t, "F4", "5", "2025-01-18")), outages(), "F4 F1 F2 F3"},
		{"months", desk(t, figure(t, "F1", "1", "2025-11"), figure(t, "F2", "2", "2025-12"), figure(t, "F3", "2", "2026-02")), outages(), "F1 F2 - F3"},
		{"years", desk(t, figure(t, "F1", "1", "2020"), figure(t, "F2", "2", "2022"), figure(t, "F3", "2", "2026")), outages(), "F1 F2 - F3"},
		{"month and day", series(t, figure(t, "F4", "5", "2025-12")), outages(), "F4 F1 F2 F3"},
	} {
		got := ""
		if p := barsOf(tt.say, tt.f); p != nil {
			var refs []string
			for _, b := range p.Bars {
				if b.Ref == "" {
					b.Ref = "-"
				}
				refs = append(refs, b.Ref)
			}
			got = strings.Join(refs, " ")
		}
		if got != tt.want {
			t.Errorf("%s: got bars %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestNewestOfADate: of several figures for one date the one recorded last counts.
func TestNewestOfADate(t *testing.T) {
	t.Parallel()
	var log []briefings.Revision
	for i, item := range []briefings.Item{
		actor("A1", "Ministry"), figure(t, "F1", "1", "2026-01-16"), figure(t, "F4", "4", "2026-01-17"),
		figure(t, "F2", "2", "2026-01-17"), figure(t, "F3", "3", "2026-01-18"),
	} {
		at := time.Date(2026, time.January, 20, i, 0, 0, 0, time.UTC)
		if i == 2 {
			at = at.Add(12 * time.Hour)
		}
		log = append(log, briefings.Revision{Rev: 1, Item: item, Op: briefings.OpCreate, RecordedAt: at})
	}
	p := barsOf(telling(t, "en", briefings.Compile(briefings.Catalogue, nil, log)), outages())
	if p == nil || len(p.Bars) != 3 || p.Bars[1].Ref != "F4" {
		t.Fatalf("got %+v, want F4 in the middle", p)
	}
}

// TestMoreThanFit: only the newest stand on the chart, which says so.
func TestMoreThanFit(t *testing.T) {
	t.Parallel()
	items := []briefings.Item{actor("A1", "Ministry")}
	for i := range 9 {
		items = append(items, figure(t, fmt.Sprint("F", i+1), fmt.Sprint(i), fmt.Sprintf("2026-01-%02d", i+10)))
	}
	p := barsOf(desk(t, items...), outages())
	if p == nil || len(p.Bars) != mostBars || p.Bars[0].Ref != "F4" || !slices.Contains(p.Notes, "the newest 6 of 9 figures") {
		t.Fatalf("got %+v", p)
	}
}

func TestBarEnds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name      string
		values    []float64
		of        float64
		top, foot float64
	}{
		{"the highest", []float64{1, 4}, 4, barsTop, barsEnd},
		{"half of it", []float64{2, 4}, 2, (barsTop + barsEnd) / 2, barsEnd},
		{"all zero", []float64{0, 0}, 0, barsEnd, barsEnd},
		{"below zero", []float64{-5, 5}, -5, (barsTop + barsEnd) / 2, barsEnd},
		{"all below zero", []float64{-5, -10}, -10, barsTop, barsEnd},
	} {
		p := &Bars{}
		for _, v := range tt.values {
			p.Bars = append(p.Bars, Bar{Value: v})
		}
		if top, foot := p.ends(tt.of); top != tt.top || foot != tt.foot {
			t.Errorf("%s: from %v to %v, want %v to %v", tt.name, top, foot, tt.top, tt.foot)
		}
	}
}

// TestBarsInEveryLanguage: the chart hangs and its alt text says all of it.
func TestBarsInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"en", "uk", "de", "fr"} {
		say := telling(t, locale, series(t).Snapshot)
		c := say.Figures(outages(), cards.Leaf{})
		hung := gallery(t).Figures(say, c, outages()).Picture
		if hung == nil || hung.Name != "series.png" {
			t.Errorf("%s: it has no chart: %s", locale, c.Plain())
			continue
		}
		for _, fact := range BarsOf(say, c, outages()).facts() {
			if !strings.Contains(spoken(hung.Alt), spoken(fact)) {
				t.Errorf("%s: the alt text lacks %q:\n%s", locale, fact, hung.Alt)
			}
		}
	}
}
