package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/gif"  // sizes of pictures are read from their headers
	_ "image/jpeg" // likewise
	_ "image/png"  // likewise
	"io/fs"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// blobs keeps uploaded files: in a folder, or in memory where there is none.
type blobs struct {
	dir  string
	mu   sync.Mutex
	held map[string][]byte
}

func newBlobs(dir string) *blobs {
	if dir != "" {
		dir = filepath.Join(dir, "attachments")
	}
	return &blobs{dir: dir, held: map[string][]byte{}}
}

// key joins parts that were checked to be plain: two ids and a clean file name.
func blobKey(channel, id, filename string) string { return channel + "/" + id + "/" + filename }

func (b *blobs) put(key string, data []byte) error {
	if b.dir == "" {
		b.mu.Lock()
		b.held[key] = data
		b.mu.Unlock()
		return nil
	}
	path := filepath.Join(b.dir, filepath.FromSlash(key))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("sandbox: keeping an upload: %w", err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return fmt.Errorf("sandbox: keeping an upload: %w", err)
	}
	return nil
}

func (b *blobs) open(key string) ([]byte, bool) {
	if b.dir == "" {
		b.mu.Lock()
		defer b.mu.Unlock()
		data, ok := b.held[key]
		return data, ok
	}
	data, err := os.ReadFile(filepath.Join(b.dir, filepath.FromSlash(key)))
	return data, err == nil
}

func (b *blobs) remove(key string) error {
	if b.dir == "" {
		b.mu.Lock()
		delete(b.held, key)
		b.mu.Unlock()
		return nil
	}
	err := os.RemoveAll(filepath.Dir(filepath.Join(b.dir, filepath.FromSlash(key))))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// keep stores an upload and describes it as an attachment.
func (s *Sandbox) keep(channel string, f upload) (attachment, error) {
	a := attachment{ID: s.ids.next(), Filename: cleanFilename(f.filename), Size: len(f.data)}
	a.ContentType = contentType(a.Filename, f.data)
	if size, _, err := image.DecodeConfig(bytes.NewReader(f.data)); err == nil {
		a.Width, a.Height = size.Width, size.Height
	}
	return a, s.blobs.put(blobKey(channel, a.ID, a.Filename), f.data)
}

func contentType(filename string, data []byte) string {
	if byName := mime.TypeByExtension(strings.ToLower(filepath.Ext(filename))); byName != "" {
		return byName
	}
	return http.DetectContentType(data)
}

// serveAttachment serves uploads as their senders never could use them: nothing in them
// runs, whatever they are.
func (s *Sandbox) serveAttachment(w http.ResponseWriter, r *http.Request) {
	channel, id, name := r.PathValue("channel"), r.PathValue("id"), r.PathValue("name")
	_, okChannel := snowflake(channel)
	_, okID := snowflake(id)
	data, found := []byte(nil), false
	if okChannel && okID && name == cleanFilename(name) {
		data, found = s.blobs.open(blobKey(channel, id, name))
	}
	if !found {
		// Discord's file host, unlike its API, speaks no JSON.
		http.Error(w, "This content is no longer available.", http.StatusNotFound)
		return
	}
	h := w.Header()
	h.Set("Content-Type", contentType(name, data))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "private, max-age=3600")
	http.ServeContent(w, r, "", s.started, bytes.NewReader(data))
}
