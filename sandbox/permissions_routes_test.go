package sandbox

import (
	"encoding/json"
	"testing"
)

const (
	denyView    = "1024"
	denySend    = "2048"
	denyFiles   = "32768"
	denyHistory = "65536"
)

// What the bot is refused for want of a permission, over the routes.
func TestPermissionsOfTheBot(t *testing.T) {
	t.Parallel()
	channel := func(overwrites ...any) obj {
		return obj{"channels": list{obj{"channel": "digests", "overwrites": overwrites}}}
	}
	bot := func(deny string) obj { return obj{"role": "sitrep", "deny": deny} }
	for _, tt := range []struct {
		name  string
		patch obj
		// codes of posting, posting a file, reading one message, looking at the channel, and of deleting
		// what somebody else wrote; 0 lets it pass
		post, file, read, look, remove int
	}{
		{"as invited", obj{}, 0, 0, 0, 0, 50013},
		{"no sending", channel(bot(denySend)), 50013, 50013, 0, 0, 50013},
		{"no files", channel(bot(denyFiles)), 0, 50013, 0, 0, 50013},
		{"no history", channel(bot(denyHistory)), 0, 0, 50013, 0, 50013},
		{"no view", channel(bot(denyView)), 50001, 50001, 50001, 50001, 50001},
		{"everyone without view, the bot with it", channel(obj{"role": "@everyone", "deny": denyView}, obj{"role": "sitrep", "allow": denyView}), 0, 0, 0, 0, 50013},
		{"the role without sending, the bot itself with it", channel(bot(denySend), obj{"user": "sitrep", "allow": denySend}), 0, 0, 0, 0, 50013},
		{"the role with sending, the bot itself without it", channel(obj{"role": "sitrep", "allow": denySend}, obj{"user": "sitrep", "deny": denySend}), 50013, 50013, 0, 0, 50013},
		{"its role has nothing, everyone has it all", obj{"roles": list{obj{"role": "sitrep", "permissions": "0"}}}, 0, 0, 0, 0, 50013},
		{"nobody has anything", obj{"roles": list{obj{"role": "sitrep", "permissions": "0"}, obj{"role": "@everyone", "permissions": "0"}}}, 50001, 50001, 50001, 50001, 50001},
		{"manages messages", obj{"roles": list{obj{"role": "sitrep", "permissions": "8192"}}}, 0, 0, 0, 0, 0},
		{"an administrator, whatever the channel denies", obj{"roles": list{obj{"role": "sitrep", "permissions": "8"}}, "channels": channel(bot(denyView))["channels"]}, 0, 0, 0, 0, 0},
		{"timed out", obj{"members": list{obj{"user": "sitrep", "timeout": "1h"}}}, 50013, 50013, 0, 0, 50013},
		{"timed out, and let off", obj{"members": list{obj{"user": "sitrep", "timeout": "1h"}, obj{"user": "sitrep", "timeout": ""}}}, 0, 0, 0, 0, 50013},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStand(t, Options{Limits: unlimited()})
			written := textOf(s.control("POST", "channels/digests/messages", obj{"user": "reader", "content": "Hi"})["id"])
			s.control("PATCH", "guilds/Briefing Room", tt.patch)
			path := digestMessages(s)
			for _, call := range []struct {
				name string
				do   func() (int, obj)
				want int
			}{
				{"posting", func() (int, obj) { return s.bot("POST", path, obj{"content": "x"}) }, tt.post},
				{"posting a file", func() (int, obj) { return s.parts(path, part{"files[0]", "a.txt", "x"}) }, tt.file},
				{"reading one", func() (int, obj) { return s.bot("GET", path+"/"+written, nil) }, tt.read},
				{"looking", func() (int, obj) { return s.bot("GET", "/channels/"+s.channelID("digests"), nil) }, tt.look},
				{"deleting", func() (int, obj) { return s.bot("DELETE", path+"/"+written, nil) }, tt.remove},
			} {
				status, got := call.do()
				if codeOf(got) != call.want || (call.want != 0) != (status == 403) {
					t.Errorf("%s: %d %v, want code %d", call.name, status, got, call.want)
				}
			}
		})
	}
}

// Without the history nothing is listed, and nothing refused.
func TestHiddenHistoryListsNothing(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	s.control("POST", "channels/digests/messages", obj{"user": "reader", "content": "Hi"})
	for _, tt := range []struct {
		name, deny string
		want       int
	}{{"as invited", "0", 1}, {"no history", denyHistory, 0}} {
		s.control("PATCH", "guilds/Briefing Room", obj{"channels": list{obj{"channel": "digests", "overwrites": list{obj{"role": "sitrep", "deny": tt.deny}}}}})
		response, raw, err := s.raw("GET", digestMessages(s))
		if err != nil {
			t.Fatal(err)
		}
		var got []any
		if err := json.Unmarshal(raw, &got); err != nil || response.StatusCode != 200 || len(got) != tt.want {
			t.Errorf("%s: %d %s (%v), want %d messages", tt.name, response.StatusCode, raw, err, tt.want)
		}
	}
}

// What members may write, by the same rules.
func TestMembersWrite(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	s.control("PATCH", "guilds/Briefing Room", obj{
		"members": list{obj{"user": "second-moderator", "timeout": "1h"}},
		"channels": list{
			obj{"channel": "quiet", "overwrites": list{obj{"role": "@everyone", "deny": denySend}, obj{"role": "Moderator", "allow": denySend}}},
			obj{"channel": "words", "overwrites": list{obj{"role": "@everyone", "deny": denyFiles}}},
		},
	})
	file := obj{"filename": "a.txt", "base64": "eA=="}
	for _, tt := range []struct {
		name    string
		channel string
		body    obj
		status  int
		field   string
	}{
		{"words", "briefings", obj{"user": "reader", "content": "x"}, 200, ""},
		{"words of 2000", "briefings", obj{"user": "reader", "content": letters(2000)}, 200, ""},
		{"words of 2001", "briefings", obj{"user": "reader", "content": letters(2001)}, 400, "content"},
		{"nothing", "briefings", obj{"user": "reader", "content": " "}, 400, "content"},
		{"a file", "briefings", obj{"user": "reader", "attachments": list{file}}, 200, ""},
		{"10 files", "briefings", obj{"user": "reader", "attachments": many(10, func(int) any { return file })}, 200, ""},
		{"11 files", "briefings", obj{"user": "reader", "attachments": many(11, func(int) any { return file })}, 400, "attachments"},
		{"a file that is none", "briefings", obj{"user": "reader", "attachments": list{obj{"filename": "a.txt", "base64": "!"}}}, 400, "attachments"},
		{"where only moderators write", "quiet", obj{"user": "reader", "content": "x"}, 400, "user"},
		{"a moderator there", "quiet", obj{"user": "moderator", "content": "x"}, 200, ""},
		{"a file where there are none", "words", obj{"user": "reader", "attachments": list{file}}, 400, "user"},
		{"words there", "words", obj{"user": "reader", "content": "x"}, 200, ""},
		{"where one sees nothing", "moderators", obj{"user": "reader", "content": "x"}, 400, "user"},
		{"timed out", "briefings", obj{"user": "second-moderator", "content": "x"}, 400, "user"},
		{"the bot", "briefings", obj{"user": "sitrep", "content": "x"}, 400, "user"},
		{"nobody", "briefings", obj{"user": "nobody", "content": "x"}, 400, "user"},
		{"nowhere", "nowhere", obj{"user": "reader", "content": "x"}, 404, "channel"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, got := s.send("POST", "/sandbox/channels/"+tt.channel+"/messages", "", tt.body)
			if status != tt.status || tt.field != "" && got["field"] != tt.field {
				t.Errorf("%d %v, want %d about %q", status, got, tt.status, tt.field)
			}
		})
	}
}
