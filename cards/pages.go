package cards

import (
	"cmp"
	"strconv"
	"strings"

	"sitrep/words"
)

// A Leaf is one page of an answer: the command line that asks for it, its
// number from 1, and the revision that the page before it was written from, 0
// for a first page.
type Leaf struct {
	Link Link
	Page int
	Rev  int
	Room int // characters on a page; 0 for a first screen

	Action string // of the buttons to other pages; empty for [ActionTurn]
}

// pageRoom is kept free for what is said about pages.
const pageRoom = 80

// Paged puts one page of blocks behind those of c, as much as has room, with buttons to the pages beside it. A page that doesn't exist is the
// one nearest to it.
func (t Telling) Paged(c Card, blocks []Block, at Leaf) Card {
	pages := paginate(blocks, cmp.Or(at.Room, FirstScreen)-c.size()-pageRoom)
	n := min(max(at.Page, 1), len(pages))
	if n == 0 {
		return c
	}
	c.Blocks = append(c.Blocks, pages[n-1]...)
	if len(pages) > 1 {
		c.Footer = append(c.Footer, t.say("page.number", words.Args{"Page": n, "Pages": len(pages)}))
		turn := func(page int) string {
			return at.Link.With("page", strconv.Itoa(page)).With("rev", strconv.Itoa(t.Snapshot.Rev)).For(cmp.Or(at.Action, ActionTurn))
		}
		var beside []Button
		if n > 1 {
			beside = append(beside, Button{Action: turn(n - 1), Label: t.Words.Say("button.previous")})
		}
		if n < len(pages) {
			beside = append(beside, Button{Action: turn(n + 1), Label: t.Words.Say("button.next")})
		}
		c.Buttons = append(beside, c.Buttons...)
	}
	if at.Rev != 0 && at.Rev != t.Snapshot.Rev {
		c.Footer = append(c.Footer, t.say("page.updated", words.Args{"Rev": at.Rev}))
	}
	return c
}

// apart parts what is too long for a page at its line ends.
func apart(lines []Line, room int) []Line {
	var all []Line
	for _, l := range lines {
		if l.Text.Len() < room {
			all = append(all, l)
			continue
		}
		for row := range strings.SplitSeq(string(l.Text), "\n") {
			all = append(all, Line{Text: Markup(row), Keep: l.Keep})
		}
	}
	return all
}

// paginate fills pages with whole lines of at most room characters together; a
// longer line has a page of its own. A block that goes on keeps its heading.
func paginate(blocks []Block, room int) [][]Block {
	var pages [][]Block
	var page []Block
	used := 0
	for _, b := range blocks {
		for i, l := range apart(b.Lines, room) {
			size := l.Text.Len() + 1
			opens := i == 0 || len(page) == 0
			if opens {
				size += b.Heading.Len() + 1
			}
			if used+size > room && len(page) > 0 {
				pages, page, used = append(pages, page), nil, 0
				if !opens {
					size += b.Heading.Len() + 1
				}
				opens = true
			}
			if opens {
				page = append(page, Block{Heading: b.Heading})
			}
			last := &page[len(page)-1]
			last.Lines = append(last.Lines, l)
			used += size
		}
	}
	if len(page) > 0 {
		pages = append(pages, page)
	}
	return pages
}
