package cards

import (
	"slices"

	"sitrep/briefings"
	"sitrep/words"
)

// Figures lists the numbers, rivals side by side: first the points of the
// series asked for, then those that sections show on their own screens, then
// the others by section.
func (t Telling) Figures(f Filter, at Leaf) Card {
	bySection := map[string][]briefings.ID{}
	shown := map[briefings.ID]bool{}
	for _, s := range t.Snapshot.Sections() {
		for _, id := range s.Highlights {
			shown[id] = true
		}
	}
	points := t.Points(f)
	var all, first []briefings.ID
	for _, x := range briefings.All[*briefings.Figure](t.Snapshot) {
		if !f.takes(t, x) {
			continue
		}
		all = append(all, x.ID)
		if slices.ContainsFunc(points, func(p Point) bool { return p.Figure == x }) {
			continue
		}
		if key := x.Sections; !shown[x.ID] && len(key) > 0 {
			bySection[key[0]] = append(bySection[key[0]], x.ID)
		} else {
			first = append(first, x.ID)
		}
	}
	c := Card{Title: "## " + t.say("figures.title", words.Args{"Count": len(all)}) + f.about(t), Colour: Colour("")}
	c.Footer = append(t.FooterOf(all), t.say("figures.legend", nil))
	c.Selects = []Select{t.sectionSelect(f, at)}
	if len(all) == 0 {
		return t.none(c)
	}
	blocks := []Block{
		{Heading: t.heading("figures.by_date", nil), Lines: t.byDate(points)},
		{Heading: t.heading("figures.first", nil), Lines: t.Lines(t.bySeries(first))},
	}
	for _, s := range slices.Concat(t.Snapshot.Sections(), t.Snapshot.Retired()) {
		blocks = append(blocks, Block{Heading: Format("**%s**", s.Title), Lines: t.Lines(t.bySeries(bySection[s.Key()]))})
	}
	return t.Paged(c, blocks, at)
}

// bySeries brings figures of one series together, so that rivals share a line.
func (t Telling) bySeries(ids []briefings.ID) []briefings.ID {
	first := map[string]int{}
	series := func(id briefings.ID) int {
		return first[t.Snapshot.Item(id).(*briefings.Figure).Series]
	}
	for i, id := range slices.Backward(ids) {
		first[t.Snapshot.Item(id).(*briefings.Figure).Series] = i
	}
	slices.SortStableFunc(ids, func(a, b briefings.ID) int { return series(a) - series(b) })
	return ids
}

// Series lists the series that figures belong to.
func (t Telling) Series() []string {
	var all []string
	for _, x := range briefings.All[*briefings.Figure](t.Snapshot) {
		all = append(all, x.Series)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
