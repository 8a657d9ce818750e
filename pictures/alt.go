package pictures

import (
	"strings"
	"unicode/utf8"

	"sitrep/words"
)

// mostAlt is how long Discord lets an attachment's description be.
// https://docs.discord.com/developers/resources/message#attachment-object
const mostAlt = 1024

// alt joins clauses into sentences, the first ones for sure. Where they are too
// many the last ones are left out whole and counted.
func alt(w *words.Words, clauses []string) string {
	const tail = 40 // is kept free for the count
	var b strings.Builder
	size := 0
	for i, clause := range clauses {
		clause = sentence(flat(clause))
		n := utf8.RuneCountInString(clause) + 1
		room := mostAlt
		if i < len(clauses)-1 {
			room -= tail
		}
		if size+n > room {
			if i == 0 { // nothing fits; what is there is better than nothing
				b.WriteString(string([]rune(clause)[:mostAlt-tail-1]) + "… ")
				i++
			}
			b.WriteString(w.Say("line.more", words.Args{"Count": len(clauses) - i}))
			break
		}
		b.WriteString(clause + " ")
		size += n
	}
	return strings.TrimSpace(b.String())
}

// sentence is a clause on one line, with a full stop where it ends without one.
func sentence(clause string) string {
	clause = strings.Join(strings.Fields(clause), " ")
	if clause == "" || strings.HasSuffix(clause, ".") || strings.HasSuffix(clause, "?") || strings.HasSuffix(clause, "!") {
		return clause
	}
	return clause + "."
}
