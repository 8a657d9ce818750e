import { el, webLink } from "./dom.js";
import { timestamp } from "./time.js";

const deepest = 12;

/**
 * Turns Discord's markdown into nodes. names resolves mentions (user, role, channel: id to
 * name), now() is the time that relative timestamps count from.
 */
export function markdown(text, names = {}, now = Date.now) {
  const out = document.createDocumentFragment();
  out.append(...blocks(String(text ?? "").replaceAll("\r\n", "\n").split("\n"), { names, now, depth: 0 }));
  return out;
}

/** One line of markdown without blocks, as in labels. */
export function inlineMarkdown(text, names = {}, now = Date.now) {
  const out = document.createDocumentFragment();
  out.append(...inline(String(text ?? ""), { names, now, depth: 0 }));
  return out;
}

const starts = [
  [/^```/, codeBlock],
  [/^#{1,3} +\S/, heading],
  [/^-# +\S/, subtext],
  [/^>>> /, quoteRest],
  [/^> /, quote],
  [/^ *(?:[-*]|\d{1,9}\.) +\S/, list],
];

function blocks(lines, ctx) {
  const out = [];
  let paragraph = [];
  const flush = () => {
    if (paragraph.some((line) => line.trim() !== "")) {
      out.push(el("p", {}, inline(paragraph.join("\n").replace(/^\n+|\n+$/g, ""), ctx)));
    }
    paragraph = [];
  };
  for (let at = 0; at < lines.length;) {
    const made = block(lines, at, ctx);
    if (made) {
      flush();
      out.push(made.node);
      at = made.next;
    } else {
      paragraph.push(lines[at++]);
    }
  }
  flush();
  return out;
}

function block(lines, at, ctx) {
  const start = starts.find(([pattern]) => pattern.test(lines[at]));
  return start && ctx.depth < deepest ? start[1](lines, at, { ...ctx, depth: ctx.depth + 1 }) : null;
}

function heading(lines, at, ctx) {
  const [, marks, text] = /^(#{1,3}) +(.*)$/.exec(lines[at]);
  // The page's own headings are levels 1 and 2.
  const node = el("div", { class: `h h${marks.length}`, role: "heading", "aria-level": marks.length + 2 }, inline(text, ctx));
  return { node, next: at + 1 };
}

function subtext(lines, at, ctx) {
  return { node: el("p", { class: "subtext" }, inline(lines[at].replace(/^-# +/, ""), ctx)), next: at + 1 };
}

function quote(lines, at, ctx) {
  let next = at;
  while (next < lines.length && lines[next].startsWith("> ")) {
    next++;
  }
  return { node: el("blockquote", {}, blocks(lines.slice(at, next).map((line) => line.slice(2)), ctx)), next };
}

function quoteRest(lines, at, ctx) {
  const rest = [lines[at].slice(4), ...lines.slice(at + 1)];
  return { node: el("blockquote", {}, blocks(rest, ctx)), next: lines.length };
}

function codeBlock(lines, at) {
  const rest = lines.slice(at).join("\n").slice(3);
  const end = rest.indexOf("```");
  if (end < 0) {
    return null;
  }
  const inside = rest.slice(0, end).replace(/^[\w+-]*\n/, "").replace(/\n$/, "");
  const next = at + rest.slice(0, end).split("\n").length;
  const after = rest.slice(end + 3).split("\n")[0];
  const node = el("pre", { tabindex: "0" }, el("code", {}, inside));
  if (after.trim() !== "") {
    lines[next - 1] = after;
    return { node, next: next - 1 };
  }
  return { node, next };
}

const item = /^( *)([-*]|\d{1,9}\.) +(.*)$/;

function list(lines, at, ctx) {
  const [, indent, mark] = item.exec(lines[at]);
  const ordered = /\d/.test(mark);
  const node = el(ordered ? "ol" : "ul", ordered ? { start: parseInt(mark, 10) } : {});
  let next = at;
  while (next < lines.length) {
    const found = item.exec(lines[next]);
    if (!found || found[1].length < indent.length) {
      break;
    }
    if (found[1].length > indent.length + 1 && node.lastChild && ctx.depth < deepest) {
      const inner = list(lines, next, { ...ctx, depth: ctx.depth + 1 });
      node.lastChild.append(inner.node);
      next = inner.next;
    } else if (/\d/.test(found[2]) !== ordered) {
      break;
    } else {
      node.append(el("li", {}, inline(found[3], ctx)));
      next++;
    }
  }
  return { node, next };
}

const marks = [
  ["***", (inner) => el("strong", {}, el("em", {}, inner))],
  ["**", (inner) => el("strong", {}, inner)],
  ["__", (inner) => el("u", {}, inner)],
  ["~~", (inner) => el("s", {}, inner)],
  ["||", spoiler],
  ["*", (inner) => el("em", {}, inner)],
  ["_", (inner) => el("em", {}, inner)],
];

function spoiler(inner) {
  const show = (event) => {
    event.currentTarget.setAttribute("aria-expanded", "true");
    event.currentTarget.removeAttribute("aria-label");
  };
  return el("button", { type: "button", class: "spoiler", "aria-expanded": "false", "aria-label": "Spoiler: show", onclick: show },
    el("span", { class: "spoiler-inside" }, inner));
}

function inline(text, ctx) {
  const out = [];
  let plain = "";
  const flush = () => {
    if (plain !== "") {
      out.push(plain);
    }
    plain = "";
  };
  for (let at = 0; at < text.length;) {
    const made = span(text, at, ctx);
    if (!made) {
      plain += text[at++];
    } else if (typeof made.node === "string") {
      plain += made.node;
      at = made.next;
    } else {
      flush();
      out.push(made.node);
      at = made.next;
    }
  }
  flush();
  return out;
}

function span(text, at, ctx) {
  switch (text[at]) {
    case "\\":
      return /[!-/:-@[-`{-~]/.test(text[at + 1] ?? "") ? { node: text[at + 1], next: at + 2 } : null;
    case "`":
      return code(text, at);
    case "<":
      return angle(text, at, ctx);
    case "[":
      return masked(text, at, ctx);
    case "h":
      return bare(text, at);
    case "\n":
      return { node: el("br"), next: at + 1 };
    default:
      return marked(text, at, ctx);
  }
}

function code(text, at) {
  const fence = /^`{1,3}/.exec(text.slice(at, at + 3))[0];
  const end = text.indexOf(fence, at + fence.length);
  if (end <= at + fence.length) {
    return null;
  }
  const inside = text.slice(at + fence.length, end);
  return { node: el("code", {}, fence === "`" ? inside : inside.trim()), next: end + fence.length };
}

function marked(text, at, ctx) {
  if (ctx.depth >= deepest || !"*_~|".includes(text[at])) {
    return null;
  }
  for (const [mark, make] of marks) {
    if (!text.startsWith(mark, at) || !opens(text, at, mark)) {
      continue;
    }
    const end = closing(text, at + mark.length, mark);
    if (end > 0) {
      return { node: make(inline(text.slice(at + mark.length, end), { ...ctx, depth: ctx.depth + 1 })), next: end + mark.length };
    }
  }
  return null;
}

function opens(text, at, mark) {
  const next = text[at + mark.length] ?? " ";
  if (mark === "_") {
    return !/\w/.test(text[at - 1] ?? " ") && next.trim() !== "";
  }
  return mark !== "*" || next.trim() !== "";
}

function closing(text, from, mark) {
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\") {
      at++;
    } else if (text[at] === "`") {
      const end = text.indexOf("`", at + 1);
      at = end < 0 ? at : end;
    } else if (text.startsWith(mark, at) && at > from && closes(text, at, mark)) {
      return at;
    } else if (mark.length === 1 && text[at] === mark && text[at + 1] === mark) {
      at++;
    }
  }
  return -1;
}

function closes(text, at, mark) {
  const after = text[at + mark.length] ?? " ";
  switch (mark) {
    case "_":
      return !/\w/.test(after) && (after !== "_" || text[at - 1] === "_");
    case "*":
      return text[at - 1].trim() !== "" && after !== "*";
    case "**":
    case "__":
      return after !== mark[0];
    default:
      return true;
  }
}

function masked(text, at, ctx) {
  const pattern = /\[((?:[^[\]\\]|\\.|\[[^[\]]*\])+)\]\(<?(https?:\/\/[^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?: +"[^"\n]*")?\)/y;
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  const href = found && webLink(found[2]);
  if (!href || ctx.depth >= deepest) {
    return null;
  }
  return { node: link(href, inline(found[1], { ...ctx, depth: ctx.depth + 1 })), next: pattern.lastIndex };
}

function bare(text, at) {
  if (/\w/.test(text[at - 1] ?? " ")) {
    return null;
  }
  const pattern = /https?:\/\/[^\s<>"']{1,2000}/y;
  pattern.lastIndex = at;
  const found = pattern.exec(text)?.[0].replace(/[.,:;!?*_~|\])]+$/, "");
  const href = found && webLink(found);
  return href ? { node: link(href, [found]), next: at + found.length } : null;
}

function link(href, inner) {
  return el("a", { href, target: "_blank", rel: "noopener noreferrer", title: href }, inner);
}

function angle(text, at, ctx) {
  const end = text.indexOf(">", at);
  if (end < 0 || end - at > 2000) {
    return null;
  }
  const inside = text.slice(at + 1, end);
  const node = timestamp(inside, ctx.now) ?? mention(inside, ctx.names) ?? angleLink(inside);
  return node ? { node, next: end + 1 } : null;
}

function angleLink(inside) {
  const href = /^https?:\/\/\S+$/.test(inside) && webLink(inside);
  return href ? link(href, [inside]) : null;
}

function mention(inside, names) {
  const [, kind, id] = /^(@!?|@&|#)(\d{1,20})$/.exec(inside) ?? [];
  const shown = (text) => el("span", { class: "mention" }, text);
  switch (kind) {
    case "@":
    case "@!":
      return shown(`@${names.user?.(id) ?? "unknown-user"}`);
    case "@&":
      return shown(`@${names.role?.(id) ?? "unknown-role"}`);
    case "#":
      return names.channel?.(id) ? el("button", { type: "button", class: "mention", "data-open": id }, `#${names.channel(id)}`) : shown("#unknown");
  }
  const command = /^\/([^:<>]{1,100}):\d{1,20}$/.exec(inside);
  if (command) {
    return el("button", { type: "button", class: "mention", "data-command": command[1] }, `/${command[1]}`);
  }
  const emoji = /^a?:(\w{1,32}):\d{1,20}$/.exec(inside);
  return emoji ? `:${emoji[1]}:` : null;
}
