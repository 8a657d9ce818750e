package pictures

import (
	"bytes"
	"image"
	_ "image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// spoken is a fact without its signs, which the alt text leaves to the words.
func spoken(fact string) string {
	return strings.Join(slices.DeleteFunc(strings.Fields(flat(fact)), func(part string) bool {
		return !strings.ContainsFunc(part, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
	}), " ")
}

// TestBundledPictures: each is drawn, says nothing that its card doesn't, and
// its alt text says all of it. SITREP_SCREENSHOTS names a folder for them.
func TestBundledPictures(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"en", "uk", "de", "fr"} {
		for name, h := range hung(t, locale) {
			t.Run(locale+"/"+name, func(t *testing.T) {
				t.Parallel()
				if h.Picture == nil {
					t.Fatal("there is nothing to draw")
				}
				c := h.hang(gallery(t))
				if c.Picture == nil {
					t.Fatalf("it was left out of\n%s", h.Card.Plain())
				}
				got, kind, err := image.DecodeConfig(bytes.NewReader(c.Picture.PNG))
				if err != nil || kind != "png" || got.Width != wide || got.Height != high {
					t.Errorf("it is a %s of %dx%d (%v)", kind, got.Width, got.Height, err)
				}
				said := spoken(c.Picture.Alt)
				for _, fact := range h.Picture.facts() {
					if !strings.Contains(said, spoken(fact)) {
						t.Errorf("the alt text lacks %q:\n%s", fact, said)
					}
				}
				if n := utf8.RuneCountInString(c.Picture.Alt); n > mostAlt {
					t.Errorf("the alt text has %d characters", n)
				}
				if folder := os.Getenv("SITREP_SCREENSHOTS"); folder != "" {
					if err := os.WriteFile(filepath.Join(folder, locale+"-"+name+".png"), c.Picture.PNG, 0o600); err != nil {
						t.Error(err)
					}
					t.Log(c.Picture.Alt, len(c.Picture.PNG))
				}
			})
		}
	}
}
