package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"
)

const (
	intentGuilds = 1

	maxPacket    = 4 << 10 // Discord's
	writeTimeout = 10 * time.Second
	farewellTime = time.Second // for Discord to close in its turn

	// Of Discord's 120 packets in 60 s, any 60 s see 110 at most.
	sendEvery = 600 * time.Millisecond
	sendBurst = 10

	// closedByUs is any code but 1000 and 1001, which end the session too.
	closedByUs = 4000
)

// write sends all that is sent: the login when its turn has come, heartbeats, and
// a farewell at the end of ctx. It returns at the end of over, which is the
// connection's, or where nothing can be sent.
func (l *link) write(ctx, over context.Context, login []byte) error {
	sends := rate.NewLimiter(rate.Every(sendEvery), sendBurst)
	var interval time.Duration
	var beats <-chan time.Time
	turn := make(chan error, 1)
	var waiting sync.WaitGroup
	defer waiting.Wait()
	over, giveUp := context.WithCancel(over)
	defer giveUp() // the turn, where something can't be sent
	for {
		var packet []byte
		select {
		case <-over.Done():
			return nil
		case <-ctx.Done():
			l.farewell()
			return nil
		case interval = <-l.hello:
			// Spread out, so that not all clients beat at once after an outage.
			beats = time.After(rand.N(interval))
			waiting.Go(func() { turn <- l.turn(ctx, over) })
			continue
		case err := <-turn:
			if err != nil {
				return err
			}
			packet = login
			l.awaitAcceptance()
		case <-beats:
			beats = time.After(interval)
		case <-l.asked:
		}
		if sends.Wait(over) != nil {
			return nil
		}
		if packet == nil {
			packet = l.heartbeat()
		}
		if err := l.send(packet); err != nil {
			return err
		}
	}
}

// turn returns when the login may be sent: at once for a session that exists.
func (l *link) turn(ctx, over context.Context) error {
	if !l.fresh {
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(over, cancel)()
	return l.options.Identifies.wait(ctx, l.options.Shard, l.allowed)
}

func (l *link) send(packet []byte) error {
	if len(packet) > maxPacket {
		return fmt.Errorf("bot: a packet of %d bytes is more than Discord's gateway takes", len(packet))
	}
	if err := l.conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	return l.conn.WriteMessage(websocket.TextMessage, packet)
}

// heartbeat tells how far the session is.
func (l *link) heartbeat() []byte {
	seq := "null"
	if n := l.session.seq.Load(); n > 0 {
		seq = strconv.FormatInt(n, 10)
	}
	return []byte(`{"op":1,"d":` + seq + `}`)
}

// identity is the packet that starts the session, or resumes it.
func (l *link) identity() ([]byte, error) {
	op, data := opResume, map[string]any{"session_id": l.session.id, "seq": l.session.seq.Load()}
	if l.fresh {
		op, data = opIdentify, map[string]any{
			"intents": intentGuilds, "shard": [2]int{l.options.Shard, l.options.Shards},
			"properties": map[string]string{"os": runtime.GOOS, "browser": "sitrep", "device": "sitrep"},
		}
	}
	data["token"] = l.options.Discord.token
	return json.Marshal(map[string]any{"op": op, "d": data})
}

// farewell ends the session, which nobody is going to resume.
func (l *link) farewell() {
	l.mu.Lock()
	l.leaving = true
	_ = l.conn.SetReadDeadline(time.Now().Add(farewellTime)) // on a closed connection reading fails anyway
	l.mu.Unlock()
	l.close(websocket.CloseNormalClosure)
}

// close sends a close frame; at that end of the connection Discord may be gone.
func (l *link) close(code int) {
	_ = l.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(farewellTime))
}
