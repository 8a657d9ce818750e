package testenv

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
)

// setNodes is of how many nodes a cluster is, and of how many Sentinels a set.
const setNodes = 3

// A RedisCluster is three nodes without replicas. Like those of [RedisServer],
// its methods fail the test themselves.
type RedisCluster struct {
	password string
	files    *Certificates
	nodes    []*RedisServer
}

// StartRedisCluster starts a cluster of the test's own, empty, over TLS where
// files are given; it is stopped when the test ends.
func StartRedisCluster(tb testing.TB, files *Certificates) *RedisCluster {
	tb.Helper()
	c := &RedisCluster{password: rand.Text(), files: files}
	for i := range setNodes {
		n := c.join(tb)
		n.must(fmt.Sprintf("CLUSTER ADDSLOTSRANGE %d %d", i*slots/setNodes, (i+1)*slots/setNodes-1))
	}
	for _, n := range c.nodes {
		n.until("CLUSTER INFO", "cluster_state:ok", "cluster_slots_ok:16384", "cluster_known_nodes:"+strconv.Itoa(setNodes))
	}
	return c
}

// slots are what the keys of a cluster are spread over.
const slots = 16384

// join starts a node and has the others know it.
func (c *RedisCluster) join(tb testing.TB) *RedisServer {
	tb.Helper()
	n := newRedis(tb, c.password)
	n.tls = c.files
	bus := 0
	n.options = func() []string {
		bus, _ = freePort() // none is 0, which is refused at start
		return []string{"--cluster-enabled", "yes", "--cluster-port", strconv.Itoa(bus), "--masterauth", c.password}
	}
	n.up()
	// Nodes whose epochs are equal would have to settle that first.
	n.must(fmt.Sprintf("CLUSTER SET-CONFIG-EPOCH %d", len(c.nodes)+1))
	if len(c.nodes) > 0 {
		c.nodes[0].must(fmt.Sprintf("CLUSTER MEET 127.0.0.1 %d %d", n.port, bus))
	}
	c.nodes = append(c.nodes, n)
	return n
}

// URL is redis+cluster:// or, over TLS, rediss+cluster://.
func (c *RedisCluster) URL() string {
	return redisURL("redis+cluster", c.password, "", c.files, c.nodes[:setNodes]...)
}

// KillFirst kills the first of the nodes, as kill -9 does, and returns its address.
func (c *RedisCluster) KillFirst() (addr string) {
	c.nodes[0].tb.Helper()
	c.nodes[0].Stop()
	return c.nodes[0].addr()
}

// AddReplica adds a replica of the first node, which takes over where that is
// gone for a second and a half.
func (c *RedisCluster) AddReplica() {
	first := c.nodes[0]
	first.tb.Helper()
	replica := c.join(first.tb)
	id := first.must("CLUSTER MYID")
	replica.until("CLUSTER NODES", id)
	replica.must("CLUSTER REPLICATE " + id)
	for _, n := range c.nodes {
		n.must("CONFIG SET cluster-node-timeout 1500")
	}
	first.until("INFO replication", "state=online")
	for _, n := range c.nodes[1:setNodes] {
		n.until("CLUSTER NODES", " slave "+id)
	}
}

// A RedisSentinel is a primary, a replica and three Sentinels that make the
// replica the primary where that is gone for a second. Like those of
// [RedisServer], its methods fail the test themselves.
type RedisSentinel struct {
	password  string
	files     *Certificates
	servers   []*RedisServer
	sentinels []*RedisServer
}

// StartRedisSentinel starts a set of the test's own, over TLS where files are
// given; it is stopped when the test ends.
func StartRedisSentinel(tb testing.TB, files *Certificates) *RedisSentinel {
	tb.Helper()
	s := &RedisSentinel{password: rand.Text(), files: files}
	for i := range 2 {
		server := newRedis(tb, s.password)
		server.tls = files
		server.options = func() []string {
			more := []string{"--masterauth", s.password, "--repl-diskless-sync-delay", "0"}
			if i > 0 {
				more = append(more, "--replicaof", "127.0.0.1 "+strconv.Itoa(s.servers[0].port))
			}
			return more
		}
		server.up()
		s.servers = append(s.servers, server)
	}
	// What the first Sentinel reads of the primary is then all there is to know.
	s.servers[1].until("INFO replication", "master_link_status:up")
	for range setNodes {
		sentinel := newRedis(tb, s.password)
		sentinel.tls = files
		sentinel.conf = s.conf
		sentinel.up()
		s.sentinels = append(s.sentinels, sentinel)
	}
	for _, sentinel := range s.sentinels {
		sentinel.until("SENTINEL MASTER "+primaryName, "num-slaves 1", "num-other-sentinels 2", "flags master ")
	}
	return s
}

const primaryName = "mymaster"

func (s *RedisSentinel) conf() string {
	return fmt.Sprintf(`sentinel monitor %[1]s 127.0.0.1 %[2]d 2
sentinel auth-pass %[1]s %[3]s
sentinel sentinel-pass %[3]s
sentinel down-after-milliseconds %[1]s 1000
sentinel failover-timeout %[1]s 5000
`, primaryName, s.servers[0].port, s.password)
}

// URL is redis+sentinel:// or, over TLS, rediss+sentinel://.
func (s *RedisSentinel) URL() string {
	url := redisURL("redis+sentinel", s.password, "/"+primaryName+"/0", s.files, s.sentinels...)
	and := "?"
	if s.files != nil {
		and = "&"
	}
	return url + and + "sentinel_password=" + s.password
}

// KillPrimary kills whichever server is the primary, as kill -9 does, and returns
// without waiting for another.
func (s *RedisSentinel) KillPrimary() {
	s.sentinels[0].tb.Helper()
	s.primary().Stop()
}

// Failover has the Sentinels make the other server the primary, and the one that
// is now its replica, and waits until both are.
func (s *RedisSentinel) Failover() {
	s.sentinels[0].tb.Helper()
	before := s.primary()
	s.sentinels[0].must("SENTINEL FAILOVER " + primaryName)
	before.until("INFO replication", "role:slave", "master_link_status:up")
}

func (s *RedisSentinel) primary() *RedisServer {
	s.sentinels[0].tb.Helper()
	for _, server := range s.servers {
		if strings.HasSuffix(s.sentinels[0].must("SENTINEL GET-MASTER-ADDR-BY-NAME "+primaryName), " "+strconv.Itoa(server.port)) {
			return server
		}
	}
	s.sentinels[0].tb.Fatal("testenv: the Sentinels know another primary than ours")
	return nil
}

// must is ask for what can't fail.
func (s *RedisServer) must(command string) string {
	s.tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), readyWithin)
	defer cancel()
	got, err := s.ask(ctx, command)
	if err != nil {
		s.tb.Fatal(err)
	}
	return got
}

// until asks again and again until the answer holds all words.
func (s *RedisServer) until(command string, words ...string) {
	s.tb.Helper()
	got, lacking := "", errors.New("testenv: not yet")
	err := s.process.ready(func(ctx context.Context) (err error) {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		if got, err = s.ask(ctx, command); err != nil {
			return err
		}
		for _, w := range words {
			if !strings.Contains(got+" ", w) {
				return lacking
			}
		}
		return nil
	})
	if err != nil {
		s.tb.Fatalf("%v; to %s it last said: %s", err, command, got)
	}
}
