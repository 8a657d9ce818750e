package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// stem takes the ending off a folded word: of an English one the plural's, by
// Harman's rules (How effective is suffixing?, 1991); of a Cyrillic one the
// longest that nouns and adjectives of Ukrainian and Russian take, as long as
// three letters remain.
func stem(folded string) string {
	if cyrillic(folded) {
		return cyrillicStem(folded)
	}
	cut, was := strings.CutSuffix(folded, "s")
	if !was || len(folded) < 4 {
		return folded
	}
	switch {
	case ends(cut, "s", "u", "i"):
		return folded
	case ends(cut, "ie") && !ends(cut, "aie", "eie") && len(cut) > 4:
		return cut[:len(cut)-2] + "y"
	case ends(cut, "she", "che", "xe", "sse", "zze"):
		return cut[:len(cut)-1]
	}
	return cut
}

func ends(s string, endings ...string) bool {
	for _, e := range endings {
		if strings.HasSuffix(s, e) {
			return true
		}
	}
	return false
}

// cyrillicStem leaves -ов and -ев alone, plural endings of Russian but ends of
// surnames too.
func cyrillicStem(folded string) string {
	for _, ending := range [...]string{
		"ями", "ами", "ими", "ого", "его", "ому", "ему", "ови", "еви",
		"ии", "ои", "еи", "ою", "ею", "ию", "ую", "юю", "ая", "яя", "ия", "ое", "ее", "ие",
		"им", "ом", "ем", "ам", "ям", "их", "ах", "ях", "ив",
		"а", "я", "о", "е", "и", "у", "ю",
	} {
		if cut, ok := strings.CutSuffix(folded, ending); ok && utf8.RuneCountInString(cut) >= 3 {
			return cut
		}
	}
	return folded
}

// cyrillic reports whether the folded word is of that script; of words in two
// scripts the first letter decides.
func cyrillic(folded string) bool {
	r, _ := utf8.DecodeRuneInString(folded)
	return unicode.Is(unicode.Cyrillic, r)
}

// sound spells a folded word so that its transliterations agree, empty where
// it is neither Latin nor Cyrillic or has fewer than three letters. A Cyrillic
// word loses its ending and is transliterated; then what systems spell
// differently is made one, double letters single, an i before a vowel nothing,
// and the last vowels go.
func sound(folded string) string {
	latin := folded
	if cyrillic(folded) {
		latin = transliterate(cyrillicStem(folded))
	}
	kept := make([]byte, 0, len(latin)+8)
	for latin != "" {
		if latin[0] < 'a' || latin[0] > 'z' {
			return ""
		}
		spelt, size := merged(latin)
		latin = latin[size:]
		for i := range len(spelt) {
			c, last := spelt[i], len(kept)-1
			switch {
			case last >= 0 && kept[last] == c:
			case last >= 0 && kept[last] == 'i' && vowel(c):
				kept[last] = c
			default:
				kept = append(kept, c)
			}
		}
	}
	for len(kept) > 3 && vowel(kept[len(kept)-1]) {
		kept = kept[:len(kept)-1]
	}
	if len(kept) < 3 {
		return ""
	}
	return string(kept)
}

func vowel(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }

// merged is the first sound of s and how many letters spell it. W stands for
// sh, c for ch and q for zh, which are free: as letters they are v and k.
func merged(s string) (spelt string, size int) {
	for _, m := range [...]struct{ letters, spelt string }{
		{"shch", "wc"},
		{"tsch", "c"},
		{"sch", "w"},
		{"sh", "w"},
		{"zh", "q"},
		{"kh", "h"},
		{"gh", "h"},
		{"ch", "c"},
		{"ck", "k"},
		{"ph", "f"},
		{"th", "t"},
		{"tz", "ts"},
		{"c", "k"},
		{"q", "k"},
		{"g", "h"},
		{"y", "i"},
		{"j", "i"},
		{"w", "v"},
		{"x", "ks"},
		{"z", "s"},
	} {
		if strings.HasPrefix(s, m.letters) {
			return m.spelt, len(m.letters)
		}
	}
	return s[:1], 1
}

// transliterate writes a folded Cyrillic word in Latin letters by the table of
// resolution 55 of the Cabinet of Ministers of Ukraine of 27 January 2010, as
// far as folding leaves its letters apart. Other letters stay as they are.
func transliterate(folded string) string {
	var b strings.Builder
	before := rune(0)
	for _, r := range folded {
		latin := latinOf(r)
		if before == 'з' && r == 'г' {
			latin = "gh" // which the table keeps apart from ж
		}
		b.WriteString(latin)
		before = r
	}
	return b.String()
}

func latinOf(r rune) string {
	const from = 'а'
	table := [...]string{
		"a", "b", "v", "h", "d", "e", "zh", "z", "i", "i", "k", "l", "m", "n", "o", "p",
		"r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "iu", "ia",
	}
	if r < from || int(r-from) >= len(table) {
		return string(r)
	}
	return table[r-from]
}
