//go:build !race

package briefings_test

// underRace tells that the race detector is off.
const underRace = false
