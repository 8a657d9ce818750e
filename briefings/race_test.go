//go:build race

package briefings_test

// underRace tells that the race detector is on, which takes many times as long.
const underRace = true
