package cards

import (
	"slices"

	"sitrep/briefings"
)

// leastPoints of a series make it worth reading by date.
const leastPoints = 3

// A Point is what a series came to at a date.
type Point struct {
	Figure *briefings.Figure
	At     briefings.EDTF // what the figure holds for, or as of when it is
}

// Points are the figures of f's series that may be read one after the other, in
// order of their dates: they count the same, nobody contradicts them, and each
// is the one that was recorded last for its date. It is nil where there are
// not at least three, or f names no series.
func (t Telling) Points(f Filter) []Point {
	if f.Series == "" {
		return nil
	}
	var kinds []measure
	of := map[measure][]Point{}
	for _, x := range briefings.All[*briefings.Figure](t.Snapshot) {
		at := x.Valid
		if at.IsZero() {
			at = x.AsOf
		}
		if _, dated := at.First(); !dated || !f.takes(t, x) || t.openConflict(x.ID) {
			continue
		}
		recorded := t.Snapshot.In("").Item(x.ID).(*briefings.Figure) // a translated unit bends with its value
		kind := measure{recorded.Unit, x.Currency, x.Area, x.InflictedBy}
		if of[kind] == nil {
			kinds = append(kinds, kind)
		}
		of[kind] = t.placed(of[kind], Point{x, at})
	}
	var longest []Point
	for _, kind := range kinds {
		if n := len(of[kind]); n >= leastPoints && n > len(longest) {
			longest = of[kind]
		}
	}
	slices.SortStableFunc(longest, func(a, b Point) int { return a.At.Compare(b.At) })
	return longest
}

// A measure is what figures must share to be compared.
type measure struct {
	unit, currency, area string
	inflictedBy          briefings.ID
}

// takes reports whether the card of f shows a figure.
func (f Filter) takes(t Telling, x *briefings.Figure) bool {
	return t.keeps(f, x) && (f.Series == "" || x.Series == f.Series) && (f.Status == "" || x.Status.String() == f.Status)
}

// placed adds p to points, or puts it in the place of one of the same date that
// was recorded before it.
func (t Telling) placed(points []Point, p Point) []Point {
	i := slices.IndexFunc(points, func(q Point) bool { return q.At.Compare(p.At) == 0 })
	if i < 0 {
		return append(points, p)
	}
	was, is := t.Snapshot.Revision(points[i].Figure.ID), t.Snapshot.Revision(p.Figure.ID)
	if order := is.RecordedAt.Compare(was.RecordedAt); order > 0 || (order == 0 && is.Rev > was.Rev) {
		points[i] = p
	}
	return points
}

// byDate words points, each with its date before it.
func (t Telling) byDate(points []Point) []Line {
	var lines []Line
	for _, p := range points {
		lines = append(lines, Line{Text: bulleted(Format("%s: ", t.Date(p.At)) + t.Line(p.Figure.ID))})
	}
	return lines
}
