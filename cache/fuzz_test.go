package cache

import (
	"bytes"
	"testing"

	"sitrep/briefings"
)

// FuzzUnpack has Redis hold anything. What is read of it is bounded, and packs
// into what reads as the same.
func FuzzUnpack(f *testing.F) {
	for _, compiled := range []string{"", "{}", string(bytes.Repeat([]byte("x"), 100_000))} {
		packed, err := pack(7, []byte(compiled))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(packed)
	}
	f.Add([]byte("-1\n"))
	f.Add([]byte("99999999999999999999\n\x1f\x8b"))
	f.Fuzz(func(t *testing.T, packed []byte) {
		compiled, err := unpack(packed)
		if err != nil {
			return
		}
		if len(compiled) > mostCompiled {
			t.Errorf("%d bytes unpack into %d", len(packed), len(compiled))
		}
		again, err := pack(7, compiled)
		if err != nil {
			t.Fatalf("%d bytes can't be packed again: %v", len(compiled), err)
		}
		if twice, err := unpack(again); err != nil || !bytes.Equal(twice, compiled) {
			t.Errorf("what was packed again unpacks into %d bytes, %v, want %d", len(twice), err, len(compiled))
		}
	})
}

// FuzzMessage publishes anything on the channel of changes.
func FuzzMessage(f *testing.F) {
	for _, payload := range []string{"1 1001", "0 catalogue", "-1 x", " ", "1", "99999999999999999999 x", "+3 x"} {
		f.Add(payload)
	}
	f.Fuzz(func(t *testing.T, payload string) {
		desk, rev, ok := parseMessage(payload)
		if !ok {
			if desk != "" || rev != 0 {
				t.Errorf("%q is refused as %q %d", payload, desk, rev)
			}
			return
		}
		again, revAgain, ok := parseMessage(message(desk, rev))
		if !ok || again != desk || revAgain != rev || len(desk) > 64 || desk == briefings.DeskID("") {
			t.Errorf("%q is desk %q at %d, and that desk %q at %d", payload, desk, rev, again, revAgain)
		}
	})
}
