package pictures

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/image/font"
	"golang.org/x/text/unicode/norm"
)

// mostRunes of one text are ever looked at.
const mostRunes = 400

// missing stands for letters that can't be drawn.
const missing = '▯'

// drawable makes text what the font can show, letter after letter from the
// left: one mark stands for a run of letters without a glyph and of scripts
// that are written from the right or join up; what has no width or steers a
// screen is left out.
func drawable(text string, has func(rune) bool) string {
	if len(text) > 4*mostRunes {
		text = text[:4*mostRunes]
	}
	var b strings.Builder
	n, gap := 0, false
	for _, r := range norm.NFC.String(strings.ToValidUTF8(text, "")) {
		if n++; n > mostRunes {
			break
		}
		switch {
		case unicode.IsSpace(r):
			b.WriteByte(' ')
			gap = false
		case unicode.In(r, unicode.M, unicode.C): // marks that no letter took in, controls, what has no width
		case has(r) && simple(r):
			b.WriteRune(r)
			gap = false
		case !gap:
			b.WriteRune(missing)
			gap = true
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// simple reports whether a letter may stand by itself, left to right.
func simple(r rune) bool {
	return !unicode.IsLetter(r) || unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Common, unicode.Armenian, unicode.Georgian)
}

// width is how many pixels text takes in a face.
func width(face font.Face, text string) float64 {
	return float64(font.MeasureString(face, text)) / 64
}

// wrap breaks text into at most most lines of at most room pixels. Words stay
// whole where they fit; what doesn't fit at all ends in an ellipsis.
func wrap(face font.Face, text string, room float64, most int) []string {
	var lines []string
	words := strings.Fields(text)
	for len(words) > 0 {
		if len(lines) == most-1 {
			return append(lines, clip(face, strings.Join(words, " "), room))
		}
		n := 1
		for n < len(words) && width(face, strings.Join(words[:n+1], " ")) <= room {
			n++
		}
		line := strings.Join(words[:n], " ")
		if n == 1 && width(face, line) > room { // a word that is too long is broken
			head := fitting(face, line, room)
			lines, words[0] = append(lines, head), line[len(head):]
			continue
		}
		lines, words = append(lines, line), words[n:]
	}
	return lines
}

// clip is text, or as much of it as has room with an ellipsis.
func clip(face font.Face, text string, room float64) string {
	if width(face, text) <= room {
		return text
	}
	return strings.TrimRight(fitting(face, text, room-width(face, "…")), " ·,;:") + "…"
}

// fitting is the longest start of text that has room, one letter at least.
func fitting(face font.Face, text string, room float64) string {
	end := 0
	for i, r := range text {
		next := i + utf8.RuneLen(r)
		if i > 0 && width(face, text[:next]) > room {
			break
		}
		end = next
	}
	return text[:end]
}
