package scenarios

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// patience is how long anything in a scenario may take.
const patience = time.Minute

type stageKey struct{}

// stage is one script's running sitrep, and what its members did last.
type stage struct {
	t       testscript.T
	process *exec.Cmd
	exited  chan struct{}
	log     *journal
	url     string

	channel             string // where somebody did something last
	message, components string // the newest message that somebody saw
	form                string // the form that was opened last
	file                string // where the last answer's last file is
}

func of(ts *testscript.TestScript) *stage { return ts.Value(stageKey{}).(*stage) }

// journal is what a process printed so far.
type journal struct {
	mu      sync.Mutex
	text    strings.Builder
	changed chan struct{}
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	close(j.changed)
	j.changed = make(chan struct{})
	return j.text.Write(p)
}

func (j *journal) all() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// tail is the end of it.
func (j *journal) tail() string {
	text := j.all()
	return text[max(0, len(text)-4000):]
}

// await returns the first line from offset on that holds words.
func (j *journal) await(words string, over <-chan struct{}) (string, error) {
	deadline := time.After(patience)
	for {
		j.mu.Lock()
		text, changed := j.text.String(), j.changed
		j.mu.Unlock()
		lines := bufio.NewScanner(strings.NewReader(text))
		for lines.Scan() {
			if strings.Contains(lines.Text(), words) {
				return lines.Text(), nil
			}
		}
		select {
		case <-changed:
		case <-over:
			return "", fmt.Errorf("it ended before it printed %q:\n%s", words, text)
		case <-deadline:
			return "", fmt.Errorf("it did not print %q:\n%s", words, text)
		}
	}
}

// address is where a process that printed it listens, "" while it hasn't.
func (j *journal) address() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	text := j.text.String()
	_, after, found := strings.Cut(text, "ready http://")
	if !found {
		if _, after, found = strings.Cut(text, `"base_url":"http://`); !found {
			return ""
		}
	}
	return "http://" + after[:strings.IndexAny(after+"\n", "\n\"")]
}

// start [NAME=VALUE...] starts sitrep and waits until it is ready.
func start(ts *testscript.TestScript, neg bool, args []string) {
	s := of(ts)
	path, err := exec.LookPath("sitrep")
	ts.Check(err)
	s.process = exec.Command(path)
	s.process.Dir = ts.Getenv("WORK")
	s.process.Env = os.Environ()
	for _, name := range []string{"SITREP_LISTEN", "SITREP_DATA", "SITREP_DATABASE_URL", "SITREP_REDIS_URL"} {
		s.process.Env = append(s.process.Env, name+"="+ts.Getenv(name))
	}
	// Scripts are faster than people; limits.txtar sets its own.
	s.process.Env = append(append(s.process.Env, "SITREP_LIMITS=off"), args...)
	s.log = &journal{changed: make(chan struct{})}
	s.process.Stdout = s.log
	s.process.Stderr = s.log
	ts.Check(s.process.Start())
	s.exited = make(chan struct{})
	go func(p *exec.Cmd, exited chan struct{}) {
		_ = p.Wait() // its exit code is read from ProcessState
		close(exited)
	}(s.process, s.exited)
	ts.Defer(func() { s.end(ts, syscall.SIGKILL) })
	line, err := s.log.await("ready http", s.exited)
	if (err != nil) != neg {
		ts.Fatalf("start: %v", err)
	}
	_, s.url, _ = strings.Cut(line, "ready ")
	ts.Setenv("HOST", strings.TrimPrefix(s.url, "http://"))
}

func (s *stage) end(ts *testscript.TestScript, how syscall.Signal) {
	if s.process == nil {
		return
	}
	_, refused := judged(s.url)
	s.url = ""
	defer func() {
		if refused != nil {
			s.t.Log("Discord wouldn't take what was sent:", refused)
			s.t.FailNow() // Fatalf is for steps alone; this may run after the last one
		}
	}()
	_ = s.process.Process.Signal(how) // it may have ended already
	select {
	case <-s.exited:
	case <-time.After(patience):
		_ = s.process.Process.Kill()
		ts.Fatalf("sitrep did not end after %v", how)
	}
}

// shutdown ends sitrep as SIGTERM does and expects exit code 0.
func shutdown(ts *testscript.TestScript, _ bool, _ []string) {
	s := of(ts)
	s.end(ts, syscall.SIGTERM)
	if code := s.process.ProcessState.ExitCode(); code != 0 {
		ts.Fatalf("exit code %d after SIGTERM, want 0:\n%s", code, s.log.text.String())
	}
}

// kill9 ends sitrep as kill -9 does.
func kill9(ts *testscript.TestScript, _ bool, _ []string) { of(ts).end(ts, syscall.SIGKILL) }

// await WORDS waits until sitrep has printed a line with WORDS.
func await(ts *testscript.TestScript, _ bool, args []string) {
	s := of(ts)
	line, err := s.log.await(strings.Join(args, " "), s.exited)
	ts.Check(err)
	fmt.Fprintln(ts.Stdout(), line)
}
