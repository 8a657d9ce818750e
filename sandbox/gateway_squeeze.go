package sandbox

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/gorilla/websocket"
	"github.com/klauspost/compress/zstd"
)

// worthPacking is the size from which a client that asked for compressed payloads gets one:
// Discord leaves it to itself which those are.
const worthPacking = 1 << 10

// squeeze compresses frames, in one of Discord's ways: all frames as one stream, flushed
// after each, or some frames as a whole zlib document. One goroutine at a time may pack;
// payloads may be set at any time.
type squeeze struct {
	stream interface {
		io.Writer
		Flush() error
	}
	buf      bytes.Buffer
	payloads atomic.Bool
}

// newSqueeze takes what a client asks for as compress=; "" asks for nothing.
func newSqueeze(compress string) (*squeeze, error) {
	z := &squeeze{}
	switch compress {
	case "":
	case "zlib-stream":
		z.stream = zlib.NewWriter(&z.buf)
	case "zstd-stream":
		// Without concurrency it has no goroutines that somebody would have to end.
		w, err := zstd.NewWriter(&z.buf, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<18))
		if err != nil {
			return nil, fmt.Errorf("sandbox: compressing for a client: %w", err)
		}
		z.stream = w
	default:
		return nil, fmt.Errorf("the sandbox doesn't know compress=%s; it takes zlib-stream, zstd-stream or none", short(compress))
	}
	return z, nil
}

// pack returns what to write, which is good until the next call, and as which kind of message.
func (z *squeeze) pack(data []byte) (kind int, packed []byte) {
	z.buf.Reset()
	switch {
	case z.stream != nil:
		_, _ = z.stream.Write(data) // a buffer takes everything
		_ = z.stream.Flush()
	case z.payloads.Load() && len(data) >= worthPacking:
		w := zlib.NewWriter(&z.buf)
		_, _ = w.Write(data)
		_ = w.Close()
	default:
		return websocket.TextMessage, data
	}
	return websocket.BinaryMessage, z.buf.Bytes()
}
