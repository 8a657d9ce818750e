package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"sitrep/briefings"
)

// KeepDraft is for [briefings.Record]. The id has 26 letters and digits that
// nobody can guess.
func (s *Store) KeepDraft(ctx context.Context, d briefings.Draft) (string, error) {
	doing := "keep a draft for desk " + string(d.Desk)
	fields, err := json.Marshal(d.Fields)
	if err != nil {
		return "", fault(doing, err)
	}
	if len(fields) > mostBody {
		return "", fault(doing, fmt.Errorf("it has %d bytes, over %d: %w", len(fields), mostBody, briefings.ErrInvalid))
	}
	id := rand.Text()
	err = s.within(ctx, doing, s.write, func(ctx context.Context, q session) error {
		_, err := q.exec(ctx, `
			INSERT INTO drafts (id, desk, author, item, seen, fields, recorded_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			id, d.Desk, d.Author, d.Item, d.Seen, string(fields), d.RecordedAt)
		return err
	})
	if err != nil {
		return "", err
	}
	return id, nil
}

// Draft is for [briefings.Record].
func (s *Store) Draft(ctx context.Context, desk briefings.DeskID, id string) (briefings.Draft, error) {
	d := briefings.Draft{Desk: desk}
	err := s.within(ctx, "read a draft of desk "+string(desk), s.read, func(ctx context.Context, q session) error {
		var fields []byte
		err := q.row(ctx, `
			SELECT author, item, seen, fields, recorded_at
			FROM drafts WHERE id = $1 AND desk = $2`, id, desk).
			Scan(&d.Author, &d.Item, &d.Seen, &fields, moment{&d.RecordedAt})
		if errors.Is(err, sql.ErrNoRows) {
			return briefings.ErrNotFound
		}
		if err != nil {
			return err
		}
		return json.Unmarshal(fields, &d.Fields)
	})
	if err != nil {
		return briefings.Draft{}, err
	}
	return d, nil
}
