package sandbox

import "testing"

func TestMembersAndRoles(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	guild := "/guilds/" + s.guildID()
	s.control("PATCH", "guilds/Briefing Room", obj{"roles": list{obj{"role": "Press"}}})
	reader, press, own := s.userID("reader"), s.roleID("Press"), s.roleID("sitrep")
	found := s.walk(
		step{"everybody, without the intent", "GET", guild + "/members", nil, 403, 50001},
		step{"a search for nothing", "GET", guild + "/members/search", nil, 400, 50035},
		step{"a search for 1001", "GET", guild + "/members/search?query=m&limit=1001", nil, 400, 50035},
		step{"a search elsewhere", "GET", "/guilds/1/members/search?query=m", nil, 404, 10004},
		step{"a search", "GET", guild + "/members/search?query=MOD&limit=1000", nil, 200, 0},
	)
	if got := listOf(found["list"]); len(got) != 1 || objectOf(objectOf(got[0])["user"])["username"] != "moderator" {
		t.Errorf("found %v, want the moderator", got)
	}
	given := guild + "/members/" + reader + "/roles/"
	s.walk(
		step{"a role", "GET", guild + "/roles/" + press, nil, 200, 0},
		step{"no role", "GET", guild + "/roles/1", nil, 404, 10011},
		step{"giving without the right", "PUT", given + press, nil, 403, 50013},
	)
	s.grant(manageRoles)
	s.walk(step{"giving a higher role", "PUT", given + press, nil, 403, 50013})
	s.raise("sitrep", 99)
	s.walk(
		step{"giving to nobody", "PUT", guild + "/members/1/roles/" + press, nil, 404, 10007},
		step{"giving nothing", "PUT", given + "1", nil, 404, 10011},
		step{"giving the bot's own", "PUT", given + own, nil, 400, 50028},
		step{"giving everybody's", "PUT", given + s.guildID(), nil, 400, 50028},
		step{"giving", "PUT", given + press, nil, 204, 0},
		step{"giving again", "PUT", given + press, nil, 204, 0},
	)
	got := s.walk(step{"the member", "GET", guild + "/members/" + reader, nil, 200, 0})
	if roles := listOf(got["roles"]); len(roles) != 1 || roles[0] != press {
		t.Errorf("roles = %v, want the one", roles)
	}
	s.walk(step{"taking", "DELETE", given + press, nil, 204, 0})
	got = s.walk(step{"the member", "GET", guild + "/members/" + reader, nil, 200, 0})
	if roles := listOf(got["roles"]); len(roles) != 0 {
		t.Errorf("roles = %v, want none", roles)
	}
}

// raise puts a role elsewhere in the server's order.
func (s *stand) raise(name string, place int) {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	old, err := s.namedGuild("")
	if err != nil {
		s.t.Fatal(err)
	}
	g := *old
	g.Roles = append([]role(nil), old.Roles...)
	r, err := s.namedRole(&g, name)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Position = place
	if err := s.commit(change{Guild: &g}); err != nil {
		s.t.Fatal(err)
	}
}

func TestCommandPermissions(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	path := "/applications/" + s.credentials.ApplicationID + "/guilds/" + s.guildID() + "/commands/"
	got := s.walk(
		step{"of one that nobody set", "GET", path + "1/permissions", nil, 404, 10066},
		step{"by a bot", "PUT", path + "1/permissions", obj{"permissions": list{}}, 403, 20001},
		step{"of all", "GET", path + "permissions", nil, 200, 0},
	)
	if listOf(got["list"]) == nil {
		t.Errorf("permissions = %v, want a list", got)
	}
}
