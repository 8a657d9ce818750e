package clients_test

import (
	"testing"

	"sitrep/testenv"
)

func TestDiscordJS(t *testing.T) {
	t.Parallel()
	node := testenv.Node(t, "discordjs/node_modules")
	s := newStand(t)
	s.walk(s.run(node, "discordjs/client.js"))
}
