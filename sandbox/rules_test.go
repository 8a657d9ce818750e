package sandbox

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sitrep/sandbox/openapi"
	"sitrep/testenv"
)

type obj = map[string]any

type list = []any

// A ruling is a body and what it has to be refused for.
type ruling struct {
	name string
	body any
	// want holds each fault as "path CODE", sorted, or the number of an error without a
	// tree. Empty means that the body passes.
	want []string
	// alone is why Discord's description, with the rules beside it, judges otherwise.
	alone string
}

// A court is a route that judges bodies, and the rulings that are expected of it.
type court struct {
	request string // as Discord's description knows it
	status  int    // of what passes
	prefix  string // of every path
	// wrap makes the whole body of what a ruling holds; nil leaves it as it is.
	wrap    func(body any) any
	path    func(s *stand) string
	rulings []ruling
}

func (c court) whole(r ruling) any {
	if c.wrap == nil {
		return r.body
	}
	return c.wrap(r.body)
}

// hold puts every ruling to the route itself and compares all that it was refused for.
func (c court) hold(t *testing.T) {
	t.Helper()
	s := newStand(t, Options{Limits: unlimited()})
	method, _, _ := strings.Cut(c.request, " ")
	for _, r := range c.rulings {
		t.Run(r.name, func(t *testing.T) {
			status, answer := s.bot(method, c.path(s), c.whole(r))
			got, want := faultsOf(answer), []string{}
			for _, w := range r.want {
				want = append(want, c.prefix+w)
			}
			if len(want) == 1 && !strings.Contains(want[0], " ") {
				got, want = []string{fmt.Sprint(codeOf(answer))}, r.want
			}
			if len(r.want) == 0 && status != c.status {
				t.Errorf("answered %d %v, want %d", status, answer, c.status)
			}
			if len(r.want) > 0 && status != 400 {
				t.Errorf("answered %d, want 400", status)
			}
			if !slices.Equal(got, want) {
				t.Errorf("refused for %q, want %q", got, want)
			}
		})
	}
}

// faultsOf lists what an answer refuses as "path CODE", sorted.
func faultsOf(answer obj) []string {
	found := []string{}
	var walk func(v any, path string)
	walk = func(v any, path string) {
		for key, kid := range objectOf(v) {
			if key != "_errors" {
				walk(kid, path+"."+key)
				continue
			}
			for _, f := range listOf(kid) {
				found = append(found, strings.TrimPrefix(path+" "+textOf(objectOf(f)["code"]), "."))
			}
		}
	}
	walk(answer["errors"], "")
	slices.Sort(found)
	return found
}

func courts() []court {
	return []court{
		messageCourt(), answerCourt(), embedCourt(), componentCourt(), cardCourt(), selectCourt(),
		modalCourt(), choiceCourt(), commandCourt(), optionCourt(), guildCommandCourt(),
		applicationCourt(), threadCourt(), eventCourt(), emojiCourt(),
	}
}

// TestRulesAgreeWithDiscordsDescription puts every ruling to Discord's own description:
// where the two disagree the table has to say why, and where it says why they have to.
func TestRulesAgreeWithDiscordsDescription(t *testing.T) {
	t.Parallel()
	d, err := openapi.Load(testenv.OpenAPI(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range courts() {
		method, path, _ := strings.Cut(c.request, " ")
		for _, r := range c.rulings {
			raw, err := json.Marshal(c.whole(r))
			if err != nil {
				t.Fatal(err)
			}
			verdict := d.CheckRequest(method, path, raw)
			disagree := (verdict == nil) != (len(r.want) == 0)
			switch {
			case disagree && r.alone == "":
				t.Errorf("%s, %s: refused for %q here, by the description for: %v", c.request, r.name, r.want, verdict)
			case !disagree && r.alone != "":
				t.Errorf("%s, %s: both judge alike (%q, %v), but the table says %q", c.request, r.name, r.want, verdict, r.alone)
			}
		}
	}
}

// asked is the callback of an interaction that waits for its answer.
func (s *stand) asked(i *interaction) string {
	s.t.Helper()
	i.channel = s.channelID("digests")
	s.mu.Lock()
	defer s.mu.Unlock()
	i.id = s.ids.next()
	s.pending.add(i)
	return "/interactions/" + i.id + "/" + i.token + "/callback"
}

func callback(kind int) func(body any) any {
	return func(body any) any { return obj{"type": kind, "data": body} }
}

const callbackRequest = "POST /interactions/1/token/callback"

func digestMessages(s *stand) string { return "/channels/" + s.channelID("digests") + "/messages" }

// parsed is a value as it comes out of a request.
func parsed(t *testing.T, v any) any {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := decodeNumbers(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// letters is text of n characters, each of two bytes.
func letters(n int) string { return strings.Repeat("ж", n) }

func many(n int, item func(i int) any) list {
	out := list{}
	for i := range n {
		out = append(out, item(i))
	}
	return out
}

// with is a copy of an object with some keys set anew.
func with(o obj, pairs ...any) obj {
	out := obj{}
	for key, v := range o {
		out[key] = v
	}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i].(string)] = pairs[i+1]
	}
	return out
}

// without is a copy of an object that lacks a key.
func without(o obj, key string) obj {
	out := with(o)
	delete(out, key)
	return out
}

func display(n int) obj { return obj{"type": typeText, "content": letters(n)} }

func button(id string) obj {
	return obj{"type": typeButton, "style": 1, "label": "Press", "custom_id": id}
}

func row(items ...any) obj { return obj{"type": typeRow, "components": append(list{}, items...)} }

func v2(components ...any) obj { return obj{"flags": flagV2, "components": components} }

func selectOf(options int) obj {
	return obj{"type": typeStringSelect, "custom_id": "s", "options": many(options, func(i int) any {
		return obj{"label": "L", "value": fmt.Sprint(i)}
	})}
}

func TestFaultTreeIsDiscords(t *testing.T) {
	t.Parallel()
	root := &spot{}
	root.at("data").at("components").index(0).fail("BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", 4000)
	raw, err := json.Marshal(root.err())
	if err != nil {
		t.Fatal(err)
	}
	want := `{"code":50035,"message":"Invalid Form Body","errors":{"data":{"components":{"0":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"Must be 4000 or fewer in length."}]}}}}}`
	if string(raw) != want {
		t.Errorf("error = %s, want %s", raw, want)
	}
	if got, want := root.err().Error(), "50035 Invalid Form Body (data.components.0: Must be 4000 or fewer in length.)"; got != want {
		t.Errorf("Error() = %q, want %q", got, want)
	}
}
