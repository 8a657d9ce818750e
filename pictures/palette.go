package pictures

import (
	"image/color"
	"slices"

	"sitrep/briefings"
)

// The colours of Okabe and Ito, which people with any colour vision tell
// apart, and those of paper and ink.
// https://jfly.uni-koeln.de/color/
const (
	blue       ink = 0x0072B2
	vermillion ink = 0xD55E00
	green      ink = 0x009E73
	orange     ink = 0xE69F00
	sky        ink = 0x56B4E9
	purple     ink = 0xCC79A7
	yellow     ink = 0xF0E442
	grey       ink = 0x999999
	white      ink = 0xFFFFFF
	black      ink = 0x111111
	dim        ink = 0x555555 // of what may be read last
	rule       ink = 0xBBBBBB // of lines between things
)

// An ink is a colour, 0xRRGGBB.
type ink uint32

func (i ink) rgba() color.RGBA {
	return color.RGBA{R: uint8(i >> 16), G: uint8(i >> 8), B: uint8(i), A: 0xFF} //nolint:gosec // a byte each
}

// on is the ink of text on a ground: white is readable on blue alone.
func (i ink) on() ink {
	if i == blue || i == dim || i == black {
		return white
	}
	return black
}

// ground is the colour of a cell that holds one stance. It only helps: sign and
// word say the same.
func ground(s briefings.Stance) ink {
	switch s {
	case briefings.Supports:
		return blue
	case briefings.Opposes:
		return vermillion
	case briefings.ConditionalStance:
		return sky
	case briefings.NoComment:
		return grey
	case briefings.Ambivalent:
		return orange
	}
	return white
}

// A badge tells sides apart by shape first, then by colour.
type badge struct {
	corners int // 0 for a circle
	turned  float64
	ink     ink
}

// badgeOf is the badge of the nth side.
func badgeOf(n int) badge {
	all := []badge{
		{corners: 0, ink: blue},
		{corners: 4, ink: vermillion},
		{corners: 3, ink: green},
		{corners: 4, turned: quarter / 2, ink: orange},
		{corners: 5, ink: purple},
		{corners: 6, ink: grey},
	}
	return all[n%len(all)]
}

// nth is the number of a side's badge: as it stands in the briefing's list, so
// that a side has one badge in all pictures, and the last one where it doesn't.
func nth(list []string, side string) int {
	if i := slices.Index(list, side); i >= 0 {
		return i
	}
	return 5
}
