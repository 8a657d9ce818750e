package cards

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Link is the command line that a button or a selection stands for: pressing
// it asks the command with these options, so that every screen can be asked
// again, also after a restart, and by whoever may use the command.
type Link struct {
	Command string            // in full, subcommands included
	Options map[string]string // by name; an empty one is the same as none
}

// Bounds of what a custom id holds.
// https://docs.discord.com/developers/components/reference#anatomy-of-a-component-custom-id
const (
	mostAction = 100 // characters
	mostTyped  = 64  // of one option's value
)

// The actions that links are followed by.
const (
	ActionOpen  = "open"
	ActionTurn  = "turn"
	ActionPick  = "pick"
	ActionShare = "share"

	ActionReport   = "report"
	ActionReported = "reported"
)

// Open is the action of a button that answers l in a message of its own.
func (l Link) Open() string { return l.action(ActionOpen + ":") }

// Turn is the action of a button that answers l in place of the message it is
// on, as the next page does. A message that others see too stays as it is.
func (l Link) Turn() string { return l.action(ActionTurn + ":") }

// Share is the action of a button that shows l to the whole channel.
func (l Link) Share() string { return l.action(ActionShare + ":") }

// Report is the action of a button that opens a form to say what is wrong with
// the answer to l, and Reported that of the form.
func (l Link) Report() string { return l.action(ActionReport + ":") }

// Reported is for forms; see [Link.Report].
func (l Link) Reported() string { return l.action(ActionReported + ":") }

// Pick is the action of a selection that answers l, with what was chosen as the
// value of option, as [Link.Turn] does.
func (l Link) Pick(option string) string { return l.action(ActionPick + ":" + option + ":") }

// For is the action of a button that hands l to an action of its own, for what
// not everybody may ask.
func (l Link) For(action string) string { return l.action(action + ":") }

// With is l with one option set, or left out where value is empty.
func (l Link) With(option, value string) Link {
	options := maps.Clone(l.Options)
	if options == nil {
		options = map[string]string{}
	}
	options[option] = value
	return Link{Command: l.Command, Options: options}
}

// action writes l behind start. What is too long for a custom id loses the ends
// of its longest values.
func (l Link) action(start string) string {
	for most := mostTyped; ; most-- {
		said := start + l.Command
		for _, name := range slices.Sorted(maps.Keys(l.Options)) {
			if value := shield(l.Options[name], most); value != "" {
				said += "|" + name + "=" + value
			}
		}
		if most == 0 || utf8.RuneCountInString(said) <= mostAction {
			return said
		}
	}
}

// shield keeps a value's first characters, and writes those that mean something
// in a custom id so that they don't.
func shield(value string, most int) string {
	var out strings.Builder
	for _, r := range value {
		if most == 0 {
			break
		}
		most--
		switch {
		case r == '%':
			out.WriteString("%p")
		case r == '|':
			out.WriteString("%l")
		case r == '@':
			out.WriteString("%a")
		case unicode.IsControl(r) || r == utf8.RuneError:
		default:
			out.WriteRune(r)
		}
	}
	return strings.TrimSpace(out.String())
}

// ParseLink reads what stands behind the action's name. Anybody can send any
// custom id: what [Link.Open] would not write is an error.
func ParseLink(state string) (Link, error) {
	errMalformed := errors.New("cards: this is no link")
	if utf8.RuneCountInString(state) > mostAction || !utf8.ValidString(state) {
		return Link{}, errMalformed
	}
	parts := strings.Split(state, "|")
	l := Link{Command: parts[0], Options: map[string]string{}}
	if l.Command == "" {
		return Link{}, errMalformed
	}
	for _, part := range parts[1:] {
		name, value, ok := strings.Cut(part, "=")
		if _, twice := l.Options[name]; !ok || name == "" || twice {
			return Link{}, errMalformed
		}
		l.Options[name] = strings.NewReplacer("%p", "%", "%l", "|", "%a", "@").Replace(value)
	}
	return l, nil
}

// ParsePick is [ParseLink] for [Link.Pick]: it also tells the option.
func ParsePick(state string) (Link, string, error) {
	option, rest, _ := strings.Cut(state, ":")
	l, err := ParseLink(rest)
	if err == nil && option == "" {
		err = errors.New("cards: this selection chooses no option")
	}
	return l, option, err
}
