package scenarios

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkBinary builds sitrep, stripped as `make build` does, and reports its size, how
// long it takes from its start until it is ready, and what it takes of the
// machine's memory then and after the first answer.
func BenchmarkBinary(b *testing.B) {
	path := filepath.Join(b.TempDir(), "sitrep")
	build := exec.Command("go", "build", "-ldflags", "-s -w", "-o", path, "..")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	var started []time.Duration
	var ready, asked float64
	for b.Loop() {
		begun := time.Now()
		p := spawnCommand(b, exec.Command(path), "SITREP_DATA="+filepath.Join(b.TempDir(), "data"))
		line, err := p.log.await("ready http", p.exited)
		if err != nil {
			b.Fatal(err)
		}
		started = append(started, time.Since(begun))
		ready = resident(b, p.process.Process.Pid)
		_, url, _ := strings.Cut(line, "ready ")
		talks(b, url)
		asked = resident(b, p.process.Process.Pid)
	}
	percentiles(b, "ready-", started)
	b.ReportMetric(float64(info.Size())/1e6, "binary-MB")
	b.ReportMetric(ready, "ready-MB")
	b.ReportMetric(asked, "asked-MB")
}

// resident is how much of the machine's memory a process has, in MB.
func resident(b *testing.B, pid int) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	found := regexp.MustCompile(`VmRSS:\s+([0-9]+) kB`).FindSubmatch(status)
	if found == nil {
		b.Fatalf("no VmRSS in %s", status)
	}
	kib, err := strconv.Atoi(string(found[1]))
	if err != nil {
		b.Fatal(err)
	}
	return float64(kib) * 1024 / 1e6
}
