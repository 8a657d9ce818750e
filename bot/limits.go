package bot

import (
	"context"
	"time"
)

// Limits are how many commands and buttons are answered in ten seconds, of one
// person and in one server; no limit where zero.
type Limits struct{ Person, Server int }

// admit lets everything through where Redis can't tell: answering twice is
// refused by Discord, not answering is seen by everybody.
func (r *Router) admit(ctx context.Context, in Interaction) (first bool, wait time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	first, wait, err := r.Seen.Admit(ctx, in.tag(), "interaction:"+in.ID, repeatTime, r.quotas(in))
	if err != nil {
		return true, 0
	}
	return first, wait
}

// tag is what an interaction counts in: its server, or outside of servers the
// person. What somebody asks in one server counts for nothing in another, as a
// Redis Cluster keeps servers apart.
func (in Interaction) tag() string {
	if in.GuildID != "" {
		return in.GuildID
	}
	return "person:" + in.userID()
}

// quotas are what an interaction counts for. A form that comes back doesn't: what
// was typed into it would be lost. Choices come with every key that is pressed,
// and go by what is in memory.
func (r *Router) quotas(in Interaction) map[string]int {
	if in.Type != typeCommand && in.Type != typeComponent {
		return nil
	}
	quotas := map[string]int{}
	if r.Limits.Person > 0 {
		quotas["person:"+in.userID()] = r.Limits.Person
	}
	if r.Limits.Server > 0 && in.GuildID != "" {
		quotas["server:"+in.GuildID] = r.Limits.Server
	}
	return quotas
}
