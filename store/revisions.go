package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"sitrep/briefings"
)

// mostBody bounds the stored form of one item or draft: far above what the
// rules let through, far below what would hurt.
const mostBody = 1 << 20

// Revisions is for [briefings.Record].
func (s *Store) Revisions(ctx context.Context, desk briefings.DeskID, after int) ([]briefings.Revision, error) {
	var all []briefings.Revision
	err := s.within(ctx, "read the revisions of desk "+string(desk), s.read, func(ctx context.Context, q session) error {
		return q.each(ctx, func(row scanner) error {
			r, err := scanRevision(row)
			all = append(all, r)
			return err
		}, `
			SELECT rev, op, body, reason, recorded_at, recorded_by, approved_by, edition
			FROM revisions WHERE desk = $1 AND rev > $2
			ORDER BY rev, place`, desk, after)
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

func scanRevision(row scanner) (r briefings.Revision, err error) {
	var body []byte
	if err := row.Scan(&r.Rev, &r.Op, &body, &r.Reason, moment{&r.RecordedAt}, &r.RecordedBy, &r.ApprovedBy, &r.Edition); err != nil {
		return r, err
	}
	if r.Item, err = briefings.ParseItem(body); err != nil {
		return r, fmt.Errorf("revision %d: %w", r.Rev, err)
	}
	return r, nil
}

// Publish is for [briefings.Record]. It refuses a RecordedAt before that of the
// revision it follows: the caller, who has seen that one, sees to it.
func (s *Store) Publish(ctx context.Context, desk briefings.DeskID, seen int, revs []briefings.Revision) error {
	doing := "publish to desk " + string(desk)
	before, _ := briefings.SplitVersion(seen)
	bodies, err := bodiesOf(before, revs)
	if err != nil {
		return fault(doing, err)
	}
	most := patience + time.Duration(len(revs))*rowPatience
	return s.inLongTx(ctx, doing, most, func(ctx context.Context, q session) error {
		if err := advance(ctx, q, desk, seen, revs); err != nil {
			return err
		}
		place := 0
		for some := range slices.Chunk(revs, rowsAtOnce) {
			if err := insert(ctx, q, desk, place, some, bodies[place:]); err != nil {
				return err
			}
			place += len(some)
		}
		return nil
	})
}

// bodiesOf checks what no row could tell afterwards, and returns the items' JSON.
func bodiesOf(seen int, revs []briefings.Revision) ([]string, error) {
	if len(revs) == 0 {
		return nil, errors.New("there is nothing to publish")
	}
	bodies := make([]string, len(revs))
	for i, r := range revs {
		if r.Rev != revs[0].Rev || r.Rev <= seen {
			return nil, fmt.Errorf("revision %d among those of %d, made from %d", r.Rev, revs[0].Rev, seen)
		}
		if r.RecordedAt.IsZero() {
			return nil, fmt.Errorf("revision %d has no time of recording", r.Rev)
		}
		if r.Item == nil {
			return nil, fmt.Errorf("revision %d has no item", r.Rev)
		}
		body, err := json.Marshal(r.Item)
		if err != nil {
			return nil, fmt.Errorf("item %s: %w", r.Item.Head().ID, err)
		}
		if len(body) > mostBody {
			return nil, fmt.Errorf("item %s has %d bytes, over %d: %w", r.Item.Head().ID, len(body), mostBody, briefings.ErrInvalid)
		}
		bodies[i] = string(body)
	}
	return bodies, nil
}

// advance moves the desk's newest rev on from seen. The row it changes stays
// locked until the transaction ends, so of two publishers the second sees the
// first one's rev.
func advance(ctx context.Context, q session, desk briefings.DeskID, version int, revs []briefings.Revision) error {
	seen, renewed := briefings.SplitVersion(version)
	first := slices.MinFunc(revs, byRecordedAt).RecordedAt
	last := slices.MaxFunc(revs, byRecordedAt).RecordedAt
	var changed int64
	var err error
	if seen == 0 {
		changed, err = q.exec(ctx, `
			INSERT INTO desks (desk, rev, recorded_at) VALUES ($1, $2, $3)
			ON CONFLICT (desk) DO NOTHING`, desk, revs[0].Rev, last)
	} else {
		changed, err = q.exec(ctx, `
			UPDATE desks SET rev = $2, recorded_at = $3
			WHERE desk = $1 AND rev = $4 AND renewed = $6 AND recorded_at <= $5`, desk, revs[0].Rev, last, seen, first, renewed)
	}
	if err != nil || changed == 1 {
		return err
	}
	var newest, renewals int
	var at time.Time
	err = q.row(ctx, `SELECT rev, renewed, recorded_at FROM desks WHERE desk = $1`, desk).Scan(&newest, &renewals, moment{&at})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if newest != seen || renewals != renewed {
		return fmt.Errorf("seen %d, newest is %d: %w", seen, newest, briefings.ErrStale)
	}
	return fmt.Errorf("recorded at %s, before revision %d of %s", first.UTC(), newest, at)
}

func byRecordedAt(a, b briefings.Revision) int { return a.RecordedAt.Compare(b.RecordedAt) }

// rowsAtOnce keeps an import of thousands of items to few round trips, well
// under the 32,766 arguments that SQLite takes.
const rowsAtOnce = 200

func insert(ctx context.Context, q session, desk briefings.DeskID, place int, revs []briefings.Revision, bodies []string) error {
	const columns = 11
	args := make([]any, 0, columns*len(revs))
	for i, r := range revs {
		args = append(args, desk, r.Rev, r.Item.Head().ID, place+i, r.Op, bodies[i],
			r.Reason, r.RecordedAt, r.RecordedBy, r.ApprovedBy, r.Edition)
	}
	_, err := q.exec(ctx, `
		INSERT INTO revisions
			(desk, rev, item, place, op, body, reason, recorded_at, recorded_by, approved_by, edition)
		VALUES `+placeholders(len(revs), columns), args...)
	return err
}

// placeholders returns ($1, $2), ($3, $4) for two rows of two columns.
func placeholders(rows, columns int) string {
	var b strings.Builder
	for i := range rows * columns {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%columns == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", i+1)
	}
	b.WriteString(")")
	return b.String()
}

// Newest is for [briefings.Record].
func (s *Store) Newest(ctx context.Context, desks []briefings.DeskID) (map[briefings.DeskID]int, error) {
	return s.revs(ctx, "read the newest revisions", `SELECT desk, rev + renewed * 4294967296 FROM desks WHERE desk IN `, desks)
}

// revs runs a query that begins with text and ends with the desks.
func (s *Store) revs(ctx context.Context, doing, text string, desks []briefings.DeskID) (map[briefings.DeskID]int, error) {
	newest := make(map[briefings.DeskID]int, len(desks))
	err := s.within(ctx, doing, s.read, func(ctx context.Context, q session) error {
		return q.eachOf(ctx, func(row scanner) error {
			var desk briefings.DeskID
			var rev int
			err := row.Scan(&desk, &rev)
			newest[desk] = rev
			return err
		}, text, "", desks)
	})
	if err != nil {
		return nil, err
	}
	return newest, nil
}

// eachOf runs a query on some of the desks at a time, which stand between text,
// in which args come first, and tail.
func (q session) eachOf(ctx context.Context, f func(scanner) error, text, tail string, desks []briefings.DeskID, args ...any) error {
	// Always as many placeholders, so that there are two texts to prepare.
	atOnce := 20
	if len(desks) > atOnce {
		atOnce = 1000
	}
	var list []string
	for i := range atOnce {
		list = append(list, fmt.Sprintf("$%d", len(args)+i+1))
	}
	text += `(` + strings.Join(list, ", ") + `)` + tail
	for some := range slices.Chunk(desks, atOnce) {
		all := slices.Clone(args)
		for i := range atOnce {
			all = append(all, some[min(i, len(some)-1)])
		}
		if err := q.each(ctx, f, text, all...); err != nil {
			return err
		}
	}
	return nil
}

// Latest is for [briefings.Record].
func (s *Store) Latest(ctx context.Context) (time.Time, error) {
	var at time.Time
	err := s.within(ctx, "read when the newest revision was recorded", s.read, func(ctx context.Context, q session) error {
		return q.row(ctx, `SELECT MAX(recorded_at) FROM desks`).Scan(moment{&at})
	})
	return at, err
}

// Sectioned returns the desks that have, or had, sections that they changed or
// made themselves, and the catalogue.
func (s *Store) Sectioned(ctx context.Context) ([]briefings.DeskID, error) {
	var all []briefings.DeskID
	err := s.within(ctx, "look for desks with sections", s.read, func(ctx context.Context, q session) error {
		return q.each(ctx, func(row scanner) error {
			var desk briefings.DeskID
			err := row.Scan(&desk)
			all = append(all, desk)
			return err
		}, `SELECT DISTINCT desk FROM revisions WHERE item LIKE 'section/%'`)
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}
