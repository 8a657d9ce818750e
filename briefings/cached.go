package briefings

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// cachedFormat is the number of the form below: copies of other releases drop
// what they can't read, and make it anew.
const cachedFormat = 2

// cachedForm is what the cache keeps of a desk: its own revisions, which tell
// the catalogue that each was made on, so that a newer one doesn't age them.
type cachedForm struct {
	Format  int              `json:"format"`
	Renewed int              `json:"renewed,omitempty"` // see [Version]
	Own     []cachedRevision `json:"own"`
}

type cachedRevision struct {
	Revision
	Item json.RawMessage // hides the interface, which can't be decoded unseen
}

// keep puts snap in the cache. A failure costs the next copy a database query
// and nothing else.
func (s *Service) keep(ctx context.Context, snap *Snapshot) {
	form := cachedForm{Format: cachedFormat, Renewed: snap.renewed, Own: make([]cachedRevision, len(snap.log))}
	for i, r := range snap.log {
		item, err := json.Marshal(r.Item)
		if err != nil {
			s.log.ErrorContext(ctx, "a revision can't be cached", "guild", snap.Desk, "err", err)
			return
		}
		form.Own[i] = cachedRevision{Revision: r, Item: item}
	}
	data, err := json.Marshal(form)
	if err == nil {
		err = s.cache.Keep(ctx, snap.Desk, snap.version(), data)
	}
	if err != nil && !errors.Is(err, ErrUnavailable) {
		s.log.ErrorContext(ctx, "a snapshot can't be cached", "guild", snap.Desk, "err", err)
	}
}

// fromCache is the desk as the cache holds it, nil where it doesn't.
func (s *Service) fromCache(ctx context.Context, id DeskID) *Snapshot {
	own, renewed, ok := s.cachedLog(ctx, id)
	if !ok {
		return nil
	}
	base, err := s.reach(ctx, own)
	if err != nil {
		base = s.base.Load() // with the record away an older catalogue is better than no answer
	}
	return Compile(id, base, own).renew(renewed)
}

// cachedLog are the revisions that the cache holds of a desk, and how often they
// were renewed; false where it holds nothing that can be read. What can't be read
// is dropped.
func (s *Service) cachedLog(ctx context.Context, id DeskID) ([]Revision, int, bool) {
	data, err := s.cache.Load(ctx, id)
	if err != nil || data == nil {
		return nil, 0, false // the cache logs its own outages
	}
	own, renewed, err := decodeLog(data)
	if err == nil {
		return own, renewed, true
	}
	s.log.WarnContext(ctx, "what the cache holds can't be read, and is made anew", "guild", id, "err", err)
	_ = s.cache.Drop(ctx, id) // the cache logs its own outages
	return nil, 0, false
}

func decodeLog(data []byte) (own []Revision, renewed int, err error) {
	var form cachedForm
	if err := json.Unmarshal(data, &form); err != nil {
		return nil, 0, err
	}
	if form.Format != cachedFormat {
		return nil, 0, fmt.Errorf("its format is %d, not %d", form.Format, cachedFormat)
	}
	own = make([]Revision, len(form.Own))
	for i, c := range form.Own {
		item, err := ParseItem(c.Item)
		if err != nil {
			return nil, 0, err
		}
		if c.Rev < 1 || (i > 0 && c.Rev < form.Own[i-1].Rev) {
			return nil, 0, fmt.Errorf("revision %d is out of order", c.Rev)
		}
		own[i] = c.Revision
		own[i].Item = item
	}
	return own, form.Renewed, nil
}
