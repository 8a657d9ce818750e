package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxLetters is how much of a word is kept; the rest of a longer one is cut.
const maxLetters = 32

// Fold brings s to the form in which words are compared, parted by single
// blanks: lower case, without accents, punctuation and marks, in any script.
// Letters that Ukrainian and Russian spellings of one name exchange are one.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for raw := range words(s) {
		if folded := foldWord(raw); folded != "" {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(folded)
		}
	}
	return b.String()
}

// words yields the words of s as they are written there.
func words(s string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for from := 0; from < len(s); {
			r, size := utf8.DecodeRuneInString(s[from:])
			if !letter(r) {
				from += size
				continue
			}
			to := from + wordLen(s[from:])
			if !yield(s[from:to]) {
				return
			}
			from = to
		}
	}
}

// wordLen is the length of the word that s begins with. Marks and invisible
// characters don't end it, nor does an apostrophe before another letter.
func wordLen(s string) int {
	end := 0
	for i, r := range s {
		switch {
		case letter(r), unicode.In(r, unicode.M, unicode.Cf):
			end = i + utf8.RuneLen(r)
		case !apostrophe(r) || end != i:
			return end
		default:
			next, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
			if !letter(next) {
				return end
			}
			end = i + utf8.RuneLen(r)
		}
	}
	return end
}

func letter(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

func apostrophe(r rune) bool {
	switch r {
	case '\'', '’', '‘', 'ʼ', '`', '´', '′':
		return true
	}
	return false
}

// foldWord folds one word, at most maxLetters of it.
func foldWord(raw string) string {
	var b strings.Builder
	b.Grow(len(raw))
	n := 0
	for _, r := range norm.NFKD.String(possessed(raw)) {
		carried := unicode.Is(unicode.Mc, r) && b.Len() > 0 // a sign that a letter before it carries
		if !letter(r) && !carried || apostrophe(r) {
			continue
		}
		folded := spelled(unicode.ToLower(r))
		if n += utf8.RuneCountInString(folded); n > maxLetters {
			break
		}
		b.WriteString(folded)
	}
	return b.String()
}

// possessed is the owner in "Ukraine's".
func possessed(raw string) string {
	owner, s := raw[:max(len(raw)-1, 0)], raw[max(len(raw)-1, 0):]
	if s != "s" && s != "S" {
		return raw
	}
	if r, size := utf8.DecodeLastRuneInString(owner); apostrophe(r) {
		return owner[:len(owner)-size]
	}
	return raw
}

// spelled is the lower-case letter in the spelling that stands for all that
// are exchanged for it.
func spelled(r rune) string {
	switch r {
	case 'і', 'ї', 'й', 'ы':
		return "и"
	case 'ё', 'є', 'э':
		return "е"
	case 'ґ':
		return "г"
	case 'ь', 'ъ':
		return ""
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'ø':
		return "o"
	case 'ł':
		return "l"
	case 'đ', 'ð':
		return "d"
	case 'þ':
		return "th"
	case 'ı':
		return "i"
	}
	return string(r)
}
