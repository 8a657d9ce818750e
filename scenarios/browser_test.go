package scenarios

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"sitrep/testenv"
)

// TestPageFromStartToDigest walks the page of the real binary as a newcomer
// would: ask, become moderator, edit a figure in a form, add a digest, let the
// clock move on to it. SITREP_SCREENSHOTS names a folder for pictures.
func TestPageFromStartToDigest(t *testing.T) {
	chromium := testenv.Chromium(t)
	bot := spawn(t, nil, "SITREP_DATA="+filepath.Join(t.TempDir(), "data"))
	ready, err := bot.log.await("ready http", bot.exited)
	if err != nil {
		t.Fatal(err)
	}
	v := visit(t, chromium, ready[len("ready "):])

	v.see("Type / below")
	v.shot("welcome")
	v.say("/energy")
	v.see("612 attacks")
	v.see("Only you can see this")
	v.shot("energy")
	v.say("/talks")
	v.see("discussed guarantees and recovery money in Miami")
	v.shot("talks")

	v.become("moderator")
	v.keys("/desk edit")
	v.enter()
	v.keys("F5")
	v.see("612 attacks on energy targets")
	v.enter()
	v.enter()
	v.until(`document.querySelector("dialog[open]") !== null`)
	v.shot("form")
	v.run(`(() => {
		const fill = (name, value) => {
			const field = document.querySelector("dialog [name='" + name + "'], dialog [data-custom-id='" + name + "'], dialog #" + CSS.escape(name));
			field.value = value;
			field.dispatchEvent(new Event("input", {bubbles: true}));
			return field.tagName;
		};
		return fill("value", "640") + fill("reason", "A later count");
	})()`)
	v.run(`(document.querySelector("dialog button[type=submit]").click(), "sent")`)
	v.see("F5 is updated: revision 2")
	v.shot("saved")

	v.do(chromedp.Focus(chromedp.CSS("#entry")))
	v.keys("/digest add")
	v.enter()
	v.keys("08:00")
	v.enter()
	v.see("Digest added: daily at 08:00")
	v.run(`(document.getElementById("next").click(), "pressed")`)
	v.see("DIGEST · 19 Jan 2026")
	v.see("640 attacks")
	v.shot("digest")
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
	v.do(chromedp.Focus(chromedp.CSS("#entry")))
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
