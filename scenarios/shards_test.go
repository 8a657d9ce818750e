package scenarios

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sitrep/testenv"
)

// A shard's process is replaced while questions come without pause, the new one
// first: for a while two hold the same shard, Redis settles which of them answers,
// and every question is answered once.
func TestRollingRestartOfShards(t *testing.T) {
	t.Parallel()
	discord := startSandbox(t)
	environ := []string{
		"DISCORD_TOKEN=" + discord.Token, "SITREP_DISCORD_API=" + discord.URL + "/api", "SITREP_CLOCK=" + discord.URL + "/sandbox/clock",
		"SITREP_DATABASE_URL=" + testenv.Postgres(t), "SITREP_REDIS_URL=" + testenv.Redis(t), "SITREP_DATA=" + filepath.Join(t.TempDir(), "data"),
	}
	startShard := func(shard int) spawned {
		return spawnReady(t, append(environ, fmt.Sprintf("SITREP_SHARDS=%d/2", shard))...)
	}
	guilds := serversOnBothShards(t, discord)
	shards := []spawned{startShard(0), startShard(1)}

	var mu sync.Mutex
	var ids []string // of interactions that are over
	stop := make(chan struct{})
	halt := sync.OnceFunc(func() { close(stop) })
	var members sync.WaitGroup
	defer members.Wait()
	defer halt()
	for _, guild := range guilds {
		members.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				got := asked(t, discord, `{"user":"reader","guild":"`+guild+`","command":"talks"}`)
				if got.Kind != "message" || got.Error != nil {
					t.Errorf("in server %s: got %+v, want a message", guild, got)
				}
				mu.Lock()
				ids = append(ids, got.ID)
				mu.Unlock()
				time.Sleep(10 * time.Millisecond) // so that Discord's log reaches back far enough
			}
		})
	}
	over := func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(ids)
	}
	// ask lets every server ask while things are as they are, and judges the answers.
	ask := func(doubled bool) {
		for from := len(over()); len(over()) < from+10*len(guilds) && !t.Failed(); {
			time.Sleep(10 * time.Millisecond)
		}
		judgeAnswers(t, discord, over(), doubled)
	}
	ask(false)
	for shard, old := range shards {
		shards[shard] = startShard(shard)
		ask(true)
		if err := old.process.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		<-old.exited
		if code := old.process.ProcessState.ExitCode(); code != 0 {
			t.Errorf("shard %d ended with exit code %d:\n%s", shard, code, old.log.tail())
		}
		ask(false)
	}
	halt()
	members.Wait()
	judgeAnswers(t, discord, ids, false)
}

// serversOnBothShards makes servers until each of two shards has two.
func serversOnBothShards(t *testing.T, discord elsewhere) (guilds []string) {
	t.Helper()
	on := map[uint64]int{}
	for n := 0; on[0] < 2 || on[1] < 2; n++ {
		var made struct{ ID string }
		body := post(t, discord.URL+"/sandbox/guilds", fmt.Sprintf(`{"name":"Server %d"}`, n))
		if err := json.Unmarshal([]byte(body), &made); err != nil || made.ID == "" {
			t.Fatalf("making a server: %s, %v", body, err)
		}
		id, err := strconv.ParseUint(made.ID, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		if shard := id >> 22 % 2; on[shard] < 2 {
			on[shard]++
			guilds = append(guilds, made.ID)
		}
	}
	return guilds
}

// judgeAnswers checks in Discord's log, which holds the last few thousand things,
// that of what it holds each interaction was answered once; doubled, that some
// were told to two processes.
func judgeAnswers(t *testing.T, discord elsewhere, ids []string, doubled bool) {
	t.Helper()
	var log struct {
		Entries []struct {
			Kind, Path, Event string
			Data              json.RawMessage
		}
	}
	if err := json.Unmarshal([]byte(fetch(t, http.MethodGet, discord.URL+"/sandbox/log", "")), &log); err != nil {
		t.Fatal(err)
	}
	told, answers := map[string]int{}, map[string]int{}
	for _, e := range log.Entries {
		if e.Event == "INTERACTION_CREATE" {
			var i struct{ ID string }
			if err := json.Unmarshal(e.Data, &i); err != nil {
				t.Fatal(err)
			}
			told[i.ID]++
		}
		if _, rest, is := strings.Cut(e.Path, "/interactions/"); is && e.Kind == "rest" {
			id, _, _ := strings.Cut(rest, "/")
			answers[id]++
		}
	}
	judged, twice := 0, 0
	for _, id := range ids {
		if told[id] == 0 {
			continue // older than the log
		}
		judged++
		if told[id] > 1 {
			twice++
		}
		if answers[id] != 1 {
			t.Errorf("interaction %s was told to %d processes and answered %d times", id, told[id], answers[id])
		}
	}
	if judged == 0 || doubled && twice == 0 {
		t.Errorf("of %d interactions in the log %d were told to two processes; want some", judged, twice)
	}
}
