package bot

import (
	"context"
	"net/http"
	"sync"
	"time"

	"sitrep/briefings"
)

// Servers asks Discord about servers, and remembers what it said for a while. It
// satisfies [commands.Servers] and [briefings.Members] and is safe for concurrent
// use.
type Servers struct {
	discord *Discord
	mu      sync.Mutex
	roles   map[string]roleSeen // by the role's id, of which there is one a server
	names   map[briefings.DeskID]nameSeen
}

// nameSeen is what a server was called, which language it had, and when.
type nameSeen struct {
	name, locale string
	refused      error // that Discord tells
	at           time.Time
}

const nameKept = 10 * time.Minute // how long those are believed

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
	return &Servers{discord: discord, roles: map[string]roleSeen{}, names: map[briefings.DeskID]nameSeen{}}
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

// Member is for [briefings.Members]. It needs no privileged intent. Of a server
// that the bot is not in, nobody is a member that it could tell.
func (s *Servers) Member(ctx context.Context, desk briefings.DeskID, who briefings.UserID) (bool, error) {
	path, err := join("/guilds", string(desk), "members", string(who))
	if err != nil {
		return false, err
	}
	_, err = s.discord.do(ctx, call{method: http.MethodGet, path: path, repeat: true})
	if IsCode(err, CodeUnknownMember, CodeUnknownGuild, CodeMissingAccess) {
		return false, nil
	}
	return err == nil, err
}

// ServerName is for [briefings.Members].
func (s *Servers) ServerName(ctx context.Context, desk briefings.DeskID) (string, error) {
	seen, err := s.server(ctx, desk)
	return seen.name, err
}

// Gone reports whether Discord says that the bot is not in a server. The error
// means that Discord didn't tell.
func (s *Servers) Gone(ctx context.Context, desk briefings.DeskID) (bool, error) {
	path, err := join("/guilds", string(desk))
	if err != nil {
		return false, err
	}
	_, err = s.discord.do(ctx, call{method: http.MethodGet, path: path, repeat: true})
	if IsCode(err, CodeUnknownGuild, CodeMissingAccess) {
		return true, nil
	}
	return false, err
}

// Locale is the language that the server chose on Discord.
func (s *Servers) Locale(ctx context.Context, desk briefings.DeskID) (string, error) {
	seen, err := s.server(ctx, desk)
	return seen.locale, err
}

func (s *Servers) server(ctx context.Context, desk briefings.DeskID) (nameSeen, error) {
	s.mu.Lock()
	seen, known := s.names[desk]
	s.mu.Unlock()
	if known && time.Since(seen.at) < nameKept {
		return seen, seen.refused
	}
	path, err := join("/guilds", string(desk))
	if err != nil {
		return nameSeen{}, err
	}
	var server struct {
		Name   string `json:"name"`
		Locale string `json:"preferred_locale"`
	}
	err = s.discord.read(ctx, path, &server)
	if err != nil && !IsCode(err, CodeUnknownGuild, CodeMissingAccess) {
		return nameSeen{}, err
	}
	// Also that it refuses to tell: each refusal counts against the bot.
	seen = nameSeen{name: server.Name, locale: server.Locale, refused: err, at: time.Now()}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.names[desk] = seen
	return seen, err
}
