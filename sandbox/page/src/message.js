import { components, embed, fileLink, image } from "./components.js";
import { el, icon } from "./dom.js";
import { inlineMarkdown, markdown } from "./markdown.js";
import { popup } from "./popup.js";
import { said, written } from "./time.js";

const crossposted = 1 << 0;
const quietEmbeds = 1 << 2;
export const ephemeral = 1 << 6;
const loading = 1 << 7;
const silent = 1 << 12;
const partsOnly = 1 << 15;

/** What Discord itself says of messages that nobody wrote, by their type. */
const happenings = {
  6: "pinned a message to this channel.", 12: "follows announcements here now.", 18: "started a thread.", 21: "started this thread.",
};

/**
 * Draws a message. view: names, now, use(message, custom_id, values), menu(message), a list of
 * {name, about?, run}, dismiss(message), find(id), failure(message), threads(message), open(channel).
 * With joined, it goes on from the one above, by the same author a moment ago.
 */
export function messageNode(message, view, joined = false) {
  const own = { ...view, attachments: message.attachments ?? [], use: (id, values) => view.use(message, id, values) };
  const classes = ["message", message.author?.bot && "from-bot", message.flags & ephemeral && "ephemeral", joined && "joined", message.failed && "lost"];
  const at = new Date(message.timestamp);
  return el("article", {
    class: classes.filter(Boolean).join(" "), "data-message": message.id, tabindex: "-1",
    "aria-label": `${message.author?.username ?? "someone"}, ${written(at, "f")}`,
  }, joined ? el("time", { class: "aside", "aria-hidden": "true" }, written(at, "t")) : avatar(message.author), el("div", { class: "body" },
    answered(message, view), invoked(message), joined ? null : head(message, view), body(message, own), ...foot(message, view)), actions(message, view));
}

/** A round mark for somebody, the same each time. */
export function avatar(author) {
  const name = author?.username ?? "?";
  const tint = [...name].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 6;
  return el("div", { class: `avatar ${author?.bot ? "of-bot" : `tint-${tint}`}`, "aria-hidden": "true" }, author?.bot ? "◈" : [...name][0].toUpperCase());
}

function invoked(message) {
  const mark = message.interaction_metadata;
  if (!mark?.name) {
    return null;
  }
  const menu = mark.name !== mark.name.toLowerCase(); // what is typed after a slash has no capitals
  return el("p", { class: "invoked" }, el("b", { dir: "auto" }, mark.user?.username ?? "someone"), " used ",
    menu ? el("span", { class: "mention" }, mark.name) : el("button", { type: "button", class: "mention", "data-command": mark.name }, `/${mark.name}`));
}

/** The line above an answer that says what it answers. */
function answered(message, view) {
  const id = message.message_reference?.message_id;
  if (!id || message.message_reference.type === 1) {
    return null;
  }
  const first = message.referenced_message ?? view.find(id);
  const words = first ? [el("b", { dir: "auto" }, `@${first.author?.username ?? "someone"}`), " ", el("span", { class: "clip" }, gist(first, view))] : ["a message that isn't here"];
  return el("p", { class: "invoked answer" }, icon("reply"), el("span", { class: "sr" }, "In answer to "), words);
}

function gist(message, view) {
  const text = message.content || message.text || "";
  return text ? inlineMarkdown(text.split("\n")[0].replace(/^(#{1,3}|-#|>) /, "").slice(0, 120), view.names, view.now) : "an attachment";
}

function head(message, view) {
  const at = new Date(message.timestamp);
  return el("header", {},
    el("b", { class: "author", dir: "auto" }, message.author?.username ?? "someone"),
    message.author?.bot ? el("span", { class: "badge" }, "APP") : null,
    el("time", { class: "at", datetime: message.timestamp, title: written(at, "F") }, said(at, view.now())),
    message.flags & silent ? el("span", { class: "at", title: "Sent without a notification" }, "@silent") : null,
    message.flags & crossposted ? el("span", { class: "at" }, "· Published") : null);
}

function body(message, view) {
  if (message.failed) {
    return el("p", { class: "failed" }, icon("warn"), ` ${message.failed}`);
  }
  if (message.flags & loading) {
    return el("p", { class: "thinking" }, dots(), ` ${message.author?.username ?? "The bot"} is thinking…`);
  }
  if (happenings[message.type]) {
    return el("p", { class: "thinking" }, happenings[message.type]);
  }
  const text = message.content ? el("div", { class: "text", dir: "auto" }, markdown(message.content, view.names, view.now)) : null;
  if (text && message.edited_timestamp) {
    text.append(el("span", { class: "edited", title: written(new Date(message.edited_timestamp), "F") }, " (edited)"));
  }
  const parts = components(message.components, view);
  // Files of a message made of components show only where a component names them.
  const files = message.flags & partsOnly ? [] : (message.attachments ?? []).map((file) => attached(file, view));
  const embeds = message.flags & quietEmbeds ? [] : (message.embeds ?? []);
  return el("div", { class: "content" }, text, embeds.map((one) => embed(one, view)), files, parts);
}

function dots() {
  return el("span", { class: "dots", "aria-hidden": "true" }, "● ● ●");
}

function attached(file, view) {
  return /^image\//.test(file.content_type ?? "")
    ? image(file.url, file.description, view.attachments, /^SPOILER_/.test(file.filename))
    : fileLink(file.url, file.filename, view, file.size);
}

function foot(message, view) {
  const marked = Boolean(message.edited_timestamp) && !message.content && !(message.flags & loading);
  const failure = view.failure(message);
  return [
    marked ? el("p", { class: "edited" }, "(edited)") : null,
    failure ? el("p", { class: "failed", role: "alert" }, icon("warn"), ` ${failure}`) : null,
    ...view.threads(message).map((thread) => el("button", { type: "button", class: "thread-card", onclick: () => view.open(thread.id) },
      icon("thread"), el("b", { dir: "auto" }, thread.name), el("span", {}, "Open the thread ›"))),
    message.flags & ephemeral ? el("p", { class: "only-you" }, icon("eye"), " Only you can see this · ",
      el("button", { type: "button", class: "plain", onclick: () => view.dismiss(message) }, "Dismiss message")) : null,
  ];
}

/** The menu of a message: by its button, by the right mouse button, or by the menu key on the button. */
function actions(message, view) {
  const entries = view.menu(message);
  return entries.length === 0 ? null : el("div", { class: "actions" }, popup({
    label: icon("more"), name: `Menu of the message by ${message.author?.username ?? "someone"}`, kind: "more",
    items: () => entries.map((entry, at) => ({ name: entry.name, about: entry.about, value: String(at) })),
    chosen: ([at]) => entries[Number(at)].run(),
  }));
}
