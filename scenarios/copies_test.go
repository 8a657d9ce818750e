package scenarios

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"sitrep/testenv"
)

// Two copies on one Postgres and one Redis answer as one bot: each question is
// answered once, by either, and either shows at once what was published through
// the other. When one is killed, the other goes on.
func TestTwoCopiesAreOneBot(t *testing.T) {
	t.Parallel()
	discord := startSandbox(t)
	environ := []string{
		"DISCORD_TOKEN=" + discord.Token, "SITREP_DISCORD_API=" + discord.URL + "/api", "SITREP_CLOCK=" + discord.URL + "/sandbox/clock",
		"SITREP_DATABASE_URL=" + testenv.Postgres(t), "SITREP_REDIS_URL=" + testenv.Redis(t), "SITREP_DATA=" + filepath.Join(t.TempDir(), "data"),
	}
	var copies []spawned
	for range 2 {
		c := spawn(t, nil, environ...)
		if _, err := c.log.await("ready http", c.exited); err != nil {
			t.Fatal(err)
		}
		copies = append(copies, c)
	}
	ask := func() string {
		return post(t, discord.URL+"/sandbox/interactions", `{"user":"reader","command":"energy"}`)
	}
	for value := 700; value < 720; value++ {
		form := post(t, discord.URL+"/sandbox/interactions", `{"user":"moderator","command":"desk edit","options":{"item":"F5"}}`)
		_, id, _ := strings.Cut(form, `"custom_id":"desk-save`)
		id, _, _ = strings.Cut(id, `"`)
		saved := post(t, discord.URL+"/sandbox/interactions",
			fmt.Sprintf(`{"user":"moderator","modal":"desk-save%s","fields":{"value":"%d","op":"amend","reason":"counted again"}}`, id, value))
		if !strings.Contains(saved, "F5 is updated") {
			t.Fatalf("saving %d: got %s", value, saved)
		}
		want, told := fmt.Sprintf("%d attacks", value), false
		for range 2 { // the news may need some milliseconds to the other copy
			told = told || strings.Contains(ask(), want)
		}
		if !told {
			t.Errorf("asked twice after %d was published, and never told so", value)
		}
	}
	post(t, discord.URL+"/sandbox/interactions", `{"user":"moderator","command":"digest add","options":{"at":"08:00"}}`)
	post(t, discord.URL+"/sandbox/clock", `{"advance":"48h"}`)
	if got := digestsIn(t, discord.URL); got != 2 {
		t.Errorf("two copies posted %d digests in two days, want 2", got)
	}
	if err := copies[0].process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-copies[0].exited
	if got := ask(); !strings.Contains(got, "719 attacks") {
		t.Errorf("after one copy was killed: got %s, want an answer", got)
	}
	post(t, discord.URL+"/sandbox/clock", `{"advance":"24h"}`)
	if got := digestsIn(t, discord.URL); got != 3 {
		t.Errorf("%d digests after three days, want 3", got)
	}
}
