package scenarios

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"sitrep/briefings"
	"sitrep/briefings/catalogue"
	"sitrep/cache"
	"sitrep/store"
	"sitrep/testenv"
)

// BenchmarkScaleStart starts sitrep, in a process of its own and with a real
// Postgres and Redis, for a bot that is in many servers: until it is ready, until
// it is done with all that comes with the servers, and what it takes once each
// was asked. Of the servers none or all have a change of their own, and where all
// have, each hundredth a section.
func BenchmarkScaleStart(b *testing.B) {
	for _, tt := range []struct {
		name            string
		changed, signed bool
	}{{"gateway/changed=0", false, false}, {"gateway/changed=all", true, false}, {"endpoint/changed=0", false, true}} {
		b.Run(fmt.Sprintf("%s/servers=%d", tt.name, *scaleServers), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				c := newCrowd(b, tt.changed)
				b.StartTimer()
				c.start(tt.signed)
				c.rest()
				c.askAll(tt.signed)
			}
		})
	}
}

// A crowd is a bot that is in many servers.
type crowd struct {
	b        *testing.B
	discord  elsewhere
	front    string // the API, through whoever counts requests
	requests atomic.Int64
	guilds   []string
	database string
	db       *sql.DB
	redis    *url.URL
	bot      spawned
}

func newCrowd(b *testing.B, changed bool) *crowd {
	b.Helper()
	c := &crowd{b: b, discord: startSandbox(b), database: testenv.Postgres(b)}
	var made struct{ Guilds []string }
	said := post(b, c.discord.URL+"/sandbox/guilds", fmt.Sprintf(`{"name":"Server","count":%d}`, *scaleServers))
	if err := json.Unmarshal([]byte(said), &made); err != nil || len(made.Guilds) != *scaleServers {
		b.Fatalf("got %.300s, %v, want %d servers", said, err, *scaleServers)
	}
	c.guilds = made.Guilds
	var err error
	if c.redis, err = url.Parse(testenv.Redis(b)); err != nil {
		b.Fatal(err)
	}
	target, err := url.Parse(c.discord.URL)
	if err != nil {
		b.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.requests.Add(1)
		proxy.ServeHTTP(w, r)
	}))
	b.Cleanup(server.Close)
	c.front = server.URL
	if c.db, err = sql.Open("pgx", c.database); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { closed(b, c.db.Close) })
	c.record(changed)
	return c
}

// record makes the database of a bot that has run before.
func (c *crowd) record(changed bool) {
	c.b.Helper()
	record, err := store.Open(c.b.Context(), c.database)
	if err != nil {
		c.b.Fatal(err)
	}
	defer func() { closed(c.b, record.Close) }()
	if !changed {
		return
	}
	items, err := catalogue.Read(catalogue.Bundled(), catalogue.RecordedAt())
	if err != nil {
		c.b.Fatal(err)
	}
	memory, err := cache.Open(cache.Embedded, slog.New(slog.DiscardHandler))
	if err != nil {
		c.b.Fatal(err)
	}
	defer func() { closed(c.b, memory.Close) }()
	loaded := briefings.Loaded{Items: items, Edition: catalogue.Edition(), RecordedAt: catalogue.RecordedAt()}
	service := briefings.NewService(record, memory, loaded, time.Now, slog.New(slog.DiscardHandler))
	if err := service.Follow(c.b.Context()); err != nil {
		c.b.Fatal(err)
	}
	change(c.b, service, "item", "It is another text.", items[len(items)-1].Head().ID)
	section := &briefings.Section{Envelope: briefings.Envelope{ID: "section/harbour", Refs: []string{"H1"}}, Command: "harbour", Title: "Harbour", Bluf: "It is open.", Order: 90}
	if _, err := service.Publish(c.b.Context(), briefings.Batch{Desk: "section", By: "42", Changes: []briefings.Change{{Op: briefings.OpCreate, Item: section}}}); err != nil {
		c.b.Fatal(err)
	}
	for i, guild := range c.guilds {
		like := "item"
		if i%100 == 0 {
			like = "section"
		}
		c.exec(`INSERT INTO desks (desk, rev, recorded_at) SELECT $1, rev, recorded_at FROM desks WHERE desk = $2`, guild, like)
		c.exec(`INSERT INTO revisions (desk, rev, item, place, op, body, reason, recorded_at, recorded_by, approved_by, edition)
			SELECT $1, rev, item, place, op, body, reason, recorded_at, recorded_by, approved_by, edition FROM revisions WHERE desk = $2`, guild, like)
	}
}

func (c *crowd) exec(text string, args ...any) {
	c.b.Helper()
	if _, err := c.db.ExecContext(c.b.Context(), text, args...); err != nil {
		c.b.Fatalf("%s: %v", text, err)
	}
}

// start reports how long it takes until the bot is ready, and until it is done
// with what comes with the servers.
func (c *crowd) start(signed bool) {
	c.b.Helper()
	environ := []string{
		"DISCORD_TOKEN=" + c.discord.Token, "SITREP_DISCORD_API=" + c.front + "/api", "SITREP_DATA=" + filepath.Join(c.b.TempDir(), "data"),
		"SITREP_DATABASE_URL=" + c.database, "SITREP_REDIS_URL=" + c.redis.String(),
	}
	if signed {
		environ = append(environ, "DISCORD_PUBLIC_KEY="+c.discord.Key)
	} else if shards := (len(c.guilds) + 1999) / 2000; shards > 1 { // Discord takes 2,500 servers in one
		environ = append(environ, fmt.Sprintf("SITREP_SHARDS=0-%d/%d", shards-1, shards))
	}
	c.requests.Store(0)
	begun := time.Now()
	c.bot = spawn(c.b, nil, environ...)
	if _, err := c.bot.log.await("ready http", c.bot.exited); err != nil {
		c.b.Fatal(err)
	}
	c.b.ReportMetric(time.Since(begun).Seconds(), "ready-s")
	used, quiet := c.bot.processorTime(c.b), time.Now()
	requests := c.requests.Load()
	for time.Since(quiet) < time.Second {
		time.Sleep(100 * time.Millisecond)
		now, sent := c.bot.processorTime(c.b), c.requests.Load()
		if now-used > 20*time.Millisecond || sent > requests { // what it uses while nothing is to be done is less
			quiet = time.Now()
		}
		used, requests = now, sent
	}
	c.b.ReportMetric(quiet.Sub(begun).Seconds(), "settled-s")
	c.b.ReportMetric(used.Seconds(), "start-cpu-s")
	c.b.ReportMetric(float64(requests), "start-requests")
	c.memory("start-")
}

// memory reports what the process has of the machine's memory, and what of that
// is in use.
func (c *crowd) memory(when string) {
	c.b.Helper()
	c.b.ReportMetric(resident(c.b, c.bot.process.Process.Pid), when+"MB")
	c.b.ReportMetric(c.metric("go_memstats_heap_inuse_bytes")/1e6, when+"heap-MB")
	c.b.ReportMetric(c.metric("go_goroutines"), when+"goroutines")
}

func (c *crowd) metric(name string) float64 {
	c.b.Helper()
	response, err := http.Get(c.bot.log.address() + "/metrics")
	if err != nil {
		c.b.Fatal(err)
	}
	defer response.Body.Close()
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		if value, found := strings.CutPrefix(lines.Text(), name+" "); found {
			n, err := strconv.ParseFloat(value, 64)
			if err != nil {
				c.b.Fatal(err)
			}
			return n
		}
	}
	c.b.Fatalf("there is no metric %s", name)
	return 0
}

// rest reports what some seconds take in which nothing happens.
func (c *crowd) rest() {
	c.b.Helper()
	seconds := min(10, 2+float64(*scaleServers)/1000)
	cpu, tx, told, requests := c.bot.processorTime(c.b), c.transactions(), c.redisInfo("total_commands_processed"), c.requests.Load()
	time.Sleep(time.Duration(seconds * float64(time.Second)))
	c.b.ReportMetric(float64((c.bot.processorTime(c.b)-cpu).Milliseconds())/seconds, "idle-cpu-ms/s")
	c.b.ReportMetric((c.transactions()-tx)/seconds, "idle-transactions/s")
	c.b.ReportMetric((c.redisInfo("total_commands_processed")-told)/seconds, "idle-redis/s")
	c.b.ReportMetric(float64(c.requests.Load()-requests)/seconds, "idle-requests/s")
	var connections float64
	if err := c.db.QueryRowContext(c.b.Context(), `SELECT COUNT(*) - 1 FROM pg_stat_activity WHERE datname = current_database()`).Scan(&connections); err != nil {
		c.b.Fatal(err)
	}
	c.b.ReportMetric(connections, "connections")
	c.b.ReportMetric(c.redisInfo("connected_clients")-1, "redis-connections")
}

func (c *crowd) transactions() (n float64) {
	c.b.Helper()
	if err := c.db.QueryRowContext(c.b.Context(), `
		SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()`).Scan(&n); err != nil {
		c.b.Fatal(err)
	}
	return n
}

// redisInfo is a number that Redis tells of itself.
func (c *crowd) redisInfo(name string) float64 {
	c.b.Helper()
	conn, err := net.Dial("tcp", c.redis.Host)
	if err != nil {
		c.b.Fatal(err)
	}
	defer conn.Close()
	password, _ := c.redis.User.Password()
	if _, err := fmt.Fprintf(conn, "AUTH %s\r\nINFO everything\r\nQUIT\r\n", password); err != nil {
		c.b.Fatal(err)
	}
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		if value, found := strings.CutPrefix(lines.Text(), name+":"); found {
			n, err := strconv.ParseFloat(value, 64)
			if err != nil {
				c.b.Fatal(err)
			}
			return n
		}
	}
	c.b.Fatalf("Redis tells no %s", name)
	return 0
}

// askAll asks in every server once, and reports what that takes of the bot and
// what it then holds.
func (c *crowd) askAll(signed bool) {
	c.b.Helper()
	if signed {
		endpointOf(c.b, c.discord, c.bot.log.address())
	}
	before, kept, told := c.bot.processorTime(c.b), c.redisInfo("used_memory"), c.redisInfo("total_commands_processed")
	var all errgroup.Group
	all.SetLimit(4)
	for _, guild := range c.guilds {
		all.Go(func() error {
			if got := asked(c.b, c.discord, fmt.Sprintf(`{"guild":%q,"user":"reader","command":"talks"}`, guild)); got.Kind != "message" || got.Error != nil {
				return fmt.Errorf("server %s: got %+v, want an answer", guild, got)
			}
			return nil
		})
	}
	if err := all.Wait(); err != nil {
		c.b.Fatal(err)
	}
	n := float64(len(c.guilds))
	c.b.ReportMetric(float64((c.bot.processorTime(c.b)-before).Microseconds())/n, "first-cpu-µs/server")
	c.b.ReportMetric((c.redisInfo("used_memory")-kept)/n, "redis-B/server")
	c.b.ReportMetric((c.redisInfo("total_commands_processed")-told)/n, "redis-commands/server")
	c.memory("asked-")
}
