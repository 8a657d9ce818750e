package cache

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// The go-redis parser knows but the first of these, so all are read here.
const forms = "write redis://USER:PASSWORD@HOST:6379/0 for one server," +
	" redis+sentinel://USER:PASSWORD@HOST:26379,HOST:26379/NAME/0 for Sentinels and the name of what they watch," +
	" or redis+cluster://USER:PASSWORD@HOST:6379,HOST:6379 for a Cluster," +
	" each with rediss for redis to use TLS, and %-escapes for special characters in the password"

// Check says what is wrong with a URL, or with the files that it names, without
// asking Redis. No error of this package quotes a password.
func Check(url string) error {
	if url == Embedded {
		return nil
	}
	_, err := parse(url)
	return err
}

func parse(raw string) (*redis.UniversalOptions, error) {
	u, hosts, err := split(raw)
	if err != nil {
		// Its words may quote the password.
		return nil, fmt.Errorf("cache: the Redis URL can't be read; %s", forms)
	}
	o := options()
	if err := address(o, u, hosts); err != nil {
		return nil, fmt.Errorf("cache: the Redis URL %w; %s", err, forms)
	}
	o.Username = u.User.Username()
	o.Password, _ = u.User.Password()
	if err := parameters(o, u); err != nil {
		return nil, fmt.Errorf("cache: the Redis URL %w", err)
	}
	return o, nil
}

// split reads a URL with several hosts, which package url doesn't where they are
// of IPv6. The hosts come as they stand, u has the first.
func split(raw string) (u *url.URL, hosts []string, err error) {
	scheme, rest, _ := strings.Cut(raw, "://")
	authority := rest
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		authority = rest[:end]
	}
	at := strings.LastIndex(authority, "@") + 1
	hosts = strings.Split(authority[at:], ",")
	u, err = url.Parse(scheme + "://" + authority[:at] + hosts[0] + rest[len(authority):])
	if err == nil && u.Fragment != "" {
		err = errors.New("a fragment")
	}
	return u, hosts, err
}

// address puts in what scheme, hosts and path say.
func address(o *redis.UniversalOptions, u *url.URL, hosts []string) error {
	scheme, topology, _ := strings.Cut(u.Scheme, "+")
	if scheme != "redis" && scheme != "rediss" {
		return errors.New("is of no kind that sitrep knows")
	}
	if scheme == "rediss" {
		o.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12} // each connection adds the name of its server
	}
	port := "6379"
	path := strings.FieldsFunc(u.Path, func(r rune) bool { return r == '/' })
	switch topology {
	case "":
		if len(hosts) > 1 {
			return errors.New("names several servers, and not how they belong together")
		}
	case "sentinel":
		if len(path) == 0 {
			return errors.New("lacks the name under which the Sentinels know the servers")
		}
		port, o.MasterName, path = "26379", path[0], path[1:]
	case "cluster":
		o.IsClusterMode = true
		// Its client repeats commands itself, wherever they then belong.
		o.MaxRetries = -1
	default:
		return errors.New("is of no kind that sitrep knows")
	}
	if len(path) > 0 {
		db, err := strconv.Atoi(path[0])
		if err != nil || db < 0 || len(path) > 1 {
			return errors.New("has more after the host than the number of a database")
		}
		if db > 0 && o.IsClusterMode {
			return errors.New("names a database, and a Cluster has but one, 0")
		}
		o.DB = db
	}
	for _, h := range hosts {
		one, err := url.Parse("redis://" + h)
		if err != nil || one.Hostname() == "" || one.Host != h {
			return errors.New("names a host that can't be read")
		}
		if one.Port() != "" {
			port = one.Port()
		}
		o.Addrs = append(o.Addrs, net.JoinHostPort(one.Hostname(), port))
	}
	return nil
}

// parameters puts in what stands behind the question mark. The files have the
// names that they have in URLs of Postgres.
func parameters(o *redis.UniversalOptions, u *url.URL) error {
	known := []string{"sslrootcert", "sslcert", "sslkey"}
	if o.MasterName != "" {
		known = append(known, "sentinel_username", "sentinel_password")
	}
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return errors.New("has parameters that can't be read; write ?NAME=VALUE&NAME=VALUE, with %-escapes for special characters")
	}
	for name := range q {
		if !slices.Contains(known, name) {
			return fmt.Errorf("has a parameter that sitrep doesn't know; it takes %s", strings.Join(known, ", "))
		}
	}
	o.SentinelUsername, o.SentinelPassword = q.Get("sentinel_username"), q.Get("sentinel_password")
	ca, cert, key := q.Get("sslrootcert"), q.Get("sslcert"), q.Get("sslkey")
	if o.TLSConfig == nil {
		if ca+cert+key != "" {
			return errors.New("names files for TLS and doesn't use it; begin it with rediss")
		}
		return nil
	}
	return files(o.TLSConfig, ca, cert, key)
}

func files(t *tls.Config, ca, cert, key string) error {
	if ca != "" {
		text, err := os.ReadFile(ca)
		if err != nil {
			return fmt.Errorf("has an sslrootcert that can't be read: %w", err)
		}
		t.RootCAs = x509.NewCertPool()
		if !t.RootCAs.AppendCertsFromPEM(text) {
			return fmt.Errorf("has an sslrootcert, %s, that holds no certificate in PEM", ca)
		}
	}
	if cert == "" && key == "" {
		return nil
	}
	if cert == "" || key == "" {
		return errors.New("has one of sslcert and sslkey; a client's certificate needs both")
	}
	if _, err := tls.LoadX509KeyPair(cert, key); err != nil {
		return fmt.Errorf("has an sslcert or sslkey that can't be used: %w", err)
	}
	// Read anew for each connection, since such files are renewed.
	t.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		pair, err := tls.LoadX509KeyPair(cert, key)
		return &pair, err
	}
	return nil
}

// options are the same for every server.
func options() *redis.UniversalOptions {
	return &redis.UniversalOptions{
		Protocol: 2,

		DialTimeout:           dialTimeout,
		DialerRetries:         1,
		ReadTimeout:           patience,
		WriteTimeout:          patience,
		PoolTimeout:           patience,
		MaxRetries:            1, // for connections that died since they were used
		ContextTimeoutEnabled: true,

		DisableIdentity:          true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
}
