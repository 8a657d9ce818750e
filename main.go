// Sitrep is a Discord bot that delivers curated briefing summaries. Without a
// token it runs against its own local Discord, with a page in the browser.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C kills at once
	os.Exit(run(ctx, world{args: os.Args[1:], environ: os.Environ(), stdout: os.Stdout, stderr: os.Stderr}))
}

// world is what a sub-command knows of where it runs.
type world struct {
	args           []string
	environ        []string
	stdout, stderr io.Writer
}

// usageError ends with exit code 2: how sitrep was called is wrong.
type usageError struct{ say string }

func (e usageError) Error() string { return e.say }

// errSaid is an error that the person has been told already.
var errSaid = errors.New("told already")

// run is main without the process: it returns the exit code.
func run(ctx context.Context, w world) int {
	name, args := "serve", w.args
	if len(args) > 0 && (args[0] == "" || args[0][0] != '-') {
		name, args = args[0], args[1:]
	}
	if len(w.args) > 0 && (w.args[0] == "--help" || w.args[0] == "-h" || w.args[0] == "-help") {
		name = "help"
	}
	w.args = args
	err := usageError{fmt.Sprintf("%q is no command of sitrep; sitrep --help lists them", name)}
	for _, s := range subcommands() {
		if s.name == name {
			return w.exit(s.run(ctx, w))
		}
	}
	return w.exit(err)
}

func (w world) exit(err error) int {
	mistake := usageError{}
	switch {
	case err == nil, errors.Is(err, errHelped):
		return 0
	case errors.Is(err, errSaid):
		return 1
	case errors.As(err, &mistake):
		fmt.Fprintln(w.stderr, "sitrep:", err)
		return 2
	}
	fmt.Fprintln(w.stderr, "sitrep:", err)
	return 1
}

type subcommand struct {
	name, about string
	run         func(context.Context, world) error
}

func subcommands() []subcommand {
	return []subcommand{
		{"serve", "run the bot (what plain sitrep does); without DISCORD_TOKEN, in the sandbox", serve},
		{"sandbox", "run only the local Discord, for other clients", sandboxOnly},
		{"ask", "print the answer to a slash command, like sitrep ask \"/talks\"", ask},
		{"check", "check the settings, or a folder of YAML files", check},
		{"export", "write a briefing as a folder of YAML files", export},
		{"import", "publish what differs between a folder of YAML files and a server's briefing", importFolder},
		{"backup", "write all that is recorded into one file, while the bot runs", backup},
		{"restore", "make the database what a backup holds, SQLite or Postgres", restore},
		{"rehearse", "list the digests to come, and which would fail", rehearse},
		{"doctor", "examine the token, permissions, database, Redis and clock, and say what to mend", doctor},
		{"health", "ask a running sitrep whether it is alive (for containers)", health},
		{"version", "print the version", version},
		{"help", "print this", help},
	}
}

func help(_ context.Context, w world) error {
	fmt.Fprint(w.stdout, "sitrep answers questions on a curated briefing in Discord.\n\nUsage: sitrep [command] [flags]\n\nCommands\n")
	for _, s := range subcommands() {
		fmt.Fprintf(w.stdout, "  %-8s  %s\n", s.name, s.about)
	}
	fmt.Fprint(w.stdout, "\nEvery command has --help.\n\nSettings (environment, or a file .env)\n")
	for _, line := range settingsHelp() {
		fmt.Fprintf(w.stdout, "  %-24s  %s\n", line[0], line[1])
	}
	fmt.Fprint(w.stdout, "\nExit codes: 0 done, also after SIGTERM; 1 bad settings, catalogue, port or token; 2 bad flags.\n")
	return nil
}

func version(_ context.Context, w world) error {
	if err := w.flags("version", "Prints the version.", nil); err != nil {
		return err
	}
	revision := "unknown revision"
	info, ok := debug.ReadBuildInfo()
	if ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = s.Value
			}
		}
	}
	fmt.Fprintf(w.stdout, "sitrep %s (%s, %s)\n", release, revision, info.GoVersion)
	return nil
}

// release is the newest heading of CHANGELOG.md.
const release = "0.1.0"
