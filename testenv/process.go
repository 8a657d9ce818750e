package testenv

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	readyWithin = 60 * time.Second
	stopWithin  = 20 * time.Second
	pollEvery   = 20 * time.Millisecond
	logKept     = 4 << 10
)

// guard runs a server until it ends or until its own standard input closes,
// which the kernel sees to however the test process dies, and then removes the
// server's folder. Arguments: the signal that ends the server, the folder, the
// command. It reads descriptor 3 because a shell gives background commands
// /dev/null for standard input, and says nothing itself because writing to a
// process that died would end it before it has cleared up. It kills in the end
// because Postgres waits a minute for a client that connected and never spoke.
const guard = `
signal=$1 folder=$2
shift 2
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
exec >/dev/null 2>&1
{
	read -r _ <&3
	kill -s "$signal" "$server"
	[ "$signal" = KILL ] || { sleep 3; kill -s KILL "$server"; }
} &
watcher=$!
exec 3<&-
wait "$server"
status=$?
kill "$watcher"
cd / && rm -rf "$folder"
exit "$status"
`

// A process is a server under guard. Its methods are safe for several
// goroutines.
type process struct {
	hold io.Closer
	log  *tail
	done chan struct{} // closed once the server has ended and its folder is gone
	kill func() error
}

// A program is what to run: argv in folder, which is removed when it ends.
type program struct {
	argv   []string
	folder string
	signal string              // ends it at once: KILL, QUIT
	as     *syscall.Credential // nil: as the test process
}

func start(p program) (*process, error) {
	args := append([]string{"-c", guard, "guard", p.signal, p.folder}, p.argv...)
	cmd := exec.Command("/bin/sh", args...)
	cmd.Dir = p.folder
	// A session of its own: Ctrl-C at the terminal must reach the tests alone,
	// or the guard would die before it has cleared up.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: p.as}
	log := new(tail)
	cmd.Stdout, cmd.Stderr = log, log
	hold, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("testenv: pipe to %s: %w", p.argv[0], err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("testenv: start %s: %w", p.argv[0], err)
	}
	running := &process{
		hold: hold, log: log, done: make(chan struct{}),
		kill: func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) },
	}
	go func() {
		defer close(running.done)
		_ = cmd.Wait() // a server that was signalled always ends with an error
	}()
	return running, nil
}

// stop ends the server and returns when it is gone. A second call does nothing.
func (p *process) stop() error {
	_ = p.hold.Close() // fails only where the server has ended and Wait closed it
	select {
	case <-p.done:
		return nil
	case <-time.After(stopWithin):
		return errors.Join(
			fmt.Errorf("testenv: server still there after %s, killed; it said: %s", stopWithin, p.log),
			p.kill())
	}
}

// ready polls check until it succeeds, the server ends or time is up.
func (p *process) ready(check func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), readyWithin)
	defer cancel()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		err := check(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-p.done:
			return fmt.Errorf("testenv: server ended at start (%w); it said: %s", err, p.log)
		case <-ctx.Done():
			return fmt.Errorf("testenv: server not ready after %s (%w); it said: %s", readyWithin, err, p.log)
		case <-tick.C:
		}
	}
}

// freePort returns a loopback port nobody listens on. Another process may take
// it before the caller does, so callers try again with another.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("testenv: find a free port: %w", err)
	}
	addr, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		return 0, errors.Join(fmt.Errorf("testenv: %v is no TCP address", l.Addr()), l.Close())
	}
	return addr.Port, l.Close()
}

// A tail keeps the end of what a server says, for the message of a failure.
type tail struct {
	mu   sync.Mutex
	kept []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, p...)
	if over := len(t.kept) - logKept; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.kept))
}
