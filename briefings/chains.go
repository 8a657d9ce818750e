package briefings

import (
	"math/bits"
	"slices"
)

// chains is what follows from each item of a desk: from a source those it
// relays, from a plan the one it is a version of, from a question those that
// answer it. Items go by their place in the desk. A walk costs a few thousand
// steps at most, and no memory, however the items are linked.
type chains struct {
	ends    []int32 // of the part of next that is each item's
	next    []int32
	seen    []int32 // the last walk that came by each item
	walks   int32
	left    []int32
	reached []int32
	behind  map[int32][]int32 // what [chains.all] found out
	marks   []uint32          // of each item, while [chains.apart] looks at it
}

// follows are the items that follow from item, others among them.
func follows(item Item) []ID {
	switch item := item.(type) {
	case *Source:
		return item.Relays
	case *Question:
		return item.AnsweredBy
	case *Plan:
		if item.VersionOf != "" {
			return []ID{item.VersionOf}
		}
	}
	return nil
}

// newChains asks follows once for each item.
func newChains(items []Item, at map[ID]int32, follows func(Item) []ID) *chains {
	c := &chains{
		ends: make([]int32, len(items)), seen: make([]int32, len(items)),
		behind: map[int32][]int32{}, marks: make([]uint32, len(items)),
	}
	for i, item := range items {
		ids := follows(item)
		for _, id := range ids[:min(len(ids), maxNamed)] { // more are a fault already
			if place, ok := at[id]; ok && id.Kind() == item.Head().ID.Kind() {
				c.next = append(c.next, place)
			}
		}
		c.ends[i] = int32(len(c.next))
	}
	return c
}

// after is what follows from the item at i by one link.
func (c *chains) after(i int32) []int32 {
	first := int32(0)
	if i > 0 {
		first = c.ends[i-1]
	}
	return c.next[first:c.ends[i]]
}

// from is what follows from the item at i by any number of links, once each,
// one more than maxChain at most. It holds until the next walk.
func (c *chains) from(i int32) []int32 {
	c.walks++
	c.reached, c.left = c.reached[:0], append(c.left[:0], c.after(i)...)
	for len(c.left) > 0 && len(c.reached) <= maxChain {
		last := len(c.left) - 1
		at := c.left[last]
		c.left = c.left[:last]
		if c.seen[at] != c.walks {
			c.seen[at] = c.walks
			c.reached = append(c.reached, at)
			c.left = append(c.left, c.after(at)...)
		}
	}
	return c.reached
}

// all is from with the item at i itself, to keep.
func (c *chains) all(i int32) []int32 {
	found, ok := c.behind[i]
	if !ok {
		found = c.from(i)
		if !slices.Contains(found, i) {
			found = append(found, i)
		}
		found = slices.Clone(found)
		c.behind[i] = found
	}
	return found
}

// apart reports whether two of these up to 32 items have nothing in common:
// neither leads to the other, nor both to a third.
func (c *chains) apart(items []int32) bool {
	found := false
	for n, item := range items {
		met := uint32(0)
		for _, at := range c.all(item) {
			met |= c.marks[at]
			c.marks[at] |= 1 << n
		}
		if bits.OnesCount32(met&^(1<<n)) < n {
			found = true
			break
		}
	}
	for _, item := range items {
		for _, at := range c.all(item) {
			c.marks[at] = 0
		}
	}
	return found
}
