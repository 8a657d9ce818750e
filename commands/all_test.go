package commands

import (
	"fmt"
	"strings"
	"testing"

	"sitrep/briefings"
)

// A section may not take the name of one of sitrep's own commands: the two
// would become one.
func TestOwnCommandsAreReserved(t *testing.T) {
	t.Parallel()
	own := Desk{Briefings: briefings.NewService(nil, nil, briefings.Loaded{}, nil, nil)}
	commands := own.All().Commands
	if len(commands) == 0 {
		t.Fatal("there are no commands, so nothing was checked")
	}
	for _, c := range commands {
		if c.Menu {
			continue // under its own sort of names
		}
		name, _, _ := strings.Cut(c.Name, " ")
		s := &briefings.Section{Command: name, Title: "T", Bluf: "B."}
		s.ID, s.Refs = "section/x", []string{"S1"}
		said := fmt.Sprint(briefings.Check([]briefings.Item{s}, newRig(t).now))
		if !strings.Contains(said, "is a command of sitrep itself") {
			t.Errorf("a section may take /%s: %s", name, said)
		}
	}
}
