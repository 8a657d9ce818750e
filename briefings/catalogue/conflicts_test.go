package catalogue

import (
	"fmt"
	"strings"
	"testing"

	"sitrep/briefings"
)

// What the article says against itself is a conflict of two items or more, or,
// where there is only one to warn of, that item's caveat.
func TestBundledConflicts(t *testing.T) {
	t.Parallel()
	b := readBundled(t)
	caveats := map[string]bool{}
	for _, ref := range strings.Fields("C6 C9 C17 C18 C19 C20 C21 C22 C23 C25 C26") {
		caveats[ref] = true
	}
	for i := range 26 {
		ref := fmt.Sprintf("C%d", i+1)
		x, conflict := b.byRef[ref].(*briefings.Conflict)
		switch {
		case conflict == caveats[ref]:
			t.Errorf("%s is a %T, want a conflict: %t", ref, b.byRef[ref], !caveats[ref])
		case !conflict && b.byRef[ref].Head().Caveat == "":
			t.Errorf("%s is %s, which warns of nothing", ref, b.byRef[ref].Head().ID)
		case conflict && (len(x.Members) < 2 || (x.State == briefings.OpenConflict) != (x.Rationale == "")):
			t.Errorf("%s holds %v, is %s because of %q; want two members, and a reason unless it is open", ref, x.Members, x.State, x.Rationale)
		}
	}
}

// The article doesn't date these; that others do is no part of the briefing.
func TestBundledKeepsToTheArticlesDates(t *testing.T) {
	t.Parallel()
	b := readBundled(t)
	for _, ref := range strings.Fields("E1 E2 E6 E7 E8 E9 E10 E11 E12 E13 E14 E15 E21 E22 E26") {
		if e := at[*briefings.Event](t, b, ref); !e.Valid.IsZero() {
			t.Errorf("%s is dated %s, want it undated", ref, e.Valid)
		}
	}
	for _, ref := range strings.Fields("S2 S3 S4 S5 S6 S7 S8 S9 S10 S11 S12 S13 S15 S16 S17 S18") {
		if s := at[*briefings.Statement](t, b, ref); !s.SaidOn.IsZero() {
			t.Errorf("%s was said on %s, want it undated", ref, s.SaidOn)
		}
	}
}
