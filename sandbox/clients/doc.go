// Package clients shows that the sandbox is Discord to those who know only Discord: bots
// on discord.js, disgo and discordgo, which nobody here wrote, log in, register commands,
// answer whatever members do, and live through what Discord does to clients. One walk, in
// the tests, leads each of them through it and checks both ends.
//
// The package has no code of its own, and the bots know nothing of sitrep.
package clients
