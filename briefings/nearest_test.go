package briefings

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ s, want string }{
		{"", ""},
		{"Zelenskyy", "zelenskyy"},
		{"  Müller-Öst,  Jürgen! ", "muller ost jurgen"},
		{"ЗЕЛЕНСЬКИЙ", "зеленскии"}, // as in Russian
		{"Зеленский", "зеленскии"},
		{"E\u0301lite", "elite"},
		{"F10", "f10"},
		{"…?!", ""},
		{"\u202eabc\u202c", "abc"},
		{"a\x00b\xffc", "a b c"},
		{"北京", "北京"},
		{"أحمد", "احمد"},
	} {
		if got := Fold(tt.s); got != tt.want {
			t.Errorf("Fold(%q) = %q, want %q", tt.s, got, tt.want)
		}
	}
}

func TestFoldProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		once := Fold(s)
		if twice := Fold(once); twice != once {
			t.Errorf("folded twice %q becomes %q, once %q", s, twice, once)
		}
		if strings.TrimSpace(once) != once || strings.Contains(once, "  ") {
			t.Errorf("Fold(%q) = %q, which has blanks to spare", s, once)
		}
		if padded := Fold(" -" + s + "!\n"); padded != once {
			t.Errorf("with punctuation around it %q becomes %q, want %q", s, padded, once)
		}
	})
}

func TestDistance(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		a, b       string
		most, want int
	}{
		{"", "", 9, 0},
		{"", "abc", 9, 3},
		{"kitten", "sitting", 9, 3},
		{"ab", "ba", 9, 1},          // a swap counts one
		{"abcd", "badc", 9, 2},      // two of them
		{"ca", "abc", 9, 3},         // letters between swapped ones can't be changed
		{"зелен", "зелин", 9, 1},    // letters, not bytes
		{"kitten", "sitting", 2, 2}, // no more than asked for
		{"a", "abcdefgh", 3, 3},
	} {
		if got := distance(tt.a, tt.b, tt.most); got != tt.want {
			t.Errorf("distance(%q, %q, %d) = %d, want %d", tt.a, tt.b, tt.most, got, tt.want)
		}
	}
}

func distance(a, b string, most int) int { return newPattern(a).distance(b, most) }

// table is distance as it is defined: by the table of the distances between
// all beginnings of a and b.
func table(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		for j := range rows[i] {
			switch {
			case i == 0 || j == 0:
				rows[i][j] = i + j
				continue
			case x[i-1] == y[j-1]:
				rows[i][j] = rows[i-1][j-1]
			default:
				rows[i][j] = 1 + min(rows[i-1][j-1], rows[i-1][j], rows[i][j-1])
			}
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}

func TestDistanceIsThatOfTheTable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.StringMatching(`[abcж]{0,64}`).Draw(t, "a"), rapid.StringMatching(`[abcж]{0,80}`).Draw(t, "b")
		if got, want := distance(a, b, 1000), table(a, b); got != want {
			t.Errorf("%q and %q are %d apart, want %d", a, b, got, want)
		}
	})
}

func TestDistanceProperties(t *testing.T) {
	t.Parallel()
	const most = 1000
	word := rapid.StringMatching(`[abcж]{0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		d := distance(a, b, most)
		if back := distance(b, a, most); back != d {
			t.Errorf("%q to %q is %d, and back %d", a, b, d, back)
		}
		if (d == 0) != (a == b) {
			t.Errorf("%q and %q are %d apart", a, b, d)
		}
		if longer := max(len([]rune(a)), len([]rune(b))); d > longer {
			t.Errorf("%q and %q are %d apart, more than they have letters", a, b, d)
		}
		bound := rapid.IntRange(1, 10).Draw(t, "bound")
		if got := distance(a, b, bound); got != min(d, bound) {
			t.Errorf("%q and %q are %d apart, at most %d: got %d", a, b, d, bound, got)
		}
		letters := []rune(a)
		if len(letters) > 1 {
			i := rapid.IntRange(0, len(letters)-2).Draw(t, "swap")
			want := btoi(letters[i] != letters[i+1])
			letters[i], letters[i+1] = letters[i+1], letters[i]
			if got := distance(a, string(letters), most); got != want {
				t.Errorf("%q with letters swapped at %d is %d away, want %d", a, i, got, want)
			}
		}
	})
}

func TestNearest(t *testing.T) {
	t.Parallel()
	all := []string{"claimed", "confirmed", "disputed", "contradicted", "up_to", "F10", "зелений"}
	for _, tt := range []struct{ s, want string }{
		{"claimd", "claimed"},
		{"Claimed", "claimed"},
		{"up-to", "up_to"},
		{"upto", "up_to"},
		{"contradcited", "contradicted"},
		{"Зелёный", "зелений"},
		{"f1O", "F10"},
		{"F99", ""},
		{"", ""},
		{"?", ""},
		{"nothing alike", ""},
		{strings.Repeat("claimed", 1000), ""},
	} {
		if got := Nearest(tt.s, all); got != tt.want {
			t.Errorf("Nearest(%.20q) = %q, want %q", tt.s, got, tt.want)
		}
	}
	if got := Nearest("claimed", []string(nil)); got != "" {
		t.Errorf("Nearest of none = %q", got)
	}
}
