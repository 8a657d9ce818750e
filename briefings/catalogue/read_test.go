package catalogue

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"sitrep/briefings"
)

// folder is a folder of one file, a.yaml.
func folder(text string) fstest.MapFS { return fstest.MapFS{"a.yaml": {Data: []byte(text)}} }

// The shortest valid items: of 3, 9, 17 and 16 lines.
const (
	source  = "- id: source/a\n  refs: [SRC1]\n  title: A\n"
	section = source + "- id: section/b\n  refs: [B1]\n  sections: [b]\n  command: b\n  title: B\n  bluf: B.\n"
	event   = section + "- id: event/e\n  refs: [E1]\n  sections: [b]\n  text: E\n  sources: [{source: source/a}]\n  headline: E\n  type: report\n  happened: yes\n"
	plan    = section + "- id: plan/p\n  refs: [P1]\n  sections: [b]\n  text: P\n  sources: [{source: source/a}]\n  title: P\n  status: draft\n"
)

const (
	yamlHint  = "; check the indentation, and put texts that hold : or # in quotes"
	itemHint  = `an item is made of keys and values; start it with "- id: kind/name"`
	strayHint = `this belongs to no item; start each item with "- id: kind/name" at the beginning of a line and indent the rest of it by two spaces`
	textHint  = "must be one text; put it in quotes if it holds [ ] { } or a colon"
	listHint  = `must be a list; write [A, B], or one entry per line after "- "`
)

func TestReadReportsFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, give, want string }{
		{"no fault", source, ""},
		{"byte order mark, CRLF, comments, start of document", "\ufeff# c\r\n---\r\n# d\r\n" + strings.ReplaceAll(source, "\n", " # e\r\n"), ""},
		{"JSON", `- {"id": "source/a", "refs": ["SRC1"], "title": "A"}`, ""},
		{"flow list left open", source + "- id: figure/x\n  refs: [F1\n  text: a\n", "a.yaml:6:3: figure/x: can't be read as YAML (',' or ']' must be specified)" + yamlHint},
		{"colon in a text", source + "  text: a: b\n", "a.yaml:4:9: source/a: can't be read as YAML (mapping value is not allowed in this context)" + yamlHint},
		{
			"quote left open doesn't swallow the next item", "- id: source/b\n  title: \"b\n" + source + "  language: a234567890b\n",
			"a.yaml:2:10: source/b: can't be read as YAML (could not find end character of double-quoted text)" + yamlHint + "\n" +
				"a.yaml:6:3: source/a: language: \"a234567890b\" is no language tag of BCP 47; write it like en, uk or pt-BR",
		},
		{"anchor", source + "  text: &a b\n", "a.yaml:4:9: source/a: anchors and aliases (& and *) are not read; write the value out, or put a text that starts so in quotes"},
		{"alias", source + "  text: *a\n", "a.yaml:4:9: source/a: anchors and aliases (& and *) are not read; write the value out, or put a text that starts so in quotes"},
		{"tag", source + "  text: !!str a\n", "a.yaml:4:9: source/a: tags (!) are not read; remove it, or put a text that starts so in quotes"},
		{"merge key", source + "  <<: {text: b}\n", "a.yaml:4:3: source/a: merge keys (<<) are not read; write the keys out"},
		{"explicit key", source + "  ? text\n  : b\n", `a.yaml:4:3: source/a: "?" before a key is not read; write the key and a colon`},
		{"deep in brackets", source + "  text: [[[[[[[[[[[[1]]]]]]]]]]]]\n", "a.yaml:4:18: source/a: this is nested more than 12 levels deep; no item needs that"},
		{"deep in dashes", "- " + strings.Repeat("- ", 20) + "a\n", "a.yaml:1:23: this is nested more than 12 levels deep; no item needs that"},
		{
			"second document", source + "---\n- id: source/b\n  refs: [SRC2]\n  title: B\n...\n",
			"a.yaml:4:1: a second document starts here; remove the line, or move what follows to a file of its own\n" +
				"a.yaml:8:1: a second document starts here; remove the line, or move what follows to a file of its own",
		},
		{"directive", "%YAML 1.2\n" + source, "a.yaml:1:1: directives are not read; remove the line"},
		{"no list", "id: source/a\nrefs: [SRC1]\n", "a.yaml:1:1: " + strayHint},
		{"indented list", "  - id: source/a\n    title: A\n", "a.yaml:1:3: " + strayHint},
		{"key out of its item", source + "url: b\n", "a.yaml:4:1: " + strayHint},
		{"item that is a text", source + "- b\n", "a.yaml:4:3: " + itemHint},
		{"item that is a list", source + "- [b]\n", "a.yaml:4:3: " + itemHint},
		{"empty item", source + "-\n", "a.yaml:4:3: " + itemHint},
		{"no id", source + "- title: B\n", "a.yaml:4:1: id is missing; start the item with id: kind/name, like id: figure/recovery-size"},
		{"id that is a list", source + "- id: [source/b]\n", "a.yaml:4:3: id must be kind/name, like figure/recovery-size"},
		{"unknown kind", "- id: sourse/a\n", `a.yaml:1:7: id: "sourse/a" has no known kind before the slash; the kinds are section, event, figure, actor, position, statement, plan, assessment, question, source, conflict; did you mean "source"?`},
		{
			"bad name, and the next fault all the same", "- id: source/A b\n  title: [A]\n",
			`a.yaml:1:7: id: "source/A b" is no id; write kind/name in lower case with hyphens, like figure/recovery-size` + "\n" +
				"a.yaml:2:10: title: " + textHint,
		},
		{"same id twice", source + source, "a.yaml:4:3: source/a: id: is already used at a.yaml:1; give one of them another name"},
		{
			"same label twice", source + "- id: source/b\n  refs: [src1]\n  title: B\n",
			"a.yaml:5:3: source/b: refs: source/a already has the label src1; choose another\n" +
				`a.yaml:5:3: source/b: refs: "src1" is no label; write up to four letters and up to five digits, like F10`,
		},
		{"unknown key", source + "  titel: B\n", `a.yaml:4:3: source/a: "titel" is no key here; did you mean "title"?`},
		{"unknown key, nothing near", plan + "  zzz: 1\n", `a.yaml:17:3: plan/p: "zzz" is no key here; the keys are id, refs, sections, text, caveat, valid, as_of, review_by, origin, basis, sources, translations, title, aka, version_of, points, authors, status`},
		{"key twice", source + "  title: B\n", "a.yaml:4:3: source/a: title stands here for the second time; remove one of them"},
		{"key without a value", source + "  url:\n", "a.yaml:4:8: source/a: url: is empty; write a value, or remove the line"},
		{"list for a text", source + "  url: [b]\n", "a.yaml:4:8: source/a: url: " + textHint},
		{"text for a list", source + "  relays: source/a\n", "a.yaml:4:11: source/a: relays: " + listHint},
		{"text for a table", source + "  translations: uk\n", "a.yaml:4:17: source/a: translations: must be keys and values; write one per line, indented, like key: value"},
		{"bad choice", source + "  origin: sttated\n", `a.yaml:4:11: source/a: origin: "sttated" is no origin; choose one of stated, derived, inferred, external; did you mean "stated"?`},
		{"bad date", source + "  published: 2026-02-30\n", `a.yaml:4:14: source/a: published: "2026-02-30" is no date; write it like 2026-01-17, 2026-01, 2026-01-17~ (about) or 2026-01-19/2026-01-23`},
		{"bad digit", source + "  sources: [{source: source/a, credibility: 9}]\n", `a.yaml:4:45: source/a: sources: "9" is no credibility; write a digit from 1 (confirmed by independent sources) to 6 (cannot be judged)`},
		{
			"unknown key inside", source + "  sources: [{sorce: source/a, locator: L1, locator: L2}]\n",
			`a.yaml:4:14: source/a: sources: "sorce" is no key here; did you mean "source"?` + "\n" +
				"a.yaml:4:44: source/a: sources: locator stands here for the second time; remove one of them",
		},
		{"pair in a list", source + "  sources: [source: source/b]\n", "a.yaml:4:3: source/a: sources: names source/b, which does not exist; name one that does, or remove it"},
		{"language twice", source + "  translations: {uk: {title: a, title: b}, uk: {}}\n", `a.yaml:4:33: source/a: translations: "title" stands here for the second time; remove one of them` + "\n" +
			`a.yaml:4:44: source/a: translations: "uk" stands here for the second time; remove one of them`},
		{"key that is a list", source + "  translations:\n    [a]: b\n", "a.yaml:5:8: source/a: can't be read as YAML (found an invalid key for this map)" + yamlHint},
		{"bad flag", event + "  key: yes\n", `a.yaml:18:8: event/e: key: "yes" is neither true nor false; write one of them`},
		{"bad number", plan + "  points: 2O\n", `a.yaml:17:11: plan/p: points: "2O" is no whole number; write digits only, like 20`},
		{"broken reference", source + "  relays: [source/b]\n", "a.yaml:4:3: source/a: relays: names source/b, which does not exist; name one that does, or remove it"},
		{"line break", source + "  text: |\n    a\n    b\n", "a.yaml:4:3: source/a: text: holds a line break; write it as one line"},
		{"control character", source + "  text: \"a\\x07\"\n", "a.yaml:4:3: source/a: text: holds the invisible character U+0007; remove it"},
		{"bare carriage return", source + "  text: a\rb\n", "a.yaml:4:10: the invisible character U+000D can't stand here; remove it"},
		{"not UTF-8", "# Київ\n" + source + "  text: Ки\xffb\xfe\n", "a.yaml:5:11: the byte 0xff is not valid UTF-8; save the file as UTF-8"},
		{"long list", source + "  relays: [" + strings.Repeat("source/a,", 200) + "source/a]\n", "a.yaml:4:11: source/a: relays: lists 201 entries, at most 200 fit; remove some"},
		{"long item", source + "  text: " + strings.Repeat("a", 32<<10) + "\n", "a.yaml:1:1: the item has 32818 bytes, at most 32768 fit; shorten it"},
		{"many lines", source + strings.Repeat("  # c\n", 1000), "a.yaml:1:1: the item has 1003 lines, at most 1000 fit; shorten it"},
		{"many empty lines", source + strings.Repeat("\n", 21) + "  text: b\n", "a.yaml:1:1: the item has 21 empty lines in a row, at most 20 fit; remove some"},
		{"empty lines between items", source + strings.Repeat("\n", 999), ""},
		{"tab before a key", source + "\turl: b\n", "a.yaml:4:1: source/a: can't be read as YAML (a tab stands where spaces belong); indent by spaces alone"},
		{"tab after a key", source + "  text:\tb\n", ""},
		{"separators of lines and paragraphs in a text", source + "  text: a\u2028b\n", "a.yaml:4:3: source/a: text: holds the invisible character U+2028; remove it"},
		{"next line, which some readers break at", source + "  text: a\u0085b\n", "a.yaml:4:10: the invisible character U+0085 can't stand here; remove it"},
		{"a mark within a text", source + "  text: a\ufeffb\n", "a.yaml:4:3: source/a: text: holds the invisible character U+FEFF; remove it"},
		{"number with a zero before", plan + "  points: 010\n", `a.yaml:17:11: plan/p: points: "010" is no whole number; write digits only, like 20`},
		{"number by letter", plan + "  points: 0o10\n", `a.yaml:17:11: plan/p: points: "0o10" is no whole number; write digits only, like 20`},
		{"number to sixteen", plan + "  points: 0x10\n", `a.yaml:17:11: plan/p: points: "0x10" is no whole number; write digits only, like 20`},
		{"number with a sign", plan + "  points: +20\n", `a.yaml:17:11: plan/p: points: "+20" is no whole number; write digits only, like 20`},
		{"number that is endless", plan + "  points: .inf\n", `a.yaml:17:11: plan/p: points: ".inf" is no whole number; write digits only, like 20`},
		{"numbers that are texts", source + "  basis: 0x1F\n  text: .nan\n  caveat: 1_000\n", ""},
		{"nothing, as YAML writes it", source + "  url: ~\n", "a.yaml:4:8: source/a: url: is empty; write a value, or remove the line"},
		{"an empty file", "", ""},
		{"binary", strings.Repeat("\x00\xff", 50), "a.yaml:1:1: the invisible character U+0000 can't stand here; remove it"},
		{"many items", strings.Repeat("- {}\n", briefings.MaxItems+1), "a.yaml:20001:1: the file holds more than 20000 items, which is all that a desk may have; remove some"},
		{"many words", source + "  aka: [" + strings.Repeat("a,", 3000) + "]\n", "a.yaml:4:4994: source/a: the item has more than 5000 words and signs; shorten it"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := Read(folder(tt.give), RecordedAt())
			got := ""
			if err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Read(%.200q) (-want +got):\n%s", tt.give, diff)
			}
		})
	}
}

func TestReadValues(t *testing.T) {
	t.Parallel()
	items, err := Read(folder("- id: source/a\n  refs:\n    - SRC1\n  title: >\n    One\n    two\n  text: 'it''s # here'\n  published: 2026-01-17\n  publisher: 1.50\n  translations:\n    uk: {text: так}\n"), RecordedAt())
	if err != nil {
		t.Fatal(err)
	}
	date, err := briefings.ParseEDTF("2026-01-17")
	if err != nil {
		t.Fatal(err)
	}
	want := &briefings.Source{
		Envelope: briefings.Envelope{
			ID: "source/a", Refs: []string{"SRC1"}, Text: "it's # here",
			Translations: map[string]map[string]string{"uk": {"text": "так"}},
		},
		Title: "One two", Published: date, Publisher: "1.50",
	}
	if diff := cmp.Diff([]briefings.Item{want}, items, compareDates()); diff != "" {
		t.Errorf("Read (-want +got):\n%s", diff)
	}
}

func compareDates() cmp.Option {
	return cmp.Comparer(func(a, b briefings.EDTF) bool { return a == b })
}

func TestReadFolder(t *testing.T) {
	t.Parallel()
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	for _, tt := range []struct {
		name string
		give fs.FS
		want string
	}{
		{"other files and hidden ones are passed over", fstest.MapFS{"a.yaml": file(source), "README.md": file("x"), ".git/x": file("x"), ".a.yaml": file("x")}, ""},
		{"empty", fstest.MapFS{"README.md": file("x")}, "the folder holds no .yaml file; name the folder that holds actors.yaml and the sections"},
		{"wrong endings", fstest.MapFS{"a.yml": file(""), "b.YAML": file(""), "c.yaml": file("")}, "a.yml: must end in .yaml to be read; rename it\nb.YAML: must end in .yaml to be read; rename it"},
		{"folder inside", fstest.MapFS{"a.yaml": file(source), "more/b.yaml": file("")}, "more: is a folder; put its files beside the others, or move it elsewhere"},
		{"no plain file", fstest.MapFS{"a.yaml": {Mode: fs.ModeNamedPipe}}, "a.yaml: is no regular file; replace it by one"},
		{"too big together", fstest.MapFS{"a.yaml": file(strings.Repeat(" ", MaxBytes)), "b.yaml": file("#")}, "b.yaml: with this file the folder holds more than 8 MiB; remove items, or split the folder in two"},
		{
			"a file that can't be read, and what is wrong elsewhere",
			unreadableFile{fstest.MapFS{"a.yaml": file(source), "b.yaml": file(source + "  relays: [source/x]\n  titel: B\n")}},
			"a.yaml: can't be read (permission denied); mend that, or move the file elsewhere\n" +
				`b.yaml:5:3: source/a: "titel" is no key here; did you mean "title"?`,
		},
		{"across files", fstest.MapFS{"b.yaml": file(source), "a.yaml": file(source)}, "b.yaml:1:3: source/a: id: is already used at a.yaml:1; give one of them another name"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := Read(tt.give, RecordedAt())
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("Read = %q, want %q", got, tt.want)
			}
		})
	}
}

// unreadableFile is a folder whose a.yaml may not be read.
type unreadableFile struct{ fstest.MapFS }

func (u unreadableFile) Open(name string) (fs.File, error) {
	if name == "a.yaml" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return u.MapFS.Open(name)
}

func TestReadDoesNotTrustTheStatedSize(t *testing.T) {
	t.Parallel()
	_, err := Read(growing{folder(strings.Repeat("#", MaxBytes+1))}, RecordedAt())
	if faults := (Faults{}); !errors.As(err, &faults) || len(faults) != 1 || !strings.Contains(faults[0].Say, "more than 8 MiB") {
		t.Errorf("Read of a file that is longer than it says = %v, want the fault about 8 MiB", err)
	}
}

// growing is a folder whose files say that they are empty.
type growing struct{ fstest.MapFS }

func (g growing) Stat(name string) (fs.FileInfo, error) {
	return folder("").Stat(name)
}

func TestReadStopsAtManyFaults(t *testing.T) {
	t.Parallel()
	_, err := Read(folder(strings.Repeat("- x\n", 5000)), RecordedAt())
	faults := Faults{}
	if !errors.As(err, &faults) {
		t.Fatalf("Read = %v, want Faults", err)
	}
	if got, want := len(faults), maxFaults+1; got != want {
		t.Errorf("Read gave %d faults, want %d", got, want)
	}
	if got, want := faults[maxFaults].Error(), "there may be more; mend these first"; got != want {
		t.Errorf("the last fault is %q, want %q", got, want)
	}
}

// A folder that is made to take long takes no longer than a large desk does on
// the same machine, give or take. Without the bounds that each of these runs
// into it takes ten to a thousand times that.
func TestReadIsBounded(t *testing.T) {
	t.Parallel()
	start := time.Now()
	if _, err := Read(folder(fill("- id: source/a%[1]d\n  refs: [F%[1]d]\n  title: A\n")), RecordedAt()); err != nil {
		t.Fatal(err)
	}
	limit := 5*time.Since(start) + time.Second
	for name, text := range map[string]string{
		"one item":           "- [" + strings.Repeat("[", MaxBytes-100),
		"nesting":            fill("- " + strings.Repeat("[", 30_000) + "\n"),
		"nesting by dashes":  fill(strings.Repeat("- ", 16_000) + "\n"),
		"aliases":            fill("- id: plan/a%d\n  aka: [&a [a, a], &b [*a, *a], &c [*b, *b], &d [*c, *c]]\n"),
		"empty lines":        fill("- id: plan/a%d\n  text: |\n    a\n" + strings.Repeat("\n", 900) + "  # c\n"),
		"not UTF-8":          fill("- \xff\n"),
		"hints":              fill("- id: source/a%[1]d\n  refs: [F%[1]d]\n  title: A\n  relays: [source/zzzz]\n"),
		"sections' commands": fill("- id: section/a%[1]d\n  refs: [F%[1]d]\n  sections: [a1]\n  command: c%[1]d\n  title: A\n"),
		"unknown sections":   fill("- id: section/a%[1]d\n  refs: [F%[1]d]\n  sections: [b, b, b, b]\n"),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, err := Read(folder(text), RecordedAt())
			if took := time.Since(start); took > limit {
				t.Errorf("Read took %v, want at most %v", took, limit)
			}
			if faults := (Faults{}); !errors.As(err, &faults) {
				t.Errorf("Read = %v, want Faults", err)
			}
		})
	}
}

// fill repeats item, with its number, until the folder or the desk is full.
func fill(item string) string {
	var b strings.Builder
	for i := 0; i < briefings.MaxItems && b.Len()+len(item)+20 < MaxBytes; i++ {
		if strings.Contains(item, "%") {
			fmt.Fprintf(&b, item, i)
		} else {
			b.WriteString(item)
		}
	}
	return b.String()
}

// Files that are a part of a briefing may name the rest of it, and are not
// blamed for what is wrong there.
func TestReadOntoADesk(t *testing.T) {
	t.Parallel()
	const relaying = "- id: source/mine\n  refs: [M1]\n  title: Mine\n  relays: [source/theirs]\n"
	theirs := &briefings.Source{Envelope: briefings.Envelope{ID: "source/theirs", Refs: []string{"T1"}}, Title: "Theirs"}
	broken := &briefings.Source{Envelope: briefings.Envelope{ID: "source/broken", Refs: []string{"T2"}}}
	for _, tt := range []struct {
		name, text string
		desk       []briefings.Item
		want       string
	}{
		{"alone", relaying, nil, "a.yaml:4:3: source/mine: relays: names source/theirs, which does not exist"},
		{"beside what it names", relaying, []briefings.Item{theirs}, ""},
		{"beside what breaks rules itself", relaying, []briefings.Item{theirs, broken}, ""},
		{"with a label that is taken", strings.Replace(relaying, "M1", "T1", 1), []briefings.Item{theirs}, "T1"},
		{"in the place of one", strings.Replace(relaying, "[M1]\n  title: Mine\n  relays: [source/theirs]", "[T1]\n  title: New", 1), []briefings.Item{theirs}, "T1"},
		{"an item of the desk's, broken", "- id: source/theirs\n  refs: [T1]\n", []briefings.Item{theirs}, "title: is missing"},
	} {
		items, err := ReadOnto(fstest.MapFS{"a.yaml": {Data: []byte(tt.text)}}, tt.desk, RecordedAt())
		switch {
		case tt.want == "" && (err != nil || len(items) != 1):
			t.Errorf("%s: got %d items, %v; want the one of the file", tt.name, len(items), err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
}
