package scenarios

import (
	"math/rand/v2"
	"net/http"
	"time"
)

// An outage is one entry of what PUT /sandbox/faults takes.
type outage struct {
	Match      string  `json:"match"`
	Skip       int     `json:"skip,omitempty"`
	Times      int     `json:"times,omitempty"`
	LatencyMS  int     `json:"latency_ms,omitempty"`
	Status     int     `json:"status,omitempty"`
	Code       int     `json:"code,omitempty"`
	RetryAfter float64 `json:"retry_after,omitempty"`
	Scope      string  `json:"scope,omitempty"`
	HTML       bool    `json:"html,omitempty"`
	Cut        string  `json:"cut,omitempty"`
	Used       int     `json:"used,omitempty"`
}

// A trouble is one way in which Discord treats one channel for one round.
type trouble struct {
	name    string
	outages []outage // Match is only the method, until a channel is known
	refused bool     // the slot may end as failed
	rare    bool     // holds a copy up for seconds: once a round is enough
	first   int      // the first round that may have it
}

// posts are outages of posting to a channel, looks of reading its messages.
const (
	posts = http.MethodPost
	looks = http.MethodGet
)

func troubles() []trouble {
	refusal := func(status, code int) []outage {
		return []outage{{Match: posts, Times: 1, Status: status, Code: code}}
	}
	return []trouble{
		{name: "429 user", outages: []outage{{Match: posts, Times: 2, Status: 429, RetryAfter: 0.3, Scope: "user"}}},
		{name: "429 shared", outages: []outage{{Match: posts, Times: 2, Status: 429, RetryAfter: 0.3, Scope: "shared"}}},
		{name: "429 global", outages: []outage{{Match: posts, Times: 1, Status: 429, RetryAfter: 0.5, Scope: "global"}}},
		{name: "429 HTML", outages: []outage{{Match: posts, Times: 1, Status: 429, RetryAfter: 0.5, HTML: true}}},
		{name: "429 for longer than a try", outages: []outage{{Match: posts, Times: 1, Status: 429, RetryAfter: 11, Scope: "shared"}}},
		{name: "500", outages: []outage{{Match: posts, Times: 1, Status: 500}}},
		{name: "501", outages: []outage{{Match: posts, Times: 1, Status: 501}}},
		{name: "502", outages: []outage{{Match: posts, Times: 1, Status: 502, HTML: true}}},
		{name: "503", outages: []outage{{Match: posts, Times: 2, Status: 503}}},
		{name: "504", outages: []outage{{Match: posts, Times: 1, Status: 504, HTML: true}}},
		{name: "cut before", outages: []outage{{Match: posts, Times: 1, Cut: "before"}}},
		{name: "cut after", outages: []outage{{Match: posts, Times: 1, Cut: "after"}}},
		{name: "slow", outages: []outage{{Match: posts, Times: 1, LatencyMS: 400}}},
		{name: "50001", outages: refusal(403, 50001), refused: true},
		{name: "50013", outages: refusal(403, 50013), refused: true},
		{name: "10003", outages: refusal(404, 10003), refused: true},
		{name: "50035", outages: refusal(400, 50035), refused: true},
		{name: "cut after, then 50013", outages: []outage{
			{Match: posts, Times: 1, Cut: "after"},
			{Match: posts, Times: 1, Skip: 1, Status: 403, Code: 50013},
		}},
		{name: "cut after for a whole try, history away", outages: []outage{
			{Match: posts, Times: 5, Cut: "after"},
			{Match: looks, Times: 2, Status: 500},
		}, rare: true},
		{name: "no answer within a try", outages: []outage{{Match: posts, Times: 1, LatencyMS: 12_000}}, rare: true, first: 2},
	}
}

// wholeTry is as many refusals as end one try of a digest; the next one begins
// with looking for it.
func wholeTry() trouble {
	return trouble{name: "503 for a whole try", outages: []outage{{Match: posts, Times: 5, Status: 503}}}
}

// history is trouble with looking for a message, for a channel where a copy dies.
func history() []trouble {
	return []trouble{
		{},
		{name: "looking: 503", outages: []outage{{Match: looks, Times: 2, Status: 503}}},
		{name: "looking: 429", outages: []outage{{Match: looks, Times: 1, Status: 429, RetryAfter: 0.5, Scope: "user"}}},
		{name: "looking: cut", outages: []outage{{Match: looks, Times: 1, Cut: "before"}}},
	}
}

// A point is where on the way of a slot copies die.
type point string

const (
	planning   point = "while planning"
	unsent     point = "claimed, before the post leaves"
	orphaned   point = "posting, what was sent arriving once another copy has looked"
	unread     point = "posted, before the answer is read"
	forgotten  point = "posted, then dead for longer than Discord knows a nonce"
	unfinished point = "answered, while finishing"
	finished   point = "finished"
	looking    point = "while looking for the message"
	anywhere   point = "anywhere"
	everywhere point = "all copies at once"
	frozen     point = "frozen for longer than a lease"
)

// inChannel are the points that a request about a channel leads to.
func inChannel() []point { return []point{unsent, orphaned, unread, unfinished, finished, looking} }

// longOutage is the round in which all copies are away for minutes.
const longOutage = 2

// A roundPlan is what goes wrong in one round; equal seeds make equal plans.
type roundPlan struct {
	outages []outage
	names   []string // of the troubles, one for each outage
	refused map[string]bool
	points  map[string]point // by channel
	timed   map[time.Duration]point
	late    time.Duration // by which the clock passes the due time
	part    float64       // of the first half of the planning, after which copies die in it
}

// newRoundPlan gives a third of the channels a trouble, and every point its
// channel; those in before were refused in the round before and are let be,
// since three refusals in a row may pause a subscription.
func newRoundPlan(r *rand.Rand, round int, channels []string, before map[string]bool) roundPlan {
	within := func(most time.Duration) time.Duration { return time.Duration(r.Int64N(int64(most))) }
	p := roundPlan{
		refused: map[string]bool{}, points: map[string]point{},
		late: within(20 * time.Minute).Truncate(time.Second), part: r.Float64(),
		timed: map[time.Duration]point{
			within(2 * time.Second): frozen,
			within(3 * time.Second): anywhere,
			within(6 * time.Second): anywhere,
			within(5 * time.Second): everywhere,
		},
	}
	left := make([]string, len(channels))
	for i, j := range r.Perm(len(channels)) {
		left[i] = channels[j]
	}
	left = p.givePoints(r, round, left)
	p.giveTroubles(r, round, left, before)
	return p
}

// givePoints returns the channels that are left.
func (p *roundPlan) givePoints(r *rand.Rand, round int, left []string) []string {
	if round == longOutage {
		p.points[left[0]] = forgotten
		left = left[1:]
	}
	for i, at := range inChannel() {
		p.points[left[i]] = at
		if at == looking { // nothing is looked for before a first try
			p.add(left[i], wholeTry())
			continue
		}
		p.add(left[i], history()[r.IntN(len(history()))])
	}
	return left[len(inChannel()):]
}

func (p *roundPlan) giveTroubles(r *rand.Rand, round int, left []string, before map[string]bool) {
	all, often := troubles(), len(left)/3
	for _, t := range all {
		if t.rare && round >= t.first {
			p.add(left[0], t)
			left = left[1:]
		}
	}
	for _, channel := range left[:often] {
		if t := all[r.IntN(len(all))]; !t.rare && (!t.refused || !before[channel]) {
			p.add(channel, t)
		}
	}
}

func (p *roundPlan) add(channel string, t trouble) {
	if t.refused {
		p.refused[channel] = true
	}
	for _, o := range t.outages {
		o.Match += " /channels/" + channel + "/messages"
		p.outages = append(p.outages, o)
		p.names = append(p.names, t.name)
	}
}
