package main_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "sitrep"

// A rule is a row of the architecture's table of folders.
type rule struct {
	ours []string // the folders of ours it may import; "*" is all
	only []string // the libraries it may import, where it is held to few
	why  string
}

// rules holds the table. A folder that isn't in it goes by its parent's row.
func rules() map[string]rule {
	return map[string]rule{
		".":                   {ours: []string{"*"}, why: "main wires every part"},
		"briefings":           {ours: []string{"briefings/search"}, only: []string{"golang.org/x/text"}, why: "the domain knows none of ours but its search, and of libraries only x/text"},
		"briefings/search":    {only: []string{"golang.org/x/text"}, why: "search finds words and knows nothing of what they are about"},
		"briefings/catalogue": {ours: []string{"briefings"}, why: "the catalogue reads and writes the domain"},
		"words":               {why: "words stand alone"},
		"cards":               {ours: []string{"briefings", "words"}, why: "a card knows what it shows and its words, not Discord"},
		"pictures":            {ours: []string{"briefings", "cards", "words"}, why: "a picture knows what it shows and its words, not Discord"},
		"calendar":            {ours: []string{"briefings", "cards"}, why: "a calendar holds the dates that a card shows, and knows nothing of where it goes"},
		"commands":            {ours: []string{"briefings", "briefings/catalogue", "calendar", "cards", "pictures", "words", "digests"}, why: "a handler returns a card and touches neither Discord nor a database"},
		"digests":             {ours: []string{"briefings", "cards", "pictures", "words"}, why: "digests reach the ledger and Discord through ports of their own"},
		"bot":                 {ours: []string{"briefings", "commands", "digests", "cards", "words"}, why: "the bot carries messages and knows neither SQL nor Redis"},
		"store":               {ours: []string{"briefings", "digests"}, why: "the store keeps the domain and knows nothing above it"},
		"store/storetest":     {ours: []string{"briefings", "digests", "testenv"}, why: "the suite judges any store by the ports alone, and alters a schema as a newer release would"},
		"cache":               {ours: []string{"briefings"}, why: "the cache keeps the domain and knows nothing above it"},
		"operator":            {ours: []string{"cards", "words"}, why: "the operator is told by whoever knows Discord and Redis"},
		"metrics":             {only: []string{"github.com/prometheus/client_golang"}, why: "metrics are numbers and know no part they count"},
		"config":              {only: []string{"github.com/caarlos0/env", "github.com/joho/godotenv"}, why: "settings are text and know no part they set"},
		"sandbox":             {why: "the sandbox shares nothing of ours, so that it can't share our mistakes"},
		"sandbox/openapi":     {why: "the checker shares nothing of ours, so that it can't share our mistakes"},
		"scenarios":           {ours: []string{"*"}, why: "scripts may use anything"},
		"testenv":             {why: "test servers know nothing of what is tested"},
	}
}

// owners says which folders alone may use a library, and all below it.
func owners() map[string][]string {
	return map[string][]string{
		"github.com/bwmarrin/discordgo":   {"bot"},
		"database/sql":                    {"store", "store/storetest"},
		"github.com/jackc/pgx":            {"store"},
		"modernc.org/sqlite":              {"store"},
		"github.com/pressly/goose":        {"store"},
		"github.com/redis/go-redis":       {"cache"},
		"github.com/alicebob/miniredis":   {"cache"},
		"github.com/goccy/go-yaml":        {"briefings/catalogue"},
		"github.com/prometheus":           {"metrics"},
		"github.com/robfig/cron":          {"digests"},
		"git.sr.ht/~sbinet/gg":            {"pictures"},
		"golang.org/x/image":              {"pictures"},
		"github.com/arran4/golang-ical":   {"calendar"},
		"github.com/nicksnyder/go-i18n":   {"words"},
		"github.com/caarlos0/env":         {"config"},
		"github.com/joho/godotenv":        {"config"},
		"github.com/santhosh-tekuri":      {"sandbox/openapi"},
		"github.com/klauspost/compress":   {"sandbox"},
		"github.com/rogpeppe/go-internal": {},
		"github.com/google/go-cmp":        {"testenv"},
		"github.com/chromedp":             {},
		"pgregory.net/rapid":              {},
	}
}

// forbidden says why a file may not import what it does, or "".
func forbidden(file, imported string) string {
	folder := path.Dir(file)
	test := strings.HasSuffix(file, "_test.go")
	row, known := rowOf(folder)
	if !known {
		return fmt.Sprintf("%s: folder %s is not in the table of imports_test.go; add it there and to the architecture", file, folder)
	}
	r := rules()[row]
	if target, ours := ourFolder(imported); ours {
		if mayUseOurs(row, r, target, test) {
			return ""
		}
		return fmt.Sprintf("%s imports %s, but %s may import of ours only [%s]: %s", file, imported, row, strings.Join(r.ours, " "), r.why)
	}
	if test {
		return forbiddenInTest(file, row, imported)
	}
	for library, folders := range owners() {
		if below(imported, library) && !slices.Contains(folders, row) {
			return fmt.Sprintf("%s imports %s, which only [%s] may, and test files where a test needs it", file, imported, strings.Join(folders, " "))
		}
	}
	if len(r.only) > 0 && !standard(imported) && !slices.ContainsFunc(r.only, func(l string) bool { return below(imported, l) }) {
		return fmt.Sprintf("%s imports %s, but %s may import of libraries only [%s]: %s", file, imported, row, strings.Join(r.only, " "), r.why)
	}
	return ""
}

// mayUseOurs: a row's own folders always; a test anything, except that what
// must share nothing with us is also tested without us, and main stays main's.
func mayUseOurs(row string, r rule, target string, test bool) bool {
	targetRow, _ := rowOf(target)
	switch {
	case targetRow == row || slices.Contains(r.ours, targetRow):
		return true
	case !test:
		return slices.Contains(r.ours, "*") && !forTestsAlone(targetRow)
	case row == "sandbox" || row == "sandbox/openapi" || row == "testenv":
		return targetRow == "testenv" || below(targetRow, "sandbox")
	default:
		return targetRow != "."
	}
}

func forTestsAlone(row string) bool {
	return row == "testenv" || row == "store/storetest" || row == "sandbox/openapi" || row == "scenarios"
}

// forbiddenInTest keeps Discord's library out of tests that should see only
// messages; the sandbox's tests are clients of it.
func forbiddenInTest(file, row, imported string) string {
	if below(imported, "github.com/bwmarrin/discordgo") && row != "bot" && row != "sandbox" {
		return fmt.Sprintf("%s imports %s, which only bot, and the sandbox's tests as a client, may", file, imported)
	}
	return ""
}

// rowOf finds the row a folder goes by: its own or that of the nearest above.
func rowOf(folder string) (string, bool) {
	all := rules()
	for at := folder; at != "."; at = path.Dir(at) {
		if _, ok := all[at]; ok {
			return at, true
		}
	}
	return ".", folder == "."
}

func ourFolder(imported string) (string, bool) {
	if imported == module {
		return ".", true
	}
	return strings.CutPrefix(imported, module+"/")
}

func below(name, root string) bool { return name == root || strings.HasPrefix(name, root+"/") }

// standard holds of paths whose first part has no dot.
func standard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}

// imports lists what every Go file under root imports, by file.
func imports(root fs.FS) (map[string][]string, error) {
	found := make(map[string][]string)
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if base := entry.Name(); entry.IsDir() {
			if name != "." && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "testdata" || base == "node_modules") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
		if err != nil {
			return err
		}
		found[name] = []string{}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			found[name] = append(found[name], imported)
		}
		return nil
	})
	return found, err
}

func TestImports(t *testing.T) {
	t.Parallel()
	files, err := imports(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	if len(files["imports_test.go"]) == 0 {
		t.Fatal("the search missed this very file")
	}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		for _, imported := range files[file] {
			if fault := forbidden(file, imported); fault != "" {
				t.Error(fault)
			}
		}
	}
}

// TestForbidden shows that the test above can fail, rule by rule.
func TestForbidden(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ file, imported, want string }{
		{"main.go", "sitrep/bot", ""},
		{"main.go", "sitrep/sandbox/control", ""},
		{"main.go", "sitrep/testenv", "main wires"},
		{"main.go", "github.com/bwmarrin/discordgo", "only [bot] may"},
		{"main_test.go", "sitrep/testenv", ""},
		{"briefings/service.go", "time", ""},
		{"briefings/service.go", "golang.org/x/text/cases", ""},
		{"briefings/service.go", "golang.org/x/textual", "of libraries only [golang.org/x/text]"},
		{"briefings/service.go", "sitrep/briefings/catalogue", "none of ours"},
		{"briefings/find.go", "sitrep/briefings/search", ""},
		{"briefings/search/index.go", "sitrep/briefings", "knows nothing of what"},
		{"briefings/service.go", "database/sql", "only [store store/storetest] may"},
		{"briefings/service_test.go", "sitrep/store", ""},
		{"briefings/service_test.go", "pgregory.net/rapid", ""},
		{"briefings/service.go", "pgregory.net/rapid", "test files"},
		{"briefings/catalogue/read.go", "sitrep/briefings", ""},
		{"briefings/catalogue/read.go", "github.com/goccy/go-yaml/ast", ""},
		{"config/config.go", "github.com/goccy/go-yaml", "only [briefings/catalogue] may"},
		{"config/config.go", "github.com/caarlos0/env/v11", ""},
		{"config/config.go", "sitrep/store", "know no part"},
		{"config/config.go", "golang.org/x/sync/errgroup", "of libraries only"},
		{"commands/talks.go", "sitrep/briefings/catalogue", ""},
		{"commands/talks.go", "sitrep/bot", "touches neither Discord"},
		{"commands/talks_test.go", "sitrep/store", ""},
		{"commands/talks_test.go", "github.com/bwmarrin/discordgo", "only bot"},
		{"digests/ledger.go", "github.com/robfig/cron/v3", ""},
		{"bot/cron.go", "github.com/robfig/cron/v3", "only [digests] may"},
		{"bot/gateway.go", "github.com/bwmarrin/discordgo", ""},
		{"bot/gateway.go", "sitrep/store", "neither SQL nor Redis"},
		{"bot/gateway.go", "sitrep/sandbox", "neither SQL nor Redis"},
		{"store/store.go", "github.com/jackc/pgx/v5/stdlib", ""},
		{"store/store.go", "sitrep/store/migrations", ""},
		{"store/store.go", "sitrep/store/storetest", "nothing above it"},
		{"store/store_test.go", "sitrep/store/storetest", ""},
		{"store/migrations/migrations.go", "database/sql/driver", ""},
		{"cache/cache.go", "github.com/redis/go-redis/v9", ""},
		{"cache/cache.go", "sitrep/digests", "nothing above it"},
		{"metrics/metrics.go", "github.com/prometheus/client_golang/prometheus", ""},
		{"metrics/metrics.go", "sitrep/bot", "know no part"},
		{"operator/watch.go", "sitrep/bot", "by whoever knows Discord"},
		{"operator/watch_test.go", "sitrep/cache", ""},
		{"bot/observe.go", "github.com/prometheus/client_golang/prometheus", "only [metrics] may"},
		{"digests/budget.go", "github.com/redis/go-redis/v9", "only [cache] may"},
		{"sandbox/rest.go", "sitrep/briefings", "can't share our mistakes"},
		{"sandbox/rest.go", "sitrep/sandbox/openapi", "can't share our mistakes"},
		{"sandbox/rest_test.go", "sitrep/sandbox/openapi", ""},
		{"sandbox/rest_test.go", "sitrep/testenv", ""},
		{"sandbox/rest_test.go", "sitrep/bot", "can't share our mistakes"},
		{"sandbox/client_test.go", "github.com/bwmarrin/discordgo", ""},
		{"sandbox/rest.go", "github.com/bwmarrin/discordgo", "only [bot] may"},
		{"scenarios/scenarios_test.go", "sitrep/bot", ""},
		{"testenv/redis.go", "sitrep/cache", "nothing of what is tested"},
		{"bot/bot_test.go", "sitrep", "neither SQL nor Redis"},
		{"helpers/helpers.go", "time", "folder helpers is not in the table"},
	} {
		got := forbidden(tt.file, tt.imported)
		if (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
			t.Errorf("forbidden(%s, %s) = %q, want %q in it", tt.file, tt.imported, got, tt.want)
		}
	}
}
