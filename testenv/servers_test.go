package testenv

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// ask sends one line to a Redis as its user and returns the answer's first line.
func ask(t *testing.T, rawURL, line string) string {
	t.Helper()
	u, err := url.Parse(rawURL)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", u.Host)
	if err != nil {
		return err.Error()
	}
	defer func() { _ = conn.Close() }()
	password, _ := u.User.Password()
	if _, err := fmt.Fprintf(conn, "AUTH %s\r\n%s\r\n", password, line); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(conn)
	for range 2 {
		if line, err = r.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	return strings.TrimSpace(line)
}

func TestRedisOutage(t *testing.T) {
	t.Parallel()
	s := StartRedis(t)
	before := s.URL()
	if got := ask(t, before, "SET k v"); got != "+OK" {
		t.Fatalf("SET = %q, want +OK", got)
	}
	s.Stop()
	s.Stop()
	if got := ask(t, before, "PING"); !strings.Contains(got, "refused") {
		t.Errorf("stopped: PING = %q, want refused", got)
	}
	s.Start()
	if s.URL() != before {
		t.Errorf("URL after Start = %s, want %s", s.URL(), before)
	}
	if got := ask(t, before, "EXISTS k"); got != ":0" {
		t.Errorf("EXISTS after a restart = %q, want :0", got)
	}
	if v := judge(t, func(tb testing.TB) { s.tb = tb; s.Start() }); !strings.Contains(v.failed, "running") {
		t.Errorf("Start twice: failed %q, want a hint at Stop", v.failed)
	}
	s.tb = t
}

func TestRedisIsTheTestsOwn(t *testing.T) {
	t.Parallel()
	one, two := Redis(t), Redis(t)
	if got := ask(t, one, "SET k v"); got != "+OK" {
		t.Fatalf("SET = %q, want +OK", got)
	}
	if got := ask(t, two, "EXISTS k"); got != ":0" {
		t.Errorf("EXISTS in another = %q, want :0", got)
	}
}

// query asks a Postgres by its own client, and returns what psql prints.
func query(t *testing.T, database, sql string) string {
	t.Helper()
	bin, err := postgresBin()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(filepath.Join(bin, "psql"), "-qtAX", "-c", sql, database).CombinedOutput()
	if err != nil {
		return err.Error() + ": " + string(out)
	}
	return strings.TrimSpace(string(out))
}

func TestPostgresFreshDatabases(t *testing.T) {
	t.Parallel()
	one, two := Postgres(t), Postgres(t)
	if got := query(t, one, "CREATE TABLE t (n BIGINT); INSERT INTO t VALUES (7); SELECT n FROM t"); got != "7" {
		t.Fatalf("first database: got %q, want 7", got)
	}
	if got := query(t, two, "SELECT n FROM t"); !strings.Contains(got, "does not exist") {
		t.Errorf("second database sees the first: got %q", got)
	}
}

func TestPostgresDropsAtCleanup(t *testing.T) {
	t.Parallel()
	var dropped string
	t.Run("user", func(t *testing.T) {
		dropped = Postgres(t)
		if got := query(t, dropped, "SELECT 1"); got != "1" {
			t.Errorf("SELECT 1 = %q", got)
		}
	})
	if got := query(t, dropped, "SELECT 1"); !strings.Contains(got, "does not exist") {
		t.Errorf("after the test: got %q, want no such database", got)
	}
}

// TestPostgresPerPackage guards the promise that a second database is cheap.
func TestPostgresPerPackage(t *testing.T) {
	t.Parallel()
	one, two := Postgres(t), Postgres(t)
	ask := "SELECT system_identifier FROM pg_control_system()"
	if a, b := query(t, one, ask), query(t, two, ask); a != b || a == "" {
		t.Errorf("two servers, %q and %q, want one", a, b)
	}
}

// TestServersDieWithTheTests kills a test process in the middle of its tests:
// its servers must go, and leave no folder behind.
func TestServersDieWithTheTests(t *testing.T) {
	if os.Getenv(victimEnv) != "" {
		victim(t)
		return
	}
	t.Parallel()
	Postgres(t)
	temp := t.TempDir()
	openToAll(t, temp)
	child := exec.Command(os.Args[0], "-test.run=^TestServersDieWithTheTests$", "-test.v")
	child.Env = append(os.Environ(), victimEnv+"=1", "TMPDIR="+temp)
	hold, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var conns []net.Conn
	for lines := bufio.NewScanner(out); len(conns) < 2 && lines.Scan(); {
		if addr, ok := strings.CutPrefix(lines.Text(), "server "); ok {
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				t.Fatal(err)
			}
			conns = append(conns, conn)
		}
	}
	if len(conns) != 2 {
		t.Fatalf("got %d servers, want 2", len(conns))
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // says that it was killed
	_ = hold.Close()
	for _, conn := range conns {
		ended(t, conn)
	}
	emptied(t, temp)
}

const victimEnv = "SITREP_TESTENV_VICTIM"

// victim is the test above in the process that it kills.
func victim(t *testing.T) {
	t.Helper()
	for _, raw := range []string{Redis(t), Postgres(t)} {
		u, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println("server", u.Host)
	}
	_, err := io.Copy(io.Discard, os.Stdin)
	t.Errorf("still alive: %v", err)
}

// openToAll lets the user that Postgres runs as reach the folder.
func openToAll(t *testing.T, folder string) {
	t.Helper()
	if err := os.Chmod(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Dir(folder), 0o755); err != nil {
		t.Fatal(err)
	}
}

// ended waits for the server to drop the connection, as only its end makes it.
func ended(t *testing.T, conn net.Conn) {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(stopWithin)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, conn); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%s outlived its tests", conn.RemoteAddr())
	}
	_ = conn.Close()
}

// emptied waits until nothing is left in folder.
func emptied(t *testing.T, folder string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), stopWithin)
	defer cancel()
	for {
		left, err := fs.ReadDir(os.DirFS(folder), ".")
		if err != nil {
			t.Fatal(err)
		}
		if len(left) == 0 {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("left behind: %v", left)
		case <-time.After(pollEvery):
		}
	}
}
