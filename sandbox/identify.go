package sandbox

import (
	"crypto/rand"
	"encoding/json"
	"strings"
	"time"
)

const (
	maxShardGuilds = 2500
	concurrencyPer = 5 * time.Second
)

// struck lets an outage hit a login, and says whether that ends it.
func (c *conn) struck(step string) bool {
	hit := c.s.outages.strike(step)
	if hit == nil {
		return false
	}
	hit.wait(c.s.life)
	c.suffer(hit)
	switch {
	case hit.Close != 0:
		c.closeWith(hit.Close)
	case hit.Cut != "":
		c.end()
	}
	return hit.Close != 0 || hit.Cut != "" || hit.Drop || hit.Op == opInvalidSession
}

type identify struct {
	Token      string                     `json:"token"`
	Intents    *int                       `json:"intents"`
	Properties map[string]json.RawMessage `json:"properties"`
	Compress   bool                       `json:"compress"`
	Shard      *[]int                     `json:"shard"`
}

func (c *conn) identify(raw json.RawMessage) {
	var id identify
	if json.Unmarshal(raw, &id) != nil || id.Properties == nil {
		c.closeWith(4002)
		return
	}
	if c.struck("IDENTIFY") {
		return
	}
	to := &session{id: strings.ToLower(rand.Text()), base: c.base, shards: 1, conn: c}
	if code := c.judgeIdentify(id, to); code != 0 {
		c.closeWith(code)
		return
	}
	switch c.s.gate.admit(to.shard) {
	case overBudget:
		if err := c.s.resetToken(); err != nil {
			c.s.log.Error("the token could not be reset", "err", err)
		}
		c.closeWith(4004)
		return
	case tooSoon:
		c.sendOp(opInvalidSession, false, "INVALID_SESSION")
		return
	case admitted:
	}
	c.squeeze.payloads.Store(id.Compress)
	c.begin(to)
}

// judgeIdentify fills in the session that is asked for, or returns the code that Discord
// documents for what is wrong.
func (c *conn) judgeIdentify(id identify, to *session) (code int) {
	switch {
	case c.ready:
		return 4005
	case !c.s.knows(id.Token):
		return 4004
	case id.Intents == nil || *id.Intents < 0 || *id.Intents&^everyIntent != 0:
		return 4013
	}
	to.intents = *id.Intents
	if id.Shard != nil {
		list := *id.Shard
		if len(list) != 2 || list[0] < 0 || list[1] < 1 || list[0] >= list[1] {
			return 4010
		}
		to.shard, to.shards, to.sharded = list[0], list[1], true
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if to.intents&c.s.state.install.Withheld != 0 {
		return 4014
	}
	guilds := 0
	for guild := range c.s.state.guilds {
		if c.s.state.joined(guild) != nil && to.covers(guild) {
			guilds++
		}
	}
	if guilds > maxShardGuilds {
		return 4011
	}
	return 0
}

// admission is what the limits say to one more session.
type admission int

const (
	admitted admission = iota
	tooSoon
	overBudget
)

// admit counts a start of a session against the daily limit, then against the one start in
// five seconds of each key, which is the shard modulo max_concurrency.
func (g *gate) admit(shard int) admission {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	g.sweep()
	if !g.daily.take(g.limits.Identifies, 24*time.Hour, now) {
		g.daily = window{} // whoever gets the new token begins anew
		return overBudget
	}
	if len(g.sessions) >= maxSessions {
		return tooSoon
	}
	if g.limits.Concurrency == noLimit {
		return admitted
	}
	key := shard % g.limits.Concurrency
	if last, ever := g.started[key]; ever && now.Sub(last) < concurrencyPer {
		return tooSoon
	}
	g.started[key] = now
	return admitted
}

type resume struct {
	Token   string `json:"token"`
	Session string `json:"session_id"`
	Seq     *int64 `json:"seq"`
}

func (c *conn) resume(raw json.RawMessage) {
	var r resume
	if json.Unmarshal(raw, &r) != nil {
		c.closeWith(4002)
		return
	}
	if c.struck("RESUME") {
		return
	}
	switch {
	case c.ready:
		c.closeWith(4005)
		return
	case !c.s.knows(r.Token):
		c.closeWith(4004)
		return
	}
	c.s.gate.takeUp(c, r)
}

// takeUp gives a session a new connection and replays what the old one missed.
func (g *gate) takeUp(c *conn, r resume) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sweep()
	to := g.sessions[r.Session]
	switch {
	case to == nil || r.Seq == nil || len(to.buffer) > 0 && *r.Seq < to.buffer[0].seq-1:
		c.sendOp(opInvalidSession, false, "INVALID_SESSION")
		return
	case *r.Seq > to.seq:
		delete(g.sessions, r.Session)
		if to.conn != nil {
			to.conn.closeWith(4007)
		}
		g.watch()
		c.closeWith(4007)
		return
	}
	if to.conn != nil {
		to.conn.end()
	}
	to.conn, to.base, c.session, c.ready = c, c.base, to, true
	g.watch()
	for _, d := range to.buffer {
		if d.seq > *r.Seq {
			c.queue(outgoing{data: d.raw})
		}
	}
	g.tell(c.s, to, "RESUMED", map[string]any{"_trace": []any{"sandbox"}})
}
