package bot

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const upgraded = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"

func masked(f []byte) []byte {
	f[1] |= 0x80
	return f
}

// fragment is a frame that isn't the last of its message.
func fragment(kind byte, payload string) string {
	f := frame(kind, []byte(payload))
	f[0] &^= 0x80
	return string(f)
}

// pair is both ends of a TCP connection: unlike a pipe's, what was sent before
// the end can be read after it.
func pair(t *testing.T) (here, there net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	if here, err = net.Dial("tcp", listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if there, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = here.Close(), there.Close() })
	return here, there
}

func TestWireReads(t *testing.T) {
	t.Parallel()
	text := func(s string) string { return string(frame(opText, []byte(s))) }
	long := strings.Repeat("x", 1<<16)
	for _, tt := range []struct {
		name, sent, want, reason string
	}{
		{"a message", upgraded + text("one"), upgraded + text("<one>"), "EOF"},
		{"lengths", upgraded + text(long[:200]) + text(long), upgraded + text("<"+long[:200]+">") + text("<"+long+">"), "EOF"},
		{"one that is dropped", upgraded + text("drop") + text("two"), upgraded + text("<two>"), "EOF"},
		{"one that ends it", upgraded + text("bad") + text("two"), upgraded, "judged bad"},
		{
			"a message in parts, with a ping between", upgraded + fragment(opText, "o") + fragment(opContinuation, "n") + string(frame(opPing, []byte("hi"))) + string(frame(opContinuation, []byte("e"))),
			upgraded + string(frame(opPing, []byte("hi"))) + text("<one>"), "EOF",
		},
		{"a close", upgraded + string(frame(opClose, []byte("\x0f\xa4Authentication failed."))), upgraded, "closed the connection with 4004: Authentication failed."},
		{"a close without a code", upgraded + string(frame(opClose, nil)), upgraded, "closed the connection with 1005"},
		{"no upgrade", "HTTP/1.1 503 Oh\r\n\r\nbody \x81\x00", "HTTP/1.1 503 Oh\r\n\r\nbody \x81\x00", "EOF"},
		{"an endless head", "HTTP/1.1 101 OK\r\n" + strings.Repeat("A: b\r\n", 5000), "", "too long"},
		{"a masked frame", upgraded + string(masked(frame(opText, []byte("one")))), upgraded, "compressed or masked"},
		{"a binary message", upgraded + string(frame(2, []byte("one"))), upgraded, "only text was agreed"},
		{"a part of nothing", upgraded + string(frame(opContinuation, []byte("one"))), upgraded, "only text was agreed"},
		{"a message within another", upgraded + fragment(opText, "o") + text("one"), upgraded, "only text was agreed"},
		{"a claim of 2^63 bytes", upgraded + "\x81\x7f\x80\x00\x00\x00\x00\x00\x00\x00", upgraded, "over 33554432 bytes"},
		{"a claim of 2^64-1 bytes after a part", upgraded + fragment(opText, "o") + "\x80\x7f\xff\xff\xff\xff\xff\xff\xff\xff", upgraded, "over 33554432 bytes"},
		{"a long ping", upgraded + string(frame(opPing, []byte(long[:126]))), upgraded, "broken control frame"},
		{"a control frame of no kind", upgraded + string(frame(0xB, nil)), upgraded, "no known kind"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			here, there := pair(t)
			w := newWire(here, time.Minute)
			w.judge = func(m []byte) ([]byte, error) {
				switch string(m) {
				case "drop":
					return nil, nil
				case "bad":
					return nil, errors.New("judged bad")
				}
				return []byte("<" + string(m) + ">"), nil
			}
			go func() {
				_, _ = io.WriteString(there, tt.sent)
				_ = there.(*net.TCPConn).CloseWrite()
			}()
			var got bytes.Buffer
			_, _ = io.Copy(&got, w)
			if got.String() != tt.want {
				t.Errorf("got %.200q, want %.200q", got.String(), tt.want)
			}
			if reason := w.why(); reason == nil || !strings.Contains(reason.Error(), tt.reason) {
				t.Errorf("got reason %v, want %s", reason, tt.reason)
			}
			if err := w.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		})
	}
}

// connected returns a wire after its upgrade, and what the other side has read
// from it by the time that it ends.
func connected(t *testing.T) (*wire, net.Conn, chan string) {
	t.Helper()
	here, there := net.Pipe()
	w := newWire(here, time.Minute)
	w.judge = func(m []byte) ([]byte, error) { return m, nil }
	go func() { _, _ = io.WriteString(there, upgraded) }()
	if _, err := io.ReadFull(w, make([]byte, len(upgraded))); err != nil {
		t.Fatal(err)
	}
	read := make(chan string, 1)
	go func() {
		b, _ := io.ReadAll(there)
		read <- string(b)
	}()
	return w, there, read
}

func TestWireWrites(t *testing.T) {
	t.Parallel()
	beat, bye := "\x81\x80beat", "\x88\x80bye"
	for _, tt := range []struct {
		name     string
		farewell bool
		cut      bool
		want     string
	}{
		{"the library gives up", false, false, beat},
		{"the end", true, false, beat + bye},
		{"after a cut", false, true, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, _, read := connected(t)
			if tt.cut {
				w.cut(io.ErrUnexpectedEOF)
			}
			if tt.farewell {
				w.sayFarewell()
			}
			for _, p := range []string{beat, bye, beat} {
				// The library takes an error for a reason to close the next connection.
				if n, err := io.WriteString(w, p); err != nil || n != len(p) {
					t.Errorf("Write(%q) = %d, %v; want it taken", p, n, err)
				}
			}
			if _, err := w.Read(make([]byte, 1)); err == nil {
				t.Error("there is still something to read after the close frame")
			}
			for range 2 {
				_ = w.Close()
			}
			if got := next(t, "the end", read); got != tt.want {
				t.Errorf("Discord got %q, want %q", got, tt.want)
			}
			if reason := w.why(); tt.cut != errors.Is(reason, io.ErrUnexpectedEOF) {
				t.Errorf("got reason %v, want the first one", reason)
			}
		})
	}
}

func TestWireCutEndsARead(t *testing.T) {
	t.Parallel()
	w, _, _ := connected(t)
	ended := make(chan error, 1)
	go func() {
		_, err := w.Read(make([]byte, 1))
		ended <- err
	}()
	w.cut(io.ErrNoProgress)
	if err := next(t, "the end of Read", ended); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("got %v, want %v", err, io.ErrNoProgress)
	}
}

func TestWireNoticesSilence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, there, _ := connected(t)
		start := time.Now()
		w.allow(90 * time.Second)
		go func() {
			time.Sleep(80 * time.Second)
			_, _ = there.Write(frame(opText, []byte("one")))
		}()
		if _, err := io.ReadFull(w, make([]byte, 5)); err != nil {
			t.Fatal(err)
		}
		_, err := w.Read(make([]byte, 1))
		if err == nil || !strings.Contains(err.Error(), "no sign of life from Discord for 1m30s") {
			t.Errorf("got %v, want that Discord is silent", err)
		}
		if took := time.Since(start); took != 170*time.Second {
			t.Errorf("noticed after %s, want 170s: 90 after the last message", took)
		}
	})
}
