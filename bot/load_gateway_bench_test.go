//go:build unix

package bot

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
)

// elsewhere is a sandbox in a process of its own, so that its work isn't counted.
type elsewhere struct {
	URL   string `json:"base_url"`
	Token string `json:"token"`
}

func startElsewhere(b *testing.B) elsewhere {
	b.Helper()
	path := filepath.Join(b.TempDir(), "sitrep")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", path, "sitrep").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(b.Context()))
	c := exec.CommandContext(ctx, path, "sandbox")
	c.Env = append(os.Environ(), "SITREP_LISTEN=127.0.0.1:0", "SITREP_DATA="+b.TempDir())
	out, err := c.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		cancel()
		_ = c.Wait() // it was killed
	})
	var e elsewhere
	if err := json.NewDecoder(out).Decode(&e); err != nil {
		b.Fatal(err)
	}
	return e
}

// ask has a member ask for the talks, and returns how long the acknowledgement took.
func (e elsewhere) ask(b *testing.B) time.Duration {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, e.URL+"/sandbox/interactions", strings.NewReader(`{"user":"reader","command":"talks"}`))
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	begun := time.Now()
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	var got seen
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil || got.Error != "" || got.Kind != "message" {
		b.Fatalf("got %+v, %v", got, err)
	}
	return time.Since(begun)
}

// BenchmarkGateway compares /talks over the gateway with a bare bot on discordgo
// that answers every interaction with the same text: per answer, the processor
// time and the allocations of the bot and of the benchmark's own request, and how
// long a member waits. The sandbox is another process.
func BenchmarkGateway(b *testing.B) {
	e := startElsewhere(b)
	spent := map[string]time.Duration{}
	for _, tt := range []struct {
		name  string
		start func(b *testing.B, e elsewhere) (stop func())
	}{{"sitrep", startSitrep}, {"echo", startEcho}} { // sitrep registers the command
		b.Run(tt.name, func(b *testing.B) {
			defer tt.start(b, e)()
			e.ask(b)
			b.ReportAllocs()
			var took []time.Duration
			before := processorTime(b)
			for b.Loop() {
				took = append(took, e.ask(b))
			}
			spent[tt.name] = (processorTime(b) - before) / time.Duration(len(took))
			slices.Sort(took)
			b.ReportMetric(float64(spent[tt.name].Nanoseconds())/1000, "cpu-µs/op")
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
			if echo := spent["echo"]; echo > 0 {
				b.ReportMetric(float64(spent["sitrep"])/float64(echo), "sitrep/echo-cpu")
			}
		})
	}
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func startSitrep(b *testing.B, e elsewhere) (stop func()) {
	b.Helper()
	desk := loadedDesk(b)
	ready, ended := make(chan struct{}), make(chan error, 1)
	bot, err := New(Options{
		Token: e.Token, API: e.URL + "/api", Book: desk.Book, Seen: realCache(b), Limits: Limits{Person: 1_000_000, Server: 1_000_000}, Log: slog.New(slog.DiscardHandler),
		Observer: unheard{}, Settings: desk.Briefings.Settings, Ready: func() { close(ready) },
	})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(b.Context()))
	go func() { ended <- bot.Run(ctx, desk.All(), nil) }()
	<-ready
	return func() {
		cancel()
		if err := <-ended; err != nil {
			b.Error(err)
		}
	}
}

// redirected sends discordgo to another Discord, and does nothing else.
type redirected struct{ host string }

func (r redirected) RoundTrip(q *http.Request) (*http.Response, error) {
	q = q.Clone(q.Context())
	q.URL.Scheme, q.URL.Host, q.Host = "http", r.host, r.host
	return http.DefaultTransport.RoundTrip(q)
}

func startEcho(b *testing.B, e elsewhere) (stop func()) {
	b.Helper()
	echo, err := discordgo.New("Bot " + e.Token)
	if err != nil {
		b.Fatal(err)
	}
	echo.Client = &http.Client{Transport: redirected{strings.TrimPrefix(e.URL, "http://")}}
	echo.Identify.Intents = discordgo.IntentsGuilds
	ready := make(chan struct{}, 1)
	echo.AddHandler(func(*discordgo.Session, *discordgo.Ready) { ready <- struct{}{} })
	echo.AddHandler(func(s *discordgo.Session, i *discordgo.InteractionCreate) {
		if err := s.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{
			Type: discordgo.InteractionResponseChannelMessageWithSource,
			Data: &discordgo.InteractionResponseData{Content: strings.Repeat("echo ", 300), Flags: discordgo.MessageFlagsEphemeral},
		}); err != nil {
			b.Error(err)
		}
	})
	if err := echo.Open(); err != nil {
		b.Fatal(err)
	}
	<-ready
	return func() {
		if err := echo.Close(); err != nil {
			b.Error(err)
		}
	}
}
