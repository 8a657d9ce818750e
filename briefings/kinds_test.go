package briefings

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestParseID(t *testing.T) {
	t.Parallel()
	const form = "; write kind/name in lower case with hyphens, like figure/recovery-size"
	for _, tt := range []struct{ give, fault string }{
		{"figure/recovery-size", ""},
		{"actor/a1", ""},
		{"figure/" + strings.Repeat("a", 57), ""},
		{"figure/" + strings.Repeat("a", 58), `"figure/` + strings.Repeat("a", 56) + `…" is no id` + form},
		{"", `"" is no id` + form},
		{"figure", `"figure" is no id` + form},
		{"figure/", `"figure/" is no id` + form},
		{"figure/Size", `"figure/Size" is no id` + form},
		{"figure/a--b", `"figure/a--b" is no id` + form},
		{"figure/-a", `"figure/-a" is no id` + form},
		{"figure/a/b", `"figure/a/b" is no id` + form},
		{"figure/a\n", `"figure/a\n" is no id` + form},
		{"figur/a", `"figur/a" has no known kind before the slash; the kinds are section, event, figure, actor, position, statement, plan, assessment, question, source, conflict`},
	} {
		id, err := ParseID(tt.give)
		switch {
		case tt.fault == "" && (err != nil || string(id) != tt.give):
			t.Errorf("ParseID(%q) = %q, %v; want it as it is", tt.give, id, err)
		case tt.fault != "" && (err == nil || err.Error() != tt.fault):
			t.Errorf("ParseID(%q) = %q, %v; want the error %s", tt.give, id, err, tt.fault)
		}
	}
}

func TestCredibility(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		give string
		want int
	}{{`1`, 1}, {`6`, 6}, {`0`, 0}, {`7`, 0}, {`"2"`, 0}, {`1.5`, 0}, {`-1`, 0}} {
		var c Credibility
		err := json.Unmarshal([]byte(tt.give), &c)
		if int(c) != tt.want || (err == nil) != (tt.want > 0) {
			t.Errorf("credibility from %s is %d, %v; want %d", tt.give, c, err, tt.want)
		}
	}
	if got, want := Credibility(0).Grade(), 6; got != want {
		t.Errorf("Grade of an ungraded item = %d, want %d", got, want)
	}
	if got, want := (&Source{}).Grade(), GradeF; got != want {
		t.Errorf("Grade of an ungraded source = %s, want %s", got, want)
	}
	if got, want := (&Source{Reliability: GradeB}).Grade(), GradeB; got != want {
		t.Errorf("Grade of a source = %s, want %s", got, want)
	}
}

// The bands lie side by side: where one ends, the next begins.
func TestLikelihoodBands(t *testing.T) {
	t.Parallel()
	end := 1
	for _, l := range []Likelihood{Remote, VeryUnlikely, Unlikely, RoughlyEven, Likely, VeryLikely, AlmostCertain} {
		low, high := Band(l)
		if low != end || high <= low {
			t.Errorf("band of %s is %d to %d, want it to start at %d", l, low, high, end)
		}
		end = high
	}
	if low, high := Band(0); end != 99 || low != 0 || high != 0 {
		t.Errorf("the bands end at %d and none is %d to %d; want 99, 0, 0", end, low, high)
	}
}

func TestHuman(t *testing.T) {
	t.Parallel()
	for is, want := range map[ActorType]bool{Person: true, Unnamed: true, StateActor: false, GroupActor: false, 0: false} {
		if got := (&Actor{Is: is}).Human(); got != want {
			t.Errorf("Human of %q = %t, want %t", is, got, want)
		}
	}
}

func TestKindsAreWhole(t *testing.T) {
	t.Parallel()
	for _, kind := range Kinds() {
		item := NewItem(kind)
		if got, want := strings.ToLower(reflect.TypeOf(item).Elem().Name()), string(kind); got != want {
			t.Errorf("NewItem(%s) is a %s", want, got)
		}
		fields := Fields(item)
		names := make([]string, len(fields))
		for i, f := range fields {
			names[i] = f.Name
		}
		if names[0] != "id" || slices.Contains(names, "") || len(slices.Compact(slices.Sorted(slices.Values(names)))) != len(names) {
			t.Errorf("fields of a %s are %v; want id first and each name once", kind, names)
		}
	}
	if item := NewItem("x"); item != nil {
		t.Errorf("NewItem(x) = %v, want nil", item)
	}
}

// Whatever is set through Fields stands in the item's JSON under that name, and
// nothing else does.
func TestFieldsAreTheJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		item := NewItem(rapid.SampledFrom(Kinds()).Draw(t, "kind"))
		empty := keys(t, item)
		var want []string
		for _, f := range Fields(item) {
			v := reflect.ValueOf(f.Ptr).Elem()
			if v.Kind() != reflect.String || !rapid.Bool().Draw(t, f.Name) {
				continue
			}
			v.SetString("x")
			want = append(want, f.Name)
		}
		want = slices.Compact(slices.Sorted(slices.Values(append(want, empty...))))
		if got := keys(t, item); !slices.Equal(got, want) {
			t.Fatalf("the JSON has %v, want %v", got, want)
		}
	})
}

func keys(t *rapid.T, item Item) []string {
	data, err := json.Marshal(item)
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]any{}
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func TestCloneIsDeep(t *testing.T) {
	t.Parallel()
	for _, item := range newSound().items() {
		item.Head().Translations = map[string]map[string]string{"uk": {"text": "а"}}
		copied, err := Clone(item)
		if err != nil {
			t.Errorf("Clone(%s): %v", item.Head().ID, err)
			continue
		}
		if diff := cmp.Diff(item, copied, cmp.Comparer(func(a, b EDTF) bool { return a == b })); diff != "" {
			t.Errorf("Clone(%s) (-want +got):\n%s", item.Head().ID, diff)
		}
		copied.Head().Refs[0] = "X1"
		copied.Head().Translations["uk"]["text"] = "б"
		if h := item.Head(); h.Refs[0] == "X1" || h.Translations["uk"]["text"] == "б" {
			t.Errorf("changing the copy changed %s", h.ID)
		}
	}
}

func TestParseItemRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ give, want string }{
		{`{"id":"plan/p","refs":["A1"],"title":"P","status":"draft"}`, ""},
		{`{"refs":["A1"]}`, "it has no id"},
		{`{"id":"plan/P"}`, "is no id"},
		{`{"id":"plan/p","headline":"x"}`, "unknown field"},
		{`{"id":"plan/p","status":"drafted"}`, "is no status of a plan"},
		{`{"id":"plan/p"} {}`, "after top-level value"},
		{`{"id":"plan/p"`, "unexpected end of JSON input"},
		{`[]`, "cannot unmarshal array"},
	} {
		_, err := ParseItem([]byte(tt.give))
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("ParseItem(%s) = %v, want an error with %q", tt.give, err, tt.want)
		}
	}
}
