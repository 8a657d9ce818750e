package commands

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

type deskLogRequest struct {
	Item  string `option:"item,complete"`
	Who   string `option:"who,user"`
	Since string `option:"since"`
	Page  string `option:"page,hidden"`
	Rev   string `option:"rev,hidden"`
}

// mostSettings is how many changes of settings a log goes back.
const mostSettings = 5000

// deskLog lists who did what to the desk, when and why.
func (d Desk) deskLog() Command {
	c := define("desk log", Moderator, func(ctx context.Context, who Caller, r deskLogRequest) (Reply, error) {
		t, entries, at, err := d.logged(ctx, who, r)
		if err != nil {
			return Reply{}, err
		}
		return Reply{Card: d.marked(t, t.Log(entries, at))}, nil
	})
	c.Complete = func(ctx context.Context, who Caller, _ string, in Input) ([]cards.Choice, error) {
		t, err := d.editing(ctx, who)
		if err != nil {
			return nil, err
		}
		return completeItems(t, in["item"]), nil
	}
	return c
}

// deskLogPages turns the pages of a log, and deskLogTable gives all of it as a
// table.
func (d Desk) deskLogPages() Action {
	return d.ofLog(cards.ActionLog, func(t cards.Telling, entries []cards.Logged, at cards.Leaf) (cards.Card, error) {
		return d.marked(t, t.Log(entries, at)), nil
	})
}

func (d Desk) deskLogTable() Action {
	a := d.ofLog(cards.ActionLogTable, func(t cards.Telling, entries []cards.Logged, _ cards.Leaf) (cards.Card, error) {
		return logTable(t, entries)
	})
	a.Replaces = false
	return a
}

func (d Desk) ofLog(name string, card func(cards.Telling, []cards.Logged, cards.Leaf) (cards.Card, error)) Action {
	return Action{Name: name, Role: Moderator, Replaces: true, Run: func(ctx context.Context, who Caller, p Press) (Reply, error) {
		l, err := cards.ParseLink(p.State)
		if err != nil || l.Command != "desk log" {
			return Reply{}, d.gone(who)
		}
		t, entries, at, err := d.logged(ctx, who, decode[deskLogRequest](l.Options))
		if err != nil {
			return Reply{}, err
		}
		c, err := card(t, entries, at)
		return Reply{Card: c}, err
	}}
}

// logged are the entries that were asked for, newest first.
func (d Desk) logged(ctx context.Context, who Caller, r deskLogRequest) (t cards.Telling, all []cards.Logged, at cards.Leaf, err error) {
	if t, err = d.editing(ctx, who); err != nil {
		return t, nil, at, err
	}
	item, since, err := logFilter(t, r)
	if err != nil {
		return t, nil, at, err
	}
	for _, rev := range slices.Backward(t.Snapshot.Own()) {
		if item == "" || rev.Item.Head().ID == item {
			all = append(all, cards.Logged{Revision: rev})
		}
	}
	if item == "" {
		settings, err := d.Briefings.SettingsLog(ctx, who.Desk, mostSettings)
		if err != nil {
			return t, nil, at, err // half a log would pass for all of it
		}
		for _, c := range settings {
			all = append(all, cards.Logged{Revision: briefings.Revision{RecordedAt: c.RecordedAt, RecordedBy: c.By}, Setting: &c})
		}
		slices.SortStableFunc(all, func(a, b cards.Logged) int { return b.RecordedAt.Compare(a.RecordedAt) })
	}
	all = slices.DeleteFunc(all, func(e cards.Logged) bool {
		return e.RecordedAt.Before(since) || r.Who != "" && string(e.RecordedBy) != r.Who && string(e.ApprovedBy) != r.Who
	})
	at.Link = cards.Link{Command: "desk log"}.With("who", r.Who).With("since", strings.TrimSpace(r.Since))
	if item != "" {
		at.Link = at.Link.With("item", t.Snapshot.Revision(item).Item.Head().Ref())
	}
	at.Page, _ = strconv.Atoi(r.Page) // only a button fills these in; what is no number is the first page
	at.Rev, _ = strconv.Atoi(r.Rev)
	return t, all, at, nil
}

// logFilter reads the item, which may be retracted, and the day.
func logFilter(t cards.Telling, r deskLogRequest) (item briefings.ID, since time.Time, err error) {
	if typed := strings.TrimSpace(r.Item); typed != "" {
		if item = retractedAs(t, typed); item == "" {
			found, err := findItem(t, typed)
			if err != nil {
				return "", since, err
			}
			item = found.Head().ID
		}
	}
	if typed := strings.TrimSpace(r.Since); typed != "" {
		day, err := briefings.ParseEDTF(typed)
		first, dated := day.First()
		if err != nil || !dated || day.IsInterval() {
			return "", since, mistake(t, "known.invalid", words.Args{"Text": clip(typed)})
		}
		since = first
	}
	return item, since, nil
}

func retractedAs(t cards.Telling, typed string) briefings.ID {
	for _, item := range t.Snapshot.Retracted() {
		if h := item.Head(); strings.EqualFold(h.Ref(), typed) || string(h.ID) == typed {
			return h.ID
		}
	}
	return ""
}

// logTable is a log as RFC 4180 has it, with one header that every language shares.
func logTable(t cards.Telling, entries []cards.Logged) (cards.Card, error) {
	var table bytes.Buffer
	w := csv.NewWriter(&table)
	w.UseCRLF = true
	err := w.Write([]string{"time", "by", "approved_by", "what", "item", "label", "revision", "reason", "changes"})
	for _, e := range entries {
		err = errors.Join(err, w.Write(inert(logRow(t.Snapshot, e))))
		if table.Len() > MostAttached {
			return cards.Card{}, mistake(t, "log.big", nil)
		}
	}
	w.Flush()
	if err = errors.Join(err, w.Error()); err != nil {
		return cards.Card{}, fmt.Errorf("commands: write the log of desk %s: %w", t.Snapshot.Desk, err)
	}
	title := cards.Escape(t.Words.Say("log.title", words.Args{"Count": len(entries)}))
	return cards.Card{
		Title:  "## " + title,
		Blocks: []cards.Block{{Lines: []cards.Line{{Text: cards.Escape(t.Words.Say("log.table"))}}}},
		File:   &cards.File{Name: "changes-log.csv", Kind: "text/csv; charset=utf-8; header=present", Data: table.Bytes(), About: title.Plain()},
	}, nil
}

func logRow(s *briefings.Snapshot, e cards.Logged) []string {
	at := e.RecordedAt.UTC().Format(time.RFC3339)
	if c := e.Setting; c != nil {
		return []string{at, string(c.By), "", "setting", "", string(c.Setting), strconv.Itoa(c.Rev), "", c.Was + " → " + c.Now}
	}
	h := e.Item.Head()
	var changes []string
	if was := s.Version(h.ID, e.Rev-1); was != nil && e.Op != briefings.OpRetract {
		for _, f := range briefings.CompareFields(was, e.Item) {
			changes = append(changes, f.Name+": "+f.Old+" → "+f.New)
		}
	}
	return []string{
		at, string(e.RecordedBy), string(e.ApprovedBy), string(e.Op), string(h.ID), h.Ref(), strconv.Itoa(e.Rev), e.Reason,
		strings.Join(changes, "\n"),
	}
}

// inert puts an apostrophe before what a spreadsheet would take for a formula.
func inert(row []string) []string {
	for i, cell := range row {
		if strings.TrimLeft(cell, " \u00a0") != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(strings.TrimLeft(cell, " \u00a0"))[0]) {
			row[i] = "'" + cell
		}
	}
	return row
}
