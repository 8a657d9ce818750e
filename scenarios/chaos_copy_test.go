package scenarios

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// A doomed is a copy of sitrep that is killed again and again, and started anew
// at once. It speaks to Discord through a proxy of its own, which knows how far
// it has come and kills it there: nothing is added to the binary for that.
type doomed struct {
	among   *cluster
	name    string
	environ []string
	proxy   *httptest.Server
	forward *httputil.ReverseProxy
	log     *journal

	mu      sync.Mutex
	over    bool
	process *exec.Cmd
	exited  chan struct{}
}

// logins counts the starts of a cluster's copies: Discord lets every sixteenth
// shard log in once in five seconds, so each start takes another one.
const logins = 16

func newDoomed(c *cluster, name string, environ []string) (*doomed, error) {
	target, err := url.Parse(c.discord.URL)
	if err != nil {
		return nil, err
	}
	d := &doomed{among: c, name: name, log: &journal{changed: make(chan struct{})}}
	d.forward = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) },
		// What Discord cuts is cut here too.
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
		ErrorLog:     log.New(io.Discard, "", 0), // of clients that were killed
	}
	d.proxy = httptest.NewServer(d)
	d.environ = append(environ, "SITREP_DISCORD_API="+d.proxy.URL+"/api")
	d.mu.Lock()
	defer d.mu.Unlock()
	return d, d.start()
}

// start runs the binary; the lock is held.
func (d *doomed) start() error {
	p := exec.Command("sitrep")
	p.Dir = d.among.folder
	p.Env = append(append(os.Environ(), "SITREP_LISTEN=127.0.0.1:0", "SITREP_LIMITS=off"), d.environ...)
	p.Env = append(p.Env, fmt.Sprintf("SITREP_SHARDS=%d/%d", d.among.starts.Add(1)%logins, logins))
	p.Stdout, p.Stderr = d.log, d.log
	if err := p.Start(); err != nil {
		return err
	}
	exited := make(chan struct{})
	d.process, d.exited = p, exited
	go func() {
		_ = p.Wait() // how it ended is in ProcessState
		close(exited)
		if status, ok := p.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
			d.among.fail(fmt.Errorf("%s ended by itself, %v; it said last:\n%s", d.name, p.ProcessState, d.log.tail()))
		}
	}()
	return nil
}

// kill ends the copy as kill -9 does and starts it anew.
func (d *doomed) kill(at point) { d.killFor(at, 0) }

// killFor is kill, with some time between the end and the start.
func (d *doomed) killFor(at point, dead time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.over {
		return
	}
	_ = d.process.Process.Kill() // it may have ended already, which the other goroutine tells
	<-d.exited
	d.among.tally(d.among.kills, string(at))
	d.among.pause(dead)
	if err := d.start(); err != nil {
		d.among.fail(err)
	}
}

// freeze stops the copy, as a machine that is suspended does, for some time.
func (d *doomed) freeze(still time.Duration) {
	d.mu.Lock()
	process := d.process.Process
	d.mu.Unlock()
	_ = process.Signal(syscall.SIGSTOP) // it may have been killed meanwhile
	d.among.tally(d.among.kills, string(frozen))
	d.among.pause(still)
	_ = process.Signal(syscall.SIGCONT)
}

// end kills the copy for good.
func (d *doomed) end() {
	d.mu.Lock()
	d.over = true
	_ = d.process.Process.Kill()
	<-d.exited
	d.mu.Unlock()
	d.proxy.CloseClientConnections()
	d.proxy.Close()
}

// ServeHTTP passes a request on to Discord, and kills the copy on the way where
// the cluster's plan says so.
func (d *doomed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	channel := channelOf(r)
	at := d.among.reached(channel, r.Method)
	switch at {
	case unsent, looking:
		d.kill(at)
		panic(http.ErrAbortHandler)
	case orphaned, unread, forgotten:
		d.outlive(r, channel, at)
		panic(http.ErrAbortHandler)
	case unfinished:
		d.killFinishing(w, r)
		return
	case finished:
		d.forward.ServeHTTP(w, r)
		d.among.background.Go(func() { d.killFinished(channel) })
		return
	}
	d.forward.ServeHTTP(w, r)
	if r.Method == looks {
		d.among.looked(channel)
	}
}

// nonceForgotten is more than the sandbox remembers a nonce.
const nonceForgotten = 200 * time.Second

// channelOf is the channel whose messages a request is about, "" for any other.
func channelOf(r *http.Request) string {
	_, rest, _ := strings.Cut(r.URL.Path, "/channels/")
	channel, rest, _ := strings.Cut(rest, "/")
	if rest != "messages" {
		return ""
	}
	return channel
}

// outlive lets a post arrive although its sender dies: before anybody knows of
// it, or only when another copy has looked for the message in vain.
func (d *doomed) outlive(r *http.Request, channel string, at point) {
	d.among.background.Add(1)
	defer d.among.background.Done()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // it was killed while it sent this
	}
	late := r.Clone(d.among.ctx)
	late.Body = io.NopCloser(bytes.NewReader(body))
	arrive := func() {
		defer func() {
			if v := recover(); v != nil && v != any(http.ErrAbortHandler) { // a panic is no wrapped error
				panic(v)
			}
		}()
		d.forward.ServeHTTP(httptest.NewRecorder(), late)
	}
	switch at {
	case unread:
		arrive()
		d.kill(at)
		return
	case forgotten:
		arrive()
		d.among.killAll(at, nonceForgotten)
		return
	}
	searched := d.among.awaitLook(channel)
	d.kill(at)
	select {
	case <-searched:
	case <-d.among.ctx.Done():
	case <-time.After(settlesWithin):
		d.among.fail(fmt.Errorf("nobody looked for the digest of channel %s within %v", channel, settlesWithin))
	}
	arrive()
}

// killFinishing holds the database still while the copy reads the answer, so
// that it dies before its last step is recorded, or by nobody awaited.
func (d *doomed) killFinishing(w http.ResponseWriter, r *http.Request) {
	thaw, err := d.among.ledger.freeze(d.among.ctx)
	if err != nil {
		d.among.fail(err)
		return
	}
	defer thaw()
	d.forward.ServeHTTP(w, r)
	if err := http.NewResponseController(w).Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return // killed by another point
	}
	d.among.pause(d.among.random(20 * time.Millisecond))
	d.kill(unfinished)
}

func (d *doomed) killFinished(channel string) {
	for d.among.ctx.Err() == nil && !d.among.settledIn(channel) {
		d.among.pause(time.Millisecond)
	}
	d.kill(finished)
}
