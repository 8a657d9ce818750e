package openapi

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

const createInteractionResponse = "create_interaction_response"

// An operation is one method on one path.
type operation struct {
	id       string
	method   string
	segments []string
	schema   map[string]any // of the JSON body; nil where there is none
	pointer  string         // to schema
}

func operations(paths map[string]any) []operation {
	var all []operation
	for path, item := range paths {
		for method, value := range object(item) {
			o := object(value)
			if o["operationId"] == nil {
				continue // what all methods share, such as parameters
			}
			content := object(object(object(o["requestBody"])["content"])["application/json"])
			op := operation{id: str(o["operationId"]), method: strings.ToUpper(method), segments: split(path)}
			if schema := object(content["schema"]); len(schema) > 0 {
				op.schema = schema
				op.pointer = "/paths/" + strings.ReplaceAll(path, "/", "~1") + "/" + method +
					"/requestBody/content/application~1json/schema"
			}
			all = append(all, op)
		}
	}
	return all
}

var versionPattern = regexp.MustCompile(`^/api(/v[0-9]+)?(/|$)`)

// find takes the operation whose template has the most words in common with the
// path: messages/@original comes before messages/{message_id}.
func (d *Description) find(method, path string) (operation, error) {
	bare, _, _ := strings.Cut(path, "?")
	segments := split(versionPattern.ReplaceAllString(bare, "/"))
	best, bestWords := operation{}, -1
	known := false
	for _, op := range d.operations {
		words, ok := match(op.segments, segments)
		if !ok {
			continue
		}
		known = true
		if op.method == strings.ToUpper(method) && words > bestWords {
			best, bestWords = op, words
		}
	}
	switch {
	case bestWords >= 0:
		return best, nil
	case known:
		return operation{}, fmt.Errorf("openapi: Discord's %s takes no %s", bare, method)
	default:
		return operation{}, fmt.Errorf("openapi: Discord has no path %s", bare)
	}
}

func split(path string) []string { return strings.Split(strings.Trim(path, "/"), "/") }

// match counts the segments that are equal word by word.
func match(template, path []string) (words int, ok bool) {
	if len(template) != len(path) {
		return 0, false
	}
	for i, t := range template {
		switch {
		case t == path[i]:
			words++
		case !strings.HasPrefix(t, "{") || path[i] == "":
			return 0, false
		}
	}
	return words, true
}

// adapt changes a decoded body where the description is wrong and Discord's
// documentation right: permissions are a string of digits there, and the ids of
// attachments may be numbers.
func adapt(operationID string, value any) {
	if strings.Contains(operationID, "_application_command") {
		for _, command := range append(list(value), value) {
			c := object(command)
			if digits, ok := c["default_member_permissions"].(string); ok {
				if _, err := strconv.ParseUint(digits, 10, 63); err == nil {
					c["default_member_permissions"] = json.Number(digits)
				}
			}
		}
	}
	for _, message := range []map[string]any{object(value), object(object(value)["data"])} {
		for _, attachment := range list(message["attachments"]) {
			if id, ok := object(attachment)["id"].(json.Number); ok {
				object(attachment)["id"] = id.String()
			}
		}
	}
}
