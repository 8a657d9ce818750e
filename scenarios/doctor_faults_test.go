package scenarios

import (
	"database/sql"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // registers the driver "pgx"
	"github.com/redis/go-redis/v9"

	"sitrep/store"
	"sitrep/store/storetest"
	"sitrep/testenv"
)

// twisted is the sandbox's API with its replies changed on their way.
func twisted(t *testing.T, discord elsewhere, twist func(r *http.Response)) string {
	t.Helper()
	to, err := url.Parse(discord.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ModifyResponse = func(r *http.Response) error { twist(r); return nil }
	s := httptest.NewServer(proxy)
	t.Cleanup(s.Close)
	return "SITREP_DISCORD_API=" + s.URL + "/api"
}

// saying has another body in place of what a route replies.
func saying(route, body string) func(r *http.Response) {
	return func(r *http.Response) {
		if strings.HasSuffix(r.Request.URL.Path, route) {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
			r.Header.Del("Content-Length")
		}
	}
}

func TestDoctorOnDiscord(t *testing.T) {
	t.Parallel()
	discord := startSandbox(t)
	limits := func(shards, remaining string) func(*http.Response) {
		return saying("/gateway/bot", `{"url":"ws://127.0.0.1:1","shards":`+shards+`,"session_start_limit":{"total":1000,"remaining":`+remaining+`,"reset_after":3600000,"max_concurrency":1}}`)
	}
	clock := func(off time.Duration) func(*http.Response) {
		return func(r *http.Response) { r.Header.Set("Date", time.Now().Add(off).UTC().Format(http.TimeFormat)) }
	}
	for _, tt := range []struct {
		name   string
		twist  func(*http.Response)
		shards string
		says   string // empty where all is well
	}{
		{"nothing", func(*http.Response) {}, "", ""},
		{"a clock that is slow", clock(5 * time.Minute), "", "✗ Clock: this machine's is "},
		{"a clock that is fast", clock(-5 * time.Minute), "", "off Discord's; set it"},
		{"a clock that is a little off", clock(30 * time.Second), "", ""},
		{"no date", func(r *http.Response) { r.Header.Set("Date", "soon") }, "", "✗ Clock: "},
		{"no start left", limits("1", "0"), "", "✗ Gateway: no start is left of the day's 1000; wait 1h0m0s"},
		{"too few shards", limits("4", "900"), "", "✗ Gateway: Discord recommends 4 shards, and SITREP_SHARDS is for 1; set it to 0-3/4"},
		{"too few shards as set", limits("4", "900"), "0/2", "SITREP_SHARDS is for 2; set it to 0-3/4"},
		{"shards enough", limits("4", "900"), "1-2/4", ""},
		{"an endpoint without a key", saying("/applications/@me", `{"id":"1","name":"sitrep","interactions_endpoint_url":"https://bot.example/interactions"}`), "", "✗ Gateway: no interaction comes over it, for Discord sends them to https://bot.example/interactions; set DISCORD_PUBLIC_KEY"},
		{"words that are no JSON", saying("/gateway/bot", `<html>`), "", "✗ Gateway: "},
	} {
		code, said := finish(t, []string{"DISCORD_TOKEN=" + discord.Token, twisted(t, discord, tt.twist), "SITREP_SHARDS=" + tt.shards, "SITREP_DATA=" + filepath.Join(t.TempDir(), "data")}, "doctor")
		judgeDoctor(t, tt.name, code, said, tt.says, discord.Token)
	}
}

// judgeDoctor wants one fault told, none where says is empty, and no secret.
func judgeDoctor(t *testing.T, name string, code int, said, says string, secrets ...string) {
	t.Helper()
	if says == "" && (code != 0 || !strings.Contains(said, "All is well.")) {
		t.Errorf("%s: exit code %d, want that all is well:\n%s", name, code, said)
	}
	if says != "" && (code != 1 || !strings.Contains(said, says) || !strings.Contains(said, "1 fault to mend")) {
		t.Errorf("%s: exit code %d, want %q and no other fault in\n%s", name, code, says, said)
	}
	for _, secret := range secrets {
		if strings.Contains(said, secret) {
			t.Errorf("%s: a secret is told:\n%s", name, said)
		}
	}
}

func TestDoctorOnFiles(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	write := func(mode os.FileMode, text string, path ...string) string {
		t.Helper()
		name := filepath.Join(append([]string{folder}, path...)...)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return name
	}
	file := write(0o600, "", "file")
	broken := filepath.Dir(write(0o644, "items: [", "broken", "items.yaml"))
	open := filepath.Dir(write(0o644, "", "open", "sitrep.db"))
	noDatabase := filepath.Dir(write(0o600, "no database, but as long as a header of one would be, and then some more words, so that it is read", "none", "sitrep.db"))
	now, newer := filepath.Join(folder, "now"), filepath.Join(folder, "newer")
	migrated(t, "sqlite:"+filepath.Join(now, "sitrep.db"))
	if err := storetest.Renew(t.Context(), migrated(t, "sqlite:"+filepath.Join(newer, "sitrep.db"))); err != nil {
		t.Fatal(err)
	}
	locked := file
	if os.Geteuid() != 0 { // root may write everywhere
		locked = filepath.Join(folder, "locked")
		if err := os.Mkdir(locked, 0o500); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name, data, catalogue string
		says                  string
	}{
		{"nothing yet", filepath.Join(folder, "not", "there"), "", ""},
		{"a database", now, "", ""},
		{"a file in place of a folder", file, "", "✗ Folder: it can't be written ("},
		{"a file in place of a folder's folder", filepath.Join(file, "data"), "", "choose another with SITREP_DATA"},
		{"a folder that can't be written", locked, "", "✗ Folder: it can't be written ("},
		{"a folder to be made where nothing can be written", filepath.Join(locked, "data"), "", "✗ Folder: it can't be written ("},
		{"a file that everyone may read", open, "", "✗ Folder: everyone on this machine may read " + filepath.Join(open, "sitrep.db")},
		{"a file that is no database", noDatabase, "", "✗ Database: "},
		{"a database of a newer sitrep", newer, "", "✗ Database: a newer sitrep has brought it up to date; run that one here too"},
		{"a broken catalogue", now, broken, "✗ Catalogue: "},
	} {
		code, said := finish(t, []string{"SITREP_DATA=" + tt.data, "SITREP_CATALOGUE=" + tt.catalogue}, "doctor")
		judgeDoctor(t, tt.name, code, said, tt.says)
	}
	if _, err := os.Stat(filepath.Join(folder, "not")); err == nil {
		t.Error("the doctor made a folder")
	}
	if left, err := filepath.Glob(filepath.Join(folder, "*", ".doctor-*")); err != nil || len(left) > 0 {
		t.Errorf("the doctor left %v behind, %v", left, err)
	}
}

// migrated is the URL of a database that has all tables now.
func migrated(t *testing.T, url string) string {
	t.Helper()
	s, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return url
}

func TestDoctorOnASmallDisk(t *testing.T) {
	t.Parallel()
	disk := testenv.SmallDisk(t, 48)
	code, said := finish(t, []string{"SITREP_DATA=" + filepath.Join(disk.Folder, "data")}, "doctor")
	judgeDoctor(t, "little room", code, said, "MB are free on the disk of "+disk.Folder+"; make room until there are 100")
	disk.Fill()
	code, said = finish(t, []string{"SITREP_DATA=" + disk.Folder}, "doctor")
	judgeDoctor(t, "no room", code, said, "✗ Folder: 0 MB are free")
}

func TestDoctorOnPostgres(t *testing.T) {
	t.Parallel()
	plain := testenv.Postgres(t)
	with := func(option string) string { return plain + "&" + option }
	current, older, newer := migrated(t, testenv.Postgres(t)), migrated(t, testenv.Postgres(t)), migrated(t, testenv.Postgres(t))
	db, err := sql.Open("pgx", older)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), `DELETE FROM schema_versions WHERE version_id > 1`); err != nil {
		t.Fatal(err)
	}
	if err := storetest.Renew(t.Context(), newer); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, url string
		says      string // a fault, or after a ✓ that there is none
	}{
		{"before the first start", plain, "✓ Database: there is nothing in it yet; the first start makes its tables"},
		{"after it", current, "✓ Database: answers; 0 digests to come"},
		{"of an older sitrep", older, "✓ Database: an older sitrep wrote it; the next start brings it up to date"},
		{"of a newer sitrep", newer, "✗ Database: a newer sitrep has brought it up to date"},
		{"one that only reads", with("default_transaction_read_only=on"), "✗ Database: this Postgres only reads; let the database URL name the primary"},
		{"a schema that isn't there", with("search_path=nowhere"), "✗ Database: the tables are not there"},
		{"no such database", strings.Replace(plain, "/test_", "/other_", 1), "✗ Database: Postgres has no such database; create it"},
		{"nobody there", "postgres://sitrep:hunter2@127.0.0.1:1/sitrep", "✗ Database: the database can't be reached; check that it runs"},
		{"no such machine", "postgres://sitrep:hunter2@nowhere.invalid/sitrep", "✗ Database: the database can't be reached; check that it runs"},
	} {
		code, said := finish(t, []string{"SITREP_DATABASE_URL=" + tt.url, "SITREP_DATA=" + t.TempDir()}, "doctor")
		if !strings.Contains(said, tt.says) {
			t.Errorf("%s: want %q in\n%s", tt.name, tt.says, said)
		}
		if strings.HasPrefix(tt.says, "✓") {
			tt.says = ""
		}
		judgeDoctor(t, tt.name, code, said, tt.says, "hunter2")
	}
}

func TestDoctorOnRedis(t *testing.T) {
	t.Parallel()
	server := testenv.StartRedis(t)
	options, err := redis.ParseURL(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(options)
	defer client.Close()
	for _, tt := range []struct {
		name    string
		command []any
		says    string
	}{
		{"nothing", []any{"PING"}, ""},
		{"memory with a limit", []any{"CONFIG", "SET", "maxmemory", "20mb", "maxmemory-policy", "allkeys-lru"}, ""},
		{"memory that is full", []any{"CONFIG", "SET", "maxmemory", "1", "maxmemory-policy", "noeviction"}, "✗ Redis: the memory of Redis is full and it may drop nothing: raise its maxmemory"},
		{"a replica", []any{"REPLICAOF", "127.0.0.1", "1"}, "✗ Redis: this Redis only reads: let the Redis URL name the primary"},
		{"a password that is none", []any{"ACL", "SETUSER", "default", ">another"}, ""},
	} {
		if err := client.Do(t.Context(), tt.command...).Err(); err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		url := server.URL()
		if tt.name == "a password that is none" {
			url, tt.says = strings.Replace(url, options.Password, "hunter2", 1), "✗ Redis: Redis refused the user or the password"
		}
		code, said := finish(t, []string{"SITREP_REDIS_URL=" + url, "SITREP_DATA=" + t.TempDir()}, "doctor")
		judgeDoctor(t, tt.name, code, said, tt.says, options.Password, "hunter2")
	}
	client.Do(t.Context(), "REPLICAOF", "NO", "ONE")
}
