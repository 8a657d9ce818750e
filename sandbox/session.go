package sandbox

import (
	"encoding/json"
	"maps"
	"strings"
	"sync"
	"time"
)

const (
	replayable  = 512             // events kept for a resume
	resumable   = 5 * time.Minute // how long a session waits for one
	maxSessions = 256
)

// session is what a client identified for; it outlives its connection for a while.
type session struct {
	id       string
	base     string
	intents  int
	shard    int
	shards   int
	sharded  bool // whether it said which shard it is
	seq      int64
	buffer   []dispatched
	conn     *conn
	detached time.Time
}

type dispatched struct {
	seq int64
	raw []byte
}

// gate holds the sessions. Its lock is taken after the sandbox's, never before.
type gate struct {
	mu       sync.Mutex
	limits   Limits
	sessions map[string]*session
	conns    map[*conn]bool
	wg       sync.WaitGroup
	closed   bool
	daily    window
	started  map[int]time.Time // when a session was last started, by max_concurrency's key
	// lively is what presence was last called with: whether any session has a connection.
	lively   bool
	presence func(connected bool)
}

// newGate has presence called, in order and under the gate's lock, when the first session
// gets a connection and when the last one loses its own.
func newGate(l Limits, presence func(connected bool)) *gate {
	return &gate{limits: l.filled(), sessions: map[string]*session{}, conns: map[*conn]bool{}, started: map[int]time.Time{}, presence: presence}
}

// watch compares who is connected with what was last told. The gate's lock is held.
func (g *gate) watch() {
	lively := false
	for _, s := range g.sessions {
		lively = lively || s.conn != nil
	}
	if lively != g.lively {
		g.lively = lively
		g.presence(lively)
	}
}

func (g *gate) startLimit() map[string]any {
	g.mu.Lock()
	defer g.mu.Unlock()
	used, after := g.daily.used, time.Until(g.daily.reset)
	if after <= 0 {
		used, after = 0, 0
	}
	return map[string]any{
		"total": g.limits.Identifies, "remaining": g.limits.Identifies - used,
		"reset_after": after.Milliseconds(), "max_concurrency": g.limits.Concurrency,
	}
}

func (g *gate) enter(c *conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed || len(g.conns) >= maxSessions {
		return false
	}
	g.conns[c] = true
	g.wg.Add(1)
	return true
}

func (g *gate) leave(c *conn) {
	g.mu.Lock()
	delete(g.conns, c)
	g.mu.Unlock()
	g.wg.Done()
}

// close tells every client to come back later and waits for the connections to end.
func (g *gate) close() {
	g.mu.Lock()
	g.closed = true
	for c := range g.conns {
		c.closeWith(1001)
	}
	g.mu.Unlock()
	g.wg.Wait()
}

func (g *gate) forget(s *session) {
	g.mu.Lock()
	delete(g.sessions, s.id)
	g.watch()
	g.mu.Unlock()
}

func (g *gate) detach(s *session, from *conn) {
	g.mu.Lock()
	if s.conn == from {
		s.conn, s.detached = nil, time.Now()
	}
	g.watch()
	g.mu.Unlock()
}

// connected counts sessions that are live, and those that may yet be resumed.
func (g *gate) connected() (live, waiting int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sweep()
	for _, s := range g.sessions {
		if s.conn != nil {
			live++
		} else {
			waiting++
		}
	}
	return live, waiting
}

func (g *gate) sweep() {
	for id, s := range g.sessions {
		if s.conn == nil && time.Since(s.detached) > resumable {
			delete(g.sessions, id)
		}
	}
}

// begin makes the session known and tells it READY and its guilds before anything else.
func (c *conn) begin(to *session) {
	s := c.s
	s.mu.Lock()
	defer s.mu.Unlock()
	guilds := []any{}
	for _, g := range s.state.guildList() {
		if s.state.joined(g.ID) != nil && to.covers(g.ID) {
			guilds = append(guilds, map[string]any{"id": g.ID, "unavailable": true})
		}
	}
	ready := map[string]any{
		"v": 10, "user": s.state.selfObject(), "guilds": guilds, "session_id": to.id,
		"resume_gateway_url": "ws" + strings.TrimPrefix(c.base, "http") + "/gateway",
		"application":        map[string]any{"id": s.state.install.ID, "flags": s.state.install.intentFlags()},
		"private_channels":   []any{}, "_trace": []any{"sandbox"}, "geo_ordered_rtc_regions": []any{},
	}
	if to.sharded {
		ready["shard"] = []int{to.shard, to.shards}
	}
	s.gate.mu.Lock()
	s.gate.sessions[to.id] = to
	c.session, c.ready = to, true
	s.gate.watch()
	s.gate.tell(s, to, "READY", ready)
	for _, g := range guilds {
		if to.intents&intentGuilds != 0 {
			id := textOf(objectOf(g)["id"])
			s.gate.tell(s, to, "GUILD_CREATE", s.state.guildCreate(s.state.guilds[id]))
		}
	}
	s.gate.mu.Unlock()
}

// covers says whether the shard that was identified for has the guild's events.
func (to *session) covers(guild string) bool {
	n, _ := snowflake(guild)
	return int(n>>22%uint64(to.shards)) == to.shard
}

// dispatch tells every session that asked for it. The sandbox's lock is held.
func (s *Sandbox) dispatch(e event) {
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	s.gate.sweep()
	for _, to := range s.gate.sessions {
		if e.intent != 0 && to.intents&e.intent == 0 || !to.covers(e.guild) {
			continue
		}
		s.gate.tell(s, to, e.name, e.data(to))
	}
}

// tell numbers an event, keeps it for a resume, and sends it where there is a connection.
// The gate's lock is held.
func (g *gate) tell(s *Sandbox, to *session, name string, data any) {
	to.seq++
	raw, err := json.Marshal(map[string]any{"op": opDispatch, "t": name, "s": to.seq, "d": data})
	if err != nil {
		s.log.Error("an event could not be encoded", "event", name, "err", err)
		return
	}
	to.buffer = append(to.buffer, dispatched{to.seq, raw})
	if len(to.buffer) > replayable {
		to.buffer[0] = dispatched{}
		to.buffer = to.buffer[1:]
	}
	op := opDispatch
	s.trace.add(entry{Kind: "gateway", Direction: "out", Session: to.id, Op: &op, Event: name, Data: shown(data)})
	if to.conn != nil {
		to.conn.send(raw, name)
	}
}

// shown is an event's data for the log, without the token of an interaction.
func shown(data any) json.RawMessage {
	if obj, is := data.(map[string]any); is && obj["token"] != nil {
		obj = maps.Clone(obj)
		obj["token"] = "…"
		data = obj
	}
	raw, err := json.Marshal(data)
	if err != nil {
		return nil
	}
	return raw
}
