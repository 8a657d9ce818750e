package sandbox_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"sitrep/sandbox"
)

func TestPage(t *testing.T) {
	browser := openBrowser(t)
	for name, walk := range map[string]func(*testing.T, *room, *tab){
		"channels are those the member sees": walkChannels,
		"a command by keyboard alone":        walkCommand,
		"autocomplete":                       walkAutocomplete,
		"a form":                             walkModal,
		"buttons and selects":                walkComponents,
		"messages live":                      walkLive,
		"clock":                              walkClock,
		"the next digest":                    walkNext,
		"a form without an answer":           walkSilentModal,
		"silence is told":                    walkSilence,
		"a phone's width":                    walkPhone,
		"pictures":                           walkPictures,
		"a message's menu":                   walkMenu,
		"another language":                   walkLanguage,
		"the first visit":                    walkWelcome,
		"a refused message":                  walkRefusal,
		"direct messages":                    walkDirect,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRoom(t)
			r.bot()
			walk(t, r, openTab(t, browser, r))
		})
	}
}

const channelNames = `[...document.querySelectorAll("#channels button")].map(n => n.querySelector(".name").innerText).join(" ")`

func become(p *tab, member string) {
	p.t.Helper()
	p.value(`(() => {
		const list = document.getElementById("identity");
		list.value = [...list.options].find(o => o.text === ` + quoted(member) + `).value;
		list.dispatchEvent(new Event("change"));
		return list.value;
	})()`)
}

func walkChannels(_ *testing.T, _ *room, p *tab) {
	p.seen("#guild-name", "Briefing Room")
	p.seen("#link", "Bot connected")
	p.until("a reader sees two channels", channelNames+` === "briefings digests sitrep"`)
	become(p, "moderator")
	p.until("a moderator sees three", channelNames+` === "briefings digests moderators sitrep"`)
	p.press("#channels li:nth-child(3) button")
	p.seen("#channel-name", "# moderators")
	become(p, "reader")
	p.seen("#channel-name", "# briefings")
	p.until("a reader's list of commands leaves out the desk", `document.getElementById("messages").getAttribute("aria-busy") === null`)
	p.do(chromedp.Focus("#entry"))
	p.keys("/desk")
	p.seen("#suggestions", "No command matches")
}

// walkDirect has the bot write to the reader, before any such channel was open.
func walkDirect(t *testing.T, r *room, p *tab) {
	p.seen("#empty", "This is the beginning of #briefings")
	r.post("briefings", object{"content": "Good morning"})
	p.seen("#messages .message .text", "Good morning") // so the page listens
	var direct struct{ ID string }
	if err := json.Unmarshal(r.send(http.MethodPost, "/api/v10/users/@me/channels", object{"recipient_id": r.member("reader")}), &direct); err != nil {
		t.Fatal(err)
	}
	r.send(http.MethodPost, "/api/v10/channels/"+direct.ID+"/messages", object{"content": "Between you and me"})
	p.seen("#channels .unread", "sitrep")
	p.press("#channels .unread")
	p.seen("#channel-name", "@ sitrep")
	p.seen("#messages .message .text", "Between you and me")
	become(p, "moderator")
	p.until("a moderator's direct messages are empty", `document.querySelectorAll("#messages .message").length === 0`)
}

// walkCommand starts from the top of the page with Tab, as somebody without a mouse does.
func walkCommand(t *testing.T, _ *room, p *tab) {
	p.keys(kb.Tab)
	p.focused(".skip")
	p.keys(kb.Enter)
	p.focused("#entry")
	p.keys("/")
	p.seen("#suggestions", "What the talks have come to")
	p.keys("ta")
	p.until("one command is left and active", `document.querySelectorAll("#suggestions [role=option]").length === 1 &&
		document.getElementById(document.getElementById("entry").getAttribute("aria-activedescendant"))?.innerText.startsWith("/talks")`)
	p.keys(kb.Enter)
	p.seen("#chosen .pill", "/talks")
	p.seen("#suggestions", "As it was known on a day")
	p.keys(kb.Enter)
	p.seen("#messages .message.ephemeral .h1", "Talks")
	p.seen("#messages .ephemeral", "Only you can see this")
	p.seen("#messages .ephemeral .invoked", "reader used /talks")
	p.until("the box is empty again", `document.querySelector("#chosen .pill") === null && document.activeElement.id === "entry"`)
	if got, want := p.value(`getComputedStyle(document.querySelector(".container")).borderInlineStartColor`), "rgb(0, 114, 178)"; got != want {
		t.Errorf("the container's accent is %s, want %s", got, want)
	}
	become(p, "admin")
	p.seen("#empty", "This is the beginning of #briefings.")
}

func walkAutocomplete(_ *testing.T, _ *room, p *tab) {
	p.do(chromedp.Focus("#entry"))
	p.keys("/actors ")
	p.focused(`[data-option="name"]`)
	p.keys(kb.Enter)
	p.seen("#problem", "name is needed")
	p.keys("umer")
	p.seen("#suggestions [aria-selected=true]", "Rustem Umerov")
	p.keys(kb.Tab)
	p.until("the choice is taken", `document.querySelector('[data-option="name"]').value === "Rustem Umerov"`)
	p.focused("#entry")
	p.keys(kb.Enter)
	p.seen("#messages .ephemeral", "Profile of a7")
}

func walkModal(_ *testing.T, _ *room, p *tab) {
	become(p, "moderator")
	p.seen("#channels", "moderators")
	p.do(chromedp.Focus("#entry"))
	p.keys("/desk edit" + kb.Enter)
	p.seen("#chosen .pill", "/desk edit")
	p.keys(kb.Enter)
	p.seen("#modal[open] h2", "Edit figure")
	p.focused(`#modal input[name="value"]`)
	p.until("the field is labelled and filled in", `document.activeElement.labels[0].innerText.startsWith("Value") && document.activeElement.value === "612"`)
	p.keys(kb.End + kb.Backspace + "3" + kb.Enter)
	p.until("the form is closed", `!document.getElementById("modal").open`)
	p.seen("#messages .ephemeral", "Saved 613 for moderator")
}

func walkComponents(_ *testing.T, _ *room, p *tab) {
	p.do(chromedp.Focus("#entry"))
	p.keys("/talks" + kb.Enter)
	p.seen("#chosen .pill", "/talks")
	p.keys(kb.Enter)
	p.seen(".select", "Pick people")
	p.do(chromedp.Focus(".select"))
	p.keys(kb.ArrowDown)
	p.seen(".popup-list [aria-selected=true]", "Budanov")
	p.keys(kb.Enter + kb.ArrowDown + kb.Enter + kb.End)
	p.seen(".popup-list [aria-selected=true]", "Done (2 chosen)")
	p.keys(kb.Enter)
	p.seen("#messages .ephemeral", "Chosen: a6 and a7")
	p.press(`[data-custom-id="more"]`)
	p.seen("#messages .h1", "Talks, deeper")
	p.until("the update took the button away", `document.querySelector('[data-custom-id="more"]') === null`)
}

func walkLive(_ *testing.T, r *room, p *tab) {
	p.do(chromedp.Focus("#entry"))
	p.keys("Good morning" + kb.Enter)
	p.seen("#messages .message .author", "reader")
	p.seen("#messages .message", "Good morning")
	r.post("briefings", object{"content": "A *late* <t:1768795200:R> post"})
	p.seen("#messages .from-bot em", "late")
	p.seen("#messages .from-bot time[data-relative]", "2 hours ago")
	r.post("digests", object{"content": "A digest"})
	p.seen("#channels .unread", "digests")
	p.press("#channels .unread")
	p.seen("#messages .from-bot", "A digest")
	p.until("what was read isn't new any more", `document.querySelector("#channels .unread") === null`)
}

func walkClock(_ *testing.T, _ *room, p *tab) {
	p.seen("#clock", "19 Jan 2026, 06:0")
	p.press("#day")
	p.seen("#clock", "20 Jan 2026, 06:0")
	p.press("#hour")
	p.seen("#clock", "20 Jan 2026, 07:0")
	p.press("#next")
	p.seen("#notice", "Nothing is due.")
	p.seen("#clock", "20 Jan 2026, 07:0")
}

// walkNext has the clock stand still at what is due, and asks for that anew each time: the
// first slot was set up after the clock was last moved.
func walkNext(_ *testing.T, r *room, p *tab) {
	var due atomic.Int64
	r.box.Follow(func(_ context.Context, now time.Time) (time.Time, error) {
		at := due.Load()
		if at == 0 {
			return time.Time{}, nil
		}
		slot := time.Unix(at, 0)
		if !slot.After(now) {
			r.post("briefings", object{"content": "Digest of " + slot.UTC().Format("Monday 15:04")})
			slot = slot.Add(24 * time.Hour)
			due.Store(slot.Unix())
		}
		return slot, nil
	})
	p.press("#next")
	p.seen("#notice", "Nothing is due.")
	due.Store(time.Date(2026, time.January, 20, 8, 30, 0, 0, time.UTC).Unix())
	p.press("#next")
	p.seen("#messages", "Digest of Tuesday 08:30")
	p.seen("#clock", "20 Jan 2026, 08:30")
	p.until("the notice is gone", `document.getElementById("notice").hidden`)
	p.press("#next")
	p.seen("#messages", "Digest of Wednesday 08:30")
	p.seen("#clock", "21 Jan 2026, 08:30")
}

// walkSilentModal sends a form that isn't answered, and sends it again.
func walkSilentModal(_ *testing.T, _ *room, p *tab) {
	become(p, "moderator")
	p.seen("#channels", "moderators")
	p.do(chromedp.Focus("#entry"))
	p.keys("/desk edit" + kb.Enter)
	p.seen("#chosen .pill", "/desk edit")
	p.keys(kb.Enter)
	p.focused(`#modal input[name="value"]`)
	p.value(`document.activeElement.value = ""`)
	p.keys("silence" + kb.Enter)
	p.seen("#modal[open] .problem", "did not respond")
	p.until("what was typed is still there", `document.querySelector('#modal input[name="value"]').value === "silence"`)
	p.value(`(() => { const field = document.querySelector('#modal input[name="value"]'); field.value = ""; field.focus(); return ""; })()`)
	p.keys("614" + kb.Enter)
	p.until("the form is closed", `!document.getElementById("modal").open`)
	p.seen("#messages .ephemeral", "Saved 614 for moderator")
}

func walkSilence(_ *testing.T, _ *room, p *tab) {
	p.do(chromedp.Focus("#entry"))
	p.keys("/silent" + kb.Enter)
	p.seen("#chosen .pill", "/silent")
	p.keys(kb.Enter)
	p.seen("#status", "Waiting for the bot")
	p.seen("#messages .lost .failed", "The application did not respond")
	p.seen("#messages .lost .invoked", "reader used /silent")
	p.seen("#chosen .pill", "/silent")
	p.press(".lost .plain")
	p.until("it can be put away", `document.querySelector(".lost") === null`)
}

func walkPhone(_ *testing.T, _ *room, p *tab) {
	p.do(chromedp.EmulateViewport(360, 740))
	p.until("nothing is wider than the phone", `document.documentElement.scrollWidth <= 360`)
	p.until("the channels are put away", `document.getElementById("rail").inert && !document.getElementById("rail").checkVisibility({visibilityProperty: true})`)
	p.do(chromedp.Focus("#menu"))
	p.keys(kb.Enter)
	p.focused("#channels button")
	p.keys(kb.Tab + kb.Enter)
	p.seen("#channel-name", "# digests")
	p.until("the menu is shut again", `document.getElementById("menu").getAttribute("aria-expanded") === "false" && document.activeElement.id === "menu"`)
}

func walkPictures(t *testing.T, r *room, p *tab) {
	alt := "Matrix of stances <b>4 sides</b>"
	r.postPicture("briefings", alt)
	p.until("the picture is there", `document.querySelector("#messages img")?.naturalWidth === 2`)
	if got := p.value(`document.querySelector("#messages img").alt`); got != alt {
		t.Errorf("the picture's description is %q, want %q", got, alt)
	}
	p.press(".alt summary")
	p.seen(".alt p", alt)
	p.seen("#messages figure ~ a, .gallery > a", "A picture from elsewhere")
}

func walkMenu(_ *testing.T, r *room, p *tab) {
	r.post("briefings", object{"content": "Something worth keeping"})
	p.seen("#messages", "Something worth keeping")
	p.do(chromedp.Focus(".more"))
	p.keys(kb.ArrowDown)
	p.seen(".popup-list [aria-selected=true]", "Copy text")
	p.keys(kb.Escape)
	become(p, "moderator")
	p.seen("#channels", "moderators")
	p.until("the message is drawn for the moderator", `document.querySelector(".more") !== null && document.getElementById("messages").getAttribute("aria-busy") === null`)
	p.value(`(document.querySelector(".message .content").dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true })), "pressed")`)
	p.seen(".popup-list [aria-selected=true]", "Brief this")
	p.keys(kb.Enter)
	p.seen("#messages .ephemeral", "Briefed ")
}

func walkLanguage(_ *testing.T, _ *room, p *tab) {
	p.value(`(() => {
		const list = document.getElementById("language");
		list.value = "de";
		list.dispatchEvent(new Event("change"));
		return list.value;
	})()`)
	p.do(chromedp.Focus("#entry"))
	p.keys("/stu")
	p.seen("#suggestions [aria-selected=true]", "Antwortet nie")
	p.keys(kb.Tab)
	p.seen("#chosen .pill", "/stumm")
	p.keys(kb.Escape + kb.Escape)
	p.until("Escape has taken it away", `document.querySelector("#chosen .pill") === null`)
}

func walkWelcome(_ *testing.T, r *room, p *tab) {
	p.seen("#welcome", "become moderator")
	p.press(`[data-command="talks"]`)
	p.seen("#chosen .pill", "/talks")
	p.focused("#entry")
	p.press("#got-it")
	p.until("it is hidden", `document.getElementById("welcome").hidden`)
	p.do(chromedp.Navigate(r.url))
	p.until("it stays hidden on the next visit", `document.querySelectorAll("#channels button").length > 0 && document.getElementById("welcome").hidden`)
}

func walkRefusal(_ *testing.T, _ *room, p *tab) {
	p.do(chromedp.Focus("#entry"))
	p.keys("/nothing" + kb.Enter)
	p.seen("#problem", "That isn't a command here.")
	p.until("what was typed is still there", `document.getElementById("entry").value === "/nothing"`)
}

func TestPageWithoutBot(t *testing.T) {
	r := newRoom(t)
	r.send(http.MethodPut, "/api/v10/applications/"+r.keys.ApplicationID+"/commands", botCommands())
	p := openTab(t, openBrowser(t), r)
	p.seen("#link", "The bot isn't connected")
	p.do(chromedp.Focus("#entry"))
	p.keys("/talks" + kb.Enter)
	p.seen("#chosen .pill", "/talks")
	p.keys(kb.Enter)
	p.seen("#messages .lost", "The bot isn't connected, so nobody answered.")
	p.keys(kb.Escape + kb.Escape)
	r.bot()
	p.seen("#link", "Bot connected")
	r.send(http.MethodPut, "/sandbox/faults", []object{{"match": "NOW", "close": 4000, "times": 1}})
	p.seen("#link", "The bot isn't connected")
	p.until("the state was asked for as things happened, not by the clock", `performance.getEntriesByType("resource").filter(r => r.name.endsWith("/sandbox/state")).length < 8`)
}

// TestPageAfterRestart puts a fresh sandbox, where every id is another, in the place of the
// one that the page was opened on.
func TestPageAfterRestart(t *testing.T) {
	before, after := newSandbox(t), newSandbox(t)
	var now atomic.Pointer[sandbox.Sandbox]
	now.Store(before)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { now.Load().ServeHTTP(w, r) }))
	t.Cleanup(func() { stop(server) })
	r := &room{t: t, url: server.URL, keys: before.Credentials()}
	p := openTab(t, openBrowser(t), r)
	p.noisy = true
	r.post("briefings", object{"content": "from before"})
	p.seen("#messages", "from before")
	now.Store(after)
	server.CloseClientConnections()
	p.until("the old messages are gone", `!document.getElementById("messages").innerText.includes("from before")`)
	r.keys = after.Credentials()
	r.post("briefings", object{"content": "from after"})
	p.seen("#messages", "from after")
	p.until("nothing is wrong any more", `document.getElementById("notice").hidden`)
}
