package cards

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"sitrep/briefings"
)

func TestEscape(t *testing.T) {
	t.Parallel()
	const shut = "@\u200b"
	for _, tt := range []struct{ name, text, want string }{
		{"plain", "Kyiv says no.", "Kyiv says no."},
		{"everyone", "@everyone", shut + "everyone"},
		{"here", "a@here", "a" + shut + "here"},
		{"a person", "<@123>", `\<` + shut + `123\>`},
		{"a role", "<@&123>", `\<` + shut + `&123\>`},
		{"a channel", "<#123>", `\<#123\>`},
		{"a command", "</talks:123>", `\</talks:123\>`},
		{"an instant", "<t:0:R>", `\<t:0:R\>`},
		{"an emoji", "<:x:1>", `\<:x:1\>`},
		{"bold and struck", "**a** ~~b~~ __c__ _d_", `\*\*a\*\* \~\~b\~\~ \_\_c\_\_ \_d\_`},
		{"spoiler and code", "||a|| `b`", "\\|\\|a\\|\\| \\`b\\`"},
		{"a masked link", "[bank](https://evil.example)", `\[bank\](https:` + "\u200b" + `//evil.example)`},
		{"a bare link", "see https://evil.example/x", "see https:\u200b//evil.example/x"},
		{"a colon alone", "12:30 a:/b", "12:30 a:/b"},
		{"a heading", "# a # b", `\# a # b`},
		{"small print", "-# a", `\-# a`},
		{"a list", "- a - b", `\- a - b`},
		{"another list", "+ a", `\+ a`},
		{"a quotation", "> a", `\> a`},
		{"a way out", `\*a\\`, `\\\*a\\\\`},
		{"lines", "a\n# b\r\n> c\u2028d\u0085e", `a # b \> c d e`},
		{"blanks", "\t a \u00a0 b\n\n", "a b"},
		{"blanks that don't break", "\u00a0200\u202f000\u00a0$\u00a0", "200\u202f000\u00a0$"},
		{"a heading behind blanks", "\n# a", `\# a`},
		{"controls", "a\x00b\x1b[31mc\u007f", `ab\[31mc`},
		{"what turns the writing round", "a\u202eb\u2066c\u2069", "abc"},
		{"broken UTF-8", "a\xffb", "a\uFFFDb"},
		{"nothing", "", ""},
	} {
		if got := Escape(tt.text); string(got) != tt.want {
			t.Errorf("%s: Escape(%q) = %q, want %q", tt.name, tt.text, got, tt.want)
		}
	}
}

func TestPlainUndoesEscape(t *testing.T) {
	t.Parallel()
	printable := rapid.StringOf(rapid.OneOf(
		rapid.RuneFrom([]rune("\\*_~`|[]<>#-+@: /t0R@\n\t")),
		rapid.Rune().Filter(unicode.IsPrint),
	))
	rapid.Check(t, func(t *rapid.T) {
		s := printable.Draw(t, "s")
		m := Escape(s)
		if got, want := m.Plain(), strings.Join(strings.Fields(s), " "); got != want {
			t.Errorf("Escape(%q).Plain() = %q, want %q (escaped: %q)", s, got, want, m)
		}
		if strings.Contains(string(m), "://") || strings.Contains(string(m), "@e") || strings.ContainsAny(string(m), "\n\t") {
			t.Errorf("Escape(%q) = %q, which links, mentions or breaks the line", s, m)
		}
		if got, want := Format("**%s** `%s`", s, m).Plain(), m.Plain()+" "+m.Plain(); got != want {
			t.Errorf("within other markup: got %q, want %q", got, want)
		}
	})
}

func TestFormat(t *testing.T) {
	t.Parallel()
	type word string
	for _, tt := range []struct {
		name string
		got  Markup
		want string
	}{
		{"a string", Format("**%s**", "a*b"), `**a\*b**`},
		{"markup", Format("%s", Markup("**a**")), "**a**"},
		{"an id", Format("%s", briefings.ID("figure/*")), `figure/\*`},
		{"any other kind of string", Format("%s", word("_")), `\_`},
		{"a date", Format("%s", briefings.EDTF{}), ""},
		{"a number", Format("%d %%", 5), "5 %"},
		{"no parameters", Format("~~a~~"), "~~a~~"},
	} {
		if string(tt.got) != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

// Plain marks what was escaped with letters of private use; typed ones must not
// come out as control characters on somebody's terminal.
func TestNothingTypedSteersATerminal(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"\ue01b[31mred", "\ue01b]0;title\ue007", "\x1b[31mred", "\uf8ff", "\u202ered"} {
		for _, r := range Escape(typed).Plain() {
			if unicode.IsControl(r) || unicode.Is(unicode.Co, r) || r == '\u202e' {
				t.Errorf("Plain of %q holds %U", typed, r)
			}
		}
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ m, want Markup }{
		{"## Title", "Title"},
		{"a\n### b\n-# c", "a\nb\nc"},
		{"**bold** ~~struck~~ __under__ `F10`", "bold struck under F10"},
		{`\*\*a\*\* \# \\`, `**a** # \`},
		{"a # b - c", "a # b - c"},
		{Instant(time.Date(2026, 1, 19, 8, 5, 0, 0, time.UTC), "R"), "19 Jan 2026 08:05 UTC"},
		{"<t:99999999999999999999:f>", "<t:99999999999999999999:f>"},
		{"@\u200bhere", "@here"},
		{"", ""},
	} {
		if got := tt.m.Plain(); got != string(tt.want) {
			t.Errorf("%q.Plain() = %q, want %q", tt.m, got, tt.want)
		}
	}
}

func TestJoin(t *testing.T) {
	t.Parallel()
	if got := Join([]Markup{"", "a", "", "b", ""}, " · "); got != "a · b" {
		t.Errorf("got %q, want what is not empty", got)
	}
	if got := Join(nil, "-"); got != "" {
		t.Errorf("got %q of nothing", got)
	}
	if got := Markup("Київ −5").Len(); got != 7 {
		t.Errorf("got %d characters, want 7", got)
	}
}

func TestLink(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ url, want string }{
		{"https://example.org/a?b=c&d=%20e#f", "<https://example.org/a?b=c&d=%20e#f>"},
		{"https://example.org/> @everyone **x**", "<https://example.org/%3E%20@everyone%20%2A%2Ax%2A%2A>"},
		{"https://example.org/a__b~~c`d", "<https://example.org/a%5F%5Fb%7E%7Ec%60d>"},
		{"https://example.org/a\u202eb\u00a0c", "<https://example.org/a%E2%80%AEb%C2%A0c>"},
		{"https://example.org/Київ", "<https://example.org/Київ>"},
	} {
		got := link(tt.url)
		if string(got) != tt.want {
			t.Errorf("link(%q) = %q, want %q", tt.url, got, tt.want)
		}
		if plain := got.Plain(); plain != tt.want {
			t.Errorf("in a terminal %q is %q", tt.url, plain)
		}
	}
}

func TestClip(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		s    string
		n    int
		want string
	}{{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"Київ", 3, "Ки…"}, {"", 3, ""}} {
		if got := Clip(tt.s, tt.n); got != tt.want {
			t.Errorf("Clip(%q, %d) = %q, want %q", tt.s, tt.n, got, tt.want)
		}
	}
}
