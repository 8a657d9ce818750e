import { localised, matching, offered } from "./commands.js";
import { byId, el } from "./dom.js";
import { Field } from "./field.js";
import { Listbox } from "./listbox.js";

const pause = 120;
const longest = 25;

/**
 * The box at the bottom. desk answers what it may offer and does what is sent: entries(),
 * guild(), locale(), run(path, options), complete(path, options, focused), say(text).
 * run and say resolve to null, or to words that say what went wrong.
 */
export class Composer {
  constructor(desk) {
    this.desk = desk;
    this.form = byId("composer");
    this.entry = byId("entry");
    this.chosen = byId("chosen");
    this.box = new Listbox(byId("suggestions"));
    this.command = null;
    this.fields = [];
    this.asked = 0;
    this.timer = 0;
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.form.addEventListener("input", (event) => this.typed(event.target));
    this.form.addEventListener("focusin", (event) => this.focused(event.target));
    this.form.addEventListener("focusout", (event) => this.form.contains(event.relatedTarget) || this.box.close());
    this.form.addEventListener("keydown", (event) => this.key(event));
  }

  /** Puts a command in the box by its path, as if it had been chosen; false where there is none. */
  start(path) {
    const entry = this.desk.entries().find((one) => one.path === path);
    if (entry) {
      this.choose(entry);
    }
    return Boolean(entry);
  }

  fieldOf(input) {
    return this.fields.find((field) => field.input === input);
  }

  focused(target) {
    const field = this.fieldOf(target);
    if (field) {
      this.suggestFor(field);
    } else if (target === this.entry) {
      this.suggest();
    } else {
      this.box.close();
    }
  }

  typed(target) {
    this.complain("");
    const field = this.fieldOf(target);
    field?.fit();
    this.focused(target);
  }

  /** Offers commands, or the options that the chosen command still takes. */
  suggest() {
    const text = this.entry.value;
    if (this.command) {
      this.suggestOptions(text);
      return;
    }
    if (!text.startsWith("/")) {
      this.box.close();
      return;
    }
    const wanted = text.slice(1);
    const entries = this.desk.entries();
    const exact = wanted.endsWith(" ") && entries.find((one) => one.shown === wanted.trim() || one.path === wanted.trim());
    if (exact) {
      this.choose(exact);
      return;
    }
    this.box.show(this.entry, matching(entries, wanted.trimStart()).slice(0, longest).map((one) => ({
      name: `/${one.shown}`, about: about(one), pick: () => this.choose(one),
    })), true, "No command matches. The bot may not be connected yet.");
  }

  suggestOptions(text) {
    const locale = this.desk.locale();
    const name = (option) => localised(option, "name", locale);
    const left = this.command.options.filter((option) => !this.fields.some((field) => field.option === option));
    const typed = /^([^\s:]+):(.*)$/.exec(text);
    const meant = typed && left.find((option) => option.name === typed[1] || name(option) === typed[1]);
    if (meant) {
      this.add(meant, typed[2].trim());
      return;
    }
    const wanted = text.trim().toLowerCase();
    const items = left.filter((option) => name(option).toLowerCase().includes(wanted) || option.name.includes(wanted));
    this.box.show(this.entry, items.map((option) => ({
      name: name(option), about: localised(option, "description", locale), pick: () => this.add(option, ""),
    })), wanted !== "");
  }

  choose(entry) {
    this.clear();
    this.command = entry;
    this.chosen.append(el("button", {
      type: "button", class: "pill", "aria-label": `Command ${entry.shown}: ${entry.about}. Press to remove it.`, onclick: () => this.leave(),
    }, `/${entry.shown}`));
    entry.options.filter((option) => option.required).forEach((option) => this.place(option));
    this.form.classList.add("commanding");
    this.entry.setAttribute("aria-label", `More options for /${entry.shown}, or Enter to send`);
    this.entry.placeholder = this.fields.length < entry.options.length ? "more options, or Enter to send" : "Enter to send";
    (this.fields[0]?.input ?? this.entry).focus();
    this.focused(document.activeElement);
  }

  place(option) {
    const field = new Field(option, this.desk.locale(), (one) => this.drop(one));
    this.fields.push(field);
    this.chosen.append(field.node);
    return field;
  }

  add(option, text) {
    const field = this.place(option);
    this.entry.value = "";
    if (text !== "") {
      field.input.value = text;
      field.fit();
    }
    field.input.focus();
    this.focused(field.input);
  }

  drop(field) {
    this.fields = this.fields.filter((one) => one !== field);
    field.node.remove();
    this.entry.focus();
    this.focused(this.entry);
  }

  suggestFor(field) {
    const list = offered(field.option, this.desk.guild(), this.desk.locale());
    clearTimeout(this.timer);
    this.asked++;
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
      const choices = await this.desk.complete(this.command.path, options, field.option.name);
      if (mine === this.asked && document.activeElement === field.input) {
        this.offer(field, choices.map((one) => ({ ...one, name: localised(one, "name", this.desk.locale()) })), "No options match what you typed.");
      }
    } catch (fault) {
      if (mine === this.asked) {
        this.complain(fault.message);
      }
    }
  }

  /** What stands in the fields, of which only the asking one may be half-written. */
  async written(asking) {
    const options = {};
    for (const field of this.fields.filter((one) => one !== asking && !one.empty && one.input.type !== "file")) {
      const { value, problem } = await field.read(this.desk.guild(), this.desk.locale());
      if (!problem) {
        options[field.option.name] = value;
      }
    }
    options[asking.option.name] = asking.picked?.text === asking.text ? asking.picked.value : asking.text;
    return options;
  }

  offer(field, list, empty) {
    const items = list.slice(0, longest).map((one) => ({ name: one.name, pick: () => this.take(field, one) }));
    this.box.show(field.input, items, field.text !== "" && field.picked?.text !== field.text, field.text === "" ? "" : empty);
  }

  take(field, choice) {
    field.take(choice);
    this.asked++;
    clearTimeout(this.timer);
    const next = this.fields.find((one) => one.option.required && one.empty)?.input ?? this.entry;
    next.focus();
    this.focused(next);
  }

  key(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.isComposing || !event.target.matches("input")) {
      return;
    }
    if (steps[event.key] && this.box.open) {
      this.box.move(steps[event.key]);
      event.preventDefault();
    } else if ((event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) && this.box.open && this.box.pick()) {
      event.preventDefault();
    } else if (event.key === "Escape") {
      this.back(event);
    } else if (event.key === "Backspace" && this.command && event.target.value === "") {
      this.erase(event);
    }
  }

  back(event) {
    event.preventDefault();
    if (this.box.open) {
      this.box.close();
    } else if (this.command) {
      this.leave();
    }
  }

  /** Backspace in an empty input takes away what stands before it. */
  erase(event) {
    const at = event.target === this.entry ? this.fields.length - 1 : this.fields.indexOf(this.fieldOf(event.target));
    const field = this.fields[at];
    event.preventDefault();
    if (event.target === this.entry && field) {
      field.input.focus();
    } else if (field && !field.option.required) {
      this.drop(field);
    } else {
      this.leave();
    }
  }

  leave() {
    this.clear();
    this.entry.focus();
  }

  clear() {
    clearTimeout(this.timer);
    this.asked++;
    this.command = null;
    this.fields = [];
    this.chosen.replaceChildren();
    this.entry.value = "";
    this.form.classList.remove("commanding");
    this.entry.setAttribute("aria-label", "Message or command");
    this.box.close();
    this.complain("");
    this.describe();
  }

  /** Names the channel in the empty box. */
  describe(channel = this.channel) {
    this.channel = channel;
    if (!this.command) {
      this.entry.placeholder = channel ? `Message #${channel}, or type /` : "";
    }
  }

  complain(words) {
    byId("problem").textContent = words;
  }

  async submit(event) {
    event.preventDefault();
    if (this.form.hasAttribute("aria-busy")) {
      return;
    }
    this.box.close();
    this.complain("");
    this.busy(true);
    try {
      const words = this.command ? await this.send() : await this.say();
      this.complain(words ?? "");
    } catch (fault) {
      this.complain(fault.message);
    } finally {
      this.busy(false);
    }
  }

  async say() {
    const text = this.entry.value.trim();
    if (text === "") {
      return null;
    }
    if (text.startsWith("/")) {
      return "That isn't a command here. Choose one from the list, or take the slash away to write a message.";
    }
    const words = await this.desk.say(text);
    if (words === null) {
      this.entry.value = "";
    }
    return words;
  }

  async send() {
    const missing = this.fields.find((field) => field.option.required && field.empty);
    if (missing) {
      missing.input.focus();
      return `${missing.option.name} is needed: ${missing.option.description}.`;
    }
    const options = {};
    for (const field of this.fields.filter((one) => !one.empty)) {
      const { value, problem } = await field.read(this.desk.guild(), this.desk.locale());
      if (problem) {
        field.input.focus();
        return problem;
      }
      options[field.option.name] = value;
    }
    const words = await this.desk.run(this.command.path, options);
    if (words === null) {
      this.clear();
    }
    return words;
  }

  busy(on) {
    this.form.toggleAttribute("aria-busy", on);
    byId("send").disabled = on;
    byId("status").textContent = on && this.command ? "Waiting for the bot…" : "";
  }
}

function about(entry) {
  const needed = entry.options.filter((option) => option.required).map((option) => option.name);
  const more = entry.options.length - needed.length;
  const words = [...needed, ...(more > 0 ? [`+${more} optional`] : [])].join(", ");
  return words ? `${entry.about} · ${words}` : entry.about;
}
