package main

import (
	"errors"
	"flag"
	"fmt"
	"io"

	"sitrep/config"
)

// flags reads a sub-command's flags, which declare may add, and refuses what is
// left over unless declare took it. errHelped means that --help was answered.
func (w world) flags(name, about string, declare func(*flag.FlagSet)) error {
	rest, err := w.flagsAnd(name, about, declare)
	if err == nil && len(rest) > 0 {
		return usageError{fmt.Sprintf("%s takes no %q; see sitrep %s --help", name, rest[0], name)}
	}
	return err
}

// flagsAnd is flags for a sub-command with arguments, which it returns.
func (w world) flagsAnd(name, about string, declare func(*flag.FlagSet)) ([]string, error) {
	set := flag.NewFlagSet(name, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	if declare != nil {
		declare(set)
	}
	err := set.Parse(w.args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(w.stdout, "sitrep %s: %s\n", name, about)
		set.SetOutput(w.stdout)
		set.PrintDefaults()
		return nil, errHelped
	}
	if err != nil {
		return nil, usageError{fmt.Sprintf("%v; see sitrep %s --help", err, name)}
	}
	return set.Args(), nil
}

// errHelped ends a sub-command whose --help was answered.
var errHelped = errors.New("helped")

// settings reads the environment; every fault is one line.
func (w world) settings() (config.Config, error) { return config.Read(w.environ, ".env") }

func settingsHelp() [][2]string {
	return [][2]string{
		{"DISCORD_TOKEN", "the bot's token; without it sitrep runs in the sandbox"},
		{"DISCORD_PUBLIC_KEY", "the application's public key: interactions come signed to /interactions, and no gateway is used"},
		{"SITREP_LISTEN", "address of the page, interactions, health checks and metrics (127.0.0.1:8080)"},
		{"SITREP_ADMIN_LISTEN", "an address of their own for health checks and metrics"},
		{"SITREP_DATA", "folder for everything that is kept (./sitrep-data)"},
		{"SITREP_DATABASE_URL", "postgres://..., with sslmode and sslrootcert for TLS; SQLite in SITREP_DATA without it"},
		{"SITREP_REDIS_URL", "redis://..., redis+sentinel://HOST,HOST/NAME or redis+cluster://HOST,HOST, rediss for TLS; an embedded one without it"},
		{"SITREP_CATALOGUE", "bundled, empty, or a folder of YAML files (bundled)"},
		{"SITREP_DISCORD_API", "where Discord's API is, like http://127.0.0.1:8080/api"},
		{"SITREP_SHARDS", "which gateway connections to keep, like 0-3/16 (one for all)"},
		{"SITREP_LIMITS", "commands and buttons answered in ten seconds, of one person in a server and in the server, or off (20/200)"},
		{"SITREP_LOG", "text or json, and a level: debug, info, warn, error (text,info)"},
		{"SITREP_OPERATOR_CHANNEL", "the id of a channel in which the bot says what is wrong with it"},
		{"SITREP_CLOCK", "a sandbox's clock to follow, like http://127.0.0.1:8080/sandbox/clock"},
	}
}
