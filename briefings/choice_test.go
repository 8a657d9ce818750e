package briefings

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestChoices(t *testing.T) {
	t.Parallel()
	tryChoice(t, "type of actor", "person, state, body, party, military, organisation, media, group, proposed, unnamed",
		Person, StateActor, BodyActor, PartyActor, MilitaryActor, OrganisationActor, MediaActor, GroupActor, ProposedActor, Unnamed)
	tryChoice(t, "subject of a conflict", "value, attribution, stance, wording, timing, identity",
		ValueConflict, AttributionConflict, StanceConflict, WordingConflict, TimingConflict, IdentityConflict)
	tryChoice(t, "state of a conflict", "open, preferred, both_true, explained", OpenConflict, Preferred, BothTrue, Explained)
	tryChoice(t, "type of event", "meeting, strike, outage, supply, statement, report, decision, appointment, background, gathering",
		MeetingEvent, StrikeEvent, OutageEvent, SupplyEvent, StatementEvent, ReportEvent, DecisionEvent, AppointmentEvent, BackgroundEvent, GatheringEvent)
	tryChoice(t, "state of happening", "yes, no, ongoing, scheduled, cancelled, moved, unknown", Yes, No, Ongoing, Scheduled, Cancelled, Moved, Unknown)
	tryChoice(t, "certainty", "fixed, announced, expected, conditional, inferred", Fixed, Announced, Expected, Conditional, InferredDate)
	tryChoice(t, "qualifier", "exact, about, at_least, more_than, at_most, up_to, share, several",
		Exact, About, AtLeast, MoreThan, AtMost, UpTo, Share, Several)
	tryChoice(t, "reliability", "A, B, C, D, E, F", GradeA, GradeB, GradeC, GradeD, GradeE, GradeF)
	tryChoice(t, "source role", "primary, relays, background", Primary, Relays, Background)
	tryChoice(t, "origin", "stated, derived, inferred, external", Stated, Derived, Inferred, External)
	tryChoice(t, "status", "claimed, confirmed, disputed, contradicted", Claimed, Confirmed, Disputed, Contradicted)
	tryChoice(t, "confidence", "high, moderate, low", HighConfidence, ModerateConfidence, LowConfidence)
	tryChoice(t, "likelihood", "remote, very unlikely, unlikely, roughly even, likely, very likely, almost certain",
		Remote, VeryUnlikely, Unlikely, RoughlyEven, Likely, VeryLikely, AlmostCertain)
	tryChoice(t, "status of a plan", "concept, draft, negotiating, agreed, signed, dead", ConceptPlan, DraftPlan, NegotiatingPlan, AgreedPlan, SignedPlan, DeadPlan)
	tryChoice(t, "stance", "supports, conditional, opposes, ambivalent, no_comment, not_stated, other",
		Supports, ConditionalStance, Opposes, Ambivalent, NoComment, NotStated, OtherStance)
	tryChoice(t, "state of a question", "open, answered, moot", OpenQuestion, Answered, Moot)
	tryChoice(t, "trend", "deteriorated, unchanged, improved", Deteriorated, Unchanged, Improved)
	tryChoice(t, "attribution", "confirmed, reported, unidentified, unattributed", AttributionConfirmed, Reported, Unidentified, Unattributed)
	tryChoice(t, "truth", "not_checkable, opinion, forecast, claimed, confirmed, disputed, contradicted, superseded",
		NotCheckable, Opinion, Forecast, ClaimedTruth, ConfirmedTruth, DisputedTruth, ContradictedTruth, Superseded)
}

// tryChoice checks that constants are all there are, in the order of words,
// and that nothing else is read, printed or kept.
func tryChoice[L lexicon](t *testing.T, what, words string, constants ...Choice[L]) {
	t.Helper()
	list := strings.Split(words, ", ")
	if len(list) != len(constants) {
		t.Errorf("%s: %d constants for %d words", what, len(constants), len(list))
	}
	for i, c := range constants {
		text, err := json.Marshal(c)
		if want := `"` + list[i] + `"`; err != nil || string(text) != want || c.String() != list[i] {
			t.Errorf("%s %d is %s, as JSON %s, %v; want %s", what, c, c, text, err, want)
		}
		var again Choice[L]
		if err := json.Unmarshal(text, &again); err != nil || again != c {
			t.Errorf("%s: %s is read as %s, %v", what, text, again, err)
		}
	}
	var none Choice[L]
	if text, err := none.MarshalText(); err != nil || len(text) > 0 || none.String() != "" {
		t.Errorf("%s: nothing chosen is %q, %v", what, text, err)
	}
	beyond := Choice[L](len(list) + 1)
	if text, err := beyond.MarshalText(); err == nil || beyond.String() != fmt.Sprintf("%d, which is none of them", len(list)+1) {
		t.Errorf("%s: %d is %q, kept as %q; want an error", what, len(list)+1, beyond, text)
	}
	for _, wrong := range []string{"x", "", list[0] + "|" + list[1], " " + list[0]} {
		if err := none.UnmarshalText([]byte(wrong)); err == nil || !strings.HasPrefix(err.Error(), fmt.Sprintf("%q is no %s; choose one of %s", wrong, what, words)) || none != 0 {
			t.Errorf("%s: UnmarshalText(%q) = %v and set %q", what, wrong, err, none)
		}
	}
}

func TestChoiceSuggests(t *testing.T) {
	t.Parallel()
	var l Likelihood
	const want = `"very likly" is no likelihood; choose one of remote, very unlikely, unlikely, roughly even, likely, very likely, almost certain; did you mean "very likely"?`
	if err := l.UnmarshalText([]byte("very likly")); err == nil || err.Error() != want || l != 0 {
		t.Errorf("UnmarshalText set %q and gave %v, want nothing and the error %s", l, err, want)
	}
	if err := l.UnmarshalText([]byte(strings.Repeat("x", 1000))); err == nil || len(err.Error()) > 300 {
		t.Errorf("UnmarshalText of a long word = %v, want a short error", err)
	}
}

func TestOpWords(t *testing.T) {
	t.Parallel()
	for _, want := range []Op{OpCreate, OpAmend, OpCorrect, OpConfirm, OpRetract, OpRestore} {
		var op Op
		if err := op.UnmarshalText([]byte(want)); err != nil || op != want {
			t.Errorf("UnmarshalText(%q) = %q, %v", want, op, err)
		}
	}
	var op Op
	const want = `"x" is no kind of change; choose one of create, amend, correct, confirm, retract, restore`
	if err := op.UnmarshalText([]byte("x")); err == nil || err.Error() != want {
		t.Errorf("UnmarshalText(x) = %v, want the error %s", err, want)
	}
}
