package briefings

// Toward returns the changes that make s say what items do, by op what is there
// already, and leaves alone what items don't name. What was retracted and reads
// as it did is restored. Of two equal ids both are changes, which [Service.Publish]
// refuses.
func (s *Snapshot) Toward(items []Item, op Op, reason string) ([]Change, error) {
	var changes []Change
	for _, item := range items {
		was := s.Revision(item.Head().ID)
		equal, err := was.says(item)
		if err != nil {
			return nil, err
		}
		c := Change{Item: item, Op: op, Reason: reason, Seen: was.Rev}
		switch gone := was.Op == OpRetract; {
		case was.Rev == 0:
			c.Op = OpCreate
		case gone && equal:
			c.Op = OpRestore
		case equal:
			continue
		}
		changes = append(changes, c)
	}
	return changes, nil
}

// says reports whether r, which may be none, holds item as it is.
func (r Revision) says(item Item) (bool, error) {
	if r.Rev == 0 {
		return false, nil
	}
	return Equal(r.Item, item)
}

// Since parts items, which somebody made from s as it stood at rev, from what
// happened to s meanwhile: touched are those that they changed themselves, and
// of these overtaken those that s has changed too. The others say what s did
// then, and take nothing back.
func (s *Snapshot) Since(rev int, items []Item) (touched, overtaken []Item, err error) {
	for _, item := range items {
		id := item.Head().ID
		if was := s.Version(id, rev); was != nil {
			equal, err := Equal(was, item)
			if err != nil {
				return nil, nil, err
			}
			if equal {
				continue
			}
		}
		now := s.Revision(id)
		same, err := now.says(item)
		if err != nil {
			return nil, nil, err
		}
		touched = append(touched, item)
		if now.Rev > rev && !same {
			overtaken = append(overtaken, item)
		}
	}
	return touched, overtaken, nil
}
