package digests

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
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
	sum := sha256.Sum256([]byte(name))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:12]))
}
