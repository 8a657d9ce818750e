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
//
// Rev counts what was published to the desk and to the catalogue below it, in
// the order in which the desk saw it, so that no two views of a desk share one.
type Snapshot struct {
	Desk       DeskID
	Rev        int
	RecordedAt time.Time // when Rev was recorded

	base   *Snapshot // the catalogue below, nil for the catalogue itself
	log    []Revision
	before []int32 // for each of log, where its item's last one is; -1 for none
	bases  []int   // for each Rev in log, the catalogue's Rev that it was made on

	renewed int // how often log was; see [Version]

	items     map[ID]int32  // where in log an item's newest revision is; base's others shine through
	labels    map[string]ID // of the items in log
	ordered   []Item
	conflicts map[ID][]*Conflict // by member
	zones     map[string]*time.Location
	hidden    map[ID]bool    // by [Snapshot.ValidAt]
	finder    func() *finder // the index, compiled when it is first searched

	localised map[string]func() *localised // by language, made when first read
	local     map[ID]Item                  // of [Snapshot.In]: the items that it translates
	recorded  *Snapshot                    // of [Snapshot.In]: what it is a view of
}

// Compile makes the snapshot of desk from base, nil for the catalogue itself,
// and the desk's own revisions, oldest first, which are kept, not copied. The
// first Rev of a desk follows base's at the time, each later one what the desk
// showed before.
func Compile(desk DeskID, base *Snapshot, own []Revision) *Snapshot {
	s := &Snapshot{Desk: desk, base: base, log: own, items: map[ID]int32{}}
	if base != nil {
		if len(own) == 0 {
			*s = *base // a desk that changed nothing costs a few words
			s.Desk, s.base, s.log, s.before, s.bases, s.items, s.labels = desk, base, nil, nil, nil, nil, nil
			return s
		}
		s.Rev, s.RecordedAt = base.Rev, base.RecordedAt
	}
	s.before = make([]int32, len(own))
	for i, r := range own {
		id := r.Item.Head().ID
		s.before[i] = -1
		if last, ok := s.items[id]; ok {
			s.before[i] = last
		}
		s.items[id] = int32(i) //nolint:gosec // a desk holds far fewer revisions
		if i == 0 || r.Rev != own[i-1].Rev {
			s.bases = append(s.bases, r.Rev-len(s.bases)-1)
		}
		if r.RecordedAt.After(s.RecordedAt) {
			s.RecordedAt = r.RecordedAt
		}
		s.Rev = max(s.Rev, r.Rev)
	}
	if base != nil {
		s.Rev = max(s.Rev, base.Rev+len(s.bases))
	}
	s.order()
	s.index()
	return s
}

// order lays the desk's own items over those of the catalogue.
func (s *Snapshot) order() {
	var own []Item
	for id, i := range s.items {
		if s.log[i].Op != OpRetract && s.log[i].Item.Head().ID == id {
			own = append(own, s.log[i].Item)
		}
	}
	byLabel := func(a, b Item) int {
		return cmp.Or(byRef(a.Head().Ref(), b.Head().Ref()), cmp.Compare(a.Head().ID, b.Head().ID))
	}
	slices.SortFunc(own, byLabel)
	s.labels = make(map[string]ID, len(own))
	for _, item := range own {
		for _, ref := range item.Head().Refs {
			if label := strings.ToUpper(ref); s.labels[label] == "" {
				s.labels[label] = item.Head().ID
			}
		}
	}
	if s.base == nil {
		s.ordered = own
		return
	}
	s.ordered = make([]Item, 0, len(own)+len(s.base.ordered))
	for _, item := range s.base.ordered {
		if _, changed := s.items[item.Head().ID]; changed {
			continue
		}
		for len(own) > 0 && byLabel(own[0], item) < 0 {
			s.ordered, own = append(s.ordered, own[0]), own[1:]
		}
		s.ordered = append(s.ordered, item)
	}
	s.ordered = append(s.ordered, own...)
}

// index makes what is looked up in the items.
func (s *Snapshot) index() {
	s.finder = sync.OnceValue(func() *finder { return newFinder(s) })
	s.localise()
	s.conflicts = conflictsIn(s.ordered)
	s.zones = map[string]*time.Location{}
	for _, item := range s.ordered {
		if e, ok := item.(*Event); ok && s.zones[e.Zone] == nil {
			s.zones[e.Zone] = zoneOf(e)
		}
	}
}

// Zone is where an event is, by the clock; UTC where that isn't known. Finding
// one takes a look at files, so those of the snapshot's own events are kept.
func (s *Snapshot) Zone(e *Event) *time.Location {
	if zone := s.zones[e.Zone]; zone != nil {
		return zone
	}
	return zoneOf(e)
}

func zoneOf(e *Event) *time.Location {
	zone, err := time.LoadLocation(e.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// conflictsIn are the conflicts among items, by member.
func conflictsIn(items []Item) map[ID][]*Conflict {
	by := map[ID][]*Conflict{}
	for _, item := range items {
		if x, ok := item.(*Conflict); ok {
			for _, m := range x.Members {
				by[m] = append(by[m], x)
			}
		}
	}
	return by
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
// The catalogue has none: what every desk has is nobody's own.
func (s *Snapshot) Own() []Revision {
	if s.base == nil && s.Desk == Catalogue {
		return nil
	}
	return s.log
}

// Items returns every item that is not retracted, by label.
func (s *Snapshot) Items() []Item { return s.ordered }

// newest is the item's newest revision and the snapshot that has it, nil where
// there is none.
func (s *Snapshot) newest(id ID) (*Revision, *Snapshot) {
	for ; s != nil; s = s.base {
		if i, ok := s.items[id]; ok {
			return &s.log[i], s
		}
	}
	return nil, nil
}

// Item returns the item with id, nil where there is none or it is retracted.
func (s *Snapshot) Item(id ID) Item {
	if item, ok := s.local[id]; ok {
		return item
	}
	if r, _ := s.newest(id); r != nil && r.Op != OpRetract && !s.hidden[id] {
		return r.Item
	}
	return nil
}

// ItemRev is the desk's revision that brought the item's newest version, 0
// where there is none.
func (s *Snapshot) ItemRev(id ID) int { return s.Revision(id).Rev }

// Revision is the newest recorded version of the item, retracted ones
// included; the zero value where there is none.
func (s *Snapshot) Revision(id ID) Revision {
	r, of := s.newest(id)
	if r == nil {
		return Revision{}
	}
	return s.placed(*r, of)
}

// ByRef returns the item that carries the label, in any case, nil where none
// does. Of a desk's own item and one of the catalogue it is the desk's own.
func (s *Snapshot) ByRef(ref string) Item {
	label := strings.ToUpper(strings.TrimSpace(ref))
	for of := s; of != nil; of = of.base {
		id, ok := of.labels[label]
		if _, by := s.newest(id); ok && by == of {
			return s.Item(id)
		}
	}
	return nil
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

// Sections returns those that are not retired, in their own order.
func (s *Snapshot) Sections() []*Section {
	return slices.DeleteFunc(s.inOrder(), func(s *Section) bool { return s.Retired != nil })
}

// Retired returns the retired sections in their own order.
func (s *Snapshot) Retired() []*Section {
	return slices.DeleteFunc(s.inOrder(), func(s *Section) bool { return s.Retired == nil })
}

func (s *Snapshot) inOrder() []*Section {
	all := All[*Section](s)
	slices.SortFunc(all, func(a, b *Section) int {
		return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// Section returns the section whose slash command it is, retired or not, nil
// where none has it.
func (s *Snapshot) Section(command string) *Section {
	for _, section := range slices.Concat(s.Sections(), s.Retired()) {
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
