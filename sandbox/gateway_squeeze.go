package sandbox

import (
	"bytes"
	"compress/zlib"
	"sync/atomic"

	"github.com/gorilla/websocket"
)

// worthPacking is the size from which a client that asked for compressed payloads gets one:
// Discord leaves it to itself which those are.
const worthPacking = 1 << 10

// squeeze compresses frames, in one of Discord's two ways: all frames as one zlib stream,
// each flushed so that it ends with 00 00 FF FF, or some frames as a whole zlib document.
// Its writer alone packs; payloads may be set at any time.
type squeeze struct {
	stream   *zlib.Writer
	buf      bytes.Buffer
	payloads atomic.Bool
}

func newSqueeze(stream bool) *squeeze {
	z := &squeeze{}
	if stream {
		z.stream = zlib.NewWriter(&z.buf)
	}
	return z
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
