package scenarios

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"sitrep/testenv"
)

const (
	// tokensBegin is how every interaction's token begins, as Discord's do.
	tokensBegin = "aW50ZXJhY3Rpb246"
	// typed is in everything that a member types here.
	typed = "typedbysomebody"
)

// A listener in on a front collects the tokens that interactions come with, and
// has Discord misbehave.
type eavesdropper struct {
	mu     sync.Mutex
	tokens map[string]bool
	mood   func(w http.ResponseWriter, r *http.Request) bool
}

var tokenInPath = regexp.MustCompile(`/(?:interactions|webhooks)/[0-9]+/([^/]+)`)

func (e *eavesdropper) hear(w http.ResponseWriter, r *http.Request) bool {
	e.mu.Lock()
	if found := tokenInPath.FindStringSubmatch(r.URL.Path); found != nil {
		e.tokens[found[1]] = true
	}
	mood := e.mood
	e.mu.Unlock()
	return mood != nil && mood(w, r)
}

func (e *eavesdropper) turn(mood func(w http.ResponseWriter, r *http.Request) bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.mood = mood
}

// passing notes the tokens of interactions on their way to an endpoint.
func (e *eavesdropper) passing(to http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // Discord hung up
		}
		var in struct{ Token string }
		if json.Unmarshal(body, &in) == nil && in.Token != "" {
			e.mu.Lock()
			e.tokens[in.Token] = true
			e.mu.Unlock()
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		to.ServeHTTP(w, r)
	})
}

// moods are what Discord, or what is before it, may answer; each holds the
// secrets of the request where it can.
func moods(token string) map[string]func(w http.ResponseWriter, r *http.Request) bool {
	say := func(status int, kind, body string, header ...string) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, r *http.Request) bool {
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			fmt.Fprintf(w, body, r.URL.Path+" "+token)
			return true
		}
	}
	const limited = `{"message":"You are being rate limited: %s","retry_after":0.3,"global":false}`
	return map[string]func(http.ResponseWriter, *http.Request) bool{
		"429 of the route":  say(429, "application/json", limited, "X-RateLimit-Scope", "user", "Retry-After", "1"),
		"429 of all shared": say(429, "application/json", limited, "X-RateLimit-Scope", "shared", "Retry-After", "1"),
		"429 of all":        say(429, "application/json", "%.0s", "X-RateLimit-Global", "true", "Retry-After", "1"),
		"429 as a page":     say(429, "text/html", "<html>Error 1015 %s</html>", "Retry-After", "1"),
		"a refusal":         say(400, "application/json", `{"code":50035,"message":"no such %s"}`),
		"401":               say(401, "application/json", `{"code":50027,"message":"Invalid Webhook Token %s"}`),
		"403 of a page":     say(403, "text/html", "<html>%s</html>"),
		"a fault":           say(500, "text/plain", "Post \"https://discord.com%s\": EOF"),
		"502":               say(502, "text/html", "<html>%s</html>"),
		"a proxy's timeout": say(408, "text/plain", "Post \"https://discord.com%s\": context deadline exceeded"),
		"no JSON":           say(200, "application/json", "<html>%s"),
		"a cut":             func(http.ResponseWriter, *http.Request) bool { panic(http.ErrAbortHandler) },
	}
}

// a step of a member; what comes of it is for other tests.
func acts(t *testing.T, discord elsewhere, what map[string]any) (got struct {
	Message struct {
		ID         string
		Components json.RawMessage
	}
	Modal struct {
		CustomID string `json:"custom_id"`
	}
},
) {
	t.Helper()
	body, err := json.Marshal(what)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(asks(t, discord, string(body))), &got); err != nil {
		t.Fatal(err)
	}
	return got
}

// everyday is what members do: asking, forms, files, reports, mistakes.
func everyday(t *testing.T, discord elsewhere) {
	t.Helper()
	type options = map[string]any
	command := func(user, name string, o options) map[string]any {
		return options{"user": user, "command": name, "options": o}
	}
	talks := acts(t, discord, command("reader", "talks", nil))
	acts(t, discord, command("reader", "positions", nil)) // a picture
	acts(t, discord, command("reader", "search", options{"query": typed}))
	acts(t, discord, command("reader", "actors", options{"name": typed}))
	acts(t, discord, options{"user": "reader", "command": "actors", "options": options{"name": typed}, "focused": "name"})
	acts(t, discord, command("moderator", "digest add", options{"at": "08:00", "zone": typed}))
	acts(t, discord, command("moderator", "digest add", options{"at": "08:00"}))
	acts(t, discord, command("moderator", "desk import", options{"file": options{"filename": "desk.yaml", "base64": "dHlwZWRieXNvbWVib2R5OiBbCg=="}}))
	if form := acts(t, discord, command("moderator", "desk edit", options{"item": "F5"})); form.Modal.CustomID != "" {
		acts(t, discord, options{"user": "moderator", "modal": form.Modal.CustomID, "fields": options{"value": "640", "op": "amend", "reason": typed}})
		acts(t, discord, options{"user": "moderator", "modal": form.Modal.CustomID, "fields": options{"value": typed, "op": "amend", "reason": typed}})
	}
	if _, id, there := strings.Cut(string(talks.Message.Components), `"custom_id":"report:`); there {
		id, _, _ = strings.Cut(id, `"`)
		form := acts(t, discord, options{"user": "reader", "message": talks.Message.ID, "custom_id": "report:" + id})
		if form.Modal.CustomID != "" {
			acts(t, discord, options{"user": "reader", "modal": form.Modal.CustomID, "fields": options{"text": typed}})
		}
	}
	var written struct{ ID string }
	if json.Unmarshal([]byte(post(t, discord.URL+"/sandbox/channels/briefings/messages", `{"user":"reader","content":"`+typed+`"}`)), &written) == nil {
		acts(t, discord, options{"user": "moderator", "menu": "Brief this", "message": written.ID})
	}
}

// Whatever goes wrong, what sitrep prints at its most talkative holds neither
// tokens nor passwords nor what people typed.
func TestNothingPrintedIsSecret(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"gateway", "endpoint"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			discord := startSandbox(t)
			door, ear := newFront(t, discord), &eavesdropper{tokens: map[string]bool{}}
			door.meet(ear.hear)
			const password, option = "hunter2-of-postgres", "secretapplication"
			at, err := url.Parse(testenv.Postgres(t))
			if err != nil {
				t.Fatal(err)
			}
			at.User = url.UserPassword(at.User.Username(), password)
			at.RawQuery += "&application_name=" + option
			redis := testenv.StartRedis(t)
			behind, err := url.Parse(redis.URL())
			if err != nil {
				t.Fatal(err)
			}
			redisPassword, _ := behind.User.Password()
			database, memory := newWire(t, at.String()), newWire(t, redis.URL())
			environ := []string{
				"SITREP_LOG=json,debug", "DISCORD_TOKEN=" + discord.Token, "SITREP_DISCORD_API=" + door.URL + "/api", "SITREP_CLOCK=" + discord.URL + "/sandbox/clock",
				"SITREP_DATABASE_URL=" + database.url, "SITREP_REDIS_URL=" + memory.url, "SITREP_DATA=" + filepath.Join(t.TempDir(), "data"),
			}
			if mode == "endpoint" {
				environ = append(environ, "DISCORD_PUBLIC_KEY="+discord.Key)
			}
			bot := spawnReady(t, environ...)
			if mode == "endpoint" {
				spread := newBalancer(t)
				spread.over(t, bot)
				hearing := httptest.NewServer(ear.passing(spread.Config.Handler))
				t.Cleanup(hearing.Close)
				endpointOf(t, discord, hearing.URL)
			}
			printed := walkThroughFaults(t, discord, bot, ear, database, memory, redis)
			for _, args := range [][]string{{"check"}, {"doctor"}, {"rehearse"}, {"backup", filepath.Join(t.TempDir(), "b")}, {"ask", "--guild", "1", "/talks"}} {
				_, said := finish(t, slices.Concat(environ, []string{"SITREP_DISCORD_API=http://127.0.0.1:1/api"}), args...)
				printed = append(printed, said)
			}
			secrets := []string{discord.Token, tokensBegin, password, option, redisPassword, typed}
			for token := range ear.tokens {
				secrets = append(secrets, token)
			}
			if len(ear.tokens) < 20 {
				t.Errorf("%d tokens were heard, want those of every interaction", len(ear.tokens))
			}
			for _, text := range printed {
				for line := range strings.Lines(text) {
					for _, secret := range secrets {
						if strings.Contains(line, secret) || strings.Contains(line, url.QueryEscape(secret)) {
							t.Errorf("%q is printed: %s", secret, line)
						}
					}
				}
			}
		})
	}
}

// walkThroughFaults has everything fail that can, and returns what was printed
// once sitrep has ended.
func walkThroughFaults(t *testing.T, discord elsewhere, bot spawned, ear *eavesdropper, database, memory *wire, redis *testenv.RedisServer) []string {
	t.Helper()
	everyday(t, discord)
	for _, mood := range moods(discord.Token) {
		ear.turn(mood)
		for _, name := range []string{"talks", "positions"} {
			acts(t, discord, map[string]any{"user": "reader", "command": name})
		}
		post(t, discord.URL+"/sandbox/clock", `{"advance":"1s"}`)
	}
	ear.turn(nil)
	everyday(t, discord)
	post(t, discord.URL+"/sandbox/clock", `{"advance":"24h"}`) // digests
	memory.cut(true)
	redis.Stop()
	everyday(t, discord)
	database.cut(true)
	everyday(t, discord)
	post(t, discord.URL+"/sandbox/clock", `{"advance":"24h"}`)
	redis.Start()
	memory.cut(false)
	database.cut(false)
	everyday(t, discord)
	for _, line := range []string{"redis is away", "the database is out of reach", "an answer did not get there"} {
		if !strings.Contains(bot.log.all(), line) {
			t.Errorf("the log lacks %q, so what goes with it was not tried", line)
		}
	}
	_ = bot.process.Process.Signal(syscall.SIGTERM) // had it ended, its exit code would tell
	<-bot.exited
	if code := bot.process.ProcessState.ExitCode(); code != 0 {
		t.Errorf("exit code %d, want 0:\n%s", code, bot.log.tail())
	}
	return []string{bot.log.all()}
}
