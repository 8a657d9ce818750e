package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"mime"
	"mime/multipart"
	"slices"
	"strings"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/commands"
	"sitrep/digests"
	"sitrep/sandbox/openapi"
	"sitrep/testenv"
)

// rendered is v as JSON, for golden files and for the rules.
func rendered(tb testing.TB, v any) []byte {
	tb.Helper()
	raw, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		tb.Fatal(err)
	}
	return append(raw, '\n')
}

// member is who asks in a server.
func member() commands.Caller {
	return commands.Caller{Desk: "1001", User: "7", Locales: []string{"en-US", "en-GB"}}
}

// asked asks a command of a desk.
func asked(tb testing.TB, desk commands.Desk, name string, in commands.Input) commands.Reply {
	tb.Helper()
	c, ok := desk.All().Command(name)
	if !ok {
		tb.Fatalf("there is no /%s", name)
	}
	reply, err := c.Run(tb.Context(), member(), in)
	if err != nil {
		tb.Fatal(err)
	}
	return reply
}

// digest is the bundled catalogue's digest of 21 January.
func digest(tb testing.TB, desk commands.Desk) cards.Card {
	tb.Helper()
	at := time.Date(2026, time.January, 21, 8, 0, 0, 0, time.UTC)
	card, _, err := digests.Writer{Briefings: desk.Briefings, Book: desk.Book}.Compose(tb.Context(), digests.Composition{
		Subscription: digests.Subscription{Desk: "1001", Zone: "Europe/Kyiv", Locale: "en-US"},
		Slot:         digests.Slot{ID: "abcdefghij0123456789", Due: at}, At: at, Next: at.Add(24 * time.Hour),
	})
	if err != nil {
		tb.Fatal(err)
	}
	return card
}

// screens are what people see most, each with the request that carries it.
func screens(tb testing.TB) map[string]any {
	tb.Helper()
	desk, _ := newDesk(tb)
	reader := func(name string) any {
		m := render(asked(tb, desk, name, nil).Card, "")
		m.Flags |= flagEphemeral
		return answer{Type: answerMessage, Data: m}
	}
	r := &Router{Book: desk.Book}
	private := r.mistake(context.Background(), Interaction{tally: new(tally)}, task{}, desk.Book.In("en"), outcome{err: briefings.Tell(briefings.ErrInvalid, hostileSay)})
	return map[string]any{
		"talks":  reader("talks"),
		"energy": reader("energy"),
		"actors": reader("actors"),
		"edit":   answer{Type: answerModal, Data: renderForm(*asked(tb, desk, "desk edit", commands.Input{"item": "F5"}).Form)},
		"error":  answer{Type: answerMessage, Data: private},
		"digest": digestMessage(digest(tb, desk), "abcdefghij0123456789"),
	}
}

func TestScreensGolden(t *testing.T) {
	t.Parallel()
	for name, screen := range screens(t) {
		testenv.Golden(t, "testdata/"+name+".json", rendered(t, screen))
	}
}

func TestScreensKeepTheRules(t *testing.T) {
	t.Parallel()
	for name, screen := range screens(t) {
		a, callback := screen.(answer)
		m, isMessage := a.Data.(message)
		if !callback {
			m, isMessage = screen.(message)
		}
		if !isMessage {
			continue
		}
		if err := openapi.CheckMessage(rendered(t, m)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if components, characters := count(m.Components); components > 40 || characters > 4000 || m.Flags&flagComponentsV2 == 0 || m.AllowedMentions.Parse == nil {
			t.Errorf("%s: got %d components, %d characters, flags %d, mentions %v", name, components, characters, m.Flags, m.AllowedMentions)
		}
	}
}

// count counts components, those inside others included, and their text.
func count(all []component) (components, characters int) {
	for _, c := range all {
		inner, text := count(c.Components)
		components += 1 + inner
		characters += len([]rune(c.Content)) + text
	}
	return components, characters
}

func TestScreensKeepTheDescription(t *testing.T) {
	t.Parallel()
	description, err := openapi.Load(testenv.OpenAPI(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, screen := range screens(t) {
		path := "/channels/1263112233445566755/messages"
		if _, callback := screen.(answer); callback {
			path = "/interactions/1463112233445566700/token/callback"
		}
		if err := description.CheckRequest("POST", path, rendered(t, screen)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// layout is what a message holds, in short.
func layout(m message) string {
	var parts []string
	for _, c := range m.Components[0].Components {
		switch c.Type {
		case textDisplay:
			parts = append(parts, fmt.Sprintf("%q", c.Content))
		case separator:
			parts = append(parts, "---")
		case mediaGallery:
			parts = append(parts, "gallery")
		case file:
			parts = append(parts, "file")
		case actionRow:
			var row []string
			for _, b := range c.Components {
				row = append(row, fmt.Sprintf("%d:%s%s", b.Type, b.CustomID, b.URL))
			}
			parts = append(parts, strings.Join(row, " "))
		}
	}
	return strings.Join(parts, " ")
}

func TestRenderLaysOut(t *testing.T) {
	t.Parallel()
	lines := func(texts ...cards.Markup) (all []cards.Line) {
		for _, text := range texts {
			all = append(all, cards.Line{Text: text})
		}
		return all
	}
	for _, tt := range []struct {
		name, delivery string
		card           cards.Card
		want           string
	}{
		{"title alone", "", cards.Card{Title: "T"}, `"T"`},
		{"title and block", "", cards.Card{Title: "T", Blocks: []cards.Block{{Lines: lines("a", "b")}}}, `"T\na\nb"`},
		{"blocks", "", cards.Card{Title: "T", Blocks: []cards.Block{{Lines: lines("a")}, {Heading: "H", Lines: lines("b")}}}, `"T\na" --- "H\nb"`},
		{"a block that lost its lines", "", cards.Card{Title: "T", Blocks: []cards.Block{{Lines: lines("a")}, {Heading: "H"}, {Lines: lines("c")}}}, `"T\na" --- "c"`},
		{"the first one lost its lines", "", cards.Card{Title: "T", Blocks: []cards.Block{{Heading: "H"}, {Lines: lines("c")}}}, `"T\nc"`},
		{"no title", "", cards.Card{Blocks: []cards.Block{{}, {Lines: lines("c")}}}, `"c"`},
		{"empty lines", "", cards.Card{Title: "T", Blocks: []cards.Block{{Lines: lines("a")}, {Lines: lines("", " ")}}}, `"T\na"`},
		{"footer", "", cards.Card{Title: "T", Footer: []cards.Markup{"f", "g"}}, `"T" "-# f\n-# g"`},
		{"buttons", "", cards.Card{Title: "T", Buttons: []cards.Button{{Action: "a:1"}, {URL: "https://x"}}}, `"T" 2:a:1 2:https://x`},
		{"buttons of a digest", "D1", cards.Card{Title: "T", Buttons: []cards.Button{{Action: "a:1"}, {URL: "https://x"}}}, `"T" 2:a:1@D1 2:https://x`},
		{"eleven buttons", "", cards.Card{Title: "T", Buttons: make([]cards.Button, 11)}, `"T" 2: 2: 2: 2: 2: 2: 2: 2: 2: 2:`},
		{"select", "D1", cards.Card{Title: "T", Selects: []cards.Select{{Action: "s", Options: []cards.Choice{{}}}}}, `"T" 3:s@D1`},
		{"select without options", "", cards.Card{Title: "T", Selects: []cards.Select{{Action: "s"}}}, `"T"`},
	} {
		if got := layout(render(tt.card, tt.delivery)); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestRenderOffersAFile(t *testing.T) {
	t.Parallel()
	c := cards.Card{
		Title:   "T",
		Picture: &cards.Picture{Name: "dates.png", PNG: []byte("\x89PNG"), Alt: "alt"},
		File:    &cards.File{Name: "dates.ics", Kind: "text/calendar; charset=utf-8", Data: []byte("BEGIN"), About: "Key dates"},
	}
	m := render(c, "")
	if got, want := layout(m), `"T" gallery file`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if shown := m.Components[0].Components[2].File; shown == nil || shown.URL != "attachment://dates.ics" {
		t.Errorf("the file is shown as %+v", shown)
	}
	want := []attachment{{ID: "0", Filename: "dates.png", Description: "alt"}, {ID: "1", Filename: "dates.ics", Description: "Key dates"}}
	if !slices.Equal(m.Attachments, want) {
		t.Errorf("it announces %+v, want %+v", m.Attachments, want)
	}
	if len(m.files) != 2 || m.files[1].name != "dates.ics" || m.files[1].kind != c.File.Kind || string(m.files[1].data) != "BEGIN" {
		t.Errorf("with it come %+v", m.files)
	}
}

// A picture comes with its file, and with its words wherever it is shown.
func TestRenderShowsAPicture(t *testing.T) {
	t.Parallel()
	m := render(cards.Card{Title: "T", Footer: []cards.Markup{"f"}, Picture: &cards.Picture{Name: "positions.png", PNG: []byte("\x89PNG"), Alt: strings.Repeat("ї", 1030)}}, "")
	if got, want := layout(m), `"T" gallery "-# f"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	alt := strings.Repeat("ї", 1023) + "…"
	if want := []attachment{{ID: "0", Filename: "positions.png", Description: alt}}; !slices.Equal(m.Attachments, want) {
		t.Errorf("it announces %+v, want %+v", m.Attachments, want)
	}
	shown := m.Components[0].Components[1].Items[0]
	if shown.Description != alt || shown.Media.URL != "attachment://positions.png" {
		t.Errorf("the picture is shown as %+v", shown)
	}
	kind, body, err := encode(answer{Type: answerMessage, Data: m})
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(kind)
	if err != nil {
		t.Fatal(err)
	}
	form, err := multipart.NewReader(bytes.NewReader(body), params["boundary"]).ReadForm(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	files := form.File["files[0]"]
	if len(files) != 1 || files[0].Filename != "positions.png" || files[0].Header.Get("Content-Type") != "image/png" || files[0].Size != 4 {
		t.Errorf("the form's files are %+v", form.File)
	}
	if said := form.Value["payload_json"]; len(said) != 1 || !strings.Contains(said[0], `"type":4`) {
		t.Errorf("the form's payload is %q", said)
	}
}

func TestRenderKeepsManyBlocks(t *testing.T) {
	t.Parallel()
	card := cards.Card{Title: "T", Footer: []cards.Markup{"f"}, Buttons: make([]cards.Button, 5), Selects: []cards.Select{{Options: make([]cards.Choice, 1)}}}
	for i := range 100 {
		card.Blocks = append(card.Blocks, cards.Block{Heading: "H", Lines: []cards.Line{{Text: cards.Markup(fmt.Sprintf("line %d.", i))}}})
	}
	m := render(card, "")
	if components, _ := count(m.Components); components > 40 {
		t.Errorf("got %d components, want at most 40", components)
	}
	for i := range 100 {
		if got := layout(m); strings.Count(got, fmt.Sprintf("line %d.", i)) != 1 {
			t.Errorf("got %s, want line %d in it once", got, i)
		}
	}
}

func TestRenderFormKeepsTheBounds(t *testing.T) {
	t.Parallel()
	m := renderForm(cards.Form{Action: "save:x", Title: strings.Repeat("ї", 60), Fields: []cards.FormField{
		{Name: "line", Label: "L", Hint: "H", Value: "v", Most: 9},
		{Name: "text", Long: true, Required: true},
		{Name: "pick", Choices: make([]cards.Choice, 30)},
	}})
	if n := len([]rune(m.Title)); n != 45 || m.CustomID != "save:x" {
		t.Errorf("got a title of %d characters and the id %s, want 45 and save:x", n, m.CustomID)
	}
	var got []string
	for _, part := range m.Components {
		c := part.Component
		got = append(got, fmt.Sprintf("%d %s/%s: %d %s style %d required %t max %d options %d value %s",
			part.Type, part.Label, part.Description, c.Type, c.CustomID, c.Style, *c.Required, c.MaxLength, len(c.Options), c.Value))
	}
	want := []string{
		"18 L/H: 4 line style 1 required false max 9 options 0 value v",
		"18 /: 4 text style 2 required true max 0 options 0 value ",
		"18 /: 3 pick style 0 required false max 0 options 25 value ",
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("field %d: got %s, want %s", i, got[i], want[i])
		}
	}
}

// randomCard is any card that handlers could make.
func randomCard(seed uint64, text string) cards.Card {
	r := rand.New(rand.NewPCG(seed, 7))
	words := func(most int) cards.Markup {
		runes := []rune(text)
		if len(runes) == 0 {
			return ""
		}
		at := r.IntN(len(runes))
		return cards.Escape(strings.Repeat(string(runes[at:min(len(runes), at+1+r.IntN(most))]), 1+r.IntN(4)))
	}
	c, longest := cards.Card{Title: "## " + words(80), Colour: r.IntN(1 << 24)}, 1+r.IntN(300)
	for range r.IntN(40) {
		b := cards.Block{Heading: words(40)}
		for range r.IntN(12) {
			b.Lines = append(b.Lines, cards.Line{Text: words(longest)})
		}
		c.Blocks = append(c.Blocks, b)
	}
	for range r.IntN(3) {
		c.Footer = append(c.Footer, words(100))
	}
	for i := range r.IntN(8) {
		c.Buttons = append(c.Buttons, cards.Button{Action: fmt.Sprint("press:", i), Label: "Press"})
	}
	if r.IntN(2) == 0 {
		c.Selects = []cards.Select{{Action: "pick"}}
		for i := range 1 + r.IntN(30) {
			c.Selects[0].Options = append(c.Selects[0].Options, cards.Choice{Label: "one", Value: fmt.Sprint(i)})
		}
	}
	return c
}

// FuzzRender checks that every card makes a message that Discord takes.
func FuzzRender(f *testing.F) {
	w := book(f).In("en")
	for seed := range uint64(40) {
		f.Add(seed, "Мир *and* <@1> _peace_\n\n# @everyone `x` | 停戦 \u202e \u200b")
	}
	f.Add(uint64(1), "")
	f.Add(uint64(2), "\xff\xfe")
	f.Fuzz(func(t *testing.T, seed uint64, text string) {
		card := randomCard(seed, text)
		m := render(card.Fit(cards.MostText, w), "abcdefghij0123456789")
		raw := rendered(t, m)
		if err := openapi.CheckMessage(raw); err != nil {
			t.Errorf("seed %d, text %q: %v", seed, text, err)
		}
		if components, characters := count(m.Components); components > 40 || characters > 4000 {
			t.Errorf("seed %d, text %q: got %d components and %d characters, want at most 40 and 4000", seed, text, components, characters)
		}
		for _, c := range m.Components[0].Components {
			if c.Type == textDisplay && strings.TrimSpace(c.Content) == "" {
				t.Errorf("seed %d, text %q: got an empty text", seed, text)
			}
			if n := len(c.Components); c.Type == actionRow && (n == 0 || n > 5 || len(c.Components[0].Options) > 25) {
				t.Errorf("seed %d, text %q: got a row of %d with %d options", seed, text, n, len(c.Components[0].Options))
			}
		}
	})
}

func TestMessageIsTheCallbacksData(t *testing.T) {
	t.Parallel()
	raw, err := Message(cardSaying("x"))
	if err != nil {
		t.Fatal(err)
	}
	if err := openapi.CheckMessage(raw); err != nil {
		t.Error(err)
	}
	if !strings.Contains(string(raw), `"content": "x"`) || !strings.Contains(string(raw), `"parse": []`) {
		t.Errorf("got %s, want the text and no mentions", raw)
	}
}

// BenchmarkTalks is /talks from the payload to the answer, without the network.
func BenchmarkTalks(b *testing.B) {
	desk, _ := newDesk(b)
	set, w, raw := desk.All(), desk.Book.In("en"), sample(b, "guild_command")
	b.ReportAllocs()
	for b.Loop() {
		in, err := ParseInteraction(raw)
		if err != nil {
			b.Fatal(err)
		}
		r := &Router{Set: set, Book: desk.Book}
		t, err := r.task(in, w)
		if err != nil {
			b.Fatal(err)
		}
		o := run(b.Context(), t)
		if o.err != nil {
			b.Fatal(o.err)
		}
		if _, err := json.Marshal(answer{Type: answerMessage, Data: render(o.reply.Card, "")}); err != nil {
			b.Fatal(err)
		}
	}
}
