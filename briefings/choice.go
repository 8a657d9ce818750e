package briefings

import (
	"fmt"
	"slices"
	"strings"
)

// A Choice is one of the few words that L lists. Its zero value means that
// nothing was chosen. The only values are the constants declared beside each
// list; a number beyond them has no text and passes no [Check]. Choices are
// kept and shown as their words.
type Choice[L lexicon] uint8

// A lexicon is what a choice is called and the words to choose from, in the
// order of the constants that stand for them, parted by "|".
type lexicon interface{ lexicon() (what, words string) }

// Words are the words to choose from.
func (c Choice[L]) Words() []string {
	var list L
	_, words := list.lexicon()
	return strings.Split(words, "|")
}

// String is the word, empty where nothing was chosen.
func (c Choice[L]) String() string {
	word, ok := c.word()
	if !ok {
		return fmt.Sprintf("%d, which is none of them", uint8(c))
	}
	return word
}

func (c Choice[L]) word() (string, bool) {
	if c == 0 {
		return "", true
	}
	var list L
	_, words := list.lexicon()
	i := Choice[L](0)
	for word := range strings.SplitSeq(words, "|") {
		if i++; i == c {
			return word, true
		}
	}
	return "", false
}

// listed is what may be written, for messages.
func (c Choice[L]) listed() string {
	var list L
	_, words := list.lexicon()
	return strings.ReplaceAll(words, "|", ", ")
}

// MarshalText is [Choice.String]; its error means that no constant has this value.
func (c Choice[L]) MarshalText() ([]byte, error) {
	word, ok := c.word()
	if !ok {
		var list L
		what, _ := list.lexicon()
		return nil, fmt.Errorf("briefings: no %s has the number %d", what, uint8(c))
	}
	return []byte(word), nil
}

// UnmarshalText accepts the words. The error lists them, and the nearest of
// them where there is one.
func (c *Choice[L]) UnmarshalText(text []byte) error {
	var list L
	what, words := list.lexicon()
	all := strings.Split(words, "|")
	for i, word := range all {
		if word == string(text) {
			*c = Choice[L](i + 1)
			return nil
		}
	}
	return noChoice(string(text), what, all)
}

// choose sets *to to the one of all that text names, with the same error.
func choose[T ~string](to *T, text []byte, what string, all ...T) error {
	if slices.Contains(all, T(text)) {
		*to = T(text)
		return nil
	}
	return noChoice(string(text), what, all)
}

// noChoice says, as a [Message], that text is none of all.
func noChoice[T ~string](text, what string, all []T) error {
	with := args{"Text": quoted(text, 40), "What": what, "List": join(all)}
	near := Nearest(text, all)
	if near == "" {
		return message("fault.no_word", `"{{.Text}}" is no {{.What}}; choose one of {{.List}}`, with)
	}
	with["Nearest"] = near
	return message("fault.misspelt_word", `"{{.Text}}" is no {{.What}}; choose one of {{.List}}; did you mean "{{.Nearest}}"?`, with)
}

func join[T ~string](all []T) string {
	words := make([]string, len(all))
	for i, a := range all {
		words[i] = string(a)
	}
	return strings.Join(words, ", ")
}

// clip shortens s to at most n runes, the last of them an ellipsis.
func clip(s string, n int) string {
	if runes := []rune(s); len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return s
}
