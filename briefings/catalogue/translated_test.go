package catalogue

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"sitrep/briefings"
)

// What every item of a kind has to be translated into.
func TestBundledIsTranslated(t *testing.T) {
	t.Parallel()
	all := []struct {
		kind      briefings.Kind
		field     string
		languages []string
		items     int
	}{
		{briefings.KindSection, "bluf", []string{"uk", "de", "fr"}, 5},
		{briefings.KindSection, "title", []string{"uk", "de", "fr"}, 5},
		{briefings.KindEvent, "headline", []string{"uk"}, 32},
		{briefings.KindFigure, "definition", []string{"uk"}, 20},
		{briefings.KindActor, "name", []string{"uk"}, 36},
		{briefings.KindPlan, "title", []string{"uk"}, 7},
		{briefings.KindQuestion, "question", []string{"uk"}, 17},
	}
	b := readBundled(t)
	for _, tt := range all {
		items := 0
		for _, item := range b.items {
			h := item.Head()
			if h.ID.Kind() != tt.kind {
				continue
			}
			items++
			for _, language := range tt.languages {
				if h.Translations[language][tt.field] == "" {
					t.Errorf("%s: its %s is not translated into %s", h.ID, tt.field, language)
				}
			}
		}
		if items != tt.items {
			t.Errorf("got %d items of kind %s, want %d", items, tt.kind, tt.items)
		}
	}
}

// What items share is translated at one of them, for all.
func TestBundledTermsAreTranslated(t *testing.T) {
	t.Parallel()
	b := readBundled(t)
	for _, language := range []string{"uk", "de", "fr"} {
		known := map[[2]string]bool{}
		for _, item := range b.items {
			english := englishTexts(item)
			for field := range item.Head().Translations[language] {
				known[[2]string{field, *english[field]}] = true
			}
		}
		terms := 0
		for _, item := range b.items {
			for field, text := range englishTexts(item) {
				if *text == "" || !slices.Contains([]string{"side", "place", "area", "issue", "trend_reason"}, field) {
					continue
				}
				terms++
				if !known[[2]string{field, *text}] {
					t.Errorf("%s: no item translates the %s %q into %s", item.Head().ID, field, *text, language)
				}
			}
		}
		if terms < 90 {
			t.Errorf("looked at %d terms only", terms)
		}
	}
}

// translated calls f with every translation and the English text it stands for.
func translated(t *testing.T, items []briefings.Item, f func(id briefings.ID, language, field, english, text string)) {
	t.Helper()
	for _, item := range items {
		english := englishTexts(item)
		for language, fields := range item.Head().Translations {
			for field, text := range fields {
				if english[field] == nil {
					t.Errorf("%s: it has no %s, yet a translation of one into %s", item.Head().ID, field, language)
					continue
				}
				f(item.Head().ID, language, field, *english[field], text)
			}
		}
	}
}

func englishTexts(item briefings.Item) map[string]*string {
	all := map[string]*string{}
	for _, f := range briefings.Fields(item) {
		if text, ok := f.Ptr.(*string); ok {
			all[f.Name] = text
		}
	}
	return all
}

// A translation in the place of its English text breaks no rule, so that it is
// no longer than that may be.
func TestBundledTranslationsKeepTheRules(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"uk", "de", "fr"} {
		b := readBundled(t)
		for _, item := range b.items {
			english := englishTexts(item)
			for field, text := range item.Head().Translations[language] {
				*english[field] = text
			}
		}
		for _, fault := range briefings.Check(b.items, RecordedAt()) {
			t.Errorf("%s in the place of English: %v", language, fault)
		}
	}
}

func TestBundledTranslationsKeepNumbers(t *testing.T) {
	t.Parallel()
	translated(t, readBundled(t).items, func(id briefings.ID, language, field, english, text string) {
		if got, want := numbers(text), numbers(english); !slices.Equal(got, want) {
			t.Errorf("%s: %s in %s has the numbers %v, want %v as in %q", id, field, language, got, want, english)
		}
	})
}

// numbers are the numbers and labels in a text, sorted: languages order them
// differently, and part thousands differently.
func numbers(text string) []string {
	text = regexp.MustCompile(`(\d)[,.\x{a0}\x{202f}](\d{3})\b`).ReplaceAllString(text, "$1$2")
	all := regexp.MustCompile(`\b[A-Z]{0,4}\d+`).FindAllString(text, -1)
	slices.Sort(all)
	return all
}

func TestNumbersAreReadInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		{"more than 200,000 homes, 800 or 8,000 bn", "200000 800 8000"},
		{"понад 200\u00a0000 осель, 800 чи 8000\u00a0млрд", "200000 800 8000"},
		{"mehr als 200.000, 800 oder 8.000 Mrd. (F10)", "200000 800 8000 F10"},
		{"19.–23. Januar, −18 °C", "18 19 23"},
		{"none", ""},
	} {
		want := strings.Fields(tt.want)
		slices.Sort(want)
		if got := numbers(tt.text); !slices.Equal(got, want) {
			t.Errorf("numbers(%q) = %v, want %v", tt.text, got, want)
		}
	}
}

// badType matches what a language doesn't print.
func badType() map[string]*regexp.Regexp {
	return map[string]*regexp.Regexp{
		"uk": regexp.MustCompile(`["'“”„]|[ыэъёЫЭЪЁ]|\d \d{3}|\bпо відношенню|\.\.|^ | $|  `),
		"de": regexp.MustCompile(`["'”«»]|„[^“]*$|\.\.|^ | $|  `),
		"fr": regexp.MustCompile(`["'“”„]|[^\x{a0}\x{202f}][;:!?»]|«[^\x{a0}\x{202f}]|\.\.|^ | $|  `),
	}
}

func TestBundledTranslationsAreWellSet(t *testing.T) {
	t.Parallel()
	bad := badType()
	translated(t, readBundled(t).items, func(id briefings.ID, language, field, english, text string) {
		if found := bad[language].FindString(text); found != "" {
			t.Errorf("%s: %s in %s has %q: %q", id, field, language, found, text)
		}
		if word := mixed(text); word != "" {
			t.Errorf("%s: %s in %s has %q, of two alphabets: %q", id, field, language, word, text)
		}
		if text == english && strings.ContainsFunc(strings.TrimPrefix(text, "Davos"), unicode.IsLower) && !slices.Contains(untranslated(), text) {
			t.Errorf("%s: %s in %s is the English %q", id, field, language, text)
		}
	})
}

// untranslated are names that every language writes alike.
func untranslated() []string {
	return []string{"Financial Times", "Reuters", "Ukraine", "Europe", "Kyiv", "Miami", "multilateral"}
}

// mixed is the first word with letters of more than one alphabet, which look alike.
func mixed(text string) string {
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		scripts := map[bool]bool{}
		for _, r := range word {
			scripts[unicode.Is(unicode.Cyrillic, r)] = true
		}
		if len(scripts) > 1 {
			return word
		}
	}
	return ""
}

func TestBadTypeIsFound(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		language, text string
		bad            bool
	}{
		{"uk", "«Слуга народу», об’єкти", false},
		{"uk", "\"Слуга народу\"", true},
		{"uk", "об'єкти", true},
		{"uk", "200 000 осель", true},
		{"uk", "весь мир — это", true},
		{"uk", "Kиїв", true}, // a Latin K
		{"de", "die „Papiere“ in Davos", false},
		{"de", "die „Papiere” in Davos", true},
		{"fr", "une «\u00a0paix\u00a0»\u00a0; l’accord", false},
		{"fr", "une paix ; l’accord", true},
		{"fr", "«paix»", true},
	} {
		found := badType()[tt.language].MatchString(tt.text) || mixed(tt.text) != ""
		if found != tt.bad {
			t.Errorf("%s: %q counts as badly set: %t, want %t", tt.language, tt.text, found, tt.bad)
		}
	}
	if languages := slices.Sorted(maps.Keys(badType())); !slices.Equal(languages, []string{"de", "fr", "uk"}) {
		t.Errorf("got rules for %v, want one for each language", languages)
	}
}
