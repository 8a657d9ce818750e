package sandbox

import (
	"testing"
)

func TestMenus(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	seen := s.heard()
	hidden := obj{"type": commandMessage, "name": "Keep this", "default_member_permissions": "8192"}
	s.register(obj{"type": commandMessage, "name": "Brief this"}, obj{"type": commandUser, "name": "Who is this"}, hidden, slash("talks"))
	written := textOf(s.control("POST", "channels/briefings/messages", obj{"user": "admin", "content": "worth keeping"})["id"])
	elsewhere := textOf(s.control("POST", "channels/digests/messages", obj{"user": "admin", "content": "elsewhere"})["id"])
	moderator := s.userID("moderator")
	for _, tt := range []struct {
		name     string
		act      obj
		typ      int
		target   string
		resolved string
		field    string
	}{
		{"a message", obj{"menu": "Brief this", "message": written}, commandMessage, written, "messages", ""},
		{"a member by name", obj{"menu": "Who is this", "target": "moderator"}, commandUser, moderator, "members users", ""},
		{"a member by id", obj{"menu": "Who is this", "target": moderator}, commandUser, moderator, "members users", ""},
		{"a message elsewhere", obj{"menu": "Brief this", "message": elsewhere}, 0, "", "", "message"},
		{"no message", obj{"menu": "Brief this"}, 0, "", "", "message"},
		{"nobody", obj{"menu": "Who is this", "target": "nobody"}, 0, "", "", "target"},
		{"a member for a message", obj{"menu": "Brief this", "target": "moderator"}, 0, "", "", "menu"},
		{"a message for a member", obj{"menu": "Who is this", "message": written}, 0, "", "", "menu"},
		{"a slash command", obj{"menu": "talks", "message": written}, 0, "", "", "menu"},
		{"a hidden menu", obj{"menu": "Keep this", "message": written}, 0, "", "", "menu"},
		{"no such menu", obj{"menu": "Brief that", "message": written}, 0, "", "", "menu"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, got := s.send("POST", "/sandbox/interactions", "", with(tt.act, "user", "reader"))
			if tt.field != "" {
				if status != 400 || got["field"] != tt.field {
					t.Errorf("%d %v, want 400 about %s", status, got, tt.field)
				}
				return
			}
			if status != 200 || got["text"] != "ok" {
				t.Fatalf("%d %v, want it answered", status, got)
			}
			data := objectOf((<-seen)["data"])
			if data["target_id"] != tt.target || intOf(data["type"]) != tt.typ || data["options"] != nil {
				t.Errorf("data = %v, want type %d about %s", data, tt.typ, tt.target)
			}
			if kinds := sortedKeys(data["resolved"]); kinds != tt.resolved {
				t.Errorf("resolved are %q, want %q", kinds, tt.resolved)
			}
		})
	}
	if got := s.control("POST", "interactions", obj{"user": "moderator", "menu": "Keep this", "message": written}); got["text"] != "ok" {
		t.Errorf("a moderator's menu: %v, want it answered", got)
	}
}

// Who is offered which command where, as Discord's client has it.
func TestCommandsAreOffered(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	s.heard()
	_, dm := s.bot("POST", "/users/@me/channels", obj{"recipient_id": s.userID("reader")})
	private := textOf(dm["id"])
	s.register(
		slash("everybody"), with(slash("moderators"), "default_member_permissions", "8192"),
		with(slash("administrators"), "default_member_permissions", "0"),
		with(slash("servers"), "contexts", list{0}), with(slash("private"), "contexts", list{1}),
		with(slash("public"), "dm_permission", false),
	)
	if status, got := s.bot("PUT", "/applications/"+s.credentials.ApplicationID+"/guilds/"+s.guildID()+"/commands", list{slash("here")}); status != 200 {
		t.Fatalf("registering: %d %v, want 200", status, got)
	}
	s.control("POST", "guilds", obj{"name": "Second"})
	s.control("PATCH", "guilds/Briefing Room", obj{
		"members": list{obj{"user": "second-moderator", "timeout": "1h"}},
		"channels": list{
			obj{"channel": "silent", "overwrites": list{obj{"role": "@everyone", "deny": "2147483648"}}},
			obj{"channel": "hidden", "overwrites": list{obj{"user": "reader", "deny": "1024"}}},
		},
	})
	for _, tt := range []struct {
		name  string
		act   obj
		field string
	}{
		{"everybody's", obj{"user": "reader", "command": "everybody"}, ""},
		{"with its slash", obj{"user": "reader", "command": "/everybody"}, ""},
		{"a moderator's by a reader", obj{"user": "reader", "command": "moderators"}, "command"},
		{"a moderator's by a moderator", obj{"user": "moderator", "command": "moderators"}, ""},
		{"a moderator's by the owner", obj{"user": "owner", "command": "moderators"}, ""},
		{"an administrator's by a moderator", obj{"user": "moderator", "command": "administrators"}, "command"},
		{"an administrator's by the owner", obj{"user": "owner", "command": "administrators"}, ""},
		{"a timed-out member", obj{"user": "second-moderator", "command": "everybody"}, "command"},
		{"where commands are denied", obj{"user": "reader", "channel": "silent", "command": "everybody"}, "command"},
		{"where the owner may anything", obj{"user": "owner", "channel": "silent", "command": "everybody"}, ""},
		{"where one sees nothing", obj{"user": "reader", "channel": "hidden", "command": "everybody"}, "channel"},
		{"one server's there", obj{"user": "reader", "command": "here"}, ""},
		{"one server's elsewhere", obj{"user": "reader", "guild": "Second", "command": "here"}, "command"},
		{"servers' in a server", obj{"user": "reader", "command": "servers"}, ""},
		{"private in a server", obj{"user": "reader", "command": "private"}, "command"},
		{"everybody's in private", obj{"user": "reader", "channel": private, "command": "everybody"}, ""},
		{"servers' in private", obj{"user": "reader", "channel": private, "command": "servers"}, "command"},
		{"private in private", obj{"user": "reader", "channel": private, "command": "private"}, ""},
		{"not for private messages", obj{"user": "reader", "channel": private, "command": "public"}, "command"},
		{"one server's in private", obj{"user": "reader", "channel": private, "command": "here"}, "command"},
		{"in somebody else's private messages", obj{"user": "moderator", "channel": private, "command": "everybody"}, "channel"},
		{"the bot itself", obj{"user": "sitrep", "command": "everybody"}, "user"},
		{"nobody", obj{"user": "nobody", "command": "everybody"}, "user"},
		{"no server", obj{"user": "reader", "guild": "Third", "command": "everybody"}, "guild"},
		{"no channel", obj{"user": "reader", "channel": "nowhere", "command": "everybody"}, "channel"},
		{"no locale", obj{"user": "reader", "locale": "ar", "command": "everybody"}, "locale"},
		{"a slash alone", obj{"user": "reader", "command": "/"}, "command"},
		{"nothing at all", obj{"user": "reader"}, "command"},
		{"a wait without end", obj{"user": "reader", "command": "everybody", "wait_ms": maxWaitMS + 1}, "wait_ms"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, got := s.send("POST", "/sandbox/interactions", "", tt.act)
			if tt.field == "" && (status != 200 || got["text"] != "ok") {
				t.Errorf("%d %v, want it answered", status, got)
			}
			if tt.field != "" && (status != 400 || got["field"] != tt.field) {
				t.Errorf("%d %v, want 400 about %s", status, got, tt.field)
			}
		})
	}
	s.control("PATCH", "guilds/Second", obj{"bot": false})
	if status, got := s.send("POST", "/sandbox/interactions", "", obj{"user": "reader", "guild": "Second", "command": "everybody"}); status != 400 || got["field"] != "guild" {
		t.Errorf("where the bot isn't: %d %v, want 400 about the guild", status, got)
	}
}

func TestPrivateInteractions(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	seen := s.heard()
	_, dm := s.bot("POST", "/users/@me/channels", obj{"recipient_id": s.userID("reader")})
	s.register(slash("talks"))
	s.control("POST", "interactions", obj{"user": "reader", "channel": dm["id"], "command": "talks"})
	i := <-seen
	if i["member"] != nil || objectOf(i["user"])["username"] != "reader" || i["guild_id"] != nil || intOf(i["context"]) != 1 {
		t.Errorf("member, user, guild, context = %v, %v, %v, %v, want the user alone", i["member"], i["user"], i["guild_id"], i["context"])
	}
	if c := objectOf(i["channel"]); intOf(c["type"]) != channelDM || len(listOf(c["recipients"])) != 1 {
		t.Errorf("channel = %v, want a direct one", c)
	}
}

func TestSubcommandsKeepTheirNesting(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	seen := s.heard()
	s.register(slash("desk", plainOption(optionGroup, "name", "item", "options", list{
		plainOption(optionSub, "name", "edit", "options", list{plainOption(optionText)}), plainOption(optionSub, "name", "drop"),
	}), plainOption(optionSub, "name", "list")))
	for _, tt := range []struct {
		command string
		options obj
		path    string // type and name of every level
	}{
		{"desk item edit", obj{"a": "x"}, "2 item 1 edit 3 a"},
		{"desk item drop", nil, "2 item 1 drop"},
		{"/desk list", nil, "1 list"},
		{"desk item", nil, ""},
		{"desk", nil, ""},
		{"desk edit", nil, ""},
		{"desk item edit a", nil, ""},
		{"desk list", obj{"a": "x"}, ""},
	} {
		status, got := s.send("POST", "/sandbox/interactions", "", obj{"user": "reader", "command": tt.command, "options": tt.options})
		if tt.path == "" {
			if status != 400 {
				t.Errorf("/%s: %d %v, want 400", tt.command, status, got)
			}
			continue
		}
		if status != 200 {
			t.Errorf("/%s: %d %v, want 200", tt.command, status, got)
			continue
		}
		path := ""
		for level := objectOf((<-seen)["data"]); len(listOf(level["options"])) > 0; {
			level = objectOf(listOf(level["options"])[0])
			path += " " + string(rune('0'+intOf(level["type"]))) + " " + textOf(level["name"])
		}
		if path != " "+tt.path {
			t.Errorf("/%s: options = %q, want %q", tt.command, path, tt.path)
		}
	}
}
