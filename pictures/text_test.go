package pictures

import (
	"image"
	"math"
	"strings"
	"testing"
	"unicode/utf8"
)

func easel(tb testing.TB) *canvas {
	tb.Helper()
	fonts, err := readFonts()
	if err != nil {
		tb.Fatal(err)
	}
	return newCanvas(fonts)
}

func TestDrawable(t *testing.T) {
	t.Parallel()
	c := easel(t)
	for _, tt := range []struct{ name, text, want string }{
		{"latin", "Peace  commission\n", "Peace commission"},
		{"cyrillic", "Їжак і ґанок", "Їжак і ґанок"},
		{"signs", "− 20 % · “so” → ⚠ €", "− 20 % · “so” → ⚠ €"},
		{"decomposed", "e\u0301 и\u0306", "é й"},
		{"piled marks", "a" + strings.Repeat("\u0336", 50) + "b", "ab"},
		{"no width", "a\u200b\u200d\ufeff\u00adb", "ab"},
		{"turning", "a\u202eb\u2066c", "abc"},
		{"control", "a\x00\x1bb", "ab"},
		{"emoji", "one 🧑‍🚒🎉 two", "one ▯ two"},
		{"flag", "🇺🇦", "▯"},
		{"hebrew", "x שלום y", "x ▯ y"},
		{"arabic", "سلام", "▯"},
		{"han", "条約", "▯"},
		{"no UTF-8", "a\xff\xfeb", "ab"},
		{"nothing", " \u200b ", ""},
	} {
		if got := drawable(tt.text, c.has); got != tt.want {
			t.Errorf("%s: %q is drawn as %q, want %q", tt.name, tt.text, got, tt.want)
		}
	}
	if got := utf8.RuneCountInString(drawable(strings.Repeat("ж", 5000), c.has)); got != mostRunes {
		t.Errorf("of 5,000 letters %d are drawn, want %d", got, mostRunes)
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	c := easel(t)
	face := c.face(lettering{24, false})
	for _, tt := range []struct {
		name, text string
		room       float64
		most       int
		want       []string
	}{
		{"fits", "one two", 200, 2, []string{"one two"}},
		{"two lines", "one two three", 100, 2, []string{"one two", "three"}},
		{"cut", "one two three", 100, 1, []string{"one tw…"}},
		{"a long word", "Donaudampfschiff", 100, 3, []string{"Donauda", "mpfschif", "f"}},
		{"narrower than a letter", "ab", 1, 2, []string{"a", "b…"}},
		{"nothing", "", 100, 2, nil},
	} {
		got := wrap(face, tt.text, tt.room, tt.most)
		if strings.Join(got, "|") != strings.Join(tt.want, "|") {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// spot is what is drawn, outside of b, on a canvas that was white.
func spot(c *canvas, b box) (image.Point, bool) {
	im := c.gg.Image()
	for y := range high {
		for x := range wide {
			inside := float64(x) >= math.Floor(b.x)-1 && float64(x) <= b.x+b.w+1 && float64(y) >= math.Floor(b.y)-1 && float64(y) <= b.y+b.h+1
			if r, g, bl, _ := im.At(x, y).RGBA(); !inside && r&g&bl != 0xFFFF {
				return image.Pt(x, y), true
			}
		}
	}
	return image.Point{}, false
}

// FuzzText: whatever is written stays in its box.
func FuzzText(f *testing.F) {
	for _, text := range []string{
		"Peace commission", strings.Repeat("Wort ", 80), strings.Repeat("W", 300), strings.Repeat("ÅÄ̊ ", 100), "שלום سلام", "🧑‍🚒🎉",
		"a\u200b\u202eb", "ꙮ 𝕎 ǅ ﷽", "\xff\xfe", strings.Repeat("\u0301", 40), "jÇģ q̧", "W…",
	} {
		f.Add(text, uint8(60), uint8(1), true)
		f.Add(text, uint8(255), uint8(3), false)
	}
	f.Fuzz(func(t *testing.T, text string, w, lines uint8, bold bool) {
		c := easel(t)
		b := box{200, 200, 60 + 2*float64(w), 36 * (1 + float64(lines%4))}
		c.text(b, text, setting{lettering: lettering{34, bold}, ink: black, centre: bold})
		if at, out := spot(c, b); out {
			t.Errorf("%q in %+v is drawn at %v too", text, b, at)
		}
		if c.err != nil {
			t.Error(c.err)
		}
	})
}
