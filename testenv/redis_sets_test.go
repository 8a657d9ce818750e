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
			if url := RedisCluster(t, files); !strings.HasPrefix(url, "redis") || strings.Count(url, ",") != 2 {
				t.Errorf("got %s, want three nodes", url)
			}
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
