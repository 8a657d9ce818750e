//go:build !race

package catalogue

// underRace tells that the race detector is on, which takes many times the memory.
const underRace = false
