package sandbox

import (
	"compress/zlib"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/klauspost/compress/zstd"
)

// address is where the gateway is, for a query.
func (s *stand) address(query string) string {
	return "ws" + strings.TrimPrefix(s.url, "http") + "/gateway" + query
}

func TestGatewayAddresses(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	for _, tt := range []struct {
		query  string
		status int // of a refusal before any frame
		closed int
		says   string
	}{
		{"", 101, 0, ""},
		{"?v=9&encoding=json", 101, 0, ""},
		{"?v=10&encoding=json&compress=zlib-stream", 101, 0, ""},
		{"?v=8&encoding=json", 101, 4012, ""},
		{"?v=ten", 101, 4012, ""},
		{"?v=10&encoding=etf", 400, 0, "encoding=json alone"},
		{"?v=10&compress=lz4-stream", 400, 0, "it takes zlib-stream, zstd-stream or none"},
	} {
		ws, resp, err := websocket.DefaultDialer.Dial(s.address(tt.query), nil)
		if resp == nil || resp.StatusCode != tt.status {
			t.Errorf("%q: %v, %v, want status %d", tt.query, resp, err, tt.status)
			continue
		}
		if err != nil {
			said, err := io.ReadAll(resp.Body)
			if err != nil || !strings.Contains(string(said), tt.says) {
				t.Errorf("%q: %q, %v, want it to say %q", tt.query, said, err, tt.says)
			}
			continue
		}
		w := &wire{t, ws}
		if tt.closed != 0 {
			if got := w.code(); got != tt.closed {
				t.Errorf("%q: closed with %d, want %d", tt.query, got, tt.closed)
			}
		}
		_ = ws.Close()
	}
}

// A stream is one document over all frames, whole after each of them.
func TestCompressedStreams(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		open func(io.Reader) (io.Reader, error)
		ends string // of each frame
	}{
		{"zlib-stream", func(r io.Reader) (io.Reader, error) { return zlib.NewReader(r) }, "\x00\x00\xff\xff"},
		{"zstd-stream", func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r, zstd.WithDecoderConcurrency(1)) }, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			readStream(t, tt.name, tt.open, tt.ends)
		})
	}
}

func readStream(t *testing.T, name string, open func(io.Reader) (io.Reader, error), ends string) {
	t.Helper()
	s := newStand(t, Options{})
	ws, resp, err := websocket.DefaultDialer.Dial(s.address("?v=10&encoding=json&compress="+name), nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	t.Cleanup(func() { _ = ws.Close() })
	if err := ws.WriteJSON(obj{"op": opIdentify, "d": s.asIdentify("compress", true)}); err != nil {
		t.Fatal(err)
	}
	stream, err := open(&messages{ws: ws, ends: ends})
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(stream)
	for _, want := range []string{"10", "READY", "GUILD_CREATE"} {
		var f obj
		if err := d.Decode(&f); err != nil {
			t.Fatal(err)
		}
		if got := told(f); f["t"] != want && got != want {
			t.Errorf("frame = %v, want %s", f, want)
		}
	}
}

// messages reads the bytes of binary messages, one after the other, as they are needed.
type messages struct {
	ws   *websocket.Conn
	ends string
	rest []byte
}

func (m *messages) Read(p []byte) (int, error) {
	if len(m.rest) == 0 {
		kind, raw, err := m.ws.ReadMessage()
		if err != nil {
			return 0, err
		}
		if kind != websocket.BinaryMessage || !strings.HasSuffix(string(raw), m.ends) {
			return 0, fmt.Errorf("message %d %x isn't a binary one that was flushed", kind, raw)
		}
		m.rest = raw
	}
	n := copy(p, m.rest)
	m.rest = m.rest[n:]
	return n, nil
}

func TestCompressedPayloads(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	w := s.dial()
	w.send(opIdentify, s.asIdentify("compress", true))
	large := false
	for name := ""; name != "GUILD_CREATE"; {
		kind, in, err := w.ws.NextReader()
		if err != nil {
			t.Fatal(err)
		}
		if kind == websocket.BinaryMessage {
			large = true
			if in, err = zlib.NewReader(in); err != nil {
				t.Fatal(err)
			}
		}
		var f obj
		if err := json.NewDecoder(in).Decode(&f); err != nil {
			t.Fatal(err)
		}
		name = textOf(f["t"])
	}
	if !large {
		t.Error("no payload was compressed, want those of servers to be")
	}
	w.send(opHeartbeat, nil)
	if kind, raw, err := w.ws.ReadMessage(); err != nil || kind != websocket.TextMessage {
		t.Errorf("a small one = %d %s, %v, want it as text", kind, raw, err)
	}
}

func TestSlowReadersAreDropped(t *testing.T) {
	t.Parallel()
	m := newMail()
	if !m.put(outgoing{data: make([]byte, maxUnread/2)}) || m.put(outgoing{data: make([]byte, maxUnread/2)}) {
		t.Error("the mail took more than it holds, or less")
	}
	if _, ok := m.take(nil); !ok || !m.put(outgoing{data: make([]byte, maxUnread/2)}) {
		t.Error("what is taken leaves no room")
	}
	s := newStand(t, Options{})
	w, _ := s.connect(intentGuilds)
	s.gate.mu.Lock()
	for c := range s.gate.conns {
		c.queue(outgoing{data: make([]byte, maxUnread)})
	}
	s.gate.mu.Unlock()
	if got := w.code(); got != brokenLine {
		t.Errorf("closed with %d, want it cut", got)
	}
}

func TestFloods(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	w, _ := s.connect(intentGuilds)
	for range maxSends + 50 {
		if w.ws.WriteJSON(obj{"op": opHeartbeat, "d": nil}) != nil {
			break // closed in the middle of it
		}
	}
	if got := w.code(); got != 4008 {
		t.Errorf("closed with %d after so many frames, want 4008", got)
	}
	w, _ = s.connect(intentGuilds)
	if err := w.ws.WriteMessage(websocket.TextMessage, make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
	if got := w.code(); got != 4002 {
		t.Errorf("closed with %d after a frame of 1 MiB, want 4002", got)
	}
}

// It isn't parallel: while it runs no other test's connections do.
func TestConnectionsLeaveNothingBehind(t *testing.T) {
	s := newStand(t, Options{Limits: unlimited()})
	ends := []func(w *wire){
		func(w *wire) { w.close(1000); w.code() },
		func(w *wire) { w.close(4000); w.code() },
		func(w *wire) { _ = w.ws.Close() },
		func(w *wire) { w.send(99, nil); w.code() },
		func(w *wire) { w.send(opPresence, obj{"status": "asleep"}); w.code() },
		func(*wire) {},
	}
	for range 5 {
		for _, end := range ends {
			w, _ := s.connect(intentGuilds)
			end(w)
		}
	}
	// Those that are left don't answer the close frame, and are cut.
	began := time.Now()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("closing took %v", took)
	}
	stacks := make([]byte, 1<<20)
	if left := string(stacks[:runtime.Stack(stacks, true)]); strings.Contains(left, "sandbox.(*conn)") {
		t.Errorf("goroutines of connections are left:\n%s", left)
	}
	resp, err := http.Get(s.url + "/gateway")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusBadRequest {
		t.Errorf("a plain request for the gateway: %d, want 400", resp.StatusCode)
	}
}
