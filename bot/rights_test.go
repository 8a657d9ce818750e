package bot

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sitrep/briefings"
	"sitrep/commands"
)

// person is who an interaction comes from, as the payload tells it, and what
// they may do: where the server chose no moderator role, where it chose 41, and
// where the role that it chose is gone.
type person struct {
	name, json         string
	none, chosen, gone commands.Role
}

func people() []person {
	in := func(name, permissions, roles string, none, chosen, gone commands.Role) person {
		return person{name, fmt.Sprintf(`"guild_id":"31","member":{"user":{"id":"7"},"permissions":%q,"roles":%s}`, permissions, roles), none, chosen, gone}
	}
	const reader, moderator, admin = commands.Reader, commands.Moderator, commands.Admin
	return []person{
		in("a reader", "68608", `[]`, reader, reader, reader),
		in("a member without rights", "0", `[]`, reader, reader, reader),
		in("one whose rights can't be read", "everything", `[]`, reader, reader, reader),
		in("one with rights yet to come", "4503599627370496", `[]`, reader, reader, reader),
		in("one with other roles", "68608", `["4","411","31"]`, reader, reader, reader),
		in("one with the moderator role", "68608", `["4","41"]`, reader, moderator, reader),
		in("who may manage messages", "8192", `["4"]`, moderator, reader, moderator),
		in("who has both", "8192", `["41"]`, moderator, moderator, moderator),
		in("who manages the server", "32", `[]`, admin, admin, admin),
		in("an administrator", "8", `null`, admin, admin, admin),
		{"somebody in a direct message", `"user":{"id":"7","permissions":"8","roles":["41"]}`, reader, reader, reader},
	}
}

// Every command and action is open to those it is declared for, and to no
// others, whatever the server chose.
func TestRolesAreKeptEverywhere(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, role string
		may        func(person) commands.Role
	}{
		{"none chosen", "", func(p person) commands.Role { return p.none }},
		{"one chosen", "41", func(p person) commands.Role { return p.chosen }},
		{"one that is gone", "42", func(p person) commands.Role { return p.gone }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			desk, _ := newDesk(t)
			keepRoles(t, desk, tt.role, tt.may)
		})
	}
}

func keepRoles(t *testing.T, desk commands.Desk, chosen string, may func(person) commands.Role) {
	var mu sync.Mutex
	var answered string
	r := soundless(t, forgetful{}, func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodGet {
			return roleReply(r), nil
		}
		body, err := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		answered += string(body)
		return canned(http.StatusNoContent, ""), err
	})
	log := new(diary)
	r.Set, r.Log, r.Servers = desk.All(), log.logger(), NewServers(r.Discord)
	r.Settings = func(_ context.Context, desk briefings.DeskID) briefings.Settings {
		if desk != "31" {
			t.Errorf("the settings of %s were asked for", desk)
		}
		return briefings.Settings{ModeratorRole: chosen}
	}
	say := r.Book.In("en").Say
	check := func(what string, role commands.Role, who person, data string) {
		t.Helper()
		answered = ""
		raw := fmt.Sprintf(`{"id":"1","token":"t","application_id":"9","channel_id":"5","app_permissions":"68608","locale":"en-US",%s,%s}`, who.json, data)
		r.Handle(t.Context(), []byte(raw))
		refused := false
		for _, phrase := range []string{"role.moderator", "role.chosen", "role.admin"} {
			refused = refused || strings.Contains(answered, say(phrase))
		}
		if want := may(who) < role; refused != want || answered == "" || strings.Contains(answered, say("error.fault")) {
			t.Errorf("%s by %s: got %s, want it refused: %t", what, who.name, answered, want)
		}
	}
	for _, who := range people() {
		for _, c := range r.Set.Commands {
			name, sub, nested := strings.Cut(c.Name, " ")
			options := `[{"name":"at","value":"08:00","type":3},{"name":"item","value":"F5","type":3}]`
			if nested {
				options = fmt.Sprintf(`[{"type":1,"name":%q,"options":%s}]`, sub, options)
			}
			check("/"+c.Name, c.Role, who, fmt.Sprintf(`"type":2,"data":{"name":%q,"options":%s}`, name, options))
		}
		for _, a := range r.Set.Actions {
			for kind, name := range map[int]string{typeComponent: "pressing ", typeModal: "sending "} {
				check(name+a.Name, a.Role, who, fmt.Sprintf(`"type":%d,"data":{"custom_id":"%s:talks","values":["actor/trump"],"components":[]}`, kind, a.Name))
			}
		}
	}
	if log.String() != "" {
		t.Errorf("got the log %s, want nothing", log)
	}
}

// roleReply is Discord's where the server has no role 42.
func roleReply(r *http.Request) *http.Response {
	if strings.HasSuffix(r.URL.Path, "/guilds/31/roles/42") {
		return canned(http.StatusNotFound, `{"message":"Unknown Role","code":10011}`)
	}
	return canned(http.StatusOK, `{}`)
}

// Discord is asked about a role now and then, and never again about one that is
// gone; what it doesn't tell isn't kept.
func TestRoleGoneIsRemembered(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		status int
		body   string
		gone   bool
		fails  bool
		asked  int // of three times, the last one a while later
	}{
		{"there", http.StatusOK, `{}`, false, false, 2},
		{"gone", http.StatusNotFound, `{"code":10011}`, true, false, 1},
		{"the server is gone", http.StatusNotFound, `{"code":10004}`, false, true, 3},
		{"refused", http.StatusForbidden, `{"code":50001}`, false, true, 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				asked := 0
				discord, err := NewDiscord(botToken, transportOver(t, func(*http.Request) (*http.Response, error) {
					asked++
					return canned(tt.status, tt.body), nil
				}))
				if err != nil {
					t.Fatal(err)
				}
				s := NewServers(discord)
				for i := range 3 {
					if i == 2 {
						<-time.After(roleKept)
					}
					if gone, err := s.RoleGone(t.Context(), "31", "42"); gone != tt.gone || (err != nil) != tt.fails {
						t.Errorf("got gone = %t, %v; want %t, an error: %t", gone, err, tt.gone, tt.fails)
					}
				}
				if asked != tt.asked {
					t.Errorf("Discord was asked %d times, want %d", asked, tt.asked)
				}
			})
		})
	}
}

// A channel is a moderator's where they manage messages, or where they moderate
// by a role and may write.
func TestModeratesIn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, chosen, roles, permissions string
		want                             bool
	}{
		{"manages messages there", "", `[]`, "8192", true},
		{"doesn't", "", `[]`, "3072", false},
		{"an admin", "41", `[]`, "32", true},
		{"by role, and may write there", "41", `["41"]`, "3072", true},
		{"by role, and may only look", "41", `["41"]`, "1024", false},
		{"by role, and can't see it", "41", `["41"]`, "2048", false},
		{"without the role", "41", `["40"]`, "3072", false},
	} {
		raw := fmt.Sprintf(`{"id":"1","token":"t","guild_id":"31","member":{"user":{"id":"2"},"permissions":"0","roles":%s},
			"data":{"resolved":{"channels":{"5":{"permissions":%q}},"roles":{"41":{"name":"x"}}}}}`, tt.roles, tt.permissions)
		in := parsed(t, []byte(raw))
		in.settings.ModeratorRole = tt.chosen
		who := in.caller()
		if got := !who.Channels["5"].Closed; got != tt.want || len(who.NamedRoles) != 1 {
			t.Errorf("%s: moderates there = %t, with roles %v; want %t and the one named", tt.name, got, who.NamedRoles, tt.want)
		}
	}
}
