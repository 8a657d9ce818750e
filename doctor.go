package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"sitrep/briefings"
	"sitrep/cache"
	"sitrep/config"
)

const (
	doctorTime = 2 * time.Minute
	// mostExamined is of how many digests the channels are looked at.
	mostExamined = 1000
)

// doctor looks at everything that sitrep works with, and says of each fault
// what to do.
func doctor(ctx context.Context, w world) error {
	if err := w.flags("doctor", "examines the settings, database, Redis, token, clock, and the permissions in every channel with digests; exit code 1 if something is wrong.", nil); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, doctorTime)
	defer cancel()
	cfg, err := w.settings()
	if err != nil {
		return err
	}
	x := &examination{w: w, cfg: cfg}
	x.settings()
	subscribed := x.database(ctx)
	x.redis(ctx)
	if cfg.Sandbox() {
		x.fine("Discord", "without DISCORD_TOKEN sitrep brings its own, where nothing has to be set up")
	} else {
		x.discord(ctx, subscribed)
	}
	if x.faults > 0 {
		fmt.Fprintf(w.stdout, "\n%s to mend.\n", count(x.faults, "fault"))
		return errSaid
	}
	fmt.Fprintln(w.stdout, "\nAll is well.")
	return nil
}

// An examination counts the faults it has told of.
type examination struct {
	w      world
	cfg    config.Config
	faults int
}

func (x *examination) fine(part, format string, args ...any) {
	fmt.Fprintf(x.w.stdout, "✓ %s: %s.\n", part, fmt.Sprintf(format, args...))
}

func (x *examination) fault(part, format string, args ...any) {
	x.faults++
	fmt.Fprintf(x.w.stdout, "✗ %s: %s.\n", part, fmt.Sprintf(format, args...))
}

// plainly is an error in one line, without what was being done when it came up.
func plainly(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if _, rest, is := strings.Cut(text, briefings.ErrUnavailable.Error()+": "); is {
		return rest
	}
	if part, rest, is := strings.Cut(text, ": "); is && !strings.Contains(part, " ") {
		return rest // the part was a package
	}
	return text
}

func (x *examination) settings() {
	if _, err := readCatalogue(x.cfg.Catalogue); err != nil {
		x.fault("Catalogue", "%s", plainly(err))
		return
	}
	x.fine("Settings", "sound")
}

func (x *examination) redis(ctx context.Context) {
	if x.cfg.RedisURL == "" {
		x.fine("Redis", "embedded, for one copy of sitrep; set SITREP_REDIS_URL for more")
		return
	}
	c, err := cache.Open(x.cfg.Redis(), x.cfg.Logger(nothing{}))
	if err != nil {
		x.fault("Redis", "%s", plainly(err))
		return
	}
	defer func() { _ = c.Close() }() // nothing was written
	if err := c.Ping(ctx); err != nil {
		x.fault("Redis", "%s. Answers go on without it, only slower", plainly(err))
		return
	}
	x.fine("Redis", "answers")
}
