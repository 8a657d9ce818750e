package testenv

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

const portsTried = 5

// Redis returns the redis:// URL of a server of the test's own, empty, which
// is stopped when the test ends.
func Redis(tb testing.TB) string {
	tb.Helper()
	return StartRedis(tb).URL()
}

// RedisTLS returns the rediss:// URL of a server that wants a client's
// certificate besides the password, and everything over TLS.
func RedisTLS(tb testing.TB) string {
	tb.Helper()
	s := newRedis(tb, rand.Text())
	s.tls = new(NewCertificates(tb))
	s.up()
	return s.URL()
}

// A RedisServer is a real Redis that a test can take away and bring back. Its
// methods fail the test themselves, so only the test's goroutine calls them.
type RedisServer struct {
	tb       testing.TB
	path     string
	password string
	port     int
	process  *process

	tls     *Certificates        // nil: no TLS
	options func() []string      // more of them, asked at each start
	conf    func() (conf string) // of a Sentinel, which writes to its file itself
}

// StartRedis starts a server of the test's own, which is stopped when the test
// ends.
func StartRedis(tb testing.TB) *RedisServer {
	tb.Helper()
	s := newRedis(tb, rand.Text())
	s.up()
	return s
}

// newRedis is one that isn't running yet. The password tells it from whatever
// else may have got the port.
func newRedis(tb testing.TB, password string) *RedisServer {
	tb.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		missing(tb, "redis", "no redis-server on the PATH")
	}
	return &RedisServer{tb: tb, path: path, password: password}
}

// up starts the server on a port of its own.
func (s *RedisServer) up() {
	s.tb.Helper()
	s.tb.Cleanup(s.Stop)
	var errs []error
	for range portsTried {
		var err error
		if s.port, err = freePort(); err == nil {
			err = s.start()
		}
		if err == nil {
			return
		}
		errs = append(errs, err)
	}
	s.tb.Fatal(errors.Join(errs...))
}

// URL stays the same over Stop and Start.
func (s *RedisServer) URL() string { return redisURL("redis", s.password, "/0", s.tls, s) }

// Stop kills the server as a power cut would; everything in it is lost. A
// server that isn't running stays so.
func (s *RedisServer) Stop() {
	s.tb.Helper()
	if s.process == nil {
		return
	}
	if err := s.process.stop(); err != nil {
		s.tb.Fatal(err)
	}
	s.process = nil
}

// Start brings a stopped server back, empty, under the same URL.
func (s *RedisServer) Start() {
	s.tb.Helper()
	if s.process != nil {
		s.tb.Fatal("testenv: Start on a Redis that is running; call Stop first")
	}
	if err := s.start(); err != nil {
		s.tb.Fatal(err)
	}
}

func (s *RedisServer) start() error {
	folder, err := os.MkdirTemp("", "sitrep-redis-")
	if err != nil {
		return fmt.Errorf("testenv: folder for Redis: %w", err)
	}
	argv := []string{s.path}
	if s.conf != nil {
		path := filepath.Join(folder, "sentinel.conf")
		if err := os.WriteFile(path, []byte(s.conf()), 0o600); err != nil {
			return errors.Join(err, os.RemoveAll(folder))
		}
		argv = append(argv, path, "--sentinel")
	}
	argv = append(argv, s.listening()...)
	argv = append(argv, "--bind", "127.0.0.1", "--requirepass", s.password, "--daemonize", "no", "--dir", folder)
	if s.conf == nil {
		argv = append(argv, "--save", "", "--appendonly", "no")
	}
	if s.options != nil {
		argv = append(argv, s.options()...)
	}
	running, err := start(program{argv: argv, folder: folder, signal: "KILL"})
	if err != nil {
		return errors.Join(err, os.RemoveAll(folder))
	}
	if err := running.ready(s.ping); err != nil {
		return errors.Join(err, running.stop())
	}
	s.process = running
	return nil
}

func (s *RedisServer) listening() []string {
	port := strconv.Itoa(s.port)
	if s.tls == nil {
		return []string{"--port", port}
	}
	return []string{
		"--port", "0", "--tls-port", port, "--tls-auth-clients", "yes", "--tls-replication", "yes", "--tls-cluster", "yes",
		"--tls-ca-cert-file", s.tls.CA, "--tls-cert-file", s.tls.Cert, "--tls-key-file", s.tls.Key,
	}
}

func (s *RedisServer) ping(ctx context.Context) error {
	got, err := s.ask(ctx, "PING")
	if err == nil && got != "PONG" {
		err = fmt.Errorf("testenv: Redis answered %q", got)
	}
	return err
}
