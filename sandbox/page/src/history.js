import { el } from "./dom.js";
import { ephemeral, messageNode } from "./message.js";
import { sameDay, written } from "./time.js";

/** How long somebody's messages run on below one name. */
const together = 7 * 60_000;

/**
 * Brings the list up to date, touching only what changed: focus and what is unfolded stay
 * where they were. freshFrom is the id of the first message not read yet, "" for none.
 */
export function arrange(root, messages, view, freshFrom) {
  const old = new Map([...root.children].map((node) => [node.dataset.key, node]));
  const nodes = messages.flatMap((message, at) => [...lines(message, messages[at - 1], freshFrom), drawn(message, messages[at - 1], freshFrom)])
    .map(({ key, print, make }) => {
      const known = old.get(key);
      if (known?.print === print(view)) {
        return known;
      }
      const node = make(view);
      node.dataset.key = key;
      node.print = print(view);
      keepFocus(known, node);
      return node;
    });
  const wanted = new Set(nodes);
  [...root.children].filter((node) => !wanted.has(node)).forEach((node) => node.remove());
  nodes.forEach((node, at) => root.children[at] !== node && root.insertBefore(node, root.children[at] ?? null));
  root.querySelector("[data-refocus]")?.focus();
  root.querySelector("[data-refocus]")?.removeAttribute("data-refocus");
}

/** The rules above a message: a new day, and where the unread begins. */
function lines(message, before, freshFrom) {
  const at = new Date(message.timestamp);
  const day = before && sameDay(at, new Date(before.timestamp)) ? null : written(at, "D");
  const fresh = message.id === freshFrom;
  if (!day && !fresh) {
    return [];
  }
  const key = `line-${message.id}`;
  const make = () => el("p", { class: `rule${fresh ? " fresh" : ""}` },
    day ? el("span", {}, day) : null, fresh ? el("span", { class: "new" }, el("span", { class: "sr" }, "Unread from here: "), "NEW") : null);
  return [{ key, print: () => `${day} ${fresh}`, make }];
}

function drawn(message, before, freshFrom) {
  const joined = goesOn(message, before) && message.id !== freshFrom;
  return {
    key: message.id,
    print: (view) => JSON.stringify([message, joined, view.menu(message).map((entry) => entry.name), view.failure(message), view.threads(message)]),
    make: (view) => messageNode(message, view, joined),
  };
}

function goesOn(message, before) {
  const unseen = (one) => Boolean(one.flags & ephemeral);
  return Boolean(before) && before.author?.id === message.author?.id && unseen(before) === unseen(message) &&
    !message.interaction_metadata?.name && !message.message_reference && !message.type && !message.failed && !before.failed &&
    new Date(message.timestamp) - new Date(before.timestamp) < together && sameDay(new Date(message.timestamp), new Date(before.timestamp));
}

function keepFocus(known, node) {
  const focused = known?.contains(document.activeElement) ? document.activeElement.dataset.customId : undefined;
  const twin = focused !== undefined && [...node.querySelectorAll("[data-custom-id]")].find((one) => one.dataset.customId === focused);
  twin?.setAttribute?.("data-refocus", "");
}
