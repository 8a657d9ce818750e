package commands

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"sitrep/briefings"
	"sitrep/briefings/catalogue"
)

// attached is what a test's member attaches.
type attached map[string][]byte

func (a attached) Fetch(_ context.Context, what Attachment, _ ...FileType) ([]byte, error) {
	data, there := a[what.URL]
	if !there {
		return nil, briefings.Tell(briefings.ErrInvalid, "no such file")
	}
	return data, nil
}

// imports asks for /desk import with a file of that name.
func (r *rig) imports(who Caller, name string, data []byte, in Input) answer {
	r.t.Helper()
	r.desk.Files = attached{"here": data}
	r.set = r.desk.All()
	who.Attached = map[string]Attachment{"77": {Name: name, Size: int64(len(data)), URL: "here"}}
	return r.ask(who, "desk import", Input{"file": "77"}.with(in))
}

// edited is an export of who's desk with one text replaced in its files.
func (r *rig) edited(who Caller, pairs ...string) []byte {
	r.t.Helper()
	f := r.ask(who, "desk export", nil).card.File
	archive, err := zip.NewReader(bytes.NewReader(f.Data), int64(len(f.Data)))
	if err != nil {
		r.t.Fatal(err)
	}
	files, replaced := map[string][]byte{}, 0
	for _, part := range archive.File {
		open, err := part.Open()
		if err != nil {
			r.t.Fatal(err)
		}
		var text bytes.Buffer
		if _, err := text.ReadFrom(open); err != nil {
			r.t.Fatal(err)
		}
		now := strings.NewReplacer(pairs...).Replace(text.String())
		if now != text.String() {
			replaced++
		}
		files["desk/"+part.Name] = []byte(now)
	}
	if replaced == 0 && len(pairs) > 0 {
		r.t.Fatalf("nothing in the export holds any of %q", pairs)
	}
	return zipped(r.t, files)
}

func zipped(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	var archive bytes.Buffer
	if err := catalogue.WriteZip(&archive, files); err != nil {
		t.Fatal(err)
	}
	return archive.Bytes()
}

func writtenSource(id, ref string) string {
	return fmt.Sprintf("- id: source/%s\n  refs: [%s]\n  title: A report\n  publisher: Somebody\n  url: https://example.org/a\n  reliability: B\n", id, ref)
}

func TestImportShowsWhatDiffers(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	data := r.edited(member(), `value: "612"`, `value: "640"`)
	got := r.imports(member(), "desk.zip", data, nil)
	holds(t, "the proposal", got.text, "updated", "F5", "612 → 640", "items read", "!does not say which revision")
	if own := len(r.snapshot().Own()); own != 0 {
		t.Fatalf("%d revisions are recorded before anybody agreed", own)
	}
	press(t, r, got, "desk-publish")
	if f := r.snapshot().Item("figure/energy-attacks").(*briefings.Figure); f.Value != "640" {
		t.Errorf("published, F5 says %s, want 640", f.Value)
	}
	if len(r.snapshot().Own()) != 1 {
		t.Errorf("%d revisions are recorded, want that of F5 alone", len(r.snapshot().Own()))
	}
	holds(t, "once more", r.imports(member(), "desk.zip", r.edited(member()), nil).say, "Nothing differs")
}

// press follows the button whose action starts so.
func press(t *testing.T, r *rig, on answer, action string) answer {
	t.Helper()
	for _, b := range on.card.Buttons {
		if name, state, _ := strings.Cut(b.Action, ":"); name == action {
			return r.press(member(), name, Press{State: state})
		}
	}
	t.Fatalf("there is no button %s below\n%s%s", action, on.text, on.say)
	return answer{}
}

// Files that were exported before somebody else's change take nothing back.
func TestImportKeepsWhatOthersChanged(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	old := r.edited(member(), `value: "15000"`, `value: "15600"`)
	clash := r.edited(member(), `value: "612"`, `value: "700"`, `value: "15000"`, `value: "15600"`)
	r.publish(briefings.OpAmend, "", "F5", func(item briefings.Item) { item.(*briefings.Figure).Value = "640" })

	got := r.imports(member(), "desk.zip", old, nil)
	holds(t, "what others left alone", got.text, "F6", "15600", "!F5")

	got = r.imports(member(), "desk.zip", clash, nil)
	holds(t, "what others changed too", got.text, "Nothing was imported: 1 item", "since revision 1", "F5", "640 → 700", "rev 2", "<@9>", "overwrite", "!F6")
	if len(got.card.Buttons) != 0 {
		t.Errorf("a button %q publishes it nevertheless", got.card.Buttons[0].Action)
	}
	holds(t, "the file of it", string(got.card.File.Data), "amend F5 figure/energy-attacks\n", "  - value: 640\n  + value: 700\n")

	got = r.imports(member(), "desk.zip", clash, Input{"overwrite": "true"})
	holds(t, "knowingly", got.text, "F5", "640 → 700", "F6")
	r.publish(briefings.OpAmend, "", "F5", func(item briefings.Item) { item.(*briefings.Figure).Value = "650" })
	press(t, r, got, "desk-publish")
	if f := r.snapshot().Item("figure/energy-attacks").(*briefings.Figure); f.Value != "650" {
		t.Errorf("a change made after the proposal was shown is overwritten by %s", f.Value)
	}
}

func TestImportOfFilesThatDontSayWhereTheyAreFrom(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	elsewheres := r.edited(elsewhere(), `value: "612"`, `value: "640"`)
	holds(t, "another server's", r.imports(member(), "desk.zip", elsewheres, nil).text, "F5", "does not say which revision")
	one := []byte(writtenSource("new", "S99"))
	for _, name := range []string{"a.yaml", "A.YML", `C:\desk\..\a.yaml`, "../../a.yaml"} {
		holds(t, name, r.imports(member(), name, one, nil).text, "added", "S99", "1 item read", "does not say which revision")
	}
	holds(t, "one that lies of the future", r.imports(member(), "a.yaml", append([]byte("# Desk 1001, revision 99. x\n"), one...), nil).text, "does not say which revision")
	if n := len(r.snapshot().Own()); n != 0 {
		t.Errorf("%d revisions were recorded by looking", n)
	}
	// what a part of a desk names may be in the rest of it
	holds(t, "a part", r.imports(member(), "a.yaml", []byte("- id: source/part\n  refs: [S98]\n  title: T\n  publisher: P\n  reliability: B\n  relays: [source/reuters]\n"), nil).text, "S98")
}

func TestImportRefusesWithEveryReason(t *testing.T) {
	t.Parallel()
	many := &strings.Builder{}
	for i := range 20_001 {
		fmt.Fprintf(many, "- id: source/s%d\n  title: T\n", i)
	}
	var faults strings.Builder
	for i := range 40 {
		fmt.Fprintf(&faults, "- id: source/s%d\n  titel: T\n", i)
	}
	for _, tt := range []struct {
		name, file string
		data       []byte
		want       []string
	}{
		{"no archive", "a.zip", []byte("PK\x03\x04 and no more"), []string{"can't be read as a zip archive"}},
		{"an archive in an archive", "a.zip", zipped(t, map[string][]byte{"b.zip": []byte("PK"), "a.yaml": []byte(writtenSource("new", "S99"))}), []string{"b.zip", "archive inside the archive"}},
		{"a bomb", "a.zip", zipped(t, map[string][]byte{"a.yaml": bytes.Repeat([]byte("# filled\n"), 8<<20/9)}), []string{"over 100 times"}},
		{"no YAML in it", "a.zip", zipped(t, map[string][]byte{"a.txt": []byte("x")}), []string{"no .yaml file"}},
		{"no UTF-8", "a.yaml", []byte("- id: source/a\n  title: \xff\xfe\n"), []string{"0xff", "UTF-8"}},
		{"20,001 items", "a.yaml", []byte(many.String()), []string{"more than 20000 items"}},
		{"an id twice", "a.yaml", []byte(writtenSource("new", "S98") + writtenSource("new", "S99")), []string{"source/new"}},
		{"an id twice over two files", "a.zip", zipped(t, map[string][]byte{"a.yaml": []byte(writtenSource("new", "S98")), "b.yaml": []byte(writtenSource("new", "S99"))}), []string{"source/new"}},
		{"a label of the desk's", "a.yaml", []byte(strings.Replace(writtenSource("new", "S99"), "S99", "F5", 1)), []string{"F5"}},
		{"mentions and markdown", "a.yaml", []byte("- id: source/a\n  \"@everyone **x** [a](http://e)\": 1\n"), []string{"everyone"}},
		{"forty faults", "a.yaml", []byte(faults.String()), []string{"faults", "titel", "a.yaml:2:3"}},
		{"nothing", "a.yaml", []byte("\n"), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			got := r.imports(member(), tt.file, tt.data, nil)
			holds(t, tt.name, got.text+got.say, tt.want...)
			for _, b := range got.card.Blocks {
				for _, l := range b.Lines {
					if found := liveMarkup.FindString(string(l.Text)); found != "" {
						t.Errorf("the line %q holds the markup %q", l.Text, found)
					}
				}
			}
			if len(got.card.Buttons) != 0 || len(r.snapshot().Own()) != 0 {
				t.Errorf("got the buttons %v and %d revisions, want neither", got.card.Buttons, len(r.snapshot().Own()))
			}
			if size(got.card) > 4000 {
				t.Errorf("the answer has %d characters, which no message holds", size(got.card))
			}
			if tt.name == "forty faults" && (got.card.File == nil || strings.Count(string(got.card.File.Data), "titel") < 40) {
				t.Errorf("the file %+v lacks some of the faults", got.card.File)
			}
		})
	}
}

// waiting is a host whose files don't come before they are let go.
type waiting struct{ asked, let chan struct{} }

func (w waiting) Fetch(ctx context.Context, _ Attachment, _ ...FileType) ([]byte, error) {
	w.asked <- struct{}{}
	<-w.let
	return nil, briefings.Tell(briefings.ErrInvalid, "let go")
}

func TestImportsWaitForEachOther(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	w := waiting{asked: make(chan struct{}, 10), let: make(chan struct{})}
	r.desk.Files = w
	c := r.desk.deskImport()
	who := member()
	who.Attached = map[string]Attachment{"77": {Name: "a.zip", Size: 1}}
	var all sync.WaitGroup
	for range importsAtOnce {
		all.Go(func() {
			if _, err := c.Run(context.Background(), who, Input{"file": "77"}); err == nil {
				t.Error("an import without a file succeeded")
			}
		})
	}
	for range importsAtOnce {
		<-w.asked
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Run(ctx, who, Input{"file": "77"}); !errors.Is(err, context.Canceled) {
		t.Errorf("one more: got %v, want it to wait until its time is up", err)
	}
	close(w.let)
	all.Wait()
	if _, err := c.Run(t.Context(), who, Input{"file": "77"}); err == nil || !strings.Contains(err.Error(), "let go") {
		t.Errorf("once they are done: got %v, want its turn", err)
	}
}

func TestImportIsOfTheServerItself(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	data := r.edited(member(), `value: "612"`, `value: "640"`)
	if got := r.imports(stranger(), "desk.zip", data, nil); !strings.Contains(got.say, "server") {
		t.Errorf("outside of servers: got %q %q", got.say, got.text)
	}
	who := member()
	who.Attached = map[string]Attachment{"77": {Name: "a.zip", Size: 1, URL: "here"}}
	for name, in := range map[string]Input{"nothing attached": {}, "somebody else's": {"file": "78"}, "an address": {"file": "https://evil.example/a.zip"}} {
		if got := r.ask(who, "desk import", in); !strings.Contains(got.say, "Attach the YAML file") {
			t.Errorf("%s: got %q %q, want to be told what to attach", name, got.say, got.text)
		}
	}
}
