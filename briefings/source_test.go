package briefings

import "strings"

func sourceRules() []rule {
	const id = "source/paper"
	const link = id + ": url: is no link to a web page; write it whole, starting with https://"
	const tag = " is no language tag of BCP 47; write it like en, uk or pt-BR"
	url := func(url string) func(*sound) { return func(s *sound) { s.source.URL = url } }
	language := func(tag string) func(*sound) { return func(s *sound) { s.source.Language = tag } }
	circle := ": relays: leads back to the item itself; remove one of the links of the circle"
	return []rule{
		tooLong(id, "publisher", 80, func(s *sound, v string) { s.source.Publisher = v }),
		missing(id, "title", func(s *sound, v string) { s.source.Title = v }),
		tooLong(id, "title", 160, func(s *sound, v string) { s.source.Title = v }),
		{"link that runs", url("javascript:alert(1)"), link},
		{"link to a file", url("file:///etc/passwd"), link},
		{"link with a password", url("https://a:b@example.org/"), link},
		{"link to nowhere", url("https://"), link},
		{"link without end", url("https://example.org/" + strings.Repeat("a", 400)), id + ": url: has 420 characters, at most 400 fit; shorten it"},
		{"link that turns the direction", url("https://example.org/\u202egpj"), id + ": url: holds the invisible character U+202E; remove it"},
		{"link, sound", url("https://example.org/a?b=c"), ""},
		{"published tomorrow", func(s *sound) { s.source.Published = date("2026-01-20") }, id + ": published: 2026-01-20 has not come yet; write a date up to 2026-01-19"},
		{"seen tomorrow", func(s *sound) { s.source.Accessed = date("2026-01-20") }, id + ": accessed: 2026-01-20 has not come yet; write a date up to 2026-01-19"},
		{"seen before it was there", func(s *sound) { s.source.Published, s.source.Accessed = date("2026-01-19"), date("2026-01-18") }, id + ": accessed: 2026-01-18 comes before it was published, 2026-01-19; mend one of them"},
		{"seen some day this month", func(s *sound) { s.source.Published, s.source.Accessed = date("2026-01-19"), date("2026-01") }, ""},
		{"language by name", language("English"), id + `: language: "English"` + tag},
		{"language of another land's form", language("EN"), id + `: language: "EN"` + tag},
		{"language without end", language(strings.Repeat("en-", 100)), id + `: language: "en-en-en-en-en-en-e…"` + tag},
		{"language, sound", language("pt-BR"), ""},
		{"reliability that does not exist", func(s *sound) { s.source.Reliability = 7 }, id + ": reliability: is 7, which is none of them; choose one of A, B, C, D, E, F"},
		{"relays an actor", func(s *sound) { s.source.Relays = []ID{"actor/envoy"} }, id + ": relays: names actor/envoy, but must name one of these kinds: source"},
		{"relays itself", func(s *sound) { s.source.Relays = []ID{id} }, id + ": relays: names the item itself; name another, or remove it"},
		{"relays in a circle", func(s *sound) { s.source.Relays = []ID{"source/digest"} }, id + circle + "\nsource/digest" + circle},
	}
}
