package sandbox

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// wire is a bare gateway connection.
type wire struct {
	t  *testing.T
	ws *websocket.Conn
}

func (s *stand) dial() *wire {
	s.t.Helper()
	ws, resp, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(s.url, "http")+"/gateway?v=10&encoding=json", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	_ = resp.Body.Close()
	s.t.Cleanup(func() { _ = ws.Close() })
	w := &wire{s.t, ws}
	if hello, err := w.read(); err != nil || intOf(hello["op"]) != opHello {
		s.t.Fatalf("first frame = %v, %v, want Hello", hello, err)
	}
	return w
}

func (w *wire) read() (obj, error) {
	if err := w.ws.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		w.t.Fatal(err)
	}
	var f obj
	err := w.ws.ReadJSON(&f)
	return f, err
}

// until reads on to the event or operation that is wanted.
func (w *wire) until(name string, op int) obj {
	w.t.Helper()
	for {
		f, err := w.read()
		if err != nil {
			w.t.Fatalf("waiting for %s%d: %v", name, op, err)
		}
		if intOf(f["op"]) == op && textOf(f["t"]) == name {
			return f
		}
	}
}

func (w *wire) send(op int, data any) {
	w.t.Helper()
	if err := w.ws.WriteJSON(obj{"op": op, "d": data}); err != nil {
		w.t.Fatal(err)
	}
}

// close ends the connection as a client does.
func (w *wire) close(code int) {
	w.t.Helper()
	text := websocket.FormatCloseMessage(code, "")
	if err := w.ws.WriteControl(websocket.CloseMessage, text, time.Now().Add(time.Second)); err != nil {
		w.t.Fatal(err)
	}
}

// code is what the connection is closed with.
func (w *wire) code() int {
	w.t.Helper()
	for {
		_, err := w.read()
		if closing := new(websocket.CloseError); errors.As(err, &closing) {
			return closing.Code
		}
		if err != nil {
			return 0
		}
	}
}

func (s *stand) connect(intents int) (*wire, obj) {
	s.t.Helper()
	w := s.dial()
	w.send(opIdentify, obj{"token": s.credentials.Token, "intents": intents, "properties": obj{}})
	return w, objectOf(w.until("READY", opDispatch)["d"])
}

func TestCloseCodes(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	good := func(extra obj) obj {
		id := obj{"token": "Bot " + s.credentials.Token, "intents": 1, "properties": obj{}}
		for k, v := range extra {
			id[k] = v
		}
		return id
	}
	for _, tt := range []struct {
		name string
		op   int
		data any
		want int
	}{
		{"unknown operation", 99, nil, 4001},
		{"identify isn't an object", opIdentify, "x", 4002},
		{"too long", opIdentify, good(obj{"presence": strings.Repeat("x", maxFrame)}), 4002},
		{"presence first", opPresence, obj{}, 4003},
		{"wrong token", opIdentify, obj{"token": "x", "intents": 1, "properties": obj{}}, 4004},
		{"wrong token on resume", opResume, obj{"token": "x", "session_id": "y", "seq": 1}, 4004},
		{"shard out of range", opIdentify, good(obj{"shard": []int{2, 2}}), 4010},
		{"intents that don't exist", opIdentify, good(obj{"intents": 1 << 40}), 4013},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := s.dial()
			w.send(tt.op, tt.data)
			if got := w.code(); got != tt.want {
				t.Errorf("closed with %d, want %d", got, tt.want)
			}
		})
	}
	w, _ := s.connect(1)
	w.send(opIdentify, good(nil))
	if got := w.code(); got != 4005 {
		t.Errorf("second identify: closed with %d, want 4005", got)
	}
}

func TestHeartbeatIsAcknowledged(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	w, _ := s.connect(1)
	w.send(opHeartbeat, 1)
	if got := w.until("", opAck); got["s"] != nil {
		t.Errorf("acknowledgement = %v, want no sequence", got)
	}
}

func TestHeartsThatStopBeatingEndTheSession(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Heartbeat: time.Second})
	w, _ := s.connect(1)
	if got := w.code(); got != 4009 {
		t.Errorf("closed with %d, want 4009", got)
	}
	if live, waiting := s.gate.connected(); live != 0 || waiting != 0 {
		t.Errorf("%d live and %d waiting sessions, want it forgotten", live, waiting)
	}
}

func TestBeatingHeartsKeepTheSession(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	w, _ := s.connect(1)
	s.control("PUT", "faults", list{obj{"match": "NOW", "op": opHeartbeat, "times": 1}})
	if f := w.until("", opHeartbeat); f["d"] != nil {
		t.Errorf("the sandbox asks with %v, want no data", f)
	}
	w.send(opHeartbeat, 3)
	w.until("", opAck)
}

func TestLargeSequences(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	w, ready := s.connect(intentGuilds)
	w.until("GUILD_CREATE", opDispatch)
	const far = 1 << 40
	s.gate.mu.Lock()
	to := s.gate.sessions[textOf(ready["session_id"])]
	to.seq, to.buffer = far, nil
	s.gate.mu.Unlock()
	s.control("PATCH", "guilds/Briefing Room", obj{"name": "Far on"})
	if got := w.until("GUILD_UPDATE", opDispatch)["s"]; got != float64(far+1) {
		t.Errorf("sequence = %v, want %d", got, far+1)
	}
	for seq, want := range map[int64]string{far: "GUILD_UPDATE", far - 1: "9 false"} {
		again := s.dial()
		again.send(opResume, obj{"token": s.credentials.Token, "session_id": ready["session_id"], "seq": seq})
		f, err := again.read()
		if err != nil || f["t"] != want && told(f) != want {
			t.Errorf("resumed after %d: %v, %v, want %s", seq, f, err, want)
		}
	}
}

func TestIntentsFilterEvents(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	quiet, ready := s.connect(intentGuilds)
	if len(listOf(ready["guilds"])) != 1 {
		t.Errorf("READY guilds = %v, want one", ready["guilds"])
	}
	quiet.until("GUILD_CREATE", opDispatch)
	blind, _ := s.connect(intentGuilds | intentGuildMessages)
	seeing, _ := s.connect(intentGuilds | intentGuildMessages | intentMessageContent)
	s.control("POST", "channels/digests/messages", obj{"user": "reader", "content": "secret"})
	s.control("PATCH", "guilds/Briefing Room", obj{"channels": list{obj{"channel": "new"}}})
	for name, tt := range map[string]struct {
		w    *wire
		want string
	}{"without the privileged intent": {blind, ""}, "with it": {seeing, "secret"}} {
		if got := objectOf(tt.w.until("MESSAGE_CREATE", opDispatch)["d"])["content"]; got != tt.want {
			t.Errorf("%s: content = %q, want %q", name, got, tt.want)
		}
	}
	for _, want := range []string{"GUILD_UPDATE", "CHANNEL_CREATE"} {
		if f, err := quiet.read(); err != nil || f["t"] != want {
			t.Errorf("guilds alone: next event %v, %v, want %s", f["t"], err, want)
		}
	}
}

func TestResumeRefuses(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	w, ready := s.connect(1)
	w.until("GUILD_CREATE", opDispatch)
	_ = w.ws.Close() // without a close frame, as when a cable is pulled
	again := s.dial()
	again.send(opResume, obj{"token": s.credentials.Token, "session_id": "none", "seq": 1})
	if got := again.until("", opInvalidSession); got["d"] != false {
		t.Errorf("unknown session: %v, want operation 9 with false", got)
	}
	again.send(opResume, obj{"token": s.credentials.Token, "session_id": ready["session_id"], "seq": 1000})
	if got := again.code(); got != 4007 {
		t.Errorf("sequence from the future: closed with %d, want 4007", got)
	}
}
