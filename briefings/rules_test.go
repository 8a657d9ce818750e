package briefings

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// actions are what a message may tell people to do.
const actions = `\b(write|choose|give|name|remove|shorten|cite|say|set|use|save|mend|grade|retire)\b|did you mean`

// Every message of every rule says what to do.
func TestMessagesSayWhatToDo(t *testing.T) {
	t.Parallel()
	action := regexp.MustCompile(actions)
	for _, f := range everyFault(t) {
		if !action.MatchString(f.Say) {
			t.Errorf("%v: it names nothing to do; say one of %s", f, actions)
		}
		if strings.HasSuffix(f.Say, ".") || strings.Contains(f.Say, "\n") {
			t.Errorf("%v: a message is one line without a full stop, since it is put into others", f)
		}
	}
}

// Every message that a rule can give is given by a row of the tables, so that
// a new rule without a test fails here.
func TestEveryMessageIsTested(t *testing.T) {
	t.Parallel()
	faults := everyFault(t)
	faults = append(faults, Check(tooMany(), soundDay())...)
	faults = append(faults, Check(tooManySections(), soundDay())...)
	calls := readCalls(t)
	for phrase, at := range calls.phrases {
		if !slices.ContainsFunc(faults, func(f Fault) bool { return f.Phrase == phrase }) {
			t.Errorf("%s: no row of rules makes it say %s", at, phrase)
		}
	}
	for _, f := range faults {
		if f.Phrase == "" || strings.Contains(f.Say, "{{") {
			t.Errorf("%v: its phrase is %q, want one, with every parameter filled in", f, f.Phrase)
		}
	}
	for _, field := range calls.fields {
		if !slices.ContainsFunc(faults, func(f Fault) bool { return string(f.Item.Kind()) == field.kind && f.Field == field.name }) {
			t.Errorf("%s: no row of rules breaks %s of a %s", field.at, field.name, field.kind)
		}
	}
	if len(calls.phrases) < 80 || len(calls.fields) < 100 {
		t.Errorf("only %d messages and %d fields were found in the code", len(calls.phrases), len(calls.fields))
	}
}

func everyFault(t *testing.T) []Fault {
	t.Helper()
	var all []Fault
	for _, group := range slices.Sorted(maps.Keys(rules())) {
		for _, r := range rules()[group] {
			all = append(all, r.faults()...)
		}
	}
	return all
}

// calls are what the code of this package reports: the messages, and which
// field of which kind each check is about.
type calls struct {
	files   *token.FileSet
	phrases map[string]token.Position
	fields  []checkedField
}

type checkedField struct {
	kind, name string
	at         token.Position
}

func readCalls(t *testing.T) *calls {
	t.Helper()
	c := &calls{files: token.NewFileSet(), phrases: map[string]token.Position{}}
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(c.files, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok {
				c.function(t, f)
			}
		}
	}
	return c
}

// function notes the calls of the checker c in f.
func (c *calls) function(t *testing.T, f *ast.FuncDecl) {
	kind := ""
	if f.Name.Name == "check" && f.Recv != nil {
		kind = strings.ToLower(f.Recv.List[0].Type.(*ast.StarExpr).X.(*ast.Ident).Name)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) < 2 {
			return true
		}
		method, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || !isChecker(method.X) {
			return true
		}
		at := c.files.Position(call.Pos())
		field, isLiteral := literal(call.Args[0])
		if method.Sel.Name == "bad" {
			phrase, ok := literal(call.Args[1])
			if !ok {
				t.Errorf("%s: the phrase is no literal; write it in the call, so that its test can be asked for", at)
			}
			c.phrases[phrase] = at
		}
		if kind != "" && isLiteral {
			c.fields = append(c.fields, checkedField{kind, field, at})
		}
		return true
	})
}

// isChecker reports whether x is the checker, which all rules call c.
func isChecker(x ast.Expr) bool {
	id, ok := x.(*ast.Ident)
	return ok && id.Name == "c"
}

func literal(x ast.Expr) (string, bool) {
	lit, ok := x.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}
