package scenarios

import (
	"bytes"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// BenchmarkTalks is a reader's question to the real binary through its own
// sandbox, from the member's request to the finished answer.
func BenchmarkTalks(b *testing.B) {
	url := serve(b)
	var took []time.Duration
	for b.Loop() {
		begun := time.Now()
		talks(b, url)
		took = append(took, time.Since(begun))
	}
	percentiles(b, "", took)
}

// BenchmarkStart is the built binary from its start to its first answer.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		talks(b, serve(b))
	}
}

func talks(b *testing.B, url string) {
	b.Helper()
	response, err := http.Post(url+"/sandbox/interactions", "application/json", strings.NewReader(`{"user":"reader","command":"talks"}`))
	if err != nil {
		b.Fatal(err)
	}
	defer response.Body.Close()
	if said, err := io.ReadAll(response.Body); err != nil || !bytes.Contains(said, []byte("Miami")) {
		b.Fatalf("got %.200s (%v), want the answer to /talks", said, err)
	}
}

// serve starts sitrep in a fresh folder and returns its address.
func serve(b *testing.B) string {
	b.Helper()
	p := spawn(b, nil, "SITREP_DATA="+filepath.Join(b.TempDir(), "data"))
	line, err := p.log.await("ready http", p.exited)
	if err != nil {
		b.Fatal(err)
	}
	_, url, _ := strings.Cut(line, "ready ")
	return url
}
