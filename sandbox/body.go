package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
)

const (
	maxJSON       = 1 << 20
	maxMultipart  = 25 << 20
	maxFile       = 10 << 20
	maxFiles      = 10
	maxPartHeader = 64
)

// upload is one file of a multipart body.
type upload struct {
	id       string // n of files[n]
	filename string
	data     []byte
}

// payload is a request's body: JSON, or JSON and files.
type payload struct {
	raw   json.RawMessage
	value any
	files []upload
}

// mediaType is a content type without its parameters, "" where it is none.
func mediaType(header string) string {
	kind, _, err := mime.ParseMediaType(header)
	if err != nil {
		return ""
	}
	return kind
}

// readPayload reads a body of either form within its bounds. A body that is missing is
// an empty payload.
func readPayload(w http.ResponseWriter, r *http.Request) (payload, error) {
	if r.Body == nil || r.ContentLength == 0 {
		return payload{}, nil
	}
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err == nil && kind == "multipart/form-data" {
		r.Body = http.MaxBytesReader(w, r.Body, maxMultipart)
		return readMultipart(multipart.NewReader(r.Body, params["boundary"]))
	}
	if r.ContentLength < 0 && kind == "" {
		return payload{}, nil
	}
	if kind != "application/json" {
		return payload{}, &apiError{
			Status: http.StatusBadRequest, Code: 50035, Message: "Invalid Form Body",
			Errors: oneFault("_misc", "CONTENT_TYPE_INVALID", "Expected \"Content-Type\" header to be one of {'application/json', 'multipart/form-data'}."),
		}
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxJSON))
	if err != nil {
		return payload{}, tooLarge(err)
	}
	return decodePayload(raw, nil)
}

func oneFault(key, code, message string) *spot {
	root := &spot{}
	root.at(key).fail(code, "%s", message)
	return root
}

func tooLarge(err error) error {
	if limit := new(http.MaxBytesError); errors.As(err, &limit) {
		return refuse(40005)
	}
	return fmt.Errorf("sandbox: reading a body: %w", err)
}

func decodePayload(raw []byte, files []upload) (payload, error) {
	p := payload{raw: raw, files: files}
	if len(raw) == 0 {
		p.value = map[string]any{}
		return p, nil
	}
	if err := decodeNumbers(raw, &p.value); err != nil {
		return payload{}, refuse(50109)
	}
	return p, nil
}

// readMultipart takes payload_json and files[n] in any order.
func readMultipart(r *multipart.Reader) (payload, error) {
	var raw []byte
	var files []upload
	for n := 0; ; n++ {
		part, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return decodePayload(raw, files)
		}
		if err != nil || n >= maxPartHeader {
			return payload{}, badMultipart(err)
		}
		switch name := part.FormName(); {
		case name == "payload_json":
			raw, err = readPart(part, maxJSON)
		case fileIndex(name) != "":
			var data []byte
			data, err = readPart(part, maxFile)
			files = append(files, upload{id: fileIndex(name), filename: part.FileName(), data: data})
		}
		if err != nil {
			return payload{}, err
		}
		if len(files) > maxFiles {
			return payload{}, refuse(30015)
		}
	}
}

func badMultipart(err error) error {
	if limit := new(http.MaxBytesError); errors.As(err, &limit) {
		return refuse(40005)
	}
	return refuse(50109)
}

func readPart(part *multipart.Part, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(part, limit+1))
	if err != nil {
		return nil, badMultipart(err)
	}
	if int64(len(data)) > limit {
		return nil, refuse(40005)
	}
	return data, nil
}

// fileIndex is the n of files[n], and "" for any other name.
func fileIndex(name string) string {
	id, ok := strings.CutPrefix(name, "files[")
	if !ok {
		return ""
	}
	id, ok = strings.CutSuffix(id, "]")
	if _, is := snowflake(id); !ok || !is {
		return ""
	}
	return id
}
