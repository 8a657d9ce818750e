package briefings

import (
	"fmt"
	"slices"
	"strings"
)

// choose sets *to to the one of all that text names. The error lists what may
// be written, and the nearest of them where there is one.
func choose[T ~string](to *T, text []byte, what string, all ...T) error {
	if slices.Contains(all, T(text)) {
		*to = T(text)
		return nil
	}
	hint := ""
	if near := Nearest(string(text), all); near != "" {
		hint = fmt.Sprintf("; did you mean %q?", near)
	}
	return fmt.Errorf("%q is no %s; choose one of %s%s", clip(string(text), 40), what, join(all), hint)
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
