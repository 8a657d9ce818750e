package main

import (
	"bytes"
	"context"
	"maps"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sitrep/commands"
)

// sitrep runs a sub-command as a shell would and returns what it said.
func sitrep(t *testing.T, environ []string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = run(context.Background(), world{args: args, environ: append(environ, "SITREP_DATA="+filepath.Join(t.TempDir(), "data")), stdout: &out, stderr: &err})
	return code, out.String(), err.String()
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { taken.Close() })
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name    string
		environ []string
		args    []string
		code    int
		says    string // on either output
	}{
		{"help", nil, []string{"--help"}, 0, "Exit codes"},
		{"help as a command", nil, []string{"help"}, 0, "SITREP_REDIS_URL"},
		{"help of a command", nil, []string{"serve", "--help"}, 0, "DISCORD_TOKEN"},
		{"version", nil, []string{"version"}, 0, "sitrep " + release},
		{"no such command", nil, []string{"sreve"}, 2, `"sreve" is no command`},
		{"no such flag", nil, []string{"check", "--fast"}, 2, "see sitrep check --help"},
		{"what is left over", nil, []string{"version", "now"}, 2, `takes no "now"`},
		{"two folders", nil, []string{"check", "a", "b"}, 2, "one folder"},
		{"no folder", nil, []string{"check", file}, 1, "is no folder"},
		{"export to nowhere", nil, []string{"export"}, 2, "takes one folder"},
		{"export to two folders", nil, []string{"export", "a", "b"}, 2, "takes one folder"},
		{"flags after the folder", nil, []string{"export", "a", "--force"}, 2, "write --force before"},
		{"export of no server", nil, []string{"export", "--guild", "Kyiv", "a"}, 2, "no server's id"},
		{"export of a server without a database", nil, []string{"export", "--guild", "1", filepath.Join(file, "a")}, 1, "SITREP_DATA"},
		{"export as known never", nil, []string{"export", "--known", "yesterday", "a"}, 2, "write it like 2026-01-20"},
		{"export as known tomorrow", nil, []string{"export", "--known", "9999-01-01", "a"}, 2, "in the future"},
		{"export as known before", nil, []string{"export", "--known", "2026-01-18", "a"}, 1, "begins on 2026-01-19"},
		{"export of an open time", nil, []string{"export", "--known", "2026-01-19/..", "a"}, 2, "no day"},
		{"export into a file", nil, []string{"export", filepath.Join(file, "a")}, 1, "name"},
		{"export of nothing", []string{"SITREP_CATALOGUE=empty"}, []string{"export", "a"}, 1, "nothing to write"},
		{"settings", nil, []string{"check"}, 0, "The settings are sound"},
		{"bad settings", []string{"SITREP_LISTEN=x"}, []string{"check"}, 1, "SITREP_LISTEN"},
		{"bad settings of the bot", []string{"SITREP_LISTEN=x"}, nil, 1, "SITREP_LISTEN"},
		{"port in use", []string{"SITREP_LISTEN=" + taken.Addr().String()}, nil, 1, "in use by another program"},
		{"port in use for the sandbox", []string{"SITREP_LISTEN=" + taken.Addr().String()}, []string{"sandbox"}, 1, "in use by another program"},
		{"second port in use", []string{"SITREP_LISTEN=127.0.0.1:0", "SITREP_ADMIN_LISTEN=" + taken.Addr().String()}, nil, 1, "SITREP_ADMIN_LISTEN"},
		{"an address elsewhere", []string{"SITREP_LISTEN=203.0.113.1:80"}, nil, 1, "an address of this machine"},
		{"nobody to ask for health", []string{"SITREP_LISTEN=127.0.0.1:1"}, []string{"health"}, 1, "no sitrep answers"},
		{"an answer", nil, []string{"ask", "/talks"}, 0, "PEACE TALKS"},
		{"an answer in words", nil, []string{"ask", "/actors", "name:Putin"}, 0, "Vladimir Putin"},
		{"an unknown name", nil, []string{"ask", "/actors name:Qwertz"}, 1, "I know no actor"},
		{"a writing command", nil, []string{"ask", "/digest add at:08:00"}, 2, "ask only reads"},
		{"an unknown option", nil, []string{"ask", "/talks when:now"}, 2, `no option "when"`},
		{"a bad time", nil, []string{"ask", "--now", "noon", "/talks"}, 2, "2026-01-20T08:00:00Z"},
		{"nothing asked", nil, []string{"ask"}, 2, "ask what?"},
		{"a server nobody recorded anything for", nil, []string{"ask", "--guild", "1", "/energy"}, 0, "612 attacks"},
		{"another catalogue", []string{"SITREP_CATALOGUE=empty"}, []string{"ask", "/talks"}, 2, "is no command"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := sitrep(t, tt.environ, tt.args...)
			if code != tt.code || !strings.Contains(stdout+stderr, tt.says) {
				t.Errorf("sitrep %q: exit code %d, want %d, and %q in:\n%s%s", tt.args, code, tt.code, tt.says, stdout, stderr)
			}
			if code != 0 && stderr == "" {
				t.Errorf("sitrep %q failed without a word on standard error", tt.args)
			}
		})
	}
}

func TestParseLine(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		line, name string
		input      commands.Input
		wrong      bool
	}{
		{"/talks", "talks", commands.Input{}, false},
		{"  talks  ", "talks", commands.Input{}, false},
		{"/digest list", "digest list", commands.Input{}, false},
		{"/talks known:2026-01-20", "talks", commands.Input{"known": "2026-01-20"}, false},
		{`/actors name:"Dmitry Peskov" share:true`, "actors", commands.Input{"name": "Dmitry Peskov", "share": "true"}, false},
		{`/actors name:"a:b c"`, "actors", commands.Input{"name": "a:b c"}, false},
		{`/actors name:"open end`, "actors", commands.Input{"name": "open end"}, false},
		{"/digest add at:08:00", "digest add", commands.Input{"at": "08:00"}, false},
		{"", "", commands.Input{}, false},
		{"/actors name:Dmitry Peskov", "", nil, true},
	} {
		name, input, err := parseLine(tt.line)
		if name != tt.name || !maps.Equal(input, tt.input) || (err != nil) != tt.wrong {
			t.Errorf("parseLine(%q) = %q, %v, %v; want %q, %v, error %v", tt.line, name, input, err, tt.name, tt.input, tt.wrong)
		}
	}
}

// A sandbox that others can reach says so, and how to bring its key.
func TestReachableTellsTheKey(t *testing.T) {
	t.Parallel()
	said := reachable("0.0.0.0:1", "http://127.0.0.1:1", "hunter2")
	for _, want := range []string{"other machines", "0.0.0.0:1", "http://127.0.0.1:1/?key=hunter2", "Authorization: Bearer hunter2"} {
		if !strings.Contains(said, want) {
			t.Errorf("it doesn't say %q:\n%s", want, said)
		}
	}
}
