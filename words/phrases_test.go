package words_test

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

	"sitrep/briefings"
	"sitrep/briefings/catalogue"
	"sitrep/cards"
	"sitrep/commands"
)

var (
	parameter = regexp.MustCompile(`{{\.(\w+)}}`)
	idForm    = regexp.MustCompile(`^[a-z_]+(\.[A-Za-z0-9_ ]+)+$`)
)

// parameters are what a phrase takes, over all its forms, in order; Count is
// taken also where it only chooses the form.
func parameters(forms map[string]string) []string {
	found := map[string]bool{}
	if len(forms) > 1 {
		found["Count"] = true
	}
	for _, text := range forms {
		for _, m := range parameter.FindAllStringSubmatch(text, -1) {
			found[m[1]] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// A use is a call that says a phrase, or several that begin alike.
type use struct {
	at     token.Position
	id     string
	prefix bool
	args   []string // the names of the parameters given
	known  bool     // whether args could be read off

	english string // that stands beside the phrase, where it is written out
}

// code is what the Go files of the packages that people read say.
type code struct {
	files    *token.FileSet
	literals map[string]token.Position
	uses     []use
}

func readCode(tb testing.TB) *code {
	tb.Helper()
	c := &code{files: token.NewFileSet(), literals: map[string]token.Position{}}
	for _, folder := range []string{"bot", "briefings", "calendar", "cards", "commands", "digests", "operator", "pictures", "words", "."} {
		names, err := filepath.Glob(filepath.Join("..", folder, "*.go"))
		if err != nil {
			tb.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(c.files, name, nil, parser.SkipObjectResolution)
			if err != nil {
				tb.Fatal(err)
			}
			ast.Inspect(f, c.visit)
		}
	}
	if len(c.uses) < 50 {
		tb.Fatalf("found only %d uses of phrases: the search is broken", len(c.uses))
	}
	return c
}

func (c *code) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ImportSpec:
		return false
	case *ast.BasicLit:
		if s, ok := text(n); ok {
			c.literals[s] = c.files.Position(n.Pos())
		}
	case *ast.CallExpr:
		c.call(n)
	case *ast.FuncDecl:
	}
	return true
}

// call notes a call of what says phrases: the id is a string, or one that
// something is put behind, and the parameters follow.
func (c *code) call(n *ast.CallExpr) {
	args := n.Args
	switch name(n.Fun) {
	case "Say", "say", "mistake", "TellAs", "phrase", "heading", "message", "refuse":
	case "bad":
		args = args[1:] // the field comes first
	default:
		return
	}
	for i, arg := range args {
		u := use{at: c.files.Position(arg.Pos())}
		ok := false
		if sum, isSum := arg.(*ast.BinaryExpr); isSum && sum.Op == token.ADD {
			u.id, ok = text(sum.X)
			u.prefix = true
		} else {
			u.id, ok = text(arg)
		}
		if !ok {
			continue
		}
		u.args, u.known = given(args[i+1:])
		switch name(n.Fun) {
		case "TellAs", "refuse":
			u.english, _ = text(args[len(args)-1])
		case "message", "bad":
			u.english, _ = text(args[1])
			u.args, u.known = given(args[2:])
		}
		c.uses = append(c.uses, u)
		return
	}
}

// given reads the names off words.Args{...} or args{...}; nothing and nil are none.
func given(rest []ast.Expr) (names []string, known bool) {
	if len(rest) == 0 || name(rest[0]) == "nil" {
		return nil, true
	}
	lit, ok := rest[0].(*ast.CompositeLit)
	if !ok || !slices.Contains([]string{"Args", "args"}, name(lit.Type)) {
		return nil, false
	}
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if s, ok := text(kv.Key); ok {
				names = append(names, s)
			}
		}
	}
	slices.Sort(names)
	return names, true
}

func name(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

func text(n ast.Node) (string, bool) {
	lit, ok := n.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

// endings are what code puts behind a prefix.
func (c *code) endings(prefix string) []string {
	switch prefix {
	case "month.":
		return []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}
	case "status.", "said_by.":
		return accepted(func(s string) error { return new(briefings.Status).UnmarshalText([]byte(s)) },
			"claimed", "confirmed", "disputed", "contradicted")
	case "number.":
		// exact and share go without a word of their own, several has a call of its own
		return accepted(func(s string) error { return new(briefings.Qualifier).UnmarshalText([]byte(s)) },
			"about", "at_least", "more_than", "at_most", "up_to")
	case "likelihood.":
		return accepted(func(s string) error { return new(briefings.Likelihood).UnmarshalText([]byte(s)) },
			"remote", "very unlikely", "unlikely", "roughly even", "likely", "very likely", "almost certain")
	case "confidence.":
		return accepted(func(s string) error { return new(briefings.Confidence).UnmarshalText([]byte(s)) }, "high", "moderate", "low")
	case "stance.":
		return accepted(func(s string) error { return new(briefings.Stance).UnmarshalText([]byte(s)) },
			"supports", "conditional", "opposes", "ambivalent", "no_comment", "not_stated", "other")
	case "happened.": // that something happened, or that nobody knows, goes without a word
		return accepted(func(s string) error { return new(briefings.Happened).UnmarshalText([]byte(s)) }, "no", "cancelled", "moved", "ongoing", "scheduled")
	case "certainty.":
		return accepted(func(s string) error { return new(briefings.Certainty).UnmarshalText([]byte(s)) },
			"fixed", "announced", "expected", "conditional", "inferred")
	case "conflict.state.": // the preferred one has a sentence of its own
		return accepted(func(s string) error { return new(briefings.ConflictState).UnmarshalText([]byte(s)) }, "open", "both_true", "explained")
	case "watch.title.":
		return accepted(func(s string) error { return new(briefings.QuestionState).UnmarshalText([]byte(s)) }, "open", "answered", "moot")
	case "plan.":
		return accepted(func(s string) error { return new(briefings.PlanStatus).UnmarshalText([]byte(s)) },
			"concept", "draft", "negotiating", "agreed", "signed", "dead")
	case "unit.": // what the bundled briefing counts, and what else people often do
		return []string{
			"air-defence systems", "attacks", "capitals", "days", "delegates", "drones", "households", "meetings", "missiles",
			"parties", "people", "pillars", "points", "settlements", "workers", "years",
		}
	case "credibility.":
		return []string{"1", "2", "3", "4", "5", "6"}
	case "kind.one.":
		var kinds []string
		for _, k := range briefings.Kinds() {
			kinds = append(kinds, string(k))
		}
		return kinds
	case "attribution.":
		return accepted(func(s string) error { return new(briefings.Attribution).UnmarshalText([]byte(s)) },
			"confirmed", "reported", "unidentified", "unattributed")
	case "truth.":
		return accepted(func(s string) error { return new(briefings.Truth).UnmarshalText([]byte(s)) },
			"not_checkable", "opinion", "forecast", "claimed", "confirmed", "disputed", "contradicted", "superseded")
	case "trend.":
		return accepted(func(s string) error { return new(briefings.Trend).UnmarshalText([]byte(s)) }, "deteriorated", "unchanged", "improved")
	case "sources.":
		return accepted(func(s string) error { return new(briefings.Reliability).UnmarshalText([]byte(s)) }, "A", "B", "C", "D", "E", "F")
	case "op.":
		return accepted(func(s string) error { return new(briefings.Op).UnmarshalText([]byte(s)) },
			"create", "amend", "correct", "confirm", "retract", "restore")
	case "digest.", "changes.":
		return accepted(func(s string) error { return new(briefings.Outcome).UnmarshalText([]byte(s)) },
			"retracted", "restored", "added", "corrected", "answered", "amended", "confirmed")
	case "desk.op.":
		return []string{"amend", "correct", "later"} // what forms offer
	case "desk.saved_", "draft.count_":
		return c.endings("op.")
	case "draft.":
		return []string{"typed", "waiting", "suggested"}
	case "operator.title.", "operator.do.":
		return []string{"database", "redis", "gateway", "slow", "failing", "late", "refused"}
	case "report.":
		return []string{"wrong", "outdated", "unclear"}
	case "queue.count_":
		return []string{"drafts", "reported", "asked", "review", "suggested"}
	case "privacy.trace_", "privacy.kept_":
		var traces []string
		for _, trace := range briefings.AllTraces() {
			traces = append(traces, string(trace))
		}
		return traces
	case "queue.part_", "queue.footer_":
		var parts []string
		for _, p := range cards.QueueParts() {
			parts = append(parts, string(p))
		}
		return parts
	}
	return nil
}

// accepted are those of all that the domain takes, so that a value that it
// dropped is no longer asked for.
func accepted(takes func(string) error, all ...string) []string {
	return slices.DeleteFunc(all, func(s string) bool { return takes(s) != nil })
}

// TestEndingsAreWhole: the domain takes no value that the sets above lack; it
// lists its values where it refuses one.
func TestEndingsAreWhole(t *testing.T) {
	t.Parallel()
	c := readCode(t)
	for prefix, refusal := range map[string]error{
		"status.":      new(briefings.Status).UnmarshalText([]byte("?")),
		"likelihood.":  new(briefings.Likelihood).UnmarshalText([]byte("?")),
		"confidence.":  new(briefings.Confidence).UnmarshalText([]byte("?")),
		"certainty.":   new(briefings.Certainty).UnmarshalText([]byte("?")),
		"watch.title.": new(briefings.QuestionState).UnmarshalText([]byte("?")),
		"plan.":        new(briefings.PlanStatus).UnmarshalText([]byte("?")),
		"stance.":      new(briefings.Stance).UnmarshalText([]byte("?")),
		"attribution.": new(briefings.Attribution).UnmarshalText([]byte("?")),
		"truth.":       new(briefings.Truth).UnmarshalText([]byte("?")),
		"trend.":       new(briefings.Trend).UnmarshalText([]byte("?")),
		"sources.":     new(briefings.Reliability).UnmarshalText([]byte("?")),
		"op.":          new(briefings.Op).UnmarshalText([]byte("?")),
		"digest.":      new(briefings.Outcome).UnmarshalText([]byte("?")),
	} {
		_, list, _ := strings.Cut(refusal.Error(), "choose one of ")
		if got := strings.Join(c.endings(prefix), ", "); got != list {
			t.Errorf("%s: this test knows %s, the domain takes %s", prefix, got, list)
		}
	}
}

// commandPhrases are the ids of the phrases that name and describe commands,
// options and their choices.
func commandPhrases(tb testing.TB) map[string]bool {
	tb.Helper()
	items, err := catalogue.Read(catalogue.Bundled(), catalogue.RecordedAt())
	if err != nil {
		tb.Fatal(err)
	}
	desk := commands.Desk{Briefings: briefings.NewService(nil, nil, briefings.Loaded{Items: items, Edition: catalogue.Edition(), RecordedAt: catalogue.RecordedAt()}, nil, nil)}
	ids := map[string]bool{}
	for _, c := range desk.All().Commands {
		ids[c.About] = true
		for _, o := range c.Options {
			if !o.Hidden {
				ids[o.About], ids["option."+o.Name] = true, true
			}
			for _, value := range o.Choices {
				ids["choice."+value] = true
			}
		}
		if c.About != "command.section" && !c.Menu { // which are named by a title, and by what describes them
			ids["name."+strings.ReplaceAll(c.Name, " ", ".")] = true
		}
		words := strings.Fields(c.Name)
		for i := 1; i < len(words) && !c.Menu; i++ {
			parent := strings.Join(words[:i], ".")
			ids["command."+parent], ids["name."+parent] = true, true
		}
	}
	return ids
}

// formPhrases are the ids of the phrases that name the fields of forms, say what
// they take, where that is written, and name what there is to choose.
func formPhrases(english map[string]map[string]string) map[string]bool {
	ids := map[string]bool{"field.op": true, "field.reason": true, "field.yaml": true, "hint.reason": true, "hint.yaml": true}
	for _, kind := range briefings.Kinds() {
		for _, f := range briefings.Fields(briefings.NewItem(kind)) {
			ids["field."+f.Name] = true
			if hint := "hint." + f.Name; english[hint] != nil {
				ids[hint] = true
			}
			choosing, chooses := f.Ptr.(interface{ Words() []string })
			if !chooses || f.Name == "reliability" { // of which letters are the names
				continue
			}
			for _, word := range choosing.Words() {
				if of := "choice." + f.Name + "." + word; english[of] != nil {
					ids[of] = true
				} else {
					ids["choice."+word] = true
				}
			}
		}
	}
	return ids
}

// TestCodeAndPhrasesAgree: every phrase that code says is written, every one
// that is written is said, and each gets the parameters it takes.
func TestCodeAndPhrasesAgree(t *testing.T) {
	t.Parallel()
	english, c := file(t, "en.json"), readCode(t)
	said := commandPhrases(t)
	maps.Copy(said, formPhrases(english))
	groups := map[string]bool{}
	for id := range english {
		group, _, _ := strings.Cut(id, ".")
		groups[group] = true
	}
	for s, at := range c.literals {
		group, _, _ := strings.Cut(s, ".")
		if !idForm.MatchString(s) || !groups[group] || strings.HasSuffix(s, "_") {
			continue
		}
		said[s] = true
		if english[s] == nil {
			t.Errorf("%s: the phrase %s is not written", at, s)
		}
	}
	for _, u := range c.uses {
		ids := []string{u.id}
		if u.prefix {
			if ids = c.endings(u.id); len(ids) == 0 && !slices.Contains([]string{"command.", "choice.", "field."}, u.id) {
				t.Errorf("%s: this test doesn't know what may follow %q; teach it", u.at, u.id)
			}
			for i := range ids {
				ids[i] = u.id + ids[i]
			}
		}
		for _, id := range ids {
			said[id] = true
			if english[id] == nil {
				t.Errorf("%s: the phrase %s is not written", u.at, id)
				continue
			}
			if u.english != "" && u.english != english[id]["other"] {
				t.Errorf("%s: the English of %s is %q, not %q", u.at, id, english[id]["other"], u.english)
			}
			if want := parameters(english[id]); u.known && !slices.Equal(u.args, want) {
				t.Errorf("%s: %s is given the parameters %v, and takes %v", u.at, id, u.args, want)
			}
		}
	}
	for id := range said {
		if english[id] == nil {
			t.Errorf("the phrase %s is not written", id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(english)) {
		if !said[id] {
			t.Errorf("en.json: no code says %s; remove it", id)
		}
	}
}
