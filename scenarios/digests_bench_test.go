package scenarios

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"sitrep/bot"
	"sitrep/briefings"
	"sitrep/briefings/catalogue"
	"sitrep/cache"
	"sitrep/digests"
	"sitrep/pictures"
	"sitrep/store"
	"sitrep/testenv"
	"sitrep/words"
)

//nolint:gochecknoglobals // flags, which nothing changes once they are read
var (
	channelsDue   = flag.Int("digests.channels", 96, "how many channels BenchmarkManyChannels has digests for")
	latenessTaken = flag.Int("digests.samples", 3, "how many digests BenchmarkLateness waits for")
)

// BenchmarkManyChannels has digests fall due in many channels at once, with the
// sandbox enforcing Discord's limits: "ratio" is the time that they took to the
// ideal of 50 requests a second.
func BenchmarkManyChannels(b *testing.B) {
	for _, copies := range []int{1, 3} {
		b.Run(fmt.Sprintf("channels=%d/copies=%d", *channelsDue, copies), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				p := newRush(b, copies)
				p.subscribe(*channelsDue)
				due := p.due()
				p.requests.Store(0)
				var most atomic.Uint64
				done := make(chan struct{})
				go p.watchMemory(&most, done)
				b.StartTimer()
				begun := time.Now()
				p.tick(due)
				took := time.Since(begun)
				close(done)
				requests := p.requests.Load()
				p.check(*channelsDue)
				b.ReportMetric(took.Seconds()/(float64(requests)/50), "ratio")
				b.ReportMetric(float64(requests)/float64(*channelsDue), "requests/digest")
				b.ReportMetric(float64(p.refused.Load()), "429s")
				b.ReportMetric(float64(most.Load())/1e6, "heap-MB")
			}
		})
	}
}

// BenchmarkLateness posts to one channel, again and again just after the full
// second in which a digest fell due: how late it is there.
func BenchmarkLateness(b *testing.B) {
	for b.Loop() {
		p := newRush(b, 1)
		p.subscribe(*latenessTaken)
		var late []time.Duration
		for i := range *latenessTaken {
			// That the digest's minute begins in the next whole second is a matter of
			// how the clock is set.
			second := time.Now().Truncate(time.Second).Add(2 * time.Second)
			offset := p.dueAt(i).Sub(second)
			ctx, stop := context.WithCancel(b.Context())
			ended := make(chan error, 1)
			p.came = make(chan time.Time, 1)
			go func() {
				ended <- p.runner(0, func() time.Time { return time.Now().Add(offset) }).Run(ctx)
			}()
			late = append(late, (<-p.came).Sub(second))
			stop()
			if err := <-ended; err != nil {
				b.Fatal(err)
			}
		}
		slices.Sort(late)
		b.ReportMetric(float64(late[len(late)/2].Microseconds())/1000, "p50-ms")
		b.ReportMetric(float64(late[len(late)*99/100].Microseconds())/1000, "p99-ms")
	}
}

// A rush is a Discord with its limits, and copies of sitrep that post to it.
type rush struct {
	tb       testing.TB
	record   *store.Store
	writer   digests.Writer
	posters  []bot.Poster
	url      string
	token    string
	kept     []digests.Subscription
	requests atomic.Int64 // that count towards the limit on all
	refused  atomic.Int64 // with 429
	came     chan time.Time
}

func newRush(tb testing.TB, copies int) *rush {
	tb.Helper()
	p := &rush{tb: tb}
	discord := startSandbox(tb) // a process of its own, as it keeps every message
	target, err := url.Parse(discord.URL)
	if err != nil {
		tb.Fatal(err)
	}
	box := &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(target) },
		Transport: &http.Transport{MaxIdleConnsPerHost: 256},
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.serve(box, w, r) }))
	tb.Cleanup(server.Close)
	p.url, p.token = discord.URL, discord.Token
	if p.record, err = store.Open(tb.Context(), "sqlite:"+filepath.Join(tb.TempDir(), "sitrep.db")); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := p.record.Close(); err != nil {
			tb.Error(err)
		}
	})
	log := slog.New(slog.DiscardHandler)
	items, err := catalogue.Read(catalogue.Bundled(), catalogue.RecordedAt())
	if err != nil {
		tb.Fatal(err)
	}
	book, err := words.Open()
	if err != nil {
		tb.Fatal(err)
	}
	gallery, err := pictures.New(log)
	if err != nil {
		tb.Fatal(err)
	}
	shared := cache.Embedded
	if copies > 1 {
		shared = testenv.Redis(tb)
	}
	for range copies {
		redis, err := cache.Open(shared, log)
		if err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(func() {
			if err := redis.Close(); err != nil {
				tb.Error(err)
			}
		})
		service := briefings.NewService(p.record, redis, briefings.Loaded{Items: items, Edition: catalogue.Edition(), RecordedAt: catalogue.RecordedAt()}, time.Now, log)
		p.writer = digests.Writer{Briefings: service, Pictures: gallery, Book: book}
		copied, err := bot.New(bot.Options{Token: p.token, API: server.URL + "/api", Book: book, Seen: redis, Pacer: redis, Log: log})
		if err != nil {
			tb.Fatal(err)
		}
		p.posters = append(p.posters, copied.Poster())
	}
	return p
}

// serve counts what Discord is asked by the copies, and refuses.
func (p *rush) serve(box http.Handler, w http.ResponseWriter, r *http.Request) {
	p.requests.Add(1)
	seen := &status{ResponseWriter: w}
	box.ServeHTTP(seen, r)
	switch {
	case seen.code == http.StatusTooManyRequests:
		p.refused.Add(1)
	case r.Method == http.MethodPost && p.came != nil:
		p.came <- time.Now()
	}
}

type status struct {
	http.ResponseWriter
	code int
}

func (s *status) WriteHeader(code int) {
	s.code = code
	s.ResponseWriter.WriteHeader(code)
}

// subscribe makes n channels, in as many servers as that takes, with a daily
// digest each, a minute apart by the numbers that dueAt gives.
func (p *rush) subscribe(n int) {
	p.tb.Helper()
	const each = 400
	for first := 0; first < n; first += each {
		var made struct{ ID string }
		p.control(http.MethodPost, "/sandbox/guilds", `{"name":"Server"}`, &made)
		var patches []string
		for i := range min(each, n-first) {
			patches = append(patches, fmt.Sprintf(`{"channel":"d%d"}`, i))
		}
		p.control(http.MethodPatch, "/sandbox/guilds/"+made.ID, `{"channels":[`+strings.Join(patches, ",")+`]}`, new(any))
		var state struct {
			Guilds []struct {
				ID       string
				Channels []struct{ ID, Name string }
			}
		}
		p.control(http.MethodGet, "/sandbox/state", "", &state)
		for _, g := range state.Guilds {
			for _, c := range g.Channels {
				if g.ID == made.ID && strings.HasPrefix(c.Name, "d") && c.Name != "digests" {
					p.keep(briefings.DeskID(g.ID), digests.ChannelID(c.ID))
				}
			}
		}
	}
}

func (p *rush) keep(desk briefings.DeskID, channel digests.ChannelID) {
	p.tb.Helper()
	at := p.dueAt(0)
	if p.tb.Name() == "BenchmarkLateness" {
		at = p.dueAt(len(p.kept))
	}
	s := digests.Subscription{
		ID: digests.NewID(), Desk: desk, Channel: channel, Kind: digests.DailyKind, At: at.Format("15:04"), Zone: "UTC",
		Locale: "en-GB", Quiet: digests.QuietLine, Grace: 2 * time.Hour, CreatedBy: "2", CreatedAt: at.Add(-time.Hour), Since: at.Add(-time.Hour), NextDue: at,
	}
	if err := p.record.Subscribe(p.tb.Context(), s); err != nil {
		p.tb.Fatal(err)
	}
	p.kept = append(p.kept, s)
}

func (p *rush) control(method, path, body string, into any) {
	p.tb.Helper()
	if err := json.Unmarshal([]byte(fetch(p.tb, method, p.url+path, body)), into); err != nil {
		p.tb.Fatalf("%s %s: %v", method, path, err)
	}
}

// dueAt is when the n-th of a row of digests falls due.
func (p *rush) dueAt(n int) time.Time {
	return time.Date(2026, time.January, 21, 8, n, 0, 0, time.UTC)
}

func (p *rush) due() time.Time { return p.dueAt(0).Add(100 * time.Millisecond) }

func (p *rush) runner(i int, clock func() time.Time) *digests.Runner {
	return digests.New(slog.New(slog.DiscardHandler), digests.Parts{
		Planning: p.record, Dates: p.writer.KeyDate, Ledger: p.record, Poster: p.posters[i], Compose: p.writer.Compose, Clock: clock,
	})
}

// tick has every copy plan and send what is due.
func (p *rush) tick(now time.Time) {
	p.tb.Helper()
	var all errgroup.Group
	for i := range p.posters {
		all.Go(func() error { return p.runner(i, time.Now).Tick(p.tb.Context(), now) })
	}
	if err := all.Wait(); err != nil {
		p.tb.Fatal(err)
	}
}

// check finds every slot sent, with a message of its own.
func (p *rush) check(want int) {
	p.tb.Helper()
	messages := map[string]bool{}
	desks := map[briefings.DeskID]bool{}
	for _, s := range p.kept {
		if desks[s.Desk] {
			continue
		}
		desks[s.Desk] = true
		slots, err := p.record.Slots(p.tb.Context(), s.Desk, "", want)
		if err != nil {
			p.tb.Fatal(err)
		}
		for _, slot := range slots {
			if slot.State == digests.Sent {
				messages[slot.Message] = true
			}
		}
	}
	if len(messages) != want {
		p.tb.Fatalf("%d messages sent, want %d", len(messages), want)
	}
}

// watchMemory keeps the largest heap of the process: of all copies.
func (p *rush) watchMemory(most *atomic.Uint64, done <-chan struct{}) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		most.Store(max(most.Load(), m.HeapInuse))
		select {
		case <-tick.C:
		case <-done:
			return
		}
	}
}
