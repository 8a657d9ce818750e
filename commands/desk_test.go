package commands

import (
	"fmt"
	"maps"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"sitrep/briefings"
	"sitrep/cards"
)

func TestDeskEditFindsTheItem(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, tt := range []struct{ name, given, action string }{
		{"label", "F5", "desk-save:figure/energy-attacks:1"},
		{"label in lower case", "f5", "desk-save:figure/energy-attacks:1"},
		{"spaces around it", "  F5 ", "desk-save:figure/energy-attacks:1"},
		{"id", "figure/energy-attacks", "desk-save:figure/energy-attacks:1"},
		{"a line of the list instead of its value", "F5 · 612 attacks", "desk-save:figure/energy-attacks:1"},
		{"second label", "C20", "desk-save:position/us-territory:1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := r.ask(member(), "desk edit", Input{"item": tt.given})
			if got.form == nil {
				t.Fatalf("item:%s: got %q, want a form", tt.given, got.say)
			}
			if got.form.Action != tt.action {
				t.Errorf("item:%s opens %s, want %s", tt.given, got.form.Action, tt.action)
			}
		})
	}
}

func TestDeskEditRefuses(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, tt := range []struct {
		name, given string
		who         Caller
		want        []string
	}{
		{"words", "emergency repairs", member(), []string{`"emergency repairs"`, "Did you mean "}},
		{"a label that is near", "DOC66", member(), []string{`"DOC66"`, "Did you mean DOC"}},
		{"nothing like it", "qqqqqqqqqqqqqqq", member(), []string{`"qqqqqqqqqqqqqqq"`, "!Did you mean", "F10"}},
		{"nothing", "", member(), []string{"!Did you mean", "F10"}},
		{"no letters", "<@>!", member(), []string{"!Did you mean"}},
		{"a path", "figure/../../x", member(), []string{"figure/../../x"}},
		{"very long", strings.Repeat("q", 4000), member(), []string{"…", "!" + strings.Repeat("q", 200)}},
		{"broken text", "\xff\xfe", member(), []string{"F10"}},
		{"outside a server", "F5", stranger(), []string{"server"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := r.ask(tt.who, "desk edit", Input{"item": tt.given})
			if got.say == "" || got.form != nil {
				t.Fatalf("item:%.40q: got %q and a form: %t, want a mistake", tt.given, got.text, got.form != nil)
			}
			holds(t, tt.name, got.say, tt.want...)
		})
	}
}

// Discord refuses a form that breaks its bounds, and with it the whole answer.
func TestEveryItemHasAForm(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.snapshot()
	r.store.cut.Store(true) // no drafts: each would wait for the disk
	for _, item := range r.desk.Briefings.Base().Items() {
		ref := item.Head().Ref()
		form := r.ask(member(), "desk edit", Input{"item": ref}).form
		if form == nil {
			t.Fatalf("%s: got no form", ref)
		}
		if err := formFault(form); err != "" {
			t.Errorf("%s: %s", ref, err)
		}
		got := r.press(member(), "desk-save", Press{State: strings.TrimPrefix(form.Action, "desk-save:"), Fields: fieldsOf(form)})
		holds(t, ref+" sent as it was", got.text, r.desk.Book.In("en").Say("desk.unchanged"))
	}
	if own := len(r.snapshot().Own()); own != 0 {
		t.Errorf("got %d revisions of forms sent as they were, want none", own)
	}
}

// formFault names the first of Discord's bounds that the form breaks.
func formFault(f *cards.Form) string {
	if n := utf8.RuneCountInString(f.Title); n == 0 || n > 45 || len(f.Action) > 100 || len(f.Fields) > 5 {
		return fmt.Sprintf("a title of %d characters, an action of %d bytes, %d fields", n, len(f.Action), len(f.Fields))
	}
	for _, field := range f.Fields {
		label, hint := utf8.RuneCountInString(field.Label), utf8.RuneCountInString(field.Hint)
		if label == 0 || label > 45 || hint > 100 || strings.Contains(field.Label, "field.") || strings.Contains(field.Hint, "hint.") {
			return fmt.Sprintf("field %s has the label %q and the hint %q", field.Name, field.Label, field.Hint)
		}
		if n := utf8.RuneCountInString(field.Value); field.Most > 0 && n > field.Most {
			return fmt.Sprintf("field %s holds %d characters of %d", field.Name, n, field.Most)
		}
	}
	return ""
}

func (r *rig) snapshot() *briefings.Snapshot {
	r.t.Helper()
	snap, err := r.desk.Briefings.Snapshot(r.t.Context(), member().Desk)
	if err != nil {
		r.t.Fatal(err)
	}
	return snap
}

// f5 is the state of F5's form, opened at its first revision, and what it holds.
func f5(r *rig) (state string, fields Input) {
	r.t.Helper()
	form := r.ask(member(), "desk edit", Input{"item": "F5"}).form
	if form == nil {
		r.t.Fatal("/desk edit item:F5 opens no form")
	}
	return strings.TrimPrefix(form.Action, "desk-save:"), fieldsOf(form)
}

func TestDeskSavePublishes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		changed Input
		want    []string // in the answer
		value   string
		op      briefings.Op
		reason  string
	}{
		{"amend", Input{"value": "640"}, []string{"✓", "F5", "revision 2", "612", "640"}, "640", briefings.OpAmend, ""},
		{"amend with a reason", Input{"value": " 640 ", "reason": " new count\n"}, []string{"✓", "640", "new count"}, "640", briefings.OpAmend, "new count"},
		{"correct", Input{"value": "621", "op": "correct", "reason": "a slip"}, []string{"✓", "corrected", "621", "a slip"}, "621", briefings.OpCorrect, "a slip"},
		{"no op at all", Input{"value": "640", "op": ""}, []string{"✓"}, "640", briefings.OpAmend, ""},
		{"text alone", Input{"text": "Counted  anew,\nsays *Shmyhal* @everyone."}, []string{"✓"}, "612", briefings.OpAmend, ""},
		{"fields that the form lacks", Input{"value": "640", "id": "figure/other", "refs": "X1"}, []string{"✓"}, "640", briefings.OpAmend, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			state, fields := f5(r)
			got := r.press(member(), "desk-save", Press{State: state, Fields: fields.with(tt.changed)})
			holds(t, tt.name, got.text+got.say, tt.want...)
			figure := r.snapshot().Item("figure/energy-attacks").(*briefings.Figure)
			rev := r.snapshot().Revision(figure.ID)
			if figure.Value != tt.value || figure.Status != briefings.Claimed || rev.Rev != 2 || rev.Op != tt.op || rev.Reason != tt.reason || rev.RecordedBy != "7" {
				t.Errorf("got value %s, status %s, %+v; want %s, claimed, revision 2 (%s, %q) by 7", figure.Value, figure.Status, rev, tt.value, tt.op, tt.reason)
			}
			if changed := tt.changed["text"]; changed != "" && figure.Text != strings.Join(strings.Fields(changed), " ") {
				t.Errorf("got text %q, want %q on one line", figure.Text, changed)
			}
		})
	}
}

func TestDeskSaveKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		changed Input
		want    []string // beside all that was typed
	}{
		{"no number", Input{"value": "about 600"}, []string{"Value: ", "digits only"}},
		{"Arabic digits", Input{"value": "٦١٢"}, []string{"digits only"}},
		{"no date", Input{"as_of": "yesterday"}, []string{"As of: ", "2026-01-17"}},
		{"fewer than none", Input{"value": "-1"}, []string{"Value: ", "0 or more"}},
		{"a day that has not come", Input{"as_of": "2036-01-19"}, []string{"As of: ", "has not come yet; write a date up to"}},
		{"everything wrong at once", Input{"value": "x", "as_of": "19.1.", "op": "amendd"}, []string{"As of: ", "What sort of change: ", `did you mean "amend"`}},
		{"an op that has no form", Input{"value": "640", "op": "retract"}, []string{"What sort of change", "amend or correct"}},
		{"correcting without a reason", Input{"value": "621", "op": "correct"}, []string{"reason"}},
		{"nothing changed", Input{"reason": "just so"}, []string{"Nothing differs"}},
		{"too long", Input{"text": strings.Repeat("word ", 60)}, []string{"Text: ", "280"}},
		{"override of direction", Input{"text": "612 \u202e attacks"}, []string{"U+202E"}},
		{"a null", Input{"text": "612\x00"}, []string{"U+0000"}},
		{"reason with an override", Input{"value": "640", "reason": "\u2066x"}, []string{"Reason: holds", "U+2066"}},
		{"mentions and markdown", Input{"value": "**<@&1>** @everyone [x](http://x)"}, []string{"digits only"}},
		{"escaping doubles everything", Input{"value": "x", "text": strings.Repeat("*", mostTyped), "as_of": strings.Repeat("_", mostTyped), "reason": strings.Repeat("@", mostReason)}, []string{"As of: "}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			state, fields := f5(r)
			fields = fields.with(tt.changed)
			got := r.press(member(), "desk-save", Press{State: state, Fields: fields})
			keepsTyped(t, got, tt.changed, tt.want...)
			if own := len(r.snapshot().Own()); own != 0 {
				t.Errorf("got %d revisions, want nothing recorded", own)
			}
			if len(got.card.Buttons) != 1 {
				t.Fatalf("got %d buttons, want the one that opens the form again", len(got.card.Buttons))
			}
			name, draft, _ := strings.Cut(got.card.Buttons[0].Action, ":")
			again := r.press(member(), name, Press{State: draft})
			if again.form == nil {
				t.Fatalf("the button: got %q, want the form", again.say)
			}
			want := fields
			if op := fields["op"]; op != "amend" && op != "correct" {
				want = fields.with(Input{"op": ""}) // what can't be chosen isn't
				want = without(want, "op")
			}
			if diff := cmp.Diff(want, without(fieldsOf(again.form), missing(want, "op"))); diff != "" {
				t.Errorf("the form anew (-want +got):\n%s", diff)
			}
			if fault := formFault(again.form); fault != "" {
				t.Error(fault)
			}
		})
	}
}

// without is in without one part; "" takes nothing away.
func without(in Input, name string) Input {
	all := maps.Clone(in)
	delete(all, name)
	return all
}

// missing is name where in lacks it.
func missing(in Input, name string) string {
	if _, there := in[name]; there {
		return ""
	}
	return name
}

// shown is s on one line, without what steers a screen.
func shown(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u200b' {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// liveMarkup is what would ping, link or format.
var liveMarkup = regexp.MustCompile(`@(everyone|&|[0-9])|(^|[^\\])(<|\]\(|\*\*)`)

// keepsTyped checks that an answer holds every field that was typed, as plain
// text, and that nothing in it formats or pings.
func keepsTyped(t *testing.T, got answer, fields Input, want ...string) {
	t.Helper()
	plain := got.text
	for name, typed := range fields {
		if typed = shown(typed); !strings.Contains(shown(plain), typed) {
			t.Errorf("got\n%s\nwant it with what was typed as %s: %q", plain, name, typed)
		}
	}
	holds(t, "the answer", strings.ReplaceAll(plain, "\u200b", ""), want...)
	for _, b := range got.card.Blocks {
		for _, l := range b.Lines {
			if found := liveMarkup.FindString(string(l.Text)); found != "" {
				t.Errorf("got the markup %s with %q, want all of it escaped", l.Text, found)
			}
		}
	}
	if n := size(got.card); n > cards.MostText {
		t.Errorf("got %d characters, want at most %d", n, cards.MostText)
	}
}

func TestDeskSaveStaleKeepsBoth(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	state, fields := f5(r)
	r.amend("640")
	typed := fields.with(Input{"value": "700"})
	got := r.press(member(), "desk-save", Press{State: state, Fields: typed})
	holds(t, "the three versions", got.text, "F5 was changed by two", "Value: was 612 · published now 640 · yours 700")
	if now := r.snapshot().Item("figure/energy-attacks").(*briefings.Figure).Value; now != "640" {
		t.Errorf("F5 is %s, want the first change's 640", now)
	}
	again := r.pressOn(member(), got, "desk-reopen", Press{})
	if again.form == nil || fieldsOf(again.form)["value"] != "700" {
		t.Fatalf("opened again: got %+v %q, want 700 on top of revision 2", again.form, again.say)
	}
	saved := r.press(member(), "desk-save", Press{State: strings.TrimPrefix(again.form.Action, "desk-save:"), Fields: fieldsOf(again.form)})
	holds(t, "saved on top", saved.text+saved.say, "✓", "revision 3", "700")
}

// Reopening a stale form must not bring back what somebody else changed
// meanwhile in a field that this person never touched.
func TestDeskReopenKeepsWhatOthersChanged(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	state, fields := f5(r)
	const theirs = "612 attacks, counted by the ministry."
	first := r.press(member(), "desk-save", Press{State: state, Fields: fields.with(Input{"text": theirs})})
	holds(t, "the first to save", first.text+first.say, "revision 2")
	got := r.press(member(), "desk-save", Press{State: state, Fields: fields.with(Input{"value": "700"})})
	holds(t, "the second", got.text, "F5 was changed by two", "Changed by you alone", "700", "Changed by them alone", theirs)
	again := r.pressOn(member(), got, "desk-reopen", Press{})
	if again.form == nil {
		t.Fatalf("opened again: got %q, want the form", again.say)
	}
	if open := fieldsOf(again.form); open["text"] != theirs || open["value"] != "700" {
		t.Errorf("opened again: got text %q and value %q, want theirs and 700", open["text"], open["value"])
	}
	r.press(member(), "desk-save", Press{State: strings.TrimPrefix(again.form.Action, "desk-save:"), Fields: fieldsOf(again.form)})
	if f := r.snapshot().Item("figure/energy-attacks").(*briefings.Figure); f.Text != theirs || f.Value != "700" {
		t.Errorf("F5 says %q and %s, want both changes", f.Text, f.Value)
	}
}

func TestDeskSaveNeedsAServer(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	state, fields := f5(r)
	for name, got := range map[string]answer{
		"saving":    r.press(stranger(), "desk-save", Press{State: state, Fields: fields.with(Input{"value": "1"})}),
		"reopening": r.press(stranger(), "desk-reopen", Press{State: "x"}),
	} {
		if !strings.Contains(got.say, "server") {
			t.Errorf("%s outside a server: got %q %q, want a mistake", name, got.text, got.say)
		}
	}
	if snap := r.desk.Briefings.Base(); len(snap.Own()) != 0 || snap.Rev != 1 {
		t.Errorf("the catalogue is at revision %d, want it unchanged", snap.Rev)
	}
}

func TestDraftsBelongToTheirServer(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	state, fields := f5(r)
	got := r.press(member(), "desk-save", Press{State: state, Fields: fields.with(Input{"value": "secret"})})
	draft := strings.TrimPrefix(got.card.Buttons[0].Action, "desk-reopen:")
	for name, tt := range map[string]struct {
		who   Caller
		state string
	}{
		"another server":    {elsewhere(), draft},
		"a cut id":          {member(), draft[:len(draft)-1]},
		"nothing":           {member(), ""},
		"another case":      {member(), strings.ToLower(draft)},
		"a pattern":         {member(), "%"},
		"words of a query":  {member(), "' OR '1'='1"},
		"a null in the end": {member(), draft + "\x00"},
	} {
		got := r.press(tt.who, "desk-reopen", Press{State: tt.state})
		if got.form != nil || !strings.Contains(got.say, "/desk edit") {
			t.Errorf("%s: got form %+v, %q; want to be told to open a new one", name, got.form, got.say)
		}
	}
	colleague := member()
	colleague.User = "9"
	if got := r.press(colleague, "desk-reopen", Press{State: draft}); got.form == nil {
		t.Errorf("a colleague: got %q, want the form", got.say)
	}
}

func TestNothingTypedIsLostWithoutTheDatabase(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		away func(*rig)
		want string
	}{
		{"out of reach", func(r *rig) { r.store.cut.Store(true) }, "database"},
		{"out of reach since the start", func(r *rig) { r.store.cut.Store(true); r.restart() }, "database"},
		{"broken", func(r *rig) {
			if err := r.store.Close(); err != nil {
				r.t.Error(err)
			}
		}, "Something broke"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			state, fields := f5(r)
			tt.away(r)
			typed := fields.with(Input{"value": "640", "reason": "typed with care"})
			a, _ := r.set.Action("desk-save")
			reply, err := a.Run(t.Context(), member(), Press{State: state, Fields: typed})
			if broken := tt.name == "broken"; (err != nil) != broken {
				t.Errorf("got error %v, want a fault to log: %t", err, broken)
			}
			keepsTyped(t, answer{text: reply.Card.Plain(), card: reply.Card}, Input{"value": "640", "reason": "typed with care"}, tt.want)
			if len(reply.Card.Buttons) != 0 {
				t.Errorf("got the button %s, want none: no draft could be kept", reply.Card.Buttons[0].Action)
			}
		})
	}
}

// What a figure's own text says of a value that was changed is warned of, to
// whoever changed it and to every reader, in the language that the text is in.
func TestTextsThatSayAnOldNumber(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	form := r.ask(member(), "desk edit", Input{"item": "F5"}).form
	fields := Input{"op": "amend", "value": "700"}
	_, state, _ := strings.Cut(form.Action, ":")
	saved := r.press(member(), "desk-save", Press{State: state, Fields: fields})
	holds(t, "saving", saved.text, "The text of F5 itself still says 612. Edit it too.")
	holds(t, "the item", r.ask(member(), "item", Input{"ref": "F5"}).text, "⚠ the text still says 612, from before the value changed")
	reader := member()
	reader.Locales = []string{"uk"}
	holds(t, "the item in Ukrainian", r.ask(reader, "item", Input{"ref": "F5"}).text, "⚠ у тексті досі 612")
	holds(t, "elsewhere", r.ask(elsewhere(), "item", Input{"ref": "F5"}).text, "!still says")
	r.publish(briefings.OpCorrect, "mend the text", "F5", func(item briefings.Item) { item.Head().Text = "700 attacks in a year." })
	holds(t, "the mended item", r.ask(member(), "item", Input{"ref": "F5"}).text, "!still says")
}
