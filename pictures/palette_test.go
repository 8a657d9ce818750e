package pictures

import (
	"math"
	"testing"

	"sitrep/briefings"
)

// linear is a colour's light, channel by channel (IEC 61966-2-1).
func linear(i ink) [3]float64 {
	var out [3]float64
	c := i.rgba()
	for n, b := range []uint8{c.R, c.G, c.B} {
		v := float64(b) / 255
		if v <= 0.04045 {
			out[n] = v / 12.92
		} else {
			out[n] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return out
}

func luminance(i ink) float64 {
	l := linear(i)
	return 0.2126*l[0] + 0.7152*l[1] + 0.0722*l[2]
}

// contrast is WCAG 2's ratio.
func contrast(a, b ink) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// deuteranope is what is left of a colour to somebody without green cones
// (Machado, Oliveira and Fernandes 2009, severity 1), in linear light.
func deuteranope(i ink) [3]float64 {
	l := linear(i)
	var out [3]float64
	for n, row := range [3][3]float64{{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}} {
		out[n] = min(1, max(0, row[0]*l[0]+row[1]*l[1]+row[2]*l[2]))
	}
	return out
}

// lab is a linear colour in CIE L*a*b*, where distances are about those that
// people see.
func lab(l [3]float64) [3]float64 {
	f := func(v float64) float64 {
		if v > 216.0/24389 {
			return math.Cbrt(v)
		}
		return (24389.0/27*v + 16) / 116
	}
	x := f((0.4124*l[0] + 0.3576*l[1] + 0.1805*l[2]) / 0.9505)
	y := f(0.2126*l[0] + 0.7152*l[1] + 0.0722*l[2])
	z := f((0.0193*l[0] + 0.1192*l[1] + 0.9505*l[2]) / 1.089)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

func distance(a, b [3]float64) float64 {
	return math.Sqrt((a[0]-b[0])*(a[0]-b[0]) + (a[1]-b[1])*(a[1]-b[1]) + (a[2]-b[2])*(a[2]-b[2]))
}

// TestContrast: all text reaches 4.5 to 1 on what it stands on (WCAG 2, 1.4.3),
// the shapes reach 3 to 1 with their outline (1.4.11).
func TestContrast(t *testing.T) {
	t.Parallel()
	for _, on := range []ink{blue, vermillion, sky, grey, orange, yellow, white, 0xEAF3F8, 0xFBEFE6, 0xF1F1F1} {
		if got := contrast(on, on.on()); got < 4.5 {
			t.Errorf("text on %06X has a contrast of %.2f, want 4.5", uint32(on), got)
		}
	}
	if got := contrast(dim, white); got < 4.5 {
		t.Errorf("dim text has a contrast of %.2f, want 4.5", got)
	}
	if got := contrast(black, white); got < 3 {
		t.Errorf("outlines have a contrast of %.2f, want 3", got)
	}
}

// TestToldApart: stances and sides that look alike to some, or in greys, differ
// by sign, word or shape.
func TestToldApart(t *testing.T) {
	t.Parallel()
	const clear = 20 // a difference in L*a*b* that nobody overlooks
	say := bundled(t, "en")
	type look struct {
		ink   ink
		shape string
	}
	looks := map[string]look{}
	for _, s := range []briefings.Stance{
		briefings.Supports, briefings.Opposes, briefings.ConditionalStance, briefings.NoComment, briefings.Ambivalent, briefings.NotStated, briefings.OtherStance,
	} {
		looks[s.String()] = look{ground(s), say.Words.Say("stance." + s.String())}
	}
	alike := func(looks map[string]look) {
		for a, x := range looks {
			for b, y := range looks {
				seen := distance(lab(deuteranope(x.ink)), lab(deuteranope(y.ink)))
				grey := math.Abs(lab(linear(x.ink))[0] - lab(linear(y.ink))[0])
				if a < b && min(seen, grey) < clear && x.shape == y.shape {
					t.Errorf("%s and %s differ by %.0f to a deuteranope, by %.0f in greys, and by no sign", a, b, seen, grey)
				}
			}
		}
	}
	alike(looks)
	// the colours that meet in one cell or line are apart by themselves
	if got := distance(lab(deuteranope(blue)), lab(deuteranope(vermillion))); got < clear {
		t.Errorf("for and against differ by %.0f to a deuteranope, want %d", got, clear)
	}
	sides := map[string]look{}
	for n := range 6 {
		b := badgeOf(n)
		sides[string(rune('a'+n))] = look{b.ink, string(rune('0'+b.corners)) + string(rune('0'+int(b.turned*10)))}
	}
	alike(sides)
}
