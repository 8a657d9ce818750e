package words_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sitrep/words"
)

func open(tb testing.TB) *words.Book {
	tb.Helper()
	book, err := words.Open()
	if err != nil {
		tb.Fatal(err)
	}
	return book
}

// file reads the phrases of one language: the forms of each by its id.
func file(tb testing.TB, name string) map[string]map[string]string {
	tb.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		tb.Fatal(err)
	}
	var raw map[string]any
	if err := json.Unmarshal(data, &raw); err != nil {
		tb.Fatal(err)
	}
	all := map[string]map[string]string{}
	for id, v := range raw {
		all[id] = map[string]string{}
		switch v := v.(type) {
		case string:
			all[id]["other"] = v
		case map[string]any:
			for form, text := range v {
				all[id][form], _ = text.(string)
			}
		}
		if all[id]["other"] == "" {
			tb.Errorf("%s: %s has no text for any number", name, id)
		}
	}
	return all
}

func TestSay(t *testing.T) {
	t.Parallel()
	w := open(t).In("en-US")
	for _, tt := range []struct {
		id   string
		args []words.Args
		want string
	}{
		{"month.1", nil, "Jan"},
		{"date.month", []words.Args{{"Month": "Jan", "Year": 2026}}, "Jan 2026"},
		{"date.month", []words.Args{{"Month": "{{.Year}} <b>&", "Year": 2026}}, "{{.Year}} <b>& 2026"},
		{"footer.sources", []words.Args{{"Count": 1}}, "1 source"},
		{"footer.sources", []words.Args{{"Count": 2}}, "2 sources"},
		{"footer.sources", []words.Args{{"Count": 0}}, "0 sources"},
		{"footer.stale", []words.Args{{"Count": 21}}, "21 stale items"},
		{"no.such.phrase", nil, "no.such.phrase"},
		{"no.such.phrase", []words.Args{{"Count": 1}}, "no.such.phrase"},
		{"month.1", []words.Args{nil}, "Jan"},
		{"", nil, ""},
	} {
		if got := w.Say(tt.id, tt.args...); got != tt.want {
			t.Errorf("Say(%q, %v) = %q, want %q", tt.id, tt.args, got, tt.want)
		}
	}
	for m, want := range map[time.Month]string{time.January: "Jan", time.December: "Dec"} {
		if got := w.Month(m); got != want {
			t.Errorf("Month(%d) = %q, want %q", m, got, want)
		}
	}
	for id, want := range map[string]bool{"month.1": true, "footer.sources": true, "date.day": true, "no.such.phrase": false, "": false} {
		if got := w.Has(id); got != want {
			t.Errorf("Has(%q) = %t, want %t", id, got, want)
		}
	}
}

// TestUnknownLanguagesAreEnglish: what Discord, or anybody, gives as a locale.
func TestUnknownLanguagesAreEnglish(t *testing.T) {
	t.Parallel()
	book := open(t)
	for _, locales := range [][]string{nil, {""}, {"en-GB"}, {"xx"}, {"zz-ZZ", "en-US"}, {"not a locale!"}, {strings.Repeat("a-", 5000)}, {"\x00\xff"}} {
		w := book.In(locales...)
		if got := w.Say("footer.sources", words.Args{"Count": 1}); got != "1 source" {
			t.Errorf("In(%.40q): got %q, want English", locales, got)
		}
		if !w.Has("month.1") && len(locales) == 0 {
			t.Errorf("In(%.40q) has no phrases", locales)
		}
	}
}

// TestBookIsSafeForConcurrentUse is for the race detector.
func TestBookIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	book := open(t)
	shared := book.In("en-US")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			own := book.In("de", "en-US")
			for range 50 {
				if shared.Say("footer.sources", words.Args{"Count": 2}) != "2 sources" || own.Say("date.month", words.Args{"Month": "Jan", "Year": 1}) == "" {
					t.Error("a phrase is not what it was")
				}
			}
		})
	}
	all.Wait()
}

// TestLanguagesSayTheSame: a translation has English's phrases with their
// parameters, and none of its own.
func TestLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("found %v, %v", names, err)
	}
	english := file(t, "en.json")
	for _, name := range names {
		phrases := file(t, name)
		for id, forms := range phrases {
			if english[id] == nil {
				t.Errorf("%s: %s is no phrase of English; remove it", name, id)
				continue
			}
			for form, text := range forms {
				if strings.TrimSpace(text) != text {
					t.Errorf("%s: %s (%s) begins or ends with a blank", name, id, form)
				}
				if got, want := parameters(forms), parameters(english[id]); strings.Join(got, " ") != strings.Join(want, " ") {
					t.Errorf("%s: %s takes the parameters %v, want English's %v", name, id, got, want)
				}
			}
		}
		for id := range english {
			if phrases[id] == nil {
				t.Errorf("%s: %s is missing; write it", name, id)
			}
		}
	}
}

// TestCountedThingsHaveASingular: "1 people" is a slip that only one desk sees.
func TestCountedThingsHaveASingular(t *testing.T) {
	t.Parallel()
	for id, forms := range file(t, "en.json") {
		counts := strings.Contains(forms["other"], "{{.Count}} ")
		switch id {
		case "digest.list_title", "digest.most": // no noun follows, or never one
			continue
		}
		if counts && forms["one"] == "" {
			t.Errorf("%s: %q has no form for one", id, forms["other"])
		}
	}
}
