package scenarios

import (
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"
)

// An expectation is a slot that a schedule demands, and how it may end besides
// being sent.
type expectation struct {
	channel string
	due     time.Time
	failed  bool // Discord refused it
	skipped bool // the clock jumped past it
}

// A posting is a message of the bot's, with the delivery ids that it carries.
type posting struct {
	id         string
	deliveries []string
}

// A verdict is what is wrong, by kind, each fault in words.
type verdict struct{ duplicates, lost, other []string }

func (v verdict) faults() []string { return slices.Concat(v.duplicates, v.lost, v.other) }

// judge compares what schedules demand, what the ledger says and what channels
// hold: every slot is there once and has ended, sent with the one message that
// carries its delivery id, or else with none and a reason.
func judge(wanted []expectation, ledger []slot, channels map[string][]posting) (v verdict) {
	type key struct {
		channel string
		due     time.Time
	}
	rows, known := map[key][]slot{}, map[string]bool{}
	for _, s := range ledger {
		rows[key{s.channel, s.due}] = append(rows[key{s.channel, s.due}], s)
		known[s.id] = true
	}
	carried := map[string][]string{} // ids of messages by delivery and channel
	for channel, messages := range channels {
		for _, m := range messages {
			if len(m.deliveries) != 1 || !known[m.deliveries[0]] {
				v.other = append(v.other, fmt.Sprintf("message %s in channel %s carries %q, want the id of one slot", m.id, channel, m.deliveries))
			}
			for _, id := range m.deliveries {
				carried[id+" "+channel] = append(carried[id+" "+channel], m.id)
			}
		}
	}
	for _, w := range wanted {
		k := key{w.channel, w.due}
		found := rows[k]
		delete(rows, k)
		switch {
		case len(found) == 0:
			v.lost = append(v.lost, fmt.Sprintf("channel %s has no slot at %s", w.channel, w.due))
		case len(found) > 1:
			v.duplicates = append(v.duplicates, fmt.Sprintf("channel %s has %d slots at %s", w.channel, len(found), w.due))
		default:
			v.slot(w, found[0], carried[found[0].id+" "+w.channel])
		}
	}
	for k, found := range rows {
		v.other = append(v.other, fmt.Sprintf("channel %s has %d slots at %s, when nothing was due", k.channel, len(found), k.due))
	}
	return v
}

// slot judges one that is there once.
func (v *verdict) slot(w expectation, s slot, messages []string) {
	said := fmt.Sprintf("slot %s of channel %s at %s is %s (%s), message %q; in the channel: %q", s.id, s.channel, s.due, s.state, s.reason, s.message, messages)
	ended := s.state == "sent" || s.state == "failed" && w.failed || s.state == "skipped" && w.skipped
	switch {
	case len(messages) > 1:
		v.duplicates = append(v.duplicates, said)
	case s.state != "failed" && !ended, !ended && len(messages) == 0, s.state == "sent" && len(messages) == 0:
		v.lost = append(v.lost, said)
	case s.state == "sent" && s.message != messages[0],
		s.state != "sent" && (s.reason == "" || len(messages) > 0 || s.message != ""),
		s.state == "skipped" && s.reason != "too late":
		v.other = append(v.other, said)
	}
}

var deliveryPattern = regexp.MustCompile(`"custom_id":"[^"]*@([a-z2-7]{20})"`)

// deliveriesIn are the delivery ids in a message's components, each once.
func deliveriesIn(components string) (all []string) {
	for _, found := range deliveryPattern.FindAllStringSubmatch(components, -1) {
		all = append(all, found[1])
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// TestJudgeSeesEveryFault keeps the judge of the other tests honest.
func TestJudgeSeesEveryFault(t *testing.T) {
	t.Parallel()
	due := time.Date(2026, time.January, 19, 7, 0, 0, 0, time.UTC)
	sent := slot{id: "a", channel: "1", state: "sent", message: "m", due: due}
	as := func(state, reason, message string) slot {
		return slot{id: "a", channel: "1", state: state, reason: reason, message: message, due: due}
	}
	twice := sent
	twice.id = "b"
	unasked := sent
	unasked.id, unasked.due = "b", due.Add(time.Hour)
	m, n := posting{"m", []string{"a"}}, posting{"n", []string{"a"}}
	for _, tt := range []struct {
		name                    string
		want                    expectation
		ledger                  []slot
		posted                  []posting
		duplicates, lost, other int
	}{
		{"sent", expectation{}, []slot{sent}, []posting{m}, 0, 0, 0},
		{"sent twice", expectation{}, []slot{sent}, []posting{m, n}, 1, 0, 0},
		{"sent, and another message is there", expectation{}, []slot{sent}, []posting{n}, 0, 0, 1},
		{"sent, and nothing is there", expectation{}, []slot{sent}, nil, 0, 1, 0},
		{"a message without a slot", expectation{}, []slot{sent}, []posting{m, {"o", []string{"c"}}}, 0, 0, 1},
		{"a message without a mark", expectation{}, []slot{sent}, []posting{m, {"o", nil}}, 0, 0, 1},
		{"never planned", expectation{}, nil, nil, 0, 1, 0},
		{"planned twice", expectation{}, []slot{sent, twice}, []posting{m}, 1, 0, 0},
		{"planned for no reason", expectation{}, []slot{sent, unasked}, []posting{m}, 0, 0, 1},
		{"still planned", expectation{failed: true, skipped: true}, []slot{as("planned", "", "")}, nil, 0, 1, 0},
		{"still claimed, though posted", expectation{}, []slot{as("claimed", "", "")}, []posting{m}, 0, 1, 0},
		{"refused", expectation{failed: true}, []slot{as("failed", "Give me the right.", "")}, nil, 0, 0, 0},
		{"refused for no reason", expectation{failed: true}, []slot{as("failed", "", "")}, nil, 0, 0, 1},
		{"refused, though posted", expectation{failed: true}, []slot{as("failed", "Give me the right.", "")}, []posting{m}, 0, 0, 1},
		{"failed, though posted and nobody refused it", expectation{}, []slot{as("failed", "Give me the right.", "")}, []posting{m}, 0, 0, 1},
		{"failed, though nobody refused it", expectation{}, []slot{as("failed", "Give me the right.", "")}, nil, 0, 1, 0},
		{"too late", expectation{skipped: true}, []slot{as("skipped", "too late", "")}, nil, 0, 0, 0},
		{"too late, though there was time", expectation{}, []slot{as("skipped", "too late", "")}, nil, 0, 1, 0},
		{"too late, though posted", expectation{skipped: true}, []slot{as("skipped", "too late", "")}, []posting{m}, 0, 0, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.want.channel, tt.want.due = "1", due
			v := judge([]expectation{tt.want}, tt.ledger, map[string][]posting{"1": tt.posted})
			if len(v.duplicates) != tt.duplicates || len(v.lost) != tt.lost || len(v.other) != tt.other {
				t.Errorf("got duplicates %q, lost %q, other %q; want %d, %d, %d", v.duplicates, v.lost, v.other, tt.duplicates, tt.lost, tt.other)
			}
		})
	}
}
