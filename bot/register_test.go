package bot

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"sitrep/commands"
	"sitrep/sandbox/openapi"
	"sitrep/testenv"
)

func TestRegisterSendsOnlyChanges(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	desk, _ := newDesk(t)
	discord, app, w := s.discord(), s.box.Credentials().ApplicationID, desk.Book
	set := desk.All()
	without := commands.Set{Commands: slices.DeleteFunc(slices.Clone(set.Commands), func(c commands.Command) bool { return c.Name == "digest list" })}
	turned := commands.Set{Commands: slices.Clone(set.Commands)}
	last := len(turned.Commands) - 1
	turned.Commands[0], turned.Commands[last] = turned.Commands[last], turned.Commands[0]
	for i, tt := range []struct {
		name string
		set  commands.Set
		puts int // so far
	}{
		{"nothing is registered yet", set, 1},
		{"the same again", set, 1},
		{"a subcommand less", without, 2},
		{"the same again, less", without, 2},
		{"the subcommand is back", set, 3},
		{"none", commands.Set{}, 4},
		{"still none", commands.Set{}, 4},
		{"all", turned, 5},
		{"all in the usual order", set, 5},
	} {
		if err := Register(t.Context(), discord, app, tt.set, w); err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if got := len(s.requests(http.MethodPut, "/commands")); got != tt.puts {
			t.Errorf("step %d, %s: got %d registrations so far, want %d", i, tt.name, got, tt.puts)
		}
	}
	registered, err := discord.Commands(t.Context(), app, "")
	if want := len(define(desk.All(), w)); err != nil || len(registered) != want {
		t.Errorf("got %d commands registered, %v; want %d", len(registered), err, want)
	}
}

func TestRegisterNoticesEveryDifference(t *testing.T) {
	t.Parallel()
	desk, _ := newDesk(t)
	want := define(desk.All(), desk.Book)
	bits := "0"
	for _, tt := range []struct {
		name   string
		change func(*definition)
	}{
		{"description", func(d *definition) { d.Description += "." }},
		{"type", func(d *definition) { d.Type = 2 }},
		{"who may use it", func(d *definition) { d.DefaultMemberPermissions = &bits }},
		{"where", func(d *definition) { d.Contexts = []int{2} }},
		{"how it is installed", func(d *definition) { d.IntegrationTypes = append(d.IntegrationTypes, 2) }},
		{"an option less", func(d *definition) { d.Options = d.Options[1:] }},
		{"an option's description", func(d *definition) { d.Options[0].Description = "x" }},
		{"an option is required", func(d *definition) { d.Options[0].Required = !d.Options[0].Required }},
		{"an option completes", func(d *definition) { d.Options[0].Autocomplete = !d.Options[0].Autocomplete }},
		{"an option's length", func(d *definition) { d.Options[0].MaxLength++ }},
		{"its name in a language", func(d *definition) { d.Names["uk"] += "-2" }},
		{"a language less", func(d *definition) { delete(d.Descriptions, "fr") }},
		{"an option's name in a language", func(d *definition) { d.Options[0].Names["de"] += "-2" }},
		{"an option's choices", func(d *definition) { d.Options[0].Choices = []choice{{Name: "a", Value: "b"}} }},
	} {
		for i := range want {
			if strings.Contains(tt.name, "option") && len(want[i].Options) == 0 {
				continue
			}
			var have []definition
			if err := json.Unmarshal(rendered(t, want), &have); err != nil {
				t.Fatal(err)
			}
			if !same(have, want) {
				t.Fatal("what comes back as it was sent counts as changed")
			}
			if want[i].Type == 3 && (strings.Contains(tt.name, "option") || tt.name == "a language less") {
				continue // the menu of a message has neither options nor descriptions
			}
			tt.change(&have[i])
			if same(have, want) {
				t.Errorf("/%s, %s: the difference isn't noticed", want[i].Name, tt.name)
			}
		}
	}
}

// Discord promises no order of its list.
func TestRegisterTakesAnyOrder(t *testing.T) {
	t.Parallel()
	desk, _ := newDesk(t)
	set, w := desk.All(), desk.Book
	have := define(set, w)
	slices.Reverse(have)
	list := rendered(t, have)
	discord := discordAt(t, func(rw http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			t.Errorf("got %s %s, want nothing sent", r.Method, r.URL.Path)
		}
		reply(rw, http.StatusOK, string(list))
	})
	if err := Register(t.Context(), discord, "9", set, w); err != nil {
		t.Error(err)
	}
}

func TestRegisterReportsFaults(t *testing.T) {
	t.Parallel()
	w := book(t)
	set := commands.Set{Commands: []commands.Command{{Name: "talks", About: "command.share"}}}
	for _, tt := range []struct {
		name, have string
		put        int
		want       string
	}{
		{"the list is no list", `{}`, 200, "list commands"},
		{"a command is none", `[7]`, 200, "read registered command"},
		{"refused", `[]`, 400, "register commands"},
	} {
		discord := discordAt(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPut {
				reply(w, tt.put, `{"code":50035,"message":"Invalid Form Body"}`)
				return
			}
			reply(w, http.StatusOK, tt.have)
		})
		if err := Register(t.Context(), discord, "9", set, w); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got error %v, want one with %q", tt.name, err, tt.want)
		}
	}
}

func TestDefinitionsKeepTheRules(t *testing.T) {
	t.Parallel()
	desk, _ := newDesk(t)
	all := define(desk.All(), desk.Book)
	if err := openapi.CheckCommands(rendered(t, all)); err != nil {
		t.Error(err)
	}
	for _, d := range all {
		wantContexts, wantTypes, wantBits := "[0 1 2]", "[0 1]", "everybody"
		switch d.Name {
		case "desk", "digest":
			wantContexts, wantTypes, wantBits = "[0]", "[0]", "8192"
		case commands.MenuBrief: // for whom there is a desk to suggest to
			wantContexts, wantTypes = "[0]", "[0]"
		}
		bits := "everybody"
		if d.DefaultMemberPermissions != nil {
			bits = *d.DefaultMemberPermissions
		}
		if got := fmt.Sprint(d.Contexts); got != wantContexts || bits != wantBits || fmt.Sprint(d.IntegrationTypes) != wantTypes {
			t.Errorf("/%s: got contexts %s for %s, installed as %v; want %s for %s, as %s", d.Name, got, bits, d.IntegrationTypes, wantContexts, wantBits, wantTypes)
		}
		if !slices.IsSortedFunc(all, func(a, b definition) int { return strings.Compare(a.Name, b.Name) }) {
			t.Error("the commands are in no order")
		}
	}
}

func TestDefinitionsKeepTheDescription(t *testing.T) {
	t.Parallel()
	description, err := openapi.Load(testenv.OpenAPI(t))
	if err != nil {
		t.Fatal(err)
	}
	desk, _ := newDesk(t)
	if err := description.CheckRequest("PUT", "/applications/1/commands", rendered(t, define(desk.All(), desk.Book))); err != nil {
		t.Error(err)
	}
}

func TestDefinitionsSpeakEveryLanguage(t *testing.T) {
	t.Parallel()
	desk, _ := newDesk(t)
	byName := map[string]definition{}
	locales := []string{"de", "en-GB", "en-US", "fr", "uk"}
	var walk func(path string, d definition)
	walk = func(path string, d definition) {
		byName[path] = d
		all := map[string]localised{"name": d.Names, "description": d.Descriptions}
		if d.Type == 3 {
			delete(all, "description") // which Discord takes none of
		}
		for what, texts := range all {
			if got := slices.Sorted(maps.Keys(texts)); !slices.Equal(got, locales) {
				t.Errorf("%s: its %s is there in %v, want %v", path, what, got, locales)
			}
		}
		if d.Names["en-US"] != d.Name || d.Descriptions["en-GB"] != d.Description {
			t.Errorf("%s: English readers see %q, %q; want the defaults", path, d.Names["en-US"], d.Descriptions["en-GB"])
		}
		for _, c := range d.Choices {
			if len(c.Names) != len(locales) || c.Names["en-US"] != c.Name {
				t.Errorf("%s %s: got the names %v", path, c.Value, c.Names)
			}
		}
		for _, o := range d.Options {
			walk(path+" "+o.Name, o)
		}
	}
	for _, d := range define(desk.All(), desk.Book) {
		walk(d.Name, d)
	}
	for path, want := range map[string]localised{
		"talks": {"uk": "мирні-переговори", "de": "friedensgespräche", "fr": "pourparlers-de-paix"},
		"brief": {"uk": "огляд", "de": "überblick", "fr": "synthèse"}, "digest add": {"uk": "додати", "de": "hinzufügen", "fr": "ajouter"},
		"figures status": {"uk": "статус", "de": "status", "fr": "statut"},
	} {
		for locale, name := range want {
			if got := byName[path].Names[locale]; got != name {
				t.Errorf("%s is called %q in %s, want %q", path, got, locale, name)
			}
		}
	}
	if got, want := byName["figures status"].Choices[1].Names["uk"], "підтверджено"; got != want {
		t.Errorf("confirmed is offered as %q in Ukrainian, want %q", got, want)
	}
	if got, want := byName["talks"].Descriptions["fr"], "Pourparlers de paix\u00a0: où en sont les choses, avec les sources"; got != want {
		t.Errorf("/talks is described as %q in French, want %q", got, want)
	}
}

// Two siblings of one name would make Discord refuse all commands.
func TestSiblingsStayApart(t *testing.T) {
	t.Parallel()
	siblings := []definition{
		{Name: "item", Names: localised{"uk": "запис", "de": "eintrag"}},
		{Name: "log", Names: localised{"uk": "запис", "de": "item"}},
		{Name: "talks", Names: localised{"uk": "talks", "de": "log"}},
	}
	unalike(siblings)
	for i, want := range []string{"map[de:eintrag uk:запис]", "map[]", "map[uk:talks]"} {
		if got := fmt.Sprint(map[string]string(siblings[i].Names)); got != want {
			t.Errorf("%s is called %s, want %s", siblings[i].Name, got, want)
		}
	}
}
