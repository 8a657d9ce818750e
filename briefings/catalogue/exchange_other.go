//go:build !linux

package catalogue

// exchange swaps the folders a and b; this system has no step that does both.
func exchange(a, b string) error { return inTwoSteps(a, b) }
