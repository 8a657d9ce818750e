package pictures

import (
	"bytes"
	"embed"
	"fmt"
	"image"
	"image/png"
	"math"

	"git.sr.ht/~sbinet/gg"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// The size of a picture in pixels. Discord shows it at a third of that on a
// phone, so no text is set smaller than body.
const (
	wide, high = 1200, 675
	margin     = 36
	body       = 24
	quarter    = math.Pi / 2
)

//go:embed fonts/*.ttf
var files embed.FS

// typefaces are read once and shared; faces made of them are not.
type typefaces struct{ plain, bold *opentype.Font }

func readFonts() (t typefaces, err error) {
	for _, f := range []struct {
		name string
		into **opentype.Font
	}{{"DejaVuSansCondensed.ttf", &t.plain}, {"DejaVuSansCondensed-Bold.ttf", &t.bold}} {
		data, err := files.ReadFile("fonts/" + f.name)
		if err != nil {
			return t, fmt.Errorf("pictures: read font: %w", err)
		}
		if *f.into, err = opentype.Parse(data); err != nil {
			return t, fmt.Errorf("pictures: parse %s: %w", f.name, err)
		}
	}
	return t, nil
}

// A lettering is a size of text in one weight.
type lettering struct {
	size int
	bold bool
}

// canvas is one picture being drawn. Its first error stays.
type canvas struct {
	gg    *gg.Context
	image *image.RGBA
	fonts typefaces
	faces map[lettering]font.Face
	buf   sfnt.Buffer
	err   error
}

func newCanvas(fonts typefaces) *canvas {
	sheet := image.NewRGBA(image.Rect(0, 0, wide, high))
	c := &canvas{gg: gg.NewContextForRGBA(sheet), image: sheet, fonts: fonts, faces: map[lettering]font.Face{}}
	c.gg.SetColor(white.rgba())
	c.gg.Clear()
	return c
}

// png is the finished picture.
func (c *canvas) png() ([]byte, error) {
	var out bytes.Buffer
	if c.err == nil {
		c.err = png.Encode(&out, c.image)
	}
	return out.Bytes(), c.err
}

func (c *canvas) face(l lettering) font.Face {
	if face := c.faces[l]; face != nil {
		return face
	}
	of := c.fonts.plain
	if l.bold {
		of = c.fonts.bold
	}
	face, err := opentype.NewFace(of, &opentype.FaceOptions{Size: float64(l.size), DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		c.err = fmt.Errorf("pictures: open a font of %d pixels: %w", l.size, err)
	}
	c.faces[l] = face
	return face
}

func (c *canvas) has(r rune) bool {
	i, err := c.fonts.plain.GlyphIndex(&c.buf, r)
	return err == nil && i != 0
}

// box is a rectangle that text stays in.
type box struct{ x, y, w, h float64 }

// inner is b without an edge.
func (b box) inner(edge float64) box { return box{b.x + edge, b.y + edge, b.w - 2*edge, b.h - 2*edge} }

// A setting is how text stands in its box.
type setting struct {
	lettering
	ink    ink
	centre bool // else it begins at the left
	top    bool // else it stands in the middle of the height
	low    bool // or at its end
	least  int  // the size it may shrink to before it is cut; body where 0
}

// text sets s into b and returns the height it took. It shrinks, wraps and at
// last cuts the text until it fits.
func (c *canvas) text(b box, s string, as setting) float64 {
	s = drawable(s, c.has)
	if s == "" || c.err != nil {
		return 0
	}
	least := as.least
	if least == 0 {
		least = body
	}
	lines, step := []string(nil), 0.0
	for size := max(as.size, least); ; size -= 2 {
		as.size = max(size, least)
		step = 1.22 * float64(as.size)
		most := max(1, int(b.h/step))
		face := c.face(as.lettering)
		if c.err != nil {
			return 0
		}
		lines = wrap(face, s, b.w, most+1)
		whole := len(lines) <= most
		for _, word := range lines {
			whole = whole && width(face, word) <= b.w
		}
		if whole && (as.size == least || !broken(lines, s)) {
			break
		}
		if as.size == least {
			lines = wrap(face, s, b.w, most)
			break
		}
	}
	return c.set(b, lines, step, as)
}

// broken reports whether a word of s had to be divided.
func broken(lines []string, s string) bool {
	n := 0
	for _, l := range lines {
		n += len(l)
	}
	return n+len(lines)-1 != len(s)
}

func (c *canvas) set(b box, lines []string, step float64, as setting) float64 {
	face := c.face(as.lettering)
	pen := font.Drawer{Dst: c.image, Src: image.NewUniform(as.ink.rgba()), Face: face} // gg's own takes ten times as long
	height := step * float64(len(lines))
	y := b.y + 0.95*float64(as.size)
	switch {
	case as.low:
		y += b.h - height
	case !as.top:
		y += (b.h - height) / 2
	}
	for _, line := range lines {
		x := b.x
		if as.centre {
			x += (b.w - width(face, line)) / 2
		}
		pen.Dot = fixed.Point26_6{X: fixed.Int26_6(x * 64), Y: fixed.Int26_6(y * 64)}
		pen.DrawString(line)
		y += step
	}
	return height
}

func (c *canvas) fill(b box, i ink) {
	c.gg.SetColor(i.rgba())
	c.gg.DrawRectangle(b.x, b.y, b.w, b.h)
	c.gg.Fill()
}

func (c *canvas) frame(b box, i ink, thick float64) {
	c.gg.SetColor(i.rgba())
	c.gg.SetLineWidth(thick)
	c.gg.DrawRectangle(b.x+thick/2, b.y+thick/2, b.w-thick, b.h-thick)
	c.gg.Stroke()
}

// hatch fills a box with slanting lines: nothing is known of what it stands for.
func (c *canvas) hatch(b box) {
	c.fill(b, white)
	c.gg.SetColor(rule.rgba())
	c.gg.SetLineWidth(1.5)
	const gap = 18
	for d := gap / 2.0; d < b.w+b.h; d += gap {
		x1, y1 := b.x+d, b.y
		if x1 > b.x+b.w {
			x1, y1 = b.x+b.w, b.y+d-b.w
		}
		x2, y2 := b.x, b.y+d
		if y2 > b.y+b.h {
			x2, y2 = b.x+d-b.h, b.y+b.h
		}
		c.gg.DrawLine(x1, y1, x2, y2)
	}
	c.gg.Stroke()
	c.frame(b, rule, 2)
}

func (c *canvas) line(x1, y1, x2, y2 float64, i ink, thick float64, dashes ...float64) {
	c.gg.SetColor(i.rgba())
	c.gg.SetLineWidth(thick)
	c.gg.SetDash(dashes...)
	c.gg.DrawLine(x1, y1, x2, y2)
	c.gg.Stroke()
	c.gg.SetDash()
}

func (c *canvas) badge(b badge, x, y, r float64) {
	c.gg.SetColor(b.ink.rgba())
	if b.corners == 0 {
		c.gg.DrawCircle(x, y, r)
	} else {
		c.gg.DrawRegularPolygon(b.corners, x, y, r, b.turned)
	}
	c.gg.FillPreserve()
	c.gg.SetColor(black.rgba())
	c.gg.SetLineWidth(2)
	c.gg.Stroke()
}

// title and foot are where every picture says what it is and as of when.
func (c *canvas) title(s string) {
	c.text(box{margin, 20, wide - 2*margin, 56}, s, setting{lettering: lettering{38, true}, ink: black, least: 28})
}

func (c *canvas) foot(s string) {
	c.text(box{margin, high - 52, wide - 2*margin, 36}, s, setting{lettering: lettering{body, false}, ink: dim})
}
