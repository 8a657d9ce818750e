// Package sandbox is a local Discord: the REST API, the gateway and a page to chat on, over
// real HTTP and WebSockets, with state that outlives the process. It judges every request
// by Discord's documented rules, so that a bot which passes here would pass there, and it
// can be told to misbehave. Routes under /sandbox/ let scripts and the page act as members.
//
// What it is told to do wrong is a list of faults, PUT to /sandbox/faults. Faults count the
// requests and events that they match, so the same list does the same to the same run; those
// with a chance draw from their seed. GET /sandbox/faults/record tells which strike came
// when, as a list again: put to another sandbox, it brings the same run back.
//
// It knows nothing of any bot: it shares no types with one, so that it can't share its
// mistakes. Who it is for, and the control routes, stand in the design notes.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Options are what a sandbox is opened with. The zero value keeps everything in memory,
// logs nothing and enforces Discord's limits.
type Options struct {
	// Dir is the folder for the journal and uploads; one process at a time may use it.
	Dir string
	Log *slog.Logger
	// Origins are further host:port that may drive /sandbox/ beside this machine's own names.
	Origins []string
	// Guarded has the page and /sandbox/ want [Credentials.Key] from everyone, under whatever
	// name of the machine they come: for a sandbox that other machines can reach.
	Guarded bool
	Limits  Limits
	// Heartbeat is the interval that clients are told; zero means Discord's 41.25 s.
	Heartbeat time.Duration
}

// Credentials are what a bot needs to log in.
type Credentials struct {
	Token         string `json:"token"`
	ApplicationID string `json:"application_id"`
	PublicKey     string `json:"public_key"` // hex, Ed25519
	// Key is what a guarded sandbox wants: Authorization: Bearer KEY, or the page as /?key=KEY.
	Key string `json:"key,omitempty"`
}

// Sandbox is one local Discord. It is an [http.Handler] for all its paths, safe for
// concurrent use.
type Sandbox struct {
	opts        Options
	log         *slog.Logger
	credentials Credentials            // as the sandbox was opened
	token       atomic.Pointer[string] // the bot's, in force now
	started     time.Time
	api         http.Handler
	mux         *http.ServeMux
	blobs       *blobs
	ids         *ids
	clock       *clock
	gate        *gate
	buckets     *buckets
	outages     *outages
	trace       *trace
	hub         *hub
	outward     *http.Client // for what the sandbox asks of a bot
	stop        context.CancelFunc
	life        context.Context // ends with Close; moves of the clock outlive their requests
	wg          sync.WaitGroup

	// mu guards what follows, and orders what is written, made and told.
	mu      sync.Mutex
	state   *state
	journal *journal
	pending *pending
	nonces  *nonces
	creates map[string]window
	closed  bool
	// delivered counts the interactions that went to an endpoint.
	delivered int
}

// Open loads a sandbox from its folder, or makes a fresh one. The caller closes it.
func Open(opts Options) (*Sandbox, error) {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	log := &trace{}
	s := &Sandbox{
		opts: opts, log: opts.Log, started: time.Now(), blobs: newBlobs(opts.Dir), ids: &ids{},
		buckets: newBuckets(opts.Limits), outages: &outages{log: log}, trace: log, hub: newHub(), outward: newOutward(),
		state: newState(), journal: &journal{}, pending: newPending(),
		nonces: &nonces{seen: map[string]nonceUse{}}, creates: map[string]window{},
	}
	s.gate = newGate(opts.Limits, func(connected bool) {
		s.hub.tell(notice{Type: "bot", Data: map[string]any{"connected": connected}})
	})
	start, err := s.load()
	if err != nil {
		return nil, err
	}
	s.clock = newClock(start, opts.Log, func(now time.Time) {
		s.hub.tell(notice{Type: "clock", Data: map[string]any{"now": now.UTC().Format(time.RFC3339Nano)}})
	})
	keys := s.state.install
	s.credentials = Credentials{Token: keys.Token, ApplicationID: keys.ID, PublicKey: keys.PublicKey}
	if opts.Guarded {
		s.credentials.Key = keys.key()
	}
	s.token.Store(&keys.Token)
	s.api = s.newAPI()
	s.mux = s.newMux()
	s.life, s.stop = context.WithCancel(context.Background())
	s.wg.Go(func() { s.clock.run(s.life) })
	s.wg.Go(s.markTime)
	return s, nil
}

// load replays the journal, makes fresh data where there was none, and compacts.
func (s *Sandbox) load() (start time.Time, err error) {
	start = freshStart()
	if s.opts.Dir != "" {
		s.journal, err = openJournal(s.opts.Dir, func(l line) {
			start = l.At
			for _, c := range l.Changes {
				s.replay(c)
			}
		})
		if err != nil {
			return start, err
		}
	}
	if s.state.install.Token == "" {
		changes, err := s.fresh(start)
		if err != nil {
			return start, errors.Join(err, s.journal.close())
		}
		for _, c := range changes {
			s.replay(c)
		}
	}
	if err := s.journal.compact(start, s.state.changes()); err != nil {
		return start, errors.Join(err, s.journal.close())
	}
	return start, nil
}

func (s *Sandbox) replay(c change) {
	s.state.apply(c)
	switch {
	case c.Install != nil:
		s.ids.seen(c.Install.ID)
	case c.Guild != nil:
		for _, r := range c.Guild.Roles {
			s.ids.seen(r.ID)
		}
	case c.Channel != nil:
		s.ids.seen(c.Channel.ID)
	case c.Event != nil:
		s.ids.seen(c.Event.ID)
	case c.Emojis != nil:
		for _, e := range *c.Emojis {
			s.ids.seen(e.ID)
		}
	case c.Message != nil:
		s.ids.seen(c.Message.ID)
		s.nonces.note(c.Message)
	}
}

// markEvery is how much of the clock a killed process may lose.
const markEvery = 10 * time.Second

// markTime writes the clock down now and then, so that it goes on from there.
func (s *Sandbox) markTime() {
	tick := time.NewTicker(markEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			s.mu.Lock()
			s.catchUp()
			err := s.journal.append(line{At: s.clock.now()})
			s.compactDue()
			s.mu.Unlock()
			if err != nil {
				s.log.Error("the sandbox's clock could not be written down", "err", err)
			}
		case <-s.life.Done():
			return
		}
	}
}

// newMux lays out every path of the sandbox.
func (s *Sandbox) newMux() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/", s.serveAPI)
	mux.HandleFunc("/gateway", s.serveGateway)
	mux.HandleFunc("/gateway/", s.serveGateway)
	mux.HandleFunc("GET /attachments/{channel}/{id}/{name}", s.serveAttachment)
	mux.Handle("/sandbox/", s.newControl())
	mux.Handle("/", s.keyed(newPage()))
	return mux
}

// ServeHTTP serves the API, the gateway, uploads, the control routes and the page.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// Some clients connect to the bare host of the gateway's address.
	if r.URL.Path == "/" && strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		s.serveGateway(w, r)
		return
	}
	s.mux.ServeHTTP(w, r)
}

// Now is the sandbox's time, in UTC.
func (s *Sandbox) Now() time.Time { return s.clock.now() }

// Follow has f called whenever it says that something is due, and at every move of the
// clock. It ends with Close.
func (s *Sandbox) Follow(f Follower) { s.clock.follow(f) }

// Credentials stay the same as long as the folder does, save a token that is reset.
func (s *Sandbox) Credentials() Credentials {
	now := s.credentials
	now.Token = *s.token.Load()
	return now
}

// Close ends gateway sessions and moves of the clock, writes the clock down and gives the
// folder free. It may be called twice.
func (s *Sandbox) Close() error {
	s.mu.Lock()
	closed := s.closed
	s.closed = true
	s.mu.Unlock()
	if closed {
		return nil
	}
	s.stop()
	s.hub.close()
	s.gate.close()
	s.wg.Wait()
	s.outward.CloseIdleConnections()
	s.mu.Lock()
	defer s.mu.Unlock()
	err := errors.Join(s.journal.append(line{At: s.clock.now()}), s.journal.close())
	s.journal = &journal{}
	if err != nil {
		return fmt.Errorf("sandbox: closing: %w", err)
	}
	return nil
}
