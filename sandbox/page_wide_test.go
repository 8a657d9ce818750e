package sandbox_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestPageKeeps walks what the page has beside a chat's first needs, each in a room of its own.
func TestPageKeeps(t *testing.T) {
	browser := openBrowser(t)
	for name, walk := range map[string]func(*testing.T, *room, *tab){
		"a whole line pasted":          walkPaste,
		"a whole line typed at once":   walkTyped,
		"what was written":             walkDraft,
		"what was written in a form":   walkForm,
		"files to send":                walkFiles,
		"where the unread begins":      walkUnread,
		"a channel that is named":      walkNamed,
		"threads below their channel":  walkThreads,
		"hostile names and texts":      walkHostile,
		"the log for developers":       walkLog,
		"an answer that breaks a rule": walkRefused,
		"a press nobody answers":       walkSilentPress,
		"the ends of a list by key":    walkEnds,
		"a number's bounds":            walkBounds,
		"the whole form by keyboard":   walkFormFocus,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRoom(t)
			r.bot()
			walk(t, r, openTab(t, browser, r))
		})
	}
}

func paste(p *tab, text string) {
	p.t.Helper()
	p.value(`(() => {
		const data = new DataTransfer();
		data.setData("text/plain", ` + quoted(text) + `);
		document.getElementById("entry").focus();
		document.getElementById("entry").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
		return "pasted";
	})()`)
}

func walkPaste(_ *testing.T, _ *room, p *tab) {
	p.until("commands are known", `document.getElementById("link").dataset.connected === "true"`)
	paste(p, "/actors name:Kyrylo Budanov")
	p.seen("#chosen .pill", "/actors")
	p.until("the option holds its text", `document.querySelector('[data-option="name"]').value === "Kyrylo Budanov"`)
	p.focused("#entry")
	p.keys(kb.Enter)
	p.seen("#messages .ephemeral", "Profile of Kyrylo Budanov")
}

func walkTyped(_ *testing.T, _ *room, p *tab) {
	p.until("commands are known", `document.getElementById("link").dataset.connected === "true"`)
	p.do(chromedp.Focus("#entry"))
	p.value(`(document.getElementById("entry").value = "/actors umerov", "set")`)
	p.keys(kb.Enter)
	p.seen("#messages .ephemeral", "Profile of umerov")
}

func walkDraft(_ *testing.T, r *room, p *tab) {
	p.until("commands are known", `document.getElementById("link").dataset.connected === "true"`)
	p.do(chromedp.Focus("#entry"))
	p.keys("/actors ")
	p.focused(`[data-option="name"]`)
	p.keys("umer")
	p.seen("#suggestions [aria-selected=true]", "Rustem Umerov")
	p.keys(kb.Tab)
	p.focused("#entry")
	p.press(`#channels li:nth-child(2) button`)
	p.seen("#channel-name", "# digests")
	p.until("there is nothing of it elsewhere", `document.querySelector("#chosen .pill") === null`)
	p.press(`#channels li:nth-child(1) button`)
	p.seen("#chosen .pill", "/actors")
	p.do(chromedp.Navigate(r.url))
	p.seen("#chosen .pill", "/actors")
	p.do(chromedp.Focus("#entry"))
	p.keys(kb.Enter)
	p.seen("#messages .ephemeral", "Profile of a7")
	p.until("what was sent isn't kept", `Object.keys(sessionStorage).filter(k => k.startsWith("sitrep.draft")).length === 0`)
}

func openForm(p *tab) {
	p.t.Helper()
	become(p, "moderator")
	p.seen("#channels", "moderators")
	p.do(chromedp.Focus("#entry"))
	p.keys("/desk edit" + kb.Enter)
	p.seen("#chosen .pill", "/desk edit")
	p.keys(kb.Enter)
	p.seen("#modal[open] h2", "Edit figure")
	p.focused(`#modal input[name="value"]`)
}

func walkForm(_ *testing.T, r *room, p *tab) {
	openForm(p)
	p.keys(kb.End + "99")
	p.do(chromedp.Navigate(r.url))
	p.seen("#modal[open] h2", "Edit figure")
	p.until("it holds what was typed", `document.querySelector('#modal input[name="value"]').value === "61299"`)
	p.do(chromedp.Focus(`#modal input[name="value"]`))
	p.keys(kb.Enter)
	p.seen("#messages .ephemeral", "Saved 61299 for moderator")
	p.do(chromedp.Navigate(r.url))
	p.seen("#messages", "Saved 61299")
	p.until("a form that was sent doesn't come back", `!document.getElementById("modal").open`)
}

// walkFormFocus goes round the form with Tab and out of it with Escape.
func walkFormFocus(_ *testing.T, _ *room, p *tab) {
	openForm(p)
	p.keys(kb.Tab)
	p.until("Cancel comes next", `document.activeElement.innerText === "Cancel"`)
	p.keys(kb.Tab)
	p.until("then Submit", `document.activeElement.innerText === "Submit"`)
	p.keys(kb.Escape)
	p.until("the form is closed", `!document.getElementById("modal").open`)
	p.focused("#entry")
}

func walkFiles(_ *testing.T, _ *room, p *tab) {
	p.value(`(() => {
		const data = new DataTransfer();
		data.items.add(new File(["one,two"], "numbers.csv", { type: "text/csv" }));
		data.items.add(new File(["x"], "b.txt", { type: "text/plain" }));
		document.getElementById("attach-file").files = data.files;
		document.getElementById("attach-file").dispatchEvent(new Event("change"));
		return "chosen";
	})()`)
	p.seen("#attached", "numbers.csv")
	p.press(`#attached li:nth-child(2) .remove`)
	p.do(chromedp.Focus("#entry"))
	p.keys("Two numbers" + kb.Enter)
	p.seen("#messages .message .file", "numbers.csv")
	p.seen("#messages .message .file", "7 bytes")
	p.until("the file that was taken away wasn't sent", `document.querySelectorAll("#messages .file").length === 1 && document.getElementById("attached").hidden`)
}

func walkUnread(_ *testing.T, r *room, p *tab) {
	r.post("digests", object{"content": "first"})
	p.press(`#channels li:nth-child(2) button`)
	p.seen("#messages", "first")
	p.press(`#channels li:nth-child(1) button`)
	r.post("digests", object{"content": "second"})
	r.post("digests", object{"content": "third"})
	p.seen("#channels .unread", "digests")
	p.press("#channels .unread")
	p.seen("#messages .rule", "NEW")
	p.until("the rule stands before the second", `document.querySelector("#messages .fresh").nextElementSibling.innerText.includes("second")`)
	p.until("what goes on has no second head", `document.querySelectorAll("#messages .message.joined").length === 1`)
}

// walkNamed presses the name of a channel, after the clock has moved on.
func walkNamed(_ *testing.T, r *room, p *tab) {
	r.post("briefings", object{"content": "Go to <#" + r.channel("digests") + ">, due <t:1768809600:R>"})
	p.seen("#messages time[data-relative]", "in 2 hours")
	p.press("#hour")
	p.seen("#messages time[data-relative]", "in 1 hour")
	p.press("#messages .mention")
	p.seen("#channel-name", "# digests")
}

func walkThreads(t *testing.T, r *room, p *tab) {
	id := r.post("briefings", object{"content": "Talk about this"})
	r.send(http.MethodPost, "/api/v10/channels/"+r.channel("briefings")+"/messages/"+id+"/threads", object{"name": "Details"})
	p.seen("#channels .thread", "Details")
	if got := p.value(`[...document.querySelectorAll("#channels .name")].map(n => n.innerText).join(" ")`); got != "briefings Details digests sitrep" {
		t.Errorf("the channels are %s, want the thread below its own", got)
	}
	p.seen(".thread-card", "Details")
	p.press(".thread-card")
	p.seen("#channel-name", "# Details")
	p.do(chromedp.Focus("#entry"))
	p.keys("In here" + kb.Enter)
	p.seen("#messages .message .text", "In here")
}

func walkHostile(t *testing.T, r *room, p *tab) {
	hostile := []string{
		"<img src=x onerror=alert(1)><script>alert(2)</script>", strings.Repeat("W", 2000), "\u202egnp.exe\u202c and after",
		"a\u200b\u200d\ufeff" + strings.Repeat("\u0301", 500) + "z", strings.Repeat("😀", 900), "[x](javascript:alert(3)) <t:99999999999999:F> <@&>" + strings.Repeat("`", 99),
	}
	for _, text := range hostile {
		r.post("briefings", object{"content": text})
	}
	r.send(http.MethodPost, "/api/v10/channels/"+r.channel("briefings")+"/threads", object{"name": "<b>\u202e" + strings.Repeat("N", 90), "type": 11})
	r.post("briefings", object{"content": "the last"})
	p.seen("#messages", "the last")
	p.seen("#channels .thread", "<b>")
	for _, width := range []int64{1280, 360} {
		p.do(chromedp.EmulateViewport(width, 800))
		if got := p.value(wide); got != "" {
			t.Errorf("at %d the page is %s", width, got)
		}
	}
	if got := p.value(`String(document.querySelectorAll("#messages img, #messages script, #messages b:not(.author), #channels b, #messages [onerror]").length)`); got != "0" {
		t.Errorf("%s elements came of texts, want none", got)
	}
	if got := p.value(`document.querySelectorAll("#messages .text")[2].innerText`); got != hostile[2] {
		t.Errorf("the text written from right to left reads %q, want %q", got, hostile[2])
	}
	if got := p.value(`getComputedStyle(document.querySelectorAll("#messages .text")[2]).unicodeBidi`); got != "isolate" {
		t.Errorf("a text's direction is %s, want it kept to the text", got)
	}
}

func walkLog(t *testing.T, r *room, p *tab) {
	p.press("#log-toggle")
	p.focused("#log-filter")
	p.seen("#log-list", "PUT /applications/")
	p.keys("ready")
	p.until("the filter keeps what it names", `[...document.querySelectorAll("#log-list li:not([hidden])")].every(n => n.innerText.includes("READY")) && document.querySelectorAll("#log-list li:not([hidden])").length === 1`)
	p.press("#log-clear")
	p.value(`(document.getElementById("log-filter").value = "", document.getElementById("log-filter").dispatchEvent(new Event("input")), "all")`)
	p.press(".faults summary")
	p.press("#faults button:nth-child(2)")
	p.seen("#faults-now", "POST /channels/*/messages")
	refused := r.refused("briefings", object{"content": "too many"})
	if refused != http.StatusTooManyRequests {
		t.Errorf("the message was answered %d, want the fault's 429", refused)
	}
	p.seen("#log-list .bad", "429")
	p.press("#faults button:last-child")
	p.seen("#faults-now", "Discord behaves.")
	p.press("#log-close")
	p.focused("#log-toggle")
}

// refused posts a message that Discord is made to refuse, and returns its status.
func (r *room) refused(channel string, message object) int {
	r.t.Helper()
	raw, err := json.Marshal(message)
	if err != nil {
		r.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.url+"/api/v10/channels/"+r.channel(channel)+"/messages", strings.NewReader(string(raw)))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bot "+r.keys.Token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		r.t.Error(err)
	}
	return resp.StatusCode
}

func walkRefused(_ *testing.T, _ *room, p *tab) {
	p.do(chromedp.Focus("#entry"))
	p.keys("/broken" + kb.Enter)
	p.seen("#chosen .pill", "/broken")
	p.keys(kb.Enter)
	p.seen("#messages .lost .failed", "broke one of Discord's rules")
}

func walkSilentPress(_ *testing.T, r *room, p *tab) {
	r.post("briefings", object{"content": "Press", "components": []object{{"type": 1, "components": []object{{"type": 2, "style": 2, "label": "Nothing", "custom_id": "nothing"}}}}})
	p.seen("#messages .button", "Nothing")
	p.do(chromedp.Focus(`[data-custom-id="nothing"]`))
	p.keys(kb.Enter)
	p.seen("#messages .message .failed", "The application did not respond")
	p.focused(`[data-custom-id="nothing"]`)
}

func walkEnds(_ *testing.T, _ *room, p *tab) {
	p.do(chromedp.Focus("#entry"))
	p.keys("/")
	p.seen("#suggestions [aria-selected=true]", "/actors")
	p.keys(kb.ArrowDown + kb.End)
	p.seen("#suggestions [aria-selected=true]", "/talks")
	p.keys(kb.Home)
	p.seen("#suggestions [aria-selected=true]", "/actors")
}

func walkBounds(_ *testing.T, _ *room, p *tab) {
	p.until("commands are known", `document.getElementById("link").dataset.connected === "true"`)
	for _, tt := range []struct{ line, want string }{
		{"/broken count:many", "count takes a number."},
		{"/broken count:1.5", "count takes a whole number."},
		{"/broken count:0", "count is at least 1."},
		{"/broken count:10", "count is at most 9."},
		{"/broken where:#nowhere", "where: choose one from the list."},
		{"/broken note:a", "note takes at least 2 characters."},
	} {
		paste(p, tt.line)
		p.seen("#chosen .pill", "/broken")
		p.keys(kb.Enter)
		p.seen("#problem", tt.want)
		p.until("the field is marked", `document.activeElement.getAttribute("aria-invalid") === "true"`)
		p.keys(kb.Escape + kb.Escape)
		p.until("the box is empty", `document.querySelector("#chosen .pill") === null`)
	}
}
