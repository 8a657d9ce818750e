package bot

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"sitrep/cache"
	"sitrep/commands"
	"sitrep/testenv"
)

// signer makes requests as Discord signs them, each for another interaction.
type signer struct {
	key  ed25519.PrivateKey
	next int
}

func newSigner() *signer {
	return &signer{key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize)), next: 1_000_000}
}

func (s *signer) public() string { return hex.EncodeToString(s.key.Public().(ed25519.PublicKey)) }

// talks is what Discord sends for /talks, with the fields that sitrep doesn't read.
func talks(id int) []byte {
	return fmt.Appendf(nil, `{"app_permissions":"2222085723512896","application_id":"1449000000000000001","attachment_size_limit":10485760,"authorizing_integration_owners":{"0":"1449000000000000002"},"channel":{"flags":0,"guild_id":"1449000000000000002","id":"1449000000000000003","last_message_id":"1449000000000000004","name":"briefings","nsfw":false,"parent_id":null,"permissions":"2222085723512896","position":0,"rate_limit_per_user":0,"topic":null,"type":0},"channel_id":"1449000000000000003","context":0,"data":{"id":"1449000000000000005","name":"talks","type":1},"entitlement_sku_ids":[],"entitlements":[],"guild":{"features":[],"id":"1449000000000000002","locale":"en-US"},"guild_id":"1449000000000000002","guild_locale":"en-US","id":"1449%015d","locale":"en-GB","member":{"avatar":null,"banner":null,"communication_disabled_until":null,"deaf":false,"flags":0,"joined_at":"2025-01-01T00:00:00.000000+00:00","mute":false,"nick":null,"pending":false,"permissions":"2222085723512896","premium_since":null,"roles":[],"unusual_dm_activity_until":null,"user":{"avatar":null,"avatar_decoration_data":null,"clan":null,"discriminator":"0","global_name":"Reader","id":"1449000000000000006","public_flags":0,"username":"reader"}},"token":"aW50ZXJhY3Rpb246MTQ0OTAwMDAwMDAwMDAwMDAwNzpzZWNyZXQ","type":2,"version":1}`, id)
}

func (s *signer) requests(b *testing.B, url string, n int) []*http.Request {
	b.Helper()
	all := make([]*http.Request, n)
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	for i := range all {
		s.next++
		body := talks(s.next)
		r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, url, bytes.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-Signature-Timestamp", stamp)
		r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(s.key, append([]byte(stamp), body...))))
		all[i] = r
	}
	return all
}

// bare is the least that Discord's endpoint has to do: it verifies, and answers
// always the same.
func bare(key ed25519.PublicKey, answer []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody))
		signature, bad := hex.DecodeString(r.Header.Get("X-Signature-Ed25519"))
		if err != nil || bad != nil || !ed25519.Verify(key, append([]byte(r.Header.Get("X-Signature-Timestamp")), body...), signature) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer)
	}
}

// unheard counts nothing: what counting costs is a benchmark of package metrics.
type unheard struct{}

func (unheard) Interaction(string, string, string, time.Duration) {}
func (unheard) Request(string, string, int, time.Duration)        {}

// realCache is one on a real Redis, as several copies have.
func realCache(b *testing.B) *cache.Cache {
	b.Helper()
	c, err := cache.Open(testenv.Redis(b), slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := c.Close(); err != nil {
			b.Error(err)
		}
	})
	return c
}

// loadedDesk is a desk as sitrep has it, whose time goes on.
func loadedDesk(b *testing.B) commands.Desk {
	b.Helper()
	desk, _ := newDesk(b)
	first, begun := desk.Now(), time.Now()
	desk.Now = func() time.Time { return first.Add(time.Since(begun)) }
	desk.Answers = new(commands.Answers)
	return desk
}

// newLoaded is an endpoint as sitrep serves it, over a real Redis.
func newLoaded(b *testing.B, key string) *Endpoint {
	b.Helper()
	desk := loadedDesk(b)
	shelf := realCache(b)
	transport, err := NewTransport("http://127.0.0.1:1/api")
	if err != nil {
		b.Fatal(err)
	}
	discord, err := NewDiscord(botToken, transport)
	if err != nil {
		b.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	e, err := NewEndpoint(key, log)
	if err != nil {
		b.Fatal(err)
	}
	r := &Router{
		Discord: discord, Set: desk.All(), Book: desk.Book, Seen: shelf, Limits: Limits{Person: 1_000_000, Server: 1_000_000}, Log: log, Observer: unheard{},
		Settings: desk.Briefings.Settings,
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(b.Context()))
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- e.Run(ctx, r, func() { close(ready) }) }()
	<-ready
	b.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			b.Error(err)
		}
	})
	return e
}

// post sends requests, several at a time, and returns how long that took.
func post(b *testing.B, client *http.Client, all []*http.Request) time.Duration {
	b.Helper()
	const senders = 8
	work := make(chan *http.Request, len(all))
	for _, r := range all {
		work <- r
	}
	close(work)
	var sending sync.WaitGroup
	begun := time.Now()
	for range senders {
		sending.Go(func() {
			for r := range work {
				resp, err := client.Do(r)
				if err != nil {
					b.Error(err)
					return
				}
				_, err = io.Copy(io.Discard, resp.Body)
				_ = resp.Body.Close() // it was read
				if err != nil || resp.StatusCode != http.StatusOK {
					b.Errorf("got %d, %v", resp.StatusCode, err)
				}
			}
		})
	}
	sending.Wait()
	return time.Since(begun)
}

// BenchmarkSigned compares /talks over signed HTTP, from its signature to its
// card, with a handler that only verifies and answers a constant of that size:
// over loopback, where the client's work counts on both sides, and as handlers
// alone. A ratio of 1 is as fast.
func BenchmarkSigned(b *testing.B) {
	s := newSigner()
	e := newLoaded(b, s.public())
	w := httptest.NewRecorder()
	e.ServeHTTP(w, s.requests(b, "/", 1)[0])
	if w.Code != http.StatusOK {
		b.Fatalf("got %d %s", w.Code, w.Body)
	}
	least := bare(s.key.Public().(ed25519.PublicKey), w.Body.Bytes())
	b.Run("loopback", func(b *testing.B) {
		const batch = 400
		client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
		ours, theirs := httptest.NewServer(e), httptest.NewServer(least)
		defer ours.Close()
		defer theirs.Close()
		var took, least, spent, leastSpent time.Duration
		n := 0
		for b.Loop() {
			b.StopTimer()
			mine, other := s.requests(b, ours.URL, batch), s.requests(b, theirs.URL, batch)
			b.StartTimer()
			begun := processorTime(b)
			least += post(b, client, other)
			between := processorTime(b)
			took += post(b, client, mine)
			leastSpent, spent = leastSpent+between-begun, spent+processorTime(b)-between
			n += batch
		}
		b.ReportMetric(float64(n)/took.Seconds(), "answers/s")
		b.ReportMetric(float64(n)/least.Seconds(), "bare/s")
		b.ReportMetric(least.Seconds()/took.Seconds(), "ratio")
		b.ReportMetric(float64(spent.Microseconds())/float64(n), "cpu-µs")
		b.ReportMetric(float64(leastSpent.Microseconds())/float64(n), "bare-cpu-µs")
	})
	for name, h := range map[string]http.Handler{"handler/sitrep": e, "handler/bare": least} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var waiting []*http.Request
			for b.Loop() {
				if len(waiting) == 0 {
					b.StopTimer()
					waiting = s.requests(b, "/", 500)
					b.StartTimer()
				}
				h.ServeHTTP(httptest.NewRecorder(), waiting[0])
				waiting = waiting[1:]
			}
		})
	}
}
