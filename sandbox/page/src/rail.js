import { byId, el } from "./dom.js";

/** Draws the column of channels; open(id) is called for the one that is pressed. */
export function drawRail({ guilds, people, channels, guild, member, channel, unread, connected, open }) {
  fill(byId("guild"), guilds);
  byId("guild").hidden = guilds.length < 2;
  byId("guild").value = guild?.id ?? "";
  byId("guild-name").textContent = guild?.name ?? "No server yet";
  fill(byId("identity"), people);
  byId("identity").value = member?.id ?? "";
  const focused = document.activeElement?.dataset?.channel;
  byId("channels").replaceChildren(...channels.map((one) => el("li", {}, el("button", {
    type: "button", "data-channel": one.id, "aria-current": one.id === channel?.id ? "page" : null,
    class: unread.has(one.id) ? "unread" : null, onclick: () => open(one.id),
  }, el("span", { class: "hash", "aria-hidden": "true" }, "#"), one.name,
  unread.has(one.id) ? el("span", { class: "dot" }, el("span", { class: "sr" }, "unread")) : null))));
  byId("channels").querySelector(`[data-channel="${CSS.escape(focused ?? "")}"]`)?.focus();
  drawLink(connected);
}

/** Lists the things in a select, leaving it alone, perhaps open, where nothing changed. */
function fill(select, things) {
  const print = JSON.stringify(things.map((one) => [one.id, one.name]));
  if (select.dataset.print !== print) {
    select.dataset.print = print;
    select.replaceChildren(...things.map((one) => el("option", { value: one.id }, one.name)));
  }
}

function drawLink(connected) {
  const words = connected ? "Bot connected" : "The bot isn't connected";
  if (byId("link").textContent !== words) {
    byId("link").textContent = words;
  }
  byId("link").dataset.connected = String(connected);
}

/** Makes the column a menu on narrow screens. */
export function railMenu() {
  const narrow = matchMedia("(max-width: 720px)");
  const isOpen = () => document.body.classList.contains("rail-open");
  const set = (open) => {
    document.body.classList.toggle("rail-open", open);
    byId("rail").inert = narrow.matches && !open;
    document.querySelector("main").inert = narrow.matches && open;
    byId("shade").hidden = !(narrow.matches && open);
    byId("menu").setAttribute("aria-expanded", String(open));
  };
  const close = () => {
    if (isOpen()) {
      set(false);
      byId("menu").focus();
    }
  };
  byId("menu").addEventListener("click", () => {
    set(true);
    byId("channels").querySelector("button")?.focus();
  });
  byId("shade").addEventListener("click", close);
  narrow.addEventListener("change", () => set(false));
  document.addEventListener("keydown", (event) => event.key === "Escape" && close());
  set(false);
  return { close };
}
