const subcommand = 1;
const group = 2;

/** The kinds of option, by Discord's numbers. */
export const kinds = {
  text: 3, whole: 4, truth: 5, user: 6, channel: 7, role: 8, mentionable: 9, number: 10, attachment: 11,
};

/** A word of a command or option in the member's language. */
export function localised(thing, key, locale) {
  const texts = thing[`${key}_localizations`] ?? {};
  return texts[locale] ?? thing[key] ?? "";
}

/** Lists everything that can be typed after the slash: subcommands stand for their command. */
export function typed(commands, locale) {
  const list = commands.flatMap((command) => leaves(command, [], [], locale));
  return list.sort((a, b) => a.shown.localeCompare(b.shown));
}

function leaves(node, path, shown, locale) {
  const here = [...path, node.name];
  const words = [...shown, localised(node, "name", locale)];
  const nested = (node.options ?? []).filter((option) => option.type === subcommand || option.type === group);
  if (nested.length > 0) {
    return nested.flatMap((option) => leaves(option, here, words, locale));
  }
  return [{
    path: here.join(" "),
    shown: words.join(" "),
    about: localised(node, "description", locale),
    options: node.options ?? [],
  }];
}

/** Ranks what starts with the text before what only holds it. */
export function matching(entries, text) {
  const wanted = text.toLowerCase().replace(/ +/g, " ");
  const starts = (entry) => entry.shown.toLowerCase().startsWith(wanted) || entry.path.startsWith(wanted);
  const holds = (entry) => entry.shown.toLowerCase().includes(wanted) || entry.path.includes(wanted);
  return [...entries.filter(starts), ...entries.filter((entry) => !starts(entry) && holds(entry))];
}

/** What Discord's client offers for an option by itself, or null where anything may be typed. */
export function offered(option, guild, locale) {
  switch (option.type) {
    case kinds.truth:
      return [{ name: "True", value: true }, { name: "False", value: false }];
    case kinds.user:
      return people(guild);
    case kinds.role:
      return roles(guild);
    case kinds.mentionable:
      return [...people(guild), ...roles(guild)];
    case kinds.channel:
      return guild.channels
        .filter((channel) => !option.channel_types?.length || option.channel_types.includes(channel.type))
        .map((channel) => ({ name: `#${channel.name}`, value: channel.id }));
    default:
      return option.choices?.length
        ? option.choices.map((choice) => ({ name: localised(choice, "name", locale), value: choice.value }))
        : null;
  }
}

function people(guild) {
  return guild.members.map((member) => ({ name: `@${member.name}`, value: member.id }));
}

function roles(guild) {
  return guild.roles.map((role) => ({ name: role.name.startsWith("@") ? role.name : `@${role.name}`, value: role.id }));
}

/** Turns what was typed into an option's value, or says in words why it can't be one. */
export function valueOf(option, text) {
  return option.type === kinds.whole || option.type === kinds.number ? numberOf(option, text) : textOf(option, text);
}

function textOf(option, text) {
  const length = [...text].length;
  if (length < (option.min_length ?? 0)) {
    return { problem: `${option.name} takes at least ${option.min_length} characters.` };
  }
  return length > (option.max_length ?? 6000) ? { problem: `${option.name} takes at most ${option.max_length} characters.` } : { value: text };
}

function numberOf(option, text) {
  const value = Number(text.trim().replace(",", "."));
  if (text.trim() === "" || !Number.isFinite(value)) {
    return { problem: `${option.name} takes a number.` };
  }
  if (option.type === kinds.whole && !Number.isSafeInteger(value)) {
    return { problem: `${option.name} takes a whole number.` };
  }
  if (value < (option.min_value ?? -Infinity)) {
    return { problem: `${option.name} is at least ${option.min_value}.` };
  }
  return value > (option.max_value ?? Infinity) ? { problem: `${option.name} is at most ${option.max_value}.` } : { value };
}

/** The longest file that Discord takes by default. */
const largest = 10 * 1024 * 1024;

/** Reads a chosen file into the form that the sandbox takes. */
export function encodeFile(file) {
  if (file.size > largest) {
    return Promise.reject(new Error(`${file.name} is larger than 10 MiB, which is Discord's limit.`));
  }
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve({ filename: file.name, base64: String(reader.result).split(",", 2)[1] ?? "" });
    reader.onerror = () => reject(new Error(`${file.name} can't be read.`));
    reader.readAsDataURL(file);
  });
}
