package briefings_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"sitrep/briefings"
)

// spoken is a catalogue with a section and a question in Ukrainian, an actor in
// two languages, and figures and a conflict in English alone.
func spoken(tb testing.TB) *briefings.Snapshot {
	tb.Helper()
	all := items(tb)
	all[0].Head().Translations = map[string]map[string]string{"uk": {"title": "Війна", "bluf": "Вона триває."}, "de": {"title": "Der Krieg"}}
	all[5].Head().Translations = map[string]map[string]string{"uk": {"question": "Що далі?", "text": "Про що Q1."}}
	all[6].Head().Translations = map[string]map[string]string{"uk": {"text": "Два числа."}}
	all = append(all, &briefings.Actor{
		Envelope: briefings.Envelope{
			ID: "actor/a", Refs: []string{"A1"}, Text: "A minister.", Sources: []briefings.Citation{{Source: "source/paper"}},
			Translations: map[string]map[string]string{"uk": {"name": "Ганна"}, "fr": {"name": "Anne"}},
		},
		Name: "Hanna", Is: briefings.Person, Aliases: []string{"Ania"},
	})
	if faults := briefings.Check(all, begin()); len(faults) > 0 {
		tb.Fatal(faults)
	}
	revs := make([]briefings.Revision, len(all))
	for i, item := range all {
		revs[i] = briefings.Revision{Rev: 1, Item: item, Op: briefings.OpCreate, RecordedAt: begin()}
	}
	return briefings.Compile(briefings.Catalogue, nil, revs)
}

func TestInShowsTranslations(t *testing.T) {
	t.Parallel()
	snap := spoken(t)
	for _, tt := range []struct{ tag, section, bluf, question, conflict, actor, figure string }{
		{"uk", "Війна", "Вона триває.", "Що далі?", "Два числа.", "Ганна", "What F1 says."},
		{"de", "Der Krieg", "It goes on.", "What comes next?", "What C1 says.", "Hanna", "What F1 says."},
		{"fr", "War", "It goes on.", "What comes next?", "What C1 says.", "Anne", "What F1 says."},
		{"en", "War", "It goes on.", "What comes next?", "What C1 says.", "Hanna", "What F1 says."},
		{"", "War", "It goes on.", "What comes next?", "What C1 says.", "Hanna", "What F1 says."},
		{"tlh", "War", "It goes on.", "What comes next?", "What C1 says.", "Hanna", "What F1 says."},
	} {
		v := snap.In(tt.tag)
		s := v.Section("war")
		got := fmt.Sprint(s.Title, "|", s.Bluf, "|", v.Name("question/next"), "|", v.Conflicts("figure/one")[0].Text, "|", v.ByRef("a1").(*briefings.Actor).Name, "|", v.Item("figure/one").Head().Text)
		want := fmt.Sprint(tt.section, "|", tt.bluf, "|", tt.question, "|", tt.conflict, "|", tt.actor, "|", tt.figure)
		if got != want {
			t.Errorf("in %q: got %s, want %s", tt.tag, got, want)
		}
		if v.Items()[0] != v.Item(v.Items()[0].Head().ID) || len(v.Items()) != len(snap.Items()) {
			t.Errorf("in %q: the list of items and the items differ", tt.tag)
		}
	}
	if got := snap.In("uk").In("fr").Name("actor/a"); got != "Anne" {
		t.Errorf("French of the Ukrainian view calls her %s, want Anne", got)
	}
	if got := snap.Section("war").Title; got != "War" {
		t.Errorf("after reading it in other languages the recorded title is %q, want War", got)
	}
}

// What is told of the past and of changes is told of the recorded texts.
func TestViewsKeepTheRecord(t *testing.T) {
	t.Parallel()
	snap := spoken(t)
	uk := snap.In("uk")
	if got := uk.Version("section/war", 1).(*briefings.Section).Title; got != "War" {
		t.Errorf("the recorded title is %q, want War", got)
	}
	if got := uk.History("section/war"); len(got) != 1 || got[0].Item != snap.Item("section/war") {
		t.Errorf("got the history %v, want the one revision as recorded", got)
	}
	if got := briefings.Diff(snap, uk); len(got) != 0 {
		t.Errorf("a view differs from its snapshot in %v", got)
	}
	for name, then := range map[string]*briefings.Snapshot{
		"Known": uk.Known(begin().Add(time.Hour)), "At": uk.At(1), "ValidAt": uk.ValidAt(begin()), "In": uk.In("en"),
	} {
		if got := then.Section("war").Title; got != "War" {
			t.Errorf("%s of a view shows %q, want the recorded War", name, got)
		}
	}
	own := briefings.Compile("1001", snap, nil).In("uk")
	if own.Desk != "1001" || own.Section("war").Title != "Війна" {
		t.Errorf("a desk that changed nothing is %s with %q, want 1001 with Війна", own.Desk, own.Section("war").Title)
	}
}

// Whatever the reader's language, every language finds, and what is found is
// shown in the reader's.
func TestEveryLanguageFinds(t *testing.T) {
	t.Parallel()
	snap := spoken(t)
	for tag, shown := range map[string]string{"uk": "Ганна", "fr": "Anne", "de": "Hanna", "en": "Hanna"} {
		v := snap.In(tag)
		for _, typed := range []string{"Ганна", "Anne", "Hanna", "Ania", "A1"} {
			if found, nearest := v.Actor(typed); found == nil || found.Name != shown {
				t.Errorf("in %s: %s finds %v, nearest %v; want %s", tag, typed, found, nearest, shown)
			}
		}
		if hits := v.Search(briefings.Query{Text: "Hanna"}).Hits; len(hits) == 0 || hits[0].Item != v.Item("actor/a") {
			t.Errorf("in %s: searching finds %v, want the actor as this language shows it", tag, hits)
		}
		if got := v.Suggest("Вій", 1, nil); len(got) != 1 || got[0] != v.Item("section/war") {
			t.Errorf("in %s: completing finds %v, want the section as this language shows it", tag, got)
		}
	}
	if got, want := fmt.Sprint(snap.In("de").Names("section/war")), "[War Війна Der Krieg]"; got != want {
		t.Errorf("the section is called %s, want %s", got, want)
	}
	if got := snap.Names("figure/one"); got != nil {
		t.Errorf("a figure is called %v, want nothing", got)
	}
	if got := snap.Names("actor/nobody"); got != nil {
		t.Errorf("nobody is called %v, want nothing", got)
	}
}

func TestUntranslated(t *testing.T) {
	t.Parallel()
	snap := spoken(t)
	for _, tt := range []struct {
		id   briefings.ID
		tag  string
		want bool
	}{
		{"section/war", "uk", false},
		{"section/war", "de", true},
		{"section/war", "fr", true},
		{"section/war", "en", false},
		{"question/next", "uk", false},
		{"actor/a", "uk", true},
		{"figure/one", "uk", true},
		{"figure/one", "tlh", false},
	} {
		for _, v := range []*briefings.Snapshot{snap, snap.In(tt.tag)} {
			if got := v.Untranslated(tt.id, tt.tag); got != tt.want {
				t.Errorf("%s lacks something in %s: %t, want %t", tt.id, tt.tag, got, tt.want)
			}
		}
	}
}

func TestCommandIn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ title, want string }{
		{"Мирні переговори", "мирні-переговори"},
		{"L’énergie : l’hiver", "l-énergie-l-hiver"},
		{"", "war"},
		{"—", "war"},
		{"Ein sehr langer Titel, den kein Befehl tragen kann", "war"},
	} {
		s := &briefings.Section{Command: "war"}
		s.Translations = map[string]map[string]string{"uk": {"title": tt.title}}
		if got := s.CommandIn("uk"); got != tt.want {
			t.Errorf("%q is called /%s, want /%s", tt.title, got, tt.want)
		}
		if got := s.CommandIn("en"); got != "war" {
			t.Errorf("%q is called /%s in English, want /war", tt.title, got)
		}
	}
}

// TestViewsAreSafeForConcurrentUse is for the race detector, and for views
// being made once.
func TestViewsAreSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	snap := spoken(t)
	sections := make([]*briefings.Section, 8)
	var all sync.WaitGroup
	for i := range sections {
		all.Go(func() { sections[i] = snap.In("uk").Section("war") })
	}
	all.Wait()
	for _, s := range sections {
		if s != sections[0] {
			t.Fatal("two readers of one language got two copies")
		}
	}
}
