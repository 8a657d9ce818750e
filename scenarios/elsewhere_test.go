package scenarios

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// spawned is a sitrep that a Go test started; it is killed at the test's end.
type spawned struct {
	process *exec.Cmd
	exited  chan struct{}
	log     *journal
}

func spawn(tb testing.TB, args []string, environ ...string) spawned {
	tb.Helper()
	return spawnCommand(tb, exec.Command("sitrep", args...), environ...)
}

func spawnCommand(tb testing.TB, command *exec.Cmd, environ ...string) spawned {
	tb.Helper()
	p := spawned{process: command, exited: make(chan struct{}), log: &journal{changed: make(chan struct{})}}
	p.process.Dir = tb.TempDir()
	p.process.Env = append(append(os.Environ(), "SITREP_LISTEN=127.0.0.1:0", "SITREP_LIMITS=off"), environ...)
	p.process.Stdout, p.process.Stderr = p.log, p.log
	if err := p.process.Start(); err != nil {
		tb.Fatal(err)
	}
	go func() {
		_ = p.process.Wait() // its exit code is read from ProcessState
		close(p.exited)
	}()
	tb.Cleanup(func() {
		if _, err := judged(p.log.address()); err != nil {
			tb.Errorf("Discord wouldn't take what was sent: %v", err)
		}
		_ = p.process.Process.Kill() // it may have ended already
		<-p.exited
	})
	return p
}

// elsewhere is a sandbox in a process of its own.
type elsewhere struct {
	URL   string `json:"base_url"`
	Token string `json:"token"`
	Key   string `json:"public_key"`
}

func startSandbox(tb testing.TB) elsewhere {
	tb.Helper()
	p := spawn(tb, []string{"sandbox"}, "SITREP_DATA="+filepath.Join(tb.TempDir(), "data"))
	line, err := p.log.await("base_url", p.exited)
	if err != nil {
		tb.Fatal(err)
	}
	var e elsewhere
	if err := json.Unmarshal([]byte(line), &e); err != nil {
		tb.Fatalf("%q: %v", line, err)
	}
	return e
}

func TestRefusedTokenEndsTheBot(t *testing.T) {
	t.Parallel()
	discord := startSandbox(t)
	p := spawn(t, nil, "DISCORD_TOKEN=MTIzNDU2Nzg5MDEyMzQ1Njc4.x.wrong", "SITREP_DISCORD_API="+discord.URL+"/api")
	if _, err := p.log.await("Discord refused the token: check DISCORD_TOKEN", p.exited); err != nil {
		t.Fatal(err)
	}
	<-p.exited
	if code := p.process.ProcessState.ExitCode(); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	if strings.Contains(p.log.text.String(), "x.wrong") {
		t.Errorf("the log shows the token:\n%s", p.log.text.String())
	}
}

// A bot in a process of its own follows the sandbox's clock, and a bot that is
// killed and started again posts nothing twice.
func TestBotFollowsAClockElsewhere(t *testing.T) {
	t.Parallel()
	discord := startSandbox(t)
	environ := []string{
		"DISCORD_TOKEN=" + discord.Token, "SITREP_DISCORD_API=" + discord.URL + "/api",
		"SITREP_CLOCK=" + discord.URL + "/sandbox/clock", "SITREP_DATA=" + filepath.Join(t.TempDir(), "data"),
	}
	first := spawn(t, nil, environ...)
	if _, err := first.log.await("ready http", first.exited); err != nil {
		t.Fatal(err)
	}
	said := post(t, discord.URL+"/sandbox/interactions", `{"user":"moderator","command":"digest add","options":{"at":"08:00"}}`)
	if !strings.Contains(said, "Digest added") {
		t.Fatalf("got %s, want the digest added", said)
	}
	advance(t, discord, "72h")
	if got := digestsIn(t, discord.URL); got != 3 {
		t.Fatalf("%d digests after three days, want 3", got)
	}
	if err := first.process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-first.exited
	second := spawn(t, nil, environ...)
	// A second login within five seconds is put off, as by Discord.
	if _, err := second.log.await("ready http", second.exited); err != nil {
		t.Fatal(err)
	}
	advance(t, discord, "24h")
	if got := digestsIn(t, discord.URL); got != 4 {
		t.Errorf("%d digests after another day and a restart, want 4", got)
	}
}

// advance lets time flow until all that became due is done, however long that takes here: a
// move that the sandbox didn't wait for is waited for by the next, of nothing.
func advance(tb testing.TB, discord elsewhere, by string) {
	tb.Helper()
	for deadline := time.Now().Add(patience); ; by = "0s" {
		said := post(tb, discord.URL+"/sandbox/clock", `{"advance":"`+by+`"}`)
		if strings.Contains(said, `"settled":true`) {
			return
		}
		if time.Now().After(deadline) {
			tb.Fatalf("got %s, want it settled", said)
		}
	}
}

func post(tb testing.TB, url, body string) string {
	tb.Helper()
	return fetch(tb, http.MethodPost, url, body)
}

func fetch(tb testing.TB, method, url, body string) string {
	tb.Helper()
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		tb.Fatal(err)
	}
	defer response.Body.Close()
	var said json.RawMessage
	if err := json.NewDecoder(response.Body).Decode(&said); err != nil {
		tb.Fatalf("%s %s: %v", method, url, err)
	}
	return string(said)
}

func digestsIn(tb testing.TB, url string) int {
	tb.Helper()
	return strings.Count(fetch(tb, http.MethodGet, url+"/sandbox/channels/briefings/messages?as=admin", ""), `"text":"## DIGEST`)
}
