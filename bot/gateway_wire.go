package bot

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"
)

const (
	opContinuation = 0x0
	opText         = 0x1
	opClose        = 0x8
	opPing         = 0x9
	opPong         = 0xA

	maxMessage   = 32 << 20 // far over the largest server there is
	maxHead      = 16 << 10
	writeTimeout = 10 * time.Second
)

var errCut = errors.New("the connection was cut")

// A wire is the connection under discordgo's WebSocket, above TLS. It reads
// whole messages before the library does and lets through only what a reader of
// messages hands on, because the library, left to itself, deadlocks, panics,
// floods Discord or loses its session on messages that Discord may well send.
//
// Read is called by one goroutine at a time, Write by one at a time, the others
// by any.
type wire struct {
	net.Conn
	in      *bufio.Reader
	ready   []byte // read, judged, and not yet taken by the library
	partial []byte // the message whose fragments are coming in
	midway  bool   // within such a message
	framed  bool   // the HTTP upgrade is over
	raw     bool   // there was no upgrade: an HTTP error, passed on as it is

	// judge returns what the library may see of a message; nothing drops it, an
	// error ends the connection.
	judge func(message []byte) ([]byte, error)

	mu       sync.Mutex
	silence  time.Duration // longest that Discord may be quiet
	reason   error         // why it is dead
	farewell bool          // the library's close frame may go out
	dead     chan struct{} // closed when nothing more will be read
	closed   chan struct{} // closed when the library has let go
}

func newWire(conn net.Conn, silence time.Duration) *wire {
	return &wire{
		Conn: conn, in: bufio.NewReaderSize(conn, 8<<10), silence: silence,
		dead: make(chan struct{}), closed: make(chan struct{}),
	}
}

// cut ends the connection without a close frame, so that the session can be
// resumed. Of several reasons the first stays.
func (w *wire) cut(reason error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.reason != nil {
		return
	}
	w.reason = reason
	close(w.dead)
	if w.farewell {
		// The last frame is still on its way; Close follows it.
		_ = w.SetReadDeadline(time.Unix(1, 0))
		return
	}
	_ = w.Conn.Close()
}

func (w *wire) why() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.reason
}

// allow sets how long Discord may be quiet from the next message on.
func (w *wire) allow(silence time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.silence = silence
}

// sayFarewell lets the library's next close frame out, which ends the session.
func (w *wire) sayFarewell() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.farewell = true
}

// Close is the library letting go.
func (w *wire) Close() error {
	w.cut(errCut)
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case <-w.closed:
		return nil
	default:
	}
	close(w.closed)
	if w.farewell {
		return w.Conn.Close()
	}
	return nil // cut did it
}

// Write swallows what the library writes after the end, above all the close
// frame 1000, which would destroy the session it means to resume.
func (w *wire) Write(p []byte) (int, error) {
	w.mu.Lock()
	over, farewell := w.reason != nil, w.farewell
	w.mu.Unlock()
	if over {
		return len(p), nil
	}
	closing := w.framed && len(p) > 0 && p[0]&0x0F == opClose
	if closing && !farewell {
		w.cut(errors.New("discordgo gave the connection up"))
		return len(p), nil
	}
	if err := w.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return 0, err
	}
	n, err := w.Conn.Write(p)
	if err != nil || closing {
		// After its close frame the library still reads for a second, and would
		// panic on a request for a heartbeat.
		w.cut(errors.Join(errCut, err))
	}
	return n, err
}

// Read gives the library what judge left of Discord's messages.
func (w *wire) Read(p []byte) (int, error) {
	for len(w.ready) == 0 {
		if err := w.fill(); err != nil {
			w.cut(err)
			return 0, w.why()
		}
	}
	n := copy(p, w.ready)
	w.ready = w.ready[n:]
	return n, nil
}

func (w *wire) fill() error {
	w.mu.Lock()
	silence, reason := w.silence, w.reason
	if reason == nil {
		// Under the lock: a cut must not be followed by a later deadline.
		reason = w.SetReadDeadline(time.Now().Add(silence))
	}
	w.mu.Unlock()
	if reason != nil {
		return reason
	}
	err := w.next()
	if timeout := net.Error(nil); errors.As(err, &timeout) && timeout.Timeout() {
		return fmt.Errorf("no sign of life from Discord for %s", silence)
	}
	return err
}

func (w *wire) next() error {
	switch {
	case w.raw:
		buf := make([]byte, 4<<10)
		n, err := w.in.Read(buf)
		w.ready = buf[:n]
		return err
	case !w.framed:
		return w.readHead()
	}
	return w.readFrame()
}

// readHead passes on the reply to the HTTP upgrade.
func (w *wire) readHead() error {
	var head []byte
	for {
		line, err := w.in.ReadSlice('\n')
		head = append(head, line...)
		if err != nil {
			return err
		}
		if len(head) > maxHead {
			return errors.New("the gateway's HTTP reply is too long")
		}
		if len(strings.TrimRight(string(line), "\r\n")) == 0 {
			break
		}
	}
	status, _, _ := strings.Cut(string(head), "\n")
	w.framed = strings.Contains(status, " 101 ")
	w.raw = !w.framed
	w.ready = head
	return nil
}

// readFrame reads one frame (RFC 6455, section 5.2), and judges the message that
// it completes.
func (w *wire) readFrame() error {
	var head [2]byte
	if _, err := io.ReadFull(w.in, head[:]); err != nil {
		return err
	}
	final, kind := head[0]&0x80 != 0, head[0]&0x0F
	if head[0]&0x70 != 0 || head[1]&0x80 != 0 {
		return errors.New("the gateway sent a frame that is compressed or masked, which was never agreed")
	}
	length, err := w.frameLength(head[1])
	if err != nil {
		return err
	}
	if kind >= opClose {
		return w.readControl(head, final, length)
	}
	if kind != opText && kind != opContinuation || (kind == opContinuation) != w.midway {
		return fmt.Errorf("the gateway sent a frame of kind %d, where only text was agreed", kind)
	}
	if length > maxMessage || length+uint64(len(w.partial)) > maxMessage {
		return fmt.Errorf("the gateway sent a message over %d bytes", maxMessage)
	}
	start := len(w.partial)
	w.partial = append(w.partial, make([]byte, length)...)
	if _, err := io.ReadFull(w.in, w.partial[start:]); err != nil {
		return err
	}
	w.midway = !final
	if !final {
		return nil
	}
	message, err := w.judge(w.partial)
	w.partial = nil
	if len(message) > 0 {
		w.ready = frame(opText, message)
	}
	return err
}

func (w *wire) frameLength(short byte) (uint64, error) {
	var more [8]byte
	switch short {
	case 126:
		_, err := io.ReadFull(w.in, more[:2])
		return uint64(binary.BigEndian.Uint16(more[:2])), err
	case 127:
		_, err := io.ReadFull(w.in, more[:])
		return binary.BigEndian.Uint64(more[:]), err
	}
	return uint64(short), nil
}

// readControl passes a ping or a pong on; a close ends the connection.
func (w *wire) readControl(head [2]byte, final bool, length uint64) error {
	if !final || length > 125 {
		return errors.New("the gateway sent a broken control frame")
	}
	payload := make([]byte, length)
	if _, err := io.ReadFull(w.in, payload); err != nil {
		return err
	}
	switch kind := head[0] & 0x0F; kind {
	case opClose:
		closing := &closedError{code: 1005}
		if length >= 2 {
			closing.code = int(binary.BigEndian.Uint16(payload))
			closing.text = tidy(string(payload[2:]))
		}
		return closing
	case opPing, opPong:
		w.ready = frame(kind, payload)
		return nil
	}
	return errors.New("the gateway sent a control frame of no known kind")
}

// frame writes a whole message the way a server does, unmasked.
func frame(kind byte, payload []byte) []byte {
	head := []byte{0x80 | kind}
	switch n := len(payload); {
	case n < 126:
		head = append(head, byte(n))
	case n < 1<<16:
		head = binary.BigEndian.AppendUint16(append(head, 126), uint16(n))
	default:
		head = binary.BigEndian.AppendUint64(append(head, 127), uint64(n))
	}
	return append(head, payload...)
}
