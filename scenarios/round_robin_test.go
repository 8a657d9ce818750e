package scenarios

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A roundRobin is a plain load balancer: the copies take turns, and what one of
// them doesn't take, or breaks off, goes to the next. It notes what passes.
type roundRobin struct {
	*httptest.Server
	to http.RoundTripper

	copies     []*behind
	next       atomic.Int64
	mu         sync.Mutex                  // for what follows, and the copies' fields
	answeredBy map[string]map[*behind]bool // by interaction
	cut, late  int
	faults     []string
}

// behind is one of the copies.
type behind struct {
	address string
	dying   bool
	shown   int // the newest value that an answer held
}

// attacks is the value that the scenario's moderator changes, in an answer.
var attacks = regexp.MustCompile(`([0-9,]{3,}) attacks`)

// discordWaits is for how long Discord waits for a first answer.
const discordWaits = 3 * time.Second

func newRoundRobin(tb testing.TB, copies ...spawned) *roundRobin {
	tb.Helper()
	// A connection of its own for each, so that one that breaks was under way.
	transport := &http.Transport{DisableKeepAlives: true}
	f := &roundRobin{to: transport, answeredBy: map[string]map[*behind]bool{}}
	for _, c := range copies {
		f.copies = append(f.copies, &behind{address: c.log.address()})
	}
	f.Server = httptest.NewServer(f)
	tb.Cleanup(f.Close)
	return f
}

// ServeHTTP passes a request on.
func (f *roundRobin) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	var interaction struct {
		ID   string
		Data struct{ Name string }
	}
	_ = json.Unmarshal(body, &interaction) // Discord's PING and forgeries may be anything
	first := int(f.next.Add(1))
	for i := range f.copies {
		chosen := f.copies[(first+i)%len(f.copies)]
		before := f.shownBy(chosen)
		sent := r.Clone(r.Context())
		sent.RequestURI, sent.Body, sent.ContentLength = "", io.NopCloser(bytes.NewReader(body)), int64(len(body))
		sent.URL.Scheme, sent.URL.Host = "http", chosen.address[len("http://"):]
		began := time.Now()
		answer, said, err := f.pass(sent)
		if refused := new(net.OpError); errors.As(err, &refused) && refused.Op == "dial" {
			continue // nothing was sent
		}
		shown := said
		if interaction.Data.Name != "energy" {
			shown = nil // what moderators are told holds old values too
		}
		f.note(interaction.ID, chosen, before, answer, shown, time.Since(began))
		if err != nil {
			continue
		}
		for name, values := range answer.Header {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.StatusCode)
		_, _ = w.Write(said) // whoever asked may be gone
		return
	}
	w.WriteHeader(http.StatusBadGateway)
}

func (f *roundRobin) shownBy(b *behind) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return b.shown
}

func (f *roundRobin) pass(r *http.Request) (answer *http.Response, body []byte, err error) {
	answer, err = f.to.RoundTrip(r)
	if err != nil {
		return nil, nil, err
	}
	body, err = io.ReadAll(answer.Body)
	return answer, body, errors.Join(err, answer.Body.Close())
}

// note judges one passage; before is what the copy had shown when it began, and
// answer nil where it broke.
func (f *roundRobin) note(id string, by *behind, before int, answer *http.Response, shown []byte, took time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case took >= discordWaits:
		f.late++
	case answer == nil && by.dying:
		f.cut++
	case answer == nil:
		f.faults = append(f.faults, "a copy that lives broke off")
	case answer.StatusCode == http.StatusOK && id != "":
		if f.answeredBy[id] == nil {
			f.answeredBy[id] = map[*behind]bool{}
		}
		kept := f.answeredBy[id][by] // then it is the answer of before
		f.answeredBy[id][by] = true
		if found := attacks.FindSubmatch(shown); found != nil && !kept {
			value, _ := strconv.Atoi(strings.ReplaceAll(string(found[1]), ",", "")) // it is digits
			if value < before {
				f.faults = append(f.faults, fmt.Sprintf("a copy that had shown %d went back to %d", before, value))
			}
			by.shown = max(by.shown, value)
		}
	}
}

// dying says of a copy that it is about to be killed.
func (f *roundRobin) dying(c spawned) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, b := range f.copies {
		b.dying = b.dying || b.address == c.log.address()
	}
}

// allShow reports whether every copy that lives has shown a value or a newer one.
func (f *roundRobin) allShow(value int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, b := range f.copies {
		if !b.dying && b.shown < value {
			return false
		}
	}
	return true
}

func (f *roundRobin) String() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	said := ""
	for _, b := range f.copies {
		said += fmt.Sprintf("%s shows %d, killed %t; ", b.address, b.shown, b.dying)
	}
	return said
}
