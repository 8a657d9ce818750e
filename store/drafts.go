package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"sitrep/briefings"
)

// mostChanges bounds the stored form of a draft's changes: a desk as large as it
// may be fits in.
const mostChanges = 64 << 20

// KeepDraft is for [briefings.Drafts]. An id has 26 letters and digits that
// nobody can guess.
func (s *Store) KeepDraft(ctx context.Context, d briefings.Draft) (string, error) {
	doing := "keep a draft for desk " + string(d.Desk)
	fields, changes, err := written(d)
	if err != nil {
		return "", fault(doing, err)
	}
	id := d.ID
	text := `
		UPDATE drafts SET author = $3, item = $4, seen = $5, fields = $6, recorded_at = $7, state = $8, changes = $9, reason = $10, version = $11
		WHERE id = $1 AND desk = $2 AND version = $11 - 1`
	if id == "" {
		id = rand.Text()
		text = `
			INSERT INTO drafts (id, desk, author, item, seen, fields, recorded_at, state, changes, reason, version)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
	}
	most := patience + time.Duration(len(d.Changes))*rowPatience
	err = s.inLongTx(ctx, doing, most, func(ctx context.Context, q session) error {
		kept, err := q.exec(ctx, text, id, d.Desk, d.Author, d.Item, d.Seen, fields, d.RecordedAt, d.State, changes, d.Reason, d.Version+1)
		if err != nil || kept > 0 {
			return err
		}
		return staleOrGone(ctx, q, d.Desk, id)
	})
	if err != nil {
		return "", err
	}
	return id, nil
}

// staleOrGone says why a draft isn't there in the version that was meant.
func staleOrGone(ctx context.Context, q session, desk briefings.DeskID, id string) error {
	var there int
	if err := q.row(ctx, `SELECT COUNT(*) FROM drafts WHERE id = $1 AND desk = $2`, id, desk).Scan(&there); err != nil {
		return err
	}
	if there > 0 {
		return briefings.ErrStale
	}
	return briefings.ErrNotFound
}

// change is a [briefings.Change] as it is stored.
type change struct {
	Item   json.RawMessage `json:"item"`
	Op     briefings.Op    `json:"op"`
	Reason string          `json:"reason,omitempty"`
	Seen   int             `json:"seen,omitempty"`
}

// written are the parts of a draft that are stored as JSON.
func written(d briefings.Draft) (fields, changes string, err error) {
	typed, err := json.Marshal(d.Fields)
	if err != nil {
		return "", "", err
	}
	if len(typed) > mostBody {
		return "", "", fmt.Errorf("it has %d bytes, over %d: %w", len(typed), mostBody, briefings.ErrInvalid)
	}
	if len(d.Changes) == 0 {
		return string(typed), "", nil
	}
	all := make([]change, len(d.Changes))
	for i, c := range d.Changes {
		body, err := json.Marshal(c.Item)
		if err != nil {
			return "", "", err
		}
		all[i] = change{Item: body, Op: c.Op, Reason: c.Reason, Seen: c.Seen}
	}
	ready, err := json.Marshal(all)
	if err != nil {
		return "", "", err
	}
	if len(ready) > mostChanges {
		return "", "", fmt.Errorf("its changes have %d bytes, over %d: %w", len(ready), mostChanges, briefings.ErrInvalid)
	}
	return string(typed), string(ready), nil
}

// read fills d from what [written] made.
func read(d *briefings.Draft, fields, changes []byte) error {
	if err := json.Unmarshal(fields, &d.Fields); err != nil || len(changes) == 0 {
		return err
	}
	var all []change
	if err := json.Unmarshal(changes, &all); err != nil {
		return err
	}
	d.Changes = make([]briefings.Change, len(all))
	for i, c := range all {
		item, err := briefings.ParseItem(c.Item)
		if err != nil {
			return err
		}
		d.Changes[i] = briefings.Change{Item: item, Op: c.Op, Reason: c.Reason, Seen: c.Seen}
	}
	return nil
}

// Draft is for [briefings.Drafts].
func (s *Store) Draft(ctx context.Context, desk briefings.DeskID, id string) (briefings.Draft, error) {
	d := briefings.Draft{ID: id, Desk: desk}
	err := s.within(ctx, "read a draft of desk "+string(desk), s.read, func(ctx context.Context, q session) error {
		var fields, changes []byte
		err := q.row(ctx, `
			SELECT author, item, seen, fields, recorded_at, state, changes, reason, version
			FROM drafts WHERE id = $1 AND desk = $2`, id, desk).
			Scan(&d.Author, &d.Item, &d.Seen, &fields, moment{&d.RecordedAt}, &d.State, &changes, &d.Reason, &d.Version)
		if errors.Is(err, sql.ErrNoRows) {
			return briefings.ErrNotFound
		}
		if err != nil {
			return err
		}
		return read(&d, fields, changes)
	})
	if err != nil {
		return briefings.Draft{}, err
	}
	return d, nil
}

// Drafts is for [briefings.Drafts].
func (s *Store) Drafts(ctx context.Context, desk briefings.DeskID, most int) ([]briefings.Draft, error) {
	var all []briefings.Draft
	err := s.within(ctx, "read the drafts of desk "+string(desk), s.read, func(ctx context.Context, q session) error {
		return q.each(ctx, func(row scanner) error {
			d := briefings.Draft{Desk: desk}
			var fields []byte
			err := row.Scan(&d.ID, &d.Author, &d.Item, &d.Seen, &fields, moment{&d.RecordedAt}, &d.State, &d.Reason, &d.Version)
			if err == nil {
				err = read(&d, fields, nil)
			}
			all = append(all, d)
			return err
		}, `
			SELECT id, author, item, seen, fields, recorded_at, state, reason, version
			FROM drafts WHERE desk = $1
			ORDER BY recorded_at DESC, id LIMIT $2`, desk, most)
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// DropDraft is for [briefings.Drafts].
func (s *Store) DropDraft(ctx context.Context, desk briefings.DeskID, id string, version int) error {
	return s.within(ctx, "drop a draft of desk "+string(desk), s.write, func(ctx context.Context, q session) error {
		dropped, err := q.exec(ctx, `DELETE FROM drafts WHERE id = $1 AND desk = $2 AND version = $3`, id, desk, version)
		if err == nil && dropped == 0 {
			return staleOrGone(ctx, q, desk, id)
		}
		return err
	})
}

// DropDrafts is for [briefings.Drafts].
func (s *Store) DropDrafts(ctx context.Context, before time.Time) error {
	return s.within(ctx, "drop old drafts", s.write, func(ctx context.Context, q session) error {
		_, err := q.exec(ctx, `DELETE FROM drafts WHERE recorded_at < $1`, before)
		return err
	})
}
