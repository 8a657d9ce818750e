// Package config reads sitrep's settings from the environment and checks them
// whole, so that a start either has settings that can work or names every one
// that can't, each with what to do about it. It contacts nobody.
package config

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/caarlos0/env/v11"
	"github.com/joho/godotenv"
)

// Config is every setting. Fields tagged secret are never printed.
type Config struct {
	Token           string `env:"DISCORD_TOKEN" secret:"true"` // none: sandbox mode
	PublicKey       string `env:"DISCORD_PUBLIC_KEY"`
	Listen          string `env:"SITREP_LISTEN" envDefault:"127.0.0.1:8080"`
	AdminListen     string `env:"SITREP_ADMIN_LISTEN"`
	Data            string `env:"SITREP_DATA" envDefault:"./sitrep-data"`
	DatabaseURL     string `env:"SITREP_DATABASE_URL" secret:"true"` // none: SQLite in Data
	RedisURL        string `env:"SITREP_REDIS_URL" secret:"true"`    // none: embedded
	Catalogue       string `env:"SITREP_CATALOGUE" envDefault:"bundled"`
	DiscordAPI      string `env:"SITREP_DISCORD_API"`
	Shards          string `env:"SITREP_SHARDS"`
	Limits          string `env:"SITREP_LIMITS" envDefault:"20/200"`
	Log             string `env:"SITREP_LOG" envDefault:"text,info"`
	OperatorChannel string `env:"SITREP_OPERATOR_CHANNEL"`
	Clock           string `env:"SITREP_CLOCK"`
}

// Sandbox reports whether sitrep runs against its own local Discord.
func (c Config) Sandbox() bool { return c.Token == "" }

// Read takes the settings from environ ("NAME=value"), and what that does not
// set from the file dotenv, which may be missing. The error joins one line for
// every fault.
func Read(environ []string, dotenv string) (Config, error) {
	values := env.ToMap(environ)
	file, err := readDotenv(dotenv)
	switch unread := new(fs.PathError); {
	case err == nil, errors.Is(err, fs.ErrNotExist):
	case errors.As(err, &unread):
		return Config{}, fmt.Errorf("%s can't be read: %w; let it be a file that may be read, or remove it", dotenv, err)
	default:
		// The parser's own words quote the file, which holds the secrets.
		return Config{}, fmt.Errorf("%s holds a line that can't be read; write NAME=value lines, with # before comments and an end to every quotation, or remove it", dotenv)
	}
	for name, value := range file {
		if strings.TrimSpace(values[name]) == "" {
			values[name] = value
		}
	}
	for name, value := range values {
		if strings.TrimSpace(value) == "" {
			delete(values, name) // set to nothing means not set
		}
	}
	c, err := env.ParseAsWithOptions[Config](env.Options{Environment: values})
	if err != nil {
		return Config{}, fmt.Errorf("config: %w", err)
	}
	return c, errors.Join(append(c.faults(), unknown(values)...)...)
}

// readDotenv bears the mark that some editors put at the start of a file.
func readDotenv(path string) (map[string]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return godotenv.UnmarshalBytes(bytes.TrimPrefix(text, []byte("\ufeff")))
}

// unknown finds settings that look like ours and are none.
func unknown(values map[string]string) []error {
	// those of the tests, which start sitrep in their own environment
	known := map[string]bool{"SITREP_TEST_REQUIRE": true, "SITREP_OPENAPI": true, "SITREP_ARTICLE": true, "SITREP_SCREENSHOTS": true}
	for _, s := range (Config{}).Settings() {
		known[s.Name] = true
	}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if strings.HasPrefix(name, "SITREP_") && !known[name] {
			errs = append(errs, fmt.Errorf("%s is no setting of sitrep; sitrep --help lists them", name))
		}
	}
	return errs
}

var (
	tokenPattern     = regexp.MustCompile(`^[A-Za-z0-9_=-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$`)
	snowflakePattern = regexp.MustCompile(`^[0-9]{15,20}$`)
	shardsPattern    = regexp.MustCompile(`^[0-9]{1,5}(-[0-9]{1,5})?/[0-9]{1,5}$`)
)

func (c Config) faults() []error {
	var errs []error
	bad := func(name, format string, args ...any) {
		errs = append(errs, fmt.Errorf(name+" "+format, args...))
	}
	if c.Token != "" && !tokenPattern.MatchString(c.Token) {
		bad("DISCORD_TOKEN", "is not a bot token; copy it from Bot > Token in the developer portal, without \"Bot \" before it, or leave it out to try sitrep in the sandbox")
	}
	if key, err := hex.DecodeString(c.PublicKey); c.PublicKey != "" && (err != nil || len(key) != 32) {
		bad("DISCORD_PUBLIC_KEY", "is not a public key; copy the 64 hexadecimal digits from General Information in the developer portal")
	}
	c.addresses(bad)
	c.servers(bad)
	c.logging(bad)
	if c.Catalogue != "bundled" && c.Catalogue != "empty" {
		if info, err := os.Stat(c.Catalogue); err != nil || !info.IsDir() {
			bad("SITREP_CATALOGUE", "names %q, which is no folder; write bundled, empty, or the path of a folder of YAML files", c.Catalogue)
		}
	}
	if s := c.ShardRange(); c.Shards != "" && (!shardsPattern.MatchString(c.Shards) || s.First > s.Last || s.Last >= s.Count) {
		bad("SITREP_SHARDS", "is %q; write it like 0-3/16 (these shards of so many)", c.Shards)
	}
	if _, err := c.limits(); err != nil {
		bad("SITREP_LIMITS", "is %q; write how many commands and buttons are answered in ten seconds, of one person and in one server, like 20/200, or off", c.Limits)
	}
	if c.OperatorChannel != "" && !snowflakePattern.MatchString(c.OperatorChannel) {
		bad("SITREP_OPERATOR_CHANNEL", "is %q; write the channel's id, digits only", c.OperatorChannel)
	}
	c.together(bad)
	return errs
}

// together finds settings that make no sense beside one another.
func (c Config) together(bad report) {
	for _, s := range []struct{ name, value string }{{"DISCORD_PUBLIC_KEY", c.PublicKey}, {"SITREP_DISCORD_API", c.DiscordAPI}, {"SITREP_CLOCK", c.Clock}} {
		if s.value != "" && c.Sandbox() {
			bad(s.name, "is for a bot with a DISCORD_TOKEN; without one sitrep brings its own Discord and clock: set the token, or leave this out")
		}
	}
	if c.Clock != "" && !c.Sandbox() && c.DiscordAPI == "" {
		bad("SITREP_CLOCK", "makes the bot follow a sandbox's clock, which Discord itself does not; leave it out, or set SITREP_DISCORD_API to the sandbox")
	}
	if shardsPattern.MatchString(c.Shards) && c.PublicKey != "" {
		bad("SITREP_SHARDS", "is for the gateway, which is not used with DISCORD_PUBLIC_KEY; leave one of them out")
	}
}

type report func(name, format string, args ...any)

func (c Config) addresses(bad report) {
	for _, a := range []struct{ name, value string }{{"SITREP_LISTEN", c.Listen}, {"SITREP_ADMIN_LISTEN", c.AdminListen}} {
		if _, port, err := net.SplitHostPort(a.value); a.value != "" && (err != nil || !isPort(port)) {
			bad(a.name, "is %q; write an address like 127.0.0.1:8080", a.value)
		}
	}
	for _, u := range []struct{ name, value string }{{"SITREP_DISCORD_API", c.DiscordAPI}, {"SITREP_CLOCK", c.Clock}} {
		if u.value != "" && !isURL(u.value, "http", "https") {
			bad(u.name, "must be an address that starts with http:// or https://, like http://127.0.0.1:8080/api")
		}
	}
}

func isPort(s string) bool {
	_, err := net.LookupPort("tcp", s)
	return err == nil && s != ""
}

func isURL(s string, schemes ...string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && slices.Contains(schemes, u.Scheme)
}

// servers never quotes a value: it may hold a password.
func (c Config) servers(bad report) {
	if c.DatabaseURL != "" && !isURL(c.DatabaseURL, "postgres", "postgresql") {
		bad("SITREP_DATABASE_URL", "must look like postgres://user:password@host:5432/name; leave it out for SQLite in SITREP_DATA")
	}
	if c.RedisURL != "" && !namesRedis(c.RedisURL) {
		bad("SITREP_REDIS_URL", "must look like redis://:password@host:6379/0 (redis+sentinel:// and redis+cluster:// for several servers, rediss for TLS); leave it out for the embedded one")
	}
}

// namesRedis looks at the kind alone: package cache reads all the forms, which
// with several hosts are no URLs to package url.
func namesRedis(s string) bool {
	scheme, rest, _ := strings.Cut(s, "://")
	return rest != "" && slices.Contains([]string{"redis", "rediss", "redis+sentinel", "rediss+sentinel", "redis+cluster", "rediss+cluster"}, scheme)
}

func (c Config) logging(bad report) {
	if _, _, err := c.logFormat(); err != nil {
		bad("SITREP_LOG", "is %q; write text or json, and a level (debug, info, warn, error), like json,info", c.Log)
	}
}

func (c Config) logFormat() (json bool, level slog.Level, err error) {
	for _, word := range strings.FieldsFunc(c.Log, func(r rune) bool { return r == ',' || r == ' ' }) {
		switch word {
		case "text":
		case "json":
			json = true
		default:
			if err := level.UnmarshalText([]byte(word)); err != nil {
				return false, 0, fmt.Errorf("config: log: %w", err)
			}
		}
	}
	return json, level, nil
}

// Database is where the record is, in the form package store opens.
func (c Config) Database() string {
	if c.DatabaseURL != "" {
		return c.DatabaseURL
	}
	return "sqlite:" + filepath.Join(c.Data, "sitrep.db")
}

// Redis is where the cache is, in the form package cache opens.
func (c Config) Redis() string {
	if c.RedisURL != "" {
		return c.RedisURL
	}
	return "embedded"
}

// Limits are how many interactions are answered in ten seconds, of one person
// and in one server; no limit where zero.
type Limits struct{ Person, Server int }

// Limit reads SITREP_LIMITS.
func (c Config) Limit() Limits {
	l, _ := c.limits() // Read checked the form
	return l
}

func (c Config) limits() (l Limits, err error) {
	if c.Limits == "off" {
		return l, nil
	}
	person, server, _ := strings.Cut(c.Limits, "/")
	if l.Person, err = strconv.Atoi(person); err != nil {
		return l, err
	}
	if l.Server, err = strconv.Atoi(server); err != nil {
		return l, err
	}
	if l.Person < 1 || l.Server < 1 || l.Person > mostLimit || l.Server > mostLimit {
		return l, errors.New("config: limits out of range")
	}
	return l, nil
}

// mostLimit is as good as none.
const mostLimit = 1_000_000

// Shards are gateway connections: First to Last of Count.
type Shards struct{ First, Last, Count int }

// ShardRange reads SITREP_SHARDS; without it one connection serves all.
func (c Config) ShardRange() Shards {
	var s Shards
	which, count, _ := strings.Cut(c.Shards, "/")
	first, last, several := strings.Cut(which, "-")
	if !several {
		last = first
	}
	s.First, _ = strconv.Atoi(first) // Read checked the form
	s.Last, _ = strconv.Atoi(last)
	s.Count, _ = strconv.Atoi(count)
	return s
}
