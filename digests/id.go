package digests

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
	"time"
)

// NewID returns a new subscription id: 13 random characters of Crockford's
// base 32.
func NewID() string {
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	id := make([]byte, 13)
	_, _ = rand.Read(id) // it never fails, it ends the program
	for i, b := range id {
		id[i] = alphabet[b&31]
	}
	return string(id)
}

// slotID is the delivery id: 20 characters, the same on every copy and after
// every restart.
func slotID(subscription string, local time.Time, again bool) string {
	name := subscription + " " + local.Format("2006-01-02T15:04")
	if again {
		name += " again"
	}
	return deliveryID(name)
}

// correctionID is the delivery id of the reply that tells of the corrections
// which the desk's revision rev made to a slot's message.
func correctionID(slot string, rev int) string {
	return deliveryID(fmt.Sprintf("%s corrected %d", slot, rev))
}

func deliveryID(name string) string {
	sum := sha256.Sum256([]byte(name))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:12]))
}
