package sandbox

import (
	"testing"
)

// everywhere is a command for servers and for members' own, wherever they are.
func everywhere(name string, types, contexts list) obj {
	return with(slash(name), "integration_types", types, "contexts", contexts)
}

func TestContextsAndInstalls(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	asks := make(chan obj, 1)
	s.answering(func(i obj) obj {
		asks <- i
		return says("x")
	})
	s.register(
		everywhere("server", list{0}, list{0}), everywhere("direct", list{0}, list{1}),
		everywhere("own", list{1}, list{0, 1, 2}), everywhere("both", list{0, 1}, list{0, 1, 2}),
	)
	act := func(command string, pairs ...any) obj {
		return with(obj{"user": "reader", "command": command}, pairs...)
	}
	if status, got := s.send("POST", "/sandbox/interactions", "", act("own", "install", "user")); status != 400 || got["field"] != "install" {
		t.Errorf("before it may be a member's own: %d %v, want it refused", status, got)
	}
	s.walk(step{"letting members have it", "PATCH", "/applications/@me", obj{"integration_types_config": obj{"0": obj{}, "1": obj{}}}, 200, 0})
	s.control("POST", "guilds", obj{"name": "Elsewhere"})
	s.control("PATCH", "guilds/Elsewhere", obj{"bot": false})
	reader := s.userID("reader")
	for _, tt := range []struct {
		name    string
		act     obj
		refused string // the field of a refusal
		context float64
		owners  obj
	}{
		{"a server's in a server", act("server"), "", 0, obj{"0": s.guildID()}},
		{"a server's in direct messages", act("server", "channel", "@me"), "command", 0, nil},
		{"a server's as one's own", act("server", "install", "user"), "command", 0, nil},
		{"in direct messages", act("direct", "channel", "@me"), "", 1, obj{"0": "0"}},
		{"of direct messages in a server", act("direct"), "command", 0, nil},
		{"one's own without having it", act("own"), "command", 0, nil},
		{"one's own beside the server's", act("both", "install", "user"), "", 0, obj{"0": s.guildID(), "1": reader}},
		{"one's own where the bot isn't", act("own", "install", "user", "guild", "Elsewhere"), "", 0, obj{"1": reader}},
		{"where the bot isn't", act("both", "guild", "Elsewhere"), "guild", 0, nil},
		{"one's own in a conversation", act("own", "install", "user", "with", "moderator"), "", 2, obj{"1": reader}},
		{"in a conversation without having it", act("both", "with", "moderator"), "with", 0, nil},
		{"in a conversation with oneself", act("own", "install", "user", "with", "reader"), "with", 0, nil},
		{"installed by nobody", act("own", "install", "x"), "install", 0, nil},
	} {
		status, got := s.send("POST", "/sandbox/interactions", "", tt.act)
		if tt.refused != "" {
			if status != 400 || got["field"] != tt.refused {
				t.Errorf("%s: %d %v, want %s refused", tt.name, status, got, tt.refused)
			}
			continue
		}
		if status != 200 {
			t.Errorf("%s: %d %v, want it done", tt.name, status, got)
			continue
		}
		seen := <-asks
		if got["error"] != nil || seen["context"] != tt.context {
			t.Errorf("%s: %d %v in context %v, want %v", tt.name, status, got, seen["context"], tt.context)
			continue
		}
		owners := objectOf(seen["authorizing_integration_owners"])
		if len(owners) != len(tt.owners) || owners["0"] != tt.owners["0"] || owners["1"] != tt.owners["1"] {
			t.Errorf("%s: authorised by %v, want %v", tt.name, owners, tt.owners)
		}
		if (seen["member"] != nil) == (seen["user"] != nil) || (seen["member"] != nil) != (tt.context == 0) {
			t.Errorf("%s: member %v and user %v, want the one that belongs there", tt.name, seen["member"], seen["user"])
		}
	}
}

// What only the member has is bounded: no more than five follow-ups, and nothing for all
// where the server doesn't want that.
func TestOnesOwnApplicationIsBounded(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	codes := make(chan []int, 2)
	s.answering(func(i obj) obj {
		codes <- s.followUps(i)
		return nil
	})
	s.register(everywhere("own", list{1}, list{0, 2}))
	s.walk(step{"letting members have it", "PATCH", "/applications/@me", obj{"integration_types_config": obj{"1": obj{}}}, 200, 0})
	s.control("POST", "guilds", obj{"name": "Elsewhere"})
	s.control("PATCH", "guilds/Elsewhere", obj{"bot": false})
	act := obj{"user": "reader", "command": "own", "install": "user", "guild": "Elsewhere"}
	if got := s.control("POST", "interactions", act); got["ephemeral"] != false {
		t.Errorf("where members may: %v, want it for all", got)
	}
	if got := <-codes; got[4] != 0 || got[5] != 40094 {
		t.Errorf("follow-ups were answered %v, want the sixth refused", got)
	}
	s.control("PATCH", "guilds/Elsewhere", obj{"bot": true, "roles": list{obj{"role": "@everyone", "permissions": (memberDefaults &^ useExternalApps).String()}}})
	s.control("PATCH", "guilds/Elsewhere", obj{"bot": false})
	if got := s.control("POST", "interactions", act); got["ephemeral"] != true {
		t.Errorf("where members may not: %v, want it for the member alone", got)
	}
	<-codes
	private := s.control("POST", "interactions", obj{"user": "reader", "command": "own", "install": "user", "with": "moderator"})
	<-codes
	channel := textOf(objectOf(private["message"])["channel_id"])
	s.walk(step{"the bot looks into a conversation", "GET", "/channels/" + channel, nil, 403, 50001})
	for as, want := range map[string]int{"reader": 200, "moderator": 200, "admin": 400} {
		if status, _ := s.send("GET", "/sandbox/channels/"+channel+"/messages?as="+as, "", nil); status != want {
			t.Errorf("%s looks into the conversation: %d, want %d", as, status, want)
		}
	}
}

// followUps answers an interaction, follows that up six times, and returns the codes.
func (s *stand) followUps(i obj) []int {
	s.send("POST", "/api/v10/interactions/"+textOf(i["id"])+"/"+textOf(i["token"])+"/callback", "", says("x"))
	codes := []int{}
	for range 6 {
		_, got := s.send("POST", "/api/v10/webhooks/"+s.credentials.ApplicationID+"/"+textOf(i["token"]), "", obj{"content": "more"})
		codes = append(codes, codeOf(got))
	}
	return codes
}
