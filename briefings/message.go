package briefings

import (
	"fmt"
	"strconv"
	"strings"
)

// A Message says what is wrong and what to do about it: in English, and as a
// phrase by which package words says the same in any language.
type Message struct {
	Say    string
	Phrase string
	Args   map[string]any // of the phrase; one of them may be a Message itself
}

func (m Message) Error() string { return m.Say }

// args are the parameters of a message by name.
type args map[string]any

// message is the phrase with these parameters; english is what package words
// has for it in English.
func message(phrase, english string, with args) Message {
	return Message{Say: fill(english, with), Phrase: phrase, Args: with}
}

// fill puts parameters into a text of the form that phrases have.
func fill(english string, with args) string {
	pairs := make([]string, 0, 2*len(with))
	for name, value := range with {
		pairs = append(pairs, "{{."+name+"}}", fmt.Sprint(value))
	}
	return strings.NewReplacer(pairs...).Replace(english)
}

// quoted is at most n runes of s to stand between quotation marks, with
// whatever has no shape spelt out.
func quoted(s string, n int) string {
	q := strconv.Quote(clip(s, n))
	return q[1 : len(q)-1]
}
