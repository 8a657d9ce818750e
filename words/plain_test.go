package words

import (
	"errors"
	"testing"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

type (
	loud   string
	markup string
)

func (l loud) String() string { return string(l) + "!" }

// Every phrase reads as its template would have it, whatever fills it in.
func TestPlainPhrasesReadAsTemplates(t *testing.T) {
	t.Parallel()
	b, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for tag, w := range b.said {
		for id, p := range w.plain {
			for _, value := range []any{"<b>&{{.X}}", 7, -1, loud("x"), markup("**y**"), errors.New("z"), 2.5, nil} {
				args := Args{}
				for _, name := range p.names {
					args[name] = value
				}
				want, err := w.localizer.Localize(&i18n.LocalizeConfig{MessageID: id, TemplateData: map[string]any(args), PluralCount: args["Count"]})
				if err != nil && want == "" {
					want = id
				}
				if got := w.Say(id, args); got != want {
					t.Errorf("%s %s with %v: got %q, want %q", tag, id, value, got, want)
				}
				checked++
			}
		}
	}
	if checked < 10_000 {
		t.Errorf("only %d were checked", checked)
	}
}
