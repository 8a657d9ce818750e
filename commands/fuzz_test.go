package commands

import (
	"errors"
	"testing"

	"sitrep/briefings"
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
