package scenarios

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"sitrep/testenv"
)

// finish runs a sitrep that ends by itself, and returns its exit code, and all that it said.
func finish(t *testing.T, environ []string, args ...string) (code int, said string) {
	t.Helper()
	command := exec.Command("sitrep", args...)
	command.Dir = t.TempDir()
	command.Env = append(append(os.Environ(), "SITREP_LISTEN=127.0.0.1:0"), environ...)
	out, err := command.CombinedOutput()
	if err != nil && command.ProcessState == nil {
		t.Fatal(err)
	}
	return command.ProcessState.ExitCode(), string(out)
}

// The doctor and the rehearsal look at a bot that runs beside them.
func TestDoctorAndRehearsal(t *testing.T) {
	t.Parallel()
	discord := startSandbox(t)
	redis := testenv.StartRedis(t)
	environ := []string{
		"DISCORD_TOKEN=" + discord.Token, "SITREP_DISCORD_API=" + discord.URL + "/api", "SITREP_CLOCK=" + discord.URL + "/sandbox/clock",
		"SITREP_REDIS_URL=" + redis.URL(), "SITREP_DATA=" + t.TempDir(),
	}
	bot := spawn(t, nil, environ...)
	if _, err := bot.log.await("ready http", bot.exited); err != nil {
		t.Fatal(err)
	}
	post(t, discord.URL+"/sandbox/interactions", `{"user":"moderator","channel":"digests","command":"digest add","options":{"at":"08:00","zone":"Europe/Kyiv"}}`)
	var state struct{ Guilds []struct{ ID string } }
	if err := json.Unmarshal([]byte(fetch(t, "GET", discord.URL+"/sandbox/state", "")), &state); err != nil {
		t.Fatal(err)
	}
	patch := func(how string) {
		fetch(t, "PATCH", discord.URL+"/sandbox/guilds/"+state.Guilds[0].ID, `{"channels":[{"channel":"digests",`+how+`}]}`)
	}
	for _, tt := range []struct {
		name  string
		spoil func() []string // returns settings
		code  int
		says  []string
	}{
		{"all is well", func() []string { return nil }, 0, []string{
			"✓ Settings: sound", "✓ Database: answers; 1 digest to come", "✓ Redis: answers", "✓ Token: Discord knows it as sitrep",
			"✓ Gateway:", "✓ Clock: right", "✓ Digests: 1 digest may be posted", "oauth2/authorize?client_id=", "All is well.",
		}},
		{"an operator's channel", func() []string { return []string{"SITREP_OPERATOR_CHANNEL=" + channelNamed(t, discord, "briefings")} }, 0, []string{"✓ Operator: told in #briefings"}},
		{"one that isn't there", func() []string { return []string{"SITREP_OPERATOR_CHANNEL=123456789012345678"} }, 1, []string{"✗ Operator: the channel of SITREP_OPERATOR_CHANNEL can't be looked up", "1 fault to mend"}},
		{"an endpoint that Discord doesn't know", func() []string { return []string{"DISCORD_PUBLIC_KEY=" + discord.Key} }, 1, []string{"✗ Endpoint: Discord knows of none", "1 fault to mend"}},
		{"no right to write", func() []string { patch(`"overwrites":[{"role":"@everyone","deny":"2048"}]`); return nil }, 1, []string{
			"✗ Digests: digest ", "the bot lacks Send Messages", "1 fault to mend",
		}},
		{"an operator's channel without the right to write", func() []string { return []string{"SITREP_OPERATOR_CHANNEL=" + channelNamed(t, discord, "digests")} }, 1, []string{"✗ Operator: the bot may not write", "2 faults to mend"}},
		{"no right to see", func() []string { patch(`"overwrites":[{"role":"@everyone","deny":"1024"}]`); return nil }, 1, []string{"the bot lacks View Channel"}},
		{"another token", func() []string { return []string{"DISCORD_TOKEN=MTIzNDU2Nzg5MDEyMzQ1Njc4.x.wrong"} }, 1, []string{"✗ Token:", "check DISCORD_TOKEN"}},
		{"another application's key", func() []string {
			patch(`"overwrites":[{"role":"@everyone"}]`)
			return []string{"DISCORD_PUBLIC_KEY=" + strings.Repeat("ab", 32)}
		}, 1, []string{"✗ Endpoint: DISCORD_PUBLIC_KEY is that of another application"}},
		{"the channel is gone", func() []string { patch(`"delete":true`); return nil }, 1, []string{"the channel is gone; remove the digest"}},
		{"Redis is away", func() []string { redis.Stop(); return nil }, 1, []string{"✗ Redis: Redis can't be reached: check that it runs and that the Redis URL names it"}},
		{"nothing is right", func() []string {
			return []string{"SITREP_DATABASE_URL=postgres://x:hunter2@127.0.0.1:1/x", "SITREP_REDIS_URL=redis://:hunter2@127.0.0.1:1", "SITREP_DISCORD_API=http://127.0.0.1:1/api"}
		}, 1, []string{"✗ Database:", "✗ Redis:", "✗ Discord: it can't be asked", "3 faults"}},
	} {
		code, said := finish(t, append(environ, tt.spoil()...), "doctor")
		if code != tt.code {
			t.Errorf("%s: exit code %d, want %d:\n%s", tt.name, code, tt.code, said)
		}
		for _, want := range tt.says {
			if !strings.Contains(said, want) {
				t.Errorf("%s: want %q in\n%s", tt.name, want, said)
			}
		}
		if strings.Contains(said, discord.Token) || strings.Contains(said, "x.wrong") || strings.Contains(said, "hunter2") {
			t.Errorf("%s: a secret is told:\n%s", tt.name, said)
		}
	}
	code, said := finish(t, environ, "rehearse", "--next", "400")
	if code != 0 || strings.Count(said, "08:00 Europe/Kyiv") != 400 || !strings.Contains(said, "2026-03-29 08:00 Europe/Kyiv          (05:00 UTC)  daily") {
		t.Errorf("rehearsal: exit code %d:\n%s", code, said)
	}
	for line := range strings.Lines(said) {
		if changes := strings.Contains(line, "2026-03-29") || strings.Contains(line, "2026-10-25"); changes != strings.Contains(line, "the clocks change") {
			t.Errorf("rehearsal: %s", line)
		}
	}
	if code, said := finish(t, environ, "rehearse", "--guild", "1"); code != 0 || !strings.Contains(said, "No digest is to come") {
		t.Errorf("another server's rehearsal: exit code %d: %s", code, said)
	}
}

func channelNamed(t *testing.T, discord elsewhere, name string) string {
	t.Helper()
	var state struct {
		Guilds []struct{ Channels []struct{ ID, Name string } }
	}
	if err := json.Unmarshal([]byte(fetch(t, "GET", discord.URL+"/sandbox/state", "")), &state); err != nil {
		t.Fatal(err)
	}
	for _, c := range state.Guilds[0].Channels {
		if c.Name == name {
			return c.ID
		}
	}
	t.Fatalf("there is no channel %s", name)
	return ""
}
