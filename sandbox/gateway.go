package sandbox

import (
	"encoding/json"
	"errors"
	"io"
	"net"
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
	closeGrace     = 2 * time.Second
)

// conn is one WebSocket. Its reader owns session, which it changes under the gate's lock;
// everything to be written goes through out.
type conn struct {
	s       *Sandbox
	ws      *websocket.Conn
	base    string
	out     *mail
	squeeze *squeeze // what the writer compresses with
	stop    chan struct{}
	once    sync.Once
	session *session
	ready   bool
	asked   map[string]time.Time // when a server's whole list of members was last asked for
	// closing is set once a code to close with is queued: from then on frames are read
	// only to find the client's own close frame.
	closing atomic.Bool
	// told is the code that the sandbox closed with, and 0 while it hasn't.
	told atomic.Int32
}

// frame is what a client sends.
type frame struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
}

// serveGateway runs one connection from Hello until it ends.
func (s *Sandbox) serveGateway(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if v := query.Get("encoding"); v != "" && v != "json" {
		http.Error(w, "the sandbox speaks encoding=json alone; Erlang's terms are not among what it knows", http.StatusBadRequest)
		return
	}
	squeeze, err := newSqueeze(query.Get("compress"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	up := websocket.Upgrader{ReadBufferSize: 4096, WriteBufferSize: 16384}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	c := &conn{
		s: s, ws: ws, base: "http://" + r.Host, out: newMail(), squeeze: squeeze,
		stop: make(chan struct{}), asked: map[string]time.Time{},
	}
	if !s.gate.enter(c) {
		_ = ws.Close() // the sandbox is closing
		return
	}
	defer s.gate.leave(c)
	var writer sync.WaitGroup
	writer.Go(c.writeLoop)
	switch query.Get("v") {
	case "", "9", "10":
		c.hello()
	default:
		c.closeWith(4012)
	}
	c.readLoop()
	c.end()
	writer.Wait()
}

func (c *conn) interval() time.Duration {
	if c.s.opts.Heartbeat > 0 {
		return c.s.opts.Heartbeat
	}
	return usualHeartbeat
}

func (c *conn) hello() {
	c.sendOp(opHello, map[string]any{"heartbeat_interval": c.interval().Milliseconds()}, "HELLO")
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

// readLoop takes frames until the connection ends, then leaves the session to be resumed
// or, where one side closed it for good, forgets it.
func (c *conn) readLoop() {
	sends := window{}
	c.heard()
	for {
		kind, in, err := c.ws.NextReader()
		if err == nil && (c.closing.Load() || kind != websocket.TextMessage && kind != websocket.BinaryMessage) {
			continue // the rest of it is thrown away as it comes
		}
		var raw []byte
		if err == nil {
			raw, err = io.ReadAll(io.LimitReader(in, maxFrame+1))
		}
		if err != nil {
			c.ended(err)
			return
		}
		if !sends.take(maxSends, time.Minute, time.Now()) {
			c.closeWith(4008)
			continue
		}
		c.take(raw)
	}
}

// heard moves the time at which a client whose heart doesn't beat counts as gone.
func (c *conn) heard() {
	_ = c.ws.SetReadDeadline(time.Now().Add(2 * c.interval())) // fails only on a closed connection, which the read reports
}

// ended sees to the session of a connection from which nothing more can be read.
func (c *conn) ended(err error) {
	to := c.session
	silent := net.Error(nil)
	switch closing := new(websocket.CloseError); {
	case errors.As(err, &closing):
		c.s.trace.add(entry{Kind: "gateway", Direction: "in", Session: c.sessionID(), Verdict: "closed", Status: closing.Code})
		if to != nil && c.final(closing.Code) {
			c.s.gate.forget(to)
			return
		}
	case errors.As(err, &silent) && silent.Timeout():
		if to != nil {
			c.s.gate.forget(to)
		}
		c.closeWith(4009)
		<-c.stop // which follows soon after the close frame
		return
	}
	if to != nil {
		c.s.gate.detach(to, c)
	}
}

// final says whether a close ends the session for good. Where the sandbox closed first its
// own code decides, and the client's is only an echo.
func (c *conn) final(code int) bool {
	if told := c.told.Load(); told != 0 {
		return told == 4003 || told == 4004 || told == 4007 || told == 4009
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
		c.heartbeat()
	case opIdentify:
		c.identify(f.Data)
	case opResume:
		c.resume(f.Data)
	case opPresence, opVoice, opMembers:
		c.ask(f)
	default:
		c.closeWith(4001)
	}
}

func (c *conn) heartbeat() {
	c.heard()
	if hit := c.s.outages.strike("HEARTBEAT"); hit != nil {
		c.suffer(hit)
		if hit.Close != 0 {
			c.closeWith(hit.Close)
		}
	}
	c.sendOp(opAck, nil, "HEARTBEAT_ACK")
}
