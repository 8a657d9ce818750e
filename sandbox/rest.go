package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// route is one method and path of Discord's API.
type route struct {
	method, path string
	// open routes take no bot token: gateway discovery, and those whose path holds a token.
	open bool
	// messages is the one route with a limit of its own.
	messages bool
	serve    func(*call) (reply, error)
	bucket   string
}

// reply is a status and a body: nil, a page, or anything that encodes to JSON.
type reply struct {
	status int
	body   any
}

// page is a body that is HTML.
type page string

func ok(v any) reply { return reply{http.StatusOK, v} }

func empty() reply { return reply{http.StatusNoContent, nil} }

// call is one request to the API.
type call struct {
	*Sandbox
	r     *http.Request
	route *route
	payload
}

// object is the body as an object; anything else counts as an empty one, which no route
// with required fields takes.
func (c *call) object() map[string]any {
	if obj := objectOf(c.value); obj != nil {
		return obj
	}
	return map[string]any{}
}

// id is an id from the path.
func (c *call) id(name string) string { return c.r.PathValue(name) }

// base is the address under which this client reaches the sandbox.
func (c *call) base() string { return "http://" + c.r.Host }

func (s *Sandbox) routes() []*route {
	list := append(userRoutes(), applicationRoutes()...)
	list = append(list, commandRoutes()...)
	list = append(list, guildRoutes()...)
	list = append(list, memberRoutes()...)
	list = append(list, eventRoutes()...)
	list = append(list, emojiRoutes()...)
	list = append(list, channelRoutes()...)
	list = append(list, threadRoutes()...)
	list = append(list, messageRoutes()...)
	list = append(list, publishRoutes()...)
	return append(list, webhookRoutes()...)
}

var pathParameter = regexp.MustCompile(`\{([a-z_]+)\.(?:id|token)\}`)

// newAPI serves the routes under their documented paths.
func (s *Sandbox) newAPI() http.Handler {
	mux := http.NewServeMux()
	for _, rt := range s.routes() {
		sum := fnv.New64a()
		sum.Write([]byte(rt.method + rt.path))
		rt.bucket = fmt.Sprintf("%016x", sum.Sum64())
		mux.HandleFunc(rt.method+" "+muxPath(rt.path), func(w http.ResponseWriter, r *http.Request) { s.serveRoute(w, r, rt) })
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.refuseRoute(w, r, unrouted(mux, r)) })
	return mux
}

// muxPath turns {channel.id} into {channel}, and {interaction.token} into {token}.
func muxPath(path string) string {
	path = strings.NewReplacer("{interaction.token}", "{token}", "{webhook.token}", "{token}").Replace(path)
	return pathParameter.ReplaceAllString(path, "{$1}")
}

// serveAPI takes the version off the path.
func (s *Sandbox) serveAPI(w http.ResponseWriter, r *http.Request) {
	for _, prefix := range []string{"/api/v10", "/api/v9", "/api"} {
		rest, is := strings.CutPrefix(r.URL.Path, prefix)
		if !is || rest != "" && rest[0] != '/' {
			continue
		}
		if prefix == "/api" && versioned(rest) {
			s.refuseRoute(w, r, refuse(50041))
			return
		}
		if rest == "" {
			s.refuseRoute(w, r, noRoute())
			return
		}
		http.StripPrefix(prefix, s.api).ServeHTTP(w, r)
		return
	}
	s.refuseRoute(w, r, noRoute())
}

func versioned(rest string) bool {
	return len(rest) > 2 && rest[1] == 'v' && rest[2] >= '0' && rest[2] <= '9'
}

func (s *Sandbox) refuseRoute(w http.ResponseWriter, r *http.Request, err error) {
	out := s.replyTo(err)
	s.trace.add(entry{Kind: "rest", Method: r.Method, Path: tokenless(r.URL.Path), Status: out.status, Verdict: err.Error()})
	write(w, out)
}

// serveRoute carries out one request: limits, token, outages, body, and the route itself.
func (s *Sandbox) serveRoute(w http.ResponseWriter, r *http.Request, rt *route) {
	began := time.Now()
	c := &call{Sandbox: s, r: r, route: rt}
	address := addressOf(r)
	if left, is := s.buckets.banned(address); is {
		out := shutOut(w.Header(), left)
		c.log(began, out, "shut out for invalid requests")
		write(w, out)
		return
	}
	plain := rt.method + " " + tokenless(r.URL.Path)
	strike := s.outages.strike(plain, rt.method+" "+r.URL.Path, rt.method+" "+rt.path)
	if strike == nil {
		strike = &outage{}
	}
	strike.wait(r.Context())
	if strike.Cut == "before" {
		c.log(began, reply{}, "cut before")
		panic(http.ErrAbortHandler)
	}
	out, err := s.answer(w, c, strike)
	verdict := "ok"
	if over := new(overLimit); errors.As(err, &over) {
		out, err = over.refusal.reply(w.Header()), nil
	}
	if err != nil {
		out, verdict = s.replyTo(err), err.Error()
	}
	if out.status == http.StatusTooManyRequests {
		verdict = "rate limited"
	}
	s.buckets.tally(address, out.status, w.Header().Get("X-RateLimit-Scope"))
	if strike.Cut == "after" {
		c.log(began, out, "cut after")
		panic(http.ErrAbortHandler)
	}
	c.log(began, out, verdict)
	write(w, out)
}

func (s *Sandbox) answer(w http.ResponseWriter, c *call, strike *outage) (reply, error) {
	over := s.buckets.take(w.Header(), c.route, topResource(c.r))
	if !c.route.open && !s.authorises(c.r.Header.Get("Authorization")) {
		return reply{}, unauthorised()
	}
	body, err := readPayload(w, c.r)
	c.payload = body
	if out, struck := strike.reply(w.Header()); struck {
		return out, nil
	}
	if over != nil {
		return over.reply(w.Header()), nil
	}
	if err != nil {
		return reply{}, err
	}
	return c.route.serve(c)
}

// topResource is the part of a path that Discord keeps separate buckets for.
func topResource(r *http.Request) string {
	for _, name := range []string{"channel", "guild", "token"} {
		if id := r.PathValue(name); id != "" {
			return id
		}
	}
	return ""
}

// replyTo is the one place where an error becomes an answer.
func (s *Sandbox) replyTo(err error) reply {
	if known := new(apiError); errors.As(err, &known) {
		return reply{known.Status, known}
	}
	s.log.Error("a request to the sandbox failed", "err", err)
	return reply{http.StatusInternalServerError, map[string]any{"message": "500: Internal Server Error", "code": 0}}
}

func (c *call) log(began time.Time, out reply, verdict string) {
	e := entry{
		Kind: "rest", Method: c.r.Method, Route: c.route.method + " " + c.route.path, Path: tokenless(c.r.URL.Path),
		Status: out.status, Verdict: verdict, Body: c.raw, MS: time.Since(began).Milliseconds(),
	}
	for _, f := range c.files {
		e.Files = append(e.Files, f.filename)
	}
	c.trace.add(e)
}

// tokenless hides the token in paths of interactions and webhooks.
func tokenless(path string) string {
	parts := strings.Split(path, "/")
	for i := 0; i+2 < len(parts); i++ {
		if parts[i] == "interactions" || parts[i] == "webhooks" {
			parts[i+2] = "…"
			break
		}
	}
	return strings.Join(parts, "/")
}

func write(w http.ResponseWriter, out reply) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	if text, is := out.body.(page); is {
		h.Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(out.status)
		_, _ = w.Write([]byte(text)) // the client is gone; there is nobody to tell
		return
	}
	if out.body == nil {
		w.WriteHeader(out.status)
		return
	}
	h.Set("Content-Type", "application/json")
	w.WriteHeader(out.status)
	_ = json.NewEncoder(w).Encode(out.body) // likewise
}
