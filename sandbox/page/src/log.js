import * as api from "./api.js";
import { byId, el } from "./dom.js";

const every = 1000;
const most = 500;

/** What Discord can be asked to do wrong, by a button each. */
const mishaps = [
  ["Next answer fails (500)", { match: "POST /interactions/*/*/callback", times: 1, status: 500 }],
  ["Next message is refused (429)", { match: "POST /channels/*/messages", times: 1, status: 429, retry_after: 2 }],
  ["Next answer takes 4 s", { match: "POST /interactions/*/*/callback", times: 1, latency_ms: 4000 }],
  ["Cut the gateway now", { match: "NOW", times: 1, close: 4000 }],
];

const operations = {
  1: "HEARTBEAT", 2: "IDENTIFY", 3: "PRESENCE", 4: "VOICE", 6: "RESUME", 7: "RECONNECT", 8: "MEMBERS", 9: "INVALID SESSION", 10: "HELLO", 11: "HEARTBEAT ACK",
};

/** Wires the developer's panel: the requests and frames of the last minutes, and faults. */
export function journal(tell) {
  const panel = byId("log");
  const toggle = byId("log-toggle");
  const list = byId("log-list");
  let last = "";
  let timer = 0;
  const wanted = () => ({ text: byId("log-filter").value.trim().toLowerCase(), kind: byId("log-kind").value });
  const sift = () => [...list.children].forEach((row) => { row.hidden = !fits(row.entry, wanted()); });
  const read = async () => {
    try {
      const { entries } = await api.log(last);
      if (!panel.hidden) {
        add(list, entries, wanted());
        last = entries.at(-1)?.at ?? last;
      }
    } catch (fault) {
      tell(fault.message);
    }
    clearTimeout(timer);
    timer = panel.hidden ? 0 : setTimeout(read, every);
  };
  const show = (open) => {
    panel.hidden = !open;
    toggle.setAttribute("aria-expanded", String(open));
    clearTimeout(timer);
    (open ? byId("log-filter") : toggle).focus();
    if (open) {
      read();
      api.faults().then(drawFaults, (fault) => tell(fault.message));
    }
  };
  toggle.addEventListener("click", () => show(panel.hidden));
  byId("log-close").addEventListener("click", () => show(false));
  panel.addEventListener("keydown", (event) => event.key === "Escape" && show(false));
  byId("log-filter").addEventListener("input", sift);
  byId("log-kind").addEventListener("change", sift);
  byId("log-clear").addEventListener("click", () => list.replaceChildren());
  wireFaults(tell);
}

function add(list, entries, wanted) {
  const rows = entries.map(row);
  rows.forEach((one) => { one.hidden = !fits(one.entry, wanted); });
  list.append(...rows);
  while (list.children.length > most) {
    list.firstChild.remove();
  }
  if (rows.length > 0 && byId("log-follow").checked) {
    list.scrollTop = list.scrollHeight;
  }
}

function row(entry) {
  const told = [entry.body, entry.data].find((one) => one !== undefined && one !== null);
  const line = [
    el("time", { datetime: entry.at }, entry.at.slice(11, 23)), " ", el("b", {}, name(entry)), " ",
    entry.status ? el("span", { class: refused(entry) ? "bad" : "good" }, `${entry.status} ${entry.verdict ?? ""}`) : null,
    entry.kind === "rest" ? el("span", { class: "soft" }, ` ${entry.ms} ms`) : null,
  ];
  const node = told === undefined
    ? el("li", {}, el("p", { class: "entry" }, line))
    : el("li", {}, el("details", {}, el("summary", { class: "entry" }, line), el("pre", { tabindex: "0" }, JSON.stringify(told, null, 2))));
  node.entry = entry;
  return node;
}

function name(entry) {
  if (entry.kind === "rest") {
    return `${entry.method} ${entry.path ?? entry.route}`;
  }
  return `${entry.direction === "in" ? "→" : "←"} ${entry.event || operations[entry.op] || `op ${entry.op}`}`;
}

function refused(entry) {
  return entry.status >= 400;
}

function fits(entry, { text, kind }) {
  const right = kind === "all" || (kind === "refused" ? refused(entry) : entry.kind === kind);
  return right && (text === "" || `${name(entry)} ${entry.status ?? ""} ${entry.verdict ?? ""}`.toLowerCase().includes(text));
}

function drawFaults(list) {
  const left = list.filter((one) => !one.times || (one.used ?? 0) < one.times);
  byId("faults-now").textContent = left.length === 0 ? "Discord behaves." : `Waiting to strike: ${left.map((one) => one.match).join(", ")}`;
}

function wireFaults(tell) {
  const change = async (work) => {
    try {
      drawFaults(await work());
    } catch (fault) {
      tell(fault.message);
    }
  };
  const press = (name, work) => byId("faults").append(el("button", { type: "button", class: "small", onclick: () => change(work) }, name));
  mishaps.forEach(([name, mishap]) => press(name, async () => api.setFaults([...await api.faults(), mishap].map(({ used: _, ...fault }) => fault))));
  press("Behave again", () => api.setFaults([]));
}
