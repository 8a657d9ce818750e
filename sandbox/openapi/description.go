// Package openapi judges requests by Discord's own OpenAPI description, and by
// the rules that Discord documents but the description doesn't hold.
//
// A request passes three layers: the description's JSON schema, a search for
// keys that no schema names (a misspelt key is silently ignored by Discord, so
// nobody notices), and the rules over several fields at once, such as 6,000
// characters over all embeds. The last layer works without the description:
// [CheckMessage] and [CheckCommands].
//
// Only tests use it, and it shares nothing with the bot or with the sandbox,
// so that it can't share their mistakes. It doesn't know what a message was
// before an edit, nor which files a multipart request carries.
package openapi

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

const (
	maxDescription = 64 << 20
	maxBody        = 25 << 20 // Discord's own bound on a request
	resource       = "https://discord.com/openapi.json"
)

// A Description is Discord's API as one file describes it. Its methods are safe
// for several goroutines.
type Description struct {
	doc        map[string]any
	operations []operation

	mu       sync.Mutex // a compiler is not safe for several goroutines
	compiler *jsonschema.Compiler
	compiled map[string]*jsonschema.Schema
}

// Load reads a description in JSON, such as Discord publishes. Schemas are
// compiled when a request first needs them, and kept.
func Load(path string) (*Description, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("openapi: load description: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(file, maxDescription+1))
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, fmt.Errorf("openapi: load description: %w", err)
	}
	if len(text) > maxDescription {
		return nil, fmt.Errorf("openapi: %s is over %d bytes, which no description of Discord's is", path, maxDescription)
	}
	return parse(text)
}

func parse(text []byte) (*Description, error) {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("openapi: read description: %w", err)
	}
	doc := object(value)
	if !strings.HasPrefix(str(doc["openapi"]), "3.1.") {
		return nil, errors.New("openapi: not an OpenAPI 3.1 description; take openapi.json of Discord's API specification")
	}
	d := &Description{
		doc:        doc,
		operations: operations(object(doc["paths"])),
		compiler:   jsonschema.NewCompiler(),
		compiled:   make(map[string]*jsonschema.Schema),
	}
	d.compiler.AssertFormat()
	if err := d.compiler.AddResource(resource, doc); err != nil {
		return nil, fmt.Errorf("openapi: read description: %w", err)
	}
	return d, nil
}

// CheckRequest judges a request's JSON body, or the payload_json of a multipart
// one. The path may start with /api or /api/v10 and may carry a query. It
// returns every [Fault] found, joined, or nil.
//
// A component of the second version needs the flag in an edit too, since the
// message that is edited isn't known here.
func (d *Description) CheckRequest(method, path string, body []byte) error {
	op, err := d.find(method, path)
	if err != nil {
		return err
	}
	if op.schema == nil {
		if len(bytes.TrimSpace(body)) > 0 {
			return fmt.Errorf("openapi: %s takes no JSON body", op.id)
		}
		return nil
	}
	value, err := decode(body)
	if err != nil {
		return fmt.Errorf("openapi: %s: %w", op.id, err)
	}
	adapt(op.id, value)
	schema, at, err := d.narrow(op, value)
	if err != nil {
		return err
	}
	compiled, err := d.compile(at)
	if err != nil {
		return err
	}
	f := new(faults)
	f.schema(compiled.Validate(value))
	d.unknownKeys(f, []map[string]any{schema}, value, "")
	f.rules(op.id, value)
	return f.join()
}

func decode(body []byte) (any, error) {
	if len(body) > maxBody {
		return nil, fmt.Errorf("body of %d bytes is over %d", len(body), maxBody)
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, errors.New("the body is missing")
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("body is not JSON: %w", err)
	}
	return value, nil
}

// narrow picks the alternative that an interaction callback's type names, so
// that its faults are told apart from those of the other six.
func (d *Description) narrow(op operation, value any) (schema map[string]any, pointer string, err error) {
	if op.id != createInteractionResponse {
		return op.schema, op.pointer, nil
	}
	kind := object(value)["type"]
	for _, alternative := range list(op.schema["anyOf"]) {
		ref := str(object(alternative)["$ref"])
		if candidate := d.resolve(object(alternative)); kindAllowed(candidate, kind) {
			return candidate, strings.TrimPrefix(ref, "#"), nil
		}
	}
	f := new(faults)
	f.add(".type", "is %v, which is no type of interaction callback", kind)
	return nil, "", f.join()
}

func (d *Description) compile(pointer string) (*jsonschema.Schema, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s, ok := d.compiled[pointer]; ok {
		return s, nil
	}
	s, err := d.compiler.Compile(resource + "#" + (&url.URL{Path: pointer}).EscapedPath())
	if err != nil {
		return nil, fmt.Errorf("openapi: compile schema %s: %w", pointer, err)
	}
	d.compiled[pointer] = s
	return s, nil
}
