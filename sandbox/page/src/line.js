import { localised } from "./commands.js";

/**
 * Reads a whole line such as "/actors name:Budanov share:true" against what can be typed
 * here. Returns the entry, values (pairs of option and text, in order) and rest, what stands
 * before the first option; null where no command is meant.
 */
export function readLine(text, entries, locale) {
  if (!text.startsWith("/")) {
    return null;
  }
  const words = text.slice(1).replace(/\s+/g, " ").trim();
  const starts = (name) => words.toLowerCase() === name.toLowerCase() || words.toLowerCase().startsWith(`${name.toLowerCase()} `);
  const longest = (entry) => Math.max(...[entry.shown, entry.path].filter(starts).map((name) => name.length));
  const entry = entries.filter((one) => starts(one.shown) || starts(one.path)).sort((a, b) => longest(b) - longest(a))[0];
  return entry ? { entry, ...readOptions(words.slice(longest(entry)), entry.options, locale) } : null;
}

function readOptions(text, options, locale) {
  const byName = new Map(options.flatMap((option) => [[option.name, option], [localised(option, "name", locale).toLowerCase(), option]]));
  const marks = [...text.matchAll(/(?<=\s)([^\s:]{1,32}):/g)].filter((mark) => byName.has(mark[1].toLowerCase()));
  const values = marks.map((mark, at) => ({
    option: byName.get(mark[1].toLowerCase()), text: text.slice(mark.index + mark[0].length, marks[at + 1]?.index).trim(),
  }));
  return { values, rest: text.slice(0, marks[0]?.index).trim() };
}
