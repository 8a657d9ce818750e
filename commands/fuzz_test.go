package commands

import (
	"errors"
	"testing"
	"unicode/utf8"

	"sitrep/briefings"
	"sitrep/cards"
)

// FuzzReadForm types anything into any field of any kind's form. It is read or
// called a mistake, and what was read is what the form shows the next time.
func FuzzReadForm(f *testing.F) {
	for _, typed := range []string{
		"", "F10", "F10, S1;S2\nS3", "S1 | p. 4 | 2 | supports\nS2", " | | ", "mayor | A1 | 2020 | ..", "old | 2026-02-01", "|",
		"yes", "-1", "2026-01-20/..", "1.5", "Україна", "a\x00b\u202ec", "99999999999999999999999",
	} {
		f.Add(typed)
	}
	r := newRig(f)
	telling := r.desk.telling(member(), r.desk.Briefings.Base())
	f.Fuzz(func(t *testing.T, typed string) {
		for _, kind := range briefings.Kinds() {
			for _, name := range formFields(kind) {
				item := briefings.NewItem(kind)
				item.Head().ID = briefings.ID(string(kind) + "/fuzzed")
				read, err := readForm(telling, item, Input{name: typed})
				if err != nil {
					if mistake := new(briefings.UserError); !errors.As(err, &mistake) || mistake.Say == "" {
						t.Errorf("%s of a %s: %q: got %v, want what to type instead", name, kind, typed, err)
					}
					continue
				}
				showsAgain(t, r, read, name)
			}
		}
	})
}

func showsAgain(t *testing.T, r *rig, item briefings.Item, name string) {
	t.Helper()
	telling := r.desk.telling(member(), r.desk.Briefings.Base())
	for _, field := range briefings.Fields(item) {
		if field.Name != name || name == "sections" {
			continue
		}
		shown := fieldText(telling, field.Ptr)
		if err := setField(telling, field.Ptr, shown); err != nil {
			t.Errorf("%s of a %s: it shows %q, and refuses that: %v", name, item.Head().ID.Kind(), shown, err)
		}
		if again := fieldText(telling, field.Ptr); again != shown {
			t.Errorf("%s of a %s: it shows %q, and once saved %q", name, item.Head().ID.Kind(), shown, again)
		}
	}
}

// FuzzPress sends any custom id, choice and field to every button, selection and
// form that its sender may use. It is answered or called a mistake, at a size that
// Discord takes.
func FuzzPress(f *testing.F) {
	for _, state := range []string{
		"", "talks|page=2", "section:talks|page=1", "figure/energy-attacks:1", "figure/never-was:-1", "readers:2", "drafts:99999999999999999999", "|=%", ":::", "a\x00b\u202e",
	} {
		for who := range uint8(3) {
			f.Add(who, state, "F10", "value", "640")
		}
	}
	r := newRig(f)
	f.Fuzz(func(t *testing.T, who uint8, state, chosen, field, typed string) {
		caller := []Caller{member(), moderator(), stranger()}[who%3]
		for _, a := range r.set.Actions {
			if a.Role > caller.Role {
				continue
			}
			what := a.Name + ":" + state
			reply, err := a.Run(t.Context(), caller, Press{State: state, Values: []string{chosen}, Fields: Input{field: typed, "reason": typed}})
			mistake := new(briefings.UserError)
			switch {
			case errors.As(err, &mistake):
				if n := utf8.RuneCountInString(mistake.Say); n == 0 || n > 1000 {
					t.Errorf("%q: the mistake takes %d characters: %.200q", what, n, mistake.Say)
				}
			case err != nil:
				t.Errorf("%q of a caller with role %d: got %v, want an answer or a mistake", what, caller.Role, err)
			case reply.Form == nil:
				if n := size(reply.Card); n > cards.MostText {
					t.Errorf("%q: the answer takes %d characters", what, n)
				}
			}
		}
	})
}
