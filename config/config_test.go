package config

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// none is a path without a .env file.
func none(tb testing.TB) string { return filepath.Join(tb.TempDir(), ".env") }

func dotenv(tb testing.TB, text string) string {
	tb.Helper()
	path := none(tb)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

const (
	token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789-_"
	key   = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789ABCDEF"
)

// TestEverySetting has the last good and the first bad values of each.
func TestEverySetting(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name      string
		good, bad []string
		say       string // what the message tells to do
	}{
		{"DISCORD_TOKEN", []string{token, "a.b.c"}, []string{"Bot " + token, "secret", "a.b", "a.b.c.d", "a.b.c d", token + "\n", "ä.b.c"}, "developer portal"},
		{"DISCORD_PUBLIC_KEY", []string{key}, []string{key[:62], key[:63], key + "00", key[:63] + "g", " " + key}, "64 hexadecimal digits"},
		{"SITREP_LISTEN", []string{"127.0.0.1:8080", ":8080", "[::1]:65535", "0.0.0.0:0", "localhost:1"}, []string{"127.0.0.1", "8080", "127.0.0.1:65536", "127.0.0.1:-1", "::1:80:", "a:b", "127.0.0.1:"}, "127.0.0.1:8080"},
		{"SITREP_ADMIN_LISTEN", []string{"127.0.0.1:9090"}, []string{"9090", "127.0.0.1:65536"}, "127.0.0.1:8080"},
		{"SITREP_DATA", []string{folder, "./anything", "/no/such/folder"}, nil, ""},
		{"SITREP_DATABASE_URL", []string{"postgres://u:hunter2@db:5432/n", "postgresql://db/n?sslmode=disable"}, []string{"mysql://u:hunter2@db/n", "postgres:hunter2", "hunter2", "postgres://u:hunter2%@db:x/"}, "postgres://user:password@host"},
		{"SITREP_REDIS_URL", []string{"redis://:hunter2@r:6379/0", "rediss://r", "rediss+sentinel://:hunter2@a:1,[::1]:2/m/0", "redis+cluster://a,b"}, []string{"http://:hunter2@r", "r:6379", "hunter2", "redis://", "redis+hunter2://r"}, "redis://"},
		{"SITREP_CATALOGUE", []string{"bundled", "empty", folder}, []string{"Bundled", "no/such/folder", file}, "folder of YAML files"},
		{"SITREP_DISCORD_API", []string{"http://127.0.0.1:1/api", "https://proxy.example/api/v10"}, []string{"127.0.0.1:1", "ftp://x/", "http://", "https:///api"}, "http://"},
		{"SITREP_SHARDS", []string{"0/1", "3/16", "0-3/16", "12-15/16", "0-9999/10000"}, []string{"16/16", "0-16/16", "3-0/16", "0", "0/0", "-1/2", "a/b", "0-3/", "/16", "1-2-3/9", "0/99999999999999999999", "99999999999999999999/5", "0/1000000"}, "0-3/16"},
		{"SITREP_LIMITS", []string{"20/200", "1/1", "off"}, []string{"20", "0/200", "20/x", "-1/5", "1/9999999"}, "20/200"},
		{"SITREP_LOG", []string{"text", "json", "debug", "json,warn", "error text", "text,INFO"}, []string{"xml", "json,loud", "text;info"}, "json,info"},
		{"SITREP_OPERATOR_CHANNEL", []string{"123456789012345", "12345678901234567890"}, []string{"#ops", "12345678901234", "123456789012345678901", "<#123456789012345678>"}, "digits only"},
		{"SITREP_CLOCK", []string{"http://127.0.0.1:1/clock"}, []string{"127.0.0.1:1", "now"}, "http://"},
	} {
		var beside []string // what the setting needs to be one
		switch tt.name {
		case "SITREP_CLOCK":
			beside = []string{"DISCORD_TOKEN=" + token, "SITREP_DISCORD_API=http://127.0.0.1:1/api"}
		case "DISCORD_PUBLIC_KEY", "SITREP_DISCORD_API":
			beside = []string{"DISCORD_TOKEN=" + token}
		}
		for _, value := range tt.good {
			c, err := Read(append(beside, tt.name+"="+value), none(t))
			if err != nil {
				t.Errorf("%s=%s: %v", tt.name, value, err)
			}
			if i := slices.IndexFunc(c.Settings(), func(s Setting) bool { return s.Name == tt.name }); i < 0 {
				t.Errorf("%s is not listed", tt.name)
			}
		}
		for _, value := range tt.bad {
			_, err := Read(append(beside, tt.name+"="+value), none(t))
			if err == nil || !strings.HasPrefix(err.Error(), tt.name+" ") || !strings.Contains(err.Error(), tt.say) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s=%s: got %v, want one fault that begins with its name and says %q", tt.name, value, err, tt.say)
			}
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%s=%s: the message %q holds the password", tt.name, value, err)
			}
		}
	}
}

func TestSettingsTogether(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		environ []string
		bad     bool
	}{
		{"a clock in the sandbox", []string{"SITREP_CLOCK=http://127.0.0.1:1"}, true},
		{"another Discord in the sandbox", []string{"SITREP_DISCORD_API=http://127.0.0.1:1/api"}, true},
		{"a public key in the sandbox", []string{"DISCORD_PUBLIC_KEY=" + key}, true},
		{"a public key and shards", []string{"DISCORD_TOKEN=" + token, "DISCORD_PUBLIC_KEY=" + key, "SITREP_SHARDS=0/1"}, true},
		{"a clock against Discord", []string{"SITREP_CLOCK=http://127.0.0.1:1", "DISCORD_TOKEN=" + token}, true},
		{"a clock against another Discord", []string{"SITREP_CLOCK=http://127.0.0.1:1", "DISCORD_TOKEN=" + token, "SITREP_DISCORD_API=http://127.0.0.1:1/api"}, false},
	} {
		if _, err := Read(tt.environ, none(t)); (err != nil) != tt.bad {
			t.Errorf("%s: got %v, want an error %t", tt.name, err, tt.bad)
		}
	}
}

func TestNothingSet(t *testing.T) {
	t.Parallel()
	c, err := Read(nil, none(t))
	want := Config{Listen: "127.0.0.1:8080", Data: "./sitrep-data", Catalogue: "bundled", Limits: "20/200", Log: "text,info"}
	if err != nil || c != want {
		t.Errorf("got %+v, %v, want %+v", c, err, want)
	}
	if !c.Sandbox() || c.Redis() != "embedded" || c.Database() != "sqlite:sitrep-data/sitrep.db" || c.ShardRange() != (Shards{}) {
		t.Errorf("sandbox %t, redis %s, database %s, shards %+v", c.Sandbox(), c.Redis(), c.Database(), c.ShardRange())
	}
}

func TestEverythingSet(t *testing.T) {
	t.Parallel()
	c, err := Read([]string{
		"DISCORD_TOKEN=" + token, "SITREP_DATABASE_URL=postgres://db/n", "SITREP_REDIS_URL=redis://r", "SITREP_SHARDS=4-7/16", "PATH=/bin", "no value", "=x",
	}, none(t))
	if err != nil {
		t.Fatal(err)
	}
	if c.Sandbox() || c.Redis() != "redis://r" || c.Database() != "postgres://db/n" || c.ShardRange() != (Shards{First: 4, Last: 7, Count: 16}) {
		t.Errorf("sandbox %t, redis %s, database %s, shards %+v", c.Sandbox(), c.Redis(), c.Database(), c.ShardRange())
	}
	c.Shards = "3/16"
	if got := c.ShardRange(); got != (Shards{First: 3, Last: 3, Count: 16}) {
		t.Errorf("one shard: got %+v", got)
	}
}

func TestAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	_, err := Read([]string{
		"DISCORD_TOKEN=hunter2", "DISCORD_PUBLIC_KEY=x", "SITREP_LISTEN=x", "SITREP_ADMIN_LISTEN=x", "SITREP_DATABASE_URL=hunter2", "SITREP_REDIS_URL=hunter2",
		"SITREP_CATALOGUE=/no/such", "SITREP_DISCORD_API=x", "SITREP_SHARDS=x", "SITREP_LOG=x", "SITREP_LIMITS=x", "SITREP_OPERATOR_CHANNEL=x", "SITREP_CLOCK=x",
		"SITREP_LISTN=:1", "SITREP_=x", "SITREP_TEST_REQUIRE=all", "SITREPORT=x",
	}, none(t))
	if err == nil {
		t.Fatal("got no error")
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 15 {
		t.Errorf("got %d lines, want 15:\n%v", len(lines), err)
	}
	for _, name := range []string{"SITREP_LISTN ", "SITREP_ "} {
		if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, name) && strings.Contains(l, "no setting") }) {
			t.Errorf("nothing says that %sis no setting:\n%v", name, err)
		}
	}
	if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "SITREPORT") || strings.Contains(err.Error(), "REQUIRE") {
		t.Errorf("it tells a secret, or blames what is none of ours:\n%v", err)
	}
}

// TestDotenv: the environment goes first, except where it sets a name to nothing.
func TestDotenv(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, environ, file, want string }{
		{"from the file", "", "SITREP_LISTEN=:1\n", ":1"},
		{"with quotes and a comment", "", "# ours\nexport SITREP_LISTEN=\":1\" # port\n", ":1"},
		{"the environment goes first", "SITREP_LISTEN=:2", "SITREP_LISTEN=:1", ":2"},
		{"set to nothing is not set", "SITREP_LISTEN= ", "SITREP_LISTEN=:1", ":1"},
		{"set to blanks", "SITREP_LISTEN= \t", "SITREP_LISTEN=' '", "127.0.0.1:8080"},
		{"nothing in the file", "", "SITREP_LISTEN=\n", "127.0.0.1:8080"},
		{"an empty file", "", "", "127.0.0.1:8080"},
	} {
		c, err := Read([]string{tt.environ}, dotenv(t, tt.file))
		if err != nil || c.Listen != tt.want {
			t.Errorf("%s: got %q, %v, want %q", tt.name, c.Listen, err, tt.want)
		}
	}
	if _, err := Read(nil, dotenv(t, "SITREP_LISTN=:1")); err == nil || !strings.Contains(err.Error(), "SITREP_LISTN") {
		t.Errorf("an unknown name in the file: got %v", err)
	}
	if _, err := Read(nil, t.TempDir()); err == nil {
		t.Error("a folder in place of the file: got no error")
	}
}

// TestUnreadableDotenvTellsNoSecret: the parser quotes what it stumbles on.
func TestUnreadableDotenvTellsNoSecret(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"DISCORD_TOKEN \"hunter2\"\n",
		"SITREP_LISTEN=:1\n!\nDISCORD_TOKEN=hunter2\n",
		"DISCORD_TOKEN=\"hunter2\n",
		"hunter2\n",
		"\x00hunter2\xff=\n",
	} {
		_, err := Read(nil, dotenv(t, text))
		if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "NAME=value") {
			t.Errorf("%q: got %v, want what to write and no secret", text, err)
		}
	}
}

func TestSettingsHideSecrets(t *testing.T) {
	t.Parallel()
	c, err := Read([]string{"DISCORD_TOKEN=hunter2.a.b", "SITREP_DATABASE_URL=postgres://u:hunter2@db/n", "SITREP_REDIS_URL=redis://:hunter2@r", "SITREP_LISTEN=:1"}, none(t))
	if err != nil {
		t.Fatal(err)
	}
	all := c.Settings()
	if len(all) != 14 {
		t.Errorf("%d settings are listed, want 14", len(all))
	}
	for _, s := range all {
		if strings.Contains(s.Value, "hunter2") {
			t.Errorf("%s shows a secret", s.Name)
		}
		secret := s.Name == "DISCORD_TOKEN" || s.Name == "SITREP_DATABASE_URL" || s.Name == "SITREP_REDIS_URL"
		if hidden := strings.Contains(s.Value, "hidden"); hidden != secret {
			t.Errorf("%s=%s: hidden %t, want %t", s.Name, s.Value, hidden, secret)
		}
	}
	if i := slices.Index(all, Setting{"SITREP_LISTEN", ":1"}); i < 0 {
		t.Errorf("SITREP_LISTEN=:1 is not among %v", all)
	}
	for _, s := range (Config{}).Settings() {
		if s.Value != "" || s.Name == "" {
			t.Errorf("unset: got %+v, want a name without a value", s)
		}
	}
}

func TestLogger(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		log, begins string
		lines       int // of debug, info, warn and error
	}{
		{"text,info", "time=", 3}, {"json", "{", 3}, {"debug,json", "{", 4}, {"warn", "time=", 2}, {"error text", "time=", 1},
	} {
		var out bytes.Buffer
		log := Config{Log: tt.log}.Logger(&out)
		log.Debug("d")
		log.Info("i")
		log.Warn("w")
		log.Error("e")
		if n := strings.Count(out.String(), "\n"); n != tt.lines || !strings.HasPrefix(out.String(), tt.begins) {
			t.Errorf("%s: got %d lines, want %d that begin with %s:\n%s", tt.log, n, tt.lines, tt.begins, &out)
		}
	}
}

// TestAnyValueIsBorne: whatever is set, there is a result or an error, and no
// secret in it.
func TestAnyValueIsBorne(t *testing.T) {
	t.Parallel()
	missing := none(t)
	rapid.Check(t, func(t *rapid.T) {
		const secret = "s3cr3t"
		var environ []string
		for _, s := range (Config{}).Settings() {
			value := rapid.String().Draw(t, s.Name)
			if strings.HasSuffix(s.Name, "_URL") || s.Name == "DISCORD_TOKEN" {
				value += secret
			}
			environ = append(environ, s.Name+"="+value)
		}
		c, err := Read(environ, missing)
		if strings.Contains(fmt.Sprint(err, c.Settings()), secret) {
			t.Errorf("%q: a secret shows in %v or %v", environ, err, c.Settings())
		}
	})
}
