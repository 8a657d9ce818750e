package scenarios

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

type verb = func(ts *testscript.TestScript, neg bool, args []string)

func verbs() map[string]verb {
	return map[string]verb{
		"start": start, "shutdown": shutdown, "kill9": kill9, "await": await,
		"act": act, "menu": menu, "until": until, "complete": complete, "press": press, "choose": choose, "fill": fill,
		"messages": messages, "clock": moveClock, "control": control, "discord": discordAccepts, "guild": guild, "see": see, "server": server, "download": download, "offers": offers,
	}
}

// reply is what the sandbox says of an interaction.
type reply struct {
	Kind      string
	Ephemeral bool
	Text      string
	Message   struct {
		ID         string
		Components json.RawMessage
		Files      []struct{ URL string } `json:"attachments"`
	}
	Modal struct {
		CustomID string `json:"custom_id"`
	}
	Choices []struct{ Name, Value string }
	Error   *string
	Reason  string
	Field   string
}

// interact lets a member do something, prints what they read then and returns it.
func interact(ts *testscript.TestScript, neg bool, what map[string]any) string {
	s := of(ts)
	var r reply
	status := s.post(ts, "/sandbox/interactions", what, &r)
	problem := ""
	switch {
	case status != http.StatusOK:
		problem = fmt.Sprintf("refused by the client: %s (%s)", deref(r.Error), r.Field)
	case r.Error != nil:
		problem = *r.Error + ": " + r.Reason
	}
	fmt.Fprintf(ts.Stdout(), "%s ephemeral=%v\n%s\n", r.Kind, r.Ephemeral, r.Text)
	if len(r.Choices) > 0 {
		ts.Setenv("OFFERED", r.Choices[0].Value)
	}
	for _, c := range r.Choices {
		fmt.Fprintf(ts.Stdout(), "%s = %s\n", c.Name, c.Value)
	}
	if (problem != "") != neg {
		ts.Fatalf("failed=%v, want %v: %s; what sitrep printed last:\n%s", problem != "", neg, problem, s.log.tail())
	}
	if problem != "" {
		fmt.Fprintln(ts.Stdout(), problem)
	}
	if channel, named := what["channel"]; named {
		s.channel = channel.(string)
	} else {
		s.channel = "briefings"
	}
	if r.Message.ID != "" {
		s.message, s.components = r.Message.ID, string(r.Message.Components)
		s.file = ""
		for _, f := range r.Message.Files {
			s.file = f.URL // what is offered comes after what is shown
		}
	}
	if r.Modal.CustomID != "" {
		s.form = r.Modal.CustomID
	}
	return r.Text
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// download FILE saves what the last answer offers.
func download(ts *testscript.TestScript, _ bool, args []string) {
	s := of(ts)
	if s.file == "" || len(args) != 1 {
		ts.Fatalf("usage: download FILE, after an answer with a file")
	}
	response, err := http.Get(s.file)
	ts.Check(err)
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	ts.Check(err)
	if response.StatusCode != http.StatusOK {
		ts.Fatalf("%s: HTTP %d", s.file, response.StatusCode)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o600))
}

// act USER [@LOCALE] [>SERVER] [#CHANNEL] /COMMAND [OPTION:VALUE...]
//
// A value that starts with < names a file to attach.
func act(ts *testscript.TestScript, neg bool, args []string) {
	interact(ts, neg, command(ts, args))
}

// menu USER NAME TEXT opens the command of that name in the menu of a message that
// says TEXT, written by the reader just now.
func menu(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: menu USER NAME TEXT")
	}
	var written struct{ ID string }
	body := map[string]string{"user": "reader", "content": args[2]}
	if status := of(ts).post(ts, "/sandbox/channels/briefings/messages", body, &written); status != http.StatusOK || written.ID == "" {
		ts.Fatalf("writing %q: HTTP %d", args[2], status)
	}
	interact(ts, neg, map[string]any{"user": args[0], "menu": args[1], "message": written.ID})
}

// until PATTERN USER [#CHANNEL] /COMMAND [OPTION:VALUE...] acts again and again
// until what is read holds PATTERN: for what is done after an answer.
func until(ts *testscript.TestScript, _ bool, args []string) {
	pattern := regexp.MustCompile(args[0])
	for begun := time.Now(); ; {
		text := interact(ts, false, command(ts, args[1:]))
		if pattern.MatchString(text) {
			return
		}
		if time.Since(begun) > time.Minute {
			ts.Fatalf("a minute went by without %q; the last answer was:\n%s", args[0], text)
		}
	}
}

// complete USER [#CHANNEL] /COMMAND OPTION:TYPED prints what is offered for
// the last option, and puts the first of it into OFFERED.
func complete(ts *testscript.TestScript, neg bool, args []string) {
	what := command(ts, args)
	name, _, _ := strings.Cut(args[len(args)-1], ":")
	what["focused"] = name
	interact(ts, neg, what)
}

func command(ts *testscript.TestScript, args []string) map[string]any {
	if len(args) < 2 {
		ts.Fatalf("usage: act USER [@LOCALE] [>SERVER] [#CHANNEL] /COMMAND [OPTION:VALUE...]")
	}
	what := map[string]any{"user": args[0]}
	options := map[string]any{}
	var name []string
	for _, arg := range args[1:] {
		key, value, isOption := strings.Cut(arg, ":")
		switch {
		case strings.HasPrefix(arg, "@"):
			what["locale"] = arg[1:]
		case strings.HasPrefix(arg, ">"):
			what["guild"] = arg[1:]
		case strings.HasPrefix(arg, "#"):
			what["channel"] = arg[1:]
		case !isOption:
			name = append(name, strings.TrimPrefix(arg, "/"))
		case strings.HasPrefix(value, "<"):
			data, err := os.ReadFile(ts.MkAbs(value[1:]))
			ts.Check(err)
			options[key] = map[string]string{"filename": filepath.Base(value[1:]), "base64": base64.StdEncoding.EncodeToString(data)}
		case value == "true" || value == "false":
			options[key] = value == "true"
		default:
			options[key] = value
		}
	}
	what["command"], what["options"] = strings.Join(name, " "), options
	return what
}

// press USER ACTION [VALUE...] presses the button, or chooses in the selection,
// whose custom id starts with ACTION, of the message that came last.
func press(ts *testscript.TestScript, neg bool, args []string) {
	s := of(ts)
	at := strings.Index(s.components, `"custom_id":"`+args[1])
	if at < 0 {
		ts.Fatalf("the last message has no control %q: %s", args[1], s.components)
	}
	id, _, _ := strings.Cut(s.components[at+len(`"custom_id":"`):], `"`)
	what := map[string]any{"user": args[0], "channel": s.channel, "message": s.message, "custom_id": id}
	if len(args) > 2 {
		what["values"] = args[2:]
	}
	interact(ts, neg, what)
}

// choose USER ACTION chooses the first entry of the selection whose custom id
// starts with ACTION.
func choose(ts *testscript.TestScript, neg bool, args []string) {
	s := of(ts)
	_, rest, _ := strings.Cut(s.components, `"custom_id":"`+args[1])
	_, rest, offered := strings.Cut(rest, `"value":"`)
	if !offered {
		ts.Fatalf("the last message has no selection %q: %s", args[1], s.components)
	}
	value, _, _ := strings.Cut(rest, `"`)
	press(ts, neg, append(args, value))
}

// fill USER FIELD=VALUE... sends the form that was opened last.
func fill(ts *testscript.TestScript, neg bool, args []string) {
	fields := map[string]any{}
	for _, arg := range args[1:] {
		name, value, _ := strings.Cut(arg, "=")
		fields[name] = value
	}
	interact(ts, neg, map[string]any{"user": args[0], "channel": of(ts).channel, "modal": of(ts).form, "fields": fields})
}

// messages CHANNEL USER prints what USER sees in CHANNEL, newest last, with how
// many roles each pings, its thread, and whether it was published.
func messages(ts *testscript.TestScript, _ bool, args []string) {
	fmt.Fprint(ts.Stdout(), readMessages(ts, args[0], args[1]))
}

func readMessages(ts *testscript.TestScript, channel, user string) string {
	var got struct {
		Messages []struct {
			ID         string
			Text       string
			Components json.RawMessage
			Roles      []string `json:"mention_roles"`
			Thread     struct{ Name string }
			Flags      int
		}
	}
	s := of(ts)
	if status := s.call(ts, http.MethodGet, "/sandbox/channels/"+channel+"/messages?as="+user, nil, &got); status != http.StatusOK {
		ts.Fatalf("messages: HTTP %d", status)
	}
	text := fmt.Sprintf("%d messages\n", len(got.Messages))
	s.channel = channel
	for _, m := range got.Messages {
		text += fmt.Sprintf("--\n%s\npings=%d thread=%q published=%v\n", m.Text, len(m.Roles), m.Thread.Name, m.Flags&1 != 0)
		ts.Setenv("MESSAGE", m.ID)
		s.message, s.components = m.ID, string(m.Components)
	}
	return text
}

// clock advance DURATION | clock now TIME
func moveClock(ts *testscript.TestScript, _ bool, args []string) {
	var got struct {
		Now     string
		Settled bool
	}
	move := map[string]any{args[0]: args[1]}
	for deadline := time.Now().Add(patience); ; move = map[string]any{"advance": "0s"} {
		if status := of(ts).post(ts, "/sandbox/clock", move, &got); status != http.StatusOK {
			ts.Fatalf("clock: HTTP %d", status)
		}
		if got.Settled || time.Now().After(deadline) {
			break // a slow machine may need more than the ten seconds that the sandbox waits
		}
	}
	fmt.Fprintf(ts.Stdout(), "%s settled=%v\n", got.Now, got.Settled)
}

func (s *stage) post(ts *testscript.TestScript, path string, body, into any) int {
	return s.call(ts, http.MethodPost, path, body, into)
}

func (s *stage) call(ts *testscript.TestScript, method, path string, body, into any) int {
	sent, err := json.Marshal(body)
	ts.Check(err)
	request, err := http.NewRequest(method, s.url+path, bytes.NewReader(sent))
	ts.Check(err)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	ts.Check(err)
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	ts.Check(err)
	if err := json.Unmarshal(data, into); err != nil {
		ts.Fatalf("%s %s: HTTP %d: %v: %.300s", method, path, response.StatusCode, err, data)
	}
	return response.StatusCode
}

// control METHOD PATH [JSON] asks the sandbox for something that no member can do.
func control(ts *testscript.TestScript, _ bool, args []string) {
	var body, got any
	if len(args) > 2 {
		ts.Check(json.Unmarshal([]byte(args[2]), &body))
	}
	if status := of(ts).call(ts, args[0], args[1], body, &got); status != http.StatusOK {
		ts.Fatalf("%s %s: HTTP %d: %v", args[0], args[1], status, got)
	}
	fmt.Fprintln(ts.Stdout(), got)
}

// guild puts the id of the sandbox's first server into GUILD.
func guild(ts *testscript.TestScript, _ bool, _ []string) {
	var state struct{ Guilds []struct{ ID string } }
	if status := of(ts).call(ts, http.MethodGet, "/sandbox/state", nil, &state); status != http.StatusOK || len(state.Guilds) == 0 {
		ts.Fatalf("asking for the servers: status %d, %d servers", status, len(state.Guilds))
	}
	ts.Setenv("GUILD", state.Guilds[0].ID)
}

// server NAME makes a server that the bot is in; server NAME JSON changes one.
func server(ts *testscript.TestScript, _ bool, args []string) {
	s := of(ts)
	var state struct{ Guilds []struct{ ID, Name string } }
	if len(args) == 1 {
		if status := s.post(ts, "/sandbox/guilds", map[string]string{"name": args[0]}, &state); status != http.StatusOK {
			ts.Fatalf("making a server: status %d", status)
		}
		return
	}
	s.call(ts, http.MethodGet, "/sandbox/state", nil, &state)
	for _, g := range state.Guilds {
		if g.Name != args[0] {
			continue
		}
		var answer json.RawMessage
		if status := s.call(ts, http.MethodPatch, "/sandbox/guilds/"+g.ID, json.RawMessage(args[1]), &answer); status != http.StatusOK {
			ts.Fatalf("changing %s: status %d: %s", args[0], status, answer)
		}
		return
	}
	ts.Fatalf("there is no server %q", args[0])
}

// offers COMMAND waits until a server has that command of its own, and ! offers
// until none has.
func offers(ts *testscript.TestScript, neg bool, args []string) {
	for begun := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		var state struct {
			Commands []struct {
				Name  string
				Guild string `json:"guild_id"`
			}
		}
		of(ts).call(ts, http.MethodGet, "/sandbox/state", nil, &state)
		offered := false
		for _, c := range state.Commands {
			offered = offered || c.Guild != "" && c.Name == args[0]
		}
		if offered != neg {
			return
		}
		if time.Since(begun) > patience {
			ts.Fatalf("%s is offered: %t, for a minute", args[0], offered)
		}
	}
}
