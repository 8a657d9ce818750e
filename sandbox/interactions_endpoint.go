package sandbox

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const (
	headerSignature = "X-Signature-Ed25519"
	headerTimestamp = "X-Signature-Timestamp"
	endpointAgent   = "Discord-Interactions/1.0 (+https://discord.com)"
	// probeEvery is after how many interactions an endpoint is sent a bad signature again.
	probeEvery = 50
)

// endpoint is where interactions go in place of the gateway.
type endpoint struct {
	url    string
	key    ed25519.PrivateKey
	client *http.Client
	now    func() time.Time
}

// endpoint returns nil where interactions go over the gateway. The lock is held.
func (s *Sandbox) endpoint() *endpoint {
	if s.state.install.Endpoint == "" {
		return nil
	}
	return s.endpointAt(s.state.install.Endpoint)
}

func (s *Sandbox) endpointAt(url string) *endpoint {
	seed, err := hex.DecodeString(s.state.install.PrivateKey)
	if err != nil || len(seed) != ed25519.SeedSize {
		seed = make([]byte, ed25519.SeedSize) // the endpoint will refuse what this signs
	}
	return &endpoint{url: url, key: ed25519.NewKeyFromSeed(seed), client: s.outward, now: time.Now}
}

// newOutward is the client for endpoints: it follows nothing and waits no longer than a
// member would.
func newOutward() *http.Client {
	return &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: 16, MaxResponseHeaderBytes: 64 << 10, IdleConnTimeout: time.Minute},
		Timeout:       answerWithin,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// signed is a request as Discord signs it.
func (e *endpoint) signed(ctx context.Context, body []byte) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("sandbox: calling the interactions endpoint: %w", err)
	}
	stamp := strconv.FormatInt(e.now().Unix(), 10)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", endpointAgent)
	r.Header.Set(headerTimestamp, stamp)
	r.Header.Set(headerSignature, hex.EncodeToString(ed25519.Sign(e.key, append([]byte(stamp), body...))))
	return r, nil
}

// A probe is a request that an endpoint has to tell from a genuine one.
type probe struct {
	name  string
	spoil func(r *http.Request)
}

func probes() []probe {
	return []probe{
		{"a body that was changed after signing", func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader([]byte(`{"type":1 }`))), 11
		}},
		{"no signature", func(r *http.Request) { r.Header.Del(headerSignature) }},
		{"no timestamp", func(r *http.Request) { r.Header.Del(headerTimestamp) }},
		{"a signature that is none", func(r *http.Request) { r.Header.Set(headerSignature, "00") }},
		{"another key's signature", func(r *http.Request) {
			other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
			r.Header.Set(headerSignature, hex.EncodeToString(ed25519.Sign(other, []byte(r.Header.Get(headerTimestamp)+`{"type":1}`))))
		}},
	}
}

// verify asks an endpoint what Discord asks before it takes one: whether it answers a PING,
// and refuses with 401 what isn't Discord's.
func (e *endpoint) verify(ctx context.Context, application, id string) error {
	ping, err := json.Marshal(map[string]any{
		"id": id, "application_id": application, "type": 1, "version": 1, "token": "ping", "entitlements": []any{},
		"authorizing_integration_owners": map[string]any{},
	})
	if err != nil {
		return fmt.Errorf("sandbox: encoding a ping: %w", err)
	}
	r, err := e.signed(ctx, ping)
	if err != nil {
		return err
	}
	status, kind, body, err := e.call(r)
	if err != nil {
		return err
	}
	var pong struct{ Type int }
	if status != http.StatusOK || kind != "application/json" || json.Unmarshal(body, &pong) != nil || pong.Type != 1 {
		return fmt.Errorf("a signed PING got %d %q of type %q, not 200 with {\"type\":1} as application/json", status, short(string(body)), kind)
	}
	for _, p := range probes() {
		if err := e.test(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// test is nil if the endpoint refuses a probe.
func (e *endpoint) test(ctx context.Context, p probe) error {
	r, err := e.signed(ctx, []byte(`{"type":1}`))
	if err != nil {
		return err
	}
	p.spoil(r)
	status, _, _, err := e.call(r)
	if err != nil {
		return err
	}
	if status != http.StatusUnauthorized {
		return fmt.Errorf("a request with %s got %d, not 401", p.name, status)
	}
	return nil
}

func (e *endpoint) call(r *http.Request) (status int, kind string, body []byte, err error) {
	resp, err := e.client.Do(r)
	if err != nil {
		if u := new(url.Error); errors.As(err, &u) {
			err = u.Err // the address is the bot's own; its words need no repeating
		}
		return 0, "", nil, fmt.Errorf("the endpoint could not be reached: %w", err)
	}
	body, err = io.ReadAll(io.LimitReader(resp.Body, maxMultipart+1))
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		return 0, "", nil, fmt.Errorf("reading the endpoint's answer: %w", err)
	}
	return resp.StatusCode, mediaType(resp.Header.Get("Content-Type")), body, nil
}

// deliver posts an interaction and takes the answer that may come with the reply. What
// went wrong is the reason that the acting member's client shows.
func (s *Sandbox) deliver(e *endpoint, i *interaction, payload map[string]any, host string) {
	ctx, cancel := context.WithTimeout(s.life, answerWithin)
	defer cancel()
	strike := s.outages.strike("INTERACTION_CREATE")
	if strike == nil {
		strike = &outage{}
	}
	strike.wait(ctx)
	if strike.Drop {
		return
	}
	raw, err := json.Marshal(payload)
	if err != nil {
		s.log.Error("an interaction could not be encoded", "err", err)
		return
	}
	for range strike.Repeat + 1 {
		s.deliverOnce(ctx, e, i, raw, host)
	}
}

func (s *Sandbox) deliverOnce(ctx context.Context, e *endpoint, i *interaction, raw []byte, host string) {
	began := time.Now()
	r, err := e.signed(ctx, raw)
	if err != nil {
		s.unanswered(i, err, true)
		return
	}
	resp, err := e.client.Do(r)
	if err != nil {
		s.logDelivery(i, began, 0, nil, err)
		s.unanswered(i, errors.New("the endpoint could not be reached"), !errors.Is(ctx.Err(), context.DeadlineExceeded))
		return
	}
	defer func() { _ = resp.Body.Close() }() // it has been read, or is refused
	body, err := readAnswer(resp)
	if err == nil && body.value != nil {
		c := &call{Sandbox: s, r: &http.Request{Host: host}, payload: body}
		err = c.answerFirst(i)
	}
	s.logDelivery(i, began, resp.StatusCode, body.raw, err)
	if err != nil {
		s.unanswered(i, err, false)
	}
}

// readAnswer is the callback in a reply, or nothing for one that says that the callback
// comes by the route for it.
func readAnswer(resp *http.Response) (payload, error) {
	switch resp.StatusCode {
	case http.StatusAccepted:
		return payload{}, nil
	case http.StatusOK:
		r := &http.Request{Method: http.MethodPost, Header: resp.Header, Body: resp.Body, ContentLength: resp.ContentLength}
		p, err := readPayload(nil, r)
		if err == nil && p.value == nil {
			err = errors.New("the endpoint answered 200 without a callback; 202 is for an answer by the callback route")
		}
		return p, err
	}
	return payload{}, fmt.Errorf("the endpoint answered %d, not 200 or 202", resp.StatusCode)
}

// unanswered notes why there was no answer; gone says that nobody was there to give one.
func (s *Sandbox) unanswered(i *interaction, err error, gone bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i.answered != 0 {
		return
	}
	i.reason, i.refusedAt, i.unreached = err.Error(), time.Now(), gone
	i.touch()
}

// logDelivery notes the callback as the request that it stands for.
func (s *Sandbox) logDelivery(i *interaction, began time.Time, status int, body json.RawMessage, err error) {
	verdict := "ok"
	if err != nil {
		verdict = err.Error()
	}
	s.trace.add(entry{
		Kind: "endpoint", Method: http.MethodPost, Route: "POST /interactions/{interaction.id}/{interaction.token}/callback",
		Path: tokenless("/interactions/" + i.id + "/" + i.token + "/callback"), Status: status, Verdict: verdict, Body: body,
		MS: time.Since(began).Milliseconds(),
	})
}

// probeNow tests an endpoint with a bad signature, as Discord does now and then, and takes
// an endpoint away that lets it pass.
func (s *Sandbox) probeNow(e *endpoint, nth int) {
	list := probes()
	ctx, cancel := context.WithTimeout(s.life, answerWithin)
	defer cancel()
	err := e.test(ctx, list[nth%len(list)])
	if err == nil || ctx.Err() != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state.install.Endpoint != e.url {
		return
	}
	next := s.state.install
	next.Endpoint = ""
	s.log.Warn("the interactions endpoint was taken away: it failed a check", "err", err)
	if err := s.commit(change{Install: &next}); err != nil {
		s.log.Error("the interactions endpoint could not be taken away", "err", err)
	}
}
