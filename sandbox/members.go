package sandbox

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

const (
	maxChunk      = 1000
	maxAskedFor   = 100
	maxChunkNonce = 32
	membersPer    = 30 * time.Second // between two requests for all members of one server
)

// ask takes what only a session may send: a presence, a voice state, or a question for
// members. Presence and voice are judged but change nothing, for there is nobody to see a
// bot's presence and no voice channel to join.
func (c *conn) ask(f frame) {
	switch {
	case !c.ready:
		c.closeWith(4003)
	case f.Op == opMembers:
		c.members(f.Data)
	case f.Op == opPresence && !soundPresence(f.Data), f.Op == opVoice && !soundVoice(f.Data):
		c.closeWith(4002)
	}
}

func soundPresence(raw json.RawMessage) bool {
	var p struct {
		Since      *float64                      `json:"since"`
		Activities *[]map[string]json.RawMessage `json:"activities"`
		Status     string                        `json:"status"`
		AFK        bool                          `json:"afk"`
	}
	return json.Unmarshal(raw, &p) == nil && slices.Contains([]string{"online", "dnd", "idle", "invisible", "offline"}, p.Status)
}

func soundVoice(raw json.RawMessage) bool {
	var v struct {
		Guild   string  `json:"guild_id"`
		Channel *string `json:"channel_id"`
		Mute    bool    `json:"self_mute"`
		Deaf    bool    `json:"self_deaf"`
	}
	if json.Unmarshal(raw, &v) != nil {
		return false
	}
	_, is := snowflake(v.Guild)
	return is
}

// oneOrMore is an id, or a list of them.
type oneOrMore []string

func (l *oneOrMore) UnmarshalJSON(raw []byte) error {
	if bytes.HasPrefix(raw, []byte("[")) {
		return json.Unmarshal(raw, (*[]string)(l))
	}
	*l = make(oneOrMore, 1)
	return json.Unmarshal(raw, &(*l)[0])
}

type membersRequest struct {
	Guild     oneOrMore `json:"guild_id"`
	Query     *string   `json:"query"`
	Limit     *int      `json:"limit"`
	Presences bool      `json:"presences"`
	Users     oneOrMore `json:"user_ids"`
	Nonce     string    `json:"nonce"`
}

// sound holds of requests as Discord documents them: one server, and either a query with a
// limit or up to 100 users.
func (r *membersRequest) sound() bool {
	byQuery := r.Query != nil && r.Limit != nil && *r.Limit >= 0 && *r.Limit <= maxAskedFor
	byUser := len(r.Users) > 0 && len(r.Users) <= maxAskedFor
	return len(r.Guild) == 1 && byQuery != byUser
}

func (c *conn) members(raw json.RawMessage) {
	var r membersRequest
	if json.Unmarshal(raw, &r) != nil || !r.sound() {
		c.closeWith(4002)
		return
	}
	s := c.s
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	g := s.state.joined(r.Guild[0])
	all := r.Query != nil && *r.Query == "" && *r.Limit == 0
	switch {
	case g == nil || !c.session.covers(g.ID), all && c.session.intents&intentMembers == 0:
		// Discord doesn't answer these either: the wait for an answer is how one notices.
		s.trace.add(entry{Kind: "gateway", Session: c.session.id, Verdict: "members not told: no such server here, or no intent for all members"})
		return
	case all:
		if since := time.Since(c.asked[g.ID]); since < membersPer {
			s.gate.tell(s, c.session, "RATE_LIMITED", map[string]any{
				"opcode": opMembers, "retry_after": (membersPer - since).Seconds(), "meta": map[string]any{"guild_id": g.ID, "nonce": r.Nonce},
			})
			return
		}
		c.asked[g.ID] = time.Now()
	}
	c.tellMembers(g, r)
}

// tellMembers answers in chunks. The locks of the sandbox and of the gate are held.
func (c *conn) tellMembers(g *guild, r membersRequest) {
	found, unknown := c.s.state.asked(g, r)
	pages := slices.Collect(slices.Chunk(found, maxChunk))
	if len(pages) == 0 {
		pages = [][]any{{}}
	}
	for i, page := range pages {
		chunk := map[string]any{"guild_id": g.ID, "members": page, "chunk_index": i, "chunk_count": len(pages)}
		if r.Users != nil {
			chunk["not_found"] = unknown
		}
		if r.Presences && c.session.intents&intentPresences != 0 {
			chunk["presences"] = []any{}
		}
		if r.Nonce != "" && len(r.Nonce) <= maxChunkNonce {
			chunk["nonce"] = r.Nonce
		}
		c.s.gate.tell(c.s, c.session, "GUILD_MEMBERS_CHUNK", chunk)
	}
}

// asked are the members that a request means, and the users it names who aren't members.
func (st *state) asked(g *guild, r membersRequest) (found, unknown []any) {
	found, unknown = []any{}, []any{}
	for _, id := range r.Users {
		if m := g.member(id); m != nil {
			found = append(found, st.memberObject(m))
		} else {
			unknown = append(unknown, id)
		}
	}
	if r.Query == nil {
		return found, unknown
	}
	for _, m := range g.Members {
		name := textOf(st.userObject(m.User)["username"])
		if strings.HasPrefix(strings.ToLower(name), strings.ToLower(*r.Query)) && (*r.Limit == 0 || len(found) < *r.Limit) {
			found = append(found, st.memberObject(&m))
		}
	}
	return found, unknown
}
