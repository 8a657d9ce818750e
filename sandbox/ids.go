package sandbox

import (
	"strconv"
	"sync"
	"time"
)

// discordEpoch is the first millisecond of 2015, from which snowflakes count.
const discordEpoch = 1420070400000

// ids hands out snowflakes of real time: unique, and never smaller than one before,
// whatever the machine's clock does.
type ids struct {
	mu   sync.Mutex
	last uint64
}

func (g *ids) next() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	id := uint64(time.Now().UnixMilli()-discordEpoch) << 22
	if id <= g.last {
		id = g.last + 1
	}
	g.last = id
	return strconv.FormatUint(id, 10)
}

// seen keeps ids of earlier runs from being given again.
func (g *ids) seen(id string) {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		return
	}
	g.mu.Lock()
	g.last = max(g.last, n)
	g.mu.Unlock()
}

// snowflake reads an id as clients send it: decimal digits in a string, or a bare number.
func snowflake(s string) (uint64, bool) {
	if len(s) == 0 || len(s) > 20 || s[0] < '0' || s[0] > '9' {
		return 0, false
	}
	n, err := strconv.ParseUint(s, 10, 64)
	return n, err == nil
}

// older compares snowflakes, which as strings don't sort.
func older(a, b string) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return a < b
}
