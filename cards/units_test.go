package cards

import (
	"strings"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/words"
)

func TestUnitsTakeTheFormOfTheirNumber(t *testing.T) {
	t.Parallel()
	book, err := words.Open()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		locale, value, unit string
		qualifier           briefings.Qualifier
		want                string
	}{
		{"en-GB", "612", "attacks", briefings.Exact, "612 attacks"},
		{"en-GB", "1", "attacks", briefings.Exact, "1 attack"},
		{"uk", "612", "attacks", briefings.Exact, "612 атак"},
		{"uk", "1", "attacks", briefings.Exact, "1 атака"},
		{"uk", "2", "attacks", briefings.Exact, "2 атаки"},
		{"uk", "11", "attacks", briefings.Exact, "11 атак"},
		{"uk", "1021", "attacks", briefings.Exact, "1021 атака"},
		{"uk", "1.5", "years", briefings.Exact, "1,5 року"},
		{"uk", "", "air-defence systems", briefings.Several, "кілька систем ППО"},
		{"de", "1", "households", briefings.Exact, "1 Haushalt"},
		{"de", "2", "households", briefings.Exact, "2 Haushalte"},
		{"fr", "0", "meetings", briefings.Exact, "0 réunion"},
		{"fr", "4", "meetings", briefings.Exact, "4 réunions"},
		{"uk", "-18", "Cel", briefings.Exact, "−18 °C"},
		{"uk", "7", "tanks of the new sort", briefings.Exact, "7 tanks of the new sort"},
		{"uk", "99999999999999999999999", "attacks", briefings.Exact, "99 999 999 999 999 999 999 999 атак"},
	} {
		f := &briefings.Figure{Value: tt.value, Unit: tt.unit, Qualifier: tt.qualifier}
		got := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(Telling{Words: book.In(tt.locale)}.Number(f))
		if got != tt.want {
			t.Errorf("%s %s %s in %s: got %q, want %q", tt.qualifier, tt.value, tt.unit, tt.locale, got, tt.want)
		}
	}
}

// What ended without anybody recording what came of it is said to have ended,
// wherever it is shown as something to come.
func TestPassedDatesAreSaidToHaveEnded(t *testing.T) {
	t.Parallel()
	say := bundled(t)
	for _, tt := range []struct {
		day  int // of January and on
		want bool
	}{{18, false}, {23, false}, {24, true}, {60, true}} {
		say.Now = time.Date(2026, time.January, tt.day, 12, 0, 0, 0, time.UTC)
		for _, s := range say.Snapshot.Sections() {
			if s.Command != "talks" && s.Command != "davos" {
				continue
			}
			if got := strings.Contains(say.Section(s).Plain(), "ended "); got != tt.want {
				t.Errorf("/%s on day %d: says that Davos ended: %t, want %t:\n%s", s.Command, tt.day, got, tt.want, say.Section(s).Plain())
			}
		}
	}
}
