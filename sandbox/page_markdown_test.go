package sandbox_test

import (
	"strings"
	"testing"
)

func TestPageMarkdown(t *testing.T) {
	r := newRoom(t)
	p := openTab(t, openBrowser(t), r)
	reader := p.value(`[...document.querySelectorAll("#identity option")].find(o => o.text === "reader").value`)
	for _, tt := range []struct{ name, text, want string }{
		{"plain", "a & b", "<p>a &amp; b</p>"},
		{"marks", "**b** *i* _i_ __u__ ~~s~~ ***bi***", "<p><strong>b</strong> <em>i</em> <em>i</em> <u>u</u> <s>s</s> <strong><em>bi</em></strong></p>"},
		{"nested marks", "**b *i* b**", "<p><strong>b <em>i</em> b</strong></p>"},
		{"unclosed marks stay text", "**b *i __u ~~s ||p `c", "<p>**b *i __u ~~s ||p `c</p>"},
		{"crossed marks", "*a **b* c**", "<p><em>a **b</em> c**</p>"},
		{"words with underscores", "snake_case_name", "<p>snake_case_name</p>"},
		{"a lone star", "2 * 3 * 4", "<p>2 * 3 * 4</p>"},
		{"escapes", `\*no\* \<@1\> C:\dir`, `<p>*no* &lt;@1&gt; C:\dir</p>`},
		{"code keeps its marks", "`**x** <b>`", "<p><code>**x** &lt;b&gt;</code></p>"},
		{"code block", "```go\na <b>\n```", `<pre tabindex="0"><code>a &lt;b&gt;</code></pre>`},
		{"unclosed code block stays text", "```go\na", "<p>```go<br>a</p>"},
		{"headings", "# A\n### C", `<div class="h h1" role="heading" aria-level="3">A</div><div class="h h3" role="heading" aria-level="5">C</div>`},
		{"no heading without a space", "#tag", "<p>#tag</p>"},
		{"subtext", "-# small", `<p class="subtext">small</p>`},
		{"list", "- a\n- b\n  - c\n\nd", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul><p>d</p>"},
		{"numbers", "3. a\n4. b", `<ol start="3"><li>a</li><li>b</li></ol>`},
		{"quote", "> a\n> b\nc", "<blockquote><p>a<br>b</p></blockquote><p>c</p>"},
		{"quote of the rest", ">>> a\nb", "<blockquote><p>a<br>b</p></blockquote>"},
		{"link", "[x](https://e.org/a_(b))", `<p><a href="https://e.org/a_(b)" target="_blank" rel="noopener noreferrer" title="https://e.org/a_(b)">x</a></p>`},
		{"bare link", "see https://e.org/a.", `<p>see <a href="https://e.org/a" target="_blank" rel="noopener noreferrer" title="https://e.org/a">https://e.org/a</a>.</p>`},
		{"mentions", "<@READER> <#2> <@&3>", `<p><span class="mention">@reader</span> <span class="mention">#unknown</span> <span class="mention">@unknown-role</span></p>`},
		{"command", "</digest add:5>", `<p><button type="button" class="mention" data-command="digest add">/digest add</button></p>`},
		{"script", "<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"},
		{"handler", `<img src=x onerror="alert(1)">`, `<p>&lt;img src=x onerror="alert(1)"&gt;</p>`},
		{"script link", "[x](javascript:alert(1)) <javascript:alert(1)>", "<p>[x](javascript:alert(1)) &lt;javascript:alert(1)&gt;</p>"},
		{"data link", "[x](data:text/html,<script>)", "<p>[x](data:text/html,&lt;script&gt;)</p>"},
		{"quote in a link", `[x](https://e.org/"onclick="alert(1))`, `<p><a href="https://e.org/%22onclick=%22alert(1)" target="_blank" rel="noopener noreferrer" title="https://e.org/%22onclick=%22alert(1)">x</a></p>`},
		{"time out of range", "<t:9999999999999:F>", "<p>&lt;t:9999999999999:F&gt;</p>"},
		{"time without style", "<t:0:Q>", "<p>&lt;t:0:Q&gt;</p>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			id := r.post("briefings", object{"content": strings.ReplaceAll(tt.text, "READER", reader)})
			p.until("the message is there", drawn(id)+` !== null`)
			if got := p.value(drawn(id) + `.innerHTML`); got != tt.want {
				t.Errorf("%q is drawn as\n got %s\nwant %s", tt.text, got, tt.want)
			}
		})
	}
}

// drawn is the text of a message on the page, as JavaScript.
func drawn(id string) string {
	return `document.querySelector('[data-message="` + id + `"] .text')`
}

// TestPageMarkdownBounded wants text made to be slow drawn at once, and nesting cut off.
func TestPageMarkdownBounded(t *testing.T) {
	r := newRoom(t)
	p := openTab(t, openBrowser(t), r)
	last := ""
	for _, bad := range []string{"*a ", "**", "_", "~~a", "||", "`", "[", "[a](", "<", "<@", "> ", "- ", "[[a]", "https://", "\\"} {
		text := strings.Repeat(bad, 4000/len(bad)-1) + "x"
		last = r.post("briefings", object{"flags": 1 << 15, "components": []object{{"type": 10, "content": text}}})
	}
	p.until("the last is there", drawn(last)+` !== null`)
	if got := p.value(`(() => {
		const depth = (node) => 1 + Math.max(0, ...[...node.children].map(depth));
		return String(Math.max(...[...document.querySelectorAll(".text")].map(depth)) > 60);
	})()`); got != "false" {
		t.Error("the page nests deeper than 60 elements")
	}
	if got := p.value(`new Promise((resolve) => new PerformanceObserver((list) => resolve(String(Math.max(...list.getEntries().map((one) => one.duration)) > 5000)))
		.observe({ type: "longtask", buffered: true }) ?? setTimeout(() => resolve("false"), 200))`); got != "false" {
		t.Error("the page stood still for more than 5 s while it drew 15 messages")
	}
}
