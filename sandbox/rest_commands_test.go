package sandbox

import (
	"fmt"
	"slices"
	"testing"
)

func guildCommandsPath(s *stand) string {
	return "/applications/" + s.credentials.ApplicationID + "/guilds/" + s.guildID() + "/commands"
}

func namesOf(v any) []string {
	names := []string{}
	for _, one := range listOf(v) {
		names = append(names, textOf(objectOf(one)["name"]))
	}
	return names
}

func TestCommandRoutes(t *testing.T) {
	t.Parallel()
	for _, scope := range []struct {
		name string
		path func(*stand) string
	}{{"global", commandsPath}, {"of one server", guildCommandsPath}} {
		t.Run(scope.name, func(t *testing.T) {
			t.Parallel()
			s := newStand(t, Options{Limits: unlimited()})
			path := scope.path(s)
			status, first := s.bot("POST", path, slash("talks"))
			if status != 201 {
				t.Fatalf("first POST = %d %v, want 201", status, first)
			}
			one := path + "/" + textOf(first["id"])
			status, second := s.bot("POST", path, obj{"name": "talks", "description": "Other words"})
			if status != 200 || second["id"] != first["id"] || second["version"] == first["version"] {
				t.Errorf("second POST = %d %v, want the same id and a new version", status, second)
			}
			_, third := s.bot("POST", path, obj{"name": "talks", "description": "Other words"})
			if third["version"] != second["version"] {
				t.Errorf("third POST = %v, want the version of the second, since nothing changed", third)
			}
			if status, got := s.bot("GET", one, nil); status != 200 || got["description"] != "Other words" {
				t.Errorf("GET = %d %v, want the command", status, got)
			}
			if status, got := s.bot("PATCH", one, obj{"description": "Third"}); status != 200 || got["description"] != "Third" || got["name"] != "talks" {
				t.Errorf("PATCH = %d %v, want a new description", status, got)
			}
			if status, got := s.bot("PATCH", one, obj{"name": "speech", "type": 3}); status != 200 || got["name"] != "speech" || intOf(got["type"]) != commandChat {
				t.Errorf("PATCH of name and type = %d %v, want the name changed alone", status, got)
			}
			s.bot("POST", path, slash("energy"))
			if status, got := s.bot("PATCH", one, obj{"name": "energy"}); status != 400 || fmt.Sprint(faultsOf(got)) != "[name APPLICATION_COMMANDS_DUPLICATE_NAME]" {
				t.Errorf("PATCH to a name that is taken = %d %v, want it refused", status, got)
			}
			if status, got := s.bot("PATCH", one, obj{"description": ""}); status != 400 || fmt.Sprint(faultsOf(got)) != "[description BASE_TYPE_REQUIRED]" {
				t.Errorf("PATCH without a description = %d %v, want it refused", status, got)
			}
			if _, got := s.bot("GET", path, nil); fmt.Sprint(namesOf(got["list"])) != "[speech energy]" {
				t.Errorf("GET = %v, want both", got)
			}
			for i, want := range []int{204, 404} {
				if status, got := s.bot("DELETE", one, nil); status != want {
					t.Errorf("DELETE %d = %d %v, want %d", i, status, got, want)
				}
			}
			if status, got := s.bot("PUT", path, list{}); status != 200 || len(listOf(got["list"])) != 0 {
				t.Errorf("PUT of nothing = %d %v, want nothing left", status, got)
			}
		})
	}
}

func TestBulkCommands(t *testing.T) {
	t.Parallel()
	menus := func(typ, n int) list {
		return many(n, func(i int) any { return obj{"type": typ, "name": fmt.Sprint("Menu ", i)} })
	}
	slashes := func(n int) list { return many(n, func(i int) any { return slash(fmt.Sprint("c", i)) }) }
	for _, tt := range []struct {
		name   string
		body   any
		status int
		code   int
		faults string
	}{
		{"100 commands", slashes(100), 200, 0, "[]"},
		{"101 commands", slashes(101), 400, 30032, "[]"},
		{"15 menus of users", menus(commandUser, 15), 200, 0, "[]"},
		{"16 menus of users", menus(commandUser, 16), 400, 30032, "[]"},
		{"15 menus of messages", menus(commandMessage, 15), 200, 0, "[]"},
		{"1 entry point", list{obj{"type": commandEntry, "name": "launch"}}, 200, 0, "[]"},
		{"2 entry points", list{obj{"type": commandEntry, "name": "launch"}, obj{"type": commandEntry, "name": "again"}}, 400, 30032, "[]"},
		{"16 menus of messages", menus(commandMessage, 16), 400, 30032, "[]"},
		{"all there may be", slices.Concat(slashes(100), menus(commandUser, 15), menus(commandMessage, 15)), 200, 0, "[]"},
		{"a name twice", list{slash("a"), slash("a")}, 400, 50035, "[1.name APPLICATION_COMMANDS_DUPLICATE_NAME]"},
		{"a name of two types", list{obj{"type": 2, "name": "a"}, obj{"type": 3, "name": "a"}, slash("a")}, 200, 0, "[]"},
		{"two faulty ones", list{slash("A"), slash("B")}, 400, 50035, "[0.name APPLICATION_COMMAND_INVALID_NAME 1.name APPLICATION_COMMAND_INVALID_NAME]"},
		{"one that isn't a list", slash("a"), 400, 50035, "[ LIST_TYPE_CONVERT]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStand(t, Options{Limits: unlimited()})
			s.register(slash("before"))
			status, got := s.bot("PUT", commandsPath(s), tt.body)
			if status != tt.status || codeOf(got) != tt.code || fmt.Sprint(faultsOf(got)) != tt.faults {
				t.Errorf("%d %v, want %d with code %d for %s", status, got, tt.status, tt.code, tt.faults)
			}
			_, after := s.bot("GET", commandsPath(s), nil)
			if kept := slices.Equal(namesOf(after["list"]), []string{"before"}); kept != (tt.status != 200) {
				t.Errorf("afterwards there are %v", namesOf(after["list"]))
			}
		})
	}
}

func TestCommandsAreCountedOneByOne(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	s.register(many100()...)
	if status, got := s.bot("POST", commandsPath(s), slash("one-more")); status != 400 || codeOf(got) != 30032 {
		t.Errorf("the 101st = %d %v, want 30032", status, got)
	}
	if status, got := s.bot("POST", commandsPath(s), slash("c1")); status != 200 {
		t.Errorf("one of the hundred again = %d %v, want 200", status, got)
	}
	if status, got := s.bot("POST", guildCommandsPath(s), slash("one-more")); status != 201 {
		t.Errorf("one of a server beside them = %d %v, want 201", status, got)
	}
}

func many100() []map[string]any {
	var out []map[string]any
	for i := range 100 {
		out = append(out, slash(fmt.Sprint("c", i)))
	}
	return out
}

func TestDailyCreates(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	path := commandsPath(s)
	for i := range maxDailyCreates / 100 {
		body := many(100, func(j int) any { return slash(fmt.Sprint("day", i, "-", j)) })
		if status, got := s.bot("PUT", path, body); status != 200 {
			t.Fatalf("hundred %d = %d %v, want 200", i, status, got)
		}
	}
	last := slash("day1-0")
	for _, tt := range []struct {
		name   string
		path   string
		body   obj
		status int
		code   int
	}{
		{"one that is there", path, last, 200, 0},
		{"one more", path, slash("more"), 400, 30032},
		{"one more of a server", guildCommandsPath(s), slash("more"), 201, 0},
	} {
		if status, got := s.bot("POST", tt.path, tt.body); status != tt.status || codeOf(got) != tt.code {
			t.Errorf("%s = %d %v, want %d with code %d", tt.name, status, got, tt.status, tt.code)
		}
	}
	s.bot("PUT", path, list{last})
	if status, got := s.bot("POST", path, slash("more")); status != 400 || codeOf(got) != 30034 {
		t.Errorf("the 201st of a day = %d %v, want 30034", status, got)
	}
	s.mu.Lock()
	w := s.creates[""]
	w.reset = s.started
	s.creates[""] = w
	s.mu.Unlock()
	if status, got := s.bot("POST", path, slash("more")); status != 201 {
		t.Errorf("the first of the next day = %d %v, want 201", status, got)
	}
}

func TestTranslationsAreToldWhenAsked(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	choice := obj{"name": "Kyiv", "name_localizations": obj{"uk": "Київ"}, "value": "ua"}
	s.register(obj{
		"name": "talks", "name_localizations": obj{"uk": "розмови"}, "description": "d", "description_localizations": obj{"uk": "о"},
		"options": list{plainOption(optionText, "name_localizations", obj{"uk": "про"}, "choices", list{choice})},
	})
	for query, want := range map[string]bool{"": false, "?with_localizations=false": false, "?with_localizations=true": true} {
		_, got := s.bot("GET", commandsPath(s)+query, nil)
		cmd := objectOf(listOf(got["list"])[0])
		option := objectOf(listOf(cmd["options"])[0])
		for name, at := range map[string]obj{"command": cmd, "option": option, "choice": objectOf(listOf(option["choices"])[0])} {
			if told := at["name_localizations"] != nil; told != want {
				t.Errorf("GET %s tells the %s's translations: %t, want %t", query, name, told, want)
			}
		}
	}
	_, one := s.bot("GET", commandsPath(s), nil)
	id := textOf(objectOf(listOf(one["list"])[0])["id"])
	if _, got := s.bot("GET", commandsPath(s)+"/"+id, nil); objectOf(got["name_localizations"])["uk"] != "розмови" {
		t.Errorf("GET of one = %v, want its translations", got)
	}
}

func TestCommandsHaveTheirDefaults(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	_, global := s.bot("POST", commandsPath(s), with(slash("a"), "default_member_permissions", 8192))
	_, local := s.bot("POST", guildCommandsPath(s), slash("a"))
	for name, tt := range map[string]struct {
		got  any
		want string
	}{
		"type":                   {global["type"], "1"},
		"permissions":            {global["default_member_permissions"], "8192"},
		"no permissions":         {local["default_member_permissions"], "<nil>"},
		"private messages":       {global["dm_permission"], "true"},
		"integration":            {global["integration_types"], "[0]"},
		"integration of servers": {local["integration_types"], "<nil>"},
		"the server":             {local["guild_id"], s.guildID()},
		"no server":              {global["guild_id"], "<nil>"},
		"the application":        {global["application_id"], s.credentials.ApplicationID},
	} {
		if got := fmt.Sprint(tt.got); got != tt.want {
			t.Errorf("%s = %s, want %s", name, got, tt.want)
		}
	}
}
