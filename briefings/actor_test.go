package briefings

import (
	"fmt"
	"slices"
)

func actorRules() []rule {
	const id = "actor/envoy"
	tenure := func(from, to string) func(*sound) {
		return func(s *sound) { s.actor.Tenures[0].From, s.actor.Tenures[0].To = date(from), date(to) }
	}
	const single = id + ": tenures: from and to are one date each; write them without a slash, like 2026-01-19"
	return []rule{
		missing(id, "name", func(s *sound, v string) { s.actor.Name = v }),
		tooLong(id, "name", 80, func(s *sound, v string) { s.actor.Name = v }),
		{"no type", func(s *sound) { s.actor.Is = 0 }, id + ": is: is missing; choose one of person, state, body, party, military, organisation, media, group, proposed, unnamed"},
		tooLong(id, "side", 40, func(s *sound, v string) { s.actor.Side = v }),
		{"many spellings", func(s *sound) { s.actor.Aliases = slices.Repeat([]string{"a"}, 41) }, id + ": aliases: lists 41, at most 40 fit; remove some"},
		{"as many as fit", func(s *sound) {
			for i := range 40 {
				s.actor.Aliases = append(s.actor.Aliases, fmt.Sprint(i))
			}
		}, ""},
		{"spelling twice", func(s *sound) { s.actor.Aliases = []string{"Envoy", "Envoy"} }, id + `: aliases: lists "Envoy" twice; remove one of them`},
		{"empty spelling", func(s *sound) { s.actor.Aliases = []string{""} }, id + ": aliases: is missing; write it"},
		{"many roles", func(s *sound) { s.actor.Tenures = slices.Repeat(s.actor.Tenures, 21) }, id + ": tenures: lists 21 roles, at most 20 fit; remove some"},
		{"role without a name", func(s *sound) { s.actor.Tenures[0].Role = "" }, id + ": tenures: is missing; write it"},
		{"role in a plan", func(s *sound) { s.actor.Tenures[0].Body = "plan/plan" }, id + ": tenures: names plan/plan, but must name one of these kinds: actor"},
		{"role in itself", func(s *sound) { s.actor.Tenures[0].Body = id }, id + ": tenures: names the item itself; name another, or remove it"},
		{"role that ends first", tenure("2026-01-19", "2025-12"), id + ": tenures: from 2026-01-19 comes after to 2025-12; write the earlier date as from"},
		{"role of part of a month", tenure("2026-01-19", "2026-01"), ""},
		{"role that starts over a while", tenure("2025/2026", "2027"), single},
		{"role that ends over a while", tenure("2025", "2026/.."), single},
	}
}
