package sandbox

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// answering connects a bot that answers every interaction with what answer says; nil leaves it.
// An answer under way when the test ends is waited for: the sandbox outlives the connection.
func (s *stand) answering(answer func(i obj) obj) {
	s.t.Helper()
	ended := make(chan struct{})
	s.t.Cleanup(func() { <-ended })
	w, _ := s.connect(intentGuilds)
	go func() {
		defer close(ended)
		for {
			var f obj
			if w.ws.ReadJSON(&f) != nil {
				return // the test is over
			}
			i := objectOf(f["d"])
			if f["t"] != "INTERACTION_CREATE" {
				continue
			}
			if a := answer(i); a != nil {
				s.send("POST", "/api/v10/interactions/"+textOf(i["id"])+"/"+textOf(i["token"])+"/callback", "", a)
			}
		}
	}()
}

func says(text string) obj { return obj{"type": answerMessage, "data": obj{"content": text}} }

func TestGuard(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Origins: []string{"sandbox.test:80"}})
	for _, tt := range []struct {
		name, method, host, origin, kind string
		want                             int
		site                             string
	}{
		{name: "a picture in a page elsewhere", method: "GET", site: "cross-site", want: 403},
		{name: "one in a page on another port", method: "GET", site: "same-site", want: 403},
		{name: "own script", method: "GET", site: "same-origin", want: 200},
		{name: "typed in", method: "GET", site: "none", want: 200},
		{"own name", "GET", "", "", "", 200, ""},
		{"localhost", "GET", "localhost:1", "", "", 200, ""},
		{"allowed name", "GET", "sandbox.test:80", "", "", 200, ""},
		{"rebound name", "GET", "evil.test", "", "", 403, ""},
		{"loopback's look-alike", "GET", "127.0.0.1.evil.test", "", "", 403, ""},
		{"page elsewhere", "GET", "", "http://evil.test", "", 403, ""},
		{"no origin at all", "GET", "", "null", "", 403, ""},
		{"own page", "GET", "localhost:1", "http://localhost:1", "", 200, ""},
		{"form", "PUT", "", "", "text/plain", 415, ""},
		{"JSON", "PUT", "", "", "application/json", 200, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			req, err := http.NewRequest(tt.method, s.url+"/sandbox/faults", strings.NewReader("[]"))
			if err != nil {
				t.Fatal(err)
			}
			req.Host = tt.host
			for name, value := range map[string]string{"Origin": tt.origin, "Content-Type": tt.kind, "Sec-Fetch-Site": tt.site} {
				if value != "" {
					req.Header.Set(name, value)
				}
			}
			if status, got := s.do(req); status != tt.want {
				t.Errorf("%d %v, want %d", status, got, tt.want)
			}
		})
	}
}

func TestMembersCantSend(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	hidden := slash("desk")
	hidden["default_member_permissions"] = "8192"
	long := obj{"type": optionText, "name": "about", "description": "d", "required": true, "min_length": 2, "max_length": 5}
	side := obj{"type": optionText, "name": "side", "description": "d", "choices": list{obj{"name": "Kyiv", "value": "ua"}}}
	limit := obj{"type": optionWhole, "name": "limit", "description": "d", "min_value": 1, "max_value": 3}
	add := obj{"type": optionSub, "name": "add", "description": "d", "options": list{}}
	s.register(hidden, slash("talks", long, side, limit), slash("digest", add))
	_, posted := s.bot("POST", "/channels/"+s.channelID("briefings")+"/messages", obj{"content": "x", "components": list{
		row(obj{"type": 2, "style": 1, "label": "x", "custom_id": "off", "disabled": true}), row(selectOf(2)),
	}})
	id := textOf(posted["id"])
	for _, tt := range []struct {
		name  string
		act   obj
		field string
	}{
		{"unknown command", obj{"command": "nothing"}, "command"},
		{"hidden command", obj{"command": "desk"}, "command"},
		{"hidden channel", obj{"command": "talks", "channel": "moderators"}, "channel"},
		{"unknown member", obj{"command": "talks", "user": "nobody"}, "user"},
		{"missing option", obj{"command": "talks"}, "options.about"},
		{"unknown option", obj{"command": "talks", "options": obj{"about": "abc", "more": 1}}, "options.more"},
		{"too short", obj{"command": "talks", "options": obj{"about": "a"}}, "options.about"},
		{"too long", obj{"command": "talks", "options": obj{"about": "abcdef"}}, "options.about"},
		{"not a choice", obj{"command": "talks", "options": obj{"about": "abc", "side": "fr"}}, "options.side"},
		{"over the maximum", obj{"command": "talks", "options": obj{"about": "abc", "limit": 4}}, "options.limit"},
		{"a fraction", obj{"command": "talks", "options": obj{"about": "abc", "limit": 1.5}}, "options.limit"},
		{"no subcommand", obj{"command": "digest"}, "command"},
		{"wrong subcommand", obj{"command": "digest remove"}, "command"},
		{"not completed", obj{"command": "talks", "focused": "about"}, "focused"},
		{"disabled button", obj{"message": id, "custom_id": "off"}, "custom_id"},
		{"no such component", obj{"message": id, "custom_id": "none"}, "custom_id"},
		{"no such value", obj{"message": id, "custom_id": "s", "values": list{"9"}}, "values"},
		{"too many values", obj{"message": id, "custom_id": "s", "values": list{"0", "1"}}, "values"},
		{"no such message", obj{"message": "1", "custom_id": "s"}, "message"},
		{"modal that isn't open", obj{"modal": "m"}, "modal"},
		{"two things at once", obj{"command": "talks", "modal": "m"}, "command"},
		{"unknown locale", obj{"command": "talks", "locale": "xx"}, "locale"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.act["user"] == nil {
				tt.act["user"] = "reader"
			}
			status, got := s.send("POST", "/sandbox/interactions", "", tt.act)
			if status != 400 || got["field"] != tt.field {
				t.Errorf("%d %v, want 400 about %s", status, got, tt.field)
			}
		})
	}
}

func TestInteractionPayload(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	seen := make(chan obj, 4)
	s.answering(func(i obj) obj { seen <- i; return says("ok") })
	s.register(slash("digest", obj{"type": optionSub, "name": "add", "description": "d", "options": list{
		obj{"type": optionChannel, "name": "where", "description": "d"}, obj{"type": optionUser, "name": "who", "description": "d"},
	}}))
	got := s.control("POST", "interactions", obj{
		"user": "moderator", "channel": "moderators", "command": "digest add", "locale": "uk",
		"options": obj{"where": "digests", "who": "admin"},
	})
	if got["text"] != "ok" || got["error"] != nil {
		t.Fatalf("outcome = %v, want ok", got)
	}
	i := <-seen
	for _, key := range []string{
		"id", "application_id", "token", "guild_id", "channel_id", "channel", "guild", "app_permissions",
		"entitlements", "authorizing_integration_owners", "attachment_size_limit", "guild_locale",
	} {
		if i[key] == nil {
			t.Errorf("the payload has no %s", key)
		}
	}
	if i["locale"] != "uk" || intOf(i["context"]) != 0 || i["user"] != nil {
		t.Errorf("locale, context, user = %v, %v, %v", i["locale"], i["context"], i["user"])
	}
	bits, _ := snowflake(textOf(objectOf(i["member"])["permissions"]))
	if !permissions(bits).has(manageMessages) {
		t.Errorf("member.permissions = %d, want Manage Messages in it", bits)
	}
	data := objectOf(i["data"])
	sub := objectOf(listOf(data["options"])[0])
	values := listOf(sub["options"])
	if sub["name"] != "add" || objectOf(values[0])["value"] != s.channelID("digests") {
		t.Errorf("options = %v, want add with the channel's id", sub)
	}
	resolved := objectOf(data["resolved"])
	for _, kind := range []string{"channels", "users", "members"} {
		if len(objectOf(resolved[kind])) != 1 {
			t.Errorf("resolved.%s = %v, want one", kind, resolved[kind])
		}
	}
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		answer obj
		kind   string
		error  any
	}{
		{"message", says("ok"), "message", nil},
		{"nothing", nil, "none", "timeout"},
		{"too long", says(letters(2001)), "none", "rejected"},
		{"wrong type", obj{"type": answerChoices, "data": obj{"choices": list{}}}, "none", "rejected"},
		{"no data", obj{"type": answerMessage}, "none", "rejected"},
		{"deferred for ever", obj{"type": answerDeferred}, "message", "timeout"},
		{"flags on a deferral", obj{"type": answerDeferred, "data": obj{"flags": flagV2}}, "none", "rejected"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStand(t, Options{})
			s.answering(func(obj) obj { return tt.answer })
			s.register(slash("talks"))
			got := s.control("POST", "interactions", obj{"user": "reader", "command": "talks", "wait_ms": 50})
			if got["kind"] != tt.kind || got["error"] != tt.error || tt.error == "rejected" && got["reason"] == nil {
				t.Errorf("outcome = %v, want %s and error %v", got, tt.kind, tt.error)
			}
		})
	}
	s := newStand(t, Options{})
	s.register(slash("talks"))
	if got := s.control("POST", "interactions", obj{"user": "reader", "command": "talks"}); got["error"] != "not_connected" {
		t.Errorf("without a bot: %v, want not_connected", got)
	}
}

func TestAutocompleteAndButtons(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	s.answering(func(i obj) obj {
		switch intOf(i["type"]) {
		case interactionAutocomplete:
			o := objectOf(listOf(objectOf(i["data"])["options"])[0])
			return obj{"type": answerChoices, "data": obj{"choices": list{obj{"name": "Find " + textOf(o["value"]), "value": "1"}}}}
		case interactionComponent:
			return obj{"type": answerUpdate, "data": obj{"content": "pressed"}}
		}
		return obj{"type": answerMessage, "data": obj{"content": "press", "flags": flagEphemeral, "components": list{row(button("go"))}}}
	})
	s.register(slash("actor", obj{"type": optionText, "name": "who", "description": "d", "autocomplete": true}))
	got := s.control("POST", "interactions", obj{"user": "reader", "command": "actor", "focused": "who", "options": obj{"who": "Bud"}})
	if got["kind"] != "choices" || got["text"] != "Find Bud" {
		t.Errorf("outcome = %v, want one choice", got)
	}
	shown := s.control("POST", "interactions", obj{"user": "reader", "command": "actor"})
	if shown["text"] != "press\nPress" || shown["ephemeral"] != true {
		t.Errorf("outcome = %v, want an ephemeral message with a button", shown)
	}
	press := obj{"user": "reader", "message": objectOf(shown["message"])["id"], "custom_id": "go"}
	if got := s.control("POST", "interactions", press); got["kind"] != "update" || got["text"] != "pressed\nPress" {
		t.Errorf("outcome = %v, want the message updated", got)
	}
	press["user"] = "moderator"
	if status, got := s.send("POST", "/sandbox/interactions", "", press); status != 400 || got["field"] != "message" {
		t.Errorf("another member presses: %d %v, want 400", status, got)
	}
}

func TestSecondAnswerIsRefused(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	paths := make(chan string, 1)
	s.answering(func(i obj) obj {
		paths <- "/api/v10/interactions/" + textOf(i["id"]) + "/" + textOf(i["token"]) + "/callback"
		return says("first")
	})
	s.register(slash("talks"))
	s.control("POST", "interactions", obj{"user": "reader", "command": "talks"})
	if status, got := s.send("POST", <-paths, "", says("second")); status != 400 || codeOf(got) != 40060 {
		t.Errorf("second answer = %d %v, want 40060", status, got)
	}
}

func TestLogHoldsBodiesAndNoTokens(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	tokens := make(chan string, 1)
	s.answering(func(i obj) obj { tokens <- textOf(i["token"]); return says("hello") })
	s.register(slash("talks"))
	s.control("POST", "interactions", obj{"user": "reader", "command": "talks"})
	raw, err := json.Marshal(s.control("GET", "log", nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`POST /interactions/{interaction.id}/{interaction.token}/callback`, `"content":"hello"`, `INTERACTION_CREATE`} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("the log has no %s", want)
		}
	}
	for _, secret := range []string{<-tokens, s.credentials.Token} {
		if strings.Contains(string(raw), secret) {
			t.Error("the log holds a token")
		}
	}
}

func TestRemovedBotIsLockedOut(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	w, _ := s.connect(intentGuilds)
	s.register(slash("talks"))
	path := "/channels/" + s.channelID("digests")
	for _, tt := range []struct {
		patch  obj
		status int
		code   int
	}{
		{obj{"channels": list{obj{"channel": "digests", "overwrites": list{obj{"role": "sitrep", "deny": "2048"}}}}}, 403, 50013},
		{obj{"channels": list{obj{"channel": "digests", "overwrites": list{obj{"role": "sitrep", "deny": "1024"}}}}}, 403, 50001},
		{obj{"channels": list{obj{"channel": "digests", "overwrites": list{obj{"role": "sitrep"}}}}}, 200, 0},
		{obj{"bot": false}, 403, 50001},
		{obj{"bot": true}, 200, 0},
		{obj{"channels": list{obj{"channel": "digests", "delete": true}}}, 404, 10003},
	} {
		s.control("PATCH", "guilds/Briefing Room", tt.patch)
		if status, got := s.bot("POST", path+"/messages", obj{"content": "x"}); status != tt.status || codeOf(got) != tt.code {
			t.Errorf("after %v: %d %v, want %d with code %d", tt.patch, status, got, tt.status, tt.code)
		}
	}
	for _, want := range []string{"GUILD_DELETE", "GUILD_CREATE", "CHANNEL_DELETE"} {
		w.until(want, opDispatch)
	}
}

func TestControlRefuses(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	for _, tt := range []struct {
		name, method, path string
		body               any
		status             int
		field              any
	}{
		{"no such route", "GET", "nowhere", nil, 404, nil},
		{"another method", "DELETE", "state", obj{}, 404, nil},
		{"an unknown key", "POST", "clock", obj{"later": "1h"}, 400, nil},
		{"a list for an object", "POST", "guilds", list{}, 400, nil},
		{"an unknown viewer", "GET", "channels/briefings/messages?as=nobody", nil, 404, "user"},
		{"a viewer who sees nothing", "GET", "channels/moderators/messages?as=reader", nil, 400, "as"},
		{"an unknown channel", "GET", "channels/nowhere/messages", nil, 404, "channel"},
		{"an unknown server", "GET", "channels/briefings/messages?guild=Nowhere", nil, 404, "guild"},
		{"a time in words", "GET", "log?since=yesterday", nil, 400, "since"},
		{"an unknown listener", "GET", "events?as=nobody", nil, 404, "user"},
		{"a follower without an end", "GET", "clock?follower=" + strings.Repeat("a", 65), nil, 400, "follower"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if status, got := s.send(tt.method, "/sandbox/"+tt.path, "", tt.body); status != tt.status || got["field"] != tt.field {
				t.Errorf("%d %v, want %d about %v", status, got, tt.status, tt.field)
			}
		})
	}
	long := strings.NewReader(`{"now":"` + strings.Repeat("x", maxControlBody) + `"}`)
	req, err := http.NewRequest("POST", s.url+"/sandbox/clock", long)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if status, got := s.do(req); status != 413 {
		t.Errorf("a body over 25 MiB: %d %v, want 413", status, got)
	}
}
