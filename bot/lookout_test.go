package bot

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestLookoutTellsOfServers(t *testing.T) {
	t.Parallel()
	var guilds []string
	r := soundless(t, new(memory), func(r *http.Request) (*http.Response, error) {
		if guilds == nil {
			return canned(http.StatusBadRequest, "{}"), nil
		}
		after, page := r.URL.Query().Get("after"), []string{}
		for _, id := range guilds {
			if id > after && len(page) < perPage {
				page = append(page, `{"id":"`+id+`"}`)
			}
		}
		return canned(http.StatusOK, "["+strings.Join(page, ",")+"]"), nil
	})
	var many []string
	for n := range 2*perPage + 3 {
		many = append(many, strconv.Itoa(1000+n))
	}
	told := map[bool]int{} // by whether it was left
	var last Membership
	l := lookout{discord: r.Discord, begin: func([]string) {}, tell: func(_ context.Context, m Membership) {
		told[m.Left]++
		last = m
	}}
	for _, tt := range []struct {
		name      string
		guilds    []string
		met, left int
		last      Membership
	}{
		{"the first look", many, len(many), 0, Membership{Guild: many[len(many)-1]}},
		{"nothing new", many, 0, 0, Membership{}},
		{"one missing", many[1:], 0, 0, Membership{}},
		{"a failed look", nil, 0, 0, Membership{}},
		{"still missing", many[1:], 0, 1, Membership{Guild: many[0], Left: true}},
		{"and ever since", many[1:], 0, 0, Membership{}},
		{"it is back", many, 1, 0, Membership{Guild: many[0], New: true}},
		{"one missing, once", many[:len(many)-1], 0, 0, Membership{}},
		{"and there again", many, 0, 0, Membership{}},
	} {
		guilds, last = tt.guilds, Membership{}
		clear(told)
		if err := l.look(t.Context()); (err != nil) != (tt.guilds == nil) {
			t.Errorf("%s: got error %v", tt.name, err)
		}
		if told[false] != tt.met || told[true] != tt.left || last != tt.last {
			t.Errorf("%s: told of %d met and %d left, last %+v; want %d, %d and %+v", tt.name, told[false], told[true], last, tt.met, tt.left, tt.last)
		}
	}
}

func TestLookoutSparesRequests(t *testing.T) {
	t.Parallel()
	for servers, want := range map[int]time.Duration{0: lookEvery, 10_000: lookEvery, 100_000: 2500 * time.Second} {
		l := lookout{known: map[string]bool{}}
		for n := range servers {
			l.known[strconv.Itoa(n)] = true
		}
		if got := l.rest(); got != want {
			t.Errorf("of %d servers it rests %s, want %s", servers, got, want)
		}
	}
}
