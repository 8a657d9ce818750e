package sandbox

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
)

func codeOf(v map[string]any) int { return intOf(v["code"]) }

func TestRefusals(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	digests := "/channels/" + s.channelID("digests")
	app := "/applications/" + s.credentials.ApplicationID
	for _, tt := range []struct {
		method, path string
		token        string
		body         any
		status, code int
	}{
		{"GET", "/users/@me", "wrong", nil, 401, 0},
		{"GET", "/users/@me", "", nil, 401, 0},
		{"GET", "/nowhere", s.credentials.Token, nil, 404, 0},
		{"DELETE", "/users/@me", s.credentials.Token, nil, 405, 0},
		{"GET", "/channels/1", s.credentials.Token, nil, 404, 10003},
		{"GET", "/guilds/1", s.credentials.Token, nil, 404, 10004},
		{"GET", digests + "/messages/1", s.credentials.Token, nil, 404, 10008},
		{"GET", digests + "/messages?limit=101", s.credentials.Token, nil, 400, 50035},
		{"POST", digests + "/messages", s.credentials.Token, obj{"content": "  "}, 400, 50006},
		{"POST", digests + "/messages", s.credentials.Token, obj{"content": letters(2001)}, 400, 50035},
		{"POST", digests + "/messages", s.credentials.Token, obj{"content": letters(maxJSON)}, 413, 40005},
		{"POST", digests + "/messages", s.credentials.Token, obj{"content": "x", "nonce": strings.Repeat("n", 26)}, 400, 50035},
		{"POST", "/interactions/1/none/callback", "", obj{"type": 4}, 404, 10062},
		{"PATCH", "/webhooks/" + s.credentials.ApplicationID + "/none/messages/@original", "", obj{"content": "x"}, 404, 10015},
		{"POST", app + "/commands", s.credentials.Token, obj{"name": "Bad"}, 400, 50035},
		{"GET", app + "/commands/1", s.credentials.Token, nil, 404, 10063},
		{"GET", "/applications/1/commands", s.credentials.Token, nil, 403, 20012},
	} {
		status, got := s.send(tt.method, "/api/v10"+tt.path, tt.token, tt.body)
		if status != tt.status || codeOf(got) != tt.code {
			t.Errorf("%s %s: %d %v, want %d with code %d", tt.method, tt.path, status, got, tt.status, tt.code)
		}
	}
	if status, got := s.send("GET", "/api/v8/gateway", "", nil); status != 400 || codeOf(got) != 50041 {
		t.Errorf("version 8: %d %v, want 400 with code 50041", status, got)
	}
}

func TestMessageLife(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	path := "/channels/" + s.channelID("digests") + "/messages"
	var ids []string
	for i := range 5 {
		_, got := s.bot("POST", path, obj{"content": fmt.Sprint(i)})
		ids = append(ids, textOf(got["id"]))
	}
	for query, want := range map[string]string{
		"": "43210", "?limit=2": "43", "?before=" + ids[2]: "10", "?after=" + ids[2]: "43", "?around=" + ids[2] + "&limit=3": "321",
	} {
		_, got := s.bot("GET", path+query, nil)
		text := ""
		for _, m := range got["list"].(list) {
			text += textOf(objectOf(m)["content"])
		}
		if text != want {
			t.Errorf("GET %s = %s, want %s", query, text, want)
		}
	}
	if status, got := s.bot("PATCH", path+"/"+ids[0], obj{"content": "new", "ID": ids[0], "Channel": "x"}); status != 200 || got["content"] != "new" || got["edited_timestamp"] == nil {
		t.Errorf("PATCH = %d %v, want the new text", status, got)
	}
	if status, got := s.bot("PATCH", path+"/"+ids[0], v2(display(1))); status != 400 {
		t.Errorf("PATCH to V2 with text left over = %d %v, want 400", status, got)
	}
	if status, _ := s.bot("DELETE", path+"/"+ids[0], nil); status != 204 {
		t.Errorf("DELETE = %d, want 204", status)
	}
	written := s.control("POST", "channels/digests/messages", obj{"user": "reader", "content": "Hi"})
	other := path + "/" + textOf(written["id"])
	if status, got := s.bot("PATCH", other, obj{"content": "x"}); status != 403 || codeOf(got) != 50005 {
		t.Errorf("editing another's message: %d %v, want 50005", status, got)
	}
	if status, got := s.bot("DELETE", other, nil); status != 403 || codeOf(got) != 50013 {
		t.Errorf("deleting another's message: %d %v, want 50013", status, got)
	}
}

func TestEnforcedNonce(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	path := "/channels/" + s.channelID("digests") + "/messages"
	_, first := s.bot("POST", path, obj{"content": "a", "nonce": "n1", "enforce_nonce": true})
	status, again := s.bot("POST", path, obj{"content": "b", "nonce": "n1", "enforce_nonce": true})
	if status != 200 || again["id"] != first["id"] || again["content"] != "a" {
		t.Errorf("repeat = %d %v, want the first message", status, again)
	}
	if _, loose := s.bot("POST", path, obj{"content": "c", "nonce": "n1"}); loose["id"] == first["id"] {
		t.Error("a nonce that isn't enforced gave the first message, want a new one")
	}
	s.bot("DELETE", path+"/"+textOf(first["id"]), nil)
	if status, got := s.bot("POST", path, obj{"content": "a", "nonce": "n1", "enforce_nonce": true}); status != 404 || codeOf(got) != 10008 {
		t.Errorf("repeat of a deleted message = %d %v, want 10008", status, got)
	}
}

func TestCutAfterCommitLeavesTheMessage(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	path := "/channels/" + s.channelID("digests") + "/messages"
	s.control("PUT", "faults", list{obj{"match": "POST /channels/*/messages", "cut": "after", "times": 1}})
	req, err := http.NewRequest("POST", s.url+"/api/v10"+path, strings.NewReader(`{"content":"a","nonce":"n","enforce_nonce":true}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bot "+s.credentials.Token)
	if resp, err := http.DefaultClient.Do(req); err == nil {
		_ = resp.Body.Close()
		t.Errorf("the cut request answered %d, want a dropped connection", resp.StatusCode)
	}
	s.bot("POST", path, obj{"content": "a", "nonce": "n", "enforce_nonce": true})
	if _, got := s.bot("GET", path, nil); len(got["list"].(list)) != 1 {
		t.Errorf("messages = %v, want exactly one", got)
	}
}

func TestFaultsAnswer(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	for _, tt := range []struct {
		fault  obj
		status int
		header string
		want   string
	}{
		{obj{"match": "GET /users/@me", "status": 503}, 503, "Content-Type", "application/json"},
		{obj{"match": "GET /users/*", "status": 429, "retry_after": 1.5, "scope": "shared"}, 429, "X-Ratelimit-Scope", "shared"},
		{obj{"match": "GET /users/@me", "status": 429, "retry_after": 2, "scope": "global"}, 429, "X-Ratelimit-Global", "true"},
		{obj{"match": "GET /users/@me", "status": 429, "html": true}, 429, "Content-Type", "text/html; charset=utf-8"},
		{obj{"match": "GET /channels/*", "status": 500}, 200, "Content-Type", "application/json"},
	} {
		s.control("PUT", "faults", list{tt.fault})
		req, err := http.NewRequest("GET", s.url+"/api/users/@me", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bot "+s.credentials.Token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if got := resp.Header.Get(tt.header); resp.StatusCode != tt.status || got != tt.want {
			t.Errorf("%v: %d with %s %q, want %d with %q", tt.fault, resp.StatusCode, tt.header, got, tt.status, tt.want)
		}
	}
}

func TestRateLimits(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	path := "/channels/" + s.channelID("digests") + "/messages"
	for i := range 6 {
		status, got := s.bot("POST", path, obj{"content": "x"})
		want := 200
		if i == 5 {
			want = 429
		}
		if status != want {
			t.Errorf("message %d: %d %v, want %d", i, status, got, want)
		}
		if wait, _ := numberOf(got["retry_after"]); want == 429 && (wait <= 0 || wait > 5 || got["global"] != false) {
			t.Errorf("429 body = %v, want up to 5 s and not global", got)
		}
	}
	if status, got := s.bot("POST", "/channels/"+s.channelID("briefings")+"/messages", obj{"content": "x"}); status != 200 {
		t.Errorf("another channel: %d %v, want 200", status, got)
	}
}

// form posts a multipart body whose parts come in the given order.
func (s *stand) form(path string, parts ...[2]string) (int, map[string]any) {
	s.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, p := range parts {
		part, err := w.CreateFormField(p[0])
		if name, is := strings.CutPrefix(p[0], "file "); is {
			part, err = w.CreateFormFile(name, "a chart.png")
		}
		if err != nil {
			s.t.Fatal(err)
		}
		if _, err := io.WriteString(part, p[1]); err != nil {
			s.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		s.t.Fatal(err)
	}
	req, err := http.NewRequest("POST", s.url+"/api/v9"+path, &body)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("Authorization", "Bot "+s.credentials.Token)
	return s.do(req)
}

func TestUploads(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"", t.TempDir()} {
		s := newStand(t, Options{Dir: dir, Limits: unlimited()})
		path := "/channels/" + s.channelID("digests") + "/messages"
		file := [2]string{"file files[0]", "not really a picture"}
		payload := [2]string{"payload_json", `{"attachments":[{"id":0,"description":"A chart"}],"embeds":[{"image":{"url":"attachment://a_chart.png"}}]}`}
		for _, parts := range [][][2]string{{payload, file}, {file, payload}} {
			status, got := s.form(path, parts...)
			if status != 200 {
				t.Fatalf("upload: %d %v, want 200", status, got)
			}
			a := objectOf(listOf(got["attachments"])[0])
			shown := objectOf(objectOf(listOf(got["embeds"])[0])["image"])["url"]
			if a["filename"] != "a_chart.png" || a["description"] != "A chart" || shown != a["url"] {
				t.Errorf("attachment = %v shown at %v, want the described chart", a, shown)
			}
			resp, err := http.Get(textOf(a["url"]))
			if err != nil {
				t.Fatal(err)
			}
			raw, err := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			if err != nil || string(raw) != file[1] || resp.Header.Get("Content-Type") != "image/png" || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("the file came back as %q, %v, %v", raw, resp.Header, err)
			}
		}
		if status, got := s.form(path, [2]string{"file files[0]", strings.Repeat("x", maxFile+1)}); status != 413 || codeOf(got) != 40005 {
			t.Errorf("a file over 10 MiB: %d %v, want 40005", status, got)
		}
		resp, err := http.Get(s.url + "/attachments/1/2/..%2f..%2fjournal.jsonl")
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != 404 {
			t.Errorf("a path out of the folder: %d, want 404", resp.StatusCode)
		}
	}
}

func TestCommandUpsertKeepsItsID(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	path := "/applications/" + s.credentials.ApplicationID + "/commands"
	status, first := s.bot("POST", path, slash("talks"))
	if status != 201 {
		t.Fatalf("first POST = %d %v, want 201", status, first)
	}
	status, second := s.bot("POST", path, obj{"name": "talks", "description": "Other words"})
	if status != 200 || second["id"] != first["id"] || second["version"] == first["version"] {
		t.Errorf("second POST = %d %v, want the same id and a new version", status, second)
	}
	if status, got := s.bot("PATCH", path+"/"+textOf(first["id"]), obj{"description": "Third"}); status != 200 || got["description"] != "Third" || got["name"] != "talks" {
		t.Errorf("PATCH = %d %v, want a new description", status, got)
	}
	if status, got := s.bot("PUT", path, list{slash("a"), slash("a")}); status != 400 {
		t.Errorf("PUT with a name twice = %d %v, want 400", status, got)
	}
	hundred := many(101, func(i int) any { return slash(fmt.Sprint("c", i)) })
	if status, got := s.bot("PUT", path, hundred); status != 400 || codeOf(got) != 30032 {
		t.Errorf("PUT of 101 = %d %v, want 30032", status, got)
	}
	if status, _ := s.bot("PUT", path, hundred[:100]); status != 200 {
		t.Errorf("PUT of 100 = %d, want 200", status)
	}
	if status, _ := s.bot("DELETE", path+"/"+textOf(first["id"]), nil); status != 404 {
		t.Errorf("DELETE of what PUT replaced = %d, want 404", status)
	}
}
