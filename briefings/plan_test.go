package briefings

import "fmt"

// versions adds n plans, each made from the one before, and returns the last.
func versions(s *sound, n int) ID {
	last := ID("")
	for i := range n {
		p := *s.plan
		p.ID, p.Refs, p.VersionOf = ID(fmt.Sprintf("plan/version-%d", i)), []string{fmt.Sprintf("V%d", i)}, last
		s.more = append(s.more, &p)
		last = p.ID
	}
	return last
}

func planRules() []rule {
	const id = "plan/plan"
	const circle = ": version_of: leads back to the item itself; remove one of the links of the circle"
	return []rule{
		missing(id, "title", func(s *sound, v string) { s.plan.Title = v }),
		tooLong(id, "title", 100, func(s *sound, v string) { s.plan.Title = v }),
		tooLong(id, "aka", 80, func(s *sound, v string) { s.plan.Aka = []string{v} }),
		{"version of itself", func(s *sound) { s.plan.VersionOf = id }, id + ": version_of: names the item itself; name another, or remove it"},
		{"version of a figure", func(s *sound) { s.plan.VersionOf = "figure/size" }, id + ": version_of: names figure/size, but must name one of these kinds: plan"},
		{"version of its version", func(s *sound) {
			s.plan.VersionOf = versions(s, 2)
			s.more[0].(*Plan).VersionOf = id
		}, id + circle + "\nplan/version-0" + circle + "\nplan/version-1" + circle},
		{"the hundredth version", func(s *sound) { s.plan.VersionOf = versions(s, 100) }, ""},
		{"one more", func(s *sound) { s.plan.VersionOf = versions(s, 101) }, id + ": version_of: leads on to more than 100 items; name the first of them instead"},
		{"points", func(s *sound) { s.plan.Points = -1 }, id + ": points: are -1, which no plan has; write a number from 0 to 1000"},
		{"written by a paper", func(s *sound) { s.plan.Authors = []ID{"source/paper"} }, id + ": authors: names source/paper, but must name one of these kinds: actor"},
		{"no status", func(s *sound) { s.plan.Status = 0 }, id + ": status: is missing; choose one of concept, draft, negotiating, agreed, signed, dead"},
	}
}
