package commands

import (
	"strings"
	"testing"

	"sitrep/briefings"
	"sitrep/cards"
)

// What a form shows of an item is what it reads back, field by field: nobody can
// change a thing by opening a form and sending it as it is.
func TestFormsReadWhatTheyShow(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	snap := r.snapshot()
	telling := r.desk.telling(member(), snap)
	for _, item := range snap.Items() {
		copied, err := briefings.Clone(item)
		if err != nil {
			t.Fatal(err)
		}
		read, err := readForm(telling, copied, shownFields(telling, item))
		if err != nil {
			t.Errorf("%s: %v", item.Head().ID, err)
			continue
		}
		if same, err := briefings.Equal(read, item); err != nil || !same {
			t.Errorf("%s differs once it is sent as it was shown: %v, %v", item.Head().ID, briefings.CompareFields(item, read), err)
		}
	}
}

// Discord refuses a form that breaks its bounds: every page of every kind, new
// and filled in, in every language.
func TestEveryPageOfEveryFormFits(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	snap := r.snapshot()
	first := map[briefings.Kind]briefings.Item{}
	for _, item := range snap.Items() {
		if first[item.Head().ID.Kind()] == nil {
			first[item.Head().ID.Kind()] = item
		}
	}
	for _, tag := range briefings.Languages() {
		who := member()
		who.Locales = []string{tag}
		telling := r.desk.telling(who, snap)
		for _, kind := range briefings.Kinds() {
			seen := map[string]bool{}
			for _, draft := range []briefings.Draft{
				{ID: strings.Repeat("A", 26), Item: first[kind].Head().ID, Seen: 1},
				{Item: briefings.ID(string(kind) + unseen)},
			} {
				for page := range formPages(draft) {
					form := itemForm(telling, draft, page)
					if fault := formFault(form); fault != "" {
						t.Errorf("%s: page %d of %s: %s", tag, page, draft.Item, fault)
					}
					for _, f := range form.Fields {
						seen[f.Name] = true
						if len(f.Choices) > 25 {
							t.Errorf("%s: %s of %s offers %d choices", tag, f.Name, draft.Item, len(f.Choices))
						}
					}
				}
			}
			for _, f := range briefings.Fields(first[kind]) {
				switch f.Name {
				case "id", "refs", "translations", "command", "retired":
				default:
					if !seen[f.Name] {
						t.Errorf("%s of %s is on no page", f.Name, kind)
					}
				}
			}
		}
	}
}

// hostiles are what people may send in any field of any form.
func hostiles() map[string]string {
	return map[string]string{
		"mentions":   "@everyone <@&1> <@7> <#5> @here",
		"markdown":   "**x** [y](http://127.0.0.1/) ~~z~~ `code` ||s|| # h",
		"zero width": "a\u200bb\u200dc\ufeffd", "override": "abc\u202e\u2066def",
		"emoji": strings.Repeat("🔥", 4000), "long": strings.Repeat("word ", 900), "nul": "a\x00b", "broken": "\xff\xfe\xfd",
		"template": "{{.Ref}} %s %d %!v", "sql": "'; DROP TABLE drafts; --", "separators": "| | | ;;; ,,,\n\n|\n", "path": "../../etc/passwd",
	}
}

// Every field of every kind, filled with what is hostile: the answer says what is
// wrong or keeps it as text, and Discord can take it.
func TestFormsTakeAnything(t *testing.T) {
	t.Parallel()
	for _, kind := range briefings.Kinds() {
		if kind == briefings.KindSection {
			continue // which has a command of its own
		}
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			for name, text := range hostiles() {
				fields := Input{}
				for _, field := range formFields(kind) {
					fields[field] = text
				}
				got := r.press(member(), "desk-save", Press{State: string(kind) + unseen + ":0", Fields: fields})
				if got.text == "" {
					t.Errorf("%s: got %q, want a card", name, got.say)
					continue
				}
				pings(t, got.card)
				if n := size(got.card); n > cards.MostText {
					t.Errorf("%s: got %d characters", name, n)
				}
				for _, b := range got.card.Blocks {
					for _, l := range b.Lines {
						if found := liveMarkup.FindString(string(l.Text)); found != "" && !strings.HasPrefix(string(l.Text), "• **") {
							t.Errorf("%s: got the markup %.200s with %q", name, l.Text, found)
						}
					}
				}
				again := r.pressOn(member(), got, "desk-reopen", Press{})
				if fault := formFault(again.form); fault != "" {
					t.Errorf("%s: opened again: %s", name, fault)
				}
			}
			if own := len(r.snapshot().Own()); own != 0 {
				t.Errorf("got %d revisions of nonsense", own)
			}
		})
	}
}
