package cards

import (
	"slices"

	"sitrep/words"
)

// The sizes that Discord allows a message of components.
const (
	// MostText is the number of characters over all texts.
	MostText = 4000
	// FirstScreen is what a first answer stays under, so that it fits one
	// screen of a phone.
	FirstScreen = 1200
)

// Fit returns c with as many lines as most characters allow. Lines are dropped
// whole, from the last block that has one to spare upwards, and a line that
// counts them takes their place.
func (c Card) Fit(most int, w *words.Words) Card {
	blocks := make([]Block, len(c.Blocks))
	for i, b := range c.Blocks {
		blocks[i] = Block{Heading: b.Heading, Lines: append([]Line(nil), b.Lines...)}
	}
	c.Blocks = blocks
	dropped := 0
	if size := c.size(); size > most {
		dropped = c.drop(size + moreRoom - most)
	}
	if dropped > 0 {
		c.Blocks = append(c.Blocks, Block{Lines: []Line{{Text: Escape(w.Say("line.more", words.Args{"Count": dropped})), Keep: true}}})
	}
	return c
}

// moreRoom is kept free for the line that counts dropped ones.
const moreRoom = 40

// size is how many characters the card's texts have, with line ends.
func (c Card) size() int {
	n := c.Title.Len() + 1
	if c.Mention != "" {
		n += Role(c.Mention).Len()
	}
	for _, b := range c.Blocks {
		n += b.Heading.Len() + 1
		for _, l := range b.Lines {
			n += l.Text.Len() + 1
		}
	}
	for _, f := range c.Footer {
		n += f.Len() + 4
	}
	return n
}

// drop removes lines that may go, the last ones first, until they had room
// characters; it returns how many went.
func (c Card) drop(room int) int {
	dropped := 0
	for i := len(c.Blocks) - 1; i >= 0; i-- {
		lines := c.Blocks[i].Lines
		first := len(lines) // of those that were looked at
		for first > 0 && room > 0 {
			first--
			if l := &lines[first]; !l.Keep {
				room -= l.Text.Len() + 1
				dropped++
			}
		}
		c.Blocks[i].Lines = append(lines[:first], slices.DeleteFunc(lines[first:], func(l Line) bool { return !l.Keep })...)
	}
	return dropped
}

// Plain is the whole card as text, for terminals.
func (c Card) Plain() string {
	out := c.Title.Plain() + "\n"
	if c.Mention != "" {
		out = Role(c.Mention).Plain() + "\n" + out
	}
	for _, b := range c.Blocks {
		if len(b.Lines) == 0 {
			continue
		}
		if b.Heading != "" {
			out += b.Heading.Plain() + "\n"
		}
		for _, l := range b.Lines {
			out += l.Text.Plain() + "\n"
		}
	}
	for _, f := range c.Footer {
		out += f.Plain() + "\n"
	}
	return out
}
