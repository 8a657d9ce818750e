package scenarios

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"sitrep/store/storetest"
	"sitrep/testenv"
)

// A copy goes on while the next release migrates the database under it, and can
// be started again on what that made of it.
func TestOlderCopyOnANewerSchema(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func(data string) string{
		"sqlite":   func(data string) string { return "sqlite:" + filepath.Join(data, "sitrep.db") },
		"postgres": func(string) string { return testenv.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			discord, data := startSandbox(t), filepath.Join(t.TempDir(), "data")
			environ := []string{
				"DISCORD_TOKEN=" + discord.Token, "SITREP_DISCORD_API=" + discord.URL + "/api",
				"SITREP_CLOCK=" + discord.URL + "/sandbox/clock", "SITREP_DATA=" + data,
			}
			url := database(data)
			if name == "postgres" {
				environ = append(environ, "SITREP_DATABASE_URL="+url)
			}
			before := spawnReady(t, environ...)
			post(t, discord.URL+"/sandbox/interactions", `{"user":"moderator","command":"digest add","options":{"at":"08:00"}}`)
			works := func(when string, value, digests int) {
				t.Helper()
				form := post(t, discord.URL+"/sandbox/interactions", `{"user":"moderator","command":"desk edit","options":{"item":"F5"}}`)
				_, id, _ := strings.Cut(form, `"custom_id":"desk-save`)
				id, _, _ = strings.Cut(id, `"`)
				saved := post(t, discord.URL+"/sandbox/interactions",
					fmt.Sprintf(`{"user":"moderator","modal":"desk-save%s","fields":{"value":"%d","op":"amend","reason":"counted again"}}`, id, value))
				if !strings.Contains(saved, "F5 is updated") {
					t.Errorf("%s: saving %d: got %s", when, value, saved)
				}
				if got := post(t, discord.URL+"/sandbox/interactions", `{"user":"reader","command":"energy"}`); !strings.Contains(got, fmt.Sprintf("%d attacks", value)) {
					t.Errorf("%s: got %s, want %d attacks", when, got, value)
				}
				advance(t, discord, "24h")
				if got := digestsIn(t, discord.URL); got != digests {
					t.Errorf("%s: %d digests, want %d", when, got, digests)
				}
			}
			works("before", 701, 1)
			if err := storetest.Renew(t.Context(), url); err != nil {
				t.Fatal(err)
			}
			works("after the next release migrated", 702, 2)
			if err := before.process.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			<-before.exited
			spawnReady(t, environ...)
			works("started again", 703, 3)
			if code, said := finish(t, environ, "doctor"); code != 1 || !strings.Contains(said, "✗ Database: a newer sitrep") || !strings.Contains(said, "✓ Database: answers; 1 digest to come") {
				t.Errorf("doctor: exit code %d:\n%s", code, said)
			}
		})
	}
}
