package bot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/textproto"
)

// An upload is a file that goes along with a message.
type upload struct {
	name string // letters, digits, "-", "_" and one ending
	kind string // its MIME type
	data []byte
}

// encode writes a body as Discord takes it: JSON, or with files a form whose
// first part is that JSON.
// https://docs.discord.com/developers/reference#uploading-files
func encode(body any) (contentType string, data []byte, err error) {
	data, err = json.Marshal(body)
	if err != nil {
		return "", nil, err
	}
	carrier, ok := body.(interface{ uploads() []upload })
	if !ok || len(carrier.uploads()) == 0 {
		return "application/json", data, nil
	}
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	err = part(w, "payload_json", "", "application/json", data)
	for i, u := range carrier.uploads() {
		if err == nil {
			err = part(w, fmt.Sprintf("files[%d]", i), u.name, u.kind, u.data)
		}
	}
	if err == nil {
		err = w.Close()
	}
	return w.FormDataContentType(), form.Bytes(), err
}

func part(w *multipart.Writer, name, file, kind string, data []byte) error {
	disposition := fmt.Sprintf(`form-data; name=%q`, name)
	if file != "" {
		disposition += fmt.Sprintf(`; filename=%q`, file)
	}
	p, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {disposition}, "Content-Type": {kind}})
	if err != nil {
		return err
	}
	_, err = p.Write(data)
	return err
}
