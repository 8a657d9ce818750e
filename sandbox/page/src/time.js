import { el } from "./dom.js";

const formats = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
  s: { dateStyle: "short", timeStyle: "short" },
  S: { dateStyle: "short", timeStyle: "medium" },
};

const furthest = 8.64e12;

/** Reads t:SECONDS:STYLE, the inside of a timestamp's angle brackets; null where it isn't one. */
export function timestamp(inside, now) {
  const [, seconds, style = "f"] = /^t:(-?\d{1,13})(?::([tTdDfFsSR]))?$/.exec(inside) ?? [];
  if (seconds === undefined || Math.abs(seconds) > furthest) {
    return null;
  }
  const at = new Date(Number(seconds) * 1000);
  const node = el("time", { datetime: at.toISOString(), title: written(at, "F") });
  if (style === "R") {
    node.dataset.relative = seconds;
    node.textContent = relative(at, now());
  } else {
    node.textContent = written(at, style);
  }
  return node;
}

export function written(at, style) {
  return new Intl.DateTimeFormat(document.documentElement.dataset.locale, formats[style]).format(at);
}

/** The sandbox's clock is shown in UTC: that is what its routes take. */
export function writtenUTC(at) {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: "UTC", weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit",
  }).format(at);
}

/** Each unit, its length in seconds, and how many seconds are told in it, as Discord does. */
const units = [
  ["year", 31_536_000, 320 * 86_400], ["month", 2_592_000, 26 * 86_400], ["day", 86_400, 22 * 3_600], ["hour", 3_600, 45 * 60], ["minute", 60, 45], ["second", 1, 0],
];

function relative(at, now) {
  const seconds = Math.round((at - now) / 1000);
  const [unit, length] = units.find(([, , from]) => Math.abs(seconds) >= from);
  return new Intl.RelativeTimeFormat(document.documentElement.dataset.locale, { numeric: "auto" }).format(Math.round(seconds / length), unit);
}

/** Writes every relative timestamp below root anew. */
export function refresh(root, now) {
  for (const node of root.querySelectorAll("time[data-relative]")) {
    const text = relative(new Date(Number(node.dataset.relative) * 1000), now());
    if (node.textContent !== text) {
      node.textContent = text;
    }
  }
}

const dayLength = 86_400_000;

function dayOf(at) {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate());
}

/** A message's time as a chat shows it: today and yesterday by name, counted from the sandbox's clock. */
export function said(at, now) {
  const days = Math.round((dayOf(new Date(now)) - dayOf(at)) / dayLength);
  if (days !== 0 && days !== 1) {
    return written(at, "s");
  }
  const word = new Intl.RelativeTimeFormat(document.documentElement.dataset.locale, { numeric: "auto" }).format(-days, "day");
  return `${word[0].toLocaleUpperCase()}${word.slice(1)}, ${written(at, "t")}`;
}

/** Whether two moments lie on one day of the reader's. */
export function sameDay(one, other) {
  return dayOf(one).getTime() === dayOf(other).getTime();
}
