package openapi

import (
	"errors"
	"strings"
	"testing"
)

// small is a description in Discord's manner, for what the real one can't show
// and for machines that lack it.
const small = `{
	"openapi": "3.1.0",
	"paths": {
		"/things/{id}": {
			"parameters": [],
			"get": {"operationId": "get_thing"},
			"put": {
				"operationId": "put_thing",
				"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}
			}
		},
		"/things/@first": {
			"put": {
				"operationId": "put_first_thing",
				"requestBody": {"content": {"application/json": {"schema": {"type": "object", "properties": {"first": {}}}}}}
			}
		},
		"/things/{id}/picture": {
			"put": {
				"operationId": "put_picture",
				"requestBody": {"content": {"image/png": {"schema": {"type": "string"}}}}
			}
		},
		"/broken": {
			"put": {
				"operationId": "put_broken",
				"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Gone"}}}}
			}
		}
	},
	"components": {
		"schemas": {
			"Named": {"type": "object", "properties": {"name": {"type": "string", "maxLength": 3}}},
			"Thing": {
				"allOf": [{"$ref": "#/components/schemas/Named"}],
				"properties": {
					"free": {"type": "object"},
					"open": {"type": "object", "properties": {"a": {}}, "additionalProperties": true},
					"map": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Named"}},
					"maybe": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Named"}]},
					"parts": {
						"type": "array",
						"items": {"oneOf": [{"$ref": "#/components/schemas/Wheel"}, {"$ref": "#/components/schemas/Door"}]}
					},
					"inner": {"$ref": "#/components/schemas/Thing"}
				}
			},
			"Wheel": {
				"type": "object",
				"properties": {"type": {"type": "integer", "enum": [1]}, "size": {"type": "integer", "maximum": 20}},
				"required": ["type", "size"]
			},
			"Door": {
				"type": "object",
				"properties": {"type": {"type": "integer", "enum": [2]}, "colour": {"type": "string"}},
				"required": ["type"]
			},
			"Circle": {"$ref": "#/components/schemas/Circle"}
		}
	}
}`

func parseSmall(t *testing.T) *Description {
	t.Helper()
	d, err := parse([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestFind(t *testing.T) {
	t.Parallel()
	d := parseSmall(t)
	for _, tt := range []struct{ method, path, want, wantErr string }{
		{"GET", "/things/7", "get_thing", ""},
		{"get", "/things/7/", "get_thing", ""},
		{"PUT", "/things/7", "put_thing", ""},
		{"PUT", "/things/@first", "put_first_thing", ""},
		{"GET", "/things/@first", "get_thing", ""},
		{"PUT", "/api/things/@first", "put_first_thing", ""},
		{"PUT", "/api/v9/things/@first?wait=true&x=/things", "put_first_thing", ""},
		{"PUT", "/apis/things/@first", "", "has no path /apis/things/@first"},
		{"PUT", "/api/vX/things/7", "", "has no path"},
		{"POST", "/things/7", "", "takes no POST"},
		{"PARAMETERS", "/things/7", "", "takes no PARAMETERS"},
		{"GET", "/things", "", "has no path /things"},
		{"GET", "/", "", "has no path"},
		{"GET", "", "", "has no path"},
	} {
		op, err := d.find(tt.method, tt.path)
		if op.id != tt.want || (err == nil) != (tt.wantErr == "") || err != nil && !strings.Contains(err.Error(), tt.wantErr) {
			t.Errorf("find(%s %s) = %q, %v; want %q, %q", tt.method, tt.path, op.id, err, tt.want, tt.wantErr)
		}
	}
}

func TestSchemaAndKeys(t *testing.T) {
	t.Parallel()
	d := parseSmall(t)
	for _, tt := range []struct{ name, body, want string }{
		{"key of an allOf", `{"name":"abc"}`, ""},
		{"limit of an allOf", `{"name":"abcd"}`, ".name is wrong: maxLength: got 4, want 3"},
		{"unknown key", `{"nam":"abc"}`, ".nam is a key that Discord doesn't know"},
		{"free object", `{"free":{"anything":{"at":"all"}}}`, ""},
		{"open object", `{"open":{"b":1}}`, ""},
		{"map", `{"map":{"one":{"name":"a"}}}`, ""},
		{"key in a map", `{"map":{"one":{"nam":"a"}}}`, ".map.one.nam is a key that Discord doesn't know"},
		{"null of a union", `{"maybe":null}`, ""},
		{"object of a union", `{"maybe":{"name":"abcd"}}`, ".maybe.name is wrong: maxLength: got 4, want 3"},
		{"neither of a union", `{"maybe":7}`, ".maybe is of a type that is not allowed here"},
		{"one of two", `{"parts":[{"type":1,"size":20},{"type":2,"colour":"red"}]}`, ""},
		{"limit of the one meant", `{"parts":[{"type":1,"size":21}]}`, ".parts[0].size is wrong: maximum: got 21, want 20"},
		{"missing in the one meant", `{"parts":[{"type":2},{"type":1}]}`, ".parts[1] is wrong: missing property 'size'"},
		{"key of the other", `{"parts":[{"type":2,"size":1}]}`, ".parts[0].size is a key that Discord doesn't know"},
		{"neither of two", `{"parts":[{"type":3}]}`, ".parts[0] is of a type that is not allowed here"},
		{"within itself", `{"inner":{"inner":{"inner":{"x":1}}}}`, ".inner.inner.inner.x is a key that Discord doesn't know"},
		{"all are told, in order", `{"name":"abcd","z":1,"a":1}`, ".name is wrong: maxLength: got 4, want 3\n" +
			".a is a key that Discord doesn't know\n" +
			".z is a key that Discord doesn't know"},
		{"no object", `[{"name":"abcd"}]`, "body is wrong: got array, want object"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if err := d.CheckRequest("PUT", "/things/7", []byte(tt.body)); err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, tt.want)
			}
		})
	}
}

func TestDescriptionAtFault(t *testing.T) {
	t.Parallel()
	d := parseSmall(t)
	err := d.CheckRequest("PUT", "/broken", []byte(`{}`))
	if fault := new(Fault); err == nil || errors.As(err, &fault) || !strings.Contains(err.Error(), "compile schema") {
		t.Errorf("broken reference: got %v, want an error of the description, not a fault of the body", err)
	}
	if err := d.CheckRequest("PUT", "/things/7/picture", []byte(`{}`)); err == nil || !strings.Contains(err.Error(), "takes no JSON body") {
		t.Errorf("JSON for a picture: got %v", err)
	}
	circle := map[string]any{"$ref": "#/components/schemas/Circle"}
	if got := str(d.resolve(circle)["$ref"]); got != circle["$ref"] {
		t.Errorf("circle resolves to %q, want it given up as it is", got)
	}
}

// A schema is compiled when it is first needed, and then kept.
func TestCompilesOnce(t *testing.T) {
	t.Parallel()
	d := parseSmall(t)
	if len(d.compiled) != 0 {
		t.Errorf("%d schemas compiled at the start, want none", len(d.compiled))
	}
	for range 3 {
		if err := d.CheckRequest("PUT", "/things/7", []byte(`{}`)); err != nil {
			t.Error(err)
		}
	}
	if len(d.compiled) != 1 {
		t.Errorf("%d schemas compiled for one operation, want 1", len(d.compiled))
	}
}

func TestAdapt(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, operation, body, key string }{
		{"permissions", "bulk_set_application_commands", `[{"default_member_permissions":"8"}]`, "json.Number"},
		{"not digits", "bulk_set_application_commands", `[{"default_member_permissions":"-8"}]`, "string"},
		{"another operation", "create_message", `[{"default_member_permissions":"8"}]`, "string"},
		{"no number at all", "bulk_set_application_commands", `[{"default_member_permissions":"99999999999999999999"}]`, "string"},
	} {
		value, err := decode([]byte(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		adapt(tt.operation, value)
		got := "json.Number"
		if _, ok := object(list(value)[0])["default_member_permissions"].(string); ok {
			got = "string"
		}
		if got != tt.key {
			t.Errorf("%s: got a %s, want a %s", tt.name, got, tt.key)
		}
	}
}
