package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// CheckLog judges every request of a log, an object of entries with method, path and body
// such as a stand-in for Discord keeps, and says how many of them there were. Requests
// without a body count where Discord knows the operation. What a stand-in refused is
// judged like the rest.
func (d *Description) CheckLog(raw []byte) (checked int, err error) {
	var log struct {
		Entries []struct {
			Kind, Method, Path string
			Body               json.RawMessage
		}
	}
	if err := json.Unmarshal(raw, &log); err != nil {
		return 0, fmt.Errorf("openapi: read log: %w", err)
	}
	var faults []error
	for _, e := range log.Entries {
		if e.Method == "" {
			continue // a frame of the gateway
		}
		if e.Kind == "endpoint" && len(e.Body) == 0 {
			continue // the answer came another way
		}
		checked++
		if err := d.checkEntry(e.Method, e.Path, e.Body); err != nil {
			faults = append(faults, fmt.Errorf("%s %s: %w\n%s", e.Method, e.Path, err, e.Body))
		}
	}
	return checked, errors.Join(faults...)
}

// checkEntry takes an operation that needs a body and got none for a request that was cut
// off before it was read.
func (d *Description) checkEntry(method, path string, body json.RawMessage) error {
	if len(body) == 0 || bytes.Equal(body, []byte("null")) {
		_, err := d.find(method, path)
		return err
	}
	return d.CheckRequest(method, path, body)
}
