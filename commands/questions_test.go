package commands

import (
	"fmt"
	"testing"
)

// Thirty questions about the article, each with the command that answers it and
// the words that the answer must hold.
func TestQuestionsOfReaders(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for i, tt := range []struct {
		question, command string
		in                Input
		want              []string
	}{
		{"What is all this about?", "brief", nil, []string{"PEACE TALKS", "ENERGY WAR", "DAVOS", "/talks", "rev 1"}},
		{"What is new in the talks?", "talks", nil, []string{"Miami", "closed doors", "E17", "Outcome not reported"}},
		{"Was Russia in the room?", "talks", nil, []string{"Russia was not in the room"}},
		{"Who sat at the table?", "actors", nil, []string{"Who sat at the table", "Budanov", "Umerov", "Arakhamia", "Witkoff", "Kushner", "Driscoll"}},
		{"Who is Jared Kushner?", "actors", Input{"name": "kushner"}, []string{"Jared Kushner", "A3"}},
		{"Хто такий Зеленський?", "actors", Input{"name": "Зеленський"}, []string{"Volodymyr Zelenskyy", "A5"}},
		{"Who speaks for the Kremlin?", "actors", Input{"name": "Peskov"}, []string{"Dmitry Peskov", "Kremlin spokesman"}},
		{"How bad is the energy war?", "energy", nil, []string{"612", "deteriorated"}},
		{"Which number of attacks may I quote, and who says so?", "item", Input{"ref": "F5"}, []string{"612", "claimed by Denys Shmyhal", "SRC1", "F6"}},
		{"How many attacks, in Ukrainian words for the figure?", "item", Input{"ref": "f5"}, []string{"612"}},
		{"Did Russian strikes cut the power in Zaporizhzhia?", "item", Input{"ref": "F2"}, []string{"386", "occupied"}},
		{"How cold is it?", "figures", Input{"section": "energy"}, []string{"−18", "−10", "⚠"}},
		{"How big is the recovery plan?", "recovery", nil, []string{"$800 bn", "8000"}},
		{"Is it 800 or 8,000 billion?", "item", Input{"ref": "F9"}, []string{"8000", "preferred", "slip"}},
		{"What is the 20-point plan?", "plan", nil, []string{"20", "28"}},
		{"What does Moscow say about the plan?", "positions", Input{"issue": "20-point plan"}, []string{"Russia", "no comment", "P16"}},
		{"Who would give up land?", "positions", Input{"issue": "territory"}, []string{"Ukraine", "against", "Kyiv refuses to give up land"}},
		{"Who says that Washington wants Donbas handed over?", "item", Input{"ref": "P2"}, []string{"Nobody is named"}},
		{"Where is the widest gap?", "positions", nil, []string{"Widest gap: Cede territory", "Against: Ukraine"}},
		{"Does Europe say anything?", "positions", Input{"issue": "security guarantees"}, []string{"Europe", "not stated"}},
		{"Who would chair the peace commission?", "plan", nil, []string{"commission"}},
		{"When is Davos?", "dates", nil, []string{"day 3 of 5", "19–23 Jan 2026*", "announced"}},
		{"Will something be signed there?", "item", Input{"ref": "D6"}, []string{"conditional", "the US agrees"}},
		{"What happened before?", "timeline", nil, []string{"Nov 2025", "28-point plan", "17 Jan 2026", "newest last"}},
		{"What happened in January?", "timeline", Input{"from": "2026-01"}, []string{"17 Jan 2026", "Miami"}},
		{"Who is blocking?", "claims", nil, []string{"Who is blocking?", "Trump", "Zelenskyy", "unresolved"}},
		{"What did Trump say?", "claims", Input{"speaker": "trump"}, []string{"Donald Trump", "Putin", "disputed"}},
		{"What should I watch?", "watch", nil, []string{"17 open questions", "look for", "Davos"}},
		{"Where does all this come from?", "sources", nil, []string{"SRC1", "Financial Times", "Reuters", "reliability F"}},
		{"What do the signs mean?", "help", Input{"topic": "legend"}, []string{"● claimed", "✓ confirmed", "likelihood", "F10"}},
	} {
		t.Run(fmt.Sprintf("%02d", i+1), func(t *testing.T) {
			t.Parallel()
			got := r.ask(member(), tt.command, tt.in)
			if got.say != "" {
				t.Fatalf("%s /%s %v: %s", tt.question, tt.command, tt.in, got.say)
			}
			holds(t, fmt.Sprintf("%s /%s %v", tt.question, tt.command, tt.in), got.text, tt.want...)
		})
	}
}
