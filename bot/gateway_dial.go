package bot

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/gorilla/websocket"
)

// mostHead bounds what comes before the first message: TLS and the HTTP reply.
const mostHead = 64 << 10

// dial opens a WebSocket to the gateway at an address that gatewayAddress gave.
func (g *Gateway) dial(ctx context.Context, address string) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, g.pace.watch)
	defer cancel()
	var under *opening
	heeded := func() bool { return false }
	dialer := websocket.Dialer{
		Proxy:           http.ProxyFromEnvironment,
		TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
		ReadBufferSize:  8 << 10,
		NetDialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := g.dialer(ctx, network, address)
			if err != nil {
				return nil, err
			}
			under = &opening{Conn: conn, left: mostHead}
			// From here on the library heeds the deadline of a context, but not its end.
			heeded = context.AfterFunc(ctx, func() { _ = conn.Close() })
			return under, nil
		},
	}
	conn, resp, err := dialer.DialContext(ctx, address+"/?v=10&encoding=json", nil)
	switch {
	case errors.Is(err, websocket.ErrBadHandshake) && resp != nil:
		return nil, fmt.Errorf("the gateway answered HTTP %d", resp.StatusCode)
	case err != nil:
		return nil, fmt.Errorf("the gateway can't be reached: %w", err)
	case resp.Header.Get("Sec-WebSocket-Extensions") != "":
		// The bound on messages would be one on what they are packed into.
		return nil, errors.Join(errors.New("the gateway compresses messages, which was not agreed"), conn.Close())
	}
	if !heeded() {
		return nil, context.Cause(ctx)
	}
	under.left = -1
	return conn, nil
}

// opening is a connection of which only so much is read until it is open; less
// than nothing left means that it is.
type opening struct {
	net.Conn
	left int
}

func (o *opening) Read(p []byte) (int, error) {
	if o.left == 0 {
		return 0, errors.New("the reply to the upgrade is too long")
	}
	if o.left > 0 && len(p) > o.left {
		p = p[:o.left]
	}
	n, err := o.Conn.Read(p)
	if o.left > 0 {
		o.left -= n
	}
	return n, err
}

// gatewayAddress checks where Discord sends us, because our token goes there,
// and returns it without path and query. Where the API is elsewhere than at
// Discord's, the gateway may be on that host too.
func gatewayAddress(address string, base *url.URL) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.Host == "" {
		return "", errors.New("bot: Discord named a gateway address that is none")
	}
	discord := u.Scheme == "wss" && strings.HasSuffix(u.Hostname(), ".discord.gg") && (u.Port() == "" || u.Port() == "443")
	same := u.Hostname() == base.Hostname() || loopback(u.Hostname()) && loopback(base.Hostname())
	other := base.Hostname() != discordHost && (u.Scheme == "ws" || u.Scheme == "wss") && same
	if !discord && !other {
		return "", fmt.Errorf("bot: the token is not sent to the gateway at %q: it is neither Discord's nor on the host of SITREP_DISCORD_API", u.Host)
	}
	return u.Scheme + "://" + u.Host + strings.TrimSuffix(u.Path, "/"), nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
