package catalogue

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/token"
)

// The bounds of what the parser may be given: it calls itself once per level.
const (
	maxTokens = 5000
	maxDepth  = 12
)

// guard looks for what is never read, before the parser sees it: references,
// which can make a small file huge, types of the writer's own, and nesting that
// no item needs. It returns the token to blame and what to say, nil where all is well.
func guard(tokens token.Tokens) (*token.Token, string) {
	if len(tokens) > maxTokens {
		return tokens[maxTokens], fmt.Sprintf("the item has more than %d words and signs; shorten it", maxTokens)
	}
	d := depth{}
	for _, t := range tokens {
		switch t.Type {
		case token.AnchorType, token.AliasType:
			return t, "anchors and aliases (& and *) are not read; write the value out, or put a text that starts so in quotes"
		case token.TagType:
			return t, "tags (!) are not read; remove it, or put a text that starts so in quotes"
		case token.MergeKeyType:
			return t, "merge keys (<<) are not read; write the keys out"
		case token.MappingKeyType:
			return t, `"?" before a key is not read; write the key and a colon`
		case token.DirectiveType, token.DocumentHeaderType, token.DocumentEndType:
			return t, "one file holds one document; remove this, or put a text that starts so in quotes"
		case token.InvalidType:
			return t, syntax(t.Error)
		}
		if d.add(t) > maxDepth {
			return t, fmt.Sprintf("this is nested more than %d levels deep; no item needs that", maxDepth)
		}
	}
	return nil, ""
}

func syntax(problem string) string {
	if strings.Contains(problem, "\t") {
		return "can't be read as YAML (a tab stands where spaces belong); indent by spaces alone"
	}
	return fmt.Sprintf("can't be read as YAML (%s); check the indentation, and put texts that hold : or # in quotes", problem)
}

// depth bounds from above how deep the parser will go.
type depth struct {
	flow    int
	line    int   // the line being read
	here    int   // levels opened on it
	indents []int // of the lines above that are still open
}

func (d *depth) add(t *token.Token) int {
	if d.flow == 0 && t.Position.Line != d.line {
		column := t.Position.Column
		for len(d.indents) > 0 && d.indents[len(d.indents)-1] >= column {
			d.indents = d.indents[:len(d.indents)-1]
		}
		d.indents = append(d.indents, column)
		d.line, d.here = t.Position.Line, 0
	}
	switch t.Type {
	case token.SequenceStartType, token.MappingStartType:
		d.flow++
	case token.SequenceEndType, token.MappingEndType:
		d.flow = max(d.flow-1, 0)
	case token.SequenceEntryType, token.MappingValueType:
		d.here++
	case token.CollectEntryType:
		d.here = 0
	}
	return len(d.indents) + d.flow + d.here
}
