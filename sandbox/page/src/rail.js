import { byId, el, icon } from "./dom.js";
import { avatar } from "./message.js";

/** Draws the column of channels; open(id) is called for the one that is pressed. */
export function drawRail({ guilds, people, channels, guild, member, channel, unread, connected, open }) {
  fill(byId("guild"), guilds);
  byId("guild").hidden = guilds.length < 2;
  byId("guild").value = guild?.id ?? "";
  byId("guild-name").textContent = guild?.name ?? "No server yet";
  fill(byId("identity"), people);
  byId("identity").value = member?.id ?? "";
  byId("portrait").replaceChildren(...(member ? [avatar({ username: member.name })] : []));
  drawLink(connected);
  const shown = channels.filter((one) => !one.archived || one.id === channel?.id);
  const print = JSON.stringify([channel?.id, shown.map((one) => [one.id, one.name, one.type, one.parent, unread.has(one.id)])]);
  if (byId("channels").dataset.print === print) {
    return; // what is being pressed stays what it is
  }
  byId("channels").dataset.print = print;
  const focused = document.activeElement?.dataset?.channel;
  byId("channels").replaceChildren(...shown.map((one) => row(one, one.id === channel?.id, unread.has(one.id), open)));
  byId("channels").querySelector(`[data-channel="${CSS.escape(focused ?? "")}"]`)?.focus();
}

/** The drawing and the word for a kind of channel. */
export function kindOf(channel) {
  if (channel.thread) {
    return ["thread", "thread"];
  }
  if (channel.direct) {
    return ["direct", "direct messages"];
  }
  return channel.type === 5 ? ["news", "announcements"] : ["text", ""];
}

function row(channel, current, unread, open) {
  const [drawing, kind] = kindOf(channel);
  return el("li", { class: channel.thread ? "thread" : null }, el("button", {
    type: "button", "data-channel": channel.id, "aria-current": current ? "page" : null, class: unread ? "unread" : null, onclick: () => open(channel.id),
  }, icon(drawing), el("span", { class: "name", dir: "auto" }, channel.name),
  kind ? el("span", { class: "sr" }, kind) : null,
  unread ? el("span", { class: "dot" }, el("span", { class: "sr" }, "unread")) : null));
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
