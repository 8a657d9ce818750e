package catalogue

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode"

	"sitrep/briefings"
	"sitrep/testenv"
)

// texts calls f with every text of item and the name of its field.
func texts(t *testing.T, item briefings.Item, f func(field, text string)) {
	t.Helper()
	data, err := json.Marshal(item)
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		t.Fatal(err)
	}
	walk("", value, f)
}

func walk(field string, value any, f func(field, text string)) {
	switch v := value.(type) {
	case string:
		f(field, v)
	case []any:
		for _, entry := range v {
			walk(field, entry, f)
		}
	case map[string]any:
		for key, entry := range v {
			walk(key, entry, f)
		}
	}
}

func TestBundledUsesItsOwnWords(t *testing.T) {
	t.Parallel()
	path := testenv.Article(t)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const run = 8
	article := words(string(data))
	known := map[string]bool{}
	for i := range max(len(article)-run+1, 0) {
		known[strings.Join(article[i:i+run], " ")] = true
	}
	if len(known) < 1000 {
		t.Fatalf("%s has %d runs of words, too few to be the article", path, len(known))
	}
	for _, item := range readBundled(t).items {
		texts(t, item, func(field, text string) {
			if field == "url" {
				return
			}
			own := words(text)
			for i := range max(len(own)-run+1, 0) {
				if s := strings.Join(own[i:i+run], " "); known[s] != (field == "quote") {
					t.Errorf("%s: %s: %q shared with the article: %t", item.Head().ID, field, s, known[s])
				}
			}
		})
	}
}

func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
