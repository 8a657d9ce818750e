//go:build long

package digests

import "testing"

func TestEveryZoneAtLength(t *testing.T) {
	t.Parallel()
	walkZones(t, 10, 1995, 2037)
}
