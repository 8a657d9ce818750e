package catalogue

import (
	"encoding"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"sitrep/briefings"
)

func TestWriteForm(t *testing.T) {
	t.Parallel()
	day, err := briefings.ParseEDTF("2026-01-17~")
	if err != nil {
		t.Fatal(err)
	}
	long := strings.TrimSpace(strings.Repeat("word ", 25))
	for _, tt := range []struct {
		name string
		give briefings.Item
		want string
	}{
		{
			"scalars", &briefings.Event{
				Envelope: briefings.Envelope{ID: "event/e", Refs: []string{"E1", "D1"}, Text: "a: b", Caveat: "", Valid: day},
				Headline: "612 attacks", Happened: briefings.Yes, Place: "Kyiv, Ukraine", Outcome: "it's “so”", Key: true, Condition: "true",
			},
			`- id: event/e
  refs: [E1, D1]
  text: "a: b"
  valid: "2026-01-17~"
  headline: "612 attacks"
  happened: "yes"
  place: Kyiv, Ukraine
  outcome: "it's “so”"
  key: true
  condition: "true"
`,
		},
		{
			"long texts", &briefings.Source{
				Envelope: briefings.Envelope{ID: "source/s", Text: long, Caveat: long + "  " + long, Basis: strings.Repeat("a", 120)},
			},
			"- id: source/s\n  text: >-\n    " + long[:94] + "\n    " + long[95:] + "\n" +
				"  caveat: " + long + "  " + long + "\n  basis: >-\n    " + strings.Repeat("a", 120) + "\n",
		},
		{
			"lists and tables", &briefings.Section{
				Envelope: briefings.Envelope{
					ID: "section/s", Refs: []string{"a, b", ""},
					Sources: []briefings.Citation{
						{Source: "source/a", Locator: "L3", Credibility: 2, Role: briefings.Primary},
						{},
						{Source: "source/a", Locator: long},
					},
					Translations: map[string]map[string]string{"uk": {"why": "чому", "bluf": ""}, "de": {}},
				},
				RiskAlert: &briefings.Flag{Text: "a", Expires: day}, Order: 2, Colour: "0072B2",
				Highlights: slices.Repeat([]briefings.ID{"figure/a-long-name"}, 6),
			},
			`- id: section/s
  refs: ["a, b", ""]
  sources:
    - {source: source/a, locator: L3, credibility: 2, role: primary}
    - {}
    - source: source/a
      locator: >-
        ` + long[:89] + "\n        " + long[90:] + `
  translations:
    de: {}
    uk:
      bluf: ""
      why: чому
  risk_alert:
    text: a
    expires: "2026-01-17~"
  order: 2
  colour: "0072B2"
  highlights:
    - figure/a-long-name
    - figure/a-long-name
    - figure/a-long-name
    - figure/a-long-name
    - figure/a-long-name
    - figure/a-long-name
`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			for _, data := range Write([]briefings.Item{tt.give}) {
				got += string(data)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Write (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWriteOrder(t *testing.T) {
	t.Parallel()
	head := func(id, ref string, sections ...string) briefings.Envelope {
		return briefings.Envelope{ID: briefings.ID(id), Refs: []string{ref}, Sections: sections}
	}
	items := []briefings.Item{
		&briefings.Plan{Envelope: head("plan/p", "A1", "b", "a")},
		&briefings.Figure{Envelope: head("figure/c", "F10", "b")},
		&briefings.Figure{Envelope: head("figure/b", "F2", "b")},
		&briefings.Figure{Envelope: head("figure/a", "F2", "b")},
		&briefings.Figure{Envelope: head("figure/d", "DF3", "b")},
		&briefings.Section{Envelope: head("section/b", "Z9", "a")},
		&briefings.Actor{Envelope: head("actor/a", "A1", "b")},
		&briefings.Source{Envelope: head("source/s", "S1", "b")},
		&briefings.Conflict{Envelope: head("conflict/c", "C1", "b")},
		&briefings.Figure{Envelope: head("figure/e", "F1", "../b")},
		&briefings.Figure{Envelope: head("figure/f", "F3")},
	}
	want := map[string][]string{
		"b.yaml":         {"section/b", "figure/d", "figure/a", "figure/b", "figure/c", "plan/p"},
		"actors.yaml":    {"actor/a"},
		"sources.yaml":   {"source/s"},
		"conflicts.yaml": {"conflict/c"},
		"other.yaml":     {"figure/e", "figure/f"},
	}
	files := Write(items)
	got := map[string][]string{}
	for name, data := range files {
		for line := range strings.Lines(string(data)) {
			if id, found := strings.CutPrefix(line, "- id: "); found {
				got[name] = append(got[name], strings.TrimSpace(id))
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Write (-want +got):\n%s", diff)
	}
	slices.Reverse(items)
	if again := Write(items); !maps.EqualFunc(files, again, slices.Equal) {
		t.Errorf("Write of the same items in another order = %s, want %s", again, files)
	}
}

// Whatever texts items hold, reading what was written gives them back. The
// rules are left aside: they would refuse most of what is drawn here.
func TestWriteThenReadGivesTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(briefings.Kinds()).Draw(t, "kind")
		item := briefings.NewItem(kind)
		for _, f := range briefings.Fields(item) {
			if rapid.Bool().Draw(t, f.Name+"?") {
				draw(t, f.Name, reflect.ValueOf(f.Ptr).Elem())
			}
		}
		item.Head().ID = briefings.ID(string(kind) + "/x")
		r := &reader{places: map[briefings.ID]*place{}}
		files := Write([]briefings.Item{item})
		for name, data := range files {
			r.file(name, string(data))
		}
		if len(r.faults) > 0 {
			t.Fatalf("reading what was written: %v\n%s", r.faults, files)
		}
		if diff := cmp.Diff([]briefings.Item{item}, r.items, compareDates(), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("reading what was written (-want +got):\n%s\n%s", diff, files)
		}
	})
}

// draw fills v with anything that its type can hold.
func draw(t *rapid.T, name string, v reflect.Value) {
	if _, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		drawWord(t, name, v.Addr().Interface().(encoding.TextUnmarshaler))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(drawText().Draw(t, name))
	case reflect.Int:
		v.SetInt(int64(rapid.Int32().Draw(t, name)))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, name))
	case reflect.Slice:
		for range rapid.IntRange(0, 5).Draw(t, name) {
			v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
			draw(t, name, v.Index(v.Len()-1))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if rapid.Bool().Draw(t, name+"?") {
				draw(t, name, v.Field(i))
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		v.Elem().Field(0).SetString("x" + drawText().Draw(t, name)) // an empty one would not be written
	case reflect.Map:
		v.Set(reflect.ValueOf(rapid.MapOf(drawText(), rapid.MapOf(drawText(), drawText())).Draw(t, name)))
	default:
		t.Fatalf("%s is of a type that nothing is drawn for: %s", name, v.Type())
	}
}

func drawText() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.String(),
		rapid.StringMatching(`[a-zа-яії0-9 :#,.'"\[\]{}&*!|>%@?-]{0,200}`),
		rapid.SampledFrom([]string{"yes", "No", "null", "~", "1e3", "0x1F", "2026-01-17", "- a", "a #b", "---", "\ufeff", " a", "a ", "a\nb", "a\r", "\u2028", "\u00a0"}),
	)
}

// drawWord picks one of the words that u takes.
func drawWord(t *rapid.T, name string, u encoding.TextUnmarshaler) {
	words := strings.Fields("figure/a source/b person body C 4 relays derived claimed low likely meeting yes expected value both_true " +
		"about exact draft supports other open answered reported opinion improved 2026-01-17 2025-11~ ../2026 2026-01-19/2026-01-23?")
	taken := slices.DeleteFunc(words, func(w string) bool { return u.UnmarshalText([]byte(w)) != nil })
	if len(taken) == 0 {
		t.Fatalf("%s takes no word that the test knows", name)
	}
	if err := u.UnmarshalText([]byte(rapid.SampledFrom(taken).Draw(t, name))); err != nil {
		t.Fatal(err)
	}
}

// FuzzRead looks for text that makes Read panic, or that changes when it is
// read, written and read again.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		source, section, event, plan, plan + "  points: 20\n  aka: [a, 'b', \"c\"]\n", "- id: source/a\n  refs:\n  - SRC1\n  title: |\n    a\n",
		"- {id: source/a, refs: [SRC1], title: A}", "-\n", "- id: *a\n", "- &a !!b [c, {d: e}]\n", "%\n---\n...\n", "\xff\r\x00",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		items, err := Read(folder(text), RecordedAt())
		if err != nil {
			return
		}
		files := fstest.MapFS{}
		for name, data := range Write(items) {
			files[name] = &fstest.MapFile{Data: data}
		}
		if len(files) == 0 {
			return
		}
		again, err := Read(files, RecordedAt())
		if err != nil {
			t.Fatalf("reading what was written: %v\n%s", err, fmt.Sprint(files))
		}
		byID := func(a, b briefings.Item) int { return strings.Compare(string(a.Head().ID), string(b.Head().ID)) }
		slices.SortFunc(items, byID)
		slices.SortFunc(again, byID)
		if diff := cmp.Diff(items, again, compareDates(), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("reading what was written (-want +got):\n%s", diff)
		}
		for name, data := range Write(again) {
			if want := string(files[name].Data); string(data) != want {
				t.Errorf("%s is %q after reading it again, want %q", name, data, want)
			}
		}
	})
}
