package commands

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/digests"
	"sitrep/pictures"
	"sitrep/words"
)

// A Desk is what every handler answers from. Without a queue nothing is kept
// for moderators, and without looks everybody's is the first.
type Desk struct {
	Briefings *briefings.Service
	Digests   digests.Subscriptions
	Planning  digests.Planning
	Queue     briefings.Queue
	Looks     briefings.Looks
	People    People            // nil where nothing is kept of anybody
	Rooms     Rooms             // nil where only interactions tell of channels and roles
	Servers   Servers           // nil where nobody can be asked
	Files     Files             // nil where nothing can be attached
	Guests    *briefings.Guests // nil where nobody asks outside of servers
	Slash     Slash             // nil where nobody types /
	Pictures  *pictures.Gallery // nil for answers without any
	Answers   *Answers          // nil where each is made anew
	Book      *words.Book
	Now       func() time.Time
}

// People is what is kept of persons; [briefings.Service] satisfies it.
type People interface {
	// Footprints returns what is kept of who, by desk.
	Footprints(ctx context.Context, who briefings.UserID) ([]briefings.Footprint, error)
	// ForgetPerson erases what may go of that, on every copy.
	ForgetPerson(ctx context.Context, who briefings.UserID) error
}

// Servers is what Discord tells of servers when it is asked; package bot
// satisfies it.
type Servers interface {
	// RoleGone reports whether desk's server no longer has a role.
	RoleGone(ctx context.Context, desk briefings.DeskID, role string) (bool, error)
}

// Slash is what Discord offers people who type /; package bot satisfies it.
type Slash interface {
	// Bring has Discord offer the commands of desk's sections, as they are now,
	// and waits until it does. An error is [ErrNoMoreToday], [ErrNoSlash] or
	// another; it is tried again without anybody's doing.
	Bring(ctx context.Context, desk briefings.DeskID) error
}

// Why a [Slash] does not offer a command.
var (
	ErrNoMoreToday = errors.New("no more new commands are taken today")
	ErrNoSlash     = errors.New("no commands may be made in the server")
)

// Role is who may use a command.
type Role int

// The roles, each of which may do what those before it may.
const (
	Reader Role = iota
	Moderator
	Admin // who may manage the server
)

// A Caller is who asks, where, and in which language.
type Caller struct {
	Desk       briefings.DeskID // [briefings.Catalogue] outside servers
	User       briefings.UserID
	Locales    []string // the person's, then the server's
	Channel    Channel
	Channels   map[string]Channel    // those named in options, by id
	NamedRoles map[string]ServerRole // in options, by id
	Attached   map[string]Attachment // in options, by id
	Settings   briefings.Settings    // of the desk
	Shared     bool                  // whether the whole channel reads the answer
	Role       Role                  // the highest that they have here
	Guest      *briefings.Guest      // nil in the desk's own server, and where nobody tells
}

// Overheard reports whether others than members of the desk's server would read
// an answer that is for the whole channel.
func (c Caller) Overheard() bool {
	return c.Guest != nil && c.Guest.Among && c.Desk != briefings.Catalogue
}

// Input is what somebody filled in: option values by name, all as text.
type Input map[string]string

// A Reply is exactly one of a card and a form. Beside an error that is no
// [briefings.UserError] it may hold the card to show for it.
type Reply struct {
	Card cards.Card
	Form *cards.Form
	// After is done once the person has the answer; nil for nothing.
	After func(ctx context.Context) error
}

// A Command is one slash command or subcommand ("digest add").
type Command struct {
	Name  string
	About string // the id of the phrase that describes it
	Role  Role
	Form  bool // may answer with a form, which must come within three seconds
	Menu  bool // stands in the menu of a message, under its name, and is no slash command
	// Untraced leaves nothing behind of its caller, not even that they were here.
	Untraced bool
	Options  []Option
	Run      func(ctx context.Context, who Caller, in Input) (Reply, error)
	// Complete lists what may be filled in for the focused option; nil where
	// no option completes.
	Complete func(ctx context.Context, who Caller, focused string, in Input) ([]cards.Choice, error)

	of *briefings.Section // that it answers, nil for any other command
}

// Shared reports whether the answer is for the whole channel: as the asker
// wants it, or else as the server does.
func (c Command) Shared(in Input, s briefings.Settings) bool {
	if !slices.ContainsFunc(c.Options, func(o Option) bool { return o.Name == "share" && o.Type == "boolean" }) {
		return false
	}
	wanted, said := in["share"]
	return wanted == "true" || !said && s.Public()
}

// An Option is one parameter of a command.
type Option struct {
	Name      string
	About     string // the id of the phrase that describes it
	Type      string // "string", "boolean", "channel", "role", "user" or "attachment"
	Required  bool
	Completes bool
	Hidden    bool // not offered to people
	Choices   []string
	Most      int // characters
}

// An Action answers a button, a selection or a form.
type Action struct {
	Name     string // what custom ids start with
	Role     Role
	Form     bool
	Replaces bool // answers in place of a message that only the caller sees
	Shared   bool // answers to the whole channel
	Untraced bool // as of a [Command]
	Run      func(ctx context.Context, who Caller, p Press) (Reply, error)
}

// A Press is what came with a button, a selection or a form.
type Press struct {
	State  string   // the custom id behind the action's name
	Values []string // of a selection
	Fields Input    // of a form
}

// define makes a command of a handler: the fields of Request, tagged
// `option:"name,required,complete,boolean,channel,role,user,attachment,choices=a|b"`, are its options.
// A hidden one is what only a link fills in; an attachment is the id of one in
// [Caller.Attached].
func define[Request any](name string, role Role, run func(context.Context, Caller, Request) (Reply, error)) Command {
	about := "command." + strings.ReplaceAll(name, " ", ".")
	return Command{
		Name: name, About: about, Role: role, Options: options(reflect.TypeFor[Request](), about),
		Run: func(ctx context.Context, who Caller, in Input) (Reply, error) {
			return run(ctx, who, decode[Request](in))
		},
	}
}

func decode[Request any](in Input) Request {
	var r Request
	v := reflect.ValueOf(&r).Elem()
	for _, field := range tagged(v.Type()) {
		name, _, _ := strings.Cut(field.Tag.Get("option"), ",")
		switch f := v.FieldByIndex(field.Index); f.Kind() {
		case reflect.Bool:
			f.SetBool(in[name] == "true")
		default:
			f.SetString(in[name])
		}
	}
	return r
}

// tagged are the fields of a request struct, those of embedded ones included.
func tagged(request reflect.Type) []reflect.StructField {
	return slices.DeleteFunc(reflect.VisibleFields(request), func(f reflect.StructField) bool { return f.Anonymous })
}

// options reads the tags of a request struct; a tag it can't read is a
// programmer's error and panics at start-up.
func options(request reflect.Type, about string) []Option {
	var all []Option
	for _, f := range tagged(request) {
		parts := strings.Split(f.Tag.Get("option"), ",")
		o := Option{Name: parts[0], About: about + "." + parts[0], Type: "string", Most: 200}
		if f.Type.Kind() == reflect.Bool {
			o.Type, o.Most = "boolean", 0
		}
		if o.Name == "known" || o.Name == "valid" || o.Name == "share" && o.Type == "boolean" {
			o.About = "command." + o.Name
		}
		if o.Name == "digest" {
			o.About = "command.digest.remove.digest"
		}
		for _, part := range parts[1:] {
			key, value, _ := strings.Cut(part, "=")
			switch key {
			case "required":
				o.Required = true
			case "complete":
				o.Completes = true
			case "hidden":
				o.Hidden = true
			case "channel", "role", "user", "attachment", "boolean": // boolean of a text, which is empty where nothing was said
				o.Type, o.Most = key, 0
			case "choices":
				o.Choices, o.Most = strings.Split(value, "|"), 0
			default:
				panic(fmt.Sprintf("commands: %s.%s: unknown part %q in the option tag", request, f.Name, part))
			}
		}
		all = append(all, o)
	}
	return all
}

// telling words snap for who.
func (d Desk) telling(who Caller, snap *briefings.Snapshot) cards.Telling {
	w := d.Book.In(who.Locales...)
	return cards.Telling{Snapshot: snap.In(w.Tag()), Words: w, Now: d.Now()}
}

// mistake is a [briefings.UserError] in the caller's language.
func mistake(t cards.Telling, phrase string, args words.Args) error {
	return &briefings.UserError{Kind: briefings.ErrInvalid, Phrase: phrase, Args: args, Say: t.Words.Say(phrase, args)}
}

// Public is who asks, for an answer that everybody in the channel reads: the
// server's language goes before the person's.
func (c Caller) Public() Caller {
	c.Locales = slices.Clone(c.Locales)
	slices.Reverse(c.Locales)
	c.Shared = true
	return c
}
