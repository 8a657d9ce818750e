// Package words holds every phrase that people read, by language. A phrase has
// an id, and may have parameters and plural forms; content is not its matter.
package words

import (
	"embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed *.json
var files embed.FS

// A Book holds the phrases of every language. It is safe for concurrent use.
type Book struct {
	bundle    *i18n.Bundle
	said      map[string]*Words // by language
	languages []language.Tag    // English first
	matcher   language.Matcher
	discord   map[string]*Words // by each of Discord's locales, nil where there are none: matching takes long
}

// Open reads the embedded phrases; the error is a fault of the build.
func Open() (*Book, error) {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	names, err := files.ReadDir(".")
	if err != nil {
		return nil, fmt.Errorf("words: list languages: %w", err)
	}
	b := &Book{bundle: bundle, said: map[string]*Words{}, discord: map[string]*Words{}}
	for _, name := range names {
		file, err := bundle.LoadMessageFileFS(files, name.Name())
		if err != nil {
			return nil, fmt.Errorf("words: read %s: %w", name.Name(), err)
		}
		tag := file.Tag.String()
		b.said[tag] = &Words{book: b, tag: tag, localizer: i18n.NewLocalizer(bundle, tag), plain: plain(file.Messages)}
	}
	b.languages = bundle.LanguageTags()
	b.matcher = language.NewMatcher(b.languages)
	for _, locale := range append(locales(), "") { // nothing where Discord tells none
		b.discord[locale] = b.match(locale)
	}
	return b, nil
}

// Tags are the languages that there are phrases in, English first, as BCP 47
// tags.
func (b *Book) Tags() []string {
	tags := make([]string, len(b.languages))
	for i, l := range b.languages {
		tags[i] = l.String()
	}
	return tags
}

// In returns the phrases for the first of locales (BCP 47, as Discord sends
// them) that there are any for, English where there are none. A language that
// is merely understood where another is spoken stands for none.
func (b *Book) In(locales ...string) *Words {
	for _, locale := range locales {
		w, known := b.discord[locale]
		if !known {
			w = b.match(locale)
		}
		if w != nil {
			return w
		}
	}
	return b.in(language.English)
}

// mostLocale is longer than any locale that somebody means.
const mostLocale = 35

// match returns the phrases for a locale, nil where there are none.
func (b *Book) match(locale string) *Words {
	if len(locale) > mostLocale {
		return nil
	}
	tag, err := language.Parse(locale)
	if err != nil {
		return nil
	}
	if _, i, sure := b.matcher.Match(tag); sure >= language.High {
		return b.in(b.languages[i])
	}
	return nil
}

// locales are those that Discord's clients may have.
// https://docs.discord.com/developers/reference#locales
func locales() []string {
	return strings.Fields("id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko")
}

func (b *Book) in(tag language.Tag) *Words { return b.said[tag.String()] }

// Words are the phrases of one language. They are safe for concurrent use.
type Words struct {
	book      *Book
	tag       string
	localizer *i18n.Localizer
	plain     map[string]phrase
}

// Tag is the language, as a BCP 47 tag.
func (w *Words) Tag() string { return w.tag }

// English are the phrases that all others are translated from.
func (w *Words) English() *Words { return w.book.in(language.English) }

// Args are a phrase's parameters by name. One called Count chooses the plural form.
type Args map[string]any

// Say returns the phrase with its parameters filled in; its id where there is
// none, which a test keeps from happening.
func (w *Words) Say(id string, args ...Args) string {
	if said, ok := w.plain[id].say(args); ok {
		return said
	}
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
	_, tag, err := w.localizer.LocalizeWithTag(&i18n.LocalizeConfig{MessageID: id})
	return err == nil && tag.String() == w.tag
}

// Month is the short name of a month, as it stands in a date.
func (w *Words) Month(m time.Month) string { return w.Say("month." + strconv.Itoa(int(m))) }
