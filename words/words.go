// Package words holds every phrase that people read, by language. A phrase has
// an id, and may have parameters and plural forms; content is not its matter.
package words

import (
	"embed"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed *.json
var files embed.FS

// A Book holds the phrases of every language. It is safe for concurrent use.
type Book struct {
	bundle *i18n.Bundle
}

// Open reads the embedded phrases; the error is a fault of the build.
func Open() (*Book, error) {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	names, err := files.ReadDir(".")
	if err != nil {
		return nil, fmt.Errorf("words: list languages: %w", err)
	}
	for _, name := range names {
		if _, err := bundle.LoadMessageFileFS(files, name.Name()); err != nil {
			return nil, fmt.Errorf("words: read %s: %w", name.Name(), err)
		}
	}
	return &Book{bundle: bundle}, nil
}

// In returns the phrases for the first of locales (BCP 47, as Discord sends
// them) that there are any for, English where there are none.
func (b *Book) In(locales ...string) *Words {
	return &Words{localizer: i18n.NewLocalizer(b.bundle, locales...)}
}

// Words are the phrases of one language. They are safe for concurrent use.
type Words struct {
	localizer *i18n.Localizer
}

// Args are a phrase's parameters by name. One called Count chooses the plural form.
type Args map[string]any

// Say returns the phrase with its parameters filled in; its id where there is
// none, which a test keeps from happening.
func (w *Words) Say(id string, args ...Args) string {
	c := &i18n.LocalizeConfig{MessageID: id}
	if len(args) > 0 {
		c.TemplateData = map[string]any(args[0])
		c.PluralCount = args[0]["Count"]
	}
	said, err := w.localizer.Localize(c)
	if err != nil && said == "" {
		return id
	}
	return said
}

// Has reports whether there is a phrase with this id.
func (w *Words) Has(id string) bool {
	_, err := w.localizer.Localize(&i18n.LocalizeConfig{MessageID: id, PluralCount: 2})
	return err == nil
}

// Month is the short name of a month, as it stands in a date.
func (w *Words) Month(m time.Month) string { return w.Say("month." + strconv.Itoa(int(m))) }
