// Package bot is sitrep's only contact with Discord: it receives interactions,
// decodes them into the requests of package commands, sees to roles, deadlines
// and repeats, renders cards as Components V2, registers the slash commands and
// posts digests.
//
// A gateway yields raw interactions; [Router] answers them over REST. What is
// said is decided elsewhere, in packages commands, cards and digests.
package bot
