package sandbox

import (
	"fmt"
	"strings"
	"testing"
)

func (s *stand) patched(patch obj) (int, obj) {
	s.t.Helper()
	return s.send("PATCH", "/sandbox/guilds/Briefing Room", "", patch)
}

// state is the one server as the control routes tell it.
func (s *stand) room() obj {
	s.t.Helper()
	return objectOf(listOf(s.control("GET", "state", nil)["guilds"])[0])
}

// named finds a thing in a list by its name.
func named(v any, name string) obj {
	for _, one := range listOf(v) {
		if o := objectOf(one); o["name"] == name {
			return o
		}
	}
	return nil
}

func TestServersArePatched(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		patch obj
		what  func(room obj) any
		want  string
	}{
		{"its name", obj{"name": " New name "}, func(r obj) any { return r["name"] }, "New name"},
		{"a role's permissions", obj{"roles": list{obj{"role": "Moderator", "permissions": "8"}}}, func(r obj) any { return named(r["roles"], "Moderator")["permissions"] }, "8"},
		{"a role's permissions away", obj{"roles": list{obj{"role": "Moderator", "permissions": ""}}}, func(r obj) any { return named(r["roles"], "Moderator")["permissions"] }, "0"},
		{"everyone's permissions", obj{"roles": list{obj{"role": "everyone", "permissions": "1024"}}}, func(r obj) any { return named(r["members"], "reader")["permissions"] }, "1024"},
		{"a new role", obj{"roles": list{obj{"role": "Editor", "permissions": "64"}}}, func(r obj) any { return named(r["roles"], "Editor")["position"] }, "4"},
		{"a role that may be pinged", obj{"roles": list{obj{"role": "Moderator", "mentionable": true}}}, func(r obj) any { return named(r["roles"], "Moderator")["mentionable"] }, "true"},
		{"a role away", obj{"roles": list{obj{"role": "Moderator", "delete": true}}}, func(r obj) any { return named(r["roles"], "Moderator") }, "map[]"},
		{"a member's roles", obj{"members": list{obj{"user": "reader", "roles": list{"Moderator", "Admin"}}}}, func(r obj) any { return named(r["members"], "reader")["role_names"] }, "[Moderator Admin]"},
		{"a member's roles away", obj{"members": list{obj{"user": "moderator", "roles": list{}}}}, func(r obj) any { return named(r["members"], "moderator")["role_names"] }, "[]"},
		{"a member away", obj{"members": list{obj{"user": "reader", "remove": true}}}, func(r obj) any { return named(r["members"], "reader") }, "map[]"},
		{"a new channel", obj{"channels": list{obj{"channel": "news", "type": 5}}}, func(r obj) any { c := named(r["channels"], "news"); return list{c["type"], c["position"]} }, "[5 3]"},
		{"two new channels", obj{"channels": list{obj{"channel": "a"}, obj{"channel": "b"}}}, func(r obj) any { return named(r["channels"], "b")["position"] }, "4"},
		{"a channel's kind", obj{"channels": list{obj{"channel": "digests", "type": 5}}}, func(r obj) any { return named(r["channels"], "digests")["type"] }, "5"},
		{"a channel away", obj{"channels": list{obj{"channel": "digests", "delete": true}}}, func(r obj) any { return named(r["channels"], "digests") }, "map[]"},
		{"who sees a channel", obj{"channels": list{obj{"channel": "digests", "overwrites": list{obj{"role": "@everyone", "deny": "1024"}, obj{"user": "reader", "allow": "1024"}}}}}, func(r obj) any { return named(r["channels"], "digests")["visible_to"] }, "[reader owner]"},
		{"an overwrite away", obj{"channels": list{obj{"channel": "moderators", "overwrites": list{obj{"role": "@everyone"}}}}}, func(r obj) any { return len(listOf(named(r["channels"], "moderators")["visible_to"])) }, "6"},
		{"the bot away", obj{"bot": false}, func(r obj) any { return r["joined"] }, "false"},
		{"the bot where it is", obj{"bot": true}, func(r obj) any { return r["joined"] }, "true"},
		{"nothing", obj{}, func(r obj) any { return r["name"] }, "Briefing Room"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStand(t, Options{})
			if status, got := s.patched(tt.patch); status != 200 {
				t.Fatalf("%d %v, want 200", status, got)
			}
			if got := fmt.Sprint(tt.what(s.room())); got != tt.want {
				t.Errorf("afterwards it is %s, want %s", got, tt.want)
			}
		})
	}
}

func TestPatchesAreRefusedWhole(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	before := fmt.Sprint(s.room())
	for _, tt := range []struct {
		name  string
		patch obj
		field string
	}{
		{"an empty name", obj{"name": " "}, "name"},
		{"a name of 101", obj{"name": letters(101)}, "name"},
		{"a role without a name", obj{"roles": list{obj{"role": " "}}}, "role"},
		{"a role's name of 101", obj{"roles": list{obj{"role": letters(101)}}}, "role"},
		{"permissions in words", obj{"roles": list{obj{"role": "Moderator", "permissions": "all"}}}, "roles"},
		{"everyone away", obj{"roles": list{obj{"role": "@everyone", "delete": true}}}, "roles"},
		{"a role away that isn't there", obj{"roles": list{obj{"role": "Editor", "delete": true}}}, "role"},
		{"251 roles", obj{"roles": many(247, func(i int) any { return obj{"role": fmt.Sprint("r", i)} })}, "role"},
		{"nobody", obj{"members": list{obj{"user": "nobody"}}}, "user"},
		{"a member in a role that isn't there", obj{"members": list{obj{"user": "reader", "roles": list{"Editor"}}}}, "role"},
		{"a timeout in words", obj{"members": list{obj{"user": "reader", "timeout": "a while"}}}, "members"},
		{"a timeout into the past", obj{"members": list{obj{"user": "reader", "timeout": "-1h"}}}, "members"},
		{"the bot thrown out as a member", obj{"members": list{obj{"user": "sitrep", "remove": true}}}, "members"},
		{"a channel without a name", obj{"channels": list{obj{"channel": ""}}}, "channel"},
		{"a channel's name of 101", obj{"channels": list{obj{"channel": letters(101)}}}, "channel"},
		{"501 channels", obj{"channels": many(498, func(i int) any { return obj{"channel": fmt.Sprint("c", i)} })}, "channel"},
		{"a channel away that isn't there", obj{"channels": list{obj{"channel": "nowhere", "delete": true}}}, "channel"},
		{"a channel of another kind", obj{"channels": list{obj{"channel": "digests", "type": 2}}}, "channels"},
		{"an overwrite for nobody", obj{"channels": list{obj{"channel": "digests", "overwrites": list{obj{"user": "nobody", "deny": "1"}}}}}, "user"},
		{"an overwrite for a role that isn't there", obj{"channels": list{obj{"channel": "digests", "overwrites": list{obj{"role": "Editor", "deny": "1"}}}}}, "role"},
		{"an overwrite in words", obj{"channels": list{obj{"channel": "digests", "overwrites": list{obj{"role": "Moderator", "allow": "all"}}}}}, "overwrites"},
		{"one good, one bad", obj{"name": "New name", "members": list{obj{"user": "nobody"}}}, "user"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if status, got := s.patched(tt.patch); status != 400 || got["field"] != tt.field {
				t.Errorf("%d %v, want 400 about %s", status, got, tt.field)
			}
			if after := fmt.Sprint(s.room()); after != before {
				t.Errorf("the server is now %s, want it as it was", after)
			}
		})
	}
	for path, want := range map[string]int{"guilds/Nowhere": 404, "guilds/": 404} {
		if status, got := s.send("PATCH", "/sandbox/"+path, "", obj{}); status != want {
			t.Errorf("PATCH %s: %d %v, want %d", path, status, got, want)
		}
	}
	if status, got := s.patched(obj{"title": "x"}); status != 400 {
		t.Errorf("a key that nobody knows: %d %v, want 400", status, got)
	}
}

func TestPatchesAreToldToTheBot(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		patch obj
		want  []string
	}{
		{"name", obj{"name": "New name"}, []string{"GUILD_UPDATE"}},
		{"a role", obj{"roles": list{obj{"role": "Moderator", "permissions": "8"}}}, []string{"GUILD_UPDATE", "GUILD_ROLE_UPDATE"}},
		{"a new role", obj{"roles": list{obj{"role": "Editor"}}}, []string{"GUILD_UPDATE", "GUILD_ROLE_CREATE"}},
		{"a role away", obj{"roles": list{obj{"role": "Moderator", "delete": true}}}, []string{"GUILD_UPDATE", "GUILD_ROLE_DELETE"}},
		{"a channel", obj{"channels": list{obj{"channel": "digests", "type": 5}}}, []string{"GUILD_UPDATE", "CHANNEL_UPDATE"}},
		{"a new channel", obj{"channels": list{obj{"channel": "news"}}}, []string{"GUILD_UPDATE", "CHANNEL_CREATE"}},
		{"a channel away", obj{"channels": list{obj{"channel": "digests", "delete": true}}}, []string{"GUILD_UPDATE", "CHANNEL_DELETE"}},
		{"the bot away", obj{"bot": false}, []string{"GUILD_UPDATE", "GUILD_DELETE"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStand(t, Options{})
			w, _ := s.connect(intentGuilds)
			w.until("GUILD_CREATE", opDispatch)
			if status, got := s.patched(tt.patch); status != 200 {
				t.Fatalf("%d %v, want 200", status, got)
			}
			for _, want := range tt.want {
				f, err := w.read()
				if err != nil || f["t"] != want {
					t.Fatalf("next event = %v, %v, want %s", f["t"], err, want)
				}
				if d := objectOf(f["d"]); d["id"] == nil && d["guild_id"] == nil {
					t.Errorf("%s = %v, want it to name its server", want, d)
				}
			}
		})
	}
}

func TestNewServers(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	w, _ := s.connect(intentGuilds)
	w.until("GUILD_CREATE", opDispatch)
	for _, tt := range []struct {
		name   string
		status int
	}{
		{"ab", 200}, {"a", 400}, {" a ", 400}, {strings.Repeat("a", 100), 200}, {strings.Repeat("a", 101), 400},
	} {
		status, got := s.send("POST", "/sandbox/guilds", "", obj{"name": tt.name})
		if status != tt.status || status == 400 && got["field"] != "name" {
			t.Errorf("%q: %d %v, want %d", tt.name, status, got, tt.status)
		}
		if status == 200 {
			if d := objectOf(w.until("GUILD_CREATE", opDispatch)["d"]); d["name"] != tt.name || len(listOf(d["channels"])) != 3 {
				t.Errorf("GUILD_CREATE = %v, want %q with its channels", d, tt.name)
			}
		}
	}
}

func TestManyNewServers(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	for count, want := range map[int]int{-1: 400, maxGuilds: 400, 3: 200} {
		status, got := s.send("POST", "/sandbox/guilds", "", obj{"name": "Many", "count": count})
		if status != want || status == 400 && got["field"] != "count" {
			t.Fatalf("%d servers: %d %v, want %d", count, status, got, want)
		}
		if status == 200 && len(listOf(got["guilds"])) != count {
			t.Errorf("got %v, want %d ids", got, count)
		}
	}
	w, ready := s.connect(intentGuilds)
	if n := len(listOf(ready["guilds"])); n != 4 {
		t.Errorf("READY names %d servers, want 4", n)
	}
	var names []string
	for range 4 {
		d := objectOf(w.until("GUILD_CREATE", opDispatch)["d"])
		names = append(names, textOf(d["name"]))
		if len(listOf(d["channels"])) != 3 {
			t.Errorf("%v has %v, want three channels", d["name"], d["channels"])
		}
	}
	if want := "Briefing Room, Many 1, Many 2, Many 3"; strings.Join(names, ", ") != want {
		t.Errorf("got %s, want %s", strings.Join(names, ", "), want)
	}
}

func TestThreadsByControl(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	one := func(pairs ...any) obj { return obj{"channels": list{with(obj{"channel": "Talk"}, pairs...)}} }
	for _, tt := range []struct {
		name  string
		patch obj
		want  int
	}{
		{"under nothing", one("parent", "nowhere"), 400},
		{"locking a channel", obj{"channels": list{obj{"channel": "digests", "locked": true}}}, 400},
		{"putting a channel away", obj{"channels": list{obj{"channel": "digests", "archived": true}}}, 400},
		{"under a channel", one("parent", "digests"), 200},
		{"under itself", obj{"channels": list{obj{"channel": "Deeper", "parent": "Talk"}}}, 400},
		{"with a type", one("type", 5), 400},
		{"with an overwrite", one("overwrites", list{obj{"role": "sitrep", "deny": "1024"}}), 400},
		{"locked and put away", one("locked", true, "archived", true), 200},
	} {
		if status, got := s.patched(tt.patch); status != tt.want {
			t.Errorf("%s: %d %v, want %d", tt.name, status, got, tt.want)
		}
	}
	threads := listOf(s.room()["threads"])
	if len(threads) != 1 {
		t.Fatalf("threads = %v, want one", threads)
	}
	about := objectOf(objectOf(threads[0])["thread_metadata"])
	if about["locked"] != true || about["archived"] != true || objectOf(threads[0])["parent_id"] != s.channelID("digests") {
		t.Errorf("the thread = %v, want it locked and put away under its channel", threads[0])
	}
	s.walk(step{"the bot writes in it", "POST", "/channels/" + textOf(objectOf(threads[0])["id"]) + "/messages", obj{"content": "x"}, 400, 160005})
	if status, got := s.patched(one("locked", false, "archived", false)); status != 200 {
		t.Errorf("opened again: %d %v", status, got)
	}
	s.control("POST", "channels/Talk/messages", obj{"user": "reader", "content": "Hi"})
}
