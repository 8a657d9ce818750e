// Package cards is what a message says, without Discord: headings, lines,
// buttons, and the one form that a modal shows. A [Card] fits itself into
// Discord's sizes by dropping whole lines, never by cutting one.
//
// It knows what items are and how to word them, and nothing of how messages
// are sent.
package cards

import "sitrep/briefings"

// Markup is text in Discord's markdown that is safe to show: what people or
// sources wrote has been escaped on its way in by [Escape] or [Format].
type Markup string

// A Card is one message.
type Card struct {
	Mention string // the id of a role that is named above all else; only the posting of a digest pings it
	Title   Markup
	Colour  int // 0xRRGGBB; 0 for none
	Picture *Picture
	File    *File
	Blocks  []Block
	Footer  []Markup
	Selects []Select
	Buttons []Button
}

// A Picture is shown below the blocks. It holds no fact that the text of its
// card doesn't.
type Picture struct {
	Name string // of its file, such as "positions.png"
	PNG  []byte
	Alt  string // at most 1,024 characters; never empty
}

// A File is offered below the blocks, for whoever sees them to keep.
type File struct {
	Name  string // letters, digits, "-", "_" and one ending
	Kind  string // its media type
	Data  []byte
	About string // what it is, for who can't see it; at most 1,024 characters, never empty
}

// A Block is lines that belong together, set apart from the next block by a rule.
type Block struct {
	Heading Markup
	Lines   []Line
}

// A Line is shown whole or not at all.
type Line struct {
	Text  Markup
	Keep  bool           // never dropped to make room
	Items []briefings.ID // what it tells of, where that may have to be found again
}

// A Button asks for something more when it is pressed.
type Button struct {
	Action string // what the router does with it: "name" or "name:state", see [Link]
	Label  string
	URL    string // a link button; Action is empty then
}

// A Select lets the reader choose among at most 25 options: one, or some.
type Select struct {
	Action      string
	Placeholder string
	Options     []Choice
	Many        bool // whether several may be chosen
}

// A Choice is one entry of a list to choose from.
type Choice struct {
	Label       string // at most 100 characters
	Value       string // at most 100 characters
	Description string // at most 100 characters
	Chosen      bool
}

// A Form is shown as a modal.
type Form struct {
	Action string
	Title  string // at most 45 characters
	Fields []FormField
}

// A FormField is one thing to fill in: a line of text, a paragraph, or, with
// Choices, a selection.
type FormField struct {
	Name     string // the field's name, as in the file form
	Label    string // at most 45 characters
	Hint     string // at most 100 characters
	Value    string
	Long     bool
	Required bool
	Most     int // characters
	Choices  []Choice
	Many     bool // whether several choices may be made
}
