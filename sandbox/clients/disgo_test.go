package clients_test

import (
	"testing"

	"sitrep/testenv"
)

func TestDisgo(t *testing.T) {
	t.Parallel()
	bot := testenv.GoProgram(t, "disgo")
	s := newStand(t)
	s.walk(s.run(bot))
}
