package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// FuzzDotenv reads any file of settings. What is taken is complete in itself:
// given as the environment it is the same, and everything in it can be used.
func FuzzDotenv(f *testing.F) {
	for _, text := range []string{
		"", "\ufeffDISCORD_TOKEN=a.b.c\n", "# a comment\nexport SITREP_LISTEN='0.0.0.0:80'\n", "SITREP_SHARDS=0-3/16\nDISCORD_TOKEN=a.b.c", "SITREP_LIMITS=off\r\n",
		"SITREP_LOG=json,debug\nSITREP_DATA=\"a\\nb\"", "SITREP_DATA=${HOME}/x", "SITREP_LIMITS=1/99999999999", "A='", "=", "SITREP_NEW=1", "\x00", "SITREP_DISCORD_API=http://[::1]:80/api",
	} {
		f.Add(text)
	}
	path := filepath.Join(f.TempDir(), ".env")
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := Read(nil, path)
		if err != nil {
			if strings.TrimSpace(err.Error()) == "" {
				t.Errorf("%q: refused without a word", text)
			}
			return
		}
		again, err := Read(environ(c), filepath.Join(filepath.Dir(path), "none"))
		if err != nil || again != c {
			t.Errorf("%q is\n%+v, and that\n%+v, %v", text, c, again, err)
		}
		if s := c.ShardRange(); c.Shards != "" && (s.First < 0 || s.First > s.Last || s.Last >= s.Count) {
			t.Errorf("%q: got the shards %+v", text, s)
		}
		if l := c.Limit(); (l.Person < 1 || l.Server < 1) && c.Limits != "off" {
			t.Errorf("%q: got the limits %+v", text, l)
		}
	})
}

// environ is c as it would stand in the environment.
func environ(c Config) []string {
	var all []string
	v := reflect.ValueOf(c)
	for i := range v.NumField() {
		all = append(all, v.Type().Field(i).Tag.Get("env")+"="+v.Field(i).String())
	}
	return all
}

// FuzzSecrets sets what is secret to anything: neither a refusal nor what is shown
// of the settings tells it.
func FuzzSecrets(f *testing.F) {
	for _, value := range []string{"", ".b.c", "postgres://u:hunter2-hunter2@host/db", "redis://:hunter2-hunter2@host:port", " \n'\"$", "%zz", "://"} {
		f.Add(value)
	}
	const secret = "hunter2-hunter2"
	nowhere := filepath.Join(f.TempDir(), "none")
	f.Fuzz(func(t *testing.T, value string) {
		for _, name := range []string{"DISCORD_TOKEN", "SITREP_DATABASE_URL", "SITREP_REDIS_URL"} {
			for _, whole := range []string{secret + value, value + secret} {
				c, err := Read([]string{name + "=" + whole}, nowhere)
				if err != nil && strings.Contains(err.Error(), secret) {
					t.Errorf("%s=%q: got %v", name, whole, err)
				}
				for _, s := range c.Settings() {
					if strings.Contains(s.Value, secret) {
						t.Errorf("%s=%q: %s shows %q", name, whole, s.Name, s.Value)
					}
				}
			}
		}
	})
}
