package bot

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Of the same interaction that comes to two copies at once, many times over, one
// carries it out and answers as before, and the other leaves it alone.
func TestEndpointsCarryOutOnceWhatComesToBothAtOnce(t *testing.T) {
	t.Parallel()
	shared, hold := new(memory), make(chan struct{})
	copies := []*letterbox{newLetterbox(t, shared, hold), newLetterbox(t, shared, hold)}
	var senders sync.WaitGroup
	var answered, left atomic.Int64
	for n := range 50 {
		l := copies[n%2]
		r := l.request(question("7"), time.Now())
		senders.Go(func() {
			switch status, body := l.send(r); {
			case status == 200 && body != "":
				answered.Add(1)
			case status == 202 && body == "":
				left.Add(1)
			default:
				t.Errorf("got %d %s, want the answer, or 202 and nothing", status, body)
			}
		})
	}
	close(hold)
	senders.Wait()
	if done := copies[0].done.Load() + copies[1].done.Load(); done != 1 || answered.Load() != 25 || left.Load() != 25 {
		t.Errorf("carried out %d times, answered %d and left alone %d times, want once, 25 and 25", done, answered.Load(), left.Load())
	}
}
