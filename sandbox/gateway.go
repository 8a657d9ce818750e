package sandbox

import (
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// Gateway operations, by Discord's numbers.
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opPresence       = 3
	opVoice          = 4
	opResume         = 6
	opReconnect      = 7
	opMembers        = 8
	opInvalidSession = 9
	opHello          = 10
	opAck            = 11
)

const (
	usualHeartbeat = 41250 * time.Millisecond
	maxFrame       = 4096
	maxSends       = 120 // frames from a client in a minute
	connQueue      = 2048
	closeGrace     = 2 * time.Second
)

// conn is one WebSocket. Its reader owns session; everything to be written goes through out.
type conn struct {
	s       *Sandbox
	ws      *websocket.Conn
	base    string
	out     chan outgoing
	stop    chan struct{}
	once    sync.Once
	session *session
	ready   bool
	// told is the code that the sandbox closed with, and 0 while it hasn't.
	told atomic.Int32
}

// outgoing is a frame to write, or the code to close with.
type outgoing struct {
	data  []byte
	close int
	delay time.Duration
}

// frame is what a client sends.
type frame struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
}

// serveGateway runs one connection from Hello until it ends.
func (s *Sandbox) serveGateway(w http.ResponseWriter, r *http.Request) {
	if v := r.URL.Query().Get("encoding"); v != "" && v != "json" {
		http.Error(w, "the sandbox speaks encoding=json only", http.StatusBadRequest)
		return
	}
	up := websocket.Upgrader{ReadBufferSize: 4096, WriteBufferSize: 16384}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	c := &conn{s: s, ws: ws, base: "http://" + r.Host, out: make(chan outgoing, connQueue), stop: make(chan struct{})}
	if !s.gate.enter(c) {
		_ = ws.Close() // the sandbox is closing
		return
	}
	defer s.gate.leave(c)
	switch r.URL.Query().Get("v") {
	case "", "9", "10":
	default:
		c.closeWith(4012)
	}
	var writer sync.WaitGroup
	writer.Go(c.writeLoop)
	c.hello()
	c.readLoop()
	c.end()
	writer.Wait()
}

func (c *conn) hello() {
	interval := c.s.opts.Heartbeat
	if interval == 0 {
		interval = usualHeartbeat
	}
	c.sendOp(opHello, map[string]any{"heartbeat_interval": interval.Milliseconds()}, "HELLO")
}

// sendOp sends a frame that isn't an event; step is what outages know it by.
func (c *conn) sendOp(op int, data any, step string) {
	raw, err := json.Marshal(map[string]any{"op": op, "d": data, "s": nil, "t": nil})
	if err != nil {
		c.s.log.Error("a gateway frame could not be encoded", "op", op, "err", err)
		return
	}
	c.s.trace.add(entry{Kind: "gateway", Direction: "out", Session: c.sessionID(), Op: &op, Data: raw})
	c.send(raw, step)
}

func (c *conn) sessionID() string {
	if c.session == nil {
		return ""
	}
	return c.session.id
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
	case c.out <- o:
	default:
		c.end()
	}
}

func (c *conn) closeWith(code int) { c.queue(outgoing{close: code}) }

// end drops the connection without a word.
func (c *conn) end() {
	c.once.Do(func() {
		close(c.stop)
		_ = c.ws.Close() // the reader then returns
	})
}

func (c *conn) writeLoop() {
	for {
		var o outgoing
		select {
		case <-c.stop:
			return
		case o = <-c.out:
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
	if err := c.ws.WriteMessage(websocket.TextMessage, o.data); err != nil {
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

// readLoop takes frames until the connection ends, then leaves the session to be resumed
// or, where the client closed it for good, forgets it.
func (c *conn) readLoop() {
	sends := window{}
	for {
		c.extend()
		kind, raw, err := c.ws.ReadMessage()
		if err != nil {
			c.closed(err)
			return
		}
		if kind != websocket.TextMessage && kind != websocket.BinaryMessage {
			continue
		}
		if !sends.take(maxSends, time.Minute, time.Now()) {
			c.closeWith(4008)
			continue
		}
		c.take(raw)
	}
}

// extend moves the deadline after which a silent client counts as gone.
func (c *conn) extend() {
	interval := c.s.opts.Heartbeat
	if interval == 0 {
		interval = usualHeartbeat
	}
	_ = c.ws.SetReadDeadline(time.Now().Add(2 * interval)) // fails only on a closed connection, which the read reports
}

func (c *conn) closed(err error) {
	if closing := new(websocket.CloseError); errors.As(err, &closing) {
		c.s.trace.add(entry{Kind: "gateway", Direction: "in", Session: c.sessionID(), Verdict: "closed", Status: closing.Code})
		if c.session != nil && c.final(closing.Code) {
			c.s.gate.forget(c.session)
			return
		}
	}
	if c.session != nil {
		c.s.gate.detach(c.session, c)
	}
}

// final says whether a close ends the session for good. Where the sandbox closed first its
// own code decides, and the client's is only an echo.
func (c *conn) final(code int) bool {
	if told := c.told.Load(); told != 0 {
		return told == 4007 || told == 4009
	}
	return code == websocket.CloseNormalClosure || code == websocket.CloseGoingAway
}

func (c *conn) take(raw []byte) {
	var f frame
	if len(raw) > maxFrame || json.Unmarshal(raw, &f) != nil {
		c.closeWith(4002)
		return
	}
	shown := json.RawMessage(nil)
	if f.Op != opIdentify && f.Op != opResume {
		shown = f.Data
	}
	c.s.trace.add(entry{Kind: "gateway", Direction: "in", Session: c.sessionID(), Op: &f.Op, Data: shown})
	switch f.Op {
	case opHeartbeat:
		if hit := c.s.outages.strike("HEARTBEAT"); hit != nil {
			c.suffer(hit)
			if hit.Close != 0 {
				c.closeWith(hit.Close)
			}
		}
		c.sendOp(opAck, nil, "HEARTBEAT_ACK")
	case opIdentify:
		c.identify(f.Data)
	case opResume:
		c.resume(f.Data)
	case opPresence, opVoice, opMembers:
		if !c.ready {
			c.closeWith(4003)
		}
	default:
		c.closeWith(4001)
	}
}
