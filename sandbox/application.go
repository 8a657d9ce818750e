package sandbox

import (
	"crypto/rand"
	"net/http"
	"strings"
)

// privileged are the intents that an application has to be allowed, by the names that
// Discord's developer portal shows, with the flag by which the application tells it. A
// small application's flags are those that end in LIMITED.
func privileged() map[string]struct{ intent, flag int } {
	return map[string]struct{ intent, flag int }{
		"GUILD_PRESENCES": {intentPresences, 1 << 13},
		"GUILD_MEMBERS":   {intentMembers, 1 << 15},
		"MESSAGE_CONTENT": {intentMessageContent, 1 << 19},
	}
}

// intentFlags are the application's flags, which tell the privileged intents it may use.
func (i *install) intentFlags() int {
	flags := 0
	for _, p := range privileged() {
		if i.Withheld&p.intent == 0 {
			flags |= p.flag
		}
	}
	return flags
}

// knows says whether a token is the one in force, with or without the word before it.
func (s *Sandbox) knows(token string) bool {
	return strings.TrimPrefix(token, "Bot ") == *s.token.Load()
}

// authorises judges a request's header, whose word before the token Discord insists on.
func (s *Sandbox) authorises(header string) bool {
	token, is := strings.CutPrefix(header, "Bot ")
	return is && token == *s.token.Load()
}

// resetToken puts a new token in force and ends every session, as Discord does where an
// application's owner asks for it, or where it started more sessions than it may in a day.
func (s *Sandbox) resetToken() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	keys := s.state.install
	head, _, _ := strings.Cut(keys.Token, ".")
	keys.Token = strings.Join([]string{head, rand.Text()[:6], rand.Text() + rand.Text()[:12]}, ".")
	if err := s.commit(change{Install: &keys}); err != nil {
		return err
	}
	s.token.Store(&keys.Token)
	s.gate.expel(func(*session) bool { return true })
	return nil
}

// patchApplication is the developer portal: it resets the bot's token, and allows or
// withholds privileged intents. Sessions that then have no right to be are closed.
func (s *Sandbox) patchApplication(r *http.Request) (any, error) {
	var body struct {
		ResetToken bool      `json:"reset_token"`
		Privileged *[]string `json:"privileged_intents"`
	}
	if err := readControl(r, &body); err != nil {
		return nil, err
	}
	if body.Privileged != nil {
		if err := s.allow(*body.Privileged); err != nil {
			return nil, err
		}
	}
	if body.ResetToken {
		if err := s.resetToken(); err != nil {
			return nil, err
		}
	}
	return s.Credentials(), nil
}

// allow withholds every privileged intent but the named.
func (s *Sandbox) allow(names []string) error {
	known, withheld := privileged(), 0
	for _, p := range known {
		withheld |= p.intent
	}
	for _, name := range names {
		p, is := known[name]
		if !is {
			return wrong("privileged_intents", "%q is no privileged intent: those are GUILD_PRESENCES, GUILD_MEMBERS and MESSAGE_CONTENT", short(name))
		}
		withheld &^= p.intent
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	keys := s.state.install
	keys.Withheld = withheld
	if err := s.commit(change{Install: &keys}); err != nil {
		return err
	}
	s.gate.expel(func(to *session) bool { return to.intents&withheld != 0 })
	return nil
}

// expel ends the sessions that are meant, for good.
func (g *gate) expel(meant func(*session) bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for id, to := range g.sessions {
		if !meant(to) {
			continue
		}
		delete(g.sessions, id)
		if to.conn != nil {
			to.conn.closeWith(4003)
		}
	}
	g.watch()
}
