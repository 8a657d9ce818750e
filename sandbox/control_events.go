package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

const keepAlive = 15 * time.Second

// serveEvents streams what happens, for the page. With as=member it holds what that member
// sees; without, all but ephemeral messages.
func (s *Sandbox) serveEvents(w http.ResponseWriter, r *http.Request) {
	as := r.URL.Query().Get("as")
	if as != "" {
		s.mu.Lock()
		u, err := s.namedUser(as)
		s.mu.Unlock()
		if err != nil {
			s.writeControl(w, nil, err)
			return
		}
		as = u.ID
	}
	ch, ok := s.hub.listen()
	if !ok {
		s.writeControl(w, nil, wrong("", "too many pages are listening already"))
		return
	}
	defer s.hub.leave(ch)
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	if _, err := fmt.Fprint(w, "retry: 1000\n: listening\n\n"); err != nil || out.Flush() != nil {
		return
	}
	tick := time.NewTicker(keepAlive)
	defer tick.Stop()
	for {
		select {
		case n, open := <-ch:
			if !open || !s.sendNotice(w, out, n, as, base(r)) {
				return
			}
		case <-tick.C:
			if _, err := fmt.Fprint(w, ": still here\n\n"); err != nil || out.Flush() != nil {
				return
			}
		case <-r.Context().Done():
			return
		}
	}
}

func (s *Sandbox) sendNotice(w http.ResponseWriter, out *http.ResponseController, n notice, as, base string) bool {
	if !s.hears(n, as) {
		return true
	}
	if m, is := n.Data.(*message); is {
		s.mu.Lock()
		n.Data = s.shownMessage(m, base)
		s.mu.Unlock()
	}
	raw, err := json.Marshal(n.Data)
	if err != nil {
		s.log.Error("a notice could not be encoded", "type", n.Type, "err", err)
		return true
	}
	if _, err := fmt.Fprintf(w, "event: %s\ndata: %s\n\n", n.Type, raw); err != nil {
		return false
	}
	return out.Flush() == nil
}

// hears keeps messages from members who wouldn't see them.
func (s *Sandbox) hears(n notice, as string) bool {
	if n.For != "" && n.For != as {
		return false
	}
	if n.Channel == "" || as == "" {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.state.channels[n.Channel]
	return c == nil || s.state.sees(as, c)
}
