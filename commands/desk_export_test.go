package commands

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sitrep/briefings"
	"sitrep/briefings/catalogue"
	"sitrep/cards"
)

// unzipped are the items of an exported file, and where it says that it is from.
func unzipped(t *testing.T, r *rig, f *cards.File) ([]briefings.Item, catalogue.Stamp) {
	t.Helper()
	if f == nil {
		t.Fatal("there is no file")
	}
	files, err := catalogue.OpenZip(bytes.NewReader(f.Data), int64(len(f.Data)))
	if err != nil {
		t.Fatal(err)
	}
	items, err := catalogue.Read(files, r.now)
	if err != nil {
		t.Fatal(err)
	}
	return items, catalogue.StampOf(files)
}

func TestExportHoldsTheDesk(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.publish(briefings.OpAmend, "", "F5", func(item briefings.Item) { item.(*briefings.Figure).Value = "640" })
	got := r.ask(member(), "desk export", nil)
	items, stamp := unzipped(t, r, got.card.File)
	if want := (catalogue.Stamp{Desk: "1001", Rev: 2}); stamp != want || got.card.File.Name != "briefing-rev2.zip" {
		t.Errorf("got %s stamped %+v, want briefing-rev2.zip stamped %+v", got.card.File.Name, stamp, want)
	}
	if diff := cmp.Diff(catalogue.Write(r.snapshot().Items()), catalogue.Write(items)); diff != "" {
		t.Errorf("the files say other than the desk (-want +got):\n%s", diff)
	}
	holds(t, "the card", got.text, "revision 2", "/desk import")
	again := r.ask(member(), "desk export", nil)
	if !bytes.Equal(again.card.File.Data, got.card.File.Data) {
		t.Error("the same revision gives other bytes the second time")
	}
}

func TestExportOfASection(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	got := r.ask(member(), "desk export", Input{"section": "energy"})
	if got.card.File == nil || got.card.File.Name != "briefing-energy-rev1.zip" {
		t.Fatalf("got %+v %q, want briefing-energy-rev1.zip", got.card.File, got.say)
	}
	files, err := catalogue.OpenZip(bytes.NewReader(got.card.File.Data), int64(len(got.card.File.Data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := files.Open("energy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var text bytes.Buffer
	if _, err := text.ReadFrom(f); err != nil {
		t.Fatal(err)
	}
	holds(t, "energy.yaml", text.String(), "# Desk 1001, revision 1.", "section/energy", "figure/energy-attacks", "!section/talks")
}

func TestExportIsForTheServerItself(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.publish(briefings.OpAmend, "", "F5", func(item briefings.Item) { item.(*briefings.Figure).Value = "640" })
	_, stamp := unzipped(t, r, r.ask(elsewhere(), "desk export", nil).card.File)
	if stamp != (catalogue.Stamp{Desk: "2002", Rev: 1}) {
		t.Errorf("another server's export is stamped %+v", stamp)
	}
	for _, f := range []answer{r.ask(stranger(), "desk export", nil), r.ask(member(), "desk export", Input{"section": "no such"})} {
		if f.say == "" || f.card.File != nil {
			t.Errorf("got %q with the file %v, want to be told what to do", f.text, f.card.File)
		}
	}
	r.restartWith(nil)
	if got := r.ask(elsewhere(), "desk export", nil); !strings.Contains(got.say, "nothing to export") {
		t.Errorf("an empty desk: got %q %q", got.say, got.text)
	}
}
