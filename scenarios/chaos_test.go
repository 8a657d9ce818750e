package scenarios

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"sitrep/digests"
	"sitrep/testenv"
)

//nolint:gochecknoglobals // flags, which nothing changes once they are read
var (
	chaosSlots = flag.Int("chaos.slots", 500, "how many digests fall due in the tests of chaos, over all")
	chaosSeed  = flag.Uint64("chaos.seed", 0, "what the plans of the tests of chaos are made from; 0 for another one each time")
)

// How many channels a cluster has; one digest of each falls due in a round.
const (
	fewestChannels = 25
	mostChannels   = 250
)

// clusters share the slots.
const clusters = 4

// shape is how many rounds, of a digest each hour to so many channels, make at
// least a cluster's share of slots.
func shape(slots int) (rounds int, hourly []digests.Subscription) {
	share := max((slots+clusters-1)/clusters, fewestChannels)
	rounds = (share + mostChannels - 1) / mostChannels
	hour := digests.Subscription{Kind: digests.CronKind, Cron: "0 * * * *", Zone: "UTC", NextDue: madeAt().Add(time.Hour)}
	return rounds, slices.Repeat([]digests.Subscription{hour}, (share+rounds-1)/rounds)
}

// A digest is posted once whatever dies, wherever: here a copy on SQLite.
func TestChaosOnSQLite(t *testing.T) {
	t.Parallel()
	seed := seedOf(t)
	rounds, hourly := shape(*chaosSlots)
	c := newCluster(t, seed, "SQLite", "", hourly...)
	c.launch(t, 1)
	runChaos(t, seed, rounds, nil, c)
}

// The same with one, two and three copies on Postgres and a Redis that comes and goes.
func TestChaosOnServers(t *testing.T) {
	t.Parallel()
	seed := seedOf(t)
	rounds, hourly := shape(*chaosSlots)
	var all []*cluster
	var servers []*testenv.RedisServer
	for copies := 1; copies < clusters; copies++ {
		database, redis := testenv.Postgres(t), testenv.StartRedis(t)
		c := newCluster(t, seed+uint64(copies), fmt.Sprintf("Postgres for %d", copies), database, hourly...)
		c.launch(t, copies, "SITREP_DATABASE_URL="+database, "SITREP_REDIS_URL="+redis.URL())
		all, servers = append(all, c), append(servers, redis)
	}
	runChaos(t, seed, rounds, servers, all...)
}

func seedOf(t *testing.T) uint64 {
	seed := *chaosSeed
	if seed == 0 {
		seed = rand.Uint64N(1 << 32)
	}
	t.Logf("the same plan again: go test ./scenarios -run '^%s$' -chaos.slots %d -chaos.seed %d", t.Name(), *chaosSlots, seed)
	return seed
}

// runChaos has all clusters go through their rounds side by side, meanwhile stops
// and starts the servers, and judges what is left.
func runChaos(t *testing.T, seed uint64, rounds int, servers []*testenv.RedisServer, all ...*cluster) {
	t.Helper()
	begun := time.Now()
	var going errgroup.Group
	for _, c := range all {
		going.Go(func() error {
			for n := 1; n <= rounds; n++ {
				begun := time.Now()
				if err := c.round(n); err != nil {
					return fmt.Errorf("%s, round %d: %w", c.name, n, err)
				}
				t.Logf("%s: round %d of %d took %v", c.name, n, rounds, time.Since(begun).Round(time.Second))
			}
			return nil
		})
	}
	over := make(chan error, 1)
	go func() { over <- going.Wait() }()
	outages, err := comeAndGo(seed, servers, over)
	if err != nil {
		t.Error(err)
	}
	for _, c := range all {
		v, err := c.verdict()
		if err != nil {
			t.Error(err)
		}
		for _, fault := range v.faults() {
			t.Errorf("%s: %s%s", c.name, fault, c.logged(fault))
		}
		t.Log(c.summary(v))
	}
	t.Logf("%d outages of Redis, %v over all", outages, time.Since(begun).Round(time.Second))
}

// comeAndGo stops and starts servers until all is over.
func comeAndGo(seed uint64, servers []*testenv.RedisServer, over <-chan error) (outages int, err error) {
	chance := rand.New(rand.NewPCG(seed, 0))
	for {
		select {
		case err := <-over:
			return outages, err
		case <-time.After(time.Duration(2+chance.IntN(5)) * time.Second):
		}
		if len(servers) == 0 {
			continue
		}
		server := servers[chance.IntN(len(servers))]
		server.Stop()
		outages++
		select {
		case err := <-over:
			return outages, err
		case <-time.After(time.Duration(1+chance.IntN(5)) * time.Second):
			server.Start()
		}
	}
}

var deliveryInWords = regexp.MustCompile(`\b[a-z2-7]{20}\b`)

// logged is what copies logged of the slots that a fault names.
func (c *cluster) logged(fault string) (lines string) {
	for _, d := range c.copies {
		for line := range strings.Lines(d.log.all()) {
			for _, id := range deliveryInWords.FindAllString(fault, -1) {
				if strings.Contains(line, id) {
					lines += "\n  " + d.name + ": " + strings.TrimSpace(line)
				}
			}
		}
	}
	return lines
}

func (c *cluster) summary(v verdict) string {
	lines := []string{fmt.Sprintf("%s: %d slots, %d duplicates, %d lost, %d other faults", c.name, c.slotted, len(v.duplicates), len(v.lost), len(v.other))}
	for what, counts := range map[string]map[string]int{"kills and freezes": c.kills, "troubles": c.struck} {
		sum, parts := 0, []string(nil)
		for _, name := range slices.Sorted(maps.Keys(counts)) {
			sum += counts[name]
			parts = append(parts, fmt.Sprintf("%d %s", counts[name], name))
		}
		lines = append(lines, fmt.Sprintf("  %d %s: %s", sum, what, strings.Join(parts, "; ")))
	}
	slices.Sort(lines[1:])
	return strings.Join(lines, "\n")
}
