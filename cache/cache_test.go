package cache

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"sitrep/briefings"
	"sitrep/testenv"
)

func TestEmbedded(t *testing.T) {
	t.Parallel()
	suite(t, Embedded)
}

func TestOne(t *testing.T) {
	t.Parallel()
	suite(t, testenv.Redis(t))
}

func TestOneOverTLS(t *testing.T) {
	t.Parallel()
	suite(t, testenv.RedisTLS(t))
}

func TestSentinels(t *testing.T) {
	t.Parallel()
	suite(t, testenv.StartRedisSentinel(t, new(testenv.NewCertificates(t))).URL())
}

func TestCluster(t *testing.T) {
	t.Parallel()
	suite(t, testenv.StartRedisCluster(t, new(testenv.NewCertificates(t))).URL())
}

// suite is what holds on a Redis of every kind. Each test finds it empty.
func suite(t *testing.T, url string) {
	for _, tt := range []struct {
		name string
		test func(t *testing.T, c *Cache)
	}{
		{"Quotas", testQuotas},
		{"KeepAndLoad", testKeepAndLoad},
		{"KeepRefusesTooMuch", testKeepRefusesTooMuch},
		{"Damaged", testDamaged},
		{"Once", testOnce},
		{"OnceRepeated", testOnceRepeated},
		{"Changes", testChanges},
		{"Episode", testEpisode},
		{"EpisodeRepeated", testEpisodeRepeated},
		{"Reserve", testReserve},
		{"Pause", testPause},
		{"Start", testStart},
		{"StartsOfManyCopies", testStartsOfManyCopies},
		{"StartRefusesNonsense", testStartRefusesNonsense},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := open(t, url, slog.New(slog.DiscardHandler))
			if err := c.onEachNode(t.Context(), func(ctx context.Context, node *redis.Client) error { return node.FlushAll(ctx).Err() }); err != nil {
				t.Fatal(err)
			}
			tt.test(t, c)
		})
	}
}

func open(tb testing.TB, url string, log *slog.Logger) *Cache {
	tb.Helper()
	c, err := Open(url, log)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := c.Close(); err != nil {
			tb.Error(err)
		}
	})
	return c
}

func testKeepAndLoad(t *testing.T, c *Cache) {
	if got, err := c.Load(t.Context(), "1"); got != nil || err != nil {
		t.Errorf("before anything is kept: got %q, %v, want nil", got, err)
	}
	for _, tt := range []struct {
		name string
		rev  int
		keep string
		want string
	}{
		{"the first", 9, "nine", "nine"},
		{"a newer one", 10, "ten \x00\xff", "ten \x00\xff"},
		{"an older one", 9, "nine", "ten \x00\xff"},
		{"the same rev", 10, "ten, compiled anew", "ten, compiled anew"},
		{"an empty one", 11, "", ""},
		{"a big one", 12, strings.Repeat("x", 1<<20), strings.Repeat("x", 1<<20)},
	} {
		if err := c.Keep(t.Context(), "1", tt.rev, []byte(tt.keep)); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		got, err := c.Load(t.Context(), "1")
		if err != nil || string(got) != tt.want || got == nil {
			t.Errorf("%s: got %.40q, %v, want %.40q", tt.name, got, err, tt.want)
		}
	}
	if got, err := c.Load(t.Context(), "2"); got != nil || err != nil {
		t.Errorf("another desk: got %q, %v, want nil", got, err)
	}
	if ttl := c.client.TTL(t.Context(), key("1")).Val(); ttl < keptFor-time.Minute || ttl > keptFor {
		t.Errorf("it expires in %s, want %s", ttl, keptFor)
	}
}

func testKeepRefusesTooMuch(t *testing.T, c *Cache) {
	err := c.Keep(t.Context(), "1", 1, make([]byte, mostCompiled+1))
	if !errors.Is(err, errTooBig) || errors.Is(err, briefings.ErrUnavailable) {
		t.Errorf("got %v, want that it is too big", err)
	}
}

// testDamaged puts into Redis what others could have put there.
func testDamaged(t *testing.T, c *Cache) {
	good, err := pack(3, []byte("good"))
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(good)
	flipped[len(flipped)-6] ^= 1 // in the checksum
	for name, value := range map[string]string{
		"no head":          "rubbish",
		"a head alone":     "3\n",
		"no number":        "three\n" + string(good[2:]),
		"a negative one":   "-3\n" + string(good[2:]),
		"cut off":          string(good[:len(good)-1]),
		"a flipped bit":    string(flipped),
		"too long":         strings.Repeat("9", mostPacked+1),
		"unpacks too much": string(bomb(t)),
	} {
		if err := c.client.Set(t.Context(), key("1"), value, 0).Err(); err != nil {
			t.Fatal(err)
		}
		damaged(t, c, name)
	}
	if err := c.client.LPush(t.Context(), key("1"), "x").Err(); err != nil {
		t.Fatal(err)
	}
	damaged(t, c, "a list")
	for _, obstacle := range []string{"rubbish", "", "0x10\n"} {
		if err := c.client.Set(t.Context(), key("1"), obstacle, 0).Err(); err != nil {
			t.Fatal(err)
		}
		replaces(t, c, fmt.Sprintf("%q", obstacle))
	}
	if err := c.client.Del(t.Context(), key("1")).Err(); err != nil {
		t.Fatal(err)
	}
	if err := c.client.LPush(t.Context(), key("1"), "x").Err(); err != nil {
		t.Fatal(err)
	}
	replaces(t, c, "a list")
}

func damaged(t *testing.T, c *Cache, name string) {
	t.Helper()
	got, err := c.Load(t.Context(), "1")
	// A slow machine needs more than one try for the biggest.
	for tries := 0; tries < 100 && errors.Is(err, briefings.ErrUnavailable); tries++ {
		time.Sleep(probeEvery)
		got, err = c.Load(t.Context(), "1")
	}
	if got != nil || !errors.Is(err, errDamaged) || errors.Is(err, briefings.ErrUnavailable) {
		t.Errorf("%s: got %.20q, %v, want that it is damaged", name, got, err)
	}
	if got, err := c.Load(t.Context(), "1"); got != nil || err != nil {
		t.Errorf("%s, again: got %.20q, %v, want it gone", name, got, err)
	}
}

func replaces(t *testing.T, c *Cache, name string) {
	t.Helper()
	if err := c.Keep(t.Context(), "1", 0, []byte("good")); err != nil {
		t.Errorf("Keep over %s: %v", name, err)
	}
	if got, err := c.Load(t.Context(), "1"); string(got) != "good" || err != nil {
		t.Errorf("Keep over %s: got %q, %v, want it replaced", name, got, err)
	}
}

// bomb is small and unpacks to more than anybody may keep.
func bomb(t *testing.T) []byte {
	t.Helper()
	b := bytes.NewBufferString("1\n")
	w := gzip.NewWriter(b)
	zeros := make([]byte, 1<<20)
	for range mostCompiled/len(zeros) + 1 {
		if _, err := w.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func testOnce(t *testing.T, c *Cache) {
	firsts := make([]bool, 20)
	var all sync.WaitGroup
	for i := range firsts {
		all.Go(func() {
			first, _, err := c.Admit(t.Context(), "tag", "interaction", time.Minute, nil)
			if err != nil {
				t.Error(err)
			}
			firsts[i] = first
		})
	}
	all.Wait()
	n := 0
	for _, first := range firsts {
		if first {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d of %d calls were first, want 1", n, len(firsts))
	}
	if first, _, err := c.Admit(t.Context(), "tag", "another", time.Minute, nil); !first || err != nil {
		t.Errorf("another key: got %t, %v, want first", first, err)
	}
	for _, tt := range []struct {
		key string
		ttl time.Duration
	}{{"", time.Minute}, {strings.Repeat("k", mostKey+1), time.Minute}, {"k", 0}} {
		if first, _, err := c.Admit(t.Context(), "tag", tt.key, tt.ttl, nil); first || err == nil || errors.Is(err, briefings.ErrUnavailable) {
			t.Errorf("key of %d bytes for %s: got %t, %v, want an error", len(tt.key), tt.ttl, first, err)
		}
	}
}

// TestOnceRepeated does what the library does where an answer got lost.
func testOnceRepeated(t *testing.T, c *Cache) {
	for _, tt := range []struct {
		token string
		want  bool
	}{{"mine", true}, {"mine", true}, {"yours", false}} {
		got, _, err := c.mark(t.Context(), "tag", "k", tt.token, time.Minute, nil)
		if err != nil || got != tt.want {
			t.Errorf("%s: got %t, %v, want %t", tt.token, got, err, tt.want)
		}
	}
}

func TestEmbeddedForgets(t *testing.T) {
	t.Parallel()
	c := open(t, Embedded, slog.New(slog.DiscardHandler))
	for _, want := range []bool{true, false} {
		if first, _, err := c.Admit(t.Context(), "tag", "k", 20*tick, nil); first != want || err != nil {
			t.Errorf("got %t, %v, want %t", first, err, want)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for c.embedded.server.Exists(onceKey("tag", "k")) {
		select {
		case <-ctx.Done():
			t.Fatal("the key never expired")
		case <-time.After(tick):
		}
	}
}

func TestEmbeddedIsPrivate(t *testing.T) {
	t.Parallel()
	c := open(t, Embedded, slog.New(slog.DiscardHandler))
	addr := c.embedded.server.Addr()
	if !strings.HasPrefix(addr, "127.0.0.1:") {
		t.Errorf("listens on %s, want the loopback interface", addr)
	}
	stranger := open(t, "redis://"+addr, slog.New(slog.DiscardHandler))
	if _, err := stranger.Load(t.Context(), "1"); !errors.Is(err, briefings.ErrUnavailable) {
		t.Errorf("without the password: got %v, want it refused", err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if err := c.embedded.close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
	if err := c.Keep(t.Context(), "1", 1, nil); err == nil {
		t.Error("Keep after Close: got no error")
	}
}

func BenchmarkKeepAndLoad(b *testing.B) {
	c := open(b, Embedded, slog.New(slog.DiscardHandler))
	compiled := bytes.Repeat([]byte(`{"id":"figure/recovery-size","refs":["F10"],"text":"about 800 bn"}`), 2000)
	b.SetBytes(int64(len(compiled)))
	rev := 0
	for b.Loop() {
		rev++
		if err := c.Keep(b.Context(), "1", rev, compiled); err != nil {
			b.Fatal(err)
		}
		if _, err := c.Load(b.Context(), "1"); err != nil {
			b.Fatal(err)
		}
	}
}
