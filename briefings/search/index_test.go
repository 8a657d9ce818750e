package search

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
)

// The fields of these tests.
const (
	label = iota
	name
	title
	text
)

func sample() []Field {
	return []Field{{"label", 5, Label}, {"name", 5, Name}, {"title", 4, Prose}, {"text", 2, Prose}}
}

// doc is a document of a kind with a label and texts in the order of fields,
// empty ones left out.
func doc(kind, ref string, texts ...string) Document {
	d := Document{Weight: 1, Texts: []Text{{label, ref}}, Facets: []Facet{{"kind", kind}}}
	for i, s := range texts {
		if s != "" {
			d.Texts = append(d.Texts, Text{uint8(name + i), s})
		}
	}
	return d
}

func small() *Index {
	return Compile(sample(), slices.Values([]Document{
		doc("person", "A1", "Volodymyr Zelenskyy", "", "President of Ukraine."),
		doc("person", "A2", "Denys Shmyhal", "", "Energy minister; met Zelenskyy."),
		doc("person", "A10", "Bank of Ukraine"),
		doc("event", "E1", "", "Talks at Davos", "Zelenskyy's signing is expected."),
		doc("event", "E2", "", "Удари по Харкову", "Дронів було 93."),
		doc("event", "E3", "", "Missile strikes", "The strike on a party; talks went on."),
		doc("figure", "F1", "", "", "Losses of 800 bn."),
		doc("figure", "F10", "", "", "Talks on recovery, 18.5 per cent."),
	}))
}

func found(x *Index, q Query) string {
	if q.Limit == 0 {
		q.Limit = 3
	}
	refs := []string{"A1", "A2", "A10", "E1", "E2", "E3", "F1", "F10"}
	var all []string
	for _, h := range x.Search(q).Hits {
		all = append(all, refs[h.Doc])
	}
	return strings.Join(all, " ")
}

func TestSearch(t *testing.T) {
	t.Parallel()
	x := small()
	for _, tt := range []struct {
		name, text string
		want       string
	}{
		{"a name before a text", "zelenskyy", "A1 A2 E1"},
		{"in the other script", "Зеленський", "A1 A2 E1"},
		{"inflected in the other script", "Зеленського", "A1 A2 E1"},
		{"another romanization", "Selenskyj", "A1 A2 E1"},
		{"from Latin to Cyrillic", "kharkiv", "E2"},
		{"inflected", "ударів", "E2"},
		{"inflected prose", "дрони", "E2"},
		{"plural", "strike", "E3"},
		{"singular", "parties", "E3"},
		{"the start of a word", "presid", "A1"},
		{"a letter off", "davis", "E1"},
		{"the first letter off", "xavos", "E1"},
		{"two letters off", "reqovary", "F10"},
		{"two letters of a short word", "qavis", ""},
		{"a letter off in Cyrillic", "Харквоу", "E2"},
		{"a letter off in the other script", "Щмигаль", "A2"},
		{"a title before a text", "talks", "E1 E3 F10"},
		{"all words before most", "talks recovery davos", "E1 F10"},
		{"half of the words", "talks nonsense", "E1 E3 F10"},
		{"under half", "talks sheer utter nonsense", ""},
		{"a label first", "talks f10", "F10 E1 E3"},
		{"a label alone", "f1", "F1"},
		{"a label among words", "what is F10 about", "F10"},
		{"no label next to it", "a11", ""},
		{"a whole name", "bank of ukraine", "A10 A1"},
		{"without the blank", "denysshmyhal", "A2"},
		{"words that all texts have", "the davos", "E1"},
		{"only such words", "the", "E3"},
		{"a number", "800", "F1"},
		{"a decimal", "18.5", "F10"},
		{"nothing alike", "xyzzyxyz", ""},
		{"not even a word", "?!…", "A1 A2 A10"},
	} {
		if got := found(x, Query{Text: tt.text}); got != tt.want {
			t.Errorf("%s: %q finds %q, want %q", tt.name, tt.text, got, tt.want)
		}
	}
}

func TestSearchUnfinished(t *testing.T) {
	t.Parallel()
	x := small()
	for _, tt := range []struct{ text, want string }{
		{"z", "A1 A2 E1"},
		{"зел", "A1 A2 E1"},
		{"volodymyr ze", "A1 A2 E1"},
		{"zlens", "A1 A2 E1"}, // misspelt so far
		{"f", "F1 F10"},
		{"f1", "F1 F10"}, // the label itself first
		{"уд", "E2"},
		{"", "A1 A2 A10"},
	} {
		if got := found(x, Query{Text: tt.text, Begun: true}); got != tt.want {
			t.Errorf("%q finds %q, want %q", tt.text, got, tt.want)
		}
	}
	if got := found(x, Query{Text: "z"}); got != "" {
		t.Errorf("a finished z finds %q", got)
	}
}

func TestSearchNarrowed(t *testing.T) {
	t.Parallel()
	x := small()
	even := func(doc int) bool { return doc%2 == 0 }
	for _, tt := range []struct {
		name string
		q    Query
		want string
	}{
		{"by facet", Query{Text: "talks", Where: []Facet{{"kind", "figure"}}}, "F10"},
		{"by a facet that none has", Query{Text: "talks", Where: []Facet{{"kind", "plan"}}}, ""},
		{"by two facets that none has both of", Query{Where: []Facet{{"kind", "event"}, {"kind", "figure"}}}, ""},
		{"by the caller", Query{Text: "zelenskyy", Keep: even}, "A1"},
		{"without words", Query{Where: []Facet{{"kind", "event"}}, Keep: even}, "E2"},
		{"misspelt, where other kinds have it right", Query{Text: "talks", Where: []Facet{{"kind", "person"}}}, ""},
		{"at most one", Query{Text: "talks", Limit: 1}, "E1"},
	} {
		if got := found(x, tt.q); got != tt.want {
			t.Errorf("%s: found %q, want %q", tt.name, got, tt.want)
		}
	}
	if got := x.Search(Query{Text: "talks"}); got.Total != 3 || len(got.Hits) != 0 || got.Facets != nil {
		t.Errorf("with a limit of none: %+v, want a total of 3 alone", got)
	}
}

func TestSearchCounts(t *testing.T) {
	t.Parallel()
	x := small()
	got := x.Search(Query{Text: "talks", Count: true, Limit: 1})
	want := map[string][]Count{"kind": {{"event", 2}, {"figure", 1}}}
	if got.Total != 3 || !reflect.DeepEqual(got.Facets, want) {
		t.Errorf("%d with facets %v, want 3 with %v", got.Total, got.Facets, want)
	}
	all := x.Search(Query{Count: true})
	want = map[string][]Count{"kind": {{"event", 3}, {"person", 3}, {"figure", 2}}}
	if all.Total != 8 || !reflect.DeepEqual(all.Facets, want) {
		t.Errorf("%d with facets %v, want 8 with %v", all.Total, all.Facets, want)
	}
}

func TestSearchSaysWhere(t *testing.T) {
	t.Parallel()
	x := small()
	for _, tt := range []struct{ text, want string }{
		{"f10", "label"}, {"shmyhal", "name"}, {"davos", "title"}, {"minister", "text"}, {"", ""},
	} {
		if got := x.Search(Query{Text: tt.text, Limit: 1}).Hits[0].Field; got != tt.want {
			t.Errorf("%q is found in %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestSearchInstead(t *testing.T) {
	t.Parallel()
	x := small()
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"davis", []string{"Davos"}},
		{"zelensyy talsk", []string{"Zelenskyy", "Talks"}},
		{"ударв", []string{"Удари"}},
		{"davos", nil},
		{"ударами", nil}, // an ending is no mistake
		{"Shmigal", nil}, // nor is another romanization
		{"xyzzyxyz", nil},
		{"f99", nil},
	} {
		if got := x.Search(Query{Text: tt.text}).Instead; !slices.Equal(got, tt.want) {
			t.Errorf("instead of %q: %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestCompileIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	a, b := small(), small()
	if !reflect.DeepEqual(a, b) {
		t.Error("the same documents give two indexes")
	}
	if a.Len() != 8 {
		t.Errorf("%d documents, want 8", a.Len())
	}
	if empty := Compile(sample(), slices.Values([]Document(nil))); empty.Search(Query{Text: "davos", Limit: 5, Count: true}).Total != 0 {
		t.Error("an empty index finds something")
	}
}

func TestSearchAtOnce(t *testing.T) {
	t.Parallel()
	x := small()
	want := found(x, Query{Text: "zelensky"})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				if got := found(x, Query{Text: "zelensky"}); got != want {
					t.Errorf("at once with others: %q, want %q", got, want)
				}
			}
		})
	}
	all.Wait()
}

// FuzzSearch throws anything at the index: it must answer within the bounds.
func FuzzSearch(f *testing.F) {
	for _, s := range []string{
		"", "davos", "F10", strings.Repeat("zelensky ", 1200), strings.Repeat("?!", 5000), "\x00\xff\xfe", "\u202e\u200fdavos\u202c",
		"👍🏽👨‍👩‍👧", "a" + strings.Repeat("\u0301", 5000), strings.Repeat("ﷺ", 300), strings.Repeat("ß", 300), "'’'", "ж\u0306'", strings.Repeat("a ", 5000),
	} {
		f.Add(s, true)
		f.Add(s, false)
	}
	x := small()
	f.Fuzz(func(t *testing.T, s string, begun bool) {
		r := x.Search(Query{Text: s, Begun: begun, Limit: 5, Count: true})
		if r.Total < len(r.Hits) || len(r.Hits) > 5 || r.Total > x.Len() || len(r.Instead) > meant {
			t.Errorf("%q: %d hits of %d, %d words instead", s, len(r.Hits), r.Total, len(r.Instead))
		}
		again := x.Search(Query{Text: s, Begun: begun, Limit: 5, Count: true})
		if !reflect.DeepEqual(r, again) {
			t.Errorf("%q finds %v, then %v", s, r, again)
		}
		if words := askedFor(clip(s)); len(words) > maxWords {
			t.Errorf("%q counts as %d words", s, len(words))
		}
	})
}

func ExampleIndex_Search() {
	x := small()
	r := x.Search(Query{Text: "Зеленського", Limit: 1})
	fmt.Println(r.Total, r.Hits[0].Doc, r.Hits[0].Field)
	// Output: 3 0 name
}
