package sandbox

import (
	"encoding/json"
	"sync"
	"time"
)

const (
	traceAge   = 10 * time.Minute
	traceCount = 5000
	traceBytes = 32 << 20
)

// entry is one request or one gateway frame. It never holds a token.
type entry struct {
	At        time.Time       `json:"at"`
	Kind      string          `json:"kind"` // rest or gateway
	Method    string          `json:"method,omitempty"`
	Route     string          `json:"route,omitempty"`
	Path      string          `json:"path,omitempty"`
	Status    int             `json:"status,omitempty"`
	Verdict   string          `json:"verdict,omitempty"`
	Body      json.RawMessage `json:"body,omitempty"`
	Files     []string        `json:"files,omitempty"`
	MS        int64           `json:"ms"`
	Direction string          `json:"direction,omitempty"` // in or out
	Session   string          `json:"session,omitempty"`
	Op        *int            `json:"op,omitempty"`
	Event     string          `json:"event,omitempty"`
	Data      json.RawMessage `json:"data,omitempty"`
}

func (e entry) size() int { return len(e.Body) + len(e.Data) + 200 }

// trace remembers the last minutes, within bounds.
type trace struct {
	mu    sync.Mutex
	list  []entry
	head  int // what lies before it was dropped
	bytes int
}

func (t *trace) add(e entry) {
	e.At = time.Now().UTC()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.list = append(t.list, e)
	t.bytes += e.size()
	for t.head < len(t.list) && t.over() {
		t.bytes -= t.list[t.head].size()
		t.list[t.head] = entry{}
		t.head++
	}
	if t.head > traceCount {
		t.list, t.head = append([]entry(nil), t.list[t.head:]...), 0
	}
}

func (t *trace) over() bool {
	return len(t.list)-t.head > traceCount || t.bytes > traceBytes || time.Since(t.list[t.head].At) > traceAge
}

func (t *trace) since(at time.Time) []entry {
	t.mu.Lock()
	defer t.mu.Unlock()
	list := []entry{}
	for _, e := range t.list[t.head:] {
		if e.At.After(at) {
			list = append(list, e)
		}
	}
	return list
}
