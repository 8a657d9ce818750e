package catalogue

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// hostile names the folder or archive that a child of this test reads.
const hostile = "CATALOGUE_TEST_READ"

func TestMain(m *testing.M) {
	if path := os.Getenv(hostile); path != "" {
		os.Exit(readAsChild(path))
	}
	os.Exit(m.Run())
}

// readAsChild reads path, prints what came of it, and then what it took.
func readAsChild(path string) int {
	items, err := ReadPath(path, RecordedAt())
	fmt.Println(err)
	usage := syscall.Rusage{}
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		fmt.Println(err)
		return 1
	}
	took := time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	status, readErr := os.ReadFile("/proc/self/status")
	if readErr != nil {
		fmt.Println(readErr)
		return 1
	}
	peak := regexp.MustCompile(`VmHWM:\s+([0-9]+) kB`).FindSubmatch(status)
	fmt.Printf("items %d took %d ms of processor time, peak %s KiB\n", len(items), took.Milliseconds(), peak[1])
	return 0
}

// most is how much memory a process that reads any folder may take at its
// worst, in KiB, its own code included.
const most = 64 << 10

// Whatever stands in a folder, reading it ends soon, in little memory, with the
// items or with words that say what to do.
func TestReadOfHostileFolders(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		make func(t *testing.T, path string) // path doesn't exist yet and ends in .zip
		want string                          // in what is said; "<nil>" where all is well
	}{
		{"a file of 100 MB", sparse(100 << 20), "more than 8 MiB"},
		{"a file of 100 MB in one line", text("- id: source/a\n  refs: [A1]\n  title: " + strings.Repeat("a", 100<<20)), "more than 8 MiB"},
		{"aliases that multiply", text(bomb()), "anchors and aliases"},
		{"merge keys", text("- id: source/a\n  <<: {<<: {<<: {}}}\n"), "merge keys"},
		{"brackets without end", text("- " + strings.Repeat("[", 8<<20-3)), "at most 32768 fit"},
		{"braces without end", text("- id: source/a\n  x: " + strings.Repeat("{a: ", 1000)), "levels deep"},
		{"nesting by indentation", text(stairs(240)), "levels deep"},
		{"nesting by dashes", text("- id: source/a\n  refs:\n    " + strings.Repeat("- ", 2000) + "a\n"), "levels deep"},
		{"zero bytes", text(strings.Repeat("\x00", 8<<20)), "invisible character U+0000"},
		{"no UTF-8", text(strings.Repeat("- \xff\xfe\n", 1<<20)), "not valid UTF-8"},
		{"UTF-16", text("\xff\xfe-\x00 \x00i\x00d\x00"), "not valid UTF-8"},
		{"a mark at the beginning, CRLF", text("\ufeff" + strings.ReplaceAll(source, "\n", "\r\n")), "<nil>"},
		{"20,000 items", text(fill("- id: source/a%[1]d\n  refs: [F%[1]d]\n  title: A\n  text: " + strings.Repeat("x", 280) + "\n")), "<nil>"},
		{"20,000 items with faults", text(fill("- id: source/a%[1]d\n  refs: [F%[1]d]\n  title: A\n  relays: [source/b%[1]d]\n")), "there may be more"},
		{"a circle of relays", text("- id: source/a\n  refs: [A1]\n  title: A\n  relays: [source/b]\n- id: source/b\n  refs: [A2]\n  title: B\n  relays: [source/a]\n"), ""},
		{"a circle of versions", text(plan + "  version_of: plan/q\n" + strings.ReplaceAll(strings.TrimPrefix(plan, section), "plan/p\n  refs: [P1]", "plan/q\n  refs: [P2]\n  version_of: plan/p")), ""},
		{"a FIFO", special(func(p string) error { return syscall.Mkfifo(p, 0o600) }), "is no regular file"},
		{"a socket", special(socket), "is no regular file"},
		{"a link to a device", special(func(p string) error { return os.Symlink("/dev/zero", p) }), "path escapes"},
		{"a link to a secret", special(func(p string) error { return os.Symlink("/etc/passwd", p) }), "path escapes"},
		{"a link upwards", special(func(p string) error { return os.Symlink("../../x.yaml", p) }), "path escapes"},
		{"a link to itself", special(func(p string) error { return os.Symlink("b.yaml", p) }), "can't be read"},
		{"a link to the folder", special(func(p string) error { return os.Symlink(".", p) }), "is no regular file"},
		{"a link to a file beside", special(func(p string) error { return os.Symlink("README.md", p) }), "belongs to no item"},
		{"a file as folder", special(func(p string) error { return os.Mkdir(p, 0o700) }), "is a folder"},
		{"5,000 YAML files", files(5000, "%d.yaml"), "at most 1000 fit"},
		{"20,000 other files", files(20_000, "%d.txt"), "more than 10000 files"},
		{"a name that steers the screen", files(1, "\x1b[2J%d.yaml"), `"\x1b[2J0.yaml":1:1`},
		{"a file that grows", growingFile, "<nil>"},
		{"an archive of zeros", archive(func(z *zip.Writer) error { return deflated(z, "a.yaml", strings.Repeat("\x00", 100<<20)) }), "over 100 times"},
		{"an archive of many zeros", archive(manyZeros), "at most 1000 fit"},
		{"an archive of blank lines that says it is small", lying, "can't be read"},
		{"an archive of 9 MB of entries", entries, "at most 1000 fit"},
		{"no archive", raw(strings.Repeat("PK\x03\x04", 1000)), "can't be read as a zip archive"},
		{"an archive of 100 MB", sparseFile(100 << 20), "at most 9437184 fit"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "x.zip")
			tt.make(t, path)
			said, peak := readInChild(t, path)
			if !strings.Contains(said, tt.want) || strings.Contains(said, "panic") {
				t.Errorf("it said %.2000s, want %q", said, tt.want)
			}
			if peak > most && !underRace {
				t.Errorf("it took %d KiB, want at most %d", peak, most)
			}
		})
	}
}

// readInChild reads path in a process of its own and returns what it said, and
// how much memory it had at its worst, in KiB.
func readInChild(t *testing.T, path string) (said string, peak int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	child := exec.CommandContext(ctx, os.Args[0])
	child.Env = append(os.Environ(), hostile+"="+path, "GOMEMLIMIT=40MiB")
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("the reading process ended with %v (%v): %.2000s", err, ctx.Err(), out)
	}
	said, last, found := strings.Cut(string(out), "\nitems ")
	_, kib, _ := strings.Cut(strings.TrimSuffix(last, " KiB\n"), "peak ")
	if peak, err = strconv.Atoi(kib); err != nil || !found {
		t.Fatalf("the reading process printed no figures: %.2000s", out)
	}
	t.Logf("items %s", strings.TrimSpace(last))
	return said, peak
}

type maker = func(t *testing.T, path string)

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// text is a folder of one file.
func text(s string) maker {
	return func(t *testing.T, path string) { plant(t, path, map[string]string{"a.yaml": s}) }
}

func sparse(size int64) maker {
	return func(t *testing.T, path string) {
		text(source)(t, path)
		must(t, os.Truncate(filepath.Join(path, "a.yaml"), size))
	}
}

// special is a folder with something at b.yaml that is no plain file.
func special(put func(path string) error) maker {
	return func(t *testing.T, path string) {
		plant(t, path, map[string]string{"a.yaml": source, "README.md": "hello\n"})
		must(t, put(filepath.Join(path, "b.yaml")))
	}
}

// socket leaves a socket at path, whose name may be too long to listen there.
func socket(path string) error {
	short, err := os.MkdirTemp("", "s")
	if err != nil {
		return err
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(short, "s")})
	if err != nil {
		return errors.Join(err, os.RemoveAll(short))
	}
	l.SetUnlinkOnClose(false)
	return errors.Join(os.Rename(filepath.Join(short, "s"), path), l.Close(), os.RemoveAll(short))
}

func files(n int, name string) maker {
	return func(t *testing.T, path string) {
		must(t, os.Mkdir(path, 0o700))
		for i := range n {
			must(t, os.WriteFile(filepath.Join(path, fmt.Sprintf(name, i)), []byte("x"), 0o600))
		}
	}
}

// growingFile is a folder with a file that is appended to until the test ends.
func growingFile(t *testing.T, path string) {
	text(source)(t, path)
	f, err := os.OpenFile(filepath.Join(path, "a.yaml"), os.O_APPEND|os.O_WRONLY, 0)
	must(t, err)
	stop, done := make(chan struct{}), make(chan error)
	go func() {
		more := []byte(strings.Repeat("\n", 700))
		for i := 0; ; i++ {
			select {
			case <-stop:
				done <- f.Close()
				return
			default:
			}
			if i < 1000 { // well below the bound of a folder
				_, err := f.Write(more)
				must(t, err)
			}
		}
	}()
	t.Cleanup(func() {
		close(stop)
		must(t, <-done)
	})
}

// bomb is ten aliases of ten aliases, nine levels of it.
func bomb() string {
	var b strings.Builder
	b.WriteString("- id: source/a\n  a0: &a0 [x]\n")
	for i := 1; i < 10; i++ {
		fmt.Fprintf(&b, "  a%d: &a%[1]d [%s]\n", i, strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10))
	}
	return b.String()
}

func stairs(n int) string {
	var b strings.Builder
	b.WriteString("- id: source/a\n")
	for i := range n {
		b.WriteString(strings.Repeat(" ", i+2) + "a:\n")
	}
	return b.String()
}

func raw(s string) maker {
	return func(t *testing.T, path string) { must(t, os.WriteFile(path, []byte(s), 0o600)) }
}

func sparseFile(size int64) maker {
	return func(t *testing.T, path string) {
		raw("PK")(t, path)
		must(t, os.Truncate(path, size))
	}
}

func archive(fill func(*zip.Writer) error) maker {
	return func(t *testing.T, path string) {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		must(t, fill(z), z.Close())
		raw(b.String())(t, path)
	}
}

func deflated(z *zip.Writer, name, text string) error {
	f, err := z.Create(name)
	if err != nil {
		return err
	}
	_, err = f.Write([]byte(text))
	return err
}

func manyZeros(z *zip.Writer) error {
	var errs []error
	for i := range 2000 {
		errs = append(errs, deflated(z, fmt.Sprintf("%d.yaml", i), strings.Repeat("\n", 60_000)))
	}
	return errors.Join(errs...)
}

// lying is an archive whose directory says that its one file unpacks to little.
func lying(t *testing.T, path string) {
	archive(func(z *zip.Writer) error { return deflated(z, "a.yaml", strings.Repeat("\n", 100<<20)) })(t, path)
	data, err := os.ReadFile(path)
	must(t, err)
	at := bytes.Index(data, []byte(zipEntry))
	binary.LittleEndian.PutUint32(data[at+24:], 60_000)
	must(t, os.WriteFile(path, data, 0o600))
}

// entries is an archive that is all directory and says that it holds one file.
func entries(t *testing.T, path string) {
	entry := make([]byte, 46)
	copy(entry, zipEntry)
	all := bytes.Repeat(entry, MaxBytes/len(entry))
	end := make([]byte, 22)
	copy(end, "PK\x05\x06")
	binary.LittleEndian.PutUint16(end[10:], uint16(len(all)/len(entry)))
	binary.LittleEndian.PutUint32(end[12:], uint32(len(all)))
	raw(string(all)+string(end))(t, path)
}
