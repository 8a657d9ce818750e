package bot

import (
	"context"
	"net/http"
	"sync"
	"time"

	"sitrep/briefings"
)

// Servers asks Discord about servers, and remembers what it said for a while. It
// satisfies [commands.Servers] and is safe for concurrent use.
type Servers struct {
	discord *Discord
	mu      sync.Mutex
	roles   map[string]roleSeen // by the role's id, of which there is one a server
}

// roleSeen is what Discord said of a role, and when.
type roleSeen struct {
	gone bool
	at   time.Time
}

// Of what Discord says of a role.
const (
	roleKept = 10 * time.Second       // how long it is believed
	roleTime = 700 * time.Millisecond // what asking may cost of an answer's time
)

// NewServers returns one that asks through discord.
func NewServers(discord *Discord) *Servers {
	return &Servers{discord: discord, roles: map[string]roleSeen{}}
}

// RoleGone is for [commands.Servers]. A role that is gone never comes back, since
// Discord makes no id twice.
func (s *Servers) RoleGone(ctx context.Context, desk briefings.DeskID, role string) (bool, error) {
	s.mu.Lock()
	seen, known := s.roles[role]
	s.mu.Unlock()
	if known && (seen.gone || time.Since(seen.at) < roleKept) {
		return seen.gone, nil
	}
	path, err := join("/guilds", string(desk), "roles", role)
	if err != nil {
		return false, err
	}
	ctx, cancel := context.WithTimeout(ctx, roleTime)
	defer cancel()
	_, err = s.discord.do(ctx, call{method: http.MethodGet, path: path, repeat: true})
	gone := IsCode(err, CodeUnknownRole)
	if err != nil && !gone {
		return false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.roles[role] = roleSeen{gone: gone, at: time.Now()}
	return gone, nil
}
