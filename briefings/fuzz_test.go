package briefings

import (
	"bytes"
	"encoding/json"
	"testing"
)

// FuzzParseItem reads what a database, a cache or a backup may hold of an item.
// What is read writes itself as something that is read as the same.
func FuzzParseItem(f *testing.F) {
	for _, kind := range Kinds() {
		item := NewItem(kind)
		item.Head().ID = ID(string(kind) + "/seed")
		written, err := json.Marshal(item)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(written)
	}
	f.Add([]byte(`{"id":"figure/x","value":"1","citations":[{"source":"source/a","credibility":2}]}`))
	f.Add([]byte(`{"id":"event/x","when":"2026-01-20/..","refs":["E1",""]}`))
	f.Add([]byte(`{"id":"../x"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		item, err := ParseItem(data)
		if err != nil {
			return
		}
		if item.Head().ID.Kind() == "" || NewItem(item.Head().ID.Kind()) == nil {
			t.Errorf("%q: got an item of the kind %q", data, item.Head().ID.Kind())
		}
		written, err := json.Marshal(item)
		if err != nil {
			return // it holds what no item may, which the record refuses
		}
		again, err := ParseItem(written)
		if err != nil {
			return // it lacks a choice, such as an attribution, which the record refuses too
		}
		if twice, err := json.Marshal(again); err != nil || !bytes.Equal(twice, written) {
			t.Errorf("%q writes\n%s, and that\n%s, %v", data, written, twice, err)
		}
	})
}

// FuzzDecodeLog reads what Redis may hold of a desk: the revisions, in order, or
// nothing.
func FuzzDecodeLog(f *testing.F) {
	for _, revs := range [][]int{nil, {1}, {1, 2, 2}, {2, 1}, {0}} {
		form := cachedForm{Format: cachedFormat, Own: []cachedRevision{}}
		for _, rev := range revs {
			form.Own = append(form.Own, cachedRevision{Revision: Revision{Rev: rev, Op: OpAmend}, Item: json.RawMessage(`{"id":"figure/x"}`)})
		}
		data, err := json.Marshal(form)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"Format":2,"own":[null]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		own, _, err := decodeLog(data)
		if err != nil {
			if len(own) > 0 {
				t.Errorf("%q: refused, and %d revisions taken", data, len(own))
			}
			return
		}
		for i, r := range own {
			if r.Item == nil || r.Rev < 1 || i > 0 && r.Rev < own[i-1].Rev {
				t.Errorf("%q: got revision %d of %v", data, r.Rev, r.Item)
			}
		}
	})
}
