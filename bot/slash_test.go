package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/commands"
)

// offering is a server in the sandbox, its desk, and copies that offer its
// sections.
type offering struct {
	*stage
	desk  commands.Desk
	guild briefings.DeskID
}

func newOffering(t *testing.T) *offering {
	t.Helper()
	s := newStage(t)
	desk, _ := newDesk(t)
	return &offering{stage: s, desk: desk, guild: briefings.DeskID(s.change(map[string]any{}).ID)}
}

// copy is a copy of sitrep that has begun, with no news of its own.
func (o *offering) copy() *Slash {
	o.t.Helper()
	s := newSlash(Options{
		Book: o.desk.Book, Log: new(diary).logger(), Snapshot: o.desk.Briefings.Snapshot,
		Sectioned: func(context.Context) ([]briefings.DeskID, error) { return []briefings.DeskID{o.guild}, nil },
	}, o.discord())
	s.wait = slashWaits{others: time.Millisecond, again: time.Hour, most: time.Hour, full: time.Hour}
	ctx, cancel := context.WithCancel(o.t.Context())
	var running sync.WaitGroup
	running.Go(func() { s.run(ctx, o.box.Credentials().ApplicationID, o.desk.All()) })
	o.t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	return s
}

func (o *offering) publish(changes ...briefings.Change) {
	o.t.Helper()
	if _, err := o.desk.Briefings.Publish(o.t.Context(), briefings.Batch{Desk: o.guild, By: "7", Changes: changes}); err != nil {
		o.t.Fatal(err)
	}
}

func (o *offering) add(command string) {
	o.t.Helper()
	snap, err := o.desk.Briefings.Snapshot(o.t.Context(), o.guild)
	if err != nil {
		o.t.Fatal(err)
	}
	o.publish(briefings.Change{Op: briefings.OpCreate, Item: &briefings.Section{
		Envelope: briefings.Envelope{ID: briefings.SectionID(command), Refs: []string{fmt.Sprintf("Z%d", snap.Rev)}},
		Command:  command, Title: strings.ToUpper(command), Bluf: "It is there.", Order: 9,
	}})
}

// alter publishes a changed section.
func (o *offering) alter(id briefings.ID, change func(*briefings.Section)) {
	o.t.Helper()
	snap, err := o.desk.Briefings.Snapshot(o.t.Context(), o.guild)
	if err != nil {
		o.t.Fatal(err)
	}
	item, err := briefings.Clone(snap.Item(id))
	if err != nil {
		o.t.Fatal(err)
	}
	change(item.(*briefings.Section))
	o.publish(briefings.Change{Op: briefings.OpAmend, Item: item, Seen: snap.ItemRev(id)})
}

// offered are the commands that the server has of its own.
func (o *offering) offered() []string {
	o.t.Helper()
	list, err := o.discord().Commands(o.t.Context(), o.box.Credentials().ApplicationID, string(o.guild))
	if err != nil {
		o.t.Fatal(err)
	}
	names := []string{}
	for _, raw := range list {
		var c definition
		if err := json.Unmarshal(raw, &c); err != nil {
			o.t.Fatal(err)
		}
		names = append(names, c.Name)
	}
	slices.Sort(names)
	return names
}

// counts are the requests about the server's commands so far.
func (o *offering) counts() (looks, puts int) {
	path := "/guilds/" + string(o.guild) + "/commands"
	return len(o.requests(http.MethodGet, path)), len(o.requests(http.MethodPut, path))
}

func TestSectionsAreOffered(t *testing.T) {
	t.Parallel()
	o := newOffering(t)
	one, other := o.copy(), o.copy()
	for _, step := range []struct {
		name   string
		change func()
		by     *Slash
		want   string
		looks  int
		puts   int // so far
	}{
		{"no section of its own", func() {}, one, "[]", 0, 0},
		{"the first", func() { o.add("budget") }, one, "[budget]", 1, 1},
		{"nothing changed", func() {}, one, "[budget]", 1, 1},
		{"another copy only looks", func() {}, other, "[budget]", 2, 1},
		{"a change that its command doesn't show", func() { o.alter("section/budget", func(s *briefings.Section) { s.Bluf = "It has passed." }) }, one, "[budget]", 2, 1},
		{"another title", func() { o.alter("section/budget", func(s *briefings.Section) { s.Title = "Money" }) }, other, "[budget]", 3, 2},
		{"which the first copy only sees", func() {}, one, "[budget]", 4, 2},
		{"a second", func() { o.add("crops") }, one, "[budget crops]", 5, 3},
		{"one of the catalogue's is retired, which is global", func() {
			o.alter("section/talks", func(s *briefings.Section) { s.Retired = &briefings.Retirement{Reason: "No."} })
		}, one, "[budget crops]", 5, 3},
		{"retired", func() {
			o.alter("section/budget", func(s *briefings.Section) { s.Retired = &briefings.Retirement{Reason: "It is over."} })
		}, one, "[crops]", 6, 4},
		{"the last is retired", func() {
			o.alter("section/crops", func(s *briefings.Section) { s.Retired = &briefings.Retirement{Reason: "It is over."} })
		}, one, "[]", 7, 5},
		{"brought back", func() { o.alter("section/budget", func(s *briefings.Section) { s.Retired = nil }) }, one, "[budget]", 8, 6},
	} {
		step.change()
		if err := step.by.Bring(t.Context(), o.guild); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if looks, puts := o.counts(); looks != step.looks || puts != step.puts {
			t.Errorf("%s: %d looks and %d registrations so far, want %d and %d", step.name, looks, puts, step.looks, step.puts)
		}
		if got := fmt.Sprint(o.offered()); got != step.want {
			t.Errorf("%s: the server has %s, want %s", step.name, got, step.want)
		}
		o.forget()
	}
	if global, err := o.discord().Commands(t.Context(), o.box.Credentials().ApplicationID, ""); err != nil || len(global) != 0 {
		t.Errorf("%d global commands were made, %v; want none", len(global), err)
	}
}

// forget leaves the looks of the test itself out of the counts.
func (o *offering) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	last := len(o.sent) - 1
	if last >= 0 && o.sent[last].method == http.MethodGet {
		o.sent = o.sent[:last]
	}
}

// The offered command is one of a server: with its title in every language, and
// without what only global ones have.
func TestOfferedSectionsAreDescribed(t *testing.T) {
	t.Parallel()
	o := newOffering(t)
	o.publish(briefings.Change{Op: briefings.OpCreate, Item: &briefings.Section{
		Envelope: briefings.Envelope{
			ID: "section/budget", Refs: []string{"B1"},
			Translations: map[string]map[string]string{"uk": {"title": "Бюджет"}, "de": {"title": "Suche"}},
		},
		Command: "budget", Title: "Budget", Bluf: "It has passed.",
	}})
	snap, err := o.desk.Briefings.Snapshot(t.Context(), o.guild)
	if err != nil {
		t.Fatal(err)
	}
	got := defineSections(o.desk.All(), o.desk.Briefings.Base(), snap, o.desk.Book)
	if len(got) != 1 || got[0].Contexts != nil || got[0].IntegrationTypes != nil {
		t.Fatalf("got %v, want one command without contexts", got)
	}
	if got[0].Names["uk"] != "бюджет" || got[0].Names["de"] != "" || !strings.HasPrefix(got[0].Descriptions["uk"], "Бюджет") {
		t.Errorf("it is called %v and described as %v; want its title, but where that is the name of another command", got[0].Names, got[0].Descriptions)
	}
}

func TestRefusalsOfCommandsAreTold(t *testing.T) {
	t.Parallel()
	o := newOffering(t)
	o.add("budget")
	if err := o.copy().Bring(t.Context(), o.guild); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name         string
		status, code int
		want         error
	}{
		{"enough for today", 400, CodeTooManyCommands, commands.ErrNoMoreToday},
		{"invited without commands", 403, CodeMissingAccess, commands.ErrNoSlash},
	} {
		one := o.copy()
		o.control(http.MethodPut, "/sandbox/faults", []any{map[string]any{"match": "PUT /applications/*/guilds/*/commands", "status": tt.status, "code": tt.code}}, new(any))
		o.add(fmt.Sprintf("c%d", tt.code))
		_, before := o.counts()
		if err := one.Bring(t.Context(), o.guild); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
		if err := one.Bring(t.Context(), o.guild); !errors.Is(err, tt.want) {
			t.Errorf("%s, asked again: got %v, want %v", tt.name, err, tt.want)
		}
		if _, puts := o.counts(); puts != before+1 {
			t.Errorf("%s: %d registrations were tried, want one", tt.name, puts-before)
		}
	}
}

// What Discord takes no more of must not keep what is retired.
func TestRetiredGoesWhereNothingNewIsTaken(t *testing.T) {
	t.Parallel()
	o := newOffering(t)
	o.add("budget")
	o.add("crops")
	one := o.copy()
	if err := one.Bring(t.Context(), o.guild); err != nil {
		t.Fatal(err)
	}
	o.control(http.MethodPut, "/sandbox/faults", []any{map[string]any{"match": "PUT /applications/*/guilds/*/commands", "status": 400, "code": CodeTooManyCommands, "times": 1}}, new(any))
	o.add("dams")
	o.alter("section/budget", func(s *briefings.Section) { s.Retired = &briefings.Retirement{Reason: "It is over."} })
	if err := one.Bring(t.Context(), o.guild); !errors.Is(err, commands.ErrNoMoreToday) {
		t.Errorf("got %v, want that Discord takes no more today", err)
	}
	if got := fmt.Sprint(o.offered()); got != "[crops]" {
		t.Errorf("the server has %s, want [crops]", got)
	}
	one.wait.full = time.Millisecond
	o.until("[crops dams]", func() { one.later(o.guild, refusedFor) })
}

// until waits until the server has the commands that are wanted.
func (o *offering) until(want string, begin func()) {
	o.t.Helper()
	begin()
	deadline := time.Now().Add(time.Minute)
	for got := ""; got != want; got = fmt.Sprint(o.offered()) {
		if time.Now().After(deadline) {
			o.t.Fatalf("after a minute the server has %s, want %s", got, want)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// What was not offered when a copy died is when the next begins, and meets the
// server; a server without sections of its own is not asked about.
func TestSectionsAreComparedAtTheStart(t *testing.T) {
	t.Parallel()
	o := newOffering(t)
	o.add("budget")
	one := o.copy()
	o.until("[budget]", func() {
		one.meet(Membership{Guild: "1"})
		one.meet(Membership{Guild: string(o.guild)})
	})
	if got := o.requests(http.MethodGet, "/guilds/1/commands"); len(got) > 0 {
		t.Errorf("a server without sections was asked about %d times", len(got))
	}
	_, before := o.counts()
	one.meet(Membership{Guild: string(o.guild)}) // as after each new connection
	one.meet(Membership{Guild: "1", New: true})
	o.until("[budget crops]", func() {
		o.add("crops")
		one.Changed(o.guild, true)
	})
	if _, puts := o.counts(); puts != before+1 {
		t.Errorf("%d registrations for one new section", puts-before)
	}
}

// A section that a newer catalogue brings gets its global command at once; what
// another release of sitrep registered stays.
func TestNewSectionsOfTheCatalogue(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	desk, _ := newDesk(t)
	app := s.box.Credentials().ApplicationID
	without := commands.Set{Commands: slices.DeleteFunc(slices.Clone(desk.All().Commands), func(c commands.Command) bool { return c.Name == "davos" || c.Name == "search" })}
	if err := Register(t.Context(), s.discord(), app, without, desk.Book); err != nil {
		t.Fatal(err)
	}
	one := newSlash(Options{Book: desk.Book, Log: new(diary).logger(), Snapshot: desk.Briefings.Snapshot}, s.discord())
	one.app, one.set = app, desk.All()
	for range 2 {
		if err := one.bring(t.Context(), briefings.Catalogue); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.requests(http.MethodPost, "/commands"); len(got) != 1 || !strings.Contains(string(got[0].body), `"davos"`) {
		t.Errorf("got %d commands made, want /davos alone", len(got))
	}
	if got := s.requests(http.MethodPut, "/commands"); len(got) != 1 {
		t.Errorf("all commands were registered %d times, want once", len(got))
	}
}
