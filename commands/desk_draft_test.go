package commands

import (
	"strings"
	"testing"

	"sitrep/briefings"
	"sitrep/cards"
)

func TestDeskAddPublishes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind string
		in   Input
		id   briefings.ID
		ref  string
	}{
		{"event", Input{"headline": "Talks resume in Geneva", "type": "meeting", "happened": "scheduled", "valid": "2026-02-01", "sections": "talks", "sources": "SRC1 | para 3 | 3 | primary"}, "event/talks-resume-in-geneva", "E27"},
		{"figure", Input{"text": "Boilers sent.", "value": "30", "unit": "boilers", "series": "boilers.sent", "sections": "energy", "sources": "SRC1"}, "figure/boilers-sent", "F21"},
		{"actor", Input{"name": "Олена", "is": "person", "side": "Ukraine", "text": "A new adviser.", "sources": "SRC1"}, "actor/a37", "A37"},
		{"position", Input{"actor": "A5", "issue": "Sign at Davos", "stance": "supports", "text": "Wants to sign.", "sections": "talks", "sources": "SRC1"}, "position/sign-at-davos", "P32"},
		{"statement", Input{"speaker": "A5", "gist": "Ready to sign.", "said_on": "2026-01-17", "sections": "talks", "sources": "SRC1"}, "statement/ready-to-sign", "S28"},
		{"plan", Input{"title": "A shorter plan", "status": "concept", "text": "Ten points.", "sections": "plan", "sources": "SRC1"}, "plan/a-shorter-plan", "DOC8"},
		{"assessment", Input{"judgement": "A signing is near.", "author": "SRC1", "confidence": "low", "basis": "One article.", "sections": "talks", "sources": ""}, "", ""},
		{"question", Input{"question": "Who signs?", "why": "It decides.", "would_answer": "A joint text.", "watch_date": "2026-01-23", "sections": "talks"}, "question/who-signs", "Q18"},
		{"source", Input{"publisher": "The Gazette", "title": "A report", "url": "https://example.org/a", "published": "2026-01-18", "reliability": "B"}, "source/a-report", "SRC9"},
		{"conflict", Input{"members": "F1, F5", "about": "value", "text": "They may not agree.", "state": "open"}, "conflict/they-may-not-agree", "C27"},
	} {
		t.Run(tt.kind, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			form := r.ask(member(), "desk add", Input{"kind": tt.kind, "section": tt.in["sections"]}).form
			if form == nil {
				t.Fatal("got no form")
			}
			offered := fieldsOf(form)
			delete(tt.in, "sections")
			for name := range tt.in {
				if _, there := offered[name]; !there && !chooses(form, name) {
					t.Errorf("the form doesn't ask for %s", name)
				}
			}
			got := r.press(member(), "desk-save", Press{State: strings.TrimPrefix(form.Action, "desk-save:"), Fields: offered.with(tt.in)})
			if tt.id == "" {
				holds(t, tt.kind, got.text, "Nothing was saved yet", "Sources: is missing")
				return
			}
			holds(t, tt.kind, got.text+got.say, "✓ "+tt.ref+" is added: revision 2")
			if item := r.snapshot().Item(tt.id); item == nil || item.Head().Ref() != tt.ref {
				t.Errorf("got %v, want %s with the label %s", item, tt.id, tt.ref)
			}
		})
	}
}

func chooses(form *cards.Form, name string) bool {
	for _, f := range form.Fields {
		if f.Name == name && len(f.Choices) > 0 {
			return true
		}
	}
	return false
}

// What is missing is asked for on the pages to come, and nothing typed is lost
// on the way.
func TestDeskAddInSeveralForms(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	form := r.ask(member(), "desk add", Input{"kind": "figure", "section": "energy"}).form
	got := r.press(member(), "desk-save", Press{State: strings.TrimPrefix(form.Action, "desk-save:"), Fields: Input{"text": "Boilers sent.", "value": "thirty", "unit": "boilers"}})
	holds(t, "half of it", got.text, "Nothing was saved yet", "digits only", "Boilers sent.", "thirty")
	again := r.pressOn(member(), got, "desk-reopen", Press{})
	if again.form == nil || fieldsOf(again.form)["value"] != "thirty" {
		t.Fatalf("reopened: got %+v %q, want what was typed", again.form, again.say)
	}
	got = r.press(member(), "desk-save", Press{State: strings.TrimPrefix(again.form.Action, "desk-save:"), Fields: fieldsOf(again.form).with(Input{"value": "30", "series": "boilers.sent"})})
	holds(t, "without a source", got.text, "Sources: is missing")
	more := r.pressOn(member(), got, "desk-fields", Press{Values: []string{"1"}})
	if more.form == nil {
		t.Fatalf("more fields: got %q, want a form", more.say)
	}
	got = r.press(member(), "desk-save", Press{State: strings.TrimPrefix(more.form.Action, "desk-save:"), Fields: fieldsOf(more.form).with(Input{"caveat": "Not confirmed."})})
	holds(t, "another page", got.text, "DRAFT", "Value: 30", "Caveat: Not confirmed.")
	back := r.pressOn(member(), got, "desk-fields", Press{Values: []string{"0"}})
	got = r.press(member(), "desk-save", Press{State: strings.TrimPrefix(back.form.Action, "desk-save:"), Fields: fieldsOf(back.form).with(Input{"sources": "SRC1"})})
	holds(t, "whole", got.text, "✓ F21 is added")
	f, _ := r.snapshot().ByRef("F21").(*briefings.Figure)
	if f == nil || f.Caveat != "Not confirmed." || f.Value != "30" || len(f.Sources) != 1 {
		t.Errorf("got %+v, want all that was typed", f)
	}
	if drafts, err := r.desk.Briefings.Drafts(t.Context(), member().Desk, 10); err != nil || len(drafts) != 0 {
		t.Errorf("got the drafts %+v, %v, want none left", drafts, err)
	}
}

// Where the server wants a second moderator nothing is published by whoever
// wrote it, whatever the way.
func TestTwoPersonRule(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		do   func(r *rig, who Caller) answer
		says string
	}{
		{"a form", func(r *rig, who Caller) answer {
			form := r.ask(who, "desk edit", Input{"item": "F5"}).form
			return r.press(who, "desk-save", Press{State: strings.TrimPrefix(form.Action, "desk-save:"), Fields: fieldsOf(form).with(Input{"value": "640"})})
		}, "F5"},
		{"YAML", func(r *rig, who Caller) answer {
			form := r.ask(who, "desk edit", Input{"item": "F5", "as": "yaml"}).form
			fields := fieldsOf(form)
			fields["yaml"] = strings.Replace(fields["yaml"], `"612"`, `"640"`, 1)
			return r.press(who, "desk-save", Press{State: strings.TrimPrefix(form.Action, "desk-save:"), Fields: fields})
		}, "F5"},
		{"confirming", func(r *rig, who Caller) answer { return r.ask(who, "desk confirm", Input{"item": "F5"}) }, "F5"},
		{"retracting", func(r *rig, who Caller) answer {
			shown := r.ask(who, "desk retract", Input{"item": "C15", "reason": "a slip"})
			return r.pressOn(who, shown, "desk-publish", Press{})
		}, "C15"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			author, second := member(), member()
			author.Settings.TwoPerson, second.Settings.TwoPerson = briefings.SettingOn, briefings.SettingOn
			second.User = "9"
			if _, _, err := r.desk.Briefings.ChangeSettings(t.Context(), author.Desk, "1", map[briefings.Setting]string{briefings.TwoPersonRule: briefings.SettingOn}); err != nil {
				t.Fatal(err)
			}
			got := tt.do(r, author)
			holds(t, "handed on", got.text+got.say, "waits for a second moderator", tt.says)
			if n := len(r.snapshot().Own()); n != 0 {
				t.Fatalf("got %d revisions, want none before a second moderator", n)
			}
			for _, b := range got.card.Buttons {
				if strings.HasPrefix(b.Action, "desk-publish") {
					t.Errorf("the author is offered %s", b.Action)
				}
			}
			drafts, err := r.desk.Briefings.Drafts(t.Context(), author.Desk, 10)
			if err != nil || len(drafts) != 1 {
				t.Fatalf("got the drafts %+v, %v, want one", drafts, err)
			}
			forged := r.press(author, "desk-publish", Press{State: drafts[0].ID})
			if n := len(r.snapshot().Own()); n != 0 {
				t.Errorf("the author's forged press published: %s", forged.text)
			}
			opened := r.ask(second, "desk publish", Input{"draft": drafts[0].ID})
			done := r.pressOn(second, opened, "desk-publish", Press{})
			holds(t, "the second", done.text+done.say, "✓", "revision 2")
			own := r.snapshot().Own()
			if len(own) != 1 || own[0].RecordedBy != author.User || own[0].ApprovedBy != second.User {
				t.Errorf("got %+v, want one revision by %s, approved by %s", own, author.User, second.User)
			}
			holds(t, "twice", r.press(second, "desk-publish", Press{State: drafts[0].ID}).say, "no longer kept")
		})
	}
}

// A draft is its desk's alone.
func TestDraftsOfAnotherServer(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	form := r.ask(member(), "desk edit", Input{"item": "F5"}).form
	got := r.press(member(), "desk-save", Press{State: strings.TrimPrefix(form.Action, "desk-save:"), Fields: fieldsOf(form).with(Input{"value": "x"})})
	id := strings.TrimPrefix(got.card.Buttons[0].Action, "desk-reopen:")
	for _, action := range []string{"desk-publish", "desk-merge", "desk-discard", "desk-reopen", "desk-fields", "desk-correct"} {
		for _, state := range []string{id, id + ":1", "x' OR '1'='1", ""} {
			answer := r.press(elsewhere(), action, Press{State: state, Values: []string{"0"}})
			if answer.form != nil || !strings.Contains(answer.say, "no longer kept") {
				t.Errorf("%s %s from another server: got %q %q", action, state, answer.say, answer.text)
			}
		}
	}
	holds(t, "publish", r.ask(elsewhere(), "desk publish", Input{"draft": id}).say, "no longer kept")
	holds(t, "chosen", r.press(elsewhere(), "desk-draft", Press{Values: []string{id}}).say, "no longer kept")
	if _, err := r.desk.Briefings.Draft(t.Context(), member().Desk, id); err != nil {
		t.Errorf("it is gone: %v", err)
	}
}

func TestDeskConfirmsMany(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.now = r.now.AddDate(0, 0, 40)
	list := r.ask(moderator(), "desk confirm", nil)
	holds(t, "the list", list.text, "past their review", "F5")
	got := r.pressOn(moderator(), list, "desk-confirm", Press{Values: []string{"figure/energy-attacks:1", "figure/warmest-frost:1", "figure/energy-attacks:1"}})
	if len(r.snapshot().Own()) == 0 {
		got = r.pressOn(moderator(), list, "desk-confirm", Press{Values: []string{"figure/energy-attacks:1"}})
	}
	holds(t, "confirmed", got.text+got.say, "✓")
	for _, values := range [][]string{nil, {"figure/never-was:1"}, {""}, {"figure/energy-attacks"}, {"figure/energy-attacks:1"}} { // the last was changed since
		if bad := r.pressOn(moderator(), list, "desk-confirm", Press{Values: values}); bad.say == "" {
			t.Errorf("%v: got %q, want a mistake", values, bad.text)
		}
	}
}

func TestBriefThis(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	who := moderator()
	who.Role = Moderator
	form := r.ask(who, MenuBrief, Input{"message": "55", "text": "**Power** is back in <@1> Kyiv\n\n@everyone"}).form
	if form == nil || formFault(form) != "" {
		t.Fatalf("got %+v, want a form that Discord takes", form)
	}
	state := strings.TrimPrefix(form.Action, "desk-brief:")
	fields := Input{"kind": "event", "sections": "energy", "text": "Power is back in Kyiv"}
	got := r.press(who, "desk-brief", Press{State: state, Fields: fields})
	holds(t, "a moderator's", got.text, "DRAFT", "added E27", "Power is back in Kyiv")
	reader := member()
	reader.User, reader.Role = "77", Reader
	for range mostSuggested {
		holds(t, "a reader's", r.press(reader, "desk-brief", Press{State: state, Fields: fields}).text, "Thank you")
	}
	holds(t, "one too many", r.press(reader, "desk-brief", Press{State: state, Fields: fields}).text, "Enough", "Power is back", "!Thank")
	holds(t, "no kind", r.press(reader, "desk-brief", Press{State: state, Fields: Input{"text": "typed with care"}}).text, "typed with care")
	r.store.cut.Store(true)
	for _, somebody := range []Caller{who, reader} {
		holds(t, "without the database", r.press(somebody, "desk-brief", Press{State: state, Fields: fields}).text, "Power is back")
	}
	r.store.cut.Store(false)
	holds(t, "the queue", r.ask(who, "desk drafts", nil).text, "suggested", "not finished")
	for _, forged := range []string{"", "1:2:3", "x:y", "../..:1", "1:2) [x](http://x"} {
		got := r.press(who, "desk-brief", Press{State: forged, Fields: fields})
		if strings.Contains(got.text, "http") {
			t.Errorf("forged link %q: got %s", forged, got.text)
		}
	}
}

// Both of two who changed different fields get what they wanted, once the second
// has seen it.
func TestMergePublishesBoth(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	state, fields := f5(r)
	const theirs = "612 attacks, counted by the ministry."
	r.press(member(), "desk-save", Press{State: state, Fields: fields.with(Input{"text": theirs})})
	got := r.press(member(), "desk-save", Press{State: state, Fields: fields.with(Input{"value": "700"})})
	stale := got
	r.amend("701") // and somebody is quicker once more
	again := r.pressOn(member(), stale, "desk-merge", Press{})
	holds(t, "changed since", again.text, "F5 was changed by two", "published now 701 · yours 700")
	done := r.pressOn(member(), again, "desk-merge", Press{})
	holds(t, "merged", done.text+done.say, "✓", "revision 4")
	if f := r.snapshot().Item("figure/energy-attacks").(*briefings.Figure); f.Text != theirs || f.Value != "700" {
		t.Errorf("F5 says %q and %s, want both changes", f.Text, f.Value)
	}
}

// What one message can't repeat comes back as a file where no draft can be kept.
func TestLongYAMLComesBackWithoutTheDatabase(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	form := r.ask(member(), "desk edit", Input{"item": "F5", "as": "yaml"}).form
	r.store.cut.Store(true)
	fields := fieldsOf(form)
	fields["yaml"] += "  caveat: " + strings.Repeat("typed with care ", 100)
	got := r.press(member(), "desk-save", Press{State: strings.TrimPrefix(form.Action, "desk-save:"), Fields: fields})
	if got.card.File == nil || !strings.Contains(string(got.card.File.Data), fields["yaml"]) {
		t.Errorf("got the file %+v, want all that was typed in it:\n%s", got.card.File, got.text)
	}
}

// A form that is sent a month after it was opened finds its draft gone, and what
// was typed comes back all the same.
func TestStaleFormsComeBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	form := r.ask(member(), "desk add", Input{"kind": "event", "section": "talks"}).form
	got := r.press(member(), "desk-save", Press{State: strings.TrimPrefix(form.Action, "desk-save:"), Fields: Input{"headline": "Half of it"}})
	again := r.pressOn(member(), got, "desk-reopen", Press{})
	r.now = r.now.AddDate(0, 0, 7)
	got = r.press(member(), "desk-save", Press{State: strings.TrimPrefix(again.form.Action, "desk-save:"), Fields: Input{"headline": "A week later"}})
	holds(t, "a week later", got.text, "A week later", "Sources: is missing")
	r.now = r.now.AddDate(0, 0, 31)
	got = r.press(member(), "desk-save", Press{State: strings.TrimPrefix(again.form.Action, "desk-save:"), Fields: Input{"headline": "Typed with care"}})
	holds(t, "a month later", got.text, "no longer kept", "Typed with care")
}

// Whoever changes another's draft has to have that seen by somebody else: nobody
// publishes under the other's name what only they have seen.
func TestSecondPersonEditsAndMayNotPublish(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	author, second := member(), member()
	author.Settings.TwoPerson, second.Settings.TwoPerson = briefings.SettingOn, briefings.SettingOn
	second.User = "9"
	if _, _, err := r.desk.Briefings.ChangeSettings(t.Context(), author.Desk, "1", map[briefings.Setting]string{briefings.TwoPersonRule: briefings.SettingOn}); err != nil {
		t.Fatal(err)
	}
	form := r.ask(author, "desk edit", Input{"item": "F5"}).form
	waiting := r.press(author, "desk-save", Press{State: strings.TrimPrefix(form.Action, "desk-save:"), Fields: fieldsOf(form).with(Input{"value": "640"})})
	again := r.pressOn(second, waiting, "desk-reopen", Press{})
	got := r.press(second, "desk-save", Press{State: strings.TrimPrefix(again.form.Action, "desk-save:"), Fields: fieldsOf(again.form).with(Input{"value": "999"})})
	holds(t, "their own change", got.text, "waits for a second moderator")
	id := strings.TrimPrefix(got.card.Buttons[0].Action, "desk-reopen:")
	for _, state := range []string{id, id + ":1", id + ":2", id + ":3", id + ":4"} {
		r.press(second, "desk-publish", Press{State: state})
	}
	if n := len(r.snapshot().Own()); n != 0 {
		t.Fatalf("got %d revisions, want none: nobody else has seen 999", n)
	}
	opened := r.ask(author, "desk publish", Input{"draft": id})
	holds(t, "the other one", r.pressOn(author, opened, "desk-publish", Press{}).text, "✓", "revision 2")
}

// Two presses on one draft make one item.
func TestPublishingADraftTwiceMakesOneItem(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	who := moderator()
	who.Role = Moderator
	r.press(who, "desk-brief", Press{State: "1:2", Fields: Input{"kind": "question", "sections": "talks", "text": "Who signs?"}})
	drafts, err := r.desk.Briefings.Drafts(t.Context(), who.Desk, 10)
	if err != nil || len(drafts) != 1 {
		t.Fatalf("got the drafts %+v, %v, want one", drafts, err)
	}
	draft, err := r.desk.Briefings.Draft(t.Context(), who.Desk, drafts[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, "the first", r.press(who, "desk-publish", Press{State: draft.ID + ":1"}).text, "✓ Q18 is added")
	// The second was read before the first was done, and not dropped by then.
	kept := draft
	kept.ID, kept.Version = "", 0
	id, err := r.desk.Briefings.KeepDraft(t.Context(), kept)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.desk.Briefings.KeepDraft(t.Context(), briefings.Draft{ID: id, Version: 1, Desk: who.Desk, Author: who.User, Item: draft.Item, Fields: draft.Fields}); err != nil {
		t.Fatal(err) // which is how the first claims it
	}
	holds(t, "the second", r.press(who, "desk-publish", Press{State: id + ":1"}).text, "DRAFT", "!✓")
	if n := len(r.snapshot().Own()); n != 1 {
		t.Errorf("got %d revisions, want one", n)
	}
}

// A moderator publishes what they saw, and nothing that was changed since.
func TestPublishingWhatWasChangedSince(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	author, second := member(), member()
	author.Settings.TwoPerson, second.Settings.TwoPerson = briefings.SettingOn, briefings.SettingOn
	second.User = "9"
	form := r.ask(author, "desk edit", Input{"item": "F5"}).form
	waiting := r.press(author, "desk-save", Press{State: strings.TrimPrefix(form.Action, "desk-save:"), Fields: fieldsOf(form).with(Input{"value": "640"})})
	id := strings.TrimPrefix(waiting.card.Buttons[0].Action, "desk-reopen:")
	opened := r.ask(second, "desk publish", Input{"draft": id})
	again := r.pressOn(author, waiting, "desk-reopen", Press{})
	r.press(author, "desk-save", Press{State: strings.TrimPrefix(again.form.Action, "desk-save:"), Fields: fieldsOf(again.form).with(Input{"value": "9999"})})
	got := r.pressOn(second, opened, "desk-publish", Press{})
	holds(t, "shown anew", got.text, "DRAFT", "9999")
	if n := len(r.snapshot().Own()); n != 0 {
		t.Errorf("got %d revisions of what nobody saw", n)
	}
	// What is handed back unfinished is not theirs to publish.
	later := r.ask(author, "desk edit", Input{"item": "F6"}).form
	typed := r.press(author, "desk-save", Press{State: strings.TrimPrefix(later.Action, "desk-save:"), Fields: fieldsOf(later).with(Input{"value": "16000", "op": opLater})})
	holds(t, "kept for later", typed.text, "not finished")
	for _, b := range typed.card.Buttons {
		if name, state, _ := strings.Cut(b.Action, ":"); name == "desk-publish" {
			r.press(second, name, Press{State: state})
		}
	}
	if n := len(r.snapshot().Own()); n != 0 {
		t.Errorf("got %d revisions of what its author isn't done with", n)
	}
}

// Of two who fill in one draft nobody wipes what the other typed.
func TestTwoFillInOneDraft(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	form := r.ask(member(), "desk add", Input{"kind": "event", "section": "talks"}).form
	got := r.press(member(), "desk-save", Press{State: strings.TrimPrefix(form.Action, "desk-save:"), Fields: Input{"headline": "Half of it"}})
	colleague := member()
	colleague.User = "9"
	mine, theirs := r.pressOn(member(), got, "desk-reopen", Press{}), r.pressOn(colleague, got, "desk-reopen", Press{})
	r.press(colleague, "desk-save", Press{State: strings.TrimPrefix(theirs.form.Action, "desk-save:"), Fields: fieldsOf(theirs.form).with(Input{"valid": "2026-02-01"})})
	r.press(member(), "desk-save", Press{State: strings.TrimPrefix(mine.form.Action, "desk-save:"), Fields: fieldsOf(mine.form).with(Input{"type": "meeting"})})
	drafts, err := r.desk.Briefings.Drafts(t.Context(), member().Desk, 10)
	if err != nil || len(drafts) != 2 {
		t.Fatalf("got the drafts %+v, %v, want one of each", drafts, err)
	}
	said := drafts[0].Fields["valid"] + drafts[1].Fields["valid"] + drafts[0].Fields["type"] + drafts[1].Fields["type"]
	if !strings.Contains(said, "2026-02-01") || !strings.Contains(said, "meeting") {
		t.Errorf("got %+v, want what both typed", drafts)
	}
}

// Reverting, as it was asked for, undoes nothing that was published since.
func TestRevertSeesWhatWasPublishedSince(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.amend("640")
	list := r.ask(member(), "desk history", Input{"item": "F5"})
	shown := r.pressOn(member(), list, "desk-revision", Press{Values: []string{"1"}})
	form := r.pressOn(member(), shown, "desk-revert", Press{}).form
	r.amend("777")
	got := r.press(member(), "desk-reverted", Press{State: strings.TrimPrefix(form.Action, "desk-reverted:"), Fields: Input{"op": "amend", "reason": "typed with care"}})
	holds(t, "overtaken", got.text, "F5 was changed by two", "777")
	if f := r.snapshot().Item("figure/energy-attacks").(*briefings.Figure); f.Value != "777" {
		t.Errorf("F5 is %s, want 777 as published since", f.Value)
	}
}
