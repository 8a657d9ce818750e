package clients_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"sitrep/sandbox"
)

// patience is how long anything may take on a slow machine.
const patience = 60 * time.Second

type obj = map[string]any

// stand is a sandbox, and a bot that runs on it.
type stand struct {
	t     *testing.T
	url   string
	creds string // the line that the bot is told
	lines chan string
	// undescribed holds of a bot whose library can't describe the files it uploads.
	undescribed bool
}

func newStand(t *testing.T) *stand {
	t.Helper()
	s, err := sandbox.Open(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
		server.Close()
	})
	line, err := json.Marshal(struct {
		sandbox.Credentials
		BaseURL string `json:"base_url"`
	}{s.Credentials(), server.URL})
	if err != nil {
		t.Fatal(err)
	}
	return &stand{t: t, url: server.URL, creds: string(line), lines: make(chan string, 100)}
}

// run starts a bot as a process and returns what tells it to end and waits until it has.
func (s *stand) run(command string, args ...string) (end func()) {
	s.t.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(s.t.Context()), command, args...)
	cmd.Env = append(os.Environ(), "SANDBOX="+s.creds)
	var said bytes.Buffer
	cmd.Stderr = &said
	in, err := cmd.StdinPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	read := make(chan struct{})
	go func() {
		defer close(read)
		defer close(s.lines)
		for scan := bufio.NewScanner(out); scan.Scan(); {
			s.lines <- scan.Text()
		}
	}()
	ended := false
	wait := func() {
		if ended {
			return
		}
		ended = true
		_ = in.Close() // a bot that has ended already is told by its status
		timer := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
		defer timer.Stop()
		<-read
		if err := cmd.Wait(); err != nil || said.Len() > 0 {
			s.t.Errorf("the bot ended with %v; it said:\n%s", err, said.String())
		}
	}
	s.t.Cleanup(wait)
	return wait
}

// await waits for a line of the bot's and returns those before it.
func (s *stand) await(want string) (before []string) {
	s.t.Helper()
	late := time.After(patience)
	for {
		select {
		case line, open := <-s.lines:
			if !open {
				s.t.Fatalf("the bot ended before it said %q, after %q", want, before)
			}
			if line == want {
				return before
			}
			before = append(before, line)
		case <-late:
			s.t.Fatalf("the bot never said %q, but %q", want, before)
		}
	}
}

// control drives the sandbox.
func (s *stand) control(method, path string, body any) obj {
	s.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+"/sandbox/"+path, bytes.NewReader(raw))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	got, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil || resp.StatusCode != http.StatusOK {
		s.t.Fatalf("%s %s: %d %s, %v, want 200", method, path, resp.StatusCode, got, err)
	}
	var v obj
	if json.Unmarshal(got, &v) != nil {
		return obj{"list": json.RawMessage(got)}
	}
	return v
}

// act lets the reader do something and checks what comes of it.
func (s *stand) act(does obj, kind, text string) obj {
	s.t.Helper()
	does["user"] = "reader"
	got := s.control("POST", "interactions", does)
	if got["error"] != nil || got["kind"] != kind || !strings.HasPrefix(fmt.Sprint(got["text"]), text) {
		s.t.Errorf("%v = %v %v %q %v, want %s %q", does, got["error"], got["kind"], got["text"], got["reason"], kind, text)
	}
	return got
}

// channel is what the reader sees in the channel, as "author: text".
func (s *stand) channel() []string {
	s.t.Helper()
	var seen []string
	list, _ := s.control("GET", "channels/briefings/messages?as=reader", obj{})["messages"].([]any)
	for _, m := range list {
		m, _ := m.(obj)
		author, _ := m["author"].(obj)
		seen = append(seen, fmt.Sprint(author["username"], ": ", m["content"]))
	}
	return seen
}

// walk leads a bot that is ready through everything, and tells it to end.
func (s *stand) walk(end func()) {
	s.t.Helper()
	s.await("ready")
	s.answers()
	s.refusals()
	s.resumes()
	end()
	s.await("ended")
	s.log()
}

func (s *stand) answers() {
	s.t.Helper()
	s.act(obj{"command": "greet", "options": obj{"name": "ad"}, "focused": "name"}, "choices", "ad!")
	greeting := s.act(obj{"command": "greet", "options": obj{"name": "Ada"}}, "message", "Hello Ada")
	message, _ := greeting["message"].(obj)
	s.act(obj{"message": message["id"], "custom_id": "pick", "values": []string{"b"}}, "message", "Chose b")
	s.act(obj{"message": message["id"], "custom_id": "press"}, "update", "Pressed")
	s.act(obj{"command": "form"}, "modal", "A form\nValue")
	form := s.act(obj{"modal": "form", "fields": obj{"value": "42"}}, "message", "Form: 42")
	if form["ephemeral"] != true {
		s.t.Errorf("the form's answer = %v, want it ephemeral", form)
	}
	s.act(obj{"command": "slow"}, "message", "") // what was edited, or already what followed
	s.await("followed up")
	uploaded, _ := s.act(obj{"command": "upload"}, "message", "Uploaded")["message"].(obj)
	files, _ := uploaded["attachments"].([]any)
	if len(files) != 1 {
		s.t.Fatalf("attachments = %v, want one", files)
	}
	described := any("What a note says")
	if s.undescribed {
		described = nil
	}
	if file, _ := files[0].(obj); file["filename"] != "note.txt" || file["description"] != described {
		s.t.Errorf("file = %v, want note.txt with its description %v", file, described)
	}
	s.control("POST", "channels/briefings/messages", obj{"user": "reader", "content": "Good morning"})
	s.await("heard Good morning")
	s.act(obj{"command": "read"}, "message", "Read: Good morning")
	s.act(obj{"menu": "Quote", "message": message["id"]}, "message", "Quote: Pressed by sitrep")
	for _, want := range []string{"sitrep: Pressed", "sitrep: Chose b", "sitrep: Form: 42", "sitrep: Edited", "sitrep: Followed up", "sitrep: Uploaded"} {
		if seen := s.channel(); !slices.Contains(seen, want) {
			s.t.Errorf("the channel shows %q, want %q among it", seen, want)
		}
	}
}

// refusals has the sandbox limit one request and fail at another; a bot gets over both.
func (s *stand) refusals() {
	s.t.Helper()
	const route = "POST /channels/*/messages"
	s.control("PUT", "faults", []obj{
		{"match": route, "times": 1, "status": 429, "retry_after": 0.2, "scope": "shared"},
		{"match": route, "times": 1, "status": 500},
	})
	s.act(obj{"command": "post"}, "message", "Done: Posted")
	var faults []struct{ Used int }
	if err := json.Unmarshal(s.control("GET", "faults", obj{})["list"].(json.RawMessage), &faults); err != nil {
		s.t.Fatal(err)
	}
	for i, f := range faults {
		if f.Used != 1 {
			s.t.Errorf("fault %d struck %d times, want once", i, f.Used)
		}
	}
	posted := slices.DeleteFunc(s.channel(), func(m string) bool { return m != "sitrep: Posted" })
	if len(posted) != 1 {
		s.t.Errorf("%d messages were posted, want one", len(posted))
	}
}

// resumes ends the connection in the ways after which a client comes back for more. It is
// told once of what it missed.
func (s *stand) resumes() {
	s.t.Helper()
	for _, fault := range []obj{{"close": 4000}, {"cut": "before"}, {"op": 7}} {
		fault["match"], fault["times"] = "NOW", 1
		missed := fmt.Sprint("After ", fault)
		s.control("PUT", "faults", []obj{fault})
		s.control("POST", "channels/briefings/messages", obj{"user": "reader", "content": missed})
		if before := s.await("resumed"); !slices.Contains(before, "heard "+missed) {
			s.await("heard " + missed)
		}
		s.act(obj{"command": "read"}, "message", "Read: "+missed)
	}
}

// log checks what the sandbox made of all the bot's requests, and how it left.
func (s *stand) log() {
	s.t.Helper()
	raw, err := json.Marshal(s.control("GET", "log", obj{})["entries"])
	if err != nil {
		s.t.Fatal(err)
	}
	var entries []struct {
		Kind, Method, Path, Verdict, Direction string
		Status                                 int
		Op                                     *int
	}
	if err := json.Unmarshal(raw, &entries); err != nil {
		s.t.Fatal(err)
	}
	refused, identified, left := []string{}, 0, 0
	for _, e := range entries {
		switch {
		case e.Kind == "rest" && e.Status >= 400:
			refused = append(refused, fmt.Sprint(e.Status, " ", e.Method))
		case e.Op != nil && *e.Op == 2 && e.Direction == "in":
			identified++
		case e.Verdict == "closed" && e.Direction == "in":
			left = e.Status
		}
	}
	slices.Sort(refused)
	if want := []string{"400 PUT", "401 GET", "429 POST", "500 POST"}; !slices.Equal(refused, want) {
		s.t.Errorf("refused requests = %q, want those that were meant to be: %q", refused, want)
	}
	if identified != 1 {
		s.t.Errorf("%d logins, want one and resumes", identified)
	}
	if left != 1000 {
		s.t.Errorf("the bot left with close code %d, want 1000", left)
	}
}
