package cache

import (
	"crypto/rand"
	"fmt"
	"net/url"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// tick is how often time passes in an embedded Redis, whose keys would
// otherwise never expire.
const tick = 250 * time.Millisecond

// embedded is a Redis inside this process, on a port of the loopback interface
// that takes a password: other people may use the same machine.
type embedded struct {
	server   *miniredis.Miniredis
	password string
	stop     chan struct{}
	stopped  sync.WaitGroup
	closing  sync.Once
}

func startEmbedded() (*embedded, error) {
	e := &embedded{server: miniredis.NewMiniRedis(), password: rand.Text(), stop: make(chan struct{})}
	e.server.RequireAuth(e.password)
	if err := e.server.StartAddr("127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("cache: start the embedded Redis: %w", err)
	}
	e.stopped.Go(e.run)
	return e, nil
}

func (e *embedded) run() {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	last := time.Now()
	for {
		select {
		case <-e.stop:
			return
		case now := <-ticker.C:
			e.server.FastForward(now.Sub(last))
			last = now
		}
	}
}

func (e *embedded) url() string {
	u := url.URL{Scheme: "redis", User: url.UserPassword("", e.password), Host: e.server.Addr()}
	return u.String()
}

// close may be called on none, and more than once.
func (e *embedded) close() error {
	if e == nil {
		return nil
	}
	e.closing.Do(func() {
		close(e.stop)
		e.stopped.Wait()
		e.server.Close()
	})
	return nil
}
