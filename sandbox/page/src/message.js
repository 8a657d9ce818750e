import { components, embed, fileLink, image } from "./components.js";
import { el } from "./dom.js";
import { markdown } from "./markdown.js";
import { popup } from "./popup.js";
import { written } from "./time.js";

const ephemeral = 1 << 6;
const loading = 1 << 7;
const partsOnly = 1 << 15;

/**
 * Draws a message. view: names, now, guild, use(message, custom_id, values),
 * menu ({names, run(name, message)}) and dismiss(message).
 */
function messageNode(message, view) {
  const bot = Boolean(message.author?.bot);
  const own = { ...view, attachments: message.attachments ?? [], use: (id, values) => view.use(message, id, values) };
  const node = el("article", {
    class: `message${bot ? " from-bot" : ""}${message.flags & ephemeral ? " ephemeral" : ""}`,
    "data-message": message.id, "aria-label": `${message.author?.username ?? "someone"}, ${written(new Date(message.timestamp), "f")}`,
  }, avatar(message.author), el("div", { class: "body" },
    invoked(message), head(message), body(message, own), ...foot(message, view)), actions(message, view));
  return node;
}

function avatar(author) {
  const name = author?.username ?? "?";
  const hue = [...name].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 6;
  return el("div", { class: `avatar tint-${hue}`, "aria-hidden": "true" }, author?.bot ? "◈" : name[0].toUpperCase());
}

function invoked(message) {
  const mark = message.interaction_metadata;
  if (!mark?.name) {
    return null;
  }
  return el("p", { class: "invoked" }, el("b", {}, mark.user?.username ?? "someone"), " used ", el("span", { class: "mention" }, `/${mark.name}`));
}

function head(message) {
  const at = new Date(message.timestamp);
  return el("header", {},
    el("b", { class: "author" }, message.author?.username ?? "someone"),
    message.author?.bot ? el("span", { class: "badge" }, "APP") : null,
    el("time", { class: "at", datetime: message.timestamp, title: written(at, "F") }, written(at, "s")));
}

function body(message, view) {
  if (message.flags & loading) {
    return el("p", { class: "thinking" }, el("span", { class: "dots", "aria-hidden": "true" }, "● ● ●"), ` ${message.author?.username ?? "The bot"} is thinking…`);
  }
  const text = message.content ? el("div", { class: "text" }, markdown(message.content, view.names, view.now)) : null;
  if (text && message.edited_timestamp) {
    text.append(el("span", { class: "edited", title: written(new Date(message.edited_timestamp), "F") }, " (edited)"));
  }
  const parts = components(message.components, view);
  // Files of a message made of components show only where a component names them.
  const files = message.flags & partsOnly ? [] : (message.attachments ?? []).map((file) => attached(file, view));
  return el("div", { class: "content" }, text, (message.embeds ?? []).map((one) => embed(one, view)), files, parts);
}

function attached(file, view) {
  return /^image\//.test(file.content_type ?? "") ? image(file.url, file.description, view.attachments) : fileLink(file.url, file.filename, view);
}

function foot(message, view) {
  const marked = Boolean(message.edited_timestamp) && !message.content && !(message.flags & loading);
  return [
    marked ? el("p", { class: "edited" }, "(edited)") : null,
    message.flags & ephemeral ? el("p", { class: "only-you" }, el("span", { "aria-hidden": "true" }, "◉ "), "Only you can see this · ",
      el("button", { type: "button", class: "plain", onclick: () => view.dismiss(message) }, "Dismiss message")) : null,
  ];
}

function actions(message, view) {
  const names = view.menu.names;
  if (names.length === 0 || message.flags & ephemeral) {
    return null;
  }
  return el("div", { class: "actions" }, popup({
    label: "⋯", name: "Apps for this message", kind: "more",
    items: () => names.map((name) => ({ name, value: name })),
    chosen: ([name]) => view.menu.run(name, message),
  }));
}

/**
 * Brings the list up to date, touching only what changed: focus and what is unfolded stay
 * where they were. Returns whether something was added at the end.
 */
export function arrange(root, messages, view) {
  const old = new Map([...root.children].map((node) => [node.dataset.message, node]));
  let added = false;
  const nodes = messages.map((message) => {
    const print = JSON.stringify([message, view.menu.names]);
    const known = old.get(message.id);
    if (known?.print === print) {
      return known;
    }
    const node = messageNode(message, view);
    node.print = print;
    added ||= !known;
    keepFocus(known, node);
    return node;
  });
  const wanted = new Set(nodes);
  [...root.children].filter((node) => !wanted.has(node)).forEach((node) => node.remove());
  nodes.forEach((node, at) => root.children[at] !== node && root.insertBefore(node, root.children[at] ?? null));
  root.querySelector("[data-refocus]")?.focus();
  root.querySelector("[data-refocus]")?.removeAttribute("data-refocus");
  return added;
}

function keepFocus(known, node) {
  const focused = known?.contains(document.activeElement) ? document.activeElement.dataset.customId : undefined;
  const twin = focused !== undefined && [...node.querySelectorAll("[data-custom-id]")].find((one) => one.dataset.customId === focused);
  twin?.setAttribute?.("data-refocus", "");
}
