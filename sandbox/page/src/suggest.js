import { localised, matching, offered } from "./commands.js";
import { Listbox } from "./listbox.js";

const pause = 120;
const longest = 25;

/** What the box offers while something is typed: commands, options, and values for an option. */
export class Suggestions {
  constructor(composer, root) {
    this.composer = composer;
    this.box = new Listbox(root);
    this.asked = 0;
    this.timer = 0;
  }

  /** Leaves any question to the bot unheard. */
  forget() {
    clearTimeout(this.timer);
    this.asked++;
  }

  /** Offers commands, or the options that the chosen command still takes. */
  suggest() {
    const text = this.composer.entry.value;
    if (this.composer.command) {
      this.suggestOptions(text);
      return;
    }
    if (!text.startsWith("/")) {
      this.box.close();
      return;
    }
    const wanted = text.slice(1);
    const entries = this.composer.desk.entries();
    const exact = wanted.endsWith(" ") && entries.find((one) => one.shown === wanted.trim() || one.path === wanted.trim());
    if (exact) {
      this.composer.choose(exact);
      return;
    }
    this.box.show(this.composer.entry, matching(entries, wanted.trimStart()).slice(0, longest).map((one) => ({
      name: `/${one.shown}`, about: about(one), pick: () => this.composer.choose(one),
    })), true, "No command matches. The bot may not be connected yet.");
  }

  suggestOptions(text) {
    const locale = this.composer.desk.locale();
    const name = (option) => localised(option, "name", locale);
    const left = this.composer.command.options.filter((option) => !this.composer.fields.some((field) => field.option === option));
    const typed = /^([^\s:]+):(.*)$/.exec(text);
    const meant = typed && left.find((option) => option.name === typed[1] || name(option) === typed[1]);
    if (meant) {
      this.composer.add(meant, typed[2].trim());
      return;
    }
    const wanted = text.trim().toLowerCase();
    const items = left.filter((option) => name(option).toLowerCase().includes(wanted) || option.name.includes(wanted));
    this.box.show(this.composer.entry, items.map((option) => ({
      name: name(option), about: localised(option, "description", locale), pick: () => this.composer.add(option, ""),
    })), wanted !== "");
  }

  forField(field) {
    const list = offered(field.option, this.composer.desk.guild(), this.composer.desk.locale());
    this.forget();
    if (list) {
      const wanted = field.picked?.text === field.text ? "" : field.text.trim().toLowerCase();
      this.offer(field, list.filter((one) => one.name.toLowerCase().includes(wanted)), "Nothing in the list matches.");
    } else if (field.option.autocomplete) {
      this.box.owner === field.input || this.box.close();
      const mine = this.asked;
      this.timer = setTimeout(() => this.askFor(field, mine), pause);
    } else {
      this.box.close();
    }
  }

  async askFor(field, mine) {
    try {
      const options = await this.written(field);
      const choices = await this.composer.desk.complete(this.composer.command.path, options, field.option.name);
      if (mine === this.asked && document.activeElement === field.input) {
        this.offer(field, choices.map((one) => ({ ...one, name: localised(one, "name", this.composer.desk.locale()) })), "No options match what you typed.");
      }
    } catch (fault) {
      if (mine === this.asked) {
        this.composer.complain(fault.message);
      }
    }
  }

  /** What stands in the fields, of which only the asking one may be half-written. */
  async written(asking) {
    const options = {};
    for (const field of this.composer.fields.filter((one) => one !== asking && !one.empty && one.input.type !== "file")) {
      const { value, problem } = await field.read(this.composer.desk.guild(), this.composer.desk.locale());
      if (!problem) {
        options[field.option.name] = value;
      }
    }
    options[asking.option.name] = asking.picked?.text === asking.text ? asking.picked.value : asking.text;
    return options;
  }

  offer(field, list, empty) {
    const items = list.slice(0, longest).map((one) => ({ name: one.name, pick: () => this.composer.take(field, one) }));
    this.box.show(field.input, items, field.text !== "" && field.picked?.text !== field.text, field.text === "" ? "" : empty);
  }
}

function about(entry) {
  const needed = entry.options.filter((option) => option.required).map((option) => option.name);
  const more = entry.options.length - needed.length;
  const words = [...needed, ...(more > 0 ? [`+${more} optional`] : [])].join(", ");
  return words ? `${entry.about} · ${words}` : entry.about;
}
