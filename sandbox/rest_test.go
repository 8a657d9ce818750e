package sandbox

import (
	"fmt"
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
		"?around=" + ids[2] + "&limit=2": "21", "?around=" + ids[0] + "&limit=2": "10", "?around=" + ids[4] + "&limit=1": "4",
		"?around=1&limit=2": "10", "?before=" + ids[0]: "", "?after=" + ids[4]: "", "?after=1&limit=1": "0",
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
