package cache

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"sitrep/briefings"
	"sitrep/testenv"
)

// A failover takes the primary away in the middle of everything: each call is
// answered as it should be or says that nobody can tell, and after it all goes on
// by itself, the news as well.
func TestFailover(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		start func(t *testing.T) (url string, fail func())
	}{
		{"Sentinels, the primary killed", func(t *testing.T) (string, func()) {
			s := testenv.StartRedisSentinel(t, nil)
			return s.URL(), s.KillPrimary
		}},
		{"Sentinels, the primary made a replica", func(t *testing.T) (string, func()) {
			s := testenv.StartRedisSentinel(t, new(testenv.NewCertificates(t)))
			return s.URL(), s.Failover
		}},
		{"a Cluster, a node killed that has a replica", func(t *testing.T) (string, func()) {
			s := testenv.StartRedisCluster(t, nil)
			s.AddReplica()
			return s.URL(), func() { s.KillFirst() }
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			url, fail := tt.start(t)
			log := new(lines)
			one, two := open(t, url, slog.New(slog.NewTextHandler(log, nil))), open(t, url, slog.New(slog.DiscardHandler))
			heard := listening(t, two)
			hears(t, heard, subscribed)
			worked := make(chan error)
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			go func() { worked <- load(ctx, one, two) }()
			fail()
			recovered(t, one, two, heard)
			stop()
			if err := <-worked; err != nil {
				t.Error(err)
			}
			if away, back := log.count("redis is away"), log.count("redis is back"); back > away {
				t.Errorf("%d times away, %d times back:\n%s", away, back, log)
			}
		})
	}
}

// load calls every method again and again until ctx ends, and says what was
// answered wrongly.
func load(ctx context.Context, one, two *Cache) error {
	for n := 1; ctx.Err() == nil; n++ {
		desk, key := briefings.DeskID(strconv.Itoa(n%50)), strconv.Itoa(n)
		kept := fmt.Sprintf("rev %d", n)
		errs := []error{one.Keep(ctx, desk, n, []byte(kept)), two.Tell(ctx, desk)}
		got, err := two.Load(ctx, desk)
		var rev int
		if err == nil && got != nil {
			if _, bad := fmt.Sscanf(string(got), "rev %d", &rev); bad != nil || rev > n || rev%50 != n%50 {
				return fmt.Errorf("loaded %q of desk %s in round %d", got, desk, n)
			}
		}
		errs = append(errs, err)
		first, wait, err := one.Admit(ctx, string(desk), key, time.Minute, map[string]int{"person:1": 1000})
		errs = append(errs, err)
		if err == nil && (!first || wait != 0) {
			return fmt.Errorf("a key that is new: first %t, wait %s", first, wait)
		}
		_, _, err = two.Reserve(ctx, "queue", "two", time.Millisecond)
		errs = append(errs, err)
		_, _, err = one.Episode(ctx, "episode", "one", true)
		for _, err := range append(errs, err) {
			if err != nil && ctx.Err() == nil && !errors.Is(err, briefings.ErrUnavailable) {
				return fmt.Errorf("round %d: %w, want unavailable", n, err)
			}
		}
	}
	return nil
}

// recovered waits until either cache works with the keys of every node, and the
// news come through.
func recovered(t *testing.T, one, two *Cache, heard <-chan string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for n := 0; n < 100; {
		_, _, err := one.Admit(ctx, strconv.Itoa(n), "recovered", time.Minute, nil)
		if err == nil {
			_, err = two.Load(ctx, briefings.DeskID(strconv.Itoa(n)))
		}
		if err == nil {
			n++
			continue
		}
		select {
		case <-ctx.Done():
			t.Fatalf("a minute later: %v", err)
		case <-time.After(100 * time.Millisecond):
		}
	}
	for n := 1_000_000; ; n++ {
		if err := one.Keep(ctx, "news", n, nil); err != nil && !errors.Is(err, briefings.ErrUnavailable) {
			t.Fatal(err)
		}
		pause := time.After(time.Second)
		for waiting := true; waiting; {
			select {
			case got := <-heard:
				if got == fmt.Sprintf("news %d", n) {
					return
				}
			case <-pause:
				waiting = false
			case <-ctx.Done():
				t.Fatal("a minute later the news don't come through")
			}
		}
	}
}

// TestNodeAway takes one node of a Cluster: its keys fail fast, those of the
// others never do.
func TestNodeAway(t *testing.T) {
	t.Parallel()
	server := testenv.StartRedisCluster(t, nil)
	log := new(lines)
	c := open(t, server.URL(), slog.New(slog.NewTextHandler(log, nil)))
	nodes, ok := c.client.(*redis.ClusterClient)
	if !ok {
		t.Fatalf("got a %T", c.client)
	}
	// Without this all would stop after a while, too.
	err := c.onEachNode(t.Context(), func(ctx context.Context, node *redis.Client) error {
		return node.ConfigSet(ctx, "cluster-require-full-coverage", "no").Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	gone := server.KillFirst()
	lost := 0
	for n := range 300 {
		desk := briefings.DeskID(strconv.Itoa(n))
		node, err := nodes.MasterForKey(t.Context(), key(desk))
		if err != nil {
			t.Fatal(err)
		}
		err = c.Keep(t.Context(), desk, 1, nil)
		switch there := node.Options().Addr != gone; {
		case there && err != nil:
			t.Errorf("desk %s on a node that is there: %v", desk, err)
		case !there && !errors.Is(err, briefings.ErrUnavailable):
			t.Errorf("desk %s on the node that is gone: %v, want unavailable", desk, err)
		case !there:
			lost++
		}
	}
	if lost == 0 {
		t.Error("no key was on the node that is gone")
	}
	if err := c.Ping(t.Context()); !errors.Is(err, briefings.ErrUnavailable) {
		t.Errorf("Ping: got %v, want unavailable", err)
	}
	if away, back := log.count("redis is away"), log.count("redis is back"); away != 1 || back != 0 || log.count(gone) == 0 {
		t.Errorf("%d times away, %d times back, want once for %s:\n%s", away, back, gone, log)
	}
}
