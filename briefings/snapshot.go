package briefings

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Snapshot is the compiled view of one desk at one revision. It never
// changes once made and is safe for concurrent use.
type Snapshot struct {
	Desk       DeskID
	Rev        int
	RecordedAt time.Time // when Rev was recorded

	items     map[ID]entry
	byRef     map[string]ID
	ordered   []Item
	conflicts map[ID][]*Conflict // by member
	own       []Revision         // what the desk changed, oldest first
	base      *Snapshot          // what it changed, nil for the catalogue
	finder    func() *finder     // the index, compiled when it is first searched
}

// entry is an item with the revision that brought it.
type entry struct {
	item    Item
	rev     Revision
	retired bool
}

// Compile makes the snapshot of desk from base, which may be nil, and the
// desk's own revisions, oldest first. The revisions are kept, not copied.
func Compile(desk DeskID, base *Snapshot, own []Revision) *Snapshot {
	if base != nil && len(own) == 0 {
		shared := *base // a desk that changed nothing costs a few words
		shared.Desk, shared.own, shared.base = desk, nil, base
		return &shared
	}
	s := &Snapshot{Desk: desk, own: own, base: base, items: map[ID]entry{}, byRef: map[string]ID{}, conflicts: map[ID][]*Conflict{}}
	if base != nil {
		s.Rev, s.RecordedAt = base.Rev, base.RecordedAt
		for id, e := range base.items {
			s.items[id] = e
		}
	}
	for _, r := range own {
		s.items[r.Item.Head().ID] = entry{item: r.Item, rev: r, retired: r.Op == OpRetract}
		if r.Rev >= s.Rev {
			s.Rev, s.RecordedAt = r.Rev, r.RecordedAt
		}
	}
	s.index()
	return s
}

func (s *Snapshot) index() {
	s.finder = sync.OnceValue(func() *finder { return newFinder(s) })
	for id, e := range s.items {
		if e.retired {
			continue // its labels are free for others
		}
		s.ordered = append(s.ordered, e.item)
		for _, ref := range e.item.Head().Refs {
			s.byRef[strings.ToUpper(ref)] = id
		}
	}
	slices.SortFunc(s.ordered, func(a, b Item) int { return byRef(a.Head().Ref(), b.Head().Ref()) })
	for _, item := range s.ordered {
		if x, ok := item.(*Conflict); ok {
			for _, m := range x.Members {
				s.conflicts[m] = append(s.conflicts[m], x)
			}
		}
	}
}

// byRef orders labels by their letters, then by their number: F2 before F10.
func byRef(a, b string) int {
	x, y := strings.TrimRight(a, "0123456789"), strings.TrimRight(b, "0123456789")
	if x != y {
		return strings.Compare(x, y)
	}
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

// Own returns the desk's own revisions, oldest first; they must not be changed.
func (s *Snapshot) Own() []Revision { return s.own }

// Items returns every item that is not retracted, by label.
func (s *Snapshot) Items() []Item { return s.ordered }

// Item returns the item with id, nil where there is none or it is retracted.
func (s *Snapshot) Item(id ID) Item {
	if e := s.items[id]; !e.retired {
		return e.item
	}
	return nil
}

// ItemRev is the desk's revision that brought the item's newest version, 0
// where there is none.
func (s *Snapshot) ItemRev(id ID) int { return s.items[id].rev.Rev }

// Revision is the newest recorded version of the item, retracted ones
// included; the zero value where there is none.
func (s *Snapshot) Revision(id ID) Revision { return s.items[id].rev }

// Version is the item as it stood at the desk's revision rev, nil where it was
// not there or retracted then.
func (s *Snapshot) Version(id ID, rev int) Item {
	for _, r := range slices.Backward(s.own) {
		if r.Item.Head().ID == id && r.Rev <= rev {
			if r.Op == OpRetract {
				return nil
			}
			return r.Item
		}
	}
	if s.base == nil || len(s.own) == 0 {
		return s.Item(id)
	}
	return s.base.Item(id)
}

// ByRef returns the item that carries the label, in any case, nil where none does.
func (s *Snapshot) ByRef(ref string) Item {
	return s.Item(s.byRef[strings.ToUpper(strings.TrimSpace(ref))])
}

// Conflicts returns the conflicts that id is a member of.
func (s *Snapshot) Conflicts(id ID) []*Conflict { return s.conflicts[id] }

// All returns the items of type T in label order.
func All[T Item](s *Snapshot) []T {
	var all []T
	for _, item := range s.ordered {
		if t, ok := item.(T); ok {
			all = append(all, t)
		}
	}
	return all
}

// Sections returns the sections in their own order.
func (s *Snapshot) Sections() []*Section {
	all := All[*Section](s)
	slices.SortFunc(all, func(a, b *Section) int {
		return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// Section returns the section whose slash command it is, nil where none has it.
func (s *Snapshot) Section(command string) *Section {
	for _, section := range All[*Section](s) {
		if section.Command == command {
			return section
		}
	}
	return nil
}

// Name is what people call the item: an actor's name, a title, a headline.
func (s *Snapshot) Name(id ID) string {
	switch item := s.Item(id).(type) {
	case *Actor:
		return item.Name
	case *Source:
		return cmp.Or(item.Publisher, item.Title)
	case *Event:
		return item.Headline
	case *Plan:
		return item.Title
	case *Section:
		return item.Title
	case *Question:
		return item.Question
	case nil:
		return string(id)
	default:
		return item.Head().Text
	}
}

// ReviewDue reports whether the item's content should have been looked at
// again by now, and whether it is stale: overdue by a whole window more. It is
// counted from the item's last change or confirmation; an item without a
// window never is.
func (s *Snapshot) ReviewDue(id ID, now time.Time) (due, stale bool) {
	e := s.items[id]
	if e.item == nil || e.retired {
		return false, false
	}
	h := e.item.Head()
	from := e.rev.RecordedAt
	by := from.AddDate(0, 0, h.ID.Kind().reviewDays())
	if d, ok := h.ReviewBy.Last(); ok {
		by = d.AddDate(0, 0, 1)
	} else if h.ID.Kind().reviewDays() == 0 {
		return false, false
	}
	window := max(by.Sub(from), 0) // the day may have passed before it was recorded
	return now.After(by), now.After(by.Add(window))
}

// reviewDays is the window after which an item of this kind is looked at
// again; 0 for kinds without one.
func (k Kind) reviewDays() int {
	switch k {
	case KindFigure:
		return 3
	case KindAssessment:
		return 7
	case KindPosition:
		return 14
	case KindActor:
		return 90
	}
	return 0
}
