package sandbox

import (
	"encoding/json"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// maxUnread bounds the bytes that wait for one client to read them. The servers of a full
// shard, told all at once after a login, have to fit.
const maxUnread = 64 << 20

// outgoing is a frame to write, or the code to close with; -1 cuts the connection.
type outgoing struct {
	data  []byte
	close int
	delay time.Duration
}

// mail is what waits to be written, in order.
type mail struct {
	mu    sync.Mutex
	list  []outgoing
	bytes int
	come  chan struct{} // holds a token when there is something
}

func newMail() *mail { return &mail{come: make(chan struct{}, 1)} }

// put says false where too much waits already.
func (m *mail) put(o outgoing) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	size := len(o.data) + 64
	if m.bytes+size > maxUnread {
		return false
	}
	m.list, m.bytes = append(m.list, o), m.bytes+size
	select {
	case m.come <- struct{}{}:
	default:
	}
	return true
}

// take waits for the next, or says false where stop came first.
func (m *mail) take(stop <-chan struct{}) (outgoing, bool) {
	for {
		select {
		case <-stop:
			return outgoing{}, false
		default:
		}
		if o, ok := m.next(); ok {
			return o, true
		}
		select {
		case <-stop:
		case <-m.come:
		}
	}
}

func (m *mail) next() (outgoing, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.list) == 0 {
		return outgoing{}, false
	}
	o := m.list[0]
	m.list[0] = outgoing{}
	m.list, m.bytes = m.list[1:], m.bytes-len(o.data)-64
	return o, true
}

// send queues a frame, as the outage of the moment lets it.
func (c *conn) send(raw []byte, step string) {
	hit := c.s.outages.strike(step)
	if hit == nil {
		c.queue(outgoing{data: raw})
		return
	}
	c.suffer(hit)
	delay := time.Duration(hit.LatencyMS) * time.Millisecond
	if hit.Close != 0 && hit.Cut != "after" {
		c.queue(outgoing{close: hit.Close, delay: delay})
		return
	}
	if hit.Cut == "before" {
		c.end()
		return
	}
	for n := 0; n <= hit.Repeat && !hit.Drop; n++ {
		c.queue(outgoing{data: raw, delay: delay})
		delay = 0
	}
	if hit.Close != 0 {
		c.queue(outgoing{close: hit.Close})
	} else if hit.Cut == "after" {
		c.queue(outgoing{close: -1})
	}
}

// suffer sends the operation that an outage puts before its frame.
func (c *conn) suffer(hit *outage) {
	if hit.Op == 0 {
		return
	}
	var data any
	if hit.Op == opInvalidSession {
		data = hit.Resume != nil && *hit.Resume
	}
	raw, err := json.Marshal(map[string]any{"op": hit.Op, "d": data, "s": nil, "t": nil})
	if err == nil {
		c.s.trace.add(entry{Kind: "gateway", Direction: "out", Session: c.sessionID(), Op: &hit.Op, Data: raw})
		c.queue(outgoing{data: raw})
	}
}

// queue never blocks: a client that doesn't read is cut off.
func (c *conn) queue(o outgoing) {
	select {
	case <-c.stop:
		return
	default:
	}
	if !c.out.put(o) {
		c.end()
	}
}

func (c *conn) closeWith(code int) {
	c.closing.Store(true)
	c.queue(outgoing{close: code})
}

// end drops the connection without a word.
func (c *conn) end() {
	c.once.Do(func() {
		close(c.stop)
		_ = c.ws.Close() // the reader then returns
	})
}

func (c *conn) writeLoop() {
	for {
		o, ok := c.out.take(c.stop)
		if !ok {
			return
		}
		if o.delay > 0 {
			timer := time.NewTimer(o.delay)
			select {
			case <-timer.C:
			case <-c.stop:
				timer.Stop()
				return
			}
		}
		if !c.write(o) {
			return
		}
	}
}

func (c *conn) write(o outgoing) bool {
	deadline := time.Now().Add(10 * time.Second)
	switch {
	case o.close < 0:
		c.end()
		return false
	case o.close > 0:
		c.s.trace.add(entry{Kind: "gateway", Direction: "out", Verdict: "closed", Status: o.close})
		c.told.Store(int32(o.close))
		text := websocket.FormatCloseMessage(o.close, closeText(o.close))
		if err := c.ws.WriteControl(websocket.CloseMessage, text, deadline); err != nil {
			c.end()
			return false
		}
		time.AfterFunc(closeGrace, c.end) // for a client that doesn't answer with a close frame of its own
		return false
	}
	if err := c.ws.SetWriteDeadline(deadline); err != nil {
		c.end()
		return false
	}
	kind, data := c.squeeze.pack(o.data)
	if err := c.ws.WriteMessage(kind, data); err != nil {
		c.end()
		return false
	}
	return true
}

func closeText(code int) string {
	switch code {
	case 4001:
		return "Unknown opcode."
	case 4002:
		return "Error while decoding payload."
	case 4003:
		return "Not authenticated."
	case 4004:
		return "Authentication failed."
	case 4005:
		return "Already authenticated."
	case 4007:
		return "Invalid seq."
	case 4008:
		return "Rate limited."
	case 4009:
		return "Session timed out."
	case 4010:
		return "Invalid shard."
	case 4011:
		return "Sharding required."
	case 4012:
		return "Invalid API version."
	case 4013:
		return "Invalid intent(s)."
	case 4014:
		return "Disallowed intent(s)."
	}
	return ""
}
