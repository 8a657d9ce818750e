package openapi_test

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"sitrep/sandbox/openapi"
	"sitrep/testenv"
)

// load reads Discord's description once a test.
func load(tb testing.TB) *openapi.Description {
	tb.Helper()
	d, err := openapi.Load(testenv.OpenAPI(tb))
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// paths lists where an error's faults are, in the order found; "" is no error.
func paths(tb testing.TB, err error) string {
	tb.Helper()
	if err == nil {
		return ""
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return err.Error()
	}
	var all []string
	for _, one := range joined.Unwrap() {
		fault := new(openapi.Fault)
		if !errors.As(one, &fault) {
			tb.Fatalf("%v is no Fault", one)
		}
		all = append(all, cmp.Or(fault.Path, "body"))
	}
	return strings.Join(all, " ")
}

// a is n letters, b n letters of two bytes each: limits count characters.
func a(n int) string { return strings.Repeat("a", n) }
func b(n int) string { return strings.Repeat("ї", n) }

func TestCheckRequest(t *testing.T) {
	t.Parallel()
	d := load(t)
	const (
		callback = "POST /interactions/1/token/callback"
		create   = "POST /channels/1/messages"
		bulk     = "PUT /api/v10/applications/1/commands"
		original = "PATCH /api/v9/webhooks/1/token/messages/@original?thread_id=3"
	)
	for _, tt := range []struct{ name, request, body, want string }{
		{"message", create, `{"content":"hello"}`, ""},
		{"nonce of 25", create, `{"content":"x","nonce":"` + a(25) + `","enforce_nonce":true}`, ""},
		{"nonce of 26", create, `{"content":"x","nonce":"` + a(26) + `"}`, ".nonce"},
		{"content of 2000", create, `{"content":"` + b(2000) + `"}`, ""},
		{"content of 2001, which the description takes", create, `{"content":"` + b(2001) + `"}`, ".content"},
		{"content of 2001 in an answer, found twice", callback, `{"type":4,"data":{"content":"` + a(2001) + `"}}`, ".data.content .data.content"},
		{"misspelt key", create, `{"content":"x","embed":{}}`, ".embed"},
		{"misspelt key below", create, `{"embeds":[{"tittle":"x"}]}`, ".embeds[0].tittle"},
		{"key of another kind of component", create, `{"components":[{"type":1,"components":[{"type":2,"style":1,"label":"x","custom_id":"a","placeholder":"p"}]}]}`, ".components[0].components[0].placeholder"},
		{"wrong type", create, `{"content":7}`, ".content body"},
		{"unknown kind of component", create, `{"flags":32768,"components":[{"type":99}]}`, ".components[0]"},
		{"wrong nesting", create, `{"flags":32768,"components":[{"type":17,"components":[{"type":17,"components":[{"type":10,"content":"x"}]}]}]}`, ".components[0].components[0]"},
		{"fault deep in a union is told alone", create, `{"flags":32768,"components":[{"type":17,"components":[{"type":10}]}]}`, ".components[0].components[0]"},
		{"attachment ids as numbers", create, `{"content":"x","attachments":[{"id":0,"description":"alt"}]}`, ""},
		{"attachment ids as letters", create, `{"content":"x","attachments":[{"id":"zero"}]}`, ".attachments[0].id"},
		{"embed's time", create, `{"embeds":[{"title":"x","timestamp":"yesterday"}]}`, ".embeds[0].timestamp"},
		{"ephemeral outside an interaction", create, `{"content":"x","flags":64}`, ".flags"},
		{"ephemeral answer", callback, `{"type":4,"data":{"content":"x","flags":64}}`, ""},
		{"answer without data", callback, `{"type":4}`, ".data"},
		{"no such callback", callback, `{"type":3}`, ".type"},
		{"callback without type", callback, `{}`, ".type"},
		{"pong", callback, `{"type":1}`, ""},
		{"deferred", callback, `{"type":5,"data":{"flags":64}}`, ""},
		{"deferred with the second version's flag", callback, `{"type":5,"data":{"flags":32768}}`, ".data.flags"},
		{"update that changes nothing", callback, `{"type":7,"data":{}}`, ""},
		{"update over the limit, which the description doesn't know", callback, `{"type":7,"data":{"flags":32768,"content":"x","components":[{"type":10,"content":"x"}]}}`, ".data.content"},
		{"no choices", callback, `{"type":8,"data":{"choices":[]}}`, ""},
		{"choice of 100", callback, `{"type":8,"data":{"choices":[{"name":"x","value":"` + a(100) + `"}]}}`, ""},
		{"choice of 101, which the description takes", callback, `{"type":8,"data":{"choices":[{"name":"x","value":"` + a(101) + `"}]}}`, ".data.choices[0].value"},
		{"25 choices", callback, `{"type":8,"data":{"choices":[` + times(25, `{"name":"x","value":"%d"}`) + `]}}`, ""},
		{"26 choices", callback, `{"type":8,"data":{"choices":[` + times(26, `{"name":"x","value":"%d"}`) + `]}}`, ".data.choices"},
		{"modal", callback, modal(5, `{"type":4,"custom_id":"c%d","style":1}`), ""},
		{"modal of 6", callback, modal(6, `{"type":4,"custom_id":"c%d","style":1}`), ".data.components"},
		{"same field twice", callback, modal(2, `{"type":4,"custom_id":"c","style":1,"min_length":%d}`), ".data.components[1].component.custom_id"},
		{"label twice", callback, modal(1, `{"type":4,"custom_id":"c%d","style":1,"label":"x"}`), ".data.components[0].component.label"},
		{"disabled field", callback, modal(1, `{"type":3,"custom_id":"c%d","disabled":true,"options":[{"label":"x","value":"x"}]}`), ".data.components[0].component.disabled"},
		{"edit of an answer to nothing", original, `{"content":""}`, ""},
		{"edit of an answer", original, `{"content":"` + a(2001) + `"}`, ".content .content"},
		{"follow-up", "POST /webhooks/1/token?wait=true", `{"content":"x","flags":64}`, ""},
		{"empty follow-up", "POST /webhooks/1/token", `{}`, "body"},
		{"edit of a message", "PATCH /channels/1/messages/2", `{"content":null,"embeds":[]}`, ""},
		{"commands", bulk, `[{"name":"talks","description":"x","default_member_permissions":"8192"}]`, ""},
		{"permissions as words", bulk, `[{"name":"talks","description":"x","default_member_permissions":"all"}]`, "[0].default_member_permissions"},
		{"no permissions asked", bulk, `[{"name":"talks","description":"x","default_member_permissions":null}]`, ""},
		{"one command", "POST /applications/1/guilds/2/commands", `{"name":"Talks","description":"x"}`, ".name"},
		{"rename", "PATCH /applications/1/commands/2", `{"name":"talks"}`, ""},
		{"boolean with choices", bulk, `[{"name":"talks","description":"x","options":[{"type":5,"name":"a","description":"x","choices":[]}]}]`, "[0].options[0].choices"},
		{"nothing to say", "GET /gateway/bot", ``, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			method, path, _ := strings.Cut(tt.request, " ")
			err := d.CheckRequest(method, path, []byte(tt.body))
			if got := paths(t, err); got != tt.want {
				t.Errorf("faults at %q, want %q; said:\n%v", got, tt.want, err)
			}
		})
	}
}

// times repeats a JSON value n times, numbered.
func times(n int, format string) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf(format, i)
	}
	return strings.Join(all, ",")
}

func modal(n int, format string) string {
	return `{"type":9,"data":{"custom_id":"m","title":"Form","components":[` +
		times(n, `{"type":18,"label":"L","component":`+format+`}`) + `]}}`
}

// Of a union's alternatives only the one that was meant is complained about.
func TestReasonNamesTheAlternative(t *testing.T) {
	t.Parallel()
	body := `{"components":[{"type":1,"components":[{"type":2,"style":1,"custom_id":"x","label":"` + a(81) + `"}]}]}`
	err := load(t).CheckRequest("POST", "/channels/1/messages", []byte(body))
	const want = ".components[0].components[0].label is wrong: maxLength: got 81, want 80"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestCheckRequestRefuses(t *testing.T) {
	t.Parallel()
	d := load(t)
	for _, tt := range []struct{ name, method, path, body, want string }{
		{"unknown path", "GET", "/channels/1/mesages", "", "no path /channels/1/mesages"},
		{"unknown method", "PUT", "/channels/1/messages", "{}", "takes no PUT"},
		{"empty segment", "POST", "/channels//messages", "{}", "no path"},
		{"version alone", "GET", "/api/v10", "", "no path"},
		{"body where none belongs", "GET", "/gateway", "{}", "takes no JSON body"},
		{"missing body", "POST", "/channels/1/messages", " ", "body is missing"},
		{"broken body", "POST", "/channels/1/messages", `{"content"`, "not JSON"},
		{"two bodies", "POST", "/channels/1/messages", `{"content":"x"}{}`, "not JSON"},
		{"huge body", "POST", "/channels/1/messages", a(25<<20 + 1), "over 26214400"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := d.CheckRequest(tt.method, tt.path, []byte(tt.body))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
		})
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text, want string }{
		{"not JSON", "openapi: 3.1.0", "read description"},
		{"another version", `{"openapi":"3.0.3"}`, "not an OpenAPI 3.1"},
		{"a list", `[]`, "not an OpenAPI 3.1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "openapi.json")
			if err := os.WriteFile(path, []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := openapi.Load(path); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
		})
	}
	if _, err := openapi.Load(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: got %v", err)
	}
}

// One Description serves all the tests of a package at once.
func TestCheckRequestTogether(t *testing.T) {
	t.Parallel()
	d := load(t)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			path := fmt.Sprintf("/channels/%d/messages", i+1)
			if err := d.CheckRequest("POST", path, []byte(`{"content":"x"}`)); err != nil {
				t.Error(err)
			}
			if err := d.CheckRequest("POST", path, []byte(`{}`)); err == nil {
				t.Error("empty message passed")
			}
		})
	}
	all.Wait()
}

func BenchmarkCheckRequest(b *testing.B) {
	d := load(b)
	body := []byte(`{"flags":32768,"components":[{"type":17,"components":[` + times(20, `{"type":10,"content":"%d"}`) + `]}]}`)
	b.ReportAllocs()
	for b.Loop() {
		if err := d.CheckRequest("POST", "/channels/1/messages", body); err != nil {
			b.Fatal(err)
		}
	}
}
