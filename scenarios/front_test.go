package scenarios

import (
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"
	"time"
)

// A front stands before a sandbox's API and may answer in its place.
type front struct {
	*httptest.Server
	mu      sync.Mutex
	meets   func(w http.ResponseWriter, r *http.Request) (answered bool) // nil for passing all on
	asked   []string                                                     // method and path of every request
	forward *httputil.ReverseProxy
}

func newFront(tb testing.TB, discord elsewhere) *front {
	tb.Helper()
	target, err := url.Parse(discord.URL)
	if err != nil {
		tb.Fatal(err)
	}
	f := &front{forward: &httputil.ReverseProxy{
		Rewrite:      func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
		ErrorLog:     log.New(io.Discard, "", 0),
	}}
	f.Server = httptest.NewServer(f)
	tb.Cleanup(f.Close)
	return f
}

// meet has every request from now on go through h first.
func (f *front) meet(h func(w http.ResponseWriter, r *http.Request) (answered bool)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.meets, f.asked = h, nil
}

// requests are those since meet was called last.
func (f *front) requests() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.asked
}

// ServeHTTP answers one request.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.asked = append(f.asked, r.Method+" "+r.URL.Path)
	meets := f.meets
	f.mu.Unlock()
	if meets == nil || !meets(w, r) {
		f.forward.ServeHTTP(w, r)
	}
}

// A wire carries bytes to a server, as slowly as it is told, until it is cut.
type wire struct {
	url  string // as the server's, but over the wire
	host string

	mu    sync.Mutex
	delay time.Duration // of what is asked
	down  bool
	conns []net.Conn
}

func newWire(tb testing.TB, server string) *wire {
	tb.Helper()
	at, err := url.Parse(server)
	if err != nil {
		tb.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	w := &wire{host: at.Host}
	at.Host = listener.Addr().String()
	w.url = at.String()
	var passing sync.WaitGroup
	passing.Go(func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return // the test is over
			}
			passing.Go(func() { w.pass(near) })
		}
	})
	tb.Cleanup(func() {
		_ = listener.Close()
		w.cut(true)
		passing.Wait()
	})
	return w
}

// slow has every request take so much longer.
func (w *wire) slow(delay time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.delay = delay
}

// cut ends all connections, and while it is down new ones too.
func (w *wire) cut(down bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = down
	for _, c := range w.conns {
		_ = c.Close()
	}
	w.conns = nil
}

func (w *wire) pass(near net.Conn) {
	defer near.Close()
	far, err := net.Dial("tcp", w.host)
	if err != nil {
		return
	}
	defer far.Close()
	w.mu.Lock()
	down := w.down
	if !down {
		w.conns = append(w.conns, near, far)
	}
	w.mu.Unlock()
	if down {
		return
	}
	var answers sync.WaitGroup
	defer answers.Wait()
	answers.Go(func() {
		_, _ = io.Copy(near, far) // either side may go away
		_ = near.Close()
	})
	defer far.Close()
	chunk := make([]byte, 64<<10)
	for {
		n, err := near.Read(chunk)
		if err != nil {
			return
		}
		w.mu.Lock()
		delay := w.delay
		w.mu.Unlock()
		time.Sleep(delay)
		if _, err := far.Write(chunk[:n]); err != nil {
			return
		}
	}
}
