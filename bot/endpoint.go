package bot

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

const (
	mostBody = 1 << 20 // of an interaction; real ones have some kilobytes
	bodyTime = 3 * time.Second
	mostSkew = 5 * time.Minute // between Discord's clock and this machine's

	// mostRecent is how many answers are kept for requests that Discord repeats;
	// one that came to another copy, or was forgotten, is answered with 202.
	mostRecent = 1024
)

// An Endpoint answers the interactions that Discord sends as signed HTTP
// requests, in place of the gateway: any number of copies may. It satisfies
// [http.Handler] and is safe for concurrent use.
//
// It believes nothing that the application's key didn't sign within the last
// five minutes, answers an interaction once, and a repetition as before.
type Endpoint struct {
	key    ed25519.PublicKey
	log    *slog.Logger
	now    func() time.Time // by the machine's clock, not by one that digests follow
	pace   pace
	recent *lru.Cache[string, *exchange]
	mu     sync.Mutex // whoever adds to recent
	open   atomic.Pointer[counter]
	closed atomic.Bool
	skewed atomic.Int64 // when the log was last told that the clocks differ, in seconds
}

// A counter is where interactions are answered while an endpoint is open.
type counter struct {
	router *Router
	inbox  *inbox
}

// NewEndpoint returns an endpoint for the application with that public key, in
// hexadecimal. Until [Endpoint.Run] it answers nothing but Discord's PING.
func NewEndpoint(publicKey string, log *slog.Logger) (*Endpoint, error) {
	key, err := hex.DecodeString(publicKey)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return nil, errors.New("bot: DISCORD_PUBLIC_KEY is not a public key: copy the 64 hexadecimal digits from General Information in the developer portal")
	}
	recent, err := lru.New[string, *exchange](mostRecent)
	if err != nil {
		return nil, fmt.Errorf("bot: making room for answers: %w", err)
	}
	return &Endpoint{
		key: key, log: log, now: time.Now, recent: recent,
		pace: pace{drain: 3 * time.Second, finish: 20 * time.Second, afterStop: time.Second, underWay: 4096},
	}, nil
}

// Run has router answer, calls ready, and returns when ctx has ended and the
// interactions under way are answered. Call it once. Once ctx has ended it says
// for three seconds that it isn't open, and answers all the same: until then a
// load balancer may send some.
func (e *Endpoint) Run(ctx context.Context, router *Router, ready func()) error {
	c := &counter{router: router, inbox: newInbox(context.WithoutCancel(ctx), GatewayOptions{Log: e.log}, e.pace.underWay)}
	e.open.Store(c)
	ready()
	<-ctx.Done()
	e.closed.Store(true)
	time.Sleep(e.pace.drain)
	return c.inbox.finish(e.pace.finish, e.pace.afterStop)
}

// Open reports whether interactions should be sent here.
func (e *Endpoint) Open() bool { return e.open.Load() != nil && !e.closed.Load() }

// ServeHTTP answers one request.
func (e *Endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	arrived := time.Now()
	stamp, signature, ok := e.signature(r.Header)
	if !ok { // the body is not even read
		http.Error(w, "not signed by Discord", http.StatusUnauthorized)
		return
	}
	body, err := read(w, r)
	if err != nil {
		http.Error(w, "the body is too large or came too slowly", http.StatusRequestEntityTooLarge)
		return
	}
	if !ed25519.Verify(e.key, append([]byte(stamp), body...), signature) {
		http.Error(w, "not signed by Discord", http.StatusUnauthorized)
		return
	}
	if !e.timely(r.Context(), stamp) {
		http.Error(w, "not signed within the last five minutes", http.StatusUnauthorized)
		return
	}
	in, err := ParseInteraction(body)
	switch {
	case err != nil:
		e.log.ErrorContext(r.Context(), "an interaction can't be read", "err", err)
		http.Error(w, "an interaction can't be read", http.StatusBadRequest)
	case in.Type == typePing:
		pong(w)
	default:
		in.arrived = arrived
		e.answer(w, r, in)
	}
}

// signature is what a request says it is signed with, and when; false where that
// can't be Discord's.
func (e *Endpoint) signature(h http.Header) (stamp string, signature []byte, ok bool) {
	stamp = h.Get("X-Signature-Timestamp")
	if len(stamp) > 20 {
		return "", nil, false
	}
	signature, err := hex.DecodeString(h.Get("X-Signature-Ed25519"))
	return stamp, signature, err == nil && len(signature) == ed25519.SignatureSize
}

// timely reports whether Discord signed at about this time. Where it did at
// another the log is told, once a minute at most: no interaction is answered
// while the clock is wrong.
func (e *Endpoint) timely(ctx context.Context, stamp string) bool {
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return false
	}
	now := e.now()
	skew := now.Sub(time.Unix(seconds, 0))
	if skew.Abs() <= mostSkew {
		return true
	}
	if last := e.skewed.Load(); now.Unix()-last >= 60 && e.skewed.CompareAndSwap(last, now.Unix()) {
		e.log.ErrorContext(ctx, "a request that Discord signed was refused for its time: this machine's clock is off by about skew, "+
			"or somebody repeats an old request; set the clock, for example by NTP (sitrep doctor compares it with Discord's)",
			"skew", skew.Round(time.Second))
	}
	return false
}

// read is the whole body, if it comes in time.
func read(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.ContentLength > mostBody {
		return nil, &http.MaxBytesError{Limit: mostBody}
	}
	connection := http.NewResponseController(w)
	_ = connection.SetReadDeadline(time.Now().Add(bodyTime)) // where it can't be set, the server's holds
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody))
	if err == nil {
		_ = connection.SetReadDeadline(time.Time{})
	}
	return body, err
}

func pong(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"type":%d}`, answerPong)
}

// answer has an interaction answered, once, and writes what that came to.
func (e *Endpoint) answer(w http.ResponseWriter, r *http.Request, in Interaction) {
	c := e.open.Load()
	if c == nil {
		http.Error(w, "still starting", http.StatusServiceUnavailable)
		return
	}
	x, known := e.exchange(in.ID)
	if !known {
		in.respond, in.replied = x.respond(c.router), true
		begun := c.inbox.admit(in.ID, func(ctx context.Context) {
			defer x.settle(http.StatusAccepted, "", nil) // answered over REST, or elsewhere before
			c.router.handle(ctx, in)
		})
		if !begun {
			e.recent.Remove(in.ID)
			x.settle(http.StatusServiceUnavailable, "", nil)
		}
	}
	late := time.NewTimer(answerTime - time.Since(in.arrived))
	defer late.Stop()
	var err error
	select {
	case <-x.settled:
		err = x.write(w)
	case <-r.Context().Done():
		err = errors.New("bot: Discord hung up before it was answered")
	case <-late.C:
		err = errors.New("bot: the first answer took longer than Discord waits")
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	if !known {
		x.written <- err
	}
}

// exchange is that of the interaction with this id, and whether there was one.
func (e *Endpoint) exchange(id string) (x *exchange, known bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if x, known = e.recent.Get(id); known {
		return x, true
	}
	x = &exchange{settled: make(chan struct{}), written: make(chan error, 1)}
	e.recent.Add(id, x)
	return x, false
}

// An exchange is the reply to Discord's request, which its repetitions get too.
type exchange struct {
	settle1 sync.Once
	settled chan struct{} // closed once the rest is known
	status  int
	kind    string
	body    []byte

	written chan error // gets what came of writing it first
}

// settle decides on the reply, where that isn't decided yet.
func (x *exchange) settle(status int, kind string, body []byte) {
	x.settle1.Do(func() {
		x.status, x.kind, x.body = status, kind, body
		close(x.settled)
	})
}

// respond answers in the reply; where there are files to send, by the callback
// route, of which the reply then tells: for those Discord documents no other way.
func (x *exchange) respond(r *Router) firstAnswer {
	return func(ctx context.Context, in Interaction, a answer) error {
		if len(a.uploads()) > 0 {
			err := r.callback(ctx, in, a)
			x.settle(http.StatusAccepted, "", nil)
			return err
		}
		body, err := json.Marshal(a)
		if err != nil {
			return fmt.Errorf("bot: writing an answer: %w", err)
		}
		x.settle(http.StatusOK, "application/json", body)
		select {
		case err := <-x.written:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// write sends the reply and has it leave at once: what follows an answer must not
// overtake it.
func (x *exchange) write(w http.ResponseWriter) error {
	if x.status != http.StatusOK {
		w.WriteHeader(x.status)
		return nil
	}
	connection := http.NewResponseController(w)
	_ = connection.SetWriteDeadline(time.Now().Add(bodyTime)) // where it can't be set, the server's holds
	w.Header().Set("Content-Type", x.kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(x.body)))
	if _, err := w.Write(x.body); err != nil {
		return fmt.Errorf("bot: answering Discord's request: %w", err)
	}
	if err := connection.Flush(); err != nil {
		return fmt.Errorf("bot: answering Discord's request: %w", err)
	}
	return nil
}

// overtaking is how long what follows a first answer is repeated while Discord
// doesn't know that answer yet.
const overtaking = 2 * time.Second

// follow does what follows the first answer. Where that travels in the reply to
// Discord's request, f comes over another connection and may get there first.
func (in Interaction) follow(ctx context.Context, f func(ctx context.Context) error) error {
	begun := time.Now()
	for wait := 50 * time.Millisecond; ; wait *= 2 {
		err := f(ctx)
		early := IsCode(err, CodeUnknownWebhook, CodeUnknownMessage, CodeUnknownInteraction)
		if !in.replied || !early || time.Since(begun) > overtaking || sleep(ctx, wait) != nil {
			return err
		}
	}
}
