package sandbox_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"sitrep/sandbox"
)

// object is JSON as a bot without a library would write it.
type object = map[string]any

// room is a sandbox on a port with a small bot logged in to it.
type room struct {
	t    *testing.T
	box  *sandbox.Sandbox
	url  string
	keys sandbox.Credentials
}

func newRoom(t *testing.T) *room {
	t.Helper()
	s := newSandbox(t)
	server := httptest.NewServer(s)
	t.Cleanup(func() { stop(server) })
	return &room{t: t, box: s, url: server.URL, keys: s.Credentials()}
}

// stop doesn't wait for streams of events, which have no end of their own.
func stop(server *httptest.Server) {
	server.CloseClientConnections()
	server.Close()
}

func newSandbox(t *testing.T) *sandbox.Sandbox {
	t.Helper()
	s, err := sandbox.Open(sandbox.Options{Limits: sandbox.Limits{Global: -1, Messages: -1, Others: -1}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
	})
	return s
}

// send makes a request as the bot and wants it taken.
func (r *room) send(method, path string, body any) []byte {
	r.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		r.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.url+path, bytes.NewReader(raw))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bot "+r.keys.Token)
	return r.taken(req)
}

func (r *room) taken(req *http.Request) []byte {
	r.t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Error(err)
		return nil
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode > 299 {
		r.t.Errorf("%s %s answered %d %s (%v), want it taken", req.Method, req.URL.Path, resp.StatusCode, raw, err)
	}
	return raw
}

// channel is the id of a channel of the one server, member that of a member.
func (r *room) channel(name string) string { return r.named("channels", name) }

func (r *room) member(name string) string { return r.named("members", name) }

func (r *room) named(list, name string) string {
	r.t.Helper()
	var state struct{ Guilds []map[string]json.RawMessage }
	if err := json.Unmarshal(r.send(http.MethodGet, "/sandbox/state", nil), &state); err != nil {
		r.t.Fatal(err)
	}
	var all []struct{ ID, Name string }
	if err := json.Unmarshal(state.Guilds[0][list], &all); err != nil {
		r.t.Fatal(err)
	}
	for _, one := range all {
		if one.Name == name {
			return one.ID
		}
	}
	r.t.Fatalf("none of the %s is %s", list, name)
	return ""
}

// post writes a message as the bot, and returns its id.
func (r *room) post(channel string, message object) string {
	r.t.Helper()
	var made struct{ ID string }
	raw := r.send(http.MethodPost, "/api/v10/channels/"+r.channel(channel)+"/messages", message)
	if err := json.Unmarshal(raw, &made); err != nil {
		r.t.Error(err)
	}
	return made.ID
}

// postPicture posts a card with a picture of 2 by 1 pixels.
func (r *room) postPicture(channel, alt string) {
	r.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	message, err := json.Marshal(object{
		"flags":       1 << 15,
		"attachments": []object{{"id": "0", "filename": "positions.png", "description": alt}},
		"components": []object{{"type": 12, "items": []object{
			{"media": object{"url": "attachment://positions.png"}, "description": alt},
			{"media": object{"url": "https://pictures.example.org/a.png"}, "description": "A picture from elsewhere"},
		}}},
	})
	if err != nil {
		r.t.Fatal(err)
	}
	told := form.WriteField("payload_json", string(message))
	file, err := form.CreateFormFile("files[0]", "positions.png")
	if err := errors.Join(told, err, png.Encode(file, image.NewGray(image.Rect(0, 0, 2, 1))), form.Close()); err != nil {
		r.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.url+"/api/v10/channels/"+r.channel(channel)+"/messages", &body)
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.Header.Set("Authorization", "Bot "+r.keys.Token)
	r.taken(req)
}

// frame is what the gateway sends, as far as the bot reads it.
type frame struct {
	Op   int    `json:"op"`
	Type string `json:"t"`
	Data struct {
		ID, Token string
		Type      int
		Data      struct {
			Name     string
			CustomID string `json:"custom_id"`
			TargetID string `json:"target_id"`
			Values   []string
			Options  []struct {
				Name    string
				Value   any
				Focused bool
			}
			Components []struct{ Components []struct{ Value string } }
		}
		Member struct{ User struct{ Username string } }
	} `json:"d"`
}

// bot registers the commands, logs in and answers until the test ends. It has logged in
// when bot returns.
func (r *room) bot() {
	r.t.Helper()
	r.send(http.MethodPut, "/api/v10/applications/"+r.keys.ApplicationID+"/commands", botCommands())
	line, resp, err := websocket.DefaultDialer.DialContext(r.t.Context(), strings.Replace(r.url, "http", "ws", 1)+"/gateway?v=10&encoding=json", nil)
	if err != nil {
		r.t.Fatalf("dialling the gateway: %v (%v)", err, resp)
	}
	ready, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		r.listen(line, ready)
	}()
	r.t.Cleanup(func() {
		_ = line.Close()
		<-done
	})
	select {
	case <-ready:
	case <-done:
		r.t.Fatal("the gateway ended before READY")
	}
}

func (r *room) listen(line *websocket.Conn, ready chan struct{}) {
	for {
		var f frame
		if err := line.ReadJSON(&f); err != nil {
			return // the room closed it
		}
		switch {
		case f.Op == 10:
			err := line.WriteJSON(object{"op": 2, "d": object{"token": r.keys.Token, "intents": 1, "properties": object{"os": "", "browser": "", "device": ""}}})
			if err != nil {
				r.t.Errorf("identifying: %v", err)
			}
		case f.Type == "READY":
			close(ready)
		case f.Type == "INTERACTION_CREATE":
			r.answer(f)
		}
	}
}

func (r *room) answer(f frame) {
	reply := botReply(f)
	if reply == nil {
		return // silence, until the member is told so
	}
	raw, err := json.Marshal(reply)
	if err != nil {
		r.t.Error(err)
		return
	}
	req, err := http.NewRequest(http.MethodPost, fmt.Sprintf("%s/api/v10/interactions/%s/%s/callback", r.url, f.Data.ID, f.Data.Token), bytes.NewReader(raw))
	if err != nil {
		r.t.Error(err)
		return
	}
	req.Header.Set("Content-Type", "application/json")
	if f.Data.Data.Name == "broken" {
		if resp, err := http.DefaultClient.Do(req); err != nil || resp.Body.Close() != nil || resp.StatusCode != http.StatusBadRequest {
			r.t.Errorf("the answer that breaks a rule was taken (%v)", err)
		}
		return
	}
	r.taken(req)
}

func botCommands() []object {
	return []object{
		{"name": "talks", "description": "What the talks have come to", "options": []object{
			{"type": 3, "name": "known", "description": "As it was known on a day"},
		}},
		{"name": "actors", "description": "Who is that", "options": []object{
			{"type": 3, "name": "name", "description": "Whose profile", "required": true, "autocomplete": true},
		}},
		{
			"name": "silent", "description": "Never answers",
			"name_localizations": object{"de": "stumm"}, "description_localizations": object{"de": "Antwortet nie"},
		},
		{"name": "broken", "description": "Answers with too much", "options": []object{
			{"type": 4, "name": "count", "description": "How many", "min_value": 1, "max_value": 9},
			{"type": 7, "name": "where", "description": "Which channel"},
			{"type": 3, "name": "note", "description": "Some words", "min_length": 2},
		}},
		{"name": "desk", "description": "Keep the briefing", "default_member_permissions": "8192", "options": []object{
			{"type": 1, "name": "edit", "description": "Change an item"},
		}},
		{"name": "Brief this", "type": 3, "default_member_permissions": "8192"},
	}
}

// botReply is the callback for an interaction.
func botReply(f frame) object {
	d := f.Data.Data
	switch {
	case f.Data.Type == 4:
		return object{"type": 8, "data": object{"choices": botChoices(d.Options[0].Value)}}
	case f.Data.Type == 5 && d.Components[0].Components[0].Value == "silence":
		return nil
	case f.Data.Type == 5:
		return private("Saved " + d.Components[0].Components[0].Value + " for " + f.Data.Member.User.Username)
	case d.CustomID == "more":
		return object{"type": 7, "data": object{"components": card("# Talks, deeper", false)}}
	case d.CustomID == "who":
		return private("Chosen: " + strings.Join(d.Values, " and "))
	case d.Name == "talks":
		return object{"type": 4, "data": object{"flags": 1<<15 | 1<<6, "components": card("# Talks\n**Unchanged**", true)}}
	case d.Name == "broken":
		return private(strings.Repeat("x", 2001))
	case d.Name == "actors":
		return private(fmt.Sprintf("Profile of %v", d.Options[0].Value))
	case d.Name == "Brief this":
		return private("Briefed " + d.TargetID)
	case d.Name == "desk":
		return object{"type": 9, "data": object{"custom_id": "edit", "title": "Edit figure", "components": []object{
			{"type": 1, "components": []object{{"type": 4, "custom_id": "value", "label": "Value", "style": 1, "value": "612"}}},
		}}}
	}
	return nil
}

func private(text string) object {
	return object{"type": 4, "data": object{"flags": 1 << 6, "content": text}}
}

func card(text string, withParts bool) []object {
	inside := []object{{"type": 10, "content": text}}
	if withParts {
		inside = append(inside,
			object{"type": 14},
			object{"type": 1, "components": []object{{"type": 3, "custom_id": "who", "placeholder": "Pick people", "max_values": 2, "options": []object{
				{"label": "Budanov", "value": "a6"}, {"label": "Umerov", "value": "a7"}, {"label": "Witkoff", "value": "a2"},
			}}}},
			object{"type": 1, "components": []object{{"type": 2, "style": 1, "label": "Go deeper", "custom_id": "more"}}})
	}
	return []object{{"type": 17, "accent_color": 0x0072B2, "components": inside}}
}

func botChoices(typed any) []object {
	list := []object{}
	for value, name := range map[string]string{"a6": "Kyrylo Budanov", "a7": "Rustem Umerov"} {
		if strings.Contains(strings.ToLower(name), strings.ToLower(fmt.Sprint(typed))) {
			list = append(list, object{"name": name, "value": value})
		}
	}
	return list
}
