package search

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Document is one thing to be found. Its number is its place in the sequence
// that [Compile] is given; of equals the earlier is found first.
type Document struct {
	Weight float32 // multiplies its score; 1 is ordinary
	Texts  []Text  // the weightiest field first
	Facets []Facet
}

// A Text is what stands in one field of a document.
type Text struct {
	Field uint8 // its place in the fields that [Compile] is given
	Words string
}

// A Facet is a property by which documents are counted and kept, like kind and
// figure.
type Facet struct{ Name, Value string }

// A Field is what is the same for all texts of one field.
type Field struct {
	Name   string
	Weight float32 // multiplies what a word in it scores
	As     Role
}

// A Role is what the words of a field are.
type Role uint8

// The roles. A name is also found whole and by its sound in the other script;
// a label only as it stands or by how it begins, and a document whose label is
// in the query comes first.
const (
	Prose Role = iota
	Name
	Label
)

// An Index finds documents. It never changes and is safe for concurrent use.
type Index struct {
	fields []Field
	words  lexicon // as written, folded
	stems  lexicon // where a stem differs from the word
	sounds lexicon // of names, Cyrillic words, and words written with a capital
	names  lexicon // whole names

	spelling []string // of words, as one document writes each
	weights  []float32
	facets   []Facet
	ofDoc    []uint32 // places in facets, document after document
	upTo     []uint32 // where those of each document end in ofDoc
}

// Compile makes the index of docs, at most 16 million. The index keeps the
// strings of docs alive.
func Compile(fields []Field, docs iter.Seq[Document]) *Index {
	c := compiler{
		Index: &Index{fields: fields}, seen: map[string][]forms{}, facetIDs: map[Facet]uint32{},
		words: newGatherer(), stems: newGatherer(), sounds: newGatherer(), names: newGatherer(),
	}
	for d := range docs {
		c.add(len(c.weights), d)
	}
	return c.finish()
}

// Len is the number of documents.
func (x *Index) Len() int { return len(x.weights) }

// compiler holds what only compiling needs.
type compiler struct {
	*Index
	words, stems, sounds, names *gatherer
	seen                        map[string][]forms // by what was written
	facetIDs                    map[Facet]uint32
}

// forms are the numbers of a word's forms in their gatherers.
type forms struct {
	word, stem, sound uint32
	stemmed, sounded  bool
}

func (c *compiler) add(doc int, d Document) {
	c.weights = append(c.weights, d.Weight)
	for _, text := range d.Texts {
		as := c.fields[text.Field].As
		for raw := range words(text.Words) {
			f, ok := c.forms(raw, as)
			if !ok {
				continue
			}
			c.words.add(f.word, doc, text.Field)
			if f.stemmed {
				c.stems.add(f.stem, doc, text.Field)
			}
			if f.sounded {
				c.sounds.add(f.sound, doc, text.Field)
			}
		}
		if as == Name {
			c.name(text, doc)
		}
	}
	for _, facet := range d.Facets {
		id, known := c.facetIDs[facet]
		if !known {
			id = uint32(len(c.facets))
			c.facetIDs[facet] = id
			c.facets = append(c.facets, facet)
		}
		c.ofDoc = append(c.ofDoc, id)
	}
	c.upTo = append(c.upTo, uint32(len(c.ofDoc)))
}

// name notes a name as a whole, and as the one word that it is typed as where
// the blank is missed.
func (c *compiler) name(text Text, doc int) {
	whole := Fold(text.Words)
	c.names.add(c.names.id(whole), doc, text.Field)
	joined := strings.ReplaceAll(whole, " ", "")
	if joined == whole || utf8.RuneCountInString(joined) > maxLetters {
		return
	}
	id := c.words.id(joined)
	if int(id) == len(c.spelling) {
		c.spelling = append(c.spelling, text.Words)
	}
	c.words.add(id, doc, text.Field)
}

// forms folds each spelling once for each role, however often it is written.
func (c *compiler) forms(raw string, as Role) (forms, bool) {
	if known := c.seen[raw]; known != nil && known[as].word != 0 {
		f := known[as]
		f.word--
		return f, true
	}
	folded := foldWord(raw)
	if folded == "" {
		return forms{}, false
	}
	f := forms{word: c.words.id(folded)}
	if int(f.word) == len(c.spelling) {
		c.spelling = append(c.spelling, raw)
	}
	if as != Label {
		if s := stem(folded); s != folded {
			f.stem, f.stemmed = c.stems.id(s), true
		}
		if s := sound(folded); s != "" && (as == Name || soundsLikeName(raw, folded)) {
			f.sound, f.sounded = c.sounds.id(s), true
		}
	}
	if c.seen[raw] == nil {
		c.seen[raw] = make([]forms, Label+1)
	}
	c.seen[raw][as] = f
	c.seen[raw][as].word++
	return f, true
}

// soundsLikeName holds of words that may be asked for in the other script:
// Cyrillic ones, and Latin ones written with a capital, but for the shortest,
// which sound like too much.
func soundsLikeName(raw, folded string) bool {
	r, _ := utf8.DecodeRuneInString(raw)
	return cyrillic(folded) || unicode.IsUpper(r) && len(folded) > 3
}

func (c *compiler) finish() *Index {
	x := c.Index
	var rank []uint32
	x.words, rank = c.words.lexicon()
	spelling := make([]string, len(rank))
	for id, at := range rank {
		spelling[at] = x.spelling[id]
	}
	x.spelling = spelling
	x.stems, _ = c.stems.lexicon()
	x.sounds, _ = c.sounds.lexicon()
	x.names, _ = c.names.lexicon()
	return x
}
