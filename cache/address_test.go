package cache

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"sitrep/briefings"
	"sitrep/testenv"
)

func TestAddresses(t *testing.T) {
	t.Parallel()
	files := testenv.NewCertificates(t)
	for _, tt := range []struct {
		url    string
		addrs  []string
		user   string
		secret string
		db     int
		name   string // that Sentinels know
		many   bool   // a Cluster
		tls    bool
	}{
		{"redis://r", []string{"r:6379"}, "", "", 0, "", false, false},
		{"redis://u:p@r:1/3", []string{"r:1"}, "u", "p", 3, "", false, false},
		{"rediss://:p%40%2F@[::1]:2", []string{"[::1]:2"}, "", "p@/", 0, "", false, true},
		{"redis+sentinel://u:a,b@s,[::1],t:7/mymaster", []string{"s:26379", "[::1]:26379", "t:7"}, "u", "a,b", 0, "mymaster", false, false},
		{"rediss+sentinel://s/my%20one/4", []string{"s:26379"}, "", "", 4, "my one", false, true},
		{"redis+cluster://:p@a,b:1,[2001:db8::1]:3", []string{"a:6379", "b:1", "[2001:db8::1]:3"}, "", "p", 0, "", true, false},
		{"rediss+cluster://one/0?sslrootcert=" + files.CA, []string{"one:6379"}, "", "", 0, "", true, true},
	} {
		o, err := parse(tt.url)
		if err != nil {
			t.Errorf("%s: %v", tt.url, err)
			continue
		}
		if !slices.Equal(o.Addrs, tt.addrs) || o.Username != tt.user || o.Password != tt.secret || o.DB != tt.db || o.MasterName != tt.name || o.IsClusterMode != tt.many || (o.TLSConfig != nil) != tt.tls {
			t.Errorf("%s: got %q, %q, %q, %d, %q, a Cluster %t, TLS %t", tt.url, o.Addrs, o.Username, o.Password, o.DB, o.MasterName, o.IsClusterMode, o.TLSConfig != nil)
		}
	}
	o, err := parse("redis+sentinel://u:p@s/m?sentinel_username=w&sentinel_password=q%26")
	if err != nil || o.SentinelUsername != "w" || o.SentinelPassword != "q&" || o.Password != "p" {
		t.Errorf("got %q, %q, %v, want the Sentinels' own password", o.SentinelUsername, o.SentinelPassword, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	files := testenv.NewCertificates(t)
	text := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(text, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ url, says string }{
		{"", "write redis://"},
		{"embed", "write redis://"},
		{"localhost:6379", "write redis://"},
		{"http://localhost", "of no kind"},
		{"unix:///tmp/redis.sock", "of no kind"},
		{"redis+ring://:hunter2@a,b", "of no kind"},
		{"redis://", "names a host"},
		{"redis://:hunter2@host:port", "can't be read; write redis://"},
		{"redis://:hunter2@host/none", "number of a database"},
		{"redis://:hunter2@host/1/2", "number of a database"},
		{"redis://host/-1", "number of a database"},
		{"redis://:hun ter2@%zz", "can't be read; write redis://"},
		{"redis://:hunter2#@host", "write redis://"},
		{"redis://:1/hunter2@host", "write redis://"},
		{"redis://host#hunter2", "write redis://"},
		{"redis://:hunter2@a,b", "several servers"},
		{"redis+sentinel://:hunter2@a,b", "lacks the name"},
		{"redis+sentinel://a,,b/m", "names a host"},
		{"redis+sentinel://a,b:x/m", "names a host"},
		{"redis+sentinel://a/m/hunter2", "number of a database"},
		{"redis+cluster://:hunter2@a,b/1", "a Cluster has but one"},
		{"redis://host?hunter2=1", "it takes sslrootcert, sslcert, sslkey"},
		{"redis+cluster://host?sentinel_password=hunter2", "it takes sslrootcert, sslcert, sslkey"},
		{"redis+sentinel://host/m?hunter2", "sentinel_password"},
		{"redis://host?%zz=hunter2", "%-escapes"},
		{"redis://host?sslrootcert=" + files.CA, "begin it with rediss"},
		{"rediss://host?sslrootcert=" + text, "no certificate in PEM"},
		{"rediss://host?sslrootcert=" + text + "x", "no such file"},
		{"rediss://host?sslcert=" + files.Cert, "needs both"},
		{"rediss://host?sslcert=" + files.Cert + "&sslkey=" + text, "can't be used"},
	} {
		c, err := Open(tt.url, slog.New(slog.DiscardHandler))
		if err == nil {
			t.Errorf("%q: got no error", tt.url)
			_ = c.Close()
			continue
		}
		if strings.Contains(err.Error(), "hun") || !strings.Contains(err.Error(), tt.says) || !strings.HasPrefix(err.Error(), "cache: the Redis URL ") {
			t.Errorf("%q: got %v, want %q and no password", tt.url, err, tt.says)
		}
		if checked := Check(tt.url); checked == nil || checked.Error() != err.Error() {
			t.Errorf("%q: Check says %v", tt.url, checked)
		}
	}
	if err := Check(Embedded); err != nil {
		t.Error(err)
	}
}

// TestRefusedOverTLS has each side turn the other away, and says what to do.
func TestRefusedOverTLS(t *testing.T) {
	t.Parallel()
	good, stranger := testenv.RedisTLS(t), testenv.NewCertificates(t)
	for _, tt := range []struct {
		name, says string
		change     func(u *url.URL, q url.Values)
	}{
		{"an authority that it doesn't know", "let sslrootcert in the Redis URL name", func(_ *url.URL, q url.Values) { q.Set("sslrootcert", stranger.CA) }},
		{"a host that the certificate isn't for", "a host that it is for", func(u *url.URL, _ url.Values) { u.Host = "localhost:" + u.Port() }},
		{"no certificate", "let sslcert and sslkey in the Redis URL name", func(_ *url.URL, q url.Values) { q.Del("sslcert"); q.Del("sslkey") }},
		{"a certificate by a stranger", "let sslcert and sslkey in the Redis URL name", func(_ *url.URL, q url.Values) {
			q.Set("sslcert", stranger.Cert)
			q.Set("sslkey", stranger.Key)
		}},
		{"another password", "Redis refused the user or the password", func(u *url.URL, _ url.Values) { u.User = url.UserPassword("", "hunter2") }},
	} {
		u, err := url.Parse(good)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		tt.change(u, q)
		u.RawQuery = q.Encode()
		c := open(t, u.String(), slog.New(slog.DiscardHandler))
		err = c.Ping(t.Context())
		// Over TLS 1.3 a server refuses once it was written to, and its reason may be
		// lost as the connection ends.
		for tries := 0; tries < 100 && errors.Is(err, syscall.ECONNRESET); tries++ {
			err = c.Ping(t.Context())
		}
		if !errors.Is(err, briefings.ErrUnavailable) || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: got %v, want unavailable and %q", tt.name, err, tt.says)
		}
	}
}

// TestRights has a user with no more rights than docs/operating.md says.
func TestRights(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{"one": testenv.Redis(t), "a Cluster": testenv.StartRedisCluster(t, nil).URL()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			admin := open(t, raw, slog.New(slog.DiscardHandler))
			err := admin.onEachNode(t.Context(), func(ctx context.Context, node *redis.Client) error {
				return node.Do(ctx, "ACL", "SETUSER", "sitrep", "on", ">secret", "~sitrep:*", "&sitrep:*", "+@all", "-@dangerous").Err()
			})
			u, bad := url.Parse(raw)
			if err := errors.Join(err, bad); err != nil {
				t.Fatal(err)
			}
			u.User = url.UserPassword("sitrep", "secret")
			c := open(t, u.String(), slog.New(slog.DiscardHandler))
			hears(t, listening(t, c), subscribed)
			_, loading := c.Load(t.Context(), "1")
			_, _, admitting := c.Admit(t.Context(), "tag", "key", time.Minute, map[string]int{"quota": 1})
			_, _, reserving := c.Reserve(t.Context(), "queue", "caller", time.Second)
			_, _, noting := c.Episode(t.Context(), "name", "copy", true)
			err = errors.Join(c.Ping(t.Context()), c.Keep(t.Context(), "1", 1, nil), c.Tell(t.Context(), "1"), c.Drop(t.Context(), "1"), loading, admitting, reserving, noting)
			if err != nil {
				t.Error(err)
			}
			if err := c.client.Set(t.Context(), "other", "", 0).Err(); !redis.IsPermissionError(err) {
				t.Errorf("somebody else's key: got %v, want it refused", err)
			}
		})
	}
}
