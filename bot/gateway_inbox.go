package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"
)

// An inbox hands events on without ever making the connection wait: interactions
// side by side up to a bound, the rest one by one in Discord's order.
type inbox struct {
	options GatewayOptions
	ctx     context.Context
	cancel  context.CancelFunc
	slots   chan struct{}
	tasks   sync.WaitGroup
	more    chan func()   // to those who are done with one
	waiting chan struct{} // has one for each of them
	over    chan struct{} // closed once nothing is taken in any more

	mu     sync.Mutex
	ended  bool
	known  map[string]bool // servers met since the last READY
	queue  []func()
	active bool // somebody is working through the queue
}

func newInbox(ctx context.Context, options GatewayOptions, underWay int) *inbox {
	ctx, cancel := context.WithCancel(ctx)
	return &inbox{
		options: options, ctx: ctx, cancel: cancel,
		slots: make(chan struct{}, underWay), known: make(map[string]bool),
		more: make(chan func()), waiting: make(chan struct{}, mostWaiting), over: make(chan struct{}),
	}
}

// mostWaiting is how many goroutines stay for the next interaction: theirs have
// stacks that have grown, which is half of what beginning one takes.
const mostWaiting = 64

// put takes an event in, and keeps nothing of it that it doesn't copy. It never
// blocks; what is malformed is dropped.
func (b *inbox) put(e envelope) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended {
		return
	}
	switch e.Type {
	case "INTERACTION_CREATE":
		b.interaction(e.Data)
	case "READY":
		b.ready(e.Data)
	case "RESUMED":
		b.tell(Ready{Resumed: true})
	case "GUILD_CREATE", "GUILD_DELETE":
		b.membership(e)
	}
}

func (b *inbox) interaction(raw json.RawMessage) {
	raw = bytes.Clone(raw)
	if !b.begin(func() { b.options.Interaction(b.ctx, raw) }) {
		var in struct {
			ID string `json:"id"`
		}
		_ = json.Unmarshal(raw, &in) // the line is worth having without it
		b.dropped(in.ID)
	}
}

// dropped tells of an interaction for which there was no room.
func (b *inbox) dropped(id string) {
	b.options.Log.ErrorContext(b.ctx, "an interaction was dropped: too many are under way", "interaction", id, "limit", cap(b.slots))
}

// begin has a task done beside others, if there is room. The lock is held.
func (b *inbox) begin(task func()) bool {
	select {
	case b.slots <- struct{}{}:
	default:
		return false
	}
	select {
	case b.more <- task:
	default:
		b.tasks.Go(func() { b.work(task) })
	}
	return true
}

// work does a task, and others that come while it waits.
func (b *inbox) work(task func()) {
	for task != nil {
		func() {
			defer func() { <-b.slots }()
			defer b.survive()
			task()
		}()
		select {
		case b.waiting <- struct{}{}:
		default:
			return // enough do
		}
		select {
		case task = <-b.more:
		case <-b.over:
			task = nil
		}
		<-b.waiting
	}
}

// admit is begin for an interaction that comes by itself: false also once nothing
// is taken in.
func (b *inbox) admit(id string, task func(ctx context.Context)) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended {
		return false
	}
	begun := b.begin(func() { task(b.ctx) })
	if !begun {
		b.dropped(id)
	}
	return begun
}

// survive keeps a fault in one receiver from ending the process.
func (b *inbox) survive() {
	if fault := recover(); fault != nil {
		b.options.Log.ErrorContext(b.ctx, "a receiver of gateway events panicked", "panic", fault)
	}
}

func (b *inbox) ready(data json.RawMessage) {
	var ready struct {
		User struct {
			ID string `json:"id"`
		} `json:"user"`
		Application struct {
			ID string `json:"id"`
		} `json:"application"`
		Guilds []struct {
			ID string `json:"id"`
		} `json:"guilds"`
	}
	if err := json.Unmarshal(data, &ready); err != nil {
		b.options.Log.WarnContext(b.ctx, "the gateway's READY is not as documented", "err", err)
		return
	}
	clear(b.known)
	told := Ready{Application: ready.Application.ID, User: ready.User.ID}
	for _, guild := range ready.Guilds {
		b.known[guild.ID] = true
		told.Guilds = append(told.Guilds, guild.ID)
	}
	b.tell(told)
}

func (b *inbox) tell(ready Ready) {
	if b.options.Ready != nil {
		b.enqueue(func() { b.options.Ready(b.ctx, ready) })
	}
}

// membership sorts joining and leaving from servers that Discord can't reach for
// a while, which are "unavailable" and no news.
func (b *inbox) membership(e envelope) {
	var guild struct {
		ID          string `json:"id"`
		Unavailable bool   `json:"unavailable"`
		Joined      string `json:"joined_at"`
	}
	if json.Unmarshal(e.Data, &guild) != nil || guild.ID == "" || guild.Unavailable {
		return
	}
	m := Membership{Guild: guild.ID, Left: e.Type == "GUILD_DELETE"}
	if joined, err := time.Parse(time.RFC3339, guild.Joined); err == nil {
		m.Joined = joined.UTC()
	}
	if m.Left {
		delete(b.known, m.Guild)
	} else {
		m.New = !b.known[m.Guild]
		b.known[m.Guild] = true
	}
	if b.options.Membership != nil {
		b.enqueue(func() { b.options.Membership(b.ctx, m) })
	}
}

// enqueue appends to the queue, and has it worked through if nobody does.
func (b *inbox) enqueue(task func()) {
	b.queue = append(b.queue, task)
	if b.active {
		return
	}
	b.active = true
	b.tasks.Go(func() {
		for task := b.next(); task != nil; task = b.next() {
			func() {
				defer b.survive()
				task()
			}()
		}
	})
}

func (b *inbox) next() func() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.queue) == 0 {
		b.active, b.queue = false, nil
		return nil
	}
	task := b.queue[0]
	b.queue = b.queue[1:]
	return task
}

// finish takes nothing more in and waits for what is under way: patiently, then,
// with its context ended, a little longer.
func (b *inbox) finish(patiently, longer time.Duration) error {
	defer b.cancel()
	b.mu.Lock()
	if !b.ended {
		close(b.over)
	}
	b.ended = true
	b.mu.Unlock()
	done := make(chan struct{})
	go func() {
		b.tasks.Wait()
		close(done)
	}()
	for _, wait := range []time.Duration{patiently, longer} {
		select {
		case <-done:
			return nil
		case <-time.After(wait):
			b.cancel()
		}
	}
	return errors.New("bot: receivers of gateway events did not stop when told to")
}
