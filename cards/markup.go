package cards

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// Escape makes text show as it is: nothing in it formats, mentions or links,
// and it stays on one line.
func Escape(text string) Markup {
	var b strings.Builder
	b.Grow(len(text) + 8)
	for i, r := range strings.Join(strings.Fields(text), " ") {
		switch r {
		case '\\', '*', '_', '~', '`', '|', '[', ']', '<', '>':
			b.WriteByte('\\')
		case '#', '-', '+':
			if i == 0 {
				b.WriteByte('\\')
			}
		case '@':
			b.WriteString("@\u200b") // even where mentions are allowed, none is typed
			continue
		}
		b.WriteRune(r)
	}
	return Markup(b.String())
}

// Format is fmt.Sprintf for markup: the format and arguments of type [Markup]
// are taken as they are, all other strings are escaped.
func Format(format string, args ...any) Markup {
	safe := make([]any, len(args))
	for i, arg := range args {
		switch a := arg.(type) {
		case string:
			safe[i] = Escape(a)
		case fmt.Stringer:
			safe[i] = Escape(a.String())
		default:
			safe[i] = arg
		}
	}
	return Markup(fmt.Sprintf(format, safe...))
}

// Join joins parts that are not empty.
func Join(parts []Markup, between string) Markup {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, string(p))
		}
	}
	return Markup(strings.Join(kept, between))
}

// Instant shows t in the reader's own zone, in one of Discord's styles:
// "f" date and time, "R" relative.
func Instant(t time.Time, style string) Markup {
	return Markup(fmt.Sprintf("<t:%d:%s>", t.Unix(), style))
}

// Len is the number of characters Discord counts.
func (m Markup) Len() int { return utf8.RuneCountInString(string(m)) }

var (
	instantPattern = regexp.MustCompile(`<t:(\d+):[a-zA-Z]>`)
	plainPattern   = regexp.MustCompile("(?m)^(?:-# |#{1,3} )|\\*\\*|~~|__|`")
	escapePattern  = regexp.MustCompile(`\\([\\*_~` + "`" + `|\[\]<>#+-])`)
)

// Plain is m without its formatting, for terminals.
func (m Markup) Plain() string {
	// escaped marks are hidden from the pattern that strips real ones
	const hidden = '\uE000'
	s := escapePattern.ReplaceAllStringFunc(string(m), func(e string) string { return string(hidden + rune(e[1])) })
	s = instantPattern.ReplaceAllStringFunc(s, func(e string) string {
		var unix int64
		if _, err := fmt.Sscanf(e, "<t:%d:", &unix); err != nil {
			return e
		}
		return time.Unix(unix, 0).UTC().Format("2 Jan 2006 15:04 UTC")
	})
	s = plainPattern.ReplaceAllString(s, "")
	return strings.Map(func(r rune) rune {
		switch {
		case r > hidden && r < hidden+128:
			return r - hidden
		case r == '\u200b':
			return -1
		}
		return r
	}, s)
}
