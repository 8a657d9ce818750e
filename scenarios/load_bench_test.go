package scenarios

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// BenchmarkLoad has members ask a bot in a process of its own, through a sandbox in
// another: at a steady rate, whether or not earlier questions are answered yet. Beside the
// rate that came about it reports how long acknowledgements took, how many questions went
// wrong, and the processor time that the bot alone spent on one, which is what to compare:
// on shared cores the rate measures the sandbox too.
func BenchmarkLoad(b *testing.B) {
	for _, rate := range []int{20, 100} {
		b.Run(fmt.Sprintf("rate=%d", rate), func(b *testing.B) {
			discord := startSandbox(b)
			bot := spawn(b, nil, "DISCORD_TOKEN="+discord.Token, "SITREP_DISCORD_API="+discord.URL+"/api")
			if _, err := bot.log.await("ready http", bot.exited); err != nil {
				b.Fatal(err)
			}
			l := &load{b: b, url: discord.URL}
			l.ask(0) // the first compiles what all the others are answered from
			l.acks, l.errors = nil, 0
			due, spent := time.NewTicker(time.Second/time.Duration(rate)), bot.processorTime(b)
			defer due.Stop()
			var asking sync.WaitGroup
			n := 0
			for b.Loop() {
				<-due.C
				who := n
				asking.Go(func() { l.ask(who) })
				n++
			}
			asking.Wait()
			b.ReportMetric(float64((bot.processorTime(b)-spent).Microseconds())/float64(n), "bot-cpu-µs/op")
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "asked/s")
			l.report()
		})
	}
}

// load is what came of the questions so far.
type load struct {
	b   *testing.B
	url string

	mu     sync.Mutex
	acks   []int
	errors int
}

// ask has one member ask something, each in turn something else.
func (l *load) ask(n int) {
	members := []string{"reader", "moderator", "second-moderator", "admin", "owner"}
	commands := []string{"talks", "energy", "timeline", "sources"}
	body := fmt.Sprintf(`{"user":%q,"command":%q}`, members[n%len(members)], commands[n%len(commands)])
	var said struct {
		Kind  string  `json:"kind"`
		Error *string `json:"error"`
		AckMS int     `json:"ack_ms"`
	}
	response, err := http.Post(l.url+"/sandbox/interactions", "application/json", strings.NewReader(body))
	if err == nil {
		err = json.NewDecoder(response.Body).Decode(&said)
		_ = response.Body.Close() // it was read
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil || said.Error != nil || said.Kind != "message" {
		l.errors++
		return
	}
	l.acks = append(l.acks, said.AckMS)
}

func (l *load) report() {
	l.b.ReportMetric(float64(l.errors), "errors")
	if len(l.acks) == 0 {
		l.b.Error("no question was answered")
		return
	}
	slices.Sort(l.acks)
	l.b.ReportMetric(float64(l.acks[len(l.acks)/2]), "ack-p50-ms")
	l.b.ReportMetric(float64(l.acks[len(l.acks)*99/100]), "ack-p99-ms")
}

// processorTime is what a process has used so far, as Linux counts it in hundredths of a
// second; elsewhere it is always none.
func (p spawned) processorTime(tb testing.TB) time.Duration {
	tb.Helper()
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(p.process.Process.Pid), "stat"))
	if os.IsNotExist(err) {
		return 0
	}
	if err != nil {
		tb.Fatal(err)
	}
	_, after, _ := strings.Cut(string(stat), ") ") // the name before it may hold anything
	fields := strings.Fields(after)
	user, err := strconv.Atoi(fields[11])
	if err != nil {
		tb.Fatal(err)
	}
	system, err := strconv.Atoi(fields[12])
	if err != nil {
		tb.Fatal(err)
	}
	return time.Duration(user+system) * time.Second / 100
}
