package commands

import (
	"strings"
	"testing"

	"sitrep/briefings"
)

// What is wrong with a form is said in the language of whoever filled it in,
// field by field.
func TestFormsAreRefusedInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	bad := Input{"op": "amend", "value": "many", "as_of": "soon", "text": strings.Repeat("x", 300)}
	late := Input{"op": "amend", "value": "640", "as_of": "2030-01-01"}
	for _, tt := range []struct {
		locale string
		typed  Input
		want   []string
	}{
		{"en", bad, []string{`As of: "soon" is no date; write it like`}},
		{"uk", bad, []string{"Станом на: «soon» — не дата; напишіть її як", "!is no"}},
		{"de", bad, []string{"Stand: „soon“ ist kein Datum; schreiben Sie es wie", "!is no"}},
		{"fr", bad, []string{"«\u00a0soon\u00a0» n’est pas une date\u00a0; écrivez-la comme", "!is no"}},
		{"en", bad.with(Input{"as_of": "2026-01-19"}), []string{`Value: "many" is no number; write digits only`, "Text: has 300 characters, at most 280 fit; shorten it."}},
		{"uk", bad.with(Input{"as_of": "2026-01-19"}), []string{"«many» — не число; пишіть лише цифри", "символів 300, а вміщується щонайбільше 280; скоротіть.", "!is no", "!characters"}},
		{"de", bad.with(Input{"as_of": "2026-01-19"}), []string{"„many“ ist keine Zahl; schreiben Sie nur Ziffern", "hat 300 Zeichen, höchstens 280 passen; kürzen Sie.", "!is no"}},
		{"fr", bad.with(Input{"as_of": "2026-01-19"}), []string{"«\u00a0many\u00a0» n’est pas un nombre\u00a0; écrivez des chiffres", "a 300 caractères, 280 au plus tiennent\u00a0; raccourcissez.", "!is no"}},
		{"uk", late, []string{"2030-01-01 ще не настало; напишіть дату не пізніше 2026-01-21.", "!has not come"}},
		{"uk", Input{"op": "correct", "value": "640"}, []string{"Виправлення потребує причини", "!A correction"}},
		{"de", Input{"op": "amend", "value": "640", "reason": "a\u2066b"}, []string{"Grund: enthält das unsichtbare Zeichen U+2066; entfernen Sie es.", "!holds"}},
		{"fr", Input{"op": "retract"}, []string{"choisissez si le monde a changé", "!choose"}},
	} {
		who := member()
		who.Locales = []string{tt.locale}
		got := r.press(who, "desk-save", Press{State: "figure/energy-attacks:1", Fields: tt.typed})
		reasons, _, _ := strings.Cut(strings.Join(strings.Split(got.text, "\n")[1:], "\n"), "What you typed")
		holds(t, tt.locale, reasons, tt.want...)
	}
}

// A fault that is about another, and one of several items, are said whole.
func TestSaidOfFaults(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	inner := briefings.Message{Say: "is missing; write it", Phrase: "fault.missing"}
	outer := briefings.Message{Say: "uk.text is missing; write it", Phrase: "fault.translation", Args: map[string]any{"Name": "uk.text", "Fault": inner}}
	for _, tt := range []struct {
		locale string
		faults []briefings.Fault
		want   string
	}{
		{"uk", []briefings.Fault{{Field: "translations", Message: outer}}, "Переклади: uk.text — порожньо; заповніть."},
		{"de", []briefings.Fault{{Item: "figure/a", Field: "value", Message: inner}, {Field: "value", Message: inner}}, "figure/a, Wert: fehlt; schreiben Sie es.\nWert: fehlt; schreiben Sie es."},
		{"fr", []briefings.Fault{{Message: inner}}, "Rien n’a été enregistré\u00a0: manque\u00a0; écrivez-le."},
		{"uk", []briefings.Fault{{Field: "value", Message: briefings.Message{Say: "is odd"}}}, "Значення: is odd."},
	} {
		mistake := &briefings.UserError{Say: "It is so.", Faults: tt.faults}
		if got := Said(r.desk.Book.In(tt.locale), mistake); got != tt.want {
			t.Errorf("in %s: got %q, want %q", tt.locale, got, tt.want)
		}
	}
}
