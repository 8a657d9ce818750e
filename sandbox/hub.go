package sandbox

import "sync"

// notice is one thing that the page hears of. For names the only member who may.
type notice struct {
	Type string `json:"type"`
	For  string `json:"-"`
	// Channel limits the notice to those who see that channel.
	Channel string `json:"-"`
	Data    any    `json:"data"`
}

const (
	maxListeners  = 64
	listenerQueue = 256
)

// hub hands notices to everyone who listens. One who falls behind is let go and has to
// come back.
type hub struct {
	mu     sync.Mutex
	list   map[chan notice]bool
	closed bool
}

func newHub() *hub { return &hub{list: map[chan notice]bool{}} }

func (h *hub) listen() (chan notice, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || len(h.list) >= maxListeners {
		return nil, false
	}
	ch := make(chan notice, listenerQueue)
	h.list[ch] = true
	return ch, true
}

func (h *hub) leave(ch chan notice) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.list[ch] {
		delete(h.list, ch)
		close(ch)
	}
}

func (h *hub) tell(n notice) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for ch := range h.list {
		select {
		case ch <- n:
		default:
			delete(h.list, ch)
			close(ch)
		}
	}
}

func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for ch := range h.list {
		delete(h.list, ch)
		close(ch)
	}
}
