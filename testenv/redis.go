package testenv

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
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

// A RedisServer is a real Redis that a test can take away and bring back. Its
// methods fail the test themselves, so only the test's goroutine calls them.
type RedisServer struct {
	tb       testing.TB
	path     string
	password string
	port     int
	process  *process
}

// StartRedis starts a server of the test's own, which is stopped when the test
// ends.
func StartRedis(tb testing.TB) *RedisServer {
	tb.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		missing(tb, "redis", "no redis-server on the PATH")
	}
	// The password tells this server from whatever else may have got the port.
	s := &RedisServer{tb: tb, path: path, password: rand.Text()}
	tb.Cleanup(s.Stop)
	var errs []error
	for range portsTried {
		if s.port, err = freePort(); err == nil {
			err = s.start()
		}
		if err == nil {
			return s
		}
		errs = append(errs, err)
	}
	tb.Fatal(errors.Join(errs...))
	return nil
}

// URL stays the same over Stop and Start.
func (s *RedisServer) URL() string {
	return fmt.Sprintf("redis://:%s@%s/0", s.password, s.addr())
}

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

func (s *RedisServer) addr() string {
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port))
}

func (s *RedisServer) start() error {
	folder, err := os.MkdirTemp("", "sitrep-redis-")
	if err != nil {
		return fmt.Errorf("testenv: folder for Redis: %w", err)
	}
	running, err := start(program{
		argv: []string{
			s.path, "--bind", "127.0.0.1", "--port", strconv.Itoa(s.port), "--requirepass", s.password,
			"--save", "", "--appendonly", "no", "--daemonize", "no", "--dir", folder,
		},
		folder: folder,
		signal: "KILL",
	})
	if err != nil {
		return errors.Join(err, os.RemoveAll(folder))
	}
	if err := running.ready(s.ping); err != nil {
		return errors.Join(err, running.stop())
	}
	s.process = running
	return nil
}

func (s *RedisServer) ping(ctx context.Context) (err error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", s.addr())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintf(conn, "AUTH %s\r\nPING\r\n", s.password); err != nil {
		return err
	}
	const want = "+OK\r\n+PONG\r\n"
	got := make([]byte, len(want))
	if _, err := io.ReadFull(conn, got); err != nil {
		return err
	}
	if string(got) != want {
		return fmt.Errorf("testenv: Redis answered %q", got)
	}
	return nil
}
