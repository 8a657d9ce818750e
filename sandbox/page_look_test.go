package sandbox_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"sitrep/testenv"
)

// look is how a person may have set up their screen.
type look struct {
	scheme string
	width  int64
	touch  bool
}

// set makes the page look so, with nothing that moves.
func (l look) set(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: l.scheme},
		{Name: "prefers-reduced-motion", Value: "reduce"},
	}})
	if err != nil {
		return chromedp.Void{}, err
	}
	if _, err := chromedp.Call(ctx, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: l.touch}); err != nil {
		return chromedp.Void{}, err
	}
	return chromedp.EmulateViewport(l.width, 900)(ctx, target)
}

// axeFaults has axe-core look at the page, and lists what it calls serious or critical.
const axeFaults = `axe.run(document, { resultTypes: ["violations"] }).then(({ violations, passes }) => {
	const bad = violations.filter((one) => ["serious", "critical"].includes(one.impact));
	const where = (one) => one.nodes.map((node) => node.target.join(" ") + ": " + (node.any[0]?.message ?? node.none[0]?.message ?? "")).slice(0, 4).join("\n  ");
	return passes.length < 10 ? "only " + passes.length + " rules applied" : bad.map((one) => one.id + ": " + one.help + "\n  " + where(one)).join("\n");
})`

// small lists what a finger can't hit, and wide what makes a phone scroll sideways.
const (
	small = `[...document.querySelectorAll("button, select, #entry, dialog input, [role=option], summary")]
		.filter((node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest(".text, .invoked, .only-you, .sr") && !node.matches(".plain, .skip, [type=checkbox], [type=radio]"))
		.filter((node) => node.getBoundingClientRect().height < 43.5)
		.map((node) => node.outerHTML.slice(0, 90)).join("\n")`
	wide = `document.documentElement.scrollWidth <= innerWidth && document.getElementById("scroll").scrollWidth <= innerWidth ? "" : "wider than " + innerWidth`
)

// TestPageAccessible brings the page into every state it has, and has axe-core look at each:
// on a desk in light and on a phone in the dark.
func TestPageAccessible(t *testing.T) {
	testenv.Node(t, filepath.Join("page", "node_modules"))
	axe, err := os.ReadFile(filepath.Join("page", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	r := newRoom(t)
	r.bot()
	p := openTab(t, openBrowser(t), r)
	p.value(string(axe) + `; "loaded"`)
	check := func(state string) {
		t.Helper()
		for _, l := range []look{{"light", 1280, false}, {"dark", 360, true}} {
			p.do(l.set)
			p.shot(strings.ReplaceAll(state, " ", "-") + "-" + l.scheme)
			if got := p.value(axeFaults); got != "" {
				t.Errorf("%s, %s at %d: axe-core finds\n%s", state, l.scheme, l.width, got)
			}
			if got := p.value(wide); got != "" {
				t.Errorf("%s, %s at %d: %s", state, l.scheme, l.width, got)
			}
			if got := p.value(small); l.touch && got != "" {
				t.Errorf("%s: too small for a finger:\n%s", state, got)
			}
		}
		p.do(look{"light", 1280, false}.set)
	}
	p.seen("#beginning", "Welcome to #briefings!")
	check("empty")
	r.everything("briefings")
	r.post("digests", object{"content": "unread"})
	p.seen("#messages", "the last of everything")
	p.seen("#channels .unread", "digests")
	check("with messages of every kind")
	p.do(chromedp.Focus("#entry"))
	p.keys("/")
	p.seen("#suggestions", "/actors")
	check("with commands to choose from")
	p.keys("actors" + kb.Enter)
	p.seen("#chosen .pill", "/actors")
	p.keys(kb.Enter)
	p.seen("#problem", "name is needed")
	p.keys("u")
	p.seen("#suggestions", "Kyrylo Budanov")
	check("with a command half-written")
	p.keys(kb.Escape + kb.Escape)
	p.do(chromedp.Focus(`[data-custom-id="some"]`))
	p.keys(kb.ArrowDown + kb.Enter)
	p.seen(".popup-list", "Done (1 chosen)")
	check("with a select open")
	p.keys(kb.Escape)
	p.do(chromedp.Focus("#log-toggle"))
	p.keys(kb.Enter)
	p.seen("#log-list", "PUT /applications/")
	p.press(".faults summary")
	p.seen("#faults-now", "Discord behaves.")
	check("with the log open")
	p.do(chromedp.Focus("#log-filter"))
	p.keys(kb.Escape)
	p.focused("#log-toggle")
	become(p, "moderator")
	p.seen("#channels", "moderators")
	p.do(chromedp.Focus("#entry"))
	p.keys("/desk edit" + kb.Enter)
	p.seen("#chosen .pill", "/desk edit")
	p.keys(kb.Enter)
	p.seen("#modal[open] h2", "Edit figure")
	check("with a form")
}

// shot keeps a picture of the page where SITREP_SCREENSHOTS names a folder for it.
func (p *tab) shot(name string) {
	p.t.Helper()
	folder := os.Getenv("SITREP_SCREENSHOTS")
	if folder == "" {
		return
	}
	picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "page-"+name+".png"), picture, 0o644)
	}
	if err != nil {
		p.t.Error(err)
	}
}

// everything posts messages that have all that Discord's messages can have.
func (r *room) everything(channel string) {
	r.t.Helper()
	button := func(style int, label string, more object) object {
		b := object{"type": 2, "style": style, "label": label}
		if style != 5 {
			b["custom_id"] = strings.ToLower(label)
		}
		for k, v := range more {
			b[k] = v
		}
		return b
	}
	r.post(channel, object{
		"content": "Text `code` <@1> </talks:1> [link](https://example.org/) ||hidden|| <t:0:F>\n> quote\n-# small\n```go\nfunc main() {}\n```",
		"embeds": []object{{
			"author": object{"name": "An author"}, "title": "An embed", "url": "https://example.org/", "description": "- a\n- b", "color": 0xD55E00,
			"fields": []object{{"name": "One", "value": "1", "inline": true}, {"name": "Two", "value": "2"}}, "footer": object{"text": "Foot"}, "timestamp": "2026-01-19T06:00:00Z",
		}},
		"components": []object{{"type": 1, "components": []object{
			button(1, "Primary", nil), button(2, "Secondary", nil), button(3, "Success", nil), button(4, "Danger", nil),
			button(5, "Link", object{"url": "https://example.org/"}),
		}}, {"type": 1, "components": []object{button(1, "Off", object{"disabled": true}), button(2, "Mark", object{"emoji": object{"name": "📌"}})}}},
	})
	r.postPicture(channel, "Two grey dots")
	selects := []object{{"type": 1, "components": []object{{"type": 3, "custom_id": "some", "placeholder": "Pick some", "min_values": 0, "max_values": 2, "options": []object{
		{"label": "First", "value": "1", "description": "The first of all", "emoji": object{"name": "🥇"}}, {"label": "Second", "value": "2"},
	}}}}}
	for kind := 5; kind <= 8; kind++ {
		selects = append(selects, object{"type": 1, "components": []object{{"type": kind, "custom_id": "kind-" + string(rune('0'+kind))}}})
	}
	parts := []object{
		{"type": 9, "components": []object{{"type": 10, "content": "# A section"}}, "accessory": button(2, "Beside", nil)},
		{"type": 14, "divider": true, "spacing": 2},
		{"type": 10, "content": "-# the last of everything"},
	}
	r.post(channel, object{"flags": 1 << 15, "components": append(selects, object{"type": 17, "accent_color": 0x009E73, "components": parts})})
}
