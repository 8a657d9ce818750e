package commands

import "sitrep/cards"

type sourcesRequest struct {
	Section string `option:"section,complete"`
	asked
}

// sources answers where the briefing, or one section of it, comes from.
func (d Desk) sources() Command {
	return reading(d, "sources", map[string]completer{"section": completeSection},
		func(t cards.Telling, r sourcesRequest, at cards.Leaf) (cards.Card, error) {
			s, err := section(t, r.Section)
			if err != nil {
				return cards.Card{}, err
			}
			return t.Sources(s, at), nil
		})
}
