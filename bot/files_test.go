package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/commands"
)

func textFile() commands.FileType {
	return commands.FileType{Endings: []string{".yaml"}, Media: []string{"text/plain", "application/yaml"}}
}

func zipFile() commands.FileType {
	return commands.FileType{Endings: []string{".zip"}, Media: []string{"application/zip"}, Magic: "PK\x03\x04"}
}

// host serves attachments with what a test says, and counts what was asked for.
func host(t *testing.T, serve http.HandlerFunc) (files *Files, address string, asked *int) {
	t.Helper()
	asked = new(int)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked++
		serve(w, r)
	}))
	t.Cleanup(s.Close)
	files, err := NewFiles(s.URL + "/api")
	if err != nil {
		t.Fatal(err)
	}
	return files, s.URL, asked
}

// told is the phrase of a mistake, or "" for none.
func told(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	mistake := new(briefings.UserError)
	if !errors.As(err, &mistake) {
		t.Fatalf("got the fault %v, want what to tell the person", err)
	}
	return mistake.Phrase
}

func TestFetchReadsWhatWasDeclared(t *testing.T) {
	t.Parallel()
	const body = "- id: actor/a\n"
	for _, chunked := range []bool{false, true} {
		files, at, _ := host(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			if chunked {
				w.(http.Flusher).Flush()
			}
			fmt.Fprint(w, body)
			if r.Header.Get("Authorization") != "" {
				t.Error("the host of files got the bot's token")
			}
		})
		got, err := files.Fetch(t.Context(), commands.Attachment{Name: "Desk.YAML", Type: "application/yaml", Size: int64(len(body)), URL: at + "/attachments/1/2/Desk.YAML"}, zipFile(), textFile())
		if err != nil || string(got) != body {
			t.Errorf("chunked %t: got %q, %v; want the file", chunked, got, err)
		}
	}
}

// What is declared is judged before anybody is asked.
func TestFetchRefusesBeforeAsking(t *testing.T) {
	t.Parallel()
	files, at, asked := host(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "x") })
	good := commands.Attachment{Name: "a.yaml", Type: "text/plain", Size: 1, URL: at + "/attachments/1/2/a.yaml"}
	host := strings.TrimPrefix(at, "http://")
	for _, tt := range []struct {
		name   string
		change func(*commands.Attachment)
		want   string
	}{
		{"another ending", func(a *commands.Attachment) { a.Name = "a.exe" }, "file.type"},
		{"no ending", func(a *commands.Attachment) { a.Name = "yaml" }, "file.type"},
		{"two endings", func(a *commands.Attachment) { a.Name = "a.yaml.png" }, "file.type"},
		{"another declared type", func(a *commands.Attachment) { a.Type = "image/png" }, "file.type"},
		{"a type of another sort", func(a *commands.Attachment) { a.Type = "application/zip" }, "file.type"},
		{"a type that is none", func(a *commands.Attachment) { a.Type = "; ;" }, "file.type"},
		{"too big", func(a *commands.Attachment) { a.Size = commands.MostAttached + 1 }, "file.big"},
		{"nothing", func(a *commands.Attachment) { a.Size = 0 }, "file.empty"},
		{"less than nothing", func(a *commands.Attachment) { a.Size = -1 }, "file.empty"},
		{"another host", func(a *commands.Attachment) { a.URL = "https://example.org/attachments/1/2/a.yaml" }, "file.elsewhere"},
		{"loopback", func(a *commands.Attachment) { a.URL = "https://127.0.0.1/attachments/1/2/a.yaml" }, "file.elsewhere"},
		{"loopback by name", func(a *commands.Attachment) { a.URL = "http://localhost:8080/attachments/1/2/a.yaml" }, "file.elsewhere"},
		{"a machine's own notes", func(a *commands.Attachment) { a.URL = "http://169.254.169.254/latest/meta-data" }, "file.elsewhere"},
		{"user info", func(a *commands.Attachment) { a.URL = "https://cdn.discordapp.com@evil.example/attachments/1/2/a.yaml" }, "file.elsewhere"},
		{"user info on the right host", func(a *commands.Attachment) { a.URL = "https://evil@cdn.discordapp.com/attachments/1/2/a.yaml" }, "file.elsewhere"},
		{"a host that ends alike", func(a *commands.Attachment) { a.URL = "https://evilcdn.discordapp.com/attachments/1/2/a.yaml" }, "file.elsewhere"},
		{"a host that starts alike", func(a *commands.Attachment) {
			a.URL = "https://cdn.discordapp.com.evil.example/attachments/1/2/a.yaml"
		}, "file.elsewhere"},
		{"another port", func(a *commands.Attachment) { a.URL = "https://cdn.discordapp.com:8443/attachments/1/2/a.yaml" }, "file.elsewhere"},
		{"without encryption", func(a *commands.Attachment) { a.URL = "http://cdn.discordapp.com/attachments/1/2/a.yaml" }, "file.elsewhere"},
		{"a file of this machine", func(a *commands.Attachment) { a.URL = "file:///etc/passwd" }, "file.elsewhere"},
		{"a backslash", func(a *commands.Attachment) { a.URL = `https://evil.example\@cdn.discordapp.com/a.yaml` }, "file.elsewhere"},
		{"no address", func(a *commands.Attachment) { a.URL = "" }, "file.elsewhere"},
		{"the test host's other doors", func(a *commands.Attachment) { a.URL = at + "/sandbox/state" }, "file.elsewhere"},
		{"the same by a detour", func(a *commands.Attachment) { a.URL = at + "/attachments/../sandbox/state" }, "file.elsewhere"},
		{"the same, hidden", func(a *commands.Attachment) { a.URL = at + "/attachments/%2e%2e/sandbox/state" }, "file.elsewhere"},
		{"the test host with user info", func(a *commands.Attachment) { a.URL = "http://x@" + host + "/attachments/1/2/a.yaml" }, "file.elsewhere"},
	} {
		a := good
		tt.change(&a)
		if _, err := files.Fetch(t.Context(), a, textFile()); told(t, err) != tt.want {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
	if *asked != 0 {
		t.Errorf("the host was asked %d times, want never", *asked)
	}
}

func TestFetchTrustsNoAnswer(t *testing.T) {
	t.Parallel()
	body := strings.Repeat("x", 1000)
	write := func(header, value, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			w.Header().Set(header, value)
			fmt.Fprint(w, text)
		}
	}
	for _, tt := range []struct {
		name  string
		serve http.HandlerFunc
		want  string
	}{
		{"a redirect", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/attachments/1/2/other.yaml", http.StatusFound)
		}, "file.gone"},
		{"gone", func(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }, "file.gone"},
		{"a part", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusPartialContent)
			fmt.Fprint(w, body)
		}, "file.gone"},
		{"broken", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, "file.unread"},
		{"more than declared", write("X-A", "b", body+"y"), "file.other"},
		{"less than declared", write("X-A", "b", body[1:]), "file.other"},
		{"more than declared, in pieces", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			for range 50 {
				fmt.Fprint(w, body)
				w.(http.Flusher).Flush()
			}
		}, "file.other"},
		{"a length that lies", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, body[:10])
		}, "file.other"},
		{"another type", write("Content-Type", "text/html", body), "file.other"},
		{"packed on the way", write("Content-Encoding", "gzip", body), "file.other"},
		{"nulls in a text", write("X-A", "b", body[1:]+"\x00"), "file.other"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			files, at, asked := host(t, tt.serve)
			_, err := files.Fetch(t.Context(), commands.Attachment{Name: "a.yaml", Size: 1000, URL: at + "/attachments/1/2/a.yaml"}, textFile())
			if got := told(t, err); got != tt.want {
				t.Errorf("got %s (%v), want %s", got, err, tt.want)
			}
			if *asked != 1 {
				t.Errorf("the host was asked %d times, want once", *asked)
			}
			if err != nil && strings.Contains(err.Error(), "/attachments/") {
				t.Errorf("the error holds the file's address: %v", err)
			}
		})
	}
}

func TestFetchKnowsATypeByItsStart(t *testing.T) {
	t.Parallel()
	files, at, _ := host(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/zip")
		fmt.Fprint(w, "- id: actor/a\n")
	})
	_, err := files.Fetch(t.Context(), commands.Attachment{Name: "a.zip", Type: "application/zip", Size: 14, URL: at + "/attachments/1/2/a.zip"}, zipFile())
	if got := told(t, err); got != "file.other" {
		t.Errorf("got %v, want file.other", err)
	}
}

// A body that never ends is left when its time is up, whatever was sent of it.
func TestFetchLeavesASlowBody(t *testing.T) {
	t.Parallel()
	left := make(chan struct{})
	files, at, _ := host(t, func(w http.ResponseWriter, r *http.Request) {
		defer close(left)
		w.Header().Set("Content-Type", "text/plain")
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, "x"); err != nil {
				return
			}
			w.(http.Flusher).Flush()
			select {
			case <-r.Context().Done():
			case <-time.After(10 * time.Millisecond):
			}
		}
	})
	files.client.Timeout = 200 * time.Millisecond
	_, err := files.Fetch(t.Context(), commands.Attachment{Name: "a.yaml", Size: 1 << 20, URL: at + "/attachments/1/2/a.yaml"}, textFile())
	if got := told(t, err); got != "file.unread" || !errors.Is(err, briefings.ErrUnavailable) {
		t.Errorf("got %v, want to be told to try again", err)
	}
	<-left // else the test runs into its own time limit
}

type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

func TestFetchAsksDiscordsFileHosts(t *testing.T) {
	t.Parallel()
	files, err := NewFiles("")
	if err != nil {
		t.Fatal(err)
	}
	var asked string
	files.client.Transport = transport(func(r *http.Request) (*http.Response, error) {
		asked = r.URL.String()
		return &http.Response{StatusCode: 200, ContentLength: 1, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("x")), Request: r}, nil
	})
	for _, address := range []string{
		"https://cdn.discordapp.com/ephemeral-attachments/1/2/a.yaml?ex=65&is=66&hm=ab&",
		"https://media.discordapp.net/attachments/1/2/a.yaml",
	} {
		got, err := files.Fetch(t.Context(), commands.Attachment{Name: "a.yaml", Size: 1, URL: address}, textFile())
		if err != nil || string(got) != "x" || asked != address {
			t.Errorf("%s: got %q, %v, having asked %s", address, got, err, asked)
		}
	}
	_, err = files.Fetch(t.Context(), commands.Attachment{Name: "a.yaml", Size: 1, URL: "http://127.0.0.1:8080/attachments/1/2/a.yaml"}, textFile())
	if got := told(t, err); got != "file.elsewhere" {
		t.Errorf("loopback without another API: got %v, want file.elsewhere", err)
	}
}

func TestFetchEndsWithItsContext(t *testing.T) {
	t.Parallel()
	files, at, _ := host(t, func(http.ResponseWriter, *http.Request) {})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := files.Fetch(ctx, commands.Attachment{Name: "a.yaml", Size: 1, URL: at + "/attachments/1/2/a.yaml"}, textFile())
	if got := told(t, err); got != "file.unread" {
		t.Errorf("got %v, want file.unread", err)
	}
}
