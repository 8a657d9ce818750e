package bot

import (
	"context"
	"fmt"
	"time"
)

const (
	lookEvery = 5 * time.Minute
	// pageEvery is what a page of the list may cost: a look at very many servers
	// must not take the requests from digests.
	pageEvery = 5 * time.Second
	perPage   = 200
	mostPages = 10_000
)

// OwnGuilds lists the servers that the bot is in.
func (d *Discord) OwnGuilds(ctx context.Context) ([]string, error) {
	var all []string
	after := ""
	for range mostPages {
		var page []struct {
			ID string `json:"id"`
		}
		if err := d.read(ctx, query("/users/@me/guilds", perPage, after), &page); err != nil {
			return nil, err
		}
		for _, guild := range page {
			all = append(all, guild.ID)
		}
		if len(page) < perPage || page[len(page)-1].ID == after {
			return all, nil
		}
		after = page[len(page)-1].ID
	}
	return nil, fmt.Errorf("bot: Discord's list of servers has no end after %d", len(all))
}

// A lookout tells of joining and leaving servers where no gateway does, by
// looking now and then. Discord tells endpoints of neither.
type lookout struct {
	discord *Discord
	tell    func(ctx context.Context, m Membership)
	begin   func(all []string) // gets all servers of the first look

	known  map[string]bool // servers that the bot is in; nil before the first look
	missed map[string]bool // of those, the ones that the last look didn't find
}

// rest is how long to wait until the next look.
func (l *lookout) rest() time.Duration {
	return max(lookEvery, time.Duration(len(l.known)/perPage)*pageEvery)
}

// look compares with what was known. A server is left once two looks in a row
// don't find it: one may be out of Discord's own reach for a while.
func (l *lookout) look(ctx context.Context) error {
	found, err := l.discord.OwnGuilds(ctx)
	if err != nil {
		return err
	}
	first := l.known == nil
	if first {
		l.known = map[string]bool{}
		l.begin(found)
	}
	there, missed := map[string]bool{}, map[string]bool{}
	for _, id := range found {
		there[id] = true
	}
	for id := range l.known {
		switch {
		case there[id]:
		case l.missed[id]:
			delete(l.known, id)
			l.tell(ctx, Membership{Guild: id, Left: true})
		default:
			missed[id] = true
		}
	}
	l.missed = missed
	for _, id := range found {
		if !l.known[id] {
			l.known[id] = true
			m := Membership{Guild: id, New: !first}
			if m.New {
				if _, own, err := l.discord.OwnMember(ctx, id); err == nil { // else nobody greets there, which is no harm
					m.Joined = own.Joined.UTC()
				}
			}
			l.tell(ctx, m)
		}
	}
	return nil
}
