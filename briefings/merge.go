package briefings

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
)

// Merge is theirs with what mine changed of base, all three versions of one
// item, and the names of the fields that both changed, differently; of those it
// has mine. base is nil where the item was not there before.
func Merge(base, mine, theirs Item) (merged Item, contested []string, err error) {
	if base == nil {
		base = NewItem(mine.Head().ID.Kind())
	}
	if merged, err = Clone(theirs); err != nil {
		return nil, nil, err
	}
	own, err := Clone(mine) // whose parts merged may keep
	if err != nil {
		return nil, nil, err
	}
	was, now, into := Fields(base), Fields(own), Fields(merged)
	for i := range was {
		before, mine, theirs, err := written(was[i], now[i], into[i])
		if err != nil {
			return nil, nil, err
		}
		if bytes.Equal(before, mine) || bytes.Equal(mine, theirs) {
			continue
		}
		if !bytes.Equal(before, theirs) {
			contested = append(contested, was[i].Name)
		}
		reflect.ValueOf(into[i].Ptr).Elem().Set(reflect.ValueOf(now[i].Ptr).Elem())
	}
	return merged, contested, nil
}

// written are three values of one field in the form in which they are compared.
func written(a, b, c Field) (x, y, z []byte, err error) {
	all := [3][]byte{}
	for i, f := range []Field{a, b, c} {
		if all[i], err = json.Marshal(f.Ptr); err != nil {
			return nil, nil, nil, fmt.Errorf("briefings: merge %s: %w", f.Name, err)
		}
	}
	return all[0], all[1], all[2], nil
}
