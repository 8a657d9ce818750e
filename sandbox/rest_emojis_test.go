package sandbox

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
)

// picture is a data URI of so many bytes that begin as a PNG or a GIF does.
func picture(kind string, size int) string {
	head := map[string]string{"png": "\x89PNG\r\n\x1a\n", "gif": "GIF89a"}[kind]
	return "data:image/" + kind + ";base64," + base64.StdEncoding.EncodeToString([]byte(head+strings.Repeat("x", size-len(head))))
}

func emojiCourt() court {
	drawings := 0
	drawn := func(pairs ...any) obj {
		drawings++ // no two may have one name
		return with(obj{"name": fmt.Sprint("talks", drawings), "image": picture("png", 100)}, pairs...)
	}
	const deaf = "the description says nothing of what is in a picture or a name"
	return court{
		request: "POST /applications/1/emojis", status: 201,
		path: func(s *stand) string { return "/applications/" + s.credentials.ApplicationID + "/emojis" },
		rulings: []ruling{
			{name: "a name of 32", body: drawn("name", strings.Repeat("a", 32))},
			{name: "a name of 33", body: drawn("name", strings.Repeat("a", 33)), want: []string{"name BASE_TYPE_BAD_LENGTH"}},
			{name: "a name of 2", body: drawn("name", "ab")},
			{name: "a name of 1", body: drawn("name", "a"), want: []string{"name BASE_TYPE_BAD_LENGTH"}},
			{name: "a name with a blank", body: drawn("name", "a b"), want: []string{"name STRING_TYPE_REGEX"}, alone: deaf},
			{name: "256 KiB", body: drawn("image", picture("png", maxEmojiBytes))},
			{name: "a byte more", body: drawn("image", picture("png", maxEmojiBytes+1)), want: []string{"image BINARY_TYPE_MAX_SIZE"}, alone: deaf},
			{name: "no picture", body: obj{"name": "abc"}, want: []string{"image BASE_TYPE_REQUIRED"}},
			{name: "a picture by its address", body: drawn("image", "https://example.com/a.png"), want: []string{"image IMAGE_INVALID"}, alone: deaf},
			{name: "a text for a picture", body: drawn("image", "data:text/plain;base64,eA=="), want: []string{"image IMAGE_INVALID"}, alone: deaf},
			{name: "a text that says it is a picture", body: drawn("image", "data:image/png;base64,eA=="), want: []string{"image IMAGE_INVALID"}, alone: deaf},
			{name: "a number for a picture", body: drawn("image", 5), want: []string{"image STRING_TYPE_CONVERT"}},
			{name: "a misspelt key", body: drawn("picture", "x"), want: []string{"picture UNKNOWN_KEY"}},
		},
	}
}

func TestEmojiRules(t *testing.T) {
	t.Parallel()
	emojiCourt().hold(t)
}

func TestEmojis(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := newStand(t, Options{Dir: dir, Limits: unlimited()})
	path := "/applications/" + s.credentials.ApplicationID + "/emojis"
	s.walk(step{"of another application", "GET", "/applications/1/emojis", nil, 403, 20012})
	moving := s.walk(step{"one that moves", "POST", path, obj{"name": "talks", "image": picture("gif", 50)}, 201, 0})
	one := path + "/" + textOf(moving["id"])
	if moving["animated"] != true {
		t.Errorf("the emoji = %v, want it animated", moving)
	}
	file := "/attachments/" + s.credentials.ApplicationID + "/" + textOf(moving["id"]) + "/emoji.png"
	if r, got := s.fetched(s.url + file); r.StatusCode != 200 || len(got) != 50 {
		t.Errorf("its picture: %d with %d bytes, want 50", r.StatusCode, len(got))
	}
	got := s.walk(
		step{"none", "GET", path + "/1", nil, 404, 10014},
		step{"the same name again", "POST", path, obj{"name": "talks", "image": picture("png", 50)}, 400, 50035},
		step{"its own name", "PATCH", one, obj{"name": "talks"}, 200, 0},
		step{"a name of 1", "PATCH", one, obj{"name": "a"}, 400, 50035},
		step{"another name", "PATCH", one, obj{"name": "peace"}, 200, 0},
		step{"itself", "GET", one, nil, 200, 0},
	)
	s.walk(
		step{"the name that it had", "POST", path, obj{"name": "talks", "image": picture("png", 50)}, 201, 0},
		step{"another's name", "PATCH", one, obj{"name": "talks"}, 400, 50035},
	)
	if got["name"] != "peace" {
		t.Errorf("the emoji = %v, want its new name", got)
	}
	again := newStand(t, Options{Dir: killed(t, dir, "")})
	if got := again.walk(step{"after a restart", "GET", path, nil, 200, 0}); len(listOf(got["items"])) != 2 {
		t.Errorf("after a restart: %v, want both", got)
	}
	s.walk(step{"deleting", "DELETE", one, nil, 204, 0}, step{"deleting again", "DELETE", one, nil, 404, 10014})
	if r, _ := s.fetched(s.url + file); r.StatusCode != 404 {
		t.Errorf("its picture is still there: %d", r.StatusCode)
	}
}

func TestEmojisAreCounted(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	full := make([]emoji, maxEmojis)
	for i := range full {
		full[i] = emoji{ID: letterless(i % 1000), Name: fmt.Sprint("e", i)}
	}
	s.mu.Lock()
	s.state.emojis = full
	s.mu.Unlock()
	s.walk(step{"one more", "POST", "/applications/" + s.credentials.ApplicationID + "/emojis", obj{"name": "ab", "image": picture("png", 9)}, 400, 30008})
}
