package commands

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"sitrep/briefings"
	"sitrep/briefings/catalogue"
	"sitrep/cards"
	"sitrep/words"
)

type deskImportRequest struct {
	File      string `option:"file,required,attachment"`
	Reason    string `option:"reason"`
	Overwrite bool   `option:"overwrite"`
}

// importsAtOnce is how many imports a copy works on; others wait. A large one
// takes a processor for seconds and 100 MB.
const importsAtOnce = 2

// deskImport proposes what differs between files and the desk. Nothing is
// written before a moderator has seen it.
func (d Desk) deskImport() Command {
	slots := make(chan struct{}, importsAtOnce)
	return define("desk import", Moderator, func(ctx context.Context, who Caller, r deskImportRequest) (Reply, error) {
		t, err := d.editing(ctx, who)
		if err != nil {
			return Reply{}, err
		}
		attached, there := who.Attached[r.File]
		if !there || d.Files == nil {
			return Reply{}, mistake(t, "import.none", nil)
		}
		select {
		case slots <- struct{}{}:
			defer func() { <-slots }()
		case <-ctx.Done():
			return Reply{}, ctx.Err()
		}
		files, err := d.attachedFiles(ctx, attached)
		if err == nil {
			return d.importing(ctx, who, t, r, files)
		}
		if faults := (catalogue.Faults{}); errors.As(err, &faults) {
			return Reply{Card: faulty(t, faults)}, nil
		}
		return Reply{}, err
	})
}

// attachedFiles are the YAML files of a zip archive, or the one file that it is.
func (d Desk) attachedFiles(ctx context.Context, a Attachment) (fs.FS, error) {
	octets := "application/octet-stream"
	archive := FileType{Endings: []string{".zip"}, Media: []string{"application/zip", "application/x-zip", "application/x-zip-compressed", octets}, Magic: "PK\x03\x04"}
	text := FileType{Endings: []string{".yaml", ".yml"}, Media: []string{"text/plain", "text/yaml", "text/x-yaml", "application/yaml", "application/x-yaml", octets}}
	data, err := d.Files.Fetch(ctx, a, archive, text)
	if err != nil {
		return nil, err
	}
	ending := path.Ext(a.Name)
	if strings.EqualFold(ending, ".zip") {
		return catalogue.OpenZip(bytes.NewReader(data), int64(len(data)))
	}
	return catalogue.OneFile(strings.TrimSuffix(a.Name, ending)+".yaml", data)
}

// importing proposes what files change on t's snapshot. Files that tell which
// of its revisions they were made from take nothing back that was changed since.
func (d Desk) importing(ctx context.Context, who Caller, t cards.Telling, r deskImportRequest, files fs.FS) (Reply, error) {
	items, err := catalogue.ReadOnto(files, t.Snapshot.Items(), d.Now())
	if faults := (catalogue.Faults{}); errors.As(err, &faults) {
		return Reply{Card: faulty(t, faults)}, nil
	}
	if err != nil {
		return Reply{}, err
	}
	from := catalogue.StampOf(files)
	stamped := from.Desk == who.Desk && from.Rev <= t.Snapshot.Rev
	touched := items
	if stamped {
		var overtaken []briefings.Item
		if touched, overtaken, err = t.Snapshot.Since(from.Rev, items); err != nil {
			return Reply{}, err
		}
		if len(overtaken) > 0 && !r.Overwrite {
			return Reply{Card: overtook(t, from.Rev, overtaken)}, nil
		}
	}
	changes, err := t.Snapshot.Toward(touched, briefings.OpAmend, r.Reason)
	switch {
	case err != nil:
		return Reply{}, err
	case len(changes) == 0:
		return Reply{}, mistake(t, "import.same", words.Args{"Count": len(items)})
	}
	reply, err := d.propose(ctx, who, t, briefings.Batch{Desk: who.Desk, By: who.User, Changes: changes})
	if err != nil {
		return Reply{}, err
	}
	reply.Card = compared(t, reply.Card, len(items), changes, stamped)
	return reply, nil
}

// compared says below a proposal what it comes from, and gives what has no room
// in it as a file.
func compared(t cards.Telling, c cards.Card, read int, changes []briefings.Change, stamped bool) cards.Card {
	c.Footer = append(c.Footer, cards.Escape(t.Words.Say("import.read", words.Args{"Count": read, "Same": read - len(changes)})))
	if !stamped {
		c.Footer = append(c.Footer, "⚠ "+cards.Escape(t.Words.Say("import.unstamped")))
	}
	const shown = 10 // changes that a proposal surely has room for
	if len(changes) > shown {
		c.File = listed("import-changes.txt", t.Words.Say("import.changes"), differences(t.Snapshot, changes))
	}
	return c.Fit(cards.MostText, t.Words)
}

// listed is a text as a file, cut at a line's end where it is too long to send.
func listed(name, about, text string) *cards.File {
	if len(text) > MostAttached {
		text = text[:strings.LastIndexByte(text[:MostAttached], '\n')+1] + "…\n"
	}
	return &cards.File{Name: name, Kind: "text/plain; charset=utf-8", Data: []byte(text), About: about}
}

// differences lists every change field by field, the old value behind "-" and
// the new one behind "+".
func differences(s *briefings.Snapshot, changes []briefings.Change) string {
	var b strings.Builder
	for _, c := range changes {
		id := c.Item.Head().ID
		fmt.Fprintf(&b, "%s %s %s\n", c.Op, c.Item.Head().Ref(), id)
		if c.Op == briefings.OpRestore {
			continue
		}
		for _, f := range briefings.CompareFields(s.Item(id), c.Item) {
			if f.Old != "" {
				fmt.Fprintf(&b, "  - %s: %s\n", f.Name, f.Old)
			}
			if f.New != "" {
				fmt.Fprintf(&b, "  + %s: %s\n", f.Name, f.New)
			}
		}
	}
	return b.String()
}

// shownFaults is how many faults a message lists; a file has all of them.
const shownFaults = 12

// faulty tells all that is wrong with files, and that nothing was done.
func faulty(t cards.Telling, faults catalogue.Faults) cards.Card {
	c := cards.Card{Title: "⚠ " + cards.Escape(t.Words.Say("import.faults", words.Args{"Count": len(faults)}))}
	b := cards.Block{}
	for _, f := range faults[:min(shownFaults, len(faults))] {
		b.Lines = append(b.Lines, cards.Line{Text: "• " + cards.Escape(cards.Clip(f.Error(), 400))})
	}
	c.Blocks = []cards.Block{b}
	if len(faults) > shownFaults {
		c.File = listed("import-faults.txt", t.Words.Say("import.faults", words.Args{"Count": len(faults)}), faults.Error()+"\n")
	}
	return c.Fit(cards.MostText, t.Words)
}

// overtook tells which items would be taken back to what somebody else has
// changed since, and how to go on.
func overtook(t cards.Telling, rev int, items []briefings.Item) cards.Card {
	c := cards.Card{Title: "⚠ " + cards.Escape(t.Words.Say("import.overtaken", words.Args{"Count": len(items), "Rev": rev}))}
	var changes []briefings.Change
	list := cards.Block{}
	for _, item := range items {
		now := t.Snapshot.Revision(item.Head().ID)
		changes = append(changes, briefings.Change{Item: item, Op: briefings.OpAmend, Seen: now.Rev})
		if len(list.Lines) < shownFaults {
			who := t.Words.Say("item.revision", words.Args{"Rev": now.Rev, "Date": cards.Instant(now.RecordedAt, "f"), "What": t.Words.Say("op." + string(now.Op))})
			list.Lines = append(list.Lines, cards.Line{Text: "• " + t.Label(item) + " " + cards.Markup(who) + " " + t.Person(now.RecordedBy) + fieldsOver(t, item)})
		}
	}
	c.Blocks = []cards.Block{list, {Lines: []cards.Line{{Text: cards.Escape(t.Words.Say("import.how_on")), Keep: true}}}}
	c.File = listed("import-conflicts.txt", t.Words.Say("import.changes"), differences(t.Snapshot, changes))
	return c.Fit(cards.MostText, t.Words)
}

// fieldsOver are the first fields in which item differs from what is there now.
func fieldsOver(t cards.Telling, item briefings.Item) cards.Markup {
	const most = 2
	var b cards.Markup
	for i, f := range briefings.CompareFields(t.Snapshot.Item(item.Head().ID), item) {
		if i == most {
			break
		}
		b += cards.Format("\n  %s: ~~%s~~ → %s", f.Name, cards.Clip(cmp.Or(f.Old, "–"), 90), cards.Clip(cmp.Or(f.New, "–"), 90))
	}
	return b
}
