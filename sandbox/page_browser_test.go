package sandbox_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"sitrep/testenv"
)

// patience is how long the page may take for one step on a busy machine.
const patience = 20 * time.Second

// browser is one without a window, that can't look up any other host.
type browser struct{ ctx context.Context }

func openBrowser(t *testing.T) *browser {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(testenv.Chromium(t)),
		chromedp.UserDataDir(t.TempDir()),
		chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.WSURLReadTimeout(patience),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Logf("closing the browser: %v", err)
		}
		cancel()
		stop()
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("starting the browser: %v", err)
	}
	return &browser{ctx}
}

// tab is one page of the browser, with what it logged and asked for.
type tab struct {
	t   *testing.T
	ctx context.Context
	// noisy is set where the browser has to complain of lost connections.
	noisy bool

	mu   sync.Mutex
	said []string
	urls []string
}

// openTab opens the room's page. When the test ends it wants a clean console, and no
// request to have gone elsewhere.
func openTab(t *testing.T, b *browser, r *room) *tab {
	t.Helper()
	p := b.tab(t, r)
	p.do(chromedp.Navigate(r.url))
	p.until("the page is there", `document.querySelectorAll("#channels button").length > 0`)
	return p
}

// tab opens an empty page that is watched.
func (b *browser) tab(t *testing.T, r *room) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	p := &tab{t: t, ctx: ctx}
	var watch sync.WaitGroup
	messages, requests := chromedp.Console(ctx), chromedp.Events(ctx, network.RequestWillBeSent)
	watch.Go(func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			p.note(&p.said, m.String())
		}
	})
	watch.Go(func() {
		for r, err := range requests {
			if err != nil {
				return
			}
			p.note(&p.urls, r.Request.URL)
		}
	})
	t.Cleanup(func() {
		cancel()
		watch.Wait()
		p.wantQuiet(r.url)
	})
	p.do(attended)
	return p
}

// attended has a tab behave as the one in front does, for several are walked at once.
func attended(ctx context.Context, _ *chromedp.Target) (chromedp.Void, error) {
	_, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	return chromedp.Void{}, err
}

func (p *tab) note(list *[]string, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	*list = append(*list, text)
}

func (p *tab) wantQuiet(own string) {
	home, err := url.Parse(own)
	if err != nil {
		p.t.Error(err)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.said) > 0 && !p.noisy {
		p.t.Errorf("the console says %q, want nothing", p.said)
	}
	if len(p.urls) == 0 {
		p.t.Error("no request was seen, so none was checked")
	}
	for _, text := range p.urls {
		if u, err := url.Parse(text); err != nil || u.Host != home.Host {
			p.t.Errorf("the page asked %s, want requests to %s alone", text, home.Host)
		}
	}
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("driving the page: %v", err)
	}
}

// press clicks where an element is, once more where the page has drawn it anew meanwhile.
func (p *tab) press(selector string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	for {
		err := chromedp.Do(ctx, chromedp.Click(selector))
		if err == nil {
			return
		}
		if ctx.Err() != nil || !strings.Contains(err.Error(), "Could not find node") {
			p.t.Fatalf("pressing %s: %v", selector, err)
		}
	}
}

// keys types into whatever has the focus. Enter is sent as a keyboard sends it, so that a
// page that takes the key for itself keeps the form from being sent.
func (p *tab) keys(text string) {
	p.t.Helper()
	for i, part := range strings.Split(text, kb.Enter) {
		if i > 0 {
			p.do(enter)
		}
		if part != "" {
			p.do(chromedp.KeyEvent(part))
		}
	}
}

func enter(ctx context.Context, _ *chromedp.Target) (chromedp.Void, error) {
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeKeyDown, input.DispatchKeyEventTypeKeyUp} {
		key := input.DispatchKeyEventParams{Type: kind, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13}
		if kind == input.DispatchKeyEventTypeKeyDown {
			key.Text = "\r"
		}
		if _, err := chromedp.Call(ctx, input.DispatchKeyEvent, key); err != nil {
			return chromedp.Void{}, err
		}
	}
	return chromedp.Void{}, nil
}

// until waits for a condition in JavaScript.
func (p *tab) until(what, condition string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience+5*time.Second)
	defer cancel()
	_, err := chromedp.Run(ctx, chromedp.Poll[bool](condition, chromedp.WithPollingTimeout(patience)))
	if err != nil {
		text, _ := chromedp.Run(p.ctx, chromedp.Evaluate[string]("document.body.innerText"))
		p.t.Fatalf("waiting until %s (%s): %v; the page reads:\n%s", what, condition, err, text)
	}
}

// seen waits for text to show in an element.
func (p *tab) seen(selector, text string) {
	p.t.Helper()
	p.until(fmt.Sprintf("%s shows %q", selector, text),
		fmt.Sprintf(`[...document.querySelectorAll(%s)].some(n => n.checkVisibility() && n.innerText.includes(%s))`, quoted(selector), quoted(text)))
}

func (p *tab) focused(selector string) {
	p.t.Helper()
	p.until(selector+" has the focus", fmt.Sprintf(`document.activeElement.matches(%s)`, quoted(selector)))
}

// value runs an expression, which may be a promise, and returns what it comes to.
func (p *tab) value(expression string) string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[string](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("running %s: %v", expression, err)
	}
	return got
}

// quoted writes text as a JavaScript literal.
func quoted(text string) string {
	raw, err := json.Marshal(text)
	if err != nil {
		return strings.ToValidUTF8(text, "")
	}
	return string(raw)
}
