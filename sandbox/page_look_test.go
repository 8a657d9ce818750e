package sandbox_test

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// faint lists visible text with less contrast to what is behind it than WCAG's AA asks.
const faint = `(() => {
	const shade = (text) => {
		const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
		return { parts: [r, g, b], a };
	};
	const over = (top, below) => top.parts.map((part, at) => part * top.a + below[at] * (1 - top.a));
	const behind = (node) => {
		const layers = [];
		for (let one = node; one; one = one.parentElement) {
			layers.push(shade(getComputedStyle(one).backgroundColor));
		}
		return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
	};
	const light = (parts) => {
		const [r, g, b] = parts.map((part) => part / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	const bad = [];
	let count = 0;
	while (walk.nextNode()) {
		const node = walk.currentNode.parentElement;
		if (walk.currentNode.data.trim() === "" || !node.checkVisibility({ visibilityProperty: true }) || node.closest(":disabled, [aria-hidden=true], .sr, .skip, [aria-label^=Spoiler]")) {
			continue;
		}
		count++;
		const ground = behind(node);
		const found = ratio(light(over(shade(getComputedStyle(node).color), ground)), light(ground));
		if (found < 4.5) {
			bad.push(walk.currentNode.data.trim().slice(0, 40) + " " + found.toFixed(2));
		}
	}
	return count < 40 ? "only " + count + " texts were seen" : bad.join("\n");
})()`

// unnamed lists controls that a screen reader couldn't name.
const unnamed = `[...document.querySelectorAll("button, input, select, textarea, dialog[open], nav, form, [role=listbox]")]
	.filter((node) => node.checkVisibility())
	.filter((node) => !node.getAttribute("aria-label") && !node.getAttribute("aria-labelledby") && !node.labels?.length && !(node.tagName === "BUTTON" && node.innerText.trim()))
	.map((node) => node.outerHTML.slice(0, 100)).join("\n")`

func scheme(name string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, _ *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: name},
			{Name: "prefers-reduced-motion", Value: "reduce"},
		}})
		return chromedp.Void{}, err
	}
}

// TestPageReadable looks at the page with all that it can show at once, in both schemes.
func TestPageReadable(t *testing.T) {
	browser := openBrowser(t)
	for _, name := range []string{"light", "dark"} {
		t.Run(name, func(t *testing.T) {
			r := newRoom(t)
			r.bot()
			p := openTab(t, browser, r)
			p.do(scheme(name))
			r.post("briefings", object{"content": "Text `code` <@1> </talks:1> [link](https://example.org/) ||hidden|| <t:0:F>\n> quote\n-# small"})
			r.post("digests", object{"content": "unread"})
			p.seen("#messages .subtext", "small")
			p.do(chromedp.Focus("#entry"))
			p.keys("/talks" + kb.Enter)
			p.seen("#chosen .pill", "/talks")
			p.keys(kb.Enter)
			p.seen("#messages", "Only you can see this")
			wantReadable(t, p, "with messages")
			p.keys("/actors" + kb.Enter)
			p.seen("#chosen .pill", "/actors")
			p.keys(kb.Enter)
			p.seen("#problem", "name is needed")
			p.keys("u")
			p.seen("#suggestions", "Kyrylo Budanov")
			wantReadable(t, p, "with a command half-written")
			become(p, "moderator")
			p.seen("#channels", "moderators")
			p.do(chromedp.Focus("#entry"))
			p.keys("/desk edit" + kb.Enter)
			p.seen("#chosen .pill", "/desk edit")
			p.keys(kb.Enter)
			p.seen("#modal[open] h2", "Edit figure")
			wantReadable(t, p, "with a form")
		})
	}
}

func wantReadable(t *testing.T, p *tab, when string) {
	t.Helper()
	if got := p.value(faint); got != "" {
		t.Errorf("%s, too faint to read:\n%s", when, got)
	}
	if got := p.value(unnamed); got != "" {
		t.Errorf("%s, without a name:\n%s", when, got)
	}
}
