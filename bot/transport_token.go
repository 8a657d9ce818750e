package bot

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// tokenProbe is how often a token that Discord refused is tried again: it may
// have been a slip of Discord's, and more would be counted against the address.
const tokenProbe = 30 * time.Second

// A credential is what Discord thinks of the bot's token. The zero value is one
// that it takes. Requests that carry a token of their own go on without it.
type credential struct {
	mu      sync.Mutex
	refused bool
	probe   time.Time // when it may be tried again
	doubt   time.Time // until when it is left out where it isn't needed
}

// mayTry reports whether the token may be sent, and lets one a while through
// while it is refused.
func (c *credential) mayTry(now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.refused {
		return true
	}
	if now.Before(c.probe) {
		return false
	}
	c.probe = now.Add(tokenProbe)
	return true
}

// doubted reports whether the token had better be left out where it may be.
func (c *credential) doubted(now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.refused || now.Before(c.doubt)
}

// learnToken takes from a reply's status whether Discord takes the token.
func (t *Transport) learnToken(ctx context.Context, way route, status int, now time.Time) {
	denied := status == http.StatusUnauthorized
	c := &t.token
	c.mu.Lock()
	changed := false
	switch {
	case way.exempt && denied: // or the interaction's own token is over
		c.doubt = now.Add(tokenProbe)
	case way.exempt, status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status >= http.StatusInternalServerError:
		// says nothing of the token
	default:
		changed = c.refused != denied
		if denied {
			c.probe = now.Add(tokenProbe)
		}
		c.refused = denied
	}
	c.mu.Unlock()
	switch {
	case !changed || t.Log == nil:
	case denied:
		t.Log.ErrorContext(ctx, "Discord refuses the token: set a new DISCORD_TOKEN and restart; until then no digest goes out and "+
			"nothing else is asked of Discord but twice a minute, and only interactions that come to an endpoint are answered")
	default:
		t.Log.InfoContext(ctx, "Discord takes the token again")
	}
}
