package scenarios

import (
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"sitrep/testenv"
)

func asks(t *testing.T, discord elsewhere, body string) string {
	t.Helper()
	return post(t, discord.URL+"/sandbox/interactions", body)
}

// saves has a moderator type a value for F5 into a form.
func saves(t *testing.T, discord elsewhere, value int) string {
	t.Helper()
	form := asks(t, discord, `{"user":"moderator","command":"desk edit","options":{"item":"F5"}}`)
	_, id, _ := strings.Cut(form, `"custom_id":"desk-save`)
	id, _, _ = strings.Cut(id, `"`)
	return asks(t, discord, fmt.Sprintf(`{"user":"moderator","modal":"desk-save%s","fields":{"value":"%d","op":"amend","reason":"counted again"}}`, id, value))
}

func says(t *testing.T, what, got string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("%s: got %s\nwant %q", what, got, w)
		}
	}
}

// A databaseAtFault is one that a test can keep from taking anything.
type databaseAtFault struct {
	setting string // of the environment
	spoil   func()
	mend    func()
	reason  string // in the log
}

func fullSQLite(t *testing.T) databaseAtFault {
	t.Helper()
	disk := testenv.SmallDisk(t, 64)
	return databaseAtFault{
		setting: "SITREP_DATA=" + filepath.Join(disk.Folder, "data"),
		spoil:   disk.Fill, mend: disk.Clear, reason: "the disk is full; make room on it",
	}
}

// readOnlyPostgres is what a failover leaves behind whose old primary is asked.
func readOnlyPostgres(t *testing.T) databaseAtFault {
	t.Helper()
	address := testenv.Postgres(t)
	at, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(at.Path, "/")
	at.Path = "/postgres"
	set := func(how string) {
		db, err := sql.Open("pgx", at.String())
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for _, text := range []string{
			`ALTER DATABASE ` + name + ` SET default_transaction_read_only = ` + how,
			`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '` + name + `'`,
		} {
			if _, err := db.ExecContext(t.Context(), text); err != nil {
				t.Fatal(err)
			}
		}
	}
	return databaseAtFault{
		setting: "SITREP_DATABASE_URL=" + address,
		spoil:   func() { set("on") }, mend: func() { set("off") }, reason: "this Postgres only reads; let the database URL name the primary",
	}
}

// A database that takes nothing keeps nobody from an answer: who wants to change
// something is told so and has what they typed before them, digests wait, and
// once it takes them again all goes on.
func TestDatabaseThatTakesNothing(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func(*testing.T) databaseAtFault{
		"SQLite on a full disk": fullSQLite, "Postgres that only reads": readOnlyPostgres,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := make(t)
			discord := startSandbox(t)
			bot := spawn(t, nil, "DISCORD_TOKEN="+discord.Token, "SITREP_DISCORD_API="+discord.URL+"/api",
				"SITREP_CLOCK="+discord.URL+"/sandbox/clock", "SITREP_DATA="+filepath.Join(t.TempDir(), "data"), database.setting)
			expect(t, bot, "ready http")
			says(t, "a digest", asks(t, discord, `{"user":"moderator","command":"digest add","options":{"at":"08:00"}}`), "Digest added")
			says(t, "saving", saves(t, discord, 701), "F5 is updated")

			database.spoil()
			says(t, "saving meanwhile", saves(t, discord, 702), "Nothing was saved yet", "takes no changes right now", "What you typed", "702", "counted again")
			says(t, "asking meanwhile", asks(t, discord, `{"user":"reader","command":"energy"}`), "701 attacks")
			says(t, "a picture meanwhile", asks(t, discord, `{"user":"reader","command":"positions"}`), `"filename"`, `"error":null`)
			says(t, "another digest meanwhile", asks(t, discord, `{"user":"moderator","command":"digest add","options":{"at":"09:00"}}`), "could not do that")
			post(t, discord.URL+"/sandbox/clock", `{"advance":"121m"}`) // it is 06:00
			if got := digestsIn(t, discord.URL); got != 0 {
				t.Errorf("%d digests meanwhile, want it to wait", got)
			}
			expect(t, bot, database.reason)

			database.mend()
			awaitTrue(t, "a change to be taken again", func() bool { return strings.Contains(saves(t, discord, 703), "F5 is updated") })
			says(t, "asking afterwards", asks(t, discord, `{"user":"reader","command":"energy"}`), "703 attacks")
			awaitTrue(t, "the digest", func() bool { advance(t, discord, "1s"); return digestsIn(t, discord.URL) > 0 })
			advance(t, discord, "24h")
			if got := digestsIn(t, discord.URL); got != 2 {
				t.Errorf("%d digests a day later, want 2", got)
			}
			_ = bot.process.Process.Signal(syscall.SIGTERM) // had it ended, its exit code would tell
			<-bot.exited
			if code := bot.process.ProcessState.ExitCode(); code != 0 || strings.Contains(bot.log.all(), "panic") {
				t.Errorf("it ended with %d, want 0 and no panic:\n%s", code, bot.log.tail())
			}
		})
	}
}

// A folder that can't be written ends it at the start, with what to do.
func TestDatabaseThatCannotBeWrittenAtTheStart(t *testing.T) {
	t.Parallel()
	folder, err := os.MkdirTemp("", "sitrep-nobody-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	path, err := exec.LookPath("sitrep")
	if err != nil {
		t.Fatal(err)
	}
	binary, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data, path := filepath.Join(folder, "data"), filepath.Join(folder, "sitrep")
	for _, err := range []error{os.WriteFile(path, binary, 0o600), os.Chmod(path, 0o755), os.Chmod(folder, 0o755), os.Mkdir(data, 0o600), os.Chmod(data, 0o555)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	script := `cd "$1" && exec "$2"`
	if os.Geteuid() == 0 { // who may write anywhere
		script = `cd "$1" && exec setpriv --reuid=65534 --regid=65534 --clear-groups "$2"`
	}
	bot := spawnCommand(t, exec.Command("/bin/sh", "-c", script, "sh", data, path), "SITREP_DATA="+data)
	<-bot.exited
	if code := bot.process.ProcessState.ExitCode(); code != 1 || !strings.Contains(bot.log.all(), "SITREP_DATA names the folder") {
		t.Errorf("exit code %d, want 1 and what to do:\n%s", code, bot.log.all())
	}
}

// With neither a database nor a Redis there is nothing to answer from.
func TestNothingToStartFrom(t *testing.T) {
	t.Parallel()
	const password = "hunter2hunter2"
	code, said := finish(t, []string{
		"DISCORD_TOKEN=MTIzNDU2Nzg5MDEyMzQ1Njc4.x.y", "SITREP_DISCORD_API=http://127.0.0.1:1/api", "SITREP_DATA=" + t.TempDir(),
		"SITREP_DATABASE_URL=postgres://sitrep:" + password + "@127.0.0.1:1/sitrep", "SITREP_REDIS_URL=redis://:" + password + "@127.0.0.1:1/0",
	})
	if code != 1 || !strings.Contains(said, "the database can't be reached") || !strings.Contains(said, "there is no Redis that could answer meanwhile") || strings.Contains(said, password) {
		t.Errorf("exit code %d, want 1, and both reasons without the password:\n%s", code, said)
	}
}

// A Redis that takes its time over every command takes none of the three
// seconds that Discord gives; neither does its coming back.
func TestSlowRedis(t *testing.T) {
	t.Parallel()
	for _, delay := range []time.Duration{400 * time.Millisecond, 2 * time.Second} {
		t.Run(delay.String(), func(t *testing.T) {
			t.Parallel()
			slow := newWire(t, testenv.Redis(t))
			discord := startSandbox(t)
			bot := spawnReady(t, "DISCORD_TOKEN="+discord.Token, "SITREP_DISCORD_API="+discord.URL+"/api",
				"SITREP_CLOCK="+discord.URL+"/sandbox/clock", "SITREP_REDIS_URL="+slow.url, "SITREP_DATA="+filepath.Join(t.TempDir(), "data"))
			asks(t, discord, `{"user":"moderator","command":"digest add","options":{"at":"08:00"}}`)
			slow.slow(delay)
			for n := range 6 {
				value := 700 + n
				says(t, "saving", saves(t, discord, value), "F5 is updated", `"error":null`)
				says(t, "asking", asks(t, discord, `{"user":"reader","command":"energy"}`), fmt.Sprintf("%d attacks", value), `"error":null`)
				says(t, "a picture", asks(t, discord, `{"user":"reader","command":"positions"}`), `"filename"`, `"error":null`)
				says(t, "completing", asks(t, discord, `{"user":"reader","command":"actors","options":{"name":"zel"},"focused":"name"}`), "Zelensk", `"error":null`)
			}
			advance(t, discord, "121m")
			slow.slow(0)
			says(t, "asking afterwards", asks(t, discord, `{"user":"reader","command":"energy"}`), "705 attacks")
			advance(t, discord, "24h")
			if got := digestsIn(t, discord.URL); got != 2 {
				t.Errorf("%d digests in two days, want 2", got)
			}
			if strings.Contains(bot.log.all(), "level=ERROR") {
				t.Errorf("the log holds errors:\n%s", bot.log.tail())
			}
		})
	}
}

// A token that Discord takes no more, while sitrep runs with an endpoint:
// questions are answered as before, what needs the token waits, nobody insists,
// and all goes on once the token is taken again.
func TestTokenRevokedWithAnEndpoint(t *testing.T) {
	t.Parallel()
	discord := startSandbox(t)
	door := newFront(t, discord)
	bot := spawnReady(t, "DISCORD_TOKEN="+discord.Token, "DISCORD_PUBLIC_KEY="+discord.Key, "SITREP_DISCORD_API="+door.URL+"/api",
		"SITREP_CLOCK="+discord.URL+"/sandbox/clock", "SITREP_DATA="+filepath.Join(t.TempDir(), "data"))
	balancer := newBalancer(t)
	balancer.over(t, bot)
	endpointOf(t, discord, balancer.URL)
	asks(t, discord, `{"user":"moderator","command":"digest add","options":{"at":"08:00"}}`)
	refuse := func(w http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get("Authorization") == "" {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"message":"401: Unauthorized","code":0}`)
		return true
	}
	door.meet(refuse)
	post(t, discord.URL+"/sandbox/clock", `{"advance":"121m"}`)
	expect(t, bot, "Discord refuses the token: set a new DISCORD_TOKEN")
	for range 20 {
		says(t, "asking meanwhile", asks(t, discord, `{"user":"reader","command":"energy"}`), "612 attacks", `"error":null`)
		says(t, "a picture meanwhile", asks(t, discord, `{"user":"reader","command":"positions"}`), `"filename"`, `"error":null`)
	}
	refused := 0
	for _, request := range door.requests() {
		if !strings.Contains(request, "/interactions/") && !strings.Contains(request, "/webhooks/") {
			refused++
		}
	}
	if refused == 0 || refused > 5 {
		t.Errorf("%d requests with a token that is refused, want one or two a minute", refused)
	}
	if got := digestsIn(t, discord.URL); got != 0 {
		t.Errorf("%d digests meanwhile, want it to wait", got)
	}
	door.meet(nil)
	for deadline := time.Now().Add(4 * patience); digestsIn(t, discord.URL) == 0 && time.Now().Before(deadline); {
		time.Sleep(100 * time.Millisecond)
	}
	if got := digestsIn(t, discord.URL); got != 1 {
		t.Errorf("%d digests once the token is taken again, want the one that waited", got)
	}
	expect(t, bot, "Discord takes the token again")
}

// A token that is revoked while the gateway is open ends sitrep, with what to do.
func TestTokenRevokedWithAGateway(t *testing.T) {
	t.Parallel()
	discord := startSandbox(t)
	bot := spawnReady(t, "DISCORD_TOKEN="+discord.Token, "SITREP_DISCORD_API="+discord.URL+"/api", "SITREP_DATA="+filepath.Join(t.TempDir(), "data"))
	// https://github.com/discord/discord-api-docs/issues/6970: 4003, and 4004 to whoever comes back
	fetch(t, http.MethodPut, discord.URL+"/sandbox/faults", `[{"match":"RESUME","close":4004},{"match":"IDENTIFY","close":4004},{"match":"NOW","close":4003}]`)
	select {
	case <-bot.exited:
	case <-time.After(patience):
		t.Fatalf("it goes on:\n%s", bot.log.tail())
	}
	if code := bot.process.ProcessState.ExitCode(); code != 1 || !strings.Contains(bot.log.all(), "Discord refused the token: check DISCORD_TOKEN") {
		t.Errorf("exit code %d, want 1 and what to do:\n%s", code, bot.log.tail())
	}
}
