package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sitrep/bot"
	"sitrep/briefings"
	"sitrep/commands"
	"sitrep/config"
	"sitrep/store"
	"sitrep/words"
)

// question is what sitrep ask was asked.
type question struct {
	guild, locale, now string
	json               bool
	line               string
}

// ask prints the answer to a reading command. It starts no server and changes
// nothing.
func ask(ctx context.Context, w world) error {
	var q question
	rest, err := w.flagsAnd("ask", "prints the answer to a slash command: sitrep ask [flags] \"/talks\"", func(set *flag.FlagSet) {
		set.StringVar(&q.guild, "guild", "", "the server whose briefing is asked, by id; the catalogue without it")
		set.StringVar(&q.locale, "locale", "en-US", "the reader's language, as Discord writes it")
		set.StringVar(&q.now, "now", "", "the time to answer at, like 2026-01-20T08:00:00Z")
		set.BoolVar(&q.json, "json", false, "print the message that Discord would get")
	})
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		return usageError{"ask what? For example: sitrep ask \"/talks\""}
	}
	for _, word := range rest {
		if strings.HasPrefix(word, "-") {
			return usageError{fmt.Sprintf("write %s before the question: sitrep ask %s \"/talks\"", word, word)}
		}
	}
	q.line = strings.Join(rest, " ")
	reply, err := q.answer(ctx, w)
	if mistake := new(briefings.UserError); errors.As(err, &mistake) {
		fmt.Fprintln(w.stderr, q.said(mistake))
		return errSaid
	}
	if err != nil {
		return err
	}
	if !q.json {
		fmt.Fprint(w.stdout, reply.Card.Plain())
		return nil
	}
	data, err := bot.Message(reply.Card)
	if err != nil {
		return err
	}
	fmt.Fprintln(w.stdout, string(data))
	return nil
}

// said is a mistake in the reader's language.
func (q question) said(mistake *briefings.UserError) string {
	book, err := words.Open()
	if err != nil {
		return mistake.Say
	}
	return commands.Said(book.In(q.locale), mistake)
}

func (q question) answer(ctx context.Context, w world) (commands.Reply, error) {
	now := time.Now()
	if q.now != "" {
		t, err := time.Parse(time.RFC3339, q.now)
		if err != nil {
			return commands.Reply{}, usageError{fmt.Sprintf("--now %q is no time; write it like 2026-01-20T08:00:00Z", q.now)}
		}
		now = t
	}
	cfg, err := w.settings()
	if err != nil {
		return commands.Reply{}, err
	}
	desk, who, closing, err := q.open(ctx, cfg, func() time.Time { return now })
	if err != nil {
		return commands.Reply{}, err
	}
	name, input, err := parseLine(q.line)
	if err != nil {
		return commands.Reply{}, errors.Join(err, closing())
	}
	snap, err := desk.Briefings.Snapshot(ctx, who.Desk)
	if err != nil {
		return commands.Reply{}, errors.Join(err, closing())
	}
	set := desk.All().In(snap)
	c, ok := set.Command(name)
	listed := slices.ContainsFunc(set.Commands, func(c commands.Command) bool { return c.Name == name })
	switch {
	case !ok, !listed && snap.Section(name) == nil:
		err = usageError{fmt.Sprintf("/%s is no command; there are %s", name, strings.Join(readable(set), ", "))}
	case c.Role != commands.Reader, c.Menu:
		err = usageError{fmt.Sprintf("/%s is for moderators in a server; ask only reads the briefing: use it in Discord", name)}
	default:
		err = known(c, input)
	}
	if err != nil {
		return commands.Reply{}, errors.Join(err, closing())
	}
	if c.Shared(input, who.Settings) {
		who = who.Public()
	}
	reply, err := c.Run(ctx, who, input)
	return reply, errors.Join(err, closing())
}

// readable are the commands that ask answers.
func readable(set commands.Set) []string {
	var names []string
	for _, c := range set.Commands {
		if c.Role == commands.Reader && !c.Menu {
			names = append(names, "/"+c.Name)
		}
	}
	return names
}

// known checks that c has every option that was given.
func known(c commands.Command, input commands.Input) error {
	names := map[string]bool{}
	for _, o := range c.Options {
		names[o.Name] = true
	}
	for name := range input {
		if !names[name] {
			return usageError{fmt.Sprintf("/%s has no option %q", c.Name, name)}
		}
	}
	return nil
}

// open is the desk to answer from: the database where there is one, else the
// catalogue alone.
func (q question) open(ctx context.Context, cfg config.Config, now func() time.Time) (commands.Desk, commands.Caller, func() error, error) {
	fail := func(err error) (commands.Desk, commands.Caller, func() error, error) {
		return commands.Desk{}, commands.Caller{}, nil, err
	}
	loaded, err := readCatalogue(cfg.Catalogue)
	if err != nil {
		return fail(err)
	}
	book, err := words.Open()
	if err != nil {
		return fail(err)
	}
	who := commands.Caller{Desk: briefings.Catalogue, Locales: []string{q.locale}}
	closing := func() error { return nil }
	var record *store.Store
	if q.guild != "" {
		record, err = openReadOnly(ctx, cfg)
		switch {
		case err == nil:
			who.Desk, closing = briefings.DeskID(q.guild), record.Close
		case !errors.Is(err, fs.ErrNotExist):
			return fail(err)
		}
	}
	service := briefings.NewService(record, noCache{}, loaded, now, cfg.Logger(nothing{}))
	if who.Desk != briefings.Catalogue {
		if err := service.Follow(ctx); err != nil {
			return fail(errors.Join(err, closing()))
		}
	}
	return commands.Desk{Briefings: service, Book: book, Now: now}, who, closing, nil
}

func openReadOnly(ctx context.Context, cfg config.Config) (*store.Store, error) {
	if cfg.DatabaseURL != "" {
		return store.Connect(cfg.DatabaseURL)
	}
	return store.OpenReadOnly(ctx, filepath.Join(cfg.Data, "sitrep.db"))
}

// nothing is a log that nobody reads.
type nothing struct{}

func (nothing) Write(p []byte) (int, error) { return len(p), nil }

// noCache is a cache that holds nothing.
type noCache struct{}

func (noCache) Load(context.Context, briefings.DeskID) ([]byte, error)     { return nil, nil }
func (noCache) Drop(context.Context, briefings.DeskID) error               { return nil }
func (noCache) Keep(context.Context, briefings.DeskID, int, []byte) error  { return nil }
func (noCache) Tell(context.Context, briefings.DeskID) error               { return nil }
func (noCache) Changes(context.Context, func(briefings.DeskID, int)) error { return nil }

// parseLine reads "/digest list zone:UTC name:\"two words\"".
func parseLine(line string) (name string, input commands.Input, err error) {
	input = commands.Input{}
	rest := strings.TrimPrefix(strings.TrimSpace(line), "/")
	for rest != "" {
		word, after := nextWord(rest)
		rest = after
		key, value, isOption := strings.Cut(word, ":")
		switch {
		case isOption:
			input[key] = strings.Trim(value, `"`)
		case len(input) > 0:
			return "", nil, usageError{fmt.Sprintf("%q stands alone; write options as name:value, with quotes around several words: name:\"two words\"", word)}
		default:
			name = strings.TrimSpace(name + " " + word)
		}
	}
	return name, input, nil
}

// nextWord ends at a space outside of double quotes.
func nextWord(s string) (word, rest string) {
	quoted := false
	for i, r := range s {
		switch {
		case r == '"':
			quoted = !quoted
		case r == ' ' && !quoted:
			return s[:i], strings.TrimLeft(s[i:], " ")
		}
	}
	return s, ""
}
