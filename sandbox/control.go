package sandbox

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// maxControlBody leaves room for base64 of the files that a member attaches.
const maxControlBody = 25 << 20

// newControl serves the routes by which scripts and the page drive the sandbox.
func (s *Sandbox) newControl() http.Handler {
	mux := http.NewServeMux()
	for pattern, serve := range map[string]func(*http.Request) (any, error){
		"GET /sandbox/state":                        s.getState,
		"POST /sandbox/guilds":                      s.postGuild,
		"PATCH /sandbox/guilds/{guild}":             s.patchGuild,
		"POST /sandbox/interactions":                s.postInteraction,
		"GET /sandbox/channels/{channel}/messages":  s.getChannelMessages,
		"POST /sandbox/channels/{channel}/messages": s.postChannelMessage,
		"GET /sandbox/clock":                        s.getClock,
		"POST /sandbox/clock":                       s.postClock,
		"GET /sandbox/faults":                       s.getFaults,
		"GET /sandbox/faults/record":                s.getFaultsRecord,
		"PUT /sandbox/faults":                       s.putFaults,
		"DELETE /sandbox/faults":                    s.deleteFaults,
		"GET /sandbox/log":                          s.getLog,
		"PATCH /sandbox/application":                s.patchApplication,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, maxControlBody)
			v, err := serve(r)
			s.writeControl(w, v, err)
		})
	}
	mux.HandleFunc("GET /sandbox/events", s.serveEvents)
	mux.HandleFunc("/sandbox/", func(w http.ResponseWriter, r *http.Request) {
		s.writeControl(w, nil, missing("", "there is no control route %s %s", r.Method, r.URL.Path))
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := s.guard(r); err != nil {
			s.writeControl(w, nil, err)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func (s *Sandbox) writeControl(w http.ResponseWriter, v any, err error) {
	w.Header().Set("Cache-Control", "no-store")
	if err == nil {
		write(w, reply{http.StatusOK, v})
		return
	}
	if known := new(controlError); errors.As(err, &known) {
		write(w, reply{known.Status, known})
		return
	}
	s.log.Error("a control request failed", "err", err)
	write(w, reply{http.StatusInternalServerError, &controlError{Words: "the sandbox could not do that: " + err.Error()}})
}

// guard keeps pages elsewhere, and names that were rebound to this machine, from driving
// the sandbox. Under a rebound name no browser sends the key, so that where there is one
// the name doesn't matter.
func (s *Sandbox) guard(r *http.Request) error {
	if !s.holdsKey(r) {
		return &controlError{
			Status: http.StatusUnauthorized, Field: "Authorization",
			Words: "this sandbox can be reached from other machines: send Authorization: Bearer and the key that was printed when it started",
		}
	}
	if s.credentials.Key == "" && !s.ownHost(r.Host) {
		return &controlError{
			Status: http.StatusForbidden, Field: "Host",
			Words: "this Host isn't the sandbox's own; use 127.0.0.1 or localhost, or name it in the allowed origins",
		}
	}
	if origin := r.Header.Get("Origin"); origin != "" {
		u, err := url.Parse(origin)
		if err != nil || !strings.EqualFold(u.Host, r.Host) {
			return &controlError{Status: http.StatusForbidden, Field: "Origin", Words: "requests from other pages are refused"}
		}
	}
	if site := r.Header.Get("Sec-Fetch-Site"); site == "cross-site" || site == "same-site" {
		return &controlError{Status: http.StatusForbidden, Field: "Sec-Fetch-Site", Words: "requests from other pages are refused"}
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return &controlError{Status: http.StatusUnsupportedMediaType, Field: "Content-Type", Words: "send Content-Type: application/json"}
	}
	return nil
}

func (s *Sandbox) ownHost(host string) bool {
	if slices.ContainsFunc(s.opts.Origins, func(o string) bool { return strings.EqualFold(o, host) }) {
		return true
	}
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	switch strings.ToLower(strings.Trim(name, "[]")) {
	case "127.0.0.1", "localhost", "::1":
		return true
	}
	return false
}

// readControl decodes a body; keys that mean nothing are refused, so that a typing mistake
// isn't taken for silence.
func readControl(r *http.Request, v any) error {
	d := json.NewDecoder(r.Body)
	d.UseNumber()
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		if limit := new(http.MaxBytesError); errors.As(err, &limit) {
			return &controlError{Status: http.StatusRequestEntityTooLarge, Words: "the body is larger than 25 MiB"}
		}
		return wrong("", "the body isn't what this route takes: %v", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return wrong("", "the body holds more than one JSON value")
	}
	return nil
}

// Names stand for ids anywhere. The lock is held in all of the following.

func (s *Sandbox) namedGuild(name string) (*guild, error) {
	list := s.state.guildList()
	if name == "" && len(list) > 0 {
		return list[0], nil
	}
	for _, g := range list {
		if g.ID == name || g.Name == name {
			return g, nil
		}
	}
	return nil, missing("guild", "there is no server %q", short(name))
}

// namedChannel looks in the given server, or for an id everywhere.
func (s *Sandbox) namedChannel(g *guild, name string) (*channel, error) {
	if c := s.state.channels[name]; c != nil {
		return c, nil
	}
	for _, c := range s.state.channelsOf(g.ID) {
		if c.Name == strings.TrimPrefix(name, "#") {
			return c, nil
		}
	}
	for _, archived := range []bool{false, true} {
		for _, c := range s.state.threads(g.ID, archived) {
			if c.Name == name {
				return c, nil
			}
		}
	}
	return nil, missing("channel", "there is no channel %q in %s", short(name), g.Name)
}

func (s *Sandbox) namedUser(name string) (*user, error) {
	if u := s.state.users[name]; u != nil {
		return u, nil
	}
	for _, u := range s.state.users {
		if u.Username == strings.TrimPrefix(name, "@") {
			return u, nil
		}
	}
	return nil, missing("user", "there is no member %q", short(name))
}

func (s *Sandbox) namedRole(g *guild, name string) (*role, error) {
	for i, r := range g.Roles {
		if r.ID == name || r.Name == name || r.Name == "@"+name {
			return &g.Roles[i], nil
		}
	}
	return nil, missing("role", "there is no role %q in %s", short(name), g.Name)
}
