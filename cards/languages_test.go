package cards

import (
	"strings"
	"testing"

	"sitrep/briefings"
	"sitrep/words"
)

// in is t in another language.
func (t Telling) in(tb testing.TB, locale string) Telling {
	tb.Helper()
	book, err := words.Open()
	if err != nil {
		tb.Fatal(err)
	}
	t.Words = book.In(locale)
	t.Snapshot = t.Snapshot.In(t.Words.Tag())
	return t
}

func TestDatesInEveryLanguage(t *testing.T) {
	t.Parallel()
	say := telling(t)
	for _, tt := range []struct{ edtf, uk, de, fr string }{
		{"2026-01-17", "17 січ. 2026", "17. Jan. 2026", "17 janv. 2026"},
		{"2026-05-01", "1 трав. 2026", "1. Mai 2026", "1er mai 2026"},
		{"2025-11", "лист. 2025", "Nov. 2025", "nov. 2025"},
		{"2025", "2025", "2025", "2025"},
		{"2026-01-19/2026-01-23", "19–23 січ. 2026", "19.–23. Jan. 2026", "19–23 janv. 2026"},
		{"2026-01-30/2026-02-02", "30 січ. 2026 – 2 лют. 2026", "30. Jan. 2026 – 2. Feb. 2026", "30 janv. 2026 – 2 févr. 2026"},
		{"2025-12~", "близько груд. 2025", "etwa Dez. 2025", "vers déc. 2025"},
		{"2026-01-17?", "17 січ. 2026 (непевно)", "17. Jan. 2026 (ungewiss)", "17 janv. 2026 (incertain)"},
		{"2026-01-17/..", "від 17 січ. 2026", "ab 17. Jan. 2026", "à partir de\u00a0: 17 janv. 2026"},
		{"../2026-01-17", "до 17 січ. 2026", "bis 17. Jan. 2026", "jusqu’à\u00a0: 17 janv. 2026"},
		{"", "без дати", "ohne Datum", "sans date"},
	} {
		for locale, want := range map[string]string{"uk": tt.uk, "de": tt.de, "fr": tt.fr} {
			if got := say.in(t, locale).Date(edtf(t, tt.edtf)); got != want {
				t.Errorf("%s in %s is %q, want %q", tt.edtf, locale, got, want)
			}
		}
	}
}

func TestNumbersInEveryLanguage(t *testing.T) {
	t.Parallel()
	say := telling(t)
	for _, tt := range []struct {
		value      string
		qualifier  briefings.Qualifier
		unit       string
		currency   string
		uk, de, fr string
	}{
		{"800000000000", briefings.About, "", "USD", "приблизно 800\u00a0млрд\u00a0$", "etwa 800\u00a0Mrd.\u00a0$", "environ 800\u00a0Md\u00a0$"},
		{"1500000", briefings.Exact, "", "EUR", "1,5\u00a0млн\u00a0€", "1,5\u00a0Mio.\u00a0€", "1,5\u00a0M\u00a0€"},
		{"-5.25", briefings.Exact, "", "GBP", "−5,25\u00a0£", "−5,25\u00a0£", "−5,25\u00a0£"},
		{"5", briefings.Exact, "", "JPY", "5\u00a0JPY", "5\u00a0JPY", "5\u00a0JPY"},
		{"200000", briefings.MoreThan, "x", "", "понад 200\u00a0000 x", "mehr als 200.000 x", "plus de 200\u202f000 x"},
		{"1234567", briefings.Exact, "x", "", "1\u00a0234\u00a0567 x", "1.234.567 x", "1\u202f234\u202f567 x"},
		{"9999", briefings.Exact, "x", "", "9999 x", "9999 x", "9999 x"},
		{"-18.5", briefings.Exact, "Cel", "", "−18,5 °C", "−18,5 °C", "−18,5 °C"},
		{"612", briefings.Exact, "attacks", "", "612 атак", "612 Angriffe", "612 attaques"},
		{"1", briefings.Exact, "attacks", "", "1 атака", "1 Angriff", "1 attaque"},
		{"2", briefings.Exact, "attacks", "", "2 атаки", "2 Angriffe", "2 attaques"},
		{"11", briefings.Exact, "Attacks", "", "11 атак", "11 Angriffe", "11 attaques"},
		{"21", briefings.AtLeast, "attacks", "", "щонайменше 21 атака", "mindestens 21 Angriffe", "au moins 21 attaques"},
		{"1.5", briefings.Exact, "years", "", "1,5 року", "1,5 Jahre", "1,5 an"},
		{"0", briefings.Exact, "meetings", "", "0 зустрічей", "0 Treffen", "0 réunion"},
		{"2000000", briefings.About, "people", "", "приблизно 2\u00a0млн людей", "etwa 2\u00a0Mio. Menschen", "environ 2\u00a0M de personnes"},
		{"123456789012345678901221", briefings.Exact, "points", "", "123\u00a0456\u00a0789\u00a0012\u00a0345\u00a0678\u00a0901\u00a0221 пункт", "123.456.789.012.345.678.901.221 Punkte", "123\u202f456\u202f789\u202f012\u202f345\u202f678\u202f901\u202f221 points"},
		{"", briefings.Several, "missiles", "", "кілька ракет", "mehrere Raketen", "plusieurs missiles"},
		{"4", briefings.About, "hovercraft", "", "приблизно 4 hovercraft", "etwa 4 hovercraft", "environ 4 hovercraft"},
		{"-10", briefings.UpTo, "Cel", "", "до −10 °C", "bis zu −10 °C", "jusqu’à −10 °C"},
	} {
		f := &briefings.Figure{Value: tt.value, Qualifier: tt.qualifier, Unit: tt.unit, Currency: tt.currency}
		for locale, want := range map[string]string{"uk": tt.uk, "de": tt.de, "fr": tt.fr} {
			if got := say.in(t, locale).Number(f); got != want {
				t.Errorf("%s in %s is %q, want %q", tt.value, locale, got, want)
			}
		}
	}
}

// A bottom line is searched for a number in the language it is written in, with
// whatever blank parts its digits, and in English, which it falls back to.
func TestSays(t *testing.T) {
	t.Parallel()
	say := telling(t)
	for _, tt := range []struct {
		locale, text string
		want         bool
	}{
		{"en", "about $800 bn", true},
		{"en", "800 Mrd.", false},
		{"uk", "приблизно 800\u00a0млрд доларів", true},
		{"uk", "about 800 bn", true},
		{"de", "800\u00a0Mrd. Dollar", true},
		{"de", "800 Mrd. Dollar", true},
		{"fr", "80\u00a0Md", false},
	} {
		if got := say.in(t, tt.locale).Says(tt.text, "800000000000"); got != tt.want {
			t.Errorf("in %s %q says 800 billion: %t, want %t", tt.locale, tt.text, got, tt.want)
		}
	}
}

func TestFooterSaysWhatIsNotTranslated(t *testing.T) {
	t.Parallel()
	translated := &briefings.Section{Envelope: briefings.Envelope{ID: "section/a", Refs: []string{"X1"}}, Command: "a", Title: "Talks", Bluf: "They talk."}
	translated.Translations = map[string]map[string]string{"uk": {"title": "Переговори", "bluf": "Говорять."}}
	say := telling(t, translated)
	for locale, want := range map[string]bool{"en": false, "uk": false, "de": true, "fr": true} {
		read := say.in(t, locale)
		footer := Join(read.FooterOf([]briefings.ID{"section/a"}), "")
		if got := strings.Contains(string(footer), read.Words.Say("footer.english")); got != want {
			t.Errorf("in %s the footer is %q; that it speaks of English is %t, want %t", locale, footer, got, want)
		}
	}
}
