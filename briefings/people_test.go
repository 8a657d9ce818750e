package briefings_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sitrep/briefings"
)

// people is a desk of actors with these names; the first of each is the name,
// the others are aliases.
func people(names ...[]string) *briefings.Snapshot {
	var revs []briefings.Revision
	for i, n := range names {
		a := &briefings.Actor{Name: n[0], Aliases: n[1:], Is: briefings.Person}
		a.ID, a.Refs = briefings.ID(fmt.Sprintf("actor/a%d", i+1)), []string{fmt.Sprintf("A%d", i+1)}
		revs = append(revs, briefings.Revision{Rev: 1, Item: a})
	}
	return briefings.Compile("1", nil, revs)
}

func cast() *briefings.Snapshot {
	return people(
		[]string{"Volodymyr Zelenskyy", "Zelensky", "Zelenskiy", "Володимир Зеленський", "Владимир Зеленский"},
		[]string{"Denys Shmyhal", "Денис Шмигаль"},
		[]string{"Steve Witkoff"},
		[]string{"Jürgen Müller-Öst"},
		[]string{"Alan An", "אלן"},
		[]string{"Anatol Berg"},
		[]string{"NATO"},
		[]string{"Nat"},
	)
}

func names(actors []*briefings.Actor) string {
	var all []string
	for _, a := range actors {
		all = append(all, a.Name)
	}
	return strings.Join(all, ", ")
}

func TestFindActors(t *testing.T) {
	t.Parallel()
	snap := cast()
	for _, tt := range []struct{ query, want string }{
		{"zelensky", "Volodymyr Zelenskyy"},
		{"ZELENSKYY", "Volodymyr Zelenskyy"},
		{"Зеленський", "Volodymyr Zelenskyy"},
		{"зеленский", "Volodymyr Zelenskyy"},
		{"зелен", "Volodymyr Zelenskyy"},
		{"Zelenskj", "Volodymyr Zelenskyy"},         // one typo
		{"Zlenesky", "Volodymyr Zelenskyy"},         // two swaps
		{"Шмигль", "Denys Shmyhal"},                 // a typo in Cyrillic
		{"muller", "Jürgen Müller-Öst"},             // accents don't matter
		{"Jurgen Mueller Ost", "Jürgen Müller-Öst"}, // nor does one letter
		{"ost", "Jürgen Müller-Öst"},                // a word behind a hyphen
		{"אלן", "Alan An"},                          // right to left
		{"\u202e\u200fאלן\u202c", "Alan An"},        // with marks that steer the screen
		{"an", "Alan An, Anatol Berg"},              // a whole word goes before a start
		{"nat", "Nat, NATO"},                        // and so does a whole name
		{"A3", "Steve Witkoff"},                     // by label
		{"actor/a3", "Steve Witkoff"},               // by id
		{"  steve\t witkoff  ", "Steve Witkoff"},    // blanks don't matter
		{"xyzzyx", ""},                              // nobody
		{strings.Repeat("zelensky", 125), ""},       // 1,000 characters
		{strings.Repeat("Ж", 1000), ""},             // and as many of two bytes
		{strings.Repeat("an ", 500), "Alan An, Volodymyr Zelenskyy, Denys Shmyhal, Steve Witkoff, Jürgen Müller-Öst, Anatol Berg, NATO, Nat"}, // and in many words, the last of them cut to "a", as all labels begin
		{"SteveWitkoff", "Steve Witkoff"}, // a blank was missed
		{"%_'\"; DROP TABLE actors", ""},  // nothing is a pattern
	} {
		if got := names(snap.FindActors(tt.query, 10)); got != tt.want {
			t.Errorf("FindActors(%.40q) = %q, want %q", tt.query, got, tt.want)
		}
	}
	all := names(briefings.All[*briefings.Actor](snap))
	for _, query := range []string{"", " ", "\t\n", "?!…", "\u202e"} {
		if got := names(snap.FindActors(query, 100)); got != all {
			t.Errorf("FindActors(%q) = %q, want everybody in label order", query, got)
		}
	}
	for _, most := range []int{0, 1, 3} {
		if got := len(snap.FindActors("", most)); got != most {
			t.Errorf("%d actors where at most %d were asked for", got, most)
		}
		if got := len(snap.FindActors("a", most)); got > most {
			t.Errorf("%d fitting actors where at most %d were asked for", got, most)
		}
	}
}

func TestActor(t *testing.T) {
	t.Parallel()
	snap := cast()
	for _, tt := range []struct{ query, found, nearest string }{
		{"Zelensky", "Volodymyr Zelenskyy", ""},
		{"володимир ЗЕЛЕНСЬКИЙ", "Volodymyr Zelenskyy", ""},
		{"a1", "Volodymyr Zelenskyy", ""},
		{"actor/a1", "Volodymyr Zelenskyy", ""},
		{"Zelenskj", "", "Volodymyr Zelenskyy"},
		{"Wittkoff", "", "Steve Witkoff"},
		{"steve", "", "Steve Witkoff"},
		{"nat", "Nat", ""},
		{"xyzzyx", "", ""},
		{"", "", ""},
		{"?!…", "", ""},
		{"\u202e\u202e", "", ""},
		{strings.Repeat("zelensky ", 111), "", "Volodymyr Zelenskyy"},
	} {
		found, nearest := snap.Actor(tt.query)
		var got [2]string
		if found != nil {
			got[0] = found.Name
		}
		if nearest != nil {
			got[1] = nearest.Name
		}
		if got != [2]string{tt.found, tt.nearest} {
			t.Errorf("Actor(%.40q) = %q, want %q and %q", tt.query, got, tt.found, tt.nearest)
		}
	}
}

// TestEverybodyIsFoundByEveryName takes names, upper-cased and with one letter
// lost, from random desks.
func TestEverybodyIsFoundByEveryName(t *testing.T) {
	t.Parallel()
	// some letters, such as ь, fold away
	word := rapid.StringMatching(`[A-ZÀ-ÝА-Я][a-zà-ýа-я]{4,9}`).Filter(func(s string) bool { return len([]rune(briefings.Fold(s))) >= 5 })
	rapid.Check(t, func(t *rapid.T) {
		var all [][]string
		for range rapid.IntRange(1, 6).Draw(t, "people") {
			n := word.Draw(t, "given") + " " + word.Draw(t, "family")
			all = append(all, []string{n, word.Draw(t, "alias")})
		}
		snap := people(all...)
		for i, a := range briefings.All[*briefings.Actor](snap) {
			for _, name := range []string{a.Name, strings.ToUpper(a.Name), " " + a.Aliases[0] + "!", string(a.ID), a.Ref()} {
				if found := snap.FindActors(name, 10); !slices.Contains(found, a) {
					t.Errorf("%q does not find %q (%d)", name, a.Name, i)
				}
			}
			letters := []rune(a.Name)
			at := rapid.IntRange(0, len(letters)-1).Draw(t, "lost")
			if found := snap.FindActors(string(slices.Delete(letters, at, at+1)), 10); !slices.Contains(found, a) {
				t.Errorf("%q without letter %d does not find them", a.Name, at)
			}
		}
	})
}

// crowd is a desk of 300 people with ten spellings each.
func crowd() *briefings.Snapshot {
	var all [][]string
	for i := range 300 {
		n := []string{fmt.Sprintf("Person %c%c Number-%d", 'A'+i%26, 'a'+i/26, i)}
		for j := range 10 {
			n = append(n, fmt.Sprintf("Особа %c Число-%d-%d", 'А'+i%32, i, j))
		}
		all = append(all, n)
	}
	return people(all...)
}

func TestFindActorsIsQuickForAnyQuery(t *testing.T) {
	snap := crowd()
	for _, query := range []string{"person", "Особа Ч", strings.Repeat("a", 100), strings.Repeat("Ж ", 50), strings.Repeat("x", 1_000_000), "numbre 299"} {
		began := time.Now()
		snap.FindActors(query, 25)
		if took := time.Since(began); took > time.Second {
			t.Errorf("%.20q took %s among 3,300 names, want far under a second", query, took)
		}
	}
}

func BenchmarkFindActors(b *testing.B) {
	snap := crowd()
	for _, query := range []string{"person", "numbre 299", "особа", "nobody at all"} {
		b.Run(query, func(b *testing.B) {
			for b.Loop() {
				snap.FindActors(query, 25)
			}
		})
	}
}
