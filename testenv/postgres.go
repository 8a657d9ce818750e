package testenv

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// Making a cluster takes a second or two, so a test process makes one and each
// test gets a database in it. Nobody stops it: its guard does when the process
// has ended, because tests that run one after another would otherwise each pay
// for a start.
//
//nolint:gochecknoglobals // a server per test process has to be known to that process; tests only
var shared postgresServer

type postgresServer struct {
	mu      sync.Mutex
	process *process
	bin     string
	role    string
	port    int

	password, ca string // of the user guarded
}

// Postgres returns the postgres:// URL of a new, empty database, dropped when
// the test ends. The server keeps nothing on a crash: it doesn't sync.
func Postgres(tb testing.TB) string {
	tb.Helper()
	bin, err := postgresBin()
	if err != nil {
		missing(tb, "postgres", err.Error())
	}
	if err := shared.up(bin); err != nil {
		tb.Fatal(err)
	}
	name := "test_" + strings.ToLower(rand.Text())
	if err := shared.client(context.Background(), "createdb", "--template=template0", name); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := shared.client(context.Background(), "dropdb", "--force", name); err != nil {
			tb.Error(err)
		}
	})
	return fmt.Sprintf("postgres://%s@127.0.0.1:%d/%s?sslmode=disable", shared.role, shared.port, name)
}

// PostgresTLS is [Postgres] for a user with a password, whose connections have to
// be over TLS, which the URL checks by the authority's file ca.
func PostgresTLS(tb testing.TB) (url, ca string) {
	tb.Helper()
	plain := Postgres(tb)
	_, where, _ := strings.Cut(plain, "@")
	where, _, _ = strings.Cut(where, "?")
	return fmt.Sprintf("postgres://%s:%s@%s?sslmode=verify-full&sslrootcert=%s", guarded, shared.password, where, shared.ca), shared.ca
}

// guarded is the user that needs a password and TLS.
const guarded = "guarded"

// postgresBin returns the folder of initdb and postgres. Debian keeps them off
// the PATH, one folder a version; the newest is taken.
func postgresBin() (string, error) {
	folders, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", fmt.Errorf("testenv: look for Postgres: %w", err)
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		folders = append(folders, filepath.Dir(path))
	}
	best, bestVersion := "", -1
	for _, folder := range folders {
		version, err := strconv.Atoi(filepath.Base(filepath.Dir(folder)))
		if err != nil {
			version = 0 // not Debian's layout: taken where there is nothing else
		}
		if version > bestVersion && executables(folder, "initdb", "postgres", "createdb", "dropdb", "pg_isready") {
			best, bestVersion = folder, version
		}
	}
	if best == "" {
		return "", errors.New("no Postgres server in /usr/lib/postgresql or on the PATH")
	}
	return best, nil
}

func executables(folder string, names ...string) bool {
	for _, name := range names {
		if _, err := exec.LookPath(filepath.Join(folder, name)); err != nil {
			return false
		}
	}
	return true
}

// up starts the server unless it runs.
func (s *postgresServer) up(bin string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process != nil {
		return nil
	}
	as, err := unprivileged()
	if err != nil {
		return err
	}
	// The role's name tells this server from whatever else may have got the port.
	s.bin, s.role, s.password = bin, "sitrep_"+strings.ToLower(rand.Text()), rand.Text()
	var errs []error
	for range portsTried {
		if s.port, err = freePort(); err == nil {
			s.process, err = s.start(as)
		}
		if err == nil {
			return nil
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func (s *postgresServer) start(as *syscall.Credential) (*process, error) {
	folder, err := os.MkdirTemp("", "sitrep-postgres-")
	if err != nil {
		return nil, fmt.Errorf("testenv: folder for Postgres: %w", err)
	}
	files, err := certificates(folder)
	if err == nil && as != nil {
		err = errors.Join(os.Chown(files.Cert, int(as.Uid), int(as.Gid)), os.Chown(files.Key, int(as.Uid), int(as.Gid)))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("testenv: certificates for Postgres: %w", err), os.RemoveAll(folder))
	}
	s.ca = files.CA
	if as != nil {
		if err := os.Chown(folder, int(as.Uid), int(as.Gid)); err != nil {
			return nil, errors.Join(fmt.Errorf("testenv: folder for Postgres: %w", err), os.RemoveAll(folder))
		}
	}
	const script = `
"$1/initdb" --pgdata=data --username="$2" --auth=trust --encoding=UTF8 --locale=C --no-sync >/dev/null &&
printf 'hostssl all %s all scram-sha-256\nhost all %s all reject\nhost all all 127.0.0.1/32 trust\n' "$4" "$4" >data/pg_hba.conf &&
printf "CREATE ROLE %s LOGIN SUPERUSER PASSWORD '%s'" "$4" "$5" | "$1/postgres" --single -D data postgres >/dev/null &&
exec "$1/postgres" -D data -p "$3" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
	-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 \
	-c ssl=on -c "ssl_cert_file=$PWD/cert.pem" -c "ssl_key_file=$PWD/key.pem"`
	running, err := start(program{
		argv:   []string{"/bin/sh", "-c", script, "postgres", s.bin, s.role, strconv.Itoa(s.port), guarded, s.password},
		folder: folder,
		signal: "QUIT", // Postgres' immediate shutdown, which takes its children along
		as:     as,
	})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	ready := func(ctx context.Context) error {
		return s.client(ctx, "pg_isready", "--quiet", "--dbname=postgres")
	}
	if err := running.ready(ready); err != nil {
		return nil, errors.Join(err, running.stop())
	}
	return running, nil
}

// unprivileged returns whom to run Postgres as: it refuses root.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("testenv: user %s: %w", name, err)
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("testenv: user %s: %w", name, err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("testenv: Postgres refuses to run as root, and there is no user postgres or nobody; run the tests as another user")
}

// client runs one of Postgres' own client programs against the server.
func (s *postgresServer) client(ctx context.Context, name string, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	where := []string{"--host=127.0.0.1", "--port=" + strconv.Itoa(s.port), "--username=" + s.role}
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, name), append(where, args...)...)
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "PG") })
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("testenv: %s: %w: %s", name, err, bytes.TrimSpace(out))
	}
	return nil
}
