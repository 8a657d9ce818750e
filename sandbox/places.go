package sandbox

import "slices"

func (st *state) putChannel(c *channel) {
	st.channels[c.ID] = c
	if st.inside[c.Guild] == nil {
		st.inside[c.Guild] = map[string]*channel{}
	}
	st.inside[c.Guild][c.ID] = c
}

// channelsOf lists a server's channels as they stand in its list, threads excepted.
func (st *state) channelsOf(guild string) []*channel {
	var list []*channel
	if guild == "" {
		return nil
	}
	for _, c := range st.inside[guild] {
		if c.Thread == nil {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b *channel) int {
		if a.Position != b.Position {
			return a.Position - b.Position
		}
		return byAge(a.ID, b.ID)
	})
	return list
}
