package words_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"sitrep/words"
)

// plurals are the forms that each language has (CLDR).
func plurals() map[string][]string {
	return map[string][]string{
		"en.json": {"one", "other"}, "de.json": {"one", "other"},
		"fr.json": {"many", "one", "other"}, "uk.json": {"few", "many", "one", "other"},
	}
}

// A phrase that is counted in English has every form that a language has; one
// that isn't may be counted in a language that needs it.
func TestPluralsAreWhole(t *testing.T) {
	t.Parallel()
	english := file(t, "en.json")
	for name, want := range plurals() {
		for id, forms := range file(t, name) {
			got := slices.Sorted(maps.Keys(forms))
			counted := len(forms) > 1 || len(english[id]) > 1
			if counted && !slices.Equal(got, want) {
				t.Errorf("%s: %s has the forms %v, want %v", name, id, got, want)
			}
			if !counted && !slices.Equal(got, []string{"other"}) {
				t.Errorf("%s: %s has the forms %v, want other alone", name, id, got)
			}
		}
	}
}

func TestCountsAreSaidInEveryForm(t *testing.T) {
	t.Parallel()
	book := open(t)
	for _, tt := range []struct {
		locale string
		count  int
		want   string
	}{
		{"uk", 1, "1 джерело"},
		{"uk", 2, "2 джерела"},
		{"uk", 5, "5 джерел"},
		{"uk", 11, "11 джерел"},
		{"uk", 21, "21 джерело"},
		{"uk", 22, "22 джерела"},
		{"uk", 112, "112 джерел"},
		{"uk", 0, "0 джерел"},
		{"de", 1, "1 Quelle"},
		{"de", 0, "0 Quellen"},
		{"de", 21, "21 Quellen"},
		{"fr", 0, "0 source"},
		{"fr", 1, "1 source"},
		{"fr", 2, "2 sources"},
		{"fr", 1_000_000, "1000000 de sources"},
	} {
		if got := book.In(tt.locale).Say("footer.sources", words.Args{"Count": tt.count}); got != tt.want {
			t.Errorf("%s: %d is said %q, want %q", tt.locale, tt.count, got, tt.want)
		}
	}
}

// Discord's bounds of names, descriptions, labels, buttons and placeholders.
// https://docs.discord.com/developers/components/reference
func TestPhrasesFitTheirPlaces(t *testing.T) {
	t.Parallel()
	commandName := regexp.MustCompile(`^[-_'\p{L}\p{N}]{1,32}$`)
	seen := map[string]int{}
	for name := range plurals() {
		for id, forms := range file(t, name) {
			group, _, _ := strings.Cut(id, ".")
			most := map[string]int{"command": 100, "name": 32, "option": 32, "choice": 100, "button": 80, "field": 45, "hint": 100, "filter": 150}[group]
			switch {
			case slices.Contains([]string{"filter.unknown", "filter.several", "filter.meant", "filter.reversed"}, id): // answers, no placeholders
				continue
			case strings.HasSuffix(id, ".pick"):
				most = 150
			case strings.HasPrefix(id, "desk.op."), id == "desk.form":
				most = 45
			}
			seen[group]++
			for _, text := range forms {
				if n := utf8.RuneCountInString(parameter.ReplaceAllString(text, "")); most > 0 && n > most {
					t.Errorf("%s: %s has %d characters, at most %d fit: %q", name, id, n, most, text)
				}
				if (group == "name" || group == "option") && (!commandName.MatchString(text) || strings.ToLower(text) != text) {
					t.Errorf("%s: %s: Discord takes no command or option called %q", name, id, text)
				}
			}
		}
	}
	for _, group := range []string{"command", "name", "option", "choice", "button", "field", "hint", "filter"} {
		if seen[group] == 0 {
			t.Errorf("no phrase of the group %s was looked at", group)
		}
	}
}

// misprints match what a language doesn't print.
func misprints() map[string]*regexp.Regexp {
	return map[string]*regexp.Regexp{
		"en.json": regexp.MustCompile(`  |[\p{Cyrillic}«»„]`),
		"uk.json": regexp.MustCompile(`["'“”„]|[ыэъёЫЭЪЁ]|  |(^|\s)являється|співпада`),
		"de.json": regexp.MustCompile(`["'”«»]|„[^“]*$|  |\p{Cyrillic}`),
		"fr.json": regexp.MustCompile(`["'“”„]|[^\x{a0}\x{202f}/]:[^/\d]|[^\x{a0}\x{202f}][;!?»]|«[^\x{a0}\x{202f}]|  |\p{Cyrillic}`),
	}
}

func TestPhrasesAreWellSet(t *testing.T) {
	t.Parallel()
	english := file(t, "en.json")
	for name, bad := range misprints() {
		for id, forms := range file(t, name) {
			for form, text := range forms {
				bare := parameter.ReplaceAllString(typed.ReplaceAllString(text, "x"), "x")
				if strings.HasPrefix(id, "option.") || strings.HasPrefix(id, "name.") {
					continue // Discord's form, not the language's
				}
				if found := bad.FindString(bare); found != "" {
					t.Errorf("%s: %s has %q: %q", name, id, found, text)
				}
				if name != "en.json" && text == english[id][form] && sentence.MatchString(bare) {
					t.Errorf("%s: %s is English: %q", name, id, text)
				}
			}
		}
	}
}

var (
	typed    = regexp.MustCompile(`https://|/\S+( \S+)* \S+:\S*`) // what people type is no prose
	sentence = regexp.MustCompile(`\p{L}{2,} \p{L}{2,} \p{L}{2,}`)
)

func TestMisprintsAreFound(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		bad        bool
	}{
		{"uk.json", "«Слуга народу»", false},
		{"uk.json", "\"Слуга\"", true},
		{"uk.json", "это", true},
		{"uk.json", "з'їзд", true},
		{"de.json", "„Papiere“", false},
		{"de.json", "„Papiere”", true},
		{"de.json", "»Papiere«", true},
		{"fr.json", "«\u00a0paix\u00a0»\u00a0: oui", false},
		{"fr.json", "paix : oui", true},
		{"fr.json", "paix ?", true},
		{"fr.json", "/fiche nom:x", true},
		{"fr.json", "à 08:00", false},
		{"en.json", "two  blanks", true},
	} {
		if got := misprints()[tt.name].MatchString(tt.text); got != tt.bad {
			t.Errorf("%s: %q counts as badly set: %t, want %t", tt.name, tt.text, got, tt.bad)
		}
	}
}

// TestLocales: every locale that Discord sends, alone and with a server's.
func TestLocales(t *testing.T) {
	t.Parallel()
	book := open(t)
	for _, locale := range strings.Fields("id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko") {
		alone, behind := "en", "uk"
		switch locale {
		case "uk", "de", "fr":
			alone, behind = locale, locale
		case "en-US", "en-GB":
			behind = "en"
		}
		if got := book.In(locale, "").Tag(); got != alone {
			t.Errorf("In(%s) speaks %s, want %s", locale, got, alone)
		}
		if got := book.In(locale, "uk").Tag(); got != behind {
			t.Errorf("In(%s, uk) speaks %s, want %s", locale, got, behind)
		}
	}
	if got := book.In("de").English(); got.Tag() != "en" || got.Say("month.5") != "May" {
		t.Errorf("the English of German is %s: %s", got.Tag(), got.Say("month.5"))
	}
	if got := book.Tags(); got[0] != "en" || len(got) != len(plurals()) {
		t.Errorf("got the languages %v, want %d, English first", got, len(plurals()))
	}
}
