package testenv

import (
	"strings"
	"testing"
)

func TestRedisCluster(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]*Certificates{"plain": nil, "TLS": new(NewCertificates(t))} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := StartRedisCluster(t, files)
			if strings.Count(c.URL(), ",") != 2 {
				t.Errorf("got %s, want three nodes", c.URL())
			}
			c.AddReplica()
			c.KillFirst()
			replica := c.nodes[setNodes]
			replica.until("INFO replication", "role:master")
			replica.until("CLUSTER INFO", "cluster_state:ok")
		})
	}
}

func TestRedisSentinel(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]*Certificates{"plain": nil, "TLS": new(NewCertificates(t))} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := StartRedisSentinel(t, files)
			first := s.primary()
			s.Failover()
			second := s.primary()
			if second == first {
				t.Error("after a failover the primary is the same")
			}
			second.must("SET k v")
			first.until("GET k", "v")
			s.KillPrimary()
			first.until("INFO replication", "role:master")
			if got := first.must("GET k"); got != "v" {
				t.Errorf("the new primary holds %q, want what was replicated", got)
			}
		})
	}
}
