package commands

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"sitrep/briefings"
	"sitrep/cards"
)

func TestNamesInEveryLanguage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, tt := range []struct{ name, uk, de, fr, en string }{
		{"brief", "огляд", "überblick", "synthèse", "brief"},
		{"digest add", "дайджест додати", "kurzbericht hinzufügen", "résumé ajouter", "digest add"},
		{"talks", "мирні-переговори", "friedensgespräche", "pourparlers-de-paix", "talks"},
	} {
		c, ok := r.set.Command(tt.name)
		if !ok {
			t.Fatalf("there is no /%s", tt.name)
		}
		for locale, want := range map[string]string{"uk": tt.uk, "de": tt.de, "fr": tt.fr, "en-US": tt.en} {
			if got := c.NameIn(r.desk.Book.In(locale)); got != want {
				t.Errorf("/%s is called %q in %s, want %q", tt.name, got, locale, want)
			}
		}
	}
	w := r.desk.Book.In("uk")
	if got := (Command{Name: "no such"}).NameIn(w); got != "no such" {
		t.Errorf("a command without a name of its own is called %q, want its name", got)
	}
	if got := (Option{Name: "nosuch"}).NameIn(w); got != "nosuch" {
		t.Errorf("an option without a name of its own is called %q, want its name", got)
	}
	if got, want := ChoiceIn(w, "claimed")+ChoiceIn(w, "nosuch"), "заявленоnosuch"; got != want {
		t.Errorf("the choices are called %q, want %q", got, want)
	}
}

// A section is found by its command or title in whatever language.
func TestSectionsByAnyName(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, locale := range []string{"en-US", "uk"} {
		who := member()
		who.Locales = []string{locale}
		talks := r.ask(who, "brief", Input{"section": "talks"})
		for _, name := range []string{"мирні-переговори", "Мирні переговори", "/friedensgespräche", "Peace talks", "PEACE TALKS"} {
			if got := r.ask(who, "brief", Input{"section": name}); got.text != talks.text {
				t.Errorf("in %s %q finds %q %s, want the talks", locale, name, got.text, got.say)
			}
		}
		for _, typed := range []string{"мир", "Frieden", "peace", "tal"} {
			offered, err := r.complete(who, "brief", "section", typed)
			if err != nil || !slices.ContainsFunc(offered, func(c cards.Choice) bool { return c.Value == "talks" }) {
				t.Errorf("in %s %q completes to %v, %v; want the talks among them", locale, typed, offered, err)
			}
		}
	}
}

// What was made in one language is told in the reader's.
func TestMistakesAreSaidInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	uk, de := r.desk.Book.In("uk"), r.desk.Book.In("de")
	made := mistake(r.desk.telling(Caller{Locales: []string{"de"}}, r.desk.Briefings.Base()), "known.invalid", map[string]any{"Text": "x"})
	var told *briefings.UserError
	if !errors.As(made, &told) {
		t.Fatalf("got %v, want a mistake", made)
	}
	for _, tt := range []struct {
		got, want string
	}{
		{told.Say, "„x“ kann ich nicht als Datum lesen. Schreiben Sie es so: 2026-01-19."},
		{Said(de, told), "„x“ kann ich nicht als Datum lesen. Schreiben Sie es so: 2026-01-19."},
		{Said(uk, told), "Я не можу прочитати «x» як дату. Напишіть її так: 2026-01-19."},
		{Said(uk, &briefings.UserError{Say: "It is so."}), "It is so."},
		{Said(uk, &briefings.UserError{Say: "It is so.", Phrase: "no.such"}), "It is so."},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
	// with the database away nothing is in memory that could be answered from
	r.restart()
	r.store.cut.Store(true)
	who := member()
	c, _ := r.set.Command("talks")
	_, err := c.Run(t.Context(), who, nil)
	if !errors.As(err, &told) || Said(uk, told) != uk.Say("error.unread") || told.Say != r.desk.Book.In("en").Say("error.unread") {
		t.Errorf("got %v, want what is said where the desk can't be read", err)
	}
}

func TestPublicAnswersSpeakTheServersLanguage(t *testing.T) {
	t.Parallel()
	who := Caller{Locales: []string{"uk", "fr"}}
	if got := fmt.Sprint(who.Public().Locales, who.Locales); got != "[fr uk] [uk fr]" {
		t.Errorf("got %s, want the server's language first, and the caller as they were", got)
	}
}

// A form shows what was recorded: saving a translation would put it in the
// place of the English.
func TestFormsShowTheRecord(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	who := member()
	who.Locales = []string{"uk"}
	form := r.ask(who, "desk edit", Input{"item": "A6"}).form
	if form == nil || form.Fields[0].Value != "Kyrylo Budanov" || form.Fields[0].Label != "Ім’я" {
		t.Errorf("got the form %+v, want the recorded name under a Ukrainian label", form)
	}
}
