package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"sitrep/bot"
	"sitrep/briefings"
	"sitrep/briefings/catalogue"
	"sitrep/cache"
	"sitrep/cards"
	"sitrep/commands"
	"sitrep/config"
	"sitrep/digests"
	"sitrep/metrics"
	"sitrep/pictures"
	"sitrep/sandbox"
	"sitrep/sandbox/clock"
	"sitrep/store"
	"sitrep/words"
)

// serve builds every part, runs them all until ctx ends or one of them fails,
// and closes them in reverse.
func serve(ctx context.Context, w world) (err error) {
	if err := w.flags("serve", "runs the bot; without DISCORD_TOKEN, against its own local Discord.", nil); err != nil {
		return err
	}
	cfg, err := w.settings()
	if err != nil {
		return err
	}
	log := slog.New(bot.NewLogHandler(cfg.Logger(w.stderr).Handler()))
	loaded, err := readCatalogue(cfg.Catalogue)
	if err != nil {
		return err
	}
	p := &parts{cfg: cfg, log: log}
	defer func() { err = errors.Join(err, p.close()) }()
	if err := p.open(ctx); err != nil {
		return err
	}
	return p.serve(ctx, w, loaded)
}

// readCatalogue reads what SITREP_CATALOGUE names.
func readCatalogue(name string) (briefings.Loaded, error) {
	loaded := briefings.Loaded{RecordedAt: catalogue.RecordedAt()}
	var err error
	switch name {
	case "empty":
		return loaded, nil
	case "bundled":
		loaded.Edition = catalogue.Edition()
		loaded.Items, err = catalogue.Read(catalogue.Bundled(), loaded.RecordedAt)
		return loaded, err
	}
	loaded.Items, err = catalogue.ReadPath(name, time.Now())
	if err != nil {
		return loaded, fmt.Errorf("the catalogue in %s has faults; mend them, then start again:\n%w", name, err)
	}
	return loaded, nil
}

// follower is told when a clock moves, and tells when it has something to do next.
type follower func(ctx context.Context, now time.Time) (next time.Time, err error)

// parts are what serve has opened so far.
type parts struct {
	cfg     config.Config
	log     *slog.Logger
	listen  *listener
	sandbox *sandbox.Sandbox
	record  *store.Store
	cache   *cache.Cache
	now     func() time.Time
	follow  func(ctx context.Context, f follower) error // of a clock in another process

	ready   atomic.Bool
	moves   sync.WaitGroup // of the clock, while digests follow them
	closers []func() error

	service  *briefings.Service
	discord  *bot.Bot
	endpoint *bot.Endpoint // nil with a gateway
	metrics  *metrics.Metrics
	vitals   *vitals
}

func (p *parts) close() error {
	var errs []error
	for i := len(p.closers) - 1; i >= 0; i-- {
		errs = append(errs, p.closers[i]())
	}
	return errors.Join(errs...)
}

// open opens what listens and what is kept; nothing runs yet.
func (p *parts) open(ctx context.Context) (err error) {
	if p.listen, err = listen(p.cfg.Listen, p.cfg.AdminListen); err != nil {
		return err
	}
	p.closers = append(p.closers, p.listen.close)
	if p.cfg.Sandbox() {
		p.sandbox, err = sandbox.Open(sandbox.Options{Dir: filepath.Join(p.cfg.Data, "sandbox"), Log: p.log, Origins: []string{p.cfg.Listen}, Guarded: !p.listen.loopback()})
		if err != nil {
			return fmt.Errorf("%w; SITREP_DATA names the folder", err)
		}
		p.closers = append(p.closers, p.sandbox.Close)
		p.cfg.Token, p.cfg.DiscordAPI = p.sandbox.Credentials().Token, p.listen.url()+"/api"
	}
	if err := p.openClock(ctx); err != nil {
		return err
	}
	if p.cache, err = cache.Open(p.cfg.Redis(), p.log); err != nil {
		return err
	}
	p.closers = append(p.closers, p.cache.Close)
	return p.openRecord(ctx)
}

func (p *parts) openClock(ctx context.Context) error {
	p.now = time.Now
	switch {
	case p.sandbox != nil:
		p.now = p.sandbox.Now
	case p.cfg.Clock != "":
		c, err := clock.Dial(ctx, p.cfg.Clock)
		if err != nil {
			return err
		}
		p.now = c.Now
		p.follow = func(ctx context.Context, f follower) error { return c.Follow(ctx, clock.Follower(f)) }
	}
	return nil
}

// openRecord opens the database. Away at the start it is waited for only where
// Redis can answer meanwhile.
func (p *parts) openRecord(ctx context.Context) (err error) {
	if p.record, err = store.Connect(p.cfg.Database()); err != nil {
		return fmt.Errorf("%w; SITREP_DATA names the folder, SITREP_DATABASE_URL another database", err)
	}
	p.closers = append(p.closers, p.record.Close)
	err = p.record.Migrate(ctx)
	if !errors.Is(err, briefings.ErrUnavailable) || p.cfg.DatabaseURL == "" {
		return err
	}
	if p.cfg.RedisURL == "" || p.cache.Ping(ctx) != nil {
		return fmt.Errorf("%w; and there is no Redis that could answer meanwhile: start one of them, then sitrep", err)
	}
	p.log.WarnContext(ctx, "the database is away: answering what Redis holds until it is back", "err", err)
	return nil
}

// migrate brings the database up to date once it is there.
func (p *parts) migrate(ctx context.Context) error {
	for wait := time.Second; ; wait = min(2*wait, 15*time.Second) {
		err := p.record.Migrate(ctx)
		if err == nil || !errors.Is(err, briefings.ErrUnavailable) {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

// serve wires the parts together and runs them.
func (p *parts) serve(ctx context.Context, w world, loaded briefings.Loaded) error {
	book, err := words.Open()
	if err != nil {
		return err
	}
	gallery, err := pictures.New(p.log)
	if err != nil {
		return err
	}
	service := briefings.NewService(p.record, p.cache, loaded, p.now, p.log)
	connected := make(chan struct{})
	departures, err := p.meet(service, book, func() { close(connected) })
	if err != nil {
		return err
	}
	discord := p.discord
	service.Watch(discord.Slash().Changed)
	guests := briefings.NewGuests(p.record, discord.Servers(), p.now, p.log)
	desk := p.desk(service, discord, guests, gallery, book)
	runner := p.runner(service, discord, desk, gallery, book,
		digests.Job{Name: "what servers left behind", Run: departures.Run, Follow: departures.Follow})
	enrolled := make(chan struct{}) // with a clock in another process, which from then on waits for us
	g, gctx := errgroup.WithContext(ctx)
	// the bot talks to the sandbox through it, so it is the last to stop
	stop, failed := p.listen.serve(context.WithoutCancel(ctx), p.handler())
	g.Go(func() error {
		select {
		case err := <-failed:
			return err
		case <-gctx.Done():
			return nil
		}
	})
	g.Go(func() error { return service.Run(gctx) })
	g.Go(func() error { return discord.Run(gctx, desk.All(), guests) })
	g.Go(func() error {
		if err := p.migrate(gctx); err != nil || !opened(gctx, connected) {
			return err
		}
		if p.sandbox != nil {
			p.sandbox.Follow(sandbox.Follower(p.following(gctx, runner.Follow)))
		}
		if p.follow != nil && !opened(gctx, enrolled) {
			return nil
		}
		p.ready.Store(true)
		p.welcome(w)
		return runner.Run(gctx)
	})
	if p.cfg.OperatorChannel != "" {
		g.Go(func() error { return p.operatorWatch(book).Run(gctx) })
	}
	if p.follow != nil {
		g.Go(func() error {
			if !opened(gctx, connected) {
				return nil
			}
			return p.follow(gctx, begun(enrolled, p.following(gctx, runner.Follow)))
		})
	}
	err = g.Wait()
	p.moves.Wait() // a move of the clock must not find the database closed
	return errors.Join(err, stop())
}

// meet makes the bot, what counts and watches it, and what is told which servers
// it left.
func (p *parts) meet(service *briefings.Service, book *words.Book, ready func()) (*briefings.Departures, error) {
	gone := func(ctx context.Context, desk briefings.DeskID) (bool, error) {
		return p.discord.Servers().Gone(ctx, desk)
	}
	departures := briefings.NewDepartures(p.record, gone, service.Purged, p.log)
	p.service, p.metrics = service, metrics.New()
	discord, err := bot.New(bot.Options{
		Token: p.cfg.Token, API: p.cfg.DiscordAPI, PublicKey: p.cfg.PublicKey, Shards: bot.Shards(p.cfg.ShardRange()),
		Book: book, Seen: p.cache, Limits: bot.Limits(p.cfg.Limit()), Pacer: p.cache, Log: p.log, Observer: p.metrics, Settings: service.Settings, Ready: ready,
		Snapshot: service.Snapshot, Sectioned: p.record.Sectioned, Joins: p.record, Servers: departures, Now: p.now,
	})
	if err != nil {
		return nil, err
	}
	p.discord = discord
	p.endpoint = p.discord.Endpoint()
	p.vitals = p.newVitals()
	p.metrics.Watch(p.sources(p.vitals))
	return departures, nil
}

// desk is what commands answer from.
func (p *parts) desk(service *briefings.Service, discord *bot.Bot, guests *briefings.Guests, gallery *pictures.Gallery, book *words.Book) commands.Desk {
	return commands.Desk{
		Briefings: service, Digests: p.record, Planning: p.record, Queue: p.record, Looks: p.record, People: service,
		Servers: discord.Servers(), Rooms: discord.Rooms(), Files: discord.Files(), Guests: guests, Slash: discord.Slash(),
		Pictures: gallery, Answers: new(commands.Answers), Book: book, Now: p.now,
	}
}

// runner posts digests, and follows what becomes of them.
func (p *parts) runner(service *briefings.Service, discord *bot.Bot, desk commands.Desk, gallery *pictures.Gallery, book *words.Book, jobs ...digests.Job) *digests.Runner {
	logChannel := func(ctx context.Context, desk briefings.DeskID) digests.ChannelID {
		return digests.ChannelID(service.Settings(ctx, desk).LogChannel)
	}
	nudger := p.nudger(discord, desk)
	writer := digests.Writer{Briefings: service, Pictures: gallery, Book: book}
	return digests.New(p.log, digests.Parts{
		Planning: p.record, Dates: writer.KeyDate, Ledger: p.record, Poster: discord.Poster(), Clock: p.now, Compose: writer.Compose,
		Notify:      digests.Notifier{Notices: p.record, Messenger: discord.Poster(), Book: book, LogChannel: logChannel, Log: p.log}.Notify,
		Corrections: p.record, Corrector: writer, Editor: discord.Poster(),
		Errands: p.record, Extras: discord.Rooms(), Title: writer.Title,
		Jobs: append(jobs, digests.Job{Name: "notices to moderators", Run: nudger.Run, Follow: nudger.Follow}),
	})
}

// nudger tells moderators in their log channels what waits for them.
func (p *parts) nudger(discord *bot.Bot, desk commands.Desk) *digests.Nudger {
	weekly := func(ctx context.Context, n digests.DeskNotice, s briefings.Settings) (cards.Card, error) {
		locale := s.Locale
		if locale == "" {
			if own, err := discord.Servers().Locale(ctx, n.Desk); err == nil { // else English
				locale = own
			}
		}
		card, some, err := desk.Nudge(ctx, n.Desk, locale)
		if err == nil && !some {
			err = digests.ErrQuiet
		}
		return card, err
	}
	return &digests.Nudger{
		Record: p.record, Poster: discord.Poster(), Settings: p.record.Settings, Log: p.log,
		Writers: map[digests.NoticeKind]digests.NoticeWriter{digests.WeeklyNotice: weekly},
	}
}

// begun is f that closes c when it is called first.
func begun(c chan<- struct{}, f follower) follower {
	first := sync.OnceFunc(func() { close(c) })
	return func(ctx context.Context, now time.Time) (time.Time, error) {
		first()
		return f(ctx, now)
	}
}

// following is f for as long as running lasts. What goes wrong with a move is
// logged and left to the next tick, which tries again every second.
func (p *parts) following(running context.Context, f follower) follower {
	return func(ctx context.Context, now time.Time) (time.Time, error) {
		next, err := p.followOnce(ctx, running, f, now)
		if running.Err() != nil {
			// the clock must not move on without the bot: it stops with the sandbox
			<-ctx.Done()
			return time.Time{}, ctx.Err()
		}
		if err != nil {
			p.log.WarnContext(ctx, "digests did not follow a move of the clock; the next tick tries again", "err", err)
		}
		return next, nil
	}
}

// followOnce is one call of f, which ends when running does and which p.moves counts.
func (p *parts) followOnce(ctx, running context.Context, f follower, now time.Time) (time.Time, error) {
	p.moves.Add(1)
	defer p.moves.Done()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(running, cancel)()
	if running.Err() != nil {
		return time.Time{}, running.Err()
	}
	return f(ctx, now)
}

// opened waits until c is closed; false where ctx ended first.
func opened(ctx context.Context, c <-chan struct{}) bool {
	select {
	case <-ctx.Done():
		return false
	case <-c:
		return true
	}
}

// welcome says where to look and what to try.
func (p *parts) welcome(w world) {
	fmt.Fprintf(w.stdout, "ready %s\n", p.listen.url())
	if p.sandbox == nil {
		return
	}
	fmt.Fprintf(w.stdout, `
No DISCORD_TOKEN is set, so this is the sandbox: a local Discord in your browser.
  Open %s and type /talks, /energy or /actors.
  Become moderator, then try /desk edit item:F5 and /digest add at:08:00;
  move the clock on and see the digest come.
Everything is kept in %s. Ctrl-C stops it.
`, p.listen.url(), p.cfg.Data)
	if key := p.sandbox.Credentials().Key; key != "" {
		fmt.Fprintln(w.stdout, reachable(p.cfg.Listen, p.listen.url(), key))
	}
}

// reachable warns of a sandbox that isn't this machine's alone.
func reachable(listen, url, key string) string {
	return fmt.Sprintf(`Mind: other machines can reach this sandbox on %s, and whoever has its key acts as any member.
  The page with the key: %s/?key=%s
  Scripts send Authorization: Bearer %s`, listen, url, key, key)
}
