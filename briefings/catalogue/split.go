package catalogue

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"sitrep/briefings"
)

// The bounds of one item. The parser's time grows with the square of what it
// is given; up to these sizes that doesn't matter.
const (
	maxItemBytes = 32 << 10
	maxItemLines = 1000
	maxBlank     = 20 // empty lines in a row
	maxNoText    = 20 // characters in a file that are no text
)

// A chunk is the text of one item and the line it starts at.
type chunk struct {
	file string
	line int
	text string
}

// splitter cuts a file into items before any of it is parsed, so that a fault
// of syntax in one item doesn't hide the next, and no more than one item is
// ever given to the parser.
type splitter struct {
	*reader
	file    string
	chunks  []chunk
	text    string
	from    int  // the first line of the item being gathered; 0 outside of one
	start   int  // where in text that line starts
	end     int  // and where its last line that isn't empty ends
	bytes   int  // of the item, its empty lines included
	count   int  // of its lines
	blank   int  // empty lines at its end so far
	gap     int  // the most empty lines in a row within it
	strayed bool // the line before was out of place and is reported
}

func (s *splitter) bad(line, column int, format string, args ...any) {
	s.reader.bad(Fault{File: s.file, Line: line, Column: column, Say: fmt.Sprintf(format, args...)})
}

func (s *splitter) split(text string) []chunk {
	text = strings.TrimPrefix(text, "\ufeff")
	s.text = s.clean(strings.ReplaceAll(text, "\r\n", "\n"))
	n, start := 0, 0
	for line := range strings.SplitSeq(s.text, "\n") {
		n++
		if s.line(n, start, line); len(s.chunks) > briefings.MaxItems {
			break
		}
		start += len(line) + 1
	}
	s.finish()
	if len(s.chunks) > briefings.MaxItems {
		s.bad(s.chunks[briefings.MaxItems].line, 1, "the file holds more than %d items, which is all that a desk may have; remove some", briefings.MaxItems)
		return nil
	}
	return s.chunks
}

// clean reports the first character that is no text, and replaces all of them
// so that the rest can be read. Of a file with many, nothing is.
func (s *splitter) clean(text string) string {
	line, start, bad := 1, 0, 0
	for i := 0; i < len(text); {
		r, width := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '\n':
			line, start = line+1, i+1
		case isText(r, width):
		case bad == 0:
			s.reader.bad(Fault{File: s.file, Line: line, Column: utf8.RuneCountInString(text[start:i]) + 1, Say: noText(r, text[i])})
			fallthrough
		default:
			if bad++; bad > maxNoText {
				s.partial = true
				return ""
			}
		}
		i += width
	}
	if bad == 0 {
		return text
	}
	return strings.Map(func(r rune) rune {
		if isText(r, 0) {
			return r
		}
		return utf8.RuneError
	}, text)
}

// isText reports whether r, which took width bytes, may stand in a file.
func isText(r rune, width int) bool {
	if r == utf8.RuneError {
		return width != 1
	}
	return !unicode.IsControl(r) || r == '\t' || r == '\n'
}

func noText(r rune, first byte) string {
	if r == utf8.RuneError {
		return fmt.Sprintf("the byte 0x%02x is not valid UTF-8; save the file as UTF-8", first)
	}
	return fmt.Sprintf("the invisible character %U can't stand here; remove it", r)
}

// line sorts one line: it starts an item, belongs to one, or is out of place.
func (s *splitter) line(n, start int, line string) {
	starts := line == "-" || strings.HasPrefix(line, "- ")
	if starts {
		s.finish()
		s.from, s.start, s.bytes, s.count, s.blank, s.gap, s.strayed = n, start, 0, 0, 0, 0, false
		s.keep(start, line)
		return
	}
	blank := strings.TrimSpace(line) == "" || strings.HasPrefix(strings.TrimLeft(line, " "), "#")
	inside := s.from > 0 && (blank || line[0] == ' ' || line[0] == '\t')
	switch {
	case inside:
		s.keep(start, line)
		return
	case blank, line == "---" && len(s.chunks) == 0 && s.from == 0:
		return
	}
	s.stray(n, line)
}

// stray reports a line that belongs to no item, once where several follow each other.
func (s *splitter) stray(n int, line string) {
	again := s.strayed
	s.finish()
	s.strayed = true
	switch {
	case strings.HasPrefix(line, "---"), strings.HasPrefix(line, "..."):
		s.bad(n, 1, "a second document starts here; remove the line, or move what follows to a file of its own")
	case strings.HasPrefix(line, "%"):
		s.bad(n, 1, "directives are not read; remove the line")
	case again:
	default:
		s.bad(n, len(line)-len(strings.TrimLeft(line, " \t"))+1,
			`this belongs to no item; start each item with "- id: kind/name" at the beginning of a line and indent the rest of it by two spaces`)
	}
}

// keep adds a line to the item. Empty lines count once another line follows them.
func (s *splitter) keep(start int, line string) {
	if strings.TrimSpace(line) == "" {
		s.blank++
		return
	}
	s.gap = max(s.gap, s.blank)
	s.bytes += len(line) + 1 + s.blank
	s.count += 1 + s.blank
	s.end, s.blank = start+len(line), 0
}

// finish ends the item being gathered.
func (s *splitter) finish() {
	if s.from == 0 {
		return
	}
	c := chunk{file: s.file, line: s.from, text: s.text[s.start:s.end]}
	s.from = 0
	switch {
	case s.bytes > maxItemBytes:
		s.bad(c.line, 1, "the item has %d bytes, at most %d fit; shorten it", s.bytes, maxItemBytes)
	case s.count > maxItemLines:
		s.bad(c.line, 1, "the item has %d lines, at most %d fit; shorten it", s.count, maxItemLines)
	case s.gap > maxBlank:
		s.bad(c.line, 1, "the item has %d empty lines in a row, at most %d fit; remove some", s.gap, maxBlank)
	default:
		s.chunks = append(s.chunks, c)
		return
	}
	s.ghost(c)
}
