package cards

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Escape makes text show as it is: nothing in it formats, mentions or links,
// and it stays on one line. Characters that steer a screen are left out.
func Escape(text string) Markup {
	var b strings.Builder
	b.Grow(len(text) + 8)
	text = oneLine(strings.Map(unsteered, text))
	for i, r := range text {
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
		case ':':
			if strings.HasPrefix(text[i:], "://") {
				b.WriteString(":\u200b") // no backslash keeps a bare address from being a link
				continue
			}
		}
		b.WriteRune(r)
	}
	return Markup(b.String())
}

// Role names a role by its id; whether that pings is up to who sends it.
func Role(id string) Markup { return Markup("<@&" + id + ">") }

// oneLine parts words by one blank each, by an unbreakable one where that alone
// stood there: French sets them before colons, and number groups need them.
func oneLine(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	var blank rune
	for _, r := range text {
		switch {
		case !unicode.IsSpace(r):
			if blank != 0 && b.Len() > 0 {
				b.WriteRune(blank)
			}
			blank = 0
			b.WriteRune(r)
		case blank == 0 && (r == '\u00a0' || r == '\u202f'):
			blank = r
		default:
			blank = ' '
		}
	}
	return b.String()
}

// unsteered drops control characters, but for those that part words, what turns
// the direction of writing round, and letters of private use, which [Markup.Plain]
// has a use for itself.
func unsteered(r rune) rune {
	if (unicode.IsControl(r) && !unicode.IsSpace(r)) || unicode.Is(unicode.Co, r) || (r >= 0x202a && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069) {
		return -1
	}
	return r
}

// Format is fmt.Sprintf for markup: the format and arguments of type [Markup]
// are taken as they are, all other strings are escaped.
func Format(format string, args ...any) Markup {
	safe := make([]any, len(args))
	for i, arg := range args {
		switch a := arg.(type) {
		case Markup:
			safe[i] = a
		case fmt.Stringer:
			safe[i] = Escape(a.String())
		default:
			safe[i] = arg
			if v := reflect.ValueOf(arg); v.Kind() == reflect.String {
				safe[i] = Escape(v.String())
			}
		}
	}
	return Markup(fmt.Sprintf(format, safe...))
}

// link shows a web address as one that can be followed. What would end it, or
// format what comes after it, is percent-encoded, which means the same.
func link(address string) Markup {
	var b strings.Builder
	for _, r := range address {
		if strings.ContainsRune("<>\"\\^`{|}*_~", r) || unsteered(r) < 0 || unicode.IsSpace(r) {
			for _, octet := range []byte(string(r)) {
				fmt.Fprintf(&b, "%%%02X", octet)
			}
			continue
		}
		b.WriteRune(r)
	}
	return Markup("<" + b.String() + ">")
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
