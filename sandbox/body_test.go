package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
)

// sent posts any body as the bot.
func (s *stand) sent(path, kind string, body io.Reader) (int, obj) {
	s.t.Helper()
	req, err := http.NewRequest("POST", s.url+"/api/v9"+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	req.Header.Set("Authorization", "Bot "+s.credentials.Token)
	return s.do(req)
}

func TestBodies(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	type unsized struct{ io.Reader } // has no length, so that it comes in chunks
	padded := func(n int) string { return `{"content":"x"}` + strings.Repeat(" ", n-len(`{"content":"x"}`)) }
	for _, tt := range []struct {
		name, kind   string
		body         io.Reader
		status, code int
	}{
		{"JSON", "application/json", strings.NewReader(`{"content":"x"}`), 200, 0},
		{"JSON with its letters named", "application/json; charset=utf-8", strings.NewReader(`{"content":"x"}`), 200, 0},
		{"JSON in chunks", "application/json", unsized{strings.NewReader(`{"content":"x"}`)}, 200, 0},
		{"1 MiB", "application/json", strings.NewReader(padded(maxJSON)), 200, 0},
		{"over 1 MiB", "application/json", strings.NewReader(padded(maxJSON + 1)), 413, 40005},
		{"over 1 MiB in chunks", "application/json", unsized{strings.NewReader(padded(maxJSON + 1))}, 413, 40005},
		{"half an object", "application/json", strings.NewReader(`{"content":`), 400, 50109},
		{"two objects", "application/json", strings.NewReader(`{"content":"x"}{"content":"y"}`), 400, 50109},
		{"a list", "application/json", strings.NewReader(`["content"]`), 400, 50006},
		{"null", "application/json", strings.NewReader(`null`), 400, 50006},
		{"nothing", "", nil, 400, 50006},
		{"nothing in chunks", "", unsized{strings.NewReader("")}, 400, 50006},
		{"a form", "application/x-www-form-urlencoded", strings.NewReader("content=x"), 400, 50035},
		{"no type", "", strings.NewReader(`{"content":"x"}`), 400, 50035},
		{"parts without a boundary", "multipart/form-data", strings.NewReader(`{"content":"x"}`), 400, 50109},
		{"parts that break off", "multipart/form-data; boundary=b", strings.NewReader("--b\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n{}"), 400, 50109},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if status, got := s.sent(digestMessages(s), tt.kind, tt.body); status != tt.status || codeOf(got) != tt.code {
				t.Errorf("%d %v, want %d with code %d", status, got, tt.status, tt.code)
			}
		})
	}
}

// part is one part of a multipart body; a filename makes it a file.
type part struct{ name, filename, data string }

func (s *stand) parts(path string, parts ...part) (int, obj) {
	s.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, p := range parts {
		var err error
		if p.filename == "" {
			err = w.WriteField(p.name, p.data)
		} else if to, made := w.CreateFormFile(p.name, p.filename); made == nil {
			_, err = io.WriteString(to, p.data)
		}
		if err != nil {
			s.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		s.t.Fatal(err)
	}
	return s.sent(path, w.FormDataContentType(), &body)
}

func TestParts(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	said := part{"payload_json", "", `{"content":"x"}`}
	file := func(n int) part { return part{fmt.Sprintf("files[%d]", n), "a.txt", "x"} }
	files := func(n int) []part {
		var out []part
		for i := range n {
			out = append(out, file(i))
		}
		return out
	}
	listed := func(raw string) part { return part{"payload_json", "", `{"attachments":` + raw + `}`} }
	for _, tt := range []struct {
		name         string
		parts        []part
		status, code int
		kept         int
	}{
		{"words first", []part{said, file(0)}, 200, 0, 1},
		{"words last", []part{file(0), said}, 200, 0, 1},
		{"a file alone", files(1), 200, 0, 1},
		{"10 files", files(10), 200, 0, 10},
		{"11 files", files(11), 400, 30015, 0},
		{"a file of 10 MiB", []part{{"files[0]", "a.txt", strings.Repeat("x", maxFile)}}, 200, 0, 1},
		{"a file over 10 MiB", []part{{"files[0]", "a.txt", strings.Repeat("x", maxFile+1)}}, 413, 40005, 0},
		{"three of 9 MiB", []part{
			{"files[0]", "a.txt", strings.Repeat("x", 9<<20)},
			{"files[1]", "a.txt", strings.Repeat("x", 9<<20)},
			{"files[2]", "a.txt", strings.Repeat("x", 9<<20)},
		}, 413, 40005, 0},
		{"words over 1 MiB", []part{{"payload_json", "", strings.Repeat("x", maxJSON+1)}}, 413, 40005, 0},
		{"words that are no JSON", []part{{"payload_json", "", "x"}}, 400, 50109, 0},
		{"a part that nobody knows", []part{said, {"file", "a.txt", "x"}}, 200, 0, 0},
		{"a file with a word for a number", []part{said, {"files[zero]", "a.txt", "x"}}, 200, 0, 0},
		{"65 parts", append(make([]part, 64), said), 400, 50109, 0},
		{"listed by a number", []part{listed(`[{"id":0}]`), file(0)}, 200, 0, 1},
		{"listed by a string", []part{listed(`[{"id":"0"}]`), file(0)}, 200, 0, 1},
		{"one of two listed", []part{listed(`[{"id":0}]`), file(0), file(1)}, 400, 50035, 0},
		{"one listed twice", []part{listed(`[{"id":0},{"id":0}]`), file(0)}, 400, 50035, 0},
		{"alt text of 1024", []part{listed(`[{"id":0,"description":"` + letters(1024) + `"}]`), file(0)}, 200, 0, 1},
		{"alt text of 1025", []part{listed(`[{"id":0,"description":"` + letters(1025) + `"}]`), file(0)}, 400, 50035, 0},
		{"listed and not sent", []part{listed(`[{"id":0},{"id":1}]`), file(0)}, 400, 50035, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, got := s.parts(digestMessages(s), tt.parts...)
			if status != tt.status || codeOf(got) != tt.code || len(listOf(got["attachments"])) != tt.kept {
				t.Errorf("%d %v, want %d with code %d and %d files", status, got, tt.status, tt.code, tt.kept)
			}
		})
	}
}

// fetched is a file as the page gets it.
func (s *stand) fetched(url string) (*http.Response, string) {
	s.t.Helper()
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		s.t.Fatal(err)
	}
	raw, err := io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		s.t.Fatal(err)
	}
	return resp, string(raw)
}

const chartWords = `{"attachments":[{"id":0,"description":"A chart","title":"Chart","is_spoiler":true}],"embeds":[{"image":{"url":"attachment://a_chart.png"}}]}`

func TestUploads(t *testing.T) {
	t.Parallel()
	for name, dir := range map[string]string{"in memory": "", "in a folder": t.TempDir()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStand(t, Options{Dir: dir, Limits: unlimited()})
			status, got := s.parts(digestMessages(s), part{"payload_json", "", chartWords}, part{"files[0]", "a chart.png", "not a picture"})
			if status != 200 {
				t.Fatalf("upload: %d %v, want 200", status, got)
			}
			a := objectOf(listOf(got["attachments"])[0])
			shown := objectOf(objectOf(listOf(got["embeds"])[0])["image"])["url"]
			if a["filename"] != "a_chart.png" || a["description"] != "A chart" || a["title"] != "Chart" || intOf(a["flags"]) != 8 || shown != a["url"] {
				t.Errorf("attachment = %v shown at %v, want the described chart", a, shown)
			}
			url := textOf(a["url"])
			resp, raw := s.fetched(url)
			for key, want := range map[string]string{
				"Content-Type": "image/png", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
			} {
				if got := resp.Header.Get(key); got != want {
					t.Errorf("%s = %q, want %q", key, got, want)
				}
			}
			if raw != "not a picture" {
				t.Errorf("the file came back as %q", raw)
			}
			path := digestMessages(s) + "/" + textOf(got["id"])
			if status, got := s.bot("PATCH", path, obj{"attachments": list{}, "embeds": list{}, "content": "no chart"}); status != 200 || len(listOf(got["attachments"])) != 0 {
				t.Errorf("taking the chart away: %d %v, want 200", status, got)
			}
			if resp, _ := s.fetched(url); resp.StatusCode != 404 {
				t.Errorf("what an edit took away answers %d, want 404", resp.StatusCode)
			}
		})
	}
}

func TestDeletedMessagesTakeTheirFilesAlong(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Dir: t.TempDir(), Limits: unlimited()})
	_, got := s.parts(digestMessages(s), part{"files[0]", "a.txt", "x"}, part{"files[1]", "b.txt", "y"})
	files := listOf(got["attachments"])
	path := digestMessages(s) + "/" + textOf(got["id"])
	if status, got := s.bot("PATCH", path, obj{"attachments": list{obj{"id": objectOf(files[1])["id"], "description": "kept"}}}); status != 200 || objectOf(listOf(got["attachments"])[0])["description"] != "kept" {
		t.Errorf("keeping the second: %d %v", status, got)
	}
	for i, want := range []int{404, 200} {
		if resp, _ := s.fetched(textOf(objectOf(files[i])["url"])); resp.StatusCode != want {
			t.Errorf("file %d answers %d, want %d", i, resp.StatusCode, want)
		}
	}
	if status, got := s.bot("DELETE", path, nil); status != 204 {
		t.Errorf("DELETE = %d %v, want 204", status, got)
	}
	if resp, _ := s.fetched(textOf(objectOf(files[1])["url"])); resp.StatusCode != 404 {
		t.Errorf("the deleted message's file answers %d, want 404", resp.StatusCode)
	}
}

// What isn't there is refused in plain words, as Discord's file host does, wherever its
// path leads.
func TestAttachmentsStayInTheirFolder(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Dir: t.TempDir(), Limits: unlimited()})
	for _, path := range []string{
		"/attachments/1/2/a.png",
		"/attachments/1/2/..%2f..%2fjournal.jsonl",
		"/attachments/1/2/..%2F..%2F..%2Fjournal.jsonl",
		"/attachments/1/2/..%5cjournal.jsonl",
		"/attachments/..%2f..%2fx/2/journal.jsonl",
		"/attachments/1/..%2f../journal.jsonl",
		"/attachments/1/2/%2e%2e",
		"/attachments/1/2/a%00.png",
		"/attachments/one/two/a.png",
	} {
		t.Run(path, func(t *testing.T) {
			resp, raw := s.fetched(s.url + path)
			if resp.StatusCode != 404 || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/plain") || raw != "This content is no longer available.\n" {
				t.Errorf("answered %d %s %q, want 404 in plain words", resp.StatusCode, resp.Header.Get("Content-Type"), raw)
			}
		})
	}
}

func TestPicturesAreMeasured(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	gif := "GIF89a\x03\x00\x02\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff;"
	_, got := s.parts(digestMessages(s), part{"files[0]", "dot.gif", gif}, part{"files[1]", "notes", "plain words"})
	files := listOf(got["attachments"])
	if a := objectOf(files[0]); intOf(a["width"]) != 3 || intOf(a["height"]) != 2 || a["content_type"] != "image/gif" {
		t.Errorf("picture = %v, want 3 by 2", a)
	}
	if a := objectOf(files[1]); a["width"] != nil || a["content_type"] != "text/plain; charset=utf-8" || intOf(a["size"]) != 11 {
		t.Errorf("notes = %v, want 11 bytes of text", a)
	}
}
