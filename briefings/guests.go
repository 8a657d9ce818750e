package briefings

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// How long a proof that somebody is a member of a server is believed.
const (
	proofBelieved = time.Hour      // without asking Discord again
	proofHolds    = 24 * time.Hour // where Discord is asked and doesn't tell
)

// How often, and for how many people, a copy writes down where they are.
const (
	visitKept  = 5 * time.Minute
	mostVisits = 20_000
)

// What looking up a guest's desk may cost of an answer's time.
const (
	guestTime  = 400 * time.Millisecond // for the record
	memberTime = 700 * time.Millisecond // for Discord
)

// mostNamed is how many of somebody's servers, those used last, are called by their
// names: as many as can be chosen from.
const mostNamed = 25

// A Membership is that Discord showed somebody to be a member of a server. One
// of [Catalogue] is that they chose the bundled briefing.
type Membership struct {
	Desk     DeskID
	Name     string // of the server, empty where Discord did not tell
	ProvedAt time.Time
	UsedAt   time.Time // when its briefing was last asked or chosen
}

// Label names the server as well as it is known.
func (m Membership) Label() string { return cmp.Or(m.Name, string(m.Desk)) }

// Memberships are where people were seen; package store satisfies it. Its
// methods are as those of [Queue].
type Memberships interface {
	// Memberships returns those of who, last used first.
	Memberships(ctx context.Context, who UserID) ([]Membership, error)
	// Use keeps m in place of what was kept of its desk, but for a name that m
	// lacks.
	Use(ctx context.Context, who UserID, m Membership) error
	// Call keeps what desk's server is called.
	Call(ctx context.Context, who UserID, desk DeskID, name string) error
	// Prove keeps a newer proof of a membership, if that is kept at all.
	Prove(ctx context.Context, who UserID, desk DeskID, at time.Time) error
	// Forget drops what is kept of a desk.
	Forget(ctx context.Context, who UserID, desk DeskID) error
}

// Members is what Discord tells of servers' members; package bot satisfies it.
type Members interface {
	// Member reports whether who is a member of desk's server, as far as the bot
	// can see: it sees none of a server that it left. The error means that
	// Discord did not tell.
	Member(ctx context.Context, desk DeskID, who UserID) (bool, error)
	// ServerName returns what the server calls itself.
	ServerName(ctx context.Context, desk DeskID) (string, error)
}

// A Guest is somebody who asks outside of the server whose briefing answers: in
// direct messages, or where they brought the application along.
type Guest struct {
	Desk  DeskID // whose briefing answers; [Catalogue] for the bundled one
	Name  string // of its server
	Why   GuestReason
	Among bool // whether others read along what is answered for all
}

// A GuestReason is why the bundled briefing answers where another was meant,
// that of the server that [Guest] names.
type GuestReason int

// The reasons.
const (
	GuestAsMeant  GuestReason = iota
	GuestLeft                 // they are no member any more
	GuestUnproved             // Discord doesn't tell, and their proof is too old
	GuestUnread               // the record doesn't tell which they used
)

// Guests tells whose briefing answers people outside of servers: that of the
// server where they last used the application or which they chose since, and
// only as long as they are a member there. It is safe for concurrent use.
type Guests struct {
	record  Memberships
	members Members
	now     func() time.Time
	log     *slog.Logger

	mu     sync.Mutex
	visits map[UserID]visit // what this copy wrote down last
}

type visit struct {
	desk DeskID
	at   time.Time
}

// NewGuests goes by what record keeps and members tells. now is the clock that
// proofs are dated with.
func NewGuests(record Memberships, members Members, now func() time.Time, log *slog.Logger) *Guests {
	return &Guests{record: record, members: members, now: now, log: log, visits: map[UserID]visit{}}
}

// Of returns whose briefing answers who.
func (g *Guests) Of(ctx context.Context, who UserID) Guest {
	all, err := g.List(ctx, who)
	switch {
	case err != nil:
		g.log.WarnContext(ctx, "where somebody was last can't be read", "err", err)
		return Guest{Desk: Catalogue, Why: GuestUnread}
	case len(all) == 0 || all[0].Desk == Catalogue:
		return Guest{Desk: Catalogue}
	}
	return g.admit(ctx, who, all[0])
}

// List returns the memberships of who that are known, last used first, without
// asking Discord whether they still hold.
func (g *Guests) List(ctx context.Context, who UserID) ([]Membership, error) {
	reading, cancel := context.WithTimeout(ctx, guestTime)
	defer cancel()
	all, err := g.record.Memberships(reading, who)
	if err != nil {
		return nil, err
	}
	g.name(ctx, who, all[:min(len(all), mostNamed)])
	return all, nil
}

// name asks what the servers are called of which that is not known.
func (g *Guests) name(ctx context.Context, who UserID, all []Membership) {
	asking, cancel := context.WithTimeout(ctx, memberTime)
	defer cancel()
	for i, m := range all {
		if m.Name != "" || m.Desk == Catalogue {
			continue
		}
		name, err := g.members.ServerName(asking, m.Desk)
		if asking.Err() != nil {
			g.log.WarnContext(ctx, "servers' names can't be asked for in time", "guild", m.Desk, "err", err)
			return
		}
		if err != nil { // such as of one that removed the bot
			continue
		}
		all[i].Name = name
		g.noted(ctx, g.record.Call(ctx, who, m.Desk, name))
	}
}

// Choose makes desk the one that answers who, and returns what does then. It
// returns [ErrNotFound] where who was never seen there.
func (g *Guests) Choose(ctx context.Context, who UserID, desk DeskID) (Guest, error) {
	chosen := Membership{Desk: Catalogue, ProvedAt: g.now()}
	guest := Guest{Desk: Catalogue}
	if desk != Catalogue {
		all, err := g.List(ctx, who)
		if err != nil {
			return Guest{}, err
		}
		i := slices.IndexFunc(all, func(m Membership) bool { return m.Desk == desk })
		if i < 0 {
			return Guest{}, ErrNotFound
		}
		chosen = all[i]
		if guest = g.admit(ctx, who, chosen); guest.Why != GuestAsMeant {
			return guest, nil
		}
	}
	g.visited(who, visit{}) // so that a visit to where they were last counts again
	chosen.UsedAt = g.now()
	return guest, g.record.Use(ctx, who, chosen)
}

// Seen notes that who used the application in desk's server, where Discord sent
// them as a member. Most calls of somebody who stays there write nothing.
func (g *Guests) Seen(ctx context.Context, who UserID, desk DeskID) error {
	now := g.now()
	g.mu.Lock()
	last := g.visits[who]
	g.mu.Unlock()
	if since := now.Sub(last.at); last.desk == desk && since >= 0 && since < visitKept {
		return nil
	}
	// The server's name is asked for by whoever shows it: in every server that
	// somebody uses, that would take the requests from digests.
	if err := g.record.Use(ctx, who, Membership{Desk: desk, ProvedAt: now, UsedAt: now}); err != nil {
		return err
	}
	g.visited(who, visit{desk: desk, at: now})
	return nil
}

// Forgotten forgets where who was, but that they are in desk's server just now:
// that they had themselves forgotten there is not written down as a visit.
func (g *Guests) Forgotten(who UserID, desk DeskID) {
	g.visited(who, visit{desk: desk, at: g.now()})
}

// visited remembers v. Where there is no room for more all is forgotten, which
// costs each person a write.
func (g *Guests) visited(who UserID, v visit) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.visits) >= mostVisits {
		clear(g.visits)
	}
	g.visits[who] = v
}

// admit lets who read m's briefing where they are still a member.
func (g *Guests) admit(ctx context.Context, who UserID, m Membership) Guest {
	guest := Guest{Desk: m.Desk, Name: m.Label()}
	now := g.now()
	age := now.Sub(m.ProvedAt)
	if age >= 0 && age < proofBelieved {
		return guest
	}
	asking, cancel := context.WithTimeout(ctx, memberTime)
	defer cancel()
	member, err := g.members.Member(asking, m.Desk, who)
	switch {
	case err != nil && age >= 0 && age < proofHolds:
		return guest
	case err != nil:
		g.log.WarnContext(ctx, "whether somebody is a member can't be told", "guild", m.Desk, "err", err)
		return Guest{Desk: Catalogue, Name: guest.Name, Why: GuestUnproved}
	case !member:
		g.noted(ctx, g.record.Forget(ctx, who, m.Desk))
		return Guest{Desk: Catalogue, Name: guest.Name, Why: GuestLeft}
	}
	g.noted(ctx, g.record.Prove(ctx, who, m.Desk, now))
	g.noted(ctx, g.record.Call(ctx, who, m.Desk, "")) // it may be called something else by now
	return guest
}

// noted logs what could not be written: it is found out again the next time.
func (g *Guests) noted(ctx context.Context, err error) {
	if err != nil && !errors.Is(err, ErrUnavailable) {
		g.log.WarnContext(ctx, "a membership can't be kept", "err", err)
	}
}
