package commands

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sitrep/briefings"
)

type sampleRequest struct {
	Name  string `option:"name,required,complete"`
	Kind  string `option:"kind,choices=daily|weekly"`
	Where string `option:"where,channel"`
	Known string `option:"known"`
	Share bool   `option:"share"`
}

func TestDefineReadsTheTags(t *testing.T) {
	t.Parallel()
	c := define("sample thing", Moderator, func(context.Context, Caller, sampleRequest) (Reply, error) { return Reply{}, nil })
	want := []Option{
		{Name: "name", About: "command.sample.thing.name", Type: "string", Required: true, Completes: true, Most: 200},
		{Name: "kind", About: "command.sample.thing.kind", Type: "string", Choices: []string{"daily", "weekly"}},
		{Name: "where", About: "command.sample.thing.where", Type: "channel"},
		{Name: "known", About: "command.known", Type: "string", Most: 200},
		{Name: "share", About: "command.share", Type: "boolean"},
	}
	if diff := cmp.Diff(want, c.Options); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
	if c.Name != "sample thing" || c.About != "command.sample.thing" || c.Role != Moderator {
		t.Errorf("got %s, %s, role %d; want sample thing, command.sample.thing, role %d", c.Name, c.About, c.Role, Moderator)
	}
}

func TestDefineRefusesUnknownTags(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		request reflect.Type
		panics  bool
	}{
		{"unknown part", reflect.TypeFor[struct {
			Name string `option:"name,requird"`
		}](), true},
		{"unknown key with a value", reflect.TypeFor[struct {
			Name string `option:"name,max=9"`
		}](), true},
		{"every part", reflect.TypeFor[sampleRequest](), false},
		{"no options", reflect.TypeFor[struct{}](), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if got := recover(); (got != nil) != tt.panics {
					t.Errorf("got panic %v, want one: %t", got, tt.panics)
				}
			}()
			options(tt.request, "command.sample")
		})
	}
}

func TestDecodeFillsTheRequest(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		in   Input
		want sampleRequest
	}{
		{"nothing", nil, sampleRequest{}},
		{"everything", Input{"name": "n", "kind": "daily", "where": "9", "known": "2026", "share": "true"}, sampleRequest{"n", "daily", "9", "2026", true}},
		{"what is not asked for", Input{"nam": "n", "Name": "n", "": "n"}, sampleRequest{}},
		{"a truth that is none", Input{"share": "yes"}, sampleRequest{}},
		{"text stays as it is", Input{"name": " <@1>\x00 "}, sampleRequest{Name: " <@1>\x00 "}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := decode[sampleRequest](tt.in); got != tt.want {
				t.Errorf("decode(%q) = %+v, want %+v", tt.in, got, tt.want)
			}
		})
	}
}

func TestSharedOnlyWhereDeclared(t *testing.T) {
	t.Parallel()
	sharing := Command{Options: []Option{{Name: "share", Type: "boolean"}}}
	choosing := Command{Options: []Option{{Name: "share", Type: "string"}}}
	for _, tt := range []struct {
		name    string
		command Command
		in      Input
		private bool // where the server shares nothing by default
		public  bool // where it shares
	}{
		{"asked for", sharing, Input{"share": "true"}, true, true},
		{"refused", sharing, Input{"share": "false"}, false, false},
		{"left out", sharing, Input{}, false, true},
		{"a command that can't", Command{}, Input{"share": "true"}, false, false},
		{"an option for something else", choosing, Input{"share": "true"}, false, false},
	} {
		for share, want := range map[string]bool{"": tt.private, briefings.SharePrivate: tt.private, briefings.SharePublic: tt.public} {
			if got := tt.command.Shared(tt.in, briefings.Settings{Share: share}); got != want {
				t.Errorf("%s, with %q by default: Shared = %t, want %t", tt.name, share, got, want)
			}
		}
	}
}

// Discord refuses a command whose optional options come before required ones.
func TestEveryCommandIsSound(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	w := r.desk.Book.In("en")
	seen := map[string]bool{}
	for _, c := range r.set.Commands {
		if seen[c.Name] {
			t.Errorf("/%s is there twice", c.Name)
		}
		seen[c.Name] = true
		if !w.Has(c.About) {
			t.Errorf("/%s: there is no phrase %s", c.Name, c.About)
		}
		optional, completes := false, false
		for _, o := range c.Options {
			if o.Required && optional {
				t.Errorf("/%s: the required %s comes after an optional one", c.Name, o.Name)
			}
			optional, completes = optional || !o.Required, completes || o.Completes
			if !o.Hidden && !w.Has(o.About) {
				t.Errorf("/%s %s: there is no phrase %s", c.Name, o.Name, o.About)
			}
			if o.Completes && len(o.Choices) > 0 {
				t.Errorf("/%s %s both completes and has choices", c.Name, o.Name)
			}
		}
		if completes != (c.Complete != nil) {
			t.Errorf("/%s: an option completes: %t, but there is something to complete it: %t", c.Name, completes, c.Complete != nil)
		}
		if strings.HasPrefix(c.Name, "desk ") || strings.HasPrefix(c.Name, "digest ") {
			if c.Role < Moderator {
				t.Errorf("/%s is open to readers", c.Name)
			}
		}
	}
	for _, want := range []string{"talks", "energy", "actors", "digest add", "digest list", "desk edit", "desk drafts"} {
		if !seen[want] {
			t.Errorf("there is no /%s", want)
		}
	}
}

// TestEditSaysNothingOfDefaults: what is left out of an edit stays as it was, so
// no language may tell of what a new digest would get.
func TestEditSaysNothingOfDefaults(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	add, _ := r.set.Command("digest add")
	edit, _ := r.set.Command("digest edit")
	if len(edit.Options) != len(add.Options)+2 {
		t.Fatalf("/digest edit has %d options, want those of /digest add, the digest and clear", len(edit.Options))
	}
	for _, tag := range []string{"en", "uk", "de", "fr"} {
		w := r.desk.Book.In(tag)
		for _, o := range edit.Options[1:] {
			said := w.Say(o.About)
			if strings.Contains(said, "UTC") || strings.Contains(said, "2h") || said == w.Say("command.digest.add."+o.Name) {
				t.Errorf("%s: /digest edit %s says %q, which is of a new digest", tag, o.Name, said)
			}
		}
	}
}

// A forged custom id must find no action that a reader could change the briefing with.
func TestActionsDeclareTheirRoles(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	open := []string{"open", "turn", "pick", "share", "report", "reported", "switch", "calendar", actionBrief, "privacy-show", "privacy-ask", "privacy-erase"}
	for _, a := range r.set.Actions {
		if want := !slices.Contains(open, a.Name); (a.Role >= Moderator) != want {
			t.Errorf("action %s is for moderators: %t, want %t", a.Name, a.Role >= Moderator, want)
		}
		if strings.ContainsAny(a.Name, ":@") {
			t.Errorf("action %q holds a character that custom ids part at", a.Name)
		}
	}
	for _, name := range []string{"", "Actor", "actor ", "desk-save:figure/x"} {
		if _, ok := r.set.Action(name); ok {
			t.Errorf("Action(%q) found one, want none", name)
		}
	}
	if _, ok := r.set.Command("digest"); ok {
		t.Error("Command(digest) found one, want only its subcommands")
	}
}
