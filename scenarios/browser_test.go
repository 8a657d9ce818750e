package scenarios

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"sitrep/testenv"
)

// TestPageStories walks the page of the real binary as three people would, one after the
// other: a reader who asks, a moderator who edits, and whoever sets up a channel's digest.
// SITREP_SCREENSHOTS names a folder for pictures.
func TestPageStories(t *testing.T) {
	chromium := testenv.Chromium(t)
	bot := spawn(t, nil, "SITREP_DATA="+filepath.Join(t.TempDir(), "data"))
	ready, err := bot.log.await("ready http", bot.exited)
	if err != nil {
		t.Fatal(err)
	}
	v := visit(t, chromium, ready[len("ready "):])
	readersStory(v)
	moderatorsStory(v)
	channelsStory(v)
	v.wantAlone()
}

func readersStory(v visitor) {
	v.t.Helper()
	v.see("Type / below")
	v.shot("welcome")
	v.write("/")
	v.see("Who is who")
	v.shot("commands")
	v.keys(kb.Escape)
	v.clear()
	v.say("/energy")
	v.see("612 attacks")
	v.see("Only you can see this")
	v.shot("energy")
	v.write("/actors name:буд")
	v.until(`document.querySelector("#suggestions [aria-selected=true]")?.innerText.includes("Budanov") ?? false`)
	v.shot("autocomplete")
	v.enter()
	v.enter()
	v.see("head of the Presidential Office")
	v.shot("actor")
	v.say("/timeline")
	v.see("28-point plan")
	v.press("Next")
	v.until(`document.querySelector("#messages .message:last-child").innerText.includes("Previous") || document.querySelector("#messages .message:last-child").innerText.includes("◂")`)
	v.shot("timeline")
	v.run(`(() => {
		const list = document.getElementById("language");
		list.value = "uk";
		list.dispatchEvent(new Event("change"));
		return list.value;
	})()`)
	v.until(`document.getElementById("messages").lang === "uk" && document.getElementById("messages").getAttribute("aria-busy") === null`)
	v.say("/talks")
	v.until(`document.querySelector("#messages .message:last-child .at")?.innerText.startsWith("Сьогодні") ?? false`)
	v.shot("talks-uk")
	v.run(`(() => {
		const list = document.getElementById("language");
		list.value = "en-US";
		list.dispatchEvent(new Event("change"));
		return list.value;
	})()`)
}

func moderatorsStory(v visitor) {
	v.t.Helper()
	v.become("moderator")
	v.edit("form", "value", "640", "reason", "A later count")
	v.see("F5 is updated: revision 2")
	v.shot("saved")
	v.write("/desk add")
	v.enter()
	v.keys("event")
	v.enter()
	v.enter()
	v.until(`document.querySelector("dialog[open]") !== null`)
	v.shot("add")
	v.send("headline", "Talks resume in Geneva", "type", "meeting")
	v.see("Nothing was saved yet")
	v.see("What you typed")
	v.shot("draft")
	v.press("Reopen the form")
	v.until(`document.querySelector("dialog[open] [name='headline']")?.value === "Talks resume in Geneva"`)
	v.send("happened", "scheduled", "valid", "2026-02-01")
	v.say("/desk drafts")
	v.see("New: event")
	v.shot("drafts")
	v.say("/desk history item:F5")
	v.see("HISTORY OF F5")
	v.shot("history")
}

// channelsStory sets up a digest in another channel and reads it there, in the dark and on
// a phone's width too.
func channelsStory(v visitor) {
	v.t.Helper()
	v.write("/digest add")
	v.enter()
	v.keys("channel:digests")
	v.until(`document.querySelector("#suggestions [aria-selected=true]")?.innerText.includes("#digests") ?? false`)
	v.enter()
	v.keys("at:08:00")
	v.enter()
	v.see("Digest added: daily at 08:00")
	v.run(`(document.getElementById("next").click(), "pressed")`)
	v.until(`document.querySelector("#channels .unread")?.innerText.includes("digests") ?? false`)
	v.shot("unread")
	v.run(`(document.querySelector("#channels .unread").click(), "pressed")`)
	v.see("DIGEST · 19 Jan 2026")
	v.see("640 attacks")
	v.shot("digest")
	correctionsStory(v)
	v.become("reader")
	v.see("640 attacks")
	v.do(dark)
	v.shot("digest-dark")
	v.do(chromedp.EmulateViewport(360, 780))
	v.until(`document.documentElement.scrollWidth <= 360`)
	v.shot("digest-phone")
}

// correctionsStory corrects what the digest shows: it is set right there, and a reply says so.
func correctionsStory(v visitor) {
	v.t.Helper()
	v.edit("correcting", "value", "655", "op", "correct", "reason", "Counted twice")
	v.until(`[...document.querySelectorAll("#messages .message")].some(m =>
		m.innerText.includes("DIGEST ·") && m.innerText.includes("(edited)") &&
		[...m.querySelectorAll("s, del")].some(s => s.innerText.includes("640 attacks")) && m.innerText.includes("655 attacks"))`)
	v.see("CORRECTED IN THIS DIGEST")
	v.shot("digest-corrected")
}

func dark(ctx context.Context, _ *chromedp.Target) (chromedp.Void, error) {
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: "dark"}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
	return chromedp.Void{}, err
}

// visitor is a person at the page.
type visitor struct {
	t   *testing.T
	ctx context.Context
}

func visit(t *testing.T, chromium, url string) visitor {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.WSURLReadTimeout(patience),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"))
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		cancel()
		stop()
	})
	if err := chromedp.Do(ctx); err != nil { // the browser lives as long as the context that starts it
		t.Fatalf("starting the browser: %v", err)
	}
	v := visitor{t: t, ctx: ctx}
	v.do(chromedp.EmulateViewport(1040, 980))
	v.do(chromedp.Navigate(url))
	v.until(`document.querySelectorAll("#channels button").length > 0`)
	return v
}

func (v visitor) do(steps ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		v.t.Fatalf("driving the page: %v", err)
	}
}

func (v visitor) until(condition string) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, patience+5*time.Second)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](condition, chromedp.WithPollingTimeout(patience))); err != nil {
		text, _ := chromedp.Run(v.ctx, chromedp.Evaluate[string]("document.body.innerText"))
		v.t.Fatalf("waiting for %s: %v; the page reads:\n%s", condition, err, text)
	}
}

// see waits until the page shows text.
func (v visitor) see(text string) {
	v.t.Helper()
	quoted, err := json.Marshal(text)
	if err != nil {
		v.t.Fatal(err)
	}
	v.until(fmt.Sprintf("document.body.innerText.includes(%s)", quoted))
}

func (v visitor) run(expression string) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[string](expression)); err != nil {
		v.t.Fatalf("running %s: %v", expression, err)
	}
}

func (v visitor) become(member string) {
	v.t.Helper()
	v.run(`(() => {
		const list = document.getElementById("identity");
		list.value = [...list.options].find(o => o.text === "` + member + `").value;
		list.dispatchEvent(new Event("change"));
		return list.value;
	})()`)
	v.until(`document.getElementById("messages").getAttribute("aria-busy") === null`)
	v.do(chromedp.Focus(chromedp.CSS("#entry")))
}

// write types into the box, whatever had the focus.
func (v visitor) write(text string) {
	v.t.Helper()
	v.do(chromedp.Focus(chromedp.CSS("#entry")))
	v.keys(text)
}

// clear empties the box.
func (v visitor) clear() {
	v.t.Helper()
	v.run(`(() => {
		const entry = document.getElementById("entry");
		entry.value = "";
		entry.dispatchEvent(new Event("input", {bubbles: true}));
		return "cleared";
	})()`)
}

// edit opens the form for F5, fills in fields, given as name and value in turn, and sends it.
func (v visitor) edit(shot string, fields ...string) {
	v.t.Helper()
	v.write("/desk edit")
	v.enter()
	v.keys("F5")
	v.see("attacks on energy targets")
	v.enter()
	v.enter()
	v.until(`document.querySelector("dialog[open]") !== null`)
	v.fill(fields...)
	v.shot(shot)
	v.submit()
}

// send fills in the form that is open, and sends it.
func (v visitor) send(fields ...string) {
	v.t.Helper()
	v.fill(fields...)
	v.submit()
}

func (v visitor) fill(fields ...string) {
	v.t.Helper()
	for i := 0; i < len(fields); i += 2 {
		v.run(`(() => {
			const field = document.querySelector("dialog[open] [name='` + fields[i] + `']");
			field.value = "` + fields[i+1] + `";
			field.dispatchEvent(new Event("input", {bubbles: true}));
			return field.tagName;
		})()`)
	}
}

func (v visitor) submit() {
	v.t.Helper()
	v.run(`(document.querySelector("dialog[open] button[type=submit]").click(), "sent")`)
	v.until(`document.querySelector("dialog[open]") === null`)
}

// press presses the button of the newest message that reads so.
func (v visitor) press(label string) {
	v.t.Helper()
	v.run(`([...document.querySelectorAll("#messages .message:last-child .button")].find(b => b.innerText.includes("` + label + `")).click(), "pressed")`)
}

// wantAlone wants every request of the page to have gone to the sandbox.
func (v visitor) wantAlone() {
	v.t.Helper()
	v.until(`performance.getEntriesByType("resource").length > 0 && performance.getEntriesByType("resource").every(r => new URL(r.name).host === location.host)`)
}

func (v visitor) keys(text string) {
	v.t.Helper()
	v.do(chromedp.KeyEvent(text))
}

// say types a command whole and sends it: the first Enter takes it from the
// list, the second sends it.
func (v visitor) say(command string) {
	v.t.Helper()
	v.do(chromedp.Focus(chromedp.CSS("#entry")))
	v.keys(command)
	v.until(`!document.getElementById("suggestions").hidden`)
	v.enter()
	v.enter()
}

// enter presses Enter as a keyboard does.
func (v visitor) enter() {
	v.t.Helper()
	v.do(func(ctx context.Context, _ *chromedp.Target) (chromedp.Void, error) {
		for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeKeyDown, input.DispatchKeyEventTypeKeyUp} {
			key := input.DispatchKeyEventParams{Type: kind, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13}
			if kind == input.DispatchKeyEventTypeKeyDown {
				key.Text = kb.Enter
			}
			if _, err := chromedp.Call(ctx, input.DispatchKeyEvent, key); err != nil {
				return chromedp.Void{}, err
			}
		}
		return chromedp.Void{}, nil
	})
}

// shot keeps a picture of the page where SITREP_SCREENSHOTS asks for it.
func (v visitor) shot(name string) {
	v.t.Helper()
	folder := os.Getenv("SITREP_SCREENSHOTS")
	if folder == "" {
		return
	}
	picture, err := chromedp.Run(v.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o644)
	}
	if err != nil {
		v.t.Fatal(err)
	}
}
